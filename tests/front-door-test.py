"""The front door: its argument is the program glassmq."""

import os
import re
import subprocess
import sys
import unittest

import tap

PROGRAM = sys.argv[1]
VERSION = r"glassmq \d+\.\d+\.\d+\n"


def start(*words, stdout=subprocess.PIPE, **changes):
    return subprocess.run([PROGRAM, *words], stdin=subprocess.DEVNULL, stdout=stdout,
                          env={**os.environ, **changes}, stderr=subprocess.PIPE, text=True,
                          timeout=60)


def commands():
    listed = start("--help").stdout.split("Commands:\n")[1].split("\n\n")[0]
    return [line.split()[0] for line in listed.splitlines()]


class FrontDoor(unittest.TestCase):
    def refuses(self, words, sentence):
        done = start(*words)
        self.assertEqual((2, "", sentence + "\n"), (done.returncode, done.stdout, done.stderr))

    def test_shows_all_commands_and_how_each_is_used(self):
        self.assertIn("help", commands())
        for command in commands():
            with self.subTest(command):
                done = start(command, "--help")
                self.assertEqual((0, ""), (done.returncode, done.stderr))
                self.assertTrue(done.stdout.startswith(f"Usage:\n  glassmq {command} "))
                self.assertEqual(done.stdout, start("help", command).stdout)
                self.assertEqual(done.stdout, start(command, "-h").stdout)

    def test_shows_the_same_help_in_three_ways(self):
        self.assertEqual(start("--help").stdout, start("-h").stdout)
        self.assertEqual(start("--help").stdout, start("help").stdout)

    def test_tells_its_version(self):
        done = start("--version")
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertRegex(done.stdout, f"^{VERSION}$")

    def test_names_the_command_that_was_meant(self):
        self.refuses(["hepl"], "glassmq: there is no command hepl. Did you mean help? "
                               "See glassmq --help.")
        self.refuses(["help", "hepl"], "glassmq: there is no command hepl. Did you mean help? "
                                       "See glassmq --help.")

    def test_guesses_nothing_far_away(self):
        self.refuses(["reticulate"], "glassmq: there is no command reticulate. See glassmq --help.")

    def test_names_the_option_that_was_meant(self):
        self.refuses(["--verison"], "glassmq: there is no option --verison. "
                                    "Did you mean --version? See glassmq --help.")

    def test_speaks_korean_where_it_is_asked_to(self):
        korean = start("help", "run", "--lang", "ko").stdout
        self.assertTrue(korean.startswith("사용법:\n  glassmq run "), korean)
        for words in (["--lang", "ko", "run", "--help"], ["--lang=ko", "run", "--help"],
                      ["run", "--lang", "ko", "--help"], ["run", "--help", "--lang=ko"],
                      ["--lang", "en", "run", "--help", "--lang", "ko_KR.UTF-8"]):
            self.assertEqual(korean, start(*words).stdout, words)
        for changes in ({"LC_ALL": "ko_KR.UTF-8"}, {"LC_ALL": "", "LC_MESSAGES": "ko"},
                        {"LC_ALL": "C.UTF-8", "LANGUAGE": "fr:ko"}):
            self.assertEqual(korean, start("run", "--help", **changes).stdout, changes)
        self.assertEqual(korean, start("run", "--help", "--lang", "ko", LC_ALL="C").stdout)

    def test_tells_how_each_command_is_used_in_korean(self):
        for command in commands():
            said = start(command, "--help", "--lang", "ko").stdout
            self.assertTrue(said.startswith("사용법:\n"), said)
            summary, options = said.split("\n\n")[1], said.split("옵션:\n")[1].split("\n\n")[0]
            self.assertRegex(summary, "[가-힣]{2}", command)
            for option in options.splitlines():
                self.assertRegex(option, "[가-힣]{2}", f"{command}: {option}")

    def test_speaks_english_otherwise(self):
        english = start("run", "--help").stdout
        self.assertEqual(english, start("run", "--help", LC_ALL="C", LANGUAGE="ko").stdout)
        self.assertEqual(english, start("run", "--help", LC_ALL="de_DE.UTF-8").stdout)
        self.assertEqual(english,
                         start("run", "--help", "--lang", "en", LC_ALL="ko_KR.UTF-8").stdout)

    def test_refuses_a_language_that_there_is_not(self):
        self.refuses(["--lang", "fr", "help"],
                     'glassmq: there is no language "fr": there are en (English) and ko (Korean). '
                     "See glassmq --help.")
        self.refuses(["help", "--lang"],
                     "glassmq: --lang needs a language: en or ko. See glassmq --help.")

    def test_takes_no_language_from_behind_two_dashes(self):
        self.assertIn("--lang", start("lint", "--", "--lang", "ko").stderr)

    def test_wants_a_command(self):
        self.refuses([], "glassmq: a command is missing. See glassmq --help.")

    def test_refuses_an_unknown_option_of_each_command_in_one_sentence(self):
        for command in commands():
            with self.subTest(command):
                self.refuses([command, "--hlep"],
                             f"glassmq {command}: there is no option --hlep. Did you mean --help? "
                             f"See glassmq {command} --help.")

    def test_tells_when_its_output_could_not_be_written(self):
        with open("/dev/full", "w") as full:
            done = start("--version", stdout=full)
        self.assertEqual(1, done.returncode)
        self.assertTrue(re.fullmatch(r"glassmq: cannot write the output: .*\.\n", done.stderr))


if __name__ == "__main__":
    tap.main()
