"""A terminal for tests, which tmux plays: keys are pressed, screens are read."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

PATIENCE_S = 20


def can_run():
    return shutil.which("tmux") is not None


class Terminal:
    """One tmux server with one window, in which a shell runs a command."""

    def __init__(self, command, width=80, height=24, **environment):
        self.socket = f"glassmq-{os.getpid()}-{id(self)}"
        self.folder = tempfile.mkdtemp(prefix="glassmq-tmux-")
        words = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TMUX_TMPDIR": self.folder, **environment}
        kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        self.environment = {**kept, **words}
        inner = " ".join(f"{key}='{word}'" for key, word in environment.items())
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(width), "-y", str(height),
                  "sh")
        self.type(f"PS1='here> '; clear; stty -a > {self.folder}/before")
        self.see(r"\Ahere>\s*\Z")  # alone: the line above, when it is echoed, holds the word too
        self.type(f"env {inner} {command}")

    def tmux(self, *words):
        return subprocess.run(["tmux", "-L", self.socket, *words], env=self.environment,
                              capture_output=True, text=True, check=True, timeout=PATIENCE_S).stdout

    def type(self, line):
        self.tmux("send-keys", "-l", line)
        self.tmux("send-keys", "Enter")

    def press(self, *keys):
        self.tmux("send-keys", *keys)

    def screen(self, *more):
        return self.tmux("capture-pane", "-p", *more)

    def see(self, pattern, absent=False):
        """Waits until the pattern is on the screen, or until it is not, and returns the screen."""
        return self.see_that(lambda screen: (re.search(pattern, screen) is None) == absent,
                             f"{pattern!r} {'stays' if absent else 'never comes'}")

    def see_that(self, is_so, otherwise, patience_s=PATIENCE_S):
        """Waits until the screen is as wanted, and returns it."""
        deadline = time.monotonic() + patience_s
        while True:
            screen = self.screen()
            if is_so(screen):
                return screen
            if time.monotonic() > deadline:
                raise AssertionError(f"{otherwise}:\n{screen}")
            time.sleep(0.04)

    def resize(self, width, height):
        self.tmux("resize-window", "-x", str(width), "-y", str(height))

    def pid(self):
        """Of the command: the child of the shell in the window."""
        shell = self.tmux("display-message", "-p", "#{pane_pid}").strip()
        return int(subprocess.run(["ps", "-o", "pid=", "--ppid", shell], capture_output=True,
                                  text=True, check=True).stdout.split()[0])

    def is_full_screen(self):
        """Whether the command has the other screen, without a cursor; None between the two."""
        state = self.tmux("display-message", "-p", "#{alternate_on}#{cursor_flag}").strip()
        return {"10": True, "01": False}.get(state)

    def wait_for_shell(self):
        deadline = time.monotonic() + PATIENCE_S
        while self.is_full_screen() is not False:
            if time.monotonic() > deadline:
                raise AssertionError(f"the terminal is not restored:\n{self.screen()}")
            time.sleep(0.05)

    def modes(self, name):
        """The terminal modes without the size."""
        return Path(self.folder, name).read_text().split(";", 4)[-1]

    def close(self):
        subprocess.run(["tmux", "-L", self.socket, "kill-server"], env=self.environment,
                       capture_output=True, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)
