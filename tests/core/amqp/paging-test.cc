/* Messages leave memory when it runs short, and come back in order: core/AMQP.md 24.5. */
#include "core/base/limits.h"
#include "tests/core/amqp/durable.h"

static const uint64_t LIMIT = 200000;

/* A broker that may hold few messages in memory, with a client. */
class Paging : public testing::Test {
  protected:
    Paging()
    {
        node.start();
        gmq_broker_set_memory_limit(node.server->broker, LIMIT);
        peer = &node.connect();
    }

    /* The body of a message: its number, and so long that it can be shown. */
    static std::string
    body(int number)
    {
        std::string text = std::to_string(number);

        return text + std::string(60 - text.size(), '.');
    }

    /* Publishes messages of these numbers, some in a turn, and the disk does what it can. */
    void
    fill(const std::string &queue, int first, int count, const std::string &properties = "",
         const std::string &exchange = "")
    {
        std::string bytes;

        for (int i = first; i < first + count; i++) {
            bytes += publish(1, exchange, queue, body(i), properties);
            if (i % 50 != 49 && i != first + count - 1)
                continue;
            peer->send(bytes);
            bytes.clear();
            node.settle();
            node.server->advance_ms(GMQ_ALARM_LEAST_MS); /* publishers wait under an alarm */
            node.settle();
        }
    }

    /* The number of the next message; -1 when there is none. */
    int
    get(const std::string &queue = "q")
    {
        std::string line = peer->ask("basic.get no-ack queue=" + queue);
        size_t end       = line.find("...");

        if (line.rfind("get-ok", 0) != 0 || end == std::string::npos)
            return -1;
        return std::stoi(line.substr(line.rfind(' ', end) + 1));
    }

    void
    expect_drains(int first, int count, const std::string &queue = "q")
    {
        for (int i = first; i < first + count; i++)
            ASSERT_EQ(i, get(queue));
        EXPECT_EQ(-1, get(queue));
        node.settle();
    }

    uint64_t
    held() const
    {
        return gmq_broker_memory_held(node.server->broker);
    }

    uint64_t
    ready(const std::string &queue = "q") const
    {
        return gmq_queue_ready_count(node.queue(queue));
    }

    size_t
    scratch_files() const
    {
        size_t n = 0;

        for (const std::string &name : node.disk.names())
            n += name.rfind("scratch-", 0) == 0 ? 1 : 0;
        return n;
    }

    Node node;
    Peer *peer = nullptr;
};

/* How a queue is declared, and what is published. */
struct Kind {
    friend std::ostream &
    operator<<(std::ostream &out, const Kind &kind)
    {
        return out << kind.name;
    }

    const char *name;
    const char *queue;
    const char *properties;
    bool is_in_scratch;
};

class Amqp_24_5 : public Paging, public testing::WithParamInterface<Kind> {
  protected:
    void
    declare(const std::string &name = "q", const std::string &arguments = "")
    {
        peer->ask(std::string("queue.declare queue=") + name + " " + GetParam().queue, arguments);
        node.settle();
        peer->read();
    }

    void
    fill_some(int first, int count)
    {
        fill("q", first, count, GetParam().properties);
    }
};

TEST_P(Amqp_24_5, ALongQueueLeavesMemoryAndComesBackInOrder)
{
    declare();
    fill_some(0, 2500);
    EXPECT_EQ(2500u, ready());
    EXPECT_LT(held(), LIMIT * 3 / 4);
    EXPECT_EQ(GetParam().is_in_scratch ? 1u : 0u, scratch_files());
    expect_drains(0, 2500);
    EXPECT_EQ(0u, held());
    EXPECT_EQ(0u, scratch_files());
}

TEST_P(Amqp_24_5, BelowTheMarkNothingLeaves)
{
    declare();
    fill_some(0, 250);
    EXPECT_LT(held(), GMQ_PAGE_MARK(LIMIT));
    size_t reads = node.disk.n_reads;
    expect_drains(0, 250);
    EXPECT_EQ(reads, node.disk.n_reads);
}

TEST_P(Amqp_24_5, ThoseAtTheFrontStayInMemory)
{
    declare();
    fill_some(0, 2500);
    size_t reads = node.disk.n_reads;
    for (int i = 0; i < 100; i++)
        ASSERT_EQ(i, get());
    EXPECT_EQ(reads, node.disk.n_reads);
}

TEST_P(Amqp_24_5, AConsumerGetsAll)
{
    declare();
    fill_some(0, 1500);
    std::string heard = peer->ask("basic.consume no-ack queue=q consumer-tag=c");
    node.settle();
    heard += "\n" + peer->read();
    for (int i = 0; i < 1500; i++)
        ASSERT_NE(std::string::npos, heard.find(" " + std::to_string(i) + ".")) << i;
    EXPECT_EQ(0u, ready());
    EXPECT_EQ(0u, scratch_files());
}

TEST_P(Amqp_24_5, WhatIsRequeuedStandsWhereItStood)
{
    declare();
    fill_some(0, 1500);
    for (int i = 0; i < 1000; i++)
        ASSERT_NE("", peer->ask("basic.get queue=q"));
    EXPECT_EQ("", peer->ask("basic.nack delivery-tag=995 multiple requeue"));
    node.settle();
    fill_some(1500, 1000);
    EXPECT_EQ(2495u, ready());
    EXPECT_LT(held(), LIMIT);
    for (int i = 0; i < 995; i++)
        ASSERT_EQ(i, get());
    for (int i = 1000; i < 2500; i++)
        ASSERT_EQ(i, get());
    EXPECT_EQ(-1, get());
}

