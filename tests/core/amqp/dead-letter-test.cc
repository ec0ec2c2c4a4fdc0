/* Messages that die and are published again: core/AMQP.md 19, 16.2. */
#include "tests/core/amqp/dead.h"

/* ---- what dies, and of what ---- */

TEST(Amqp_16_2, WhatIsNotRequeuedIsDeadLettered)
{
    Server server;
    Peer peer(server);

    declare(peer, "q", "", "dead");
    peer.ask("queue.declare queue=dead");
    for (const char *body : {"1", "2", "3", "4"})
        peer.publish("", "q", body);
    for (int i = 0; i < 4; i++)
        peer.ask("basic.get queue=q");
    peer.ask("basic.reject delivery-tag=1");
    peer.ask("basic.reject delivery-tag=2 requeue");
    peer.ask("basic.nack delivery-tag=4 multiple");
    EXPECT_EQ(1, ready(peer, "q"));
    EXPECT_EQ(3, ready(peer, "dead"));
}

TEST(Amqp_16_2, WithoutAnExchangeItIsDropped)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.publish("", "q", "1");
    EXPECT_EQ("", kill(peer, "q"));
    EXPECT_EQ(0, ready(peer, "q"));
}

TEST(Amqp_19_1, AnAckAndAPurgeAndADeletionAreNoDeath)
{
    Server server;
    Peer peer(server);

    declare(peer, "q", "", "dead");
    peer.ask("queue.declare queue=dead");
    peer.publish("", "q", "1");
    peer.ask("basic.get queue=q");
    peer.ask("basic.ack delivery-tag=1");
    peer.publish("", "q", "2");
    peer.ask("queue.purge queue=q");
    peer.publish("", "q", "3");
    peer.ask("queue.delete queue=q");
    EXPECT_EQ(0, ready(peer, "dead"));
}

TEST(Amqp_19_1, RejectingAfterTheQueueIsGoneIsNoDeath)
{
    Server server;
    Peer peer(server);

    declare(peer, "q", "", "dead");
    peer.ask("queue.declare queue=dead");
    peer.publish("", "q", "1");
    peer.ask("basic.get queue=q");
    peer.ask("queue.delete queue=q");
    EXPECT_EQ("", peer.ask("basic.reject delivery-tag=1"));
    EXPECT_EQ(0, ready(peer, "dead"));
}

/* ---- where it goes ---- */

TEST(Amqp_19_2, TheQueuesKeyCounts)
{
    Server server;
    Peer peer(server);

    declare(peer, "q", "amq.direct", "dead");
    peer.ask("queue.declare queue=a");
    peer.ask("queue.bind queue=a exchange=amq.direct routing-key=dead");
    peer.publish("", "q", "1", "", Table().add("CC", std::vector<std::string>{"other"}));
    kill(peer, "q");
    EXPECT_EQ("get-ok 2 amq.direct [dead] {headers={x-death: [" +
                  record("q", "rejected", 1, "\"\"", "q, other") + "], " + first_death +
                  "}} 1 left=0",
              peer.ask("basic.get queue=a"));
}

TEST(Amqp_19_2, WithoutOneAllKeysOfTheMessageCount)
{
    Server server;
    Peer peer(server);

    declare(peer, "q", "amq.direct");
    for (const char *name : {"q", "cc", "bcc"}) {
        peer.ask(std::string("queue.declare queue=at-") + name);
        peer.ask(std::string("queue.bind exchange=amq.direct queue=at-") + name +
                 " routing-key=" + name);
    }
    peer.publish("", "q", "1", "",
                 Table()
                     .add("CC", std::vector<std::string>{"cc"})
                     .add("BCC", std::vector<std::string>{"bcc"}));
    kill(peer, "q");
    for (const char *name : {"q", "cc", "bcc"}) {
        std::string reply = peer.ask(std::string("basic.get queue=at-") + name);

        EXPECT_EQ("amq.direct [q]", between(reply, "get-ok " + reply.substr(7, 1) + " ", " {"));
        EXPECT_EQ("q, cc", between(reply, "routing-keys: [", "]"));
        EXPECT_EQ(std::string::npos, reply.find("BCC"));
    }
}

TEST(Amqp_19_2, AMissingExchangeDropsIt)
{
    Server server;
    Peer peer(server);

    declare(peer, "q", "nowhere");
    peer.publish("", "q", "1");
    EXPECT_EQ("", kill(peer, "q"));
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0",
              peer.ask("queue.declare passive queue=q"));
}

TEST(Amqp_19_2, TheExchangeIsLookedUpAtTheDeath)
{
    Server server;
    Peer peer(server);

    declare(peer, "q", "late");
    peer.publish("", "q", "1");
    peer.ask("exchange.declare exchange=late type=fanout internal");
    peer.ask("queue.declare queue=dead");
    peer.ask("queue.bind queue=dead exchange=late");
    kill(peer, "q");
    EXPECT_EQ(1, ready(peer, "dead"));
}

TEST(Amqp_19_2, NobodyIsToldThatItReachedNoQueue)
{
    Server server;
    Peer peer(server);

    declare(peer, "q", "amq.direct");
    peer.ask("confirm.select");
    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0",
              peer.send(say(1, "basic.publish routing-key=q mandatory") + content(1, "1")));
    EXPECT_EQ("", kill(peer, "q"));
}

