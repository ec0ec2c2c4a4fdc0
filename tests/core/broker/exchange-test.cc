#include "core/broker/exchange.h"

#include "tests/core/broker/world.h"

namespace {

class Exchange : public World {};

TEST_F(Exchange, TypesAreFoundByName)
{
    for (const char *name : {"direct", "fanout", "topic", "headers"}) {
        const GmqExchangeType *type = gmq_exchange_type_find(gmq_slice_of(name));

        ASSERT_NE(nullptr, type) << name;
        EXPECT_STREQ(name, type->name);
    }
}

TEST_F(Exchange, OtherNamesAreNoTypes)
{
    for (const char *name : {"", "Direct", "directs", "x-odd"})
        EXPECT_EQ(nullptr, gmq_exchange_type_find(gmq_slice_of(name))) << name;
}

TEST_F(Exchange, DefaultOneReachesTheQueueOfThatName)
{
    queue("mail");
    queue("other");
    EXPECT_EQ("mail ", publish("", "mail"));
    EXPECT_EQ("", publish("", "post"));
    EXPECT_EQ("", publish("", ""));
}

TEST_F(Exchange, DirectComparesTheWholeKey)
{
    queue("q");
    bind("amq.direct", "error", "q");
    EXPECT_EQ("q ", publish("amq.direct", "error"));
    for (const char *key : {"erro", "errors", "Error", "", "error."})
        EXPECT_EQ("", publish("amq.direct", key)) << key;
}

TEST_F(Exchange, DirectReachesEachQueueWithThatKeyInOrderOfBinding)
{
    queue("a");
    queue("b");
    queue("c");
    bind("amq.direct", "k", "b");
    bind("amq.direct", "other", "c");
    bind("amq.direct", "k", "a");
    EXPECT_EQ("b a ", publish("amq.direct", "k"));
}

TEST_F(Exchange, DirectTakesAnEmptyKeyForAKey)
{
    queue("q");
    bind("amq.direct", "", "q");
    EXPECT_EQ("q ", publish("amq.direct", ""));
    EXPECT_EQ("", publish("amq.direct", "k"));
}

TEST_F(Exchange, DirectForgetsAKeyWithItsLastBinding)
{
    queue("a");
    queue("b");
    bind("amq.direct", "k", "a");
    bind("amq.direct", "k", "b");
    unbind("amq.direct", "k", "a");
    EXPECT_EQ("b ", publish("amq.direct", "k"));
    unbind("amq.direct", "k", "b");
    EXPECT_EQ("", publish("amq.direct", "k"));
    bind("amq.direct", "k", "a");
    EXPECT_EQ("a ", publish("amq.direct", "k"));
}

TEST_F(Exchange, FanoutReachesAllWhateverTheKey)
{
    queue("a");
    queue("b");
    bind("amq.fanout", "x", "b");
    bind("amq.fanout", "", "a");
    EXPECT_EQ("b a ", publish("amq.fanout", "y"));
}

TEST_F(Exchange, FanoutReachesAQueueWithTwoBindingsOnce)
{
    queue("a");
    bind_keys("amq.fanout", "a", {"x", "y"});
    EXPECT_EQ("a ", publish("amq.fanout", ""));
}

TEST_F(Exchange, ManyBindingsOfOneQueueGoWithItInOneSweep)
{
    queue("q");
    for (int i = 0; i < 100000; i++)
        bind(i % 2 ? "amq.direct" : "amq.topic", "key." + std::to_string(i / 2), "q");
    EXPECT_EQ("q ", publish("amq.direct", "key.49999"));
    EXPECT_EQ("q ", publish("amq.topic", "key.0"));
    delete_queue("q");
    EXPECT_EQ("", publish("amq.direct", "key.49999"));
    EXPECT_EQ("", publish("amq.topic", "key.0"));
}

} // namespace
