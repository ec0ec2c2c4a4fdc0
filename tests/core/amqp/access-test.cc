/* Who may declare, delete, bind and read what: permissions of the user in the virtual host. */
#include "tests/core/amqp/access.h"

class Amqp_8_1 : public Access {};

TEST_F(Amqp_8_1, ToDeclareAQueueIsToConfigureIt)
{
    EXPECT_EQ("queue.declare-ok c messages=0 consumers=0", ask("queue.declare queue=c"));
    EXPECT_EQ("queue.declare-ok crw messages=0 consumers=0", ask("queue.declare queue=crw"));
    EXPECT_EQ(refused("50,10", "queue 'none'"), ask("queue.declare queue=none"));
    EXPECT_EQ(refused("50,10", "queue 'nix'"), ask("queue.declare queue=nix"));
    EXPECT_EQ(refused("50,10", "queue 'r'"), ask("queue.declare queue=r durable"));
    EXPECT_EQ(nullptr, gmq_vhost_find_queue(vhost, GMQ_SLICE("nix")));
}

TEST_F(Amqp_8_1, AGeneratedNameIsANameToo)
{
    EXPECT_EQ(0u, ask("queue.declare").find("queue.declare-ok amq.gen-"));

    permit("^c$", "", "");
    EXPECT_EQ(0u, ask("queue.declare")
                      .find("channel.close 403 50,10 ACCESS_REFUSED - access to "
                            "queue 'amq.gen-"));
}

TEST_F(Amqp_8_1, AReservedNameIsRefusedAsSuch)
{
    EXPECT_EQ(
        "channel.close 403 50,10 ACCESS_REFUSED - queue name 'amq.x' contains reserved prefix "
        "'amq.*'",
        ask("queue.declare queue=amq.x"));
}

TEST_F(Amqp_8_1, ToDeleteAQueueIsToConfigureIt)
{
    EXPECT_EQ(refused("50,40", "queue 'none'"), ask("queue.delete queue=none"));
    EXPECT_EQ(refused("50,40", "queue 'nix'"), ask("queue.delete queue=nix"));
    EXPECT_EQ(refused("50,40", "queue 'r'"), ask("queue.delete queue=r"));
    EXPECT_EQ("queue.delete-ok message-count=0", ask("queue.delete queue=c"));
    EXPECT_NE(nullptr, gmq_vhost_find_queue(vhost, GMQ_SLICE("r")));
}

TEST_F(Amqp_8_1, ToDeclareAnExchangeIsToConfigureIt)
{
    EXPECT_EQ("exchange.declare-ok", ask("exchange.declare exchange=c type=topic"));
    EXPECT_EQ("exchange.declare-ok", ask("exchange.declare exchange=cr type=topic"));
    EXPECT_EQ(refused("40,10", "exchange 'none'"),
              ask("exchange.declare exchange=none type=topic"));
    EXPECT_EQ(refused("40,10", "exchange 'nix'"), ask("exchange.declare exchange=nix type=topic"));
    EXPECT_EQ(refused("40,10", "exchange 'amq.nix'"),
              ask("exchange.declare exchange=amq.nix type=topic"));
    EXPECT_EQ(refused("40,10", "exchange 'amq.direct'"),
              ask("exchange.declare exchange=amq.direct type=direct"));
    EXPECT_EQ("channel.close 403 40,10 ACCESS_REFUSED - operation not permitted on the default "
              "exchange",
              ask("exchange.declare type=direct"));
}

TEST_F(Amqp_8_1, ToDeleteAnExchangeIsToConfigureIt)
{
    EXPECT_EQ(refused("40,20", "exchange 'none'"), ask("exchange.delete exchange=none"));
    EXPECT_EQ(refused("40,20", "exchange 'nix'"), ask("exchange.delete exchange=nix"));
    EXPECT_EQ("exchange.delete-ok", ask("exchange.delete exchange=c"));
    EXPECT_EQ(
        "channel.close 403 40,20 ACCESS_REFUSED - deletion of system exchange 'amq.direct' in "
        "vhost '/' not allowed",
        ask("exchange.delete exchange=amq.direct"));
    EXPECT_EQ("channel.close 403 40,20 ACCESS_REFUSED - operation not permitted on the default "
              "exchange",
              ask("exchange.delete"));
    EXPECT_NE(nullptr, gmq_vhost_find_exchange(vhost, GMQ_SLICE("none")));
}

