/* Length limits, and the nack of a refused publish: core/AMQP.md 18, 11.10, 15.7. */
#include "tests/core/amqp/peer.h"

/* A queue "q" with what it is limited to, and one for its dead. */
static void
declare(Peer &peer, const char *limit, int64_t value, const char *overflow = "drop-head")
{
    peer.ask("queue.declare queue=dead");
    peer.ask("queue.declare queue=q", Table()
                                          .add(limit, value)
                                          .add("x-overflow", overflow)
                                          .add("x-dead-letter-exchange", "")
                                          .add("x-dead-letter-routing-key", "dead"));
}

/* The bodies of all ready messages, each with a blank behind it. */
static std::string
take_all(Peer &peer, const std::string &queue)
{
    std::string bodies;
    std::string reply;

    while ((reply = peer.ask("basic.get no-ack queue=" + queue)) != "basic.get-empty") {
        std::string rest = reply.substr(0, reply.rfind(" left="));
        bodies += rest.substr(rest.rfind(' ') + 1) + " ";
    }
    return bodies;
}

TEST(Amqp_18_1, WhatIsOutDoesNotCount)
{
    Server server;
    Peer peer(server);

    declare(peer, "x-max-length", 1);
    peer.publish("", "q", "one");
    peer.ask("basic.get queue=q");
    peer.publish("", "q", "two");
    EXPECT_EQ("basic.get-empty", peer.ask("basic.get queue=dead"));
    EXPECT_EQ("get-ok 2 [q] two left=0", peer.ask("basic.get queue=q"));
}

TEST(Amqp_18_1, OnlyBytesOfBodiesCount)
{
    Server server;
    Peer peer(server);

    declare(peer, "x-max-length-bytes", 6);
    peer.publish("", "q", "one", "message-id=a-long-name-that-does-not-count");
    peer.publish("", "q", "two");
    peer.publish("", "q", "");
    EXPECT_EQ("queue.declare-ok q messages=3 consumers=0",
              peer.ask("queue.declare passive queue=q"));
    peer.publish("", "q", "x");
    EXPECT_EQ("one ", take_all(peer, "dead"));
}

TEST(Amqp_18_1, BothLimitsApply)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q", Table().add("x-max-length", 3).add("x-max-length-bytes", 10));
    for (const char *body : {"a", "b", "c", "d"})
        peer.publish("", "q", body);
    peer.publish("", "q", "123456789");
    EXPECT_EQ("d 123456789 ", take_all(peer, "q"));
}

TEST(Amqp_18_2, TheOldestGoes)
{
    Server server;
    Peer peer(server);

    declare(peer, "x-max-length", 2);
    for (const char *body : {"one", "two", "three", "four"})
        peer.publish("", "q", body);
    EXPECT_EQ("one two ", take_all(peer, "dead"));
    EXPECT_EQ("three four ", take_all(peer, "q"));
}

TEST(Amqp_18_2, TheReasonIsMaxlen)
{
    Server server;
    Peer peer(server);

    declare(peer, "x-max-length", 0);
    peer.publish("", "q", "one");
    EXPECT_NE(std::string::npos,
              peer.ask("basic.get queue=dead").find("{count: 1, reason: maxlen, queue: q,"));
}

TEST(Amqp_18_2, OneThatIsTooLargeDropsAllAndItself)
{
    Server server;
    Peer peer(server);

    declare(peer, "x-max-length-bytes", 5);
    for (const char *body : {"a", "b", "123456"})
        peer.publish("", "q", body);
    EXPECT_EQ("a b 123456 ", take_all(peer, "dead"));
    EXPECT_EQ("", take_all(peer, "q"));
}

TEST(Amqp_18_2, LengthZeroStillDelivers)
{
    Server server;
    Peer peer(server);

    declare(peer, "x-max-length", 0);
    peer.ask("basic.qos prefetch-count=1");
    peer.ask("basic.consume queue=q consumer-tag=c");
    EXPECT_EQ("deliver c 1 [q] one", peer.publish("", "q", "one"));
    EXPECT_EQ("", peer.publish("", "q", "two"));
    EXPECT_EQ("two ", take_all(peer, "dead"));
}

