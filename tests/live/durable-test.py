"""What outlives a broker: its journal after a stop, a crash and damage; backups; a full disk. Its
arguments are the program glassmq and the library bad-disk."""

import json
import os
import resource
import shutil
import struct
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from unittest import mock

import pika

import tap
from broker import PROGRAM, Broker, is_sanitized

BAD_DISK = sys.argv[2] if len(sys.argv) > 2 else None

HEAD = struct.Struct("!IIBBH")  # of a record: checksum, size, type, flags, count
BATCH = 2


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def records(data):
    """(offset, size, type) of each record of a segment."""
    at = 0
    while at < len(data):
        _, size, kind, _, _ = HEAD.unpack_from(data, at)
        yield at, size, kind
        at += size


def connect(port):
    return pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", port, heartbeat=0))


def publish(channel, queue, *bodies, mode=2):
    for body in bodies:
        channel.basic_publish("", queue, body, pika.BasicProperties(delivery_mode=mode))


def take_all(channel, queue):
    """(body, redelivered) of all that is in the queue, acknowledged."""
    found = []
    while True:
        method, _, body = channel.basic_get(queue, auto_ack=True)
        if method is None:
            return found
        found.append((body.decode(), method.redelivered))


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="glassmq-"))
        self.data = os.path.join(self.folder, "data")

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def broker(self, data=None, *options):
        return Broker("--listen", "127.0.0.1:0", "--data", data or self.data, *options)

    def ctl(self, *words, data=None):
        return subprocess.run([PROGRAM, "ctl", "--data", data or self.data, *words],
                              capture_output=True, text=True, timeout=60)

    def done(self, *words, data=None):
        done = self.ctl(*words, data=data)
        self.assertEqual((0, ""), (done.returncode, done.stderr), words)
        return done.stdout

    def status(self, data=None):
        return json.loads(self.done("status", "--format", "json", data=data))

    def refused(self, *words, data=None):
        """Why a broker does not start: its one line."""
        done = subprocess.run([PROGRAM, "serve", "--listen", "127.0.0.1:0", "--data",
                               data or self.data], capture_output=True, text=True, timeout=30)
        self.assertEqual((1, ""), (done.returncode, done.stdout), done.stderr)
        self.assertRegex(done.stderr, r"\Aglassmq serve: [^\n]*\.\n\Z")
        for word in words:
            self.assertIn(word, done.stderr)

    def segments(self, data=None):
        folder = data or self.data
        return [os.path.join(folder, name) for name in sorted(os.listdir(folder))
                if name.startswith("journal-")]

    def fill(self, broker, *bodies):
        """A durable queue with these messages, each confirmed on its own."""
        with connect(broker.port) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            channel.queue_declare("kept", durable=True)
            for body in bodies:
                publish(channel, "kept", body)

    def contents(self, broker):
        with connect(broker.port) as connection:
            return take_all(connection.channel(), "kept")


