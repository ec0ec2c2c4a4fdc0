#include "sim/run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/sim/shipped.h"

/* The same scenario and seed give the same bytes. */
namespace {

GmqScenario *
load(const std::string &name)
{
    g_autoptr(GError) error = NULL;
    std::string path        = source_path("scenarios/" + name);
    GmqScenario *scenario   = gmq_scenario_load(path.c_str(), &error);

    EXPECT_EQ(nullptr, error) << error->message;
    return scenario;
}

std::string
text_of(const GmqTrace *trace)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (uint64_t n = 1; n <= gmq_trace_length(trace); n++)
        gmq_trace_event_to_json(gmq_trace_event(trace, n), text);
    gmq_trace_end_to_json(gmq_trace_info(trace), gmq_trace_length(trace), text);
    return text->str;
}

std::string
trace_text(const std::string &name, uint64_t seed)
{
    g_autoptr(GmqScenario) scenario = load(name);
    g_autoptr(GmqTrace) trace       = gmq_run_record(scenario, seed);
    return text_of(trace);
}

class Determinism : public testing::TestWithParam<std::string> {};

} // namespace

TEST_P(Determinism, TwiceInOneProcessIsTheSame)
{
    EXPECT_EQ(trace_text(GetParam(), 5), trace_text(GetParam(), 5));
}

TEST_P(Determinism, OneScenarioServesManyRuns)
{
    g_autoptr(GmqScenario) scenario = load(GetParam());
    g_autoptr(GmqTrace) one         = gmq_run_record(scenario, 5);
    g_autoptr(GmqTrace) other       = gmq_run_record(scenario, 5);

    EXPECT_EQ(text_of(one), text_of(other));
}

/* Pieces are cut elsewhere; what happens stays the same, to the nanosecond. */
TEST_P(Determinism, ChunksDoNotChangeTheStory)
{
    g_autoptr(GmqScenario) scenario = load(GetParam());
    g_autoptr(GmqTrace) whole       = gmq_run_record(scenario, 5);

    for (int chunks = GMQ_CHUNKS_SEGMENTS; chunks < GMQ_N_CHUNKS; chunks++) {
        for (unsigned i = 0; i < scenario->links->len; i++)
            g_array_index(scenario->links, GmqLinkSpec, i).chunks = static_cast<GmqChunks>(chunks);
        g_autoptr(GmqTrace) cut = gmq_run_record(scenario, 5);
        EXPECT_EQ(text_of(whole), text_of(cut));
    }
}

TEST_P(Determinism, DoubleLatenciesKeepTheVerdictOfTheChecks)
{
    g_autoptr(GmqScenario) scenario = load(GetParam());

    for (unsigned i = 0; i < scenario->links->len; i++)
        g_array_index(scenario->links, GmqLinkSpec, i).latency_ns *= 2;
    g_autoptr(GmqTrace) trace = gmq_run_record(scenario, 5);
    for (uint64_t n = 1; n <= gmq_trace_length(trace); n++) {
        const GmqTraceEvent *event = gmq_trace_event(trace, n);
        bool is_allowed            = strstr(event->text, ", as is allowed here: ") != NULL;

        EXPECT_TRUE(event->kind != GMQ_EVENT_CHECK_BROKEN || is_allowed) << event->text;
    }
}

INSTANTIATE_TEST_SUITE_P(Sim, Determinism, testing::ValuesIn(shipped_scenarios()),
                         [](const testing::TestParamInfo<std::string> &test) {
                             return test_name(test.param);
                         });

TEST(Determinism, TheOrderOfRunsDoesNotCount)
{
    std::vector<std::string> names = shipped_scenarios();
    std::vector<std::string> forward, backward;

    for (const std::string &name : names)
        forward.push_back(trace_text(name, 1));
    std::reverse(names.begin(), names.end());
    for (const std::string &name : names)
        backward.push_back(trace_text(name, 1));
    std::reverse(backward.begin(), backward.end());
    EXPECT_EQ(forward, backward);
}

/* A scenario in which chance decides. */
static const std::string with_chance =
    "glassmq: 1\n"
    "title: T\n"
    "stop: 5s\n"
    "topology: {queues: {q: {}}}\n"
    "clients:\n"
    "  p: {role: producer, publish: {to: default, key: q, count: 20,\n"
    "      every: 10ms, body: \"{n}\"}, confirms: {window: 5}}\n"
    "  w: {role: consumer, copies: 3, from: q, prefetch: 1, work: 20ms}\n"
    "links: {default: {latency: 5ms, jitter: 20ms, chunks: random}}\n";

static std::string
with_jitter(uint64_t seed)
{
    g_autoptr(GmqScenario) scenario =
        gmq_scenario_parse("t.yaml", with_chance.data(), with_chance.size(), NULL);
    g_autoptr(GmqTrace) trace = gmq_run_record(scenario, seed);

    return text_of(trace);
}

TEST(Determinism, TheSeedDecides)
{
    EXPECT_EQ(with_jitter(1), with_jitter(1));
    EXPECT_NE(with_jitter(1), with_jitter(2));
}

static std::string
hex(uint64_t hash)
{
    g_autofree char *text = g_strdup_printf("%016" G_GINT64_MODIFIER "x", hash);
    return text;
}

/* The list is made by tests/sim_fingerprints; fingerprints.c says how. */
TEST(Determinism, FingerprintsAreThoseOfTheList)
{
    std::istringstream lines(read_text(source_path("tests/sim/fingerprints.txt")));
    std::map<std::string, std::string> list;
    std::string line;

    while (std::getline(lines, line))
        list[line.substr(0, line.find(' ')) + ".yaml"] = line;
    EXPECT_EQ(shipped_scenarios().size(), list.size());
    for (const std::string &name : shipped_scenarios()) {
        g_autoptr(GmqScenario) scenario = load(name);
        g_autoptr(GmqTrace) trace       = gmq_run_record(scenario, scenario->seed);
        const GmqTraceInfo *info        = gmq_trace_info(trace);

        EXPECT_NE(std::string::npos, list[name].find("full " + hex(info->fingerprint))) << name;
        EXPECT_NE(std::string::npos, list[name].find("story " + hex(info->story))) << name;
    }
}
