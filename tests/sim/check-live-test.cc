#include "sim/check.h"

#include <regex>

#include "tests/sim/history.h"

/* What must happen in time, told as histories that last 5 s: each is broken once, and just holds
 * once. Then who may consume, and what a broker may hold. */
namespace {

class Live : public History {
  protected:
    const char *
    text() const override
    {
        return "glassmq: 1\n"
               "title: T\n"
               "stop: 5s\n"
               "broker: {heartbeat: 1s}\n"
               "topology: {queues: {q: {}, r: {}}}\n"
               "clients:\n"
               "  p: {role: producer, publish: {to: default, key: q, body: x, count: 9},\n"
               "      confirms: {window: 9}}\n"
               "  c: {role: consumer, from: q, prefetch: 2, reconnect: {after: 200ms}}\n"
               "  e: {role: consumer, from: q, exclusive: yes}\n";
    }

    /* An event at that time. */
    void
    at(int64_t time_ms, GmqEventKind kind, const char *who, const char *to = "",
       uint64_t message = 0, uint64_t tag = 0, uint64_t count = 0, const char *text = "")
    {
        GmqEvent event = {};

        event.kind    = kind;
        event.who     = gmq_slice_of(who);
        event.to      = gmq_slice_of(to);
        event.message = message;
        event.tag     = tag;
        event.count   = count;
        event.text    = gmq_slice_of(text);
        event.channel = 1;
        now_ms        = time_ms;
        tell(event);
    }

    void
    consume(int64_t time_ms, const char *client = "c", uint64_t prefetch = 2)
    {
        at(time_ms, GMQ_EVENT_CONSUMER_ADDED, "q", client, 0, 0, prefetch, "t");
    }

    /* The broker hears somebody. */
    void
    listen_to(const char *client)
    {
        gmq_check_heard(check, client, GmqSlice{});
    }

    /* Somebody's own queue, o. */
    void
    own(const char *client)
    {
        listen_to(client);
        at(100, GMQ_EVENT_QUEUE_DECLARED, "o", "", 0, 0, 4);
        gmq_check_turn_ended(check);
    }

    void
    give(int64_t time_ms, uint64_t n, uint64_t tag)
    {
        at(time_ms, GMQ_EVENT_DELIVERED, "q", "c", n, tag, 0, "t");
    }

    /* Nothing has broken until the end. */
    void
    expect_nothing()
    {
        gmq_check_finish(check);
        EXPECT_TRUE(sentences.empty()) << sentences[0];
    }

    /* The only sentence, in which the numbers of events are N. */
    std::string
    said() const
    {
        return std::regex_replace(sentence(), std::regex("event [0-9]+"), "event N");
    }

    std::string
    finish()
    {
        gmq_check_finish(check);
        return said();
    }
};

/* 64 times 16 bytes must come before a connection is open, each 10 ms after the other. */
class LiveOnAThinLine : public Live {
  protected:
    const char *
    text() const override
    {
        whole = std::string(Live::text()) + "links: {default: {latency: 10ms, buffer: 16B}}\n";
        return whole.c_str();
    }

    mutable std::string whole;
};

} // namespace

/* ---- L1 and L4 ---- */

TEST_F(Live, L1AMessageThatStays)
{
    fill(1);
    consume(1000);
    EXPECT_EQ("L1 broken: queue q ends with 1 ready, and c was free to take more "
              "since event N.",
              finish());
}

TEST_F(Live, L1HoldsWhenNobodyIsFree)
{
    fill(3);
    consume(1000);
    give(1000, 1, 1);
    give(1000, 2, 2);
    expect_nothing();
}

TEST_F(Live, L1HoldsWhileTheLineIsFull)
{
    fill(1);
    gmq_check_clogged(check, "c", true);
    consume(1000);
    expect_nothing();
}

TEST_F(Live, L1HoldsWhileTheQueueIsPaused)
{
    fill(1);
    at(500, GMQ_EVENT_QUEUE_PAUSED, "q", "", 0, 0, 1);
    consume(1000);
    expect_nothing();
}

TEST_F(Live, L1IsNotOwedByABrokerThatWasHarmed)
{
    fill(1);
    at(500, GMQ_EVENT_FAULT_DISK, "broker");
    consume(1000);
    expect_nothing();
}

TEST_F(Live, L1IsOwedAgainAfterTheCalm)
{
    fill(1);
    at(500, GMQ_EVENT_FAULT_DISK, "broker");
    consume(1000);
    gmq_check_calm(check);
    EXPECT_EQ(0u, finish().find("L1 broken: queue q ends with 1 ready"));
}

