"""A trace is the same bytes in every process, wherever and however that was started. The argument
is the program glassmq."""

import hashlib
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tap

PROGRAM = str(Path(sys.argv[1]).resolve())
SCENARIOS = sorted((Path(__file__).resolve().parents[2] / "scenarios").glob("*.yaml"))


def trace_of(path, cwd="/", **changes):
    """The digest of the trace, and what was printed, with these variables changed; None removes."""
    env = {name: value for name, value in {**os.environ, **changes}.items() if value is not None}
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace"
        done = subprocess.run([PROGRAM, "run", "--trace", str(trace), str(path)], cwd=cwd, env=env,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        if done.returncode != 0:
            raise AssertionError(done.stderr.decode())
        return hashlib.sha256(trace.read_bytes()).hexdigest()


class Environment(unittest.TestCase):
    def same(self, **changes):
        for path in SCENARIOS:
            with self.subTest(path.name):
                self.assertEqual(trace_of(path), trace_of(path, **changes))

    def test_again(self):
        self.same()

    def test_in_another_order(self):
        forward = [trace_of(path) for path in SCENARIOS]
        backward = [trace_of(path) for path in reversed(SCENARIOS)]
        self.assertEqual(forward, backward[::-1])

    def test_another_language(self):
        self.same(LANG="tr_TR.UTF-8", LC_ALL=None)
        self.same(LC_ALL="de_DE.UTF-8")
        self.same(LC_ALL="C")
        self.same(LC_ALL="ko_KR.UTF-8")
        self.same(LANG="C.UTF-8", LC_ALL=None, LANGUAGE="ko")

    def test_another_time_zone(self):
        self.same(TZ="Pacific/Chatham")

    def test_another_home(self):
        self.same(HOME="/nonexistent")

    def test_other_memory(self):
        self.same(MALLOC_PERTURB_="165")
        self.same(MALLOC_ARENA_MAX="1", MALLOC_TOP_PAD_="1048576")
        self.same(G_SLICE="always-malloc")

    def test_another_folder(self):
        self.same(cwd="/usr")

    def test_another_terminal(self):
        self.same(TERM="dumb", COLUMNS="40", LINES="10", NO_COLOR="1")

    def test_hardly_any_environment(self):
        for path in SCENARIOS:
            with self.subTest(path.name):
                nothing = {name: None for name in os.environ if not name.startswith("LD_")}
                self.assertEqual(trace_of(path), trace_of(path, **nothing))


if __name__ == "__main__":
    tap.main()
