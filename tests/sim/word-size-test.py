"""Machines with other words make the same runs: one of 32 bits, and one whose bytes stand the other
way round. The fingerprints are those of the committed list.

The argument is the program glassmq, beside which the builds are kept. They take minutes, so they
wait for GLASSMQ_TEST_LONG=1. Nothing is fetched: a machine is left out where its compiler, its
libraries or its emulator are not installed, or do not work together; what is missing is told."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tap

BUILD = Path(sys.argv[1]).resolve().parent
ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "tests/sim/fingerprints.txt"
TARGET = "tests/sim_fingerprints"
LIBRARIES = {"gio-2.0": "libglib2.0-dev", "yaml-0.1": "libyaml-dev",
             "json-glib-1.0": "libjson-glib-dev", "ncursesw": "libncurses-dev",
             "libgvc": "libgraphviz-dev"}
# What the build needs: a library of C, one of C++, and something that runs the program.
PROBE = """#include <glib.h>
#include <string>
int main() { return std::string(g_get_prgname() ? "yes" : "").size() == 0 ? 0 : 1; }
"""
BUILD_SECONDS = 1800
CROSS_FILE = """[binaries]
c = '{triplet}-gcc'
cpp = '{triplet}-g++'
ar = '{triplet}-ar'
pkgconfig = 'pkg-config'
[properties]
pkg_config_libdir = ['/usr/lib/{folder}/pkgconfig', '/usr/share/pkgconfig']
needs_exe_wrapper = true
[host_machine]
system = 'linux'
cpu_family = '{family}'
cpu = '{family}'
endian = '{endian}'
"""


def call(*words, env=None, seconds=BUILD_SECONDS):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=env,
                          timeout=seconds)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(words)}:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout


def library_paths(folder):
    return f"/usr/lib/{folder}/pkgconfig:/usr/share/pkgconfig"


def list_missing_libraries(folder, architecture):
    """The packages of the architecture that bring what pkg-config does not find there."""
    env = {**os.environ, "PKG_CONFIG_LIBDIR": library_paths(folder)}
    return [f"{package}:{architecture}" for library, package in LIBRARIES.items()
            if subprocess.run(["pkg-config", "--exists", library], env=env).returncode != 0]


def list_missing(machine):
    missing = [package for package, command in machine["commands"] if shutil.which(command) is None]
    return missing + list_missing_libraries(machine["folder"], machine["architecture"])


def probe(machine):
    """Builds and runs a small program; an installation that is not whole fails here."""
    env = {**os.environ, "PKG_CONFIG_LIBDIR": library_paths(machine["folder"])}
    with tempfile.TemporaryDirectory() as folder:
        source, program = Path(folder) / "probe.cc", Path(folder) / "probe"
        source.write_text(PROBE)
        words = call("pkg-config", "--cflags", "--libs", *LIBRARIES, env=env).split()
        call(f"{machine['triplet']}-g++", str(source), "-o", str(program), *words, seconds=60)
        call(*machine["emulator"], str(program), seconds=60)


def fingerprints(machine):
    """What a build for that machine prints for the shipped scenarios."""
    build = BUILD / "variants" / machine["architecture"]
    if not (build / "build.ninja").exists():
        shutil.rmtree(build, ignore_errors=True)
        build.mkdir(parents=True)
        cross_file = build / "machine.ini"
        cross_file.write_text(CROSS_FILE.format(**machine))
        call("meson", "setup", str(build), str(ROOT), "--cross-file", str(cross_file),
             "-Doptimization=1", "-Ddebug=false")
    call("ninja", "-C", str(build), TARGET)
    return call(*machine["emulator"], str(build / TARGET), str(ROOT / "scenarios"))


class WordSize(unittest.TestCase):
    maxDiff = None

    def same(self, machine):
        if "GLASSMQ_TEST_LONG" not in os.environ:
            self.skipTest("builds the simulator once more: run with --long")
        missing = list_missing(machine)
        if missing:
            self.skipTest(f"install {' '.join(missing)}"
                          f" (after dpkg --add-architecture {machine['architecture']})")
        try:
            probe(machine)
        except (AssertionError, OSError, subprocess.TimeoutExpired) as trouble:
            words = " ".join(str(trouble).split())
            self.skipTest(f"programs for {machine['architecture']} are not built or run here:"
                          f" {words[-300:]}")
        self.assertEqual(LIST.read_text(), fingerprints(machine))

    def test_words_of_32_bits(self):
        self.same({"triplet": "i686-linux-gnu", "folder": "i386-linux-gnu", "family": "x86",
                   "architecture": "i386", "endian": "little", "emulator": [],
                   "commands": [("gcc-i686-linux-gnu", "i686-linux-gnu-gcc"),
                                ("g++-i686-linux-gnu", "i686-linux-gnu-g++")]})

    def test_the_highest_byte_first(self):
        self.same({"triplet": "s390x-linux-gnu", "folder": "s390x-linux-gnu", "family": "s390x",
                   "architecture": "s390x", "endian": "big", "emulator": ["qemu-s390x-static"],
                   "commands": [("gcc-s390x-linux-gnu", "s390x-linux-gnu-gcc"),
                                ("g++-s390x-linux-gnu", "s390x-linux-gnu-g++"),
                                ("qemu-user-static", "qemu-s390x-static")]})


if __name__ == "__main__":
    tap.main()
