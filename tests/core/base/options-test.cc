#include "core/base/options.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

/* What came of one command line. */
struct Outcome {
    int status;
    std::vector<std::string> files;
    std::string out;
    std::string err;
    std::string seed;
    bool check;
    std::string theme;
};

Outcome
parse(std::vector<const char *> words)
{
    char *seed                   = nullptr;
    char *theme                  = nullptr;
    gboolean check               = FALSE;
    char **files                 = nullptr;
    const GOptionEntry entries[] = {
        {"seed", 's', 0, G_OPTION_ARG_STRING, &seed, "Seed of the run", "N"},
        {"check", 0, 0, G_OPTION_ARG_NONE, &check, "Run twice", nullptr},
        {},
    };
    const GOptionEntry shared[] = {
        {"theme", 0, 0, G_OPTION_ARG_STRING, &theme, "Colours", "NAME"},
        {},
    };
    const GmqUsage usage = {
        "run", "FILE.yaml...", "Runs scenarios.", "Exit status: 0.", entries, shared, 1, 2};

    words.insert(words.begin(), "run");
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    int status = gmq_usage_parse(&usage, static_cast<int>(words.size()),
                                 const_cast<char **>(words.data()), &files);

    Outcome outcome = {status,
                       {},
                       testing::internal::GetCapturedStdout(),
                       testing::internal::GetCapturedStderr(),
                       seed == nullptr ? "" : seed,
                       check != FALSE,
                       theme == nullptr ? "" : theme};
    for (char **file = files; file != nullptr && *file != nullptr; file++)
        outcome.files.push_back(*file);
    g_strfreev(files);
    g_free(seed);
    g_free(theme);
    return outcome;
}

using Words = std::vector<std::string>;

TEST(Options, SharedOnesAreReadAndToldBehindThose)
{
    EXPECT_EQ("mono", parse({"--theme", "mono", "a.yaml"}).theme);
    EXPECT_NE(std::string::npos, parse({"--them", "x"}).err.find("Did you mean --theme?"));

    std::string help = parse({"--help"}).out;
    size_t check     = help.find("--check");
    size_t theme     = help.find("--theme=NAME");
    EXPECT_LT(check, theme);
    EXPECT_LT(theme, help.find("--help", help.find("Options:")));
}

TEST(Options, FillTheVariablesAndGiveTheFiles)
{
    Outcome outcome = parse({"--seed", "7", "a.yaml", "--check"});

    EXPECT_EQ(GMQ_USAGE_GO_ON, outcome.status);
    EXPECT_EQ("7", outcome.seed);
    EXPECT_TRUE(outcome.check);
    EXPECT_EQ(Words{"a.yaml"}, outcome.files);
    EXPECT_EQ("", outcome.err);
}

TEST(Options, EndAtTwoDashes)
{
    Outcome outcome = parse({"--", "--check", "-"});

    EXPECT_EQ((Words{"--check", "-"}), outcome.files);
    EXPECT_FALSE(outcome.check);
}

TEST(Options, TakeASingleDashAsAFile)
{
    EXPECT_EQ(Words{"-"}, parse({"-"}).files);
}

TEST(Options, TakeFileNamesThatAreNotAscii)
{
    EXPECT_EQ(Words{"häschen.yaml"}, parse({"häschen.yaml"}).files);
}

TEST(Options, ShowTheHelpOnStdout)
{
    Outcome outcome = parse({"--help"});

    EXPECT_EQ(0, outcome.status);
    EXPECT_EQ("", outcome.err);
    for (const char *part : {"glassmq run", "FILE.yaml...", "Runs scenarios.", "--seed=N",
                             "Run twice", "--help", "Exit status: 0."})
        EXPECT_NE(std::string::npos, outcome.out.find(part)) << part;
}

struct Mistake {
    std::vector<const char *> words;
    const char *sentence;
};

class OptionsMistake : public testing::TestWithParam<Mistake> {};

TEST_P(OptionsMistake, IsToldInOneSentence)
{
    Outcome outcome      = parse(GetParam().words);
    std::string sentence = "glassmq run: ";

    EXPECT_EQ(GMQ_EXIT_USAGE, outcome.status);
    EXPECT_EQ(sentence + GetParam().sentence + " See glassmq run --help.\n", outcome.err);
    EXPECT_EQ("", outcome.out);
    EXPECT_TRUE(outcome.files.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, OptionsMistake,
    testing::Values(Mistake{{"--sed", "7", "a"}, "there is no option --sed. Did you mean --seed?"},
                    Mistake{{"--chekc=1", "a"},
                            "there is no option --chekc. Did you mean --check?"},
                    Mistake{{"--halp"}, "there is no option --halp. Did you mean --help?"},
                    Mistake{{"--reticulate", "a"}, "there is no option --reticulate."},
                    Mistake{{"-x", "a"}, "there is no option -x."},
                    Mistake{{"a", "--seed"}, "missing argument for --seed."},
                    Mistake{{}, "FILE.yaml... is missing."},
                    Mistake{{"a", "b", "c"}, "there is no place for \"c\"."}));

const GmqUsage bare = {"serve", nullptr, nullptr, "Serves.", nullptr, nullptr, 0, 0};

TEST(Options, NumbersAreReadWithinTheirBounds)
{
    uint64_t value = 5;

    EXPECT_TRUE(gmq_usage_number(&bare, "--port", nullptr, 1, 9, &value));
    EXPECT_EQ(5u, value);
    EXPECT_TRUE(gmq_usage_number(&bare, "--seed", "18446744073709551615", 0, UINT64_MAX, &value));
    EXPECT_EQ(UINT64_MAX, value);
}

class OptionsNumber : public testing::TestWithParam<const char *> {};

TEST_P(OptionsNumber, OfAnotherFormIsRefusedInOneSentence)
{
    uint64_t value = 5;

    testing::internal::CaptureStderr();
    EXPECT_FALSE(gmq_usage_number(&bare, "--port", GetParam(), 1, 65535, &value));
    std::string told = testing::internal::GetCapturedStderr();

    EXPECT_EQ(std::string("glassmq serve: --port takes a whole number from 1 to 65535, not \"") +
                  GetParam() + "\". See glassmq serve --help.\n",
              told);
    EXPECT_EQ(5u, value);
}

INSTANTIATE_TEST_SUITE_P(Texts, OptionsNumber,
                         testing::Values("", "x", "1x", " 1", "-1", "+1", "0", "65536", "1.5",
                                         "99999999999999999999999"));

} // namespace
