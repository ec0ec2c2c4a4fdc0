/* How arguments and policies are merged: core/AMQP.md 25.3. */
#include "tests/core/amqp/governed.h"

struct Number {
    const char *argument;
    const char *key;
    int64_t GmqQueueSettings::*setting;
};

static void
PrintTo(const Number &one, std::ostream *out)
{
    *out << one.key;
}

class Amqp_25_3_Numbers : public testing::TestWithParam<Number> {};

TEST_P(Amqp_25_3_Numbers, TheSmallestCounts)
{
    Governed all;
    const Number &one = GetParam();

    all.declare(number(one.argument, 5));
    EXPECT_EQ(5, all.settings().*one.setting);
    all.set(number(one.key, 7));
    EXPECT_EQ(5, all.settings().*one.setting);
    all.set(number(one.key, 4));
    EXPECT_EQ(4, all.settings().*one.setting);
    all.set_operator(number(one.key, 6));
    EXPECT_EQ(4, all.settings().*one.setting);
    all.set_operator(number(one.key, 3));
    EXPECT_EQ(3, all.settings().*one.setting);
    all.clear();
    EXPECT_EQ(3, all.settings().*one.setting);
    all.clear(GMQ_POLICY_OPERATOR);
    EXPECT_EQ(5, all.settings().*one.setting);
}

static const Number all_numbers[] = {
    {"x-message-ttl", "message-ttl", &GmqQueueSettings::ttl_ms},
    {"x-expires", "expires", &GmqQueueSettings::expires_ms},
    {"x-max-length", "max-length", &GmqQueueSettings::length_max},
    {"x-max-length-bytes", "max-length-bytes", &GmqQueueSettings::bytes_max},
};
INSTANTIATE_TEST_SUITE_P(All, Amqp_25_3_Numbers, testing::ValuesIn(all_numbers));

TEST(Amqp_25_3, WhatOnlyAPolicySaysHolds)
{
    Governed all;

    all.declare();
    EXPECT_EQ(-1, all.settings().length_max);
    all.set(number("max-length", 2));
    EXPECT_EQ(2, all.settings().length_max);
}

TEST(Amqp_25_3, AnArgumentsOverflowWins)
{
    Governed all;

    all.declare(Table().add("x-overflow", "reject-publish"));
    all.set(Table().add("overflow", "drop-head"));
    all.set_operator(Table().add("overflow", "reject-publish-dlx"));
    EXPECT_EQ(GMQ_OVERFLOW_REJECT_PUBLISH, all.settings().overflow);
}

TEST(Amqp_25_3, AnOperatorsOverflowWinsOverAUsers)
{
    Governed all;

    all.declare();
    EXPECT_EQ(GMQ_OVERFLOW_DROP_HEAD, all.settings().overflow);
    all.set(Table().add("overflow", "reject-publish"));
    EXPECT_EQ(GMQ_OVERFLOW_REJECT_PUBLISH, all.settings().overflow);
    all.set_operator(Table().add("overflow", "reject-publish-dlx"));
    EXPECT_EQ(GMQ_OVERFLOW_REJECT_PUBLISH_DLX, all.settings().overflow);
}

TEST(Amqp_25_3, AnArgumentsAlternateWins)
{
    Governed all;

    all.peer.ask("queue.declare queue=argued");
    all.peer.ask("queue.declare queue=ruled");
    for (const char *name : {"argued", "ruled"}) {
        all.peer.ask(std::string("exchange.declare type=fanout exchange=") + name);
        all.peer.ask(std::string("queue.bind queue=") + name + " exchange=" + name);
    }
    all.peer.ask("exchange.declare type=fanout exchange=x",
                 Table().add("alternate-exchange", "argued"));
    all.set(Table().add("alternate-exchange", "ruled"));
    all.peer.publish("x", "", "hello");
    EXPECT_EQ("hello ", all.take_all("argued"));
    EXPECT_EQ("", all.take_all("ruled"));
}
