/* Who gets the next message: core/AMQP.md 15.1 to 15.4. */
#include "tests/core/amqp/peer.h"

class Dispatching {
  public:
    Dispatching()
    {
        peer.ask("queue.declare queue=q");
    }

    /* So many messages at once: 1, 2, 3 ... */
    std::string
    fill(int count, const std::string &queue = "q")
    {
        std::string bytes;

        for (int i = 0; i < count; i++)
            bytes += publish(9, "", queue, std::to_string(++filled_));
        return peer.send(bytes);
    }

    /* Fills from a channel of its own. */
    void
    begin()
    {
        peer.ask(9, "channel.open");
    }

    Server server;
    Peer peer{server};

  private:
    int filled_ = 0;
};

/* The consumers of the lines, in their order: "a b a". */
static std::string
consumers(const std::string &lines)
{
    std::string tags;
    size_t at = 0;

    while ((at = lines.find("deliver ", at)) != std::string::npos) {
        at += 8;
        tags += (tags.empty() ? "" : " ") + lines.substr(at, lines.find(' ', at) - at);
    }
    return tags;
}

TEST(Amqp_15_1, NoLimitByBytes)
{
    Dispatching world;

    EXPECT_EQ("connection.close 540 60,10 NOT_IMPLEMENTED - prefetch_size!=0 (1000)",
              world.peer.ask("basic.qos prefetch-size=1000 prefetch-count=1"));
}

TEST(Amqp_15_1, ZeroIsNoLimit)
{
    Dispatching world;

    world.begin();
    EXPECT_EQ("basic.qos-ok", world.peer.ask("basic.qos prefetch-count=1"));
    EXPECT_EQ("basic.qos-ok", world.peer.ask("basic.qos prefetch-count=0"));
    world.peer.ask("basic.consume queue=q consumer-tag=a");
    EXPECT_EQ("a a a a a", consumers(world.fill(5)));
}

/* ---- the limit of each consumer ---- */

TEST(Amqp_15_2, EachConsumerHasALimitOfItsOwn)
{
    Dispatching world;

    world.begin();
    world.peer.ask("basic.qos prefetch-count=2");
    world.peer.ask("basic.consume queue=q consumer-tag=a");
    world.peer.ask("basic.qos prefetch-count=1");
    world.peer.ask("basic.consume queue=q consumer-tag=b");
    EXPECT_EQ("a b a", consumers(world.fill(10)));
    EXPECT_EQ("queue.declare-ok q messages=7 consumers=2", world.peer.ask("queue.declare queue=q"));
}

TEST(Amqp_15_2, ALaterQosIsForLaterConsumers)
{
    Dispatching world;

    world.begin();
    world.peer.ask("basic.qos prefetch-count=1");
    world.peer.ask("basic.consume queue=q consumer-tag=a");
    EXPECT_EQ("a", consumers(world.fill(4)));
    EXPECT_EQ("basic.qos-ok", world.peer.ask("basic.qos prefetch-count=10"));
}

/* ---- the limit of all together ---- */

TEST(Amqp_15_2, ASharedLimitIsForAllTogether)
{
    Dispatching world;

    world.begin();
    world.peer.ask("basic.consume queue=q consumer-tag=a");
    world.peer.ask("basic.qos prefetch-count=3 global");
    world.peer.ask("basic.consume queue=q consumer-tag=b");
    EXPECT_EQ("a b a", consumers(world.fill(10)));
    EXPECT_EQ("b a", consumers(world.peer.ask("basic.ack delivery-tag=2 multiple")))
        << "each has its turn";
}

