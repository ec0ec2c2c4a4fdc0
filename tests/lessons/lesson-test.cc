#include "lessons/lesson.h"

#include <gtest/gtest.h>

#include "lessons/shelf.h"
#include "tests/lessons/folder.h"
#include "tests/lessons/texts.h"

namespace {

const std::string whole =
    head + page + predict + "\n## Look\n\n" + investigate + "\n" + modify + make;

std::string
error_of(const std::string &text)
{
    Folder folder;
    g_autoptr(GError) error = nullptr;

    folder.write("lesson.md", text);
    gmq_lesson_free(gmq_lesson_load(folder.path(), "en", &error));
    return error == nullptr ? "" : error->message;
}

std::string
replaced(std::string text, const std::string &what, const std::string &with)
{
    return text.replace(text.find(what), what.size(), with);
}

} // namespace

TEST(Lesson, IsItsStepsInOrder)
{
    Folder folder;
    g_autoptr(GError) error = nullptr;

    folder.write("lesson.md", whole);
    g_autoptr(GmqLesson) lesson = gmq_lesson_load(folder.path(), "en", &error);
    ASSERT_EQ(error, nullptr) << error->message;
    EXPECT_STREQ(lesson->name, "05-test");
    EXPECT_EQ(lesson->number, 5u);
    EXPECT_STREQ(lesson->title, "A queue waits");
    EXPECT_EQ(lesson->minutes, 10u);
    EXPECT_STREQ((const char *)lesson->terms->pdata[0], "queue");
    ASSERT_EQ(lesson->steps->len, 6u);
    EXPECT_EQ(gmq_lesson_step(lesson, 0)->kind, GMQ_STEP_PREDICT);
    EXPECT_STREQ(gmq_lesson_step(lesson, 0)->heading, "First");
    EXPECT_STREQ(gmq_lesson_step(lesson, 0)->text, "A queue keeps **messages**.");
    EXPECT_EQ(gmq_lesson_step(lesson, 0)->predict->right, 2u);
    for (unsigned i = 1; i <= 3; i++)
        EXPECT_EQ(gmq_lesson_step(lesson, i)->task->number, i);
    EXPECT_EQ(gmq_lesson_step(lesson, 3)->task->take, GMQ_TAKE_COUNT);
    EXPECT_EQ(gmq_lesson_modify(lesson)->seeds, 20u);
    EXPECT_EQ(gmq_lesson_make(lesson)->limit_ns, INT64_C(5000000000));
}

TEST(Lesson, HasAPageOfItsOwnForTextBehindABlock)
{
    Folder folder;

    folder.write("lesson.md", head + page + predict + "After it.\n\n```\n## no heading\n```\n");
    g_autoptr(GmqLesson) lesson = gmq_lesson_load(folder.path(), "en", nullptr);
    ASSERT_NE(lesson, nullptr);
    ASSERT_EQ(lesson->steps->len, 2u);
    EXPECT_EQ(gmq_lesson_step(lesson, 1)->kind, GMQ_STEP_READ);
    EXPECT_STREQ(gmq_lesson_step(lesson, 1)->text, "After it.\n\n```\n## no heading\n```");
}

TEST(Lesson, IsInTheLanguageAskedForWhenItIsThere)
{
    Folder folder;

    folder.write("lesson.md", head + page);
    folder.write("lesson.ko.md",
                 replaced(replaced(head + page, "A queue waits", "큐"), "A queue waits", "큐"));
    g_autoptr(GmqLesson) korean = gmq_lesson_load(folder.path(), "ko", nullptr);
    g_autoptr(GmqLesson) other  = gmq_lesson_load(folder.path(), "fr", nullptr);
    EXPECT_STREQ(korean->title, "큐");
    EXPECT_STREQ(korean->language, "ko");
    EXPECT_STREQ(other->title, "A queue waits");
    EXPECT_STREQ(other->language, "en");
}

TEST(Lesson, KnowsTheOnlySenderOfARun)
{
    Folder folder;

    folder.write("lesson.md", whole);
    folder.write("s.yaml", world);
    g_autoptr(GmqLesson) lesson = gmq_lesson_load(folder.path(), "en", nullptr);
    EXPECT_STREQ(gmq_lesson_step(lesson, 1)->task->sender, "p1");
    folder.write("s.yaml", spoiled(world, "clients:\n",
                                   "clients:\n  p2:\n    role: producer\n"
                                   "    publish: {to: default, key: q}\n"));
    g_autoptr(GmqLesson) several = gmq_lesson_load(folder.path(), "en", nullptr);
    EXPECT_EQ(gmq_lesson_step(several, 1)->task->sender, nullptr);
}

TEST(Lesson, ForgivesSpacesSignsAndCaseOfAnAnswer)
{
    GmqTask task = {};
    task.answer  = "#44";
    EXPECT_TRUE(gmq_task_is_answer(&task, " 44\n"));
    EXPECT_TRUE(gmq_task_is_answer(&task, "# 44"));
    EXPECT_FALSE(gmq_task_is_answer(&task, "45"));
    EXPECT_FALSE(gmq_task_is_answer(&task, "\xff"));
    task.answer = "p1-5";
    EXPECT_TRUE(gmq_task_is_answer(&task, "P1-5"));
    EXPECT_FALSE(gmq_task_is_answer(&task, "5"));
    task.take   = GMQ_TAKE_MESSAGE;
    task.sender = "p1";
    EXPECT_TRUE(gmq_task_is_answer(&task, "5"));
    EXPECT_FALSE(gmq_task_is_answer(&task, "6"));
    task.take   = GMQ_TAKE_TIME;
    task.answer = "1.500s";
    EXPECT_TRUE(gmq_task_is_answer(&task, "1.5 s"));
    EXPECT_FALSE(gmq_task_is_answer(&task, "1.6s"));
}

