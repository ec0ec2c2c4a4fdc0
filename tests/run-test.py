"""What "./glassmq test" asks of Meson, in a clone of its own with a build that is done: meson and
ninja are scripts, and the only test is one line."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tap

RUN = Path(__file__).resolve().parent / "run"
TOOLS = {
    "ninja": "echo 'ninja: no work to do.'",
    "meson": """
echo "${GLASSMQ_TEST_LONG-unset} $*" >>"$LOG"
echo '{"name": "GlassMQ:unit / one-test", "result": "OK", "returncode": 0, "stdout": "ok 1 one"}' \\
    >"$3/meson-logs/testlog.json" """,
}


class Run(unittest.TestCase):
    def start(self, *words):
        """What the runner said, and the calls of meson: "LONG test WORDS"."""
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            build = root / "build"
            for made in ("tests", "bin", "build/meson-info", "build/meson-logs"):
                (root / made).mkdir(parents=True)
            (root / "tests/run").write_text(RUN.read_text())
            for name, body in TOOLS.items():
                (root / "bin" / name).write_text(f"#!/bin/sh\n{body}\n")
                (root / "bin" / name).chmod(0o755)
            (build / "build.ninja").touch()
            (build / "meson-info/intro-buildoptions.json").write_text(
                json.dumps([{"name": "tests", "value": "enabled"}]))
            (build / "meson-info/intro-tests.json").write_text(
                json.dumps([{"name": "one-test", "suite": ["GlassMQ:unit"], "cmd": ["python3"],
                             "protocol": "tap"}]))
            environment = {**os.environ, "PATH": f"{root}/bin:{os.environ['PATH']}",
                           "LOG": str(root / "log")}
            environment.pop("GLASSMQ_TEST_LONG", None)
            done = subprocess.run([sys.executable, "-B", root / "tests/run", *words], text=True,
                                  stdin=subprocess.DEVNULL, capture_output=True, env=environment)
            log = root / "log"
            calls = log.read_text().replace(folder, "ROOT").splitlines() if log.exists() else []
            return done, calls

    def test_counts_what_meson_ran(self):
        done, calls = self.start()

        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertTrue(done.stdout.endswith("\n1 passed, 0 failed\n"), done.stdout)
        self.assertEqual(["unset test -C ROOT/build --no-rebuild --no-stdsplit -t 1 one-test"],
                         calls)

    def test_lets_tests_take_long_when_asked(self):
        done, calls = self.start("--long", "one")

        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertEqual(["1 test -C ROOT/build --no-rebuild --no-stdsplit -t 20 one-test"], calls)

    def test_tells_of_its_options(self):
        done, calls = self.start("--help")

        self.assertEqual((0, []), (done.returncode, calls))
        for option in ("--all", "--sanitize", "--long"):
            self.assertIn(f"  {option} ", done.stdout)

    def test_names_the_option_that_was_meant(self):
        done, calls = self.start("--lang")

        self.assertEqual((2, []), (done.returncode, calls))
        self.assertEqual("glassmq test: there is no option --lang. Did you mean --long? "
                         "See glassmq test --help.\n", done.stderr)


if __name__ == "__main__":
    tap.main()
