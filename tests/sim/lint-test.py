"""glassmq lint, explain and fmt: right files, wrong files, odd files, the schema. Its argument is the program."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tap

PROGRAM = sys.argv[1]
SCENARIOS = sorted((Path(__file__).resolve().parents[2] / "scenarios").glob("*.yaml"))

ODD = """glassmq: 1
title: T
stop: 1s
topology:
  exchanges: {x: {type: fanout}}
  queues: {used: {}, unused: {}}
clients:
  p: {role: producer, publish: {to: default, key: used}}
"""


def lint(*words):
    done = subprocess.run([PROGRAM, "lint", *map(str, words)], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, name, text):
        path = Path(self.folder.name) / name
        path.write_text(text)
        return path


class Explain(Folder):
    def explain(self, *words):
        done = subprocess.run([PROGRAM, "explain", *map(str, words)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def test_tells_a_scenario_in_sentences(self):
        status, told, errors = self.explain(self.write("odd.yaml", ODD))
        self.assertEqual((0, ""), (status, errors))
        self.assertIn("- There is a queue used.\n", told)

    def test_refuses_a_wrong_file(self):
        wrong = self.write("wrong.yaml", ODD.replace("stop: 1s", "stop: 1"))
        status, told, errors = self.explain(wrong)
        self.assertEqual((3, "", lint(wrong)[2]), (status, told, errors))

    def test_takes_one_file(self):
        self.assertEqual(2, self.explain()[0])
        self.assertEqual(2, self.explain("a", "b")[0])
        self.assertEqual(2, self.explain("a", "--seed", "3")[0])

    def test_a_moment_is_told(self):
        hello = Path(__file__).resolve().parents[2] / "scenarios" / "01-hello-queue.yaml"
        status, told, errors = self.explain(hello, "--at", "end")
        self.assertEqual((0, ""), (status, errors))
        self.assertIn("What there is\n- Exchange (default)", told)
        status, told, errors = self.explain(hello, "--at", "9999")
        self.assertEqual((2, ""), (status, told))
        self.assertIn("is behind its end", errors)


class Lint(Folder):
    def test_shipped_scenarios_are_fine(self):
        self.assertEqual((0, "".join(f"{path}: fine.\n" for path in SCENARIOS), ""),
                         lint(*SCENARIOS))

    def test_tells_what_looks_odd(self):
        path = self.write("odd.yaml", ODD)
        status, told, errors = lint(path)
        self.assertEqual((0, ""), (status, errors))
        self.assertEqual(f"{path}: line 5: exchange x is not used.\n"
                         f"{path}: line 6: nothing comes into queue unused, and nobody takes from "
                         "it.\n"
                         f"{path}: nothing is expected: the run holds whatever happens, unless a "
                         "check breaks.\n", told)

    def test_every_wrong_file_is_told_and_the_right_ones_too(self):
        wrong = self.write("wrong.yaml", ODD.replace("stop: 1s", "stop: 1"))
        status, told, errors = lint(SCENARIOS[0], wrong, Path(self.folder.name) / "none.yaml")
        self.assertEqual((3, f"{SCENARIOS[0]}: fine.\n"), (status, told))
        self.assertIn("wrong.yaml, line 3, column 7", errors)
        self.assertIn("none.yaml", errors)

    def test_the_schema_is_json(self):
        status, told, _ = lint("--schema")
        self.assertEqual(0, status)
        schema = json.loads(told)
        text = json.dumps(schema)
        for part in text.split('"#/$defs/')[1:]:
            self.assertIn(part.split('"')[0], schema["$defs"])

    def test_wrong_use(self):
        self.assertEqual(2, lint()[0])


def fmt(*words):
    done = subprocess.run([PROGRAM, "fmt", *map(str, words)], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


class Fmt(Folder):
    def test_lays_files_out_and_names_those_that_it_changed(self):
        path = self.write("t.yaml", "a:   1   # one\n\n\nb: 2\n")
        self.assertEqual((1, f"{path}\n", ""), fmt("--check", path, SCENARIOS[0]))
        self.assertEqual((0, f"{path}\n", ""), fmt(path))
        self.assertEqual("a: 1                          # one\n\nb: 2\n", path.read_text())
        self.assertEqual((0, "", ""), fmt("--check", path))

    def test_prints_on_demand(self):
        path = self.write("t.yaml", "a:   1\n")
        self.assertEqual((0, "a: 1\n", ""), fmt("--stdout", path))
        self.assertEqual("a:   1\n", path.read_text())

    def test_wrong_files_stay_as_they_are(self):
        path = self.write("t.yaml", "a: [1\n")
        status, _, errors = fmt(path)
        self.assertEqual(3, status)
        self.assertIn("t.yaml, line 2", errors)
        self.assertEqual("a: [1\n", path.read_text())
        self.assertEqual(3, fmt(Path(self.folder.name) / "none.yaml")[0])
        self.assertEqual(2, fmt()[0])


if __name__ == "__main__":
    tap.main()
