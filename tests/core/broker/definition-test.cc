/* What is declared and set outlives the broker: core/AMQP.md 26.1. */
#include "core/base/limits.h"
#include "core/broker/definition.h"
#include "core/broker/firehose.h"
#include "tests/core/broker/definitions.h"

TEST_F(Definitions, BeginWithWhatANewBrokerHas)
{
    EXPECT_TRUE(report.is_new);
    std::string before = describe();

    crash();
    EXPECT_FALSE(report.is_new);
    EXPECT_EQ(before, describe());
    EXPECT_TRUE(gmq_broker_authenticate(broker, GMQ_SLICE("guest"), GMQ_SLICE("guest"), true));
}

class Amqp_26_1 : public Definitions {
  protected:
    /* Two virtual hosts, two users, and something of everything that can be durable. */
    void
    set_up_much()
    {
        GmqVhost *other          = add_vhost("other");
        GmqUser *anna            = add_user("anna");
        const char *const tags[] = {"shop", "prod", nullptr};

        gmq_vhost_set_description(other, "The shop");
        gmq_vhost_set_tags(other, tags);
        ASSERT_TRUE(gmq_vhost_set_limit(other, GMQ_SLICE("max-queues"), 12, nullptr));
        gmq_user_set_password(anna, GMQ_SLICE("secret"));
        set_tags(anna, GMQ_TAG_IMPERSONATOR, "reader");
        ASSERT_TRUE(gmq_user_set_limit(anna, GMQ_SLICE("max-channels"), 7, nullptr));
        permit(anna, other, "r.*");
        permit(anna, vhost, "x");
        ASSERT_TRUE(gmq_user_set_topic_permission(anna, vhost, GMQ_SLICE("amq.topic"), "{username}",
                                                  "a", nullptr));
        set_policy("short", "^j", Table().add("max-length", 5));
        set_policy("limits", "", Table().add("message-ttl", 1000), GMQ_POLICY_OPERATOR);
        ASSERT_EQ("", exchange("logs", "topic", DURABLE));
        ASSERT_EQ("", exchange("inner", "headers", DURABLE | INTERNAL | AUTO_DELETE,
                               Table().add("alternate-exchange", "logs")));
        ASSERT_EQ("", queue_with("jobs", Table().add("x-max-priority", 4)));
        ASSERT_EQ("", queue("auto", DURABLE | AUTO_DELETE));
        ASSERT_EQ("", bind("logs", "a.#", "jobs"));
        ASSERT_EQ("", bind("logs", "b", "jobs", Table().add("n", 1)));
        ASSERT_EQ("", bind_exchange("logs", "in", "inner"));
        ASSERT_EQ("", bind("inner", "", "auto", Table().add("x-match", "any").add("k", "v")));
        ASSERT_EQ("", bind("amq.fanout", "", "auto"));
    }
};

TEST_F(Amqp_26_1, WhatIsDurableSurvivesACrashAndAStop)
{
    set_up_much();
    std::string before = describe();
    settle();

    crash();
    EXPECT_EQ(before, describe());
    stop();
    EXPECT_EQ(before, describe());
    EXPECT_TRUE(gmq_broker_authenticate(broker, GMQ_SLICE("anna"), GMQ_SLICE("secret"), false));
}

TEST_F(Amqp_26_1, WhatIsNotDurableIsGone)
{
    int owner = 0;

    ASSERT_EQ("", exchange("logs", "fanout", DURABLE));
    ASSERT_EQ("", queue("jobs", DURABLE));
    std::string before = describe();
    ASSERT_EQ("", exchange("brief", "fanout"));
    ASSERT_EQ("", queue("brief"));
    ASSERT_EQ("", queue("mine", EXCLUSIVE | DURABLE, &owner));
    ASSERT_EQ("", bind("logs", "", "brief"));
    ASSERT_EQ("", bind("logs", "", "mine", "", &owner));
    ASSERT_EQ("", bind("brief", "", "jobs"));
    ASSERT_EQ("", bind_exchange("logs", "", "brief"));
    settle();

    crash();
    EXPECT_EQ(before, describe());
}

