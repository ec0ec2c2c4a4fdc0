#include "lessons/lint.h"

#include <gtest/gtest.h>

#include "tests/lessons/folder.h"
#include "tests/lessons/texts.h"

namespace {

const std::string proved = "```predict\n"
                           "scenario: s.yaml\n"
                           "stop: fault:1\n"
                           "question: What comes?\n"
                           "choices: [Nothing., A message.]\n"
                           "right: 2\n"
                           "end: end\n"
                           "why: The producer sent it (#18).\n"
                           "see: {18: \"kind:client.publish m:p1-1\"}\n"
                           "```\n";

const std::string looked = "```investigate\n"
                           "scenario: s.yaml\n"
                           "tasks:\n"
                           "  - question: When was p1-1 sent?\n"
                           "    answer: \"#18\"\n"
                           "    find: kind:client.publish\n"
                           "    take: event\n"
                           "    hint: Look at #18.\n"
                           "  - question: Which one came second?\n"
                           "    answer: p1-2\n"
                           "    find: kind:client.publish m:p1-2\n"
                           "    take: message\n"
                           "    hint: h\n"
                           "  - question: How many?\n"
                           "    answer: 4\n"
                           "    find: kind:client.publish\n"
                           "    take: count\n"
                           "    hint: h\n"
                           "```\n";

const std::string plain   = spoiled(modify, "fails: lost", "fails: processed");
const std::string picture = "![A queue with work](s.yaml#25)\n\nIn #18 it goes.\n\n";
const std::string lesson  = head + page + picture + proved + "\n## Look\n\n" + looked + plain;
const std::string mended  = spoiled(world, "ack: auto", "ack: manual");

struct Files {
    std::string english = lesson;
    std::string korean;
    std::string korean_world;
    std::string exercise = world;
    std::string solution = mended;
    std::string glossary;
};

struct Linted {
    int status;
    std::string out;
};

Linted
lint(const Files &files)
{
    Folder folder;
    g_autoptr(GString) out    = g_string_new(nullptr);
    const char *const paths[] = {folder.path(), nullptr};

    folder.write("lesson.md", files.english);
    if (files.korean != "")
        folder.write("lesson.ko.md", files.korean);
    folder.write("s.yaml", world);
    if (files.korean_world != "")
        folder.write("s.ko.yaml", files.korean_world);
    folder.write("exercise.yaml", files.exercise);
    folder.write("solution.yaml", files.solution);
    if (files.glossary != "")
        folder.write("../glossary.yaml", files.glossary);
    int status = gmq_lint_lessons(paths, out);
    return {status, spoiled(out->str, std::string(folder.path()) + "/", "", true)};
}

Linted
lint_spoiled(const std::string &what, const std::string &with)
{
    Files files;
    files.english = spoiled(lesson, what, with);
    EXPECT_NE(files.english, lesson) << what;
    return lint(files);
}

bool
has(const Linted &linted, const std::string &words)
{
    return linted.out.find(words) != std::string::npos;
}

} // namespace

TEST(Lint, FindsARightLessonFine)
{
    Linted linted = lint({});

    EXPECT_EQ(linted.status, 0) << linted.out;
    EXPECT_EQ(linted.out, "lesson.md: fine.\n");
}

struct Wrong {
    const char *name;
    std::string what, with;
    const char *told;

    friend void
    PrintTo(const Wrong &one, std::ostream *out)
    {
        *out << one.name;
    }
};

class WrongLesson : public testing::TestWithParam<Wrong> {};

TEST_P(WrongLesson, IsToldWithItsPlace)
{
    Linted linted = lint_spoiled(GetParam().what, GetParam().with);

    EXPECT_EQ(linted.status, 3);
    EXPECT_TRUE(has(linted, GetParam().told)) << linted.out;
}

