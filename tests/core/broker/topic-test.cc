#include "core/broker/topic-trie.h"

#include <map>
#include <random>
#include <set>

#include "tests/core/broker/world.h"

namespace {

/* ---- patterns and keys by hand ---- */

struct Match {
    const char *pattern;
    const char *key;
    bool matches;
};

/* A trie that keeps the pattern itself as the item of each node. */
class Trie {
  public:
    ~Trie()
    {
        while (!entries_.empty())
            remove(entries_.begin()->first);
        gmq_topic_trie_free(trie_);
    }

    void
    add(const std::string &pattern)
    {
        if (entries_.count(pattern) > 0)
            return;

        GmqTopicNode *node      = gmq_topic_trie_enter(trie_, slice(pattern));
        auto [place, is_new]    = entries_.emplace(pattern, Entry{node, GList{}});
        place->second.link.data = const_cast<std::string *>(&place->first);
        g_queue_push_tail_link(gmq_topic_node_items(node), &place->second.link);
    }

    void
    remove(const std::string &pattern)
    {
        auto place = entries_.find(pattern);

        g_queue_unlink(gmq_topic_node_items(place->second.node), &place->second.link);
        gmq_topic_trie_leave(trie_, place->second.node);
        entries_.erase(place);
    }

    /* The patterns that match, in the order that the trie gives. */
    std::vector<std::string>
    match(const std::string &key)
    {
        const GPtrArray *nodes = gmq_topic_trie_match(trie_, slice(key));
        std::vector<std::string> found;

        for (unsigned i = 0; i < nodes->len; i++) {
            auto *node = static_cast<GmqTopicNode *>(g_ptr_array_index(nodes, i));
            for (GList *link = gmq_topic_node_items(node)->head; link; link = link->next)
                found.push_back(*static_cast<std::string *>(link->data));
        }
        return found;
    }

    size_t
    size() const
    {
        return gmq_topic_trie_size(trie_);
    }

  private:
    struct Entry {
        GmqTopicNode *node;
        GList link;
    };