TEST_F(Amqp_26_1, WhatIsDeletedStaysDeleted)
{
    std::string before = describe();

    set_up_much();
    settle();
    ASSERT_EQ("", unbind("logs", "b", "jobs", Table().add("n", 1)));
    ASSERT_EQ("", delete_queue("jobs"));
    ASSERT_EQ("", delete_queue("auto")); /* and with its last binding the exchange "inner" */
    ASSERT_EQ("", delete_exchange("logs"));
    ASSERT_TRUE(gmq_vhost_clear_policy(vhost, GMQ_POLICY_USER, GMQ_SLICE("short"), nullptr));
    ASSERT_TRUE(gmq_vhost_clear_policy(vhost, GMQ_POLICY_OPERATOR, GMQ_SLICE("limits"), nullptr));
    ASSERT_TRUE(gmq_broker_remove_vhost(broker, GMQ_SLICE("other"), nullptr));
    ASSERT_TRUE(gmq_broker_remove_user(broker, GMQ_SLICE("anna"), nullptr));
    EXPECT_EQ(before, describe());
    settle();

    crash();
    EXPECT_EQ(before, describe());
}

TEST_F(Amqp_26_1, NothingOfADeletedVirtualHostComesBackWithItsName)
{
    set_up_much();
    settle();
    ASSERT_TRUE(gmq_broker_remove_vhost(broker, GMQ_SLICE("/"), nullptr));
    settle();
    crash();
    ASSERT_EQ(nullptr, vhost);

    vhost = add_vhost("/");
    settle();
    crash();
    ASSERT_NE(nullptr, vhost);
    EXPECT_EQ(0u, vhost->queue_list.length);
    EXPECT_EQ(8u, vhost->exchange_list.length);
    EXPECT_EQ(0u, guest()->permissions.length);
}

TEST_F(Amqp_26_1, ABrokerWithoutUsersStaysWithoutUsers)
{
    ASSERT_TRUE(gmq_broker_remove_user(broker, GMQ_SLICE("guest"), nullptr));
    settle();
    crash();
    EXPECT_EQ("", users());
}

TEST_F(Amqp_26_1, WhatIsSetAnewHolds)
{
    GmqUser *anna = add_user("anna");

    gmq_user_set_password(anna, GMQ_SLICE("old"));
    set_tags(anna, "old");
    permit(anna, vhost, "old");
    set_policy("p", "old", Table().add("max-length", 1));
    settle();
    gmq_user_set_password(anna, GMQ_SLICE("new"));
    set_tags(anna, "new");
    permit(anna, vhost, "new");
    set_policy("p", "new", Table().add("max-length", 2));
    gmq_vhost_set_description(vhost, "new");
    std::string before = describe();
    settle();

    crash();
    EXPECT_EQ(before, describe());
    EXPECT_TRUE(gmq_broker_authenticate(broker, GMQ_SLICE("anna"), GMQ_SLICE("new"), false));
}

TEST_F(Amqp_26_1, ListingsKeepTheirOrder)
{
    GmqUser *anna  = add_user("anna");
    GmqVhost *more = add_vhost("more");

    permit(anna, vhost, "1");
    permit(anna, more, "2");
    for (const char *name : {"c", "a", "b"})
        ASSERT_EQ("", queue(name, DURABLE));
    bind_keys("amq.topic", "a", {"3", "1", "2"});
    settle();
    permit(anna, vhost, "3");
    for (const char *name : {"x", "y", "x"})
        ASSERT_TRUE(
            gmq_user_set_topic_permission(anna, vhost, gmq_slice_of(name), "", "", nullptr));
    set_tags(guest(), "later");
    ASSERT_EQ("", delete_queue("c"));
    ASSERT_EQ("", queue("c", DURABLE));
    std::string before = describe();
    settle();

    crash();
    EXPECT_EQ(before, describe());
}

