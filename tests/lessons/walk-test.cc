#include "lessons/walk.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <utility>

#include "lessons/desk.h"
#include "tests/lessons/folder.h"
#include "tests/lessons/texts.h"

namespace {

/* read-1, predict-1, read-2, investigate-1 to -3, modify, make. */
const std::string whole = head + page + "## Then\n\n" + predict +
                          "\n## Look\n\nWell.\n\n## Now\n\n" + investigate + "\n" + modify + make;

class Walk : public testing::Test {
  protected:
    void
    SetUp() override
    {
        g_autoptr(GError) error = nullptr;

        folder.write("lesson.md", whole);
        folder.write("exercise.yaml", "title: as it was\n");
        lesson = gmq_lesson_load(folder.path(), "en", &error);
        ASSERT_NE(lesson, nullptr) << error->message;
        walk = gmq_walk_new(lesson);
    }

    void
    TearDown() override
    {
        gmq_walk_free(walk);
        gmq_lesson_free(lesson);
    }

    std::string
    answer(const char *text, GmqAnswer expected)
    {
        g_autofree char *say = nullptr;

        EXPECT_EQ(gmq_walk_answer(walk, text, &say), expected) << text;
        return say != nullptr ? say : "";
    }

    std::string
    next()
    {
        g_autofree char *say = nullptr;

        return gmq_walk_next(walk, &say) ? "on" : say;
    }

    std::string
    kept()
    {
        GmqProgressLine line = gmq_walk_line(walk, "2026-11-23");
        std::string text     = std::string(line.step) + " " + line.predictions + " " + line.hints;

        EXPECT_STREQ(line.lesson, "05-test");
        EXPECT_STREQ(line.date, "2026-11-23");
        gmq_walk_line_clear(&line);
        return text;
    }

    std::string
    hint()
    {
        g_autofree char *text = gmq_walk_hint(walk);

        return text != nullptr ? text : "none";
    }

    void
    resume(const char *step, const char *predictions, const char *hints)
    {
        const GmqProgressLine line = {nullptr, const_cast<char *>(step), nullptr,
                                      const_cast<char *>(predictions), const_cast<char *>(hints)};

        gmq_walk_free(walk);
        walk = gmq_walk_new(lesson);
        gmq_walk_resume(walk, &line);
    }

    std::string
    heading()
    {
        g_autofree char *text = gmq_walk_heading(walk);

        return text;
    }

    /* Does all that comes before that place. */
    void
    go_to(GmqWalkPlace place)
    {
        static const char *const answers[] = {"1", "p1-2", "3"};

        while (gmq_walk_place(walk) < place) {
            if (gmq_walk_place(walk) == GMQ_WALK_PREDICT)
                answer("2", GMQ_ANSWER_LOCKED);
            if (gmq_walk_place(walk) == GMQ_WALK_INVESTIGATE)
                answer(answers[gmq_walk_step(walk)->task->number - 1], GMQ_ANSWER_RIGHT);
            if (gmq_walk_place(walk) == GMQ_WALK_MODIFY || gmq_walk_place(walk) == GMQ_WALK_MAKE)
                gmq_walk_pass(walk);
            ASSERT_EQ(next(), "on");
        }
    }

    Folder folder;
    GmqLesson *lesson = nullptr;
    GmqWalk *walk     = nullptr;
};

} // namespace

TEST_F(Walk, GoesThroughAllPlacesToTheEnd)
{
    EXPECT_EQ(gmq_walk_length(walk), 8u);
    EXPECT_EQ(gmq_walk_place(walk), GMQ_WALK_READ);
    EXPECT_EQ(heading(), "Step 1 of 8: read");
    EXPECT_EQ(kept(), "read-1  ");
    EXPECT_EQ(next(), "on");
    EXPECT_EQ(heading(), "Step 2 of 8: predict");
    answer("2", GMQ_ANSWER_LOCKED);
    EXPECT_EQ(heading(), "Step 2 of 8: run");
    EXPECT_EQ(kept(), "run-1 right ");
    EXPECT_EQ(next(), "on");
    EXPECT_EQ(kept(), "read-2 right ");
    EXPECT_EQ(next(), "on");
    EXPECT_EQ(heading(), "Step 4 of 8: investigate, task 1 of 3");
    go_to(GMQ_WALK_MODIFY);
    EXPECT_EQ(kept(), "modify right ");
    go_to(GMQ_WALK_MAKE);
    EXPECT_EQ(kept(), "make right ");
    go_to(GMQ_WALK_PASSED);
    EXPECT_EQ(kept(), "passed right ");
    EXPECT_EQ(gmq_walk_step(walk), nullptr);
    EXPECT_EQ(next(), "This is the end of the lesson.");
    EXPECT_EQ(heading(), "Passed");
}

