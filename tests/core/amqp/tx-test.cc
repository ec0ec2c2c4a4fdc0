/* Transactions: core/AMQP.md 12. */
#include "tests/core/amqp/peer.h"

/* A channel in a transaction, beside a queue "q" with two messages, and another channel, 2. */
class Transaction : public testing::Test {
  protected:
    Transaction() : peer(server)
    {
        peer.ask(2, "channel.open");
        peer.ask("queue.declare queue=q");
        peer.publish("", "q", "one");
        peer.publish("", "q", "two");
        peer.ask("tx.select");
    }

    /* How many messages are ready. */
    int
    ready(const std::string &queue = "q")
    {
        std::string reply = peer.ask(2, "queue.declare passive queue=" + queue);

        return std::stoi(reply.substr(reply.find("messages=") + 9));
    }

    Server server;
    Peer peer;
};

class Amqp_12_1 : public Transaction {};
class Amqp_12_2 : public Transaction {};
class Amqp_12_3 : public Transaction {};
class Amqp_12_4 : public Transaction {};
class Amqp_12_5 : public Transaction {};
class Amqp_12_6 : public Transaction {};
class Amqp_12_7 : public Transaction {};

TEST_F(Amqp_12_1, SelectingTwiceIsFine)
{
    EXPECT_EQ("tx.select-ok", peer.ask("tx.select"));
    EXPECT_EQ("tx.commit-ok", peer.ask("tx.commit"));
}

TEST_F(Amqp_12_1, ConfirmsAndTransactionsExcludeEachOther)
{
    EXPECT_EQ("channel.close 406 85,10 PRECONDITION_FAILED - cannot switch from tx to confirm mode",
              peer.ask("confirm.select"));
    peer.ask(2, "confirm.select");
    EXPECT_EQ(
        "#2 channel.close 406 90,10 PRECONDITION_FAILED - cannot switch from confirm to tx mode",
        peer.ask(2, "tx.select"));
}

TEST_F(Amqp_12_1, WithoutSelectThereIsNothingToCommit)
{
    EXPECT_EQ("#2 channel.close 406 90,20 PRECONDITION_FAILED - channel is not transactional",
              peer.ask(2, "tx.commit"));
    peer.ask(3, "channel.open");
    EXPECT_EQ("#3 channel.close 406 90,30 PRECONDITION_FAILED - channel is not transactional",
              peer.ask(3, "tx.rollback"));
}

TEST_F(Amqp_12_2, PublishesWaitForTheCommit)
{
    peer.publish("", "q", "three");
    peer.publish("", "q", "four");
    EXPECT_EQ(2, ready());
    EXPECT_EQ("tx.commit-ok", peer.ask("tx.commit"));
    EXPECT_EQ(4, ready());
    EXPECT_EQ("tx.commit-ok", peer.ask("tx.commit"));
    EXPECT_EQ(4, ready());
}

TEST_F(Amqp_12_2, AcksWaitForTheCommit)
{
    peer.ask("basic.get queue=q");
    peer.ask("basic.ack delivery-tag=1");
    peer.ask("tx.commit");
    EXPECT_EQ("channel.close 406", brief(peer.ask("basic.ack delivery-tag=1")));
    EXPECT_EQ(1, ready());
}

TEST_F(Amqp_12_2, RequeuesWaitForTheCommit)
{
    peer.ask("basic.get queue=q");
    peer.ask("basic.nack delivery-tag=1 requeue");
    EXPECT_EQ(1, ready());
    peer.ask("tx.commit");
    EXPECT_EQ(2, ready());
    EXPECT_EQ("get-ok 2 redelivered [q] one left=1", peer.ask("basic.get queue=q"));
}

TEST_F(Amqp_12_2, RejectsWaitForTheCommit)
{
    peer.ask(2, "queue.declare queue=dead");
    peer.ask(2, "queue.declare queue=t",
             Table().add("x-dead-letter-exchange", "").add("x-dead-letter-routing-key", "dead"));
    peer.send(publish(2, "", "t", "x"));
    peer.ask("basic.get queue=t");
    peer.ask("basic.reject delivery-tag=1");
    EXPECT_EQ(0, ready("dead"));
    EXPECT_EQ("tx.commit-ok", peer.ask("tx.commit"));
    EXPECT_EQ(1, ready("dead"));
}

