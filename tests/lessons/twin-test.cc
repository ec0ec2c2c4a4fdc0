#include "lessons/twin.h"

#include <gtest/gtest.h>

#include "lessons/lesson.h"
#include "lessons/lint-private.h"
#include "tests/lessons/folder.h"
#include "tests/lessons/texts.h"

namespace {

const std::string english = spoiled(world, "  - {at: 2s, start: w1}\n",
                                    "  - {at: 2s, start: w1, say: w1 is back.}\n"
                                    "  - at: 3s\n"
                                    "    ask:\n"
                                    "      question: Who works?\n"
                                    "      choices: [w1, nobody]\n"
                                    "      answer: w1\n"
                                    "      because: It is back.\n");

const std::string korean =
    spoiled(spoiled(spoiled(spoiled(spoiled(spoiled(english, "title: T", "title: 큐 # 메모"),
                                            "w1 is back.", "w1이 돌아옵니다."),
                                    "Who works?", "누가 일합니까?"),
                            "[w1, nobody]", "[w1입니다., 아무도 없습니다.]"),
                    "answer: w1", "answer: w1입니다."),
            "It is back.", "돌아왔습니다.");

/* What lint says of that twin, without the folder. */
std::string
lint(const std::string &twin, const std::string &original = english)
{
    Folder folder;
    g_autoptr(GString) out = g_string_new(nullptr);

    if (!original.empty())
        folder.write("s.yaml", original);
    folder.write("s.ko.yaml", twin);
    bool is_fine = gmq_lint_twin_runs(folder.path(), "ko", out);
    EXPECT_EQ(is_fine, g_str_has_suffix(out->str, ": fine.\n")) << out->str;
    return spoiled(out->str, std::string(folder.path()) + "/", "", true);
}

} // namespace

TEST(Twin, IsReadInItsLanguageAlone)
{
    Folder folder;

    folder.write("lesson.md", head + page);
    folder.write("lesson.ko.md", head + page);
    folder.write("s.yaml", english);
    folder.write("s.ko.yaml", korean);
    folder.write("t.yaml", english);
    folder.write("t.ko.js", "");
    for (auto [language, name, wanted] : {std::tuple("en", "s.yaml", "s.yaml"),
                                          {"ko", "s.yaml", "s.ko.yaml"},
                                          {"fr", "s.yaml", "s.yaml"},
                                          {"ko", "t.yaml", "t.yaml"},
                                          {"ko", "t.js", "t.js"}}) {
        g_autoptr(GmqLesson) lesson = gmq_lesson_load(folder.path(), language, nullptr);
        ASSERT_NE(lesson, nullptr);
        g_autofree char *path = gmq_lesson_file(lesson, name);
        g_autofree char *base = g_path_get_basename(path);
        EXPECT_STREQ(base, wanted) << language << " " << name;
    }
}

TEST(Twin, HasTheNameOfItsOrigin)
{
    g_autofree char *origin = gmq_twin_origin("far.off.ko.yaml", "ko");

    EXPECT_STREQ(origin, "far.off.yaml");
    for (const char *name : {"s.yaml", "s.fr.yaml", ".ko.yaml", "ko.yaml", "lesson.ko.md", ""})
        EXPECT_EQ(gmq_twin_origin(name, "ko"), nullptr) << name;
    EXPECT_EQ(gmq_twin_origin("s.en.yaml", "en"), nullptr);
}

TEST(Twin, MayHaveOtherWords)
{
    EXPECT_EQ(lint(korean), "s.ko.yaml: fine.\n");
}

struct Difference {
    const char *name;
    std::string what, with;
    const char *told;
};

class Differs : public testing::TestWithParam<Difference> {};

TEST_P(Differs, InNothingElse)
{
    std::string said = lint(spoiled(korean, GetParam().what, GetParam().with));

    EXPECT_EQ(said.rfind("s.ko.yaml, line ", 0), 0u) << said;
    EXPECT_NE(said.find(GetParam().told), std::string::npos) << said;
}

static const Difference differences[] = {
    {"Fact", "count: 4", "count: 3", "line 11, column 57: \"3\" is \"4\" in s.yaml."},
    {"NewKey", "work: 300ms", "work: 300ms\n    start: 1s",
     "line 17, column 5: s.yaml has no \"start\" here."},
    {"NoKey", "    work: 300ms\n", "", "line 13, column 5: s.yaml has \"work\" here."},
    {"Order", "seed: 7\nstop: 5s\n", "stop: 5s\nseed: 7\n",
     "line 3, column 1: \"stop\" is not in its place: s.yaml has \"seed\" here."},
    {"Type", "{after: 200ms}", "never",
     "line 17, column 16: This is a text, and a mapping in s.yaml."},
    {"Length", "  - {at: 2s, start: w1, say: w1이 돌아옵니다.}\n", "",
     "line 19, column 3: Here are 2 items, and 3 in s.yaml."},
    {"NoCaption", ", say: w1이 돌아옵니다.", "", "line 20, column 5: s.yaml has \"say\" here."},
    {"EmptyTitle", "title: 큐 # 메모", "title: ''", "line 2, column 8: Nothing stands here"},
    {"Choices", ", 아무도 없습니다.]", ", 모두., 아무도 없습니다.]",
     "line 24, column 16: Here are 3 items, and 2 in s.yaml."},
    {"Answer", "answer: w1입니다.", "answer: 아무도 없습니다.",
     "line 25, column 15: The answer is choice 2, and choice 1 in s.yaml."},
    {"NoScenario", "answer: w1입니다.", "answer: 네.",
     "line 25, column 15: The answer is one of the choices."},
    {"NoYaml", "title: 큐", "title: [", "line 4, column 5: This is not YAML"},
};

INSTANTIATE_TEST_SUITE_P(Twin, Differs, testing::ValuesIn(differences),
                         [](const auto &one) { return one.param.name; });

TEST(Twin, NeedsAnOrigin)
{
    EXPECT_EQ(lint(korean, ""), "s.ko.yaml: There is no s.yaml that it could be the twin of.\n");
    EXPECT_NE(lint(korean, "glassmq: [").find("s.yaml, line "), std::string::npos);
}

TEST(Twin, IsLookedAtWithItsLesson)
{
    Folder folder;
    g_autoptr(GString) out = g_string_new(nullptr);

    folder.write("lesson.md", head + page);
    folder.write("s.yaml", english);
    folder.write("s.ko.yaml", spoiled(korean, "count: 4", "count: 3"));
    EXPECT_FALSE(gmq_lint_lesson(folder.path(), out));
    EXPECT_NE(strstr(out->str, "/s.ko.yaml, line 11, column 57: "), nullptr) << out->str;
}