TEST_F(Walk, DoesNotGoOnBeforeWhatIsAskedIsDone)
{
    go_to(GMQ_WALK_PREDICT);
    EXPECT_EQ(next(), "First make your prediction: give the number of a choice.");
    go_to(GMQ_WALK_INVESTIGATE);
    while (gmq_walk_place(walk) != GMQ_WALK_INVESTIGATE)
        next();
    EXPECT_EQ(next(), "First answer the task. A hint helps.");
    go_to(GMQ_WALK_MODIFY);
    EXPECT_EQ(next(), "First change the file until the check passes. A hint helps.");
    go_to(GMQ_WALK_MAKE);
    EXPECT_EQ(next(), "First write the program until the check passes. A hint helps.");
    EXPECT_FALSE(gmq_walk_is_done(walk));
}

TEST_F(Walk, LocksAPredictionAndTellsItAfterTheRun)
{
    bool is_right = true;

    next();
    for (const char *text : {"", " ", "0", "3", "maybe", "1 2", "-1", "99999999999999999999"})
        EXPECT_EQ(answer(text, GMQ_ANSWER_NONE), "Give the number of a choice, 1 to 2.") << text;
    EXPECT_EQ(answer("1", GMQ_ANSWER_LOCKED), "Your prediction is locked: 1, Nothing.");
    EXPECT_EQ(answer("2", GMQ_ANSWER_NONE), "Nothing is asked here.");
    EXPECT_EQ(gmq_walk_choice(walk), 1u);
    g_autofree char *verdict = gmq_walk_verdict(walk, &is_right);
    EXPECT_FALSE(is_right);
    EXPECT_STREQ(verdict, "Your prediction was wrong. You said 1: Nothing. It is 2: A message.");
    EXPECT_EQ(kept(), "run-1 wrong ");
}

TEST_F(Walk, TakesAChoiceByItsWordsToo)
{
    for (const char *text : {"2", " 2. ", "2)", "a message", "A MESSAGE."}) {
        bool is_right = false;

        resume("predict-1", "", "");
        answer(text, GMQ_ANSWER_LOCKED);
        g_autofree char *verdict = gmq_walk_verdict(walk, &is_right);
        EXPECT_TRUE(is_right) << text;
        EXPECT_STREQ(verdict, "Your prediction was right. It is 2: A message.");
    }
}

TEST_F(Walk, ForgivesHowAnAnswerIsWritten)
{
    for (const char *text : {"1", "#1", " # 1 "}) {
        resume("investigate-1", "right", "");
        EXPECT_EQ(answer(text, GMQ_ANSWER_RIGHT), "Right: #1.") << text;
    }
    resume("investigate-2", "right", "");
    EXPECT_EQ(answer(" P1-2", GMQ_ANSWER_RIGHT), "Right: p1-2.");
}

TEST_F(Walk, SaysWhichKindOfAnswerIsWanted)
{
    resume("investigate-1", "right", "");
    EXPECT_EQ(answer("w1", GMQ_ANSWER_NONE), "The answer is the number of an event, such as #12.");
    EXPECT_EQ(answer("", GMQ_ANSWER_NONE), "The answer is the number of an event, such as #12.");
    EXPECT_EQ(answer("7", GMQ_ANSWER_WRONG),
              "No, that is not it. The answer is the number of an event, such as #12. Look again, "
              "or ask for the hint.");
    EXPECT_EQ(answer("\xff", GMQ_ANSWER_NONE),
              "The answer is the number of an event, such as #12.");
    EXPECT_EQ(kept(), "investigate-1 right ");
}

TEST_F(Walk, LooksBackWithoutLosingAnything)
{
    EXPECT_FALSE(gmq_walk_back(walk));
    go_to(GMQ_WALK_INVESTIGATE);
    while (gmq_walk_place(walk) != GMQ_WALK_INVESTIGATE)
        next();
    for (unsigned i = 3; i > 0; i--) {
        EXPECT_TRUE(gmq_walk_back(walk));
        EXPECT_EQ(gmq_walk_number(walk), i);
        EXPECT_TRUE(gmq_walk_is_done(walk));
        EXPECT_EQ(kept(), "investigate-1 right ");
    }
    EXPECT_EQ(next(), "on");
    EXPECT_EQ(gmq_walk_place(walk), GMQ_WALK_RUN) << "the prediction stays";
}

