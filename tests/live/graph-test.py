"""glassmq graph as it is called: what it refuses, what it writes, and how it draws a running broker.
Its argument is the program glassmq."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import pika
import tap
from broker import PROGRAM, Broker

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = str(ROOT / "scenarios" / "06-worker-dies.yaml")
DEFINITIONS = str(ROOT / "tests" / "viz" / "definitions.json")


def graph(*words):
    return subprocess.run([PROGRAM, "graph", *words], capture_output=True, text=True, timeout=60)


class Options(unittest.TestCase):
    def test_are_refused_with_the_reason(self):
        for status, words, why in (
                (2, (), "FILE is missing"),
                (2, (SCENARIO, "--states"), "takes no FILE"),
                (2, (SCENARIO, "--compare", "5"), "--compare takes two moments"),
                (2, (SCENARIO, "--compare", "9..3"), "must come after the first"),
                (2, (SCENARIO, "--compare", "1..x"), '"x" is no moment'),
                (2, (SCENARIO, "--at", "1", "--compare", "1..2"), "do not go together"),
                (2, (SCENARIO, "--message", "nix"), "the first ones are p1-1, p1-2"),
                (2, (SCENARIO, "--vhost", "other"), 'one virtual host, "/"'),
                (2, (SCENARIO, "--default-bindings", "some"), "used, all or none"),
                (2, (SCENARIO, "-o", "x.gif"), "must end with .dot, .svg, .png or .pdf"),
                (2, (DEFINITIONS, "--at", "1"), "--at is for runs"),
                (3, (DEFINITIONS, "--vhost", "nix"), 'there is no virtual host "nix"'),
                (2, ("--connect", "/tmp", SCENARIO), "takes no FILE"),
                (2, ("--connect", "/tmp", "--message", "x"), "--message is for runs"),
                (1, ("--connect", "/no/such"), "there is no directory /no/such")):
            with self.subTest(words):
                done = graph(*words)
                self.assertEqual((status, ""), (done.returncode, done.stdout), done.stderr)
                self.assertIn(why, done.stderr)

    def test_draw_files_of_every_type(self):
        with tempfile.TemporaryDirectory() as folder:
            for ending, start in ((".dot", b"digraph"), (".svg", b"<?xml"), (".png", b"\x89PNG"),
                                  (".pdf", b"%PDF")):
                for words in ((SCENARIO, "--compare", "1.2s..end"), (SCENARIO, "--message", "5"),
                              (DEFINITIONS,), ("--states",)):
                    path = Path(folder) / ("x" + ending)
                    done = graph(*words, "-o", str(path))
                    self.assertEqual((0, ""), (done.returncode, done.stderr), words)
                    self.assertTrue(path.read_bytes().startswith(start), words)


def importable():
    """The definitions without the type of queue that only RabbitMQ has."""
    definitions = json.loads(Path(DEFINITIONS).read_text())
    definitions["queues"][0]["arguments"] = {}
    return json.dumps(definitions)


class RunningBroker(unittest.TestCase):
    def test_is_drawn_as_it_is_now(self):
        with Broker() as broker:
            done = broker.ctl("import_definitions", "/dev/stdin", stdin=importable())
            self.assertEqual(0, done.returncode, done.stdout + done.stderr)
            done = graph("--connect", broker.data)
            self.assertEqual((0, ""), (done.returncode, done.stderr))
            self.assertIn("<B>billing.retry</B>", done.stdout)
            self.assertIn("<B>order.*.paid</B>", done.stdout)
            self.assertIn("ready 0", done.stdout)
            other = graph("--connect", broker.data, "--vhost", '<test> & "more"')
            self.assertEqual((0, ""), (other.returncode, other.stderr))
            self.assertIn("<B>a.#</B>", other.stdout)
            self.assertNotIn("billing", other.stdout)
            self.assertIn("no virtual host 'nix'",
                          graph("--connect", broker.data, "--vhost", "nix").stderr)

    def test_has_the_settings_of_its_queues(self):
        """Arguments and policies, and the ways of dead letters, as a scenario's picture has them."""
        with Broker() as broker:
            self.assertEqual(0, broker.ctl("set_policy", "short", "^dead$",
                                           '{"max-length": 5}').returncode)
            connection = pika.BlockingConnection(
                pika.ConnectionParameters("127.0.0.1", broker.port))
            channel = connection.channel()
            channel.queue_declare("dead")
            channel.queue_declare("jobs", arguments={
                "x-message-ttl": 5000, "x-max-length": 100, "x-max-priority": 9,
                "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "dead"})
            done = graph("--connect", broker.data)
            connection.close()
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        for words in ("ttl 5s", "max 100 messages", "priorities 0 to 9", "max 5 messages",
                      "dead letters to (default), key dead", "style=dotted"):
            self.assertIn(words, done.stdout)

    def test_that_is_gone_is_told(self):
        with tempfile.TemporaryDirectory() as data:
            with Broker("--data", data, "--listen", "127.0.0.1:0"):
                pass
            done = graph("--connect", data)
        self.assertEqual(1, done.returncode)
        self.assertIn("no broker runs in", done.stderr)


if __name__ == "__main__":
    tap.main()
