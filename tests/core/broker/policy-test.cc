/* Policies: what they may say, and which one applies: core/AMQP.md 25. */
#include "tests/core/broker/world.h"

class Policies : public World {
  protected:
    /* "" when it was set, else what is wrong. */
    std::string
    set(const std::string &name, const std::string &pattern, const std::string &definition,
        int64_t priority = 0, const std::string &apply_to = "",
        GmqPolicyKind kind = GMQ_POLICY_USER)
    {
        GmqPolicySpec spec      = {};
        g_autoptr(GError) error = nullptr;

        spec.name       = slice(name);
        spec.pattern    = slice(pattern);
        spec.apply_to   = slice(apply_to);
        spec.priority   = priority;
        spec.definition = slice(definition);
        bool is_set     = gmq_vhost_set_policy(vhost, kind, &spec, &error);
        EXPECT_EQ(is_set, error == nullptr);
        return is_set ? "" : error->message;
    }

    std::string
    set_operator(const std::string &definition)
    {
        return set("limits", "", definition, 0, "queues", GMQ_POLICY_OPERATOR);
    }

    std::string
    clear(const std::string &name, GmqPolicyKind kind = GMQ_POLICY_USER)
    {
        g_autoptr(GError) error = nullptr;

        if (gmq_vhost_clear_policy(vhost, kind, slice(name), &error))
            return "";
        EXPECT_TRUE(g_error_matches(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_MISSING));
        return error->message;
    }

    /* The name of the policy that applies to a new queue of that name; "-" for none. */
    std::string
    policy_of(const std::string &name)
    {
        queue(name);
        return name_of(gmq_vhost_find_queue(vhost, slice(name))->policies[GMQ_POLICY_USER]);
    }

    std::string
    policy_of_exchange(const std::string &name)
    {
        exchange(name);
        return name_of(gmq_vhost_find_exchange(vhost, slice(name))->policies[GMQ_POLICY_USER]);
    }

    /* The effective definition of a new queue "q". */
    std::string
    effective()
    {
        g_auto(GmqBuffer) table = {};

        queue("q");
        gmq_policy_write_effective(gmq_vhost_find_queue(vhost, GMQ_SLICE("q"))->policies, &table);
        g_autofree char *text = gmq_table_format(gmq_buffer_slice(&table));
        return text;
    }

    static std::string
    name_of(const GmqPolicy *policy)
    {
        return policy == nullptr ? "-" : FakeHost::to_string(policy->spec.name);
    }

    std::string
    names() const
    {
        std::string all;

        for (unsigned i = 0; i < vhost->policies[GMQ_POLICY_USER]->len; i++)
            all +=
                name_of(static_cast<GmqPolicy *>(vhost->policies[GMQ_POLICY_USER]->pdata[i])) + " ";
        return all;
    }
};

using Amqp_25_1 = Policies;
using Amqp_25_2 = Policies;
using Amqp_25_3 = Policies;

static const std::string ttl = Table().add("message-ttl", 1000);

/* ---- which one ---- */

TEST_F(Amqp_25_1, APatternIsLookedForAnywhere)
{
    set("some", "rder", ttl);
    EXPECT_EQ("some", policy_of("orders"));
    EXPECT_EQ("-", policy_of("bills"));
}

TEST_F(Amqp_25_1, AnAnchoredPatternIsNot)
{
    set("some", "^a\\.[0-9]+$", ttl);
    EXPECT_EQ("some", policy_of("a.17"));
    EXPECT_EQ("-", policy_of("aa.17"));
    EXPECT_EQ("-", policy_of("a.17b"));
}

TEST_F(Amqp_25_1, AnEmptyPatternMatchesAll)
{
    set("all", "", ttl);
    EXPECT_EQ("all", policy_of("orders"));
}

TEST_F(Amqp_25_1, NamesAreBytes)
{
    set("two", "^..$", ttl);
    EXPECT_EQ("two", policy_of("\xc3\xa4"));
    EXPECT_EQ("two", policy_of("\xff\xfe"));
}

