"""A learner in a real terminal: what the lesson file says is typed, and the screens are read."""

import importlib.util
import re
import shutil
import sys
import tempfile
import unicodedata
from pathlib import Path

from terminal import Terminal

LESSONS = Path(__file__).resolve().parents[2] / "lessons"
NAMES = sorted(path.parent.name for path in LESSONS.glob("[0-9]*/lesson.md"))
KINDS = ("predict", "investigate", "modify", "make")
FENCE = "```"
SENDERS = {3: ["sender.py", "hello", "5"], 12: ["sender.py", "order", "10"],
           16: ["sender.py", "order", "15"]}  # where a program sends; elsewhere it works
PROGRAM_S = 90


def value_of(block, key):
    """The text of a key of a block, whatever style of YAML it is written in; "" without."""
    lines = block.split("\n")
    for n, line in enumerate(lines):
        found = re.match(rf"( *(?:- )?){key}:(?: +(.*))?$", line)
        if not found:
            continue
        indent = len(found[1])
        words = [] if (found[2] or "") in (">", ">-", "|", "|-") else [found[2] or ""]
        for more in lines[n + 1:]:
            if more.strip() and len(more) - len(more.lstrip()) <= indent:
                break
            words.append(more.strip())
        return " ".join(word for word in words if word).strip("\"'")
    return ""


def tasks_of(block):
    body = block.split("tasks:\n", 1)[1]
    dash = re.match(r" *- ", body)[0]
    parts = re.split("^" + dash, body, flags=re.MULTILINE)[1:]
    return [" " * len(dash) + part for part in parts]


class Step:
    def __init__(self, kind, heading, text, block=""):
        self.kind = kind
        self.heading = heading
        self.text = text.strip()
        self.block = block

    def value(self, key):
        return value_of(self.block, key)


class Lesson:
    """The steps of a lesson.md, in order."""

    def __init__(self, name, language):
        self.name = name
        self.number = int(name.split("-")[0])
        path = LESSONS / name / ("lesson.md" if language == "en" else f"lesson.{language}.md")
        self.folder = path.parent
        _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
        self.title = value_of(head, "title")
        self.steps = []
        self.heading = self.title
        self.read(body.split("\n"))

    def read(self, lines):
        text = []
        while lines:
            line = lines.pop(0)
            if line.startswith("## "):
                self.end_page(text)
                self.heading = line[3:].strip()
            elif line.startswith(FENCE) and line[3:].strip() in KINDS:
                end = lines.index(FENCE)
                self.add_block(line[3:].strip(), "\n".join(text), "\n".join(lines[:end]))
                lines = lines[end + 1:]
                text = []
            elif not line.startswith("# "):
                text.append(line)
        self.end_page(text)

    def end_page(self, text):
        if "".join(text).strip():
            self.steps.append(Step("read", self.heading, "\n".join(text)))
        text.clear()

    def add_block(self, kind, text, block):
        parts = tasks_of(block) if kind == "investigate" else [block]
        for part in parts:
            self.steps.append(Step(kind, self.heading, text, part))
            text = ""

    def index(self, kind):
        return [step.kind for step in self.steps].index(kind)


def bare(text):
    """Without what the screen does not show as it is written: marks, blanks, ends of lines."""
    return re.sub(r"[\s*`\\]", "", text)


