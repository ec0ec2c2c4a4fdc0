"""What it costs a broker that somebody is told what happens in it: two GlassMQ brokers, of which one
has a listener, in turn."""

import subprocess

from broker import Broker
from cases import Case, compare, run_json, say

GOAL = 0.9
CASES = [
    Case("16 bytes", "--size 16", GOAL),
    Case("16 bytes, confirms and acks", "--size 16 --confirm 1000 --ack 100 --prefetch 1000", GOAL),
]


def measure(arguments, programs, brokers):
    """In messages for each second of a processor that the broker uses, which the listener's own work
    and other programs disturb less. Returns whether the goals are reached."""
    def figure_of(broker, case):
        before = broker.cpu_s()
        found = run_json([programs["amqpload"], "--port", broker.port, "--seconds",
                          arguments.seconds, *case.options.split()])
        return found["consumed"] / (broker.cpu_s() - before)

    say(f"{'':30}{'listened to':>14}{'alone':>14}{'ratio':>8}{'lowest..highest':>15}{'goal':>10}")
    with Broker(program=programs["glassmq"]) as heard:
        tail = subprocess.Popen([programs["glassmq"], "tail", heard.data, "--json"],
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            return all([compare(arguments.rounds, case.name, lambda: figure_of(heard, case),
                                lambda: figure_of(brokers[0], case), case.goal)
                        for case in CASES if arguments.only in case.name])
        finally:
            tail.kill()
            tail.wait()
