"""glassmq sweep, shrink and inevitable: what they print, write and answer. The argument is the
program glassmq."""

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import tap

PROGRAM = os.path.abspath(sys.argv[1])
ROOT = Path(__file__).resolve().parents[2]
DIES = ROOT / "scenarios/06-worker-dies.yaml"

# Whether the ack of the only task is there before its worker dies is for jitter to say.
LUCK = """glassmq: 1
title: An ack on its way
stop: 8s
topology: {queues: {tasks: {durable: yes}}}
clients:
  p: {role: producer, publish: {to: default, key: tasks, body: x}}
  w: {role: consumer, from: tasks, work: 500ms}
links: {w: {latency: 10ms, jitter: 500ms}}
timeline:
  - {at: 3s, crash: w, for: 100ms}
  - {at: 4s, say: This changes nothing.}
expect: {queues: {tasks: {redelivered: 0}}}
"""


def start(*words, cwd=None, command="sweep"):
    return subprocess.run([PROGRAM, command, *map(str, words)], stdin=subprocess.DEVNULL, cwd=cwd,
                          capture_output=True, text=True, timeout=120)


def without_speed(text):
    return re.sub(r"^Speed: .*\n", "", text, flags=re.MULTILINE)


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return Path(self.folder.name) / name

    def write(self, text, name="t.yaml"):
        self.path(name).write_text(text)
        return self.path(name)

    def refuses(self, words, sentence, status=2, command="sweep"):
        done = start(*words, command=command)
        self.assertEqual((status, ""), (done.returncode, done.stdout))
        self.assertIn(sentence, done.stderr)


