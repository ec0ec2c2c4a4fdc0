#include "sim/sweep.h"

#include <gtest/gtest.h>

#include <glib/gstdio.h>

namespace {

/* The text of all results, without the line about speed. */
std::string
report(GmqSweep *sweep)
{
    g_autoptr(GString) out = g_string_new(NULL);

    gmq_sweep_report(sweep, 10, out);
    std::string text = out->str;
    size_t speed     = text.find("Speed:");
    return text.erase(speed, text.find('\n', speed) + 1 - speed);
}

void
add(GmqSweep *sweep, uint64_t seed, const char *what = NULL, uint64_t event = 0)
{
    std::string sentence = what == NULL ? "" : std::string(what) + " broken.";
    GmqTrial trial       = {};

    trial.n_pops    = 100;
    trial.sometimes = seed % 4 == 1 ? UINT64_C(1) << GMQ_SOMETIMES_PREFETCH_FULL : 0;
    if (what != NULL) {
        trial.verdict  = GMQ_VERDICT_BROKEN;
        trial.what     = const_cast<char *>(what);
        trial.sentence = const_cast<char *>(sentence.c_str());
        trial.event    = event;
        trial.time_ns  = static_cast<int64_t>(event) * 10000000;
    }
    gmq_sweep_add(sweep, seed, &trial);
}

GmqSweepPlan
plan_of(uint64_t shard = 1, uint64_t n_shards = 1)
{
    GmqSweepPlan plan = {};

    plan.of       = "t.yaml";
    plan.hash     = 7;
    plan.first    = 1;
    plan.last     = 10;
    plan.shard    = shard;
    plan.n_shards = n_shards;
    return plan;
}

GmqSweep *
new_sweep(uint64_t shard = 1, uint64_t n_shards = 1)
{
    GmqSweepPlan plan = plan_of(shard, n_shards);
    return gmq_sweep_new(&plan);
}

void
add_all(GmqSweep *sweep, uint64_t first, uint64_t step)
{
    for (uint64_t seed = first; seed <= 10; seed += step) {
        if (seed % 3 == 0)
            add(sweep, seed, seed % 2 == 0 ? "S10" : "S2", 100 - 10 * seed);
        else
            add(sweep, seed);
    }
}

TEST(Sweep, TellsTheFastestSeedOfEachInvariantFirst)
{
    g_autoptr(GmqSweep) sweep = new_sweep();

    add_all(sweep, 1, 1);
    EXPECT_EQ("S2: 2 seeds\n"
              "  seed 9  event 10  0.100s  S2 broken.\n"
              "  seed 3  event 70  0.700s  S2 broken.\n"
              "  See it: glassmq view t.yaml --seed 9 --at 10\n"
              "S10: 1 seed\n"
              "  seed 6  event 40  0.400s  S10 broken.\n"
              "  See it: glassmq view t.yaml --seed 6 --at 40\n",
              report(sweep).substr(0, report(sweep).find("\n\n") + 1));
    EXPECT_NE(std::string::npos, report(sweep).find("Verdict: broken  (10 seeds, 3 failed)"));
    EXPECT_FALSE(gmq_sweep_has_held(sweep));
}

TEST(Sweep, TellsTheSameInWhateverOrderSeedsCome)
{
    g_autoptr(GmqSweep) one   = new_sweep();
    g_autoptr(GmqSweep) other = new_sweep();

    add_all(one, 1, 1);
    add_all(other, 2, 2);
    add_all(other, 1, 2);
    EXPECT_EQ(report(one), report(other));
}

TEST(Sweep, WhatIsWorseThanAnInvariantComesBeforeIt)
{
    g_autoptr(GmqSweep) sweep = new_sweep();

    add(sweep, 1, "S1", 5);
    add(sweep, 2, GMQ_TRIAL_DIED);
    add(sweep, 3, GMQ_TRIAL_UNSTABLE);
    add(sweep, 4, "L1", 5);
    std::string text = report(sweep);
    EXPECT_LT(text.find("unstable: 1"), text.find("died: 1"));
    EXPECT_LT(text.find("died: 1"), text.find("S1: 1"));
    EXPECT_LT(text.find("S1: 1"), text.find("L1: 1"));
}

TEST(Sweep, FailsWhenWhatItNeedsNeverHappened)
{
    g_autoptr(GmqSweep) sweep = new_sweep();

    sweep->is_needed[GMQ_SOMETIMES_PREFETCH_FULL] = true;
    add(sweep, 2);
    EXPECT_FALSE(gmq_sweep_has_held(sweep));
    EXPECT_NE(std::string::npos,
              report(sweep).find("  NEVER, and this sweep needs it: prefetch full\n"));
    add(sweep, 5);
    EXPECT_TRUE(gmq_sweep_has_held(sweep));
    EXPECT_NE(std::string::npos, report(sweep).find("prefetch full                           1\n"));
}

TEST(Sweep, CountsTheSeedsOfAShard)
{
    uint64_t sum = 0;

    for (uint64_t shard = 1; shard <= 4; shard++) {
        GmqSweepPlan plan = plan_of(shard, 4);
        sum += gmq_sweep_size(&plan);
    }
    EXPECT_EQ(10u, sum);
    GmqSweepPlan last = plan_of(20, 20);
    EXPECT_EQ(0u, gmq_sweep_size(&last));
}

class SweepFile : public testing::Test {
  protected:
    void
    TearDown() override
    {
        g_unlink(path.c_str());
    }