class Amqp_8_2 : public Access {};

TEST_F(Amqp_8_2, ToLookIsFree)
{
    EXPECT_EQ("queue.declare-ok none messages=0 consumers=0",
              ask("queue.declare queue=none passive"));
    EXPECT_EQ("exchange.declare-ok", ask("exchange.declare exchange=none passive"));
    EXPECT_EQ("channel.close 404 50,10 NOT_FOUND - no queue 'nix' in vhost '/'",
              ask("queue.declare queue=nix passive"));
}

/* V14 */
TEST_F(Amqp_8_2, InTheProfileOf4AnyPermissionDoes)
{
    gmq_broker_set_profile(server.broker, gmq_profile_find("rabbitmq-4"));
    for (std::string name : {"c", "w", "r"}) {
        EXPECT_EQ("queue.declare-ok " + name + " messages=0 consumers=0",
                  ask("queue.declare passive queue=" + name));
        EXPECT_EQ("exchange.declare-ok", ask("exchange.declare passive exchange=" + name));
    }
    EXPECT_EQ(refused("50,10", "queue 'none'"), ask("queue.declare passive queue=none"));
    EXPECT_EQ(refused("40,10", "exchange 'none'"), ask("exchange.declare passive exchange=none"));
    EXPECT_EQ("channel.close 404 50,10 NOT_FOUND - no queue 'crw' in vhost '/'",
              ask("queue.declare passive queue=crw"));
}

class Amqp_8_3 : public Access {};

TEST_F(Amqp_8_3, ADeadLetterExchangeIsWrittenToAndItsQueueRead)
{
    Table to_w;
    Table to_r;
    Table to_default;
    to_w.add("x-dead-letter-exchange", "w");
    to_r.add("x-dead-letter-exchange", "r");
    to_default.add("x-dead-letter-exchange", "");

    EXPECT_EQ(refused("50,10", "queue 'cw'"), ask("queue.declare queue=cw", to_w));
    EXPECT_EQ(refused("50,10", "exchange 'r'"), ask("queue.declare queue=cr", to_r));
    EXPECT_EQ(refused("50,10", "exchange 'amq.default'"),
              ask("queue.declare queue=cr", to_default));
    EXPECT_EQ("queue.declare-ok cr messages=0 consumers=0", ask("queue.declare queue=cr", to_w));
}

TEST_F(Amqp_8_3, OnlyANewQueueIsAskedForItsDeadLetters)
{
    Table to_r;
    to_r.add("x-dead-letter-exchange", "r");
    GmqQueueSpec spec  = {};
    std::string inside = to_r;
    GmqFault fault     = {};
    spec.name          = GMQ_SLICE("crw");
    spec.arguments     = slice(inside);
    ASSERT_NE(nullptr, gmq_vhost_declare_queue(vhost, &spec, &fault));

    EXPECT_EQ("queue.declare-ok crw messages=0 consumers=0", ask("queue.declare queue=crw", to_r));
}

TEST_F(Amqp_8_3, PermissionsComeBeforeTheOtherArguments)
{
    Table table;
    table.add("x-max-length", -1).add("x-dead-letter-exchange", "w");

    EXPECT_EQ(refused("50,10", "queue 'cw'"), ask("queue.declare queue=cw", table));
}

class Amqp_8_4 : public Access {};