class Restart(Case):
    def test_what_is_durable_is_found_again(self):
        with self.broker() as broker:
            with connect(broker.port) as connection:
                channel = connection.channel()
                channel.exchange_declare("news", "topic", durable=True)
                channel.exchange_declare("gossip", "topic")
                channel.queue_declare("kept", durable=True, arguments={"x-max-length": 9})
                channel.queue_declare("lost")
                channel.queue_bind("kept", "news", "a.#")
                channel.confirm_delivery()
                publish(channel, "kept", "one", "two")
                publish(channel, "kept", "light", mode=1)
                channel.basic_publish("news", "a.b", "three",
                                      pika.BasicProperties(delivery_mode=2))
            self.done("add_vhost", "other")
            self.done("add_user", "dora", "secret")
            self.done("set_permissions", "dora", ".*", "", ".*", "--vhost", "other")
            self.done("set_policy", "short", "^kept$", '{"expires": 1000000}')
        with self.broker() as broker:
            self.assertEqual("", broker.errors())
            with connect(broker.port) as connection:
                channel = connection.channel()
                channel.exchange_declare("news", "topic", passive=True)
                channel.queue_declare("kept", durable=True, arguments={"x-max-length": 9})
                self.assertEqual([("one", False), ("two", False), ("three", False)],
                                 take_all(channel, "kept"))
                channel.basic_publish("news", "a.c", "four")
                self.assertEqual([("four", False)], take_all(channel, "kept"))
                with self.assertRaises(pika.exceptions.ChannelClosedByBroker):
                    channel.queue_declare("lost", passive=True)
                with self.assertRaises(pika.exceptions.ChannelClosedByBroker):
                    connection.channel().exchange_declare("gossip", passive=True)
            self.assertIn("other", self.done("list_vhosts"))
            self.assertIn("dora", self.done("list_users"))
            self.assertIn("dora", self.done("list_permissions", "--vhost", "other"))
            self.assertIn("short", self.done("list_policies"))
            self.done("delete_user", "guest")
        with self.broker():
            self.assertNotIn("guest", self.done("list_users"))

    def test_after_a_crash_it_is_redelivered(self):
        broker = self.broker()
        self.fill(broker, "one", "two")
        broker.kill()
        with self.broker() as again:
            self.assertEqual([("one", True), ("two", True)], self.contents(again))

    def test_what_ctl_says_is_done_survives_a_crash(self):
        broker = self.broker()
        self.done("add_vhost", "other")
        self.done("add_user", "dora", "secret")
        broker.kill()
        with self.broker():
            self.assertIn("other", self.done("list_vhosts"))
            self.assertIn("dora", self.done("list_users"))

    def test_what_was_acked_is_gone(self):
        with self.broker() as broker:
            self.fill(broker, "one")
            self.assertEqual([("one", False)], self.contents(broker))
        with self.broker() as broker:
            self.assertEqual([], self.contents(broker))

    def test_the_configuration_counts_for_a_new_directory(self):
        path = self.path("glassmq.conf")
        for name in ("first", "second"):
            with open(path, "w") as file:
                file.write(f"[users]\ndefault-user = {name}\ndefault-password = x\n")
            with self.broker(None, "--config", path):
                self.assertEqual("first", json.loads(
                    self.done("list_users", "--format", "json"))[0]["user"])

    def test_a_first_start_that_was_cut_short_begins_again(self):
        path = self.path("glassmq.conf")
        with open(path, "w") as file:
            file.write("[users]\ndefault-user = anna\ndefault-password = x\n")
        with self.broker(None, "--config", path):
            pass
        with open(self.segments()[0], "rb") as file:
            whole = file.read()
        ends = [at + size for at, size, _ in records(whole)]
        for end in (ends[0], ends[0] - 1, ends[1], ends[2], ends[3] + 5):
            with self.subTest(end=end):
                with open(self.segments()[0], "wb") as file:
                    file.write(whole[:end])
                with self.broker(None, "--config", path):
                    self.assertEqual(["anna"], [user["user"] for user in json.loads(
                        self.done("list_users", "--format", "json"))])

    def test_without_a_data_directory_all_is_gone(self):
        with Broker("--listen", "127.0.0.1:0", "--data", "none") as broker:
            self.assertIn("(queues in memory, no data directory for glassmq ctl)",
                          broker.ready_line)
            self.fill(broker, "one")
            self.assertFalse(os.path.exists(broker.data))
        with Broker("--listen", "127.0.0.1:0", "--data", "none") as broker:
            with connect(broker.port) as connection:
                with self.assertRaises(pika.exceptions.ChannelClosedByBroker):
                    connection.channel().queue_declare("kept", passive=True)

    def test_status_shows_the_journal(self):
        with self.broker() as broker:
            self.fill(broker, "x" * 100000)
            status = self.status()
            self.assertEqual(("fine", self.data, 1, 1),
                             (status["journal"], status["journal_directory"],
                              status["journal_segments"], status["journal_messages"]))
            size = os.path.getsize(self.segments()[0])
            self.assertEqual(size, status["journal_bytes"])
            self.assertLess(100000, status["journal_live_bytes"])
            self.assertLessEqual(status["journal_live_bytes"], size)
            self.assertLess(0, status["disk_free"])


