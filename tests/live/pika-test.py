"""The Python client pika, blocking and asynchronous."""

import os
import time
import unittest

import pika
import tap
from broker import Broker
from pika.exceptions import ChannelClosedByBroker, ProbableAuthenticationError, UnroutableError

broker = None  # one for all cases


def setUpModule():
    global broker
    broker = Broker()
    unittest.addModuleCleanup(broker.stop)


def parameters(**options):
    return pika.ConnectionParameters("127.0.0.1", broker.port, **options)


class Blocking(unittest.TestCase):
    def setUp(self):
        self.connection = pika.BlockingConnection(parameters())
        self.channel = self.connection.channel()

    def tearDown(self):
        if self.connection.is_open:
            self.connection.close()

    def declare(self):
        return self.channel.queue_declare("", exclusive=True).method.queue

    def wait_for(self, condition):
        deadline = time.monotonic() + 20
        while not condition() and time.monotonic() < deadline:
            self.connection.process_data_events(0.1)
        self.assertTrue(condition())

    def test_properties_and_body_come_back_as_they_were(self):
        queue = self.declare()
        sent = pika.BasicProperties(
            content_type="text/plain", content_encoding="utf-8", delivery_mode=2, priority=3,
            correlation_id="c1", reply_to="r1", message_id="m1", timestamp=1700000000,
            type="greeting", user_id="guest", app_id="a1",
            headers={"number": 7, "text": "x" * 300, "yes": True, "nothing": None,
                     "list": [1, "two", {"three": 3}]})
        self.channel.basic_publish("", queue, b"\x00\xce" * 5000, sent)
        method, found, body = self.channel.basic_get(queue, auto_ack=True)
        self.assertEqual(body, b"\x00\xce" * 5000)
        self.assertEqual(found, sent)
        self.assertEqual(method.message_count, 0)

    def test_consume_acknowledges_one_by_one(self):
        queue = self.declare()
        self.channel.basic_qos(prefetch_count=1)
        for i in range(20):
            self.channel.basic_publish("", queue, f"task {i}")
        found = []
        for method, _, body in self.channel.consume(queue, inactivity_timeout=10):
            found.append(body.decode())
            self.channel.basic_ack(method.delivery_tag)
            if len(found) == 20:
                break
        self.assertEqual(found, [f"task {i}" for i in range(20)])
        self.assertEqual(self.channel.cancel(), 0)

    def test_a_callback_may_publish_and_acknowledge(self):
        requests, answers = self.declare(), self.declare()
        found = []

        def answer(channel, method, properties, body):
            channel.basic_publish("", properties.reply_to, body.upper(),
                                  pika.BasicProperties(correlation_id=properties.correlation_id))
            channel.basic_ack(method.delivery_tag)

        self.channel.basic_consume(requests, answer)
        self.channel.basic_consume(
            answers, lambda _c, _m, p, body: found.append((p.correlation_id, body)), auto_ack=True)
        self.channel.basic_publish("", requests, b"hello",
                                   pika.BasicProperties(reply_to=answers, correlation_id="7"))
        self.wait_for(lambda: found)
        self.assertEqual(found, [("7", b"HELLO")])

    def test_a_rejected_message_comes_again(self):
        queue = self.declare()
        self.channel.basic_publish("", queue, b"try")
        method, _, _ = self.channel.basic_get(queue)
        self.assertFalse(method.redelivered)
        self.channel.basic_nack(method.delivery_tag, requeue=True)
        method, _, body = self.channel.basic_get(queue)
        self.assertTrue(method.redelivered)
        self.assertEqual(body, b"try")
        self.channel.basic_reject(method.delivery_tag, requeue=False)
        self.assertEqual(self.channel.basic_get(queue), (None, None, None))

    def test_publisher_confirms(self):
        queue = self.declare()
        self.channel.confirm_delivery()
        for _ in range(100):
            self.channel.basic_publish("", queue, b"sure", mandatory=True)
        self.assertEqual(self.channel.queue_purge(queue).method.message_count, 100)
        with self.assertRaises(UnroutableError):
            self.channel.basic_publish("", "no such queue", b"lost", mandatory=True)

    def test_topic_routing(self):
        queue = self.declare()
        self.channel.exchange_declare("news", "topic", auto_delete=True)
        self.channel.queue_bind(queue, "news", "*.error")
        self.channel.queue_bind(queue, "news", "system.#")
        for key in ("user.error", "system.disk.full", "system.error", "user.info"):
            self.channel.basic_publish("news", key, key)
        found = [self.channel.basic_get(queue, auto_ack=True)[2] for _ in range(4)]
        self.assertEqual(found, [b"user.error", b"system.disk.full", b"system.error", None])

    def test_headers_routing(self):
        queue = self.declare()
        self.channel.queue_bind(queue, "amq.headers", "",
                                {"x-match": "all", "format": "pdf", "pages": 2})
        for pages in (1, 2):
            self.channel.basic_publish("amq.headers", "", str(pages), pika.BasicProperties(
                headers={"format": "pdf", "pages": pages}))
        self.assertEqual(self.channel.basic_get(queue, auto_ack=True)[2], b"2")
        self.assertIsNone(self.channel.basic_get(queue)[2])

    def test_a_missing_queue_closes_the_channel_with_404(self):
        with self.assertRaises(ChannelClosedByBroker) as raised:
            self.channel.queue_declare("no such queue", passive=True)
        self.assertEqual(raised.exception.reply_code, 404)
        self.assertIn("no queue 'no such queue' in vhost '/'", raised.exception.reply_text)
        self.assertTrue(self.connection.is_open)
        self.connection.channel().close()

    def test_an_exclusive_queue_is_locked_to_others(self):
        queue = self.declare()
        other = pika.BlockingConnection(parameters())
        with self.assertRaises(ChannelClosedByBroker) as raised:
            other.channel().queue_declare(queue, passive=True)
        self.assertEqual(raised.exception.reply_code, 405)
        other.close()

    def test_deleting_a_queue_cancels_its_consumer(self):
        queue = self.declare()
        cancelled = []
        self.channel.add_on_cancel_callback(cancelled.append)
        self.channel.basic_consume(queue, lambda *_: None)
        self.channel.queue_delete(queue)
        self.wait_for(lambda: cancelled)

    def test_what_a_lost_connection_held_comes_again(self):
        self.channel.queue_declare("survivor")
        self.channel.basic_publish("", "survivor", b"precious")
        child = os.fork()
        if child == 0:  # takes the message and crashes
            taken = pika.BlockingConnection(parameters()).channel().basic_get("survivor")[2]
            os._exit(0 if taken == b"precious" else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        for _ in range(100):
            method, _, body = self.channel.basic_get("survivor", auto_ack=True)
            if method:
                break
            time.sleep(0.05)
        self.assertEqual(body, b"precious")
        self.assertTrue(method.redelivered)
        self.channel.queue_delete("survivor")

    def test_heartbeats_keep_an_idle_connection(self):
        idle = pika.BlockingConnection(parameters(heartbeat=1))
        deadline = time.monotonic() + 4
        while time.monotonic() < deadline:
            idle.process_data_events(0.5)
        self.assertTrue(idle.channel().is_open)
        idle.close()

    def test_a_wrong_password_is_refused(self):
        with self.assertRaises(ProbableAuthenticationError):
            pika.BlockingConnection(
                parameters(credentials=pika.PlainCredentials("guest", "wrong")))

    def test_many_channels_of_one_connection(self):
        channels = [self.connection.channel() for _ in range(200)]
        queue = self.declare()
        for channel in channels:
            channel.basic_publish("", queue, b"one")
        for channel in channels:
            channel.close()
        self.assertEqual(self.channel.queue_purge(queue).method.message_count, 200)


class Asynchronous(unittest.TestCase):
    """Opens, declares, binds, publishes with confirms, consumes and closes, all by callbacks."""

    COUNT = 500

    def test_the_whole_life_of_a_connection(self):
        self.found, self.confirmed, self.closed = [], 0, None
        self.connection = pika.SelectConnection(
            parameters(), on_open_callback=lambda c: c.channel(on_open_callback=self.on_channel),
            on_open_error_callback=self.on_error, on_close_callback=self.on_closed)
        self.connection.ioloop.start()
        self.assertEqual(self.closed, 200)
        self.assertEqual(self.found, [str(i).encode() for i in range(self.COUNT)])
        self.assertEqual(self.confirmed, self.COUNT)

    def on_error(self, _connection, error):
        raise error

    def on_channel(self, channel):
        self.channel = channel
        channel.confirm_delivery(self.on_confirm, callback=lambda _: channel.exchange_declare(
            "async", "direct", auto_delete=True, callback=self.on_exchange))

    def on_exchange(self, _frame):
        self.channel.queue_declare("", exclusive=True, callback=self.on_queue)

    def on_queue(self, frame):
        self.queue = frame.method.queue
        self.channel.queue_bind(self.queue, "async", "key", callback=self.on_bound)

    def on_bound(self, _frame):
        self.channel.basic_qos(prefetch_count=50)
        self.channel.basic_consume(self.queue, self.on_message)
        for i in range(self.COUNT):
            self.channel.basic_publish("async", "key", str(i))

    def on_confirm(self, frame):
        self.assertIsInstance(frame.method, pika.spec.Basic.Ack)
        self.confirmed = frame.method.delivery_tag
        self.close_when_done()

    def on_message(self, channel, method, _properties, body):
        self.found.append(body)
        channel.basic_ack(method.delivery_tag)
        self.close_when_done()

    def close_when_done(self):
        if self.confirmed == self.COUNT and len(self.found) == self.COUNT:
            self.connection.close()

    def on_closed(self, connection, reason):
        self.closed = reason.reply_code
        connection.ioloop.stop()


if __name__ == "__main__":
    tap.main()
