/* The questions of a scenario, answered in the view. */
#include <gtest/gtest.h>

#include "sim/run.h"
#include "tests/sim/shipped.h"
#include "viz/answer.h"
#include "viz/viewer.h"

namespace {

/* In 06-worker-dies w1 dies, and the question is who gets message 5: w1, w2 or nobody. */
class Asked : public testing::Test {
  protected:
    Asked()
    {
        g_autoptr(GError) error         = NULL;
        std::string path                = source_path("scenarios/06-worker-dies.yaml");
        g_autoptr(GmqScenario) scenario = gmq_scenario_load(path.c_str(), &error);

        g_assert_no_error(error);
        trace_  = gmq_run_record(scenario, scenario->seed);
        stage_  = gmq_stage_new(trace_);
        viewer_ = gmq_viewer_new(stage_, GMQ_GLYPHS_ASCII);
        for (uint64_t n = 1; n <= gmq_trace_length(trace_); n++) {
            if (gmq_trace_event(trace_, n)->kind == GMQ_EVENT_ASKED)
                asked_ = n;
        }
        gmq_viewer_go(viewer_, asked_);
    }

    ~Asked() override
    {
        gmq_viewer_free(viewer_);
        gmq_stage_free(stage_);
        gmq_trace_free(trace_);
    }

    void
    press(const std::string &keys)
    {
        for (char key : keys)
            EXPECT_TRUE(gmq_viewer_key(viewer_, key, 0));
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

    GmqTrace *trace_   = nullptr;
    GmqStage *stage_   = nullptr;
    GmqViewer *viewer_ = nullptr;
    uint64_t asked_    = 0;
};

TEST_F(Asked, AQuestionShowsItsChoices)
{
    EXPECT_TRUE(shows("Question: Who gets message 5 now?"));
    EXPECT_TRUE(shows("( ) w1 | ( ) w2 | ( ) nobody (press p to answer)"));
}

TEST_F(Asked, TheAnswerIsChosenWithDigitsOrArrowsAndLockedIn)
{
    press("p");
    EXPECT_TRUE(shows("(*) w1 | ( ) w2 | ( ) nobody"));
    press("3");
    EXPECT_TRUE(shows("( ) w1 | ( ) w2 | (*) nobody"));
    gmq_viewer_key(viewer_, GMQ_KEY_LEFT, 0);
    EXPECT_TRUE(shows("( ) w1 | (*) w2 | ( ) nobody"));
    press("9");
    EXPECT_TRUE(shows("( ) w1 | (*) w2 | ( ) nobody")) << "there is no ninth";
    press("\r");
    EXPECT_TRUE(shows("You say: w2."));
    EXPECT_TRUE(shows("( ) w1 | (*) w2 | ( ) nobody (locked in)"));
    press("p");
    EXPECT_TRUE(shows("You have answered this question"));
}

TEST_F(Asked, TheRunShowsThatTheAnswerIsRight)
{
    press("p2\r");
    EXPECT_FALSE(shows("You said"));
    press("n");
    EXPECT_FALSE(shows("You said")) << "it has not shown it yet";
    press("G");
    EXPECT_EQ(gmq_answer_told(stage_, asked_), gmq_viewer_event(viewer_));
    EXPECT_TRUE(shows("You said w2, and that is right. w1 is gone"));
    press(",");
    EXPECT_FALSE(shows("You said"));
}

TEST_F(Asked, TheRunShowsThatTheAnswerIsWrong)
{
    press("p1\rG");
    EXPECT_TRUE(shows("You said w1, but it is w2."));
}

TEST_F(Asked, ATeacherSeesNoAnswer)
{
    press("p1\rG");
    gmq_viewer_set_presenting(viewer_, true);
    EXPECT_FALSE(shows("You said"));
    EXPECT_FALSE(shows("but it is w2"));
}

TEST_F(Asked, WhoSaysNothingIsToldNothing)
{
    press("G");
    EXPECT_FALSE(shows("You said"));
    press("p");
    EXPECT_TRUE(shows("The run has shown the answer already."));
    press("gp");
    EXPECT_TRUE(shows("There is no question now."));
}

TEST_F(Asked, EscapeLeavesTheQuestionOpen)
{
    press("p2");
    EXPECT_TRUE(gmq_viewer_key(viewer_, GMQ_KEY_ESC, 0));
    EXPECT_TRUE(shows("( ) w1 | ( ) w2 | ( ) nobody (press p to answer)"));
}

TEST_F(Asked, EverySizeShowsTheChoices)
{
    press("p");
    for (int width : {60, 80, 100, 160}) {
        gmq_viewer_resize(viewer_, width, width == 160 ? 48 : 24);
        EXPECT_TRUE(shows("(*) w1")) << width;
    }
}

} // namespace
