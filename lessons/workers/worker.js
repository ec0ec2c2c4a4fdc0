// A worker for the lessons 4, 5, 6, 13, 14 and 17, with the library amqplib.
//
// It takes one task at a time, does the work, sends the text of the task to the queue "done", and
// only then acks. It does no task twice, rejects a broken one, and connects again when its
// connection ends.
//
//     glassmq lesson check 5 -- node worker.js
"use strict";

const amqp = require("amqplib");

const done = new Set(); // the ids of the tasks that are done

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function work(channel, message) {
  const text = message.content.toString();
  const id = message.properties.messageId;

  if (text.includes("broken")) {
    channel.reject(message, false);
    return;
  }
  if (!done.has(id)) {
    await sleep(100 * (text.split(".").length - 1));
    channel.sendToQueue("done", message.content);
    done.add(id);
  }
  channel.ack(message);
}

async function listen() {
  const connection = await amqp.connect(process.env.AMQP_URL);
  const ended = new Promise((resolve) => connection.on("close", resolve));
  connection.on("error", (error) => console.log("connection:", error.message));
  const channel = await connection.createChannel();

  // A task may be in work when the connection ends. Then the broker gives it out again.
  const finish = (message) =>
    work(channel, message).catch((error) => console.log("not finished:", error.message));
  await channel.prefetch(1);
  await channel.consume(process.env.GLASSMQ_QUEUE, (message) => message && finish(message));
  await ended;
}

async function main() {
  for (;;) {
    await listen().catch((error) => console.log("no connection:", error.message));
    await sleep(300);
  }
}

main();
