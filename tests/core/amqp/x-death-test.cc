/* What is written on a message that died: core/AMQP.md 19.3 to 19.9. */
#include "tests/core/amqp/dead.h"

/* ---- what is written on it ---- */

TEST(Amqp_19_3, ExpirationGoesAndTheRestStays)
{
    Server server;
    Peer peer(server);

    declare(peer, "q", "amq.fanout");
    peer.ask("queue.declare queue=dead");
    peer.ask("queue.bind queue=dead exchange=amq.fanout");
    peer.publish("", "q", "1", "delivery-mode=2 priority=3 expiration=500 message-id=id",
                 Table().add("z", 1).add("a", "text"));
    kill(peer, "q");
    server.advance_ms(1000);
    EXPECT_EQ("get-ok 2 amq.fanout [q] {headers={a: text, x-death: [{count: 1, reason: "
              "rejected, queue: q, time: @1600000000, exchange: \"\", routing-keys: [q], "
              "original-expiration: \"500\"}], " +
                  std::string(first_death) +
                  ", z: 1} delivery-mode=2 priority=3 message-id=id} 1 left=0",
              peer.ask("basic.get queue=dead"));
}

TEST(Amqp_19_4, TheNewestDeathStandsFirst)
{
    Server server;
    Peer peer(server);

    declare(peer, "a", "", "b");
    declare(peer, "b", "", "c", 100);
    declare(peer, "c", "", "d");
    peer.ask("queue.declare queue=d");
    peer.publish("amq.fanout", "", "no queue");
    peer.publish("", "a", "1");
    kill(peer, "a");
    server.advance_ms(100);
    kill(peer, "c");
    EXPECT_EQ("get-ok 3 [d] {headers={x-death: [" + later("c", "rejected") + ", " +
                  later("b", "expired") + ", " + record("a", "rejected") +
                  "], x-first-death-exchange: \"\", x-first-death-queue: a, "
                  "x-first-death-reason: rejected}} 1 left=0",
              peer.ask("basic.get queue=d"));
}

TEST(Amqp_19_4, TheExchangeIsTheOneOfTheLastPublish)
{
    Server server;
    Peer peer(server);

    declare(peer, "q", "amq.fanout");
    declare(peer, "r", "", "s");
    peer.ask("queue.declare queue=s");
    peer.ask("queue.bind queue=q exchange=amq.direct routing-key=key");
    peer.ask("queue.bind queue=r exchange=amq.fanout");
    peer.publish("amq.direct", "key", "1");
    kill(peer, "q");
    kill(peer, "r");
    EXPECT_EQ("x-death: [" + later("r", "rejected", 1, "amq.fanout", "key") + ", " +
                  record("q", "rejected", 1, "amq.direct", "key"),
              "x-death: [" + between(peer.ask("basic.get queue=s"), "x-death: [", "], x-first"));
}

/* A queue and back again: "retry" waits, "work" is where it is rejected. */
class Round : public testing::Test {
  protected:
    Round() : peer(server)
    {
        declare(peer, "work", "", "retry");
        declare(peer, "retry", "", "work", 10);
        peer.publish("", "work", "1");
    }

    Server server;
    Peer peer;
};

class Amqp_19_5 : public Round {};
class Amqp_19_6 : public Round {};
class Amqp_19_7 : public Round {};

TEST_F(Amqp_19_5, TheSameDeathCountsUp)
{
    for (int i = 0; i < 3; i++) {
        kill(peer, "work");
        server.advance_ms(10);
    }
    EXPECT_EQ(later("retry", "expired", 3) + ", " + later("work", "rejected", 3),
              "{" + deaths(peer, "work") + "}");
}

TEST_F(Amqp_19_5, TheTimeIsThatOfTheFirst)
{
    kill(peer, "work");
    server.advance_ms(10);
    server.advance_ms(60000);
    kill(peer, "work");
    server.advance_ms(10);
    EXPECT_EQ(later("retry", "expired", 2) + ", " + later("work", "rejected", 2),
              "{" + deaths(peer, "work") + "}");
}

TEST_F(Amqp_19_5, ItMovesToTheFront)
{
    kill(peer, "work");
    EXPECT_EQ("count: 1, reason: rejected, queue: work",
              between(peer.ask("basic.get queue=retry"), "x-death: [{", ", time"));
    peer.ask("basic.reject delivery-tag=2"); /* another reason: a record of its own */
    EXPECT_EQ(later("retry", "rejected") + ", " + record("work", "rejected"),
              "{" + deaths(peer, "work") + "}");
}

