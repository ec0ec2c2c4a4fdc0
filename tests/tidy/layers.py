"""Includes follow the arrows of the house: nothing points back."""

import re

from tidy import EDGES_IN_BASE, Report, is_pure, read, sources

# Which folders a folder may include, besides itself and those that they may include.
ARROWS = {
    "core/base": [],
    "core/wire": ["core/base"],
    "core/store": ["core/wire"],
    "core/broker": ["core/wire", "core/store"],
    "core/amqp": ["core/broker"],
    "core/client": ["core/wire"],
    "core/net": ["core/amqp", "core/client"],
    "core/server": ["core/net"],
    "sim": ["core/amqp", "core/client"],
    "lessons": ["sim", "viz"],
}
# What is seen is what was announced: pictures are made from events and snapshots, so the view does
# not get to see what lies below sim.
SEES_EVENTS_ONLY = {"viz": ["core/base", "sim"]}
SNAPSHOTS = re.compile(r"core/\w+/snapshot\.h$")

# The front door and tests may look into every folder.
FREE = ("glassmq.c", "tests/")

# All that the pure folders may include from outside: no clock, file, socket, thread or locale.
OUTSIDE_OF_PURE = {"arm_acle.h", "assert.h", "glib.h", "inttypes.h", "limits.h", "stdarg.h",
                   "stdbool.h", "stddef.h", "stdint.h", "string.h"}
CURSES = re.compile(r"n?curses(w/.*)?\.h$|ncursesw/")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def reach(folder):
    if folder in SEES_EVENTS_ONLY:
        return {folder, *SEES_EVENTS_ONLY[folder]}
    found = {folder}
    for below in ARROWS.get(folder, []):
        found |= reach(below)
    return found


def folder_of(name):
    parts = name.split("/")
    return "/".join(parts[:2]) if parts[0] == "core" else parts[0]


def includes():
    """Each include of a source outside FREE: the file, whether it is our own, and what."""
    for name in sources():
        if not name.startswith(FREE):
            for bracket, what in INCLUDE.findall(read(name)):
                yield name, bracket == '"', what


def breaks_arrow(name, what):
    return folder_of(what) not in reach(folder_of(name)) and not SNAPSHOTS.match(what)


def misuses_options(name, what):
    return what in EDGES_IN_BASE and name not in EDGES_IN_BASE and "/cmd-" not in name


def is_from_root(what):
    return what.split("/")[0] in ("core", "sim", "viz", "lessons")


report = Report()
every = list(includes())
ours = [(name, what) for name, own, what in every if own]
system = [(name, what) for name, own, what in every if not own]

report.rule("includes of our own headers are written from the root",
            [f'{name} includes "{what}"' for name, what in ours if not is_from_root(what)],
            'write the whole path: "core/wire/table.h"')
report.rule("includes follow the arrows of the house",
            [f'{name} includes "{what}"' for name, what in ours
             if is_from_root(what) and breaks_arrow(name, what)],
            "a folder may include those that its arrow in tests/tidy/layers.py leads to; move what "
            "both need down, or let the caller pass it in")
report.rule("only commands read options",
            [f'{name} includes "{what}"' for name, what in ours if misuses_options(name, what)],
            "let cmd-NAME.c read the command line and pass values on")
report.rule("pure folders include only GLib and headers without side effects",
            [f"{name} includes <{what}>" for name, what in system
             if is_pure(name) and what not in OUTSIDE_OF_PURE],
            "what the core needs from the world comes in through GmqHost")
screens = sorted({name for name, what in system if CURSES.match(what)})
report.rule("curses is included by one file at most",
            screens if len(screens) > 1 else [],
            "draw into the screen of viz, and let the one file show it")
report.finish()
