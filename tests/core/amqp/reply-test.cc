/* Reply codes and what they close: core/AMQP.md 1. */
#include "tests/core/amqp/peer.h"

struct Mistake {
    const char *what; /* a method on channel 1 */
    const char *reply;
};

static void
PrintTo(const Mistake &mistake, std::ostream *out)
{
    *out << mistake.what;
}

class Amqp_1_1 : public testing::TestWithParam<Mistake> {};

TEST_P(Amqp_1_1, TheCodeDecidesWhatIsClosed)
{
    Server server;
    Peer peer(server);
    bool is_soft = std::string(GetParam().reply).compare(0, 8, "channel.") == 0;

    EXPECT_EQ(GetParam().reply, peer.ask(1, GetParam().what));
    EXPECT_EQ(is_soft ? "#2 channel.open-ok" : "", peer.ask(2, "channel.open"));
}

static const Mistake mistakes[] = {
    {"queue.declare queue=amq.mine",
     "channel.close 403 50,10 ACCESS_REFUSED - queue name 'amq.mine' contains reserved prefix "
     "'amq.*'"},
    {"queue.purge queue=q", "channel.close 404 50,30 NOT_FOUND - no queue 'q' in vhost '/'"},
    {"basic.ack delivery-tag=1",
     "channel.close 406 60,80 PRECONDITION_FAILED - unknown delivery tag 1"},
    {"connection.start-ok",
     "connection.close 503 10,11 COMMAND_INVALID - connection.start-ok belongs on channel 0"},
    {"channel.flow-ok active",
     "connection.close 503 20,21 COMMAND_INVALID - channel.flow-ok is not expected here"},
    {"channel.open", "connection.close 504 20,10 CHANNEL_ERROR - second 'channel.open' seen"},
    {"basic.qos prefetch-size=1",
     "connection.close 540 60,10 NOT_IMPLEMENTED - prefetch_size!=0 (1)"},
};

INSTANTIATE_TEST_SUITE_P(Code, Amqp_1_1, testing::ValuesIn(mistakes));

TEST(Amqp_1_1, ALockedQueueClosesTheChannel)
{
    Server server;
    Peer owner(server);
    Peer other(server);

    owner.ask("queue.declare queue=mine exclusive");
    EXPECT_EQ("channel.close 405 50,10 RESOURCE_LOCKED - cannot obtain exclusive access to locked "
              "queue 'mine' in vhost '/'. It could be originally declared on another connection or "
              "the exclusive property value does not match that of the original declaration.",
              other.ask("queue.declare queue=mine exclusive"));
    EXPECT_EQ("#2 channel.open-ok", other.ask(2, "channel.open"));
}

TEST(Amqp_1_1, ASoftErrorOnChannel0ClosesTheConnection)
{
    Server server;
    Peer peer(server, Peer::Silent());
    Login login;

    login.password = "wrong";
    peer.send_header();
    EXPECT_EQ("connection.close 403", brief(peer.send_start_ok(login)));
}

TEST(Amqp_1_2, TheTextIsTheNameOfTheCodeAndASentence)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("channel.close 404 60,70 NOT_FOUND - no queue 'nix' in vhost '/'",
              peer.ask("basic.get queue=nix"));
    peer.ask("channel.close-ok");
    peer.ask("channel.open");
    EXPECT_EQ("channel.close 404 50,20 NOT_FOUND - no exchange 'logs' in vhost '/'",
              peer.ask("queue.bind queue=q exchange=logs"));
}

TEST(Amqp_1_2, ALongTextIsCutWhereACharacterEnds)
{
    Server server;
    Peer peer(server);
    std::string name;

    while (name.size() < 254)
        name += "é";
    std::string reply = peer.ask("queue.purge queue=" + name);
    EXPECT_EQ("NOT_FOUND - no queue '" + name.substr(0, 252 - 22) + "...",
              reply.substr(reply.find("NOT_FOUND")));
}

TEST(Amqp_1_2, WhatIsQuotedFromThePeerBecomesText)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("channel.close 406 60,40 PRECONDITION_FAILED - user_id property set to '?ü?' but "
              "authenticated user was 'guest'",
              peer.publish("", "q", "hello", "user-id=\xFFü\xC3"));
}

