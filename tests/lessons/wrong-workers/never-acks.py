"""Does the work, and says nothing."""
import base


def work(channel, method, properties, body):
    base.do(body)
    base.send_result(channel, body)


base.take(work, prefetch=0)
