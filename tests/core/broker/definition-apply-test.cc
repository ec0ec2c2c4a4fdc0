/* What is made of definitions, and which ones are refused: core/AMQP.md 26.1. */
#include "core/base/limits.h"
#include "core/broker/definition.h"
#include "core/broker/user.h"
#include "tests/core/broker/world.h"

class Amqp_26_1 : public World {
  protected:
    Amqp_26_1()
    {
        gmq_definitions_begin(broker);
        EXPECT_EQ("", apply(vhost_named("/")));
        EXPECT_EQ("", apply(Table().add("type", "broker").add("version", "0")));
        vhost = gmq_broker_find_vhost(broker, GMQ_SLICE("/"));
    }

    /* "" or what is wrong; ids count up from 1. */
    std::string
    apply(const std::string &table)
    {
        g_autoptr(GError) error = nullptr;
        bool is_done            = gmq_definition_apply(broker, ++id, slice(table), &error);

        EXPECT_EQ(is_done, error == nullptr);
        return is_done ? "" : error->message;
    }

    /* Ends it and returns how many definitions count no more. */
    unsigned
    end()
    {
        return gmq_definitions_end(broker);
    }

    static Table
    vhost_named(const char *name)
    {
        return Table().add("type", "vhost").add("name", name);
    }

    static Table
    user_named(const char *name)
    {
        return Table()
            .add("type", "user")
            .add("name", name)
            .add("loopback_only", GMQ_VALUE_BOOL, 0);
    }

    static Table
    with_table(Table table, const char *name, const std::string &inside = "")
    {
        GmqValue value = {};

        value.type  = GMQ_VALUE_TABLE;
        value.bytes = slice(inside);
        return table.add(name, value);
    }

    static Table
    settings_of(const char *user, const char *tag, const std::string &limits = "",
                const char *hash = "", const char *algorithm = GMQ_HASHING_ALGORITHM)
    {
        return with_table(Table()
                              .add("type", "user_settings")
                              .add("user", user)
                              .add("password_hash", hash)
                              .add("hashing_algorithm", algorithm)
                              .add("tags", std::vector<std::string>{tag}),
                          "limits", limits);
    }

    static Table
    exchange_named(const char *name, const char *type = "topic", const std::string &arguments = "")
    {
        return with_table(Table()
                              .add("type", "exchange")
                              .add("vhost", "/")
                              .add("name", name)
                              .add("exchange_type", type)
                              .add("auto_delete", GMQ_VALUE_BOOL, 0)
                              .add("internal", GMQ_VALUE_BOOL, 0),
                          "arguments", arguments);
    }

    static Table
    queue_named(const char *name, int64_t number, const std::string &arguments = "",
                const char *vhost = "/")
    {
        return with_table(Table()
                              .add("type", "queue")
                              .add("vhost", vhost)
                              .add("name", name)
                              .add("number", number)
                              .add("auto_delete", GMQ_VALUE_BOOL, 0),
                          "arguments", arguments);
    }

    static Table
    binding_to(const char *target, const char *source = "amq.topic", const char *type = "queue",
               const char *key = "#")
    {
        return with_table(Table()
                              .add("type", "binding")
                              .add("vhost", "/")
                              .add("source", source)
                              .add("destination", target)
                              .add("destination_type", type)
                              .add("routing_key", key),
                          "arguments");
    }

    static Table
    permission_of(const char *user, const char *read)
    {
        return Table()
            .add("type", "permission")
            .add("user", user)
            .add("vhost", "/")
            .add("configure", "")
            .add("write", "")
            .add("read", read)
            .add("number", 1);
    }

    static Table
    policy_named(const char *name, int64_t length, const char *pattern = "", int64_t priority = 0)
    {
        return with_table(Table()
                              .add("type", "policy")
                              .add("vhost", "/")
                              .add("name", name)
                              .add("pattern", pattern)
                              .add("apply-to", "queues")
                              .add("priority", priority),
                          "definition", Table().add("max-length", length));
    }

    uint64_t id = 0;
};

TEST_F(Amqp_26_1, DefinitionsSayWhatIsThere)
{
    ASSERT_EQ("", apply(exchange_named("logs")));
    ASSERT_EQ("", apply(queue_named("jobs", 7)));
    ASSERT_EQ("", apply(binding_to("jobs", "logs")));
    ASSERT_EQ("", apply(policy_named("p", 5)));
    EXPECT_EQ("jobs", FakeHost::to_string(gmq_definitions_find_queue(broker, 7)->name));
    EXPECT_EQ(nullptr, gmq_definitions_find_queue(broker, 6));
    EXPECT_EQ(7u, gmq_definitions_queue_number_max(broker));
    EXPECT_EQ(0u, end());

    EXPECT_EQ("jobs ", publish("logs", "a"));
    EXPECT_EQ(5, gmq_vhost_find_queue(vhost, GMQ_SLICE("jobs"))->settings.length_max);
    EXPECT_EQ(nullptr, gmq_broker_find_user(broker, GMQ_SLICE("guest")));
}

