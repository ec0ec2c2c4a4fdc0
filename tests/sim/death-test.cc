#include "tests/sim/played.h"

/* Messages that die in a queue are counted, keep their names, and go where they should. */
namespace {

using Names = std::vector<std::string>;

const std::string ttl =
    "topology:\n"
    "  queues: {q: {ttl: 1s, dead_letter: {to: default, key: dead}}, dead: {}}\n"
    "clients: {p: {role: producer, publish: {to: default, key: q, count: 2}}}\n";

} // namespace

TEST(Death, ALetterKeepsTheNameOfItsMessage)
{
    Played run(ttl);

    EXPECT_EQ((Names{"p-1", "p-2"}), run.messages(GMQ_EVENT_EXPIRED));
    EXPECT_EQ((Names{"p-1", "p-2"}), run.messages(GMQ_EVENT_DEAD_LETTERED));
    EXPECT_EQ((Names{"p-1", "p-2"}), run.messages(GMQ_EVENT_ENQUEUED, "dead"));
    EXPECT_EQ("held", run.verdict());
}

TEST(Death, IsCountedWhereItHappensAndByItsReason)
{
    Played run(ttl + "expect:\n"
                     "  lost: 0\n"
                     "  queues:\n"
                     "    q: {ready: 0, max_ready: 2, expired: 2, dropped: 0,\n"
                     "        dead_lettered: {expired: 2, rejected: 0, maxlen: 0}}\n"
                     "    dead: {ready: 2, expired: 0}\n"
                     "  messages: {p-1: {ends_in: dead, route: [q, dead]}}\n");

    for (const auto &outcome : run.outcomes())
        EXPECT_EQ("held", outcome.second) << outcome.first;
    EXPECT_EQ(1u, run.outcomes().count("queues.q.dead_lettered.expired"));
}

TEST(Death, WithoutALetterTheMessageIsDropped)
{
    Played run("topology: {queues: {q: {ttl: 1s}}}\n"
               "clients: {p: {role: producer, publish: {to: default, key: q}}}\n"
               "expect: {messages: {p-1: {ends_in: dropped}}, queues: {q: {expired: 1}}}\n");

    EXPECT_EQ("held", run.verdict());
}

TEST(Death, ACircleThatNobodyRejectsInIsCut)
{
    Played run("topology:\n"
               "  queues:\n"
               "    q: {dead_letter: {to: default, key: wait}, delivery_limit: 0}\n"
               "    wait: {ttl: 1s, dead_letter: {to: default, key: q}}\n"
               "clients:\n"
               "  p: {role: producer, publish: {to: default, key: q}}\n"
               "  c: {role: consumer, from: q, start: 100ms, work: 100ms}\n"
               "timeline:\n"
               "  - {when: {message: p-1, is: delivered}, wait: 50ms, crash: c, for: 100ms}\n"
               "  - {when: {message: p-1, is: dead-lettered}, say: Not now.}\n"
               "  - {when: {message: p-1@wait, is: expired}, say: Again.}\n"
               "expect:\n"
               "  messages: {p-1: {delivered: 1, ends_in: dropped}}\n"
               "  queues:\n"
               "    q: {dropped: 1, dead_lettered: {delivery_limit: 1}, ready: 0, unacked: 0}\n"
               "    wait: {dead_lettered: {expired: 1}}\n");

    EXPECT_EQ("held", run.verdict());
    EXPECT_EQ(2u, run.count(GMQ_EVENT_CAPTION));
    EXPECT_EQ(Names{}, run.broken());
}

TEST(Death, AFullQueueDropsItsOldest)
{
    Played run("topology: {queues: {q: {max_length: 2, dead_letter: {to: amq.fanout}}, d: {}},\n"
               "           bindings: [{from: amq.fanout, to: d}]}\n"
               "clients: {p: {role: producer, publish: {to: default, key: q, count: 3}}}\n"
               "timeline: [{when: {message: p-1, is: dropped}, say: Gone.}]\n"
               "expect:\n"
               "  queues: {q: {ready: 2, dropped: 1, dead_lettered: {maxlen: 1}}, d: {ready: 1}}\n"
               "  messages: {p-1: {ends_in: d, route: [q, amq.fanout, d]}}\n");

    EXPECT_EQ("held", run.verdict());
    EXPECT_EQ(1u, run.count(GMQ_EVENT_CAPTION));
}

TEST(Death, AFullQueueRefusesTheNewest)
{
    Played run("topology: {queues: {q: {max_bytes: 2B, overflow: reject-publish}}}\n"
               "clients:\n"
               "  p:\n"
               "    role: producer\n"
               "    publish: {to: default, key: q, body: x, count: 3}\n"
               "    confirms: {}\n"
               "expect:\n"
               "  confirmed: 2\n"
               "  nacked: 1\n"
               "  queues: {q: {ready: 2, dropped: 1}}\n"
               "  messages: {p-3: {ends_in: dropped}}\n");

    EXPECT_EQ("held", run.verdict());
}

TEST(Death, AQueueThatNobodyUsesGoesWithItsMessages)
{
    Played run("topology: {queues: {q: {expires: 1s}, r: {}}}\n"
               "clients:\n"
               "  p: {role: producer, publish: {to: default, key: q, count: 3}}\n"
               "expect:\n"
               "  queues: {q: {ready: 0}}\n"
               "  messages: {p-1: {ends_in: dropped}, p-3: {ends_in: dropped}}\n");

    EXPECT_EQ("held", run.verdict());
    EXPECT_STREQ("q", run.one(GMQ_EVENT_QUEUE_DELETED)->who);
}

TEST(Death, DurableLettersSurviveACrash)
{
    Played run("topology:\n"
               "  queues:\n"
               "    q: {durable: yes, ttl: 500ms, dead_letter: {to: default, key: dead}}\n"
               "    dead: {durable: yes}\n"
               "clients:\n"
               "  p:\n"
               "    role: producer\n"
               "    publish: {to: default, key: q, persistent: yes, count: 3, every: 300ms}\n"
               "    confirms: {window: 3}\n"
               "    reconnect: {after: 100ms}\n"
               "timeline: [{at: 1s, crash: broker, disk: {lose: unsynced}, for: 100ms}]\n"
               "expect:\n"
               "  confirmed: 3\n"
               "  lost: 0\n"
               "  queues: {q: {ready: 0}, dead: {ready: 3}}\n");

    EXPECT_EQ("held", run.verdict());
    EXPECT_EQ(Names{}, run.broken());
}
