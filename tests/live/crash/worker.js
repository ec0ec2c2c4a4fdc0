// The client of crash-test.py with amqplib: worker.js PORT SEED NAME WINDOW PLACE... / QUEUE...
//
// Publishes to each PLACE,EXCHANGE,KEY,FIRST and consumes from each QUEUE,PREFETCH,ACKS,REJECTS,REQUEUES
// until the broker goes away. What that means, and what stands in the log on the standard output, is
// told by publish.h and consume.h; the messages are those of body.h.
'use strict';

const { writeSync } = require('node:fs');
const amqp = require('amqplib');

const MESSAGES_MAX = 40000;
const CODE_STOP = 320;
const NACKED = 'message nacked';
const LAST_MS = 1000; // for the end of the connection to be sent

const [port, seedText, name, windowText, ...rest] = process.argv.slice(2);
const window = Number(windowText);
const scale = Number(process.env.CRASH_SCALE || 1);
const split = (words) => words.map((word) => word.split(','));
const places = split(rest.slice(0, rest.indexOf('/')))
  .map(([place, exchange, key, first]) => ({ place, exchange, key, next: Number(first) }));
const habits = split(rest.slice(rest.indexOf('/') + 1))
  .map(([queue, ...numbers]) => ({ queue, numbers: numbers.map(Number) }));

let lines = [];
let closed = false;

function log(line) {
  lines.push(line);
}

function flush() {
  let text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  lines = [];
  while (text.length > 0) text = text.subarray(writeSync(1, text));
}

// Numbers that follow from the seed.
let state = Number(seedText) >>> 0;
function percent() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return (state >>> 8) % 100;
}

function sizeOf(number) {
  if (number % 1024 === 1023) return 300000;
  if (number % 256 === 255) return 70000;
  return number % 32 === 31 ? 5000 : number % 200;
}

function bodyOf(id) {
  const size = sizeOf(Number(id.split(' ')[2])) * scale;
  return size === 0 ? Buffer.alloc(0) : Buffer.alloc(size, `${id} `);
}

async function publish(connection) {
  const channel = await connection.createConfirmChannel();
  let sent = 0;
  let open = 0;
  channel.on('error', (error) => log(`! the channel of the publisher: ${error.message}`));

  function sendSome() {
    while (!closed && open < window && sent < MESSAGES_MAX) {
      const place = places[sent % places.length];
      const number = place.next;
      const id = `${name} ${place.place} ${number}`;
      place.next += 1;
      sent += 1;
      open += 1;
      log(`P ${place.place} ${number}`);
      channel.publish(place.exchange, place.key, bodyOf(id), { persistent: true, messageId: id },
        (error) => {
          open -= 1;
          if (error === null) log(`C ${place.place} ${number}`);
          else if (error.message === NACKED) log(`N ${place.place} ${number}`);
          else return; // the end of the connection is told for each message that is open
          setImmediate(sendSome);
        });
    }
  }
  sendSome();
}

function take(channel, queue, [, acks, rejects, requeues], message) {
  if (message === null) {
    log(`! the consumer of ${queue} was cancelled`);
    return;
  }
  const { headers = {}, deliveryMode, messageId } = message.properties;
  const id = String(messageId);
  if (deliveryMode !== 2 || !message.content.equals(bodyOf(id))) {
    log(`! a message in ${queue} was changed, of ${message.content.length} bytes`);
    return;
  }
  const dice = percent();
  let answer = '-';
  if (dice < acks) answer = 'a';
  else if (dice < acks + rejects) answer = 'r';
  else if (dice < acks + rejects + requeues) answer = 'q';
  log(`D ${queue} ${message.fields.redelivered ? 1 : 0} ${headers['x-delivery-count'] || 0} `
    + `${answer} ${id}`);
  if (answer === 'a') channel.ack(message);
  else if (answer !== '-') channel.nack(message, false, answer === 'q');
}

async function consume(connection) {
  for (const { queue, numbers } of habits) {
    const channel = await connection.createChannel();
    channel.on('error', (error) => log(`! the channel of ${queue}: ${error.message}`));
    await channel.prefetch(numbers[0]);
    await channel.consume(queue, (message) => take(channel, queue, numbers, message));
  }
}

let flushing;

function end() {
  closed = true;
  clearInterval(flushing);
  flush();
  setTimeout(() => process.exit(0), LAST_MS).unref();
}

async function main() {
  const connection = await amqp.connect(`amqp://guest:guest@127.0.0.1:${port}?heartbeat=0`);
  connection.on('error', (error) => {
    const gone = ['ECONNRESET', 'EPIPE'].includes(error.code) || error.code === CODE_STOP
      || error.message === 'Unexpected close';
    if (!gone) log(`! the connection: ${error.message}`);
  });
  connection.on('close', end);
  flushing = setInterval(flush, 100);
  await publish(connection);
  await consume(connection);
}

main().catch(end); // without a broker there is nothing to do