    /* The sweep as it comes back from a file. */
    GmqSweep *
    through_file(GmqSweep *sweep)
    {
        g_autoptr(GError) error = NULL;

        EXPECT_TRUE(gmq_sweep_save(sweep, path.c_str(), &error));
        return gmq_sweep_load(path.c_str(), &error);
    }

    std::string
    why_not(const std::string &text)
    {
        g_autoptr(GError) error = NULL;

        g_file_set_contents(path.c_str(), text.c_str(), -1, NULL);
        g_autoptr(GmqSweep) sweep = gmq_sweep_load(path.c_str(), &error);
        EXPECT_EQ(nullptr, sweep);
        return error == NULL ? "" : error->message;
    }

    std::string path = testing::TempDir() + "sweep-test.jsonl";
};

TEST_F(SweepFile, ShardsAddUpToTheWhole)
{
    g_autoptr(GmqSweep) whole = new_sweep();
    g_autoptr(GmqSweep) sum   = NULL;
    g_autoptr(GError) error   = NULL;

    add_all(whole, 1, 1);
    for (uint64_t shard = 3; shard >= 1; shard--) {
        g_autoptr(GmqSweep) part = new_sweep(shard, 3);
        add_all(part, shard, 3);
        g_autoptr(GmqSweep) read = through_file(part);
        ASSERT_NE(nullptr, read);
        if (sum == NULL)
            sum = g_steal_pointer(&read);
        else
            EXPECT_TRUE(gmq_sweep_merge(sum, read, &error));
    }
    EXPECT_EQ(report(whole), report(sum));
}

TEST_F(SweepFile, SaysHowManyShardsAreMissing)
{
    g_autoptr(GmqSweep) one   = new_sweep(1, 3);
    g_autoptr(GmqSweep) other = new_sweep(2, 3);

    EXPECT_TRUE(gmq_sweep_merge(one, other, NULL));
    EXPECT_NE(std::string::npos, report(one).find("2 of 3 shards"));
}

TEST_F(SweepFile, DifferentSweepsDoNotMix)
{
    g_autoptr(GmqSweep) one   = new_sweep(1, 2);
    g_autoptr(GError) error   = NULL;
    GmqSweepPlan plan         = plan_of(2, 2);
    plan.hash                 = 8;
    g_autoptr(GmqSweep) other = gmq_sweep_new(&plan);

    EXPECT_FALSE(gmq_sweep_merge(one, other, &error));
    EXPECT_STREQ("these are results of different sweeps: of t.yaml and of t.yaml", error->message);
}

TEST_F(SweepFile, RefusesWhatIsNoResult)
{
    g_autoptr(GmqSweep) sweep = new_sweep();
    g_autofree char *text     = NULL;

    add_all(sweep, 1, 1);
    ASSERT_TRUE(gmq_sweep_save(sweep, path.c_str(), NULL));
    ASSERT_TRUE(g_file_get_contents(path.c_str(), &text, NULL, NULL));
    std::string whole = text;

    EXPECT_EQ(path + ", line 1: this is no result of a sweep", why_not("x"));
    EXPECT_EQ(path + ", line 1: this is no result of a sweep", why_not("{}"));
    EXPECT_EQ(path + ", line 1: this is no result of a sweep", why_not("[1]"));
    EXPECT_EQ(path + " is no whole result of a sweep: lines are missing", why_not(""));
    EXPECT_EQ(path + " is no whole result of a sweep: lines are missing",
              why_not(whole.substr(0, whole.find('\n') + 1)));
    for (size_t size = 1; size + 1 < whole.size(); size += 61)
        EXPECT_NE("", why_not(whole.substr(0, size)));
}

} // namespace
