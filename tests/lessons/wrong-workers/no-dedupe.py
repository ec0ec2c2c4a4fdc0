"""Does whatever comes, and never looks whether it has done that before."""
import base


def work(channel, method, properties, body):
    base.do(body)
    base.send_result(channel, body)
    channel.basic_ack(method.delivery_tag)


base.take(work)
