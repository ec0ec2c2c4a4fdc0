/* town.h - topologies for tests, told as a run, and what of them is where.
 *
 * Names are p1.., x1.., q1.. and w1.., so that a test can find them again. */
#pragma once

#include <random>
#include <string>

#include "tests/viz/made.h"
#include "viz/stage.h"

struct TownSize {
    int producers, exchanges, queues, consumers;
};

inline std::string
town_name(const char *letter, int index)
{
    return letter + std::to_string(index + 1);
}

/* The round-robin town: every producer sends, every exchange has queues, every queue is read as
 * far as there are enough of each. */
inline void
tell_town(Made &made, TownSize size)
{
    for (int i = 0; i < size.exchanges; i++)
        made.exchange(town_name("x", i), "topic");
    for (int i = 0; i < size.queues; i++)
        made.queue(town_name("q", i));
    for (int i = 0; i < size.queues && size.exchanges > 0; i++)
        made.bind(town_name("x", i % size.exchanges), town_name("q", i),
                  "key." + std::to_string(i));
    for (int i = 0; i < size.producers; i++) {
        made.client(town_name("p", i), "producer");
        made.start(town_name("p", i));
    }
    for (int i = 0; i < size.consumers && size.queues > 0; i++) {
        made.client(town_name("w", i), "consumer", 1);
        made.start(town_name("w", i));
        made.consume(town_name("w", i), town_name("q", i % size.queues), 1);
    }
    for (int i = 0; i < size.producers && size.exchanges > 0; i++)
        made.send(town_name("p", i), town_name("x", i % size.exchanges), "key.0",
                  town_name("p", i) + "-1");
}

/* A town with anything between anybody: bindings, exchanges behind exchanges, dead letters. */
inline void
tell_random_town(Made &made, unsigned seed)
{
    std::mt19937 random(seed);
    auto roll     = [&](int n) { return (int)(random() % (unsigned)n); };
    TownSize size = {1 + roll(5), 1 + roll(4), 1 + roll(7), 1 + roll(6)};

    tell_town(made, size);
    for (int i = roll(5); i > 0; i--)
        made.bind(town_name("x", roll(size.exchanges)), town_name("q", roll(size.queues)), "more");
    for (int i = roll(3); i > 0; i--)
        made.note(GMQ_EVENT_BOUND, town_name("x", roll(size.exchanges)),
                  town_name("x", roll(size.exchanges)), "", "over", "exchange");
    for (int i = roll(2); i > 0; i--)
        made.note(GMQ_EVENT_ALTERNATE_SET, town_name("x", roll(size.exchanges)),
                  town_name("x", roll(size.exchanges)));
    for (int i = roll(4); i > 0; i--) {
        std::string queue = town_name("q", roll(size.queues));
        made.note(GMQ_EVENT_DEAD_LETTERED, queue, town_name("x", roll(size.exchanges)), "p1-1", "k",
                  "rejected");
    }
    for (int i = roll(3); i > 0; i--) {
        std::string name = town_name("w", roll(size.consumers));
        made.send(name, town_name("x", roll(size.exchanges)), "k", name + "-" + std::to_string(i));
    }
}