class Damage(Case):
    def make(self):
        """A journal of some batches, whose broker stopped."""
        with self.broker() as broker:
            self.fill(broker, *(f"message {i}" for i in range(5)))
        return self.segments()[-1]

    def change(self, path, at, data):
        with open(path, "r+b") as file:
            file.seek(at)
            file.write(data)

    def test_a_torn_tail_is_cut_and_told(self):
        last = self.make()
        with open(last, "ab") as file:
            file.write(b"\1\2\3" * 5)
        with self.broker() as broker:
            self.assertEqual("glassmq serve: cut 15 bytes of an unfinished write from the end of "
                             f"{os.path.basename(last)}.\n", broker.errors())
            self.assertEqual([f"message {i}" for i in range(5)],
                             [body for body, _ in self.contents(broker)])
        with self.broker() as broker:
            self.assertEqual("", broker.errors())

    def test_in_the_middle_it_is_refused_by_name_and_place(self):
        last = self.make()
        with open(last, "rb") as file:
            whole = file.read()
        batches = [at for at, _, kind in records(whole) if kind == BATCH]
        at = batches[len(batches) // 2]
        self.change(last, at + HEAD.size + 3, bytes([whole[at + HEAD.size + 3] ^ 1]))
        self.refused(f"{os.path.basename(last)} is damaged at byte {at}: ",
                     f'"glassmq journal salvage {self.data} NEWDIR" saves what can be saved')
        with open(last, "rb") as file:
            self.assertEqual(len(whole), len(file.read()), "it is left as it was")

    def test_a_newer_format_is_refused_by_name(self):
        first = self.make()
        with open(first, "rb") as file:
            whole = file.read()
        size = HEAD.unpack_from(whole)[1]
        body = bytearray(whole[4:size])
        struct.pack_into("!I", body, HEAD.size - 4 + 8, 7)
        self.change(first, 0, struct.pack("!I", crc32c(bytes(body))) + body)
        self.refused("7", os.path.basename(first), "a newer GlassMQ has written", "--data DIR")

    def test_a_directory_that_cannot_be_written_to(self):
        if os.geteuid() == 0:
            self.refused("cannot open /proc/self/lock", data="/proc/self")
            return
        os.mkdir(self.data, 0o500)
        self.refused(f"cannot open {self.data}/lock: Permission denied")


class Backup(Case):
    def check(self, path, bodies):
        with self.broker(path) as broker:
            self.assertEqual(bodies, [body for body, _ in self.contents(broker)])

    def test_of_a_running_broker(self):
        target = self.path("copy")
        with self.broker() as broker:
            self.fill(broker, "one", "two")
            self.assertRegex(self.done("backup", target), r"(?m)^files +1$")
            self.fill(broker, "three")
            self.assertEqual(0o700, os.stat(target).st_mode & 0o777)
            self.assertEqual([], [name for name in os.listdir(target) if "part" in name])
            self.check(target, ["one", "two"])
            self.assertEqual(["one", "two", "three"],
                             [body for body, _ in self.contents(broker)])

    def test_while_it_is_written_to(self):
        target = self.path("copy")
        os.mkdir(target)
        with self.broker() as broker, connect(broker.port) as connection:
            channel = connection.channel()
            channel.queue_declare("kept", durable=True)
            publish(channel, "kept", *(str(i) + "x" * 1000 for i in range(5000)))
            channel.queue_declare("kept", passive=True)
            copying = subprocess.Popen([PROGRAM, "ctl", "--data", self.data, "backup", target],
                                       stdout=subprocess.DEVNULL)
            publish(channel, "kept", *(str(i) + "x" * 1000 for i in range(5000, 10000)))
            channel.queue_declare("kept", passive=True)
            self.assertEqual(0, copying.wait(60))
        with self.broker(target) as broker:
            found = [body for body, _ in self.contents(broker)]
            self.assertEqual([str(i) + "x" * 1000 for i in range(len(found))], found)
            self.assertLessEqual(5000, len(found))

    def test_goes_to_a_place_of_its_own(self):
        with self.broker() as broker:
            self.fill(broker, "one")
            for target, sentence in ((self.folder, "is not empty"), (self.data, "is not empty"),
                                     (self.path("a", "b"), "cannot make"),
                                     ("/proc/self/status", "cannot open"),
                                     ("/proc/glassmq", "cannot make")):
                done = self.ctl("backup", target)
                self.assertEqual((1, ""), (done.returncode, done.stdout))
                self.assertIn(sentence, done.stderr)
                self.assertRegex(done.stderr, r"\Aglassmq ctl: [^\n]*\.\n\Z")
            done = subprocess.run([os.path.abspath(PROGRAM), "ctl", "--data", self.data, "backup",
                                   "near"], cwd=self.folder, capture_output=True, text=True)
            self.assertEqual((0, ""), (done.returncode, done.stderr))
            self.assertTrue(os.listdir(self.path("near")))

    def test_a_copy_of_a_stopped_broker_is_one(self):
        with self.broker() as broker:
            self.fill(broker, "one", "two")
        shutil.copytree(self.data, self.path("copy"))
        self.check(self.path("copy"), ["one", "two"])
        self.check(self.data, ["one", "two"])


class Full(Case):
    """A limit of the size of files looks like a disk without space."""

    def limit(self, broker, size):
        hard = resource.prlimit(broker.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(broker.pid, resource.RLIMIT_FSIZE, (size, hard))

    def wait_for(self, what, seconds=20):
        deadline = time.monotonic() + seconds
        while not what():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def test_it_is_told_and_ends_by_itself(self):
        with self.broker() as broker:
            self.fill(broker, "one")
            self.limit(broker, os.path.getsize(self.segments()[-1]) + 100)
            connection = connect(broker.port)
            channel = connection.channel()
            publish(channel, "kept", "x" * 1000)
            self.wait_for(lambda: "the disk is full: " in broker.errors())
            self.assertEqual(("full", ["disk"]), (self.status()["journal"],
                                                  self.status()["alarms"]))
            done = self.ctl("add_user", "late", "x")
            self.assertEqual(1, done.returncode)
            self.assertIn("the disk is full", done.stderr)
            self.assertIn("in trouble", self.ctl("backup", self.path("copy")).stderr)
            self.limit(broker, resource.RLIM_INFINITY)
            self.wait_for(lambda: self.status()["journal"] == "fine")
            self.assertEqual(1, broker.errors().count("the disk is full: "))
            connection.close()
        with self.broker() as broker:
            self.assertEqual(["one", "x" * 1000], [body for body, _ in self.contents(broker)])
            self.assertIn("late", self.done("list_users"))

    def test_a_limit_of_free_space_holds_publishers(self):
        path = self.path("glassmq.conf")
        with open(path, "w") as file:
            file.write("[limits]\ndisk-free = 1000000GiB\n")
        with self.broker(None, "--config", path) as broker:
            self.wait_for(lambda: self.status()["alarms"] == ["disk"])
            self.assertEqual("fine", self.status()["journal"])
            self.assertIn("bytes are free on the disk of the journal; publishers wait until there "
                          "is space.\n", broker.errors())
            self.done("add_user", "dora", "secret")


@unittest.skipIf(BAD_DISK is None, "there is no library bad-disk")
@unittest.skipIf(is_sanitized(), "a sanitizer wants to be the first library")
class Bad(Case):
    """A disk whose syncs fail, or do not come back."""

    def start(self):
        with mock.patch.dict(os.environ, LD_PRELOAD=os.path.abspath(BAD_DISK),
                             GLASSMQ_BAD_DISK=self.folder):
            return self.broker()

    def turn_bad(self, how):
        with open(self.path(how), "w"):
            pass

    def test_a_failed_sync_is_final(self):
        with self.start() as broker, connect(broker.port) as connection:
            self.fill(broker, "one", "two")
            self.turn_bad("fail")
            done = self.ctl("add_user", "dora", "x")
            self.assertEqual((1, "glassmq ctl: this holds until the broker stops, and may be lost "
                                 "then, since the journal has failed.\n"),
                             (done.returncode, done.stderr))
            os.unlink(self.path("fail"))
            self.assertEqual(1, self.ctl("add_user", "emil", "x").returncode, "not trusted again")
            self.assertIn("in trouble", self.ctl("backup", self.path("copy")).stderr)
            self.assertEqual("failed", self.status()["journal"])
            method, _, body = connection.channel().basic_get("kept", auto_ack=True)
            self.assertEqual(b"one", body, "consumers go on")
            self.assertEqual(1, broker.errors().count("\n"), broker.errors())
            self.assertIn(f"the journal has failed: cannot sync {self.segments()[-1]}: "
                          "Input/output error; ", broker.errors())
        with self.broker() as broker:
            self.assertLessEqual({"two"}, {body for body, _ in self.contents(broker)})

    def test_one_that_does_not_answer_ends_with_the_second_signal(self):
        broker = self.start()
        self.fill(broker, "one")
        self.turn_bad("hang")
        asking = subprocess.Popen([PROGRAM, "ctl", "--data", self.data, "add_user", "dora", "x"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.5)
        self.assertIsNone(asking.poll(), "its answer waits for the journal")
        with connect(broker.port) as connection:
            self.assertEqual(b"one", connection.channel().basic_get("kept")[2],
                             "nobody else waits for the disk")
        for _ in range(2):
            time.sleep(0.2)
            broker.signal(signal.SIGTERM)
        self.assertEqual(128 + signal.SIGTERM, broker.wait(10))
        self.assertIn("the disk does not answer: ", broker.errors())
        self.assertNotEqual(0, asking.wait(10))
        broker.kill()
        with self.broker() as again:
            self.assertEqual(["one"], [body for body, _ in self.contents(again)])


if __name__ == "__main__":
    tap.main()
