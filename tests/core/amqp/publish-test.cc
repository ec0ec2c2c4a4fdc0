/* Publishing, returns and confirms: core/AMQP.md 11. */
#include "tests/core/amqp/peer.h"

/* A server with a queue q, and a client. */
class Publishing {
  public:
    Publishing()
    {
        peer.ask("queue.declare queue=q");
    }

    Server server;
    Peer peer{server};
};

TEST(Amqp_11_1, ImmediateIsNotThere)
{
    Publishing world;

    EXPECT_EQ(
        "connection.close 540 60,40 NOT_IMPLEMENTED - immediate=true",
        world.peer.send(say(1, "basic.publish routing-key=q immediate") + content(1, "hello")));
}

TEST(Amqp_11_1, NotEvenToAnAddressThatIsKnown)
{
    Publishing world;

    world.peer.publish("", "q", "one");
    world.peer.publish("", "q", "two");
    EXPECT_EQ("connection.close 540", brief(world.peer.ask("basic.publish routing-key=q "
                                                           "immediate")));
}

/* ---- checks, each before those that stand behind it (11.2) ---- */

struct Check {
    const char *exchange;
    std::string properties;
    std::string headers;
    const char *reply;
};

class Amqp_11_2 : public testing::TestWithParam<Check> {};

TEST_P(Amqp_11_2, TheFirstTroubleIsTold)
{
    Publishing world;
    const Check &check = GetParam();

    world.peer.ask("exchange.declare exchange=inner type=direct internal");
    EXPECT_EQ(
        "channel.close " + std::string(check.reply),
        brief(world.peer.publish(check.exchange, "q", "hello", check.properties, check.headers),
              6));
}

static const char all_wrong[] = "user-id=nobody expiration=x delivery-mode=7";

INSTANTIATE_TEST_SUITE_P(
    When, Amqp_11_2,
    testing::Values(
        Check{"nix", all_wrong, Table().add("CC", 1), "404 60,40 NOT_FOUND - no"},
        Check{"inner", all_wrong, Table().add("CC", 1), "403 60,40 ACCESS_REFUSED - cannot"},
        Check{"", all_wrong, Table().add("CC", 1), "406 60,40 PRECONDITION_FAILED - user_id"},
        Check{"", "expiration=x delivery-mode=7", Table().add("CC", 1),
              "406 60,40 PRECONDITION_FAILED - invalid"}));

TEST(Amqp_11_3, NobodyPublishesInAnothersName)
{
    Publishing world;

    EXPECT_EQ("", world.peer.publish("", "q", "hello", "user-id=guest"));
    EXPECT_EQ("get-ok 1 [q] {user-id=guest} hello left=0", world.peer.ask("basic.get queue=q"));
    EXPECT_EQ("channel.close 406 60,40 PRECONDITION_FAILED - user_id property set to 'admin' but "
              "authenticated user was 'guest'",
              world.peer.publish("", "q", "hello", "user-id=admin"));
}

TEST(Amqp_11_4, AnExpirationIsANumberOfMilliseconds)
{
    for (const char *good : {"0", "1", "60000", "315360000000", "007"}) {
        Publishing world;

        EXPECT_EQ("", world.peer.publish("", "q", "hello", "expiration=" + std::string(good)));
    }
    for (const char *bad : {"", "-1", "+1", "1.5", "1s", "x", "315360000001", "0x10",
                            "99999999999999999999999999", "١"}) {
        Publishing world;

        std::string reply = world.peer.publish("", "q", "hello", "expiration=" + std::string(bad));
        EXPECT_EQ("channel.close 406", brief(reply)) << bad;
        EXPECT_NE(std::string::npos,
                  reply.find("invalid expiration '" + std::string(bad) + "': not a number"))
            << reply;
    }
}

TEST(Amqp_11_5, ADeliveryModeIsOneOfTwo)
{
    Publishing world;

    EXPECT_EQ("", world.peer.publish("", "q", "hello", "delivery-mode=1"));
    EXPECT_EQ("", world.peer.publish("", "q", "hello", "delivery-mode=2"));
    for (const char *bad : {"0", "3", "255"}) {
        Publishing other;

        EXPECT_EQ("channel.close 406 60,40 PRECONDITION_FAILED - invalid delivery mode " +
                      std::string(bad),
                  other.peer.publish("", "q", "hello", "delivery-mode=" + std::string(bad)));
    }
}

/* ---- returns ---- */

static std::string
mandatory(const std::string &exchange, const std::string &key, const std::string &body,
          const std::string &properties = "", const std::string &headers = "")
{
    return say(1, "basic.publish mandatory exchange=" + exchange + " routing-key=" + key) +
           content(1, body, properties, headers);
}

TEST(Amqp_11_6, WhatReachesNoQueueComesBack)
{
    Publishing world;

    EXPECT_EQ(
        "return 312 NO_ROUTE amq.topic [a.b] {delivery-mode=2 message-id=m} hello",
        world.peer.send(mandatory("amq.topic", "a.b", "hello", "delivery-mode=2 message-id=m")));
    EXPECT_EQ("return 312 NO_ROUTE [nix] (9000 bytes)",
              world.peer.send(mandatory("", "nix", std::string(9000, 'x'))));
    EXPECT_EQ("return 312 NO_ROUTE [nix]", world.peer.send(mandatory("", "nix", "")));
}

