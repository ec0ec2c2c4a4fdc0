"""Sends the result without having done anything."""
import base


def work(channel, method, properties, body):
    base.send_result(channel, body)
    channel.basic_ack(method.delivery_tag)


base.take(work)
