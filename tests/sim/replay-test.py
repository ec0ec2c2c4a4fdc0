"""glassmq replay and glassmq diff. Its argument is the program glassmq."""

import hashlib
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tap

PROGRAM = sys.argv[1]
SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
DIES = SCENARIOS / "06-worker-dies.yaml"

JITTER = """glassmq: 1
title: T
stop: 2s
topology: {queues: {q: {}}}
clients:
  p: {role: producer, publish: {to: default, key: q, body: x, count: 3}}
  c: {role: consumer, from: q, work: 10ms}
links: {p: {jitter: 20ms}}
"""


def glassmq(*words):
    done = subprocess.run([PROGRAM, *map(str, words)], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


class Both(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.trace = Path(self.folder.name) / "run.trace"

    def write(self, name, text):
        path = Path(self.folder.name) / name
        path.write_text(text)
        return path

    def record(self, *words):
        self.assertIn(glassmq("run", "--quiet", "--trace", self.trace, *words)[0], (0, 1))

    def change_scenario(self, old, new):
        """As another version of the program would read the scenario: otherwise."""
        header, rest = self.trace.read_text().split("\n", 1)
        header = json.loads(header)
        self.assertIn(old, header["text"])
        header["text"] = header["text"].replace(old, new)
        header["sha256"] = hashlib.sha256(header["text"].encode()).hexdigest()
        line = json.dumps(header, separators=(",", ":"), ensure_ascii=False)
        self.trace.write_text(line + "\n" + rest)


class Replay(Both):
    def test_a_trace_file_alone_is_enough(self):
        for path in sorted(SCENARIOS.glob("*.yaml")):
            with self.subTest(path.name):
                self.record(path)
                status, told, errors = glassmq("replay", self.trace)
                self.assertEqual((0, ""), (status, errors))
                self.assertTrue(told.startswith("The same run: " + path.stem), told)

    def test_seed_ties_and_level_are_those_of_the_trace(self):
        self.record(DIES, "--seed", 3, "--ties", "random", "--level", "net")
        status, told, _ = glassmq("replay", self.trace)
        self.assertEqual(0, status, told)
        self.assertIn("seed 3", told)

    def test_says_where_it_parts_and_why(self):
        self.record(DIES)
        self.change_scenario("work: 500ms", "work: 600ms")
        status, told, errors = glassmq("replay", self.trace)
        self.assertEqual((1, ""), (status, errors))
        self.assertRegex(told, r"\AAnother run: it parts at event \d+ of 174\.\nThe trace:\n  {")
        self.assertIn("They differ in work_ms.\n", told)
        self.assertIn("Scenario, seed and version are the same, so the program has changed", told)
        self.assertRegex(told, r"client w1: processed +4  5\n")
        self.assertIn("Verdict of the trace: held, of this run: held.", told)

    def test_refuses_what_is_no_trace(self):
        status, _, errors = glassmq("replay", DIES)
        self.assertEqual(3, status)
        self.assertIn("06-worker-dies.yaml, line 1: this is not a", errors)
        self.assertEqual(3, glassmq("replay", "nowhere.trace")[0])
        self.assertEqual(2, glassmq("replay")[0])

    def test_a_scenario_that_cannot_be_read_is_told_line_by_line(self):
        self.record(DIES)
        self.change_scenario("prefetch: 1", "prefetsch: 1")
        status, _, errors = glassmq("replay", self.trace)
        self.assertEqual(3, status)
        self.assertIn("the scenario in it", errors)
        self.assertIn('Did you mean "prefetch"?', errors)


class Diff(Both):
    def test_the_same_is_the_same(self):
        self.record(DIES)
        status, told, _ = glassmq("diff", DIES, self.trace)
        self.assertEqual(0, status)
        self.assertTrue(told.startswith("The same: 174 events, fingerprint "), told)

    def test_two_seeds_of_one_file(self):
        path = self.write("j.yaml", JITTER)
        status, told, _ = glassmq("diff", path, "--seed", 1, "--other-seed", 2)
        self.assertEqual(1, status)
        self.assertIn("The first run has seed 1, the second run has seed 2.\n\nThey part at", told)
        self.assertIn("But for times, the same happens in both until they part at event", told)
        self.assertIn("What came of them is the same in numbers.", told)

    def test_tells_the_first_line_that_differs_and_how_they_end(self):
        one = self.write("one.yaml", JITTER)
        other = self.write("other.yaml", JITTER.replace("count: 3", "count: 5"))
        status, told, _ = glassmq("diff", one, other)
        self.assertEqual(1, status)
        self.assertIn("The scenarios differ, first in line 6:\n", told)
        self.assertRegex(told, r"messages sent +3  5\n")
        self.assertRegex(told, r"client c: processed +3  5\n")

    def test_wrong_use(self):
        self.assertIn("needs --other-seed", glassmq("diff", DIES)[2])
        status, _, errors = glassmq("diff", DIES, "--other-seed", "x")
        self.assertEqual(2, status)
        self.assertIn('--other-seed takes a whole number', errors)
        self.assertEqual(3, glassmq("diff", DIES, "nowhere")[0])


if __name__ == "__main__":
    tap.main()
