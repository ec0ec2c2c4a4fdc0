"""Does not send again what the broker has refused."""
import pika

import base

channel = base.connect().channel()
channel.confirm_delivery()
for n in range(1, 16):
    try:
        channel.basic_publish("", base.QUEUE, f"order {n}".encode())
    except pika.exceptions.NackError:
        pass
channel.connection.close()
