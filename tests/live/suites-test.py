"""The tests that other clients bring along, with RabbitMQ and with "glassmq serve".

Whatever passes with the one passes with the other. suites/known.txt lists what differs, with the
reason: a difference that it does not list fails, and so does one that it lists and that is gone.
suites/table.py says what is run. The clients are fetched when this runs; what cannot be fetched or
needs a language that is not installed is skipped."""

import contextlib
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[1:1] = [str(HERE.parent / "bench"), str(HERE / "suites")]

import fetch  # noqa: E402
import rabbitmq  # noqa: E402
from broker import Broker  # noqa: E402
from table import SUITES  # noqa: E402

NONE = "is missing"


def say(text):
    print(text, flush=True)


def read_known(path):
    """{suite: {case: reason}} of lines "== SUITE", "CASE" and "! REASON"."""
    known, suite, case = {}, None, None
    for line in path.read_text().splitlines():
        if line.startswith("== "):
            suite = known.setdefault(line[3:], {})
        elif line.startswith("! "):
            suite[case] = line[2:]
        elif line and not line.startswith("#"):
            case = line
    return known


# ---- one suite with one broker ----

def run_command(words, folder, environment, log, limit_s):
    """What it printed. It is ended, with all that it started, when its time is over."""
    with open(log, "ab") as errors:
        process = subprocess.Popen(words, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=errors, process_group=0)
    try:
        printed, _ = process.communicate(timeout=limit_s)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        printed, _ = process.communicate()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    with open(log, "ab") as text:
        text.write(printed)
    return printed.decode(errors="replace")


def run_suite(suite, folder, broker, cache, shim):
    """{case: answer}."""
    filled = {name: value.format(port=broker.port, folder=folder)
              for name, value in suite.environment.items()}
    environment = {**os.environ, "GLASSMQ_PORT": str(broker.port), "LD_PRELOAD": shim, **filled}
    log = cache / f"{suite.name.split()[0]}-{broker.name}.log"
    log.write_bytes(b"")
    commands = suite.commands(folder)
    printed = [run_command(words, folder, environment, log, suite.limit_s // len(commands))
               for words in commands]
    return dict(suite.read("\n".join(printed)))


def run_both(suite, folder, reference, cache, shim):
    theirs = run_suite(suite, folder, reference, cache, shim)
    with Broker() as broker:
        return theirs, run_suite(suite, folder, broker, cache, shim)


# ---- what is made of it ----

def differences(theirs, ours):
    """{case: what the two say}."""
    return {case: f"{theirs.get(case, NONE)} with RabbitMQ, {ours.get(case, NONE)} with GlassMQ"
            for case in [*theirs, *(case for case in ours if case not in theirs)]
            if theirs.get(case) != ours.get(case)}


def judge(suite, known, run):
    """(what is wrong, how the cases ended). Only what is wrong twice is: some tests wait for a
    fixed time, and a busy machine is late."""
    wrong = {}
    for attempt in range(2):
        theirs, ours = run()
        found = differences(theirs, ours)
        now = {case: told for case, told in found.items() if case not in known}
        now |= {case: f"there is no difference any more; it was: {reason}"
                for case, reason in known.items() if case not in found}
        if not any(answer == "passes" for answer in theirs.values()):
            now["the suite"] = "does not run: nothing passes with RabbitMQ"
        wrong = now if attempt == 0 else {case: now[case] for case in wrong if case in now}
        if not wrong:
            break
    return wrong, theirs, ours


def count(answers):
    counts = Counter(answers.values())
    return ", ".join(f"{counts[each]} {word}" for each, word in (
        ("passes", "pass"), ("fails", "fail"), ("is skipped", "are skipped")) if counts[each])


def tell(number, suite, known, wrong, theirs, ours):
    say(f"{'not ok' if wrong else 'ok'} {number} - {suite.name}: what passes with RabbitMQ passes")
    say(f"# RabbitMQ: {count(theirs)}")
    say(f"# GlassMQ:  {count(ours)}")
    for case, reason in known.items():
        say(f"# differs: {case}: {reason}")
    for case, told in wrong.items():
        say(f"# wrong: {case}: {told}")


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended
    cache, wanted = Path(sys.argv[2]).resolve() / "suites", sys.argv[4:]
    shim = str(Path(sys.argv[3]).resolve())  # its clients run in other folders
    suites = [each for each in SUITES
              if not wanted or any(each.name.startswith(word) for word in wanted)]
    if not rabbitmq.is_installed():
        say("1..0 # SKIP rabbitmq-server is not installed (./glassmq test --all installs it)")
        return
    known = read_known(HERE / "suites" / "known.txt")
    say(f"1..{len(suites)}")
    with rabbitmq.running() as reference:
        for number, suite in enumerate(suites, 1):
            try:
                folder = suite.prepare(cache)
            except fetch.Missing as reason:
                say(f"ok {number} - {suite.name} # SKIP {reason}")
                continue
            mine = known.get(suite.name, {})
            told = judge(suite, mine, lambda s=suite, f=folder: run_both(
                s, f, reference, cache, shim))
            tell(number, suite, mine, *told)


if __name__ == "__main__":
    main()
