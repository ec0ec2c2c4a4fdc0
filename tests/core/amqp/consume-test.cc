/* Getting messages: core/AMQP.md 13 and 14. */
#include "tests/core/amqp/peer.h"

class Consuming {
  public:
    explicit Consuming(const Login &login = Login()) : peer(server, login)
    {
        peer.ask("queue.declare queue=q");
    }

    void
    fill(const std::vector<std::string> &bodies)
    {
        for (const std::string &body : bodies)
            peer.publish("", "q", body);
    }

    Server server;
    Peer peer;
};

/* ---- get ---- */

TEST(Amqp_13_1, GetTakesTheOldestAndTellsHowManyAreLeft)
{
    Consuming world;

    EXPECT_EQ("basic.get-empty", world.peer.ask("basic.get queue=q"));
    world.peer.ask("queue.bind queue=q exchange=amq.direct routing-key=k");
    world.peer.publish("amq.direct", "k", "one", "delivery-mode=2");
    world.fill({"two", "three"});
    EXPECT_EQ("get-ok 1 amq.direct [k] {delivery-mode=2} one left=2",
              world.peer.ask("basic.get queue=q"));
    world.peer.ask("basic.reject delivery-tag=1 requeue");
    EXPECT_EQ("get-ok 2 redelivered amq.direct [k] {delivery-mode=2} one left=2",
              world.peer.ask("basic.get queue=q"));
    EXPECT_EQ("get-ok 3 [q] two left=1", world.peer.ask("basic.get queue=q no-ack"));
}

TEST(Amqp_13_1, WhatExpiresBehindAMessageThatIsGotExpiresAfterIt)
{
    Consuming world;

    world.fill({"one"});
    world.peer.publish("", "q", "two", "expiration=10");
    world.server.advance_ms(20);
    world.server.fake.take_events();
    world.server.fake.listen(true);
    EXPECT_EQ("get-ok 1 [q] one left=0", world.peer.ask("basic.get queue=q"));

    std::vector<std::string> events = world.server.fake.take_events();
    ASSERT_EQ(2u, events.size());
    EXPECT_EQ(0u, events[0].find("get q")) << events[0];
    EXPECT_EQ(0u, events[1].find("expire q")) << events[1];
}

TEST(Amqp_13_2, GetAsksForNoPrefetch)
{
    Consuming world;

    world.fill({"one", "two", "three"});
    world.peer.ask("basic.qos prefetch-count=1 global");
    EXPECT_EQ("get-ok 1 [q] one left=2", world.peer.ask("basic.get queue=q"));
    EXPECT_EQ("get-ok 2 [q] two left=1", world.peer.ask("basic.get queue=q"));
    EXPECT_EQ("basic.consume-ok consumer-tag=c\ndeliver c 3 [q] three",
              world.peer.ask("basic.consume queue=q consumer-tag=c"))
        << "what was got does not count for the limit either";
}

TEST(Amqp_13_2, WhatWasGotWaitsForItsAck)
{
    Consuming world;

    world.fill({"one", "two"});
    world.peer.ask("basic.get queue=q");
    world.peer.ask("basic.get queue=q no-ack");
    EXPECT_EQ("basic.recover-ok", world.peer.ask("basic.recover requeue"));
    EXPECT_EQ("get-ok 3 redelivered [q] one left=0", world.peer.ask("basic.get queue=q"));
    EXPECT_EQ("", world.peer.ask("basic.ack delivery-tag=3"));
}

TEST(Amqp_13_3, GetWorksBesideConsumers)
{
    for (const char *words : {"", " exclusive"}) {
        Consuming world;

        world.peer.ask("basic.qos prefetch-count=1");
        world.peer.ask("basic.consume queue=q consumer-tag=c" + std::string(words));
        world.fill({"one", "two"});
        EXPECT_EQ("get-ok 2 [q] two left=0", world.peer.ask("basic.get queue=q"));
    }
}

/* ---- consume ---- */

TEST(Amqp_14_1, TheServerMakesATag)
{
    Consuming world;
    std::string first  = world.peer.ask("basic.consume queue=q");
    std::string second = world.peer.ask("basic.consume queue=q");

    EXPECT_EQ("basic.consume-ok consumer-tag=amq.ctag-", first.substr(0, 39));
    EXPECT_EQ(39u + 22, first.size());
    EXPECT_NE(first, second);
}

