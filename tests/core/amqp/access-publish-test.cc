/* Who may publish what, topic permissions, the order of checks, and what is told of all that. */
#include "tests/core/amqp/access.h"

class Amqp_8_12 : public Access {};

TEST_F(Amqp_8_12, OtherTypesDoNotAskForTheKey)
{
    guest->ask("exchange.declare exchange=wr type=direct");
    permit_topic("wr", "", "");

    EXPECT_EQ("queue.bind-ok", ask("queue.bind queue=w exchange=wr routing-key=x"));
    EXPECT_EQ("", publish("wr", "x"));
}

class Amqp_8_7 : public Access {};

TEST_F(Amqp_8_7, ToPublishIsToWrite)
{
    EXPECT_EQ("", publish("w", "k"));
    EXPECT_EQ(refused("60,40", "exchange 'none'"), publish("none", "k"));
    EXPECT_EQ(refused("60,40", "exchange 'r'"), publish("r", "k"));
}

TEST_F(Amqp_8_7, TheDefaultExchangeHasANameForThis)
{
    EXPECT_EQ(refused("60,40", "exchange 'amq.default'"), publish("", "w"));

    permit("", "^amq\\.default$", "");
    EXPECT_EQ("", publish("", "w"));
    EXPECT_EQ(1u, gmq_queue_ready_count(gmq_vhost_find_queue(vhost, GMQ_SLICE("w"))));
}

TEST_F(Amqp_8_7, ATopicExchangeAsksForTheKeyToo)
{
    permit_topic("w", "^{username}\\.", "");

    EXPECT_EQ("", publish("w", "u.x"));
    EXPECT_EQ(refused("60,40", "topic 'x' in exchange 'w'"), publish("w", "x"));
    EXPECT_EQ("", publish("w", "u.x", "", Table().add("CC", std::vector<std::string>{"x"})))
        << "keys of CC are not asked for";
}

/* The second publish to an address takes a short cut; it must not outlive the permission. */
TEST_F(Amqp_8_7, WhatAPublisherRemembersEndsWithThePermission)
{
    ASSERT_EQ("", peer->publish("w", "k", "1"));
    ASSERT_EQ("", peer->publish("w", "k", "2"));

    permit("", "", "");
    EXPECT_EQ(refused("60,40", "exchange 'w'"), peer->publish("w", "k", "3"));
}

TEST_F(Amqp_8_7, WhatAPublisherRemembersEndsWithTheTopicPermission)
{
    ASSERT_EQ("", peer->publish("w", "k", "1"));
    ASSERT_EQ("", peer->publish("w", "k", "2"));

    permit_topic("w", "^u", "");
    EXPECT_EQ(refused("60,40", "topic 'k' in exchange 'w'"), peer->publish("w", "k", "3"));
}

TEST_F(Amqp_8_7, OneExchangeThatMayBeWrittenToDoesNotOpenAnother)
{
    ASSERT_EQ("", peer->publish("w", "1", "hi"));
    ASSERT_EQ("", peer->publish("w", "2", "hi"));

    EXPECT_EQ(refused("60,40", "exchange 'none'"), peer->publish("none", "2", "hi"));
}

class Amqp_11_2 : public Access {};

TEST_F(Amqp_11_2, ThePermissionComesBeforeTheExchange)
{
    EXPECT_EQ(refused("60,40", "exchange 'nix'"), publish("nix", "k"));

    permit("", ".*", "");
    EXPECT_EQ("channel.close 404 60,40 NOT_FOUND - no exchange 'nix' in vhost '/'",
              publish("nix", "k"));
}

TEST_F(Amqp_11_2, ThePermissionComesBeforeTheInternalExchangeAndThatBeforeTheTopic)
{
    guest->ask("exchange.declare exchange=inside type=topic internal");
    EXPECT_EQ(refused("60,40", "exchange 'inside'"), publish("inside", "k"));

    permit("", ".*", "");
    permit_topic("inside", "", "");
    EXPECT_EQ(
        "channel.close 403 60,40 ACCESS_REFUSED - cannot publish to internal exchange 'inside' "
        "in vhost '/'",
        publish("inside", "k"));
}

TEST_F(Amqp_11_2, TheTopicComesBeforeTheProperties)
{
    permit_topic("w", "", "");
    EXPECT_EQ(refused("60,40", "topic 'k' in exchange 'w'"),
              publish("w", "k", "user-id=somebody expiration=no"));
}

class Amqp_11_3 : public Access {};

