"""AMQP as text, both ways: what a script says to a broker, and what it hears back.

    say(1, "queue.declare queue=q durable arguments={x-queue-type:S'classic'}")   a method frame
    Ear().hear(data)  ->  ["queue.declare-ok queue=q message-count=0 consumer-count=0"]

The methods are those of core/wire/methods.def; everything else is made here, by hand, so that the
broker's own codec is looked at by another one."""

import re
import struct
from pathlib import Path

WIRE = Path(__file__).resolve().parents[2] / "core/wire"
METHOD, HEADER, BODY, HEARTBEAT = 1, 2, 3, 8
END = b"\xce"


class Method:
    def __init__(self, name, class_id, method_id, has_content, fields):
        self.name, self.ids, self.has_content = name, (class_id, method_id), has_content
        self.fields = fields  # (type, name) in wire order


def read_methods():
    text = (WIRE / "methods.def").read_text()
    found = re.finditer(r"METHOD\(\w+, \w+, \w+, (\d+), (\d+), \w+, (\w+)\)\s+TEXT\(\"(.+?)\"\)"
                        r"(.*?)END\(", text, re.DOTALL)
    return [Method(m[4], int(m[1]), int(m[2]), m[3] == "CONTENT",
                   re.findall(r"FIELD\((\w+), (\w+)\)", m[5])) for m in found]


METHODS = read_methods()
BY_NAME = {method.name: method for method in METHODS}
BY_IDS = {method.ids: method for method in METHODS}
PROPERTIES = re.findall(r"^PROPERTY\(\w+, (\w+), (\w+)\)", (WIRE / "properties.def").read_text(),
                        re.MULTILINE)
NUMBERS = {"octet": "!B", "short": "!H", "long": "!I", "qword": "!Q"}

# ---- tables: {name:T'text',other:I5,inner:F{a:t1},list:A[S'x',S'y'],nothing:V} ----

INTEGERS = {"t": "!?", "b": "!b", "B": "!B", "s": "!h", "u": "!H", "I": "!i", "i": "!I",
            "l": "!q", "L": "!q", "T": "!Q"}
FLOATS = {"f": "!f", "d": "!d"}


def longstr(data):
    return struct.pack("!I", len(data)) + data


def shortstr(data):
    return struct.pack("!B", len(data)) + data


def to_bytes(text):
    r"""UTF-8, with \xNN and the like for any octet."""
    return text.encode().decode("unicode_escape").encode("latin-1") if "\\" in text \
        else text.encode()


class TableReader:
    """From the text of a table to its bytes."""

    def __init__(self, text):
        self.text, self.at = text, 0

    def take(self, pattern):
        found = re.compile(pattern).match(self.text, self.at)
        if found is None:
            raise ValueError(f"{self.text!r} at {self.at}: {pattern} was expected")
        self.at = found.end()
        return found[0]

    def is_next(self, mark):
        return self.text.startswith(mark, self.at)

    def items(self, begin, end, read):
        data = b""
        self.take(re.escape(begin))
        while not self.is_next(end):
            data += read()
            if not self.is_next(end):
                self.take(",")
        self.take(re.escape(end))
        return data

    def table(self):
        return longstr(self.items("{", "}", self.entry))

    def entry(self):
        name = self.take("[^:]*")
        self.take(":")
        return shortstr(to_bytes(name)) + self.value()

    def value(self):
        kind = self.take(".")
        return kind.encode() + self.inside(kind)

    def inside(self, kind):
        if kind in INTEGERS:
            return struct.pack(INTEGERS[kind], int(self.take(r"-?\d+")))
        if kind in FLOATS:
            return struct.pack(FLOATS[kind], float(self.take(r"-?[\d.]+")))
        if kind == "D":
            return b"\2" + struct.pack("!i", int(self.take(r"-?\d+")))
        if kind in "Sx":
            return longstr(to_bytes(self.take("'[^']*'")[1:-1]))
        if kind == "A":
            return longstr(self.items("[", "]", self.value))
        if kind == "F":
            return self.table()
        return b""  # V, and whatever no broker knows


class Bytes:
    """Reads wire values one after the other."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        self.at += size
        if self.at > len(self.data):
            raise ValueError("cut short")
        return self.data[self.at - size:self.at]

    def number(self, form):
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def shortstr(self):
        return self.take(self.number("!B"))

    def longstr(self):
        return self.take(self.number("!I"))

    def is_at_end(self):
        return self.at == len(self.data)


def show(data):
    """Bytes as text for people and comparisons."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def show_value(bytes_, kind):
    if kind in INTEGERS or kind in FLOATS:
        return kind + str(bytes_.number({**INTEGERS, **FLOATS}[kind]))
    if kind == "D":
        return f"D{bytes_.number('!B')}e{bytes_.number('!i')}"
    if kind in "Sx":
        return f"{kind}'{show(bytes_.longstr())}'"
    if kind == "A":
        inner = Bytes(bytes_.longstr())
        values = []
        while not inner.is_at_end():
            values.append(show_value(inner, inner.take(1).decode()))
        return f"A[{','.join(values)}]"
    if kind == "F":
        return "F" + show_table(bytes_.longstr())
    return kind


def show_table(data):
    bytes_, entries = Bytes(data), []
    while not bytes_.is_at_end():
        name = show(bytes_.shortstr())
        entries.append(f"{name}:{show_value(bytes_, bytes_.take(1).decode('latin-1'))}")
    return "{" + ",".join(entries) + "}"


