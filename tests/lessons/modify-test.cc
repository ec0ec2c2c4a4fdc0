#include "lessons/modify.h"

#include <gtest/gtest.h>

#include "tests/lessons/folder.h"
#include "tests/lessons/texts.h"

namespace {

struct Answer {
    GmqVerdict verdict;
    std::string sentences;
};

/* The answer to the learner's text, in a lesson with that modify block. */
Answer
check(const std::string &text, const std::string &block = modify, const std::string &start = world)
{
    Folder folder;

    folder.write("lesson.md", head + page + block);
    folder.write("exercise.yaml", start);
    folder.write("mine.yaml", text);
    g_autoptr(GmqLesson) lesson    = gmq_lesson_load(folder.path(), "en", nullptr);
    g_autofree char *path          = gmq_lesson_file(lesson, "mine.yaml");
    g_auto(GmqModifyAnswer) answer = {};
    gmq_modify_check(lesson, gmq_lesson_modify(lesson), path, &answer);
    return {answer.verdict, spoiled(answer.sentences, path, "mine.yaml", true)};
}

const std::string mended = spoiled(world, "ack: auto", "ack: manual");

} // namespace

TEST(Modify, HoldsWithAllSeeds)
{
    Answer answer = check(mended);

    EXPECT_EQ(answer.verdict, GMQ_VERDICT_HELD) << answer.sentences;
    EXPECT_EQ(answer.sentences, "Right: it holds with all of 20 seeds.");
}

TEST(Modify, NamesTheFactThePlaceAndTheNextStep)
{
    Answer answer = check(world);

    EXPECT_EQ(answer.verdict, GMQ_VERDICT_BROKEN);
    EXPECT_EQ(
        answer.sentences,
        "Not yet: it fails with all of the 20 seeds.\n"
        "With seed 1 the file expects \"processed: 4\", but found 2.\n"
        "What that means: different messages whose work was finished and whose ack was sent.\n"
        "One that is missing is p1-1. What last became of it: event #25, after 0.011s: "
        "w1 has p1-1. The work on it takes 300 ms.\n"
        "Look at it with:\n"
        "  glassmq view mine.yaml --seed 1 --at 25");
}

TEST(Modify, NamesTheEventThatWentTooFar)
{
    std::string text = spoiled(mended, "processed: 4", "processed_twice: 0\n  delivered: 5");
    Answer answer    = check(text, modify, text);

    EXPECT_EQ(answer.verdict, GMQ_VERDICT_BROKEN);
    EXPECT_NE(answer.sentences.find("\"delivered: 5\""), std::string::npos) << answer.sentences;
    EXPECT_NE(answer.sentences.find("It went wrong here: event #"), std::string::npos)
        << answer.sentences;
}

TEST(Modify, ProtectsTheTask)
{
    Answer answer = check(spoiled(mended, "count: 4", "count: 3"));

    EXPECT_EQ(answer.verdict, GMQ_VERDICT_BROKEN);
    EXPECT_EQ(answer.sentences,
              "Line 11 changes clients.p1.publish.count, but that belongs to the task. Put back "
              "what stood there: 4. What you may change here: clients.w1.ack.");
}

TEST(Modify, TakesAFileThatWasBegunInEitherLanguage)
{
    std::string english = spoiled(world, "{at: 2s, start: w1}", "{at: 2s, start: w1, say: On!}");
    std::string korean  = spoiled(spoiled(english, "title: T", "title: 큐"), "On!", "다시!");
    Folder folder;

    folder.write("lesson.md", head + page + modify);
    folder.write("lesson.ko.md", head + page + modify);
    folder.write("exercise.yaml", english);
    folder.write("exercise.ko.yaml", korean);
    folder.write("mine.yaml", spoiled(english, "ack: auto", "ack: manual"));
    folder.write("other.yaml", spoiled(korean, "ack: auto", "ack: manual"));
    for (const char *language : {"en", "ko"}) {
        for (const char *name : {"mine.yaml", "other.yaml"}) {
            g_autoptr(GmqLesson) lesson    = gmq_lesson_load(folder.path(), language, nullptr);
            g_autofree char *path          = gmq_lesson_file(lesson, name);
            g_auto(GmqModifyAnswer) answer = {};
            gmq_modify_check(lesson, gmq_lesson_modify(lesson), path, &answer);
            EXPECT_EQ(answer.verdict, GMQ_VERDICT_HELD) << language << name << answer.sentences;
        }
    }
}

struct Change {
    const char *name;
    std::string what, with;
    const char *told; /* "" for a change that is allowed */

    friend void
    PrintTo(const Change &one, std::ostream *out)
    {
        *out << one.name;
    }
};

class Changed : public testing::TestWithParam<Change> {};

TEST_P(Changed, FileIsComparedAsATree)
{
    Answer answer = check(spoiled(mended, GetParam().what, GetParam().with));

    if (*GetParam().told == '\0')
        EXPECT_EQ(answer.verdict, GMQ_VERDICT_HELD) << answer.sentences;
    else
        EXPECT_NE(answer.sentences.find(GetParam().told), std::string::npos) << answer.sentences;
}