TEST_F(Amqp_12_2, AWrongPublishIsToldAtOnce)
{
    EXPECT_EQ("channel.close 404 60,40 NOT_FOUND - no exchange 'nix' in vhost '/'",
              peer.publish("nix", "", "x"));
}

TEST_F(Amqp_12_2, RoutesAreThoseOfThePublish)
{
    peer.ask("queue.declare queue=r");
    peer.ask("queue.bind queue=q exchange=amq.fanout");
    peer.publish("amq.fanout", "", "three");
    peer.ask("queue.unbind queue=q exchange=amq.fanout");
    peer.ask("queue.bind queue=r exchange=amq.fanout");
    peer.ask("tx.commit");
    EXPECT_EQ(3, ready());
    EXPECT_EQ(0, ready("r"));
}

TEST_F(Amqp_12_2, ReturnsComeBeforeTheCommitOk)
{
    EXPECT_EQ("", peer.send(say(1, "basic.publish routing-key=nix mandatory") + content(1, "x")));
    EXPECT_EQ("return 312 NO_ROUTE [nix] x\ntx.commit-ok", peer.ask("tx.commit"));
}

TEST_F(Amqp_12_2, AQueueThatIsGoneAtTheCommitIsNoQueue)
{
    peer.send(say(1, "basic.publish routing-key=q mandatory") + content(1, "x", "expiration=9"));
    peer.ask(2, "queue.delete queue=q");
    EXPECT_EQ("return 312 NO_ROUTE [q] {expiration=\"9\"} x\ntx.commit-ok", peer.ask("tx.commit"));
    EXPECT_EQ(INT64_MAX, server.fake.wake_ns);
}

TEST_F(Amqp_12_2, AQueueThatWasMadeAnewTakesItsPlace)
{
    peer.publish("", "q", "x");
    peer.ask(2, "queue.delete queue=q");
    peer.ask(2, "queue.declare queue=q");
    EXPECT_EQ("tx.commit-ok", peer.ask("tx.commit"));
    EXPECT_EQ(1, ready());
}

TEST_F(Amqp_12_3, DeliveriesAndDeclarationsDoNotWait)
{
    EXPECT_EQ("queue.purge-ok message-count=2", peer.ask("queue.purge queue=q"));
    EXPECT_EQ("basic.consume-ok consumer-tag=c", peer.ask("basic.consume queue=q consumer-tag=c"));
    EXPECT_EQ("deliver c 1 [q] x", peer.send(publish(2, "", "q", "x")));
    peer.ask("queue.declare queue=r");
    EXPECT_EQ("tx.rollback-ok", peer.ask("tx.rollback"));
    EXPECT_EQ(0, ready("r"));
}

TEST_F(Amqp_12_4, ARefusalIsAPartialCommit)
{
    peer.ask(2, "queue.declare queue=small",
             Table().add("x-max-length", 1).add("x-overflow", "reject-publish"));
    peer.publish("", "small", "x");
    peer.publish("", "small", "y");
    peer.publish("", "q", "z");
    peer.ask("basic.get queue=q");
    peer.ask("basic.ack delivery-tag=1");
    EXPECT_EQ("channel.close 406 90,20 PRECONDITION_FAILED - partial tx completion",
              peer.ask("tx.commit"));
    EXPECT_EQ(1, ready("small"));
    EXPECT_EQ(2, ready());
}

TEST_F(Amqp_12_5, PublishesAreDropped)
{
    peer.publish("", "q", "x");
    EXPECT_EQ("tx.rollback-ok", peer.ask("tx.rollback"));
    EXPECT_EQ("tx.commit-ok", peer.ask("tx.commit"));
    EXPECT_EQ(2, ready());
}

TEST_F(Amqp_12_5, AcksAreOutAgain)
{
    peer.ask("basic.get queue=q");
    peer.ask("basic.get queue=q");
    peer.ask("basic.ack delivery-tag=2");
    peer.ask("basic.nack delivery-tag=1 requeue");
    EXPECT_EQ("tx.rollback-ok", peer.ask("tx.rollback"));
    EXPECT_EQ(0, ready());
    EXPECT_EQ("", peer.ask("basic.ack delivery-tag=2 multiple"));
    EXPECT_EQ("tx.commit-ok", peer.ask("tx.commit"));
    EXPECT_EQ(0, ready());
}