TEST_F(Amqp_25_1, TheHighestPriorityWins)
{
    set("a", "", ttl, 1);
    set("b", "", ttl, 3);
    set("c", "", ttl, 2);
    set("d", "nothing", ttl, 9);
    EXPECT_EQ("b", policy_of("q"));
}

TEST_F(Amqp_25_1, APriorityMayBeNegative)
{
    set("a", "", ttl, -5);
    set("b", "", ttl, -2);
    EXPECT_EQ("b", policy_of("q"));
}

TEST_F(Amqp_25_1, OfEqualOnesTheFirstByNameWins)
{
    set("c", "", ttl);
    set("a", "", ttl);
    set("b", "", ttl);
    EXPECT_EQ("a", policy_of("q"));
}

TEST_F(Amqp_25_1, AnOperatorsPolicyAppliesBesideOne)
{
    set("a", "", ttl, 9);
    set("b", "", ttl, 0, "", GMQ_POLICY_OPERATOR);
    EXPECT_EQ("a", policy_of("q"));
    EXPECT_EQ("b",
              name_of(gmq_vhost_find_queue(vhost, GMQ_SLICE("q"))->policies[GMQ_POLICY_OPERATOR]));
}

struct Applies {
    const char *apply_to;
    const char *queue;
    const char *exchange;
};

static void
PrintTo(const Applies &applies, std::ostream *out)
{
    *out << applies.apply_to;
}

class Amqp_25_1_ApplyTo : public Policies, public testing::WithParamInterface<Applies> {};

TEST_P(Amqp_25_1_ApplyTo, SaysWhatItIsFor)
{
    EXPECT_EQ("", set("p", "", ttl, 0, GetParam().apply_to));
    EXPECT_EQ(GetParam().queue, policy_of("x"));
    EXPECT_EQ(GetParam().exchange, policy_of_exchange("x"));
}

static const Applies all_targets[] = {
    {"", "p", "p"},
    {"all", "p", "p"},
    {"queues", "p", "-"},
    {"exchanges", "-", "p"},
    {"classic_queues", "p", "-"},
    {"quorum_queues", "-", "-"},
    {"streams", "-", "-"},
};
INSTANTIATE_TEST_SUITE_P(All, Amqp_25_1_ApplyTo, testing::ValuesIn(all_targets));

TEST_F(Amqp_25_1, TheyAreListedByName)
{
    for (const char *name : {"m", "z", "a", "aa", "n"})
        set(name, "", ttl);
    EXPECT_EQ("a aa m n z ", names());
    EXPECT_EQ("", clear("m"));
    EXPECT_EQ("a aa n z ", names());
}

TEST_F(Amqp_25_1, OneOfTheSameNameTakesItsPlace)
{
    set("p", "a", ttl);
    set("p", "b", ttl);
    EXPECT_EQ("p ", names());
    EXPECT_EQ("-", policy_of("a"));
    EXPECT_EQ("p", policy_of("b"));
}

TEST_F(Amqp_25_1, TheKindsHaveNamesOfTheirOwn)
{
    set("p", "", ttl);
    set("p", "", ttl, 0, "", GMQ_POLICY_OPERATOR);
    EXPECT_EQ("", clear("p", GMQ_POLICY_OPERATOR));
    EXPECT_EQ("p", policy_of("q"));
}

TEST_F(Amqp_25_1, WhatIsNotThereCannotBeCleared)
{
    EXPECT_EQ("there is no policy 'p' in vhost '/'", clear("p"));
    EXPECT_EQ("there is no operator policy 'p' in vhost '/'", clear("p", GMQ_POLICY_OPERATOR));
}

TEST_F(Amqp_25_1, SettingAndClearingAreAnnounced)
{
    set("p", "^a", ttl);
    clear("p");
    set("p", "^a", ttl, 0, "", GMQ_POLICY_OPERATOR);
    EXPECT_EQ((std::vector<std::string>{"policy.set p [^a] kind=policy",
                                        "policy.cleared p [^a] kind=policy",
                                        "policy.set p [^a] kind=operator policy"}),
              fake.take_events());
}

