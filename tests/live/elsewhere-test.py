"""glassmq run --broker: scenarios on the real clock, and all that may go wrong on the way there."""

import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

import pika

import tap
from broker import PROGRAM, Broker

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
HELLO = SCENARIOS / "01-hello-queue.yaml"
CRASH = SCENARIOS / "07-power-cut.yaml"
LONGEST_S = 60

QUICK = """glassmq: 1
title: A short one
stop: 1500ms
topology:
  exchanges:
    way: {type: fanout}
  queues:
    tasks: {durable: yes}
    kept: {}
  bindings:
    - {from: way, to: tasks}
    - {from: way, to: kept}
clients:
  p1:
    role: producer
    publish: {to: way, body: "number {n}", every: 50ms, count: 3, persistent: yes}
    confirms: {window: 1}
  w1: {role: consumer, from: tasks, work: 10ms}
expect:
  confirmed: 3
  processed: 3
  queues:
    kept: {ready: 3, max_ready: 3}
  messages:
    p1-2: {delivered: 1}
"""


def run(path, *options):
    return subprocess.run([PROGRAM, "run", str(path), *options], capture_output=True, text=True,
                          timeout=LONGEST_S, env={**os.environ, "LC_ALL": "C.UTF-8"})


class OneAnswer(threading.Thread):
    """A server that says the same to whoever comes first, and hangs up."""

    def __init__(self, answer):
        super().__init__(daemon=True)
        self.answer = answer
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        peer, _ = self.listener.accept()
        self.listener.close()
        with peer:
            peer.recv(8)
            peer.sendall(self.answer)
            peer.shutdown(socket.SHUT_WR)
            peer.recv(100)


