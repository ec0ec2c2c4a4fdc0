"""glassmq serve --record and glassmq replay of what it wrote: the broker of the recording does the
same again. Its argument is the program glassmq."""

import os
import signal
import subprocess
import tempfile
import time
import unittest

import pika

import tap
from broker import PROGRAM, Broker
from wire import Client, consume, declare

PERSISTENT = pika.BasicProperties(delivery_mode=2)
WAIT_S = 60

# Numbers of a record, and whether it has bytes, by kind: core/base/recording.def.
KINDS = [(1, True), (0, True), (0, False), (2, False), (2, True), (1, True), (1, True), (1, False),
         (1, False), (0, False), (2, False), (0, False), (0, True), (0, True), (0, False),
         (2, False), (2, False), (2, False), (1, True), (1, True), (1, False), (1, True), (1, True),
         (1, True), (1, False)]
RANDOM, END = 17, 15
MAGIC = b"GlassMQ recording 1\n"


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def number_at(data, at):
    number = shift = 0
    while True:
        number |= (data[at] & 0x7f) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 0x80:
            return number, at


def records_of(block):
    """(kind, start, end) of each record of a block."""
    at = 0
    while at < len(block):
        start, (n, has_bytes) = at, KINDS[block[at]]
        at += 1
        for _ in range(n):
            _, at = number_at(block, at)
        if has_bytes:
            size, at = number_at(block, at)
            at += size
        yield block[start], start, at


def blocks_of(data):
    at = len(MAGIC)
    while at < len(data):
        size = int.from_bytes(data[at:at + 4], "big")
        yield data[at + 8:at + 8 + size]
        at += 8 + size


def change_last(data, kind):
    """The same with a high bit of the last number of the last record of that kind turned over, and
    with right checksums."""
    blocks = [bytearray(block) for block in blocks_of(data)]
    block, end = [(block, end) for block in blocks for k, _, end in records_of(block)
                  if k == kind][-1]
    block[end - 1] ^= 1 if block[end - 1] == 1 else 0x20
    return MAGIC + b"".join(len(block).to_bytes(4, "big") + crc32c(block).to_bytes(4, "big") + block
                            for block in blocks)


def connect(broker):
    return pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", broker.port,
                                                             socket_timeout=WAIT_S))


def talk(broker):
    """Much of what clients do: confirms, time to live, dead letters, gets, a large body, a consumer,
    an error of a channel, and somebody who is gone without a word."""
    connection = connect(broker)
    channel = connection.channel()
    channel.confirm_delivery()
    channel.exchange_declare("dlx", "fanout", durable=True)
    channel.queue_declare("dead", durable=True)
    channel.queue_bind("dead", "dlx")
    channel.queue_declare("work", durable=True, arguments={
        "x-message-ttl": 200, "x-dead-letter-exchange": "dlx"})
    channel.queue_declare("", exclusive=True)
    for n in range(20):
        channel.basic_publish("", "work", b"job %d" % n,
                              pika.BasicProperties(delivery_mode=2, message_id=f"job-{n}"))
    channel.basic_publish("", "work", os.urandom(1_500_000), PERSISTENT)
    for _ in range(5):
        channel.basic_ack(channel.basic_get("work")[0].delivery_tag)
    channel.basic_nack(channel.basic_get("work")[0].delivery_tag, requeue=False)
    channel.basic_get("work")
    deadline = time.monotonic() + WAIT_S
    while channel.queue_declare("dead", passive=True).method.message_count < 15:
        if time.monotonic() > deadline:
            raise RuntimeError("the messages do not expire")
        time.sleep(0.05)
    for method, _, _ in channel.consume("dead", inactivity_timeout=0.2):
        if method is None:
            break
        channel.basic_ack(method.delivery_tag)
    channel.cancel()

    rude = Client(broker.port)
    rude.shake_hands()
    rude.call(declare("rude"), 50, 11)
    rude.call(consume("rude"), 60, 21)
    channel.basic_publish("", "rude", b"comes back")
    rude.reset()
    channel.basic_publish("", "dead", b"stays", PERSISTENT)
    wrong = connection.channel()
    try:
        wrong.queue_declare("work", durable=False)
    except pika.exceptions.ChannelClosedByBroker:
        pass
    connection.close()


def administrate(broker):
    for words in (["add_user", "bob", "secret"], ["list_queues"], ["status"],
                  ["set_policy", "few", "^few$", '{"max-length": 3}'], ["purge_queue", "work"],
                  ["export_definitions", "-"], ["no_such_command"]):
        broker.ctl(*words)


