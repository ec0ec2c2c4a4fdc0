"""Nothing confirmed is lost when the broker is killed, or stopped, at any moment under load.

The clients are amqplib (crash/worker.js), librabbitmq (crash/worker.c) and pika. The arguments are the
programs glassmq and crash-worker, the build folder for amqplib, and then, as one likes, a seed: that
round is run alone. Ten rounds with crashes and some with stops; 200 in a long test. In place of
glassmq, the word rabbitmq runs the same with RabbitMQ."""

import os
import subprocess
import sys
import unittest
from pathlib import Path

import tap
from broker import PROGRAM
from crash.node import Node, RabbitNode
from crash.round import run_round

WORKER = sys.argv[2]
BUILD = sys.argv[3]
HERE = Path(__file__).resolve().parent
SEED = int(sys.argv[4]) if len(sys.argv) > 4 and sys.argv[4].isdigit() else None
IS_LONG = "GLASSMQ_TEST_LONG" in os.environ
CRASHES = 200 if IS_LONG else 10
STOPS = 20 if IS_LONG else 3


def make_node(folder):
    return RabbitNode(folder) if PROGRAM == "rabbitmq" else Node(PROGRAM, folder)


class Crash(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        subprocess.run(["sh", HERE / "amqplib-install.sh", HERE, BUILD], check=True)
        os.environ["NODE_PATH"] = os.path.join(BUILD, "node", "node_modules")

    def run_rounds(self, count, is_crash):
        first = int.from_bytes(os.urandom(3), "big") if SEED is None else SEED
        failures = []
        for seed in range(first, first + (count if SEED is None else 1)):
            try:
                print(f"# seed {seed}: {run_round(make_node, WORKER, seed, is_crash)}", flush=True)
            except AssertionError as failure:
                print("# " + str(failure).replace("\n", "\n# "), flush=True)
                failures.append(seed)
        self.assertEqual([], failures, "the rounds with these seeds failed")

    def test_nothing_confirmed_is_lost_in_a_crash(self):
        self.run_rounds(CRASHES, True)

    def test_nothing_is_lost_or_mistaken_in_a_stop(self):
        self.run_rounds(STOPS, False)


if __name__ == "__main__":
    tap.main()
