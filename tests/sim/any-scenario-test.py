"""Whatever scenario is thrown together, the broker keeps every invariant, both of two runs are the
same, and chunks change nothing. Scenarios are made from seeds, so a failure names its own.

The argument is the program glassmq; numbers behind it are the seeds to try instead."""

import random
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tap

PROGRAM = sys.argv[1]
SEEDS = [int(word) for word in sys.argv[2:] if word.isdigit()] or range(40)
KEYS = ["", "a", "a.b", "*", "#", "a.*", "#.b"]


class Maker:
    """Makes one scenario; each choice is drawn from the seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.queues = [f"q{i}" for i in range(self.random.randint(1, 4))]
        self.exchanges = {f"x{i}": self.pick("direct", "fanout", "topic", "headers")
                          for i in range(self.random.randint(0, 3))}
        self.clients = []

    def pick(self, *choices):
        return self.random.choice(choices)

    def chance(self, share=0.5):
        return self.random.random() < share

    def maybe(self, text, share=0.5):
        return text if self.chance(share) else ""

    def exchange(self, name):
        alternate = self.maybe(f", alternate: {self.pick(*self.exchanges)}", 0.3)
        return (f"    {name}: {{type: {self.exchanges[name]}{alternate}"
                f"{self.maybe(', auto_delete: yes', 0.2)}{self.maybe(', internal: yes', 0.1)}}}")

    def binding(self, source, target, key):
        match = ""
        if self.exchanges[source] == "headers":
            match = self.maybe(f", match: {self.pick('all', 'any')}, "
                               f"headers: {{h: {self.pick('1', 'yes', 'x')}}}")
        return f'    - {{from: {source}, to: {target}, key: "{key}"{match}}}'

    def topology(self):
        lines = ["topology:", "  queues:"]
        lines += [f"    {name}: {{{self.pick('', 'durable: yes', 'auto_delete: yes')}}}"
                  for name in self.queues]
        if not self.exchanges:
            return lines
        lines += ["  exchanges:"] + [self.exchange(name) for name in self.exchanges]
        bindings = {(self.pick(*self.exchanges), self.pick(*self.queues, *self.exchanges),
                     self.pick(*KEYS)) for _ in range(self.random.randint(1, 6))}
        return lines + ["  bindings:"] + [self.binding(*binding) for binding in sorted(bindings)]

    def producer(self, name):
        self.clients.append(name)
        exchange = self.pick("default", *self.exchanges)
        key = self.pick(*self.queues, "none") if exchange == "default" else self.pick(*KEYS)
        lines = [f"  {name}:", "    role: producer",
                 f'    publish: {{to: {exchange}, key: "{key}", '
                 f'body: "{"x" * self.pick(0, 3, 5000)}", '
                 f"every: {self.pick('0s', '1ms', '50ms', '300ms')}, count: {self.pick(1, 5, 40)}"
                 f"{self.maybe(', mandatory: yes', 0.3)}{self.maybe(', persistent: yes')}"
                 f"{self.maybe(', headers: {h: 1}', 0.3)}}}"]
        after = self.maybe(f"    reconnect: {{after: {self.pick('10ms', '1s')}}}")
        then = ["ignore", "republish", "stop"] + ["reconnect and republish"] * bool(after)
        if self.chance(0.7):
            late = self.maybe(f", timeout: {self.pick('200ms', '1s')}, then: {self.pick(*then)}")
            lines.append(f"    confirms: {{window: {self.pick(1, 3, 50)}{late}}}")
        return lines + [after]

    def consumer(self, name):
        self.clients.append(name)
        ack = self.pick("auto", "manual", "manual", "never")
        prefetch = 0 if ack == "auto" else self.pick(0, 1, 2, 10)
        lines = [f"  {name}:", "    role: consumer", f"    from: {self.pick(*self.queues)}",
                 f"    ack: {ack}", f"    prefetch: {prefetch}",
                 f"    work: {self.pick('0s', '1ms', '100ms', '700ms')}",
                 f"    start: {self.pick('0s', '0s', '1s')}"]
        if ack == "manual":
            lines.append(self.maybe(f"    batch: {self.random.randint(1, prefetch or 5)}", 0.3))
        return lines + [self.maybe("    scope: channel"), self.maybe("    exclusive: yes", 0.2),
                        self.maybe("    reconnect: {after: 10ms}"),
                        self.maybe(f"    heartbeat: {self.pick('0s', '1s')}", 0.3)]

    def links(self):
        return ["links:", f"  default: {{latency: {self.pick('0s', '1ms', '30ms')}, "
                          f"jitter: {self.pick('0s', '20ms')}, chunks: whole"
                          f"{self.maybe(', rate: 1Mbit/s', 0.2)}"
                          f"{self.maybe(f', buffer: {self.pick(1, 100, 5000)}B', 0.2)}}}"]

    def entry(self):
        deed = self.pick("crash", "stop", "start", "cut")
        whom = self.pick(*self.clients, "all" if deed == "cut" else "broker")
        has = self.pick("1 ready", "2 unacked", "a requeue", "no consumer", "0 ready")
        state = self.pick("connected", "closed", "idle")
        when = self.pick(f"at: {self.random.randint(0, 3000)}ms",
                         f"when: {{queue: {self.pick(*self.queues)}, has: {has}}}, times: 3",
                         f"when: {{client: {self.pick(*self.clients)}, is: {state}}}")
        side = self.maybe(f", only: {self.pick('from', 'to')} broker") if deed == "cut" else ""
        undo = self.maybe(f", for: {self.random.randint(1, 2000)}ms")
        return f"  - {{{when}, {deed}: {whom}{side}{undo}}}"

    def scenario(self):
        lines = ["glassmq: 1", "title: Any", f"stop: {self.pick(3, 10, 30)}s",
                 f"broker: {{heartbeat: {self.pick(0, 1, 60)}s, "
                 f"frame_max: {self.pick(4096, 131072)}B}}", *self.topology(), "clients:"]
        for i in range(self.random.randint(1, 3)):
            lines += self.producer(f"p{i}")
        for i in range(self.random.randint(0, 4)):
            lines += self.consumer(f"c{i}")
        lines += self.links()
        lines += ["timeline:"] + [self.entry() for _ in range(self.random.randint(1, 6))]
        return "\n".join(line for line in lines if line) + "\n"


def run(path, *words):
    return subprocess.run([PROGRAM, "run", *words, str(path)], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60)


class AnyScenario(unittest.TestCase):
    def each(self, look):
        """Looks at the file of each seed; a failure shows the scenario."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "any.yaml"
            for seed in SEEDS:
                text = Maker(seed).scenario()
                path.write_text(text)
                with self.subTest(seed, scenario=text):
                    look(path, text)

    def test_keeps_every_invariant(self):
        def look(path, _):
            done = run(path, "--quiet")
            self.assertEqual((0, ""), (done.returncode, done.stderr), done.stdout)
            self.assertIn("Verdict: held", done.stdout)
        self.each(look)

    def test_is_the_same_twice(self):
        def look(path, _):
            self.assertIn("Both runs are the same", run(path, "--check").stdout)
        self.each(look)

    def test_is_the_same_however_bytes_are_cut(self):
        def look(path, text):
            stories = set()
            for chunks in ("whole", "segments", "random", "bytes"):
                path.write_text(re.sub("chunks: whole", f"chunks: {chunks}", text))
                stories.add(run(path, "--quiet").stdout.splitlines()[-1])
            self.assertEqual(1, len(stories), stories)
        self.each(look)


if __name__ == "__main__":
    tap.main()
