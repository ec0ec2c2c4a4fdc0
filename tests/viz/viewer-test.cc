#include <gtest/gtest.h>

#include <map>

#include "tests/viz/viewing.h"

namespace {

TEST_F(Viewer, StepsForwardAndBack)
{
    press("...");
    EXPECT_EQ(3u, event());
    press(",");
    EXPECT_EQ(2u, event());
    press(",,,,");
    EXPECT_EQ(0u, event());
}

TEST_F(Viewer, ShowsTheSameForwardAndBack)
{
    for (uint64_t n = 0; n <= made_.length(); n += 5) {
        gmq_viewer_go(viewer_, n);
        std::string forward = screen();
        gmq_viewer_go(viewer_, n + 50);
        gmq_viewer_go(viewer_, n);
        EXPECT_EQ(forward, screen());
    }
}

TEST_F(Viewer, GoesToBothEnds)
{
    press("G");
    EXPECT_EQ(made_.length(), event());
    press(".");
    EXPECT_EQ(made_.length(), event());
    press("g");
    EXPECT_EQ(0u, event());
}

TEST_F(Viewer, DoesNotGoBehindItsBound)
{
    gmq_viewer_set_bound(viewer_, 5);
    press("G");
    EXPECT_EQ(5u, event());
    press(".n>");
    EXPECT_EQ(5u, event());
    press("/crash\r");
    EXPECT_TRUE(shows("not found in any event"));
    gmq_viewer_go(viewer_, 3);
    gmq_viewer_run(viewer_, now_us_);
    pass(20 * second);
    EXPECT_EQ(5u, event());
    EXPECT_FALSE(gmq_viewer_is_running(viewer_));
    gmq_viewer_set_bound(viewer_, 2);
    EXPECT_EQ(2u, event()) << "whoever stands behind it comes back";
    gmq_viewer_set_bound(viewer_, G_MAXUINT64);
    press("G");
    EXPECT_EQ(made_.length(), event());
}

TEST_F(Viewer, KeepsBoxesAndEventsInAFewRows)
{
    gmq_viewer_go(viewer_, 20);
    gmq_viewer_set_part(viewer_, true);
    for (int height : {15, 16, 18, 23}) {
        gmq_viewer_resize(viewer_, 80, height);
        expect_size(80, height);
        EXPECT_TRUE(shows("PRODUCERS")) << screen();
        EXPECT_TRUE(shows("LAST EVENTS")) << screen();
        EXPECT_TRUE(shows("? Help")) << screen();
    }
    for (int height : {8, 11}) {
        gmq_viewer_resize(viewer_, 60, height);
        expect_size(60, height);
        EXPECT_TRUE(shows("LAST EVENTS")) << screen();
        EXPECT_FALSE(shows("PRODUCERS")) << screen();
    }
    for (int height = 1; height < 40; height++) {
        gmq_viewer_resize(viewer_, 20 + height * 3, height);
        expect_size(20 + height * 3, height);
    }
}

TEST_F(Viewer, GoesFromFaultToCaptionAndBack)
{
    press("n");
    uint64_t fault = event();
    EXPECT_EQ(GMQ_EVENT_FAULT_CRASH, gmq_trace_event(made_.trace(), fault)->kind);
    press("n");
    EXPECT_EQ(GMQ_EVENT_CAPTION, gmq_trace_event(made_.trace(), event())->kind);
    press("n");
    EXPECT_EQ(fault + 1, event()) << "there is no further one";
    press("N");
    EXPECT_EQ(fault, event());
}

TEST_F(Viewer, SkipsTheSmallStepsOfTheStory)
{
    press(">");
    EXPECT_EQ(GMQ_EVENT_CLIENT_SENT, gmq_trace_event(made_.trace(), event())->kind);
    press(">");
    EXPECT_EQ(GMQ_EVENT_ENQUEUED, gmq_trace_event(made_.trace(), event())->kind);
    press("<");
    EXPECT_EQ(GMQ_EVENT_CLIENT_SENT, gmq_trace_event(made_.trace(), event())->kind);
}

TEST_F(Viewer, ShowsAtMostFourHopsASecond)
{
    gmq_viewer_go(viewer_, 14); /* messages alone from here on */
    press(" ");
    EXPECT_TRUE(gmq_viewer_is_running(viewer_));
    pass(2 * second);
    EXPECT_EQ(14u + 8, event() + 1) << "the first one waits too";
}

TEST_F(Viewer, RunsFasterAndSlower)
{
    gmq_viewer_go(viewer_, 14);
    press("+ ");
    pass(2 * second);
    EXPECT_EQ(14u + 16, event() + 1);
    EXPECT_TRUE(shows(" x2 "));
    press("---");
    EXPECT_TRUE(shows(" x0.25"));
}

TEST_F(Viewer, ShowsAnyRunInSecondsWhenItIsFast)
{
    press("++++ ");
    EXPECT_TRUE(shows(" fast "));
    pass(8 * second);
    EXPECT_EQ(made_.length(), event());
    EXPECT_FALSE(gmq_viewer_is_running(viewer_));
    EXPECT_TRUE(shows(" END "));
}

TEST_F(Viewer, SkipsIdleTime)
{
    made_.wait(3600 * 1000);
    made_.note(GMQ_EVENT_CONNECTION_CLOSED, "w2");
    gmq_viewer_go(viewer_, made_.length() - 1);
    press(" ");
    pass(2 * second);
    EXPECT_EQ(made_.length(), event());
}

TEST_F(Viewer, StopsAtAPause)
{
    uint64_t pause = made_.note(GMQ_EVENT_PAUSED, "view");

    made_.note(GMQ_EVENT_CONNECTION_CLOSED, "w2");
    gmq_viewer_go(viewer_, pause - 1);
    press(" ");
    pass(5 * second);
    EXPECT_EQ(pause, event());
    EXPECT_FALSE(gmq_viewer_is_running(viewer_));
    press(" ");
    pass(5 * second);
    EXPECT_EQ(pause + 1, event());
}

TEST_F(Viewer, StopsBehindTheQuestionOfAPause)
{
    uint64_t caption  = made_.note(GMQ_EVENT_CAPTION, "view", "", "", "", "Look.", 7);
    uint64_t pause    = made_.note(GMQ_EVENT_PAUSED, "view", "", "", "", "", 7);
    uint64_t question = made_.note(GMQ_EVENT_ASKED, "view", "", "", "", "Who?", 7);
    made_.note(GMQ_EVENT_CONNECTION_CLOSED, "w2");
    gmq_viewer_go(viewer_, caption);
    press(" ");
    pass(9 * second);
    EXPECT_LT(pause, event());
    EXPECT_EQ(question, event());
    EXPECT_TRUE(shows("Look."));
    EXPECT_TRUE(shows("Question: Who?"));
}

TEST_F(Viewer, GivesTimeToReadACaption)
{
    press("nn ");
    uint64_t caption = event();
    pass(3 * second);
    EXPECT_EQ(caption, event());
    pass(2 * second);
    EXPECT_LT(caption, event());
}

TEST_F(Viewer, StopsWhenSomebodySteps)
{
    press(" .");
    EXPECT_FALSE(gmq_viewer_is_running(viewer_));
}

TEST_F(Viewer, BeginsAgainAfterTheEnd)
{
    press("G ");
    EXPECT_EQ(0u, event());
    EXPECT_TRUE(gmq_viewer_is_running(viewer_));
}

TEST_F(Viewer, GoesOnFromNowAfterABreak)
{
    press(" ");
    pass(second);
    uint64_t before = event();
    now_us_ += 600 * second;
    pass(20000);
    EXPECT_GE(before + 1, event());
}

TEST_F(Viewer, HelpsUntilTheNextKey)
{
    press("?");
    EXPECT_TRUE(shows("run and stop"));
    EXPECT_TRUE(press("q")) << "it closes the help first";
    EXPECT_FALSE(shows("run and stop"));
    EXPECT_FALSE(press("q"));
}

TEST_F(Viewer, LeavesWithEscape)
{
    EXPECT_FALSE(gmq_viewer_key(viewer_, GMQ_KEY_ESC, 0));
}

TEST_F(Viewer, KeepsItsEventWhenTheSizeChanges)
{
    gmq_viewer_go(viewer_, 40);
    for (int width : {200, 80, 60, 20, 1}) {
        gmq_viewer_resize(viewer_, width, width / 3);
        screen();
        EXPECT_EQ(40u, event());
    }
}

TEST_F(Viewer, ScrollsTheListThatHasTheFocus)
{
    gmq_viewer_go(viewer_, 40);
    press("\t\t");
    EXPECT_TRUE(shows("[LAST EVENTS]"));
    EXPECT_FALSE(shows("  36 "));
    for (int i = 0; i < 4; i++)
        gmq_viewer_key(viewer_, GMQ_KEY_UP, 0);
    EXPECT_TRUE(shows("  36 "));
    gmq_viewer_key(viewer_, GMQ_KEY_DOWN, 0);
    EXPECT_FALSE(shows("  36 "));
}

/* No key and no click, in whatever order, does any harm, and the screen has exactly its size. */
TEST_F(Viewer, SurvivesEveryKeyAtEverySize)
{
    unsigned state = 1;
    int width = 80, height = 24;

    for (int i = 0; i < 5000; i++) {
        state    = state * 1103515245u + 12345u;
        int key  = (int)(state >> 16) % 140;
        int late = key >= 128 ? GMQ_KEY_UP + key - 128 : key;
        if (i % 50 == 0) {
            width  = 1 + (int)(state >> 8) % 200;
            height = 1 + (int)(state >> 20) % 60;
            gmq_viewer_resize(viewer_, width, height);
        }
        if (i % 7 == 0)
            gmq_viewer_click(viewer_, (int)(state >> 10) % width, (int)(state >> 14) % height);
        if (i % 11 == 0)
            gmq_viewer_wheel(viewer_, (int)(state >> 10) % width, (int)(state >> 14) % height,
                             i % 2 == 0 ? 1 : -1);
        gmq_viewer_key(viewer_, late, now_us_);
        gmq_viewer_play(viewer_, now_us_ += 50000);
        if (i % 3 == 0)
            expect_size(width, height);
    }
    EXPECT_GE(made_.length(), event());
}

/* A backlog of thousands: half of the messages are never taken. */
void
tell_long_run(Made &made)
{
    made.queue("tasks");
    made.client("p1", "producer");
    made.client("w1", "consumer", 10);
    made.start("p1");
    made.start("w1");
    made.consume("w1", "tasks", 10);
    for (uint64_t i = 1; made.length() < 20000; i++) {
        std::string message = "p1-" + std::to_string(i);
        made.send("p1", "", "tasks", message);
        made.arrive("p1", "", "tasks", message, i);
        made.enqueue("", "tasks", "tasks", message, 1);
        if (i % 2 == 0)
            continue;
        made.deliver("tasks", "w1", message, i);
        made.receive("w1", "tasks", message, i);
        made.finish("w1", "tasks", message, i);
        made.ack("tasks", "w1", message, i);
    }
}

std::string
screen_of(const GmqViewer *viewer)
{
    g_autoptr(GmqScreen) screen = gmq_viewer_draw(viewer);
    g_autofree char *text       = gmq_screen_to_text(screen);
    return text;
}

TEST(LongRun, LooksTheSameHoweverOneComesToAMoment)
{
    Made made;
    tell_long_run(made);
    g_autoptr(GmqStage) stage   = gmq_stage_new(made.trace());
    g_autoptr(GmqViewer) jumper = gmq_viewer_new(stage, GMQ_GLYPHS_UTF8);
    std::map<uint64_t, std::string> seen;
    unsigned state = 7;

    for (int i = 0; i < 60; i++) {
        state      = state * 1103515245u + 12345u;
        uint64_t n = i % 7 == 0 ? 512u * (unsigned)i : (state >> 8) % (made.length() + 1);
        gmq_viewer_go(jumper, n);
        seen[gmq_viewer_event(jumper)] = screen_of(jumper);
    }
    g_autoptr(GmqViewer) walker = gmq_viewer_new(stage, GMQ_GLYPHS_UTF8);
    for (const auto &moment : seen) {
        gmq_viewer_go(walker, moment.first);
        ASSERT_EQ(moment.second, screen_of(walker)) << moment.first;
    }
}

/* Readers wait for less than 50 ms; here nothing is optimised, and others use the machine too. */
TEST(LongRun, IsSteppedBackAtOnce)
{
    Made made;
    tell_long_run(made);
    g_autoptr(GmqStage) stage   = gmq_stage_new(made.trace());
    g_autoptr(GmqViewer) viewer = gmq_viewer_new(stage, GMQ_GLYPHS_UTF8);
    gint64 best_us              = G_MAXINT64;

    gmq_viewer_key(viewer, 'G', 0);
    for (int i = 0; i < 5; i++) {
        gint64 before_us = g_get_monotonic_time();
        gmq_viewer_key(viewer, ',', 0);
        screen_of(viewer);
        best_us = MIN(best_us, g_get_monotonic_time() - before_us);
    }
    EXPECT_EQ(made.length() - 5, gmq_viewer_event(viewer));
    EXPECT_GT(50000, best_us);
    printf("a step back in 20,000 events: %d us\n", (int)best_us);
}

} // namespace
