"""Gives a broken task back to the queue, in the hope that it is better next time."""
import base


def work(channel, method, properties, body):
    if b"broken" in body:
        channel.basic_nack(method.delivery_tag, requeue=True)
        return
    base.do(body)
    base.send_result(channel, body)
    channel.basic_ack(method.delivery_tag)


base.take(work)
