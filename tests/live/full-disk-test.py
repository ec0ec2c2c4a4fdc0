"""A disk that is really full: a small file system of this test's own, in a mount namespace that ends
with it. Nothing confirmed is lost, consumers go on, and publishers too once there is space.

Its argument is the program glassmq. Root mounts it, anybody else a user namespace's root."""

import os
import select
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import tap
from broker import Broker
from wire import (CHANNEL_OPEN, CONTENT_HEADER, BODY, HEADER, HEARTBEAT, METHOD, OPEN, TUNE_OK,
                  Client, frame, get, longstr, method, shortstr)

INSIDE = "GLASSMQ_TEST_MOUNTS"
MIB = 1 << 20
SIZE = 32768       # of a body
WINDOW = 16        # unconfirmed messages
WAIT_S = 20        # for what the broker does by itself
SPARE = 100        # messages, more than a broker takes that has no space for one
LOOK_S = 1.2       # between two looks at the disk
PATIENCE_S = 0.3   # with confirms that do not come
BLOCKED, UNBLOCKED = (10, 60), (10, 61)
ACK, NACK = (60, 80), (60, 120)

CAPABILITIES = shortstr("connection.blocked") + b"t\1"
PROPERTIES = shortstr("capabilities") + b"F" + longstr(CAPABILITIES)
START_OK = method(0, 10, 11, longstr(PROPERTIES) + shortstr("PLAIN") + longstr(b"\0guest\0guest") +
                  shortstr("en_US"))
DECLARE = method(1, 50, 10, b"\0\0" + shortstr("q") + b"\2" + longstr(b""))  # durable
CONFIRM_SELECT = method(1, 85, 10, b"\0")


