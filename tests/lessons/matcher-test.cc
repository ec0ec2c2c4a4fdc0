#include "lessons/matcher.h"

#include <gtest/gtest.h>
#include <vector>

#include "lessons/matcher-cases.h"
#include "lessons/talk.h"
#include "tests/lessons/folder.h"

namespace {

const std::string topics = GMQ_SOURCE_ROOT "/lessons/09-topics/";

struct Judged {
    int status;
    std::string told;
};

Judged
judge(const std::vector<std::string> &words, int64_t limit_ms = 20000,
      const std::string &cases = topics + "cases.yaml")
{
    g_autoptr(GString) told = g_string_new(nullptr);
    std::vector<char *> command;

    for (const std::string &word : words)
        command.push_back(const_cast<char *>(word.c_str()));
    command.push_back(nullptr);
    GmqMatcherTask task = {cases.c_str(), command.data(), limit_ms * 1000000};
    int status          = gmq_matcher_check(&task, told);
    return {status, told->str};
}

/* The matcher in awk with some of its mistakes mended. */
std::string
mend(std::string text, const std::string &what, const std::string &with)
{
    return text.replace(text.find(what), what.size(), with);
}

std::string
read(const std::string &path)
{
    g_autofree char *text = nullptr;
    g_file_get_contents(path.c_str(), &text, nullptr, nullptr);
    return text == nullptr ? "" : text;
}

bool
has(const Judged &judged, const char *words)
{
    return judged.told.find(words) != std::string::npos;
}

/* A process that is dead but not yet buried does not run. */
bool
runs(int pid)
{
    std::string stat = read("/proc/" + std::to_string(pid) + "/stat");
    return stat != "" && stat.find(") Z ") == std::string::npos;
}

const std::string star   = "    sub(/[*]/";
const std::string stars  = "    gsub(/[*]/";
const std::string hash   = "    gsub(/#/, \".+\", pattern)\n";
const std::string hashes = "    gsub(/^#[[]\\.[]]/, \"(.+[.])?\", pattern)\n"
                           "    gsub(/[[]\\.[]]#/, \"([.].+)?\", pattern)\n"
                           "    gsub(/#/, \".*\", pattern)\n";
const std::string stop   = "            break\n";

} // namespace

TEST(Matcher, OfTheLessonFailsAndMendedPasses)
{
    Judged broken = judge({"awk", "-f", topics + "matcher.awk"});
    EXPECT_EQ(broken.status, 1) << broken.told;
    Judged mended = judge({"awk", "-f", topics + "matcher-mended.awk"});
    EXPECT_EQ(mended.status, 0) << mended.told;
    EXPECT_STREQ(mended.told.c_str(),
                 "Right: your matcher gave the broker's answer to all of 14 keys.");
}

/* Each of the three mistakes alone, with the other two mended. */
TEST(Matcher, IsToldItsMistakePatternAndKey)
{
    Folder folder;
    std::string text = read(topics + "matcher.awk");
    std::string path = std::string(folder.path()) + "/m.awk";

    folder.write("m.awk", mend(mend(text, hash, hashes), stop, ""));
    Judged only_first_star = judge({"awk", "-f", path});
    EXPECT_EQ(only_first_star.status, 1);
    EXPECT_STREQ(only_first_star.told.c_str(),
                 "For the key \"order.eu.new\" your program says: exact, europe, orders, all. "
                 "The broker routes to: exact, orders, europe, second, all.\n"
                 "Queue second is missing: its pattern \"*.eu.*\" fits.\n"
                 "Each \"*\" stands for exactly one word, the second one too.");

    folder.write("m.awk", mend(mend(text, star, stars), stop, ""));
    Judged too_little = judge({"awk", "-f", path});
    EXPECT_EQ(too_little.status, 1);
    EXPECT_TRUE(has(too_little, "For the key \"order\" your program says: all. "));
    EXPECT_TRUE(has(too_little, "its pattern \"order.#\" fits.\n\"#\" stands for any number"));

    folder.write("m.awk", mend(mend(text, star, stars), hash, hashes));
    Judged first_match = judge({"awk", "-f", path});
    EXPECT_EQ(first_match.status, 1);
    EXPECT_TRUE(has(first_match, "For the key \"order.eu.new\" your program says: exact. "))
        << first_match.told;
    EXPECT_TRUE(has(first_match, "Your program never names more than one queue."));

    folder.write("m.awk", mend(mend(mend(text, star, stars), hash, hashes), stop, ""));
    EXPECT_EQ(judge({"awk", "-f", path}).status, 0);
}

