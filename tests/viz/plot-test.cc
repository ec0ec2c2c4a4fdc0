#include "viz/plot.h"

#include <gtest/gtest.h>

#include "sim/run.h"
#include "tests/viz/golden.h"
#include "tests/viz/made.h"

namespace {

const int64_t ms = 1000000;

class Series : public testing::Test {
  protected:
    void
    TearDown() override
    {
        g_clear_pointer(&series, gmq_series_free);
        g_clear_pointer(&stage, gmq_stage_free);
    }

    void
    count(int64_t from_ms, int64_t to_ms)
    {
        stage  = gmq_stage_new(made.trace());
        series = gmq_series_new(stage, from_ms * ms, to_ms * ms);
    }

    const GmqQueueSeries *
    queue(unsigned index) const
    {
        return static_cast<const GmqQueueSeries *>(series->queues->pdata[index]);
    }

    Made made;
    GmqStage *stage   = nullptr;
    GmqSeries *series = nullptr;
};

TEST_F(Series, RoundsUp)
{
    const uint64_t pairs[][2] = {
        {0, 1},   {1, 1},    {2, 2},     {3, 5},     {5, 5},      {6, 10},      {11, 20},
        {21, 50}, {51, 100}, {100, 100}, {101, 200}, {999, 1000}, {1001, 2000}, {4999999, 5000000}};

    for (const auto &pair : pairs)
        EXPECT_EQ(pair[1], gmq_series_round_up(pair[0])) << pair[0];
}

/* The queue is there at 10 ms, holds one from 50 ms on, and two from 80 ms on. */
TEST_F(Series, LevelsHoldUntilTheyChange)
{
    made.queue("q");
    made.wait(20);
    made.arrive("p1", "", "q", "p1-1"); /* 40 ms */
    made.note(GMQ_EVENT_ENQUEUED, "q", "", "p1-1", "", "tail", 1);
    made.wait(20);
    made.note(GMQ_EVENT_ENQUEUED, "q", "", "p1-2", "", "tail", 2);
    count(0, 640); /* a bin is 1 ms */
    EXPECT_EQ(0u, queue(0)->ready[49]);
    EXPECT_EQ(1u, queue(0)->ready[50]);
    EXPECT_EQ(1u, queue(0)->ready[79]);
    EXPECT_EQ(2u, queue(0)->ready[80]);
    EXPECT_EQ(2u, queue(0)->ready[639]);
    EXPECT_EQ(2u, queue(0)->ready_most);
    EXPECT_EQ(80 * ms, queue(0)->ready_most_ns);
    EXPECT_EQ(2u, queue(0)->ready_last);
}

TEST_F(Series, APartOfTheRunBeginsWithWhatWasThere)
{
    made.queue("q");
    made.note(GMQ_EVENT_ENQUEUED, "q", "", "p1-1", "", "tail", 1);
    made.deliver("q", "w1", "p1-1", 1);
    made.wait(100);
    made.ack("q", "w1", "p1-1", 1); /* 140 ms */
    count(100, 200);
    EXPECT_EQ(1u, queue(0)->unacked[0]);
    EXPECT_EQ(1u, queue(0)->unacked_most);
    EXPECT_EQ(0u, queue(0)->unacked[639]);
    uint64_t acked = 0, delivered = 0;
    for (unsigned i = 0; i < series->n_steps; i++) {
        acked += series->steps[i].acked;
        delivered += series->steps[i].delivered;
    }
    EXPECT_EQ(1u, acked);
    EXPECT_EQ(0u, delivered);
}

TEST_F(Series, LatencyGoesFromPublishToEachReceipt)
{
    made.queue("q");
    made.queue("audit");
    made.send("p1", "", "q", "p1-1"); /* 30 ms */
    made.wait(70);
    made.receive("w1", "q", "p1-1", 1); /* 110 ms */
    made.wait(90);
    made.receive("w2", "q", "p1-1@audit", 1, true); /* 210 ms */
    count(0, 1000);
    std::vector<int64_t> found;
    for (unsigned i = 0; i < series->n_steps; i++) {
        for (unsigned k = 0; k < series->steps[i].latencies->len; k++)
            found.push_back(g_array_index(series->steps[i].latencies, int64_t, k));
    }
    EXPECT_EQ((std::vector<int64_t>{80 * ms, 180 * ms}), found);
}

TEST_F(Series, LatencyOfABrokerAloneGoesToTheDelivery)
{
    made.queue("q");
    made.arrive("p1", "", "q", "p1-1");
    made.wait(40);
    made.deliver("q", "w1", "p1-1", 1);
    count(0, 100);
    int64_t found = -1;
    for (unsigned i = 0; i < series->n_steps; i++)
        found = MAX(found, gmq_series_latency(&series->steps[i], 100));
    EXPECT_EQ(50 * ms, found);
}

TEST_F(Series, AnEmptyRunHasNothing)
{
    count(0, 1);
    EXPECT_EQ(0u, series->queues->len);
    EXPECT_EQ(-1, gmq_series_latency(&series->steps[0], 50));
    g_autofree char *svg = gmq_plot_draw(stage, series, nullptr);
    EXPECT_NE(nullptr, strstr(svg, "Messages ready"));
}

TEST_F(Series, NumbersAsText)
{
    made.queue("a \"b\", c");
    count(0, 640);
    g_autoptr(GString) csv = g_string_new(NULL);
    gmq_series_to_csv(series, csv);
    EXPECT_EQ(csv->str, strstr(csv->str, "what,queue,from_s,ready,unacked,"));
    EXPECT_NE(nullptr, strstr(csv->str, "\nlevel,\"a \"\"b\"\", c\",0.001000,0,0,,,,,\n"));
}

TEST_F(Series, OnlyTheDeepestQueuesHaveALine)
{
    for (int i = 0; i < 8; i++) {
        std::string name = "queue-" + std::to_string(i);
        made.queue(name);
        for (int k = 0; k < i; k++)
            made.note(GMQ_EVENT_ENQUEUED, name, "", "p1-" + std::to_string(k), "", "tail", k + 1);
    }
    count(0, 1000);
    g_autofree char *svg = gmq_plot_draw(stage, series, nullptr);
    EXPECT_NE(nullptr, strstr(svg, ">queue-7<"));
    EXPECT_NE(nullptr, strstr(svg, ">queue-3<"));
    EXPECT_EQ(nullptr, strstr(svg, ">queue-2<"));
    EXPECT_NE(nullptr, strstr(svg, "3 more queues have no line"));

    const char *const names[] = {"queue-1", nullptr};
    g_autofree char *one      = gmq_plot_draw(stage, series, names);
    EXPECT_NE(nullptr, strstr(one, ">queue-1<"));
    EXPECT_EQ(nullptr, strstr(one, ">queue-7<"));
}

TEST(Plot, OfAShippedScenario)
{
    g_autoptr(GError) error         = NULL;
    std::string path                = source_path("scenarios/06-worker-dies.yaml");
    g_autoptr(GmqScenario) scenario = gmq_scenario_load(path.c_str(), &error);
    g_assert_no_error(error);
    g_autoptr(GmqTrace) trace   = gmq_run_record(scenario, scenario->seed);
    g_autoptr(GmqStage) stage   = gmq_stage_new(trace);
    g_autoptr(GmqSeries) series = gmq_series_new(stage, 0, stage->whole->time_ns);
    g_autofree char *svg        = gmq_plot_draw(stage, series, nullptr);

    expect_golden("06-worker-dies-plot.svg", svg);
}

} // namespace
