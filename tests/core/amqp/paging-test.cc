/* Messages leave memory when it runs short, and come back in order: core/AMQP.md 24.5. */
#include "core/base/limits.h"
#include "tests/core/amqp/durable.h"

static const uint64_t LIMIT = 100000;

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
            if (i % 100 != 99 && i != first + count - 1)
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
    fill_some(0, 1250);
    EXPECT_EQ(1250u, ready());
    EXPECT_LT(held(), LIMIT * 3 / 4);
    EXPECT_EQ(GetParam().is_in_scratch ? 1u : 0u, scratch_files());
    expect_drains(0, 1250);
    EXPECT_EQ(0u, held());
    EXPECT_EQ(0u, scratch_files());
}

TEST_P(Amqp_24_5, BelowTheMarkNothingLeaves)
{
    declare();
    fill_some(0, 125);
    EXPECT_LT(held(), GMQ_PAGE_MARK(LIMIT));
    size_t reads = node.disk.n_reads;
    expect_drains(0, 125);
    EXPECT_EQ(reads, node.disk.n_reads);
}

TEST_P(Amqp_24_5, ThoseAtTheFrontStayInMemory)
{
    declare();
    fill_some(0, 1250);
    size_t reads = node.disk.n_reads;
    for (int i = 0; i < 50; i++)
        ASSERT_EQ(i, get());
    EXPECT_EQ(reads, node.disk.n_reads);
}

TEST_P(Amqp_24_5, AConsumerGetsAll)
{
    declare();
    fill_some(0, 750);
    std::string heard = peer->ask("basic.consume no-ack queue=q consumer-tag=c");
    node.settle();
    heard += "\n" + peer->read();
    for (int i = 0; i < 750; i++)
        ASSERT_NE(std::string::npos, heard.find(" " + std::to_string(i) + ".")) << i;
    EXPECT_EQ(0u, ready());
    EXPECT_EQ(0u, scratch_files());
}

TEST_P(Amqp_24_5, WhatIsRequeuedStandsWhereItStood)
{
    declare();
    fill_some(0, 750);
    for (int i = 0; i < 500; i++)
        ASSERT_NE("", peer->ask("basic.get queue=q"));
    EXPECT_EQ("", peer->ask("basic.nack delivery-tag=495 multiple requeue"));
    node.settle();
    fill_some(750, 500);
    EXPECT_EQ(1245u, ready());
    EXPECT_LT(held(), LIMIT);
    for (int i = 0; i < 495; i++)
        ASSERT_EQ(i, get());
    for (int i = 500; i < 1250; i++)
        ASSERT_EQ(i, get());
    EXPECT_EQ(-1, get());
}

TEST_P(Amqp_24_5, APurgeReadsNothing)
{
    declare();
    fill_some(0, 1000);
    size_t reads = node.disk.n_reads;
    EXPECT_EQ("queue.purge-ok message-count=1000", peer->ask("queue.purge queue=q"));
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
    fill_some(0, 1000);
    size_t reads      = node.disk.n_reads;
    std::string heard = peer->ask("queue.delete queue=q");
    node.settle();
    EXPECT_EQ("queue.delete-ok message-count=1000", heard + peer->read());
    EXPECT_EQ(reads, node.disk.n_reads);
    EXPECT_EQ(0u, held());
    EXPECT_EQ(0u, scratch_files());
}

TEST_P(Amqp_24_5, LimitsOfLengthCountWhatIsOut)
{
    declare("q", Table().add("x-max-length-bytes", 60 * 750));
    fill_some(0, 1250);
    EXPECT_EQ(750u, ready());
    EXPECT_EQ(60u * 750, node.queue()->backlog.bytes);
    expect_drains(500, 750);
}

TEST_P(Amqp_24_5, WhatIsOutExpires)
{
    declare("q", Table().add("x-message-ttl", 10000000));
    fill_some(0, 1000);
    EXPECT_EQ(1000u, ready());
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
    fill_some(0, 750);
    node.server->advance_ms(10000000);
    node.settle();
    EXPECT_EQ(750u, ready("dead"));
    gmq_broker_set_memory_limit(node.server->broker, 0);
    expect_drains(0, 750, "dead");
}