static const Change changes[] = {
    {"Comment", "    q: {}\n", "    # mine\n    q: {}\n", ""},
    {"Quotes", "from: q", "from: \"q\"", ""},
    {"Layout", "{after: 200ms}", "\n      after: 200ms", ""},
    {"Order", "title: T\nseed: 7\n", "seed: 7\ntitle: T\n", ""},
    {"Title", "title: T", "title: Mine", ""},
    {"Added", "work: 300ms", "work: 300ms\n    prefetch: 1",
     "Line 17 adds clients.w1.prefetch, but that belongs to the task. Take it out again."},
    {"Gone", "  - {at: 2s, start: w1}\n", "", "timeline.2.at is gone, but it belongs to the task."},
    {"Expectation", "processed: 4", "processed: \">= 0\"", "changes expect.processed"},
    {"NewClient", "  w1:\n", "  w2: {role: consumer, from: q}\n  w1:\n",
     "Line 12 adds clients.w2.role"},
    {"OtherType", "{after: 200ms}", "never", "changes clients.w1.reconnect"},
};

INSTANTIATE_TEST_SUITE_P(Modify, Changed, testing::ValuesIn(changes),
                         [](const auto &one) { return one.param.name; });

TEST(Modify, TakesStarsForOnePartOfAPath)
{
    std::string block = spoiled(modify, "clients.w1.ack", "clients.*.ack");

    EXPECT_EQ(check(mended, block).verdict, GMQ_VERDICT_HELD);
    EXPECT_EQ(check(spoiled(mended, "300ms", "1ms"), block).verdict, GMQ_VERDICT_BROKEN);
}

TEST(Modify, KeepsWhatMustStayAndGivesAllElse)
{
    std::string block = spoiled(modify, "may: [clients.w1.ack]", "keep: [clients.p1, expect]");
    Answer more = check(spoiled(mended, "w1:\n", "w2: {role: consumer, from: q}\n  w1:\n"), block);
    Answer less = check(spoiled(mended, "count: 4", "count: 3"), block);
    Answer none = check(mended.substr(0, mended.find("expect:")), block);

    EXPECT_EQ(more.verdict, GMQ_VERDICT_HELD) << more.sentences;
    EXPECT_NE(
        less.sentences.find("What must stay as it is: clients.p1, expect. All else is yours."),
        std::string::npos)
        << less.sentences;
    EXPECT_NE(none.sentences.find("expect.processed is gone"), std::string::npos) << none.sentences;
}

TEST(Modify, AsksForWhatIsExpectedInSpiteOfFaults)
{
    std::string block = spoiled(modify, "may: ", "faults: many\nmay: ");
    Answer answer     = check(mended, block);

    EXPECT_EQ(answer.verdict, GMQ_VERDICT_BROKEN) << answer.sentences;
    EXPECT_NE(answer.sentences.find("glassmq sweep mine.yaml --faults many --show "),
              std::string::npos)
        << answer.sentences;
}

TEST(Modify, AsksForRareThingsInAllSeedsTogether)
{
    std::string text = spoiled(mended, "processed: 4", "sometimes: [prefetch full]");
    Answer answer    = check(text, modify, text);

    EXPECT_EQ(answer.verdict, GMQ_VERDICT_BROKEN);
    EXPECT_NE(answer.sentences.find("\"prefetch full\" happened with none of the 20 seeds"),
              std::string::npos)
        << answer.sentences;
}

TEST(Modify, EndsSoonWhenARunDoesNot)
{
    std::string block = spoiled(modify, "may: [clients.w1.ack]", "keep: [expect]");
    Answer answer =
        check(spoiled(mended, "every: 100ms, count: 4", "every: 1us, count: unlimited"), block);

    EXPECT_EQ(answer.verdict, GMQ_VERDICT_BROKEN);
    EXPECT_EQ(
        answer.sentences,
        "Not yet: with seed 1 far too much happens.\n"
        "The run was ended at 100000 lines in its trace, since it may have no more: let it end "
        "earlier, or send fewer messages.");
}

TEST(Modify, CannotDecideAboutAFileThatCannotBeRead)
{
    Answer wrong   = check(spoiled(mended, "ack: manual", "akc: manual"));
    Answer no_yaml = check("clients: [");
    Answer empty   = check("");

    EXPECT_EQ(wrong.verdict, GMQ_VERDICT_UNDECIDED);
    EXPECT_NE(wrong.sentences.find("The file cannot be run yet. Mend this, and check again:\n"
                                   "mine.yaml, line 15, column 5: "),
              std::string::npos)
        << wrong.sentences;
    EXPECT_NE(wrong.sentences.find("Did you mean \"ack\"?"), std::string::npos) << wrong.sentences;
    EXPECT_EQ(no_yaml.verdict, GMQ_VERDICT_UNDECIDED);
    EXPECT_EQ(empty.verdict, GMQ_VERDICT_UNDECIDED);
}
