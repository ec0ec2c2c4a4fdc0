// A sender for the lessons 3, 12 and 16, with the library amqplib.
//
// It sends "WORD 1", "WORD 2" and so on to its queue, and waits for the confirm of each message.
// What was refused or may be lost is sent again.
//
//     glassmq lesson check 12 -- node sender.js order 10
"use strict";

const amqp = require("amqplib");

const [word, count] = process.argv.slice(2);
const todo = Array.from({ length: Number(count) }, (_, i) => `${word} ${i + 1}`);

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Resolves to whether the broker has taken the message.
function send(channel, text) {
  return new Promise((resolve) => {
    channel.sendToQueue(process.env.GLASSMQ_QUEUE, Buffer.from(text), { persistent: true },
      (refused) => resolve(!refused));
  });
}

async function sendAll() {
  const connection = await amqp.connect(process.env.AMQP_URL);
  const ended = new Promise((resolve) => connection.on("close", () => resolve("ended")));
  connection.on("error", (error) => console.log("connection:", error.message));
  const channel = await connection.createConfirmChannel();

  while (todo.length > 0) {
    const answer = await Promise.race([send(channel, todo[0]), ended]);
    if (answer === "ended")
      return;
    if (answer)
      todo.shift();
    else
      await sleep(100); // the queue is full: later there will be room
  }
  await connection.close();
}

async function main() {
  while (todo.length > 0) {
    await sendAll().catch((error) => console.log("no connection:", error.message));
    if (todo.length > 0)
      await sleep(300);
  }
}

main();
