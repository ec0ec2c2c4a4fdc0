"""What it costs that a message survives: persistent ones beside RabbitMQ, one at a time beside a bare
loop of append and sync on the same disk, transient ones beside a broker without a data directory;
and how fast a journal is read when the broker starts."""

import contextlib
import os
import signal
import subprocess
import tempfile
import time

from broker import Broker
from cases import Case, compare, load, measure_case, run_json, say

FLOW = "--persistent --confirm 1000 --ack 100 --prefetch 1000"
CASES = [
    Case("16 bytes", f"--size 16 {FLOW}", 20),
    Case("1 KiB", f"--size 1024 {FLOW}", 8),
]
FILLS = [
    Case("16 bytes, nobody consumes", "--size 16 --persistent --confirm 1000 --consumers 0", 1,
         is_fill=True),
    Case("1 KiB, nobody consumes", "--size 1024 --persistent --confirm 1000 --consumers 0", 1,
         is_fill=True),
]
ALONE = Case("one at a time", "--persistent --size 16 --confirm 1 --ack 1 --prefetch 1000", 0.8)
ALONE_FILL = Case("one at a time, to a queue", "--persistent --size 16 --confirm 1 --consumers 0",
                  None, is_fill=True)
TRANSIENT = Case("transient, 16 bytes", "--size 16", 0.95)
TRANSIENT_ACKED = Case("transient, confirms and acks",
                       "--size 16 --confirm 1000 --ack 100 --prefetch 1000", 0.95)

MESSAGES = 2_000_000  # of the journal that is read
RECOVERY_GOAL = 500   # MB/s


def kind_of_disk(folder):
    return subprocess.run(["stat", "-f", "-c", "%T", folder], capture_output=True, text=True,
                          check=True).stdout.strip()


def heading(first, second):
    say(f"{'':30}{first:>14}{second:>14}{'ratio':>8}{'lowest..highest':>15}{'goal':>10}")


def measure_beside_loop(arguments, programs, broker):
    """A producer that waits for each confirm, and what the disk allows whoever syncs each message."""
    def loop():
        return run_json([programs["sync-speed"], tempfile.gettempdir(), arguments.seconds / 2])[
            "appends_per_s"]

    heading(broker.name, "bare loop")
    return all([compare(arguments.rounds, case.name,
                        lambda: load(programs["amqpload"], broker, case, arguments.seconds),
                        loop, case.goal)
                for case in (ALONE, ALONE_FILL) if arguments.only in case.name])


def measure_transient(arguments, programs, broker):
    """Two GlassMQ brokers: one keeps what is durable, one keeps nothing. In messages for each second
    of a processor that the broker uses, which other programs disturb less."""
    def figure_of(each, case):
        before = each.cpu_s()
        found = run_json([programs["amqpload"], "--port", each.port, "--seconds",
                          arguments.seconds, *case.options.split()])
        return found["consumed"] / (each.cpu_s() - before)

    heading(f"{broker.name}, CPU", "--data none")
    with Broker("--listen", "127.0.0.1:0", "--data", "none",
                program=programs["glassmq"]) as forgetful:
        return all([compare(arguments.rounds, case.name, lambda: figure_of(broker, case),
                            lambda: figure_of(forgetful, case), case.goal)
                    for case in (TRANSIENT, TRANSIENT_ACKED) if arguments.only in case.name])


def size_of(folder):
    return sum(entry.stat().st_size for entry in os.scandir(folder)
               if entry.name.startswith("journal-"))


def measure_recovery(programs):
    """A broker with a long queue is killed and starts again."""
    with tempfile.TemporaryDirectory() as folder:
        options = ["--listen", "127.0.0.1:0", "--data", folder]
        with contextlib.ExitStack() as stack:
            broker = Broker(*options, program=programs["glassmq"])
            stack.callback(broker.kill)
            run_json([programs["amqpload"], "--port", broker.port, "--consumers", 0, "--keep",
                      "--persistent", "--size", 1024, "--confirm", 1000, "--seconds", 600,
                      "--messages", MESSAGES])
            broker.signal(signal.SIGKILL)
            broker.wait()
        size = size_of(folder)
        start = time.monotonic()
        with Broker(*options, program=programs["glassmq"]) as broker:
            seconds = time.monotonic() - start
            drained = run_json([programs["amqpload"], "--port", broker.port, "--producers", 0,
                                "--no-declare", "--ack", 100, "--prefetch", 1000])
    rate = size / seconds / 1e6
    is_whole = drained["consumed"] == MESSAGES and drained["reordered"] == 0
    verdict = "reached" if rate >= RECOVERY_GOAL and is_whole else "MISSED"
    say(f"{'a start with a long queue':30}{f'{size / 1e6:,.0f} MB':>14}{f'{seconds:.2f} s':>14}"
        f"{f'{rate:,.0f} MB/s':>14}{f'>= {RECOVERY_GOAL} MB/s':>19}{'':6}  {verdict}")
    return verdict == "reached"


def measure(arguments, programs, brokers):
    """Prints the table. Returns whether all goals are reached."""
    folder = tempfile.gettempdir()
    kind = kind_of_disk(folder)
    say(f"persistent messages, data on {folder} ({kind})")
    if kind in ("tmpfs", "ramfs"):
        say("that is no disk: name a folder of one by --folder")
        return False
    heading(*([broker.name for broker in brokers] + [""])[:2])
    reached = [measure_case(arguments, programs, brokers, case) is not False
               for case in CASES + FILLS if arguments.only in case.name]
    reached.append(measure_beside_loop(arguments, programs, brokers[0]))
    reached.append(measure_transient(arguments, programs, brokers[0]))
    if arguments.only in "a start with a long queue":
        reached.append(measure_recovery(programs))
    return all(reached)