TEST(Amqp_15_2, ASharedLimitGoesAcrossQueues)
{
    Dispatching world;

    world.begin();
    world.peer.ask("queue.declare queue=r");
    world.peer.ask("basic.qos prefetch-count=1 global");
    world.peer.ask("basic.consume queue=q consumer-tag=a");
    world.peer.ask("basic.consume queue=r consumer-tag=b");
    EXPECT_EQ("a", consumers(world.fill(3, "q")));
    EXPECT_EQ("", consumers(world.fill(3, "r")));
    std::string order;
    for (int tag = 1; tag <= 5; tag++)
        order += consumers(world.peer.ask("basic.ack delivery-tag=" + std::to_string(tag)));
    EXPECT_EQ("babab", order);
}

TEST(Amqp_15_2, ASharedLimitOfOneGoesRound)
{
    Dispatching world;
    std::string order;

    world.begin();
    world.peer.ask("basic.qos prefetch-count=1 global");
    for (const char *tag : {"a", "b", "c"})
        world.peer.ask("basic.consume queue=q consumer-tag=" + std::string(tag));
    order += consumers(world.fill(10));
    for (int tag = 1; tag <= 6; tag++)
        order += consumers(world.peer.ask("basic.ack delivery-tag=" + std::to_string(tag)));
    EXPECT_EQ("abcabca", order);
}

TEST(Amqp_15_2, BothLimitsHold)
{
    Dispatching world;

    world.begin();
    world.peer.ask("basic.qos prefetch-count=3 global");
    world.peer.ask("basic.qos prefetch-count=2");
    world.peer.ask("basic.consume queue=q consumer-tag=a");
    EXPECT_EQ("a a", consumers(world.fill(10))) << "its own";
    world.peer.ask("basic.consume queue=q consumer-tag=b");
    EXPECT_EQ("", consumers(world.peer.read()));
    EXPECT_EQ("queue.declare-ok q messages=7 consumers=2", world.peer.ask("queue.declare queue=q"))
        << "b got one, then the shared limit was full";
}

TEST(Amqp_15_2, ALimitMayBeSetRaisedAndTakenAwayAtAnyTime)
{
    Dispatching world;

    world.begin();
    world.peer.ask("basic.consume queue=q consumer-tag=a");
    EXPECT_EQ("a a", consumers(world.fill(2)));
    world.peer.ask("basic.qos prefetch-count=1 global");
    EXPECT_EQ("", consumers(world.fill(5))) << "two are out already";
    EXPECT_EQ("", consumers(world.peer.ask("basic.ack delivery-tag=1")));
    EXPECT_EQ("a", consumers(world.peer.ask("basic.ack delivery-tag=2")));
    EXPECT_EQ("a a", consumers(world.peer.ask("basic.qos prefetch-count=3 global")));
    EXPECT_EQ("a a", consumers(world.peer.ask("basic.qos prefetch-count=0 global")));
}

TEST(Amqp_15_2, ASharedLimitIsOneChannelsOnly)
{
    Dispatching world;

    world.begin();
    world.peer.ask(2, "channel.open");
    world.peer.ask("basic.qos prefetch-count=1 global");
    world.peer.ask("basic.consume queue=q consumer-tag=a");
    world.peer.ask(2, "basic.consume queue=q consumer-tag=b");
    EXPECT_EQ("a b b b", consumers(world.fill(4)));
}

/* ---- what counts ---- */

TEST(Amqp_15_3, OnlyDeliveriesThatWaitForAnAckCount)
{
    Dispatching world;

    world.begin();
    world.fill(3);
    world.peer.ask("basic.get queue=q");
    world.peer.ask("basic.get queue=q");
    world.peer.ask("basic.qos prefetch-count=1 global");
    world.peer.ask("basic.consume queue=q consumer-tag=none no-ack");
    EXPECT_EQ("none none", consumers(world.fill(2)));
    world.peer.ask("basic.cancel consumer-tag=none");
    world.peer.ask("basic.consume queue=q consumer-tag=a");
    EXPECT_EQ("a", consumers(world.fill(2)));
}