class Sweep(Case):
    def test_tells_that_nothing_failed(self):
        done = start(DIES, "--seeds", "1..40", "--jobs", "2")
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertRegex(done.stdout, r"prefetch full +40\n")
        self.assertRegex(done.stdout, r"\nSpeed: .* with 2 jobs, \d+ seeds/s, \d+ events/s "
                                      r"\(an event is one pop of the heap\)\n")
        self.assertTrue(done.stdout.endswith("Verdict: held  (40 seeds, 0 failed)\n"))

    def test_tells_the_same_with_any_number_of_workers(self):
        one, three = (start("--swarm", "--seeds", "1..40", "--jobs", n) for n in (1, 3))
        self.assertEqual(without_speed(one.stdout), without_speed(three.stdout))
        luck = self.write(LUCK)
        one, three = (start(luck, "--seeds", "1..60", "--all", "--jobs", n) for n in (1, 3))
        self.assertEqual(without_speed(one.stdout), without_speed(three.stdout))

    def test_tells_which_seeds_fail_and_runs_them_again_alike(self):
        luck = self.write(LUCK)
        done = start(luck, "--seeds", "1..60", "--all")
        self.assertEqual(1, done.returncode)
        failed = re.findall(r"^  seed (\d+)  event \d+  8.000s  queues.tasks.redelivered: 0, but "
                            r"found 1$", done.stdout, re.MULTILINE)
        self.assertTrue(5 < len(failed) < 55, failed)
        for seed in range(1, 61):
            alone = start(luck, "--seed", seed, "--quiet", command="run")
            self.assertEqual(int(str(seed) in failed), alone.returncode, seed)

    def test_needs_rare_things_in_one_seed_and_not_in_each(self):
        rare = self.write(LUCK.replace("expect: {", "expect: {sometimes: [ack lost in a crash], "))
        missing = start(rare, "--seeds", "1..3")
        self.assertEqual(1, missing.returncode)
        self.assertIn("NEVER, and this sweep needs it: ack lost in a crash", missing.stdout)
        self.assertNotIn("expect sometimes", missing.stdout)
        words = [DIES, "--seeds", "1..3", "--sometimes"]
        self.assertEqual(0, start(*words, "prefetch full").returncode)
        self.assertEqual(1, start(*words, "prefetch full, return + ack").returncode)
        self.refuses([*words, "prefetch ful"], 'did you mean "prefetch full"?')

    def test_shards_add_up_to_the_whole(self):
        luck = self.write(LUCK)
        words = [luck, "--seeds", "1..50", "--jobs", "1"]
        whole = start(*words)
        for part in "312":
            start(*words, "--shard", f"{part}/3", "--save", self.path(f"{part}.jsonl"))
        parts = [self.path(f"{part}.jsonl") for part in "123"]
        merged = start("--merge", *parts)
        self.assertEqual((1, without_speed(whole.stdout)),
                         (merged.returncode, without_speed(merged.stdout)))
        self.refuses(["--merge", parts[0], parts[0]], "is shard 1 for a second time", 3)
        self.refuses(["--merge", luck], "line 1: this is no result of a sweep", 3)
        start(DIES, "--seeds", "1..50", "--shard", "2/3", "--save", self.path("4.jsonl"))
        self.refuses(["--merge", parts[0], self.path("4.jsonl")], "results of different sweeps", 3)
        self.assertIn("2 of 3 shards", start("--merge", *parts[:2]).stdout)
        self.assertEqual(50, sum(json.loads(path.read_text().splitlines()[0])["done"]
                                 for path in parts))

    def test_runs_on_many_machines_with_gnu_parallel(self):
        if shutil.which("parallel") is None:
            self.skipTest("parallel is not installed (./glassmq test installs it)")
        whole = start("--swarm", "--seeds", "1..60", "--jobs", "1")
        done = subprocess.run(
            ["parallel", "--will-cite", "--jobs", "2", PROGRAM, "sweep", "--swarm", "--seeds",
             "1..60", "--jobs", "1", "--shard", "{}/4", "--save", "{}.jsonl", ":::", *"1234"],
            cwd=self.folder.name, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=120, env={**os.environ, "HOME": self.folder.name})
        self.assertEqual("", done.stderr)
        merged = start("--merge", *sorted(self.path("").glob("*.jsonl")))
        self.assertEqual(without_speed(whole.stdout), without_speed(merged.stdout))

    def test_runs_as_a_slurm_array(self):
        whole = start(DIES, "--seeds", "1..10", "--jobs", "1")
        for task in "123":
            subprocess.run(
                ["bash", ROOT / "scenarios/sweep.slurm", DIES, "--seeds", "1..10"], check=True,
                cwd=self.folder.name, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                timeout=60, env={**os.environ, "GLASSMQ": PROGRAM, "SLURM_ARRAY_TASK_ID": task,
                                 "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_CPUS_PER_TASK": "1"})
        merged = start("--merge", *sorted(self.path("").glob("sweep-*.jsonl")))
        self.assertEqual(without_speed(whole.stdout), without_speed(merged.stdout))

    def test_a_failing_seed_is_a_file(self):
        luck = self.write(LUCK)
        start(luck, "--seeds", "1..20", "--write", self.path("failed"))
        files = sorted(self.path("failed").iterdir())
        self.assertTrue(files)
        for file in files:
            self.assertRegex(file.name, r"^expect-queues\.tasks\.redelivered-seed-\d+\.yaml$")
            self.assertEqual(1, start(file, "--quiet", command="run").returncode)
        shown = start("--swarm", "--show", "7")
        self.assertEqual(0, shown.returncode)
        drawn = self.write(shown.stdout, "swarm.yaml")
        self.assertLess(start(drawn, "--quiet", command="run").returncode, 2)

    def test_a_run_with_faults_is_that_of_the_sweep(self):
        shown = start(DIES, "--faults", "many", "--show", "3")
        drawn = self.write(shown.stdout, "06-worker-dies.yaml")
        alone = start(drawn, "--quiet", command="run").stdout.splitlines()[-1]
        asked = start(DIES, "--faults", "many", "--seed", "3", "--quiet", command="run")
        self.assertEqual(alone, asked.stdout.splitlines()[-1])
        self.refuses([DIES, "--faults", "lots"], "takes none, some, many or exam", command="run")

    def test_ends_when_the_time_is_over(self):
        began = time.monotonic()
        done = start("--swarm", "--time", "1s")
        self.assertLess(time.monotonic() - began, 20)
        self.assertIn("Speed: 1.", done.stdout)

    def test_is_stopped_by_ctrl_c_and_tells_what_is_known(self):
        sweep = subprocess.Popen([PROGRAM, "sweep", str(DIES), "--time", "10min", "--jobs", "2"],
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True)
        time.sleep(1)
        sweep.send_signal(signal.SIGINT)
        told, complaints = sweep.communicate(timeout=60)
        self.assertEqual((2, ""), (sweep.returncode, complaints))
        self.assertRegex(told, r"Verdict: held  \(\d+ seeds, 0 failed, stopped before the end\)\n$")

    def test_shows_progress_on_a_terminal(self):
        leader, follower = pty.openpty()
        done = subprocess.Popen([PROGRAM, "sweep", str(DIES), "--time", "1s"],
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=follower)
        os.close(follower)
        seen = b""
        try:
            while piece := os.read(leader, 65536):
                seen += piece
        except OSError:
            pass  # the other end is gone
        self.assertEqual(0, done.wait(60))
        os.close(leader)
        self.assertRegex(seen.decode(), r"\r\d+ done, 0 failed, \d+ seeds/s, \d+ s left\x1b\[K")

    def test_goes_on_when_a_worker_dies(self):
        sweep = subprocess.Popen([PROGRAM, "sweep", str(DIES), "--time", "3s", "--jobs", "2"],
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        time.sleep(1)
        children = Path(f"/proc/{sweep.pid}/task/{sweep.pid}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGKILL)
        told = sweep.communicate(timeout=60)[0]
        self.assertEqual(1, sweep.returncode)
        self.assertRegex(told, r"unstable: 1 seed\n  seed \d+  the second time it went on, and the "
                               r"first time the program died of signal 9 \(Killed\)")

    def test_refuses_wrong_use(self):
        for words, sentence in (
                ([], "it takes one scenario, or --swarm"),
                (["--swarm", DIES], "--swarm draws its scenarios, and takes no file"),
                ([DIES, "--seeds", "5..1"], "--seeds takes two whole numbers"),
                ([DIES, "--seeds", "x"], "--seeds takes two whole numbers"),
                ([DIES, "--shard", "5/4"], "--shard takes a part and how many there are"),
                ([DIES, "--jobs", "0"], "--jobs"),
                ([DIES, "--time", "5"], "--time takes a duration"),
                ([DIES, "--faults", "few"], "--faults takes none, some, many or exam"),
                (["--swarm", "--faults", "some"], "the swarm draws its own"),
                (["--merge"], "--merge needs files")):
            with self.subTest(words):
                self.refuses(words, sentence)
        self.refuses([self.write("glassmq: 2\n")], "version 1", 3)
        self.refuses([self.path("nothing.yaml")], "glassmq sweep: cannot read", 3)


class Shrink(Case):
    def failing_seed(self, luck):
        found = re.search(r"^  seed (\d+) ", start(luck, "--seeds", "1..20").stdout, re.MULTILINE)
        return found[1]

    def test_keeps_what_makes_it_fail(self):
        luck = self.write(LUCK)
        seed = self.failing_seed(luck)
        done = start(luck, "--seed", seed, "-o", self.path("small.yaml"), command="shrink")
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertIn("queues.tasks.redelivered: 0, but found 1\n", done.stdout)
        self.assertRegex(done.stdout, r"From \d+ parts to \d+ in \d+ tries\.")
        small = self.path("small.yaml").read_text()
        self.assertIn("crash: w", small)
        self.assertNotIn("This changes nothing", small)
        self.assertRegex(small, rf"Shrunk from \S+t.yaml, seed {seed}:")
        self.assertEqual(1, start(self.path("small.yaml"), "--quiet", command="run").returncode)

    def test_prints_the_scenario_without_a_file_for_it(self):
        luck = self.write(LUCK)
        done = start(luck, "--seed", self.failing_seed(luck), command="shrink")
        self.assertTrue(done.stdout.startswith("glassmq: 1\ntitle: An ack on its way\nabout: >-\n"))

    def test_stops_at_its_bounds(self):
        luck = self.write(LUCK)
        done = start(luck, "--seed", self.failing_seed(luck), "--candidates", "2", command="shrink")
        self.assertIn("in 2 tries, and stopped there: it may get smaller.", done.stderr)

    def test_refuses_what_does_not_fail(self):
        self.refuses([DIES], "seed 7 does not fail. glassmq sweep looks for seeds that do.",
                     command="shrink")
        self.refuses([], "it takes a scenario, or --swarm", command="shrink")
        self.refuses(["--swarm"], "--swarm takes a --seed, and no file", command="shrink")
        self.refuses([self.write("x: 1\n")], "", 3, command="shrink")


class Inevitable(Case):
    def test_finds_the_moment(self):
        luck = self.write(LUCK)
        seed = re.search(r"^  seed (\d+) ", start(luck, "--seeds", "1..20").stdout,
                         re.MULTILINE)[1]
        done = start(luck, "--seed", seed, command="inevitable")
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertIn("queues.tasks.redelivered: 0, but found 1\n", done.stdout)
        shares = [int(n) for n in re.findall(r"(\d+) of 100$", done.stdout, re.MULTILINE)]
        self.assertEqual(10, len(shares))
        self.assertTrue(5 < shares[0] < 95, shares)
        self.assertEqual(100, shares[-1])
        moment = re.search(r"It became inevitable with event (\d+) \((\d+)\.\d+s\)", done.stdout)
        self.assertLessEqual(int(moment[2]), 3)
        self.assertIn(f"See it: glassmq view {luck} --seed {seed} --at {moment[1]}\n", done.stdout)

    def test_says_when_chance_decides_nothing(self):
        sure = self.write(LUCK.replace("work: 500ms", "work: 5s").replace(", jitter: 500ms", ""))
        done = start(sure, "--futures", "10", command="inevitable")
        self.assertIn("It was inevitable from the start", done.stdout)

    def test_refuses_what_does_not_fail(self):
        self.refuses([DIES], "does not fail", command="inevitable")
        self.refuses([self.write("x: 1\n")], "", 3, command="inevitable")


if __name__ == "__main__":
    tap.main()