TEST(Amqp_19_2, ItFollowsBindingsBetweenExchangesAndAlternates)
{
    Server server;
    Peer peer(server);

    peer.ask("exchange.declare exchange=x type=direct",
             Table().add("alternate-exchange", "amq.fanout"));
    peer.ask("queue.declare queue=dead");
    peer.ask("queue.bind queue=dead exchange=amq.fanout");
    declare(peer, "q", "x");
    peer.publish("", "q", "1");
    kill(peer, "q");
    EXPECT_EQ(1, ready(peer, "dead"));
}

/* ---- cycles ---- */

TEST(Amqp_19_10, AQueueIsNotItsOwnHeir)
{
    Server server;
    Peer peer(server);

    declare(peer, "q", "", "", 10);
    peer.publish("", "q", "1");
    server.advance_ms(10);
    EXPECT_EQ(0, ready(peer, "q"));
    EXPECT_EQ(INT64_MAX, server.fake.wake_ns);
}

TEST(Amqp_19_10, ARoundWithoutARejectEnds)
{
    Server server;
    Peer peer(server);

    declare(peer, "a", "", "b", 10);
    declare(peer, "b", "", "a", 10);
    peer.publish("", "a", "1");
    server.advance_ms(10);
    EXPECT_EQ(1, ready(peer, "b"));
    server.advance_ms(10);
    EXPECT_EQ(0, ready(peer, "a"));
    EXPECT_EQ(0, ready(peer, "b"));
}

TEST(Amqp_19_10, TimeZeroInARoundEndsInTheSameTurn)
{
    Server server;
    Peer peer(server);

    declare(peer, "a", "", "b", 0);
    declare(peer, "b", "", "c", 0);
    declare(peer, "c", "", "a", 0);
    EXPECT_EQ("", peer.publish("", "a", "1"));
    for (const char *name : {"a", "b", "c"})
        EXPECT_EQ(0, ready(peer, name));
}

TEST(Amqp_19_10, ARejectInTheRoundKeepsItGoing)
{
    Server server;
    Peer peer(server);

    declare(peer, "a", "", "b", 10);
    declare(peer, "b", "", "a");
    peer.publish("", "a", "1");
    for (int i = 0; i < 5; i++) {
        server.advance_ms(10);
        kill(peer, "b");
    }
    EXPECT_EQ(1, ready(peer, "a"));
}

TEST(Amqp_19_10, WithReasonRejectedNothingIsSkipped)
{
    Server server;
    Peer peer(server);

    declare(peer, "q", "");
    peer.publish("", "q", "1");
    for (int i = 0; i < 3; i++)
        kill(peer, "q");
    EXPECT_EQ(1, ready(peer, "q"));
}

TEST(Amqp_19_10, OtherTargetsStillGetIt)
{
    Server server;
    Peer peer(server);

    declare(peer, "q", "amq.fanout", "", 10);
    peer.ask("queue.declare queue=other");
    peer.ask("queue.bind queue=q exchange=amq.fanout");
    peer.ask("queue.bind queue=other exchange=amq.fanout");
    peer.publish("amq.fanout", "", "1");
    server.advance_ms(10);
    EXPECT_EQ(0, ready(peer, "q"));
    EXPECT_EQ(2, ready(peer, "other"));
}

/* ---- order ---- */

TEST(Amqp_19_11, TheDeadKeepTheirOrder)
{
    Server server;
    Peer peer(server);
    std::string bodies;

    declare(peer, "q", "", "dead", 100);
    peer.ask("queue.declare queue=dead");
    for (char body = 'a'; body <= 'f'; body++)
        peer.publish("", "q", std::string(1, body));
    peer.ask("basic.get queue=q");
    peer.ask("basic.get queue=q");
    peer.ask("basic.nack delivery-tag=2 multiple");
    server.advance_ms(100);
    for (int i = 0; i < 6; i++)
        bodies += between(peer.ask("basic.get no-ack queue=dead"), "}} ", " left");
    EXPECT_EQ("abcdef", bodies);
}

TEST(Amqp_19_11, QueuesThatExpireTogetherTakeTurnsByTheirTime)
{
    Server server;
    Peer peer(server);
    std::string queues;

    peer.ask("queue.declare queue=dead");
    for (const char *name : {"c", "a", "b"}) {
        declare(peer, name, "", "dead", 100);
        peer.publish("", name, "x");
    }
    server.advance_ms(100);
    for (int i = 0; i < 3; i++)
        queues += between(deaths(peer, "dead"), "queue: ", ",");
    EXPECT_EQ("cab", queues);
}

/* ---- what can be seen ---- */

TEST(DeadLetter, IsAnnouncedWithItsCauseAndCount)
{
    Server server;
    Peer peer(server);

    declare(peer, "q", "amq.fanout");
    peer.ask("queue.declare queue=dead");
    peer.ask("queue.bind queue=dead exchange=amq.fanout");
    server.fake.listen(true);
    peer.publish("", "q", "1");
    server.fake.take_events();
    kill(peer, "q");

    std::vector<std::string> events = server.fake.take_events();
    ASSERT_EQ(5u, events.size());
    EXPECT_EQ("dead-letter q -> amq.fanout [q] #1 count=1 reason=rejected", events[2]);
    EXPECT_EQ("route amq.fanout -> dead [] #1 to_type=queue", events[3]);
    EXPECT_EQ("enqueue dead #1 ready=1 at=tail", events[4]);

    const std::vector<uint64_t> &causes = server.fake.causes();
    size_t last                         = causes.size() - 1;
    EXPECT_EQ(last - 3, causes[last - 2]); /* of the reject */
    EXPECT_EQ(last - 2, causes[last - 1]);
}
