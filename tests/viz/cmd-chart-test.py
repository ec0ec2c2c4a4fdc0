"""glassmq chart: drawings and texts of every scenario, wrong words. Its argument is the program."""

import json
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

import tap

PROGRAM = sys.argv[1]
SCENARIOS = sorted((Path(__file__).resolve().parents[2] / "scenarios").glob("*.yaml"))
WALL = re.compile(r"that would be (\d+) arrows and (\d+) notes, .* --from and --to, --message or "
                  r"--filter .*--all")

MANY = """glassmq: 1
title: Many messages
stop: 60s
topology:
  queues:
    q: {}
clients:
  p1:
    role: producer
    publish: {to: default, key: q, every: 10ms, count: %d}
"""

# What a line of each text may be.
MERMAID = re.compile(r"sequenceDiagram|    (accTitle: .+|accDescr: .+|title .+"
                     r"|participant c\d+ as .+|Note over c\d+(,c\d+)?: .+"
                     r"|c\d+(->>|-->>|-\)|-x|--x)c\d+: .+)")
PLANTUML = re.compile(r"@startuml|@enduml|hide footbox|title .+|participant \".+\" as c\d+"
                      r"|note over c\d+(, c\d+)?( #FFD9D6)? : .+|\.\.\..+\.\.\."
                      r"|c\d+ (->|->>|-->|->x|-->x|->o) c\d+ : .+")