TEST(Amqp_15_3, WithoutAcksAFullLimitStopsNothing)
{
    Dispatching world;

    world.begin();
    world.peer.ask("basic.qos prefetch-count=1 global");
    world.peer.ask("basic.consume queue=q consumer-tag=a");
    world.peer.ask("basic.consume queue=q consumer-tag=none no-ack");
    EXPECT_EQ("a none none none", consumers(world.fill(4)));
}

TEST(Amqp_15_3, AnySettlementResumes)
{
    for (const char *settle : {"basic.ack delivery-tag=1", "basic.nack delivery-tag=1",
                               "basic.reject delivery-tag=1", "basic.ack multiple"}) {
        Dispatching world;

        world.begin();
        world.peer.ask("basic.qos prefetch-count=1");
        world.peer.ask("basic.consume queue=q consumer-tag=a");
        world.fill(3);
        EXPECT_EQ("deliver a 2 [q] 2", world.peer.ask(settle)) << settle;
    }
}

TEST(Amqp_15_3, WhatACancelledConsumerHoldsCountsForTheSharedLimit)
{
    Dispatching world;

    world.begin();
    world.peer.ask("basic.qos prefetch-count=2 global");
    world.peer.ask("basic.consume queue=q consumer-tag=a");
    world.fill(5);
    world.peer.ask("basic.cancel consumer-tag=a");
    EXPECT_EQ("basic.consume-ok consumer-tag=b",
              world.peer.ask("basic.consume queue=q consumer-tag=b"));
    EXPECT_EQ("deliver b 3 [q] 3", world.peer.ask("basic.ack delivery-tag=1"));
}

/* ---- fairness ---- */

TEST(Amqp_15_4, ConsumersTakeTurns)
{
    Dispatching world;

    world.begin();
    for (const char *tag : {"a", "b", "c"})
        world.peer.ask("basic.consume queue=q consumer-tag=" + std::string(tag));
    EXPECT_EQ("a b c a", consumers(world.fill(4)));
    EXPECT_EQ("b", consumers(world.fill(1)));
    world.peer.ask("basic.cancel consumer-tag=c");
    EXPECT_EQ("a b a", consumers(world.fill(3)));
}

TEST(Amqp_15_4, ABacklogIsSharedToo)
{
    Dispatching world;
    Peer other(world.server);

    world.begin();
    world.fill(6);
    other.put(say(1, "basic.consume queue=q consumer-tag=b"));
    EXPECT_EQ("a a a", consumers(world.peer.ask("basic.consume queue=q consumer-tag=a")));
    EXPECT_EQ("b b b", consumers(other.read()));
}

TEST(Amqp_15_4, AFullOneIsSkippedAndComesBackLast)
{
    Dispatching world;

    world.begin();
    world.peer.ask("basic.qos prefetch-count=1");
    world.peer.ask("basic.consume queue=q consumer-tag=a");
    world.peer.ask("basic.qos prefetch-count=0");
    world.peer.ask("basic.consume queue=q consumer-tag=b");
    world.peer.ask("basic.consume queue=q consumer-tag=c");
    EXPECT_EQ("a b c b", consumers(world.fill(4)));
    world.peer.ask("basic.ack delivery-tag=1");
    EXPECT_EQ("c b a c b", consumers(world.fill(5))) << "a, freed, stood behind b";
}

TEST(Amqp_15_4, OneThatIsBusyGetsLess)
{
    Dispatching world;
    Peer slow(world.server);
    Peer quick(world.server);
    int done = 0;

    world.begin();
    for (Peer *worker : {&slow, &quick})
        worker->ask("basic.qos prefetch-count=1");
    slow.ask("basic.consume queue=q consumer-tag=slow");
    quick.ask("basic.consume queue=q consumer-tag=quick");
    world.fill(20);
    slow.read();
    for (int tag = 1; consumers(quick.read()) != "" || tag <= 19; tag++) {
        quick.put(say(1, "basic.ack delivery-tag=" + std::to_string(tag)));
        done++;
    }
    EXPECT_EQ(19, done);
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=2", slow.ask("queue.declare queue=q"));
}
