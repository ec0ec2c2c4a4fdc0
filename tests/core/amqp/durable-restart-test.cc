/* What a broker is like that has been started again: core/AMQP.md 16.8, 26.1, 26.2. */
#include "tests/core/amqp/dead.h"
#include "tests/core/amqp/durable.h"

static const std::string persistent = "delivery-mode=2";

/* All that is ready in the queue, one after the other: "one two". */
static std::string
drain(Peer &peer, const std::string &queue = "q")
{
    std::string bodies;

    for (;;) {
        std::string got = peer.ask("basic.get no-ack queue=" + queue);

        if (got == "basic.get-empty")
            return bodies;
        std::string body = between(got, "} ", " left=");
        bodies += (bodies.empty() ? "" : " ") + body;
        if (got.find(" redelivered ") != std::string::npos)
            bodies += "!";
    }
}

static void
fill(Node &node, const std::vector<std::string> &bodies, const std::string &arguments = "")
{
    Peer &peer = node.connect();

    node.declare(peer, "q", arguments);
    for (const std::string &body : bodies)
        peer.publish("", "q", body, persistent);
    node.settle(peer);
}

TEST(Amqp_26_1, OrderStays)
{
    Node node;
    node.start();
    fill(node, {"a", "b", "c", "d"});
    node.restart();
    EXPECT_TRUE(node.report.was_clean);
    EXPECT_EQ("a b c d", drain(node.connect()));
}

TEST(Amqp_26_1, OrderStaysWhereAMessageWasRequeued)
{
    Node node;
    node.start();
    fill(node, {"a", "b", "c"});
    Peer &peer = node.connect();
    peer.ask("basic.get queue=q");
    peer.ask("basic.get queue=q");
    peer.ask("basic.ack delivery-tag=2");
    peer.ask("basic.nack requeue delivery-tag=1");
    node.restart();
    EXPECT_EQ("a! c", drain(node.connect()));
}

TEST(Amqp_26_1, PrioritiesStay)
{
    Node node;
    node.start();
    Peer &peer = node.connect();
    node.declare(peer, "q", Table().add("x-max-priority", 5));
    for (int priority : {0, 3, 9, 3, 1})
        peer.publish("", "q", "p" + std::to_string(priority),
                     persistent + " priority=" + std::to_string(priority));
    node.settle();
    node.restart();
    EXPECT_EQ("p9 p3 p3 p1 p0", drain(node.connect()));
}

TEST(Amqp_26_1, NewMessagesComeBehindOldOnes)
{
    Node node;
    node.start();
    fill(node, {"a", "b"});
    node.restart();
    Peer &peer = node.connect();
    peer.publish("", "q", "c", persistent);
    node.settle();
    node.restart();
    EXPECT_EQ("a b c", drain(node.connect()));
    EXPECT_EQ(0u, node.stats().staged);
}

TEST(Amqp_26_1, ManyStartsChangeNothing)
{
    Node node;
    node.start();
    fill(node, {"a", "b"});
    for (int i = 0; i < 5; i++) {
        i % 2 == 0 ? node.stop() : node.crash();
        node.start();
        EXPECT_EQ(2u, node.stats().messages);
    }
    EXPECT_EQ("a! b!", drain(node.connect()));
}

TEST(Amqp_26_1, TimeGoesOnWhileTheBrokerIsDown)
{
    Node node;
    node.start();
    fill(node, {"a"}, Table().add("x-message-ttl", 10000));
    node.stop();
    node.wall_ms += 5000;
    node.start();
    node.server->advance_ms(1000);
    Peer &peer = node.connect();
    EXPECT_EQ(1, ready(peer, "q"));
    node.server->advance_ms(4000);
    EXPECT_EQ(0, ready(peer, "q"));
    node.settle();
    EXPECT_EQ(0u, node.stats().messages);
}

TEST(Amqp_26_1, WhatExpiredMeanwhileIsGone)
{
    Node node;
    node.start();
    fill(node, {"a"}, Table().add("x-message-ttl", 10000));
    node.stop();
    node.wall_ms += 10000;
    node.start();
    EXPECT_EQ(0u, gmq_queue_ready_count(node.queue()));
    EXPECT_EQ(0u, node.stats().messages);
}

TEST(Amqp_26_1, ALimitCountsWhatCameBack)
{
    Node node;
    node.start();
    fill(node, {"a", "bb"}, Table().add("x-max-length-bytes", 5));
    node.restart();
    Peer &peer = node.connect();
    peer.publish("", "q", "ccc", persistent);
    EXPECT_EQ("bb ccc", drain(peer));
}

