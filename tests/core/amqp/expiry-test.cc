/* Messages and queues that expire: core/AMQP.md 17. */
#include "tests/core/amqp/peer.h"

static const int64_t ns_per_ms = 1000000;

/* A queue "q" whose messages live that long, and one for its dead. */
static void
declare(Peer &peer, int64_t ttl_ms)
{
    peer.ask("queue.declare queue=dead");
    peer.ask("queue.declare queue=q", Table()
                                          .add("x-message-ttl", ttl_ms)
                                          .add("x-dead-letter-exchange", "")
                                          .add("x-dead-letter-routing-key", "dead"));
}

/* How many messages are ready. */
static int
ready(Peer &peer, const std::string &queue = "q")
{
    std::string reply = peer.ask("queue.declare passive queue=" + queue);
    size_t at         = reply.find("messages=");

    return at == std::string::npos ? -1 : std::stoi(reply.substr(at + 9));
}

/* The body of the next message. */
static std::string
get(Peer &peer, const std::string &queue)
{
    std::string reply = peer.ask("basic.get no-ack queue=" + queue);
    size_t end        = reply.rfind(" left=");

    return end == std::string::npos
               ? reply
               : reply.substr(reply.rfind(' ', end - 1) + 1, end - reply.rfind(' ', end - 1) - 1);
}

TEST(Amqp_17_1, TheQueuesTimeCountsFromTheArrival)
{
    Server server;
    Peer peer(server);

    declare(peer, 100);
    server.advance_ms(70);
    peer.publish("", "q", "one");
    server.advance_ms(99);
    EXPECT_EQ(1, ready(peer));
    server.advance_ms(1);
    EXPECT_EQ(0, ready(peer));
}

TEST(Amqp_17_1, TheSmallerOfBothTimesCounts)
{
    Server server;
    Peer peer(server);

    declare(peer, 100);
    peer.publish("", "q", "shorter", "expiration=60");
    server.advance_ms(60);
    EXPECT_EQ(0, ready(peer));
    peer.publish("", "q", "longer", "expiration=5000");
    server.advance_ms(100);
    EXPECT_EQ(0, ready(peer));
}

TEST(Amqp_17_1, EachCopyHasItsOwnTime)
{
    Server server;
    Peer peer(server);

    declare(peer, 100);
    peer.ask("queue.declare queue=other");
    peer.ask("queue.bind queue=q exchange=amq.fanout");
    peer.ask("queue.bind queue=other exchange=amq.fanout");
    peer.publish("amq.fanout", "", "one", "expiration=1000");
    server.advance_ms(100);
    EXPECT_EQ(0, ready(peer));
    EXPECT_EQ(1, ready(peer, "other"));
    server.advance_ms(900);
    EXPECT_EQ(0, ready(peer, "other"));
}

/* The bounds of the property expiration. */
TEST(Amqp_17_1, TheLongestTimeIsTenYears)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=plain");
    EXPECT_EQ("", peer.publish("", "plain", "one", "expiration=315360000000"));
    server.advance_ms(315359999999);
    EXPECT_EQ(1, ready(peer, "plain"));
    server.advance_ms(1);
    EXPECT_EQ(0, ready(peer, "plain"));
    EXPECT_EQ("channel.close 406",
              brief(peer.publish("", "plain", "two", "expiration=315360000001")));
}

TEST(Amqp_17_2, NeverANanosecondEarly)
{
    Server server;
    Peer peer(server);

    declare(peer, 100);
    peer.publish("", "q", "one");
    int64_t due_ns     = server.fake.now_ns + 100 * ns_per_ms;
    server.fake.now_ns = due_ns - 1;
    EXPECT_EQ(1, ready(peer));
    EXPECT_EQ(due_ns, server.fake.wake_ns);
    server.fake.now_ns = due_ns;
    server.turn();
    EXPECT_EQ(0, ready(peer));
}

TEST(Amqp_17_2, OnlyTheHeadIsLookedAt)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=plain");
    peer.publish("", "plain", "stays");
    peer.publish("", "plain", "hidden", "expiration=10");
    server.advance_ms(1000);
    EXPECT_EQ(2, ready(peer, "plain"));
    EXPECT_EQ("get-ok 1 [plain] stays left=0", peer.ask("basic.get queue=plain"));
    EXPECT_EQ(0, ready(peer, "plain"));
}

