"""Every header compiles alone, in C and in C++, with the warnings of the build."""

import shlex
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tidy import ROOT, Report, compile_commands, run, sources

JOBS = 2
NOT_FOR_CPP = ("-std=", "-Wstrict-prototypes", "-Wmissing-prototypes")

commands = compile_commands(sys.argv[1])


def compiler_flags(header):
    """Compiler, folder to run it in, and flags of a source beside the header, or of any."""
    beside = [name for name in commands if Path(name).parent == Path(header).parent]
    entry = commands[sorted(beside or commands)[0]]
    words = shlex.split(entry["command"])
    if Path(words[0]).name == "ccache":  # Meson puts it in front where it is installed
        words = words[1:]
    flags = [word for word in words[1:] if word.startswith(("-I", "-D", "-W", "-std=", "-f"))]
    return words[0], entry["directory"], flags


def compile_alone(header, language, scratch):
    compiler, folder, flags = compiler_flags(header)
    unit = Path(scratch) / (header.replace("/", "-") + "." + language)
    unit.write_text(f'#include "{header}"\n#include "{header}"\n')
    if language == "cc":
        flags = [flag for flag in flags if not flag.startswith(NOT_FOR_CPP)] + ["-std=c++17"]
    kind = {"c": "c", "cc": "c++"}[language]
    done = run([compiler, "-x", kind, "-fsyntax-only", "-Werror", *flags, f"-I{ROOT}", unit],
               cwd=folder)
    return [f"{header}:\n{done.stdout}"] if done.returncode != 0 else []


report = Report()
headers = [name for name in sources(".h") if not name.startswith("tests/")]
with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(JOBS) as pool:
    for language, title in (("c", "C"), ("cc", "C++")):
        found = pool.map(lambda header: compile_alone(header, language, scratch), headers)
        report.rule(f"headers compile alone in {title}", sum(found, []),
                    "include what the header uses; wrap declarations in G_BEGIN_DECLS")
report.finish()
