"""Programs that learners write, checked by `glassmq lesson check N -- COMMAND`: reference workers in
three languages pass, each wrong worker fails with the sentence that names its mistake, and nothing is
left of any of them.

The arguments are the programs glassmq, worker and sender, the last two with librabbitmq, and the
build folder for amqplib."""

import concurrent.futures
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import uuid

import tap

GLASSMQ, WORKER, SENDER, BUILD = (os.path.abspath(word) for word in sys.argv[1:5])
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WORKERS = ROOT / "lessons/workers"
WRONG = ROOT / "tests/lessons/wrong-workers"
PYTHON = sys.executable  # the one that has pika
AT_A_TIME = 4
TIMEOUT_S = 120

TAKING = (4, 5, 6, 13, 14, 17)
SENDING = {3: ("hello", "5"), 12: ("order", "10"), 16: ("order", "15")}

# The lesson, the program, the exit status, and what is said of it.
MISTAKES = [
    (3, "sends-too-few.py", 1, 'It never sends "hello 5".'),
    (5, "acks-too-early.py", 1, 'It acks too early: boss-1 ("task 1 ...") was acked'),
    (5, "acks-before-result.py", 1, "and its result was not sent yet"),
    (5, "asks-for-no-acks.py", 1, "It does not ask for acks: the broker forgot boss-1"),
    (5, "never-acks.py", 1, "It never acks: it got boss-1"),
    (5, "does-not-work.py", 1, "It does not do the work: the result of boss-1"),
    (5, "ignores-closed-channel.js", 1, "It ignores a closed channel: the broker closed it with 406"),
    (5, "crashes.py", 1, "The program ended with status 1."),
    (5, "crashes.py", 1, "ValueError: what is task 1 ...?"),
    (5, "hangs.py", 1, "It never asks for messages: it is connected, and takes nothing"),
    (5, "floods.py", 1, "the program floods the broker: more than"),
    (5, "connects-without-end.py", 1, "the program floods the broker: it made 200 connections"),
    (5, "leaves-children.sh", 2, "Undecided: the program never connected."),
    (6, "takes-too-many.py", 1, "It takes too many at a time: with boss-"),
    (12, "no-confirm.py", 1, 'It asks for no confirms: "order 1" (sender-1, event '),
    (12, "not-persistent.py", 1, "It sends messages that are not persistent"),
    (12, "gives-up.py", 1, '"order '),
    (13, "no-dedupe.py", 1, "It does not know what it has done: bank-"),
    (14, "requeues-for-ever.py", 1, 'It requeues for ever: shop-3 ("order 3 broken") went back'),
    (14, "acks-the-broken.py", 1, "It acks what it should reject: with the ack of shop-3"),
    (16, "ignores-nacks.py", 1, 'It ignores a nack: the broker refused "order '),
    (17, "no-heartbeat.py", 1, "It does not notice that its connection is dead"),
]
STARTERS = {".py": [PYTHON, "-B"], ".js": ["node"], ".sh": ["sh"]}


def command_of(path, *words):
    return [*STARTERS[path.suffix], str(path), *words]


def left_of(mark):
    """The processes with that mark in their environment."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                found.append(int(process.name))
        except OSError:
            pass
    return found


def hear_hangups():
    """Who runs the tests under nohup has them ignored, and a check leaves that so."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class Check:
    """A check of a program, with a folder of its own for what is kept."""

    def __init__(self, lesson, command):
        self.lesson, self.command = lesson, command
        self.mark = "GLASSMQ_TEST=" + uuid.uuid4().hex
        self.folder = tempfile.TemporaryDirectory(prefix="glassmq-make-")
        name, value = self.mark.split("=")
        self.process = subprocess.Popen(
            [GLASSMQ, "lesson", "check", str(lesson), "--", *command], text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            preexec_fn=hear_hangups,
            env={**os.environ, name: value, "XDG_DATA_HOME": self.folder.name, "LC_ALL": "C.UTF-8"})

    def end(self):
        """Waits for it, and returns what it said."""
        self.output, _ = self.process.communicate(timeout=TIMEOUT_S)
        return self.output

    def left(self, seconds=10):
        """What is still there after so long."""
        deadline = time.monotonic() + seconds
        while (left := left_of(self.mark)) and time.monotonic() < deadline:
            time.sleep(0.1)
        return left

    def trace(self):
        return next(pathlib.Path(self.folder.name).glob("glassmq/lessons/*/check.jsonl"))


