"""Wants no heartbeats, and so never learns that its line is dead."""
import base


def work(channel, method, properties, body):
    base.do(body)
    base.send_result(channel, body)
    channel.basic_ack(method.delivery_tag)


base.take(work, heartbeat=0)