/* Few tags are walked through, many are looked up. */
TEST(Amqp_14_1, ATagIsFoundAmongManyToo)
{
    Consuming world;

    for (int i = 0; i < 40; i++) {
        std::string tag = "consumer-tag=c" + std::to_string(i);

        EXPECT_EQ("basic.consume-ok " + tag, world.peer.ask("basic.consume queue=q " + tag));
    }
    for (int i = 39; i >= 0; i -= 2) {
        std::string tag = "consumer-tag=c" + std::to_string(i);

        EXPECT_EQ("basic.cancel-ok " + tag, world.peer.ask("basic.cancel " + tag));
        EXPECT_EQ("basic.consume-ok " + tag, world.peer.ask("basic.consume queue=q " + tag));
    }
    world.peer.ask("queue.delete queue=q"); /* takes the consumers with it */
    world.peer.ask("queue.declare queue=q");
    EXPECT_EQ("basic.consume-ok consumer-tag=c7",
              world.peer.ask("basic.consume queue=q consumer-tag=c7"));
    EXPECT_EQ("connection.close 530 60,20 NOT_ALLOWED - attempt to reuse consumer tag 'c7'",
              world.peer.ask("basic.consume queue=q consumer-tag=c7"));
}

TEST(Amqp_14_1, ATagIsTakenOncePerChannel)
{
    Consuming world;

    world.peer.ask("basic.consume queue=q consumer-tag=c");
    world.peer.ask(2, "channel.open");
    EXPECT_EQ("#2 basic.consume-ok consumer-tag=c",
              world.peer.ask(2, "basic.consume queue=q consumer-tag=c"));
    world.peer.ask("basic.cancel consumer-tag=c");
    EXPECT_EQ("basic.consume-ok consumer-tag=c",
              world.peer.ask("basic.consume queue=q consumer-tag=c"));
    EXPECT_EQ("connection.close 530 60,20 NOT_ALLOWED - attempt to reuse consumer tag 'c'",
              world.peer.ask("basic.consume queue=nix consumer-tag=c"));
}

struct Check {
    const char *method;
    int priority_type; /* 0: no arguments */
    const char *reply;
};

class Amqp_14_2 : public testing::TestWithParam<Check> {};

TEST_P(Amqp_14_2, TheFirstTroubleIsTold)
{
    Consuming world;
    const Check &check = GetParam();
    Table arguments;

    world.peer.ask("queue.declare queue=mine exclusive");
    world.peer.ask("basic.consume queue=q consumer-tag=c exclusive");
    if (check.priority_type != 0)
        arguments.add("x-priority", static_cast<GmqValueType>(check.priority_type), 0);
    Peer other(world.server);
    EXPECT_EQ(check.reply,
              brief(other.ask("basic.consume " + std::string(check.method), arguments), 7));
}

INSTANTIATE_TEST_SUITE_P(
    When, Amqp_14_2,
    testing::Values(
        Check{"queue=nix exclusive", 'V', "channel.close 404 60,20 NOT_FOUND - no queue"},
        Check{"queue=mine exclusive", 'V',
              "channel.close 405 60,20 RESOURCE_LOCKED - cannot obtain"},
        Check{"queue=q exclusive", 'V',
              "channel.close 406 60,20 PRECONDITION_FAILED - invalid arg"},
        Check{"queue=q", 0, "channel.close 403 60,20 ACCESS_REFUSED - queue 'q'"},
        Check{"queue=q exclusive", 'I', "channel.close 403 60,20 ACCESS_REFUSED - queue 'q'"}));

TEST(Amqp_14_2, AnExclusiveConsumerMustBeTheFirst)
{
    Consuming world;

    world.peer.ask("basic.consume queue=q consumer-tag=a");
    world.peer.ask(2, "channel.open");
    EXPECT_EQ("#2 channel.close 403 60,20 ACCESS_REFUSED - queue 'q' in vhost '/' in exclusive use",
              world.peer.ask(2, "basic.consume queue=q exclusive"));
    world.peer.ask("basic.cancel consumer-tag=a");
    world.peer.ask(3, "channel.open");
    EXPECT_EQ("#3 basic.consume-ok consumer-tag=b",
              world.peer.ask(3, "basic.consume queue=q consumer-tag=b exclusive"));
}

