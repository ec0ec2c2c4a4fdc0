/* dead.h - for tests: queues whose messages die, and what is written on these.
 *
 *     declare(peer, "q", "", "dead");                     the dead of "q" go to "dead"
 *     kill(peer, "q");
 *     EXPECT_EQ(record("q", "rejected"), "{" + deaths(peer, "dead") + "}"); */
#pragma once

#include "tests/core/amqp/peer.h"

/* What the first death of a message leaves for good, if it was rejected in "q". */
static const char *const first_death =
    "x-first-death-exchange: \"\", x-first-death-queue: q, x-first-death-reason: rejected";

/* A queue whose dead go to that exchange, and with that key if there is one. */
inline void
declare(Peer &peer, const std::string &name, const std::string &exchange,
        const std::string &key = "", int64_t ttl_ms = -1)
{
    Table table;

    table.add("x-dead-letter-exchange", exchange.c_str());
    if (!key.empty())
        table.add("x-dead-letter-routing-key", key.c_str());
    if (ttl_ms >= 0)
        table.add("x-message-ttl", ttl_ms);
    peer.ask("queue.declare queue=" + name, table);
}

/* The next message of a queue dies there. */
inline std::string
kill(Peer &peer, const std::string &name)
{
    std::string reply = peer.ask("basic.get queue=" + name);
    std::string tag   = reply.substr(7, reply.find(' ', 7) - 7);

    return peer.ask("basic.reject delivery-tag=" + tag);
}

/* The record of a message's very first death, in the text of the listener. */
inline std::string
record(const std::string &queue, const std::string &reason, int count = 1,
       const std::string &exchange = "\"\"", const std::string &keys = "")
{
    return "{count: " + std::to_string(count) + ", reason: " + reason + ", queue: " + queue +
           ", time: @1600000000, exchange: " + exchange + ", routing-keys: [" +
           (keys.empty() ? queue : keys) + "]}";
}

/* The same of any later death: sorted (19.7). */
inline std::string
later(const std::string &queue, const std::string &reason, int count = 1,
      const std::string &exchange = "\"\"", const std::string &keys = "")
{
    return "{count: " + std::to_string(count) + ", exchange: " + exchange + ", queue: " + queue +
           ", reason: " + reason + ", routing-keys: [" + (keys.empty() ? queue : keys) +
           "], time: @1600000000}";
}

/* What stands between two texts. */
inline std::string
between(const std::string &text, const std::string &begin, const std::string &end)
{
    size_t from = text.find(begin);

    if (from == std::string::npos)
        return "no " + begin + " in " + text;
    from += begin.size();
    return text.substr(from, text.find(end, from) - from);
}

/* The list of the deaths of the next message. */
inline std::string
deaths(Peer &peer, const std::string &queue)
{
    return between(peer.ask("basic.get no-ack queue=" + queue), "x-death: [{", "}]");
}

inline int
ready(Peer &peer, const std::string &queue)
{
    return std::stoi(between(peer.ask("queue.declare passive queue=" + queue), "messages=", " "));
}
