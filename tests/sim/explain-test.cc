#include "sim/explain.h"

#include <gtest/gtest.h>

#include <regex>

#include "sim/schema.h"
#include "tests/sim/shipped.h"

/* What a file says, as sentences. tests/sim/explain-NAME.txt has all of scenarios/NAME.yaml. */
namespace {

std::string
explained(const std::string &text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) out  = g_string_new(NULL);
    g_autoptr(GmqScenario) scenario =
        gmq_scenario_parse("t.yaml", text.data(), text.size(), &error);

    if (scenario == NULL) {
        ADD_FAILURE() << error->message << "\n" << text;
        return "";
    }
    gmq_explain_add(scenario, out);
    return out->str;
}

/* The sentences of a scenario with these lines. */
std::string
with(const std::string &lines)
{
    return explained("glassmq: 1\ntitle: T\nstop: 9s\n" + lines);
}

std::vector<std::string>
files_in(const std::string &folder)
{
    std::vector<std::string> names;
    g_autoptr(GDir) dir = g_dir_open(source_path(folder).c_str(), 0, NULL);

    while (const char *name = g_dir_read_name(dir)) {
        if (g_str_has_suffix(name, ".yaml"))
            names.push_back(folder + "/" + name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

class Explain : public testing::TestWithParam<std::string> {};
class ExplainGolden : public testing::TestWithParam<const char *> {};

#define CLIENTS                                                                                    \
    "topology: {queues: {q: {}}}\n"                                                                \
    "clients:\n"                                                                                   \
    "  p: {role: producer, publish: {to: default, key: q}}\n"

void
expect_says(const std::string &sentence, const std::string &lines)
{
    std::string text = std::regex_replace(with(lines), std::regex("\\n +"), " ");
    EXPECT_NE(std::string::npos, text.find("- " + sentence + "\n")) << text;
}

} // namespace

TEST(ExplainPhrases, AreThereForEveryKey)
{
    size_t n;
    const GmqKey *keys = gmq_keys(&n);

    for (size_t i = 0; i < n; i++) {
        bool is_truth    = keys[i].type == GMQ_KEY_TRUTH || keys[i].type == GMQ_KEY_TRISTATE;
        const char *word = is_truth ? "yes" : "";
        const char *text = gmq_explain_phrase(keys[i].owner, keys[i].key, word);

        if (keys[i].type == GMQ_KEY_CHOICE)
            continue;
        ASSERT_NE(nullptr, text) << gmq_key_owner_name(keys[i].owner) << " " << keys[i].key;
        EXPECT_STRNE("", text) << keys[i].key;
        EXPECT_TRUE(!is_truth || gmq_explain_phrase(keys[i].owner, keys[i].key, "no") != nullptr)
            << keys[i].key;
    }
}

TEST(ExplainPhrases, AreThereForEveryWordOfAChoice)
{
    size_t n;
    const GmqKey *keys = gmq_keys(&n);

    for (size_t i = 0; i < n; i++) {
        if (keys[i].type != GMQ_KEY_CHOICE)
            continue;
        g_auto(GStrv) words = g_strsplit(keys[i].values, "|", -1);
        for (unsigned j = 0; words[j] != NULL; j++)
            EXPECT_NE(nullptr, gmq_explain_phrase(keys[i].owner, keys[i].key, words[j]))
                << keys[i].key << " " << words[j];
    }
}

TEST_P(Explain, HasNoWordsOfTheFormatAndNoHoles)
{
    std::string text = explained(read_text(source_path(GetParam())));
    size_t n;
    const GmqKey *keys = gmq_keys(&n);

    for (size_t i = 0; i < n; i++) {
        bool is_word_of_format = strchr(keys[i].key, '_') != NULL;
        EXPECT_FALSE(is_word_of_format && text.find(keys[i].key) != std::string::npos) << text;
    }
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        EXPECT_GE(80u, (size_t)g_utf8_strlen(line.c_str(), -1)) << line;
        EXPECT_FALSE(
            std::regex_search(line, std::regex("\\{\\w+\\||[^0-9]%|\\(null\\)|[a-z,] [.,]$")))
            << line;
    }
}

TEST_P(ExplainGolden, TellsTheWholeScenario)
{
    std::string name = GetParam();

    EXPECT_EQ(read_text(source_path("tests/sim/explain-" + name + ".txt")),
              explained(read_text(source_path("scenarios/" + name + ".yaml"))));
}

INSTANTIATE_TEST_SUITE_P(EachScenario, Explain, testing::ValuesIn(files_in("scenarios")));
INSTANTIATE_TEST_SUITE_P(EachKey, Explain, testing::ValuesIn(files_in("tests/sim/keys")));
INSTANTIATE_TEST_SUITE_P(Each, ExplainGolden,
                         testing::Values("06-worker-dies", "18-retry-backoff",
                                         "32-headers-routing"));

TEST(ExplainSentences, CountOneAndMany)
{
    expect_says("1 message is confirmed.", CLIENTS "expect: {confirmed: 1}\n");
    expect_says("2 messages are confirmed.", CLIENTS "expect: {confirmed: 2}\n");
    expect_says("At least 1 messages are confirmed.", CLIENTS "expect: {confirmed: \">= 1\"}\n");
    expect_says("3 to 5 messages are confirmed.", CLIENTS "expect: {confirmed: 3..5}\n");
    expect_says("No messages are confirmed.", CLIENTS "expect: {confirmed: 0}\n");
}

TEST(ExplainSentences, TellWhatHappensAndHowLong)
{
    expect_says("At 1s, p crashes.", CLIENTS "timeline: [{at: 1s, crash: p}]\n");
    expect_says("At 1s, the network of all clients is cut and this lasts 2s.",
                CLIENTS "timeline: [{at: 1s, cut: all, for: 2s}]\n");
    expect_says("When queue q has 3 messages that wait and 1s have passed, the broker freezes.",
                CLIENTS "timeline: [{when: {queue: q, has: 3 ready}, wait: 1s, freeze: broker}]\n");
    expect_says("At 1s, p declares queue r, which keeps a message for 1s and no longer.",
                CLIENTS "timeline: [{at: 1s, declare: {queue: r, ttl: 1s, as: p}}]\n");
    expect_says("At 1s, the broker crashes and the broker's disk loses what was not synced, since "
                "the power fails too.",
                CLIENTS "timeline: [{at: 1s, crash: broker, disk: {lose: unsynced}}]\n");
}

TEST(ExplainSentences, TellWhoTakesPart)
{
    expect_says("w is a consumer and comes as w1 to w3.",
                CLIENTS "  w: {role: consumer, from: q, copies: 3}\n");
    expect_says("When a message comes and it came back, w rejects it.",
                CLIENTS "  w: {role: consumer, from: q, rules: [{if: redelivered == yes, do: "
                        "reject}]}\n");
    expect_says("a sends messages without end through the nameless exchange, with the key \"q\", "
                "one every 5ms on average, at random.",
                CLIENTS "  a: {role: producer, publish: {to: default, key: q, every: exp 5ms, "
                        "count: unlimited}}\n");
}
