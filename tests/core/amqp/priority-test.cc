/* Priorities of messages and of consumers: core/AMQP.md 21, 15.5. */
#include "tests/core/amqp/peer.h"

/* ---- of messages ---- */

static void
declare(Peer &peer, int64_t priority_max)
{
    peer.ask("queue.declare queue=q", Table().add("x-max-priority", priority_max));
}

static void
publish(Peer &peer, const std::string &body, int priority = -1)
{
    peer.publish("", "q", body, priority < 0 ? "" : "priority=" + std::to_string(priority));
}

/* The bodies of all ready messages, each with a blank behind it. */
static std::string
take_all(Peer &peer, const std::string &queue = "q")
{
    std::string bodies;
    std::string reply;

    while ((reply = peer.ask("basic.get no-ack queue=" + queue)) != "basic.get-empty") {
        std::string rest = reply.substr(0, reply.rfind(" left="));
        bodies += rest.substr(rest.rfind(' ') + 1) + " ";
    }
    return bodies;
}

TEST(Amqp_21_1, TheHighestFirstAndInOrderWithin)
{
    Server server;
    Peer peer(server);

    declare(peer, 5);
    for (const auto &[body, priority] : {std::pair("a", 1), std::pair("b", 5), std::pair("c", 0),
                                         std::pair("d", 5), std::pair("e", 1)})
        publish(peer, body, priority);
    EXPECT_EQ("b d a e c ", take_all(peer));
}

TEST(Amqp_21_1, AbsentIsZeroAndAboveIsTheHighest)
{
    Server server;
    Peer peer(server);

    declare(peer, 5);
    publish(peer, "absent");
    publish(peer, "zero", 0);
    publish(peer, "five", 5);
    publish(peer, "six", 6);
    publish(peer, "most", 255);
    EXPECT_EQ("five six most absent zero ", take_all(peer));
}

TEST(Amqp_21_1, AllPrioritiesThereAre)
{
    Server server;
    Peer peer(server);

    declare(peer, 255);
    for (int priority : {0, 254, 1, 255})
        publish(peer, std::to_string(priority), priority);
    EXPECT_EQ("255 254 1 0 ", take_all(peer));
}

TEST(Amqp_21_1, WithoutTheArgumentPriorityMeansNothing)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    publish(peer, "low", 0);
    publish(peer, "high", 9);
    EXPECT_EQ("low high ", take_all(peer));
}

TEST(Amqp_21_1, WhatWasPrefetchedIsNotRecalled)
{
    Server server;
    Peer peer(server);

    declare(peer, 5);
    peer.ask("basic.qos prefetch-count=1");
    peer.ask("basic.consume queue=q consumer-tag=c");
    EXPECT_EQ("deliver c 1 [q] {priority=0} low", peer.publish("", "q", "low", "priority=0"));
    EXPECT_EQ("", peer.publish("", "q", "mid", "priority=3"));
    EXPECT_EQ("", peer.publish("", "q", "high", "priority=5"));
    EXPECT_EQ("deliver c 2 [q] {priority=5} high", peer.ask("basic.ack delivery-tag=1"));
    EXPECT_EQ("deliver c 3 [q] {priority=3} mid", peer.ask("basic.ack delivery-tag=2"));
}

TEST(Amqp_21_2, TheHeadThatIsDroppedIsTheNextToGo)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q", Table().add("x-max-priority", 5).add("x-max-length", 2));
    publish(peer, "low", 0);
    publish(peer, "high", 5);
    publish(peer, "later", 5);
    EXPECT_EQ("later low ", take_all(peer));
}

TEST(Amqp_21_3, AnUnexpiredHeadOfAHigherLevelHidesTheLower)
{
    Server server;
    Peer peer(server);

    declare(peer, 5);
    peer.publish("", "q", "expired", "priority=0 expiration=10");
    publish(peer, "high", 3);
    server.advance_ms(10);
    EXPECT_EQ("queue.declare-ok q messages=2 consumers=0",
              peer.ask("queue.declare passive queue=q"));
    EXPECT_EQ("get-ok 1 [q] {priority=3} high left=0", peer.ask("basic.get queue=q"));
}

TEST(Amqp_21_3, AnExpiredHeadOfAHigherLevelGoes)
{
    Server server;
    Peer peer(server);

    declare(peer, 5);
    peer.publish("", "q", "expired", "priority=3 expiration=10");
    publish(peer, "low", 0);
    server.advance_ms(10);
    EXPECT_EQ("low ", take_all(peer));
}

