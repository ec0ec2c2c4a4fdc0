// Acks each task twice, which is an error, and does not care that its channel is closed for it.
"use strict";
const amqp = require("amqplib");

async function main() {
  const connection = await amqp.connect(process.env.AMQP_URL);
  const channel = await connection.createChannel();
  channel.on("error", () => {});
  await channel.prefetch(1);
  await channel.consume(process.env.GLASSMQ_QUEUE, async (message) => {
    await new Promise((resolve) => setTimeout(resolve, 400));
    channel.sendToQueue("done", message.content);
    channel.ack(message);
    channel.ack(message);
  });
}

main();