def chart(*words):
    done = subprocess.run([PROGRAM, "chart", *map(str, words)], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


class Chart(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def draw(self, scenario, *words):
        """The chart; of a wall only after it was refused."""
        status, drawn, errors = chart(scenario, *words)
        if status == 0:
            self.assertEqual("", errors)
            return drawn
        self.assertEqual((2, ""), (status, drawn))
        arrows, notes = map(int, WALL.search(errors).groups())
        self.assertTrue(arrows > 200 or notes > 1000, errors)
        status, drawn, errors = chart(scenario, "--all", *words)
        self.assertEqual((0, ""), (status, errors))
        return drawn

    def test_every_scenario_as_svg(self):
        for scenario in SCENARIOS:
            with self.subTest(scenario.name):
                drawn = xml.fromstring(self.draw(scenario))
                texts = [text.strip() for text in drawn.itertext()]
                self.assertIn("broker", texts)
                xml.fromstring(self.draw(scenario, "--steps"))

    def test_every_scenario_as_text(self):
        for scenario in SCENARIOS:
            with self.subTest(scenario.name):
                for line in self.draw(scenario, "--format", "mermaid").splitlines():
                    self.assertRegex(line, "^(" + MERMAID.pattern + ")$")
                for line in self.draw(scenario, "--format", "plantuml").splitlines():
                    self.assertRegex(line, "^(" + PLANTUML.pattern + ")$")
                self.check_shiviz(self.draw(scenario, "--format", "shiviz"))

    def check_shiviz(self, text):
        """The first line reads all others but the second, which is empty."""
        pattern, empty, body = text.split("\n", 2)
        self.assertEqual("", empty)
        ticks = {}
        lines = list(re.finditer(pattern.replace("(?<", "(?P<"), body))
        self.assertEqual(body.count("\n"), len(lines))
        for line in lines:
            host, clock = line["host"], json.loads(line["clock"])
            self.assertEqual(ticks.get(host, 0) + 1, clock[host])
            ticks[host] = clock[host]

    def test_the_name_tells_the_format(self):
        begins = {"x.svg": "<?xml", "x.mmd": "sequenceDiagram", "x.mermaid": "sequenceDiagram",
                  "x.puml": "@startuml", "x.shiviz": "(?<host>", "x.log": "(?<host>"}
        for name, begin in begins.items():
            file = self.folder / name
            self.assertEqual((0, "", ""), chart(SCENARIOS[0], "-o", file))
            self.assertTrue(file.read_text().startswith(begin), name)
        words = ["--format", "mermaid", "-o", self.folder / "x"]
        self.assertEqual((0, "", ""), chart(SCENARIOS[0], *words))
        self.assertTrue((self.folder / "x").read_text().startswith("sequenceDiagram"))

    def test_a_trace_is_drawn_as_its_scenario(self):
        trace = self.folder / "run.trace"
        subprocess.run([PROGRAM, "run", SCENARIOS[5], "--trace", trace], stdout=subprocess.DEVNULL,
                       check=True, timeout=60)
        self.assertEqual(chart(SCENARIOS[5])[1], chart(trace)[1])

    def test_a_part(self):
        whole = chart(SCENARIOS[5], "--format", "mermaid")[1]
        part = chart(SCENARIOS[5], "--format", "mermaid", "--from", "1s", "--to", "2s")[1]
        self.assertIn(": publish 5\n", part)
        self.assertNotIn(": publish 4\n", part)
        self.assertIn(": publish 10 (on its way)\n", part)
        self.assertNotIn(": publish 10\n", part)
        steps = {line for line in part.splitlines() if "->>" in line}
        self.assertLess(steps, set(whole.splitlines()))

    def test_from_a_time_on(self):
        """What happens at the very time belongs to it."""
        shown = chart(SCENARIOS[5], "--format", "shiviz", "--from", "1.39s", "--to", "1.39s")[1]
        self.assertIn(" 1.390s CRASHED\n", shown)

    def test_one_message_by_both_of_its_names(self):
        short = chart(SCENARIOS[5], "--message", "5", "--format", "mermaid")
        self.assertEqual((0, ""), (short[0], short[2]))
        self.assertEqual(short, chart(SCENARIOS[5], "--message", "p1-5", "--format", "mermaid"))
        self.assertIn("CRASHED", short[1])
        self.assertNotIn("publish 4", short[1])

    def test_more_than_two_hundred_arrows_are_a_wall(self):
        """Each message is an arrow, and no other step is shown."""
        file = self.folder / "many.yaml"
        for count, wanted in [(199, 0), (200, 0), (201, 2)]:
            file.write_text(MANY % count)
            status, drawn, errors = chart(file, "--filter", "kind:publish")
            self.assertEqual(wanted, status, errors)
            self.assertEqual(status == 0, drawn != "")
        self.assertIn("that would be 201 arrows and 0 notes", errors)
        status, drawn, errors = chart(file, "--filter", "kind:publish", "--all")
        self.assertEqual((0, ""), (status, errors))
        self.assertIn("201 arrows", drawn)

    def test_a_filter_makes_a_wall_small(self):
        for scenario in SCENARIOS:
            if chart(scenario)[0] == 2:
                status, _, errors = chart(scenario, "--to", "100")
                self.assertEqual((0, ""), (status, errors))

    def test_wrong_words(self):
        cases = [
            (["--from", "soon"], '--from: "soon" is no moment'),
            (["--to", "99999"], "--to: the run has "),
            (["--from", "3s", "--to", "2s"], "--from 3s is behind --to 2s"),
            (["--message", "p9-9"], 'the run has no message "p9-9"'),
            (["--message", ""], 'the run has no message ""'),
            (["--filter", "kinds:x"], "--filter, at character 1: "),
            (["--filter", "m:nothing"], "nothing that a chart shows is left"),
            (["-o", "x.gif"], '"x.gif" must end with .svg, .mmd, .puml, .shiviz or .log'),
            (["--format", "gif"], '--format takes svg, mermaid, plantuml or shiviz, not "gif"'),
            (["--steps", "--format", "mermaid"], "--steps goes with SVG"),
            (["--seed", "x"], "--seed"),
        ]
        for words, sentence in cases:
            with self.subTest(words):
                status, told, errors = chart(SCENARIOS[5], *words)
                self.assertEqual((2, ""), (status, told))
                self.assertIn(sentence, errors)

    def test_what_cannot_be_read_or_written(self):
        self.assertEqual(3, chart(self.folder / "none.yaml")[0])
        status, _, errors = chart(SCENARIOS[0], "-o", self.folder / "none" / "x.svg")
        self.assertEqual(1, status)
        self.assertIn("cannot write", errors)


tap.main()