TEST_F(Amqp_8_4, AnAlternateExchangeIsWrittenToAndTheOtherRead)
{
    Table to_w;
    Table to_r;
    Table to_default;
    to_w.add("alternate-exchange", "w");
    to_r.add("alternate-exchange", "r");
    to_default.add("alternate-exchange", "");

    EXPECT_EQ(refused("40,10", "exchange 'cw'"),
              ask("exchange.declare exchange=cw type=direct", to_w));
    EXPECT_EQ(refused("40,10", "exchange 'r'"),
              ask("exchange.declare exchange=cr type=direct", to_r));
    EXPECT_EQ(refused("40,10", "exchange 'amq.default'"),
              ask("exchange.declare exchange=cr type=direct", to_default));
    EXPECT_EQ("exchange.declare-ok", ask("exchange.declare exchange=cr type=direct", to_w));
}

class Amqp_8_5 : public Access {};

TEST_F(Amqp_8_5, ToBindAQueueIsToWriteToItAndToReadTheExchange)
{
    EXPECT_EQ("queue.bind-ok", ask("queue.bind queue=w exchange=r routing-key=k"));
    EXPECT_EQ(refused("50,20", "queue 'none'"), ask("queue.bind queue=none exchange=r"));
    EXPECT_EQ(refused("50,20", "queue 'r'"), ask("queue.bind queue=r exchange=r"));
    EXPECT_EQ(refused("50,20", "exchange 'w'"), ask("queue.bind queue=w exchange=w"));
    EXPECT_EQ(refused("50,20", "queue 'nix'"), ask("queue.bind queue=nix exchange=r"));
    EXPECT_EQ(refused("50,20", "exchange 'nix'"), ask("queue.bind queue=w exchange=nix"));
}

TEST_F(Amqp_8_5, TheQueueIsAskedForBeforeTheDefaultExchangeIsRefused)
{
    EXPECT_EQ(refused("50,20", "queue 'none'"), ask("queue.bind queue=none routing-key=k"));
    EXPECT_EQ("channel.close 403 50,20 ACCESS_REFUSED - operation not permitted on the default "
              "exchange",
              ask("queue.bind queue=w routing-key=k"));
}

TEST_F(Amqp_8_5, ToUnbindAQueueIsTheSame)
{
    guest->ask("queue.bind queue=w exchange=none routing-key=k");

    EXPECT_EQ("queue.unbind-ok", ask("queue.unbind queue=w exchange=r routing-key=k"));
    EXPECT_EQ(refused("50,50", "queue 'none'"), ask("queue.unbind queue=none exchange=r"));
    EXPECT_EQ(refused("50,50", "exchange 'none'"),
              ask("queue.unbind queue=w exchange=none routing-key=k"));
    EXPECT_EQ(1u, gmq_vhost_find_queue(vhost, GMQ_SLICE("w"))->bindings.length);
}

TEST_F(Amqp_8_5, ATopicExchangeAsksForTheKeyToo)
{
    permit_topic("r", "", "^u\\.");

    EXPECT_EQ("queue.bind-ok", ask("queue.bind queue=w exchange=r routing-key=u.x"));
    EXPECT_EQ(refused("50,20", "topic 'x' in exchange 'r'"),
              ask("queue.bind queue=w exchange=r routing-key=x"));
    EXPECT_EQ(refused("50,50", "topic 'x' in exchange 'r'"),
              ask("queue.unbind queue=w exchange=r routing-key=x"));
    EXPECT_EQ(refused("40,30", "topic 'x' in exchange 'r'"),
              ask("exchange.bind destination=w source=r routing-key=x"));
}

class Amqp_8_6 : public Access {};

TEST_F(Amqp_8_6, ToBindAnExchangeIsToWriteToItAndToReadTheOther)
{
    EXPECT_EQ("exchange.bind-ok", ask("exchange.bind destination=w source=r routing-key=k"));
    EXPECT_EQ("exchange.unbind-ok", ask("exchange.unbind destination=w source=r routing-key=k"));
    EXPECT_EQ(refused("40,30", "exchange 'r'"), ask("exchange.bind destination=r source=r"));
    EXPECT_EQ(refused("40,30", "exchange 'w'"), ask("exchange.bind destination=w source=w"));
    EXPECT_EQ(refused("40,40", "exchange 'none'"),
              ask("exchange.unbind destination=none source=r"));
    EXPECT_EQ(refused("40,40", "exchange 'none'"),
              ask("exchange.unbind destination=w source=none"));
}

