"""Clients that misbehave, beside one that does not and must never notice."""

import contextlib
import os
import random
import socket
import struct
import threading
import time
import unittest

import tap
from broker import Broker, is_sanitized
from wire import (BODY, CHANNEL_OPEN, CLOSE, CLOSE_OK, HANDSHAKE, HEADER, HEARTBEAT, METHOD,
                  OPEN, START_OK, TUNE_OK, Client, consume, content_header, declare, delete, frame,
                  get, longstr, method, publish, shortstr)

HANDSHAKE_S = 10  # what a client has for it
GAP_S = 5         # the longest that the good client may have to wait for an answer
MIB = 1024        # in KiB


class GoodClient(threading.Thread):
    """Publishes and gets messages the whole time, and notes what went wrong."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.client = Client(port).shake_hands()
        self.client.call(declare("good"), 50, 11)
        self.n_done, self.longest_s, self.failure, self.stopping = 0, 0, None, False
        self.start()

    def run(self):
        try:
            while not self.stopping:
                start = time.monotonic()
                body = str(self.n_done).encode()
                self.client.send(publish("good", body))
                found = self.client.get_body("good")
                assert found == body, f"{found} came instead of {body}"
                self.n_done += 1
                self.longest_s = max(self.longest_s, time.monotonic() - start)
                time.sleep(0.002)
        except Exception as error:  # told by stop()
            self.failure = error

    def stop(self):
        self.stopping = True
        self.join(30)
        with self.client:
            if self.failure is not None:
                raise self.failure
            self.client.call(CLOSE, 10, 51)
        assert self.n_done > 0 and self.longest_s < GAP_S, (self.n_done, self.longest_s)


class Beside(unittest.TestCase):
    """A broker with a good client, who must not have noticed anything at the end of each case."""

    file_limit = None

    def setUp(self):
        self.broker = self.enterContext(Broker(file_limit=self.file_limit))
        self.good = GoodClient(self.broker.port)

    def tearDown(self):
        self.good.stop()

    def connect(self):
        return Client(self.broker.port)


class Hostile(Beside):
    def assert_refused(self, garbage):
        """A start that is no AMQP is answered with the version that is spoken, and the end."""
        with self.connect() as client:
            with contextlib.suppress(ConnectionError):
                client.send(garbage)
            self.assertEqual(client.read(9), HEADER)

    def assert_closed_with(self, code, *sent):
        """Each of the texts, sent on an open connection of its own, is answered with that code. All
        at once, since the broker takes its time to hang up."""
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(self.connect()).shake_hands() for _ in sent]
            for client, data in zip(clients, sent):
                client.send(data)
            for client, data in zip(clients, sent):
                found, text = client.expect_close()
                self.assertEqual(found, code, (text, data[:40]))
                client.send(CLOSE_OK)
            for client in clients:
                self.assertTrue(client.is_at_end())

    def test_garbage_instead_of_a_protocol_header(self):
        chance = random.Random(1)
        for garbage in (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
                        b"AMQP\0\1\0\0", b"AMQP\3\1\0\0", b"amqp\0\0\x09\x01", bytes(8),
                        b"XMQP\0\0\x09\x01", chance.randbytes(100000)):
            with self.subTest(garbage=garbage[:12]):
                self.assert_refused(garbage)

    def test_silence_at_any_point_of_the_handshake_is_ended(self):
        starts = (b"", HEADER[:3], HEADER, HEADER + START_OK[:5], HEADER + START_OK[:-1],
                  HEADER + START_OK, HEADER + START_OK + TUNE_OK,
                  HEADER + START_OK + TUNE_OK + OPEN[:9])
        begin = time.monotonic()
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(self.connect()) for _ in starts]
            for client, start in zip(clients, starts):
                client.send(start)
            for client in clients:
                while client.read(4096):
                    pass
                self.assertGreater(time.monotonic() - begin, HANDSHAKE_S - 1)
        self.assertLess(time.monotonic() - begin, HANDSHAKE_S + 5)

    def test_a_frame_of_4_gib(self):
        before = self.broker.rss_kib()
        claim = struct.pack("!BHI", METHOD, 0, 0xFFFFFFFF)
        with self.connect() as client:  # before tuning: ended without an answer, after some seconds
            client.send(HEADER + claim)
            client.expect(10, 10)
            self.assertTrue(client.is_at_end())
        self.assert_closed_with(501, struct.pack("!BHI", METHOD, 1, 0xFFFFFFFF),
                                struct.pack("!BHI", BODY, 1, 0xFFFFFFFF),
                                struct.pack("!BHI", METHOD, 0, 0xFFFFFFF8) + bytes(100000))
        if not is_sanitized():
            self.assertLess(self.broker.rss_kib(), before + 8 * MIB)

    def test_lengths_that_claim_more_than_there_is(self):
        name = struct.pack("!H", 0) + shortstr("q") + b"\0"
        self.assert_closed_with(501, *(method(1, 50, 10, arguments) for arguments in (
            struct.pack("!H", 0) + b"\xff" + b"short",
            name + struct.pack("!I", 0xFFFFFFFF),
            name + longstr(shortstr("x") + b"F" + struct.pack("!I", 0x7FFFFFFF)),
            name + longstr(b"\xff"))))

    def test_tables_in_tables_without_end(self):
        table = b""
        for _ in range(3000):
            table = shortstr("t") + b"F" + longstr(table)
        arguments = struct.pack("!H", 0) + shortstr("q") + b"\0" + longstr(table)
        self.assert_closed_with(501, method(1, 50, 10, arguments))

    def test_a_body_of_many_exabytes(self):
        start = publish("good", b"")[:-len(content_header(0))]
        self.assert_closed_with(501, start + content_header(1 << 63))

    def test_a_body_that_never_comes_takes_no_memory(self):
        before = self.broker.rss_kib()
        start = publish("good", b"")[:-len(content_header(0))]
        with contextlib.ExitStack() as stack:
            for _ in range(100):
                client = stack.enter_context(self.connect()).shake_hands()
                client.send(start + content_header(100 << 20) + frame(BODY, 1, bytes(100)))
                client.call(method(2, 20, 10, shortstr("")), 20, 11)
            if not is_sanitized():
                self.assertLess(self.broker.rss_kib(), before + 64 * MIB)

    def test_frames_that_are_none(self):
        self.assert_closed_with(501, frame(7, 1, b""), frame(HEARTBEAT, 0, b"payload"),
                                frame(METHOD, 1, b"\0\x3c\0\x50")[:-1] + b"\0")

    def test_content_where_none_belongs(self):
        self.assert_closed_with(505, content_header(5), frame(BODY, 1, b"hello"),
                                publish("good", b"")[:-len(content_header(0))] + CHANNEL_OPEN)

    def test_every_code_that_closes_a_channel(self):
        with self.connect() as owner:
            owner.shake_hands().call(method(1, 50, 10, struct.pack("!H", 0) + shortstr("mine") +
                                            b"\4" + longstr(b"")), 50, 11)
            for code, sent in ((403, declare("amq.mine")), (404, get("nix")), (405, get("mine")),
                               (406, method(1, 60, 80, struct.pack("!QB", 7, 0)))):
                with self.subTest(code=code), self.connect() as client:
                    client.shake_hands().send(sent)
                    self.assertEqual(struct.unpack("!H", client.expect(20, 40)[:2])[0], code)
                    client.send(method(1, 20, 41))
                    client.call(CHANNEL_OPEN, 20, 11)

    def test_every_other_code_that_closes_the_connection(self):
        twice = method(1, 60, 20, struct.pack("!H", 0) + shortstr("good") + shortstr("c") + b"\x0a" +
                       longstr(b""))
        for code, sent in ((503, method(1, 10, 51)), (504, CHANNEL_OPEN), (530, twice + twice),
                           (540, method(1, 60, 99)),
                           (540, method(1, 60, 10, struct.pack("!IHB", 1, 0, 0)))):
            with self.subTest(code=code):
                self.assert_closed_with(code, sent)

    def conversation(self):
        """All that a client sends from the header to close, with two messages and a get."""
        queue = "talk"
        return (HANDSHAKE + declare(queue) + publish(queue, b"one") +
                publish(queue, b"x" * 300, 128) + method(1, 60, 70, struct.pack("!H", 0) +
                                                         shortstr(queue) + b"\0") +
                method(1, 60, 80, struct.pack("!QB", 1, 0)) + consume(queue) + delete(queue) +
                CLOSE)

    def read_all(self, client):
        data = b""
        while piece := client.read(65536):
            data += piece
        return data

    def test_a_whole_conversation_at_once(self):
        with self.connect() as client:
            client.send(self.conversation())
            self.assertTrue(self.read_all(client).endswith(CLOSE_OK))

    def test_a_conversation_byte_by_byte(self):
        with self.connect() as client:
            for byte in self.conversation():
                client.send(bytes([byte]))
            self.assertTrue(self.read_all(client).endswith(CLOSE_OK))

    def test_an_end_after_every_byte(self):
        talk = self.conversation()
        for at in range(len(talk)):
            client = self.connect()
            client.send(talk[:at])
            client.reset() if at % 2 else client.socket.close()
        self.assert_all_gone()

    def test_an_end_after_every_answer(self):
        steps = [HEADER, START_OK, TUNE_OK + OPEN, CHANNEL_OPEN, declare("talk"),
                 publish("talk", b"x" * 100000) + consume("talk"), CLOSE]
        for n_steps in range(len(steps) + 1):
            for reset in (False, True):
                with self.connect() as client:
                    for step in steps[:n_steps]:
                        client.send(step)
                        client.read(1)
                    if reset:
                        client.reset()
        self.assert_all_gone()

    def test_mutated_conversations(self):
        chance = random.Random(7)
        talk = self.conversation()
        for _ in range(300):
            data = bytearray(talk)
            for _ in range(chance.randint(1, 4)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            with self.connect() as client, contextlib.suppress(ConnectionError):
                client.send(data)
                client.socket.shutdown(socket.SHUT_WR)
                self.read_all(client)
        self.assert_all_gone()

    def assert_all_gone(self):
        """The broker has as many files open as without all those clients."""
        folder = f"/proc/{self.broker.pid}/fd"
        with Broker() as fresh:
            usual = len(os.listdir(f"/proc/{fresh.pid}/fd")) + 1  # and the good client's
        deadline = time.monotonic() + 15
        while (n_open := len(os.listdir(folder))) > usual and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertEqual(n_open, usual)

    def test_a_consumer_that_does_not_read(self):
        with self.connect() as client, self.connect() as producer:
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.shake_hands().call(declare("slow"), 50, 11)
            client.call(consume("slow"), 60, 21)
            producer.shake_hands()
            for _ in range(300):
                producer.send(publish("slow", bytes(200000)))
            producer.call(delete("slow"), 50, 41)

    def test_a_client_that_asks_without_reading(self):
        with self.connect() as client:
            client.shake_hands().socket.settimeout(2)
            before = self.broker.rss_kib()
            with contextlib.suppress(TimeoutError, ConnectionError):
                for _ in range(2000):
                    client.send(declare("asked") * 1000)
            if not is_sanitized():
                self.assertLess(self.broker.rss_kib(), before + 64 * MIB)

    def test_memory_returns(self):
        before = self.broker.rss_kib()
        with self.connect() as client:
            client.shake_hands().call(declare("big"), 50, 11)
            for size in (100, 3000, 200000):
                message = publish("big", bytes(size))
                for _ in range(60000000 // size):
                    client.send(message)
            client.call(declare("big"), 50, 11)
            full = self.broker.rss_kib()
            client.call(delete("big"), 50, 41)
            client.call(CLOSE, 10, 51)
        self.assertGreater(full, before + 150 * MIB)
        if not is_sanitized():
            self.assertLess(self.broker.wait_for_rss(before + 16 * MIB), before + 16 * MIB)


class Crowded(Beside):
    """A broker that may open 256 files and no more."""

    file_limit = 256

    def test_as_many_silent_clients_as_there_is_room_for(self):
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(self.connect()) for _ in range(400)]
            ended = [client for client in clients[300:] if client.is_at_end()]
            self.assertEqual(len(ended), 100)  # those who came last found no room
            cpu_s = self.broker.cpu_s()
            time.sleep(1)
            self.assertLess(self.broker.cpu_s() - cpu_s, 0.6)
            # The good client is served meanwhile, and the silent ones have ten seconds.
            for client in clients:
                while client.read(4096):
                    pass
        with self.connect() as client:
            client.shake_hands()


if __name__ == "__main__":
    tap.main()
