"""glassmq plot: a drawing, numbers, and wrong words. Its argument is the program."""

import csv
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

import tap

PROGRAM = sys.argv[1]
SCENARIOS = sorted((Path(__file__).resolve().parents[2] / "scenarios").glob("*.yaml"))


def plot(*words):
    done = subprocess.run([PROGRAM, "plot", *map(str, words)], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


class Plot(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_every_scenario_is_drawn(self):
        for scenario in SCENARIOS:
            with self.subTest(scenario.name):
                status, drawn, errors = plot(scenario)
                self.assertEqual((0, ""), (status, errors))
                xml.fromstring(drawn)

    def test_the_numbers_of_a_part(self):
        file = self.folder / "numbers.csv"
        self.assertEqual((0, "", ""), plot(SCENARIOS[5], "--from", "1s", "--to", "3s", "-o", file))
        rows = list(csv.DictReader(file.open()))
        self.assertEqual(640, sum(row["what"] == "level" for row in rows))
        times = [float(row["from_s"]) for row in rows]
        self.assertEqual(1.0, min(times))
        self.assertLess(max(times), 3.0)

    def test_wrong_words(self):
        cases = [
            (["--from", "soon"], '--from takes a time such as 1.5s or 250ms, not "soon"'),
            (["--from", "3s", "--to", "2s"], "must come before the end, 2.000s"),
            (["--from", "99s"], "must come before the end"),
            (["--queue", "nobody"], 'the run has no queue "nobody"'),
            (["-o", "x.gif"], '"x.gif" must end with .svg or .csv'),
        ]
        for words, sentence in cases:
            with self.subTest(words):
                status, told, errors = plot(SCENARIOS[5], *words)
                self.assertEqual((2, ""), (status, told))
                self.assertIn(sentence, errors)

    def test_what_cannot_be_read_or_written(self):
        self.assertEqual(3, plot(self.folder / "none.yaml")[0])
        status, _, errors = plot(SCENARIOS[0], "-o", self.folder / "none" / "x.svg")
        self.assertEqual(1, status)
        self.assertIn("cannot write", errors)


tap.main()
