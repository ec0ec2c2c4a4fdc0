"""A case of load: one run of amqpload against each broker in turn, and the ratio of what they reach."""

import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

PAUSE_S = 1  # between two runs, for what the one before left to do
LIMIT_S = 3  # of relaylimit
RUN_MAX_S = 180


@dataclass
class Case:
    name: str
    options: str
    goal: float              # the ratio to reach, GlassMQ's to RabbitMQ's
    is_latency: bool = False # then the ratio is to stay below the goal
    is_fill: bool = False    # nobody consumes
    body: int = 0            # of relaylimit's run to compare with; 0: none

    def figure(self, found):
        if self.is_latency:
            return found["latency_us"]["p50"]
        return found["publish_rate" if self.is_fill else "consume_rate"]

    def is_reached(self, ratio):
        return ratio <= self.goal if self.is_latency else ratio >= self.goal

    def format(self, figure):
        return f"{figure:,.0f} us" if self.is_latency else f"{figure:,.0f}/s"


def say(text=""):
    print(text, flush=True)


def run_json(command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=RUN_MAX_S)
    if done.returncode != 0:
        sys.exit(f"run: {done.stderr.strip() or command}")
    return json.loads(done.stdout.splitlines()[-1])


def load(amqpload, broker, case, seconds):
    found = run_json([amqpload, "--port", broker.port, "--seconds", seconds,
                      *case.options.split()])
    arrived = found["confirmed"] if case.is_fill else found["consumed"]
    if arrived != found["published"] or found["reordered"] != 0:
        sys.exit(f"run: {broker.name} lost or reordered messages: {found}")
    time.sleep(PAUSE_S)
    return case.figure(found)


def measure_case(arguments, programs, brokers, case):
    """Prints the case's line. Returns whether the goal is reached; None without a reference."""
    figures = {broker.name: [] for broker in brokers}
    limits = []
    for _ in range(arguments.rounds):
        for broker in brokers:
            figures[broker.name].append(load(programs["amqpload"], broker, case,
                                             arguments.seconds))
        if case.body:
            limits.append(run_json([programs["relaylimit"], case.body, LIMIT_S])
                          ["limit_msgs_per_s"])
    columns = [case.format(statistics.median(column)) for column in figures.values()]
    share = ""
    if limits:
        share = f"{statistics.median(figures[brokers[0].name]) / statistics.median(limits):.0%}"
    if len(brokers) == 1:
        say(f"{case.name:30}{columns[0]:>14}{'':42}{share:>10}")
        return None
    ratios = [ours / theirs for ours, theirs in zip(*figures.values())]
    ratio, reached = statistics.median(ratios), case.is_reached(statistics.median(ratios))
    goal = f"{'<=' if case.is_latency else '>='} {case.goal:.2f}"
    spread = f"{min(ratios):.2f}..{max(ratios):.2f}"
    say(f"{case.name:30}{columns[0]:>14}{columns[1]:>14}{ratio:>8.2f}{spread:>15}{goal:>10}"
        f"{share:>6}  {'reached' if reached else 'MISSED'}")
    return reached


def compare(rounds, name, ours, theirs, goal=None):
    """Prints the line of two figures in a second, which are measured in turn: by functions. Returns
    whether the ratio reaches the goal; True without one."""
    pairs = [(ours(), theirs()) for _ in range(rounds)]
    ratios = [one / other for one, other in pairs]
    medians = [statistics.median(column) for column in zip(*pairs)]
    ratio = statistics.median(ratios)
    reached = goal is None or ratio >= goal
    verdict = "" if goal is None else (f"{f'>= {goal:.2f}':>10}{'':6}  "
                                       f"{'reached' if reached else 'MISSED'}")
    columns = "".join(f"{f'{median:,.0f}/s':>14}" for median in medians)
    spread = f"{min(ratios):.2f}..{max(ratios):.2f}"
    say(f"{name:30}{columns}{ratio:>8.2f}{spread:>15}{verdict}")
    return reached
