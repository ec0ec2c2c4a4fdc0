"""A topic matcher with three mistakes in it.

It reads lines: "bind QUEUE PATTERN" adds a binding, "route KEY" asks which queues get a message
with that key. The answer is one line with the names of the queues.
"""

import re
import sys

bindings = []


def fits(pattern, key):
    expression = pattern.replace(".", r"\.")
    expression = expression.replace("*", "[^.]+", 1)
    expression = expression.replace("#", ".+")
    return re.fullmatch(expression, key) is not None


def route(key):
    found = []
    for queue, pattern in bindings:
        if fits(pattern, key) and queue not in found:
            found.append(queue)
            break
    return found


for line in sys.stdin:
    words = line.rstrip("\n").split(" ")
    if words[0] == "bind":
        bindings.append((words[1], words[2]))
    elif words[0] == "route":
        print(*route(words[1]))
