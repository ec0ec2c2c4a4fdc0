"""glassmq tail and the listeners of a running broker: what they are told, what they miss, and that
they hold nobody up. Its argument is the program glassmq."""

import json
import os
import signal
import socket
import subprocess
import time
import unittest

import tap
from broker import PROGRAM, Broker
from wire import Client, declare, get, publish

LISTENERS_MAX = 8
MANY = 120_000  # messages, whose events are more than a listener's ring holds
WAIT_S = 30


class Listener:
    """A client of the control socket that asks for events."""

    def __init__(self, broker, request=None):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(WAIT_S)
        self.socket.connect(os.path.join(broker.data, "control"))
        self.input = b""
        self.ask(request or {"command": "events"})

    def ask(self, request):
        self.socket.sendall(json.dumps(request).encode() + b"\n")

    def line(self):
        while b"\n" not in self.input:
            data = self.socket.recv(1 << 20)
            if not data:
                return None
            self.input += data
        line, _, self.input = self.input.partition(b"\n")
        return json.loads(line)

    def until(self, key):
        """All lines up to the first that has such a member."""
        lines = []
        while not lines or key not in lines[-1]:
            lines.append(self.line())
        return lines


class Case(unittest.TestCase):
    def setUp(self):
        self.broker = Broker()
        self.broker.__enter__()
        self.addCleanup(self.broker.__exit__, None, None, None)
        self.client = Client(self.broker.port).shake_hands()
        self.addCleanup(self.client.socket.close)
        self.client.call(declare("tasks"), 50, 11)

    def listener(self, request=None):
        listener = Listener(self.broker, request)
        self.addCleanup(listener.socket.close)
        return listener

    def tail(self, *words):
        process = subprocess.Popen([PROGRAM, "tail", self.broker.data, *words],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

        def end():
            process.kill()
            process.communicate()
        self.addCleanup(end)
        return process

    def publish(self, body=b"x", times=1):
        self.client.send(publish("tasks", body) * times)

    def settle(self):
        """What was published before is in the queue."""
        self.client.call(declare("tasks"), 50, 11)

    def has_listener(self):
        """Somebody asked already."""
        time.sleep(0.5)


class TailTest(Case):
    def test_tells_what_there_is_and_then_what_happens(self):
        self.publish()
        self.settle()
        tail = self.tail("--count", "6")
        for _ in range(2):
            self.assertIn("there", tail.stdout.readline())
        self.assertIn("tasks           holds 1 ready and 0 unacked messages",
                      tail.stdout.readline())
        self.publish()
        out, err = tail.communicate(timeout=WAIT_S)
        lines = out.splitlines()
        self.assertEqual((3, "", 0), (len(lines), err, tail.returncode))
        self.assertIn("m2 arrives at (default), key tasks", lines[0])
        self.assertIn("route m2 to tasks", lines[1])
        self.assertIn("enqueue m2 at tail, ready 2", lines[2])

    def test_shows_what_the_filter_lets_through(self):
        tail = self.tail("--json", "--no-snapshot", "--filter", "kind:get", "--count", "1")
        self.has_listener()
        self.publish()
        self.client.call(get("tasks"), 60, 71)
        event = json.loads(tail.communicate(timeout=WAIT_S)[0])
        self.assertEqual(("get", "tasks", "m1"), (event["k"], event["who"], event["m"]))

    def test_ends_cleanly_with_a_signal(self):
        tail = self.tail()
        tail.stdout.readline()
        tail.send_signal(signal.SIGINT)
        self.assertEqual("", tail.communicate(timeout=WAIT_S)[1])
        self.assertEqual(0, tail.returncode)

    def test_ends_silently_when_nobody_reads_any_more(self):
        tail = self.tail()
        tail.stdout.readline()
        tail.stdout.close()
        self.publish()
        self.assertEqual("", tail.stderr.read())
        tail.wait(WAIT_S)

    def test_says_that_the_broker_went_away_and_waits_for_it(self):
        tail = self.tail()
        tail.stdout.readline()
        self.broker.signal(signal.SIGTERM)
        self.assertIn("the broker has gone", tail.stderr.readline())
        self.assertIsNone(tail.poll())
        self.broker.wait()
        self.broker = Broker("--listen", "127.0.0.1:0", "--data", self.broker.data)
        self.assertIn("a broker is there again", tail.stderr.readline())
        self.broker.stop()

    def test_says_what_is_wrong(self):
        for words, status, sentence in (
                (["/no/such/directory"], 1, "there is no directory /no/such/directory"),
                (["/"], 1, "no broker runs in /"),
                ([self.broker.data, "--vhost", "nowhere"], 1,
                 "there is no virtual host 'nowhere'"),
                ([self.broker.data, "--filter", "kind:delver"], 2, "did you mean deliver?"),
                ([self.broker.data, "--count", "0"], 2, "--count takes a whole number")):
            with self.subTest(words=words):
                done = subprocess.run([PROGRAM, "tail", *words], capture_output=True, text=True,
                                      timeout=WAIT_S)
                self.assertEqual((status, ""), (done.returncode, done.stdout))
                self.assertIn(sentence, done.stderr)


class ListenerTest(Case):
    def test_a_listener_that_does_not_read_is_told_how_many_events_it_missed(self):
        listener = self.listener()
        listener.until("snapshot")
        before_kib = self.broker.rss_kib()
        self.publish(times=MANY)
        self.settle()
        self.assertEqual(MANY, self.count("tasks"))
        self.publish()
        self.settle()
        last = 0
        while "missed" not in (line := listener.line()):
            self.assertTrue(last in (0, line["n"] - 1), line)
            last = line["n"]
        counts = [row for row in listener.until("snapshot") if row.get("k") == "queue.counts"]
        self.assertEqual([MANY + 1], [row["ready"] for row in counts])
        self.publish()
        self.assertEqual(last + line["missed"] + 1, listener.line()["n"])
        self.assertGreater(line["missed"], MANY)
        # Messages take memory too; a listener would take as much again if it were not bounded.
        self.assertLess(self.broker.rss_kib() - before_kib, 120_000)

    def count(self, queue):
        done = subprocess.run([PROGRAM, "ctl", "--data", self.broker.data, "list_queues",
                               "messages"], capture_output=True, text=True, timeout=WAIT_S)
        return int(done.stdout.split()[-1])

    def test_the_end_of_a_listener_is_no_matter(self):
        for _ in range(20):
            self.listener().socket.close()
        listener = subprocess.Popen([PROGRAM, "tail", self.broker.data],
                                    stdout=subprocess.DEVNULL)
        self.has_listener()
        self.publish(times=1000)
        listener.kill()
        listener.wait()
        self.publish(times=1000)
        self.settle()
        self.assertEqual(2000, self.count("tasks"))

    def test_there_are_so_many_listeners_and_no_more(self):
        for _ in range(LISTENERS_MAX):
            self.assertTrue(self.listener().line()["ok"])
        one_more = self.listener()
        self.assertIn("8 listeners", one_more.line()["error"])
        self.doCleanups()
        self.setUp()
        self.assertTrue(self.listener().line()["ok"])

    def test_all_listeners_hear_the_same(self):
        listeners = [self.listener() for _ in range(3)]
        for listener in listeners:
            listener.until("snapshot")
        self.publish(times=10)
        heard = [[listener.line() for _ in range(30)] for listener in listeners]
        self.assertEqual(heard[0], heard[1])
        self.assertEqual(heard[0], heard[2])
        self.assertEqual(10, sum(line["k"] == "publish" for line in heard[0]))

    def test_a_request_ends_the_listening(self):
        listener = self.listener()
        listener.until("snapshot")
        listener.ask({"command": "list_queues", "columns": ["name"]})
        self.assertEqual([{"row": {"name": "tasks"}}, {"ok": True}], listener.until("ok"))
        self.publish()
        self.settle()
        listener.ask({"command": "events"})
        self.assertIn("t", listener.line())
        self.assertEqual(1, listener.until("snapshot")[-2]["ready"])

    def test_events_are_those_of_one_virtual_host(self):
        subprocess.run([PROGRAM, "ctl", "--data", self.broker.data, "add_vhost", "other"],
                       check=True, timeout=WAIT_S)
        listener = self.listener({"command": "events", "vhost": "other"})
        self.assertEqual([{"snapshot": 0}], listener.until("snapshot")[1:])
        self.publish()
        self.settle()
        listener.socket.settimeout(0.5)
        self.assertRaises(TimeoutError, listener.line)

    def test_refuses_a_virtual_host_that_is_not_there(self):
        self.assertIn("there is no virtual host 'x'",
                      self.listener({"command": "events", "vhost": "x"}).line()["error"])

    def test_ctl_does_not_know_it(self):
        done = subprocess.run([PROGRAM, "ctl", "--data", self.broker.data, "events"],
                              capture_output=True, text=True, timeout=WAIT_S)
        self.assertEqual(2, done.returncode)


if __name__ == "__main__":
    tap.main()
