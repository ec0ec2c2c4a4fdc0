#include "viz/what-view.h"

#include <gtest/gtest.h>

#include "sim/run.h"
#include "tests/sim/shipped.h"
#include "tests/viz/made.h"
#include "viz/viewer.h"

namespace {

class WhatView : public testing::Test {
  protected:
    WhatView()
    {
        g_autoptr(GError) error = NULL;
        std::string path        = source_path("scenarios/06-worker-dies.yaml");
        scenario_               = gmq_scenario_load(path.c_str(), &error);
        g_assert_no_error(error);
        trace_ = gmq_run_record(scenario_, scenario_->seed);
        stage_ = gmq_stage_new(trace_);
        view_  = gmq_what_view_new(stage_, 32); /* w1 has p1-1 */
    }

    ~WhatView() override
    {
        gmq_what_view_free(view_);
        gmq_stage_free(stage_);
        gmq_trace_free(trace_);
        gmq_scenario_free(scenario_);
    }

    std::string
    screen(int width = 80, int height = 24, GmqGlyphs glyphs = GMQ_GLYPHS_UTF8)
    {
        g_autoptr(GmqScreen) screen = gmq_what_view_draw(view_, width, height, glyphs);
        g_autofree char *text       = gmq_screen_to_text(screen);
        return text;
    }

    void
    expect(const std::string &part)
    {
        EXPECT_NE(std::string::npos, screen().find(part)) << "not there: " << part << "\n"
                                                          << screen();
    }

    GmqScenario *scenario_;
    GmqTrace *trace_;
    GmqStage *stage_;
    GmqWhatView *view_;
};

TEST_F(WhatView, ListsWhatCouldHappen)
{
    expect("What if, at event 32");
    expect("▶ 1  the delivery of p1-1 is lost");
    expect("  4  w1 crashes, and starts again after 1s");
    EXPECT_EQ(GMQ_WHAT_STAYS, gmq_what_view_key(view_, GMQ_KEY_DOWN));
    expect("▶ 2  the delivery of p1-1 is late");
    gmq_what_view_key(view_, GMQ_KEY_UP);
    gmq_what_view_key(view_, GMQ_KEY_UP);
    expect("▶ 1  the delivery");
    EXPECT_EQ(nullptr, gmq_what_view_other(view_));
    EXPECT_EQ(GMQ_WHAT_LEAVES, gmq_what_view_key(view_, 'q'));
}

TEST_F(WhatView, ShowsBothRunsSideBySide)
{
    EXPECT_EQ(GMQ_WHAT_STAYS, gmq_what_view_key(view_, '4'));
    expect("What if at event 32 w1 crashes, and starts again after 1s?");
    expect(" AS IT WAS: held");
    expect(" WHAT IF: broken");
    expect("   33   0.233s p1: p1-1 is confirmed   │   33   0.220s FAULT: crash w1");
    expect("deliveries marked redelivered          1  2");
    EXPECT_EQ(33u, gmq_what_view_parted(view_));
    ASSERT_NE(nullptr, gmq_what_view_other(view_));
    EXPECT_EQ(GMQ_WHAT_SWITCHES, gmq_what_view_key(view_, 'v'));
}

TEST_F(WhatView, ScrollsAndGoesBack)
{
    gmq_what_view_key(view_, '4');
    std::string before = screen();
    gmq_what_view_key(view_, GMQ_KEY_DOWN);
    EXPECT_NE(before, screen());
    gmq_what_view_key(view_, GMQ_KEY_UP);
    gmq_what_view_key(view_, GMQ_KEY_PAGE_UP);
    EXPECT_EQ(before, screen());
    for (int i = 0; i < 1000; i++)
        gmq_what_view_key(view_, GMQ_KEY_PAGE_DOWN);
    screen();
    EXPECT_EQ(GMQ_WHAT_STAYS, gmq_what_view_key(view_, GMQ_KEY_ESC));
    expect("▶ 4  w1 crashes");
}

TEST_F(WhatView, FillsEverySize)
{
    for (int round = 0; round < 2; round++) {
        for (int width : {1, 5, 20, 80, 160, 300}) {
            for (int height : {1, 2, 3, 5, 24, 60}) {
                std::string text = screen(width, height, GMQ_GLYPHS_ASCII);
                EXPECT_EQ(size_t(width + 1) * size_t(height), text.size());
            }
        }
        gmq_what_view_key(view_, '1');
    }
}

/* ---- behind a key of the view ---- */

class WhatViewer : public WhatView {
  protected:
    WhatViewer()
    {
        viewer_ = gmq_viewer_new(stage_, GMQ_GLYPHS_UTF8);
        gmq_viewer_resize(viewer_, 100, 30);
    }

    ~WhatViewer() override
    {
        gmq_viewer_free(viewer_);
    }

    bool
    press(const char *keys)
    {
        bool stays = true;

        for (const char *key = keys; *key != '\0'; key++)
            stays = gmq_viewer_key(viewer_, *key, 0);
        return stays;
    }

    void
    see(const char *part)
    {
        g_autoptr(GmqScreen) screen = gmq_viewer_draw(viewer_);
        g_autofree char *text       = gmq_screen_to_text(screen);
        EXPECT_NE(nullptr, strstr(text, part)) << "not there: " << part << "\n" << text;
    }

    GmqViewer *viewer_;
};

TEST_F(WhatViewer, HasNothingToAskAtTheStart)
{
    EXPECT_TRUE(press("w"));
    see("Nothing has happened yet that could have gone otherwise.");
}

TEST_F(WhatViewer, LooksAtTheOtherRunAndComesBack)
{
    gmq_viewer_go(viewer_, 32);
    press("w");
    see("What if, at event 32");
    press("4");
    see("AS IT WAS: held");
    press("v");
    EXPECT_EQ(33u, gmq_viewer_event(viewer_));
    see("WHAT IF  t 0.220s");
    see("crash w1");
    press("w");
    see("AS IT WAS: held");
    EXPECT_EQ(32u, gmq_viewer_event(viewer_));
    press("qq");
    see("SIM  t 0.220s");
    EXPECT_EQ(32u, gmq_viewer_event(viewer_));
    EXPECT_FALSE(press("q"));
}

TEST_F(WhatViewer, LeavesTheOtherRunBeforeTheProgram)
{
    gmq_viewer_go(viewer_, 32);
    press("w4v..");
    EXPECT_EQ(35u, gmq_viewer_event(viewer_));
    EXPECT_TRUE(press("q"));
    EXPECT_EQ(32u, gmq_viewer_event(viewer_));
    see("SIM  t 0.220s");
}

TEST_F(WhatViewer, MayBeLeftOpen)
{
    gmq_viewer_go(viewer_, 32);
    press("w4v");
    gmq_viewer_wheel(viewer_, 5, 5, 1);
    press("w");
    gmq_viewer_wheel(viewer_, 5, 5, 1);
    gmq_viewer_click(viewer_, 5, 5);
}

TEST(WhatViewOfNoScenario, SaysThatNothingCanBeTried)
{
    Made made;
    made.queue("q");
    g_autoptr(GmqStage) stage   = gmq_stage_new(made.trace());
    g_autoptr(GmqWhatView) view = gmq_what_view_new(stage, 1);
    g_autoptr(GmqScreen) screen = gmq_what_view_draw(view, 80, 24, GMQ_GLYPHS_UTF8);
    g_autofree char *text       = gmq_screen_to_text(screen);

    EXPECT_NE(nullptr, strstr(text, "Nothing can be tried here"));
    EXPECT_EQ(GMQ_WHAT_LEAVES, gmq_what_view_key(view, '\n'));
}

} // namespace
