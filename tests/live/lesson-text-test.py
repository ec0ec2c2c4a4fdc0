"""The lessons in plain text, as somebody goes through them who types: every lesson in both
languages, every command, and much that is wrong. Its argument is the program glassmq."""

import os
import pty
import re
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

import tap

PROGRAM = os.path.abspath(sys.argv[1])
LESSONS = Path(__file__).resolve().parents[2] / "lessons"
NAMES = sorted(path.parent.name for path in LESSONS.glob("*/lesson.md"))
LANGUAGES = ("en", "ko")
FIRST = NAMES[0]
WAIT_S = 120
PROMPT = re.compile(rb"\n[^\n#]*\?[^\n]*: $")


def block(text, kind):
    found = re.search(rf"^```{kind}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return found[1] if found else None


class Lesson:
    """What a learner needs to know to pass."""

    def __init__(self, name, language="en"):
        self.name = name
        file = "lesson.md" if language == "en" else f"lesson.{language}.md"
        text = (LESSONS / name / file).read_text()
        self.rights = re.findall(r"^right:\s*(\d)", text, re.MULTILINE)
        self.choices = 4
        tasks = block(text, "investigate") or ""
        self.answers = [found.strip().strip("\"'") for found in
                        re.findall(r"\banswer:\s*(\"[^\"]*\"|'[^']*'|[^,}\n]+)", tasks)]
        modify = block(text, "modify") or ""
        self.solution = re.search(r"^solution:\s*(\S+)", modify, re.MULTILINE)[1]
        make = block(text, "make")
        self.has_make = make is not None
        self.is_matcher = self.has_make and "matcher:" in make


class Learner:
    """A person with a data directory of his own."""

    def __init__(self, case):
        folder = tempfile.TemporaryDirectory(prefix="glassmq-lesson-")
        case.addCleanup(folder.cleanup)
        self.home = Path(folder.name)
        self.folder = self.home / "glassmq"
        self.progress = self.folder / "progress"

    def environment(self, **more):
        wanted = {"XDG_DATA_HOME": str(self.home), "LC_ALL": "C.UTF-8", "LANGUAGE": "", **more}
        return {**os.environ, **wanted}

    def run(self, *words, typed="", **more):
        return subprocess.run([PROGRAM, "lesson", *words], input=typed, capture_output=True,
                              text=True, timeout=WAIT_S, check=False,
                              env=self.environment(**more), cwd=self.home)

    def lines(self):
        return self.progress.read_text().splitlines() if self.progress.exists() else []

    def step(self, name):
        """Where he is in a lesson, as it is kept: the words behind its name."""
        for line in self.lines():
            if line.split()[0] == name:
                return line.split()[1:]
        return None

    def keep(self, *lines):
        self.folder.mkdir(exist_ok=True)
        self.progress.write_text("\n".join(("format 1", *lines)) + "\n")

    def exercise(self, name):
        return next((self.folder / "lessons" / name).glob("*.yaml"))

    def solve(self, name, lesson):
        self.exercise(name).write_text((LESSONS / name / lesson.solution).read_text())


class Talk:
    """A lesson that is running: what it says up to its next question, and what it is told."""

    def __init__(self, learner, *words, **more):
        self.child = subprocess.Popen([PROGRAM, "lesson", *words], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                      env=learner.environment(**more))
        self.is_over = False
        self.said = self.hear()

    def hear(self):
        data = b""
        while not PROMPT.search(data):
            more = os.read(self.child.stdout.fileno(), 65536)
            if not more:
                self.is_over = True
                break
            data += more
        return data.decode()

    def tell(self, line):
        self.child.stdin.write(line.encode() + b"\n")
        self.child.stdin.flush()
        self.said = self.hear()
        return self.said

    def end(self):
        """Closes its input, as Ctrl-D does, and returns the exit status."""
        self.child.stdin.close()
        while os.read(self.child.stdout.fileno(), 65536):
            pass
        self.child.stdout.close()
        return self.child.wait(WAIT_S)


def walk(case, name, language):
    """Walks a lesson to its end, or to its program; returns where it ended."""
    learner = Learner(case)
    lesson = Lesson(name, language)
    talk = Talk(learner, name, "--text", "--lang", language)
    asked = 0

    for _ in range(200):
        if talk.is_over or (learner.step(name)[0] == "make" and not lesson.is_matcher):
            break
        kind, _, number = learner.step(name)[0].partition("-")
        index = int(number or 1) - 1
        if kind == "predict":
            talk.tell("9")
            case.assertEqual(f"predict-{number}", learner.step(name)[0], talk.said)
            talk.tell(lesson.rights[index])
            case.assertEqual(f"run-{number}", learner.step(name)[0], talk.said)
        elif kind == "investigate":
            talk.tell("no such thing 7")
            case.assertEqual(f"investigate-{number}", learner.step(name)[0], talk.said)
            talk.tell(lesson.answers[index].upper().replace("#", ""))
            case.assertNotEqual(f"investigate-{number}", learner.step(name)[0], talk.said)
            asked += 1
            talk.tell("")
        elif kind == "modify":
            talk.tell("check")
            case.assertEqual("modify", learner.step(name)[0], talk.said)
            learner.solve(name, lesson)
            talk.tell("check")
            case.assertNotEqual("modify", learner.step(name)[0], talk.said)
            talk.tell("")
        elif kind == "make":
            talk.tell("check")
            own = learner.folder / "lessons" / name / "matcher.py"
            talk.tell(f"check python3 {own}")
            case.assertEqual("make", learner.step(name)[0], talk.said)
            own.write_text((LESSONS / name / "matcher-mended.py").read_text())
            talk.tell(f"check python3 {own}")
            case.assertNotEqual("make", learner.step(name)[0], talk.said)
            talk.tell("")
        else:
            talk.tell("")
    step = learner.step(name)
    case.assertEqual(len(lesson.answers), asked)
    case.assertEqual(["right"] * len(lesson.rights), step[2].split(",") if lesson.rights else [])
    if step[0] == "passed":
        case.assertIn(str(len(NAMES)) if len(NAMES) == 1 else "glassmq lesson next", talk.said)
    case.assertEqual(0, talk.end())
    return step[0], lesson


class EveryLesson(unittest.TestCase):
    def test_is_walked_to_its_end_in_both_languages(self):
        for name in NAMES:
            for language in LANGUAGES:
                with self.subTest(lesson=name, language=language):
                    end, lesson = walk(self, name, language)
                    self.assertEqual(
                        "make" if lesson.has_make and not lesson.is_matcher else "passed", end)


class Going(unittest.TestCase):
    def setUp(self):
        self.learner = Learner(self)

    def test_is_plain_text(self):
        said = self.learner.run(FIRST, typed="\n" * 9).stdout
        self.assertNotRegex(said, "[\u2500-\u257f\u2190-\u21ff\x1b]")
        self.assertIn("Step 1 of ", said)

    def test_goes_on_where_it_was_left(self):
        self.learner.run("2", "--text", typed="\n")
        before = self.learner.step(NAMES[1])
        self.assertEqual("read-2", before[0])
        self.assertIn("== Step 2 of ", self.learner.run().stdout)
        self.assertEqual(before, self.learner.step(NAMES[1]))

    def test_keeps_what_was_done_when_the_input_ends(self):
        done = self.learner.run(FIRST)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual("read-1", self.learner.step(FIRST)[0])
        self.assertIn("Your progress is kept.", done.stdout)

    def test_keeps_what_was_done_at_ctrl_c(self):
        talk = Talk(self.learner, FIRST)
        talk.tell("")
        talk.child.send_signal(signal.SIGINT)
        self.assertIn("Your progress is kept.", talk.hear())
        self.assertEqual(0, talk.end())
        self.assertEqual("read-2", self.learner.step(FIRST)[0])

    def test_knows_its_words(self):
        talk = Talk(self.learner, FIRST)
        self.assertIn("solution, or s", talk.tell("?"))
        self.assertIn("This is the first step.", talk.tell("back"))
        self.assertIn("There is no hint here.", talk.tell("hint"))
        self.assertIn("There is nothing to check here.", talk.tell("check"))
        self.assertIn("There is nothing to edit here.", talk.tell("e"))
        self.assertIn("There is no solution here.", talk.tell("solution"))
        self.assertIn("There is no run at this step.", talk.tell("events"))
        self.assertIn("Nothing is asked here.", talk.tell("frob"))
        self.assertIn("Step 1 of ", talk.tell("AGAIN"))
        self.assertIn("Step 2 of ", talk.tell("n"))
        self.assertIn("Step 1 of ", talk.tell("b"))
        self.assertIn("Your progress is kept.", talk.tell("quit"))
        self.assertEqual(0, talk.end())

    def test_shows_the_run_while_a_task_is_asked(self):
        lesson = Lesson(FIRST)
        self.learner.keep(f"{FIRST} investigate-1 2026-11-23 right -")
        talk = Talk(self.learner)
        self.assertIn("events are found", talk.tell("events"))
        self.assertRegex(talk.tell("f t<1s"), r"#\d+ 0\.\d+s: ")
        self.assertIn("No event is found.", talk.tell("/ no such words"))
        self.assertIn("did you mean kind?", talk.tell("f kimd:x"))
        self.assertIn("after event 3 of ", talk.tell("at #3"))
        self.assertIn("after event 3 of ", talk.tell("@3"))
        self.assertIn("is no moment", talk.tell("at nothing"))
        self.assertIn("Say which moment", talk.tell("at"))
        self.assertIn("Say what to look for", talk.tell("/"))
        self.assertIn("is found", talk.tell("/ connection is open").replace("are", "is"))
        self.assertIn("Hint: ", talk.tell("hint"))
        self.assertIn("once more", talk.tell("solution"))
        self.assertIn(lesson.answers[0], talk.tell("solution"))
        talk.end()
        self.assertEqual(["investigate-2", "2026", "investigate-1:1,investigate-1-solution:1"],
                         [self.learner.step(FIRST)[0], self.learner.step(FIRST)[1][:4],
                          self.learner.step(FIRST)[3]])

    def test_survives_whatever_is_typed(self):
        for step, told in (("read-1", "-"), ("predict-1", "-"), ("investigate-1", "right"),
                           ("modify", "right")):
            self.learner.keep(f"{FIRST} {step} 2026-11-23 {told} -")
            typed = b"\xff\xfe\0\x1b[2J\n" + b"x" * 200000 + b"\n%s%n%d\n-1\n" + "큐\n".encode()
            done = subprocess.run([PROGRAM, "lesson", FIRST], input=typed, capture_output=True,
                                  timeout=WAIT_S, check=False, env=self.learner.environment())
            self.assertEqual(0, done.returncode, done.stderr)
            self.assertEqual(step, self.learner.step(FIRST)[0])

    def test_next_and_list(self):
        self.assertIn("not begun", self.learner.run("list").stdout)
        self.assertIn("Lesson 1: ", self.learner.run("next").stdout)
        self.assertIn("Lesson 2: ", self.learner.run("next").stdout)
        listed = self.learner.run("list").stdout
        self.assertRegex(listed, r" 1\. .*: begun, at read-1, last on 20")
        self.assertIn(f"Passed: 0 of {len(NAMES)}.", listed)

    def test_says_when_all_is_done(self):
        self.learner.keep(*(f"{name} passed 2026-11-23 right modify:1" for name in NAMES))
        for words in ((), ("next",)):
            done = self.learner.run(*words)
            self.assertEqual(0, done.returncode)
            self.assertIn(f"you have passed all {len(NAMES)} lessons", done.stdout)
            self.assertIn(f"{len(NAMES)} of {len(NAMES)}. Hints: {len(NAMES)}.", done.stdout)

    def test_ends_with_a_last_screen(self):
        self.learner.keep(*(f"{name} passed 2026-11-23 right -" for name in NAMES[1:]),
                          f"{FIRST} modify 2026-11-23 right -")
        talk = Talk(self.learner)
        self.learner.solve(FIRST, Lesson(FIRST))
        talk.tell("check")
        for _ in range(9):
            if not talk.is_over:
                talk.tell("")
        self.assertIn("You have passed lesson 1", talk.said)
        self.assertIn(f"you have passed all {len(NAMES)} lessons", talk.said)
        self.assertEqual(0, talk.end())

    def test_passed_stays_passed(self):
        self.learner.keep(f"{FIRST} passed 2026-11-20 right -")
        done = self.learner.run(FIRST, typed="\n")
        self.assertIn("passed it stays", done.stdout)
        self.assertIn("Step 1 of ", done.stdout)
        self.assertEqual(["passed", "2026-11-20", "right", "-"], self.learner.step(FIRST))

    def test_lessons_of_a_teacher(self):
        other = self.learner.home / "mine"
        other.mkdir()
        done = self.learner.run("list", "--from", str(other))
        self.assertEqual(3, done.returncode)
        self.assertIn("There is no lesson in", done.stderr)
        (other / "07-own").symlink_to(LESSONS / FIRST)
        self.assertIn(" 7. ", self.learner.run("list", "--from", str(other)).stdout)
        self.learner.run("7", "--from", str(other), typed="\n")
        self.assertEqual("read-2", self.learner.step("07-own")[0])


class Working(unittest.TestCase):
    """check, hint, solution, edit, reset."""

    def setUp(self):
        self.learner = Learner(self)
        self.lesson = Lesson(FIRST)
        self.learner.keep(f"{FIRST} modify 2026-11-23 right -")

    def test_check_fails_and_then_passes(self):
        done = self.learner.run("check")
        self.assertEqual(1, done.returncode, done.stdout + done.stderr)
        self.assertIn(str(self.learner.exercise(FIRST)), done.stdout)
        self.learner.solve(FIRST, self.lesson)
        done = self.learner.run("check", "1")
        self.assertEqual(0, done.returncode, done.stdout)
        self.assertNotEqual("modify", self.learner.step(FIRST)[0])

    def test_check_of_another_file(self):
        solution = str(LESSONS / FIRST / self.lesson.solution)
        self.assertEqual(0, self.learner.run("check", solution).returncode)
        for words in (("check", "1", "/nowhere.yaml"), ("check", FIRST, "/"),
                      ("check", "1", PROGRAM)):
            done = self.learner.run(*words)
            self.assertEqual(2, done.returncode, done.stdout)
            self.assertNotEqual("", done.stdout)

    def test_check_before_its_time_is_not_counted(self):
        self.learner.keep(f"{FIRST} read-1 2026-11-23 - -")
        done = self.learner.run("check", "1", str(LESSONS / FIRST / self.lesson.solution))
        self.assertEqual(0, done.returncode)
        self.assertIn("not come to this yet", done.stdout)
        self.assertEqual("read-1", self.learner.step(FIRST)[0])

    def test_hints_are_a_ladder(self):
        for number in (1, 2, 3, 3):
            self.assertIn(f"Hint {number} of 3: ", self.learner.run("hint").stdout)
        self.assertEqual("modify:3", self.learner.step(FIRST)[3])
        self.learner.keep(f"{FIRST} read-1 2026-11-23 - -")
        self.assertIn("Hint 1 of 3: ", self.learner.run("hint").stdout)
        self.assertEqual(["read-1", "modify:1"], self.learner.step(FIRST)[::3])

    def test_solution_is_for_those_who_passed_or_insist(self):
        done = self.learner.run("solution")
        self.assertEqual((1, ""), (done.returncode, done.stdout))
        self.assertIn("--spoil", done.stderr)
        text = (LESSONS / FIRST / self.lesson.solution).read_text()
        self.assertEqual(text, self.learner.run("solution", "1", "--spoil").stdout)
        self.assertEqual("modify-solution:1", self.learner.step(FIRST)[3])
        self.learner.keep(f"{FIRST} passed 2026-11-23 right -")
        self.assertEqual(text, self.learner.run("solution", "1").stdout)
        self.assertEqual("-", self.learner.step(FIRST)[3])

    def test_edit_opens_the_editor(self):
        self.assertEqual(1, self.learner.run("edit").returncode)
        editor = self.learner.home / "my editor"
        editor.write_text('#!/bin/sh\necho "# edited" >> "$1"\n')
        editor.chmod(0o755)
        master, slave = pty.openpty()
        done = subprocess.run([PROGRAM, "lesson", "edit"], stdin=slave, stdout=slave,
                              stderr=subprocess.PIPE, timeout=WAIT_S, check=False,
                              env=self.learner.environment(VISUAL="", EDITOR=f"'{editor}'"))
        os.close(master)
        os.close(slave)
        self.assertEqual((0, b""), (done.returncode, done.stderr))
        self.assertTrue(self.learner.exercise(FIRST).read_text().endswith("# edited\n"))

    def test_reset_begins_anew_and_loses_nothing(self):
        self.learner.run("check")
        self.learner.solve(FIRST, self.lesson)
        done = self.learner.run("reset", "1")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIsNone(self.learner.step(FIRST))
        self.assertEqual([], list((self.learner.folder / "lessons" / FIRST).glob("*.yaml")))
        self.assertEqual(1, len(list((self.learner.folder / "lessons" / FIRST).glob("*.old"))))
        self.assertEqual(0, self.learner.run("reset", "1").returncode, "twice is no mistake")


class WrongUse(unittest.TestCase):
    def setUp(self):
        self.learner = Learner(self)

    def refuse(self, status, sentence, *words):
        done = self.learner.run(*words)
        self.assertEqual(status, done.returncode, (words, done.stdout, done.stderr))
        self.assertIn(sentence, done.stderr)
        self.assertEqual(1, done.stderr.count("\n"), done.stderr)
        self.assertEqual([], self.learner.lines())

    def test_is_told_in_a_sentence(self):
        self.refuse(2, "Did you mean list?", "lsit")
        self.refuse(2, "no command and no lesson qqqq", "qqqq")
        self.refuse(2, "There is no lesson \"99\"", "99")
        self.refuse(2, "There is no lesson \"0\"", "0")
        self.refuse(2, "There is no lesson \"5x\"", "5x")
        self.refuse(2, "There is no lesson \"77\"", "hint", "77")
        self.refuse(2, "There is no lesson \"77\"", "check", "77")
        self.refuse(2, "no place for \"2\"", "1", "2")
        self.refuse(2, 'Did you mean "lesson check 5"?', "5", "check")
        self.refuse(2, "reset takes one lesson", "reset")
        self.refuse(2, "list takes nothing", "list", "1")
        self.refuse(2, "check takes", "check", "1", "a", "b")
        self.refuse(2, "list has no option --text", "list", "--text")
        self.refuse(2, "belongs to another command", "1", "--spoil")
        self.refuse(2, "there is no option --txet. Did you mean --text?", "--txet")
        self.refuse(2, "list has no option --.", "list", "--", "true")
        self.refuse(2, "the command behind -- is missing", "check", "1", "--")
        self.refuse(2, "a file or a command, not both", "check", "1", "x", "--", "true")
        self.refuse(2, "asks for no program", "check", "1", "--", "true")
        self.refuse(3, "/nowhere", "--from", "/nowhere", "list")
        self.refuse(2, "--lang", "list", "--lang")

    def test_help_names_every_command(self):
        said = self.learner.run("--help").stdout
        for command in ("list", "next", "check", "hint", "solution", "edit", "reset", "export",
                        "import", "report", "lint"):
            self.assertRegex(said, rf"\n  {command} ")


class Progress(unittest.TestCase):
    def setUp(self):
        self.learner = Learner(self)

    def test_damaged_or_newer_is_never_written_over(self):
        self.learner.folder.mkdir()
        for text, why in (("junk\n", "line 1 is damaged"), ("format 2\nx\n", "a later glassmq"),
                          ("", "it is empty"), ("format 1\n05-ack\n", "line 2 is damaged")):
            self.learner.progress.write_text(text)
            for words in ((), ("list",), ("1",), ("check", "1"), ("hint",), ("reset", "1"),
                          ("solution", "1", "--spoil"), ("export",), ("export", "x")):
                done = self.learner.run(*words)
                self.assertNotIn(done.returncode, (0, 2), words)
                self.assertIn(why, done.stderr)
                self.assertEqual(text, self.learner.progress.read_text(), words)

    def test_goes_from_one_machine_to_another(self):
        other = Learner(self)
        self.learner.keep(f"{FIRST} passed 2026-11-20 wrong -", "05-ack run-1 2026-11-21 right -")
        file = str(self.learner.home / "김철수.progress")
        done = self.learner.run("export", file)
        self.assertIn("The progress of 2 lessons is in ", done.stdout)
        self.assertEqual(0, done.returncode)
        other.keep(f"{FIRST} read-1 2026-11-22 - -")
        one = str(self.learner.home / "one.progress")
        self.assertIn("The progress of 1 lesson is in ", other.run("export", one).stdout)
        self.assertEqual(self.learner.progress.read_text(), self.learner.run("export").stdout)
        other.keep(f"{FIRST} read-1 2026-11-22 - -", "05-ack modify 2026-11-22 wrong -")
        done = other.run("import", file)
        self.assertIn("Taken over: 1. ", done.stdout)
        self.assertEqual("passed", other.step(FIRST)[0])
        self.assertEqual("modify", other.step("05-ack")[0])
        self.assertEqual(0, other.run("import", file).returncode)
        for wrong in ("/nowhere", str(other.home), PROGRAM):
            done = other.run("import", wrong)
            self.assertEqual(3, done.returncode)
            self.assertIn(wrong, done.stderr)

    def test_export_takes_no_other_file(self):
        self.learner.keep()
        precious = self.learner.home / "thesis.txt"
        precious.write_text("precious\n")
        self.assertEqual(3, self.learner.run("export", str(precious)).returncode)
        self.assertEqual("precious\n", precious.read_text())
        self.assertEqual(1, self.learner.run("export", "/nowhere/x").returncode)

    def test_two_programs_at_once_lose_nothing(self):
        done = []

        def go(name):
            done.append(self.learner.run(name, typed="\n\n\n\n\n").returncode)

        threads = [threading.Thread(target=go, args=(name,)) for name in NAMES[:6]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([0] * len(threads), done)
        self.assertEqual(sorted(NAMES[:6]), sorted(line.split()[0]
                                                   for line in self.learner.lines()[1:]))

    def test_two_windows_on_one_lesson_lose_nothing(self):
        ahead, behind = Talk(self.learner, FIRST), Talk(self.learner, FIRST)
        ahead.tell("")
        ahead.tell("")
        self.assertEqual("read-3", self.learner.step(FIRST)[0])
        behind.tell("")
        self.assertEqual("read-3", self.learner.step(FIRST)[0])
        self.assertEqual([0, 0], [ahead.end(), behind.end()])

    def test_is_for_nobody_else(self):
        self.learner.run("1")
        self.assertEqual(0o600, self.learner.progress.stat().st_mode & 0o777)

    def test_a_full_disk_is_told_and_the_lesson_goes_on(self):
        words = ["unshare", "--user", "--map-root-user", "--mount"]
        script = ('mount -t tmpfs -o size=8k,nr_inodes=9 none "$XDG_DATA_HOME" || exit 77\n'
                  'mkdir "$XDG_DATA_HOME/glassmq" && cd "$XDG_DATA_HOME/glassmq" || exit 78\n'
                  f'echo "format 1\n{FIRST} read-1 2026-11-20 - -" > progress\n'
                  'head -c 100000 /dev/zero > rest 2> /dev/null\n'
                  f'printf "\\n\\n" | "{PROGRAM}" lesson {FIRST}; echo "status $?"; cat progress\n')
        done = subprocess.run([*words, "sh", "-c", script], capture_output=True, text=True,
                              timeout=WAIT_S, check=False, env=self.learner.environment())
        if done.returncode != 0 or "status" not in done.stdout:
            self.skipTest("this machine mounts nothing for its users")
        self.assertIn("No space left on device", done.stdout)
        self.assertIn("may not be kept", done.stdout)
        self.assertIn("== Step 3 of ", done.stdout)
        self.assertIn(f"status 1\nformat 1\n{FIRST} read-1 2026-11-20 - -\n", done.stdout)

    def test_a_full_disk_of_the_output_is_told(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([PROGRAM, "lesson", "list"], stdout=full, text=True,
                                  stderr=subprocess.PIPE, timeout=WAIT_S, check=False,
                                  env=self.learner.environment())
        self.assertEqual(1, done.returncode)
        self.assertIn("No space left on device", done.stderr)


class Report(unittest.TestCase):
    def setUp(self):
        self.learner = Learner(self)

    def write(self, name, data):
        path = self.learner.home / name
        path.write_bytes(data)
        return str(path)

    def test_is_a_table_that_lines_up(self):
        files = [self.write("ann.progress", b"format 1\n05-ack passed 2026-11-20 right,wrong -\n"),
                 self.write("김철수.progress", b"format 1\n05-ack modify 2026-11-21 wrong modify:2\n"),
                 self.write("new.progress", b"format 1\n")]
        done = self.learner.run("report", *files)
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertEqual(["person  passed  predicted right  hints  last day    works on",
                          "ann          1           1 of 2      0  2026-11-20  -",
                          "김철수       0           0 of 1      2  2026-11-21  05-ack, modify",
                          "new          0           0 of 0      0  -           -",
                          "",
                          "lesson  begun  passed  predicted right  hints",
                          "05-ack      2       1           1 of 3      2"],
                         done.stdout.splitlines())

    def test_bad_files_spoil_nothing(self):
        good = self.write("good.progress", b"format 1\n05-ack passed 2026-11-20 right -\n")
        bad = [self.write("a.progress", b"\x7fELF\0\0"), self.write("b.progress", b"format 9\n"),
               self.write("c.progress", b"x" * (2 << 20)), self.write("d.progress", b""),
               "/nowhere", str(self.learner.home), "/dev/zero",
               self.write("e.progress", b"format 1\n" + b"05-ack passed 2026-11-20 - -\n" * 2)]
        os.mkfifo(self.learner.home / "pipe")
        bad.append(str(self.learner.home / "pipe"))
        done = self.learner.run("report", *bad, good)
        self.assertEqual(3, done.returncode)
        self.assertEqual(len(bad), done.stderr.count(" is left out: "), done.stderr)
        self.assertEqual(len(bad), done.stderr.count("\n"))
        self.assertRegex(done.stdout, r"\ngood +1 ")


if __name__ == "__main__":
    tap.main()
