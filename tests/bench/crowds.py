"""What very many of everything cost: the tables of crowd, side by side."""

import json
import subprocess

SHARES = {"GlassMQ": 1, "RabbitMQ": 50}  # RabbitMQ would take minutes, so it gets fewer
GOAL_S = 5                               # declare, bind and delete 100,000 queues
CASES_OF_QUEUES = [("queues, 1000 at a time", True), ("queues, waiting for each answer", False)]


def run(program, broker, only):
    """{(case, step): what crowd found}, in its order."""
    done = subprocess.run([str(program), "--port", str(broker.port), "--pid", str(broker.pid),
                           "--share", str(SHARES[broker.name]), "--only", only],
                          stdout=subprocess.PIPE, text=True, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return {(row["case"], row["step"]): row for row in found}


def columns(row):
    if row is None:
        return ""
    each = row["seconds"] / row["count"] * 1e6
    return f"{row['count']:>11,}{row['seconds']:>9.3f}{row['busy']:>9.3f}{each:>10,.2f}"


def judge(rows):
    """Prints how long the queues took. Returns whether that is within the goal, which is for requests
    that do not wait for each other: else the figure is the kernel's, three system calls each."""
    reached = True
    for case, has_goal in CASES_OF_QUEUES:
        steps = [row for (name, _), row in rows.items() if name == case]
        if not steps:
            continue
        wall = sum(row["seconds"] for row in steps)
        busy = sum(row["busy"] for row in steps)
        is_reached = not has_goal or wall < GOAL_S
        goal = f"; goal < {GOAL_S} s  {'reached' if is_reached else 'MISSED'}" if has_goal else ""
        print(f"{case}: {wall:.2f} s, the broker busy for {busy:.2f} s{goal}", flush=True)
        reached &= is_reached
    return reached


def measure(program, brokers, only):
    """Prints the table. Returns whether the goal is reached."""
    heads = f"{'count':>11}{'s':>9}{'busy s':>9}{'us each':>10}"
    print(f"{'':38}{'':28}" + "".join(f"{broker.name:>39}" for broker in brokers))
    print(f"{'very many of':38}{'step':28}" + heads * len(brokers), flush=True)
    found = [run(program, broker, only) for broker in brokers]
    for case, step in found[0]:
        cells = "".join(columns(each.get((case, step))) for each in found)
        print(f"{case:38}{step:28}{cells}", flush=True)
    return judge(found[0])
