"""One round of the crash test: a broker lives a few times on the same data, under load, and its end is
a crash or a stop at a random moment. Then all is drained and judged."""

import os
import random
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from broker import die_with_parent
from crash import topology
from crash.definer import Definer, connect
from crash.ledger import Ledger

HERE = Path(__file__).resolve().parent
WORKER_S = 60
WINDOWS = (1, 20, 200, 1000)  # unconfirmed messages of a publisher
SCALES = (1, 1, 1, 16)        # of bodies; large ones fill more than one segment
MEMORY = ("", "24MiB")        # that messages may hold; more leaves memory
SETTLED_S = 0.5               # an ack is on the disk long before

# queue, prefetch, and in percent: acks, rejections, requeues; the rest stays out.
HABITS = {"fan.work": (100, 100, 0, 0), "mix": (300, 50, 20, 20), "dead": (200, 50, 0, 0),
          "ack": (0, 100, 0, 0), "limit": (50, 30, 0, 70)}


def read_lines(path):
    return Path(path).read_text().splitlines()


class Round:
    def __init__(self, node, worker, seed, folder):
        self.node = node
        self.worker = worker
        self.random = random.Random(seed)
        self.folder = folder
        self.ledger = Ledger(node.is_glassmq)
        self.definer = Definer(node, seed)
        self.n_logs = 0
        node.memory = self.random.choice(MEMORY)
        self.environment = {**os.environ, "CRASH_SCALE": str(self.random.choice(SCALES))}

    # ---- the clients ----

    def places(self, name, places):
        return [",".join([place, *topology.ROUTE_OF[place], str(self.ledger.next[name, place])])
                for place in places]

    def habits(self, queues):
        return [",".join(map(str, [queue, *HABITS[queue]])) for queue in queues]

    def start_worker(self, *words):
        """The path of its log, and the process."""
        self.n_logs += 1
        log = os.path.join(self.folder, f"log-{self.n_logs}")
        with open(log, "w") as out:
            return log, subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL,
                                         stdout=out, env=self.environment,
                                         preexec_fn=die_with_parent)

    def start_workers(self):
        """Publishers by name and consumers: (name, log, process)."""
        port = self.node.port
        seed, window = self.random.randrange(1 << 30), self.random.choice(WINDOWS)
        has_limit = ["limit"] if self.node.is_glassmq else []
        workers = {
            "c": ["publish", port, "c", self.random.choice(WINDOWS),
                  *self.places("c", ["fan", "keep", "ack", "mix", *has_limit])],
            "tx": ["commit", port, "tx", self.random.randint(1, 9), *self.places("tx", ["tx"])],
            "consumer": ["consume", port, seed, *self.habits(["ack", *has_limit])],
        }
        started = [(name, *self.start_worker(self.worker, *words))
                   for name, words in workers.items()]
        script = ["node", HERE / "worker.js", port, seed, "js", window,
                  *self.places("js", ["fan", "keep", "ack", "mix"]), "/",
                  *self.habits(["mix", "dead", "fan.work"])]
        return [*started, ("js", *self.start_worker(*script))]

    def read_logs(self, workers):
        for name, log, process in workers:
            if process.wait(WORKER_S) != 0:
                self.ledger.complain(f"the client {name} ended with {process.returncode}")
            lines = read_lines(log)
            self.ledger.read_publisher(name, lines)
            if name != "js":
                self.ledger.read_complaints(name, lines)
        for name in ("consumer", "js"):  # in this order: see Ledger.read_consumer()
            self.ledger.read_consumer(next(read_lines(log) for each, log, _ in workers
                                           if each == name))

    # ---- the broker ----

    def begin(self):
        """Starts the broker, and sees that what must be there is there."""
        self.node.start()
        self.definer.check(self.ledger.complain)
        connection = connect(self.node.port)
        topology.declare(connection.channel(), self.node.is_glassmq)
        connection.close()

    def crash_while_starting(self):
        self.node.spawn()
        time.sleep(self.random.uniform(0, 0.03))
        self.node.kill()

    def live(self, end):
        """One life under load. `end` ends the broker."""
        self.ledger.begin_life()
        self.begin()
        workers = self.start_workers()
        self.definer.start()
        time.sleep(self.random.uniform(0.02, 1.2))
        end()
        self.definer.join()
        self.read_logs(workers)
        self.ledger.end_life(was_crash=end == self.node.kill)

    def drain(self):
        queues = topology.queues(self.node.is_glassmq)
        log, process = self.start_worker(self.worker, "drain", self.node.port, *queues)
        process.wait(WORKER_S)
        self.ledger.judge(read_lines(log))

    def check_empty(self):
        """All was acked, and the broker stopped in order or was killed a while later: so nothing
        comes again."""
        if self.random.random() < 0.5:
            self.node.stop()
        else:
            time.sleep(SETTLED_S)
            self.node.kill()
        self.node.start()
        connection = connect(self.node.port)
        for queue in topology.queues(self.node.is_glassmq):
            count = connection.channel().queue_declare(queue, passive=True).method.message_count
            if count != 0:
                self.ledger.complain(f"{queue}: {count} messages that were acked are back")
        connection.close()
        self.node.stop()

    def keep_data(self):
        """The data as the last end under load left it, for a look at a round that failed."""
        kept = os.path.join(self.folder, "data-before-drain")
        if os.path.isdir(self.node.data):
            shutil.copytree(self.node.data, kept, ignore=lambda folder, names: [
                name for name in names if not os.path.isfile(os.path.join(folder, name))])

    def run(self, lives, end):
        for _ in range(lives):
            self.live(end)
            if end == self.node.kill and self.random.random() < 0.3:
                self.crash_while_starting()
        if self.node.is_glassmq:
            self.keep_data()
        self.begin()
        self.drain()
        self.check_empty()


def run_round(make_node, worker, seed, is_crash):
    """Runs a round in a folder of its own, which stays when it failed. Returns what it did as a
    sentence; raises AssertionError."""
    folder = tempfile.mkdtemp(prefix="glassmq-crash-")
    node = make_node(folder)
    each = Round(node, worker, seed, folder)
    try:
        each.run(each.random.randint(1, 3), node.kill if is_crash else node.stop)
    except Exception as error:
        each.ledger.complain(f"{type(error).__name__}: {error}")
    finally:
        node.kill()
    ledger = each.ledger
    if ledger.n_complaints > 0:
        raise AssertionError(
            f"seed {seed}: {ledger.n_complaints} complaints, data and logs in {folder}:\n  "
            + "\n  ".join(ledger.complaints))
    shutil.rmtree(folder)
    return (f"{len(ledger.confirmed)} confirmed, {ledger.n_back} back after an ack, "
            f"{sum(map(len, ledger.deliveries.values()))} seen in queues")
