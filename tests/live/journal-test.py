"""What a broker keeps, looked at without it: glassmq journal check, dump and salvage, on a journal
that a broker wrote, with a bit flipped at every byte. Its argument is the program glassmq."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import unittest

import pika

import tap
from broker import PROGRAM, Broker, is_sanitized

SPARSE = 10 if is_sanitized() else 1
EVERY = 80 * SPARSE  # of the bytes, one is tried with "serve" and "salvage" too
BODIES = ["first", "second", "dritte \u00df", "x" * 300, "fifth"]


def connect(port, user="guest"):
    return pika.BlockingConnection(pika.ConnectionParameters(
        "127.0.0.1", port, heartbeat=0, credentials=pika.PlainCredentials(user, user)))


def ctl(data, *words):
    done = subprocess.run([PROGRAM, "ctl", "--data", data, *words], capture_output=True, text=True,
                          timeout=60)
    if done.returncode != 0:
        raise RuntimeError(f"{words}: {done.stderr}")
    return done.stdout


def serve(data):
    return Broker("--listen", "127.0.0.1:0", "--data", data)


def journal(*words):
    return subprocess.run([PROGRAM, "journal", *words], capture_output=True, text=True, timeout=60)


def crc32c(data, crc=0):
    crc ^= 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def lines(data, *options):
    done = journal("dump", data, *options)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def body_of(record):
    if "body" in record:
        return record["body"].encode()
    return base64.b64decode(record["body_base64"])


def bodies(records):
    return [body_of(record) for record in records if record["type"] == "MESSAGE"]


def segments(data):
    return sorted(name for name in os.listdir(data) if name.startswith("journal-"))


def fill(broker):
    """Messages of all kinds in two queues; one of them settled, one with a binary body."""
    with connect(broker.port) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.exchange_declare("news", "topic", durable=True)
        for queue in ("kept", "other"):
            channel.queue_declare(queue, durable=True)
            channel.queue_bind(queue, "news", "a.#")
        properties = pika.BasicProperties(delivery_mode=2, content_type="text/plain",
                                          headers={"n": 5}, message_id="id-1")
        channel.basic_publish("news", "a.b", b"settled", properties)
        for body in BODIES:
            channel.basic_publish("", "kept", body.encode(), properties)
        channel.basic_publish("", "other", bytes(range(256)), properties)
        method, _, _ = channel.basic_get("kept")
        channel.basic_ack(method.delivery_tag)
        method, _, _ = channel.basic_get("kept")
        channel.basic_nack(method.delivery_tag)


def take_all(broker, data):
    """(body, redelivered) of all that is in its queues. The users may be among what is lost."""
    ctl(data, "add_user", "finder", "finder")
    ctl(data, "set_permissions", "finder", ".*", ".*", ".*")
    queues = [row["name"] for row in json.loads(ctl(data, "list_queues", "name", "--format", "json"))]
    found = []
    with connect(broker.port, "finder") as connection:
        channel = connection.channel()
        for queue in queues:
            for method, _, body in channel.consume(queue, auto_ack=True, inactivity_timeout=0.02):
                if method is None:
                    break
                found.append((body, method.redelivered))
            channel.cancel()
    return found


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="glassmq-"))
        self.data = os.path.join(self.folder, "data")

    def path(self, name):
        return os.path.join(self.folder, name)

    def make(self):
        """A journal that was closed in order."""
        with serve(self.data) as broker:
            fill(broker)

    def flip(self, name, at, bit):
        path = os.path.join(self.data, name)
        with open(path, "r+b") as file:
            file.seek(at)
            byte = file.read(1)[0]
            file.seek(at)
            file.write(bytes([byte ^ 1 << bit]))

    def check(self, status, *words):
        done = journal("check", self.data)
        self.assertEqual((status, ""), (done.returncode, done.stderr), done.stdout)
        for word in words:
            self.assertIn(word, done.stdout)
        return done.stdout


class Looking(Case):
    def test_check_says_what_is_there(self):
        self.make()
        self.check(0, "messages     7 in 2 queues",
                   "queue kept in vhost /: 5 messages", "queue other in vhost /: 2 messages",
                   "2 queue", "last end     in order", "The journal is sound.")

    def test_dump_shows_each_record(self):
        self.make()
        status, records = lines(self.data)
        self.assertEqual(0, status)
        self.assertEqual(["HEADER", "BATCH"], [record["type"] for record in records[:2]])
        self.assertEqual("END", records[-1]["type"])
        message = next(record for record in records if record["type"] == "MESSAGE"
                       and record.get("body") == "first")
        self.assertEqual(("", "kept"), (message["exchange"], message["routing_key"]))
        self.assertEqual({"content_type": "text/plain", "headers": {"n": 5}, "delivery_mode": 2,
                          "message_id": "id-1"}, message["properties"])
        definitions = [record["definition"] for record in records
                       if record["type"] == "DEFINITION"]
        requeued = next(record for record in records if record["type"] == "COPY_MARKED")
        self.assertEqual([(True, 0)], [(copy["redelivered"], copy["failures"])
                                       for copy in requeued["copies"]])
        self.assertIn(("queue", "kept"), [(definition["type"], definition.get("name"))
                                          for definition in definitions])

    def test_dump_of_what_counts_leaves_out_the_rest(self):
        self.make()
        _, records = lines(self.data, "--live")
        self.assertEqual({"DEFINITION", "MESSAGE"}, {record["type"] for record in records})
        settled = next(record for record in records if record.get("body") == "settled")
        self.assertEqual(1, len(settled["copies"]))
        self.assertEqual([b"settled"] + [body.encode() for body in BODIES] + [bytes(range(256))],
                         bodies(records))

    def test_dump_cuts_bodies_where_it_is_told(self):
        self.make()
        _, records = lines(self.data, "--live", "--body", "8")
        third = next(record for record in records if record.get("body", "").startswith("dritte"))
        self.assertEqual(("dritte ", 9, True),
                         (third["body"], third["body_size"], third["is_cut"]))

    def test_of_a_running_broker_nothing_is_read(self):
        with serve(self.data) as broker:
            fill(broker)
            for words in (["check", self.data], ["dump", self.data],
                          ["salvage", self.data, self.path("new")]):
                done = journal(*words)
                self.assertEqual((1, ""), (done.returncode, done.stdout))
                self.assertIn(f"(process {broker.pid}) uses the data directory", done.stderr)
        self.assertFalse(os.path.exists(self.path("new")))

    def test_what_a_broker_does_not_understand_is_told(self):
        self.make()
        queue = next(record for record in lines(self.data)[1] if record["type"] == "DEFINITION"
                     and record["definition"].get("name") == "kept")
        path = os.path.join(self.data, queue["segment"])
        start, end = queue["offset"], queue["offset"] + queue["size"]
        with open(path, "r+b") as file:
            data = bytearray(file.read())
            salt = data[28:36]
            data[start:end] = data[start:end].replace(b"auto_delete", b"auto_forget")
            data[start:start + 4] = crc32c(data[start + 4:end], crc32c(salt)).to_bytes(4, "big")
            file.seek(0)
            file.write(data)
        self.check(1, f"A broker says: definition {queue['id']} (queue): key 'auto_forget'",
                   "No record is damaged")
        with self.assertRaisesRegex(RuntimeError, "auto_forget"):
            serve(self.data)
        done = journal("salvage", self.data, self.path("new"))
        self.assertEqual(1, done.returncode)
        self.assertIn("but a broker does not start with it: definition", done.stderr)

    def test_what_is_no_file_is_named(self):
        os.makedirs(os.path.join(self.data, "journal-00000001"))
        done = journal("check", self.data)
        self.assertEqual((1, ""), (done.returncode, done.stdout))
        self.assertIn("journal-00000001: it is no file", done.stderr)

    def test_wrong_use_is_told_apart(self):
        for words in ([], ["check"], ["chek", self.data], ["salvage", self.data],
                      ["check", "--live", self.data], ["dump", "--body", "x", self.data]):
            self.assertEqual(2, journal(*words).returncode, words)
        for words in (["check", self.path("none")], ["check", self.folder]):
            self.assertEqual(1, journal(*words).returncode, words)


class Killed(Case):
    def test_after_a_crash_it_is_sound(self):
        broker = serve(self.data)
        fill(broker)
        broker.kill()
        self.check(0, "last end     without a stop", "queue kept", "queue other",
                   "The journal is sound.")

    def test_a_torn_tail_is_no_damage(self):
        broker = serve(self.data)
        fill(broker)
        broker.kill()
        path = os.path.join(self.data, segments(self.data)[-1])
        os.truncate(path, os.path.getsize(path) - 5)
        self.check(0, "has a torn tail at byte", "The journal is sound.")
        with serve(self.data) as again:
            self.assertIn("cut ", again.errors())
        self.check(0, "last end     in order")


class Damaged(Case):
    """The journal of a broker that was stopped, with one bit flipped."""

    def setUp(self):
        super().setUp()
        self.make()
        _, self.live = lines(self.data, "--live", "--body", "1000")
        self.all = bodies(self.live)
        self.starts = [(record["segment"], record["offset"], record["type"])
                       for record in lines(self.data)[1]]

    def bytes(self):
        """Each byte of the journal: its file, its offset, and the record that it is in."""
        for i, (name, start, kind) in enumerate(self.starts):
            size = os.path.getsize(os.path.join(self.data, name))
            is_last = i + 1 == len(self.starts) or self.starts[i + 1][0] != name
            for at in range(start, size if is_last else self.starts[i + 1][1]):
                yield name, at, start, kind

    def test_at_every_byte_is_found(self):
        for name, at, start, kind in list(self.bytes())[::SPARSE]:
            self.flip(name, at, at % 8)
            if kind == "END":
                self.check(0, f"{name} has a torn tail at byte {start}", "The journal is sound.")
            else:
                self.check(1, f"{name} is damaged at byte {start}: ", "journal salvage")
            self.flip(name, at, at % 8)
        self.check(0, "The journal is sound.")

    def refuse(self, name, start):
        done = subprocess.run([PROGRAM, "serve", "--listen", "127.0.0.1:0", "--data", self.data],
                              capture_output=True, text=True, timeout=30)
        self.assertEqual((1, ""), (done.returncode, done.stdout), done.stderr)
        for word in (name, f"byte {start}", f"glassmq journal salvage {self.data} "):
            self.assertIn(word, done.stderr)

    def salvage(self):
        """What a broker has that goes on with what was saved."""
        new = self.path("new")
        done = journal("salvage", self.data, new)
        self.assertEqual((0, ""), (done.returncode, done.stderr), done.stdout)
        self.assertIn("Lost of journal-", done.stdout)
        self.assertEqual(0, journal("check", new).returncode)
        with serve(new) as broker:
            found = take_all(broker, new)
        shutil.rmtree(new)
        return found, done.stdout

    def test_is_refused_and_what_is_left_can_be_saved(self):
        for name, at, start, kind in list(self.bytes())[::EVERY]:
            if kind == "END":
                continue
            before = sorted(os.listdir(self.data))
            self.flip(name, at, at % 8)
            self.refuse(name, start)
            found, told = self.salvage()
            self.flip(name, at, at % 8)
            with self.subTest(f"{kind} {at} {told}"):
                self.assertEqual(before, sorted(os.listdir(self.data)))
                self.assertTrue(all(redelivered for _, redelivered in found))
                every = self.all + [b"settled"]
                self.assertEqual([], [body for body, _ in found if body not in every])
                self.assertGreaterEqual(len(found), len(self.all) - (2 if kind == "MESSAGE" else 0))
                self.assertLessEqual(len(found), len(every))
        self.check(0)

    def test_a_lost_queue_comes_back_with_its_messages(self):
        queue = next(record for record in self.live if record["type"] == "DEFINITION"
                     and record["definition"].get("name") == "kept")
        self.flip(queue["segment"], queue["offset"] + 30, 1)
        found, told = self.salvage()
        self.assertIn("went into the queue salvaged-1", told)
        self.assertEqual(len(self.all), len(found))

    def test_a_lost_virtual_host_comes_back(self):
        vhost = next(record for record in self.live if record["type"] == "DEFINITION"
                     and record["definition"]["type"] == "vhost")
        self.flip(vhost["segment"], vhost["offset"] + 2, 1)
        found, told = self.salvage()
        self.assertIn("The definition of the virtual host / is lost", told)
        self.assertEqual(len(self.all), len(found))

    def test_salvage_writes_to_no_directory_in_use(self):
        os.mkdir(self.path("full"))
        shutil.copy(__file__, self.path("full"))
        done = journal("salvage", self.data, self.path("full"))
        self.assertEqual(1, done.returncode)
        self.assertIn("is not empty", done.stderr)

    def test_nothing_is_lost_of_a_sound_one(self):
        new = self.path("new")
        done = journal("salvage", self.data, new)
        self.assertEqual(0, done.returncode)
        self.assertIn("Nothing was lost.", done.stdout)
        self.assertEqual(self.all, bodies(lines(new, "--live", "--body", "1000")[1]))


if __name__ == "__main__":
    tap.main()
