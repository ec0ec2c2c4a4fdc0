#include "tests/lessons/sitting.h"

namespace {

TEST_F(LessonScreen, ReadsPagesForwardAndBack)
{
    EXPECT_TRUE(shows("Lesson 0: A worker dies"));
    EXPECT_TRUE(shows("Step 1 of 7"));
    EXPECT_TRUE(shows("Hello, reader."));
    press("\n");
    EXPECT_TRUE(shows("A picture"));
    EXPECT_TRUE(shows("+- tasks D")) << screen();
    EXPECT_TRUE(shows("Two workers")) << screen();
    press(GMQ_KEY_BACKSPACE);
    EXPECT_TRUE(shows("Hello, reader."));
    press(GMQ_KEY_BACKSPACE);
    EXPECT_TRUE(shows("This is the first page."));
    press("  ");
    EXPECT_TRUE(shows("Think first.")) << screen();
    EXPECT_EQ(3u, n_kept_) << "once for each step forward";
}

TEST_F(LessonScreen, ScrollsPagesThatAreLonger)
{
    press("\n");
    gmq_lesson_screen_resize(screen_, 80, 18);
    EXPECT_TRUE(shows("(there is more: Space)")) << screen();
    EXPECT_FALSE(shows("Two workers"));
    press(GMQ_KEY_DOWN);
    EXPECT_TRUE(shows("Two workers")) << screen();
    press(GMQ_KEY_UP);
    EXPECT_FALSE(shows("Two workers")) << screen();
    press(" ");
    EXPECT_TRUE(shows("Two workers")) << screen();
    EXPECT_TRUE(shows("Step 2 of 7"));
    press(" ");
    EXPECT_TRUE(shows("Think first.")) << screen();
}

TEST_F(LessonScreen, AsksBelowTheRun)
{
    go_to_question();
    EXPECT_TRUE(shows("Who gets message 5?"));
    EXPECT_TRUE(shows("2. Worker two gets it."));
    EXPECT_TRUE(shows("PRODUCERS")) << screen();
    EXPECT_TRUE(shows("crash w1")) << screen();
    EXPECT_FALSE(shows("requeue")) << "the run stands before its answer";
    EXPECT_FALSE(shows("Spc Run")) << "and cannot be run";
    press("GG......n");
    EXPECT_FALSE(shows("requeue"));
    press(" ");
    pass(20 * second);
    EXPECT_FALSE(shows("requeue"));
    EXPECT_EQ(GMQ_WALK_PREDICT, gmq_walk_place(walk_));
}

TEST_F(LessonScreen, DoesNotTellBeforeThePrediction)
{
    go_to_question();
    std::string before = screen();
    press("wp:");
    EXPECT_EQ(before, screen());
    press("2\n\n");
    EXPECT_TRUE(shows("Your prediction was right")) << screen();
}

TEST_F(LessonScreen, DoesNothingWhereNobodySeesIt)
{
    gmq_lesson_screen_resize(screen_, 50, 24);
    press("\n\n  ");
    gmq_lesson_screen_resize(screen_, 80, 24);
    EXPECT_TRUE(shows("Step 1 of 7")) << screen();
    gmq_lesson_screen_resize(screen_, 50, 24);
    EXPECT_FALSE(press("q"));
}

TEST_F(LessonScreen, LocksInOnlyWhatWasChosen)
{
    go_to_question();
    press("\n");
    EXPECT_TRUE(shows("Give the number of a choice, 1 to 3.")) << screen();
    press("1");
    EXPECT_TRUE(shows("> 1. Nobody gets it.")) << screen();
    press(GMQ_KEY_DOWN);
    EXPECT_TRUE(shows("> 2. Worker two gets it.")) << screen();
    press(GMQ_KEY_UP);
    press(GMQ_KEY_UP);
    EXPECT_TRUE(shows("> 3. It comes back later.")) << screen();
    press("9");
    EXPECT_TRUE(shows("> 3. It comes back later.")) << screen();
    EXPECT_EQ(GMQ_WALK_PREDICT, gmq_walk_place(walk_));
    unsigned before = n_kept_;
    press("\n");
    EXPECT_EQ(GMQ_WALK_RUN, gmq_walk_place(walk_));
    EXPECT_EQ(before + 1, n_kept_);
}

TEST_F(LessonScreen, RunsOnAndTellsWhoWasRight)
{
    go_to_question();
    press("2\n");
    EXPECT_TRUE(shows("Your prediction is locked: 2")) << screen();
    EXPECT_FALSE(shows("was right"));
    pass(second);
    EXPECT_TRUE(shows("RUNNING")) << screen();
    pass(30 * second);
    EXPECT_TRUE(shows("PAUSED")) << "the scenario has a pause" << screen();
    press(" ");
    pass(30 * second);
    EXPECT_TRUE(shows("Your prediction was right")) << screen();
    EXPECT_TRUE(shows("The broker kept it until an ack came.")) << screen();
    EXPECT_TRUE(shows("deliver p1-5")) << screen();
    press("r");
    pass(second);
    EXPECT_TRUE(shows("RUNNING")) << "r runs it again";
    EXPECT_TRUE(shows("Your prediction was right"));
    press("\n");
    EXPECT_TRUE(shows("Where does it die?")) << screen();
}

TEST_F(LessonScreen, StopsAtThePausesOfARunAndSkipsToItsEnd)
{
    go_to_question();
    press("1\n");
    press("\n");
    EXPECT_TRUE(shows("Your prediction was wrong")) << screen();
    EXPECT_TRUE(shows("You said 1")) << screen();
    EXPECT_TRUE(shows("WHY")) << screen();
}

TEST_F(LessonScreen, ShowsTheTextOfAQuestionAgain)
{
    go_to_question();
    press(GMQ_KEY_BACKSPACE);
    EXPECT_TRUE(shows("Think first."));
    press("\n");
    EXPECT_TRUE(shows("WHAT DO YOU SAY?"));
    press("3\n\n");
    press(GMQ_KEY_BACKSPACE);
    press(GMQ_KEY_BACKSPACE);
    EXPECT_TRUE(shows("A picture")) << screen();
    press("\n\n");
    EXPECT_TRUE(shows("Your prediction was wrong")) << "it stays as it was said" << screen();
}

TEST_F(LessonScreen, FitsEverySize)
{
    const std::string ways[] = {"", "\n", "\n", "\n", "2", "\n", "\n", "\n", "H", "a95"};

    for (const std::string &keys : ways) {
        press(keys);
        for (int height = 1; height < 50; height += 3) {
            gmq_lesson_screen_resize(screen_, 20 + height * 4, height);
            g_autoptr(GmqScreen) drawn = gmq_lesson_screen_draw(screen_);
            ASSERT_EQ(height, drawn->height);
            ASSERT_EQ(20 + height * 4, drawn->width);
        }
        gmq_lesson_screen_resize(screen_, 60, 18);
        ASSERT_FALSE(shows("needs 60 columns")) << screen();
        gmq_lesson_screen_resize(screen_, 59, 18);
        ASSERT_TRUE(shows("A lesson needs 60 columns")) << screen();
        gmq_lesson_screen_resize(screen_, 80, 24);
    }
}

TEST_F(LessonScreen, ShowsAllOfAQuestionOnTheSmallestScreen)
{
    go_to_question();
    gmq_lesson_screen_resize(screen_, 60, 18);
    EXPECT_TRUE(shows("Who gets message 5?")) << screen();
    EXPECT_TRUE(shows("1. Nobody gets it.")) << screen();
    EXPECT_TRUE(shows("3. It comes back later.")) << screen();
    EXPECT_TRUE(shows("LAST EVENTS")) << screen();
    press("2\n\n");
    EXPECT_TRUE(shows("Your prediction was right")) << screen();
    EXPECT_TRUE(shows("The broker kept it")) << screen();
}

TEST_F(LessonScreen, GoesOnWhereItWasLeft)
{
    go_to_tasks();
    press("a95\n\n");
    GmqProgressLine line     = gmq_walk_line(walk_, "2026-11-23");
    g_autoptr(GmqWalk) again = gmq_walk_new(lesson_);

    gmq_walk_resume(again, &line);
    gmq_walk_line_clear(&line);
    g_clear_pointer(&screen_, gmq_lesson_screen_free);
    screen_ = gmq_lesson_screen_new(again, &host_, GMQ_GLYPHS_ASCII, GMQ_THEME_DARK);
    EXPECT_TRUE(shows("Which one?")) << screen();
    g_clear_pointer(&screen_, gmq_lesson_screen_free);
}

TEST_F(LessonScreen, SaysWhyAScenarioCannotBeRun)
{
    g_clear_pointer(&screen_, gmq_lesson_screen_free);
    put("scenario.yaml", "topology: [\n");
    open();
    press("\n");
    EXPECT_TRUE(shows("[Two workers]")) << screen();
    press("\n\n");
    EXPECT_TRUE(shows("Who gets message 5?")) << screen();
    EXPECT_TRUE(shows("scenario.yaml")) << screen();
    press("2\n");
    EXPECT_TRUE(shows("Your prediction was right")) << "the lesson goes on without it" << screen();
    press("\n");
    EXPECT_TRUE(shows("Where does it die?")) << screen();
}

} // namespace
