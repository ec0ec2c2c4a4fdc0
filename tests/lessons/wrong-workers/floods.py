"""Sends results without end."""
import base

channel = base.connect().channel()
while True:
    channel.basic_publish("", "done", b"flood")
