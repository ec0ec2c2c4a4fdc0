/* One consumer at a time: core/AMQP.md 15.6. */
#include "tests/core/amqp/peer.h"

class Amqp_15_6 : public testing::Test {
  protected:
    Amqp_15_6() : peer(server)
    {
        peer.ask("queue.declare queue=q",
                 Table().add("x-single-active-consumer", GMQ_VALUE_BOOL, 1));
        peer.ask("basic.qos prefetch-count=1");
    }

    static void
    consume(Peer &who, const std::string &tag, int64_t priority = 0)
    {
        EXPECT_EQ("basic.consume-ok consumer-tag=" + tag,
                  brief(who.ask("basic.consume queue=q consumer-tag=" + tag,
                                Table().add("x-priority", priority))));
    }

    Server server;
    Peer peer;
};

TEST_F(Amqp_15_6, OnlyTheFirstIsServed)
{
    Peer other(server);

    consume(peer, "first");
    consume(other, "second");
    EXPECT_EQ("deliver first 1 [q] a", peer.publish("", "q", "a"));
    EXPECT_EQ("", peer.publish("", "q", "b"));
    EXPECT_EQ("", other.read());
    EXPECT_EQ("deliver first 2 [q] b", peer.ask("basic.ack delivery-tag=1"));
    EXPECT_EQ("", other.read());
}

TEST_F(Amqp_15_6, AHigherPriorityDoesNotDisplaceIt)
{
    consume(peer, "first");
    consume(peer, "high", 10);
    EXPECT_EQ("deliver first 1 [q] a", peer.publish("", "q", "a"));
}

TEST_F(Amqp_15_6, AfterItsCancelTheNextTakesOver)
{
    Peer other(server);

    consume(peer, "first");
    consume(other, "second");
    peer.publish("", "q", "a");
    peer.publish("", "q", "b");
    EXPECT_EQ("basic.cancel-ok consumer-tag=first", peer.ask("basic.cancel consumer-tag=first"));
    EXPECT_EQ("deliver second 1 [q] b", other.read());
    EXPECT_EQ("", peer.ask("basic.ack delivery-tag=1"));
}

TEST_F(Amqp_15_6, TheNextIsTheHighestThenTheOldest)
{
    consume(peer, "first");
    consume(peer, "low");
    consume(peer, "high", 2);
    consume(peer, "high-too", 2);
    peer.ask("basic.cancel consumer-tag=first");
    EXPECT_EQ("deliver high 1 [q] a", peer.publish("", "q", "a"));
    peer.ask("basic.cancel consumer-tag=high");
    EXPECT_EQ("deliver high-too 2 [q] b", peer.publish("", "q", "b"));
    peer.ask("basic.cancel consumer-tag=high-too");
    EXPECT_EQ("deliver low 3 [q] c", peer.publish("", "q", "c"));
}

TEST_F(Amqp_15_6, WithItsConnectionItsMessagesComeBackFirst)
{
    Peer other(server);
    auto doomed = std::make_unique<Peer>(server);

    doomed->ask("basic.qos prefetch-count=2");
    consume(*doomed, "first");
    consume(other, "second");
    for (const char *body : {"a", "b", "c"})
        peer.publish("", "q", body);
    doomed->lose();
    doomed.reset();
    EXPECT_EQ("deliver second 1 redelivered [q] a\n"
              "deliver second 2 redelivered [q] b\n"
              "deliver second 3 [q] c",
              other.read());
}

TEST_F(Amqp_15_6, GettingWorksBesideIt)
{
    consume(peer, "first");
    peer.publish("", "q", "a");
    peer.publish("", "q", "b");
    EXPECT_EQ("get-ok 2 [q] b left=0", peer.ask("basic.get queue=q"));
}

TEST_F(Amqp_15_6, AnExclusiveConsumerIsRefused)
{
    EXPECT_EQ("channel.close 403 60,20 ACCESS_REFUSED - queue 'q' in vhost '/' in exclusive use",
              peer.ask("basic.consume queue=q consumer-tag=c exclusive"));
}

TEST_F(Amqp_15_6, ACancelledWaiterNeverTakesOver)
{
    consume(peer, "first");
    consume(peer, "second");
    consume(peer, "third");
    peer.ask("basic.cancel consumer-tag=second");
    peer.ask("basic.cancel consumer-tag=first");
    EXPECT_EQ("deliver third 1 [q] a", peer.publish("", "q", "a"));
}

/* The queue goes with messages in it and consumers that would be next. */
TEST_F(Amqp_15_6, DeletingTheQueueTellsAll)
{
    consume(peer, "first");
    consume(peer, "second");
    peer.publish("", "q", "a");
    peer.publish("", "q", "b");
    EXPECT_EQ("basic.cancel consumer-tag=first nowait=1\n"
              "basic.cancel consumer-tag=second nowait=1\n"
              "queue.delete-ok message-count=1",
              peer.ask("queue.delete queue=q"));
    EXPECT_EQ("", peer.ask("basic.ack delivery-tag=1"));
}

TEST_F(Amqp_15_6, AWaiterWhoseChannelIsFullWaitsOn)
{
    peer.ask("queue.declare queue=other");
    peer.ask("basic.qos global prefetch-count=1");
    peer.publish("", "other", "x");
    EXPECT_EQ("basic.consume-ok consumer-tag=o\ndeliver o 1 [other] x",
              peer.ask("basic.consume queue=other consumer-tag=o"));
    consume(peer, "first");
    EXPECT_EQ("", peer.publish("", "q", "a"));
    EXPECT_EQ("deliver first 2 [q] a", peer.ask("basic.ack delivery-tag=1"));
}
