#include "viz/tell.h"

#include <gtest/gtest.h>

#include "sim/run.h"
#include "tests/viz/golden.h"
#include "tests/viz/made.h"

namespace {

std::string
tell(const GmqTrace *trace, uint64_t event)
{
    g_autoptr(GmqStage) stage = gmq_stage_new(trace);
    g_autoptr(GmqPicture) now = gmq_picture_at(trace, event);
    g_autoptr(GString) out    = g_string_new(NULL);

    gmq_tell_picture(stage, now, out);
    return out->str;
}

std::string
tell_last(const Made &made)
{
    return tell(made.trace(), made.length());
}

void
expect_in(const std::string &text, const std::string &part)
{
    EXPECT_NE(std::string::npos, text.find(part)) << "not there: " << part << "\n" << text;
}

TEST(Tell, AnEmptyRun)
{
    Made made;

    EXPECT_EQ("made, seed 7: after event 0 of 0, at 0.000s\n"
              "\n"
              "Nothing has happened yet.\n"
              "\n"
              "What there is\n"
              "Nothing yet.\n"
              "\n"
              "Who takes part\n"
              "Nothing yet.\n"
              "\n"
              "In all\n"
              "0 messages published. No check is broken.\n",
              tell_last(made));
}

TEST(Tell, AQueueWithoutEnd)
{
    Made made;

    made.queue("q");
    for (int i = 1; i <= 30; i++)
        made.note(GMQ_EVENT_ENQUEUED, "q", "", "p1-" + std::to_string(i), "", "tail", i);
    expect_in(tell_last(made),
              "- Queue q (durable): 30 ready (p1-1, p1-2, p1-3, p1-4, p1-5, p1-6, p1-7, p1-8,\n"
              "  p1-9, p1-10, p1-11, p1-12 and 18 more), 0 without an ack.\n");
}

TEST(Tell, WhatBefellAClient)
{
    Made made;

    made.client("w1", "consumer", 2);
    made.start("w1");
    made.note(GMQ_EVENT_FAULT_CUT, "w1");
    expect_in(tell_last(made), "- w1, a consumer, is connected. Its line is CUT.");
    made.note(GMQ_EVENT_FAULT_HEALED, "w1");
    made.note(GMQ_EVENT_FAULT_FREEZE, "w1");
    expect_in(tell_last(made), "It is FROZEN: it does nothing until it thaws.");
    made.note(GMQ_EVENT_FAULT_CRASH, "w1");
    expect_in(tell_last(made), "- w1, a consumer, has CRASHED.");
}

TEST(Tell, ABrokenCheck)
{
    Made made;

    made.note(GMQ_EVENT_CHECK_BROKEN, "S1", "", "", "", "S1 broken: p1-1 is lost.");
    expect_in(tell_last(made), ". 1 check is BROKEN.");
}

TEST(Tell, ADeletedQueueAndAnUnboundKey)
{
    Made made;

    made.exchange("x", "direct");
    made.queue("q", 0);
    made.bind("x", "q", "red");
    expect_in(tell_last(made), "To q with the key \"red\": 0 messages.");
    made.note(GMQ_EVENT_QUEUE_DELETED, "q", "", "", "", "asked");
    expect_in(tell_last(made), "- Queue q is deleted: 0 ready");
}

/* No line is longer than a terminal is wide, and each moment of a shipped run can be told. */
TEST(Tell, EveryMomentOfARun)
{
    g_autoptr(GError) error         = NULL;
    std::string path                = source_path("scenarios/14-retry-loop.yaml");
    g_autoptr(GmqScenario) scenario = gmq_scenario_load(path.c_str(), &error);
    g_assert_no_error(error);
    g_autoptr(GmqTrace) trace = gmq_run_record(scenario, scenario->seed);

    for (uint64_t n = 0; n <= gmq_trace_length(trace); n++) {
        std::istringstream lines(tell(trace, n));
        std::string line;
        while (std::getline(lines, line))
            ASSERT_LE(line.size(), 80u) << line;
    }
    std::string last = tell(trace, gmq_trace_length(trace));
    expect_in(last, "Its dead letters go to exchange retry: ");
    expect_in(last, "What finds no\n  way goes to unrouted: 1 message.");
}

} // namespace