TEST_F(Amqp_26_1, TablesKeepEveryTypeOfValue)
{
    Table all;
    std::string deep;

    for (GmqValueType type :
         {GMQ_VALUE_BOOL, GMQ_VALUE_I8, GMQ_VALUE_U8, GMQ_VALUE_I16, GMQ_VALUE_U16, GMQ_VALUE_I32,
          GMQ_VALUE_U32, GMQ_VALUE_I64, GMQ_VALUE_I64_L, GMQ_VALUE_TIMESTAMP, GMQ_VALUE_VOID})
        all.add(std::string(1, static_cast<char>(type)), type, 1);
    for (GmqValueType type : {GMQ_VALUE_FLOAT, GMQ_VALUE_DOUBLE, GMQ_VALUE_DECIMAL}) {
        GmqValue value = {};

        value.type    = type;
        value.bits    = 0x40490fdb;
        value.integer = 31415;
        value.scale   = type == GMQ_VALUE_DECIMAL ? 4 : 0;
        all.add(std::string(1, static_cast<char>(type)), value);
    }
    for (GmqValueType type : {GMQ_VALUE_STRING, GMQ_VALUE_BYTES, GMQ_VALUE_TABLE}) {
        GmqValue value   = {};
        std::string text = type == GMQ_VALUE_TABLE ? Table().add("k", "v") : std::string("a\0b", 3);

        value.type  = type;
        value.bytes = slice(text);
        all.add(std::string(1, static_cast<char>(type)), value);
    }
    all.add("A", {"one", "two"});
    for (unsigned depth = 1; depth < GMQ_TABLE_DEPTH_MAX; depth++) {
        GmqValue value = {};

        value.type  = GMQ_VALUE_TABLE;
        value.bytes = slice(deep);
        deep        = Table().add("in", value);
    }
    ASSERT_TRUE(gmq_table_check(slice(deep)));
    ASSERT_EQ("", queue_with("all", all));
    ASSERT_EQ("", queue_with("deep", deep));
    ASSERT_EQ("", bind("amq.direct", std::string("\0\xff", 2), "all", all));
    settle();

    crash();
    EXPECT_EQ(std::string(all), FakeHost::to_string(find("all")->arguments));
    EXPECT_EQ(deep, FakeHost::to_string(find("deep")->arguments));
    EXPECT_EQ("all ", publish("amq.direct", std::string("\0\xff", 2)));
}

TEST_F(Amqp_26_1, QueuesThatTheServerNamedAreFoundToo)
{
    ASSERT_EQ("", queue("", DURABLE));
    std::string name =
        FakeHost::to_string(static_cast<GmqQueue *>(vhost->queue_list.head->data)->name);
    settle();
    crash();
    EXPECT_TRUE(has_queue(name));
}

TEST_F(Amqp_26_1, ALimitDoesNotHideQueuesThatWereThereBefore)
{
    ASSERT_TRUE(gmq_vhost_set_limit(vhost, GMQ_SLICE("max-queues"), 3, nullptr));
    for (const char *name : {"a", "b", "c"})
        ASSERT_EQ("", queue(name, DURABLE));
    ASSERT_TRUE(gmq_vhost_set_limit(vhost, GMQ_SLICE("max-queues"), 1, nullptr));
    settle();
    crash();
    EXPECT_EQ(3u, vhost->queue_list.length);
    EXPECT_NE("", queue("d", DURABLE));
}

