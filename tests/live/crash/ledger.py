"""What clients saw of a broker over several of its lives, and what that allows to be seen next.

It reads the logs of the workers (publish.h, consume.h tell of them) life by life, and complains about
whatever a broker that loses nothing cannot do."""

from collections import Counter, defaultdict

from crash.topology import DELIVERY_LIMIT, QUEUES_OF

COMPLAINTS_MAX = 12


class Ledger:
    def __init__(self, is_glassmq=True):
        self.is_glassmq = is_glassmq
        self.complaints = []
        self.n_complaints = 0
        self.next = defaultdict(lambda: 1)   # by (publisher, place): the number to go on with
        self.first = {}                      # the same at the begin of this life
        self.confirmed = set()               # (publisher, place, number)
        self.deliveries = defaultdict(dict)  # by queue: id -> how often it was delivered
        self.answers = defaultdict(dict)     # by queue: id -> what consumers answered, as letters
        self.is_exact = True                 # no life ended in a crash yet
        self.n_back = 0                      # were acked, and came again

    def complain(self, text):
        self.n_complaints += 1
        if len(self.complaints) < COMPLAINTS_MAX:
            self.complaints.append(text)

    def begin_life(self):
        self.first = dict(self.next)

    def end_life(self, was_crash):
        self.is_exact &= not was_crash

    # ---- publishers ----

    def read_publisher(self, name, lines):
        """Reads the lines that begin with P, C or N; leaves others alone."""
        for line in lines:
            word, *rest = line.split()
            if word not in ("P", "C", "N"):
                continue
            place, number = rest[0], int(rest[1])
            if word == "P":
                self.next[name, place] = max(self.next[name, place], number + 1)
            elif word == "C":
                self.confirmed.add((name, place, number))
            else:
                self.complain(f"{name} {place} {number} was nacked")

    # ---- consumers ----

    def is_of_this_life(self, id):
        return id[2] >= self.first.get(id[:2], 1)

    def deaths(self, id):
        """How often it may have died: answers that a crash may have undone count too."""
        return self.answers[id[1]].get(id, "").count("r" if id[1] == "mix" else "q")

    def died_again(self, id):
        return not self.is_exact and self.deaths(id) > 1

    def check_flags(self, queue, id, redelivered, count):
        """What the delivery says of earlier ones, against what was seen of them. After a crash the
        broker may take anything that waited for delivered; a RabbitMQ that stops may have meant to
        deliver what did not leave it any more."""
        earlier = self.deliveries[queue].get(id, 0)
        is_exact = (self.is_exact and self.is_glassmq) or self.is_of_this_life(id)
        is_new = queue == "dead" and self.died_again(id)
        if earlier > 0 and not redelivered and not is_new:
            self.complain(f"{queue}: {id} comes again and is not marked redelivered")
        if earlier == 0 and redelivered and is_exact:
            self.complain(f"{queue}: {id} is marked redelivered and was never delivered")
        if queue not in DELIVERY_LIMIT:
            return
        if count > DELIVERY_LIMIT[queue] or (count != earlier if is_exact else count > earlier):
            self.complain(f"{queue}: {id} has the delivery count {count} and came {earlier} times")

    def check_origin(self, queue, id):
        name, place, number = id
        if number >= self.next[name, place]:
            self.complain(f"{queue}: {id} was never sent")
        elif queue in QUEUES_OF[place]:
            return
        elif queue != "dead" or place not in ("mix", "limit"):
            self.complain(f"{queue}: {id} does not belong there")
        elif place == "mix" and "r" not in self.answers["mix"].get(id, ""):
            self.complain(f"{queue}: {id} is there and was not rejected")
        elif place == "limit" and self.deliveries["limit"].get(id, 0) <= DELIVERY_LIMIT["limit"]:
            self.complain(f"{queue}: {id} is there and was not delivered too often")

    def read_consumer(self, lines, is_drain=False):
        """Reads the lines of deliveries, behind those of the publishers and consumers that they may
        follow from. Returns the ids by queue."""
        seen = defaultdict(list)
        last = {}
        for line in lines:
            word, *rest = line.split()
            if word == "!":
                self.complain(line)
            if word != "D":
                continue
            queue, redelivered, count, answer, name, place, number = rest
            id = (name, place, int(number))
            self.check_flags(queue, id, redelivered == "1", int(count))
            # Old ones that come again have their place by the time of their return.
            if queue != "dead" and (is_drain or id not in self.deliveries[queue]):
                if last.get((queue, name, place), 0) >= id[2]:
                    self.complain(f"{queue}: {id} comes behind {last[queue, name, place]}")
                last[queue, name, place] = id[2]
            self.n_back += "a" in self.answers[queue].get(id, "")
            self.deliveries[queue][id] = self.deliveries[queue].get(id, 0) + 1
            self.answers[queue][id] = self.answers[queue].get(id, "") + answer
            seen[queue].append(id)
        for queue, ids in seen.items():
            for id in set(ids):
                self.check_origin(queue, id)
        return seen

    def read_complaints(self, name, lines):
        for line in lines:
            if line.startswith("!"):
                self.complain(f"{name}: {line[2:]}")

    # ---- the end ----

    def check_single(self, drained):
        """Nothing is in a queue twice, or in a queue and among the dead that it sent there; but a
        crash that undoes a rejection leaves the dead letter, and the message that dies again."""
        for queue, ids in drained.items():
            for id, count in Counter(ids).items():
                may_be_again = queue == "dead" and self.died_again(id)
                if count > (self.deaths(id) if may_be_again else 1):
                    self.complain(f"{queue}: {id} is in it {count} times")
        for queue in ("mix", "limit") if self.is_exact else ():
            for id in set(drained.get("dead", ())).intersection(drained.get(queue, ())):
                self.complain(f"{queue}: {id} is in it and among the dead")

    def check_kept(self, before, drained):
        """All that was confirmed is in the drained queues, was dead-lettered into one, or was acked;
        `before` are the answers without those of the drain. RabbitMQ loses dead letters that are on
        their way."""
        drained = {queue: set(ids) for queue, ids in drained.items()}
        dead = drained.get("dead", set())
        for id in sorted(self.confirmed):
            for queue in QUEUES_OF[id[1]]:
                if id in drained.get(queue, ()) or "a" in before[queue].get(id, ""):
                    continue
                if queue in ("mix", "limit") and (id in dead or "a" in before["dead"].get(id, "")):
                    continue
                answers = before[queue].get(id, "none")
                if self.is_glassmq or "r" not in answers:
                    self.complain(f"{queue}: {id} was confirmed and is lost"
                                  f" (answers so far: {answers})")

    def judge(self, lines):
        """Reads the log of a drain, after which every queue is empty."""
        self.begin_life()
        if not lines or lines[-1] != "E":
            self.complain("the drain did not come to its end")
        before = {queue: dict(answers) for queue, answers in self.answers.items()}
        drained = self.read_consumer(lines, is_drain=True)
        if "!" in "".join(line[:1] for line in lines):
            return
        self.check_single(drained)
        self.check_kept(defaultdict(dict, before), drained)