/* ---- what is wrong ---- */

TEST_F(Amqp_25_1, ANameIsNeeded)
{
    const char *why = "a policy needs a name of 1 to 255 bytes of UTF-8";

    EXPECT_EQ(why, set("", "", ttl));
    EXPECT_EQ(why, set(std::string(256, 'n'), "", ttl));
    EXPECT_EQ(why, set("\xff", "", ttl));
    EXPECT_EQ("", set(std::string(255, 'n'), "", ttl));
}

TEST_F(Amqp_25_1, APatternMustCompile)
{
    EXPECT_EQ(0u, set("p", "a(b", ttl).find("the pattern 'a(b' is no regular expression: "));
    EXPECT_EQ("a policy's pattern has at most 4096 bytes of UTF-8",
              set("p", std::string(4097, 'a'), ttl));
    EXPECT_EQ("a policy's pattern has at most 4096 bytes of UTF-8",
              set("p", std::string("a\0b", 3), ttl));
    EXPECT_EQ("-", policy_of("q"));
}

TEST_F(Amqp_25_1, ApplyToIsOneOfAFewWords)
{
    EXPECT_EQ("a policy applies to queues, exchanges, all, classic_queues, quorum_queues or "
              "streams, not to 'queue'",
              set("p", "", ttl, 0, "queue"));
}

TEST_F(Amqp_25_2, SomethingMustBeDefined)
{
    EXPECT_EQ("a policy needs a definition with at least one key", set("p", "", ""));
}

TEST_F(Amqp_25_2, WhatIsRefusedChangesNothing)
{
    set("p", "", ttl);
    EXPECT_NE("", set("p", "", Table().add("message-ttl", -1)));
    queue("q");
    EXPECT_EQ(1000, gmq_vhost_find_queue(vhost, GMQ_SLICE("q"))->settings.ttl_ms);
}

struct Wrong {
    const char *what;
    std::string definition;
    const char *why; /* "" when it is fine */
};

static void
PrintTo(const Wrong &wrong, std::ostream *out)
{
    *out << wrong.what;
}

class Amqp_25_2_Keys : public Policies, public testing::WithParamInterface<Wrong> {};

TEST_P(Amqp_25_2_Keys, AreChecked)
{
    EXPECT_EQ(GetParam().why, set("p", "", GetParam().definition));
}

#define TTL_RANGE "is a whole number from 0 to 315360000000, not "