TEST_F(Amqp_19_6, TheFirstDeathIsNeverOverwritten)
{
    kill(peer, "work");
    server.advance_ms(10);
    EXPECT_EQ("exchange: \"\", x-first-death-queue: work, x-first-death-reason: rejected",
              between(peer.ask("basic.get queue=work"), "x-first-death-", "}}"));
}

TEST_F(Amqp_19_6, OneThatAClientWroteIsReplaced)
{
    declare(peer, "q", "", "dead");
    peer.ask("queue.declare queue=dead");
    peer.publish("", "q", "1", "",
                 Table().add("x-first-death-queue", "mine").add("x-first-death-reason", 5));
    kill(peer, "q");
    EXPECT_EQ("x-death: [" + record("q", "rejected") + "], " + first_death + "}} 1 left=0",
              between(peer.ask("basic.get queue=dead"), "headers={", "\n"));
}

/* Nobody must count on it. */
TEST_F(Amqp_19_7, AllRecordsButTheVeryFirstAreSorted)
{
    kill(peer, "work");
    server.advance_ms(10);
    kill(peer, "work");
    EXPECT_EQ(later("work", "rejected", 2) + ", " + later("retry", "expired"),
              "{" + deaths(peer, "retry") + "}");
}

/* ---- CC and BCC ---- */

TEST(Amqp_19_8, CcGoesWithAKeyOfTheQueues)
{
    Server server;
    Peer peer(server);

    declare(peer, "q", "", "dead");
    peer.ask("queue.declare queue=dead");
    peer.publish("", "q", "1", "", Table().add("CC", std::vector<std::string>{"cc"}));
    kill(peer, "q");
    EXPECT_EQ(std::string::npos, peer.ask("basic.get queue=dead").find("CC"));
}

TEST(Amqp_19_8, CcStaysWithoutOne)
{
    Server server;
    Peer peer(server);

    declare(peer, "q", "amq.fanout");
    peer.ask("queue.declare queue=dead");
    peer.ask("queue.bind queue=dead exchange=amq.fanout");
    peer.publish("", "q", "1", "", Table().add("CC", std::vector<std::string>{"cc"}));
    kill(peer, "q");
    EXPECT_NE(std::string::npos, peer.ask("basic.get queue=dead").find("headers={CC: [cc], x-"));
}

/* ---- what a client wrote ---- */

/* An x-death of one table. */
static std::string
forged(const Table &table)
{
    std::string inside = table;
    GmqValue value     = {};
    GmqBuffer array    = {};

    value.type  = GMQ_VALUE_TABLE;
    value.bytes = slice(inside);
    gmq_array_add(&array, &value);
    value.type  = GMQ_VALUE_ARRAY;
    value.bytes = gmq_buffer_slice(&array);

    std::string header = Table().add("x-death", value);
    gmq_buffer_clear(&array);
    return header;
}

/* The deaths of a message that was published with that header and rejected in "q". */
static std::string
deaths_after(const std::string &header)
{
    Server server;
    Peer peer(server);

    declare(peer, "q", "", "dead");
    peer.ask("queue.declare queue=dead");
    peer.publish("", "q", "1", "", header);
    kill(peer, "q");
    return between(peer.ask("basic.get queue=dead"), "headers={", "}} 1 left");
}

TEST(Amqp_19_9, TheHistoryOfARepublishedMessageIsBelieved)
{
    EXPECT_EQ("x-death: [{count: 6, exchange: e, queue: q, reason: rejected}]",
              deaths_after(forged(Table()
                                      .add("count", GMQ_VALUE_I32, 5)
                                      .add("queue", "q")
                                      .add("reason", "rejected")
                                      .add("exchange", "e"))));
    EXPECT_EQ("x-death: [" + later("q", "rejected") + ", {queue: o, reason: expired}]",
              deaths_after(forged(Table().add("queue", "o").add("reason", "expired"))));
}

TEST(Amqp_19_9, OneWithoutACountBeginsToCount)
{
    EXPECT_EQ("x-death: [{count: 1, queue: q, reason: rejected}]",
              deaths_after(forged(Table().add("queue", "q").add("reason", "rejected"))));
}

TEST(Amqp_19_9, WhatIsNoArrayIsReplaced)
{
    EXPECT_EQ("x-death: [" + record("q", "rejected") + "]",
              deaths_after(Table().add("x-death", "foo")));
}

/* RabbitMQ 3.10.8 loses the message here. */
TEST(Amqp_19_9, WhatIsNoTableIsKept)
{
    EXPECT_EQ("x-death: [" + later("q", "rejected") + ", foo]",
              deaths_after(Table().add("x-death", std::vector<std::string>{"foo"})));
}