TEST(Amqp_11_6, ItComesBackWithoutBcc)
{
    Publishing world;
    std::string cc = Table().add("CC", std::vector<std::string>{"nix"});

    EXPECT_EQ("return 312 NO_ROUTE",
              brief(world.peer.send(mandatory(
                        "", "nix", "hello", "",
                        std::string(Table().add("BCC", std::vector<std::string>{"no"})) + cc)),
                    3));
    EXPECT_EQ(header_payload(5, "", cc), world.peer.listener.last_header);
}

TEST(Amqp_11_6, OnItsOwnChannel)
{
    Publishing world;

    world.peer.ask(7, "channel.open");
    EXPECT_EQ(
        "#7 return 312 NO_ROUTE [nix] hello",
        world.peer.send(say(7, "basic.publish mandatory routing-key=nix") + content(7, "hello")));
}

TEST(Amqp_11_6, OthersAreDroppedWithoutAWord)
{
    Publishing world;

    EXPECT_EQ("", world.peer.publish("", "nix", "hello"));
    EXPECT_EQ("", world.peer.publish("amq.fanout", "nix", "hello"));
}

TEST(Amqp_11_6, ReachingAQueueIsEnough)
{
    Publishing world;

    world.peer.ask("basic.consume queue=q consumer-tag=c no-ack");
    EXPECT_EQ("deliver c 1 [q] hello", world.peer.send(mandatory("", "q", "hello")));
}

/* ---- confirms ---- */

TEST(Amqp_11_7, PublishesAreNumberedFromSelectOn)
{
    Publishing world;

    world.peer.publish("", "q", "not counted");
    EXPECT_EQ("confirm.select-ok", world.peer.ask("confirm.select"));
    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0", world.peer.publish("", "q", "one"));
    EXPECT_EQ("confirm.select-ok", world.peer.ask("confirm.select"));
    EXPECT_EQ("basic.ack delivery-tag=2 multiple=0", world.peer.publish("", "nix", "two"));
    EXPECT_EQ("basic.ack delivery-tag=3 multiple=0", world.peer.publish("amq.topic", "x", "three"));
}

TEST(Amqp_11_7, EachChannelCountsForItself)
{
    Publishing world;

    world.peer.ask("confirm.select");
    world.peer.ask(2, "channel.open");
    world.peer.publish("", "q", "one");
    EXPECT_EQ("", world.peer.send(publish(2, "", "q", "not confirmed")));
    world.peer.ask(2, "confirm.select");
    EXPECT_EQ("#2 basic.ack delivery-tag=1 multiple=0",
              world.peer.send(publish(2, "", "q", "two")));
    world.peer.ask("channel.close");
    world.peer.ask("channel.open");
    EXPECT_EQ("", world.peer.publish("", "q", "a new channel is without confirms"));
}

TEST(Amqp_11_8, ATurnsConfirmsAreOne)
{
    Publishing world;
    std::string many;

    world.peer.ask("confirm.select");
    for (int i = 0; i < 100; i++)
        many += publish(1, "", "q", "task");
    EXPECT_EQ("basic.ack delivery-tag=100 multiple=1", world.peer.send(many));
    EXPECT_EQ("basic.ack delivery-tag=101 multiple=0", world.peer.publish("", "q", "task"));
}

TEST(Amqp_11_8, ConfirmsMayBeCollectedForLonger)
{
    GmqAmqpConfig config   = GMQ_AMQP_CONFIG_DEFAULT;
    config.confirm_wait_ns = 20 * 1000000;
    Server server(config);
    Peer peer(server);

    peer.ask("confirm.select");
    EXPECT_EQ("", peer.publish("", "nix", "one"));
    server.advance_ms(19);
    EXPECT_EQ("", peer.publish("", "nix", "two"));
    EXPECT_EQ("", peer.read());
    server.advance_ms(1);
    EXPECT_EQ("basic.ack delivery-tag=2 multiple=1", peer.read());
    EXPECT_EQ("", peer.publish("", "nix", "three"));
    server.advance_ms(20);
    EXPECT_EQ("basic.ack delivery-tag=3 multiple=0", peer.read());
}

TEST(Amqp_11_8, CollectedConfirmsGoWithTheirChannel)
{
    GmqAmqpConfig config   = GMQ_AMQP_CONFIG_DEFAULT;
    config.confirm_wait_ns = 20 * 1000000;
    Server server(config);
    Peer peer(server);

    peer.ask("confirm.select");
    peer.publish("", "nix", "one");
    EXPECT_EQ("channel.close-ok", peer.ask("channel.close"));
    server.advance_ms(20);
    EXPECT_EQ("", peer.read());
    EXPECT_EQ("channel.open-ok", peer.ask("channel.open"));
    peer.ask("confirm.select");
    EXPECT_EQ("", peer.publish("", "nix", "two")) << "the old timer lets nothing go at once";
}

