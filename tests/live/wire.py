"""Just enough AMQP 0-9-1 to misbehave with: frames made and read by hand."""

import socket
import struct

HEADER = b"AMQP\0\0\x09\x01"
METHOD, CONTENT_HEADER, BODY, HEARTBEAT = 1, 2, 3, 8
FRAME_END = b"\xce"
TIMEOUT_S = 20


def shortstr(text):
    data = text.encode()
    return struct.pack("!B", len(data)) + data


def longstr(data):
    return struct.pack("!I", len(data)) + data


def frame(kind, channel, payload):
    return struct.pack("!BHI", kind, channel, len(payload)) + payload + FRAME_END


def method(channel, class_id, method_id, arguments=b""):
    return frame(METHOD, channel, struct.pack("!HH", class_id, method_id) + arguments)


START_OK = method(0, 10, 11, longstr(b"") + shortstr("PLAIN") + longstr(b"\0guest\0guest") +
                  shortstr("en_US"))
TUNE_OK = method(0, 10, 31, struct.pack("!HIH", 2047, 131072, 0))
OPEN = method(0, 10, 40, shortstr("/") + shortstr("") + b"\0")
CLOSE = method(0, 10, 50, struct.pack("!H", 200) + shortstr("bye") + struct.pack("!HH", 0, 0))
CLOSE_OK = method(0, 10, 51)
CHANNEL_OPEN = method(1, 20, 10, shortstr(""))

# What a client may send without waiting for an answer, up to an open channel.
HANDSHAKE = HEADER + START_OK + TUNE_OK + OPEN + CHANNEL_OPEN


def declare(queue):
    return method(1, 50, 10, struct.pack("!H", 0) + shortstr(queue) + b"\0" + longstr(b""))


def delete(queue):
    return method(1, 50, 40, struct.pack("!H", 0) + shortstr(queue) + b"\0")


def get(queue):
    return method(1, 60, 70, struct.pack("!H", 0) + shortstr(queue) + b"\1")


def consume(queue):
    return method(1, 60, 20, struct.pack("!H", 0) + shortstr(queue) + shortstr("") + b"\2" +
                  longstr(b""))


def content_header(size):
    return frame(CONTENT_HEADER, 1, struct.pack("!HHQH", 60, 0, size, 0))


def publish(queue, body, frame_max=131072):
    parts = [method(1, 60, 40, struct.pack("!H", 0) + shortstr("") + shortstr(queue) + b"\0"),
             content_header(len(body))]
    step = frame_max - 8
    parts += [frame(BODY, 1, body[at:at + step]) for at in range(0, len(body), step)]
    return b"".join(parts)


class Client:
    """A socket that knows where a frame ends. Nothing is sent that the test does not send."""

    def __init__(self, port, address="127.0.0.1"):
        self.socket = socket.create_connection((address, port), TIMEOUT_S)
        self.socket.settimeout(TIMEOUT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pending = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def read(self, size):
        """That many bytes; fewer when the broker ended the connection, however it did."""
        while len(self.pending) < size:
            try:
                data = self.socket.recv(1 << 16)
            except ConnectionError:
                data = b""
            if not data:
                break
            self.pending += data
        data, self.pending = self.pending[:size], self.pending[size:]
        return data

    def read_frame(self):
        """(kind, channel, payload), or None at the end of the connection."""
        start = self.read(7)
        if len(start) < 7:
            return None
        kind, channel, size = struct.unpack("!BHI", start)
        rest = self.read(size + 1)
        if len(rest) != size + 1 or rest[-1:] != FRAME_END:
            return None
        return kind, channel, rest[:-1]

    def expect(self, class_id, method_id):
        """The arguments of the next method; anything else is an error."""
        while (found := self.read_frame()) is not None:
            if found[0] == HEARTBEAT:
                continue
            ids = struct.unpack("!HH", found[2][:4])
            if found[0] == METHOD and ids == (class_id, method_id):
                return found[2][4:]
            raise AssertionError(f"expected {class_id}.{method_id}, found {found}")
        raise AssertionError(f"expected {class_id}.{method_id}, found the end")

    def expect_close(self):
        """(code, text) of connection.close."""
        arguments = self.expect(10, 50)
        size = arguments[2]
        return struct.unpack("!H", arguments[:2])[0], arguments[3:3 + size].decode()

    def is_at_end(self):
        """Whether nothing but the end of the connection comes."""
        return self.read(1) == b""

    def shake_hands(self):
        self.send(HEADER)
        self.expect(10, 10)
        self.send(START_OK)
        self.expect(10, 30)
        self.send(TUNE_OK + OPEN)
        self.expect(10, 41)
        self.send(CHANNEL_OPEN)
        self.expect(20, 11)
        return self

    def call(self, request, class_id, method_id):
        self.send(request)
        return self.expect(class_id, method_id)

    def get_body(self, queue):
        """The body of the oldest message; a queue without one is an error."""
        self.call(get(queue), 60, 71)
        left = struct.unpack("!Q", self.read_frame()[2][4:12])[0]
        body = b""
        while len(body) < left:
            body += self.read_frame()[2]
        return body

    def reset(self):
        """Ends the connection as a crash does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()
