"""Durable things that come and go while the broker is killed: what was answered holds afterwards."""

import itertools
import random
import threading

import pika

CHECKED_MAX = 40  # of each kind, the latest
CTL_EVERY = 25    # operations


def connect(port):
    return pika.BlockingConnection(pika.ConnectionParameters(
        "127.0.0.1", port, credentials=pika.PlainCredentials("guest", "guest"), heartbeat=0))


class Definer:
    """Remembers over the lives of one broker which queues, bindings and users must be there."""

    EXCHANGE = "def.direct"

    def __init__(self, node, seed):
        self.node = node
        self.random = random.Random(seed)
        self.numbers = itertools.count(1)
        self.queues = {}    # name -> whether it is there; None: nobody knows
        self.bindings = {}  # the same, by queue
        self.users = {}
        self.thread = None
        self.trouble = None

    # ---- at work ----

    def add_queue(self, channel):
        name = f"def.{next(self.numbers)}"
        self.queues[name] = None
        channel.queue_declare(name, durable=True, arguments={"x-max-priority": 3})
        self.queues[name] = True
        self.bindings[name] = None
        channel.queue_bind(name, self.EXCHANGE, name)
        self.bindings[name] = True

    def remove_something(self, channel):
        name = self.random.choice([name for name, is_there in self.queues.items() if is_there])
        if self.bindings[name] and self.random.random() < 0.5:
            self.bindings[name] = None
            channel.queue_unbind(name, self.EXCHANGE, name)
            self.bindings[name] = False
            return
        self.queues[name] = self.bindings[name] = None
        channel.queue_delete(name)
        self.queues[name] = self.bindings[name] = False

    def add_user(self):
        name = f"user{next(self.numbers)}"
        self.users[name] = None
        if self.node.ctl("add_user", name, "secret").returncode == 0:
            self.users[name] = True

    def work(self, port):
        try:
            channel = connect(port).channel()
            channel.exchange_declare(self.EXCHANGE, "direct", durable=True)
            channel.queue_declare("def.transient", durable=False)
            for i in itertools.count(1):
                self.add_queue(channel)
                if self.random.random() < 0.7:
                    self.remove_something(channel)
                if self.node.is_glassmq and i % CTL_EVERY == 0:
                    self.add_user()
        except (pika.exceptions.ChannelClosed, pika.exceptions.ConnectionClosedByBroker) as error:
            if error.reply_code != 320:
                self.trouble = str(error)
        except (pika.exceptions.AMQPError, OSError):
            pass  # the broker is gone

    def start(self):
        self.thread = threading.Thread(target=self.work, args=(self.node.port,), daemon=True)
        self.thread.start()

    def join(self):
        self.thread.join(30)

    # ---- afterwards ----

    def has_queue(self, connection, name):
        channel = connection.channel()
        try:
            channel.queue_declare(name, passive=True)
            channel.close()
            return True
        except pika.exceptions.ChannelClosedByBroker as error:
            if error.reply_code != 404:
                raise
            return False

    def has_binding(self, channel, name):
        try:
            channel.basic_publish(self.EXCHANGE, name, b"", mandatory=True)
            return True
        except pika.exceptions.UnroutableError:
            return False

    def check(self, complain):
        """Asks the broker about what must be so."""
        if self.trouble:
            complain(f"the definer: {self.trouble}")
        connection = connect(self.node.port)
        known = [item for item in self.queues.items() if item[1] is not None][-CHECKED_MAX:]
        for name, is_there in [*known, ("def.transient", False)]:
            if self.has_queue(connection, name) != is_there:
                complain(f"the queue {name} {'is gone' if is_there else 'is there again'}")
        channel = connection.channel()
        channel.confirm_delivery()
        known = [item for item in self.bindings.items() if item[1] is not None][-CHECKED_MAX:]
        for name, is_there in known:
            if self.has_binding(channel, name) != is_there:
                complain(f"the binding of {name} {'is gone' if is_there else 'is there again'}")
        connection.close()
        if self.node.is_glassmq:
            listed = self.node.ctl("list_users").stdout
            for name, is_there in self.users.items():
                if is_there and name not in listed:
                    complain(f"the user {name} is gone")