static const Wrong wrongs[] = {
    {"LongLine", "keeps **messages**.",
     "keeps **messages** and hands them on, one after the other, to all that ask.",
     "line 9, column 73: This line has 83 columns; 72 fit."},
    {"WideLine", "keeps **messages**.",
     "메시지메시지메시지메시지메시지메시지"
     "메시지메시지메시지메시지메시지메시지",
     "This line has 80 columns; 72 fit."},
    {"LongPage", "keeps **messages**.\n", "keeps.\n" + spoiled("--------", "-", "a\n\n", true),
     "line 9, column 1: This page has 21 lines; a screen has room for 20."},
    {"NoScenario", "scenario: s.yaml\nstop", "scenario: t.yaml\nstop",
     "line 16, column 11: t.yaml cannot be run: "},
    {"Stop", "stop: fault:1", "stop: \"#9999\"", "line 17, column 7: In \"stop\": the run has "},
    {"StopWord", "stop: fault:1", "stop: later", "In \"stop\": \"later\" is no moment"},
    {"EndBeforeStop", "end: end", "end: start",
     "line 21, column 6: The end is not behind \"stop\"."},
    {"SeeWrong", "client.publish m:p1-1\"}", "ack\"}",
     "line 23, column 7: Event #18 is not what \"see\" says: that event is: "},
    {"SeeBehindTheEnd", "see: {18:", "see: {9999:", "the run has "},
    {"SeeFilter", "client.publish m:p1-1\"}", "client.publsh\"}",
     "in the filter \"kind:client.publsh\", at character "},
    {"NumberUnseen", "sent it (#18)", "sent it (#20)", "\"see\" does not say what event #20 is."},
    {"NumberNowhere", "In #18", "In #9999", "line 13, column 1: The run has no event #9999, but "},
    {"Answer", "answer: \"#18\"", "answer: \"#20\"",
     "line 32, column 13: The proof finds \"#18\" as the answer."},
    {"Count", "answer: 4", "answer: 5", "The proof finds \"4\" as the answer."},
    {"FindsNothing", "m:p1-2", "m:p1-9", "The proof finds no answer: no event matches"},
    {"TakesNothing", "find: kind:client.publish\n    take: event",
     "find: kind:exchange.declared\n    take: queue", "has no queue."},
    {"PictureFile", "(s.yaml#25)", "(t.yaml#25)", "line 11, column 1: t.yaml cannot be run: "},
    {"PictureMoment", "(s.yaml#25)", "(s.yaml#9s)", "In the picture of s.yaml: "},
    {"PictureWithoutMoment", "(s.yaml#25)", "(s.yaml)", "A picture is of a moment"},
    {"Fails", "fails: processed", "fails: lost", "The exercise fails in other words: Not yet"},
    {"NoPath", "may: [clients.w1.ack]", "may: [clients.w1.ack, clients.w2]",
     "\"clients.w2\" leads to nothing in exercise.yaml."},
    {"NoPredict", proved, "", "A lesson has at least one predict block."},
    {"NoModify", plain, "", "A lesson has one modify block."},
    {"Order", plain, plain + "\n" + proved,
     "The order is predict, investigate, modify, make: predict stands behind modify here."},
    {"MakeFile", plain, plain + make, "make.yaml cannot be used: "},
    {"MatcherCases", plain, plain + spoiled(make, "scenario: make.yaml", "matcher: s.yaml"),
     "s.yaml cannot be used: "},
    {"MatcherFiles", plain,
     plain + spoiled(make, "scenario: make.yaml", "matcher: s.yaml\nfiles: [none.py]"),
     "There is no file none.py."},
};

INSTANTIATE_TEST_SUITE_P(Lint, WrongLesson, testing::ValuesIn(wrongs),
                         [](const auto &one) { return one.param.name; });

TEST(Lint, RunsExerciseAndSolution)
{
    Files easy, unsolved, cheated, broken;

    easy.exercise     = mended;
    unsolved.solution = world;
    cheated.solution  = spoiled(mended, "count: 4", "count: 3");
    broken.solution   = "glassmq: 2\n";
    EXPECT_TRUE(has(lint(easy), "The exercise passes as it is, so there is nothing to do."));
    EXPECT_TRUE(has(lint(unsolved), "The solution does not pass: Not yet"));
    EXPECT_TRUE(
        has(lint(cheated), "The solution does not pass: Line 11 changes clients.p1.publish"));
    EXPECT_TRUE(has(lint(broken), "The solution does not pass: The file cannot be run yet."));
}

TEST(Lint, AWorkshopNeedsNoPrediction)
{
    Files files;

    files.english = head + page + spoiled(plain, "may: [clients.w1.ack]", "keep: [expect]");
    EXPECT_EQ(lint(files).status, 0) << lint(files).out;
}

