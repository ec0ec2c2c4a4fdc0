"""glassmq view --connect on a real terminal, beside a running broker and a client that publishes and
consumes: the numbers follow it, looking changes nothing, and the end of the broker is told. Its
argument is the program glassmq."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

import pika
import tap
from broker import PROGRAM, Broker
from terminal import Terminal, can_run

SIZES = ((80, 24), (160, 48))
WAIT_S = 30


def row(ready, unacked, come, out):
    """The first numbers of a queue in the table."""
    return rf"tasks +{ready} +{unacked} +{come} +{out} "


@unittest.skipUnless(can_run(), "tmux is not installed")
class Case(unittest.TestCase):
    def setUp(self):
        self.data = tempfile.mkdtemp(prefix="glassmq-")
        self.addCleanup(shutil.rmtree, self.data, ignore_errors=True)
        self.serve()
        self.connection, self.channel = self.connect()
        self.channel.queue_declare("tasks")

    def serve(self):
        self.broker = Broker("--listen", "127.0.0.1:0", "--data", self.data)
        self.addCleanup(self.end, self.broker)

    def end(self, broker):
        """One that runs still stops gently, whoever looks at it."""
        broker.__exit__(OSError if broker.process.poll() is not None else None, None, None)

    def connect(self, name="shop"):
        connection = pika.BlockingConnection(pika.ConnectionParameters(
            "127.0.0.1", self.broker.port, client_properties={"connection_name": name}))
        self.addCleanup(self.leave, connection)
        return connection, connection.channel()

    def leave(self, connection):
        try:
            connection.close()
        except pika.exceptions.AMQPError:
            pass  # its broker went away before

    def open(self, *words, width=80, height=24):
        terminal = Terminal(" ".join([PROGRAM, "view", "--connect", self.data, *words]), width,
                            height)
        self.addCleanup(terminal.close)
        terminal.see(r" (LIVE|실시간) +(event|이벤트) \d+ / \d+")
        return terminal

    def publish(self, times=1):
        for _ in range(times):
            self.channel.basic_publish("", "tasks", b"x")
        self.settle()

    def settle(self):
        """All that was sent before has been done."""
        self.channel.queue_declare("tasks", passive=True)

    def numbers(self):
        done = self.broker.ctl("--data", self.data, "list_queues", "messages_ready",
                               "messages_unacknowledged", "consumers")
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        return done.stdout.splitlines()[-1].split()

    def expect_restored(self, terminal, status=0):
        terminal.wait_for_shell()
        terminal.type(f"echo left=$?; stty -a > {terminal.folder}/after; echo written")
        terminal.see(rf"left={status}\n")
        terminal.see(r"\nwritten")
        self.assertEqual(terminal.modes("before"), terminal.modes("after"))

    def end_broker(self, number):
        """The client leaves first, so that nobody is waited for."""
        self.leave(self.connection)
        self.broker.signal(number)
        self.broker.wait()


class Numbers(Case):
    def test_grow_with_what_a_client_publishes_and_consumes(self):
        for width, height in SIZES:
            with self.subTest(width=width, height=height):
                self.channel.queue_purge("tasks")
                self.settle()
                terminal = self.open(width=width, height=height)
                terminal.see(row(0, 0, 0, 0))
                self.publish()
                terminal.see(row(1, 0, 1, 0))
                self.publish(6)
                terminal.see(row(7, 0, 7, 0))
                got = [self.channel.basic_get("tasks")[0] for _ in range(3)]
                terminal.see(row(4, 3, 7, 0))
                for method in got:
                    self.channel.basic_ack(method.delivery_tag)
                self.settle()
                terminal.see(row(4, 0, 7, 3))

    def test_come_with_the_settings_of_queues(self):
        """Of those that were there, and of those that come while somebody looks."""
        dead = {"x-dead-letter-exchange": "gone", "x-message-ttl": 60000}
        self.channel.exchange_declare("gone", "fanout")
        self.channel.queue_declare("before", arguments=dead)
        terminal = self.open("--layout", "flow", width=160, height=48)
        terminal.see(r'before +has \{"x-dead-letter-exchange":"gone","x-message-ttl":60000\}')
        terminal.see("┈┈┈")  # the way of dead letters
        self.channel.queue_declare("later", arguments={"x-max-length": 7})
        terminal.see(r'later +has \{"x-max-length":7\} +cause #\d')
        self.channel.queue_declare("later", passive=True)
        self.channel.queue_declare("plain")
        terminal.see(r"plain +queue declared")
        self.assertNotIn("plain     has", terminal.screen())

    def test_follow_a_consumer(self):
        terminal = self.open()
        self.publish(4)
        tag = self.channel.basic_consume("tasks", lambda *_: None)
        self.connection.process_data_events(0.1)
        terminal.see(row(0, 4, 4, 0))
        terminal.press("l")
        terminal.see("CONSUMERS")
        terminal.see("unacked +4")
        self.channel.basic_ack(2, multiple=True)
        self.settle()
        terminal.see("unacked +2")
        terminal.see("acked +2")
        self.channel.basic_cancel(tag)
        self.settle()
        terminal.see("shop consumes no more")

    def test_begin_with_what_there_was_before(self):
        self.publish(12)
        self.channel.basic_get("tasks")
        self.settle()
        self.open().see(row(11, 1, 0, 0))

    def test_are_those_of_two_views_side_by_side(self):
        first, second = self.open(), self.open(width=160, height=48)
        self.publish(5)
        first.see(row(5, 0, 5, 0))
        second.see(row(5, 0, 5, 0))
        first.press("q")
        self.expect_restored(first)
        self.publish(2)
        second.see(row(7, 0, 7, 0))

    def test_wait_while_one_looks_back(self):
        terminal = self.open()
        self.publish(3)
        terminal.see(row(3, 0, 3, 0))
        terminal.press("g")
        terminal.see("event 0 / ")
        self.publish(2)
        terminal.see(r"event 0 / 1[0-9]")
        terminal.press("G")
        terminal.see(row(5, 0, 5, 0))
        self.publish()
        terminal.see(row(6, 0, 6, 0))


class Looking(Case):
    def test_changes_nothing(self):
        """Whatever keys are pressed: neither what is in the broker nor who is connected."""
        self.publish(5)
        before = self.numbers(), self.connections()
        terminal = self.open()
        terminal.see(row(5, 0, 0, 0))
        for key in (".", ",", "Space", "Space", "l", "l", "l", "n", "N", "b", "m", "c", "C", "Tab", "z",
                    "z", "w", "p", "Enter", "g", "G", "x", "D", "?", "q"):
            terminal.press(key)
        terminal.see(" LIVE ")
        self.assertEqual(before, (self.numbers(), self.connections()))

    def connections(self):
        return self.broker.ctl("--data", self.data, "list_connections", "name").stdout.splitlines()

    def test_ends_with_q_and_leaves_the_terminal_as_it_was(self):
        for width, height in SIZES:
            with self.subTest(width=width, height=height):
                terminal = self.open(width=width, height=height)
                self.publish()
                self.assertTrue(terminal.is_full_screen())
                terminal.press("q")
                self.expect_restored(terminal)

    def test_ends_with_an_interrupt_too(self):
        terminal = self.open()
        os.kill(terminal.pid(), signal.SIGINT)
        self.expect_restored(terminal, 128 + signal.SIGINT)

    def test_says_nothing_of_a_seed(self):
        self.assertNotIn("seed", self.open(width=160, height=48).screen())

    def test_fits_every_size(self):
        terminal = self.open()
        self.publish(3)
        for width, height in ((160, 48), (100, 30), (60, 20), (30, 8), (80, 24)):
            terminal.resize(width, height)
            terminal.see(r"tasks +3 ")


class VirtualHosts(Case):
    def setUp(self):
        super().setUp()
        self.publish()

    def add(self, *names):
        for name in names:
            self.assertEqual(0, self.broker.ctl("--data", self.data, "add_vhost", name).returncode)

    def refused(self, *words):
        return subprocess.run([PROGRAM, "view", "--connect", self.data, "--render", "80x24", *words],
                              capture_output=True, text=True, timeout=WAIT_S)

    def test_are_shown_one_at_a_time_and_the_others_counted(self):
        for (width, height), name in zip(SIZES, ("shop", "a b")):
            with self.subTest(width=width, height=height):
                before = "" if name == "shop" else r" \(1 other\)"
                self.open(width=width, height=height).see(rf" virtual host /{before} +\| ")
                self.add(name)
        self.open().see(r" virtual host / \(2 others\) +\| published 0")
        screen = self.open("--vhost", "shop").see(r" virtual host shop \(2 others\) +\| ")
        self.assertNotIn("tasks", screen)
        self.open("--vhost", "shop", "--lang", "ko").see(r" 가상 호스트 shop \(다른 것 2개\) +\| ")

    def test_leave_room_for_the_numbers_whatever_they_are_called(self):
        name = "n" * 255
        self.add(name)
        for width, height in ((160, 48), (80, 24), (60, 20), (10, 4)):
            done = self.refused("--vhost", name, "--render", f"{width}x{height}")
            lines = done.stdout.splitlines()
            self.assertEqual((0, "", height), (done.returncode, done.stderr, len(lines)))
            self.assertLessEqual(max(map(len, lines)), width)
            if width >= 80:
                self.assertIn("| published 0", done.stdout)

    def test_that_are_not_there_are_told_with_those_that_are(self):
        for names, sentence in (((), "there is no virtual host 'nix'; there is '/'."),
                                (("b", "a"), "there are '/', 'b', 'a'."),
                                (map(str, range(7)), "'3', '4' and 2 more.")):
            with self.subTest(sentence):
                self.add(*names)
                done = self.refused("--vhost", "nix")
                self.assertEqual((1, ""), (done.returncode, done.stdout))
                self.assertIn(sentence, done.stderr)


class EndOfTheBroker(Case):
    def expect_told(self, number):
        self.publish(3)
        terminal = self.open()
        self.end_broker(number)
        terminal.see("the broker has gone; this was the last of it")
        terminal.press(",")  # it can still be looked through
        terminal.see(r"event \d+ / ")
        terminal.press("l")
        terminal.see("QUEUES")
        terminal.press("?")
        terminal.see("run and stop")
        terminal.press("x")
        terminal.press("q")
        self.expect_restored(terminal)

    def test_that_stops_is_told_and_all_stays_to_be_seen(self):
        self.expect_told(signal.SIGTERM)

    def test_that_is_killed_is_told_and_all_stays_to_be_seen(self):
        self.expect_told(signal.SIGKILL)

    def test_is_followed_by_the_next_one(self):
        terminal = self.open()
        self.end_broker(signal.SIGKILL)
        terminal.see("the broker has gone")
        self.serve()
        self.connection, self.channel = self.connect("again")
        self.channel.queue_declare("tasks")
        self.publish(2)
        terminal.see("told anew what there is")
        terminal.see(r"tasks +2 +0 ")

    def test_before_the_view_is_a_sentence_without_a_screen(self):
        self.end_broker(signal.SIGTERM)
        terminal = Terminal(f"{PROGRAM} view --connect {self.data}", 160, 48)
        self.addCleanup(terminal.close)
        terminal.see(r"glassmq view: no broker runs in " + re.escape(self.data))
        self.expect_restored(terminal, 1)


if __name__ == "__main__":
    tap.main()