TEST(Amqp_26_1, MessageNumbersGoOn)
{
    Node node;
    node.start();
    fill(node, {"a", "b", "c"});
    node.stop();
    node.is_watched = true;
    node.start();
    std::vector<std::string> events = node.server->fake.take_events();
    EXPECT_EQ(1, std::count(events.begin(), events.end(), "recover q #3 ready=3"));
    EXPECT_EQ(
        1, std::count(events.begin(), events.end(), "broker.started broker messages=3 how=clean"));
    Peer &peer = node.connect();
    peer.publish("", "q", "d", persistent);
    EXPECT_EQ("store #4", node.server->fake.take_events("store").size() == 0
                              ? (node.settle(), node.server->fake.take_events("store").back())
                              : "early");
}

/* ---- 16.8 ---- */

TEST(Amqp_16_8, ACleanStopKeepsWhoWasDelivered)
{
    Node node;
    node.start();
    fill(node, {"a", "b"});
    node.connect().ask("basic.get queue=q"); /* is given back when the broker stops */
    node.restart();
    EXPECT_EQ("a! b", drain(node.connect()));
}

TEST(Amqp_16_8, ARequeuedMessageStaysRedelivered)
{
    Node node;
    node.start();
    fill(node, {"a", "b"});
    Peer &peer = node.connect();
    peer.ask("basic.get queue=q");
    peer.ask("basic.nack requeue delivery-tag=1");
    node.restart();
    node.restart();
    EXPECT_EQ("a! b", drain(node.connect()));
}

TEST(Amqp_16_8, AfterACrashAllMayHaveBeenDelivered)
{
    Node node;
    node.start();
    fill(node, {"a", "b"});
    node.crash_and_start();
    EXPECT_FALSE(node.report.was_clean);
    EXPECT_EQ("a! b!", drain(node.connect()));
}

TEST(Amqp_16_8, TheDeliveryCountStays)
{
    Node node;
    node.start();
    fill(node, {"a"}, Table().add("x-delivery-limit", 3));
    for (int i = 1; i <= 2; i++) {
        Peer &peer = node.connect();
        peer.ask("basic.get queue=q");
        peer.ask("basic.nack requeue delivery-tag=1");
    }
    node.settle();
    node.crash_and_start();
    Peer &peer = node.connect();
    EXPECT_EQ("get-ok 1 redelivered [q] {headers={x-delivery-count: 2} delivery-mode=2} a left=0",
              peer.ask("basic.get queue=q"));
    peer.ask("basic.nack requeue delivery-tag=1");
    node.restart();
    Peer &last = node.connect();
    EXPECT_EQ("get-ok 1 redelivered [q] {headers={x-delivery-count: 3} delivery-mode=2} a left=0",
              last.ask("basic.get queue=q"));
    last.ask("basic.nack requeue delivery-tag=1");
    EXPECT_EQ(0, ready(last, "q"));
}

/* ---- 26.2 ---- */

TEST(Amqp_26_2, WhatWasConfirmedIsThere)
{
    Node node;
    node.start();
    Peer &peer = node.connect_confirming();
    node.declare(peer);
    peer.publish("", "q", "confirmed", persistent);
    node.write_one();
    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0", peer.read());
    peer.publish("", "q", "not", persistent);
    node.crash_and_start();
    EXPECT_EQ("confirmed!", drain(node.connect()));
}

TEST(Amqp_26_2, AnAckThatDidNotReachTheDiskBringsTheMessageAgain)
{
    Node node;
    node.start();
    fill(node, {"a", "b"});
    Peer &peer = node.connect();
    peer.ask("basic.get queue=q");
    peer.ask("basic.ack delivery-tag=1");
    node.crash_and_start();
    EXPECT_EQ("a! b!", drain(node.connect()));
}

TEST(Amqp_26_2, AnAckReachesTheDiskSoon)
{
    Node node;
    node.start();
    fill(node, {"a", "b"});
    Peer &peer = node.connect();
    peer.ask("basic.get queue=q");
    peer.ask("basic.ack delivery-tag=1");
    node.server->advance_ms(GMQ_SETTLE_WAIT_MS);
    node.write_one();
    node.crash_and_start();
    EXPECT_EQ("b!", drain(node.connect()));
}

TEST(Amqp_26_1, ADeclarationIsAnsweredWhenItIsOnTheDisk)
{
    Node node;
    node.start();
    Peer &peer  = node.connect();
    Peer &other = node.connect();

    EXPECT_EQ("", peer.ask("queue.declare durable queue=q"));
    EXPECT_EQ("", other.ask("queue.declare durable queue=q"));
    EXPECT_EQ("", peer.ask("queue.bind queue=q exchange=amq.direct routing-key=k"));
    EXPECT_EQ(1u, node.disk.n_pending());
    node.write_one();
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0", other.read());
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0\nqueue.bind-ok", node.settle(peer));
}

TEST(Amqp_26_1, WhatIsNotDurableIsAnsweredAtOnce)
{
    Node node;
    node.start();
    Peer &peer = node.connect();

    EXPECT_EQ("queue.declare-ok t messages=0 consumers=0", peer.ask("queue.declare queue=t"));
    EXPECT_EQ("queue.declare-ok x messages=0 consumers=0",
              peer.ask("queue.declare durable exclusive queue=x"));
}