TEST_F(Live, L4AMessageThatWaitsTooLong)
{
    fill(1);
    consume(1000);
    give(2001, 1, 1);
    EXPECT_EQ("L4 broken: queue q gave out nothing for 1.001s since event N, although message p-1 "
              "was ready and c free to take it.",
              said());
}

TEST_F(Live, L4HoldsWhenItWaitsASecond)
{
    fill(2);
    consume(1000);
    give(2000, 1, 1);
    give(3000, 2, 2);
    expect_nothing();
}

/* ---- L2 ---- */

TEST_F(Live, L2APublishThatIsNotAnswered)
{
    send(1);
    publish(1, "", "q", 1);
    enqueue(1, 1);
    EXPECT_EQ(0u, finish().find("L2 broken: message p-1 of p was published at event "));
}

TEST_F(Live, L2HoldsWhenTheConnectionEnds)
{
    send(1);
    publish(1, "", "q", 1);
    enqueue(1, 1);
    at(1000, GMQ_EVENT_CONNECTION_CLOSED, "p");
    expect_nothing();
}

TEST_F(Live, L2IsNotOwedByABrokerThatWasHarmed)
{
    send(1);
    publish(1, "", "q", 1);
    enqueue(1, 1);
    at(1000, GMQ_EVENT_FAULT_DISK, "broker");
    expect_nothing();
}

/* ---- L3: within 2 heartbeats, 200 ms, and a second for the way ---- */

TEST_F(Live, L3AClientThatDoesNotComeBack)
{
    at(100, GMQ_EVENT_CLIENT_STARTED, "c");
    at(200, GMQ_EVENT_CONNECTION_OPENED, "c");
    at(1000, GMQ_EVENT_CONNECTION_CLOSED, "c");
    EXPECT_EQ("L3 broken: c has no connection since event N, for 4s.", finish());
}

TEST_F(Live, L3HoldsWhenItComesInTime)
{
    at(100, GMQ_EVENT_CLIENT_STARTED, "c");
    at(200, GMQ_EVENT_CONNECTION_OPENED, "c");
    at(1000, GMQ_EVENT_CONNECTION_CLOSED, "c");
    at(4200, GMQ_EVENT_CONNECTION_OPENED, "c#2");
    expect_nothing();
}

TEST_F(Live, L3ItComesTooLate)
{
    at(100, GMQ_EVENT_CLIENT_STARTED, "c");
    at(4900, GMQ_EVENT_CONNECTION_OPENED, "c");
    EXPECT_EQ("L3 broken: c has no connection since event N, for 4.8s.", said());
}

TEST_F(LiveOnAThinLine, L3GivesItTheTimeThatItsBytesNeed)
{
    at(100, GMQ_EVENT_CLIENT_STARTED, "c");
    at(4900, GMQ_EVENT_CONNECTION_OPENED, "c");
    expect_nothing();
}

TEST_F(Live, L3HoldsForWhoeverIsNotToComeBack)
{
    at(100, GMQ_EVENT_CLIENT_STARTED, "e");
    at(100, GMQ_EVENT_CLIENT_STARTED, "c");
    at(200, GMQ_EVENT_FAULT_STOP, "c");
    expect_nothing();
}

TEST_F(Live, L3HoldsWhileTheLineIsCut)
{
    at(100, GMQ_EVENT_CLIENT_STARTED, "c");
    at(200, GMQ_EVENT_FAULT_CUT, "c");
    expect_nothing();
}

/* ---- L5 ---- */

TEST_F(Live, L5ABrokerThatWakesForNothing)
{
    for (int i = 0; i < 101000; i++)
        gmq_check_woken(check, i);
    EXPECT_EQ(0u, said().find("L5 broken: the broker woke up 100"));
}

TEST_F(Live, L5CountsEachSecondAnew)
{
    for (int i = 0; i < 300000; i++)
        gmq_check_woken(check, i * INT64_C(10100));
    expect_nothing();
}

/* ---- S16 ---- */

TEST_F(Live, S16AnExclusiveConsumerThatIsNotAlone)
{
    consume(100, "c");
    consume(200, "e");
    EXPECT_EQ("S16 broken: e consumes from queue q since event N besides c, and one of them is "
              "exclusive.",
              said());
}

TEST_F(Live, S16AQueueThatEndsWithAConsumer)
{
    consume(100);
    at(200, GMQ_EVENT_QUEUE_DELETED, "q", "", 0, 0, 0, "last consumer left");
    EXPECT_EQ(0u, said().find("S16 broken: queue q was deleted at event N although"));
}

TEST_F(Live, S16AQueueThatAnotherConnectionUses)
{
    own("c");
    listen_to("e");
    bind("x", "o");
    EXPECT_EQ("S16 broken: queue o is c's alone since event N, and e bound it at event N.", said());
}