class Elsewhere(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.quick = Path(cls.folder.name) / "quick.yaml"
        cls.quick.write_text(QUICK)
        cls.broker = Broker()
        cls.url = f"amqp://127.0.0.1:{cls.broker.port}"

    @classmethod
    def tearDownClass(cls):
        cls.broker.stop()
        cls.folder.cleanup()

    def play(self, *options, path=None):
        return run(path or self.quick, "--quiet", "--broker", self.url, *options)

    def queues(self):
        return self.broker.ctl("list_queues", "name").stdout

    def refused(self, status, words, url=None, path=None, options=()):
        answer = run(path or self.quick, "--broker", url or self.url, *options)
        self.assertEqual((answer.returncode, answer.stdout), (status, ""), answer.stderr)
        self.assertRegex(answer.stderr, words)
        self.assertNotIn("..", answer.stderr.replace("...", ""))

    def with_channel(self, do):
        connection = pika.BlockingConnection(
            pika.ConnectionParameters("127.0.0.1", self.broker.port))
        do(connection.channel())
        connection.close()

    def test_plays_a_scenario_and_deletes_what_it_declared(self):
        answer = self.play()
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        self.assertIn("\u2713 queues.kept.ready: 3\n", answer.stdout)
        self.assertNotIn("tasks", self.queues())
        self.assertNotIn("way", self.broker.ctl("list_exchanges").stdout)

    def test_says_what_cannot_be_known(self):
        answer = self.play()
        self.assertIn("- queues.kept.max_ready: 3, which cannot be known here\n", answer.stdout)

    def test_an_expectation_that_does_not_hold_answers_1(self):
        wrong = Path(self.folder.name) / "wrong.yaml"
        wrong.write_text(QUICK.replace("processed: 3", "processed: 4"))
        answer = self.play(path=wrong)
        self.assertEqual(answer.returncode, 1, answer.stdout + answer.stderr)

    def test_clients_see_the_same_as_in_the_simulator(self):
        stories = []
        for options in ((), ("--broker", self.url)):
            out = Path(self.folder.name) / "story"
            answer = run(self.quick, "--quiet", "--story", str(out), *options)
            stories.append((out.read_text(),
                            re.search("clients' story ([0-9a-f]{16})", answer.stdout)[1]))
        self.assertEqual(*stories)
        self.assertIn('p1 sent p1-2 to "way" with key ""\n', stories[0][0])
        self.assertIn("w1 finished p1-3 from tasks: ack\n", stories[0][0])

    def test_a_client_that_crashes_gives_its_message_back(self):
        answer = self.play(path=SCENARIOS / "06-worker-dies.yaml")
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        self.assertRegex(answer.stdout, "\u2713 queues.*redelivered: 1\n")

    def test_a_cut_line_holds_what_is_sent(self):
        cut = Path(self.folder.name) / "cut.yaml"
        longer = QUICK.replace("1500ms", "4s")
        cut.write_text(longer.replace("expect:", "timeline:\n  - {at: 60ms, cut: p1, for: 250ms}\n"
                                     "expect:\n  latency: {p99: \">= 200ms\"}"))
        answer = self.play(path=cut)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)

    def test_faults_of_the_broker_are_refused_by_line(self):
        self.refused(3, r"07-power-cut.yaml:\d+: a broker elsewhere cannot be told to crash", path=CRASH)

    def test_nothing_listens_there(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.refused(2, "nothing listens on 127.0.0.1", f"amqp://127.0.0.1:{port}")

    def test_the_login_is_refused(self):
        self.refused(2, 'does not let user "nobody" into vhost "/": ACCESS_REFUSED',
                     self.url.replace("//", "//nobody:secret@"))

    def test_there_is_no_such_vhost(self):
        self.refused(2, 'into vhost "nowhere": NOT_ALLOWED', self.url + "/nowhere")

    def test_another_protocol_is_told(self):
        other = OneAnswer(b"220 mail.example.org ESMTP ready\r\n")
        self.refused(2, 'does not speak AMQP: it begins with "220 mail',
                     f"amqp://127.0.0.1:{other.port}")

    def test_a_tls_port_is_told(self):
        alert = OneAnswer(bytes([0x15, 3, 3, 0, 2, 2, 40]))
        self.refused(2, "speaks TLS", f"amqp://127.0.0.1:{alert.port}")

    def test_somebody_who_hangs_up_is_told(self):
        mute = OneAnswer(b"")
        self.refused(2, "ended the connection without a word", f"amqp://127.0.0.1:{mute.port}")

    def test_wrong_addresses_are_told(self):
        for url in "127.0.0.1:5672", "http://127.0.0.1", "amqps://127.0.0.1", "amqp://", \
                "amqp://127.0.0.1:99999", "amqp://127.0.0.1:0", "amqp://127.0.0.1/a/b":
            with self.subTest(url):
                self.refused(2, "is no address of a broker", url)

    def test_options_that_do_not_go_together_are_told(self):
        self.refused(2, "give one of the two", options=("--check",))
        alone = run(self.quick, "--take-over")
        self.assertEqual(alone.returncode, 2)

    def test_a_queue_that_holds_messages_is_left_alone(self):
        def fill(channel):
            channel.queue_declare("tasks", durable=True)
            channel.confirm_delivery()
            channel.basic_publish("", "tasks", b"somebody else's")

        self.with_channel(fill)
        self.refused(2, 'queue "tasks" is there already, with 1 messages')
        self.assertIn("tasks", self.queues())
        answer = self.play("--take-over")
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        self.assertNotIn("tasks", self.queues())

    def test_a_queue_with_other_settings_is_left_alone(self):
        self.with_channel(lambda channel: channel.queue_declare("tasks"))
        self.refused(2, 'queue "tasks" is there already and is another one.*PRECONDITION_FAILED')
        self.with_channel(lambda channel: channel.queue_delete("tasks"))

    def test_an_exchange_of_another_type_is_left_alone(self):
        self.with_channel(lambda channel: channel.exchange_declare("way", "direct"))
        self.refused(2, 'exchange "way" is there already and is another one.*PRECONDITION_FAILED')
        self.with_channel(lambda channel: channel.exchange_delete("way"))

    def test_what_a_killed_run_left_is_deleted_by_the_next(self):
        killed = self.start()
        killed.kill()
        killed.communicate()
        self.assertIn("hello", self.queues())
        answer = self.play(path=HELLO)
        if answer.returncode == 2:  # it got as far as to publish
            self.assertIn("is there already, with", answer.stderr)
            answer = self.play("--take-over", path=HELLO)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        self.assertNotIn("hello", self.queues())

    def start(self, url=None):
        """A run of a longer scenario that has come as far as to declare its queue."""
        started = subprocess.Popen([PROGRAM, "run", HELLO, "--broker", url or self.url],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for line in started.stdout:
            if "confirm for alice-1" in line:
                break
        return started

    def test_an_interrupted_run_deletes_what_it_declared(self):
        for number in signal.SIGINT, signal.SIGTERM:
            with self.subTest(number.name):
                started = self.start()
                self.assertIn("hello", self.queues())
                started.send_signal(number)
                out, errors = started.communicate(timeout=LONGEST_S)
                self.assertEqual(started.returncode, 2, out + errors)
                self.assertIn("interrupted", errors)
                self.assertIn("Verdict: undecided", out)
                self.assertNotIn("hello", self.queues())

    def test_a_broker_that_dies_on_the_way_is_told(self):
        with Broker() as other:
            started = self.start(f"amqp://127.0.0.1:{other.port}")
            other.stop()
            out, errors = started.communicate(timeout=LONGEST_S)
            self.assertNotEqual(started.returncode, 0, out)
            self.assertRegex(errors, "nothing listens on .* may still be there")


if __name__ == "__main__":
    tap.main()
