#include "sim/yaml-print.h"

#include <gtest/gtest.h>

#include "sim/random.h"
#include "sim/yaml-edit.h"
#include "tests/sim/shipped.h"

namespace {

GmqYamlDocument *
parse(const std::string &text)
{
    g_autoptr(GmqProblems) problems = gmq_problems_new("t.yaml", text.c_str());
    GmqYamlDocument *document       = gmq_yaml_parse(text.c_str(), text.size(), problems);
    g_autofree char *said           = gmq_problems_text(problems);

    EXPECT_STREQ("", said) << text;
    return document;
}

std::string
print(const GmqYamlDocument *document)
{
    g_autofree char *text = gmq_yaml_print(document);
    return text;
}

/* Whether quotes are where they were, for texts that could be something else without them. */
bool
has_same_quotes(const GmqYaml *one, const GmqYaml *other)
{
    if (one->type == GMQ_YAML_SCALAR)
        return strlen(one->text) > 60 || one->is_plain == other->is_plain;
    for (unsigned i = 0; i < one->items->len; i++) {
        if (!has_same_quotes(static_cast<const GmqYaml *>(one->items->pdata[i]),
                             static_cast<const GmqYaml *>(other->items->pdata[i])))
            return false;
    }
    return true;
}

void
expect_to_come_back(const GmqYamlDocument *document)
{
    std::string text                 = print(document);
    g_autoptr(GmqYamlDocument) again = parse(text);

    ASSERT_NE(nullptr, again) << text;
    ASSERT_NE(nullptr, gmq_yaml_root(again)) << text;
    EXPECT_TRUE(gmq_yaml_equal(gmq_yaml_root(document), gmq_yaml_root(again))) << text;
    EXPECT_EQ(text, print(again));
}

const char *const liked = "glassmq: 1\n"
                          "title: Two words\n"
                          "stop: 8s\n"
                          "\n"
                          "broker: {sync: 5ms}\n"
                          "\n"
                          "topology:\n"
                          "  queues:\n"
                          "    tasks: {durable: yes}\n"
                          "\n"
                          "clients:\n"
                          "  p1:\n"
                          "    role: producer\n"
                          "    publish: {to: default, key: tasks, body: \"{n}\", count: 12}\n"
                          "    confirms: {window: 20}\n"
                          "\n"
                          "timeline:\n"
                          "  - {at: 1s, cut: p1, for: 300ms}\n"
                          "  - at: 2s\n"
                          "    say: >-\n"
                          "      A long sentence is folded at its spaces, so that no line of "
                          "the file gets longer than a\n"
                          "      hundred columns.\n";

TEST(YamlPrint, LooksLikeAScenarioThatAPersonWrote)
{
    const std::string text              = liked;
    g_autoptr(GmqYamlDocument) document = parse(text);

    EXPECT_EQ(text, print(document));
}

TEST(YamlPrint, EveryShippedScenarioComesBack)
{
    for (const std::string &name : shipped_scenarios()) {
        SCOPED_TRACE(name);
        g_autoptr(GmqYamlDocument) document = parse(read_text(source_path("scenarios/" + name)));
        expect_to_come_back(document);
        g_autoptr(GmqYamlDocument) again = parse(print(document));
        EXPECT_TRUE(has_same_quotes(gmq_yaml_root(document), gmq_yaml_root(again)));
    }
}

/* clang-format off */
const char *const hostile[] = {
    "", " ", "yes", "~", "null", "-", "- a", "-1", "--- ", "---", "...", "...x", "a: b", "a:b",
    "a:", ":a", "a #b", "#a", "a#b", "[a]", "{a}", "a, b", "*a", "&a", "!a", "|", ">", "'a'",
    "\"a\"", "%a", "@a", "`a`", "? a", "?", "<<", "=", "a\nb", "a\n", "\n", "a\tb", "\ta", "a ",
    " a", "a\\b", "\x01", "\x7f", "\u00a0x", "\u0085", "\u2028", "\ufeffa", "\uffff",
    "\U0001F600", "\U0001ffff", "caf\u00e9", "1e3", "12:30", "a  b", "{n}", "0x1f", "a]b", "a}b",
    "a,b", "\r", "a\r\nb",
};
/* clang-format on */

TEST(YamlPrint, HostileTextsComeBackAsKeysAndValues)
{
    for (const char *text : hostile) {
        for (bool in_list : {false, true}) {
            SCOPED_TRACE(text);
            g_autoptr(GmqYamlDocument) document = gmq_yaml_new();
            GmqYaml *root                       = gmq_yaml_edit(document);

            gmq_yaml_put(document, root, "plain", text);
            GmqYaml *inner = gmq_yaml_put_map(document, root, "inner");
            gmq_yaml_put(document, gmq_yaml_put_map(document, inner, "short"), "k", text);
            gmq_yaml_put(document, inner, strcmp(text, "<<") == 0 ? "x" : text, "value");
            if (in_list) {
                GmqYaml *list = gmq_yaml_put_list(document, inner, "list");
                gmq_yaml_append(document, list, text);
                gmq_yaml_put(document, gmq_yaml_append_map(document, list), "k", text);
                gmq_yaml_append_map(document, list);
            }
            expect_to_come_back(document);
        }
    }
}

/* Texts of hostile pieces, long and short, in trees of any shape. */
class Chance {
  public:
    explicit Chance(uint64_t seed)
    {
        gmq_random_init(&random, seed, "yaml");
    }