TEST_F(Live, S16AQueueThatAnotherConnectionPurges)
{
    own("c");
    listen_to("e");
    at(200, GMQ_EVENT_QUEUE_PURGED, "o");
    EXPECT_EQ("S16 broken: queue o is c's alone since event N, and e purged it at event N.",
              said());
}

TEST_F(Live, S16AQueueThatAnotherConnectionDeletes)
{
    own("c");
    listen_to("e");
    at(200, GMQ_EVENT_QUEUE_DELETED, "o", "", 0, 0, 0, "deleted");
    EXPECT_EQ("S16 broken: queue o is c's alone since event N, and e deleted it at event N.",
              said());
}

TEST_F(Live, S16AQueueThatAnotherConnectionConsumesFrom)
{
    own("c");
    at(200, GMQ_EVENT_CONSUMER_ADDED, "o", "e", 0, 0, 2, "t");
    EXPECT_EQ("S16 broken: queue o is c's alone since event N, and e consumes from it at event N.",
              said());
}

TEST_F(Live, S16AQueueThatAnotherConnectionGetsFrom)
{
    own("c");
    send(1);
    publish(1, "", "o");
    enqueue(1, 1, "o");
    gmq_check_turn_ended(check);
    at(200, GMQ_EVENT_GOT, "o", "e", 1, 1, 0);
    EXPECT_EQ(
        "S16 broken: queue o is c's alone since event N, and e got a message from it at event N.",
        said());
}

TEST_F(Live, S16AQueueThatEndsBeforeItsConnection)
{
    own("c");
    at(200, GMQ_EVENT_QUEUE_DELETED, "o", "", 0, 0, 0, "exclusive owner left");
    EXPECT_EQ("S16 broken: queue o ended with its connection at event N, and that of c is still "
              "open.",
              said());
}

TEST_F(Live, S16AQueueThatOutlivesItsConnection)
{
    own("c");
    at(200, GMQ_EVENT_CONNECTION_CLOSED, "c");
    gmq_check_turn_ended(check);
    EXPECT_EQ("S16 broken: the exclusive queue o outlives the connection of c, whose it was since "
              "event N.",
              said());
}

TEST_F(Live, S16HoldsForTheOwner)
{
    own("c");
    listen_to("c");
    bind("x", "o");
    at(150, GMQ_EVENT_CONSUMER_ADDED, "o", "c", 0, 0, 2, "t");
    at(200, GMQ_EVENT_QUEUE_PURGED, "o");
    at(210, GMQ_EVENT_CONSUMER_REMOVED, "o", "c", 0, 0, 0, "t");
    at(250, GMQ_EVENT_CHANNEL_CLOSED, "c");
    gmq_check_turn_ended(check);
    at(300, GMQ_EVENT_CONNECTION_CLOSED, "c");
    at(300, GMQ_EVENT_QUEUE_DELETED, "o", "", 0, 0, 0, "exclusive owner left");
    gmq_check_turn_ended(check);
    EXPECT_TRUE(sentences.empty()) << sentences[0];
}

TEST_F(Live, S16HoldsForTheNextOwner)
{
    own("c");
    listen_to("c");
    at(200, GMQ_EVENT_QUEUE_DELETED, "o", "", 0, 0, 0, "deleted");
    gmq_check_turn_ended(check);
    own("e");
    at(300, GMQ_EVENT_CONNECTION_CLOSED, "c");
    gmq_check_turn_ended(check);
    listen_to("e");
    at(400, GMQ_EVENT_QUEUE_PURGED, "o");
    EXPECT_TRUE(sentences.empty()) << sentences[0];
}

/* ---- S19 ---- */

TEST_F(Live, S19WhatAClientDoesNotTake)
{
    gmq_check_output(check, "c", 4 * 1024 * 1024);
    EXPECT_TRUE(sentences.empty());
    gmq_check_output(check, "c", 5 * 1024 * 1024);
    EXPECT_EQ("S19 broken: the broker holds 5242880 bytes that c does not take at event N, and "
              "4325376 are the most.",
              said());
}

TEST_F(Live, S19TimersOfNobody)
{
    GmqCheckHoldings holdings = {};

    holdings.n_connections = 1;
    holdings.n_timers      = 3 + 2 * 2 + 16;
    gmq_check_holdings(check, &holdings);
    EXPECT_TRUE(sentences.empty());
    holdings.n_timers++;
    gmq_check_holdings(check, &holdings);
    EXPECT_EQ("S19 broken: the broker has 24 timers at event N, and 23 are the most for what there "
              "is.",
              said());
}
