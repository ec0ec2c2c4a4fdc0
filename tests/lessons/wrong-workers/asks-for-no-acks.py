"""Consumes with "no ack": the broker forgets each task when it is sent."""
import base


def work(channel, method, properties, body):
    base.do(body)
    base.send_result(channel, body)


base.take(work, auto_ack=True)
