"""The matchers of the lesson about topics, in each of their languages: the one with mistakes fails,
the mended one passes; and the lint of lessons as a command. Its argument is the program."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tap

PROGRAM = sys.argv[1]
LESSONS = Path(__file__).resolve().parents[2] / "lessons"
TOPICS = LESSONS / "09-topics"
LANGUAGES = {"py": [sys.executable, "-B"], "js": ["node"], "awk": ["awk", "-f"]}


class Command(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def lesson(self, *words):
        environment = {**os.environ, "XDG_DATA_HOME": str(self.folder), "LC_ALL": "C.UTF-8",
                       "LANGUAGE": ""}
        done = subprocess.run([PROGRAM, "lesson", *map(str, words)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60, env=environment)
        return done.returncode, done.stdout, done.stderr


class Matchers(Command):
    def each(self, name):
        for ending, words in LANGUAGES.items():
            if shutil.which(words[0]) is not None:
                with self.subTest(ending):
                    yield self.lesson("check", "9", "--", *words, TOPICS / f"{name}.{ending}")

    def test_with_mistakes_fail(self):
        for status, told, errors in self.each("matcher"):
            self.assertEqual((1, ""), (status, errors), told)
            self.assertIn('For the key "order.eu.new" your program says: exact.', told)
            self.assertIn("Your program never names more than one queue.", told)

    def test_mended_pass(self):
        for status, told, errors in self.each("matcher-mended"):
            self.assertEqual((0, ""), (status, errors), told)
            self.assertIn("Right: your matcher gave the broker's answer to all of 14 keys.", told)

    def test_that_say_nothing_are_undecided(self):
        status, told, _errors = self.lesson("check", "9", "--", "true")
        self.assertEqual(2, status, told)
        self.assertIn("Your program wrote nothing", told)


class Lint(Command):
    def test_a_lesson_is_fine(self):
        status, told, errors = self.lesson("lint", TOPICS)
        self.assertEqual((0, ""), (status, errors), told)
        self.assertEqual([f"{TOPICS}/lesson.md: fine.", f"{TOPICS}/lesson.ko.md: fine."],
                         told.splitlines()[:2])
        self.assertTrue(all(line.endswith(": fine.") for line in told.splitlines()), told)

    def test_is_the_same_in_every_language(self):
        self.assertEqual(self.lesson("lint", TOPICS), self.lesson("lint", TOPICS, "--lang", "ko"))

    def test_a_lesson_of_a_teacher_is_told_what_is_wrong(self):
        own = self.folder / "05-own"
        shutil.copytree(TOPICS, own)
        text = (own / "lesson.md").read_text()
        (own / "lesson.md").write_text(text.replace("right: 2", "rigth: 2", 1))
        status, told, _errors = self.lesson("lint", own)
        self.assertEqual(3, status)
        self.assertIn('A predict block has no key "rigth". Did you mean "right"?', told)

    def test_a_folder_without_a_lesson(self):
        status, told, errors = self.lesson("lint", self.folder)
        self.assertEqual(3, status)
        self.assertIn("There is no lesson in", told + errors)


tap.main()
