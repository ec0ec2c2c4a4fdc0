"""A lesson on the whole screen of a real terminal: what goes wrong, what is looked at again, what
is left and gone on with. Its argument is the program glassmq."""

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tap
from terminal import can_run
from walking import LESSONS, Lesson, Sitting, width_of

PROGRAM = os.path.abspath(sys.argv[1])
NAME = "05-ack"
COLOUR = re.compile(r"\x1b\[[0-9;]*\b(3[0-7]|38|9[0-7])m")
LESSON = Lesson(NAME, "en")


@unittest.skipUnless(can_run(), "tmux is not installed")
class Screen(unittest.TestCase):
    def sit(self, *words, **more):
        sitting = Sitting(self, PROGRAM, NAME, words=" ".join(words), **more)
        sitting.see_step(0)
        return sitting

    def go_to(self, kind, sitting=None):
        """To the first step of that kind, whose text is read; returns it."""
        sitting = sitting or self.sit()
        for index in range(LESSON.index(kind)):
            sitting.take(index)
        step = LESSON.steps[LESSON.index(kind)]
        sitting.see_step(LESSON.index(kind))
        if kind in ("predict", "investigate"):
            sitting.begin(step)
            sitting.see(step.value("question"))
        return sitting, step

    def leave(self, sitting, status=0):
        sitting.press("q")
        sitting.terminal.wait_for_shell()
        sitting.terminal.type(f"echo left=$?; stty -a > {sitting.terminal.folder}/after; echo all")
        sitting.terminal.see(rf"left={status}\n")
        sitting.terminal.see(r"\nall")
        self.assertEqual(sitting.terminal.modes("before"), sitting.terminal.modes("after"))

    def test_goes_on_where_it_was_left(self):
        sitting, step = self.go_to("investigate")
        sitting.answer(step.value("answer"))
        sitting.press("Enter")
        following = LESSON.steps[LESSON.index("investigate") + 1]
        sitting.see(following.value("question"))
        self.leave(sitting)
        again = Sitting(self, PROGRAM, NAME, home=sitting.home)
        again.see(following.value("question"))

    def test_goes_back_to_look_and_keeps_what_was_done(self):
        sitting, step = self.go_to("investigate")
        kept = sitting.kept()
        sitting.press(*(["BSpace"] * (2 if step.text else 1)))
        sitting.see_step(LESSON.index("investigate") - 1)
        sitting.press("BSpace", "BSpace", "BSpace")
        self.assertEqual(kept, sitting.kept())
        self.leave(sitting)
        again = Sitting(self, PROGRAM, NAME, home=sitting.home)
        again.see_step(LESSON.index("investigate"))

    def test_locks_a_wrong_prediction(self):
        sitting, step = self.go_to("predict")
        wrong = "1" if step.value("right") != "1" else "2"
        sitting.press("Enter")
        sitting.terminal.see("Give the number of a choice")
        sitting.press(wrong)
        sitting.terminal.see(rf"▶ {wrong}\. ")
        sitting.press("Enter")
        sitting.terminal.see(r"prediction is locked|was wrong")
        sitting.press("Enter")
        sitting.terminal.see(rf"prediction was wrong. You said {wrong}")
        sitting.see(step.value("why"))
        self.leave(sitting)
        self.assertIn("wrong", (sitting.home / "glassmq/progress").read_text())

    def test_does_not_show_the_run_before_the_prediction(self):
        sitting, step = self.go_to("predict")
        stop = re.search(r"event (\d+) / ", sitting.terminal.screen())[1]
        sitting.press("G", "End", ".", ">", "n")
        sitting.terminal.see(rf"event {stop} / ")
        sitting.press("Space")
        sitting.terminal.see(r"RUNNING +event \d / ")
        sitting.press("G", ".")
        sitting.terminal.see(rf"event {stop} / ")
        sitting.press(",")
        sitting.terminal.see(rf"event {int(stop) - 1} / ")
        sitting.press(step.value("right"), "Enter")
        sitting.terminal.see("RUNNING")
        sitting.press("Enter")
        sitting.see(step.value("why"))
        sitting.press("r")
        sitting.terminal.see("RUNNING")

    def test_plays_to_the_end_by_itself(self):
        sitting, step = self.go_to("predict")
        sitting.press(step.value("right"), "Enter", "+", "+", "+", "+")
        sitting.see(step.value("why"))

    def test_refuses_wrong_answers_and_gives_a_hint(self):
        sitting, step = self.go_to("investigate")
        sitting.answer("#1")
        sitting.terminal.see("No, that is not it")
        sitting.press("Enter")
        sitting.see(step.value("question"))
        sitting.answer("hello")
        sitting.terminal.see("is the number of an event")
        sitting.press("Escape")
        sitting.press("H")
        sitting.see("Hint: " + step.value("hint"))
        sitting.press("S")
        sitting.see("The answer is " + step.value("answer"))

    def test_has_the_whole_view_for_tasks(self):
        sitting, step = self.go_to("investigate")
        sitting.press("G")
        sitting.terminal.see(" END ")
        sitting.terminal.type("/requeue")
        sitting.terminal.see(r"requeue")
        sitting.press("Tab")
        sitting.terminal.see(r"\[STORY\]")
        sitting.press("z", "?")
        sitting.terminal.see("run and stop")
        sitting.press("q")
        sitting.see(step.value("question"))
        sitting.press("z", "l")
        sitting.terminal.see("LADDER|TABLE")

    def test_follows_every_change_of_size(self):
        sitting, step = self.go_to("predict")
        for width, height in ((160, 48), (60, 18), (100, 30), (80, 24)):
            with self.subTest(width=width, height=height):
                sitting.terminal.resize(width, height)
                sitting.width = width
                sitting.see_step(LESSON.index("predict"))
                sitting.see(step.value("question"))
        sitting.terminal.resize(40, 10)
        sitting.terminal.see("A lesson needs 60 columns")
        sitting.terminal.resize(3, 2)
        sitting.terminal.resize(80, 24)
        sitting.width = 80
        sitting.see(step.value("question"))
        sitting.press(step.value("right"), "Enter", "Enter")
        sitting.see(step.value("why"))

    def test_scrolls_a_page_in_a_small_window(self):
        picture = next(n for n, step in enumerate(Lesson("01-why-messages", "en").steps)
                       if "](" in step.text)
        sitting = Sitting(self, PROGRAM, "01-why-messages", width=64, height=18)
        for index in range(picture):
            sitting.take(index)
        sitting.terminal.see("there is more: Space")
        for _ in range(20):
            sitting.press("Down")
        sitting.terminal.see("there is more", absent=True)
        sitting.press("Home")
        sitting.see(sitting.lesson.steps[picture].heading)

    def test_edits_and_checks_the_file(self):
        sitting, step = self.go_to("modify", self.sit_with_editor())
        sitting.press("c")
        sitting.terminal.see(re.escape(step.value("fails")) + r"[^:]")
        before = sitting.kept()
        sitting.press("v")
        sitting.terminal.see("This is your file with seed 1")
        sitting.press("G", "q")
        sitting.see_step(LESSON.index("modify"))
        sitting.press("h")
        sitting.terminal.see("Hint 1 of 3")
        sitting.press("Enter")
        sitting.see_step(LESSON.index("modify"))
        sitting.press("e")
        sitting.terminal.see("The editor is closed")
        sitting.press("c")
        sitting.terminal.see_that(lambda screen: sitting.kept() != before, "it does not pass")
        self.leave(sitting)

    def sit_with_editor(self):
        """The editor copies the solution over the file."""
        home = Path(tempfile.mkdtemp(prefix="glassmq-lesson-"))
        self.addCleanup(shutil.rmtree, home, ignore_errors=True)
        editor = home / "editor"
        editor.write_text(f"#!/bin/sh\nexec cp {LESSONS / NAME / 'solution.yaml'} \"$1\"\n")
        editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
        sitting = Sitting(self, PROGRAM, NAME, home=home, EDITOR=str(editor))
        sitting.see_step(0)
        return sitting

    def test_goes_on_with_the_next_lesson(self):
        sitting = Sitting(self, PROGRAM, "08-direct")
        for index in range(len(sitting.lesson.steps)):
            sitting.take(index)
        sitting.terminal.see("You have passed lesson 8")
        sitting.press("Enter")
        sitting.terminal.see("Lesson 9")

    def test_says_what_is_wrong_with_a_program(self):
        sitting = Sitting(self, PROGRAM, "09-topics")
        steps = sitting.lesson.steps
        for index in range(sitting.lesson.index("make")):
            sitting.take(index)
        sitting.see(steps[sitting.lesson.index("make")].heading)
        for command, expected in (("", "c asks for the command"), ("'", "matching quote"),
                                  ("/nowhere/matcher", "could not be started"),
                                  ("true", "wrote nothing"),
                                  (f"{sys.executable} {LESSONS}/09-topics/matcher.py",
                                   "says: exact")):
            with self.subTest(command=command):
                sitting.press("c", "C-u")
                sitting.type(command)
                sitting.press("Enter")
                sitting.press("NPage", "NPage", "NPage")
                sitting.terminal.see(expected)
                self.assertEqual("make", sitting.kept())

    def test_says_what_cannot_be_kept(self):
        sitting = self.sit()
        (sitting.home / "glassmq").mkdir(exist_ok=True)
        (sitting.home / "glassmq/progress").write_text("format 1\nnonsense\n")
        sitting.press("Enter")
        sitting.terminal.see("progress")
        self.leave(sitting, 1)
        self.assertEqual("format 1\nnonsense\n", (sitting.home / "glassmq/progress").read_text())

    def test_has_the_looks_of_the_view(self):
        for words, environment, expected in (("", {}, True), ("--no-color", {}, False),
                                             ("", {"NO_COLOR": "1"}, False),
                                             ("--theme mono", {}, False),
                                             ("--theme light", {}, True)):
            with self.subTest(words=words, environment=environment):
                sitting, _ = self.go_to("predict", self.sit(words, **environment))
                self.assertEqual(COLOUR.search(sitting.terminal.screen("-e")) is not None, expected)
        for words, environment in (("--ascii", {}), ("", {"LC_ALL": "C", "LANG": "C"})):
            with self.subTest(words=words, environment=environment):
                sitting = self.sit(words, **environment)
                for index in range(LESSON.index("predict")):
                    sitting.take(index)
                sitting.press("Enter")
                self.assertTrue(sitting.terminal.see("LAST EVENTS").isascii())

    def test_refuses_a_theme_that_does_not_exist(self):
        done = subprocess.run([PROGRAM, "lesson", "5", "--theme", "pink"], capture_output=True,
                              text=True, check=False)
        self.assertEqual(2, done.returncode)
        self.assertIn('--theme takes dark, light, mono or contrast, not "pink"', done.stderr)

    def test_restores_the_terminal_after_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number.name):
                sitting, _ = self.go_to("predict")
                os.kill(sitting.terminal.pid(), number)
                sitting.terminal.wait_for_shell()
                sitting.terminal.type("echo left=$?")
                sitting.terminal.see(rf"left={128 + number}\n")
                self.assertTrue(sitting.kept())

    def test_draws_korean_without_line_glyphs(self):
        sitting = Sitting(self, PROGRAM, NAME, "ko", "--ascii")
        for index in range(sitting.lesson.index("predict")):
            sitting.take(index)
        step = sitting.lesson.steps[sitting.lesson.index("predict")]
        sitting.begin(step)
        screen = sitting.see(step.value("question"))
        self.assertNotRegex(screen, "[─│┌▶●]")

    def test_speaks_korean_and_lines_up(self):
        sitting = Sitting(self, PROGRAM, NAME, "ko")
        sitting.see_step(0)
        screen = sitting.see(sitting.lesson.title)
        self.assertTrue(any(width_of(c) == 2 for c in screen))
        self.assertNotIn("Enter Next", screen, "the keys are told in Korean")


if __name__ == "__main__":
    tap.main()