TEST(Amqp_14_2, AnExclusiveConsumerMakesRoomWhenItGoes)
{
    for (const char *end : {"basic.cancel consumer-tag=c", "channel.close", "connection.close"}) {
        Consuming world;
        Peer other(world.server);

        world.peer.ask("basic.consume queue=q consumer-tag=c exclusive");
        world.peer.ask(end);
        EXPECT_EQ("basic.consume-ok consumer-tag=d",
                  other.ask("basic.consume queue=q consumer-tag=d"))
            << end;
    }
}

TEST(Amqp_14_3, NoLocalAndUnknownArgumentsMeanNothing)
{
    Consuming world;

    EXPECT_EQ("basic.consume-ok consumer-tag=c",
              world.peer.ask("basic.consume queue=q consumer-tag=c no-local",
                             Table().add("x-note", 1).add("x-priority", GMQ_VALUE_I32, 0)));
    EXPECT_EQ("deliver c 1 [q] own", world.peer.publish("", "q", "own"));
}

TEST(Amqp_14_3, APriorityIsAnInteger)
{
    for (Table arguments : {Table().add("x-priority", "high"), Table().add("x-priority")}) {
        Consuming world;

        EXPECT_EQ("channel.close 406 60,20 PRECONDITION_FAILED - invalid arg 'x-priority'",
                  brief(world.peer.ask("basic.consume queue=q", arguments), 8));
    }
}

TEST(Amqp_14_4, ConsumeOkComesFirst)
{
    Consuming world;

    world.fill({"one", "two"});
    EXPECT_EQ("basic.consume-ok consumer-tag=c\ndeliver c 1 [q] one\ndeliver c 2 [q] two",
              world.peer.ask("basic.consume queue=q consumer-tag=c"));
    world.peer.ask("basic.recover requeue");
    EXPECT_EQ("#2 channel.open-ok\n#2 basic.consume-ok consumer-tag=d\n#2 deliver d 1 [r] three",
              world.peer.send(say(2, "channel.open") + say(2, "queue.declare queue=r nowait") +
                              publish(2, "", "r", "three") +
                              say(2, "basic.consume queue=r consumer-tag=d")));
}

TEST(Amqp_14_5, ADeliveryTellsWhereItWasPublished)
{
    Consuming world;

    world.peer.ask("queue.bind queue=q exchange=amq.topic routing-key=#");
    world.peer.ask("exchange.bind source=amq.fanout destination=amq.topic");
    world.peer.ask("basic.consume queue=q consumer-tag=c");
    EXPECT_EQ("deliver c 1 amq.fanout [a.b] hello",
              brief(world.peer.publish("amq.fanout", "a.b", "hello", "",
                                       Table().add("CC", std::vector<std::string>{"other"})),
                    5) +
                  " hello");
}

TEST(Amqp_14_6, TagsCountUpForAllDeliveriesOfAChannel)
{
    Consuming world;

    world.peer.ask("queue.declare queue=r");
    world.peer.ask("basic.consume queue=q consumer-tag=c");
    world.peer.ask("basic.consume queue=q consumer-tag=d no-ack");
    EXPECT_EQ("deliver c 1 [q] one", world.peer.publish("", "q", "one"));
    EXPECT_EQ("deliver d 2 [q] two", world.peer.publish("", "q", "two"));
    world.peer.publish("", "r", "three");
    EXPECT_EQ("get-ok 3 [r] three left=0", world.peer.ask("basic.get queue=r no-ack"));
    EXPECT_EQ("deliver c 4 [q] four", world.peer.publish("", "q", "four"));
    world.peer.ask(2, "channel.open");
    EXPECT_EQ("#2 get-ok 1 [r] five left=0",
              world.peer.send(publish(2, "", "r", "five") + say(2, "basic.get queue=r")));
}

/* ---- cancel ---- */

TEST(Amqp_14_7, NothingComesAfterCancelOk)
{
    Consuming world;

    world.peer.ask("basic.consume queue=q consumer-tag=c");
    EXPECT_EQ("deliver c 1 [q] one\nbasic.cancel-ok consumer-tag=c",
              world.peer.send(publish(1, "", "q", "one") + say(1, "basic.cancel consumer-tag=c") +
                              publish(1, "", "q", "two")));
    EXPECT_EQ("queue.declare-ok q messages=1 consumers=0", world.peer.ask("queue.declare queue=q"));
}