struct Odd {
    const char *name;
    const char *script; /* of sh */
    int status;
    const char *told;

    friend void
    PrintTo(const Odd &one, std::ostream *out)
    {
        *out << one.name;
    }
};

class OddProgram : public testing::TestWithParam<Odd> {};

TEST_P(OddProgram, IsJudgedWithAReason)
{
    const Odd &odd = GetParam();
    bool hangs     = strstr(odd.told, "300ms") != nullptr;
    Judged judged  = judge({"sh", "-c", odd.script}, hangs ? 300 : 60000);

    EXPECT_EQ(judged.status, odd.status) << judged.told;
    EXPECT_TRUE(has(judged, odd.told)) << judged.told;
}

static const Odd odds[] = {
    {"Silent", "cat > /dev/null", 2, "Your program wrote nothing"},
    {"Deaf", "exit 0", 2, "Your program wrote nothing"},
    {"Angry", "echo why >&2; exit 3", 1,
     "exit status 3 instead of 0.\nThe last it wrote to "
     "stderr:\nwhy"},
    {"Crash", "kill -SEGV $$", 1, "Your program crashed (Segmentation fault)."},
    {"Hang", "cat > /dev/null; sleep 60", 1, "had not ended after 300ms and was stopped."},
    {"HangWithoutOutput", "exec >&-; sleep 60", 1, "had not ended after 300ms and was stopped."},
    {"Flood", "yes all", 1, "writes far more than was asked"},
    {"TooFew", "echo all", 1, "Your program wrote 1 line, but was asked for 14"},
    {"TooMany", "while read a b; do echo all; done", 1, ""},
    {"Twice", "echo all all", 1, "Queue all is named twice."},
    {"Extra", "echo all sold", 1,
     "Queue sold must not get it. What it is bound with, and what does "
     "not fit: \"*.*.sold\"."},
    {"Unknown", "echo all cats", 1, "There is no queue \"cats\" at all."},
    {"Binary", "printf '\\377\\376\\n'", 1, "Queue all is missing"},
};

INSTANTIATE_TEST_SUITE_P(Matcher, OddProgram, testing::ValuesIn(odds),
                         [](const auto &one) { return one.param.name; });

TEST(Matcher, ThatCannotBeStartedIsUndecided)
{
    Judged judged = judge({"/nowhere/matcher"});

    EXPECT_EQ(judged.status, 2);
    EXPECT_TRUE(has(judged, "Your program could not be started: ")) << judged.told;
}

TEST(Matcher, NeedsCasesWithOneTopicExchange)
{
    Judged missing = judge({"cat"}, 1000, topics + "none.yaml");
    Judged other   = judge({"cat"}, 1000, GMQ_SOURCE_ROOT "/scenarios/01-hello-queue.yaml");

    EXPECT_EQ(missing.status, 3);
    EXPECT_EQ(other.status, 3);
    EXPECT_TRUE(has(other, "it needs one topic exchange")) << other.told;
}

TEST(Talk, LeavesNothingBehind)
{
    Folder folder;
    std::string pids     = std::string(folder.path()) + "/pid";
    std::string script   = "sleep 100 & echo $! > " + pids + "; sleep 100";
    char *command[]      = {(char *)"sh", (char *)"-c", (char *)script.c_str(), nullptr};
    g_auto(GmqTalk) talk = {};

    gmq_talk_run(&talk, command, "", 100, INT64_C(3000000000));
    EXPECT_EQ(talk.end, GMQ_TALK_LATE);
    int child = atoi(read(pids).c_str());
    ASSERT_GT(child, 1);
    for (int i = 0; i < 100 && runs(child); i++)
        g_usleep(10000);
    EXPECT_FALSE(runs(child));
}
