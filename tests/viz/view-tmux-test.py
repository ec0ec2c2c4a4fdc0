"""The view on a real terminal, which tmux plays: start, step, resize, help, leave, and what is left
of the terminal then."""

import os
import re
import signal
import sys
import time
import unittest
from pathlib import Path

import tap
from terminal import Terminal, can_run

PROGRAM = next((word for word in sys.argv[1:] if not word.startswith("test_")), "build/glassmq")
SCENARIO = Path(__file__).resolve().parents[2] / "scenarios" / "06-worker-dies.yaml"
COLOUR = re.compile(r"\x1b\[[0-9;]*\b(3[0-7]|38|9[0-7])m")


@unittest.skipUnless(can_run(), "tmux is not installed")
class View(unittest.TestCase):
    def open(self, words="--at 0", **more):
        terminal = Terminal(f"{PROGRAM} view {SCENARIO} {words}", **more)
        self.addCleanup(terminal.close)
        return terminal

    def expect_restored(self, terminal, status):
        terminal.wait_for_shell()
        terminal.type(f"echo left=$?; stty -a > {terminal.folder}/after; echo written")
        terminal.see(rf"left={status}\n")
        terminal.see(r"\nwritten")
        self.assertEqual(terminal.modes("before"), terminal.modes("after"))

    def test_starts_before_the_first_event_and_steps(self):
        terminal = self.open()
        terminal.see(r"event 0 / \d+")
        terminal.press(".", ".", ".")
        terminal.see(r"event 3 / ")
        terminal.press(",")
        terminal.see(r"event 2 / ")
        terminal.press("Right")
        terminal.see(r"event 3 / ")

    def test_runs_and_stops(self):
        terminal = self.open("--at 40")
        terminal.see(r"PAUSED +event 40 / ")
        terminal.press("Space")
        terminal.see(r"RUNNING +event 4[3-9] / ")
        terminal.press("Space")
        terminal.see("PAUSED")

    def test_follows_every_change_of_size(self):
        terminal = self.open("--at 60")
        terminal.see(r"event 60 / ")
        for width, height, pattern in ((160, 48, "FAULTS"), (60, 20, "LAST EVENTS"),
                                       (20, 5, "queue +rdy"), (80, 24, "PRODUCERS")):
            with self.subTest(width=width, height=height):
                terminal.resize(width, height)
                terminal.see(pattern)
                terminal.see(r"\b60 ?/ ?\d+")

    def test_lines_up_in_korean_without_a_korean_locale(self):
        for environment in ({}, {"LANG": "C", "LC_ALL": "C"}):
            with self.subTest(environment):
                terminal = self.open("--lang ko --at fault:1", **environment)
                terminal.see("이벤트 83 / ")
                terminal.see("w1이 죽습니다")
                terminal.see(r"│프리페치    1│\n")
                terminal.press("?")
                terminal.see("도움말. 아무 키로 닫음")

    def test_survives_the_smallest_window(self):
        terminal = self.open("--at 60")
        terminal.see("event 60")
        terminal.resize(2, 1)
        time.sleep(0.3)
        terminal.resize(80, 24)
        terminal.see("event 60")

    def test_helps(self):
        terminal = self.open()
        terminal.see("event 0")
        terminal.press("?")
        terminal.see("run and stop")
        terminal.press("x")
        terminal.see("run and stop", absent=True)

    def test_does_what_each_key_says(self):
        """Each key once, and what it brings to the screen."""
        terminal = self.open("--at 40")
        terminal.see(r"event 40 / ")
        for keys, pattern in ((".", "event 41 "), (",", "event 40 "), (">", r"event 4[1-9] "),
                              ("<", r"event 38 "), ("+", " x2 "), ("-", " x1 "), ("g", "event 0 "),
                              ("G", " END "), ("N", r"event \d+ "), ("b", "No check is broken"),
                              ("g", "event 0 "), ("n", "caption"), ("n", "crash w1"),
                              ("c", "PAUSED"), ("C", "crash w1|w1 dies"), ("m", "Following p1-5"),
                              ("[", r"event \d+ "), ("]", r"event \d+ "), ("m", "followed no longer"),
                              ("Tab", r"\[STORY\]"), ("Tab", r"\[LAST EVENTS\]"),
                              ("BTab", r"\[STORY\]"), ("z", r"\[STORY\]"), ("Escape", "LAST EVENTS"),
                              ("l", r"LADDER|TABLE"), (":", "goto filter"), ("Escape", "Spc Run")):
            with self.subTest(keys=keys):
                terminal.press(keys)
                terminal.see(pattern)

    def test_takes_what_is_typed(self):
        terminal = self.open()
        terminal.see("event 0 ")
        for line, pattern in (("t#60", "event 60 "), ("t1.3s", r"t 1\.[23]\d\ds"),
                              ("/requeue", "requeue"), ("fkind:deliver", "filter: kind:deliver"),
                              (":speed fast", " fast "), (":goto 3", "event 3 ")):
            with self.subTest(line=line):
                terminal.type(line)
                terminal.see(pattern)
        terminal.press("f")
        terminal.press("C-u")
        terminal.tmux("send-keys", "-l", "knid:x")
        terminal.see("there is no key \"knid\"; did you mean kind")
        terminal.press("Escape")
        terminal.see("knid", absent=True)

    def test_writes_the_moment_to_a_file(self):
        terminal = self.open("--at 60")
        terminal.see("event 60 ")
        path = Path(terminal.folder, "moment.txt")
        terminal.type(f"e{path}")
        terminal.see("is written")
        self.assertIn("event 60 / ", path.read_text(encoding="utf-8"))

    def test_answers_the_question(self):
        terminal = self.open("--at fault:1")
        terminal.see("crash w1")
        terminal.press("+", "+", "+", "Space")
        terminal.see("Who gets message 5")
        terminal.see("PAUSED")
        terminal.press("p", "2", "Enter")
        terminal.see("You say: w2")
        terminal.press("G")
        terminal.see("You said w2, and that is right")

    def test_takes_clicks_and_the_wheel(self):
        terminal = self.open("--at 60")
        terminal.see("event 60 ")
        self.click(terminal, 5, 22)
        terminal.see(r"event ([0-9]|[1-3][0-9]) / ")
        self.click(terminal, 20, 19, button=64)
        terminal.see(r"\[LAST EVENTS\]")

    def test_leaves_the_mouse_to_the_terminal(self):
        for words, expected in (("", "1"), ("--no-mouse", "0")):
            with self.subTest(words=words):
                terminal = self.open(words)
                terminal.see("event")
                state = terminal.tmux("display-message", "-p", "#{mouse_any_flag}").strip()
                self.assertEqual(expected, state)
                terminal.press("q")
                terminal.wait_for_shell()
                state = terminal.tmux("display-message", "-p", "#{mouse_any_flag}").strip()
                self.assertEqual("0", state)

    def click(self, terminal, x, y, button=0):
        code = (0x1B, ord("["), ord("M"), 32 + button, 33 + x, 33 + y)
        terminal.tmux("send-keys", "-H", *(f"{byte:x}" for byte in code))

    def test_takes_no_time_of_the_processor_while_it_stands(self):
        terminal = self.open("--at 60")
        terminal.see("event 60 ")
        time.sleep(0.5)
        before = self.ticks(terminal.pid())
        time.sleep(3)
        self.assertLessEqual(self.ticks(terminal.pid()) - before, 1)

    def ticks(self, pid):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    def test_shows_all_themes(self):
        for theme, expected in (("dark", True), ("light", True), ("contrast", True),
                                ("mono", False)):
            with self.subTest(theme=theme):
                terminal = self.open(f"--at fault:1 --theme {theme}")
                terminal.see("CRASHED")
                self.assertEqual(COLOUR.search(terminal.screen("-e")) is not None, expected)

    def test_leaves_the_terminal_as_it_was(self):
        for key in ("q", "Escape"):
            with self.subTest(key=key):
                terminal = self.open()
                terminal.see("event 0")
                self.assertTrue(terminal.is_full_screen())
                terminal.press(key)
                self.expect_restored(terminal, 0)

    def test_restores_the_terminal_after_interrupts_and_crashes(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGSEGV, signal.SIGABRT):
            with self.subTest(signal=number.name):
                terminal = self.open()
                terminal.see("event 0")
                os.kill(terminal.pid(), number)
                self.expect_restored(terminal, 128 + number)

    def test_stops_with_control_z_and_comes_back(self):
        terminal = self.open("--at 30")
        terminal.see("event 30")
        terminal.press("C-z")
        terminal.wait_for_shell()
        terminal.type("fg")
        terminal.see("event 30")
        terminal.press(".")
        terminal.see("event 31")

    def test_has_colours_unless_they_are_refused(self):
        cases = (("", {}, True), ("--no-color", {}, False), ("", {"NO_COLOR": "1"}, False),
                 ("", {"NO_COLOR": ""}, True))
        for words, environment, expected in cases:
            with self.subTest(words=words, environment=environment):
                terminal = self.open(words, **environment)
                terminal.see("checks ok")
                self.assertEqual(COLOUR.search(terminal.screen("-e")) is not None, expected)

    def test_draws_ascii_where_it_must(self):
        for words, environment in (("--ascii", {}), ("", {"LANG": "C", "LC_ALL": "C"})):
            with self.subTest(words=words, environment=environment):
                terminal = self.open(words, **environment)
                self.assertTrue(terminal.see("-- STORY --").isascii())

    def test_tells_the_run_where_no_screen_can_be_drawn(self):
        terminal = self.open(TERM="dumb")
        terminal.see(r"(?s)\bp1\b.*\nhere>\s*\Z")
        self.assertFalse(terminal.is_full_screen())


if __name__ == "__main__":
    tap.main()
