"""Wireshark's own eyes on "glassmq pcap": every method of every shipped scenario is found, nothing is
malformed, and a run that loses nothing looks as if nothing were lost."""

import collections
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tap

PROGRAM = next((word for word in sys.argv[1:] if not word.startswith("test_")), "build/glassmq")
ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))
METHODS = re.compile(r'METHOD\((\w+), \w+, \w+, (\d+), (\d+)')
CHECKED = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]
LOSSY = """glassmq: 1
title: A line that loses
seed: 5
stop: 20s
topology:
  queues: {q: {}}
links:
  default: {latency: 20ms, loss: 10%}
clients:
  p: {role: producer, publish: {to: default, key: q, every: 100ms, count: 20, body: BODY},
      confirms: {window: 5}}
  w: {role: consumer, from: q, prefetch: 2, work: 10ms}
"""


def names_of_methods():
    """(60, 40) to "basic.publish", as the program's own table says."""
    text = (ROOT / "core/wire/methods.def").read_text()
    return {(int(class_id), int(method_id)): name.lower().replace("_", ".", 1).replace("_", "-")
            for name, class_id, method_id in METHODS.findall(text)}


class Capture(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        self.file = os.path.join(self.folder, "run.pcapng")
        self.trace = os.path.join(self.folder, "run.trace")

    def run_program(self, *words):
        done = subprocess.run([PROGRAM, *words], stdin=subprocess.DEVNULL, text=True, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual("", done.stderr)
        return done

    def capture(self, scenario, *options):
        self.assertEqual(0, self.run_program("pcap", str(scenario), "-o", self.file,
                                             *options).returncode)

    def read(self, *words):
        """What tshark says of the capture; its warnings, that it is root for one, are not heard."""
        return subprocess.run(["tshark", "-r", self.file, *words], check=True, text=True, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout

    def count(self, what):
        return len(self.read(*CHECKED, "-Y", what, "-T", "fields", "-e", "frame.number").split())

    def look(self):
        """How often each method is there, and the lines of packets in which something is wrong."""
        names = names_of_methods()
        found = collections.Counter()
        wrong = []
        fields = ["amqp.method.class", "amqp.method.method", "_ws.malformed", "tcp.analysis.flags",
                  "ip.checksum.status", "tcp.checksum.status"]
        shown = [word for field in fields for word in ("-e", field)]
        for line in self.read(*CHECKED, "-T", "fields", *shown).splitlines():
            classes, methods, *rest = line.split("\t")
            found.update(names[int(one), int(other)] for one, other in
                         zip(classes.split(","), methods.split(",")) if one)
            if rest != ["", "", "1", "1"]:
                wrong.append(line)
        return found, wrong

    def methods_told(self, scenario):
        """What the trace of the same run says has arrived, and whether anything befell it."""
        self.run_program("run", str(scenario), "--level", "frames", "--quiet", "--trace", self.trace)
        found = collections.Counter()
        befell = False
        for line in Path(self.trace).read_text().splitlines():
            event = json.loads(line)
            if event.get("k") == "frame" and re.match(r"[a-z]+\.[a-z-]+( |$)", event["text"]):
                found[event["text"].split()[0]] += 1
            befell |= event.get("k", "").startswith(("fault.", "net."))
            befell |= event.get("text") == "bytes that are no frame"  # Wireshark looks less closely
        return found, befell

    def test_has_every_method_of_every_scenario_and_looks_faultless(self):
        for scenario in SCENARIOS:
            with self.subTest(scenario.name):
                self.assertNotIn("loss:", scenario.read_text())
                self.capture(scenario)
                seen, wrong = self.look()
                told, befell = self.methods_told(scenario)
                self.assertGreater(told.total(), 0)
                self.assertEqual([], wrong)
                if befell:  # what the broker sent and nobody got was sent all the same
                    self.assertEqual({}, dict(told - seen))
                else:
                    self.assertEqual(told, seen)

    def test_looks_faultless_from_a_client_too(self):
        self.capture(ROOT / "scenarios/06-worker-dies.yaml", "--at-client", "w1")
        self.assertGreater(self.count("amqp"), 0)
        self.assertEqual(0, self.count("_ws.malformed || tcp.analysis.flags"))
        self.assertEqual(self.count("frame"), self.count("ip.addr == 10.0.1.2"))

    def test_ties_confirms_to_their_messages(self):
        self.capture(ROOT / "scenarios/06-worker-dies.yaml")
        confirms = self.count("amqp.method.class == 60 && amqp.method.method == 80 && "
                              "ip.src == 10.0.0.1")
        self.assertEqual(12, confirms)
        self.assertEqual(12, self.count("amqp.message_in && ip.src == 10.0.0.1"))

    def test_tells_events_as_comments(self):
        self.capture(ROOT / "scenarios/06-worker-dies.yaml")
        comments = self.read("-Y", "frame.comment", "-T", "fields", "-e", "frame.comment")
        self.assertRegex(comments, r"#\d+ p1-1 has reached the broker")
        self.assertRegex(comments, r"#\d+ tasks hands p1-5 to w2, marked redelivered")
        self.assertRegex(comments, r"#\d+ w1 crash|#\d+ w1 dies")

    def test_names_the_clients(self):
        self.capture(ROOT / "scenarios/06-worker-dies.yaml")
        self.assertIn("w1", self.read("-N", "n", "-T", "fields", "-e", "_ws.col.Source").split())

    def test_tells_the_truth_of_a_line_that_loses(self):
        path = Path(self.folder) / "lossy.yaml"
        path.write_text(LOSSY.replace("BODY", "x" * 4000))
        self.capture(path)
        self.assertGreater(self.count("tcp.analysis.lost_segment"), 0)
        self.assertGreater(self.count("tcp.analysis.retransmission || tcp.analysis.out_of_order || "
                                      "tcp.analysis.fast_retransmission"), 0)
        self.assertEqual(0, self.count("ip.checksum.status != 1 || tcp.checksum.status != 1"))

    def test_reads_the_trace_of_a_run_as_the_run(self):
        scenario = ROOT / "scenarios/13-confirm-lost.yaml"
        self.capture(scenario)
        expected = Path(self.file).read_bytes()
        self.methods_told(scenario)
        self.capture(self.trace)
        self.assertEqual(expected, Path(self.file).read_bytes())

    def test_goes_through_a_pipe(self):
        done = subprocess.run([PROGRAM, "pcap", str(SCENARIOS[0]), "-o", "-"], check=True,
                              stdout=subprocess.PIPE, timeout=60)
        self.capture(SCENARIOS[0])
        self.assertEqual(Path(self.file).read_bytes(), done.stdout)


if __name__ == "__main__":
    tap.main()
