"""How "glassmq serve" starts and stops."""

import os
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest

import tap
from broker import PROGRAM, Broker
from wire import (CLOSE_OK, HEADER, HEARTBEAT, OPEN, START_OK, TUNE_OK, Client, consume, declare,
                  longstr, method, publish, shortstr)


def serve(*options):
    return subprocess.run([PROGRAM, "serve", "--data", "none", *options], capture_output=True,
                          text=True, stdin=subprocess.DEVNULL, timeout=30)


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as each:
            each.bind(("::1", 0))
        return True
    except OSError:
        return False


class Start(unittest.TestCase):
    def assert_refused(self, options, status, *words):
        done = serve(*options)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, r"\Aglassmq serve: [^\n]*[.?]\n\Z")
        for word in words:
            self.assertIn(word, done.stderr)

    def test_the_ready_line_says_where(self):
        with Broker("--listen", "127.0.0.1:0", "--listen", "127.0.0.2:0") as broker:
            self.assertRegex(broker.ready_line,
                             r"\AGlassMQ [0-9.]+ serves AMQP 0-9-1 on 127\.0\.0\.1:\d+ and "
                             r"127\.0\.0\.2:\d+ \(journal in "
                             r"\S+/glassmq\)\n\Z")
            Client(broker.port).shake_hands().socket.close()

    def test_localhost_is_both_families_on_one_port(self):
        if not has_ipv6():
            self.skipTest("this machine has no IPv6")
        with Broker("--listen", "localhost:0") as broker:
            self.assertIn(f" on 127.0.0.1:{broker.port} and [::1]:{broker.port} ",
                          broker.ready_line)
            for address in ("127.0.0.1", "::1"):
                Client(broker.port, address).shake_hands().socket.close()

    def test_a_port_in_use(self):
        with Broker() as broker:
            where = f"127.0.0.1:{broker.port}"
            self.assert_refused(["--listen", where], 1, where, "another program uses this port")

    def test_a_bad_address(self):
        for text in ("localhost", "127.0.0.1", "127.0.0.1:99999", "::1:5672", "example.org:5672"):
            with self.subTest(text=text):
                self.assert_refused(["--listen", text], 1, f'"{text}" is no ADDRESS:PORT')

    def test_an_address_of_another_machine(self):
        self.assert_refused(["--listen", "192.0.2.1:0"], 1, "192.0.2.1:0", "no such address")

    def test_wrong_use(self):
        self.assert_refused(["--lisen", "127.0.0.1:0"], 2, "Did you mean --listen?")
        self.assert_refused(["--heartbeat", "often"], 2, "--heartbeat")
        self.assert_refused(["--profile", "rabbit-4"], 2, "Did you mean rabbitmq-4?")
        self.assert_refused(["--profile", "kafka"], 2, "only default, rabbitmq-3.10, rabbitmq-3.13 and rabbitmq-4")
        self.assert_refused(["somewhere"], 2, "somewhere")

    def test_help(self):
        done = serve("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("--listen", done.stdout)


class Configuration(unittest.TestCase):
    def write(self, text):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        path = os.path.join(folder, "glassmq.conf")
        with open(path, "wb") as file:
            file.write(text)
        return path

    def test_is_read_and_options_win(self):
        path = self.write(b"[listeners]\namqp = 127.0.0.1:0\n[broker]\ndata = none\n"
                          b"[limits]\nheartbeat = 17\nframe-max = 8KiB\nchannel-max = 9\n")
        for options, beat in (([], 17), (["--heartbeat", "3"], 3)):
            with Broker("--config", path, *options) as broker:
                self.assertIn("no data directory", broker.ready_line)
                client = Client(broker.port)
                client.send(HEADER)
                client.expect(10, 10)
                client.send(START_OK)
                self.assertEqual((9, 8192, beat), struct.unpack("!HIH", client.expect(10, 30)))
                client.socket.close()
        with Broker("--config", path, "--listen", "127.0.0.3:0") as broker:
            self.assertEqual("127.0.0.3", broker.address)

    def with_limits(self, text):
        return Broker("--config", self.write(b"[listeners]\namqp = 127.0.0.1:0\n[broker]\n"
                                             b"data = none\n[limits]\n" + text))

    def test_limits_connections(self):
        with self.with_limits(b"connections-max = 1\n") as broker:
            first, second = Client(broker.port).shake_hands(), Client(broker.port)
            second.send(HEADER + START_OK + TUNE_OK + OPEN)
            second.expect(10, 10)
            second.expect(10, 30)
            self.assertEqual(530, second.expect_close()[0])
            first.socket.close()
            second.socket.close()

    def test_limits_messages_and_consumers(self):
        with self.with_limits(b"message-size-max = 10\nconsumers-max = 1\n") as broker:
            with Client(broker.port).shake_hands() as client:
                client.call(declare("q"), 50, 11)
                client.send(publish("q", b"x" * 10))
                client.call(declare("q"), 50, 11)
                client.send(publish("q", b"x" * 11))
                self.assertEqual(406, int.from_bytes(client.expect(20, 40)[:2], "big"))
            with Client(broker.port).shake_hands() as client:
                client.call(declare("p"), 50, 11)
                client.call(consume("p"), 60, 21)
                client.send(consume("p"))
                self.assertEqual(530, client.expect_close()[0])

    def test_limits_memory(self):
        with self.with_limits(b"memory = 1000\nconsumer-timeout = 2d\n") as broker:
            with Client(broker.port).shake_hands() as client:
                client.call(declare("q"), 50, 11)
                client.send(publish("q", b"x" * 2000))
                client.call(declare("q"), 50, 11)
                client.send(publish("q", b"y") + declare("late"))
                client.socket.settimeout(0.3)
                with self.assertRaises(TimeoutError):
                    client.expect(50, 11)

    def test_a_frame_that_a_profile_forbids(self):
        path = self.write(b"[limits]\nframe-max = 4096\n[broker]\nprofile = rabbitmq-4\n")
        done = serve("--config", path, "--listen", "127.0.0.1:0")
        self.assertEqual((1, "", "glassmq serve: frame-max is at least 8192 bytes with the profile "
                                 "rabbitmq-4.\n"), (done.returncode, done.stdout, done.stderr))

    def test_a_wrong_one_is_named_with_its_line(self):
        path = self.write(b"# a comment\n[limits]\nheartbeats = 17\n")
        done = serve("--config", path)
        self.assertEqual((1, "", f"glassmq serve: {path}:3: there is no key heartbeats in [limits]: "
                                 "did you mean heartbeat?\n"),
                         (done.returncode, done.stdout, done.stderr))

    def test_one_that_is_not_there(self):
        for path in ("/nowhere/glassmq.conf", "/tmp"):
            done = serve("--config", path)
            self.assertEqual((1, ""), (done.returncode, done.stdout))
            self.assertIn(f"cannot read the configuration {path}: ", done.stderr)


class Stop(unittest.TestCase):
    def test_nobody_is_there(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with Broker() as broker:
                broker.signal(number)
                self.assertEqual(broker.wait(5), 0)

    def test_every_client_is_told_320(self):
        with Broker() as broker:
            clients = [Client(broker.port).shake_hands() for _ in range(50)]
            broker.signal(signal.SIGTERM)
            for client in clients:
                code, text = client.expect_close()
                self.assertEqual(code, 320)
                self.assertTrue(text.startswith("CONNECTION_FORCED - "), text)
                client.send(CLOSE_OK)
                self.assertTrue(client.is_at_end())
                client.socket.close()
            self.assertEqual(broker.wait(5), 0)

    def test_a_client_in_the_handshake_holds_nobody_up(self):
        with Broker() as broker:
            client = Client(broker.port)
            client.send(HEADER)
            client.expect(10, 10)
            broker.signal(signal.SIGTERM)
            self.assertEqual(broker.wait(10), 0)

    def test_a_client_that_does_not_answer_is_cut_after_a_while(self):
        with Broker() as broker:
            client = Client(broker.port).shake_hands()
            begin = time.monotonic()
            broker.signal(signal.SIGTERM)
            self.assertEqual(broker.wait(15), 0)
            self.assertLess(time.monotonic() - begin, 10)
            self.assertEqual(client.expect_close()[0], 320)
            self.assertTrue(client.is_at_end())

    def test_a_second_signal_ends_it_at_once(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number=number):
                broker = Broker()
                client = Client(broker.port).shake_hands()
                broker.signal(signal.SIGTERM)
                client.expect_close()
                begin = time.monotonic()
                broker.signal(number)
                self.assertEqual(broker.wait(10), 128 + number)
                self.assertLess(time.monotonic() - begin, 3)
                client.socket.close()

    def test_nobody_new_is_served_meanwhile(self):
        with Broker() as broker:
            client = Client(broker.port).shake_hands()
            broker.signal(signal.SIGTERM)
            client.expect_close()
            with self.assertRaises(ConnectionError):
                Client(broker.port)
            client.send(CLOSE_OK)
            client.socket.close()
            self.assertEqual(broker.wait(5), 0)

    def test_the_port_is_free_again(self):
        with Broker() as first:
            port = first.port
            client = Client(port).shake_hands()
            first.signal(signal.SIGTERM)
            client.expect_close()
            client.send(CLOSE_OK)
            self.assertEqual(first.wait(10), 0)
        with Broker("--listen", f"127.0.0.1:{port}") as second:
            self.assertEqual(second.port, port)


class Heartbeat(unittest.TestCase):
    def tune(self, broker):
        client = Client(broker.port)
        client.send(HEADER)
        client.expect(10, 10)
        client.send(START_OK)
        return client, int.from_bytes(client.expect(10, 30)[6:8], "big")

    def test_the_proposal_is_an_option(self):
        for options, proposed in (((), 60), (("--heartbeat", "7"), 7), (("--heartbeat", "0"), 0)):
            with Broker("--listen", "127.0.0.1:0", *options) as broker:
                client, found = self.tune(broker)
                self.assertEqual(found, proposed)
                client.socket.close()

    def test_a_silent_client_is_dropped(self):
        with Broker() as broker:
            client, _ = self.tune(broker)
            client.send(method(0, 10, 31, struct.pack("!HIH", 2047, 131072, 1)) + OPEN)
            client.expect(10, 41)
            begin, beats = time.monotonic(), 0
            while (found := client.read_frame()) is not None:
                self.assertEqual(found[0], HEARTBEAT)
                beats += 1
            self.assertGreaterEqual(time.monotonic() - begin, 1.9)
            self.assertLess(time.monotonic() - begin, 5)
            self.assertGreaterEqual(beats, 2)


class Profile(unittest.TestCase):
    def test_it_decides_what_may_be_tuned(self):
        for options, answer in (((), 41), (("--profile", "rabbitmq-4"), 50)):
            with Broker("--listen", "127.0.0.1:0", *options) as broker:
                client = Client(broker.port)
                client.send(HEADER)
                client.expect(10, 10)
                client.send(START_OK)
                client.expect(10, 30)
                client.send(method(0, 10, 31, struct.pack("!HIH", 2047, 4096, 0)) + OPEN)
                client.expect(10, answer)
                client.socket.close()


if __name__ == "__main__":
    tap.main()
