"""What core/AMQP.md says works is tested: tests carry the numbers of its rules.

tests/rules.md lists them; "tests/tidy/rules.py --write" writes it anew."""

import re
import sys
from collections import defaultdict

from tidy import ROOT, Report, read, tracked_files

LIST = "tests/rules.md"
HEAD = """# The rules of core/AMQP.md and their tests

`✓` works, `◐` works in part: both must have a test. Tests in C++ carry the number in the name of their suite,
`Amqp_16_1` or `Amqp_E1`; conversations with a broker, which are held with RabbitMQ too, in their title. Rules marked
`·` are not there yet and have none. This list is checked, and written by `tests/tidy/rules.py --write`.

| rule | tests | conversations |
|---|---|---|
"""
WORKS = "✓◐"
NOT_YET = "·"
NUMBER = r"\d+[a-z]?\.\d+|E\d+"  # of a rule, of an extension
RULE = re.compile(rf"^- ({NUMBER}) ([{WORKS}{NOT_YET}])", re.MULTILINE)
IN_SUITES = re.compile(r"^TEST(?:_P|_F)?\(Amqp_(\d+[a-z]?_\d+|E\d+),", re.MULTILINE)
IN_TITLES = re.compile(rf"^== ({NUMBER}) ", re.MULTILINE)


def read_marks():
    return dict(RULE.findall(read("core/AMQP.md")))


def find_tests():
    """Files of tests by rule: those with suites, and those with conversations."""
    suites, conversations = defaultdict(list), defaultdict(list)
    for name in tracked_files():
        if name.startswith("tests/") and name.endswith("-test.cc"):
            for number in sorted({found.replace("_", ".") for found in IN_SUITES.findall(read(name))}):
                suites[number].append(name.removeprefix("tests/").removesuffix(".cc"))
        elif name.startswith("tests/live/") and name.endswith(".txt"):
            for number in sorted(set(IN_TITLES.findall(read(name)))):
                conversations[number].append(name.removeprefix("tests/"))
    return suites, conversations


def write_list(marks, suites, conversations):
    rows = [f"| {rule} {mark} | {', '.join(suites[rule])} | {', '.join(conversations[rule])} |"
            for rule, mark in marks.items()]
    return HEAD + "".join(" ".join(row.split()) + "\n" for row in rows)


def main():
    marks = read_marks()
    suites, conversations = find_tests()
    tested = {rule for rule in [*suites, *conversations] if suites[rule] or conversations[rule]}
    listed = write_list(marks, suites, conversations)
    if "--write" in sys.argv:
        (ROOT / LIST).write_text(listed)
        return
    report = Report()
    report.rule("what core/AMQP.md says works is tested",
                [f"{rule} {mark}" for rule, mark in marks.items()
                 if mark in WORKS and rule not in tested],
                "write a test whose suite has the number, Amqp_16_1, or mark the rule otherwise")
    report.rule("what is tested is not marked as missing",
                [f"{rule} {marks[rule]}" for rule in sorted(tested)
                 if marks.get(rule) == NOT_YET],
                "mark the rule ✓ or ◐ in core/AMQP.md")
    report.rule("tests name rules that there are",
                [rule for rule in sorted(tested) if rule not in marks],
                "take the number from core/AMQP.md")
    report.rule(f"{LIST} is up to date",
                [] if (ROOT / LIST).exists() and read(LIST) == listed else [LIST],
                "run tests/tidy/rules.py --write")
    report.finish()


if __name__ == "__main__":
    main()
