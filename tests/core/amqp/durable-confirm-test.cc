/* Confirms and commits that wait for the disk: core/AMQP.md 11.9, 12.4. */
#include "tests/core/amqp/durable.h"

static const std::string persistent = "delivery-mode=2";

TEST(Amqp_11_9, APersistentMessageIsConfirmedWhenItIsOnTheDisk)
{
    Node node;
    node.start();
    Peer &peer = node.connect_confirming();
    node.declare(peer);

    EXPECT_EQ("", peer.publish("", "q", "one", persistent));
    EXPECT_EQ(1u, node.disk.n_pending());
    EXPECT_EQ("", peer.read());
    node.write_one();
    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0", peer.read());
}

TEST(Amqp_11_9, OthersAreConfirmedAtOnce)
{
    Node node;
    node.start();
    Peer &peer = node.connect_confirming();
    node.declare(peer);
    peer.ask("queue.declare queue=loose");

    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0", peer.publish("", "q", "transient"));
    EXPECT_EQ("basic.ack delivery-tag=2 multiple=0",
              peer.publish("", "loose", "not kept", persistent));
    EXPECT_EQ("basic.ack delivery-tag=3 multiple=0",
              peer.publish("", "nowhere", "unroutable", persistent));
    EXPECT_EQ(0u, node.disk.n_pending());
}

TEST(Amqp_11_9, OneAnswerCoversABatch)
{
    Node node;
    node.start();
    Peer &peer = node.connect_confirming();
    node.declare(peer);

    peer.publish("", "q", "one", persistent);
    peer.publish("", "q", "two", persistent);
    EXPECT_EQ("", peer.publish("", "q", "three", persistent));
    node.write_one();
    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0", peer.read());
    node.write_one();
    EXPECT_EQ("basic.ack delivery-tag=3 multiple=1", peer.read());
}

TEST(Amqp_11_9, WhatIsSafeIsNotHeldUpByWhatIsNot)
{
    Node node;
    node.start();
    Peer &peer = node.connect_confirming();
    node.declare(peer);

    peer.publish("", "q", "slow", persistent);
    EXPECT_EQ("basic.ack delivery-tag=2 multiple=0", peer.publish("", "q", "fast"));
    EXPECT_EQ("basic.ack delivery-tag=3 multiple=0", peer.publish("", "q", "fast too"));
    peer.publish("", "q", "slow again", persistent);
    EXPECT_EQ("basic.ack delivery-tag=5 multiple=0", peer.publish("", "q", "fast"));
    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0\nbasic.ack delivery-tag=4 multiple=0",
              node.settle(peer));
}

TEST(Amqp_11_9, AnAckIsAsGoodAsTheDisk)
{
    Node node;
    node.start();
    Peer &peer     = node.connect_confirming();
    Peer &consumer = node.connect();
    node.declare(peer);
    consumer.ask("basic.consume queue=q consumer-tag=c");

    EXPECT_EQ("", peer.publish("", "q", "one", persistent));
    EXPECT_EQ("deliver c 1 [q] {delivery-mode=2} one", consumer.read());
    consumer.ask("basic.ack delivery-tag=1");
    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0", peer.read());
    EXPECT_EQ(0u, node.disk.n_pending());
    EXPECT_EQ(0u, node.stats().messages);
}

TEST(Amqp_11_9, ADeadLetterIsWaitedForInPlaceOfWhatDied)
{
    Node node;
    node.start();
    Peer &peer     = node.connect_confirming();
    Peer &consumer = node.connect();
    node.declare(peer, "dead");
    peer.ask("queue.declare durable queue=q",
             Table().add("x-dead-letter-exchange", "").add("x-dead-letter-routing-key", "dead"));
    node.settle(peer);
    consumer.ask("basic.consume queue=q consumer-tag=c");

    EXPECT_EQ("", peer.publish("", "q", "one", persistent));
    EXPECT_EQ("deliver c 1 [q] {delivery-mode=2} one", consumer.read());
    consumer.ask("basic.reject delivery-tag=1");
    EXPECT_EQ("", peer.read());
    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0", node.settle(peer));
    node.crash();
    node.start();
    EXPECT_EQ(1u, node.stats().messages);
}

/* It dies before anybody could wait for it. */
TEST(Amqp_11_9, ADeadLetterIsWaitedForThoughItsMessageDiedAtOnce)
{
    for (const char *limit : {"x-max-length", "x-message-ttl"}) {
        Node node;
        node.start();
        Peer &peer = node.connect_confirming();
        node.declare(peer, "dead");
        peer.ask("queue.declare durable queue=q", Table()
                                                      .add(limit, int64_t{0})
                                                      .add("x-dead-letter-exchange", "")
                                                      .add("x-dead-letter-routing-key", "dead"));
        node.settle(peer);

        EXPECT_EQ("", peer.publish("", "q", "one", persistent)) << limit;
        EXPECT_EQ("basic.ack delivery-tag=1 multiple=0", node.settle(peer)) << limit;
        node.crash();
        node.start();
        EXPECT_EQ(1u, node.stats().messages) << limit;
    }
}

