"""What the tidy tests share: the files of the project, and answers in the Test Anything Protocol."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PURE = ("core/base", "core/wire", "core/store", "core/broker", "core/amqp", "core/client")

# In core/base but no part of its archive: it prints.
EDGES_IN_BASE = ("core/base/options.c", "core/base/options.h")

CLANG_VERSION = "14"


def git_files():
    """What git keeps here; nothing without git, or outside a clone."""
    if shutil.which("git") is None:
        return []
    listed = run(["git", "-C", ROOT, "ls-files", "-z"])
    return listed.stdout.split("\0") if listed.returncode == 0 else []


def files_in_folders():
    skipped = (ROOT / "build", ROOT / ".git")
    return [str(path.relative_to(ROOT)) for path in ROOT.rglob("*")
            if not any(folder in path.parents for folder in skipped)]


def tracked_files():
    """Every file that belongs to the project, named from its root."""
    return sorted(name for name in git_files() or files_in_folders() if (ROOT / name).is_file())


def sources(*endings):
    return [name for name in tracked_files() if name.endswith(endings or (".c", ".h", ".cc"))]


def is_pure(name):
    return name.rpartition("/")[0] in PURE and name not in EDGES_IN_BASE


def read(name):
    return (ROOT / name).read_text()


def compile_commands(build):
    """The compile commands by source file, named from the root."""
    commands = {}
    for entry in json.loads((Path(build) / "compile_commands.json").read_text()):
        path = (Path(entry["directory"]) / entry["file"]).resolve()
        if path.is_relative_to(ROOT):
            commands[str(path.relative_to(ROOT))] = entry
    return commands


def run(command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", **options)


def skip_all(reason):
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)


def need_clang_tool(name):
    """Skips the whole test without the tool, or with another version of it: each lays out some lines
    differently, and finds different things."""
    if shutil.which(name) is None:
        skip_all(f"{name} is not installed (./glassmq test --all installs it)")
    version = run([name, "--version"]).stdout
    if f"version {CLANG_VERSION}." not in version:
        skip_all(f"this is not {name} {CLANG_VERSION}: {' '.join(version.split())}")


class Report:
    """One line for each rule, and below a broken one what breaks it and what to do."""

    def __init__(self):
        self.n = 0
        self.broken = 0

    def rule(self, sentence, complaints, advice):
        self.n += 1
        print(f"{'not ok' if complaints else 'ok'} {self.n} - {sentence}")
        for complaint in complaints:
            for line in complaint.rstrip().split("\n"):
                print(f"# {line}")
        if complaints:
            self.broken += 1
            print(f"# What to do: {advice}")
        sys.stdout.flush()

    def finish(self):
        print(f"1..{self.n}")
        sys.exit(0)
