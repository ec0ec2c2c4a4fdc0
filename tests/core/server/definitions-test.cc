/* Definitions out and in: core/AMQP.md 26.4. */
#include "core/server/definitions.h"

#include <gtest/gtest.h>
#include <string>

#include "core/broker/permission.h"
#include "core/broker/user.h"
#include "core/broker/vhost.h"
#include "tests/core/fake-host.h"

namespace {

class Amqp_26_4 : public testing::Test {
  protected:
    void
    SetUp() override
    {
        broker = gmq_broker_new(fake.host());
    }

    void
    TearDown() override
    {
        gmq_broker_free(broker);
    }

    std::string
    exported()
    {
        g_autoptr(GString) out = g_string_new(nullptr);
        GmqJson json           = {out, false};

        gmq_definitions_export(broker, &json);
        return out->str;
    }

    /* Returns the error; empty when all is right. Quotes are written ' in the text. */
    std::string
    import(std::string text)
    {
        g_autoptr(JsonParser) parser = json_parser_new();
        g_autoptr(GError) error      = nullptr;

        for (char &c : text)
            c = c == '\'' ? '"' : c;
        if (!json_parser_load_from_data(parser, text.data(), gssize(text.size()), &error))
            return std::string("no JSON: ") + error->message;
        return gmq_definitions_import(broker, json_parser_get_root(parser), "/", &count, &error)
                   ? ""
                   : error->message;
    }

    GmqVhost *
    vhost(const char *name = "/")
    {
        return gmq_broker_find_vhost(broker, gmq_slice_of(name));
    }

    GmqQueue *
    queue(const char *name)
    {
        return gmq_vhost_find_queue(vhost(), gmq_slice_of(name));
    }

