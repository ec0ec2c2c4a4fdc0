"""Is a good worker, but for the prefetch that it does not set."""
import base


def work(channel, method, properties, body):
    base.do(body)
    base.send_result(channel, body)
    channel.basic_ack(method.delivery_tag)


base.take(work, prefetch=0)
