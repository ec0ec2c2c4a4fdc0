/* Persistent messages in durable queues, and every way out of there: core/AMQP.md 26.1 to 26.3. */
#include "core/broker/permission.h"
#include "tests/core/amqp/dead.h"
#include "tests/core/amqp/durable.h"

static const std::string persistent = "delivery-mode=2";

/* A broker with the durable queue "q". */
class Amqp_26_3 : public testing::Test {
  public:
    Amqp_26_3()
    {
        node.start();
    }

    void
    declare(const std::string &arguments = "")
    {
        peer().ask("queue.declare durable queue=q", arguments);
        node.settle(peer());
    }

    /* A client, another one after each start. */
    Peer &
    peer()
    {
        if (node.peers.empty())
            node.connect();
        return *node.peers.front();
    }

    void
    publish(const std::string &body, const std::string &properties = "")
    {
        peer().publish("", "q", body, persistent + (properties.empty() ? "" : " ") + properties);
    }

    /* What the journal holds when the disk is done, now and after a crash. */
    uint64_t
    kept()
    {
        node.settle();
        uint64_t before = node.stats().messages;
        node.crash_and_start();
        EXPECT_EQ(before, node.stats().messages);
        return before;
    }

    Node node;
};

TEST_F(Amqp_26_3, ItIsThereAfterACrash)
{
    declare();
    publish("one");
    publish("two", "priority=3 message-id=m");
    EXPECT_EQ(2u, kept());
    EXPECT_EQ("get-ok 1 redelivered [q] {delivery-mode=2} one left=1",
              peer().ask("basic.get queue=q"));
    EXPECT_EQ("get-ok 2 redelivered [q] {delivery-mode=2 priority=3 message-id=m} two left=0",
              peer().ask("basic.get queue=q"));
}

TEST_F(Amqp_26_3, OthersAreNot)
{
    declare();
    peer().publish("", "q", "transient");
    peer().ask("queue.declare queue=loose");
    peer().publish("", "loose", "persistent", persistent);
    EXPECT_EQ(0u, kept());
    EXPECT_EQ("basic.get-empty", peer().ask("basic.get queue=q"));
    EXPECT_EQ(nullptr, node.queue("loose"));
}

TEST_F(Amqp_26_3, AnEmptyAndALargeBodyComeBack)
{
    std::string large(300000, 'x');

    declare();
    publish("");
    publish(large);
    EXPECT_EQ(2u, kept());
    EXPECT_EQ("get-ok 1 redelivered [q] {delivery-mode=2} left=1", peer().ask("basic.get queue=q"));
    peer().listener.body_shown = 1000000;
    EXPECT_EQ("get-ok 2 redelivered [q] {delivery-mode=2} " + large + " left=0",
              peer().ask("basic.get queue=q"));
}

TEST_F(Amqp_26_3, AckDropsIt)
{
    declare();
    publish("one");
    node.settle();
    peer().ask("basic.get queue=q");
    peer().ask("basic.ack delivery-tag=1");
    EXPECT_EQ(0u, kept());
}

TEST_F(Amqp_26_3, WhatIsOutIsStillKept)
{
    declare();
    publish("one");
    peer().ask("basic.get queue=q");
    EXPECT_EQ(1u, kept());
    EXPECT_EQ("get-ok 1 redelivered [q] {delivery-mode=2} one left=0",
              peer().ask("basic.get queue=q"));
}

TEST_F(Amqp_26_3, RejectDropsIt)
{
    declare();
    publish("one");
    node.settle();
    peer().ask("basic.get queue=q");
    peer().ask("basic.reject delivery-tag=1");
    EXPECT_EQ(0u, kept());
}

TEST_F(Amqp_26_3, GetWithoutAckDropsIt)
{
    declare();
    publish("one");
    node.settle();
    peer().ask("basic.get no-ack queue=q");
    EXPECT_EQ(0u, kept());
}

TEST_F(Amqp_26_3, DeliveryWithoutAckDropsIt)
{
    declare();
    publish("one");
    node.settle();
    peer().ask("basic.consume no-ack queue=q");
    EXPECT_EQ(0u, kept());
}

TEST_F(Amqp_26_3, PurgeDropsIt)
{
    declare();
    publish("one");
    publish("two");
    node.settle();
    peer().ask("queue.purge queue=q");
    EXPECT_EQ(0u, kept());
}

TEST_F(Amqp_26_3, DeletingTheQueueDropsIt)
{
    declare();
    publish("ready");
    publish("out");
    node.settle();
    peer().ask("basic.get queue=q");
    peer().ask("queue.delete queue=q");
    node.settle(peer());
    peer().ask("basic.ack delivery-tag=1");
    EXPECT_EQ(0u, kept());
    EXPECT_EQ(nullptr, node.queue());
}

TEST_F(Amqp_26_3, AQueueOfTheSameNameIsAnotherOne)
{
    declare();
    publish("old");
    node.settle();
    peer().ask("queue.delete queue=q");
    declare();
    publish("new");
    EXPECT_EQ(1u, kept());
    EXPECT_EQ("get-ok 1 redelivered [q] {delivery-mode=2} new left=0",
              peer().ask("basic.get queue=q"));
}

TEST_F(Amqp_26_3, RemovingTheVhostDropsIt)
{
    GmqBroker *broker = node.server->broker;
    GmqVhost *vhost   = gmq_broker_add_vhost(broker, GMQ_SLICE("other"), nullptr);
    Login login;

    login.vhost = "other";
    gmq_user_set_permission(gmq_broker_find_user(broker, GMQ_SLICE("guest")), vhost, ".*", ".*",
                            ".*", nullptr);
    Peer &other = node.connect(login);
    other.ask("queue.declare durable queue=q");
    other.publish("", "q", "one", persistent);
    node.settle();
    EXPECT_EQ(1u, node.stats().messages);
    gmq_broker_remove_vhost(broker, GMQ_SLICE("other"), nullptr);
    EXPECT_EQ(0u, kept());
}

