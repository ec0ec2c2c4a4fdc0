/* The delivery limit of any queue: core/AMQP.md E1. */
#include "tests/core/amqp/peer.h"

/* A queue "q" with a limit, and one for its dead. */
static void
declare(Peer &peer, int64_t limit)
{
    peer.ask("queue.declare queue=dead");
    peer.ask("queue.declare queue=q", Table()
                                          .add("x-delivery-limit", limit)
                                          .add("x-dead-letter-exchange", "")
                                          .add("x-dead-letter-routing-key", "dead"));
}

/* Gets a message and gives it back; returns what was got. */
static std::string
fail_once(Peer &peer, const std::string &queue = "q")
{
    std::string got = peer.ask("basic.get queue=" + queue);

    if (got != "basic.get-empty")
        peer.ask("basic.nack requeue delivery-tag=" + got.substr(7, got.find(' ', 7) - 7));
    return got;
}

static const char *const empty = "basic.get-empty";

TEST(Amqp_E1, RedeliveriesAreCounted)
{
    Server server;
    Peer peer(server);

    declare(peer, 3);
    peer.publish("", "q", "hello", "message-id=m delivery-mode=2", Table().add("a", 1).add("b", 2));
    EXPECT_EQ("get-ok 1 [q] {headers={a: 1, b: 2} delivery-mode=2 message-id=m} hello left=0",
              fail_once(peer));
    EXPECT_EQ("get-ok 2 redelivered [q] {headers={a: 1, b: 2, x-delivery-count: 1} "
              "delivery-mode=2 message-id=m} hello left=0",
              fail_once(peer));
    EXPECT_EQ("get-ok 3 redelivered [q] {headers={a: 1, b: 2, x-delivery-count: 2} "
              "delivery-mode=2 message-id=m} hello left=0",
              fail_once(peer));
}

TEST(Amqp_E1, TheCountIsALong)
{
    Server server;
    Peer peer(server);

    declare(peer, 3);
    peer.publish("", "q", "hello");
    fail_once(peer);
    peer.ask("basic.get queue=q");
    EXPECT_NE(std::string::npos, peer.listener.last_header.find(
                                     std::string("\x10x-delivery-countl\0\0\0\0\0\0\0\1", 26)));
}

TEST(Amqp_E1, OneFailureTooManyKills)
{
    Server server;
    Peer peer(server);

    declare(peer, 2);
    peer.publish("", "q", "hello");
    for (int i = 0; i < 3; i++)
        EXPECT_NE(empty, fail_once(peer));
    EXPECT_EQ(empty, fail_once(peer));

    std::string dead = peer.ask("basic.get queue=dead");
    EXPECT_NE(std::string::npos, dead.find("reason: delivery_limit")) << dead;
    EXPECT_NE(std::string::npos, dead.find("x-first-death-reason: delivery_limit")) << dead;
}

/* The next queue begins to count anew. */
TEST(Amqp_E1, ADeadLetterHasNoCount)
{
    Server server;
    Peer peer(server);

    declare(peer, 1);
    peer.publish("", "q", "hello", "", Table().add("a", 1));
    fail_once(peer);
    fail_once(peer);
    std::string dead = peer.ask("basic.get queue=dead");
    EXPECT_NE(std::string::npos, dead.find("headers={a: 1, x-death: ")) << dead;
    EXPECT_EQ(std::string::npos, dead.find("x-delivery-count")) << dead;
}

TEST(Amqp_E1, WithoutAnExchangeItIsDropped)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q", Table().add("x-delivery-limit", int64_t{0}));
    peer.publish("", "q", "hello");
    EXPECT_NE(empty, fail_once(peer));
    EXPECT_EQ(empty, fail_once(peer));
}

TEST(Amqp_E1, ADropIsAnnounced)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q", Table().add("x-delivery-limit", int64_t{0}));
    peer.publish("", "q", "hello");
    server.fake.listen(true);
    fail_once(peer);
    EXPECT_EQ((std::vector<std::string>{"drop q #1 reason=delivery_limit"}),
              server.fake.take_events("drop"));
}

TEST(Amqp_E1, EveryWayBackCounts)
{
    Server server;
    Peer peer(server);

    declare(peer, 9);
    peer.publish("", "q", "hello");
    peer.ask("basic.get queue=q");
    peer.ask("basic.reject requeue delivery-tag=1");
    peer.ask("basic.get queue=q");
    peer.ask("basic.recover requeue");
    peer.ask(2, "channel.open");
    peer.ask(2, "basic.get queue=q");
    peer.ask(2, "channel.close");
    {
        Peer other(server);
        other.ask("basic.get queue=q");
    }
    server.turn();
    EXPECT_NE(std::string::npos, peer.ask("basic.get queue=q").find("x-delivery-count: 4"));
}

TEST(Amqp_E1, WhatIsRejectedForGoodWasNoFailure)
{
    Server server;
    Peer peer(server);

    declare(peer, 0);
    peer.publish("", "q", "hello");
    peer.ask("basic.get queue=q");
    peer.ask("basic.reject delivery-tag=1");
    EXPECT_NE(std::string::npos, peer.ask("basic.get queue=dead").find("reason: rejected"));
}

