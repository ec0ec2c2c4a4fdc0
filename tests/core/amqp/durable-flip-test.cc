/* A broker whose disk gives back other bits than it was given: it starts with what it had, or says
 * where the damage is and does not start (core/AMQP.md 26). */
#include <set>

#include "tests/core/amqp/dead.h"
#include "tests/core/amqp/durable.h"

/* What clients find: the queues, and the bodies in them. */
static std::string
describe(Node &node)
{
    Peer &peer = node.connect();
    std::string all;

    for (GList *link = node.server->vhost()->queue_list.head; link != nullptr; link = link->next) {
        std::string name = FakeHost::to_string(static_cast<GmqQueue *>(link->data)->name);
        std::string got;

        all += name + ":";
        while ((got = peer.ask("basic.get no-ack queue=" + name)) != "basic.get-empty")
            all += " " + between(got, "} ", " left=");
        all += "\n";
    }
    return all;
}

/* Queues, a binding and messages; one settled, one that was requeued. */
static void
fill(Node &node)
{
    const std::string persistent = "delivery-mode=2";

    node.start();
    Peer &peer = node.connect();
    node.declare(peer, "q");
    node.declare(peer, "r", Table().add("x-max-length", 10));
    peer.ask("exchange.declare durable exchange=news type=topic");
    peer.ask("queue.bind queue=r exchange=news routing-key=a.#");
    for (const char *body : {"one", "two", "three"})
        peer.publish("", "q", body, persistent);
    peer.publish("news", "a.b", "four", persistent + " priority=2");
    node.settle();
    peer.read();
    peer.ask("basic.get queue=q");
    peer.ask("basic.get queue=q");
    peer.ask("basic.ack delivery-tag=1");
    peer.ask("basic.nack requeue delivery-tag=2");
    node.settle();
}

/* Starts a broker on the disk with each bit of it flipped; told the node, whether it started, and
 * the file. */
template <typename Check>
static void
flip_each_bit(FakeDisk &disk, Check check)
{
    for (const std::string &name : disk.names()) {
        for (size_t bit = 0; bit < 8 * disk.bytes(name).size(); bit++) {
            Node node;
            node.disk.put_all(disk);
            char &byte = node.disk.bytes(name)[bit / 8];
            byte       = static_cast<char>(byte ^ 1 << bit % 8);
            check(node, node.try_start(), name);
            ASSERT_FALSE(testing::Test::HasFailure()) << name << ", bit " << bit;
        }
    }
}

static void
expect_refusal(const Node &node, const std::string &name)
{
    EXPECT_EQ(0u, node.error.find(name + " is damaged at byte ")) << node.error;
    EXPECT_NE(std::string::npos, node.error.find("glassmq journal salvage"));
}

TEST(Amqp_26_1, AFlippedBitNeverChangesWhatWasKept)
{
    Node node;
    fill(node);
    node.stop();
    FakeDisk whole;
    whole.put_all(node.disk);
    node.start();
    std::string right = describe(node);
    EXPECT_EQ("q: two three\nr: four\n", right);

    size_t n_opened = 0;
    flip_each_bit(whole, [&](Node &other, bool is_open, const std::string &name) {
        if (!is_open) {
            expect_refusal(other, name);
            return;
        }
        n_opened++;
        EXPECT_FALSE(other.report.was_clean);
        EXPECT_EQ(name, other.report.cut_file);
        EXPECT_EQ(right, describe(other));
    });
    EXPECT_EQ(8u * 20, n_opened); /* in the mark of an orderly end */
}

TEST(Amqp_26_2, AFlippedBitInTheLastBatchIsWhatACrashMayDo)
{
    Node node;
    fill(node);
    node.crash();
    FakeDisk whole;
    whole.put_all(node.disk);
    ASSERT_EQ(1u, whole.names().size());

    std::string name = whole.names()[0];
    std::set<std::string> right; /* what is found when the end is missing from some place on */
    for (size_t size = 0; size <= whole.bytes(name).size(); size++) {
        Node shorter;
        shorter.disk.put_all(whole);
        shorter.disk.bytes(name).resize(size);
        shorter.start();
        right.insert(describe(shorter));
    }
    EXPECT_EQ(1u, right.count("q: two three\nr: four\n"));

    size_t n_opened = 0;
    flip_each_bit(whole, [&](Node &other, bool is_open, const std::string &) {
        if (!is_open) {
            expect_refusal(other, name);
            return;
        }
        n_opened++;
        EXPECT_EQ(1u, right.count(describe(other)));
    });
    EXPECT_LT(0u, n_opened);
    EXPECT_GT(8u * whole.bytes(name).size() / 4, n_opened);
}
