#include <map>

#include "tests/sim/asked.h"

/* Routes by what clients asked for, told as histories: each is broken, and each just holds. */
namespace {

/* The headers of p's messages: kind red, and n 3 in the second. */
class CheckRoute : public Asked {
  protected:
    const char *
    text() const override
    {
        return "glassmq: 1\n"
               "title: T\n"
               "stop: 5s\n"
               "topology: {queues: {q: {}, r: {}}}\n"
               "clients:\n"
               "  p: {role: producer, publish: {to: default, key: q, body: x, count: 9,\n"
               "      headers: {kind: red}, messages: [{n: 2, headers: {kind: blue, n: 3}},\n"
               "      {n: 7, headers: {x-delay: 100}}]}}\n"
               "  t: {role: producer, publish: {to: default, key: q, body: x}, tx: {every: 2}}\n"
               "  c: {role: consumer, from: q}\n";
    }

    void
    declare_all() override
    {
        queue("q");
        queue("r");
    }

    /* Message n goes to the exchange and enters these queues. */
    void
    go(uint64_t n, const char *to, const char *key, const std::vector<const char *> &into)
    {
        send(n);
        publish(n, to, key);
        for (const char *name : into)
            enqueue(n, ready[name]++ + 1, name);
        end_turn();
    }

    /* The exchange h chooses that queue for message n with that key. */
    void
    choose(uint64_t n, const char *key, const char *into)
    {
        send(n);
        publish(n, "h", key);
        hop(n, number, "h", into, "1");
        enqueue(n, ready[into]++ + 1, into);
        end_turn();
    }

    std::map<std::string, uint64_t> ready;
};

} // namespace

TEST_F(CheckRoute, S10HeadersMatchByValueAndAllOfThem)
{
    exchange("h", "headers");
    bind_asked("h", "q", "", {{"x-match", "all"}, {"kind", "blue"}, {"n", 3}});
    bind_asked("h", "r", "", {{"x-match", "any"}, {"kind", "red"}, {"n", 3}});
    go(1, "h", "", {"r"});
    go(2, "h", "", {"q", "r"});
    expect_held();
    go(3, "h", "", {"q", "r"});
    EXPECT_EQ("S10 broken: queue q got message p-3, whose route does not lead there.", sentence());
}

TEST_F(CheckRoute, S10AnAlternateOnlyGetsWhatNobodyElseDoes)
{
    exchange("a", "fanout");
    exchange("x", "direct", {{"alternate-exchange", "a"}});
    bind_asked("x", "q", "k");
    bind_asked("a", "r", "");
    go(1, "x", "k", {"q"});
    go(2, "x", "other", {"r"});
    expect_held();
    go(3, "x", "k", {"q", "r"});
    EXPECT_EQ("S10 broken: queue r got message p-3, whose route does not lead there.", sentence());
}

TEST_F(CheckRoute, S10AnAlternateThatIsForgotten)
{
    exchange("a", "fanout");
    exchange("x", "direct", {{"alternate-exchange", "a"}});
    bind_asked("a", "r", "");
    go(1, "x", "k", {});
    EXPECT_EQ("S10 broken: message p-1 should have reached queue r after event 6, and did not.",
              sentence());
}

TEST_F(CheckRoute, S10ExchangesInACircleAreVisitedOnce)
{
    exchange("x", "fanout");
    exchange("y", "fanout");
    bind("x", "y", "", "exchange");
    bind("y", "x", "", "exchange");
    bind_asked("y", "q", "");
    bind_asked("x", "q", "");
    go(1, "x", "", {"q"});
    expect_held();
}

TEST_F(CheckRoute, S10WhatIsUnboundGetsNothingMore)
{
    exchange("h", "headers");
    bind_asked("h", "q", "", {{"kind", "red"}});
    bind_asked("h", "q", "", {{"kind", "blue"}});
    go(1, "h", "", {"q"});
    unbind_asked("h", "q", "", {{"kind", "red"}});
    go(2, "h", "", {"q"});
    go(3, "h", "", {});
    expect_held();
    go(4, "h", "", {"q"});
    EXPECT_EQ("S10 broken: queue q got message p-4, whose route does not lead there.", sentence());
}

TEST_F(CheckRoute, S10WhatHasADelayWaits)
{
    exchange("d", "x-delayed-message", {{"x-delayed-type", "fanout"}});
    bind_asked("d", "q", "");
    go(1, "d", "", {"q"});
    expect_held();
    go(7, "d", "", {});
    EXPECT_EQ("S10 broken: message p-7 should wait in exchange d since event 7, and does not.",
              sentence());
}

TEST_F(CheckRoute, S10WhatWaitsGoesOnWhenItsTimeHasCome)
{
    exchange("d", "x-delayed-message", {{"x-delayed-type", "fanout"}});
    send(7);
    publish(7, "d", "");
    because(number);
    tell(GMQ_EVENT_HELD, "d", "", 7, 0, 100);
    uint64_t held = number;
    end_turn();
    bind_asked("d", "q", "");
    now_ms = 100;
    because(held);
    tell(GMQ_EVENT_ENQUEUED, "q", "", 7, 0, 1, "tail");
    end_turn();
    expect_held();
}

