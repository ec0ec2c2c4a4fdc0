// The Node.js client amqplib, by promises and by callbacks, against the broker at GLASSMQ_URL.
'use strict';

const assert = require('node:assert');
const { execFile } = require('node:child_process');
const { once } = require('node:events');
const { readFileSync } = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { promisify } = require('node:util');
const amqp = require('amqplib');
const amqpCallbacks = require('amqplib/callback_api');

const url = process.env.GLASSMQ_URL;
const options = { timeout: 30000 };

// Connects, hands a connection and a channel to the body, and closes.
function withChannel(body) {
  return async () => {
    const connection = await amqp.connect(url);
    const channel = await connection.createChannel();
    try {
      await body(channel, connection);
    } finally {
      await connection.close();
    }
  };
}

// The next count messages of a queue, in order, acknowledged one by one.
async function take(channel, queue, count) {
  const messages = [];
  if (count === 0) return messages;
  let consumer;
  await new Promise((resolve, reject) => {
    consumer = channel.consume(queue, (message) => {
      if (message === null) return reject(new Error('the consumer was cancelled'));
      messages.push(message);
      channel.ack(message);
      if (messages.length === count) resolve();
    });
    consumer.catch(reject);
  });
  await channel.cancel((await consumer).consumerTag);
  return messages;
}

const texts = (messages) => messages.map((message) => message.content.toString());

// A channel error closes the channel; the error that tells of it.
async function channelError(connection, provoke) {
  const channel = await connection.createChannel();
  const failed = once(channel, 'error');
  provoke(channel).catch(() => {});
  return (await failed)[0];
}

test('a persistent message in a durable queue is consumed and acknowledged', options,
  withChannel(async (channel) => {
    await channel.assertQueue('tasks', { durable: true });
    assert.ok(channel.sendToQueue('tasks', Buffer.from('resize picture 1'), { persistent: true }));
    const [message] = await take(channel, 'tasks', 1);
    assert.strictEqual(message.content.toString(), 'resize picture 1');
    assert.strictEqual(message.properties.deliveryMode, 2);
    assert.strictEqual(message.fields.redelivered, false);
    assert.strictEqual((await channel.checkQueue('tasks')).messageCount, 0);
    await channel.deleteQueue('tasks');
  }));

test('a direct exchange routes by the two keys that are bound', options,
  withChannel(async (channel) => {
    await channel.assertExchange('logs', 'direct', { durable: false });
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'logs', 'error');
    await channel.bindQueue(queue, 'logs', 'warning');
    for (const key of ['info', 'error', 'debug', 'warning', 'error']) {
      channel.publish('logs', key, Buffer.from(`a ${key}`));
    }
    const messages = await take(channel, queue, 3);
    assert.deepStrictEqual(texts(messages), ['a error', 'a warning', 'a error']);
    assert.deepStrictEqual(messages.map((m) => m.fields.routingKey), ['error', 'warning', 'error']);
    assert.strictEqual((await channel.checkQueue(queue)).messageCount, 0);
    await channel.deleteExchange('logs');
  }));

test('two consumers take turns, each with its prefetch', options,
  withChannel(async (channel) => {
    const { queue } = await channel.assertQueue('', { exclusive: true });
    const found = [[], []];
    await channel.prefetch(1);
    await new Promise((resolve) => {
      for (const mine of found) {
        channel.consume(queue, (message) => {
          mine.push(message.content.toString());
          channel.ack(message);
          if (found[0].length + found[1].length === 10) resolve();
        });
      }
      for (let i = 0; i < 10; i++) channel.sendToQueue(queue, Buffer.from(String(i)));
    });
    assert.deepStrictEqual(found, [['0', '2', '4', '6', '8'], ['1', '3', '5', '7', '9']]);
  }));

test('a confirm channel learns that the broker has each message', options, async () => {
  const connection = await amqp.connect(url);
  const channel = await connection.createConfirmChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  for (let i = 0; i < 1000; i++) channel.sendToQueue(queue, Buffer.from(String(i)));
  await channel.waitForConfirms();
  assert.strictEqual((await channel.checkQueue(queue)).messageCount, 1000);
  await connection.close();
});

test('a mandatory message without a queue returns', options,
  withChannel(async (channel) => {
    const returned = once(channel, 'return');
    channel.publish('', 'no such queue', Buffer.from('lost'), { mandatory: true });
    const [message] = await returned;
    assert.strictEqual(message.fields.replyCode, 312);
    assert.strictEqual(message.content.toString(), 'lost');
  }));