class Record(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.path = os.path.join(self.folder, "r.rec")
        self.data = os.path.join(self.folder, "data")

    def serve(self, data=None, path=None):
        return Broker("--listen", "127.0.0.1:0", "--data", data or self.data, "--record",
                      path or self.path)

    def ctl_of(self, broker):
        """In the directory of its own."""
        broker.ctl = lambda *words: subprocess.run(
            [os.path.abspath(PROGRAM), "ctl", "--data", self.data, *words], capture_output=True,
            text=True, timeout=WAIT_S)
        return broker

    def replay(self, *words, path=None):
        return subprocess.run([PROGRAM, "replay", path or self.path, *words],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=WAIT_S)

    def assert_same(self, done):
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertTrue(done.stdout.endswith("The same story as then.\n"), done.stdout)

    def test_a_broker_in_memory_does_the_same_again(self):
        with self.serve("none") as broker:
            talk(broker)
        first = self.replay()
        self.assert_same(first)
        self.assertEqual(first.stdout, self.replay().stdout)
        for words in ("publishes job-3 to queue work.", "The broker confirms", "gets job-0 from",
                      "goes from queue dead to", "acks job-0.", "is gone."):
            self.assertIn(words, first.stdout)
        self.assertEqual(0o600, os.stat(self.path).st_mode & 0o777)

    def test_a_broker_with_a_journal_does_the_same_again_and_so_does_the_next_one(self):
        for name in ("first", "second"):
            path = os.path.join(self.folder, name)
            with self.serve(path=path) as broker:
                self.ctl_of(broker)
                talk(broker)
                administrate(broker)
            self.assert_same(self.replay("--quiet", path=path))
        self.assertIn("was on the disk and is back in queue dead", self.replay(path=path).stdout)

    def test_what_begins_it_is_in_the_recording(self):
        users = os.path.join(self.folder, "users.json")
        config = os.path.join(self.folder, "c.conf")
        with open(users, "w") as file:
            file.write('{"users": [{"name": "u", "password": "p", "tags": []}], "permissions": ['
                       '{"user": "u", "vhost": "v w", "configure": ".*", "write": ".*",'
                       '"read": ".*"}], "queues": [{"name": "q", "vhost": "v w"}]}')
        with open(config, "w") as file:
            file.write(f"[users]\nfile = {users}\ndefault-vhost = v w\n[limits]\nheartbeat = 0\n")
        with Broker("--config", config, "--listen", "127.0.0.1:0", "--data", "none", "--record",
                    self.path) as broker:
            pika.BlockingConnection(pika.ConnectionParameters(
                "127.0.0.1", broker.port, "v w", pika.PlainCredentials("u", "p"))).close()
        os.unlink(users)
        self.assert_same(self.replay())

    def test_its_trace_can_be_looked_at_and_is_no_scenario(self):
        trace = os.path.join(self.folder, "r.trace")
        with self.serve("none") as broker:
            talk(broker)
        self.assert_same(self.replay("--quiet", "--trace", trace))
        view = subprocess.run([PROGRAM, "view", trace, "--render", "100x30", "--at", "end"],
                              capture_output=True, text=True, timeout=WAIT_S)
        self.assertEqual((0, ""), (view.returncode, view.stderr))
        self.assertIn("dead", view.stdout)
        done = self.replay(path=trace)
        self.assertEqual(3, done.returncode)
        self.assertIn("replay the recording that it was made from", done.stderr)
        done = self.replay("--quiet", path=trace)
        self.assertEqual(2, done.returncode)
        self.assertIn("are for recordings", done.stderr)

    def test_a_killed_broker_leaves_what_came_before_its_last_second(self):
        with self.serve() as broker:
            talk(broker)
            size = os.stat(self.path).st_size
            deadline = time.monotonic() + WAIT_S
            while os.stat(self.path).st_size == size and time.monotonic() < deadline:
                time.sleep(0.1)
            time.sleep(1.5)
            broker.signal(signal.SIGKILL)
            broker.wait()
            broker.stop = lambda: None
        done = self.replay()
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertIn("publishes job-3 to queue work.", done.stdout)
        self.assertIn("The broker was not stopped in order", done.stdout)

        with open(self.path, "rb+") as file:
            file.truncate(os.stat(self.path).st_size - 1)
        done = self.replay("--quiet")
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertIn("The recording was cut: its last ", done.stdout)

    def test_damage_and_other_runs_are_told(self):
        with self.serve("none") as broker:
            connection = connect(broker)
            connection.channel().queue_declare("", exclusive=True)
            connection.close()
        with open(self.path, "rb") as file:
            data = file.read()

        def replay_changed(changed):
            with open(self.path, "wb") as file:
                file.write(changed)
            return self.replay()

        done = replay_changed(data[:200] + bytes([data[200] ^ 1]) + data[201:])
        self.assertEqual(3, done.returncode)
        self.assertIn("r.rec is damaged at byte 20: the checksum of a block is wrong; ", done.stderr)
        done = replay_changed(change_last(data, END))
        self.assertEqual((1, ""), (done.returncode, done.stderr))
        self.assertIn("Another story: then it had ", done.stdout)
        done = replay_changed(change_last(data, RANDOM))
        self.assertEqual((1, ""), (done.returncode, done.stderr))
        self.assertIn("Another ", done.stdout)
        done = replay_changed(MAGIC)
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertIn("Replayed: 0 inputs", done.stdout)
        done = replay_changed(b"GlassMQ recording 2\n")
        self.assertEqual(3, done.returncode)
        self.assertIn("a recording of another form", done.stderr)

    def test_no_file_is_written_over_and_none_is_left_by_a_broker_that_cannot_serve(self):
        words = [PROGRAM, "serve", "--listen", "127.0.0.1:0", "--data", "none", "--record"]
        with open(self.path, "w") as file:
            file.write("dear")
        done = subprocess.run([*words, self.path], capture_output=True, text=True, timeout=WAIT_S)
        self.assertEqual(1, done.returncode)
        self.assertIn("is there already, and a recording is not written over", done.stderr)
        self.assertEqual("dear", open(self.path).read())

        with Broker() as other:
            path = os.path.join(self.folder, "other.rec")
            done = subprocess.run([*words, path, "--listen", f"127.0.0.1:{other.port}"],
                                  capture_output=True, text=True, timeout=WAIT_S)
        self.assertEqual(1, done.returncode)
        self.assertFalse(os.path.exists(path))

    def test_a_recorded_broker_makes_no_backup(self):
        with self.serve() as broker:
            self.ctl_of(broker)
            done = broker.ctl("backup", os.path.join(self.folder, "copy"))
            self.assertEqual(1, done.returncode)
            self.assertIn("start it without --record", done.stderr)
        self.assert_same(self.replay())


if __name__ == "__main__":
    tap.main()
