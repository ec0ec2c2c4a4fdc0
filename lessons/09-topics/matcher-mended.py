"""The matcher of matcher.py without its mistakes: pattern and key are compared word by word."""

import sys

bindings = []


def fits(pattern, key):
    if not pattern:
        return not key
    if pattern[0] == "#":
        return any(fits(pattern[1:], key[n:]) for n in range(len(key) + 1))
    return bool(key) and pattern[0] in ("*", key[0]) and fits(pattern[1:], key[1:])


def route(key):
    found = []
    for queue, pattern in bindings:
        if fits(pattern.split("."), key.split(".")) and queue not in found:
            found.append(queue)
    return found


for line in sys.stdin:
    words = line.rstrip("\n").split(" ")
    if words[0] == "bind":
        bindings.append((words[1], words[2]))
    elif words[0] == "route":
        print(*route(words[1]))