static const Wrong keys[] = {
    {"Unknown", Table().add("colour", "red"), "a policy knows no key 'colour'"},
    {"Mistyped", Table().add("mesage-ttl", 5),
     "a policy knows no key 'mesage-ttl'; did you mean 'message-ttl'?"},
    {"AnArgument", Table().add("x-max-priority", 5), "a policy knows no key 'x-max-priority'"},
    {"TtlLeast", Table().add("message-ttl", int64_t{0}), ""},
    {"TtlMost", Table().add("message-ttl", 315360000000), ""},
    {"TtlNarrow", Table().add("message-ttl", GMQ_VALUE_U8, 200), ""},
    {"TtlBelow", Table().add("message-ttl", -1), "message-ttl in a policy " TTL_RANGE "'-1'"},
    {"TtlAbove", Table().add("message-ttl", 315360000001),
     "message-ttl in a policy " TTL_RANGE "'315360000001'"},
    {"TtlText", Table().add("message-ttl", "5"), "message-ttl in a policy " TTL_RANGE "'5'"},
    {"TtlFloat", Table().add("message-ttl", GMQ_VALUE_DOUBLE, 0),
     "message-ttl in a policy " TTL_RANGE "of type 'double'"},
    {"TtlVoid", Table().add("message-ttl"), "message-ttl in a policy " TTL_RANGE "of type 'void'"},
    {"TtlTruth", Table().add("message-ttl", GMQ_VALUE_BOOL, 1),
     "message-ttl in a policy " TTL_RANGE "'true'"},
    {"ExpiresBelow", Table().add("expires", int64_t{0}),
     "expires in a policy is a whole number from 1 to 315360000000, not '0'"},
    {"LengthBelow", Table().add("max-length", -1),
     "max-length in a policy is a whole number from 0 to 9223372036854775807, not '-1'"},
    {"BytesBelow", Table().add("max-length-bytes", -1),
     "max-length-bytes in a policy is a whole number from 0 to 9223372036854775807, not '-1'"},
    {"LimitBelow", Table().add("delivery-limit", -1),
     "delivery-limit in a policy is a whole number from 0 to 9223372036854775807, not '-1'"},
    {"Overflow", Table().add("overflow", "reject-publish-dlx"), ""},
    {"OverflowElse", Table().add("overflow", "drop"),
     "overflow in a policy is one of drop-head, reject-publish, reject-publish-dlx, not 'drop'"},
    {"OverflowNumber", Table().add("overflow", 1),
     "overflow in a policy is one of drop-head, reject-publish, reject-publish-dlx, not '1'"},
    {"Exchange", Table().add("dead-letter-exchange", "").add("dead-letter-routing-key", "k"), ""},
    {"ExchangeNumber", Table().add("dead-letter-exchange", 7),
     "dead-letter-exchange in a policy is a text of at most 255 bytes, not '7'"},
    {"KeyAlone", Table().add("dead-letter-routing-key", "k"), ""},
    {"AlternateNumber", Table().add("alternate-exchange", 7),
     "alternate-exchange in a policy is a text of at most 255 bytes, not '7'"},
    {"OfClusters",
     Table()
         .add("ha-mode", "exactly")
         .add("ha-params", 2)
         .add("ha-sync-mode", "automatic")
         .add("queue-mode", "lazy")
         .add("queue-version", 2)
         .add("max-age", "1D")
         .add("federation-upstream-set", "all"),
     ""},
    {"ModeElse", Table().add("queue-mode", "fast"),
     "queue-mode in a policy is one of default, lazy, not 'fast'"},
};
INSTANTIATE_TEST_SUITE_P(All, Amqp_25_2_Keys, testing::ValuesIn(keys));

TEST_F(Amqp_25_2, AnOperatorSetsLimitsOnly)
{
    EXPECT_EQ("", set_operator(Table()
                                   .add("expires", 1)
                                   .add("message-ttl", 1)
                                   .add("max-length", 1)
                                   .add("max-length-bytes", 1)
                                   .add("delivery-limit", 1)
                                   .add("overflow", "reject-publish")));
    EXPECT_EQ("dead-letter-exchange is not for operator policies, which only set limits",
              set_operator(Table().add("dead-letter-exchange", "x")));
    EXPECT_EQ("alternate-exchange is not for operator policies, which only set limits",
              set_operator(Table().add("alternate-exchange", "x")));
}

/* ---- both together ---- */

TEST_F(Amqp_25_3, TheEffectiveDefinitionIsThatOfBoth)
{
    set("p", "",
        Table()
            .add("message-ttl", 9)
            .add("overflow", "drop-head")
            .add("dead-letter-exchange", "x"));
    set_operator(
        Table().add("message-ttl", 7).add("max-length", 5).add("overflow", "reject-publish"));
    EXPECT_EQ("{dead-letter-exchange: x, message-ttl: 7, max-length: 5, overflow: reject-publish}",
              effective());
}

TEST_F(Amqp_25_3, InTheEffectiveDefinitionTheSmallerNumberStands)
{
    set("p", "", Table().add("message-ttl", 3).add("max-length", 5));
    set_operator(Table().add("message-ttl", 7).add("max-length", 5));
    EXPECT_EQ("{message-ttl: 3, max-length: 5}", effective());
}

TEST_F(Amqp_25_3, WithoutPoliciesNothingIsEffective)
{
    EXPECT_EQ("{}", effective());
}
