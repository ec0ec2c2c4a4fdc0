"""What it costs to find the queues of one message: the table of route-speed, and its goals.

RabbitMQ has no way to measure that without sockets, so it has no column."""

import json
import subprocess

# Of these cases with so many bindings a message takes less than so many ns.
GOALS = [("topic, no wildcards", 10000, 2000), ("headers, all of two", 1000, 50000)]


def measure(program, only):
    """Prints the table. Returns whether the goals are reached."""
    done = subprocess.run([str(program), "--json", only], capture_output=True, text=True,
                          check=True)
    rows = {}
    for line in done.stdout.splitlines():
        found = json.loads(line)
        rows.setdefault(found["case"], {})[found["bindings"]] = found
    sizes = sorted({size for row in rows.values() for size in row})
    print(f"{'ns to route a message':30}" + "".join(f"{size:>11,}" for size in sizes) +
          f"{'matches':>11}  with so many bindings", flush=True)
    reached = True
    for name, row in rows.items():
        figures = "".join(f"{row[size]['ns']:>11,.0f}" for size in sizes)
        print(f"{name:30}{figures}{row[sizes[-1]]['matches']:>11,}", flush=True)
    for name, bindings, goal in GOALS:
        if name not in rows:
            continue
        figure = rows[name][bindings]["ns"]
        reached &= figure < goal
        print(f"{name}, {bindings:,} bindings: {figure:,.0f} ns, goal < {goal:,} ns  "
              f"{'reached' if figure < goal else 'MISSED'}", flush=True)
    return reached
