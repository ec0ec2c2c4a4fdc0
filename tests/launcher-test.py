"""The launcher in a clone of its own, among tools that only write down how they were called.

Nothing is installed or compiled: the tools are scripts in a folder that is the whole PATH."""

import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import tap

ROOT = Path(__file__).resolve().parent.parent
SYSTEM_TOOLS = ("sh", "cat", "chmod", "flock", "grep", "id", "mkdir", "readlink", "rm")
HERE = ("c++", "meson", "ninja", "pkg-config", "dpkg-query", "python3", "apt-get", "msgfmt")

# What each tool does besides being written down. $LOG is the list of calls, $STATE a folder.
TOOLS = {
    # The dry run tells whether there is work; a real one makes the program.
    "ninja": """
case "$*" in
*-n*) [ -e "$2/glassmq" ] && [ ! -e "$STATE/edited" ] && echo 'ninja: no work to do.' ;;
*) [ ! -e "$STATE/broken" ] || { echo 'x.c:1: error: broken'; exit 1; }
   printf '#!/bin/sh\\necho "program in $PWD: $*"\\nexit 7\\n' >"$2/glassmq"
   chmod +x "$2/glassmq"; rm -f "$STATE/edited" ;;
esac""",
    "meson": ': >"$2/build.ninja"',
    # The libraries in this file are not there.
    "pkg-config": '[ ! -e "$STATE/missing" ] || ! holds_line "$STATE/missing" "$2"',
    "dpkg-query": 'echo "unknown ok not-installed"',
    "id": "echo 1000",
    # Where one may, all is installed; as a real root this would change the machine.
    "sudo": '[ -e "$STATE/may" ] || { echo "sudo: a password is required" >&2; exit 1; }; '
            'rm "$STATE/missing"',
}
HEAD = """#!/bin/sh
LOG='{log}' STATE='{state}'
echo "{name} $*" >>"$LOG"
holds_line() {{
    while read -r line; do [ "$line" != "$2" ] || return 0; done <"$1"
    return 1
}}
"""


class Clone:
    """A clone whose path has a blank, with its tools."""

    def __init__(self, folder, tools):
        self.root = Path(folder) / "my clone"
        self.state = Path(folder) / "state"
        self.log = Path(folder) / "calls"
        self.bin = Path(folder) / "bin"
        for made in (self.root / "tests", self.state, self.bin):
            made.mkdir(parents=True)
        shutil.copy(ROOT / "glassmq", self.root / "glassmq")
        for tool in SYSTEM_TOOLS:
            if tool not in tools:
                (self.bin / tool).symlink_to(shutil.which(tool))
        for tool in tools:
            self.write_tool(self.bin / tool, TOOLS.get(tool, ""))

    def write_tool(self, path, body):
        head = HEAD.format(log=self.log, state=self.state, name=path.name)
        path.write_text(head + body + "\n")
        path.chmod(0o755)

    def set(self, name, text=""):
        (self.state / name).write_text(text)

    def calls(self, tool):
        if not self.log.exists():
            return []
        return [line for line in self.log.read_text().splitlines() if line.split()[0] == tool]

    def start(self, *words, program=None, folder="/"):
        return subprocess.run([program or self.root / "glassmq", *words], cwd=folder, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True,
                              env={"PATH": str(self.bin)})


