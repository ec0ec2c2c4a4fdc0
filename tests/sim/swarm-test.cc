#include "sim/swarm.h"

#include <gtest/gtest.h>

#include <set>

#include "sim/seed.h"
#include "tests/sim/shipped.h"

namespace {

std::string
swarm(uint64_t seed)
{
    g_autofree char *text = gmq_swarm_text(seed);
    return text;
}

GmqScenario *
parse(const std::string &text)
{
    g_autoptr(GError) error = NULL;
    GmqScenario *scenario   = gmq_scenario_parse("t.yaml", text.c_str(), text.size(), &error);

    EXPECT_EQ(nullptr, error) << error->message << "\n" << text;
    return scenario;
}

GmqScenario *
load(const std::string &name)
{
    return parse(read_text(source_path("scenarios/" + name)));
}

TEST(Swarm, EverySeedIsAScenario)
{
    for (uint64_t seed = 1; seed <= 300 && !testing::Test::HasFailure(); seed++) {
        SCOPED_TRACE(seed);
        g_autoptr(GmqScenario) scenario = parse(swarm(seed));
        ASSERT_NE(nullptr, scenario);
        EXPECT_EQ(seed, scenario->seed);
    }
}

TEST(Swarm, ASeedIsAlwaysTheSameAndOthersDiffer)
{
    std::set<std::string> texts;

    for (uint64_t seed = 1; seed <= 50; seed++) {
        EXPECT_EQ(swarm(seed), swarm(seed));
        texts.insert(swarm(seed));
    }
    EXPECT_EQ(50u, texts.size());
}

TEST(Swarm, HasEveryFeatureThatItKnows)
{
    static const char *const features[] = {
#define FEATURE(NAME, words, IN, key) words,
#include "sim/swarm.def"
#undef FEATURE
    };
    std::string all;

    for (uint64_t seed = 1; seed <= 30; seed++) {
        g_autoptr(GmqScenario) scenario = parse(swarm(seed));
        ASSERT_NE(nullptr, scenario);
        all += scenario->about;
    }
    for (const char *feature : features)
        EXPECT_NE(std::string::npos, all.find(std::string(" ") + feature)) << feature;
}

TEST(Swarm, EachFeatureIsOnInAboutHalfOfTheSeeds)
{
    for (const char *feature : {"confirms", "jitter", "chunks", "small frames", "auto-ack"}) {
        unsigned n = 0;
        for (uint64_t seed = 1; seed <= 200; seed++) {
            g_autoptr(GmqScenario) scenario = parse(swarm(seed));
            std::string about               = std::string(scenario->about) + ",";
            n += about.find(std::string(" ") + feature) != std::string::npos;
        }
        EXPECT_GT(n, 60u) << feature;
        EXPECT_LT(n, 140u) << feature;
    }
}

std::string
faults(const GmqScenario *scenario, uint64_t seed, GmqFaultLevel level)
{
    g_autofree char *text = gmq_faults_text(scenario, seed, level);
    return text;
}

TEST(Faults, AreEntriesOfAnOrdinaryTimeline)
{
    g_autoptr(GmqScenario) scenario = load("02-work-queue.yaml");

    for (uint64_t seed = 1; seed <= 50; seed++) {
        g_autoptr(GmqScenario) some = parse(faults(scenario, seed, GMQ_FAULTS_SOME));
        g_autoptr(GmqScenario) many = parse(faults(scenario, seed, GMQ_FAULTS_MANY));
        ASSERT_NE(nullptr, some);
        ASSERT_NE(nullptr, many);
        EXPECT_LT(some->timeline->len, many->timeline->len);
        EXPECT_EQ(0u, many->expectations->len);
        EXPECT_EQ(seed, some->seed);
    }
}

TEST(Faults, OfAnExamSpareWhoPublishesAndAskForAll)
{
    g_autoptr(GmqScenario) scenario = load("02-work-queue.yaml");

    for (uint64_t seed = 1; seed <= 20; seed++) {
        std::string text             = faults(scenario, seed, GMQ_FAULTS_EXAM);
        g_autoptr(GmqScenario) drawn = parse(text);
        EXPECT_EQ(scenario->expectations->len, drawn->expectations->len);
        EXPECT_LT(scenario->timeline->len, drawn->timeline->len);
        for (const char *kind : {"cut", "reset", "close", "crash", "stop", "freeze"})
            EXPECT_EQ(std::string::npos, text.find(std::string(kind) + ": boss\n")) << kind;
    }
}

TEST(Faults, NoneIsTheScenarioItself)
{
    g_autoptr(GmqScenario) scenario = load("02-work-queue.yaml");
    g_autoptr(GmqScenario) none     = parse(faults(scenario, 1, GMQ_FAULTS_NONE));
    g_autoptr(GmqTrace) one         = gmq_run_record(scenario, 1);
    g_autoptr(GmqTrace) other       = gmq_run_record(none, 1);

    EXPECT_EQ(gmq_trace_info(one)->story, gmq_trace_info(other)->story);
    EXPECT_EQ(scenario->expectations->len, none->expectations->len);
}

TEST(Faults, AreTheSameForTheSameSeed)
{
    g_autoptr(GmqScenario) scenario = load("02-work-queue.yaml");

    EXPECT_EQ(faults(scenario, 5, GMQ_FAULTS_MANY), faults(scenario, 5, GMQ_FAULTS_MANY));
    EXPECT_NE(faults(scenario, 5, GMQ_FAULTS_MANY), faults(scenario, 6, GMQ_FAULTS_MANY));
}

TEST(Faults, KnowTheirLevelsByName)
{
    EXPECT_EQ(GMQ_FAULTS_SOME, gmq_faults_find_level("some"));
    EXPECT_EQ(GMQ_N_FAULT_LEVELS, gmq_faults_find_level("few"));
    EXPECT_STREQ("many", gmq_faults_level_name(GMQ_FAULTS_MANY));
}

TEST(Seed, ARunOfASeedIsTheRunOfItsText)
{
    GmqSeedSource source            = {};
    g_autofree char *text           = gmq_seed_text(&source, 9);
    g_autoptr(GmqScenario) scenario = parse(text);
    g_autoptr(GmqTrace) trace       = gmq_run_record(scenario, scenario->seed);
    g_auto(GmqTrial) trial          = {};

    gmq_seed_try(&source, 9, &trial);
    EXPECT_EQ(gmq_trace_info(trace)->fingerprint, trial.fingerprint);
    EXPECT_GT(trial.n_pops, 0u);
}

} // namespace
