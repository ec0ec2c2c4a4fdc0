
#include "tests/core/temp-folder.h"
#include "tests/sim/shipped.h"
#include <gtest/gtest.h>

#include "sim/compare.h"
#include "sim/load.h"
#include "viz/dot.h"
#include "viz/pcap.h"
#include "viz/viewer.h"

/* Traces that were cut, edited or written by another version: an error that says where and what to
 * do, or a run that everything can show. */
namespace {

const std::string SMALL = "glassmq: 1\n"
                          "title: One message\n"
                          "seed: 1\n"
                          "stop: 1s\n"
                          "topology:\n"
                          "  queues: {q: {}}\n"
                          "clients:\n"
                          "  p: {role: producer, publish: {to: default, key: q, count: 1,"
                          " every: 1s, body: x}}\n"
                          "  c: {role: consumer, from: q}\n";

class Damage : public testing::Test {
  protected:
    void
    SetUp() override
    {
        g_autoptr(GError) error = NULL;
        g_autoptr(GmqScenario) scenario =
            gmq_scenario_parse("s.yaml", SMALL.c_str(), SMALL.size(), &error);
        ASSERT_NE(nullptr, scenario) << error->message;
        g_autoptr(GmqTrace) trace = gmq_run_record(scenario, 1);

        ASSERT_TRUE(gmq_trace_save(trace, path.c_str(), &error));
        whole = read_text(path);
    }

    /* What is wrong with a file of that text; "" when all commands could show it. */
    std::string
    try_out(const std::string &text)
    {
        g_autoptr(GError) error = NULL;

        std::ofstream(path, std::ios::binary) << text;
        g_autoptr(GmqTrace) trace = gmq_load_run(path.c_str(), NULL, &error);
        if (trace == NULL)
            return error->message;
        show(trace);
        return "";
    }

    void
    show(const GmqTrace *trace)
    {
        g_autoptr(GError) error     = NULL;
        g_autoptr(GmqStage) stage   = gmq_stage_new(trace);
        g_autoptr(GmqViewer) viewer = gmq_viewer_new(stage, GMQ_GLYPHS_UTF8);

        gmq_viewer_set_pane(viewer, "wire", NULL);
        for (uint64_t n = 0; n <= gmq_trace_length(trace); n += 10) {
            gmq_viewer_go(viewer, n);
            g_autoptr(GmqScreen) screen   = gmq_viewer_draw(viewer);
            g_autofree char *drawn        = gmq_screen_to_text(screen);
            g_autoptr(GmqPicture) picture = gmq_picture_at(trace, n);
            g_autofree char *dot          = gmq_dot_draw(picture);
            EXPECT_NE(nullptr, drawn);
            EXPECT_NE(nullptr, dot);
        }
        if (!gmq_pcap_write(trace, folder.path("run.pcapng").c_str(), 0, INT64_MAX, &error)) {
            EXPECT_NE(nullptr, error);
            return;
        }
        g_autoptr(GmqRerun) rerun = gmq_rerun_of(trace, &error);
        ASSERT_NE(nullptr, rerun) << error->message;
        EXPECT_EQ(0u, gmq_compare_traces(trace, gmq_world_trace(rerun->world), GMQ_COMPARE_ALL, 1));
    }

    std::string
    with(const std::string &part, const std::string &other)
    {
        std::string text = whole;

        text.replace(text.find(part), part.size(), other);
        return try_out(text);
    }

    TempFolder folder;
    std::string path = folder.path("run.trace");
    std::string whole;
};

/* Searches that take their time are for ./glassmq test --long. */
bool
is_long()
{
    return g_getenv("GLASSMQ_TEST_LONG") != NULL;
}

bool
has(const std::string &text, const std::string &part)
{
    return text.find(part) != std::string::npos;
}

TEST_F(Damage, LeavesAWholeFileAlone)
{
    EXPECT_EQ("", try_out(whole));
}

TEST_F(Damage, IsToldAtEveryPlaceWhereTheFileCanBeCut)
{
    size_t step = is_long() ? 1 : 5;

    for (size_t size = sizeof("{\"glassmq\":") - 1; size < whole.size(); size += step) {
        std::string why = try_out(whole.substr(0, size));

        ASSERT_TRUE(has(why, ", line ")) << size << ": " << why;
        ASSERT_TRUE(has(why, "the file was cut, or never written to its end: make it again"))
            << size << ": " << why;
    }
}

/* xorshift64, the same on every machine. */
uint64_t
next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

TEST_F(Damage, NeverCrashesWhateverIsChanged)
{
    uint64_t state = 88172645463325252;
    unsigned times = is_long() ? 5000 : 700;

    for (unsigned i = 0; i < times; i++) {
        std::string text = whole;
        uint64_t n       = 1 + next_random(&state) % 3;

        while (n-- > 0) {
            size_t at  = next_random(&state) % text.size();
            char other = static_cast<char>(next_random(&state));

            if (next_random(&state) % 8 == 0)
                text.erase(at, 1 + next_random(&state) % 5);
            else if (next_random(&state) % 8 == 0)
                text.insert(at, 1, other);
            else
                text[at] = next_random(&state) % 2 == 0 ? other : "0123456789\"{}[],:"[at % 17];
        }
        if (!g_str_has_prefix(text.c_str(), "{\"glassmq\":"))
            continue; /* no trace any more: a scenario, which has tests of its own */
        std::string why = try_out(text);
        ASSERT_TRUE(why.empty() || has(why, ", line ")) << why;
    }
}

TEST_F(Damage, OfAnEventIsToldWithItsLine)
{
    std::string why = with("\"k\":\"enqueue\"", "\"k\":\"enqueued\"");

    EXPECT_TRUE(has(why, ": there is no such kind of event; the file was changed or damaged"));
    EXPECT_TRUE(has(why, "make it again with glassmq run FILE.yaml --trace TRACE"));
}

TEST_F(Damage, OfAnotherVersionIsCalledThat)
{
    std::string text = whole, version = std::string("\"tool\":\"") + GMQ_VERSION + "\"";

    text.replace(text.find(version), version.size(), "\"tool\":\"9.0.0\"");
    text.replace(text.find("\"k\":\"enqueue\""), 13, "\"k\":\"appear\"");
    EXPECT_TRUE(has(try_out(text), "glassmq 9.0.0 wrote the file, and this is " GMQ_VERSION));
}

TEST_F(Damage, OfAnotherFormatIsCalledThat)
{
    EXPECT_TRUE(has(with("{\"glassmq\":1", "{\"glassmq\":2"),
                    "line 1: this is a trace of format 2; glassmq " GMQ_VERSION
                    " reads format 1: make it again"));
}

TEST_F(Damage, OfTheSeedShowsWhenTheRunIsDoneAgain)
{
    EXPECT_EQ("", with("\"seed\":1", "\"seed\":2"));

    g_autoptr(GError) error   = NULL;
    g_autoptr(GmqTrace) trace = gmq_trace_load(path.c_str(), &error);
    ASSERT_NE(nullptr, trace) << error->message;
    g_autoptr(GmqRerun) rerun = gmq_rerun_of(trace, &error);
    EXPECT_TRUE(rerun != NULL ||
                has(error->message, "does not give the run of the trace any more"));
}

} // namespace
