/* Exchanges that spread messages over their bindings: core/AMQP.md 10e.1 to 10e.3. */
#include <map>

#include "tests/core/amqp/peer.h"

namespace {

/* Where messages with the keys k0, k1 ... go, in order; "" for nowhere. */
std::vector<std::string>
spread(Peer &peer, int count, const std::vector<std::string> &queues)
{
    std::vector<std::string> found;

    for (int i = 0; i < count; i++) {
        peer.put(publish(1, "x", "k" + std::to_string(i), ""));
        peer.server.turn();
        std::string where;
        for (const std::string &name : queues) {
            GmqQueue *queue = gmq_vhost_find_queue(peer.server.vhost(), slice(name));

            if (queue != nullptr && gmq_queue_purge(queue) > 0)
                where += name;
        }
        found.push_back(where);
    }
    return found;
}

std::map<std::string, int>
shares(const std::vector<std::string> &found)
{
    std::map<std::string, int> counts;

    for (const std::string &where : found)
        counts[where]++;
    return counts;
}

/* Queues of those names, bound with those keys. */
void
bind_all(Peer &peer, const std::vector<std::pair<std::string, std::string>> &bindings)
{
    for (const auto &[queue, key] : bindings) {
        peer.ask("queue.declare queue=" + queue);
        EXPECT_EQ("queue.bind-ok",
                  peer.ask("queue.bind queue=" + queue + " exchange=x routing-key=" + key));
    }
}

const std::string hash_type = "exchange.declare exchange=x type=x-consistent-hash";

} // namespace

/* ---- consistent hash ---- */

TEST(Amqp_10e_1, EachMessageGoesToExactlyOneByWeight)
{
    Server server;
    Peer peer(server);

    peer.ask(hash_type);
    bind_all(peer, {{"a", "1"}, {"b", "2"}, {"c", "1"}, {"d", "4"}});
    auto counts = shares(spread(peer, 4000, {"a", "b", "c", "d"}));
    EXPECT_EQ(4u, counts.size()) << "one queue each";
    EXPECT_NEAR(500, counts["a"], 75);
    EXPECT_NEAR(1000, counts["b"], 100);
    EXPECT_NEAR(500, counts["c"], 75);
    EXPECT_NEAR(2000, counts["d"], 125);
}

TEST(Amqp_10e_1, ANewQueueTakesOnlyItsShareAndGivesItBack)
{
    Server server;
    Peer peer(server);

    peer.ask(hash_type);
    bind_all(peer, {{"a", "3"}, {"b", "5"}, {"c", "2"}});
    auto before = spread(peer, 1000, {"a", "b", "c"});
    bind_all(peer, {{"d", "10"}});
    auto between = spread(peer, 1000, {"a", "b", "c", "d"});
    int moved    = 0;
    for (size_t i = 0; i < before.size(); i++) {
        if (between[i] == "d")
            moved++;
        else
            EXPECT_EQ(before[i], between[i]) << i;
    }
    EXPECT_NEAR(500, moved, 75);
    peer.ask("queue.delete queue=d");
    EXPECT_EQ(before, spread(peer, 1000, {"a", "b", "c"}));
}

TEST(Amqp_10e_1, TheOrderOfBindingIsOfNoAccount)
{
    std::vector<std::vector<std::string>> found;

    for (bool is_turned : {false, true}) {
        Server server;
        Peer peer(server);
        std::vector<std::pair<std::string, std::string>> bindings = {
            {"a", "1"}, {"b", "1"}, {"c", "7"}, {"d", "7"}};

        if (is_turned)
            std::reverse(bindings.begin(), bindings.end());
        peer.ask(hash_type);
        bind_all(peer, bindings);
        found.push_back(spread(peer, 100, {"a", "b", "c", "d"}));
    }
    EXPECT_EQ(found[0], found[1]);
    EXPECT_EQ("c c a d d b b c c d", [&] {
        std::string first;
        for (int i = 0; i < 10; i++)
            first += (i == 0 ? "" : " ") + found[0][(size_t)i];
        return first;
    }()) << "and every machine agrees";
}

TEST(Amqp_10e_1, ASecondBindingOfAQueueCountsOnlyWhenTheFirstGoes)
{
    Server server;
    Peer peer(server);

    peer.ask(hash_type);
    bind_all(peer, {{"a", "1"}, {"b", "1"}, {"a", "100"}});
    EXPECT_NEAR(200, shares(spread(peer, 400, {"a", "b"}))["a"], 50);
    peer.ask("queue.unbind queue=a exchange=x routing-key=1");
    EXPECT_LT(385, shares(spread(peer, 400, {"a", "b"}))["a"]);
    peer.ask("queue.unbind queue=a exchange=x routing-key=100");
    EXPECT_EQ(400, shares(spread(peer, 400, {"a", "b"}))["b"]);
    peer.ask("queue.unbind queue=b exchange=x routing-key=1");
    EXPECT_EQ(5, shares(spread(peer, 5, {"a", "b"}))[""]);
}

TEST(Amqp_10e_1, AnExchangeIsADestinationToo)
{
    Server server;
    Peer peer(server);

    peer.ask(hash_type);
    peer.ask("exchange.declare exchange=y type=fanout");
    peer.ask("exchange.bind destination=y source=x routing-key=1");
    peer.ask("queue.declare queue=q");
    peer.ask("queue.bind queue=q exchange=y");
    EXPECT_EQ(9, shares(spread(peer, 9, {"q"}))["q"]);
}

