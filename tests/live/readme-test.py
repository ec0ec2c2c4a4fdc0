"""README.md says nothing that is not so: its commands run, its screen is the program's, its links
lead somewhere. Its argument is the program glassmq. The example for Node.js is run by
amqplib-test.js, and `./glassmq test` by whoever runs this."""

import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import tap
from broker import PROGRAM, Broker

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
PROGRAM_PATH = os.path.abspath(PROGRAM)
PREFIX = "./glassmq "
LAUNCHER_ONLY = {"test"}


def blocks(info):
    """The fenced blocks whose info string begins so, as pairs of the whole string and the text."""
    return re.findall(rf"^```({info}[^\n]*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def lines():
    return [line for _, text in blocks("sh") for line in text.splitlines()]


def commands():
    return [line.split("#")[0].strip() for line in lines()]


def failing():
    """Commands that are shown because what they look at fails."""
    return [line.split("#")[0].strip() for line in lines() if "# exit status 1" in line]


class Readme(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        for name in ("lessons", "scenarios", "tests"):
            os.symlink(ROOT / name, Path(self.folder.name) / name)
        for info, text in blocks("yaml "):
            (Path(self.folder.name) / info.split()[1]).write_text(text)

    def tearDown(self):
        self.folder.cleanup()

    def seed_that_fails(self):
        """SEED in a command is the first that the sweep above it finds."""
        done = self.run_program(["sweep", "luck.yaml", "--seeds", "1..100"])
        return re.search(r"^  seed (\d+) ", done.stdout, re.MULTILINE)[1]

    def run_program(self, words):
        data = Path(self.folder.name) / "data"
        return subprocess.run([PROGRAM_PATH, *words], cwd=self.folder.name, timeout=60, text=True,
                              env={**os.environ, "XDG_DATA_HOME": str(data)},
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)

    def serve(self, options):
        """As it stands there, with the files that stand there too; on a free port all the same."""
        for info, text in blocks("ini"):
            (Path(self.folder.name) / info.split()[1]).write_text(text)
        paths = [Path(self.folder.name) / option for option in options]
        is_made = ["--record" in options[max(n - 1, 0):n] for n in range(len(options))]
        Broker(*(str(path) if path.exists() or made else option
                 for path, option, made in zip(paths, options, is_made)),
               *([] if "--config" in options else ["--listen", "127.0.0.1:0"])).stop()

    def tail(self, broker, words):
        """It ends when somebody ends it."""
        tail = subprocess.Popen([PROGRAM_PATH, *words], env=broker.environment, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE)
        time.sleep(1)
        tail.send_signal(signal.SIGINT)
        self.assertEqual("", tail.communicate(timeout=60)[1])
        self.assertEqual(0, tail.returncode)

    def test_runs_every_command(self):
        broker = self.enterContext(Broker())
        self.assertIn("./glassmq run scenarios/01-hello-queue.yaml", commands())
        self.assertIn("./glassmq test", commands())
        for command in commands():
            with self.subTest(command):
                self.assertTrue(command.startswith(PREFIX), command)
                words = shlex.split(command)[1:]
                if "python3" in words:  # the one that has pika
                    words[words.index("python3")] = sys.executable
                if "SEED" in words:
                    words[words.index("SEED")] = self.seed_that_fails()
                if words[0] in LAUNCHER_ONLY:
                    continue
                if words[0] == "serve":
                    self.serve(words[1:])
                    continue
                if words[0] == "tail":
                    self.tail(broker, words)
                    continue
                if words[0] == "ctl":
                    done = broker.ctl(*words[1:], folder=self.folder.name)
                else:
                    done = self.run_program(words)
                status = int(command in failing())
                self.assertEqual((status, ""), (done.returncode, done.stderr))
                for name in words:
                    if words[words.index(name) - 1] in ("-o", "--trace", "--save"):
                        self.assertTrue((Path(self.folder.name) / name).stat().st_size > 0)

    def test_shows_the_screen_as_it_is(self):
        shown = blocks("text view")
        self.assertTrue(shown)
        for info, text in shown:
            with self.subTest(info):
                done = self.run_program(info.split()[1:])
                self.assertEqual((0, ""), (done.returncode, done.stderr))
                self.assertEqual(text.rstrip(), "\n".join(
                    line.rstrip() for line in done.stdout.rstrip().split("\n")))

    def test_lists_the_commands_that_there_are(self):
        listed = re.findall(r"^\| `glassmq ([\w-]+)", README, re.MULTILINE)
        shown = self.run_program(["--help"]).stdout.split("Commands:\n")[1].split("\n\n")[0]
        self.assertEqual(sorted(line.split()[0] for line in shown.splitlines()), sorted(listed))

    def test_lists_every_scenario(self):
        listed = re.findall(r"\(scenarios/([\w-]+\.yaml)\)", README)
        self.assertEqual(sorted(path.name for path in (ROOT / "scenarios").glob("*.yaml")),
                         sorted(listed))

    def test_links_to_what_is_there(self):
        for link in re.findall(r"\]\(([^)]+)\)", README):
            with self.subTest(link):
                self.assertTrue((ROOT / link).exists())


if __name__ == "__main__":
    tap.main()