TEST(Amqp_15_7, WhatAConsumerTakesIsNeverReady)
{
    Server server;
    Peer peer(server);

    declare(peer, "x-max-length", 0);
    peer.ask("basic.consume queue=q consumer-tag=c");
    server.fake.take_events();
    server.fake.listen(true);
    EXPECT_EQ("deliver c 1 [q] one", peer.publish("", "q", "one"));
    server.fake.listen(false);
    EXPECT_EQ((std::vector<std::string>{"enqueue q #1 ready=0 at=consumer"}),
              server.fake.take_events("enqueue"));
}

/* All in one turn: the consumer is free before the message comes. */
TEST(Amqp_18_2, AConsumerIsServedBeforeAMessageIsDropped)
{
    Server server;
    Peer peer(server);

    declare(peer, "x-max-length", 1);
    peer.ask("basic.qos prefetch-count=1");
    peer.ask("basic.consume queue=q consumer-tag=c");
    peer.publish("", "q", "one");
    peer.publish("", "q", "two");
    peer.put(say(1, "basic.ack delivery-tag=1"));
    EXPECT_EQ("deliver c 2 [q] two", peer.publish("", "q", "three"));
    EXPECT_EQ("", take_all(peer, "dead"));
}

TEST(Amqp_16_4, WhatComesBackDropsTheHead)
{
    Server server;
    Peer peer(server);

    declare(peer, "x-max-length", 2);
    for (const char *body : {"one", "two"})
        peer.publish("", "q", body);
    peer.ask("basic.get queue=q");
    peer.ask("basic.get queue=q");
    peer.publish("", "q", "three");
    EXPECT_EQ("", peer.ask("basic.nack delivery-tag=2 multiple requeue"));
    EXPECT_EQ("one ", take_all(peer, "dead"));
    EXPECT_EQ("two three ", take_all(peer, "q"));
}

/* ---- reject-publish ---- */

TEST(Amqp_18_3, AFullQueueRefuses)
{
    Server server;
    Peer peer(server);

    declare(peer, "x-max-length", 1, "reject-publish");
    peer.ask("confirm.select");
    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0", peer.publish("", "q", "one"));
    EXPECT_EQ("basic.nack delivery-tag=2 multiple=0 requeue=1", peer.publish("", "q", "two"));
    EXPECT_EQ("", take_all(peer, "dead"));
    EXPECT_EQ("one ", take_all(peer, "q"));
    EXPECT_EQ("basic.ack delivery-tag=3 multiple=0", peer.publish("", "q", "three"));
}

TEST(Amqp_18_3, BytesThatWouldNotFitAreRefused)
{
    Server server;
    Peer peer(server);

    declare(peer, "x-max-length-bytes", 5, "reject-publish");
    for (const char *body : {"123", "456", "78", "9"})
        peer.publish("", "q", body);
    EXPECT_EQ("123 78 ", take_all(peer, "q"));
    peer.publish("", "q", "12345");
    EXPECT_EQ("12345 ", take_all(peer, "q"));
    peer.publish("", "q", "123456");
    EXPECT_EQ("", take_all(peer, "q"));
}

TEST(Amqp_18_3, WithoutConfirmsItIsLostInSilence)
{
    Server server;
    Peer peer(server);

    declare(peer, "x-max-length", 0, "reject-publish");
    EXPECT_EQ("", peer.publish("", "q", "one"));
    EXPECT_EQ("", take_all(peer, "q") + take_all(peer, "dead"));
}

TEST(Amqp_18_3, TheLimitIsLookedAtBeforeTheConsumers)
{
    Server server;
    Peer peer(server);

    declare(peer, "x-max-length", 0, "reject-publish");
    peer.ask("confirm.select");
    peer.ask("basic.consume queue=q consumer-tag=c");
    EXPECT_EQ("basic.nack delivery-tag=1 multiple=0 requeue=1", peer.publish("", "q", "one"));
}

TEST(Amqp_18_3, OtherQueuesKeepTheirCopy)
{
    Server server;
    Peer peer(server);

    declare(peer, "x-max-length", 0, "reject-publish");
    peer.ask("queue.declare queue=other");
    peer.ask("queue.bind queue=q exchange=amq.fanout");
    peer.ask("queue.bind queue=other exchange=amq.fanout");
    peer.ask("confirm.select");
    EXPECT_EQ("basic.nack delivery-tag=1 multiple=0 requeue=1",
              peer.publish("amq.fanout", "", "one"));
    EXPECT_EQ("one ", take_all(peer, "other"));
}