TEST(Amqp_11_8, AReturnComesBeforeItsConfirm)
{
    Publishing world;

    world.peer.ask("confirm.select");
    EXPECT_EQ("return 312 NO_ROUTE [nix] one\nbasic.ack delivery-tag=1 multiple=0\n"
              "return 312 NO_ROUTE [nix] two\nbasic.ack delivery-tag=2 multiple=0",
              world.peer.send(mandatory("", "nix", "one") + mandatory("", "nix", "two")));
}

TEST(Amqp_11_8, AReturnComesAfterTheConfirmsOfWhatWasBefore)
{
    Publishing world;

    world.peer.ask("confirm.select");
    EXPECT_EQ("basic.ack delivery-tag=2 multiple=1\nreturn 312 NO_ROUTE [nix] three\n"
              "basic.ack delivery-tag=3 multiple=0",
              world.peer.send(publish(1, "", "q", "one") + publish(1, "", "nix", "two") +
                              mandatory("", "nix", "three")));
}

TEST(Amqp_11_9, AConfirmMeansThatAllQueuesHaveIt)
{
    Publishing world;
    Peer watcher(world.server);

    world.peer.ask("queue.declare queue=r durable");
    for (const char *queue : {"q", "r"})
        world.peer.ask("queue.bind exchange=amq.fanout queue=" + std::string(queue));
    world.peer.ask("confirm.select");
    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0",
              world.peer.publish("amq.fanout", "", "hello", "delivery-mode=2"));
    for (const char *queue : {"q", "r"})
        EXPECT_EQ("get-ok", brief(watcher.ask("basic.get queue=" + std::string(queue)), 1));
}

TEST(Amqp_11_9, AMessageInPartsIsConfirmedWhenItIsWhole)
{
    Publishing world;

    world.peer.ask("confirm.select");
    EXPECT_EQ("", world.peer.send(say(1, "basic.publish routing-key=q") + content_header(1, 5) +
                                  frame(3, 1, "hel")));
    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0", world.peer.send(frame(3, 1, "lo")));
}

TEST(Amqp_11_11, AQueueThatIsGoneHoldsNothingUp)
{
    Publishing world;

    world.peer.ask("confirm.select");
    EXPECT_EQ("queue.delete-ok message-count=1\nbasic.ack delivery-tag=1 multiple=0",
              world.peer.send(publish(1, "", "q", "one") + say(1, "queue.delete queue=q")));
}

TEST(Amqp_11_11, ConfirmsEndWithTheChannel)
{
    Publishing world;

    world.peer.ask("confirm.select");
    EXPECT_EQ("channel.close-ok",
              world.peer.send(publish(1, "", "q", "one") + say(1, "channel.close")));
}

TEST(Amqp_11_12, APublishThatFailsIsNotConfirmed)
{
    Publishing world;

    world.peer.ask("confirm.select");
    world.peer.ask(2, "channel.open");
    world.peer.ask(2, "confirm.select");
    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0", world.peer.publish("", "q", "one"));
    EXPECT_EQ("channel.close 404", brief(world.peer.publish("nix", "q", "two")));
    EXPECT_EQ("#2 basic.ack delivery-tag=1 multiple=0",
              world.peer.send(publish(2, "", "q", "another channel's")));
}

TEST(Amqp_11_12, EarlierOnesAreConfirmedEvenInTheSameTurn)
{
    Publishing world;

    world.peer.ask("confirm.select");
    EXPECT_EQ("basic.ack delivery-tag=2 multiple=1\n"
              "channel.close 404 60,40 NOT_FOUND - no exchange 'nix' in vhost '/'",
              world.peer.send(publish(1, "", "q", "one") + publish(1, "", "q", "two") +
                              publish(1, "nix", "q", "three")));
}

TEST(Amqp_11_13, OneChannelsMessagesStayInOrder)
{
    Publishing world;
    std::string bytes;
    std::string expected;

    world.peer.ask("queue.declare queue=r");
    world.peer.ask("queue.bind queue=q exchange=amq.topic routing-key=#");
    world.peer.ask("queue.bind queue=r exchange=amq.topic routing-key=even.#");
    world.peer.ask("basic.consume queue=r consumer-tag=c no-ack");
    for (int i = 0; i < 50; i++) {
        std::string key  = i % 2 == 0 ? "even" : "odd";
        std::string size = i % 3 == 0 ? std::string(5000, 'x') : std::to_string(i);

        bytes += publish(1, "amq.topic", key, size);
        if (i % 2 == 0)
            expected += "deliver c " + std::to_string(i / 2 + 1) + " amq.topic [even] " +
                        (i % 3 == 0 ? "(5000 bytes)" : size) + "\n";
    }
    EXPECT_EQ(expected, world.peer.send(bytes) + "\n");
    for (int i = 0; i < 50; i++) {
        std::string got = world.peer.ask("basic.get queue=q no-ack");
        EXPECT_NE(std::string::npos,
                  got.find(i % 3 == 0 ? "(5000 bytes)" : "] " + std::to_string(i) + " "))
            << got;
    }
}