test('headers and properties arrive as they were sent', options,
  withChannel(async (channel) => {
    const { queue } = await channel.assertQueue('', { exclusive: true });
    const headers = { text: 'x', whole: 7, half: 0.5, yes: true, list: [1, 'two'], in: { a: -1 } };
    channel.sendToQueue(queue, Buffer.alloc(300000, 7), {
      headers, contentType: 'a/b', correlationId: 'c', replyTo: 'r', messageId: 'm', priority: 9,
    });
    const [{ content, properties }] = await take(channel, queue, 1);
    assert.deepStrictEqual(properties.headers, headers);
    assert.strictEqual(properties.contentType, 'a/b');
    assert.strictEqual(properties.priority, 9);
    assert.ok(content.equals(Buffer.alloc(300000, 7)));
  }));

test('what was not acknowledged comes again after the channel closed', options,
  withChannel(async (channel, connection) => {
    const { queue } = await channel.assertQueue('', { exclusive: true });
    channel.sendToQueue(queue, Buffer.from('again'));
    const first = await connection.createChannel();
    assert.ok(await first.get(queue));
    await first.close();
    const message = await channel.get(queue);
    assert.strictEqual(message.content.toString(), 'again');
    assert.strictEqual(message.fields.redelivered, true);
    channel.nack(message, false, false);
    assert.strictEqual(await channel.get(queue), false);
  }));

test('a missing queue is a 404 that closes only the channel', options,
  withChannel(async (channel, connection) => {
    const error = await channelError(connection, (failing) => failing.checkQueue('missing'));
    assert.strictEqual(error.code, 404);
    assert.match(error.message, /no queue 'missing' in vhost '\/'/);
    assert.ok((await channel.assertQueue('', { exclusive: true })).queue);
  }));

test('a queue declared anew with other properties is a 406', options,
  withChannel(async (channel, connection) => {
    await channel.assertQueue('different', { durable: true });
    const error = await channelError(connection,
      (failing) => failing.assertQueue('different', { durable: false }));
    assert.strictEqual(error.code, 406);
    assert.match(error.message, /inequivalent arg 'durable'/);
    await channel.deleteQueue('different');
  }));

test('an unknown delivery tag is a 406', options,
  withChannel(async (channel, connection) => {
    const error = await channelError(connection, async (failing) => {
      failing.ack({ fields: { deliveryTag: 42 } });
    });
    assert.strictEqual(error.code, 406);
    assert.match(error.message, /unknown delivery tag 42/);
  }));

test('a wrong password is refused', options, async () => {
  const wrong = new URL(url);
  wrong.password = 'wrong';
  await assert.rejects(amqp.connect(wrong.href), /403/);
});

test('the callback API declares, sends and consumes', options, async () => {
  const connection = await promisify(amqpCallbacks.connect)(url);
  const channel = await promisify(connection.createChannel).call(connection);
  const declare = promisify(channel.assertQueue).bind(channel);
  const { queue } = await declare('', { exclusive: true });

  const found = new Promise((resolve) => {
    channel.consume(queue, (message) => {
      channel.ack(message);
      resolve(message.content.toString());
    });
  });
  channel.sendToQueue(queue, Buffer.from('called back'), { persistent: true });
  assert.strictEqual(await found, 'called back');
  await promisify(connection.close).call(connection);
});

test('the callback API confirms, and binds an exchange', options, async () => {
  const connection = await promisify(amqpCallbacks.connect)(url);
  const channel = await promisify(connection.createConfirmChannel).call(connection);
  const call = (name, ...values) => promisify(channel[name]).call(channel, ...values);

  await call('assertExchange', 'orders', 'topic', { autoDelete: true });
  const { queue } = await call('assertQueue', '', { exclusive: true });
  await call('bindQueue', queue, 'orders', 'paid.#', {});
  await call('publish', 'orders', 'paid.card.visa', Buffer.from('42'), {});
  const message = await call('get', queue, { noAck: true });
  assert.strictEqual(message.content.toString(), '42');
  await promisify(connection.close).call(connection);
});

test('the example of README.md runs as it is', options, async () => {
  const readme = readFileSync(path.join(__dirname, '..', '..', 'README.md'), 'utf8');
  const example = readme.match(/^```js\n(.*?)^```$/ms)[1];
  const environment = { ...process.env, AMQP_URL: url };
  const run = promisify(execFile)(process.execPath, ['-e', example], { env: environment });
  assert.deepStrictEqual(await run, { stdout: 'got hello\n', stderr: '' });
});
