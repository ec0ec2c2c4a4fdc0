#include "tests/lessons/sitting.h"

namespace {

TEST_F(LessonScreen, TakesAnswersBelowTheWholeRun)
{
    go_to_tasks();
    EXPECT_TRUE(shows("task 1 of 3"));
    EXPECT_TRUE(shows("Spc Run"));
    EXPECT_TRUE(shows("END")) << "filters find all that happened" << screen();
    press("/crash\n");
    EXPECT_TRUE(shows("crash w1")) << screen();
    press("\n");
    EXPECT_TRUE(shows("Where does it die?")) << "it is not done";
    press("a12");
    EXPECT_TRUE(shows("Your answer: 12")) << screen();
    press(GMQ_KEY_BACKSPACE);
    press("3\n");
    EXPECT_TRUE(shows("No, that is not it.")) << screen();
    press("H");
    EXPECT_TRUE(shows("Hint: Look for a crash.")) << screen();
    press("ax\n");
    EXPECT_TRUE(shows("The answer is the number of an event")) << screen();
    EXPECT_TRUE(shows("Your answer: x")) << "it may be mended" << screen();
    press("\x15#95\n");
    EXPECT_TRUE(shows("Right: #95.")) << screen();
    press("\n");
    EXPECT_TRUE(shows("Which one?")) << screen();
    EXPECT_TRUE(shows("crash w1")) << "he stays where he was in the run" << screen();
}

TEST_F(LessonScreen, TakesKoreanLetters)
{
    go_to_tasks();
    open(GMQ_GLYPHS_UTF8);
    press("\na");
    press(0xD050);
    press('x');
    EXPECT_TRUE(shows("큐x")) << screen();
    press(GMQ_KEY_BACKSPACE);
    press(GMQ_KEY_BACKSPACE);
    press(GMQ_KEY_BACKSPACE);
    EXPECT_FALSE(shows("큐")) << screen();
    press(GMQ_KEY_ESC);
    EXPECT_TRUE(shows("Press a")) << screen();
}

TEST_F(LessonScreen, ShowsAnAnswerToWhoGivesUp)
{
    go_to_tasks();
    press("S");
    EXPECT_TRUE(shows("The answer is #95")) << screen();
    press("\n");
    EXPECT_TRUE(shows("Which one?"));
}

TEST_F(LessonScreen, KeepsKeysForWhatIsOpenInTheView)
{
    go_to_tasks();
    press("?");
    EXPECT_TRUE(shows("run and stop")) << screen();
    EXPECT_TRUE(press("q"));
    EXPECT_FALSE(shows("run and stop"));
    press("fclient:w1\n");
    EXPECT_TRUE(shows("Where does it die?"));
    EXPECT_FALSE(press("q"));
    EXPECT_EQ(GMQ_WISH_LEAVE, gmq_lesson_screen_wish(screen_));
}

TEST_F(LessonScreen, ChecksTheFileAndGivesHints)
{
    go_to_work();
    EXPECT_TRUE(shows("/learner/exercise.yaml"));
    press("\n");
    EXPECT_TRUE(shows("Mend it.")) << screen();
    EXPECT_EQ(GMQ_WALK_MODIFY, gmq_walk_place(walk_));
    press("hh");
    EXPECT_TRUE(shows("Hint 1 of 3: First hint.")) << screen();
    EXPECT_TRUE(shows("Hint 2 of 3: Second hint.")) << screen();
    press("c");
    EXPECT_TRUE(shows("Running it with 20 seeds")) << screen();
    EXPECT_EQ(0u, n_checked_) << "that is seen first";
    pass(second);
    EXPECT_EQ(1u, n_checked_);
    EXPECT_TRUE(shows("Seed 3: p1-5 was lost.")) << screen();
    EXPECT_FALSE(press("e"));
    EXPECT_EQ(GMQ_WISH_EDIT, gmq_lesson_screen_wish(screen_));
    passes_ = true;
    press("r");
    pass(second);
    EXPECT_TRUE(shows("It holds with 20 seeds.")) << screen();
    EXPECT_FALSE(shows("was lost")) << "only the last result stands there";
    EXPECT_TRUE(shows("Hint 2 of 3"));
    press("\n");
    EXPECT_TRUE(shows("You have passed lesson 0: A worker dies")) << screen();
    EXPECT_TRUE(shows("Of your predictions 1 of 1 was right.")) << screen();
    EXPECT_FALSE(press("\n"));
    EXPECT_EQ(GMQ_WISH_NEXT, gmq_lesson_screen_wish(screen_));
}

TEST_F(LessonScreen, SaysWhenNothingCanBeKept)
{
    failure_ = "The disk is full.";
    press("\n");
    EXPECT_TRUE(shows("The disk is full.")) << screen();
    failure_ = "";
    press("\n");
    EXPECT_FALSE(shows("The disk is full."));
}

} // namespace