TEST(Amqp_11_9, WhoAcksByItselfNeedsNoDisk)
{
    Node node;
    node.start();
    Peer &peer     = node.connect_confirming();
    Peer &consumer = node.connect();
    node.declare(peer);
    consumer.ask("basic.consume no-ack queue=q consumer-tag=c");
    uint64_t batches = node.stats().batches;

    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0", peer.publish("", "q", "one", persistent));
    node.settle();
    EXPECT_EQ(batches, node.stats().batches);
}

TEST(Amqp_11_9, AllQueuesAreWaitedFor)
{
    Node node;
    node.start();
    Peer &peer     = node.connect_confirming();
    Peer &consumer = node.connect();
    node.declare(peer, "a");
    node.declare(peer, "b");
    peer.ask("queue.bind queue=a exchange=amq.fanout");
    peer.ask("queue.bind queue=b exchange=amq.fanout");
    node.settle();
    peer.read();
    consumer.ask("basic.consume no-ack queue=a consumer-tag=c");

    EXPECT_EQ("", peer.publish("amq.fanout", "", "one", persistent));
    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0", node.settle(peer));
    EXPECT_EQ("queue.purge-ok message-count=1", peer.ask("queue.purge queue=b"));
}

TEST(Amqp_11_9, AConsumerThatTakesItsTimeDoesNotDelayTheConfirmForLong)
{
    Node node;
    node.start();
    Peer &peer     = node.connect_confirming();
    Peer &consumer = node.connect();
    node.declare(peer);
    consumer.ask("basic.consume queue=q consumer-tag=c");

    EXPECT_EQ("", peer.publish("", "q", "one", persistent));
    EXPECT_EQ(0u, node.disk.n_pending());
    node.server->advance_ms(GMQ_COMMIT_WAIT_MS);
    EXPECT_EQ(1u, node.disk.n_pending());
    node.write_one();
    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0", peer.read());
}

TEST(Amqp_11_9, AChannelThatIsGoneIsNotTold)
{
    Node node;
    node.start();
    Peer &peer = node.connect_confirming();
    node.declare(peer);

    peer.publish("", "q", "one", persistent);
    EXPECT_EQ("channel.close-ok", peer.ask("channel.close reply-code=200"));
    EXPECT_EQ("", node.settle(peer));
    peer.ask("channel.open");
    EXPECT_EQ("get-ok 1 [q] {delivery-mode=2} one left=0", peer.ask("basic.get queue=q"));
}

TEST(Amqp_11_9, AConnectionThatIsGoneIsNotTold)
{
    Node node;
    node.start();
    Peer &peer  = node.connect_confirming();
    Peer &other = node.connect();
    node.declare(peer);

    peer.publish("", "q", "one", persistent);
    peer.lose();
    node.settle();
    EXPECT_EQ("get-ok 1 [q] {delivery-mode=2} one left=0", other.ask("basic.get queue=q"));
}

TEST(Amqp_11_9, ManyThatWaitAreAnsweredInTheEnd)
{
    Node node;
    node.start();
    Peer &peer = node.connect_confirming();
    node.declare(peer);
    std::string bytes;

    for (int i = 0; i < 1000; i++)
        bytes += publish(1, "", "q", "m", i % 10 == 9 ? "" : persistent);
    std::string heard = peer.send(bytes);
    EXPECT_EQ(
        0u,
        heard.find("basic.ack delivery-tag=10 multiple=0\nbasic.ack delivery-tag=20 multiple=0\n"));
    heard = node.settle(peer);
    EXPECT_EQ("basic.ack delivery-tag=999 multiple=1", heard);
}

/* ---- transactions ---- */

TEST(Amqp_12_4, ACommitIsOnTheDisk)
{
    Node node;
    node.start();
    Peer &peer = node.connect();
    node.declare(peer);
    peer.ask("tx.select");

    EXPECT_EQ("", peer.publish("", "q", "one", persistent));
    EXPECT_EQ(0u, node.disk.n_pending());
    EXPECT_EQ("", peer.ask("tx.commit"));
    node.write_one();
    EXPECT_EQ("tx.commit-ok", peer.read());
    node.crash_and_start();
    EXPECT_EQ(1u, gmq_queue_ready_count(node.queue()));
}

TEST(Amqp_12_4, ACommitWithoutAnythingIsAnsweredAtOnce)
{
    Node node;
    node.start();
    Peer &peer = node.connect();
    node.declare(peer);
    peer.ask("tx.select");

    EXPECT_EQ("tx.commit-ok", peer.ask("tx.commit"));
}

TEST(Amqp_12_4, CommittedAcksAreOnTheDisk)
{
    Node node;
    node.start();
    Peer &peer = node.connect_confirming();
    node.declare(peer);
    peer.publish("", "q", "one", persistent);
    node.settle(peer);
    Peer &consumer = node.connect();
    consumer.ask("tx.select");
    consumer.ask("basic.get queue=q");
    consumer.ask("basic.ack delivery-tag=1");

    EXPECT_EQ("", consumer.ask("tx.commit"));
    node.write_one();
    EXPECT_EQ("tx.commit-ok", consumer.read());
    node.crash_and_start();
    EXPECT_EQ(0u, gmq_queue_ready_count(node.queue()));
}
