/* How many futures of a failing run fail too, from which moment on. */
#include "sim/futures.h"

#include <gtest/gtest.h>

#include <string>

namespace {

/* Whether the ack of the only task is there before its worker dies is for jitter to say. */
std::string
text(const char *work, const char *jitter)
{
    return std::string("glassmq: 1\n"
                       "title: An ack on its way\n"
                       "stop: 8s\n"
                       "topology: {queues: {tasks: {durable: yes}}}\n"
                       "clients:\n"
                       "  p: {role: producer, publish: {to: default, key: tasks, body: x}}\n"
                       "  w: {role: consumer, from: tasks, work: ") +
           work + "}\nlinks: {w: {latency: 10ms" + jitter +
           "}}\n"
           "timeline:\n"
           "  - {at: 3s, crash: w, for: 100ms}\n"
           "expect: {queues: {tasks: {redelivered: 0}}}\n";
}

class Futures : public testing::Test {
  protected:
    void
    TearDown() override
    {
        gmq_trial_clear(&failure);
        gmq_scenario_free(scenario);
    }

    /* The first seed that fails, with so many futures from each moment. */
    void
    begin(const std::string &yaml, unsigned n_futures)
    {
        scenario = gmq_scenario_parse("t.yaml", yaml.c_str(), yaml.size(), nullptr);
        ASSERT_NE(nullptr, scenario);
        GmqRunOptions options = {};
        for (futures.seed = 1; futures.seed <= 50; futures.seed++) {
            gmq_trial_clear(&failure);
            failure = {};
            gmq_trial_run(&failure, scenario, futures.seed, &options);
            if (failure.what != nullptr)
                break;
        }
        ASSERT_NE(nullptr, failure.what);
        futures.scenario  = scenario;
        futures.n_futures = n_futures;
        futures.failure   = &failure;
    }

    GmqScenario *scenario = nullptr;
    GmqTrial failure      = {};
    GmqFutures futures    = {};
};

} // namespace

TEST_F(Futures, FailInPartWhereChanceDecides)
{
    begin(text("500ms", ", jitter: 500ms"), 40);
    GmqFuture start = gmq_futures_from(&futures, 0);

    EXPECT_EQ(0u, start.event);
    EXPECT_EQ(0, start.time_ns);
    EXPECT_GT(start.n_failed, 0u);
    EXPECT_LT(start.n_failed, 40u);
}

TEST_F(Futures, AreTheSameEachTime)
{
    begin(text("500ms", ", jitter: 500ms"), 20);

    EXPECT_EQ(gmq_futures_from(&futures, 5).n_failed, gmq_futures_from(&futures, 5).n_failed);
}

TEST_F(Futures, AllFailBehindTheFailure)
{
    begin(text("500ms", ", jitter: 500ms"), 20);
    GmqFuture end = gmq_futures_from(&futures, failure.event);

    EXPECT_EQ(failure.event, end.event);
    EXPECT_GT(end.time_ns, 0);
    EXPECT_LE(end.time_ns, failure.time_ns) << "an expectation is judged after the last event";
    EXPECT_EQ(20u, end.n_failed);
}

TEST_F(Futures, AllFailFromTheStartWhenChanceDecidesNothing)
{
    begin(text("5s", ""), 10);

    EXPECT_EQ(10u, gmq_futures_from(&futures, 0).n_failed);
}

TEST_F(Futures, AreAskedAtEachTenth)
{
    begin(text("5s", ""), 1);
    GmqFuture points[10];

    gmq_futures_tenths(&futures, points, 10);
    for (unsigned i = 0; i < 10; i++) {
        EXPECT_EQ(failure.event * i / 10, points[i].event);
        EXPECT_EQ(1u, points[i].n_failed);
    }
}

TEST_F(Futures, AreNarrowedToTheFirstEventBehindWhichAllFail)
{
    begin(text("500ms", ", jitter: 500ms"), 20);
    GmqFuture open   = gmq_futures_from(&futures, 0);
    GmqFuture closed = gmq_futures_from(&futures, failure.event);
    GmqFuture first  = gmq_futures_narrow(&futures, open, closed);

    ASSERT_GT(first.event, 0u);
    EXPECT_LE(first.event, failure.event);
    EXPECT_EQ(20u, gmq_futures_from(&futures, first.event).n_failed);
    EXPECT_LT(gmq_futures_from(&futures, first.event - 1).n_failed, 20u);
}