TEST(Amqp_21_4, ARequeueGoesBackIntoItsLevelAndPlace)
{
    Server server;
    Peer peer(server);

    declare(peer, 5);
    publish(peer, "a", 3);
    publish(peer, "b", 3);
    publish(peer, "c", 5);
    for (int i = 0; i < 2; i++)
        peer.ask("basic.get queue=q");
    publish(peer, "d", 3);
    publish(peer, "e", 5);
    peer.ask("basic.nack delivery-tag=2 multiple requeue");
    EXPECT_EQ("c e a b d ", take_all(peer));
}

TEST(Amqp_21_5, TheCountIsOfAllLevels)
{
    Server server;
    Peer peer(server);

    declare(peer, 5);
    for (int priority = 0; priority < 6; priority++)
        publish(peer, "x", priority);
    EXPECT_EQ("queue.declare-ok q messages=6 consumers=0",
              peer.ask("queue.declare passive queue=q"));
    EXPECT_EQ("queue.purge-ok message-count=6", peer.ask("queue.purge queue=q"));
}

/* ---- of consumers ---- */

static std::string
consume(Peer &peer, const std::string &tag, int64_t priority)
{
    return peer.ask("basic.consume queue=q consumer-tag=" + tag,
                    Table().add("x-priority", priority));
}

TEST(Amqp_15_5, TheHighestGetsAll)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    consume(peer, "negative", -1);
    peer.ask("basic.consume queue=q consumer-tag=plain");
    consume(peer, "high", 10);
    for (int i = 1; i < 4; i++)
        EXPECT_EQ("deliver high " + std::to_string(i) + " [q] x", peer.publish("", "q", "x"));
    peer.ask("basic.cancel consumer-tag=high");
    EXPECT_EQ("deliver plain 4 [q] x", peer.publish("", "q", "x"));
    peer.ask("basic.cancel consumer-tag=plain");
    EXPECT_EQ("deliver negative 5 [q] x", peer.publish("", "q", "x"));
}

TEST(Amqp_15_5, UntilItIsBlockedAndAgainAfterwards)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.ask("basic.consume queue=q consumer-tag=low");
    peer.ask("basic.qos prefetch-count=1");
    consume(peer, "high", 1);
    EXPECT_EQ("deliver high 1 [q] a", peer.publish("", "q", "a"));
    EXPECT_EQ("deliver low 2 [q] b", peer.publish("", "q", "b"));
    peer.ask("basic.ack delivery-tag=1");
    EXPECT_EQ("deliver high 3 [q] c", peer.publish("", "q", "c"));
}

TEST(Amqp_15_5, EqualOnesTakeTurns)
{
    Server server;
    Peer peer(server);
    std::string tags;

    peer.ask("queue.declare queue=q");
    consume(peer, "a", 5);
    consume(peer, "low", 1);
    consume(peer, "b", 5);
    for (int i = 0; i < 4; i++)
        tags += peer.publish("", "q", "x").substr(8, 1);
    EXPECT_EQ("abab", tags);
}

TEST(Amqp_15_5, AWaitingBacklogGoesLevelByLevel)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    for (const char *body : {"1", "2", "3", "4"})
        peer.publish("", "q", body);
    peer.put(say(1, "basic.qos prefetch-count=1"));
    peer.put(say(1, "basic.consume queue=q consumer-tag=low"));
    peer.put(say(1, "basic.qos prefetch-count=2"));
    peer.put(say(1, "basic.consume queue=q consumer-tag=high", Table().add("x-priority", 1)));
    EXPECT_EQ("basic.qos-ok\nbasic.consume-ok consumer-tag=low\nbasic.qos-ok\n"
              "basic.consume-ok consumer-tag=high\n"
              "deliver high 1 [q] 1\ndeliver high 2 [q] 2\ndeliver low 3 [q] 3",
              peer.read());
}

TEST(Amqp_15_5, AnyIntegerIsAPriority)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    EXPECT_EQ("basic.consume-ok consumer-tag=a", consume(peer, "a", INT64_MIN));
    EXPECT_EQ("basic.consume-ok consumer-tag=b", consume(peer, "b", INT64_MAX));
    EXPECT_EQ("deliver b 1 [q] x", peer.publish("", "q", "x"));
    EXPECT_EQ("channel.close 406 60,20 PRECONDITION_FAILED - invalid arg 'x-priority' for queue "
              "'q' in vhost '/': \"expected integer, got longstr\"",
              peer.ask("basic.consume queue=q", Table().add("x-priority", "high")));
}