TEST(Amqp_1_3, AFrameErrorNamesNoMethod)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("connection.close 501 0,0 FRAME_ERROR - unknown frame type 9",
              peer.send(frame(9, 1, "")));
}

TEST(Amqp_1_3, AnOperatorNamesNoMethod)
{
    Server server;
    Peer peer(server);

    gmq_amqp_stop(server.amqp, "broker is stopping");
    EXPECT_EQ("connection.close 320 0,0 CONNECTION_FORCED - broker is stopping", peer.read());
}

TEST(Amqp_1_3, ContentThatIsRefusedNamesThePublish)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("channel.close 404 60,40 NOT_FOUND - no exchange 'nix' in vhost '/'",
              peer.publish("nix", "key", "hello"));
}

TEST(Amqp_1_4, AMethodWithoutAnswerStillClosesTheChannel)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("channel.close 406 60,90 PRECONDITION_FAILED - unknown delivery tag 5",
              peer.ask("basic.reject delivery-tag=5"));
}

TEST(Amqp_1_4, NowaitKeepsOnlyTheGoodAnswerBack)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("", peer.ask("queue.declare queue=q nowait"));
    EXPECT_EQ("", peer.ask("queue.bind queue=q exchange=amq.direct nowait"));
    EXPECT_EQ("", peer.ask("exchange.declare exchange=x type=fanout nowait"));
    EXPECT_EQ("", peer.ask("exchange.bind source=x destination=amq.direct nowait"));
    EXPECT_EQ("", peer.ask("exchange.unbind source=x destination=amq.direct nowait"));
    EXPECT_EQ("", peer.ask("exchange.delete exchange=x nowait"));
    EXPECT_EQ("", peer.ask("queue.purge queue=q nowait"));
    EXPECT_EQ("", peer.ask("confirm.select nowait"));
    EXPECT_EQ("", peer.ask("basic.consume queue=q consumer-tag=c nowait"));
    EXPECT_EQ("", peer.ask("basic.cancel consumer-tag=c nowait"));
    EXPECT_EQ("", peer.ask("queue.delete queue=q nowait"));
    EXPECT_EQ("channel.close 406 50,10 PRECONDITION_FAILED - invalid arg 'x-queue-type' for queue "
              "'t' in vhost '/': \"unsupported queue type 'none'\"",
              peer.ask("queue.declare queue=t nowait", Table().add("x-queue-type", "none")));
}

TEST(Amqp_1_5, OtherChannelsDoNotNotice)
{
    Server server;
    Peer peer(server);

    peer.ask(2, "channel.open");
    peer.ask("queue.declare queue=q");
    peer.ask(2, "basic.consume queue=q consumer-tag=c");
    EXPECT_EQ("#2 deliver c 1 [q] one", peer.publish("", "q", "one"));

    EXPECT_EQ("channel.close 404", brief(peer.ask("basic.get queue=nix")));
    EXPECT_EQ("#3 channel.open-ok", peer.ask(3, "channel.open"));
    EXPECT_EQ("#2 deliver c 2 [q] two", peer.send(publish(3, "", "q", "two")));
    EXPECT_EQ("", peer.ask(2, "basic.ack delivery-tag=2 multiple"));
}

TEST(Amqp_1_5, TheFailedChannelGivesItsMessagesBack)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.publish("", "q", "one");
    peer.publish("", "q", "two");
    peer.ask(2, "channel.open");
    EXPECT_EQ("#2 get-ok 1 [q] one left=1", peer.ask(2, "basic.get queue=q"));
    EXPECT_EQ("#2 basic.consume-ok consumer-tag=c\n#2 deliver c 2 [q] two",
              peer.ask(2, "basic.consume queue=q consumer-tag=c"));

    EXPECT_EQ("#2 channel.close 406", brief(peer.ask(2, "basic.ack delivery-tag=9")));
    EXPECT_EQ("queue.declare-ok q messages=2 consumers=0", peer.ask("queue.declare queue=q"));
    EXPECT_EQ("get-ok 1 redelivered [q] one left=1", peer.ask("basic.get queue=q"));
}
