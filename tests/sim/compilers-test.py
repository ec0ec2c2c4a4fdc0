"""Every compiler and every optimization makes the same runs: the fingerprints of the committed list.

The argument is the program glassmq, beside which small builds of the simulator are kept, so that
the next time only what changed is compiled."""

import shutil
import subprocess
import sys
import unittest
from pathlib import Path

import tap

BUILD = Path(sys.argv[1]).resolve().parent
ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "tests/sim/fingerprints.txt"
TARGET = "tests/sim_fingerprints"


def call(*words, env=None):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=env)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(words)}:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout


def fingerprints(name, compiler, optimization):
    """What a build with that compiler prints for the shipped scenarios."""
    build = BUILD / "variants" / name
    if not (build / "build.ninja").exists():
        shutil.rmtree(build, ignore_errors=True)
        call("env", f"CC={compiler}", "meson", "setup", str(build), str(ROOT),
             f"-Doptimization={optimization}", "-Ddebug=false")
    call("ninja", "-C", str(build), TARGET)
    return call(str(build / TARGET), str(ROOT / "scenarios"))


class Compilers(unittest.TestCase):
    maxDiff = None

    def same(self, name, compiler, optimization):
        if shutil.which(compiler) is None:
            self.skipTest(f"{compiler} is not installed")
        self.assertEqual(LIST.read_text(), fingerprints(name, compiler, optimization))

    def test_gcc_without_optimization(self):
        self.same("gcc-0", "gcc", "0")

    def test_gcc_with_optimization(self):
        self.same("gcc-2", "gcc", "2")

    def test_clang_with_optimization(self):
        self.same("clang-3", "clang", "3")


if __name__ == "__main__":
    tap.main()