TEST_F(Amqp_26_3, ExpiryDropsIt)
{
    declare(Table().add("x-message-ttl", 100));
    publish("one");
    node.settle();
    node.server->advance_ms(100);
    EXPECT_EQ(0u, kept());
}

TEST_F(Amqp_26_3, ALengthLimitDropsIt)
{
    declare(Table().add("x-max-length", 1));
    publish("one");
    publish("two");
    EXPECT_EQ(1u, kept());
    EXPECT_EQ("get-ok 1 redelivered [q] {delivery-mode=2} two left=0",
              peer().ask("basic.get queue=q"));
}

TEST_F(Amqp_26_3, WhatIsRefusedIsNotKept)
{
    declare(Table().add("x-max-length", 1).add("x-overflow", "reject-publish"));
    publish("one");
    publish("two");
    EXPECT_EQ(1u, kept());
}

TEST_F(Amqp_26_3, TheDeliveryLimitDropsIt)
{
    declare(Table().add("x-delivery-limit", 1));
    publish("one");
    for (int i = 1; i <= 2; i++) {
        peer().ask("basic.get queue=q");
        peer().ask("basic.nack requeue delivery-tag=" + std::to_string(i));
    }
    EXPECT_EQ(0u, kept());
}

/* ---- dead letters: new messages ---- */

TEST_F(Amqp_26_3, ADeadLetterIsKeptWhereItGoes)
{
    declare(Table().add("x-dead-letter-exchange", "").add("x-dead-letter-routing-key", "dead"));
    peer().ask("queue.declare durable queue=dead");
    publish("one");
    node.settle(peer());
    peer().ask("basic.get queue=q");
    peer().ask("basic.reject delivery-tag=1");
    EXPECT_EQ(1u, kept());
    EXPECT_EQ(record("q", "rejected"), "{" + deaths(peer(), "dead") + "}");
}

TEST_F(Amqp_26_3, WhatHasComeBackIsReadToBeDeadLettered)
{
    declare(Table()
                .add("x-dead-letter-exchange", "")
                .add("x-dead-letter-routing-key", "dead")
                .add("x-message-ttl", 1000));
    peer().ask("queue.declare durable queue=dead");
    publish("one");
    EXPECT_EQ(1u, kept());
    node.server->advance_ms(1000);
    EXPECT_EQ(1, ready(peer(), "dead"));
    EXPECT_EQ(1u, kept());
    EXPECT_EQ(0, ready(peer(), "q"));
}

/* ---- several queues ---- */

/* Queues "a", "b" and "c" behind a fanout exchange. */
class Amqp_26_3_Fanout : public Amqp_26_3 {
  public:
    Amqp_26_3_Fanout()
    {
        for (const char *name : {"a", "b", "c"}) {
            peer().ask(std::string("queue.declare durable queue=") + name);
            peer().ask(std::string("queue.bind exchange=amq.fanout queue=") + name);
        }
        node.settle(peer());
    }

    void
    take(const std::string &queue)
    {
        EXPECT_NE("basic.get-empty", peer().ask("basic.get no-ack queue=" + queue));
    }
};

TEST_F(Amqp_26_3_Fanout, AMessageIsWrittenOnce)
{
    uint64_t before = node.disk.used_bytes();

    peer().publish("amq.fanout", "", std::string(3000, 'x'), persistent);
    node.settle();
    EXPECT_LT(node.disk.used_bytes() - before, 3500u);
    EXPECT_EQ(1u, kept());
    for (const char *name : {"a", "b", "c"})
        EXPECT_EQ(1, ready(peer(), name));
}

TEST_F(Amqp_26_3_Fanout, EachQueueLetsGoOfItByItself)
{
    peer().publish("amq.fanout", "", "one", persistent);
    node.settle();
    take("a");
    EXPECT_EQ(1u, kept());
    EXPECT_EQ(0, ready(peer(), "a"));
    EXPECT_EQ(1, ready(peer(), "b"));
    take("b");
    EXPECT_EQ(1u, kept());
    take("c");
    EXPECT_EQ(0u, kept());
}

TEST_F(Amqp_26_3_Fanout, OneThatNeedsNoDiskDoesNotEndItForTheOthers)
{
    peer().ask("basic.consume no-ack queue=a");
    peer().publish("amq.fanout", "", "one", persistent);
    EXPECT_EQ(1u, kept());
    EXPECT_EQ(0, ready(peer(), "a"));
    EXPECT_EQ(1, ready(peer(), "b"));
    EXPECT_EQ(1, ready(peer(), "c"));
}

TEST_F(Amqp_26_3, WhatARecentHistoryTellsAgainIsAnotherMessage)
{
    declare();
    peer().ask("queue.declare durable queue=late");
    peer().ask("exchange.declare durable exchange=history type=x-recent-history");
    peer().ask("queue.bind exchange=history queue=q");
    peer().publish("history", "", "one", persistent);
    node.settle(peer());
    peer().ask("queue.bind exchange=history queue=late");
    peer().ask("queue.unbind exchange=history queue=q");
    peer().ask("queue.bind exchange=history queue=q");
    node.settle(peer());
    EXPECT_EQ(2, ready(peer(), "q"));
    EXPECT_EQ(3u, kept());
    EXPECT_EQ(2, ready(peer(), "q"));
    EXPECT_EQ(1, ready(peer(), "late"));
}