def may_mount():
    """The words that start a program which may mount; None when this machine has none."""
    for words in (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"]):
        script = 'mount -t tmpfs -o size=1m none "$0"'
        with tempfile.TemporaryDirectory() as folder:
            if subprocess.run([*words, "sh", "-c", script, folder], capture_output=True,
                              check=False).returncode == 0:
                return words
    return None


def body_of(number):
    return (b"%d " % number * SIZE)[:SIZE]


def persistent(number):
    body = body_of(number)
    return (method(1, 60, 40, b"\0\0" + shortstr("") + shortstr("q") + b"\0") +
            frame(CONTENT_HEADER, 1, struct.pack("!HHQHB", 60, 0, len(body), 0x1000, 2)) +
            frame(BODY, 1, body))


class Publisher(Client):
    """Sends numbered messages, and knows which of them are confirmed and whether it is blocked."""

    def __init__(self, port, first=1):
        super().__init__(port)
        self.send(HEADER)
        self.expect(10, 10)
        self.send(START_OK)
        self.expect(10, 30)
        self.send(TUNE_OK + OPEN)
        self.expect(10, 41)
        self.call(CHANNEL_OPEN, 20, 11)
        self.call(DECLARE, 50, 11)
        self.call(CONFIRM_SELECT, 85, 11)
        self.first = first
        self.n_sent = 0
        self.open = set()  # tags
        self.confirmed = []
        self.reasons = []
        self.is_blocked = False

    def settle(self, arguments):
        tag, multiple = struct.unpack("!QB", arguments[:9])
        settled = sorted(each for each in self.open if each == tag or (multiple and each < tag))
        self.open.difference_update(settled)
        self.confirmed += [self.first + each - 1 for each in settled]

    def take_frame(self):
        """Takes one frame; one that stays out for too long is an error."""
        kind, _, payload = self.read_frame()
        if kind == HEARTBEAT:
            return
        assert kind == METHOD, kind
        ids = struct.unpack("!HH", payload[:4])
        if ids == ACK:
            self.settle(payload[4:])
        elif ids == BLOCKED:
            self.is_blocked = True
            self.reasons.append(payload[5:5 + payload[4]].decode())
        elif ids == UNBLOCKED:
            self.is_blocked = False
        else:
            raise AssertionError(f"the broker says {ids}: {payload[4:]}")

    def send_next(self):
        self.n_sent += 1
        self.open.add(self.n_sent)
        self.send(persistent(self.first + self.n_sent - 1))

    def has_frame(self):
        return self.pending or select.select([self.socket], [], [], PATIENCE_S)[0]

    def fill(self, most):
        """Publishes until it is blocked, which it hears of when it sends more after the disk got
        full. `most` is more than there is space for."""
        while not self.is_blocked:
            assert self.n_sent < most, f"{self.n_sent} messages, and not blocked yet"
            while len(self.open) < WINDOW:
                self.send_next()
            if self.has_frame():
                self.take_frame()
            else:
                self.send_next()

    def wait_until_free(self):
        """Until it may publish again and all it sent is confirmed."""
        deadline = time.monotonic() + WAIT_S
        while self.is_blocked or self.open:
            assert time.monotonic() < deadline, "still blocked"
            self.take_frame()

    def publish(self, count):
        for _ in range(count):
            self.send_next()
        while self.open:
            self.take_frame()


class Consumer(Client):
    def __init__(self, port):
        super().__init__(port)
        self.shake_hands()

    def get(self):
        """The number of the oldest message, whose body is right; None when there is none."""
        self.send(get("q"))  # without an ack
        ids = struct.unpack("!HH", (payload := self.read_frame()[2])[:4])
        if ids == (60, 72):
            return None
        assert ids == (60, 71), payload
        left = struct.unpack("!Q", self.read_frame()[2][4:12])[0]
        body = b""
        while len(body) < left:
            body += self.read_frame()[2]
        number = int(body.split(b" ")[0])
        assert body == body_of(number), f"the body of {number} has changed"
        return number

    def get_all(self):
        numbers = []
        while (number := self.get()) is not None:
            numbers.append(number)
        return numbers


class FullDisk(unittest.TestCase):
    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="glassmq-full-"))
        self.disk = os.path.join(folder, "disk")
        os.mkdir(self.disk)
        self.config = os.path.join(folder, "glassmq.conf")
        self.broker = None

    def tearDown(self):
        if self.broker is not None:
            self.broker.kill()
        subprocess.run(["umount", "--lazy", self.disk], check=True)

    def mount(self, size, disk_free="0"):
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", self.disk],
                       check=True)
        with open(self.config, "w") as file:
            file.write(f"[limits]\ndisk-free = {disk_free}\n")

    def put_ballast(self, size):
        """Space that another program takes."""
        with open(os.path.join(self.disk, "ballast"), "wb") as file:
            file.write(bytes(size))

    def drop_ballast(self):
        os.remove(os.path.join(self.disk, "ballast"))

    def start(self):
        self.broker = Broker("--listen", "127.0.0.1:0", "--config", self.config, "--data",
                             os.path.join(self.disk, "data"))
        return self.broker.port

    def crash(self):
        self.broker.signal(signal.SIGKILL)
        self.broker.wait()

    def assert_holds(self, publishers, taken=()):
        """After what happened every confirmed message is there, and what else was sent perhaps; in
        order, each once."""
        found = Consumer(self.broker.port).get_all()
        self.assertEqual(sorted(set(found)), found)
        confirmed = {number for each in publishers for number in each.confirmed}
        self.assertEqual([], sorted(confirmed.difference(found, taken)))
        last = max(each.first + each.n_sent - 1 for each in publishers)
        self.assertLessEqual(found[-1] if found else 0, last)
        self.assertEqual([], sorted(set(found).intersection(taken)))

    def test_goes_on_when_there_is_space_again(self):
        self.mount(32 * MIB)
        self.put_ballast(20 * MIB)
        publisher = Publisher(self.start())
        publisher.fill(12 * MIB // SIZE + SPARE)
        self.assertEqual(["low on disk"], publisher.reasons)
        consumer = Consumer(self.broker.port)
        taken = [consumer.get() for _ in range(50)]
        self.assertEqual(list(range(1, 51)), taken)
        self.assertTrue(publisher.is_blocked)

        self.drop_ballast()
        publisher.wait_until_free()
        publisher.publish(100)
        self.broker.stop()
        self.start()
        self.assert_holds([publisher], taken)
        self.broker.stop()

    def test_goes_on_when_consumers_made_space(self):
        self.mount(200 * MIB)
        publisher = Publisher(self.start())
        publisher.fill(200 * MIB // SIZE + SPARE)
        self.assertGreater(len(publisher.confirmed), 150 * MIB // SIZE)
        consumer = Consumer(self.broker.port)
        taken = consumer.get_all()
        self.assertEqual(list(range(1, len(taken) + 1)), taken)
        publisher.wait_until_free()
        taken += consumer.get_all()
        publisher.publish(200)
        self.crash()
        self.start()
        self.assert_holds([publisher], taken)

    def test_goes_on_when_all_of_one_segment_was_taken(self):
        self.mount(32 * MIB)
        publisher = Publisher(self.start())
        publisher.fill(32 * MIB // SIZE + SPARE)
        consumer = Consumer(self.broker.port)
        taken = consumer.get_all()
        self.assertEqual(list(range(1, len(taken) + 1)), taken)
        publisher.wait_until_free()
        publisher.publish(100)
        self.crash()
        self.start()
        self.assert_holds([publisher], taken)

    def test_goes_on_when_a_part_was_taken(self):
        self.mount(200 * MIB)
        publisher = Publisher(self.start())
        publisher.fill(200 * MIB // SIZE + SPARE)
        consumer = Consumer(self.broker.port)
        taken = [consumer.get() for _ in range(140 * MIB // SIZE)]  # two segments, and more
        publisher.wait_until_free()
        publisher.publish(200)
        self.crash()
        self.start()
        self.assert_holds([publisher], taken)

    def test_a_crash_on_a_full_disk_loses_nothing(self):
        self.mount(32 * MIB)
        self.put_ballast(20 * MIB)
        publisher = Publisher(self.start())
        publisher.fill(12 * MIB // SIZE + SPARE)
        self.crash()
        late = Publisher(self.start(), first=publisher.n_sent + 1)
        late.fill(SPARE)
        self.crash()
        self.drop_ballast()
        self.start()
        self.assert_holds([publisher, late])
        self.broker.stop()

    def test_a_stop_on_a_full_disk_loses_nothing(self):
        self.mount(32 * MIB)
        self.put_ballast(20 * MIB)
        publisher = Publisher(self.start())
        publisher.fill(12 * MIB // SIZE + SPARE)
        self.broker.signal(signal.SIGTERM)
        self.broker.wait()
        self.drop_ballast()
        self.start()
        self.assert_holds([publisher])
        self.broker.stop()

    def test_stops_publishers_before_it_is_full(self):
        self.mount(64 * MIB, disk_free="40MiB")
        publisher = Publisher(self.start())
        publisher.publish(20)
        self.put_ballast(30 * MIB)
        time.sleep(LOOK_S)
        publisher.fill(SPARE)
        self.assertEqual(["low on disk"], publisher.reasons)
        self.drop_ballast()
        publisher.wait_until_free()
        self.assertEqual(list(range(1, publisher.n_sent + 1)), publisher.confirmed)
        self.broker.stop()
        self.start()
        self.assert_holds([publisher])
        self.broker.stop()


def main():
    if INSIDE in os.environ:
        tap.main()
    words = may_mount()
    if words is None:
        print("1..0 # SKIP nobody may mount a file system here: not root, and no user namespaces")
        return
    os.environ[INSIDE] = "1"
    os.execvp(words[0], [*words, sys.executable, "-B", *sys.argv])


if __name__ == "__main__":
    main()