TEST_P(Amqp_24_5, APurgeReadsNothing)
{
    declare();
    fill_some(0, 2000);
    size_t reads = node.disk.n_reads;
    EXPECT_EQ("queue.purge-ok message-count=2000", peer->ask("queue.purge queue=q"));
    node.settle();
    EXPECT_EQ(reads, node.disk.n_reads);
    EXPECT_EQ(0u, held());
    EXPECT_EQ(0u, scratch_files());
    fill_some(0, 10);
    expect_drains(0, 10);
}

TEST_P(Amqp_24_5, ADeletedQueueReadsNothing)
{
    declare();
    fill_some(0, 2000);
    size_t reads      = node.disk.n_reads;
    std::string heard = peer->ask("queue.delete queue=q");
    node.settle();
    EXPECT_EQ("queue.delete-ok message-count=2000", heard + peer->read());
    EXPECT_EQ(reads, node.disk.n_reads);
    EXPECT_EQ(0u, held());
    EXPECT_EQ(0u, scratch_files());
}

TEST_P(Amqp_24_5, LimitsOfLengthCountWhatIsOut)
{
    declare("q", Table().add("x-max-length-bytes", 60 * 1500));
    fill_some(0, 2500);
    EXPECT_EQ(1500u, ready());
    EXPECT_EQ(60u * 1500, node.queue()->backlog.bytes);
    expect_drains(1000, 1500);
}

TEST_P(Amqp_24_5, WhatIsOutExpires)
{
    declare("q", Table().add("x-message-ttl", 10000000));
    fill_some(0, 2000);
    EXPECT_EQ(2000u, ready());
    size_t reads = node.disk.n_reads;
    node.server->advance_ms(10000000);
    node.settle();
    EXPECT_EQ(0u, ready());
    EXPECT_EQ(reads, node.disk.n_reads);
    EXPECT_EQ(0u, scratch_files());
}

TEST_P(Amqp_24_5, WhatIsOutIsDeadLettered)
{
    declare("dead");
    declare("q", Table()
                     .add("x-message-ttl", 10000000)
                     .add("x-dead-letter-exchange", "")
                     .add("x-dead-letter-routing-key", "dead"));
    fill_some(0, 1500);
    node.server->advance_ms(10000000);
    node.settle();
    EXPECT_EQ(1500u, ready("dead"));
    gmq_broker_set_memory_limit(node.server->broker, 0);
    expect_drains(0, 1500, "dead");
}

TEST_P(Amqp_24_5, PrioritiesGoFirstWhereverTheyAre)
{
    std::string properties = GetParam().properties;

    declare("q", Table().add("x-max-priority", 3));
    fill("q", 0, 1000, properties);
    fill("q", 1000, 1000, properties + (properties.empty() ? "" : " ") + "priority=2");
    EXPECT_LT(held(), LIMIT);
    for (int i = 1000; i < 2000; i++)
        ASSERT_EQ(i, get());
    expect_drains(0, 1000);
}

TEST_P(Amqp_24_5, EachQueueLetsGoOfASharedMessage)
{
    for (const char *name : {"a", "b", "c"}) {
        declare(name);
        peer->ask(std::string("queue.bind exchange=amq.fanout queue=") + name);
        node.settle();
        peer->read();
    }
    fill("", 0, 1250, GetParam().properties, "amq.fanout");
    EXPECT_LT(held(), LIMIT);
    expect_drains(0, 1250, "b");
    EXPECT_EQ("queue.purge-ok message-count=1250", peer->ask("queue.purge queue=a"));
    expect_drains(0, 1250, "c");
    EXPECT_EQ(0u, held());
    EXPECT_EQ(0u, scratch_files());
}

TEST_P(Amqp_24_5, ManyShortQueuesLeaveMemoryToo)
{
    for (int i = 0; i < 50; i++) {
        declare("q" + std::to_string(i));
        fill("q" + std::to_string(i), i * 100, 100, GetParam().properties);
    }
    EXPECT_LT(held(), LIMIT);
    for (int i = 0; i < 50; i++)
        expect_drains(i * 100, 100, "q" + std::to_string(i));
    EXPECT_EQ(0u, held());
}

TEST_P(Amqp_24_5, WhenTheDiskIsFullMessagesStayAndPublishersWait)
{
    declare();
    node.disk.capacity = node.disk.used_bytes() + 50000;
    for (int i = 0; i < 2500; i++) {
        peer->put(publish(1, "", "q", body(i), GetParam().properties));
        if (i % 50 != 49)
            continue;
        node.server->turn();
        while (node.write_one()) {
        }
        node.server->advance_ms(GMQ_DISK_RETRY_MS / 100);
    }
    EXPECT_FALSE(peer->can_read());
    node.disk.capacity = UINT64_MAX;
    for (int i = 0; i < 20; i++) {
        node.server->advance_ms(GMQ_DISK_RETRY_MS);
        node.settle();
    }
    EXPECT_TRUE(peer->can_read());
    EXPECT_EQ(2500u, ready());
    expect_drains(0, 2500);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, Amqp_24_5,
    testing::Values(Kind{"transient", "", "", true}, Kind{"durable", "durable", "", true},
                    Kind{"persistent", "durable", "delivery-mode=2", false},
                    Kind{"persistent_in_transient", "", "delivery-mode=2", true}),
    [](const auto &param) { return std::string(param.param.name); });
