"""What the wrong workers have in common: how they connect, take tasks and send results."""

import os
import time

import pika

QUEUE = os.environ.get("GLASSMQ_QUEUE")


def connect(**options):
    parameters = pika.URLParameters(os.environ["AMQP_URL"])
    for name, value in options.items():
        setattr(parameters, name, value)
    return pika.BlockingConnection(parameters)


def do(body):
    """The work: a tenth of a second for each dot."""
    time.sleep(0.1 * body.count(b"."))


def send_result(channel, body):
    channel.basic_publish("", "done", body)


def take(work, prefetch=1, auto_ack=False, **options):
    """Lets work(channel, method, properties, body) do each task, for ever."""
    channel = connect(**options).channel()
    if prefetch:
        channel.basic_qos(prefetch_count=prefetch)
    channel.basic_consume(QUEUE, work, auto_ack=auto_ack)
    channel.start_consuming()
