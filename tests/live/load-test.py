"""The broker under full load: nothing is lost, doubled or reordered, and it can still be stopped.

The arguments are the programs glassmq and amqpload."""

import json
import signal
import subprocess
import sys
import time
import unittest

import tap
from broker import Broker, die_with_parent

AMQPLOAD = sys.argv[2]
SECONDS = "0.5"


class Load(unittest.TestCase):
    def setUp(self):
        self.broker = self.enterContext(Broker())

    def start(self, options):
        return subprocess.Popen(
            [AMQPLOAD, "--port", str(self.broker.port), "--seconds", SECONDS, *options.split()],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            preexec_fn=die_with_parent)

    def run_load(self, options):
        with self.start(options) as load:
            out, errors = load.communicate(timeout=60)
        self.assertEqual(load.returncode, 0, errors)
        return json.loads(out)

    def assert_all_arrive(self, options, copies=1):
        found = self.run_load(options)
        self.assertGreater(found["published"], 0)
        self.assertEqual(found["consumed"], found["published"] * copies)
        self.assertEqual((found["reordered"], found["redelivered"], found["returned"]), (0, 0, 0))
        return found

    def test_bodies_of_all_sizes(self):
        for size in (0, 1, 16, 300, 4096, 65536, 131064, 131065, 1000000):
            with self.subTest(size=size):
                self.assert_all_arrive(f"--size {size}")

    def test_confirms_and_acks(self):
        found = self.assert_all_arrive("--confirm 1000 --ack 100 --prefetch 1000 --persistent")
        self.assertEqual(found["confirmed"], found["published"])
        self.assertEqual(found["nacked"], 0)

    def test_one_message_at_a_time(self):
        found = self.assert_all_arrive("--confirm 1 --ack 1 --prefetch 1 --mandatory")
        self.assertEqual(found["confirmed"], found["published"])

    def test_many_producers_and_consumers(self):
        self.assert_all_arrive("--producers 8 --consumers 4 --queues 4 --size 300")
        self.assert_all_arrive("--producers 3 --consumers 5 --queues 1 --ack 10 --prefetch 50")

    def test_exchanges_of_every_type(self):
        self.assert_all_arrive("--exchange direct --queues 3 --consumers 3 --producers 3")
        self.assert_all_arrive("--exchange fanout --queues 3 --consumers 3", copies=3)
        self.assert_all_arrive("--exchange topic --bindings 50 --queues 2 --consumers 2 "
                               "--producers 2")

    def test_a_backlog_is_drained_in_order(self):
        filled = self.run_load("--consumers 0 --keep")
        drained = self.run_load("--producers 0 --no-declare --ack 100 --prefetch 1000")
        self.assertEqual(drained["consumed"], filled["published"])
        self.assertEqual(drained["redelivered"], 0)

    def test_a_stop_under_full_load(self):
        with self.start("--seconds 60 --ack 10 --producers 2") as load:
            time.sleep(1)
            self.broker.signal(signal.SIGTERM)
            self.assertEqual(self.broker.wait(10), 0)
            _, errors = load.communicate(timeout=10)
        self.assertEqual(load.returncode, 1)
        self.assertRegex(errors, "320|hung up|send")


if __name__ == "__main__":
    tap.main()
