"""Goes on with the next order when a confirm does not come."""
import pika

import base

n = 1
while n <= 10:
    channel = base.connect().channel()
    channel.confirm_delivery()
    try:
        while n <= 10:
            n += 1
            channel.basic_publish("", base.QUEUE, f"order {n - 1}".encode(),
                                  pika.BasicProperties(delivery_mode=2))
    except pika.exceptions.AMQPError:
        pass
