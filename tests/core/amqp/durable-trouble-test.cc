/* A disk that is full, fails or is damaged: core/AMQP.md 24.1, 24.2, 11.9. */
#include "tests/core/amqp/dead.h"
#include "tests/core/amqp/durable.h"

static const std::string persistent = "delivery-mode=2";

static Login
told()
{
    Login login;

    login.capabilities = "connection.blocked";
    return login;
}

/* A broker with a queue, a publisher who is told why he waits, and a consumer. */
class Trouble {
  public:
    Trouble()
    {
        node.start();
        node.connect(told()).ask("confirm.select");
        node.connect();
        node.declare(publisher());
        consumer().ask("basic.consume queue=q consumer-tag=c");
    }

    Peer &
    publisher()
    {
        return *node.peers[0];
    }

    Peer &
    consumer()
    {
        return *node.peers[1];
    }

    std::string
    publish(const std::string &body)
    {
        return publisher().publish("", "q", body, persistent);
    }

    /* The message is in nobody's hands, and on its way to the disk. */
    void
    publish_unseen(const std::string &body)
    {
        consumer().ask("basic.cancel consumer-tag=c");
        EXPECT_EQ("", publish(body));
        EXPECT_EQ(1u, node.disk.n_pending());
    }

    Node node;
};

TEST(Amqp_24_1, LittleFreeSpaceIsAnAlarm)
{
    Trouble all;

    all.node.disk.capacity = all.node.disk.used_bytes() + GMQ_DISK_FREE_LEAST - 1;
    all.node.server->advance_ms(GMQ_DISK_RETRY_MS);
    all.node.server->turn();
    EXPECT_EQ("connection.blocked reason=\"low on disk\"", all.publish("one"));
    all.node.disk.capacity = UINT64_MAX;
    all.node.server->advance_ms(GMQ_DISK_RETRY_MS);
    EXPECT_EQ("connection.unblocked", all.publisher().read());
    EXPECT_EQ("deliver c 1 [q] {delivery-mode=2} one", all.consumer().read());
}

TEST(Amqp_24_1, HowMuchFreeSpaceThereIsToBeCanBeSaid)
{
    Trouble all;

    gmq_broker_set_disk_free_least(all.node.server->broker, 1000000000);
    all.node.disk.capacity = 900000000;
    all.node.server->advance_ms(GMQ_DISK_RETRY_MS);
    all.node.server->turn();
    EXPECT_EQ(GMQ_ALARM_BIT(GMQ_ALARM_DISK), gmq_broker_alarms(all.node.server->broker));
    gmq_broker_set_disk_free_least(all.node.server->broker, 0);
    all.node.server->advance_ms(GMQ_DISK_RETRY_MS);
    EXPECT_EQ(0u, gmq_broker_alarms(all.node.server->broker));
}

TEST(Amqp_24_1, AFullDiskHoldsPublishersUntilThereIsSpace)
{
    Trouble all;

    gmq_broker_set_disk_free_least(all.node.server->broker, 0);
    all.publish_unseen("one");
    all.node.disk.capacity = all.node.disk.used_bytes() + 10;
    all.node.write_one();
    EXPECT_EQ("", all.publisher().read());
    EXPECT_EQ("connection.blocked reason=\"low on disk\"", all.publish("two"));
    EXPECT_EQ("get-ok 1 [q] {delivery-mode=2} one left=0", all.consumer().ask("basic.get queue=q"));

    all.node.disk.capacity = UINT64_MAX;
    all.node.server->advance_ms(GMQ_DISK_RETRY_MS);
    EXPECT_EQ("connection.unblocked\nbasic.ack delivery-tag=1 multiple=0\n"
              "basic.ack delivery-tag=2 multiple=0",
              all.node.settle(all.publisher()));
    all.node.crash_and_start();
    EXPECT_EQ(2u, gmq_queue_ready_count(all.node.queue()));
}

TEST(Amqp_11_9, AFailedDiskIsANack)
{
    Trouble all;

    all.publish_unseen("one");
    all.node.write_one(GMQ_DISK_FAILED);
    EXPECT_EQ("basic.nack delivery-tag=1 multiple=0 requeue=1", all.publisher().read());
}

TEST(Amqp_11_9, WhatComesToAFailedDiskIsANackToo)
{
    Trouble all;

    all.publish_unseen("one");
    all.publisher().put(::publish(1, "", "q", "two", persistent));
    all.node.disk.is_failing = true;
    all.node.disk.complete_one([&](uint64_t ticket, GmqDiskResult result) {
        gmq_broker_stored(all.node.server->broker, ticket, result);
    });
    all.publisher().put(::publish(1, "", "q", "three", persistent));
    EXPECT_EQ("basic.nack delivery-tag=1 multiple=0 requeue=1\nbasic.nack delivery-tag=2 "
              "multiple=0 requeue=1\nbasic.nack delivery-tag=3 multiple=0 requeue=1",
              all.publisher().read());
}

