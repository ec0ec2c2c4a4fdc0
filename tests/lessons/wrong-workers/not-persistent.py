"""Asks for confirms, and sends messages that a crash of the broker would take away."""
import base

channel = base.connect().channel()
channel.confirm_delivery()
for n in range(1, 11):
    channel.basic_publish("", base.QUEUE, f"order {n}".encode())
