#include <gtest/gtest.h>

#include "sim/world.h"
#include "tests/sim/shipped.h"

/* What may change in a scenario without a change of what it tells: the pieces in which bytes are
 * read change nothing at all, and slower lines break no check. */
namespace {

struct Outcome {
    uint64_t story;
    std::vector<std::string> broken;
};

Outcome
play(const std::string &file, void (*change)(GmqLinkSpec *link))
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GmqScenario) scenario =
        gmq_scenario_load(source_path("scenarios/" + file).c_str(), &error);
    Outcome outcome = {};

    if (scenario == NULL) {
        ADD_FAILURE() << error->message;
        return outcome;
    }
    for (unsigned i = 0; change != NULL && i < scenario->links->len; i++)
        change(&g_array_index(scenario->links, GmqLinkSpec, i));

    g_autoptr(GmqWorld) world = gmq_world_new(scenario, scenario->seed);
    while (gmq_world_step(world))
        continue;
    const GmqTrace *trace = gmq_world_trace(world);
    outcome.story         = gmq_trace_info(trace)->story;
    for (uint64_t n = 1; n <= gmq_trace_length(trace); n++) {
        if (gmq_trace_event(trace, n)->kind == GMQ_EVENT_CHECK_BROKEN)
            outcome.broken.push_back(std::string(gmq_trace_event(trace, n)->text).substr(0, 3));
    }
    return outcome;
}

void
read_bytes(GmqLinkSpec *link)
{
    link->chunks = GMQ_CHUNKS_BYTES;
}

void
read_anything(GmqLinkSpec *link)
{
    link->chunks = GMQ_CHUNKS_RANDOM;
}

void
double_latency(GmqLinkSpec *link)
{
    link->latency_ns *= 2;
}

class EachScenario : public testing::TestWithParam<std::string> {};

} // namespace

TEST_P(EachScenario, TellsTheSameHoweverItsBytesAreCut)
{
    uint64_t story = play(GetParam(), NULL).story;

    EXPECT_EQ(story, play(GetParam(), read_bytes).story);
    EXPECT_EQ(story, play(GetParam(), read_anything).story);
}

TEST_P(EachScenario, BreaksNoOtherCheckWhenItsLinesAreTwiceAsLong)
{
    EXPECT_EQ(play(GetParam(), NULL).broken, play(GetParam(), double_latency).broken);
}

INSTANTIATE_TEST_SUITE_P(Metamorphic, EachScenario, testing::ValuesIn(shipped_scenarios()),
                         [](const auto &each) { return test_name(each.param); });
