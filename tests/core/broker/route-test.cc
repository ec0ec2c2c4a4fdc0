#include "core/broker/route.h"

#include "tests/core/broker/world.h"

namespace {

using Events = std::vector<std::string>;

class Route : public World {};

/* ---- one copy, one visit ---- */

TEST_F(Route, GivesAQueueOneCopyHoweverItIsReached)
{
    exchange("x");
    queue("q");
    bind_keys("amq.topic", "q", {"a", "#", "*"});
    bind_exchange("amq.topic", "a", "x");
    bind("x", "a", "q");
    EXPECT_EQ("q ", publish("amq.topic", "a"));
}

TEST_F(Route, GoesFromExchangeToExchangeWithTheSameKey)
{
    exchange("logs", "topic");
    exchange("errors", "direct");
    queue("q");
    bind_exchange("logs", "*.error", "errors");
    bind("errors", "db.error", "q");
    EXPECT_EQ("q ", publish("logs", "db.error"));
    EXPECT_EQ("", publish("logs", "web.error"));
    EXPECT_EQ("", publish("logs", "db.info"));
}

TEST_F(Route, VisitsEachExchangeOfACircleOnce)
{
    exchange("a", "fanout");
    exchange("b", "fanout");
    queue("qa");
    queue("qb");
    bind_exchange("a", "", "b");
    bind_exchange("b", "", "a");
    bind_exchange("b", "", "b");
    bind("a", "", "qa");
    bind("b", "", "qb");
    EXPECT_EQ("qa qb ", publish("a", ""));
    EXPECT_EQ("qb qa ", publish("b", ""));
}

TEST_F(Route, FollowsAChainOfManyExchanges)
{
    queue("end");
    for (int i = 0; i < 10000; i++)
        exchange("x" + std::to_string(i), "fanout");
    for (int i = 1; i < 10000; i++)
        bind_exchange("x" + std::to_string(i - 1), "", "x" + std::to_string(i));
    bind("x9999", "", "end");
    EXPECT_EQ("end ", publish("x0", ""));
}

TEST_F(Route, TwoRoutesDoNotTakeEachOthersMarks)
{
    GmqRoute other;

    gmq_route_init(&other, fake.host());
    queue("q");
    for (int i = 0; i < 3; i++) {
        GmqMessage *message = make_message("", "q");

        EXPECT_EQ("q ", publish("", "q"));
        EXPECT_TRUE(gmq_route_message(&other, vhost->default_exchange, message, &fault));
        EXPECT_EQ(1u, other.queues->len);
        gmq_message_unref(message);
    }
    gmq_route_clear(&other);
}

/* ---- alternate exchanges ---- */

TEST_F(Route, TriesTheAlternateExchangeWhenNothingMatches)
{
    exchange("orders", "direct", PLAIN, Table().add("alternate-exchange", "lost"));
    exchange("lost", "fanout");
    queue("new");
    queue("found");
    bind("orders", "new", "new");
    bind("lost", "", "found");
    EXPECT_EQ("new ", publish("orders", "new"));
    EXPECT_EQ("found ", publish("orders", "old"));
}

TEST_F(Route, FollowsAlternatesOfAlternates)
{
    exchange("a", "direct", PLAIN, Table().add("alternate-exchange", "b"));
    exchange("b", "direct", PLAIN, Table().add("alternate-exchange", "c"));
    exchange("c", "fanout");
    queue("q");
    bind("c", "", "q");
    EXPECT_EQ("q ", publish("a", "k"));
}

TEST_F(Route, StopsAtAnAlternateThatWasVisitedOrIsMissing)
{
    exchange("a", "direct", PLAIN, Table().add("alternate-exchange", "b"));
    exchange("b", "direct", PLAIN, Table().add("alternate-exchange", "a"));
    exchange("c", "direct", PLAIN, Table().add("alternate-exchange", "missing"));
    exchange("d", "direct", PLAIN, Table().add("alternate-exchange", "d"));
    EXPECT_EQ("", publish("a", "k"));
    EXPECT_EQ("", publish("c", "k"));
    EXPECT_EQ("", publish("d", "k"));
}

TEST_F(Route, TriesTheAlternateOfAnExchangeOnTheWay)
{
    exchange("a", "fanout");
    exchange("b", "direct", PLAIN, Table().add("alternate-exchange", "amq.fanout"));
    queue("q");
    queue("r");
    bind_exchange("a", "", "b");
    bind("a", "", "r");
    bind("amq.fanout", "", "q");
    EXPECT_EQ("r q ", publish("a", "k"));
}

TEST_F(Route, AMatchThatLeadsNowhereNewIsAMatch)
{
    exchange("a", "fanout", PLAIN, Table().add("alternate-exchange", "amq.fanout"));
    queue("q");
    bind("amq.fanout", "", "q");
    bind_exchange("a", "", "a");
    EXPECT_EQ("", publish("a", "k"));
}

TEST_F(Route, TheDefaultExchangeMayBeAnAlternate)
{
    exchange("a", "direct", PLAIN, Table().add("alternate-exchange", ""));
    queue("q");
    EXPECT_EQ("q ", publish("a", "q"));
}

/* ---- CC and BCC ---- */

TEST_F(Route, CopiesGoToTheKeysOfCcAndBcc)
{
    for (const char *name : {"q", "c", "d", "b"})
        queue(name);
    EXPECT_EQ("q c d b ", publish("", "q",
                                  Table()
                                      .add("BCC", std::vector<std::string>{"b", "q"})
                                      .add("CC", std::vector<std::string>{"c", "d", "none"})));
}

TEST_F(Route, CopiesGoThroughDirectAndTopicToo)
{
    std::string headers = Table().add("CC", std::vector<std::string>{"b.c"});

    queue("q");
    queue("r");
    bind("amq.direct", "b.c", "q");
    bind("amq.topic", "b.*", "r");
    EXPECT_EQ("q ", publish("amq.direct", "a", headers));
    EXPECT_EQ("r ", publish("amq.topic", "a", headers));
}

TEST_F(Route, KeysOfCcThatAreNoTextAreIgnored)
{
    GmqBuffer items = {};
    GmqValue value  = {};

    value.type    = GMQ_VALUE_I32;
    value.integer = 7;
    gmq_array_add(&items, &value);
    value.type  = GMQ_VALUE_STRING;
    value.bytes = GMQ_SLICE("q");
    gmq_array_add(&items, &value);
    value.type  = GMQ_VALUE_ARRAY;
    value.bytes = gmq_buffer_slice(&items);

    queue("q");
    EXPECT_EQ("q ", publish("", "none", Table().add("CC", value)));
    gmq_buffer_clear(&items);
}

TEST_F(Route, RefusesACopyHeaderThatIsNoArray)
{
    queue("q");
    EXPECT_EQ("PRECONDITION_FAILED - invalid message: header 'CC' is not an array of routing keys",
              publish("", "q", Table().add("CC", "q")));
    EXPECT_EQ("PRECONDITION_FAILED - invalid message: header 'BCC' is not an array of routing keys",
              publish("", "q", Table().add("BCC", 1)));
    EXPECT_EQ("PRECONDITION_FAILED - invalid message: header 'CC' is not an array of routing keys",
              publish("", "q", Table().add("CC")));
}

TEST_F(Route, OtherHeadersAreNoKeys)
{
    queue("q");
    EXPECT_EQ("", publish("", "none", Table().add("cc", std::vector<std::string>{"q"})));
}

/* ---- what may be remembered ---- */

TEST_F(Route, MayBeRememberedWhenOnlyTheKeyDecided)
{
    fake.listen(false);
    exchange("x", "topic");
    queue("q");
    bind_exchange("amq.fanout", "", "x");
    bind("x", "#", "q");
    EXPECT_EQ("q ", publish("amq.fanout", "k"));
    EXPECT_TRUE(route.is_cacheable);
    EXPECT_EQ("", publish("amq.direct", "k"));
    EXPECT_TRUE(route.is_cacheable);
}

TEST_F(Route, MayNotBeRememberedWhenHeadersDecided)
{
    fake.listen(false);
    exchange("h", "headers");
    bind_exchange("amq.fanout", "", "h");
    publish("amq.fanout", "k");
    EXPECT_FALSE(route.is_cacheable);
    publish("amq.direct", "k", Table().add("CC", std::vector<std::string>{"q"}));
    EXPECT_FALSE(route.is_cacheable);
    publish("amq.direct", "k");
    EXPECT_TRUE(route.is_cacheable);
}

TEST_F(Route, MayNotBeRememberedWhileSomebodyWatches)
{
    publish("amq.direct", "k");
    EXPECT_FALSE(route.is_cacheable);
}

TEST_F(Route, WhatIsRememberedEndsWithTheTopology)
{
    std::vector<uint64_t> seen = {vhost->topology};
    auto changed               = [&] {
        bool is_new = vhost->topology != seen.back();
        seen.push_back(vhost->topology);
        return is_new;
    };

    exchange("x");
    EXPECT_TRUE(changed());
    queue("q");
    EXPECT_TRUE(changed());
    bind("x", "k", "q");
    EXPECT_TRUE(changed());
    bind("x", "k", "q");
    EXPECT_FALSE(changed());
    unbind("x", "k", "q");
    EXPECT_TRUE(changed());
    delete_queue("q");
    EXPECT_TRUE(changed());
    delete_exchange("x");
    EXPECT_TRUE(changed());
}

/* ---- the glass ---- */

TEST_F(Route, AnnouncesEachHopWithTheBindingThatMatched)
{
    exchange("logs", "topic");
    exchange("all", "fanout");
    queue("errors");
    queue("archive");
    bind("logs", "*.error", "errors");
    bind("logs", "#", "errors");
    bind_exchange("logs", "db.#", "all");
    bind("all", "", "archive");
    fake.take_events();

    publish("logs", "db.error", "", 7);
    EXPECT_EQ((Events{"route logs -> all [db.#] #7 to_type=exchange",
                      "route logs -> errors [*.error] #7 to_type=queue",
                      "route all -> archive [] #7 to_type=queue"}),
              fake.take_events());
    EXPECT_EQ(1007u, fake.causes().back());
}

TEST_F(Route, AnnouncesTheWayThroughTheDefaultExchange)
{
    queue("q");
    fake.take_events();
    publish("", "q");
    EXPECT_EQ(Events{"route  -> q [q] #1 to_type=queue"}, fake.take_events());
}

TEST_F(Route, AnnouncesTheWayToAnAlternateExchange)
{
    exchange("orders", "direct", PLAIN, Table().add("alternate-exchange", "amq.fanout"));
    queue("q");
    bind("amq.fanout", "", "q");
    fake.take_events();
    publish("orders", "k");
    EXPECT_EQ((Events{"route orders -> amq.fanout [] #1 to_type=alternate",
                      "route amq.fanout -> q [] #1 to_type=queue"}),
              fake.take_events());
}

TEST_F(Route, AnnouncesAMessageThatReachesNoQueue)
{
    bind_exchange("amq.fanout", "", "amq.direct");
    fake.take_events();
    publish("amq.fanout", "k", "", 9);
    EXPECT_EQ((Events{"route amq.fanout -> amq.direct [] #9 to_type=exchange",
                      "unroutable amq.fanout [k] #9"}),
              fake.take_events());
    EXPECT_EQ(1009u, fake.causes().back());
}

/* A listener changes nothing: the same queues in the same order. */
TEST_F(Route, IsTheSameUnseen)
{
    for (const char *name : {"c", "a", "b"}) {
        queue(name);
        bind("amq.topic", std::string(name) + ".#", name);
        bind("amq.topic", "#", name);
    }
    std::string seen = publish("amq.topic", "b.x");
    fake.listen(false);
    EXPECT_EQ(seen, publish("amq.topic", "b.x"));
    EXPECT_EQ("b c a ", seen);
}

} // namespace