/* The same facts, in other words. */
TEST(Lint, ComparesAKoreanTextWithTheEnglishOne)
{
    Files files;

    files.korean =
        spoiled(spoiled(lesson, "A queue waits", "큐", true), "The producer sent it", "보냄");
    EXPECT_EQ(lint(files).status, 0) << lint(files).out;

    std::string right = files.korean;
    files.korean      = spoiled(right, "right: 2", "right: 1");
    EXPECT_TRUE(has(lint(files), "lesson.ko.md, line 20, column 8: \"right\" is not what the "
                                 "English text says."))
        << lint(files).out;
    files.korean = spoiled(right, "[Nothing., A message.]", "[하나., 둘., 셋.]");
    EXPECT_TRUE(has(lint(files), "\"choices\" has 3 items, and 2 in English."));
    files.korean = spoiled(right, "end: end\n", "end: end\n\n");
    EXPECT_EQ(lint(files).status, 0);
    files.korean = spoiled(right, "(s.yaml#25)", "(s.yaml#26)");
    EXPECT_TRUE(has(lint(files), "The English text has other pictures here."));
    files.korean = spoiled(right, looked, "");
    EXPECT_TRUE(has(lint(files), "This text has 2 steps, and the English one 5."));
    files.korean = spoiled(right, "minutes: 10", "minutes: 11");
    EXPECT_TRUE(has(lint(files), "\"minutes\" is not what the English text says."));
}

/* Captions may be in Korean, and nothing else may happen. */
TEST(Lint, ComparesAKoreanScenarioWithTheEnglishOne)
{
    Files files;

    files.korean       = lesson;
    files.korean_world = spoiled(world, "title: ", "title: 큐 ");
    EXPECT_EQ(lint(files).status, 0) << lint(files).out;

    files.korean_world = spoiled(world, "count: 4", "count: 3");
    EXPECT_TRUE(has(lint(files), "\"3\" is \"4\" in s.yaml.")) << lint(files).out;
    files.korean_world = "no scenario\n";
    EXPECT_TRUE(has(lint(files), "s.ko.yaml, line 1, ")) << lint(files).out;
}

TEST(Lint, FindsWordsThatALaterLessonExplains)
{
    Files files;
    const std::string glossary =
        "terms:\n"
        "  - {term: queue, lesson: 5, meaning: A line.}\n"
        "  - {term: message, also: [messages], lesson: 6, meaning: A text.}\n";

    files.glossary = glossary;
    EXPECT_TRUE(has(lint(files),
                    "lesson.md, line 9, column 1: The word \"message\" is explained in "
                    "lesson 6 only"))
        << lint(files).out;
    files.glossary = spoiled(glossary, "lesson: 6", "lesson: 6, everyday: yes");
    EXPECT_EQ(lint(files).status, 0) << lint(files).out;
    files.english  = spoiled(spoiled(lesson, "**messages**", "`messages`"), "A message.", "One.");
    files.glossary = glossary;
    EXPECT_EQ(lint(files).status, 0) << lint(files).out;
    files.glossary = spoiled(glossary, "lesson: 5", "lesson: 4");
    EXPECT_TRUE(has(lint(files), "The glossary says that lesson 4 explains \"queue\"."));
    files.english  = spoiled(lesson, "terms: [queue]", "terms: [queu]");
    files.glossary = glossary;
    EXPECT_TRUE(has(lint(files), "\"queu\" is not in the glossary. Did you mean \"queue\"?"));
    EXPECT_TRUE(has(lint(files), "The glossary says that this lesson explains \"queue\"."));
}

TEST(Lint, TakesADirectoryOfLessons)
{
    Folder folder;
    g_autoptr(GString) out   = g_string_new(nullptr);
    g_autoptr(GString) none  = g_string_new(nullptr);
    const char *const all[]  = {folder.above(), nullptr};
    const char *const that[] = {folder.path(), nullptr};

    EXPECT_EQ(gmq_lint_lessons(that, none), 3);
    EXPECT_NE(strstr(none->str, "There is no lesson"), nullptr) << none->str;
    folder.write("lesson.md", "");
    EXPECT_EQ(gmq_lint_lessons(all, out), 3);
    EXPECT_NE(strstr(out->str, "/05-test/lesson.md, line 1, column 1: A lesson begins with"),
              nullptr)
        << out->str;
}
