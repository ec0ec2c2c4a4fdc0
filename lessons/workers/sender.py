"""A sender for the lessons 3, 12 and 16, with the library pika.

It sends "WORD 1", "WORD 2" and so on to its queue, and waits for the confirm of each message. What
was refused or may be lost is sent again.

    glassmq lesson check 12 -- python3 sender.py order 10"""

import os
import sys
import time

import pika

word, count = sys.argv[1], int(sys.argv[2])
todo = [f"{word} {n}" for n in range(1, count + 1)]


def send_all():
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["AMQP_URL"]))
    channel = connection.channel()
    channel.confirm_delivery()  # from now on basic_publish waits for the confirm
    while todo:
        try:
            channel.basic_publish("", os.environ["GLASSMQ_QUEUE"], todo[0].encode(),
                                  pika.BasicProperties(delivery_mode=2))
            todo.pop(0)
        except pika.exceptions.NackError:
            time.sleep(0.1)  # the queue is full: later there will be room
    connection.close()


while todo:
    try:
        send_all()
    except pika.exceptions.AMQPError as error:
        print("connecting again:", repr(error), flush=True)
        time.sleep(0.3)
