"""A broker that is killed and started again on the same data: GlassMQ, or RabbitMQ to see that the
test asks for nothing that it should not."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from broker import die_with_parent

STOP_S = 60
sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))
import rabbitmq  # noqa: E402


class Node:
    """GlassMQ. It is not running yet; `folder` is its own."""

    is_glassmq = True

    def __init__(self, program, folder):
        self.program = os.path.abspath(program)
        self.data = os.path.join(folder, "data")
        self.log = os.path.join(folder, "stderr")
        self.config = os.path.join(folder, "glassmq.conf")
        self.memory = ""  # the limit of the configuration
        self.process = None
        self.port = 0

    def spawn(self):
        """Starts it without waiting for anything."""
        limit = f"memory = {self.memory}\n" if self.memory else ""
        Path(self.config).write_text("[limits]\n" + limit)
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(
                [self.program, "serve", "--listen", "127.0.0.1:0", "--data", self.data,
                 "--config", self.config],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True,
                preexec_fn=die_with_parent)

    def start(self):
        self.spawn()
        found = re.search(r" on \S+:(\d+)", self.process.stdout.readline())
        if found is None:
            self.kill()
            raise AssertionError(f"the broker did not start: {self.errors()}")
        self.port = int(found[1])

    def errors(self):
        return Path(self.log).read_text(errors="replace")[-2000:]

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self.process = None

    def stop(self):
        """As Ctrl-C does; it must end with 0."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(STOP_S)
        self.process.stdout.close()
        self.process = None
        if status != 0:
            raise AssertionError(f"the broker's exit status was {status}: {self.errors()}")

    def ctl(self, *words):
        """A finished `glassmq ctl`."""
        return subprocess.run([self.program, "ctl", "--data", self.data, *words],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=STOP_S)


class RabbitNode:
    is_glassmq = False

    def __init__(self, folder):
        self.data = folder
        self.ports = rabbitmq.free_ports(3)
        self.port = self.ports[0]
        self.environment = rabbitmq.environment(folder, *self.ports)
        self.log = os.path.join(folder, "log", "start")
        self.process = None
        os.makedirs(os.path.dirname(self.log), exist_ok=True)

    def spawn(self):
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(
                [rabbitmq.SCRIPT], env=self.environment, cwd=self.data, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, process_group=0)

    def start(self):
        self.spawn()
        rabbitmq.wait_until_ready(self.process, self.port, self.log)

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self):
        rabbitmq.end(self.process)
        self.process = None

    def close(self):
        self.kill()
        subprocess.run(["epmd", "-kill"], env=self.environment, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=10, check=False)
