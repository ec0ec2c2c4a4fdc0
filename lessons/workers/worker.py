"""A worker for the lessons 4, 5, 6, 13, 14 and 17, with the library pika.

It takes one task at a time, does the work, sends the text of the task to the queue "done", and only
then acks. It does no task twice, rejects a broken one, and connects again when its connection ends.

    glassmq lesson check 5 -- python3 worker.py"""

import os
import time

import pika

done = set()  # the ids of the tasks that are done


def work(channel, method, properties, body):
    text = body.decode()
    if "broken" in text:
        channel.basic_reject(method.delivery_tag, requeue=False)
        return
    if properties.message_id not in done:
        time.sleep(0.1 * text.count("."))
        channel.basic_publish("", "done", body)
        done.add(properties.message_id)
    channel.basic_ack(method.delivery_tag)


def listen():
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["AMQP_URL"]))
    channel = connection.channel()
    channel.basic_qos(prefetch_count=1)
    channel.basic_consume(os.environ["GLASSMQ_QUEUE"], work)
    channel.start_consuming()


while True:
    try:
        listen()
    except pika.exceptions.AMQPError as error:
        print("connecting again:", repr(error), flush=True)
        time.sleep(0.3)
