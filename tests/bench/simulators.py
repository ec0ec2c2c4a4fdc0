#!/usr/bin/env python3
"""simulators.py BUILD: how fast the simulator of that build is, beside others on the same model.

Prints the table of sim-speed for all shipped scenarios, how long a sweep of 1,000 seeds takes on two
processors, and how many events a second SimPy and ns-3 make of a producer, a queue and a consumer.
Those two move a number through a list; GlassMQ's clients speak AMQP to a whole broker, and its
events are as many. They need the packages python3-simpy and libns3-dev with g++, and are left out
without. An event is one pop of the heap; seconds are those of the processor."""

import glob
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCENARIOS = HERE.parents[1] / "scenarios"
SEEDS = 1000


def say(text):
    print(text, flush=True)


def json_of(*words):
    """What the program prints; None when it cannot be run."""
    done = subprocess.run([*map(str, words)], capture_output=True, text=True)
    return json.loads(done.stdout) if done.returncode == 0 else None


def simpy():
    return json_of("/usr/bin/python3", "-B", HERE / "simpy-queue.py")


def ns3():
    libraries = glob.glob("/usr/lib/*/libns3*core.so")
    if not libraries:
        return None
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "ns3-queue"
        done = subprocess.run(["g++", "-std=c++17", "-O3", HERE / "ns3-queue.cc", "-o", program,
                               libraries[0]], capture_output=True)
        return json_of(program) if done.returncode == 0 else None


def show_other(name, found):
    if found is None:
        say(f"{name}: not installed")
    else:
        say(f"{name}: {found['events'] * 1e6 / found['us']:,.0f} events a second "
            f"({found['events']:,} events)")


def show_sweep(glassmq):
    path = SCENARIOS / "06-worker-dies.yaml"
    start = time.monotonic()
    subprocess.run([glassmq, "sweep", path, "--seeds", f"1..{SEEDS}", "--jobs", "2"], check=True,
                   stdout=subprocess.DEVNULL)
    say(f"\n{SEEDS} seeds of {path.stem}, 2 jobs: {time.monotonic() - start:.2f} s")


def main():
    if len(sys.argv) != 2 or not (Path(sys.argv[1]) / "glassmq").exists():
        sys.exit(__doc__)
    build = Path(sys.argv[1])
    subprocess.run([build / "tests/bench/sim-speed", *sorted(SCENARIOS.glob("*.yaml"))], check=True)
    show_sweep(build / "glassmq")
    say("\nA producer, a queue and a consumer:")
    show_other("SimPy", simpy())
    show_other("ns-3", ns3())


if __name__ == "__main__":
    main()
