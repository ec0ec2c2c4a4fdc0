"""The resident memory of a message that waits in a queue, its body included."""

import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "live"))

from broker import rss_kib  # noqa: E402
from wire import Client, delete  # noqa: E402

BODY = 16
GOAL = 160
MESSAGES = {"GlassMQ": 10_000_000, "RabbitMQ": 1_000_000}  # RabbitMQ's are soon on its disk
SETTLE_S = 3


def fill(amqpload, port, messages):
    subprocess.run([str(amqpload), "--port", str(port), "--consumers", "0", "--keep", "--size",
                    str(BODY), "--messages", str(messages), "--seconds", "600", "--confirm",
                    "1000"],
                   check=True, stdout=subprocess.DEVNULL)


def measure_one(amqpload, broker, messages):
    """Bytes for each message; and the seconds that deleting all of them took."""
    before = rss_kib(broker.pid)
    fill(amqpload, broker.port, messages)
    time.sleep(SETTLE_S)
    each = (rss_kib(broker.pid) - before) * 1024 / messages
    with Client(broker.port) as client:
        client.socket.settimeout(600)
        client.shake_hands()
        start = time.monotonic()
        client.call(delete("load.q0"), 50, 41)
        return each, time.monotonic() - start


def measure(amqpload, brokers):
    """Prints a line for each broker. Returns whether the goal is reached."""
    print(f"{'a queue of messages of 16 B':30}{'messages':>12}{'B each':>8}{'deleted in':>12}",
          flush=True)
    reached = True
    for broker in brokers:
        messages = MESSAGES[broker.name]
        each, seconds = measure_one(amqpload, broker, messages)
        verdict = ""
        if broker is brokers[0]:
            reached = each < GOAL
            verdict = f"  goal < {GOAL} B  {'reached' if reached else 'MISSED'}"
        print(f"{broker.name:30}{messages:>12,}{each:>8,.0f}{seconds:>10.3f} s{verdict}",
              flush=True)
    return reached
