"""Sends everything at once, and asks for no confirms."""
import pika

import base

channel = base.connect().channel()
for n in range(1, 11):
    channel.basic_publish("", base.QUEUE, f"order {n}".encode(),
                          pika.BasicProperties(delivery_mode=2))
channel.connection.close()
