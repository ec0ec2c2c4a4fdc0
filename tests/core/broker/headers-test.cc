#include <map>
#include <random>

#include "tests/core/broker/world.h"

namespace {

/* ---- one binding and one message ---- */

struct Match {
    const char *what;
    std::string arguments;
    std::string headers;
    bool matches;
};

class HeadersMatch : public World, public testing::WithParamInterface<Match> {};

TEST_P(HeadersMatch, FollowsTheRules)
{
    exchange("h", "headers");
    queue("q");
    ASSERT_EQ("", bind("h", "ignored", "q", GetParam().arguments));
    EXPECT_EQ(GetParam().matches ? "q " : "", publish("h", "any key", GetParam().headers));
}

Table
mode(const char *name)
{
    return Table().add("x-match", name);
}

const Match rules[] = {
    {"all when absent", Table().add("a", 1).add("b", 2), Table().add("b", 2).add("a", 1), true},
    {"all when absent, one missing", Table().add("a", 1).add("b", 2), Table().add("a", 1), false},
    {"all", mode("all").add("a", "x"), Table().add("c", 3).add("a", "x"), true},
    {"all, one differs", mode("all").add("a", 1).add("b", 2), Table().add("a", 1).add("b", 3),
     false},
    {"all of nothing", mode("all"), Table().add("a", 1), true},
    {"all of nothing, no headers", mode("all"), "", true},
    {"no arguments at all", "", "", true},
    {"all, no headers", mode("all").add("a", 1), "", false},
    {"any", mode("any").add("a", 1).add("b", 2), Table().add("b", 2), true},
    {"any, none", mode("any").add("a", 1).add("b", 2), Table().add("a", 2).add("b", 1), false},
    {"any of nothing", mode("any"), Table().add("a", 1), false},
    {"any, no headers", mode("any").add("a", 1), "", false},
    {"x- is skipped for all", mode("all").add("x-a", 1).add("b", 2), Table().add("b", 2), true},
    {"x- is skipped for any", mode("any").add("x-a", 1), Table().add("x-a", 1), false},
    {"all of x- only", mode("all").add("x-a", 1), "", true},
    {"x- counts for all-with-x", mode("all-with-x").add("x-a", 1), Table().add("b", 2), false},
    {"x- there for all-with-x", mode("all-with-x").add("x-a", 1), Table().add("x-a", 1), true},
    {"x- counts for any-with-x", mode("any-with-x").add("x-a", 1), Table().add("x-a", 1), true},
    {"x-match never counts", mode("any-with-x"), Table().add("x-match", "any-with-x"), false},
    {"x-match never counts for all", mode("all-with-x"), "", true},
    {"x without dash counts", mode("any").add("x", 1), Table().add("x", 1), true},
    {"void is presence", mode("all").add("a"), Table().add("a", 7), true},
    {"void is presence, absent", mode("all").add("a"), Table().add("b", 7), false},
    {"void is presence for any", mode("any").add("a").add("b", 1), Table().add("a", "x"), true},
    {"void matches void", mode("all").add("a"), Table().add("a"), true},
    {"void in the message is no value", mode("all").add("a", 1), Table().add("a"), false},
    {"integers of any width", mode("all").add("a", GMQ_VALUE_I64, 5),
     Table().add("a", GMQ_VALUE_U8, 5), true},
    {"negative ones too", mode("all").add("a", GMQ_VALUE_I16, -5),
     Table().add("a", GMQ_VALUE_I32, -5), true},
    {"text is no number", mode("all").add("a", "5"), Table().add("a", 5), false},
    {"truth is no number", mode("all").add("a", GMQ_VALUE_BOOL, 1), Table().add("a", 1), false},
    {"truth", mode("all").add("a", GMQ_VALUE_BOOL, 1), Table().add("a", GMQ_VALUE_BOOL, 1), true},
    {"other truth", mode("all").add("a", GMQ_VALUE_BOOL, 1), Table().add("a", GMQ_VALUE_BOOL, 0),
     false},
    {"case of names", mode("all").add("A", 1), Table().add("a", 1), false},
    {"case of text", mode("all").add("a", "X"), Table().add("a", "x"), false},
    {"the first of a header counts", mode("all").add("a", 1), Table().add("a", 2).add("a", 1),
     false},
    {"the first of an argument counts", mode("all").add("a", 1).add("a", 2), Table().add("a", 1),
     true},
    {"the first x-match counts", mode("any").add("x-match", "all").add("a", 1).add("b", 1),
     Table().add("a", 1), true},
    {"arrays", mode("all").add("a", std::vector<std::string>{"x", "y"}),
     Table().add("a", std::vector<std::string>{"x", "y"}), true},
    {"arrays in order", mode("all").add("a", std::vector<std::string>{"x", "y"}),
     Table().add("a", std::vector<std::string>{"y", "x"}), false},
};

std::string
name_of(const testing::TestParamInfo<Match> &test)
{
    std::string name = test.param.what;

    for (char &c : name)
        c = g_ascii_isalnum(c) ? c : '_';
    return name;
}

INSTANTIATE_TEST_SUITE_P(Rules, HeadersMatch, testing::ValuesIn(rules), name_of);

/* ---- what cannot be bound ---- */

class HeadersExchange : public World {
  protected:
    HeadersExchange()
    {
        exchange("h", "headers");
        queue("q");
    }
};

TEST_F(HeadersExchange, RefusesAnotherXMatch)
{
    for (const char *value : {"", "ALL", "one", "all-with-y", "any "}) {
        EXPECT_EQ("PRECONDITION_FAILED - Invalid x-match field value '" + std::string(value) +
                      "'; expected all, any, all-with-x, or any-with-x",
                  bind("h", "", "q", mode(value)));
        EXPECT_EQ(GMQ_REPLY_PRECONDITION_FAILED, fault.code);
    }
    EXPECT_EQ("", publish("h", ""));
}

TEST_F(HeadersExchange, RefusesAnXMatchThatIsNoText)
{
    EXPECT_EQ("PRECONDITION_FAILED - Invalid x-match field type long (value 1); expected longstr",
              bind("h", "", "q", Table().add("x-match", 1)));
    EXPECT_EQ(
        "PRECONDITION_FAILED - Invalid x-match field type bool (value true); expected longstr",
        bind("h", "", "q", Table().add("x-match", GMQ_VALUE_BOOL, 1)));
}

TEST_F(HeadersExchange, KeepsBindingsThatDifferInArgumentsApart)
{
    bind("h", "", "q", mode("any").add("a", 1));
    bind("h", "", "q", mode("any").add("a", 2));
    unbind("h", "", "q", mode("any").add("a", 1));
    EXPECT_EQ("", publish("h", "", Table().add("a", 1)));
    EXPECT_EQ("q ", publish("h", "", Table().add("a", 2)));
}

TEST_F(HeadersExchange, ReachesQueuesInOrderOfBinding)
{
    queue("p");
    bind("h", "", "q", mode("any").add("a", 1));
    bind("h", "", "p", mode("all").add("a", 1));
    bind("h", "x", "q");
    EXPECT_EQ("q p ", publish("h", "", Table().add("a", 1)));
}

/* ---- against a matcher that is too simple to be wrong ---- */

using Pairs = std::map<std::string, int>; /* -1: void */

bool
naive_match(const std::string &kind, const Pairs &wanted, const Pairs &headers)
{
    bool with_x  = kind.find("-with-x") != std::string::npos;
    size_t total = 0;
    size_t found = 0;

    for (const auto &[name, value] : wanted) {
        if (!with_x && name.rfind("x-", 0) == 0)
            continue;
        total++;
        auto header = headers.find(name);
        if (header != headers.end() && (value == -1 || value == header->second))
            found++;
    }
    return kind.rfind("all", 0) == 0 ? found == total : found > 0;
}

std::string
encode(const Pairs &pairs, Table table)
{
    for (const auto &[name, value] : pairs) {
        if (value == -1)
            table.add(name);
        else
            table.add(name, value % 2 ? GMQ_VALUE_I64 : GMQ_VALUE_I16, value);
    }
    return table;
}

Pairs
pick(std::mt19937 &engine, int lowest)
{
    static const char *const names[] = {"a", "b", "c", "x-a", "x-b", "x"};
    Pairs pairs;

    for (unsigned count = engine() % 4; count > 0; count--)
        pairs[names[engine() % 6]] = static_cast<int>(engine() % 3) + lowest;
    return pairs;
}

TEST_F(HeadersExchange, AgreesWithTheSimpleMatcherOnRandomPairs)
{
    static const char *const kinds[] = {"all", "any", "all-with-x", "any-with-x"};
    std::mt19937 engine(20240608);

    fake.listen(false);
    for (int round = 0; round < 100; round++) {
        std::vector<std::pair<std::string, Pairs>> wishes;
        std::string name = "x" + std::to_string(round);

        exchange(name, "headers");
        for (int i = 0; i < 50; i++) {
            const char *kind = kinds[engine() % 4];

            wishes.emplace_back(kind, pick(engine, -1));
            queue(std::to_string(i));
            ASSERT_EQ("",
                      bind(name, "", std::to_string(i), encode(wishes.back().second, mode(kind))));
        }
        for (int i = 0; i < 20; i++) {
            Pairs headers = pick(engine, 0);
            std::string expected;

            for (size_t w = 0; w < wishes.size(); w++) {
                if (naive_match(wishes[w].first, wishes[w].second, headers))
                    expected += std::to_string(w) + " ";
            }
            ASSERT_EQ(expected, publish(name, "", encode(headers, Table())));
        }
    }
}

} // namespace