TEST_F(Amqp_11_3, AnImpersonatorMaySpeakForAnybody)
{
    const char *const tags[] = {"impersonator", nullptr};

    EXPECT_EQ("channel.close 406 60,40 PRECONDITION_FAILED - user_id property set to 'ann' but "
              "authenticated user was 'u'",
              publish("w", "k", "user-id=ann"));
    gmq_user_set_tags(u, tags);
    EXPECT_EQ("", publish("w", "k", "user-id=ann"));
}

class Amqp_14_2 : public Access {};

TEST_F(Amqp_14_2, ATagInUseComesBeforeThePermission)
{
    peer->ask("basic.consume queue=r consumer-tag=t");

    EXPECT_EQ("connection.close 530 60,20 NOT_ALLOWED - attempt to reuse consumer tag 't'",
              peer->ask("basic.consume queue=none consumer-tag=t"));
}

TEST_F(Amqp_14_2, ThePermissionComesBeforeTheQueue)
{
    EXPECT_EQ(refused("60,20", "queue 'nix'"), ask("basic.consume queue=nix"));

    permit("", "", ".*");
    EXPECT_EQ("channel.close 404 60,20 NOT_FOUND - no queue 'nix' in vhost '/'",
              ask("basic.consume queue=nix"));
}

class Amqp_19_2 : public Access {};

TEST_F(Amqp_19_2, DeadLettersAskForNoPermission)
{
    Table to_none;
    to_none.add("x-dead-letter-exchange", "none").add("x-message-ttl", int64_t{0});
    guest->ask("queue.declare queue=wr", to_none);
    guest->ask("queue.bind queue=none exchange=none routing-key=#");
    guest->ask("queue.bind queue=wr exchange=w routing-key=#");

    EXPECT_EQ("", publish("w", "k"));
    EXPECT_EQ(1u, gmq_queue_ready_count(gmq_vhost_find_queue(vhost, GMQ_SLICE("none"))));
}

class Amqp_10_23 : public Access {};

TEST_F(Amqp_10_23, AnAlternateExchangeAsksForNoPermission)
{
    Table to_none;
    to_none.add("alternate-exchange", "none");
    guest->ask("exchange.declare exchange=cw type=direct", to_none);
    guest->ask("queue.bind queue=none exchange=none routing-key=#");

    EXPECT_EQ("", publish("cw", "k"));
    EXPECT_EQ(1u, gmq_queue_ready_count(gmq_vhost_find_queue(vhost, GMQ_SLICE("none"))));
}

class Amqp_27_2 : public Access {
  protected:
    /* The next thing told: its key, and its headers behind the time. */
    std::string
    told()
    {
        std::string line = guest->ask("basic.get queue=told no-ack");
        size_t key       = line.find('[');
        size_t headers   = line.find("1600000000000, ");

        return line == "basic.get-empty"
                   ? ""
                   : line.substr(key + 1, line.find(']') - key - 1) + ": " +
                         line.substr(headers + 15, line.find('}') - headers - 15);
    }
};

TEST_F(Amqp_27_2, UsersVirtualHostsAndPermissionsAreTold)
{
    const char *const tags[] = {"management", nullptr};
    guest->ask("queue.declare queue=told");
    for (const char *keys : {"user.#", "permission.#", "topic.#", "vhost.#"})
        guest->ask(std::string("queue.bind queue=told exchange=amq.rabbitmq.event routing-key=") +
                   keys);

    GmqUser *ann = add_user("ann");
    gmq_user_set_password_hash(ann, "", nullptr);
    gmq_user_set_tags(ann, tags);
    vhost = gmq_broker_add_vhost(server.broker, GMQ_SLICE("other"), nullptr);
    gmq_user_set_permission(ann, vhost, "c", "w", "r", nullptr);
    gmq_user_set_topic_permission(ann, vhost, GMQ_SLICE("x"), "w", "r", nullptr);
    gmq_user_clear_topic_permissions(ann, vhost, GMQ_SLICE("x"));
    gmq_broker_remove_vhost(server.broker, GMQ_SLICE("other"), nullptr);
    gmq_broker_remove_user(server.broker, GMQ_SLICE("ann"), nullptr);
    server.turn();

    for (const char *each :
         {"user.created: name: ann", "user.password.changed: name: ann",
          "user.password.cleared: name: ann", "user.tags.set: name: ann",
          "vhost.created: name: other",
          "permission.created: user: ann, vhost: other, configure: c, write: w, read: r",
          "topic.permission.created: user: ann, vhost: other, exchange: x, write: w, read: r",
          "topic.permission.deleted: user: ann, vhost: other, exchange: x",
          "vhost.deleted: name: other", "permission.deleted: user: ann, vhost: other",
          "user.deleted: name: ann", ""})
        EXPECT_EQ(each, told());
}