TEST(Amqp_14_7, WhatAnAckMakesRoomForComesBeforeCancelOk)
{
    Consuming world;

    world.fill({"one", "two"});
    world.peer.ask("basic.qos prefetch-count=1");
    world.peer.ask("basic.consume queue=q consumer-tag=c");
    EXPECT_EQ("deliver c 2 [q] two\nbasic.cancel-ok consumer-tag=c",
              world.peer.send(say(1, "basic.ack delivery-tag=1") +
                              say(1, "basic.cancel consumer-tag=c")));
}

TEST(Amqp_14_7, WhatIsOutStaysOut)
{
    Consuming world;

    world.fill({"one", "two", "three"});
    world.peer.ask("basic.consume queue=q consumer-tag=c");
    world.peer.ask("basic.cancel consumer-tag=c");
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0", world.peer.ask("queue.declare queue=q"));
    EXPECT_EQ("", world.peer.ask("basic.ack delivery-tag=2"));
    EXPECT_EQ("", world.peer.ask("basic.nack delivery-tag=3 requeue"));
    EXPECT_EQ("get-ok 4 redelivered [q] three left=0", world.peer.ask("basic.get queue=q"));
    world.peer.ask("channel.close");
    world.peer.ask("channel.open");
    EXPECT_EQ("get-ok 1 redelivered [q] one left=1", world.peer.ask("basic.get queue=q"));
}

TEST(Amqp_14_7, AnUnknownTagIsCancelledToo)
{
    Consuming world;

    EXPECT_EQ("basic.cancel-ok consumer-tag=nix", world.peer.ask("basic.cancel consumer-tag=nix"));
    EXPECT_EQ("", world.peer.ask("basic.cancel consumer-tag=nix nowait"));
}

TEST(Amqp_14_8, WithoutAcksAMessageIsSettledWhenItIsSent)
{
    Consuming world;

    world.peer.ask("basic.qos prefetch-count=1");
    world.peer.ask("basic.qos prefetch-count=1 global");
    world.fill({"one", "two", "three"});
    EXPECT_EQ("basic.consume-ok consumer-tag=c\ndeliver c 1 [q] one\ndeliver c 2 [q] two\n"
              "deliver c 3 [q] three",
              world.peer.ask("basic.consume queue=q consumer-tag=c no-ack"));
    EXPECT_EQ("channel.close 406 60,80 PRECONDITION_FAILED - unknown delivery tag 1",
              world.peer.ask("basic.ack delivery-tag=1"));
    Peer watcher(world.server);
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0", watcher.ask("queue.declare queue=q"));
}

TEST(Amqp_14_9, ADeletedQueueCancelsItsConsumers)
{
    Consuming world;
    Peer deleter(world.server);

    world.peer.ask("basic.consume queue=q consumer-tag=c");
    deleter.ask("queue.delete queue=q");
    EXPECT_EQ("basic.cancel consumer-tag=c nowait=1", world.peer.read());
    EXPECT_EQ("", world.peer.ask("basic.cancel-ok consumer-tag=c"));
    EXPECT_EQ("basic.cancel-ok consumer-tag=c", world.peer.ask("basic.cancel consumer-tag=c"));
    world.peer.ask("queue.declare queue=q");
    EXPECT_EQ("basic.consume-ok consumer-tag=c",
              world.peer.ask("basic.consume queue=q consumer-tag=c"))
        << "the tag is free again";
}

TEST(Amqp_14_9, WhoDidNotAskForItLearnsNothing)
{
    Login login;
    login.capabilities = "";
    Consuming world(login);
    Peer deleter(world.server);

    world.peer.ask("basic.consume queue=q consumer-tag=c");
    deleter.ask("queue.delete queue=q");
    EXPECT_EQ("", world.peer.read());
    EXPECT_EQ("basic.cancel-ok consumer-tag=c", world.peer.ask("basic.cancel consumer-tag=c"));
}

TEST(Amqp_14_9, AClosingChannelIsToldNothing)
{
    Consuming world;
    Peer deleter(world.server);

    world.peer.ask("basic.consume queue=q consumer-tag=c");
    world.peer.ask("queue.purge queue=nix");
    deleter.ask("queue.delete queue=q");
    EXPECT_EQ("", world.peer.read());
}