    GmqTopicTrie *trie_ = gmq_topic_trie_new();
    std::map<std::string, Entry> entries_;
};

class TopicPattern : public testing::TestWithParam<Match> {};

TEST_P(TopicPattern, MatchesAsTheRulesSay)
{
    Trie trie;

    trie.add(GetParam().pattern);
    EXPECT_EQ(GetParam().matches, trie.match(GetParam().key).size() == 1)
        << GetParam().pattern << " and " << GetParam().key;
}

const Match matches[] = {
    /* Words that stand for themselves. */
    {"a", "a", true},
    {"a", "b", false},
    {"a", "A", false},
    {"a", "aa", false},
    {"a.b", "a.b", true},
    {"a.b", "a", false},
    {"a.b", "a.b.c", false},
    {"a.b", "b.a", false},
    {"ab", "a.b", false},
    /* Empty words are words, an empty key has none. */
    {"", "", true},
    {"", "a", false},
    {"", ".", false},
    {"a", "", false},
    {"a.", "a.", true},
    {"a.", "a", false},
    {"a", "a.", false},
    {".a", ".a", true},
    {".", ".", true},
    {".", "", false},
    {".", "..", false},
    {"a..b", "a..b", true},
    {"a..b", "a.b", false},
    /* One word. */
    {"*", "a", true},
    {"*", "", false},
    {"*", "a.b", false},
    {"*", ".", false},
    {"*.*", ".", true},
    {"a.*", "a.", true},
    {"a.*", "a", false},
    {"a.*", "a.b", true},
    {"a.*.c", "a.b.c", true},
    {"a.*.c", "a..c", true},
    {"a.*.c", "a.c", false},
    {"*.b", "a.b", true},
    /* Any number of words. */
    {"#", "", true},
    {"#", "a", true},
    {"#", "a.b.c", true},
    {"#", ".", true},
    {"a.#", "a", true},
    {"a.#", "a.", true},
    {"a.#", "a.b.c", true},
    {"a.#", "ab", false},
    {"a.#", "", false},
    {"#.a", "a", true},
    {"#.a", "b.c.a", true},
    {"#.a", "a.b", false},
    {"#.a.#", "a", true},
    {"#.a.#", "x.a.y", true},
    {"#.a.#", "x.y", false},
    {"a.#.b", "a.b", true},
    {"a.#.b", "a.x.y.b", true},
    {"a.#.b", "a", false},
    {"a.#.b", "a.b.c", false},
    {"#.#", "", true},
    {"#.#", "a.b.c", true},
    {"#.#.a", "a", true},
    {"#.*", "", false},
    {"#.*", "a", true},
    {"*.#", "a.b", true},
    {"#.*.#", "", false},
    {"#.*.#", "a.b.c", true},
    {"*.#.*", "a", false},
    {"*.#.*", "a.b", true},
    /* Signs that are not alone in their word, and signs in the key, are plain text. */
    {"a*", "ab", false},
    {"a*", "a*", true},
    {"##", "a", false},
    {"##", "##", true},
    {"a", "*", false},
    {"a", "#", false},
    {"*", "#", true},
    {"*", "*", true},
};

INSTANTIATE_TEST_SUITE_P(Rules, TopicPattern, testing::ValuesIn(matches));

/* ---- the trie ---- */

TEST(TopicTrie, GivesOneNodeForOnePattern)
{
    g_autoptr(GmqTopicTrie) trie = gmq_topic_trie_new();
    GmqTopicNode *node           = gmq_topic_trie_enter(trie, GMQ_SLICE("a.*.#"));

    EXPECT_EQ(node, gmq_topic_trie_enter(trie, GMQ_SLICE("a.*.#")));
    EXPECT_EQ(4u, gmq_topic_trie_size(trie));
    gmq_topic_trie_leave(trie, node);
    EXPECT_EQ(1u, gmq_topic_trie_size(trie));
}

TEST(TopicTrie, KeepsTheNodesThatOthersNeed)
{
    Trie trie;

    trie.add("a.b");
    trie.add("a.b.c.d");
    trie.add("a.*");
    EXPECT_EQ(6u, trie.size());
    trie.remove("a.b.c.d");
    EXPECT_EQ(4u, trie.size());
    trie.remove("a.*");
    EXPECT_EQ(3u, trie.size());
    EXPECT_EQ(std::vector<std::string>{"a.b"}, trie.match("a.b"));
    trie.remove("a.b");
    EXPECT_EQ(1u, trie.size());
}

TEST(TopicTrie, KeepsANodeWhosePatternBeginsAnother)
{
    Trie trie;

    trie.add("a");
    trie.add("a.b");
    trie.remove("a");
    EXPECT_EQ(std::vector<std::string>{"a.b"}, trie.match("a.b"));
    EXPECT_TRUE(trie.match("a").empty());
}

TEST(TopicTrie, GivesEachPatternOnceHoweverManyWaysItMatches)
{
    Trie trie;

    trie.add("#.a.#.a.#");
    EXPECT_EQ(1u, trie.match("a.a.a.a.a").size());
}

/* A key of 120 words and patterns of as many `#`: the ways to match them are beyond counting. */
TEST(TopicTrie, IsNotDrownedByPatternsOfManyWildcards)
{
    std::string hard;
    std::string key = "a";
    Trie trie;

    for (int i = 0; i < 60; i++)
        hard += i == 0 ? "#.a" : ".#.a";
    for (int i = 1; i < 120; i++)
        key += ".a";
    trie.add(hard);
    trie.add(hard + ".#");
    trie.add(hard + ".b");
    trie.add("#.#.#.#.#.#.#.#");

    gint64 begin = g_get_monotonic_time();
    for (int i = 0; i < 100; i++)
        ASSERT_EQ(3u, trie.match(key).size());
    EXPECT_LT(g_get_monotonic_time() - begin, 2 * G_USEC_PER_SEC);
}

TEST(TopicTrie, CostsNothingForPatternsThatBeginOtherwise)
{
    Trie few;
    Trie many;

    few.add("stock.*.nyse");
    many.add("stock.*.nyse");
    for (int i = 0; i < 10000; i++)
        many.add("other." + std::to_string(i) + ".x");
    EXPECT_EQ(few.match("stock.usd.nyse"), many.match("stock.usd.nyse"));
    EXPECT_EQ(std::vector<std::string>{"other.77.x"}, many.match("other.77.x"));
}

/* ---- against a matcher that is too simple to be wrong ---- */

using Words = std::vector<std::string>;

Words
split(const std::string &text)
{
    Words words;
    size_t begin = 0;

    if (text.empty())
        return words;
    for (size_t dot; (dot = text.find('.', begin)) != std::string::npos; begin = dot + 1)
        words.push_back(text.substr(begin, dot - begin));
    words.push_back(text.substr(begin));
    return words;
}

bool
naive_match(const Words &pattern, size_t p, const Words &key, size_t k)
{
    if (p == pattern.size())
        return k == key.size();
    if (pattern[p] == "#")
        return naive_match(pattern, p + 1, key, k) ||
               (k < key.size() && naive_match(pattern, p, key, k + 1));
    return k < key.size() && (pattern[p] == "*" || pattern[p] == key[k]) &&
           naive_match(pattern, p + 1, key, k + 1);
}

/* The patterns, each with its words. */
using Patterns = std::map<std::string, Words>;

std::set<std::string>
naive_match_all(const Patterns &patterns, const std::string &key)
{
    std::set<std::string> found;
    Words key_words = split(key);

    for (const auto &[pattern, words] : patterns) {
        if (naive_match(words, 0, key_words, 0))
            found.insert(pattern);
    }
    return found;
}

class Chance {
  public:
    unsigned
    below(unsigned bound)
    {
        return static_cast<unsigned>(engine_() % bound);
    }