TEST_F(Amqp_8_6, TheDefaultExchangeIsAskedForAsATargetAndRefusedAsASource)
{
    EXPECT_EQ(refused("40,30", "exchange 'amq.default'"), ask("exchange.bind source=r"));
    EXPECT_EQ("channel.close 403 40,30 ACCESS_REFUSED - operation not permitted on the default "
              "exchange",
              ask("exchange.bind destination=w"));
}

class Amqp_8_8 : public Access {};

TEST_F(Amqp_8_8, ToGetToConsumeAndToPurgeIsToRead)
{
    EXPECT_EQ("basic.get-empty", ask("basic.get queue=r"));
    EXPECT_EQ("queue.purge-ok message-count=0", ask("queue.purge queue=r"));
    EXPECT_EQ("basic.consume-ok consumer-tag=t", ask("basic.consume queue=r consumer-tag=t"));
    for (std::string name : {"none", "w", "c", "nix"}) {
        std::string queue = "queue '" + name + "'";

        EXPECT_EQ(refused("60,70", queue), ask("basic.get queue=" + name));
        EXPECT_EQ(refused("50,30", queue), ask("queue.purge queue=" + name));
        EXPECT_EQ(refused("60,20", queue), ask("basic.consume queue=" + name));
    }
}

TEST_F(Amqp_8_8, AnswersAreNoQueue)
{
    EXPECT_EQ("basic.consume-ok consumer-tag=t",
              ask("basic.consume queue=amq.rabbitmq.reply-to no-ack consumer-tag=t"));
}

class Amqp_8_9 : public Access {};

TEST_F(Amqp_8_9, AnEmptyPatternMatchesNothing)
{
    permit("", "", "");

    EXPECT_EQ(refused("60,70", "queue 'r'"), ask("basic.get queue=r"));
    EXPECT_EQ(0u, ask("queue.declare").find("channel.close 403"));
}

TEST_F(Amqp_8_9, AChangeCountsAtOnce)
{
    ASSERT_EQ("basic.get-empty", ask("basic.get queue=r"));
    permit("", "", "^none$");
    EXPECT_EQ(refused("60,70", "queue 'r'"), ask("basic.get queue=r"));
    EXPECT_EQ("basic.get-empty", ask("basic.get queue=none"));

    ASSERT_TRUE(gmq_user_clear_permission(u, vhost));
    EXPECT_EQ(refused("60,70", "queue 'none'"), ask("basic.get queue=none"));
}

TEST_F(Amqp_8_9, GuestMayDoEverything)
{
    EXPECT_EQ("queue.declare-ok none messages=0 consumers=0",
              guest->ask("queue.declare queue=none"));
    EXPECT_EQ("", guest->publish("", "none", "hi"));
}

TEST_F(Access, TheTopicIsAskedForBeforeOrAfterTheContent)
{
    permit_topic("w", "^ok$", "");
    EXPECT_EQ("channel.close 403 60,40", brief(publish("w", "no", "expiration=x"), 3));
    EXPECT_EQ("channel.close 403 60,40", brief(publish("w", "no", "user-id=nobody"), 3));
    EXPECT_EQ("channel.close 403 60,40", brief(publish("w", "no"), 3));

    gmq_broker_set_profile(server.broker, gmq_profile_find("rabbitmq-4"));
    EXPECT_EQ("channel.close 406 60,40", brief(publish("w", "no", "expiration=x"), 3));
    EXPECT_EQ("channel.close 403 60,40", brief(publish("w", "no", "user-id=nobody"), 3));
    EXPECT_EQ("channel.close 403 60,40", brief(publish("w", "no"), 3));
    EXPECT_EQ("", publish("w", "ok"));
}
