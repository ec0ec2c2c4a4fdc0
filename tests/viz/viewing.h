/* viewing.h - a reader in front of a small run, for tests: keys are pressed, screens are read. */
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/viz/made.h"
#include "viz/viewer.h"

static const int64_t second = 1000000; /* microseconds */

class Viewer : public testing::Test {
  protected:
    Viewer()
    {
        tell_work_queue(made_);
        stage_  = gmq_stage_new(made_.trace());
        viewer_ = gmq_viewer_new(stage_, GMQ_GLYPHS_ASCII);
    }

    /* After events were added that the stage has to know of. */
    void
    renew()
    {
        gmq_viewer_free(viewer_);
        gmq_stage_free(stage_);
        stage_  = gmq_stage_new(made_.trace());
        viewer_ = gmq_viewer_new(stage_, GMQ_GLYPHS_ASCII);
    }

    void
    expect_size(int width, int height) const
    {
        g_autoptr(GmqScreen) drawn = gmq_viewer_draw(viewer_);

        ASSERT_EQ(width, drawn->width);
        ASSERT_EQ(height, drawn->height);
        std::string text = screen();
        ASSERT_EQ(height, std::count(text.begin(), text.end(), '\n'));
    }

    ~Viewer() override
    {
        gmq_viewer_free(viewer_);
        gmq_stage_free(stage_);
    }

    bool
    press(const std::string &keys)
    {
        bool stays = true;

        for (char key : keys)
            stays = gmq_viewer_key(viewer_, key, now_us_);
        return stays;
    }

    void
    pass(int64_t us)
    {
        for (int64_t end = now_us_ + us; now_us_ < end; now_us_ += 20000)
            gmq_viewer_play(viewer_, now_us_);
    }

    uint64_t
    event() const
    {
        return gmq_viewer_event(viewer_);
    }

    std::string
    screen() const
    {
        g_autoptr(GmqScreen) screen = gmq_viewer_draw(viewer_);
        g_autofree char *text       = gmq_screen_to_text(screen);
        return text;
    }

    bool
    shows(const char *part) const
    {
        return screen().find(part) != std::string::npos;
    }

    Made made_;
    GmqStage *stage_   = nullptr;
    GmqViewer *viewer_ = nullptr;
    int64_t now_us_    = 0;
};