/* A crash came between the new definition and the end of the old one. */
TEST_F(Amqp_26_1, OfTwoDefinitionsOfOneThingTheLaterOneCounts)
{
    ASSERT_EQ("", apply(user_named("anna")));
    ASSERT_EQ("", apply(settings_of("anna", "old", Table().add("max-channels", 5))));
    ASSERT_EQ("", apply(permission_of("anna", "old")));
    ASSERT_EQ("", apply(policy_named("p", 1)));
    ASSERT_EQ("", apply(settings_of("anna", "new")));
    ASSERT_EQ("", apply(permission_of("anna", "new")));
    ASSERT_EQ("", apply(policy_named("p", 2)));
    EXPECT_EQ(3u, end());

    const GmqUser *anna = gmq_broker_find_user(broker, GMQ_SLICE("anna"));
    EXPECT_TRUE(gmq_user_has_tag(anna, "new"));
    EXPECT_FALSE(gmq_user_has_tag(anna, "old"));
    EXPECT_EQ(-1, anna->limits[GMQ_USER_LIMIT_CHANNELS]);
    EXPECT_EQ(1u, anna->permissions.length);
    EXPECT_EQ(1u, vhost->policies[GMQ_POLICY_USER]->len);
}

/* Likewise between the end of something and the beginning of the next of its name. */
TEST_F(Amqp_26_1, WhatWasMadeAgainBeginsAnew)
{
    ASSERT_EQ("", apply(exchange_named("logs")));
    ASSERT_EQ("", apply(queue_named("jobs", 1)));
    ASSERT_EQ("", apply(binding_to("jobs", "logs")));
    ASSERT_EQ("", apply(queue_named("jobs", 2, Table().add("x-max-length", 5))));
    EXPECT_EQ(nullptr, gmq_definitions_find_queue(broker, 1));
    ASSERT_EQ("", apply(binding_to("jobs", "logs")));
    ASSERT_EQ("", apply(binding_to("jobs", "logs"))); /* removed and made again */
    EXPECT_EQ("jobs ", publish("logs", "a"));
    ASSERT_EQ("", apply(exchange_named("logs", "fanout")));
    EXPECT_EQ("", publish("logs", "a"));
    ASSERT_EQ("", apply(user_named("anna")));
    ASSERT_EQ("", apply(permission_of("anna", "")));
    ASSERT_EQ("", apply(user_named("anna")));
    EXPECT_EQ(0u, gmq_broker_find_user(broker, GMQ_SLICE("anna"))->permissions.length);
    ASSERT_EQ("", apply(vhost_named("/")));
    EXPECT_EQ(nullptr, gmq_definitions_find_queue(broker, 2));
    EXPECT_EQ(10u, end());

    vhost = gmq_broker_find_vhost(broker, GMQ_SLICE("/"));
    EXPECT_EQ(0u, vhost->queue_list.length);
}

/* A crash cut the deletion of what they need short. */
TEST_F(Amqp_26_1, WhatNeedsSomethingThatIsGoneIsGoneToo)
{
    EXPECT_EQ("", apply(queue_named("lost", 1, "", "gone")));
    EXPECT_EQ("", apply(binding_to("lost")));
    EXPECT_EQ("", apply(binding_to("lost", "amq.topic", "exchange")));
    EXPECT_EQ("", apply(binding_to("lost", "gone")));
    EXPECT_EQ("", apply(settings_of("gone", "")));
    EXPECT_EQ("", apply(permission_of("gone", "")));
    EXPECT_EQ(6u, end());
    EXPECT_EQ(0u, vhost->queue_list.length);
}