def check(lesson, command):
    one = Check(lesson, command)
    one.end()
    one.remains = one.left(0)
    return one


def check_all(all_of_them):
    with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        return list(pool.map(lambda each: check(*each), all_of_them))


class Make(unittest.TestCase):
    def judge(self, one, status, words=""):
        said = f"lesson {one.lesson}, {one.command}:\n{one.output}"
        self.assertEqual(one.process.returncode, status, said)
        self.assertIn(words, one.output, said)
        self.assertEqual(one.remains, [], f"left behind by {said}")

    def test_reference_workers_pass(self):
        programs = [(lesson, command) for lesson in TAKING
                    for command in (command_of(WORKERS / "worker.py"),
                                    command_of(WORKERS / "worker.js"), [WORKER])]
        programs += [(lesson, command) for lesson, words in SENDING.items()
                     for command in (command_of(WORKERS / "sender.py", *words),
                                     command_of(WORKERS / "sender.js", *words), [SENDER, *words])]
        for one in check_all(programs):
            with self.subTest(lesson=one.lesson, command=one.command):
                self.judge(one, 0, "Passed: ")

    def test_mistakes_are_named(self):
        done = check_all([(lesson, command_of(WRONG / name)) for lesson, name, _, _ in MISTAKES])
        for one, (_, name, status, words) in zip(done, MISTAKES):
            with self.subTest(program=name):
                self.judge(one, status, words)

    def test_every_wrong_worker_is_tried(self):
        there = {path.name for path in WRONG.iterdir() if path.is_file()} - {"base.py"}
        self.assertEqual(there, {name for _, name, _, _ in MISTAKES})

    def test_programs_that_cannot_be_started(self):
        self.judge(check(5, ["./not-there"]), 2, '"./not-there" is not there')
        self.judge(check(5, ["glassmq-not-there"]), 2, "there is no program")
        self.judge(check(5, ["sh", "-c", "exit 3"]), 2, "The program ended with status 3.")
        self.judge(check(5, ["sh", "-c", "kill -SEGV $$"]), 2, "was ended by signal 11")

    def test_the_run_can_be_seen(self):
        one = check(14, command_of(WORKERS / "worker.py"))
        self.assertIn(f"glassmq view {one.trace()}", one.output)
        seen = subprocess.run([GLASSMQ, "view", str(one.trace())], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=TIMEOUT_S)
        self.assertEqual(seen.returncode, 0, seen.stderr)
        self.assertIn("worker gets shop-3 from queue orders", seen.stdout)

    def start(self):
        """A check whose program leaves children, and has had the time for that."""
        one = Check(5, command_of(WRONG / "leaves-children.sh"))
        self.addCleanup(one.process.wait)
        self.addCleanup(one.process.kill)
        deadline = time.monotonic() + 30
        while len(left_of(one.mark)) < 10 and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertGreaterEqual(len(left_of(one.mark)), 10)
        return one

    def test_an_interrupted_check_leaves_nothing(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            one = self.start()
            one.process.send_signal(number)
            self.assertIn("Undecided: the check was interrupted.", one.end())
            self.assertEqual(one.process.returncode, 2)
            self.assertEqual(one.left(), [])

    def test_a_killed_check_leaves_nothing(self):
        one = self.start()
        one.process.kill()
        one.process.wait()
        self.assertEqual(one.left(), [])
        one.process.stdout.close()


if __name__ == "__main__":
    subprocess.run(["sh", HERE / "amqplib-install.sh", HERE, BUILD], check=True)
    os.environ["NODE_PATH"] = os.path.join(BUILD, "node", "node_modules")
    tap.main()
