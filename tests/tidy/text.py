"""What can be seen by reading: lengths, and words that do not belong here."""

import re

from tidy import Report, is_pure, read, sources, tracked_files

COLUMNS = 100
FILE_LINES = 500
FUNCTION_LINES = 70

# Paths outside the project, put together here so that this file does not name them itself.
OUTSIDE = re.compile(r"(?<![\w.])" + "/(?:wo" + r"rk|ho" + r"me|ro" + r"ot)/" + r"|\.\./sha" + "red")
COMMENTS_AND_STRINGS = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.DOTALL)
FLOATS = re.compile(r"\b(float|double)\b")
RANDOM_TWICE = re.compile(r"gmq_random_\w+\([^;{}]*gmq_random_\w+\(")
BINARY = (".png", ".svg", ".pdf", ".ico", ".gz", ".xz")


def where(name, text, match):
    return f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match.group(0)[:60]!r}"


def find(pattern, names, clean=lambda text: text):
    found = []
    for name in names:
        text = clean(read(name))
        found += [where(name, text, match) for match in pattern.finditer(text)]
    return found


def code_only(text):
    """Without comments and strings; lines stay where they are."""
    return COMMENTS_AND_STRINGS.sub(lambda match: "\n" * match.group(0).count("\n"), text)


def long_lines(names):
    for name in names:
        for number, line in enumerate(read(name).split("\n"), 1):
            if len(line) > COLUMNS:
                yield f"{name}:{number}: {len(line)} columns"


def long_functions(names):
    """A function's body stands between braces in the first column."""
    for name in names:
        start = None
        for number, line in enumerate(read(name).split("\n"), 1):
            if line == "{":
                start = number
            elif line == "}" and start is not None:
                if number - start > FUNCTION_LINES:
                    yield f"{name}:{start}: {number - start} lines"
                start = None


report = Report()
code = sources()
ours = [name for name in code if not name.startswith("tests/")]
texts = [name for name in tracked_files() if not name.endswith(BINARY)]

report.rule("the project stands alone", find(OUTSIDE, texts),
            "name no path outside the project: a clone has none of them")
report.rule(f"lines of code have at most {COLUMNS} columns", list(long_lines(code)),
            "break the line, or say it in fewer words")
report.rule(f"files of code have at most {FILE_LINES} lines",
            [f"{name}: {lines} lines" for name in code
             if (lines := read(name).count("\n")) > FILE_LINES],
            "two nouns live in one room: give the second a file")
report.rule(f"functions have at most {FUNCTION_LINES} lines", list(long_functions(ours)),
            "move straight-line work into named helpers, keep the branches")
report.rule("no tabs or blanks at the end of a line in code",
            find(re.compile(r"\t|[ \t]+$", re.MULTILINE), code),
            "indent by 4 spaces; clang-format removes both")
report.rule("the core computes with integers only",
            find(FLOATS, [name for name in ours if is_pure(name)], code_only),
            "count in whole units: ns, bytes, parts per million")
report.rule("at most one random draw in a statement",
            find(RANDOM_TWICE, ours, code_only),
            "compilers choose the order of evaluation: draw into variables, one after the other")
report.finish()