    FakeHost fake;
    GmqBroker *broker         = nullptr;
    GmqDefinitionsCount count = {};
};

TEST_F(Amqp_26_4, AnExportOfRabbitMqIsTaken)
{
    g_autoptr(GError) error = nullptr;
    std::string path        = GMQ_SOURCE_ROOT "/tests/core/server/rabbitmq-definitions.json";

    ASSERT_TRUE(gmq_definitions_load(broker, path.c_str(), "/", &error)) << error->message;
    EXPECT_TRUE(gmq_broker_authenticate(broker, GMQ_SLICE("anna"), GMQ_SLICE("secret"), false));
    EXPECT_FALSE(gmq_broker_authenticate(broker, GMQ_SLICE("anna"), GMQ_SLICE("secre"), false));

    GmqUser *anna = gmq_broker_find_user(broker, GMQ_SLICE("anna"));
    EXPECT_TRUE(gmq_user_has_tag(anna, "policymaker"));
    EXPECT_EQ(4, anna->limits[GMQ_USER_LIMIT_CONNECTIONS]);
    EXPECT_TRUE(gmq_user_may(anna, vhost("dev"), GMQ_ACCESS_CONFIGURE, GMQ_SLICE("apple")));
    EXPECT_FALSE(gmq_user_may(anna, vhost("dev"), GMQ_ACCESS_CONFIGURE, GMQ_SLICE("pear")));
    EXPECT_EQ(7, vhost("dev")->limits[GMQ_VHOST_LIMIT_QUEUES]);

    ASSERT_NE(nullptr, queue("t1"));
    EXPECT_TRUE(queue("t1")->is_durable);
    EXPECT_EQ(3, queue("t1")->settings.length_max);
    EXPECT_EQ(1000, queue("t1")->settings.ttl_ms); /* of the policy */
    EXPECT_EQ(5, queue("temp")->settings.length_max);
    EXPECT_EQ(1u, queue("t1")->bindings.length);
    EXPECT_NE(nullptr, gmq_vhost_find_exchange(vhost(), GMQ_SLICE("logs")));
    EXPECT_EQ(nullptr, queue("mine"));
}

TEST_F(Amqp_26_4, WhatIsExportedIsTakenByAnotherBroker)
{
    g_autoptr(GError) error = nullptr;
    std::string path        = GMQ_SOURCE_ROOT "/tests/core/server/rabbitmq-definitions.json";
    FakeHost other_host;

    ASSERT_TRUE(gmq_definitions_load(broker, path.c_str(), "/", &error)) << error->message;
    std::string first = exported();
    GmqBroker *before = broker;
    broker            = gmq_broker_new(other_host.host());
    EXPECT_EQ("", import(first));
    EXPECT_EQ(0u, count.ignored);
    EXPECT_EQ(first, exported());
    EXPECT_EQ("", import(first));
    EXPECT_EQ(first, exported());
    gmq_broker_free(broker);
    broker = before;
}

TEST_F(Amqp_26_4, WhatIsAlwaysThereAndExclusiveQueuesAreLeftOut)
{
    GmqQueueSpec mine = {};
    GmqFault fault    = {};
    int owner         = 0;
    mine.name         = GMQ_SLICE("mine");
    mine.is_exclusive = true;
    mine.owner        = &owner;
    ASSERT_NE(nullptr, gmq_vhost_declare_queue(vhost(), &mine, &fault));
    GmqBindingSpec binding = {};
    binding.source         = GMQ_SLICE("amq.direct");
    binding.target         = GMQ_SLICE("mine");
    binding.to_queue       = true;
    binding.owner          = &owner;
    ASSERT_TRUE(gmq_vhost_bind(vhost(), &binding, &fault));

    std::string text = exported();
    EXPECT_NE(std::string::npos, text.find("\"queues\":[],\"exchanges\":[],\"bindings\":[]"));
}

TEST_F(Amqp_26_4, WhatIsThereStaysAsItIs)
{
    ASSERT_EQ("", import("{'queues': [{'name': 'q', 'arguments': {'x-max-length': 3}}],"
                         " 'exchanges': [{'name': 'x', 'type': 'topic'}]}"));
    EXPECT_EQ("", import("{'queues': [{'name': 'q', 'durable': false}, {'name': 'r'}],"
                         " 'exchanges': [{'name': 'x', 'type': 'fanout'}],"
                         " 'bindings': [{'source': 'x', 'destination': 'r'}]}"));
    EXPECT_EQ(4u, count.taken);
    EXPECT_EQ(3, queue("q")->settings.length_max);
    EXPECT_TRUE(queue("q")->is_durable);
    EXPECT_STREQ("topic", gmq_vhost_find_exchange(vhost(), GMQ_SLICE("x"))->type->name);
    EXPECT_EQ(1u, queue("r")->bindings.length);
}

TEST_F(Amqp_26_4, WhatMeansNothingHereIsIgnoredAndCounted)
{
    EXPECT_EQ("", import("{'parameters': [{'component': 'shovel', 'name': 's', 'value': 3}],"
                         " 'queues': [{'name': 'amq.gen-x'}],"
                         " 'exchanges': [{'name': 'amq.direct', 'type': 'direct'}],"
                         " 'bindings': [{'source': 'none', 'destination': 'none'}],"
                         " 'global_parameters': [{'name': 'cluster_name', 'value': 'c'}]}"));
    EXPECT_EQ(0u, count.taken);
    EXPECT_EQ(4u, count.ignored);
}

TEST_F(Amqp_26_4, ArgumentsKeepTheirKinds)
{
    ASSERT_EQ("", import("{'exchanges': [{'name': 'h', 'type': 'headers'}], 'queues': [{'name': "
                         "'q'}], 'bindings': [{'source': 'h', 'destination': 'q', 'arguments': "
                         "{'n': -5, 's': 'x', 't': true, 'd': 1.5, 'z': null, 'l': [1, {'a': "
                         "[]}]}}]}"));
    EXPECT_NE(std::string::npos,
              exported().find("\"arguments\":{\"n\":-5,\"s\":\"x\",\"t\":true,\"d\":1.5,\"z\":null,"
                              "\"l\":[1,{\"a\":[]}]}"));
}

struct Wrong {
    const char *text;
    const char *error;
};

class Amqp_26_4_Wrong : public Amqp_26_4, public testing::WithParamInterface<Wrong> {};

/* The good queue in front shows that nothing is done of a document that is wrong somewhere. */
TEST_P(Amqp_26_4_Wrong, IsNamedByItsPlaceAndNothingIsDone)
{
    std::string text = GetParam().text;

    EXPECT_EQ(GetParam().error, import("{'vhosts': [{'name': 'new'}], " + text + "}")) << text;
    EXPECT_EQ(nullptr, vhost("new"));
    EXPECT_EQ(0u, vhost()->queue_list.length);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, Amqp_26_4_Wrong,
    testing::Values(
        Wrong{"'queues': 3", "queues: this should be a list of objects"},
        Wrong{"'queues': [3]", "queues: this should be a list of objects"},
        Wrong{"'queues': [{'name': 'a'}, {}]", "queues[1].name: this is missing"},
        Wrong{"'queues': [{'name': 5}]", "queues[0].name: this should be a text"},
        Wrong{"'queues': [{'name': 'a', 'durable': 'yes'}]",
              "queues[0].durable: this should be true or false"},
        Wrong{"'queues': [{'name': 'a', 'arguments': [1]}]",
              "queues[0].arguments: this should be an object"},
        Wrong{"'queues': [{'name': 'a', 'arguments': {'x-max-length': -1}}]",
              "queues[0].arguments: PRECONDITION_FAILED - invalid arg 'x-max-length' for queue 'a' "
              "in vhost '/': {value_negative,-1}"},
        Wrong{"'queues': [{'name': 'a', 'vhost': 'nowhere'}]",
              "queues[0].vhost: there is no virtual host 'nowhere'"},
        Wrong{"'queues': [{'name': 'a', 'vhost': 'new'}], 'exchanges': [{'name': 'x', 'type': "
              "'square'}]",
              "exchanges[0].type: there is no type 'square'"},
        Wrong{"'bindings': [{'source': 'amq.topic', 'destination': 'a', 'destination_type': "
              "'well'}]",
              "bindings[0].destination_type: this should be queue or exchange"},
        Wrong{"'users': [{'name': ''}]", "users[0].name: a user needs a name"},
        Wrong{"'users': [{'name': 'u', 'hashing_algorithm': 'rabbit_password_hashing_md5'}]",
              "users[0].hashing_algorithm: only rabbit_password_hashing_sha256 works here"},
        Wrong{"'users': [{'name': 'u', 'password_hash': 'short'}]",
              "users[0].password_hash: this is no salted SHA-256 hash in base64"},
        Wrong{"'users': [{'name': 'u', 'tags': 3}]",
              "users[0].tags: this should be a list of texts"},
        Wrong{"'users': [{'name': 'u', 'limits': {'max-fun': 3}}]",
              "users[0].limits: there is no limit 'max-fun': there are max-connections and "
              "max-channels"},
        Wrong{"'permissions': [{'user': 'nobody', 'configure': '', 'write': '', 'read': ''}]",
              "permissions[0].user: there is no user 'nobody'"},
        Wrong{"'permissions': [{'user': 'guest', 'configure': '', 'write': ''}]",
              "permissions[0].read: this is missing"},
        Wrong{"'policies': [{'name': 'p', 'pattern': '', 'priority': 'high'}]",
              "policies[0].priority: this should be a whole number"},
        Wrong{"'parameters': [{'component': 'vhost-limits', 'name': 'limits', 'value': "
              "{'max-queues': 'many'}}]",
              "parameters[0].value: the limit max-queues is a whole number"}));

TEST_F(Amqp_26_4, ADocumentOfSomethingElseIsRefused)
{
    for (const char *text : {"[]", "3", "{}", "{'queue': []}"})
        EXPECT_EQ(0u, import(text).find("these are no definitions: ")) << text;
}

TEST_F(Amqp_26_4, AFileIsNamed)
{
    g_autoptr(GError) error = nullptr;

    EXPECT_FALSE(gmq_definitions_load(broker, "/nowhere", "/", &error));
    EXPECT_EQ(0, strncmp(error->message, "/nowhere: ", 10));
}

} // namespace