TEST(Amqp_24_1, AFailedDiskHoldsPublishersForGood)
{
    Trouble all;

    all.publish_unseen("one");
    all.node.write_one(GMQ_DISK_FAILED);
    all.publisher().read();
    EXPECT_EQ("connection.blocked reason=\"the disk failed\"", all.publish("two"));
    all.node.server->advance_ms(100000);
    EXPECT_EQ("", all.publisher().read());
    EXPECT_NE(nullptr, gmq_broker_disk_trouble(all.node.server->broker));
}

TEST(Amqp_24_1, ConsumersGoOnWhenTheDiskHasFailed)
{
    Trouble all;

    all.publish_unseen("one");
    all.node.write_one(GMQ_DISK_FAILED);
    EXPECT_EQ("basic.consume-ok consumer-tag=c\ndeliver c 1 [q] {delivery-mode=2} one",
              all.consumer().ask("basic.consume queue=q consumer-tag=c"));
    EXPECT_EQ("", all.consumer().ask("basic.ack delivery-tag=1"));
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=1",
              all.consumer().ask("queue.declare passive queue=q"));
}

TEST(Amqp_24_1, WhoWaitsForAFailedDiskIsCutOff)
{
    Trouble all;

    EXPECT_EQ("", all.publisher().ask("queue.declare durable queue=r"));
    all.node.disk.is_failing = true;
    all.node.write_one();
    EXPECT_TRUE(all.publisher().is_aborted());
    EXPECT_FALSE(all.consumer().is_aborted());
    EXPECT_EQ("", all.consumer().ask("queue.declare durable queue=s"));
    EXPECT_TRUE(all.consumer().is_aborted());
}

TEST(Amqp_24_2, ReasonsAreNamedTogether)
{
    char storage[GMQ_ALARM_REASON_SIZE];
    auto reason = [&storage](unsigned on) {
        return FakeHost::to_string(gmq_alarm_reason(on, storage));
    };

    EXPECT_EQ("the disk failed", reason(GMQ_ALARM_BIT(GMQ_ALARM_FAILURE)));
    EXPECT_EQ("low on disk & memory, the disk failed", reason((1u << GMQ_N_ALARMS) - 1));
}

/* ---- damage that comes while the broker runs ---- */

static void
damage(Node &node)
{
    for (const std::string &name : node.disk.names()) {
        std::string &bytes = node.disk.bytes(name);
        size_t at          = bytes.find("recious");

        if (at != std::string::npos)
            bytes[at - 1] ^= 1;
    }
}

/* What stands near the beginning is in memory once the journal is open. */
static void
fill_up(Node &node, Peer &peer)
{
    node.declare(peer, "other");
    peer.publish("", "other", std::string(300000, 'x'), persistent);
}

TEST(Amqp_E3, AQueueStopsAtAMessageThatCannotBeRead)
{
    Node node;
    node.start();
    Peer &peer = node.connect();
    node.declare(peer);
    fill_up(node, peer);
    peer.publish("", "q", "precious", persistent);
    peer.publish("", "q", "next", persistent);
    node.settle();
    node.restart();
    node.server->fake.listen(true);
    damage(node);
    Peer &other = node.connect(told());
    EXPECT_EQ("basic.get-empty", other.ask("basic.get queue=q"));
    EXPECT_TRUE(node.queue()->is_paused);
    EXPECT_EQ(2, ready(other, "q"));
    EXPECT_EQ(1u, node.server->fake.take_events("unreadable").size());
    EXPECT_NE(nullptr, gmq_broker_disk_trouble(node.server->broker));
    EXPECT_EQ("connection.blocked reason=\"the disk failed\"", other.publish("", "q", "more"));
}

TEST(Amqp_E3, ResumingIsAnotherTry)
{
    Node node;
    node.start();
    Peer &peer = node.connect();
    node.declare(peer);
    fill_up(node, peer);
    peer.publish("", "q", "precious", persistent);
    node.settle();
    node.restart();
    damage(node);
    Peer &other = node.connect();
    EXPECT_EQ("basic.consume-ok consumer-tag=c", other.ask("basic.consume queue=q consumer-tag=c"));
    EXPECT_TRUE(node.queue()->is_paused);
    damage(node); /* once more, and it is as it was */
    gmq_queue_resume(node.queue());
    node.server->turn();
    EXPECT_EQ("deliver c 1 [q] {delivery-mode=2} precious", other.read());
}