# ---- sentences ----

def split_words(text):
    """At blanks, except within {} and ''."""
    return re.findall(r"(?:\{(?:[^{}]|\{[^{}]*\})*\}|'[^']*'|[^\s{}'])+", text)


def read_fields(words):
    """Fields by name, as texts; a bit stands alone."""
    fields = {}
    for word in words:
        name, sign, value = word.partition("=")
        fields[name.replace("-", "_")] = value if sign else "1"
    return fields


def pack_field(kind, text):
    if kind in NUMBERS:
        return struct.pack(NUMBERS[kind], int(text or 0))
    if kind == "table":
        return TableReader(text or "{}").table()
    data = to_bytes(text[1:-1] if text.startswith("'") else text)
    return shortstr(data) if kind == "shortstr" else longstr(data)


def pack_fields(fields, values):
    data, bits, n_bits = b"", 0, 0
    for kind, name in fields:
        text = values.pop(name, "")
        if kind == "bit":
            bits |= int(text or 0) << n_bits
            n_bits += 1
            continue
        if n_bits > 0:
            data += struct.pack("!B", bits)
        bits = n_bits = 0
        data += pack_field(kind, text)
    if n_bits > 0:
        data += struct.pack("!B", bits)
    if values:
        raise ValueError(f"there is no field {' '.join(values)}")
    return data


def frame(kind, channel, payload):
    return struct.pack("!BHI", kind, channel, len(payload)) + payload + END


def say(channel, text):
    name, *words = split_words(text)
    method = BY_NAME[name]
    fields = pack_fields(method.fields, read_fields(words))
    return frame(METHOD, channel, struct.pack("!HH", *method.ids) + fields)


def content_header(channel, size, text=""):
    values = read_fields(split_words(text))
    flags, data = 0, b""
    for i, (name, kind) in enumerate(PROPERTIES):
        if name in values:
            flags |= 1 << (15 - i)
            data += pack_field(kind, values.pop(name))
    if values:
        raise ValueError(f"there is no property {' '.join(values)}")
    return frame(HEADER, channel, struct.pack("!HHQH", 60, 0, size, flags) + data)


def content(channel, body, text="", part=4000):
    return content_header(channel, len(body), text) + b"".join(
        frame(BODY, channel, body[at:at + part]) for at in range(0, len(body), part))


# ---- and back ----

def show_field(kind, bytes_):
    if kind in NUMBERS:
        return str(bytes_.number(NUMBERS[kind]))
    if kind == "table":
        return show_table(bytes_.longstr())
    return show(bytes_.shortstr() if kind == "shortstr" else bytes_.longstr())


def show_method(payload):
    bytes_ = Bytes(payload)
    method = BY_IDS[bytes_.number("!H"), bytes_.number("!H")]
    words, octet, mask = [method.name], 0, 0
    for kind, name in method.fields:
        if kind == "bit":
            if mask == 0:
                octet, mask = bytes_.number("!B"), 1
            value = str(int(octet & mask != 0))
            mask = mask << 1 & 0xFF
        else:
            mask = 0
            value = show_field(kind, bytes_)
        words.append(f"{name.replace('_', '-')}={value}")
    if not bytes_.is_at_end():
        raise ValueError(f"octets behind {' '.join(words)}")
    return method, " ".join(words)


def show_properties(data):
    bytes_, words = Bytes(data), []
    flags = bytes_.number("!H")
    for i, (name, kind) in enumerate(PROPERTIES):
        if flags & 1 << (15 - i):
            words.append(f"{name.replace('_', '-')}={show_field(kind, bytes_)}")
    return words


class Ear:
    """Hears one connection: each method is a line, with its content behind it."""

    def __init__(self):
        self.pending, self.open = b"", {}  # open: channel -> [line, left, body]

    def hear(self, data):
        lines = []
        self.pending += data
        if self.pending[:4] == b"AMQP" and len(self.pending) >= 8:
            lines.append("header " + " ".join(map(str, self.pending[4:8])))
            self.pending = self.pending[8:]
        while len(self.pending) >= 7:
            kind, channel, size = struct.unpack("!BHI", self.pending[:7])
            if len(self.pending) < size + 8:
                break
            payload, end = self.pending[7:size + 7], self.pending[size + 7:size + 8]
            self.pending = self.pending[size + 8:]
            if end != END:
                raise ValueError("a frame without its end")
            line = self.on_frame(kind, channel, payload)
            if line:
                lines.append(f"#{channel} {line}")
        return lines

    def on_frame(self, kind, channel, payload):
        if kind == HEARTBEAT:
            return "heartbeat"
        if kind == METHOD:
            method, line = show_method(payload)
            if not method.has_content:
                return line
            self.open[channel] = [line, None, b""]
            return None
        state = self.open[channel]
        if kind == HEADER:
            class_id, weight, state[1] = struct.unpack("!HHQ", payload[:12])
            words = show_properties(payload[12:])
            state[0] += f" | {class_id},{weight} {' '.join(words)}".rstrip() + " | "
        else:
            state[2] += payload
        if state[1] is None or len(state[2]) < state[1]:
            return None
        del self.open[channel]
        body = show(state[2]) if len(state[2]) <= 64 else f"({len(state[2])} bytes)"
        return state[0] + body
