"""idle.py PORT PID [CONNECTIONS]: the resident memory that an idle connection costs a broker.

Opens connections, each with a channel, to the broker with that pid on that port, leaves them alone
for a moment, and prints one JSON object."""

import contextlib
import json
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "live"))

from broker import rss_kib  # noqa: E402
from wire import Client  # noqa: E402

CONNECTIONS = 2000
WARM_UP = 50  # what the first connections cost is paid once
SETTLE_S = 3  # after this a broker has given back what it needed for the handshakes


def measure(port, pid, count=CONNECTIONS):
    """Bytes of resident memory for each of count connections."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with contextlib.ExitStack() as stack:
        for _ in range(WARM_UP):
            stack.enter_context(Client(port)).shake_hands()
        time.sleep(SETTLE_S)
        before = rss_kib(pid)
        for _ in range(count):
            stack.enter_context(Client(port)).shake_hands()
        time.sleep(SETTLE_S)
        return (rss_kib(pid) - before) * 1024 / count


def main():
    port, pid = int(sys.argv[1]), int(sys.argv[2])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else CONNECTIONS
    print(json.dumps({"connections": count, "bytes_each": round(measure(port, pid, count))}))


if __name__ == "__main__":
    main()