TEST(Amqp_E1, ConsumersSeeTheCountToo)
{
    Server server;
    Peer peer(server);

    declare(peer, 1);
    peer.ask("basic.consume queue=q consumer-tag=c");
    EXPECT_EQ("deliver c 1 [q] hello", peer.publish("", "q", "hello"));
    EXPECT_EQ("deliver c 2 redelivered [q] {headers={x-delivery-count: 1}} hello",
              peer.ask("basic.nack requeue delivery-tag=1"));
    EXPECT_EQ("", peer.ask("basic.nack requeue delivery-tag=2"));
}

TEST(Amqp_E1, APolicySetsALimit)
{
    Server server;
    Peer peer(server);
    std::string limit  = Table().add("delivery-limit", 1);
    GmqPolicySpec spec = {};

    spec.name       = GMQ_SLICE("p");
    spec.definition = slice(limit);
    peer.ask("queue.declare queue=q");
    peer.publish("", "q", "hello");
    fail_once(peer);
    ASSERT_TRUE(gmq_vhost_set_policy(server.vhost(), GMQ_POLICY_USER, &spec, nullptr));
    EXPECT_EQ("get-ok 2 redelivered [q] hello left=0", fail_once(peer));
    EXPECT_EQ("get-ok 3 redelivered [q] {headers={x-delivery-count: 1}} hello left=0",
              fail_once(peer));
    EXPECT_EQ(empty, fail_once(peer));
}

TEST(Amqp_E1, TheSmallerLimitCounts)
{
    Server server;
    Peer peer(server);
    std::string limit  = Table().add("delivery-limit", 5);
    GmqPolicySpec spec = {};

    spec.name       = GMQ_SLICE("p");
    spec.definition = slice(limit);
    declare(peer, 0);
    ASSERT_TRUE(gmq_vhost_set_policy(server.vhost(), GMQ_POLICY_USER, &spec, nullptr));
    peer.publish("", "q", "hello");
    fail_once(peer);
    EXPECT_EQ(empty, fail_once(peer));
}

/* BCC was taken away, but its keys hold for the dead letter too (19.2). */
TEST(Amqp_E1, HiddenKeysStay)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=hidden");
    peer.ask("exchange.declare type=direct exchange=x");
    peer.ask("queue.declare queue=q",
             Table().add("x-delivery-limit", 1).add("x-dead-letter-exchange", "x"));
    peer.ask("queue.bind queue=hidden exchange=x routing-key=secret");
    peer.publish("", "q", "hello", "", Table().add("BCC", std::vector<std::string>{"secret"}));
    fail_once(peer);
    fail_once(peer);
    EXPECT_NE(empty, peer.ask("basic.get queue=hidden"));
}

TEST(Amqp_E1, TheOriginalPlaceIsKept)
{
    Server server;
    Peer peer(server);

    declare(peer, 5);
    peer.publish("", "q", "one");
    peer.publish("", "q", "two");
    fail_once(peer);
    EXPECT_EQ("get-ok 2 redelivered [q] {headers={x-delivery-count: 1}} one left=1",
              peer.ask("basic.get queue=q"));
}

TEST(Amqp_E1, OtherCopiesAreNotTouched)
{
    Server server;
    Peer peer(server);

    declare(peer, 5);
    peer.ask("queue.declare queue=r");
    for (const char *queue : {"q", "r"})
        peer.ask(std::string("queue.bind exchange=amq.fanout queue=") + queue);
    peer.publish("amq.fanout", "", "hello");
    fail_once(peer);
    fail_once(peer, "r");
    EXPECT_EQ("get-ok 3 redelivered amq.fanout [] hello left=0", peer.ask("basic.get queue=r"));
}

TEST(Amqp_16_9, AQueueWithoutALimitAddsNoHeader)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.publish("", "q", "hello");
    for (int i = 0; i < 100; i++)
        fail_once(peer);
    EXPECT_EQ("get-ok 101 redelivered [q] hello left=0", peer.ask("basic.get queue=q"));
}

struct Limit {
    const char *what;
    std::string table;
    const char *why; /* "" when it is fine */
};

static void
PrintTo(const Limit &limit, std::ostream *out)
{
    *out << limit.what;
}

class Amqp_E1_Argument : public testing::TestWithParam<Limit> {};

TEST_P(Amqp_E1_Argument, IsChecked)
{
    Server server;
    Peer peer(server);
    std::string why = GetParam().why;

    EXPECT_EQ(why.empty() ? "queue.declare-ok q messages=0 consumers=0"
                          : "channel.close 406 50,10 PRECONDITION_FAILED - invalid arg "
                            "'x-delivery-limit' for queue 'q' in vhost '/': " +
                                why,
              peer.ask("queue.declare queue=q", GetParam().table));
}

static const Limit limits[] = {
    {"Least", Table().add("x-delivery-limit", int64_t{0}), ""},
    {"Most", Table().add("x-delivery-limit", INT64_MAX), ""},
    {"Below", Table().add("x-delivery-limit", -1), "{value_negative,-1}"},
    {"Text", Table().add("x-delivery-limit", "5"), "\"expected integer, got longstr\""},
};
INSTANTIATE_TEST_SUITE_P(All, Amqp_E1_Argument, testing::ValuesIn(limits));

TEST(Amqp_E1, TheArgumentIsCompared)
{
    Server server;
    Peer peer(server);

    declare(peer, 5);
    EXPECT_EQ("channel.close 406", brief(peer.ask("queue.declare queue=q",
                                                  Table()
                                                      .add("x-delivery-limit", 6)
                                                      .add("x-dead-letter-exchange", "")
                                                      .add("x-dead-letter-routing-key", "dead"))));
}
