#include "tests/core/broker/world.h"

namespace {

using Events = std::vector<std::string>;

class VhostExchange : public World {};

const std::string inequivalent = "PRECONDITION_FAILED - inequivalent arg ";

/* ---- the ones that are there ---- */

TEST(VhostExchanges, AreThereFromTheBeginningAndAnnounced)
{
    FakeHost fake;
    g_autoptr(GmqBroker) broker = gmq_broker_new(fake.host());

    ASSERT_EQ(fake.host(), gmq_broker_host(broker));
    EXPECT_EQ((Events{
                  "exchange.declared  flags=1 type=direct",
                  "exchange.declared amq.direct flags=1 type=direct",
                  "exchange.declared amq.fanout flags=1 type=fanout",
                  "exchange.declared amq.topic flags=1 type=topic",
                  "exchange.declared amq.headers flags=1 type=headers",
                  "exchange.declared amq.match flags=1 type=headers",
                  "exchange.declared amq.rabbitmq.trace flags=5 type=topic",
              }),
              fake.take_events("exchange.declared"));
}

TEST_F(VhostExchange, MayBeRedeclaredWhenPredeclared)
{
    EXPECT_EQ("", exchange("amq.topic", "topic", DURABLE));
    EXPECT_EQ(inequivalent + "'type' for exchange 'amq.topic' in vhost '/': received 'fanout' but "
                             "current is 'topic'",
              exchange("amq.topic", "fanout", DURABLE));
}

/* ---- declare ---- */

TEST_F(VhostExchange, IsDeclaredAndAnnounced)
{
    EXPECT_EQ("", exchange("x", "topic", DURABLE | AUTO_DELETE | INTERNAL));
    EXPECT_EQ(Events{"exchange.declared x flags=7 type=topic"}, fake.take_events());

    const GmqExchange *found = gmq_vhost_find_exchange(vhost, GMQ_SLICE("x"));
    EXPECT_TRUE(found->is_durable);
    EXPECT_TRUE(found->is_auto_delete);
    EXPECT_TRUE(found->is_internal);
    EXPECT_FALSE(found->is_predeclared);
    EXPECT_EQ(&gmq_exchange_topic, found->type);
}

TEST_F(VhostExchange, IsTheSameOneWhenDeclaredAgain)
{
    exchange("x", "topic", DURABLE);
    const GmqExchange *first = gmq_vhost_find_exchange(vhost, GMQ_SLICE("x"));
    fake.take_events();
    EXPECT_EQ("", exchange("x", "topic", DURABLE));
    EXPECT_EQ(first, gmq_vhost_find_exchange(vhost, GMQ_SLICE("x")));
    EXPECT_EQ(Events{}, fake.take_events());
}

struct Redeclaration {
    const char *type;
    unsigned flags;
    std::string arguments;
    const char *field;
    const char *sides;
};

class VhostExchangeAgain : public World, public testing::WithParamInterface<Redeclaration> {};

TEST_P(VhostExchangeAgain, MustBeEquivalent)
{
    const Redeclaration &again = GetParam();

    exchange("x", "direct", DURABLE, Table().add("alternate-exchange", "ae").add("other", 1));
    EXPECT_EQ(inequivalent + "'" + again.field + "' for exchange 'x' in vhost '/': " + again.sides,
              exchange("x", again.type, again.flags, again.arguments));
    EXPECT_EQ(GMQ_REPLY_PRECONDITION_FAILED, fault.code);
}

const std::string alternate = Table().add("alternate-exchange", "ae");

const Redeclaration redeclarations[] = {
    {"fanout", DURABLE, alternate, "type", "received 'fanout' but current is 'direct'"},
    {"direct", PLAIN, alternate, "durable", "received 'false' but current is 'true'"},
    {"direct", DURABLE | AUTO_DELETE, alternate, "auto_delete",
     "received 'true' but current is 'false'"},
    {"direct", DURABLE | INTERNAL, alternate, "internal", "received 'true' but current is 'false'"},
    {"direct", DURABLE, "", "alternate-exchange",
     "received none but current is the value 'ae' of type 'longstr'"},
    {"direct", DURABLE, Table().add("alternate-exchange", "be"), "alternate-exchange",
     "received 'be' but current is 'ae'"},
    {"direct", DURABLE, Table().add("alternate-exchange", 5), "alternate-exchange",
     "received '5' but current is 'ae'"},
    {"fanout", INTERNAL, "", "type", "received 'fanout' but current is 'direct'"},
};

INSTANTIATE_TEST_SUITE_P(Fields, VhostExchangeAgain, testing::ValuesIn(redeclarations));

TEST_F(VhostExchange, IgnoresOtherArgumentsWhenDeclaredAgain)
{
    exchange("x", "direct", PLAIN, Table().add("a", 1));
    EXPECT_EQ("", exchange("x", "direct", PLAIN, Table().add("b", "other")));
}

TEST_F(VhostExchange, ThatHasNoAlternateDoesNotGetOne)
{
    exchange("x");
    EXPECT_EQ(inequivalent + "'alternate-exchange' for exchange 'x' in vhost '/': received the "
                             "value 'ae' of type 'longstr' but current is none",
              exchange("x", "direct", PLAIN, alternate));
}

struct Refusal {
    const char *name;
    const char *type;
    std::string arguments;
    GmqReply code;
    const char *text;
};

class VhostExchangeNew : public World, public testing::WithParamInterface<Refusal> {};

TEST_P(VhostExchangeNew, IsRefused)
{
    const Refusal &refusal = GetParam();

    EXPECT_EQ(refusal.text, exchange(refusal.name, refusal.type, PLAIN, refusal.arguments));
    EXPECT_EQ(refusal.code, fault.code);
    EXPECT_EQ(Events{}, fake.take_events());
}

const Refusal refusals[] = {
    {"", "direct", "", GMQ_REPLY_ACCESS_REFUSED,
     "ACCESS_REFUSED - operation not permitted on the default exchange"},
    {"\r\n", "direct", "", GMQ_REPLY_ACCESS_REFUSED,
     "ACCESS_REFUSED - operation not permitted on the default exchange"},
    {"amq.mine", "direct", "", GMQ_REPLY_ACCESS_REFUSED,
     "ACCESS_REFUSED - exchange name 'amq.mine' contains reserved prefix 'amq.*'"},
    {"amq.", "direct", "", GMQ_REPLY_ACCESS_REFUSED,
     "ACCESS_REFUSED - exchange name 'amq.' contains reserved prefix 'amq.*'"},
    {"a\nmq.x", "direct", "", GMQ_REPLY_ACCESS_REFUSED,
     "ACCESS_REFUSED - exchange name 'amq.x' contains reserved prefix 'amq.*'"},
    {"x", "foo", "", GMQ_REPLY_PRECONDITION_FAILED,
     "PRECONDITION_FAILED - unknown exchange type 'foo'"},
    {"", "", "", GMQ_REPLY_PRECONDITION_FAILED, "PRECONDITION_FAILED - unknown exchange type ''"},
    {"x", "direct", Table().add("alternate-exchange", 5), GMQ_REPLY_PRECONDITION_FAILED,
     "PRECONDITION_FAILED - invalid type 'long' for arg 'alternate-exchange' in exchange 'x' in "
     "vhost '/'"},
    {"x", "direct", Table().add("alternate-exchange", GMQ_VALUE_BOOL, 1),
     GMQ_REPLY_PRECONDITION_FAILED,
     "PRECONDITION_FAILED - invalid type 'bool' for arg 'alternate-exchange' in exchange 'x' in "
     "vhost '/'"},
};

INSTANTIATE_TEST_SUITE_P(Reasons, VhostExchangeNew, testing::ValuesIn(refusals));

TEST_F(VhostExchange, NamesAreNotReservedByTheirLookAlone)
{
    for (const char *name : {"amq", "amqp.x", "AMQ.x", "x.amq."})
        EXPECT_EQ("", exchange(name)) << name;
}

TEST_F(VhostExchange, LosesLineEndsFromItsName)
{
    EXPECT_EQ("", exchange("a\r\nb\n"));
    EXPECT_TRUE(has_exchange("ab"));
    EXPECT_EQ("", exchange("ab"));
    EXPECT_EQ("", delete_exchange("\nab"));
    EXPECT_FALSE(has_exchange("ab"));
}

TEST_F(VhostExchange, AnnouncesItsAlternate)
{
    exchange("x", "direct", PLAIN, alternate);
    EXPECT_EQ((Events{"exchange.declared x flags=0 type=direct", "alternate.set x -> ae"}),
              fake.take_events());
}

/* ---- passive ---- */

TEST_F(VhostExchange, IsOnlyLookedForWhenPassive)
{
    EXPECT_NE(nullptr, gmq_vhost_check_exchange(vhost, GMQ_SLICE("amq.fanout"), &fault));
    EXPECT_NE(nullptr, gmq_vhost_check_exchange(vhost, GMQ_SLICE("amq.\nfanout"), &fault));
}

TEST_F(VhostExchange, IsNotFoundWhenMissing)
{
    EXPECT_EQ(nullptr, gmq_vhost_check_exchange(vhost, GMQ_SLICE("x"), &fault));
    EXPECT_EQ(GMQ_REPLY_NOT_FOUND, fault.code);
    EXPECT_STREQ("NOT_FOUND - no exchange 'x' in vhost '/'", fault.text);
}

TEST_F(VhostExchange, DefaultOneIsNotForAsking)
{
    EXPECT_EQ(nullptr, gmq_vhost_check_exchange(vhost, GMQ_SLICE(""), &fault));
    EXPECT_EQ(GMQ_REPLY_ACCESS_REFUSED, fault.code);
}

/* ---- delete ---- */

TEST_F(VhostExchange, GoesWithItsBindingsInBothDirections)
{
    exchange("a", "fanout");
    exchange("b", "fanout");
    exchange("c", "fanout");
    queue("q");
    bind_exchange("a", "", "b");
    bind_exchange("b", "k", "c");
    bind("b", "", "q");
    bind_exchange("b", "", "b");
    bind("a", "", "q");
    fake.take_events();

    EXPECT_EQ("", delete_exchange("b"));
    EXPECT_EQ((Events{"exchange.deleted b", "unbound b -> c [k] to_type=exchange",
                      "unbound b -> q [] to_type=queue", "unbound b -> b [] to_type=exchange",
                      "unbound a -> b [] to_type=exchange"}),
              fake.take_events());
    EXPECT_EQ("q ", publish("a", ""));
    EXPECT_EQ("", delete_exchange("b"));
}

TEST_F(VhostExchange, InUseIsOneWithBindingsFromIt)
{
    exchange("x", "fanout");
    queue("q");
    bind_exchange("amq.fanout", "", "x");
    bind("x", "", "q");
    EXPECT_EQ("PRECONDITION_FAILED - exchange 'x' in vhost '/' in use", delete_exchange("x", true));
    unbind("x", "", "q");
    EXPECT_EQ("", delete_exchange("x", true));
    EXPECT_FALSE(has_exchange("x"));
}

TEST_F(VhostExchange, CannotBeDeletedWhenReserved)
{
    EXPECT_EQ("ACCESS_REFUSED - operation not permitted on the default exchange",
              delete_exchange(""));
    EXPECT_EQ("ACCESS_REFUSED - deletion of system exchange 'amq.fanout' in vhost '/' not allowed",
              delete_exchange("amq.fanout"));
    EXPECT_EQ("ACCESS_REFUSED - deletion of system exchange 'amq.x' in vhost '/' not allowed",
              delete_exchange("amq.x"));
    EXPECT_EQ(GMQ_REPLY_ACCESS_REFUSED, fault.code);
}

/* ---- auto-delete ---- */

TEST_F(VhostExchange, AutoDeleteGoesWithItsLastBindingAsSource)
{
    exchange("x", "direct", AUTO_DELETE);
    queue("q");
    bind_keys("x", "q", {"a", "b"});
    bind_exchange("amq.fanout", "", "x");
    unbind("x", "a", "q");
    EXPECT_TRUE(has_exchange("x"));
    fake.take_events();
    unbind("x", "b", "q");
    EXPECT_FALSE(has_exchange("x"));
    EXPECT_EQ((Events{"unbound x -> q [b] to_type=queue", "exchange.deleted x",
                      "unbound amq.fanout -> x [] to_type=exchange"}),
              fake.take_events());
    size_t last = fake.causes().size() - 1;
    EXPECT_EQ(last - 1, fake.causes()[last]);
    EXPECT_EQ(last - 2, fake.causes()[last - 1]);
}

TEST_F(VhostExchange, AutoDeleteStaysWithoutEverHavingHadABinding)
{
    exchange("x", "direct", AUTO_DELETE);
    bind_exchange("amq.fanout", "", "x");
    unbind_exchange("amq.fanout", "", "x");
    EXPECT_TRUE(has_exchange("x"));
}

TEST_F(VhostExchange, AutoDeleteGoesWithTheQueue)
{
    exchange("x", "direct", AUTO_DELETE);
    exchange("stays", "direct");
    queue("q");
    bind_keys("x", "q", {"a", "b"});
    bind("stays", "a", "q");
    EXPECT_EQ("", delete_queue("q"));
    EXPECT_FALSE(has_exchange("x"));
    EXPECT_TRUE(has_exchange("stays"));
}

TEST_F(VhostExchange, AutoDeleteOnesGoOneAfterTheOther)
{
    const int count = 20000;

    for (int i = 0; i < count; i++)
        exchange("x" + std::to_string(i), "fanout", AUTO_DELETE);
    for (int i = 1; i < count; i++)
        bind_exchange("x" + std::to_string(i), "", "x" + std::to_string(i - 1));
    EXPECT_EQ("", delete_exchange("x0"));
    for (int i = 0; i < count; i++)
        ASSERT_FALSE(has_exchange("x" + std::to_string(i)));
}

TEST_F(VhostExchange, AutoDeleteOnesInACircleGoTogether)
{
    exchange("a", "fanout", AUTO_DELETE);
    exchange("b", "fanout", AUTO_DELETE);
    exchange("c", "fanout", AUTO_DELETE);
    bind_exchange("a", "", "b");
    bind_exchange("b", "", "c");
    bind_exchange("c", "", "a");
    bind_exchange("a", "", "a");
    EXPECT_EQ("", delete_exchange("b"));
    EXPECT_TRUE(has_exchange("a"));
    EXPECT_EQ("", unbind_exchange("a", "", "a"));
    for (const char *name : {"a", "b", "c"})
        EXPECT_FALSE(has_exchange(name)) << name;
}

TEST_F(VhostExchange, NameOfADeletedOneIsFree)
{
    exchange("x", "fanout");
    queue("q");
    bind("x", "", "q");
    delete_exchange("x");
    EXPECT_EQ("", exchange("x", "topic", DURABLE));
    EXPECT_EQ("", publish("x", ""));
}

} // namespace
