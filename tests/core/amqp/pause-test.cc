/* Queues that are paused: core/AMQP.md E3. */
#include "tests/core/amqp/peer.h"

class Paused {
  public:
    /* A queue "q" with these arguments, and one for its dead. */
    explicit Paused(const std::string &arguments = "")
    {
        peer.ask("queue.declare queue=dead");
        peer.ask("queue.declare queue=q", arguments);
    }

    GmqQueue *
    queue() const
    {
        return gmq_vhost_find_queue(server.vhost(), GMQ_SLICE("q"));
    }

    /* What the client hears of it. */
    std::string
    pause()
    {
        gmq_queue_pause(queue());
        server.turn();
        return peer.read();
    }

    std::string
    resume()
    {
        gmq_queue_resume(queue());
        server.turn();
        return peer.read();
    }

    Server server;
    Peer peer{server};
};

TEST(Amqp_E3, ItTakesMessagesAndKeepsThem)
{
    Paused all;

    all.peer.ask("basic.consume queue=q consumer-tag=c");
    all.pause();
    EXPECT_EQ("", all.peer.publish("", "q", "one"));
    EXPECT_EQ("", all.peer.publish("", "q", "two"));
    EXPECT_EQ("queue.declare-ok q messages=2 consumers=1",
              all.peer.ask("queue.declare passive queue=q"));
    EXPECT_EQ("deliver c 1 [q] one\ndeliver c 2 [q] two", all.resume());
    EXPECT_EQ("deliver c 3 [q] three", all.peer.publish("", "q", "three"));
}

TEST(Amqp_E3, GetFindsNothing)
{
    Paused all;

    all.peer.publish("", "q", "one");
    all.pause();
    EXPECT_EQ("basic.get-empty", all.peer.ask("basic.get queue=q"));
    all.resume();
    EXPECT_EQ("get-ok 1 [q] one left=0", all.peer.ask("basic.get queue=q"));
}

TEST(Amqp_E3, ConfirmsGoOn)
{
    Paused all;

    all.peer.ask("confirm.select");
    all.pause();
    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0", all.peer.publish("", "q", "one"));
}

TEST(Amqp_E3, AConsumerThatComesMeanwhileWaits)
{
    Paused all;

    all.peer.publish("", "q", "one");
    all.pause();
    EXPECT_EQ("basic.consume-ok consumer-tag=c",
              all.peer.ask("basic.consume queue=q consumer-tag=c"));
    EXPECT_EQ("deliver c 1 [q] one", all.resume());
}

TEST(Amqp_E3, AConsumerThatLeavesMeanwhileGetsNothing)
{
    Paused all;

    all.peer.ask("basic.consume queue=q consumer-tag=c");
    all.peer.ask("basic.consume queue=q consumer-tag=d");
    all.pause();
    all.peer.publish("", "q", "one");
    all.peer.ask("basic.cancel consumer-tag=c");
    EXPECT_EQ("deliver d 1 [q] one", all.resume());
}

/* Whoever has no credit when the queue goes on waits for it as ever. */
TEST(Amqp_E3, CreditGoesOnToCount)
{
    Paused all;

    all.peer.ask("basic.qos prefetch-count=1");
    all.peer.ask("basic.consume queue=q consumer-tag=c");
    EXPECT_EQ("deliver c 1 [q] one", all.peer.publish("", "q", "one"));
    all.pause();
    all.peer.publish("", "q", "two");
    all.peer.publish("", "q", "three");
    EXPECT_EQ("", all.resume());
    all.pause();
    EXPECT_EQ("", all.peer.ask("basic.ack delivery-tag=1"));
    EXPECT_EQ("deliver c 2 [q] two", all.resume());
    EXPECT_EQ("deliver c 3 [q] three", all.peer.ask("basic.ack delivery-tag=2"));
}

TEST(Amqp_E3, WhatIsOutMayComeBack)
{
    Paused all;

    all.peer.ask("basic.consume queue=q consumer-tag=c");
    all.peer.publish("", "q", "one");
    all.pause();
    EXPECT_EQ("", all.peer.ask("basic.nack requeue delivery-tag=1"));
    EXPECT_EQ("deliver c 2 redelivered [q] one", all.resume());
}

TEST(Amqp_E3, PrioritiesHoldWhenItGoesOn)
{
    Paused all;

    all.peer.ask("basic.consume queue=q consumer-tag=low");
    all.peer.ask("basic.consume queue=q consumer-tag=high", Table().add("x-priority", 5));
    all.pause();
    all.peer.publish("", "q", "one");
    EXPECT_EQ("deliver high 1 [q] one", all.resume());
}

TEST(Amqp_E3, OneOfASingleActiveQueueGoesOn)
{
    Paused all(Table().add("x-single-active-consumer", GMQ_VALUE_BOOL, 1));

    all.peer.ask("basic.consume queue=q consumer-tag=c");
    all.peer.ask("basic.consume queue=q consumer-tag=d");
    all.pause();
    all.peer.publish("", "q", "one");
    all.peer.publish("", "q", "two");
    all.peer.ask("basic.cancel consumer-tag=c");
    EXPECT_EQ("deliver d 1 [q] one\ndeliver d 2 [q] two", all.resume());
}

TEST(Amqp_E3, TimeGoesOn)
{
    Paused all(Table()
                   .add("x-message-ttl", 100)
                   .add("x-dead-letter-exchange", "")
                   .add("x-dead-letter-routing-key", "dead"));

    all.peer.ask("basic.consume queue=q consumer-tag=c");
    all.pause();
    all.peer.publish("", "q", "one");
    all.server.advance_ms(100);
    EXPECT_EQ("", all.resume());
    EXPECT_EQ("queue.declare-ok dead messages=1 consumers=0",
              all.peer.ask("queue.declare passive queue=dead"));
}

TEST(Amqp_E3, ALengthLimitGoesOn)
{
    Paused all(Table().add("x-max-length", 1));

    all.peer.ask("basic.consume queue=q consumer-tag=c");
    all.pause();
    all.peer.publish("", "q", "one");
    all.peer.publish("", "q", "two");
    EXPECT_EQ("deliver c 1 [q] two", all.resume());
}

TEST(Amqp_E3, PurgeAndDeleteWork)
{
    Paused all;

    all.peer.ask("basic.consume queue=q consumer-tag=c");
    all.pause();
    all.peer.publish("", "q", "one");
    EXPECT_EQ("queue.purge-ok message-count=1", all.peer.ask("queue.purge queue=q"));
    EXPECT_EQ("basic.cancel consumer-tag=c nowait=1\nqueue.delete-ok message-count=0",
              all.peer.ask("queue.delete queue=q"));
}

TEST(Amqp_E3, OtherQueuesGoOn)
{
    Paused all;

    all.peer.ask("basic.consume queue=dead consumer-tag=c");
    all.pause();
    EXPECT_EQ("deliver c 1 [dead] one", all.peer.publish("", "dead", "one"));
}

TEST(Amqp_E3, ItIsAnnouncedOnce)
{
    Paused all;

    all.peer.publish("", "q", "one");
    all.server.fake.take_events();
    all.server.fake.listen(true);
    all.resume();
    all.pause();
    all.pause();
    all.resume();
    all.resume();
    EXPECT_EQ((std::vector<std::string>{"queue.paused q ready=1", "queue.resumed q ready=1"}),
              all.server.fake.take_events());
}
