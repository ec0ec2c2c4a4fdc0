#include "tests/sim/shipped.h"

#include <gtest/gtest.h>

#include "sim/world.h"

/* The scenarios that come with the program do what they say. */
namespace {

class ShippedRun : public testing::TestWithParam<std::string> {
  protected:
    void
    SetUp() override
    {
        g_autoptr(GError) error = NULL;
        std::string path        = source_path("scenarios/" + GetParam());

        scenario = gmq_scenario_load(path.c_str(), &error);
        ASSERT_NE(nullptr, scenario) << error->message;
    }

    void
    TearDown() override
    {
        gmq_scenario_free(scenario);
    }

    std::string
    verdict() const
    {
        g_autoptr(GmqTrace) trace = gmq_run_record(scenario, scenario->seed);
        return gmq_trace_info(trace)->verdict;
    }

    GmqScenario *scenario = nullptr;
};

/* Makes an expectation another one, which cannot hold as well. */
void
spoil(GmqExpectation *expectation)
{
    static char nowhere[]     = "nowhere";
    static char *const none[] = {nullptr};

    if (expectation->word != NULL) {
        expectation->word = nowhere;
    } else if (expectation->names != NULL) {
        expectation->names = const_cast<char **>(none);
    } else if (expectation->kind == GMQ_EXPECT_FINISHED_BY) {
        expectation->most = 1;
    } else {
        expectation->least = expectation->most + 1;
        expectation->most  = expectation->least;
    }
}

} // namespace

TEST_P(ShippedRun, Holds)
{
    EXPECT_EQ("held", verdict());
}

TEST_P(ShippedRun, HoldsForOtherSeedsToo)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        g_autoptr(GmqTrace) trace = gmq_run_record(scenario, seed);
        EXPECT_STREQ("held", gmq_trace_info(trace)->verdict) << "seed " << seed;
    }
}

TEST_P(ShippedRun, BreaksWhenAnyExpectationIsAnother)
{
    for (unsigned i = 0; i < scenario->expectations->len; i++) {
        auto *expectation    = static_cast<GmqExpectation *>(scenario->expectations->pdata[i]);
        GmqExpectation saved = *expectation;

        spoil(expectation);
        EXPECT_EQ("broken", verdict()) << expectation->label;
        *expectation = saved;
    }
}

TEST_P(ShippedRun, SaysEverythingThatItHasToSay)
{
    g_autoptr(GmqWorld) world = gmq_world_new(scenario, scenario->seed);
    size_t n;

    while (gmq_world_step(world)) {
    }
    gmq_world_idle_lines(world, &n);
    EXPECT_EQ(0u, n);
}

INSTANTIATE_TEST_SUITE_P(Scenario, ShippedRun, testing::ValuesIn(shipped_scenarios()),
                         [](const testing::TestParamInfo<std::string> &test) {
                             return test_name(test.param);
                         });
