"""The canary: a search that finds nothing proves something only when it finds what is there. The
arguments are the program glassmq, and glassmq-sites, whose broker can be given a bug."""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tap

PROGRAM, SITES = map(os.path.abspath, sys.argv[1:3])
DIES = Path(__file__).resolve().parents[2] / "scenarios/06-worker-dies.yaml"

# Bugs, what finds them, and within how many seeds of the swarm.
BUGS = {
    "confirm.unstored": ("S12", 100),
    "dead.never": ("S13", 150),
    "prefetch.more": ("S8", 100),
    "recover.forget": ("S1", 150),
    "requeue.tail": ("S6", 1000),
    "requeue.unmarked": ("S5", 100),
    "route.short": ("S10", 20),
    "tx.early": ("S20", 50),
}


def start(*words):
    return subprocess.run([*map(str, words)], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=240)


class Canary(unittest.TestCase):
    def test_the_swarm_finds_each_planted_bug(self):
        for bug, (check, seeds) in BUGS.items():
            with self.subTest(bug):
                done = start(SITES, "--plant", bug, "sweep", "--swarm", "--seeds", f"1..{seeds}")
                self.assertEqual(1, done.returncode)
                self.assertRegex(done.stdout, rf"(?m)^{check}: \d+ seed")

    def test_a_sweep_with_faults_finds_one_in_an_ordinary_scenario(self):
        done = start(SITES, "--plant", "requeue.tail", "sweep", DIES, "--faults", "some",
                     "--seeds", "1..50")
        self.assertRegex(done.stdout, r"(?m)^S6: \d+ seed")

    def test_what_it_finds_shrinks_to_a_few_lines(self):
        plant = [SITES, "--plant", "requeue.tail"]
        found = start(*plant, "sweep", DIES, "--faults", "some", "--seeds", "1..50").stdout
        seed = re.search(r"^S6: .*\n  seed (\d+) ", found, re.MULTILINE)[1]
        with tempfile.TemporaryDirectory() as folder:
            small = Path(folder) / "small.yaml"
            done = start(*plant, "shrink", DIES, "--faults", "some", "--seed", seed, "-o", small)
            self.assertEqual(0, done.returncode, done.stderr)
            text = small.read_text()
            self.assertIn("expect: {broken: S6}\n", text)
            self.assertIn("S6 broken: queue tasks gave message", " ".join(text.split()))
            timeline = text.partition("timeline:\n")[2].partition("\n\n")[0]
            self.assertLessEqual(timeline.count("- "), 2, text)
            self.assertLessEqual(int(re.search(r"to (\d+) in", done.stdout)[1]), 30)
            self.assertEqual(0, start(*plant, "run", small, "--quiet").returncode)
            self.assertNotEqual(0, start(PROGRAM, "run", small, "--quiet").returncode)

    def test_sites_change_no_verdict(self):
        done = start(SITES, "--sites", "some", "sweep", DIES, "--seeds", "1..100", "--faults",
                     "some")
        self.assertEqual(0, done.returncode, done.stdout)


if __name__ == "__main__":
    tap.main()
