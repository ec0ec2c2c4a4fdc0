"""What the tidy tests share: the files of the project, and answers in the Test Anything Protocol."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PURE = ("core/base", "core/wire", "core/store", "core/broker", "core/amqp", "core/client")

# In core/base but no part of its archive: it prints.
EDGES_IN_BASE = ("core/base/options.c", "core/base/options.h")


def tracked_files():
    """Every file that belongs to the project, from its root; without git, every file there is."""
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], capture_output=True, text=True)
    if listed.returncode == 0:
        names = listed.stdout.split("\0")
    else:
        skipped = (ROOT / "build", ROOT / ".git")
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*")
                 if not any(folder in path.parents for folder in skipped)]
    return sorted(name for name in names if (ROOT / name).is_file())


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
