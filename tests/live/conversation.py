"""Conversations with a broker, written as text: see the head of reference.txt."""

import re
import select
import socket
import time

from sentences import (BODY, Ear, content, content_header, frame, say, split_words, to_bytes)

HEADER = b"AMQP\0\0\x09\x01"
CAPABILITIES = ("{capabilities:F{authentication_failure_close:t1,consumer_cancel_notify:t1,"
                "basic.nack:t1,publisher_confirms:t1}}")


def start_ok(user):
    """Logs in; a user's name is his password."""
    return say(0, f"connection.start-ok client-properties={CAPABILITIES} mechanism=PLAIN "
                  rf"response='\x00{user}\x00{user}' locale=en_US")


START_OK = start_ok("guest")
CONNECT_S = 10
CLEAN_S = 20


class Script:
    def __init__(self, title):
        self.title, self.steps = title, []
        self.difference = ""    # why the brokers do not agree
        self.wording = ""       # why only codes are compared, not their texts


def read_conversations(path):
    scripts = []
    for number, line in enumerate(path.read_text().split("\n"), 1):
        text = line.strip()
        if text.startswith("== "):
            scripts.append(Script(text[3:]))
        elif not scripts or not text or text.startswith("#"):
            continue
        elif text.startswith("! differs: "):
            scripts[-1].difference = text[11:]
        elif text.startswith("! wording: "):
            scripts[-1].wording = text[11:]
        elif text.startswith("!"):
            raise ValueError(f"line {number}: {text}")
        else:
            scripts[-1].steps.append(text)
    return scripts


# ---- steps ----

def without(words, *names):
    return " ".join(word for word in words if word.partition("=")[0] not in names)


def say_publish(channel, words):
    """publish EXCHANGE KEY BODY [mandatory] [immediate] [part=N] [PROPERTY=VALUE...]"""
    exchange, key, body, *more = ["" if word == "-" else word for word in words]
    flags = [word for word in more if word in ("mandatory", "immediate")]
    size = re.fullmatch(r"\((\d+)\)", body)
    body = b"x" * int(size[1]) if size else to_bytes(body)
    part = [int(word[5:]) for word in more if word.startswith("part=")]
    return (say(channel, f"basic.publish exchange={exchange} routing-key={key} {' '.join(flags)}") +
            content(channel, body, without(more, "mandatory", "immediate", "part"),
                    part[0] if part else 4000))


def say_frame(channel, words):
    """frame TYPE [HEX]"""
    return frame(int(words[0]), channel, bytes.fromhex("".join(words[1:])))


def say_many(channel, words):
    """many COUNT SENTENCE"""
    return sentence(channel, " ".join(words[1:])) * int(words[0])


VERBS = {
    "publish": say_publish,
    "frame": say_frame,
    "many": say_many,
    "header": lambda channel, words: content_header(channel, int(words[0]), " ".join(words[1:])),
    "body": lambda channel, words: frame(BODY, channel, to_bytes("".join(words))),
    "bytes": lambda channel, words: bytes.fromhex("".join(words)),
    "text": lambda channel, words: to_bytes(" ".join(words)),
    "log-in": lambda channel, words: START_OK,
}


def sentence(channel, text):
    verb, *words = split_words(text)
    if verb in VERBS:
        return VERBS[verb](channel, words)
    return say(0 if verb.startswith("connection.") and channel == 1 else channel, text)


# ---- answers ----

def shorten(line):
    """A close in short, made-up names without what is random in them, and no server's portrait."""
    line = re.sub(r"(amq\.(?:gen|ctag))-[\w-]{22}", r"\1-*", line)
    line = re.sub(r"(server-properties=)\{.*\} ", r"\1* ", line)
    line = re.sub(r"\b(time:T)\d+", r"\1*", line)
    line = re.sub(r"(amq\.rabbitmq\.reply-to\.)[\w+/=.-]+", r"\1*", line)
    return re.sub(r"\.close reply-code=(\d+) reply-text=(.*) class-id=(\d+) method-id=(\d+)$",
                  r".close \1 \3,\4 \2", line)