TEST(Amqp_17_2, TheHeadExpiresThoughNobodyAsks)
{
    Server server;
    Peer peer(server);

    declare(peer, 100);
    peer.publish("", "q", "one");
    server.advance_ms(50);
    peer.publish("", "q", "two");
    server.advance_ms(50);
    EXPECT_EQ(1, ready(peer, "dead"));
    server.advance_ms(50);
    EXPECT_EQ(2, ready(peer, "dead"));
    EXPECT_EQ(INT64_MAX, server.fake.wake_ns);
}

TEST(Amqp_17_2, ANewHeadSetsTheTimer)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=plain");
    peer.publish("", "plain", "first", "expiration=500");
    peer.publish("", "plain", "second", "expiration=100");
    get(peer, "plain");
    server.advance_ms(99);
    EXPECT_EQ(1, ready(peer, "plain"));
    server.advance_ms(1);
    EXPECT_EQ(0, ready(peer, "plain"));
}

TEST(Amqp_17_2, PurgingStopsTheTimer)
{
    Server server;
    Peer peer(server);

    declare(peer, 100);
    peer.publish("", "q", "one");
    peer.ask("queue.purge queue=q");
    EXPECT_EQ(INT64_MAX, server.fake.wake_ns);
}

TEST(Amqp_17_3, WhatHasExpiredIsNotDelivered)
{
    Server server;
    Peer peer(server);

    declare(peer, 100);
    peer.publish("", "q", "one");
    server.fake.now_ns += 100 * ns_per_ms; /* and nobody has woken the core yet */
    peer.put(say(1, "basic.get queue=q"));
    peer.put(say(1, "basic.consume queue=q consumer-tag=c"));
    EXPECT_EQ("basic.get-empty\nbasic.consume-ok consumer-tag=c", peer.read());
    EXPECT_EQ("one", get(peer, "dead"));
}

TEST(Amqp_17_4, TimeZeroIsDeliveredToWhoCanTakeIt)
{
    Server server;
    Peer peer(server);

    declare(peer, 0);
    peer.ask("basic.qos prefetch-count=1");
    peer.ask("basic.consume queue=q consumer-tag=c");
    EXPECT_EQ("deliver c 1 [q] one", peer.publish("", "q", "one"));
    EXPECT_EQ("", peer.publish("", "q", "two"));
    EXPECT_EQ("two", get(peer, "dead"));
    EXPECT_EQ(0, ready(peer));
}

TEST(Amqp_17_4, TimeZeroWaitsForTheConsumersOfTheTurn)
{
    Server server;
    Peer peer(server);

    declare(peer, 0);
    peer.ask("basic.qos prefetch-count=1");
    peer.ask("basic.consume queue=q consumer-tag=c");
    peer.publish("", "q", "one");

    /* The consumer is free again, and the queue in line, when the message comes. */
    peer.put(say(1, "basic.ack delivery-tag=1"));
    EXPECT_EQ("deliver c 2 [q] two", peer.publish("", "q", "two"));
    EXPECT_EQ(0, ready(peer, "dead"));
}

TEST(Amqp_17_4, ExpirationZeroToo)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=plain");
    peer.publish("", "plain", "one", "expiration=0");
    EXPECT_EQ(0, ready(peer, "plain"));
}

TEST(Amqp_17_4, ItReachedAQueueAllTheSame)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=plain");
    peer.ask("confirm.select");
    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0",
              peer.send(say(1, "basic.publish routing-key=plain mandatory") +
                        content(1, "one", "expiration=0")));
}

TEST(Amqp_17_5, TheReasonIsExpired)
{
    Server server;
    Peer peer(server);

    declare(peer, 100);
    peer.publish("", "q", "one");
    server.advance_ms(100);
    EXPECT_NE(std::string::npos,
              peer.ask("basic.get queue=dead").find("{count: 1, reason: expired, queue: q,"));
}

TEST(Amqp_17_5, WithoutAnExchangeItIsGone)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=plain", Table().add("x-message-ttl", 5));
    peer.publish("", "plain", "one");
    server.advance_ms(5);
    EXPECT_EQ("basic.get-empty", peer.ask("basic.get queue=plain"));
}

TEST(Amqp_17_6, WhatIsOutDoesNotExpire)
{
    Server server;
    Peer peer(server);

    declare(peer, 100);
    peer.publish("", "q", "one");
    peer.ask("basic.get queue=q");
    server.advance_ms(1000);
    EXPECT_EQ(0, ready(peer, "dead"));
    EXPECT_EQ("", peer.ask("basic.ack delivery-tag=1"));
}

