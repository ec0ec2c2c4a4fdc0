"""Every lesson is walked through in a real terminal: the answers are typed, and what is wide lines
up. Its arguments are the program glassmq, a language, which part of the lessons, and of how many."""

import os
import sys
import unittest

import tap
from terminal import can_run
from walking import NAMES, Sitting, can_run_programs

PROGRAM, LANGUAGE = os.path.abspath(sys.argv[1]), sys.argv[2]
PART, PARTS = int(sys.argv[3]), int(sys.argv[4])


@unittest.skipUnless(can_run(), "tmux is not installed")
class Walks(unittest.TestCase):
    def walk(self, name):
        sitting = Sitting(self, PROGRAM, name, LANGUAGE)
        for index, step in enumerate(sitting.lesson.steps):
            if step.kind == "make" and not step.value("matcher") and not can_run_programs():
                sitting.see(step.heading)
                sitting.press("q")
                sitting.terminal.wait_for_shell()
                self.assertEqual("make", sitting.kept())
                return
            sitting.take(index)
        sitting.see(sitting.lesson.title)
        sitting.wait_until_kept("passed")
        sitting.press("q")
        sitting.terminal.wait_for_shell()


def make_case(name):
    return lambda self: self.walk(name)


for place, lesson in enumerate(NAMES):
    if place % PARTS == PART:
        setattr(Walks, f"test_{lesson}_in_{LANGUAGE}", make_case(lesson))


if __name__ == "__main__":
    tap.main()
