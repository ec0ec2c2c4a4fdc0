#include "sim/wire-log.h"

#include <gtest/gtest.h>

#include "tests/sim/shipped.h"

#include "sim/world.h"

/* What passes on the wires can be traced, and changes nothing. */
namespace {

GmqScenario *
hello()
{
    g_autoptr(GError) error = NULL;
    std::string path        = source_path("scenarios/01-hello-queue.yaml");
    GmqScenario *scenario   = gmq_scenario_load(path.c_str(), &error);

    EXPECT_NE(nullptr, scenario) << error->message;
    return scenario;
}

GmqTrace *
trace_of(const GmqScenario *scenario, GmqEventLevel level)
{
    GmqRunOptions options     = {};
    options.level             = level;
    g_autoptr(GmqWorld) world = gmq_world_new_with(scenario, scenario->seed, &options);

    while (gmq_world_step(world))
        continue;
    return gmq_world_take_trace(world);
}

std::vector<std::string>
lines(const GmqTrace *trace, GmqTraceWireKind kind, const std::string &who)
{
    std::vector<std::string> found;

    for (size_t i = 0; i < gmq_trace_wire_length(trace); i++) {
        const GmqTraceWire *line = gmq_trace_wire(trace, i);
        if (line->kind == kind && line->who == who)
            found.push_back(line->text);
    }
    return found;
}

class WireLog : public testing::TestWithParam<GmqEventLevel> {
  protected:
    void
    SetUp() override
    {
        scenario = hello();
        trace    = trace_of(scenario, GetParam());
    }

    void
    TearDown() override
    {
        gmq_trace_free(trace);
        gmq_scenario_free(scenario);
    }

    GmqScenario *scenario = NULL;
    GmqTrace *trace       = NULL;
};

} // namespace

TEST_P(WireLog, ChangesNoFingerprint)
{
    g_autoptr(GmqTrace) plain = trace_of(scenario, GMQ_LEVEL_STORY);

    EXPECT_EQ(0u, gmq_trace_wire_length(plain));
    EXPECT_LT(40u, gmq_trace_wire_length(trace));
    EXPECT_EQ(gmq_trace_info(plain)->fingerprint, gmq_trace_info(trace)->fingerprint);
}

TEST_P(WireLog, ComesBackFromAFile)
{
    g_autofree char *path   = g_build_filename(g_get_tmp_dir(), "glassmq-wire-log.jsonl", NULL);
    g_autoptr(GError) error = NULL;
    ASSERT_TRUE(gmq_trace_save(trace, path, &error)) << error->message;
    g_autoptr(GmqTrace) again = gmq_trace_load(path, &error);
    remove(path);
    ASSERT_NE(nullptr, again) << error->message;
    EXPECT_EQ(GetParam(), gmq_trace_info(again)->level);
    ASSERT_EQ(gmq_trace_wire_length(trace), gmq_trace_wire_length(again));
    for (size_t i = 0; i < gmq_trace_wire_length(trace); i++) {
        g_autoptr(GString) one   = g_string_new(NULL);
        g_autoptr(GString) other = g_string_new(NULL);
        gmq_trace_wire_to_json(gmq_trace_wire(trace, i), one);
        gmq_trace_wire_to_json(gmq_trace_wire(again, i), other);
        EXPECT_STREQ(one->str, other->str);
    }
}

TEST_P(WireLog, TellsEachFrameInWords)
{
    auto alice = lines(trace, GMQ_WIRE_FRAME, "alice");

    EXPECT_EQ("protocol header \"AMQP\\x00\\x00\\x09\\x01\"", alice[0]);
    EXPECT_EQ(1, std::count(alice.begin(), alice.end(), "header body-size=7 message-id=alice-1"));
    EXPECT_EQ(1, std::count(alice.begin(), alice.end(), "body \"Hello 1\""));
    EXPECT_EQ("body \"Hello 3\"", lines(trace, GMQ_WIRE_FRAME, "broker").back());
}

TEST_P(WireLog, TellsBytesAtTheLevelOfTheNetAlone)
{
    size_t sent    = lines(trace, GMQ_WIRE_SENT, "bob").size();
    size_t arrived = lines(trace, GMQ_WIRE_ARRIVED, "bob").size();

    EXPECT_EQ(GetParam() == GMQ_LEVEL_NET, sent > 0);
    EXPECT_EQ(GetParam() == GMQ_LEVEL_NET, arrived > 0);
}

INSTANTIATE_TEST_SUITE_P(EachLevel, WireLog, testing::Values(GMQ_LEVEL_FRAMES, GMQ_LEVEL_NET),
                         [](const auto &each) { return gmq_level_name(each.param); });
