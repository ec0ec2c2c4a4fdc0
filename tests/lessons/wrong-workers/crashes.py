"""Ends with an error as soon as there is a task."""
import base


def work(channel, method, properties, body):
    raise ValueError(f"what is {body.decode()}?")


base.take(work)