TEST_F(Walk, GoesOnWhereItWasLeft)
{
    resume("run-1", "wrong", "");
    EXPECT_EQ(gmq_walk_place(walk), GMQ_WALK_RUN);
    EXPECT_EQ(gmq_walk_choice(walk), 0u);
    bool is_right            = true;
    g_autofree char *verdict = gmq_walk_verdict(walk, &is_right);
    EXPECT_STREQ(verdict, "Your prediction was wrong. It is 2: A message.");
    EXPECT_EQ(kept(), "run-1 wrong ");
    resume("modify", "right", "investigate-1:1,modify:2,modify-solution:1");
    EXPECT_EQ(gmq_walk_place(walk), GMQ_WALK_MODIFY);
    EXPECT_EQ(kept(), "modify right investigate-1:1,modify:2,modify-solution:1");
    EXPECT_EQ(hint(), "Hint 3 of 3: c");
}

TEST_F(Walk, FindsItsWayInALessonThatWasChanged)
{
    resume("investigate-9", "right,right,wrong", "make-7:1,nothing:x");
    EXPECT_EQ(heading(), "Step 4 of 8: investigate, task 1 of 3");
    resume("dance-2", "", "");
    EXPECT_EQ(heading(), "Step 1 of 8: read");
    resume("run-3", "", "");
    EXPECT_EQ(heading(), "Step 2 of 8: run");
    resume("run", "", "");
    EXPECT_EQ(heading(), "Step 1 of 8: read");
}

TEST_F(Walk, WhoWasAtAProgramThatIsNotAskedForAnyMoreHasPassed)
{
    Folder shorter;
    g_autoptr(GError) error = nullptr;

    shorter.write("lesson.md",
                  head + page + predict + "\n## Now\n\n" + investigate + "\n" + modify);
    g_autoptr(GmqLesson) other = gmq_lesson_load(shorter.path(), "en", &error);
    ASSERT_NE(other, nullptr) << error->message;
    g_autoptr(GmqWalk) again   = gmq_walk_new(other);
    const GmqProgressLine line = {nullptr, const_cast<char *>("make"), nullptr,
                                  const_cast<char *>("right"), const_cast<char *>("")};
    gmq_walk_resume(again, &line);
    EXPECT_EQ(gmq_walk_place(again), GMQ_WALK_PASSED);
}

TEST_F(Walk, APassedLessonBeginsAgain)
{
    resume("passed", "right", "modify:2");
    EXPECT_EQ(gmq_walk_place(walk), GMQ_WALK_READ);
    next();
    EXPECT_EQ(gmq_walk_place(walk), GMQ_WALK_PREDICT) << "nothing is locked";
}

TEST_F(Walk, ClimbsTheLadderOfHints)
{
    EXPECT_EQ(hint(), "none");
    resume("modify", "right", "");
    EXPECT_EQ(hint(), "Hint 1 of 3: a");
    EXPECT_EQ(hint(), "Hint 2 of 3: b");
    EXPECT_EQ(hint(), "Hint 3 of 3: c");
    EXPECT_EQ(hint(), "Hint 3 of 3: c");
    EXPECT_EQ(kept(), "modify right modify:3");
    resume("investigate-1", "right", "");
    EXPECT_EQ(hint(), "Hint: h");
    EXPECT_EQ(kept(), "investigate-1 right investigate-1:1");
}

TEST_F(Walk, HasHintsForTheExerciseEverywhere)
{
    for (const char *number : {"1", "2", "3", "3"}) {
        g_autofree char *told = gmq_walk_exercise_hint(walk);

        EXPECT_EQ(std::string(told).substr(0, 11), "Hint " + std::string(number) + " of 3");
    }
    EXPECT_EQ(kept(), "read-1  modify:3");
    resume("make", "right", "modify:1");
    g_autofree char *told = gmq_walk_exercise_hint(walk);
    EXPECT_STREQ(told, "Hint 2 of 3: b");
    EXPECT_EQ(kept(), "make right modify:1") << "it is done, so nothing is noted";
}