TEST(Amqp_17_6, WhatComesBackLateExpiresAtOnce)
{
    Server server;
    Peer peer(server);

    declare(peer, 100);
    peer.publish("", "q", "one");
    peer.ask("basic.get queue=q");
    server.advance_ms(1000);
    peer.ask("basic.recover requeue");
    EXPECT_EQ(0, ready(peer));
    EXPECT_EQ("one", get(peer, "dead"));
}

TEST(Amqp_17_6, WhatComesBackInTimeKeepsItsMoment)
{
    Server server;
    Peer peer(server);

    declare(peer, 100);
    peer.publish("", "q", "one");
    peer.ask("basic.get queue=q");
    server.advance_ms(60);
    peer.ask("basic.nack delivery-tag=1 requeue");
    server.advance_ms(39);
    EXPECT_EQ(1, ready(peer));
    server.advance_ms(1);
    EXPECT_EQ(0, ready(peer));
}

/* ---- the queue itself ---- */

class Amqp_17_7 : public testing::Test {
  protected:
    Amqp_17_7() : peer(server)
    {
        declare_lease();
    }

    std::string
    declare_lease()
    {
        return peer.ask("queue.declare queue=lease", Table().add("x-expires", 100));
    }

    /* Whether the queue is there; passive with nowait does not renew. */
    bool
    is_there()
    {
        Peer other(server);

        return other.ask("queue.declare passive nowait queue=lease").empty();
    }

    Server server;
    Peer peer;
};

TEST_F(Amqp_17_7, AnUnusedQueueGoes)
{
    server.advance_ms(99);
    EXPECT_TRUE(is_there());
    server.advance_ms(1);
    EXPECT_FALSE(is_there());
}

TEST_F(Amqp_17_7, PublishingIsNoUse)
{
    server.advance_ms(60);
    peer.publish("", "lease", "one");
    server.advance_ms(40);
    EXPECT_FALSE(is_there());
}

TEST_F(Amqp_17_7, DeclaringRenews)
{
    server.advance_ms(60);
    declare_lease();
    server.advance_ms(60);
    peer.ask("queue.declare passive queue=lease");
    server.advance_ms(99);
    EXPECT_TRUE(is_there());
    server.advance_ms(1);
    EXPECT_FALSE(is_there());
}

TEST_F(Amqp_17_7, DeclaringWithoutAnswerDoesNot)
{
    server.advance_ms(60);
    peer.ask("queue.declare nowait queue=lease", Table().add("x-expires", 100));
    server.advance_ms(40);
    EXPECT_FALSE(is_there());
}

TEST_F(Amqp_17_7, GettingRenews)
{
    server.advance_ms(60);
    peer.ask("basic.get queue=lease");
    server.advance_ms(99);
    EXPECT_TRUE(is_there());
    server.advance_ms(1);
    EXPECT_FALSE(is_there());
}

TEST_F(Amqp_17_7, AConsumerHoldsTheClock)
{
    peer.ask("basic.consume queue=lease consumer-tag=a");
    peer.ask("basic.consume queue=lease consumer-tag=b");
    server.advance_ms(1000);
    peer.ask("basic.cancel consumer-tag=a");
    server.advance_ms(1000);
    EXPECT_TRUE(is_there());
    peer.ask("basic.cancel consumer-tag=b");
    server.advance_ms(99);
    EXPECT_TRUE(is_there());
    server.advance_ms(1);
    EXPECT_FALSE(is_there());
}

TEST_F(Amqp_17_7, ItsMessagesAreNotDeadLettered)
{
    peer.ask("queue.declare queue=dead");
    peer.ask("queue.declare queue=other", Table()
                                              .add("x-expires", 50)
                                              .add("x-dead-letter-exchange", "")
                                              .add("x-dead-letter-routing-key", "dead"));
    peer.publish("", "other", "one");
    server.advance_ms(50);
    EXPECT_EQ(-1, ready(peer, "other"));
    EXPECT_EQ("#2 channel.open-ok", peer.ask(2, "channel.open"));
    EXPECT_EQ("#2 basic.get-empty", peer.ask(2, "basic.get queue=dead"));
}

TEST_F(Amqp_17_7, WhatIsOutDoesNotHoldIt)
{
    peer.publish("", "lease", "one");
    peer.ask("basic.get queue=lease");
    server.advance_ms(100);
    EXPECT_FALSE(is_there());
    EXPECT_EQ("", peer.ask("basic.ack delivery-tag=1"));
}

TEST_F(Amqp_17_7, AnExclusiveOneToo)
{
    peer.ask("queue.declare exclusive queue=mine", Table().add("x-expires", 50));
    server.advance_ms(50);
    EXPECT_EQ("channel.close 404", brief(peer.ask("queue.declare passive queue=mine")));
}
