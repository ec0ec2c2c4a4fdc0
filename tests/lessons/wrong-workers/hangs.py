"""Connects, and does nothing for ever."""
import time

import base

connection = base.connect()
channel = connection.channel()
while True:
    connection.process_data_events(1)
    time.sleep(1)
