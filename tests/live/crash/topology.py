"""What the crash test declares, all of it durable, and where messages go: each publisher numbers its
messages by place."""

EXCHANGES = {"crash.fan": "fanout", "crash.direct": "direct", "crash.dead": "fanout"}

DEAD = {"x-dead-letter-exchange": "crash.dead"}
DELIVERY_LIMIT = {"limit": 2}

# name: arguments; what only GlassMQ has on such queues stands apart.
QUEUES = {"fan.keep": {}, "fan.work": {}, "keep": {}, "ack": {}, "mix": DEAD, "tx": {}, "dead": {}}
GLASSMQ_QUEUES = {"limit": {**DEAD, "x-delivery-limit": DELIVERY_LIMIT["limit"]}}

BINDINGS = [("crash.fan", "fan.keep", ""), ("crash.fan", "fan.work", ""),
            ("crash.direct", "keep", "keep"), ("crash.direct", "ack", "ack"),
            ("crash.direct", "mix", "mix"), ("crash.dead", "dead", "")]

# place: exchange and routing key; and the queues that a message reaches there.
ROUTE_OF = {"fan": ("crash.fan", ""), "keep": ("crash.direct", "keep"),
            "ack": ("crash.direct", "ack"), "mix": ("crash.direct", "mix"), "tx": ("", "tx"),
            "limit": ("", "limit")}
QUEUES_OF = {"fan": ["fan.keep", "fan.work"], "keep": ["keep"], "ack": ["ack"], "mix": ["mix"],
             "tx": ["tx"], "limit": ["limit"]}


def queues(is_glassmq):
    return {**QUEUES, **(GLASSMQ_QUEUES if is_glassmq else {})}


def declare(channel, is_glassmq):
    """By a channel of pika; again and again is well."""
    for name, kind in EXCHANGES.items():
        channel.exchange_declare(name, kind, durable=True)
    for name, arguments in queues(is_glassmq).items():
        channel.queue_declare(name, durable=True, arguments=arguments)
    for exchange, queue, key in BINDINGS:
        channel.queue_bind(queue, exchange, key)
