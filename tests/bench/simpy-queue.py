#!/usr/bin/python3
"""A producer, a queue and a consumer in SimPy (package python3-simpy): how many events a second.

The producer puts a message into the queue every 100 us, the consumer takes one and works on it for
50 us, as in the load "producer, queue, consumer" of sim-speed.c. There is no protocol and no
broker. Prints one line of JSON. An event is one pop of the heap."""

import json
import time

from SimPy.Simulation import Process, Simulation, Store, get, hold, infinity, put

MESSAGES = 50000
EVERY_US = 100
WORK_US = 50
ROUNDS = 3


class Producer(Process):
    def send(self, queue):
        for number in range(MESSAGES):
            yield put, self, queue, [number]
            yield hold, self, EVERY_US


class Consumer(Process):
    def work(self, queue):
        while True:
            yield get, self, queue, 1
            yield hold, self, WORK_US


def make():
    simulation = Simulation()
    queue = Store(capacity="unbounded", sim=simulation)
    producer, consumer = Producer(sim=simulation), Consumer(sim=simulation)
    simulation.activate(producer, producer.send(queue))
    simulation.activate(consumer, consumer.work(queue))
    return simulation


def count():
    simulation = make()
    events = 0
    while simulation.peek() != infinity:
        simulation.step()
        events += 1
    return events


def measure():
    simulation = make()
    start = time.process_time()
    simulation.simulate(until=2 * MESSAGES * EVERY_US)
    return time.process_time() - start


def main():
    events = count()
    seconds = min(measure() for _ in range(ROUNDS))
    print(json.dumps({"events": events, "us": round(seconds * 1e6)}))


if __name__ == "__main__":
    main()