TEST_F(Amqp_26_1, ADefinitionThatMakesNoSenseIsRefused)
{
    const std::string queue = queue_named("q", 1);
    ASSERT_EQ("", apply(queue_named("taken", 9)));
    ASSERT_EQ("", apply(user_named("anna")));

    const struct {
        std::string table;
        const char *why;
    } cases[] = {
        {"", "definition 5: key 'type' is missing"},
        {"x", "definition 6: it is no table"},
        {Table().add("type", 5), "definition 7: key 'type' is no text"},
        {Table().add("type", "stream"),
         "definition 8: type 'stream' is not known; a later version of the broker may have written "
         "it"},
        {queue.substr(0, queue.size() - 1), "definition 9: it is no table"},
        {Table().add("type", "vhost"), "definition 10 (vhost): key 'name' is missing"},
        {Table().add("type", "vhost").add("name", 5),
         "definition 11 (vhost): key 'name' is no name"},
        {Table().add("type", "vhost").add("name", std::string(256, 'v').c_str()),
         "definition 12 (vhost): key 'name' is no name"},
        {Table().add("type", "vhost").add("name", ""),
         "definition 13 (vhost): a vhost needs a name"},
        {vhost_named("v").add("color", "red"), "definition 14 (vhost): key 'color' is not known"},
        {Table().add("type", "user").add("name", "u").add("loopback_only", "no"),
         "definition 15 (user): key 'loopback_only' is no truth value"},
        {settings_of("anna", "", "", "xyz"),
         "definition 16 (user_settings): the password hash of user 'anna' is not what "
         "rabbit_password_hashing_sha256 makes: 36 bytes in base64"},
        {settings_of("anna", "", "", "", "md5"),
         "definition 17 (user_settings): the hashing algorithm 'md5' is not known"},
        {settings_of("anna", "", Table().add("max-channels", "5")),
         "definition 18 (user_settings): the limit 'max-channels' is no integer"},
        {settings_of("anna", "", Table().add("max-queues", 5)),
         "definition 19 (user_settings): there is no limit 'max-queues'; did you mean "
         "'max-connections'?"},
        {queue_named("q", 0), "definition 20 (queue): key 'number' is out of range"},
        {queue_named("q", INT64_C(1) << 32), "definition 21 (queue): key 'number' is out of range"},
        {queue_named("q", 9), "definition 22 (queue): key 'number' is that of another queue"},
        {queue_named("q", 2, Table().add("x-max-length", "a")),
         "definition 23 (queue): PRECONDITION_FAILED - invalid arg 'x-max-length' for queue 'q' in "
         "vhost '/': \"expected integer, got longstr\""},
        {queue_named("q", 2, "x"), "definition 24 (queue): key 'arguments' is no table"},
        {exchange_named("e", "x-random-walk"),
         "definition 25 (exchange): PRECONDITION_FAILED - unknown exchange type 'x-random-walk'"},
        {exchange_named("amq.topic"),
         "definition 26 (exchange): ACCESS_REFUSED - deletion of system "
         "exchange 'amq.topic' in vhost '/' not allowed"},
        {binding_to("taken", "amq.topic", "stream"),
         "definition 27 (binding): key 'destination_type' is neither queue nor exchange"},
        {binding_to("taken", "", "queue"),
         "definition 28 (binding): ACCESS_REFUSED - operation not permitted on the default "
         "exchange"},
        {permission_of("anna", "("), nullptr},
        {policy_named("p", -1), nullptr},
        {policy_named("p", 1, "("), nullptr},
    };

    for (const auto &one : cases) {
        std::string why = apply(one.table);

        if (one.why == nullptr)
            EXPECT_NE("", why);
        else
            EXPECT_EQ(one.why, why);
    }
}

/* Arguments may nest as deep as any table, so that the definition nests one deeper. */
TEST_F(Amqp_26_1, ArgumentsThatNestTooDeepAreRefused)
{
    std::string deep;

    for (unsigned depth = 1; depth < GMQ_TABLE_DEPTH_MAX; depth++)
        deep = with_table(Table(), "in", deep);
    EXPECT_EQ("", apply(queue_named("q", 1, deep)));
    EXPECT_EQ("definition 4 (queue): key 'arguments' is no table",
              apply(queue_named("r", 2, with_table(Table(), "in", deep))));
}

/* A crash cut the first start of the broker short. */
TEST(Definitions, ABrokerThatHadNotBegunBeginsAgain)
{
    FakeHost fake;
    g_autoptr(GmqBroker) broker = gmq_broker_new(fake.host());
    std::string table           = Table().add("type", "vhost").add("name", "shop");

    gmq_definitions_begin(broker);
    EXPECT_TRUE(gmq_definition_apply(broker, 1, slice(table), nullptr));
    EXPECT_FALSE(gmq_definitions_are_whole(broker));
    EXPECT_EQ(1u, gmq_definitions_end(broker));
    EXPECT_EQ(nullptr, gmq_broker_find_vhost(broker, GMQ_SLICE("shop")));
    EXPECT_TRUE(gmq_broker_authenticate(broker, GMQ_SLICE("guest"), GMQ_SLICE("guest"), true));
}