TEST_F(CheckRoute, S10WhatWaitsForAnotherTime)
{
    exchange("d", "x-delayed-message", {{"x-delayed-type", "fanout"}});
    send(7);
    publish(7, "d", "");
    because(number);
    tell(GMQ_EVENT_HELD, "d", "", 7, 0, 90);
    EXPECT_EQ("S10 broken: exchange d holds message p-7 back for 90 ms, and should for 100 ms.",
              sentence());
}

TEST_F(CheckRoute, S10OneOfSeveralIsChosen)
{
    exchange("h", "x-consistent-hash");
    bind_asked("h", "q", "1");
    bind_asked("h", "r", "1");
    send(1);
    publish(1, "h", "k");
    hop(1, number, "h", "q", "1");
    enqueue(1, 1, "q");
    end_turn();
    expect_held();
    send(2);
    publish(2, "h", "k2");
    hop(2, number, "h", "q", "1");
    enqueue(2, 2, "q");
    enqueue(2, 1, "r");
    EXPECT_EQ("S10 broken: queue r got message p-2, whose route does not lead there.", sentence());
}

TEST_F(CheckRoute, S10OneKeyGoesOneWay)
{
    exchange("h", "x-consistent-hash");
    bind_asked("h", "q", "1");
    bind_asked("h", "r", "1");
    choose(1, "k", "q");
    choose(2, "k", "q");
    queue("s");
    bind_asked("h", "s", "1");
    choose(3, "k", "s"); /* who is new may win it */
    unbind_asked("h", "s", "1");
    choose(4, "k", "q");
    expect_held();
    choose(5, "k", "r");
    EXPECT_EQ("S10 broken: exchange h sent message p-5 with key k to queue r at event 22, and sent "
              "that key to queue q before.",
              sentence());
}

TEST_F(CheckRoute, S10AKeyGoesBackWhenWhoWonItIsGone)
{
    exchange("h", "x-consistent-hash");
    bind_asked("h", "q", "1");
    choose(1, "k", "q");
    bind_asked("h", "r", "1");
    choose(2, "other", "q");
    unbind_asked("h", "q", "1");
    choose(3, "other", "r");
    bind_asked("h", "q", "1");
    choose(4, "other", "q");
    expect_held();
}

TEST_F(CheckRoute, S10NoneOfSeveralIsChosen)
{
    exchange("h", "x-random");
    bind_asked("h", "q", "");
    bind_asked("h", "r", "");
    go(1, "h", "k", {});
    EXPECT_EQ("S10 broken: exchange h sent message p-1 to none of its queues after event 6, and "
              "should have chosen one.",
              sentence());
}

TEST_F(CheckRoute, S10AQueueThatIsGoneIsOnNoRouteEvenIfSomebodyLeavesItLater)
{
    tell(GMQ_EVENT_QUEUE_DELETED, "q", "", 0, 0, 0, "deleted");
    tell(GMQ_EVENT_CONSUMER_REMOVED, "q", "c");
    go(1, "", "q", {});
    expect_held();
}

TEST_F(CheckRoute, S10ATransactionMayLoseAQueueBeforeItsCommit)
{
    gmq_outgoing_fill(&outgoing, gmq_scenario_find_client(scenario, "t"), 1);
    gmq_check_sent(check, "t", &outgoing);
    GmqEvent event   = {};
    event.kind       = GMQ_EVENT_PUBLISHED;
    event.who        = GMQ_SLICE("t");
    event.key        = GMQ_SLICE("q");
    event.message    = 1;
    event.message_id = GMQ_SLICE("t-1");
    tell(event);
    end_turn();
    tell(GMQ_EVENT_QUEUE_DELETED, "q", "", 0, 0, 0, "deleted");
    tell(GMQ_EVENT_COMMITTED, "t", "", 0, 0, 1);
    end_turn();
    expect_held();
}

TEST_F(CheckRoute, S10ATransactionGoesItsWayWithItsCommit)
{
    gmq_outgoing_fill(&outgoing, gmq_scenario_find_client(scenario, "t"), 1);
    gmq_check_sent(check, "t", &outgoing);
    GmqEvent event   = {};
    event.kind       = GMQ_EVENT_PUBLISHED;
    event.who        = GMQ_SLICE("t");
    event.key        = GMQ_SLICE("q");
    event.message    = 1;
    event.message_id = GMQ_SLICE("t-1");
    tell(event);
    end_turn();
    expect_held();
    tell(GMQ_EVENT_COMMITTED, "t", "", 0, 0, 1);
    end_turn();
    EXPECT_EQ("S10 broken: message t-1 should have reached queue q after event 3, and did not.",
              sentence());
}