TEST_F(Walk, TellsTheAnswerToOneWhoGivesUp)
{
    EXPECT_EQ(gmq_walk_give_up(walk), nullptr);
    resume("investigate-2", "right", "");
    g_autofree char *say = gmq_walk_give_up(walk);
    EXPECT_STREQ(say, "The answer is p1-2. This finds it: kind:publish m:p1-2");
    EXPECT_EQ(kept(), "investigate-3 right investigate-2-solution:1");
    EXPECT_EQ(next(), "on");
}

TEST_F(Walk, ComesBackToTheSamePlaceFromEveryPlace)
{
    static const char *const typed[] = {"1", "2", "p1-2", "3", "", "nobody"};
    g_autoptr(GRand) chance          = g_rand_new_with_seed(7);

    for (unsigned i = 0; i < 2000; i++) {
        g_autofree char *say = nullptr;
        g_autofree char *aid = nullptr;
        std::string before   = kept();

        switch (g_rand_int_range(chance, 0, 6)) {
        case 0:
            gmq_walk_back(walk);
            EXPECT_EQ(kept(), before) << "who looks back loses nothing";
            break;
        case 1:
            aid = gmq_walk_hint(walk);
            break;
        case 2:
            gmq_walk_answer(walk, typed[g_rand_int_range(chance, 0, 6)], &say);
            break;
        case 3:
            if (g_rand_int_range(chance, 0, 20) == 0)
                aid = gmq_walk_give_up(walk);
            break;
        case 4:
            if (gmq_walk_place(walk) == GMQ_WALK_MODIFY || gmq_walk_place(walk) == GMQ_WALK_MAKE)
                gmq_walk_pass(walk);
            break;
        default:
            gmq_walk_next(walk, &say);
        }
        if (gmq_walk_place(walk) == GMQ_WALK_PASSED)
            resume("read-1", "", "");
        GmqProgressLine line     = gmq_walk_line(walk, "2026-11-23");
        g_autoptr(GmqWalk) again = gmq_walk_new(lesson);
        std::string now          = kept();
        if (strcmp(line.step, "passed") != 0) {
            gmq_walk_resume(again, &line);
            std::swap(walk, again);
            EXPECT_EQ(kept(), now);
            std::swap(walk, again);
        }
        gmq_walk_line_clear(&line);
    }
}

TEST_F(Walk, IsKeptAtADesk)
{
    g_autoptr(GError) error  = nullptr;
    std::string home         = std::string(folder.path()) + "/home";
    g_autoptr(GmqDesk) desk  = gmq_desk_new(home.c_str());
    g_autofree char *path    = gmq_desk_exercise(desk, lesson);
    g_autoptr(GmqWalk) other = gmq_walk_new(lesson);

    go_to(GMQ_WALK_MODIFY);
    ASSERT_TRUE(gmq_desk_keep(desk, walk, &error)) << error->message;
    ASSERT_TRUE(gmq_desk_resume(desk, other, &error)) << error->message;
    EXPECT_EQ(gmq_walk_place(other), GMQ_WALK_MODIFY);
    EXPECT_EQ(std::string(path), home + "/lessons/05-test/exercise.yaml");
    ASSERT_TRUE(gmq_desk_lay_out(desk, lesson, &error)) << error->message;
    ASSERT_TRUE(g_file_set_contents(path, "title: changed\n", -1, nullptr));
    ASSERT_TRUE(gmq_desk_lay_out(desk, lesson, &error)) << "it stays";
    g_autofree char *text = nullptr;
    ASSERT_TRUE(g_file_get_contents(path, &text, nullptr, nullptr));
    EXPECT_STREQ(text, "title: changed\n");

    ASSERT_TRUE(gmq_desk_reset(desk, "05-test", &error)) << error->message;
    EXPECT_FALSE(g_file_test(path, G_FILE_TEST_EXISTS));
    std::string old = std::string(path) + ".old";
    EXPECT_TRUE(g_file_test(old.c_str(), G_FILE_TEST_EXISTS)) << "nothing is lost";
    g_autoptr(GmqProgress) progress = gmq_progress_load(gmq_desk_progress(desk), &error);
    EXPECT_EQ(gmq_progress_length(progress), 0u);

    std::string command = "rm -r '" + home + "'";
    EXPECT_EQ(system(command.c_str()), 0);
}