    std::string
    text(unsigned pieces)
    {
        std::string made;
        for (uint64_t n = gmq_random_below(&random, pieces + 1); n > 0; n--) {
            made += hostile[gmq_random_below(&random, G_N_ELEMENTS(hostile))];
            made += gmq_random_below(&random, 3) == 0 ? " word" : "";
        }
        return made == "<<" ? "<" : made;
    }

    void
    fill(GmqYamlDocument *document, GmqYaml *map, unsigned depth)
    {
        for (uint64_t n = gmq_random_below(&random, 5); n > 0; n--) {
            std::string key = text(60);
            switch (gmq_random_below(&random, depth > 3 ? 1 : 3)) {
            case 0:
                gmq_yaml_put(document, map, key.c_str(), text(80).c_str());
                break;
            case 1:
                fill(document, gmq_yaml_put_map(document, map, key.c_str()), depth + 1);
                break;
            default:
                GmqYaml *list = gmq_yaml_put_list(document, map, key.c_str());
                gmq_yaml_append(document, list, text(20).c_str());
                fill(document, gmq_yaml_append_map(document, list), depth + 1);
                break;
            }
        }
    }

    GmqRandom random;
};

TEST(YamlPrint, AnyTreeComesBack)
{
    for (uint64_t seed = 1; seed <= 500; seed++) {
        SCOPED_TRACE(seed);
        g_autoptr(GmqYamlDocument) document = gmq_yaml_new();
        Chance(seed).fill(document, gmq_yaml_edit(document), 0);
        expect_to_come_back(document);
        if (HasFailure())
            return;
    }
}

TEST(YamlEdit, PutsInTheOldPlaceAndTakesAway)
{
    g_autoptr(GmqYamlDocument) document = parse("a: 1\nb: 2\nc: 3\n");
    GmqYaml *root                       = gmq_yaml_edit(document);

    gmq_yaml_put(document, root, "b", "two");
    gmq_yaml_put(document, root, "d", "4");
    gmq_yaml_remove(root, "a");
    gmq_yaml_remove(root, "nothing");
    EXPECT_EQ("b: two\nc: 3\nd: 4\n", print(document));
    gmq_yaml_remove_at(root, 1);
    gmq_yaml_set_text(document, gmq_yaml_at(root, "d"), "four");
    EXPECT_EQ("b: two\nd: four\n", print(document));
}

TEST(YamlEdit, ACopyGoesItsOwnWay)
{
    g_autoptr(GmqYamlDocument) document = parse("a: [1, 2]\n");
    g_autoptr(GmqYamlDocument) copy     = gmq_yaml_copy(document);

    gmq_yaml_remove_at(gmq_yaml_at(gmq_yaml_edit(copy), "a"), 0);
    EXPECT_EQ("a: [2]\n", print(copy));
    EXPECT_EQ("a: [1, 2]\n", print(document));
    EXPECT_FALSE(gmq_yaml_equal(gmq_yaml_root(document), gmq_yaml_root(copy)));
}

} // namespace
