"""The shipped scenarios on the real clock: the simulator, "glassmq serve" and RabbitMQ agree.

Each scenario that needs no fault of the broker itself is played three times, and what its clients
saw is the same, line by line, as is the verdict. Where that cannot be, the file says so in a comment
that begins with "# Elsewhere:" (scenarios/README.md tells how). RabbitMQ is started on a port of its
own and ended again. A scenario takes as long as it simulates, so several run at the same time, each
in a vhost of its own."""

import json
import os
import queue
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCENARIOS = HERE.parents[1] / "scenarios"
sys.path.insert(1, str(HERE.parent / "bench"))

import rabbitmq  # noqa: E402
from broker import PROGRAM, Broker  # noqa: E402

AT_THE_SAME_TIME = 8
ATTEMPTS = 3  # a busy machine may mix up what happens within a few milliseconds
LONGEST_S = 120
REFUSED = 3
SAID = re.compile(r"^# Elsewhere: (not played|another story|RabbitMQ differs): \S.*$", re.MULTILINE)
ANY = re.compile(r"^# Elsewhere:.*$", re.MULTILINE)


def say(text):
    print(text, flush=True)


def definitions(folder):
    """Users and vhosts for either broker: a vhost for each scenario that runs at the same time."""
    known = json.loads((HERE / "users.json").read_text())
    vhosts = [f"stage{i}" for i in range(AT_THE_SAME_TIME)]
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    known["users"] = [user for user in known["users"] if user["name"] == "guest"]
    known["vhosts"] = [{"name": name} for name in ["/", *vhosts]]
    known["permissions"] = [{"user": "guest", "vhost": name, **everything}
                            for name in ["/", *vhosts]]
    for part in ("topic_permissions", "parameters", "policies"):
        known[part] = []
    path = os.path.join(folder, "definitions.json")
    with open(path, "w") as out:
        json.dump(known, out)
    config = os.path.join(folder, "glassmq.conf")
    with open(config, "w") as out:
        out.write(f"[listeners]\namqp = 127.0.0.1:0\n[users]\nfile = {path}\n")
    return path, config, vhosts


class Played:
    """One run: its exit status, what its clients saw, and what it printed."""

    def __init__(self, path, *options):
        with tempfile.TemporaryDirectory() as folder:
            story = Path(folder) / "story"
            run = subprocess.run(
                [PROGRAM, "run", str(path), "--quiet", "--story", str(story), *options],
                capture_output=True, text=True, timeout=LONGEST_S)
            self.status = run.returncode
            self.story = story.read_text() if story.exists() else "nothing\n"
        self.said = run.stdout + run.stderr


def differences(name, here, there):
    """Lines that tell how two runs differ; none when they are the same."""
    if here == there:
        return []
    ours, theirs = here.split("\n"), there.split("\n")
    told = [f"{name} lacks: {line}" for line in ours if line not in theirs]
    told += [f"{name} has instead: {line}" for line in theirs if line not in ours]
    return (told or [f"{name} has the same lines in another order"])[:12]


class Scenario:
    def __init__(self, path):
        text = path.read_text()
        self.path = path
        self.name = path.stem
        self.words = {found[1] for found in SAID.finditer(text)}
        self.is_well_said = len(ANY.findall(text)) == len(SAID.findall(text))

    def judge_against(self, here, there, name):
        """What is wrong with a run elsewhere."""
        may_differ = "RabbitMQ differs" in self.words and name == "RabbitMQ"
        told = []
        if there.status not in (0, 1, 2) or (there.status != here.status and not may_differ):
            told += [f"{name}: exit status {there.status}, and {here.status} in the simulator"]
            told += [f"  {line}" for line in there.said.strip().split("\n")
                     if not line.startswith("\u2713") and line.strip()][-12:]
        if "another story" not in self.words and not may_differ:
            told += differences(name, here.story, there.story)
        return told

    def play(self, brokers, vhosts):
        """(word of the answer, note, lines that tell what is wrong)."""
        if not self.is_well_said:
            return "not ok", "", ["a comment begins with # Elsewhere: and is none of those known"]
        if "not played" in self.words:
            return "ok", " # SKIP the file says that it is not played elsewhere", []
        here = Played(self.path)
        vhost = vhosts.get()
        try:
            for _ in range(ATTEMPTS):
                told = []
                for broker in brokers:
                    url = f"amqp://127.0.0.1:{broker.port}/{vhost}"
                    there = Played(self.path, "--broker", url)
                    if there.status == REFUSED and ":" in there.said:
                        return "ok", " # SKIP it needs what no broker elsewhere can do", []
                    told += self.judge_against(here, there, broker.name)
                if not told:
                    return "ok", "", []
        finally:
            vhosts.put(vhost)
        return "not ok", "", told


def main():
    if not rabbitmq.is_installed():
        say("1..0 # SKIP RabbitMQ is not installed")
        return
    chosen = sys.argv[2:]
    scenarios = [Scenario(path) for path in sorted(SCENARIOS.glob("*.yaml"))
                 if not chosen or path.stem in chosen]
    with tempfile.TemporaryDirectory() as folder:
        path, config, names = definitions(folder)
        vhosts = queue.Queue()
        for name in names:
            vhosts.put(name)
        with rabbitmq.running(path) as reference, Broker("--config", config) as ours, \
                ThreadPoolExecutor(AT_THE_SAME_TIME) as pool:
            answers = pool.map(lambda each: each.play((ours, reference), vhosts), scenarios)
            for number, (scenario, answer) in enumerate(zip(scenarios, answers), 1):
                word, note, told = answer
                say(f"{word} {number} - {scenario.name} is the same on every broker{note}")
                for line in told:
                    say(f"# {line}")
    say(f"1..{len(scenarios)}")


main()
