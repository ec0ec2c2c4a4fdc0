"""clang-tidy finds nothing: the checks are those of .clang-tidy."""

import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tidy import ROOT, Report, compile_commands, need_clang_tool, run, sources

JOBS = 2

# How many states of a function the analyzer looks at: most of its time goes to few functions with
# many paths, of which it sees no end in any case. A long test gives it what it takes by itself.
STATES = [] if os.environ.get("GLASSMQ_TEST_LONG") else [
    f"--extra-arg={word}" for word in ("-Xclang", "-analyzer-config", "-Xclang", "max-nodes=60000")]

need_clang_tool("clang-tidy")
build = sys.argv[1]


def from_root(line):
    """Names the file as in the project; clang-tidy names it as the compile command did."""
    path, colon, rest = line.partition(":")
    full = (Path(build) / path).resolve()
    return f"{full.relative_to(ROOT) if full.is_relative_to(ROOT) else path}{colon}{rest}"


def complaints_about(name):
    checked = run(["clang-tidy", "--quiet", "-p", build, "--extra-arg=-Wno-unknown-warning-option",
                   *STATES, name], cwd=ROOT)
    if checked.returncode == 0:
        return []
    lines = [line for line in checked.stdout.split("\n") if re.search(r": (error|warning):", line)]
    return [from_root(line) for line in lines] or [checked.stdout]


report = Report()
compiled = compile_commands(build)
with ThreadPoolExecutor(JOBS) as pool:
    found = list(pool.map(complaints_about, [name for name in sources(".c") if name in compiled]))
report.rule("clang-tidy finds nothing in C sources",
            sorted({complaint for complaints in found for complaint in complaints}),
            "mend these, or explain on the line why clang-tidy is wrong: /* NOLINT(check): why */")
report.finish()
