#include <gtest/gtest.h>
#include <vector>

#include "lessons/lint.h"
#include "lessons/modify.h"
#include "lessons/shelf.h"
#include "lessons/twin.h"
#include "tests/lessons/texts.h"

namespace {

const char *const lessons = GMQ_SOURCE_ROOT "/lessons";

std::vector<std::string>
names()
{
    g_autoptr(GmqShelf) shelf = gmq_shelf_new(lessons, nullptr);
    std::vector<std::string> found;

    for (unsigned i = 0; shelf != nullptr && i < shelf->names->len; i++)
        found.push_back(gmq_shelf_name(shelf, i));
    return found;
}

GmqLesson *
load(const std::string &name, const char *language)
{
    return gmq_lesson_load((std::string(lessons) + "/" + name).c_str(), language, nullptr);
}

} // namespace

class Shipped : public testing::TestWithParam<std::string> {};

/* Proves what its texts say of runs, that its exercise fails, and that its solution passes. */
TEST_P(Shipped, LessonIsFine)
{
    g_autoptr(GString) out = g_string_new(nullptr);

    EXPECT_TRUE(gmq_lint_lesson((std::string(lessons) + "/" + GetParam()).c_str(), out))
        << out->str;
}

TEST_P(Shipped, LessonIsThereInKorean)
{
    g_autoptr(GmqLesson) lesson = load(GetParam(), "ko");

    ASSERT_NE(lesson, nullptr);
    EXPECT_STREQ(lesson->language, "ko");
}

/* Whoever learns in Korean reads Korean captions, questions and comments. */
TEST_P(Shipped, RunsAreThereInKorean)
{
    std::string folder  = std::string(lessons) + "/" + GetParam();
    g_autoptr(GDir) dir = g_dir_open(folder.c_str(), 0, nullptr);

    ASSERT_NE(dir, nullptr);
    while (const char *name = g_dir_read_name(dir)) {
        g_autofree char *origin = gmq_twin_origin(name, "ko");
        if (!g_str_has_suffix(name, ".yaml") || origin != nullptr)
            continue;
        g_autofree char *path = gmq_twin_path(folder.c_str(), name, "ko");
        EXPECT_TRUE(g_str_has_suffix(path, ".ko.yaml")) << path << " has no twin in Korean";
    }
}

/* A message helps when it says what is expected and found, where it broke, and what to do next. */
TEST_P(Shipped, ExerciseFailsWithAHelpfulMessage)
{
    g_autoptr(GmqLesson) lesson = load(GetParam(), "en");
    ASSERT_NE(lesson, nullptr);
    const GmqModify *block         = gmq_lesson_modify(lesson);
    g_autofree char *path          = gmq_lesson_file(lesson, block->file);
    g_auto(GmqModifyAnswer) answer = {};

    gmq_modify_check(lesson, block, path, &answer);
    EXPECT_EQ(answer.verdict, GMQ_VERDICT_BROKEN);
    for (const char *words : {"Not yet: ", "With seed ", "Look at it with:\n  glassmq "})
        EXPECT_NE(strstr(answer.sentences, words), nullptr) << words << "\n" << answer.sentences;
}

INSTANTIATE_TEST_SUITE_P(Lessons, Shipped, testing::ValuesIn(names()),
                         [](const auto &one) { return spoiled(one.param, "-", "_", true); });

TEST(Lessons, AreEighteenAndThreeWorkshops)
{
    std::vector<std::string> all = names();

    ASSERT_EQ(all.size(), 21u);
    for (unsigned i = 0; i < all.size(); i++)
        EXPECT_EQ(gmq_shelf_number(all[i].c_str()), i + 1) << all[i];
}