struct WrongLesson {
    const char *name;
    std::string what, with; /* in the whole lesson */
    const char *expected;

    friend void
    PrintTo(const WrongLesson &one, std::ostream *out)
    {
        *out << one.name;
    }
};

class Wrong : public testing::TestWithParam<WrongLesson> {};

TEST_P(Wrong, IsRefusedWithItsPlaceAndASentence)
{
    std::string error = error_of(replaced(whole, GetParam().what, GetParam().with));

    EXPECT_NE(error.find(GetParam().expected), std::string::npos) << error;
}

static const WrongLesson wrongs[] = {
    {"NoHead", "---\n", "", "line 1, column 1: A lesson begins with a line ---"},
    {"OpenHead", "---\n# A", "# A", "The second line --- is missing."},
    {"Minutes", "minutes: 10", "minutes: 9",
     "line 3, column 10: \"minutes\" takes a whole number from 10 to 20."},
    {"HeadKey", "minutes", "minuts",
     "line 3, column 1: The head of a lesson has no key \"minuts\". "
     "Did you mean \"minutes\"?"},
    {"Title", "# A queue", "# B queue", "line 6, column 1: This title is not the one at the head"},
    {"Block", "```predict", "```predct", "line 11, column 4: There is no block \"predct\""},
    {"BlockMeant", "```predict", "```predct", "Did you mean predict?"},
    {"Key", "stop: start", "stopp: start",
     "line 13, column 1: A predict block has no key \"stopp\". Did you mean \"stop\"?"},
    {"KeyMissing", "stop: start\n", "", "line 12, column 1: A predict block needs \"stop\"."},
    {"Right", "right: 2", "right: 3", "There is no choice 3."},
    {"Choices", "[Nothing., A message.]", "[Nothing.]",
     "\"choices\" has 1 items, but takes 2 to 4."},
    {"See", "see: {}", "see: {x: kind:ack}", "\"x\" is no number of an event."},
    {"SeeList", "see: {}", "see: [1]", "\"see\" takes a mapping"},
    {"NotYaml", "see: {}", "see: {", "This is not YAML"},
    {"Take", "take: count", "take: counts",
     "\"take\" is one of event, message, queue, client, time and count. Did you mean \"count\"?"},
    {"Tasks", "  - {question: A?, answer: \"#1\", find: t<1ms, take: event, hint: h}\n", "",
     "\"tasks\" has 2 items, but takes 3."},
    {"MayAndKeep", "may: ", "keep: [x]\nmay: ", "one of them"},
    {"NeitherMayNorKeep", "may: [clients.w1.ack]\n", "", "one of them"},
    {"Hints", "hints: [a, b, c]", "hints: [a, b]", "\"hints\" has 2 items, but takes 3."},
    {"Limit", "limit: 5s", "limit: 5", "\"limit\" takes a duration"},
    {"MatcherToo", "scenario: make.yaml", "scenario: a.yaml\nmatcher: b.yaml", "one of them"},
    {"Faults", "fails: lost", "fails: lost\nfaults: all",
     "\"faults\" is none, some, many or exam."},
    {"OpenBlock", "hints: [a, b, c]\n```\n```make", "hints: [a, b, c]\n```make",
     "This is not YAML"},
    {"EmptyPage", "## Look", "## Empty\n\n## Look", "line 22, column 1: This page has no text."},
};

INSTANTIATE_TEST_SUITE_P(Lesson, Wrong, testing::ValuesIn(wrongs),
                         [](const auto &one) { return one.param.name; });

TEST(Lesson, SaysWhatCannotBeRead)
{
    Folder folder;
    g_autoptr(GError) error = nullptr;

    EXPECT_EQ(gmq_lesson_load(folder.path(), "en", &error), nullptr);
    EXPECT_TRUE(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT));
    EXPECT_NE(error_of("---\ntitle: \xff\n").find("This is not UTF-8 text."), std::string::npos);
    EXPECT_NE(error_of("").find("A lesson begins with"), std::string::npos);
}

TEST(Shelf, FindsLessonsByNumberAndName)
{
    Folder folder;
    g_autoptr(GError) error = nullptr;
    unsigned index          = 9;

    folder.write("lesson.md", whole);
    g_autoptr(GmqShelf) shelf = gmq_shelf_new(folder.above(), nullptr);
    ASSERT_NE(shelf, nullptr);
    for (const char *text : {"5", "05", "05-test", "test"}) {
        index = 9;
        EXPECT_TRUE(gmq_shelf_find(shelf, text, &index, nullptr)) << text;
        EXPECT_EQ(index, 0u);
    }
    EXPECT_FALSE(gmq_shelf_find(shelf, "05-tset", &index, &error));
    EXPECT_NE(strstr(error->message, "Did you mean 05-test?"), nullptr) << error->message;
    EXPECT_EQ(gmq_shelf_new(folder.path(), nullptr), nullptr);
}