class Launcher(unittest.TestCase):
    def clone(self, *extra, without=()):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        tools = [tool for tool in (*HERE, *extra) if tool not in without]
        return Clone(folder.name, tools)

    def test_builds_once_and_passes_words_folder_and_status_on(self):
        clone = self.clone()
        first = clone.start("run", "a b.yaml", "--seed=1", folder="/usr")
        second = clone.start("run")

        self.assertEqual("program in /usr: run a b.yaml --seed=1\n", first.stdout)
        self.assertEqual(7, first.returncode)
        self.assertEqual("program in /: run\n", second.stdout)
        self.assertEqual("", second.stderr)
        self.assertEqual(1, len(clone.calls("meson")))
        self.assertEqual([], clone.calls("apt-get"))

    def test_compiles_again_after_an_edit(self):
        clone = self.clone()
        clone.start("run")
        clone.set("edited")
        again = clone.start("run")

        self.assertEqual("glassmq: compiling\n", again.stderr)
        self.assertEqual(1, len(clone.calls("meson")))

    def test_works_through_symbolic_links(self):
        clone = self.clone()
        link = clone.state / "link"
        link.symlink_to("../state/second")
        (clone.state / "second").symlink_to(clone.root / "glassmq")

        self.assertEqual("program in /: view\n", clone.start("view", program=link).stdout)

    def test_adds_less_than_200_ms_when_nothing_changed(self):
        clone = self.clone()
        clone.start("run")
        begin = time.monotonic()
        for _ in range(5):
            clone.start("run")

        self.assertLess((time.monotonic() - begin) / 5, 0.2)

    def test_shows_what_the_compiler_said_on_stderr(self):
        clone = self.clone()
        clone.set("broken")
        failed = clone.start("run")

        self.assertEqual(1, failed.returncode)
        self.assertEqual("", failed.stdout)
        self.assertIn("x.c:1: error: broken", failed.stderr)
        self.assertTrue(failed.stderr.endswith("glassmq: the build failed\n"))

    def test_builds_anew_where_the_clone_has_moved_to(self):
        clone = self.clone()
        clone.start("run")
        clone.root.rename(clone.root.parent / "elsewhere")
        clone.root = clone.root.parent / "elsewhere"
        moved = clone.start("run")

        self.assertIn("this clone has moved", moved.stderr)
        self.assertEqual(2, len(clone.calls("meson")))
        self.assertEqual("program in /: run\n", moved.stdout)

    def test_leaves_a_build_of_the_users_own_making(self):
        clone = self.clone()
        (clone.root / "build").mkdir()
        (clone.root / "build/build.ninja").touch()
        clone.start("run")

        self.assertEqual([], clone.calls("meson"))

    def test_installs_only_what_is_missing(self):
        clone = self.clone("sudo", "id")
        clone.set("missing", "yaml-0.1\nncursesw\n")
        clone.set("may")
        done = clone.start("run")

        self.assertIn("glassmq: installing libncurses-dev libyaml-dev\n", done.stderr)
        self.assertEqual([f"sudo -n sh {clone.root}/glassmq --install-as-root libncurses-dev "
                          "libyaml-dev"], clone.calls("sudo"))
        self.assertEqual("program in /: run\n", done.stdout)

    def test_names_the_packages_where_there_is_no_apt(self):
        clone = self.clone(without=("apt-get", "dpkg-query"))
        clone.set("missing", "yaml-0.1\n")
        done = clone.start("run")

        self.assertEqual(1, done.returncode)
        self.assertIn("libyaml-dev", done.stderr)
        self.assertEqual(1, done.stderr.count("\n"))

    def test_names_the_packages_where_there_is_no_sudo(self):
        clone = self.clone("id")
        clone.set("missing", "yaml-0.1\n")
        done = clone.start("run")

        self.assertEqual(1, done.returncode)
        self.assertIn("as root: apt-get install libyaml-dev\n", done.stderr)

    def test_asks_nothing_where_there_is_no_terminal(self):
        clone = self.clone("sudo", "id")
        clone.set("missing", "yaml-0.1\n")
        done = clone.start("run")

        self.assertEqual(1, done.returncode)
        self.assertTrue(clone.calls("sudo")[0].startswith("sudo -n "))
        self.assertIn("as root: apt-get install libyaml-dev\n", done.stderr)

    def test_hands_the_words_of_test_to_the_runner(self):
        clone = self.clone()
        done = clone.start("test", "--help", "core/wire")

        self.assertEqual(0, done.returncode)
        self.assertEqual([f"python3 {clone.root}/tests/run --help core/wire"],
                         clone.calls("python3"))


if __name__ == "__main__":
    tap.main()
