"""Sends four of five greetings."""
import base

channel = base.connect().channel()
for n in range(1, 5):
    channel.basic_publish("", base.QUEUE, f"hello {n}".encode())
channel.connection.close()
