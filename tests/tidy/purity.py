"""The core asks the world for nothing: what its archives want from outside is on a list, and they
hold no state of their own."""

import fnmatch
import sys
from pathlib import Path

from tidy import PURE, Report, read, run

ALLOWED = "tests/tidy/allowed-symbols.txt"
REFUSED_IN_SIM = "tests/tidy/refused-symbols-sim.txt"
# But for commands, which read the environment, for runs on the real clock, and for the language in
# which a run is told.
AT_THE_EDGE = ("cmd-", "real-", "language.")
CHANGEABLE = (".data", ".bss", ".tdata", ".tbss", "*COM*")
READ_ONLY = ".data.rel.ro"  # tables of constants that hold addresses

build = Path(sys.argv[1])


def patterns(name):
    lines = (line.split("#")[0].strip() for line in read(name).split("\n"))
    return [line for line in lines if line]


def matches(symbol, wanted):
    return any(fnmatch.fnmatchcase(symbol, pattern) for pattern in wanted)


def symbols(archive):
    """Each symbol of an archive: the object it stands in, its name, class and section."""
    listed = run(["nm", "--format=sysv", archive])
    if listed.returncode != 0:
        sys.exit(listed.stdout)
    found = []
    member = archive.name
    for line in listed.stdout.split("\n"):
        columns = [column.strip() for column in line.split("|")]
        if "[" in line and line.endswith("]:"):
            member = Path(line[line.index("[") + 1:-2]).name
        elif len(columns) == 7 and columns[0] != "Name":
            found.append((member, columns[0], columns[2], columns[6]))
    return found


def is_changeable(section):
    return section.startswith(CHANGEABLE) and not section.startswith(READ_ONLY)


archives = {folder: build / folder / f"lib{Path(folder).name}.a" for folder in PURE}
tables = {folder: symbols(path) for folder, path in archives.items() if path.exists()}
defined = {name for table in tables.values() for _, name, kind, _ in table if kind not in "Uw"}
allowed = patterns(ALLOWED)

report = Report()
report.rule("the archives of the core were built", [] if len(tables) > 1 else [str(build)],
            "compile first: ninja -C build")
for folder, table in tables.items():
    wanted = sorted({(name, member) for member, name, kind, _ in table
                     if kind in "Uw" and name not in defined and not matches(name, allowed)})
    report.rule(f"{folder} wants nothing from the world",
                [f"{member} wants {name}" for name, member in wanted],
                "let GmqHost give it; if the function has no side effect, reads no clock, locale "
                f"or environment and shows no hash order, add it to {ALLOWED}")
    states = [f"{member} holds {name} in {section}" for member, name, _, section in table
              if is_changeable(section) and name != section]
    report.rule(f"{folder} keeps no state of its own", states,
                "put it into a struct that the caller owns; make tables const, pointers in them too")

simulator = build / "sim/libsim.a"
refused = patterns(REFUSED_IN_SIM)
if simulator.exists():
    wanted = sorted({f"{member} wants {name}" for member, name, kind, _ in symbols(simulator)
                     if kind in "Uw" and not member.startswith(AT_THE_EDGE) and matches(name, refused)})
    report.rule("the simulator reads no clock, chance, locale or environment", wanted,
                "virtual time and the named random streams give the same run everywhere")
report.finish()