TEST_F(Amqp_26_1, PoliciesApplyAndLeasesBeginAnew)
{
    set_policy("p", "^j", Table().add("max-length", 5));
    ASSERT_EQ("", queue("jobs", DURABLE));
    ASSERT_EQ("", queue_with("leased", Table().add("x-expires", 1000)));
    gmq_vhost_set_tracing(vhost, true);
    gmq_queue_pause(find("jobs"));
    settle();
    fake.advance_ms(900);

    crash();
    EXPECT_EQ(5, find("jobs")->settings.length_max);
    EXPECT_FALSE(find("jobs")->is_paused);
    EXPECT_FALSE(vhost->is_tracing);
    fake.advance_ms(900);
    gmq_timers_fire(gmq_broker_timers(broker), fake.now_ns);
    EXPECT_TRUE(has_queue("leased"));
    fake.advance_ms(101);
    gmq_timers_fire(gmq_broker_timers(broker), fake.now_ns);
    EXPECT_FALSE(has_queue("leased"));
    settle();
    crash();
    EXPECT_FALSE(has_queue("leased"));
}

TEST_F(Amqp_26_1, TheGlassSeesWhatIsThereAgain)
{
    ASSERT_EQ("", exchange("logs", "fanout", DURABLE));
    ASSERT_EQ("", queue("events", DURABLE));
    ASSERT_EQ("", bind("amq.rabbitmq.event", "#", "events"));
    ASSERT_EQ("", bind("logs", "k", "events"));
    settle();

    crash();
    std::string seen;
    for (const std::string &event : fake.take_events()) {
        if (event.find(" amq.") == std::string::npos)
            seen += event + "\n";
    }
    EXPECT_EQ("exchange.declared  flags=1 type=direct\n"
              "exchange.declared logs flags=1 type=fanout\n"
              "queue.declared events flags=1\n"
              "bound logs -> events [k] to_type=queue\n"
              "broker.started broker messages=0 how=crash\n",
              seen);
    gmq_broker_dispatch(broker);
    EXPECT_EQ(0u, gmq_queue_ready_count(find("events"))); /* nobody made anything */
}

/* A broker has its first exchanges before the journal says so, and a second time when it does. */
TEST_F(Amqp_26_1, TheGlassSeesWhatEachBrokerHasOnce)
{
    const std::string direct = "exchange.declared amq.direct flags=1 type=direct";
    auto count               = [&] {
        std::vector<std::string> events = fake.take_events();
        return std::count(events.begin(), events.end(), direct);
    };

    crash();
    EXPECT_EQ(1, count());
    stop();
    EXPECT_EQ(1, count());
    ASSERT_TRUE(gmq_broker_remove_vhost(broker, GMQ_SLICE("/"), nullptr));
    ASSERT_NE(nullptr, gmq_broker_add_vhost(broker, GMQ_SLICE("/"), nullptr));
    EXPECT_EQ(1, count());
}

TEST_F(Definitions, KnowQueuesByNumbersThatAreNotUsedAgain)
{
    ASSERT_EQ("", queue("a", DURABLE));
    ASSERT_EQ("", queue("b", DURABLE));
    ASSERT_EQ("", queue("brief"));
    uint32_t a = find("a")->number;
    uint32_t b = find("b")->number;
    EXPECT_NE(0u, a);
    EXPECT_LT(a, b);
    EXPECT_EQ(0u, find("brief")->number);
    settle();

    crash();
    EXPECT_EQ(a, find("a")->number);
    EXPECT_EQ(b, find("b")->number);
    ASSERT_EQ("", queue("c", DURABLE));
    EXPECT_LT(b, find("c")->number);
}

TEST_F(Definitions, OfManyQueuesAreReadInNoTime)
{
    fake.listen(false);
    for (unsigned i = 0; i < 100000; i++) {
        std::string name = "q" + std::to_string(i);

        ASSERT_EQ("", queue(name, DURABLE));
        ASSERT_EQ("", bind("amq.topic", name, name));
    }
    settle();
    crash();
    EXPECT_EQ(100000u, vhost->queue_list.length);
    EXPECT_EQ("q77 ", publish("amq.topic", "q77"));
    ASSERT_TRUE(gmq_broker_remove_vhost(broker, GMQ_SLICE("/"), nullptr));
    settle();
    crash();
    EXPECT_EQ(nullptr, vhost);
}
