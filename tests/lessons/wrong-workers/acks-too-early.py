"""Acks each task when it comes, and does the work afterwards."""
import base


def work(channel, method, properties, body):
    channel.basic_ack(method.delivery_tag)
    base.do(body)
    base.send_result(channel, body)


base.take(work)