class Talker:
    """One client's connection."""

    def __init__(self, name, port):
        self.name, self.ear = name, Ear()
        self.is_over = self.is_leaving = False
        self.socket = socket.create_connection(("127.0.0.1", port), CONNECT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lines = []
        self.confirmed = {}  # channel -> the highest tag so far, for confirms of many

    def send(self, data):
        try:
            self.socket.sendall(data)
        except ConnectionError:
            pass  # the end is heard in its turn

    def hear(self):
        """Takes what has come."""
        try:
            data = self.socket.recv(1 << 20)
        except ConnectionError:
            data = b""
        lines = [line for line in self.ear.hear(data) if not line.endswith(" heartbeat")]
        self.lines += lines
        self.is_leaving |= any(line.startswith("#0 connection.close") for line in lines)
        if not data:
            self.is_over = True
        if not data and not self.is_leaving:  # an end that was told comes when it likes
            self.lines.append("the end")

    def expand(self, line):
        """The tags of a publisher's confirm, one by one: how many are told at once is free."""
        found = re.fullmatch(r"(#\d+) basic\.(ack|nack) delivery-tag=(\d+) multiple=(\d)"
                             r"(?: requeue=.)?", line)
        if not found:
            return [line]
        tag = int(found[3])
        first = self.confirmed.get(found[1], 0) + 1 if found[4] == "1" else tag
        self.confirmed[found[1]] = tag
        what = {"ack": "confirmed", "nack": "refused"}[found[2]]
        return [f"{found[1]} {what} {each}" for each in range(first, tag + 1)]

    def take_answers(self):
        """What was said since the last call, by channel: between channels there is no order."""
        lines = [each for line in self.lines for each in self.expand(line)]
        self.lines = []
        lines.sort(key=lambda line: int(re.match(r"#(\d+)|", line)[1] or 1 << 16))
        return [self.sign(shorten(line)) for line in lines]

    def sign(self, line):
        """Puts the client's name and the channel's number, unless it is 0 or 1, before a line."""
        found = re.match(r"#(\d+) ", line)
        if not found:
            return f"{self.name}: {line}"
        number = found[1] if int(found[1]) > 1 else ""
        return f"{self.name}{number}: {line[found.end():]}"


class Conversation:
    """Some clients and one broker."""

    def __init__(self, port, patience_s):
        self.port, self.patience_s, self.talkers = port, patience_s, {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for talker in self.talkers.values():
            talker.socket.close()

    def add(self, name):
        self.talkers[name] = Talker(name, self.port)
        return self.talkers[name]

    def connect(self, name, tuned="channel-max=2047 frame-max=131072 heartbeat=0"):
        talker = self.add(name)
        talker.send(HEADER + START_OK + say(0, f"connection.tune-ok {tuned}") +
                    say(0, "connection.open virtual-host=/") + say(1, "channel.open"))
        self.listen(CONNECT_S, until=("channel.open-ok",))
        answers = talker.take_answers()
        if not answers or not answers[-1].endswith("channel.open-ok reserved-1="):
            raise ValueError(f"no connection: {answers}")
        return talker

    def log_in(self, name, user, vhost="/"):
        """What is answered, may be a refusal."""
        talker = self.add(name)
        talker.send(HEADER + start_ok(user) +
                    say(0, "connection.tune-ok channel-max=2047 frame-max=131072 heartbeat=0") +
                    say(0, f"connection.open virtual-host={vhost}") + say(1, "channel.open"))
        self.listen(CONNECT_S, until=("channel.open-ok", "connection.close"))

    def listen(self, first_s=0, until=()):
        """Until nobody has said anything for a while; the first word may take first_s. With until,
        only until somebody has said one of these."""
        deadline = time.monotonic() + max(first_s, self.patience_s)
        while True:
            alive = {talker.socket: talker for talker in self.talkers.values()
                     if not talker.is_over}
            left = deadline - time.monotonic()
            if not alive or left <= 0:
                return
            ready = select.select(list(alive), [], [], left)[0]
            for each in ready:
                alive[each].hear()
            if ready and not until:
                deadline = time.monotonic() + self.patience_s
            if any(word in line for word in until for talker in self.talkers.values()
                   for line in talker.lines):
                return

    def greeting(self):
        """The broker's connection.start, all of it."""
        talker = self.add("greeting")
        talker.send(HEADER)
        self.listen(CONNECT_S, until=("connection.start",))
        return " ".join(talker.lines)

    # ---- a script ----

    def step(self, line):
        name, channel, text = re.fullmatch(r"(?:([a-z])(\d*): )?(.*)", line).groups()
        name, channel = name or "a", int(channel or 1)
        if text == "connect":
            self.add(name)
            return
        if text.startswith("connect "):
            self.connect(name, text[8:])
            return
        if text.startswith("as "):
            self.log_in(name, *text[3:].split(" in "))
            return
        if text.startswith("wait "):
            self.listen(float(text[5:]) + self.patience_s)
            return
        talker = self.talkers.get(name) or self.connect(name)
        if text == "lose":
            talker.socket.close()
            del self.talkers[name]
        else:
            talker.send(b"".join(sentence(channel, each) for each in text.split(" ; ")))
        self.listen()

    def hold(self, script):
        """Answers by step. What the script has declared is gone afterwards."""
        answers = []
        try:
            for line in script.steps:
                self.step(line)
                answers.append([answer for talker in self.talkers.values()
                                for answer in talker.take_answers()])
        finally:
            for talker in self.talkers.values():
                talker.socket.close()
            self.talkers = {}
            self.clean_up(script)
        return answers

    def clean_up(self, script):
        """Each deletion has a channel of its own, since one that is refused closes it."""
        text = "\n".join(script.steps)
        gone = [f"queue.delete queue={name}"
                for name in sorted(set(re.findall(r"queue=([\w-]+)", text)))]
        gone += [f"exchange.delete exchange={name}"
                 for name in sorted(set(re.findall(r"exchange=([\w-]+)\b(?!\.)", text)))]
        if gone:
            talker = self.connect("janitor")
            for channel, each in enumerate(gone, 2):
                talker.send(say(channel, "channel.open") + say(channel, each))
            talker.send(say(0, "connection.close"))
            self.listen(CLEAN_S, until=("connection.close-ok",))
            talker.socket.close()
            del self.talkers["janitor"]