TEST(Amqp_18_3, RoomIsMadeByWhatHasExpired)
{
    Server server;
    Peer peer(server);

    declare(peer, "x-max-length", 1, "reject-publish");
    peer.publish("", "q", "one", "expiration=10");
    server.fake.now_ns += 10000000; /* and nobody has woken the core yet */
    peer.publish("", "q", "two");
    EXPECT_EQ("two ", take_all(peer, "q"));
}

TEST(Amqp_18_4, TheRefusedOneIsDeadLettered)
{
    Server server;
    Peer peer(server);

    declare(peer, "x-max-length", 1, "reject-publish-dlx");
    peer.ask("confirm.select");
    peer.publish("", "q", "one");
    EXPECT_EQ("basic.nack delivery-tag=2 multiple=0 requeue=1", peer.publish("", "q", "two"));
    EXPECT_EQ("get-ok 1 [dead] {headers={x-death: [{count: 1, reason: maxlen, queue: q, time: "
              "@1600000000, exchange: \"\", routing-keys: [q]}], x-first-death-exchange: \"\", "
              "x-first-death-queue: q, x-first-death-reason: maxlen}} two left=0",
              peer.ask("basic.get queue=dead"));
    EXPECT_EQ("one ", take_all(peer, "q"));
}

TEST(Amqp_18_4, WithoutAnExchangeItIsOnlyRefused)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q",
             Table().add("x-max-length", 1).add("x-overflow", "reject-publish-dlx"));
    peer.publish("", "q", "one");
    EXPECT_EQ("", peer.publish("", "q", "two"));
    EXPECT_EQ("one ", take_all(peer, "q"));
}

TEST(Amqp_18_6, WhatComesBackIsNotRefused)
{
    Server server;
    Peer peer(server);

    declare(peer, "x-max-length", 1, "reject-publish");
    peer.publish("", "q", "one");
    peer.ask("basic.get queue=q");
    peer.publish("", "q", "two");
    peer.ask("basic.nack delivery-tag=1 requeue");
    EXPECT_EQ("queue.declare-ok q messages=2 consumers=0",
              peer.ask("queue.declare passive queue=q"));
    peer.publish("", "q", "three");
    EXPECT_EQ("one two ", take_all(peer, "q"));
}

/* ---- confirms with nacks between them ---- */

TEST(Amqp_11_10, EachNumberIsAnsweredOnce)
{
    Server server;
    Peer peer(server);

    declare(peer, "x-max-length", 2, "reject-publish");
    peer.ask("confirm.select");
    for (const char *body : {"1", "2", "3", "4"})
        peer.put(publish(1, "", "q", body));
    peer.put(say(1, "basic.get no-ack queue=q"));
    peer.put(publish(1, "", "q", "5"));
    peer.put(publish(1, "", "nowhere", "6"));
    EXPECT_EQ("basic.ack delivery-tag=2 multiple=1\n"
              "basic.nack delivery-tag=3 multiple=0 requeue=1\n"
              "basic.nack delivery-tag=4 multiple=0 requeue=1\n"
              "get-ok 1 [q] 1 left=1\n"
              "basic.ack delivery-tag=6 multiple=1",
              peer.read());
}

TEST(Amqp_11_10, ANackEndsTheTurnAlone)
{
    Server server;
    Peer peer(server);

    declare(peer, "x-max-length", 0, "reject-publish");
    peer.ask("confirm.select");
    peer.put(publish(1, "", "nowhere", "1"));
    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0\n"
              "basic.nack delivery-tag=2 multiple=0 requeue=1",
              peer.publish("", "q", "2"));
    EXPECT_EQ("", peer.read());
}

TEST(Amqp_11_10, OneRefusalOfTwoIsOneNack)
{
    Server server;
    Peer peer(server);

    for (const char *name : {"a", "b"}) {
        peer.ask(std::string("queue.declare queue=") + name,
                 Table().add("x-max-length", int64_t{0}).add("x-overflow", "reject-publish"));
        peer.ask(std::string("queue.bind exchange=amq.fanout queue=") + name);
    }
    peer.ask("confirm.select");
    EXPECT_EQ("basic.nack delivery-tag=1 multiple=0 requeue=1",
              peer.publish("amq.fanout", "", "one"));
}
