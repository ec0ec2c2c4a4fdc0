#include "sim/limit.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/report.h"

/* A run that becomes too long ends, and says so. */
namespace {

const char *const text = "glassmq: 1\n"
                         "title: T\n"
                         "stop: 1s\n"
                         "topology: {queues: {q: {}}}\n"
                         "clients:\n"
                         "  p: {role: producer, publish: {to: default, key: q, body: \"12345\", "
                         "count: 4, every: 10ms}}\n"
                         "expect: {delivered: 0}\n";

struct Ended {
    std::string verdict, report;
    uint64_t lines, steps;
};

Ended
ended(const GmqRunOptions &options)
{
    g_autoptr(GError) error         = NULL;
    g_autoptr(GString) out          = g_string_new(NULL);
    g_autoptr(GmqScenario) scenario = gmq_scenario_parse("t.yaml", text, strlen(text), &error);
    g_autoptr(GmqWorld) world       = gmq_world_new_with(scenario, 1, &options);

    while (gmq_world_step(world))
        continue;
    gmq_report_add(world, scenario, true, out);
    return {gmq_trace_info(gmq_world_trace(world))->verdict, out->str,
            gmq_trace_length(gmq_world_trace(world)), gmq_world_pops(world)};
}

bool
says(const Ended &run, const std::string &sentence)
{
    return run.report.find(sentence) != std::string::npos;
}

} // namespace

TEST(Limit, OfLinesLetsARunHaveAsManyAndNoMore)
{
    Ended whole           = ended({});
    GmqRunOptions options = {};

    options.lines_max = whole.lines;
    EXPECT_EQ("held", ended(options).verdict);
    EXPECT_EQ(whole.report, ended(options).report);
    options.lines_max = whole.lines - 1;
    EXPECT_EQ(whole.lines, ended(options).lines) << "the last line was written before it counted";
    options.lines_max = whole.lines / 2;
    Ended cut         = ended(options);
    EXPECT_EQ("undecided", cut.verdict);
    EXPECT_LT(cut.lines, whole.lines);
    EXPECT_TRUE(says(cut, "The run was ended at " + std::to_string(options.lines_max) +
                              " lines in its trace, since it may have no more: let it end "
                              "earlier, or send fewer messages.\n"))
        << cut.report;
}

TEST(Limit, OfStepsLetsARunHaveAsManyAndNoMore)
{
    Ended whole           = ended({});
    GmqRunOptions options = {};

    options.steps_max = whole.steps;
    EXPECT_EQ("held", ended(options).verdict);
    options.steps_max = whole.steps - 2;
    Ended cut         = ended(options);
    EXPECT_EQ("undecided", cut.verdict);
    EXPECT_TRUE(says(cut, " steps, since it may have no more"));
}

TEST(Limit, OfBytesCountsWhatIsSent)
{
    GmqRunOptions options = {};

    options.bytes_max = 20;
    EXPECT_EQ("held", ended(options).verdict);
    options.bytes_max = 14;
    Ended cut         = ended(options);
    EXPECT_EQ("undecided", cut.verdict);
    EXPECT_TRUE(says(cut, "The run was ended at 14 bytes of messages, since it may have no more"));
}
