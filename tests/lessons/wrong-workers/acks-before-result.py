"""Does the work, acks, and sends the result last of all."""
import base


def work(channel, method, properties, body):
    base.do(body)
    channel.basic_ack(method.delivery_tag)
    base.send_result(channel, body)


base.take(work)
