"""A "glassmq serve" of the test's own, on a free loopback port and in a directory of its own.

A test's first argument is the program glassmq."""

import ctypes
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

PROGRAM = sys.argv[1] if len(sys.argv) > 1 else None
STOP_S = 30
PR_SET_PDEATHSIG = 1


def die_with_parent():
    """So that a test that is killed leaves no broker behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def is_sanitized():
    """Whether the broker runs under a sanitizer, whose own memory is many times the broker's."""
    return os.environ.get("GLASSMQ_SANITIZED") == "1"


def rss_kib(pid):
    """The resident memory of a process."""
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])


class Broker:
    """Starts with the object; `with` stops it gently and checks that it took that well."""

    def __init__(self, *options, program=PROGRAM, file_limit=None):
        def prepare():
            die_with_parent()
            if file_limit is not None:
                import resource
                resource.setrlimit(resource.RLIMIT_NOFILE, (file_limit, file_limit))

        self.name = "GlassMQ"
        self.state = tempfile.TemporaryDirectory(prefix="glassmq-")
        self.environment = {**os.environ, "XDG_STATE_HOME": self.state.name}
        self.stderr = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [program, "serve", *(options or ("--listen", "127.0.0.1:0"))],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.stderr, text=True,
            env=self.environment, preexec_fn=prepare)
        self.pid = self.process.pid
        self.ready_line = self.process.stdout.readline()
        found = re.search(r" on (\S+):(\d+)", self.ready_line)
        if found is None:
            self.kill()
            raise RuntimeError(f"the broker did not start: {self.errors()}")
        self.address, self.port = found[1], int(found[2])

    def errors(self):
        self.stderr.seek(0)
        return self.stderr.read()

    @property
    def data(self):
        """Its data directory, when no option says otherwise."""
        return os.path.join(self.state.name, "glassmq")

    def ctl(self, *words, stdin="", folder=None):
        """What "glassmq ctl" says of this broker: a finished process."""
        return subprocess.run([os.path.abspath(PROGRAM), "ctl", *words], env=self.environment,
                              input=stdin, cwd=folder, capture_output=True, text=True,
                              timeout=STOP_S)

    def rss_kib(self):
        return rss_kib(self.pid)

    def cpu_s(self):
        """User and system time so far."""
        with open(f"/proc/{self.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def wait_for_rss(self, most_kib, seconds=15):
        """Memory is given back in pauses. Returns the last figure."""
        deadline = time.monotonic() + seconds
        while (rss := self.rss_kib()) > most_kib and time.monotonic() < deadline:
            time.sleep(0.2)
        return rss

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, seconds=STOP_S):
        """The exit status; negative when a signal ended it."""
        return self.process.wait(seconds)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def stop(self):
        try:
            if self.process.poll() is None:
                self.signal(signal.SIGTERM)
            status = self.wait()
        except subprocess.TimeoutExpired:
            status = "none: it did not stop"
        finally:
            self.kill()
        if status != 0:
            raise RuntimeError(f"the broker's exit status was {status}: {self.errors()}")

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self.stop()
        else:
            self.kill()
            print("# the broker's stderr: " + self.errors().replace("\n", "\n# "), flush=True)
        self.process.stdout.close()
        self.stderr.close()
        self.state.cleanup()