    std::string
    row(const Words &from, unsigned longest)
    {
        std::string text;
        unsigned count = below(longest + 1);

        for (unsigned i = 0; i < count; i++)
            text += (i == 0 ? "" : ".") + from[below(static_cast<unsigned>(from.size()))];
        return text;
    }

  private:
    std::mt19937 engine_{20240607};
};

TEST(TopicTrie, AgreesWithTheSimpleMatcherOnRandomPairs)
{
    const Words plain = {"a", "b", "c", "", "ab"};
    const Words wild  = {"a", "b", "", "*", "#", "#", "ab"};
    Chance chance;

    for (int round = 0; round < 200; round++) {
        Patterns patterns;
        Trie trie;

        while (patterns.size() < 25) {
            std::string pattern = chance.row(wild, 6);

            patterns[pattern] = split(pattern);
            trie.add(pattern);
        }
        for (int i = 0; i < 20; i++) {
            std::string key                = chance.row(plain, 7);
            std::set<std::string> expected = naive_match_all(patterns, key);
            std::vector<std::string> found = trie.match(key);
            ASSERT_EQ(expected, std::set<std::string>(found.begin(), found.end())) << key;
            ASSERT_EQ(expected.size(), found.size()) << key;
        }
    }
}

TEST(TopicTrie, AgreesWhilePatternsComeAndGo)
{
    const Words wild = {"a", "b", "*", "#"};
    Patterns patterns;
    Chance chance;
    Trie trie;

    for (int step = 0; step < 2000; step++) {
        std::string pattern = chance.row(wild, 4);

        if (patterns.erase(pattern) > 0) {
            trie.remove(pattern);
        } else {
            patterns[pattern] = split(pattern);
            trie.add(pattern);
        }
        std::string key                = chance.row({"a", "b"}, 4);
        std::set<std::string> expected = naive_match_all(patterns, key);
        std::vector<std::string> found = trie.match(key);
        ASSERT_EQ(expected, std::set<std::string>(found.begin(), found.end())) << key;
    }
}

/* ---- the exchange ---- */

class Topic : public World {};

TEST_F(Topic, ReachesEachQueueWhosePatternMatchesOnce)
{
    exchange("t", "topic");
    queue("users");
    queue("errors");
    queue("system");
    bind_keys("t", "users", {"user.*", "user.#"});
    bind_keys("t", "errors", {"*.error"});
    bind_keys("t", "system", {"system.#"});
    EXPECT_EQ("users errors ", publish("t", "user.error"));
    EXPECT_EQ("system errors ", publish("t", "system.error"));
    EXPECT_EQ("system ", publish("t", "system"));
    EXPECT_EQ("", publish("t", "mail.sent"));
}

TEST_F(Topic, QueuesWithOnePatternAreReachedInOrderOfBinding)
{
    exchange("t", "topic");
    for (const char *name : {"c", "a", "b"}) {
        queue(name);
        bind("t", "x.#", name);
    }
    EXPECT_EQ("c a b ", publish("t", "x.y"));
    unbind("t", "x.#", "a");
    EXPECT_EQ("c b ", publish("t", "x.y"));
}

TEST_F(Topic, ForgetsItsPatternsWithTheExchange)
{
    exchange("t", "topic");
    queue("q");
    bind_keys("t", "q", {"#", "a.*", "a.b.c"});
    EXPECT_EQ("", delete_exchange("t"));
    exchange("t", "topic");
    EXPECT_EQ("", publish("t", "a.b.c"));
}

} // namespace