TEST_F(Amqp_12_5, PrefetchCountsUntilTheCommit)
{
    peer.ask("basic.qos prefetch-count=1");
    EXPECT_EQ("basic.consume-ok consumer-tag=c\ndeliver c 1 [q] one",
              peer.ask("basic.consume queue=q consumer-tag=c"));
    EXPECT_EQ("", peer.ask("basic.ack delivery-tag=1"));
    EXPECT_EQ("tx.rollback-ok", peer.ask("tx.rollback"));
    EXPECT_EQ("", peer.ask("basic.ack delivery-tag=1"));
    EXPECT_EQ("tx.commit-ok\ndeliver c 2 [q] two", peer.ask("tx.commit"));
}

TEST_F(Amqp_12_5, ASharedPrefetchToo)
{
    peer.ask("basic.qos prefetch-count=1 global");
    peer.ask("basic.consume queue=q consumer-tag=c");
    EXPECT_EQ("", peer.ask("basic.ack delivery-tag=1"));
    EXPECT_EQ("tx.rollback-ok", peer.ask("tx.rollback"));
    EXPECT_EQ("", peer.ask("basic.nack delivery-tag=1 multiple requeue"));
    EXPECT_EQ("tx.commit-ok\ndeliver c 2 redelivered [q] one", peer.ask("tx.commit"));
}

TEST_F(Amqp_12_5, ClosingTheChannelRollsBack)
{
    peer.publish("", "q", "x");
    peer.ask("basic.get queue=q");
    peer.ask("basic.get queue=q");
    peer.ask("basic.ack delivery-tag=2");
    peer.ask("basic.ack delivery-tag=1");
    EXPECT_EQ("channel.close-ok", peer.ask("channel.close"));
    EXPECT_EQ(2, ready());
    EXPECT_EQ("#2 get-ok 1 redelivered [q] one left=1", peer.ask(2, "basic.get queue=q"));
}

TEST_F(Amqp_12_5, LosingTheConnectionRollsBack)
{
    Peer other(server);

    other.ask("tx.select");
    other.ask("basic.get queue=q");
    other.ask("basic.ack delivery-tag=1");
    other.publish("", "q", "x");
    other.lose();
    EXPECT_EQ(2, ready());
}

TEST_F(Amqp_12_5, AConsumerThatWasCancelledKeepsItsHeldAcks)
{
    peer.ask("basic.consume queue=q consumer-tag=c");
    peer.ask("basic.ack delivery-tag=2 multiple");
    peer.ask("basic.cancel consumer-tag=c");
    peer.ask("tx.rollback");
    EXPECT_EQ(0, ready());
    peer.ask("basic.nack delivery-tag=0 multiple requeue");
    peer.ask("tx.commit");
    EXPECT_EQ(2, ready());
}

/* What is recovered is what is out and not held by the transaction. */
TEST_F(Amqp_12_5, RecoverLeavesHeldAcksAlone)
{
    peer.ask("basic.get queue=q");
    peer.ask("basic.get queue=q");
    peer.ask("basic.ack delivery-tag=1");
    EXPECT_EQ("basic.recover-ok", peer.ask("basic.recover requeue"));
    EXPECT_EQ(1, ready());
    EXPECT_EQ("tx.rollback-ok", peer.ask("tx.rollback"));
    EXPECT_EQ("basic.recover-ok", peer.ask("basic.recover requeue"));
    EXPECT_EQ(2, ready());
}

/* A commit is through before the next method is looked at, so none can come in between. */
TEST_F(Amqp_12_6, WhatIsSentBehindACommitFollowsIt)
{
    peer.put(publish(1, "", "q", "three"));
    peer.put(say(1, "tx.commit"));
    peer.put(say(1, "queue.declare passive queue=q"));
    EXPECT_EQ("tx.commit-ok\nqueue.declare-ok q messages=3 consumers=0", peer.read());
}

TEST_F(Amqp_12_7, AnUnknownTagIsToldAtOnce)
{
    EXPECT_EQ("channel.close 406 60,80 PRECONDITION_FAILED - unknown delivery tag 1",
              peer.ask("basic.ack delivery-tag=1"));
}

TEST_F(Amqp_12_7, ATagThatIsHeldIsUnknown)
{
    peer.ask("basic.get queue=q");
    peer.ask("basic.ack delivery-tag=1");
    EXPECT_EQ("channel.close 406 60,80 PRECONDITION_FAILED - unknown delivery tag 1",
              peer.ask("basic.ack delivery-tag=1"));
    EXPECT_EQ(2, ready());
}