TEST(Amqp_10e_1, WeightsArePositiveIntegers)
{
    for (const auto &[key, trouble] :
         {std::pair("1", ""), std::pair("+1", ""), std::pair("010", ""), std::pair("10000", ""),
          std::pair("a", "must be an integer: <<\"a\">>"),
          std::pair("1.5", "must be an integer: <<\"1.5\">>"),
          std::pair("+", "must be an integer: <<\"+\">>"),
          std::pair("", "must be an integer: <<\"\">>"), std::pair("0", "must be greater than 0"),
          std::pair("-1", "must be greater than 0"), std::pair("10001", "must be at most 10000"),
          std::pair("99999999999999999999999", "must be at most 10000")}) {
        Server server;
        Peer peer(server);

        peer.ask(hash_type);
        peer.ask("queue.declare queue=q");
        EXPECT_EQ(*trouble == '\0'
                      ? "queue.bind-ok"
                      : "channel.close 406 50,20 PRECONDITION_FAILED - The binding key " +
                            std::string(trouble),
                  peer.ask("queue.bind queue=q exchange=x routing-key=" + std::string(key)));
    }
}

TEST(Amqp_10e_1, ArgumentsThatMakeNoSense)
{
    for (const auto &[arguments, trouble] :
         {std::pair(std::string(Table().add("hash-header", "h").add("hash-property", "timestamp")),
                    "hash-header and hash-property are mutually exclusive"),
          std::pair(std::string(Table().add("hash-property", "type")),
                    "Unsupported property: type"),
          std::pair(std::string(Table().add("hash-property", 7)), "Unsupported property: 7"),
          std::pair(std::string(Table().add("hash-header", 7)),
                    "Invalid hash-header field type long; expected longstr")}) {
        Server server;
        Peer peer(server);

        EXPECT_EQ("channel.close 406 40,10 PRECONDITION_FAILED - " + std::string(trouble),
                  peer.ask(hash_type, arguments));
    }
}

/* Whether messages go to one queue, or are spread, by what they differ in. */
static bool
is_spread(const std::string &arguments, bool by_header, const std::string &property)
{
    Server server;
    Peer peer(server);
    std::map<std::string, int> counts;

    peer.ask(hash_type, arguments);
    bind_all(peer, {{"a", "1"}, {"b", "1"}});
    for (int i = 0; i < 64; i++) {
        peer.publish("x", "key", "", property.empty() ? "" : property + "=" + std::to_string(i),
                     by_header ? std::string(Table().add("h", i)) : "");
        for (const char *queue : {"a", "b"})
            counts[queue] +=
                (int)gmq_queue_purge(gmq_vhost_find_queue(server.vhost(), gmq_slice_of(queue)));
    }
    EXPECT_EQ(64, counts["a"] + counts["b"]);
    return counts["a"] > 10 && counts["b"] > 10;
}

TEST(Amqp_10e_1, AHeaderOrAPropertyIsHashed)
{
    for (const char *property : {"message-id", "correlation-id", "timestamp"}) {
        std::string name = property;
        std::replace(name.begin(), name.end(), '-', '_');
        std::string arguments = Table().add("hash-property", name.c_str());

        EXPECT_TRUE(is_spread(arguments, false, property)) << property;
        EXPECT_FALSE(is_spread(arguments, true, "")) << property << ": none of them has it";
        EXPECT_FALSE(is_spread("", false, property));
    }
    EXPECT_TRUE(is_spread(Table().add("hash-header", "h"), true, ""));
    EXPECT_FALSE(is_spread(Table().add("hash-header", "g"), true, "message-id"));
}

/* ---- random ---- */

TEST(Amqp_10e_2, EachMessageGoesToOneByChance)
{
    std::vector<std::vector<std::string>> runs;

    for (int run = 0; run < 2; run++) {
        Server server;
        Peer peer(server);

        peer.ask("exchange.declare exchange=x type=x-random");
        EXPECT_EQ(3, shares(spread(peer, 3, {"a"}))[""]) << "nothing is bound";
        bind_all(peer, {{"a", "1"}, {"b", "two"}, {"c", "3"}});
        runs.push_back(spread(peer, 600, {"a", "b", "c"}));
        auto counts = shares(runs.back());
        EXPECT_EQ(3u, counts.size());
        for (const auto &[queue, count] : counts)
            EXPECT_NEAR(200, count, 50) << queue;
        peer.ask("queue.delete queue=a");
        EXPECT_EQ(2u, shares(spread(peer, 100, {"b", "c"})).size());
        peer.ask("queue.delete queue=c");
        EXPECT_EQ(10, shares(spread(peer, 10, {"b"}))["b"]);
    }
    EXPECT_EQ(runs[0], runs[1]) << "the same seed, the same chances";
}

/* ---- modulus hash ---- */

TEST(Amqp_10e_3, TheKeyDecidesAmongTheSortedBindings)
{
    std::vector<std::vector<std::string>> found;

    for (bool is_turned : {false, true}) {
        Server server;
        Peer peer(server);
        std::vector<std::pair<std::string, std::string>> bindings = {
            {"a", "2"}, {"b", "1"}, {"c", "1"}, {"d", "2"}};

        if (is_turned)
            std::reverse(bindings.begin(), bindings.end());
        peer.ask("exchange.declare exchange=x type=x-modulus-hash");
        EXPECT_EQ(2, shares(spread(peer, 2, {"a"}))[""]) << "nothing is bound";
        bind_all(peer, bindings);
        found.push_back(spread(peer, 400, {"a", "b", "c", "d"}));
        auto counts = shares(found.back());
        EXPECT_EQ(4u, counts.size());
        for (const auto &[queue, count] : counts)
            EXPECT_NEAR(100, count, 30) << queue;
        peer.ask("queue.unbind queue=c exchange=x routing-key=1");
        EXPECT_EQ(3u, shares(spread(peer, 100, {"a", "b", "c", "d"})).size());
    }
    EXPECT_EQ(found[0], found[1]);
}
