"""Acks a broken task, so that it is gone."""
import base


def work(channel, method, properties, body):
    if b"broken" not in body:
        base.do(body)
        base.send_result(channel, body)
    channel.basic_ack(method.delivery_tag)


base.take(work)