TEST_P(Amqp_24_5, PrioritiesGoFirstWhereverTheyAre)
{
    std::string properties = GetParam().properties;

    declare("q", Table().add("x-max-priority", 3));
    fill("q", 0, 500, properties);
    fill("q", 500, 500, properties + (properties.empty() ? "" : " ") + "priority=2");
    EXPECT_LT(held(), LIMIT);
    for (int i = 500; i < 1000; i++)
        ASSERT_EQ(i, get());
    expect_drains(0, 500);
}

TEST_P(Amqp_24_5, EachQueueLetsGoOfASharedMessage)
{
    for (const char *name : {"a", "b", "c"}) {
        declare(name);
        peer->ask(std::string("queue.bind exchange=amq.fanout queue=") + name);
        node.settle();
        peer->read();
    }
    fill("", 0, 625, GetParam().properties, "amq.fanout");
    EXPECT_LT(held(), LIMIT);
    expect_drains(0, 625, "b");
    EXPECT_EQ("queue.purge-ok message-count=625", peer->ask("queue.purge queue=a"));
    expect_drains(0, 625, "c");
    EXPECT_EQ(0u, held());
    EXPECT_EQ(0u, scratch_files());
}

TEST_P(Amqp_24_5, ManyShortQueuesLeaveMemoryToo)
{
    for (int i = 0; i < 25; i++) {
        declare("q" + std::to_string(i));
        fill("q" + std::to_string(i), i * 100, 100, GetParam().properties);
    }
    EXPECT_LT(held(), LIMIT);
    for (int i = 0; i < 25; i++)
        expect_drains(i * 100, 100, "q" + std::to_string(i));
    EXPECT_EQ(0u, held());
}

TEST_P(Amqp_24_5, WhenTheDiskIsFullMessagesStayAndPublishersWait)
{
    declare();
    node.disk.capacity = node.disk.used_bytes() + 25000;
    for (int i = 0; i < 1250; i++) {
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
    EXPECT_EQ(1250u, ready());
    expect_drains(0, 1250);
}

/* What is left of the queue, after it was filled and the broker was started anew. */
static uint64_t
left_of(const Node &node)
{
    GmqQueue *queue = node.queue();

    return queue == nullptr ? 0 : gmq_queue_ready_count(queue);
}

TEST_P(Amqp_24_5, ScratchFilesEndWithTheBroker)
{
    bool is_kept = !GetParam().is_in_scratch;

    for (bool is_crash : {false, true}) {
        declare();
        fill_some(0, 750);
        if (is_crash)
            node.crash();
        else
            node.stop();
        EXPECT_EQ(0u, is_crash ? 0u : scratch_files());
        node.start();
        EXPECT_EQ(0u, scratch_files());
        EXPECT_EQ(is_kept ? 750u : 0u, left_of(node));
        gmq_broker_set_memory_limit(node.server->broker, LIMIT);
        peer = &node.connect();
        if (is_kept)
            expect_drains(0, 750);
    }
}

TEST_P(Amqp_24_5, AMessageThatCannotBeReadPausesItsQueue)
{
    declare();
    fill_some(0, 1250);
    for (const std::string &name : node.disk.names()) {
        std::string &bytes = node.disk.bytes(name);

        for (size_t i = bytes.size() / 2; i < bytes.size(); i++)
            bytes[i] = static_cast<char>(bytes[i] ^ 1);
    }
    int last = -1;
    for (int next = get(); next >= 0; next = get()) {
        ASSERT_EQ(last + 1, next);
        last = next;
    }
    EXPECT_LT(last, 1249);
    EXPECT_TRUE(node.queue()->is_paused);
    uint64_t left = 1249 - static_cast<uint64_t>(last);
    EXPECT_EQ(left, ready());
    EXPECT_EQ("queue.purge-ok message-count=" + std::to_string(left),
              peer->ask("queue.purge queue=q"));
}

INSTANTIATE_TEST_SUITE_P(Kinds, Amqp_24_5,
                         testing::Values(Kind{"transient", "durable", "", true},
                                         Kind{"persistent", "durable", "delivery-mode=2", false},
                                         Kind{"persistent_in_transient", "", "delivery-mode=2",
                                              true}),
                         [](const auto &param) { return std::string(param.param.name); });
