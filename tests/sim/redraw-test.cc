#include <gtest/gtest.h>

#include "sim/world.h"

/* The past stays, and the future is another one. */
namespace {

const char *const text =
    "glassmq: 1\n"
    "title: T\n"
    "stop: 10s\n"
    "topology: {queues: {q: {}}}\n"
    "clients:\n"
    "  p1: {role: producer, publish: {to: default, key: q, every: 10ms, count: "
    "50}, confirms: {window: 50}}\n"
    "  w1: {role: consumer, from: q}\n"
    "links: {default: {latency: 5ms, jitter: 20ms}}\n";

class Redraw : public testing::Test {
  protected:
    void
    SetUp() override
    {
        scenario = gmq_scenario_parse("t.yaml", text, strlen(text), NULL);
        ASSERT_NE(nullptr, scenario);
    }
    void
    TearDown() override
    {
        gmq_scenario_free(scenario);
    }

    /* The run whose streams are drawn anew at that event with that seed; 0: it is not. */
    GmqTrace *
    run(uint64_t at, uint64_t seed)
    {
        g_autoptr(GmqWorld) world = gmq_world_new(scenario, 1);

        while (gmq_trace_length(gmq_world_trace(world)) < at)
            gmq_world_step(world);
        if (seed != 0)
            gmq_world_redraw(world, seed);
        while (gmq_world_step(world)) {
        }
        return gmq_world_take_trace(world);
    }

    /* How many events two runs share before they differ. */
    uint64_t
    shared(const GmqTrace *one, const GmqTrace *other)
    {
        uint64_t n = 0;

        while (n < gmq_trace_length(one) && n < gmq_trace_length(other) &&
               gmq_trace_event_equal(gmq_trace_event(one, n + 1), gmq_trace_event(other, n + 1)))
            n++;
        return n;
    }

    GmqScenario *scenario = NULL;
};

TEST_F(Redraw, KeepsWhatHappenedAndChangesWhatComes)
{
    g_autoptr(GmqTrace) straight = run(100, 0);
    g_autoptr(GmqTrace) redrawn  = run(100, 7);
    g_autoptr(GmqTrace) again    = run(100, 7);
    g_autoptr(GmqTrace) other    = run(100, 8);

    EXPECT_LE(100u, shared(straight, redrawn));
    EXPECT_GT(gmq_trace_length(straight), shared(straight, redrawn));
    EXPECT_EQ(gmq_trace_info(redrawn)->fingerprint, gmq_trace_info(again)->fingerprint);
    EXPECT_NE(gmq_trace_info(redrawn)->fingerprint, gmq_trace_info(other)->fingerprint);
}

TEST_F(Redraw, FromTheStartIsTheRunOfThatSeed)
{
    g_autoptr(GmqTrace) redrawn  = run(0, 7);
    g_autoptr(GmqTrace) straight = gmq_run_record(scenario, 7);

    EXPECT_EQ(gmq_trace_info(straight)->fingerprint, gmq_trace_info(redrawn)->fingerprint);
}

} // namespace
