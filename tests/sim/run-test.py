"""glassmq run: what it prints, writes and answers. Its argument is the program glassmq."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tap

PROGRAM = sys.argv[1]
SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
HELLO = SCENARIOS / "01-hello-queue.yaml"

SMALL = """glassmq: 1
title: T
stop: 2s
topology: {queues: {q: {}}}
clients:
  p: {role: producer, publish: {to: default, key: q, body: x}, confirms: {}}
  c: {role: consumer, from: q, work: WORK}
links: {p: {jitter: 20ms}}
expect: {EXPECTED}
"""


def run(*words, env=None):
    return subprocess.run([PROGRAM, "run", *map(str, words)], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60, env=env)


class Run(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, text, name="t.yaml"):
        path = Path(self.folder.name) / name
        path.write_text(text)
        return path

    def small(self, expected="confirmed: 1", work="10ms"):
        return self.write(SMALL.replace("EXPECTED", expected).replace("WORK", work))

    def test_every_shipped_scenario_holds(self):
        for path in sorted(SCENARIOS.glob("*.yaml")):
            with self.subTest(path.name):
                done = run(path)
                self.assertEqual((0, ""), (done.returncode, done.stderr))
                self.assertIn("\nVerdict: held  (", done.stdout)

    def test_draws_the_order_of_an_instant_on_demand(self):
        stories = set()
        for seed in range(5):
            done = run(SCENARIOS / "02-work-queue.yaml", "--seed", seed, "--ties", "random")
            self.assertNotIn(" broken: ", done.stdout)
            stories.add(done.stdout.rsplit("story ", 1)[1])
        self.assertGreater(len(stories), 1)
        wrong = run(HELLO, "--ties", "fair")
        self.assertEqual(2, wrong.returncode)
        self.assertIn('--ties takes "random", not "fair"', wrong.stderr)

    def test_tells_frames_and_bytes_on_demand(self):
        frames = run(HELLO, "--level", "frames", env={"LC_ALL": "C"}).stdout
        self.assertIn("   0.210s    alice -> broker  ch 1  basic.publish ticket=0", frames)
        self.assertNotIn(" B leave\n", frames)
        net = run(HELLO, "--level", "net", env={"LC_ALL": "C"}).stdout
        self.assertIn("   0.030s    alice -> broker  8 B leave\n", net)
        wrong = run(HELLO, "--level", "bits")
        self.assertEqual(2, wrong.returncode)
        self.assertIn('--level takes "story", "frames" or "net", not "bits"', wrong.stderr)

    def test_tells_the_life_of_one_message(self):
        done = run(SCENARIOS / "06-worker-dies.yaml", "--message", "p1-5")
        self.assertEqual(0, done.returncode)
        self.assertTrue(done.stdout.startswith("The life of p1-5\n"))
        self.assertIn("because w1\n                        crashed (#83)", done.stdout)
        unknown = run(HELLO, "--message", "bob-1")
        self.assertEqual((2, ""), (unknown.returncode, unknown.stdout))
        self.assertIn("nobody sent a message bob-1 in this run; there are alice-1", unknown.stderr)

    def test_tells_the_story_with_captions_set_apart(self):
        told = run(HELLO, env={"LC_ALL": "C.UTF-8"}).stdout
        self.assertTrue(told.startswith("Hello, queue\n"))
        self.assertIn('   0.190s  alice sends "Hello 1" to queue hello (alice-1).\n', told)
        self.assertIn("\n\n         │ The first greeting is in the queue.", told)
        self.assertIn("\n✓ confirmed: 3\n", told)

    def test_uses_only_ascii_where_that_is_asked_for(self):
        for env in ({"LC_ALL": "C"}, {"LANG": "de_DE.ISO-8859-1"}, {}):
            with self.subTest(env):
                told = run(HELLO, env=env).stdout
                self.assertTrue(told.isascii())
                self.assertIn("\nok confirmed: 3\n", told)

    def test_a_broken_expectation_answers_1(self):
        done = run(self.small("confirmed: 2"))
        self.assertEqual(1, done.returncode)
        self.assertIn(" confirmed: 2, but found 1\n", done.stdout)

    def test_an_undecided_run_answers_2(self):
        done = run(self.small("processed: 1", work="5s"))
        self.assertEqual(2, done.returncode)
        self.assertIn("\nVerdict: undecided  (", done.stdout)

    def test_a_wrong_file_answers_3_with_line_and_column(self):
        path = self.write("glassmq: 1\ntitle: T\nstop: 5\n")
        done = run(path)
        self.assertEqual((3, ""), (done.returncode, done.stdout))
        self.assertIn(f"{path}, line 3, column 7: ", done.stderr)

    def test_a_missing_file_answers_3(self):
        done = run(Path(self.folder.name) / "none.yaml")
        self.assertEqual((3, ""), (done.returncode, done.stdout))
        self.assertTrue(done.stderr.startswith("glassmq run: cannot read "))

    def test_a_wrong_option_answers_2(self):
        for words in (["--sed", "1", HELLO], ["--seed", "x", HELLO], [], [HELLO, HELLO]):
            with self.subTest(words):
                done = run(*words)
                self.assertEqual((2, ""), (done.returncode, done.stdout))
                self.assertTrue(done.stderr.startswith("glassmq run: "))

    def test_seeds_are_decimal_hex_or_a_commit(self):
        stories = []
        for seed in ("255", "0xff", "256", "0123456789abcdef0123456789abcdef01234567"):
            done = run("--seed", seed, self.small())
            self.assertEqual(0, done.returncode, done.stderr)
            stories.append(done.stdout)
        self.assertEqual(stories[0], stories[1])
        self.assertNotEqual(stories[0], stories[2])
        self.assertIn("(seed 255, ", stories[0])

    def test_quiet_leaves_out_the_story(self):
        told = run("--quiet", HELLO).stdout
        self.assertTrue(told.startswith("attempted  confirmed"))

    def test_a_trace_is_json_lines(self):
        path = Path(self.folder.name) / "t.jsonl"
        self.assertEqual(0, run("--quiet", "--trace", path, HELLO).returncode)
        header, *events, end = [json.loads(line) for line in path.read_text().splitlines()]
        self.assertEqual(["glassmq", "tool", "scenario", "title", "seed", "ties", "level", "stop",
                          "sha256", "text"],
                         list(header))
        self.assertEqual(HELLO.read_text(), header["text"])
        self.assertEqual(["full", "story", "events", "verdict"], list(end))
        self.assertEqual(end["events"], len(events))
        self.assertEqual(list(range(1, len(events) + 1)), [event["n"] for event in events])
        self.assertTrue(all(event["c"] < event["n"] for event in events))

    def test_a_trace_that_cannot_be_written_is_told(self):
        done = run("--quiet", "--trace", "/nonexistent/t.jsonl", HELLO)
        self.assertEqual(2, done.returncode)
        self.assertTrue(done.stderr.startswith("glassmq run: cannot write /nonexistent/t.jsonl: "))

    def test_check_runs_twice(self):
        done = run("--check", HELLO)
        self.assertEqual(0, done.returncode)
        self.assertTrue(done.stdout.startswith("Both runs are the same: 53 events, fingerprint "))

    def test_check_gives_the_verdict_too(self):
        self.assertEqual(1, run("--check", self.small("confirmed: 2")).returncode)


if __name__ == "__main__":
    tap.main()