def width_of(text):
    """Columns that a terminal gives it."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1
               for c in text)


def cells_of(row):
    """A row by columns: the right half of a wide character is empty."""
    cells = []
    for c in row:
        cells += [c] + [""] * (width_of(c) - 1)
    return cells


def find_crooked(screen, width):
    """What does not line up on this screen: rows that are too wide, frames without a left side. A
    picture may be cut off where an empty row follows."""
    rows = [cells_of(row) for row in screen.split("\n")]
    found = [f"{len(row)} columns: {''.join(row)}" for row in rows if len(row) > width]
    for y, row in enumerate(rows[:-1]):
        for x, cell in enumerate(row):
            below = rows[y + 1][x] if x < len(rows[y + 1]) else " "
            if cell == "┌" and rows[y + 1] and below == " ":
                found.append(f"row {y}, column {x}: below the corner stands {below!r}")
    return found


class Sitting:
    """One person with a data directory of his own, in front of one lesson."""

    def __init__(self, case, program, name, language="en", words="", width=80, height=24,
                 home=None, **environment):
        self.lesson = Lesson(name, language)
        self.width = width
        if home is None:
            home = tempfile.mkdtemp(prefix="glassmq-lesson-")
            case.addCleanup(shutil.rmtree, home, ignore_errors=True)
        self.home = Path(home)
        self.terminal = Terminal(f"{program} lesson {self.lesson.number} --lang {language} {words}",
                                 width, height, XDG_DATA_HOME=home, LANGUAGE="", **environment)
        case.addCleanup(self.terminal.close)

    # ---- what is seen

    def see(self, *texts):
        """Waits until the beginning of each text is on the screen, and until that lines up: a
        terminal can be read when half of a screen has come."""
        wanted = [bare(text)[:24] for text in texts]

        def is_there(screen):
            shown = bare(screen)
            return all(text in shown for text in wanted)

        screen = self.terminal.see_that(is_there, f"{wanted} is not there")
        if find_crooked(screen, self.width):
            screen = self.terminal.see_that(
                lambda screen: is_there(screen) and not find_crooked(screen, self.width),
                "\n".join(find_crooked(screen, self.width)))
        return screen

    def see_step(self, index):
        """Waits until the bar names that step, which is counted from 0 here."""
        wanted = {str(index + 1), str(len(self.lesson.steps))}

        def is_there(screen):
            bar = screen.split("\n")[0].rstrip()
            return wanted <= set(re.findall(r"\d+", bar[-34:])) and width_of(bar) == self.width - 1

        return self.terminal.see_that(is_there, f"step {index + 1} never comes")

    # ---- what is done

    def press(self, *keys):
        self.terminal.press(*keys)

    def type(self, text):
        """Letter by letter, also those that tmux takes for the name of a key."""
        self.terminal.tmux("send-keys", "-l", text)

    def answer(self, text):
        self.press("a")
        self.type(text)
        self.press("Enter")

    # ---- what is kept

    def file(self):
        return self.home / "glassmq/lessons" / self.lesson.name / "exercise.yaml"

    def kept(self):
        """The step that is kept for this lesson; "" for none."""
        progress = self.home / "glassmq/progress"
        for line in progress.read_text().split("\n") if progress.exists() else []:
            if line.startswith(self.lesson.name + " "):
                return line.split(" ")[1]
        return ""

    def wait_until_kept(self, wanted):
        self.terminal.see_that(lambda screen: re.fullmatch(wanted, self.kept()),
                               f"{wanted} is not kept, but {self.kept()!r}")

    # ---- whole steps

    def take(self, index):
        """Does one step as it is to be done."""
        step = self.lesson.steps[index]
        self.see_step(index)
        {"read": self.take_page, "predict": self.take_prediction, "investigate": self.take_task,
         "modify": self.take_exercise, "make": self.take_program}[step.kind](step)

    def take_page(self, step):
        self.see(step.heading)
        self.press("Enter")

    def begin(self, step):
        if step.text:
            self.see(step.heading)
            self.press("Enter")

    def take_prediction(self, step):
        self.begin(step)
        self.see(step.value("question"))
        self.press(step.value("right"), "Enter", "Enter")
        self.see(step.value("why"))
        self.press("Enter")

    def take_task(self, step):
        self.begin(step)
        self.see(step.value("question"))
        self.answer(step.value("answer"))
        self.press("Enter")

    def take_exercise(self, step):
        self.see(step.heading)
        self.terminal.see_that(lambda screen: self.file().exists(), "there is no file")
        shutil.copy(self.lesson.folder / step.value("solution"), self.file())
        before = self.kept()
        self.press("c")
        self.terminal.see_that(lambda screen: self.kept() != before, "the solution does not pass")
        self.press("Enter")

    def take_program(self, step):
        self.press("NPage", "NPage", "NPage")
        self.see(f"glassmq lesson check {self.lesson.number}")
        before = self.kept()
        self.press("c")
        self.type(self.program_for(step))
        self.press("Enter")
        self.terminal.see_that(lambda screen: self.kept() != before, "the program does not pass",
                               PROGRAM_S)
        self.press("Enter")

    def program_for(self, step):
        """A program that passes: a matcher whose mistakes are mended, or one of the workers."""
        if step.value("matcher"):
            return f"{sys.executable} -B {self.lesson.folder}/matcher-mended.py"
        name, *words = SENDERS.get(self.lesson.number, ["worker.py"])
        return " ".join([sys.executable, "-B", str(LESSONS / "workers" / name), *words])


def can_run_programs():
    """Whether the library of the workers is there."""
    return importlib.util.find_spec("pika") is not None
