"""Opens a connection, closes it, and opens the next one, without end."""
import os
import socket
from urllib.parse import urlparse

where = urlparse(os.environ["AMQP_URL"])
while True:
    with socket.create_connection((where.hostname, where.port)) as one:
        one.sendall(b"AMQP\x00\x00\x09\x01")
        one.recv(1)
