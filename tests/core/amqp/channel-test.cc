/* Opening and closing channels: core/AMQP.md 7. */
#include "tests/core/amqp/peer.h"

static Login
with_channel_max(unsigned channel_max)
{
    Login login;

    login.channel_max = channel_max;
    return login;
}

TEST(Amqp_7_1, AnyFreshNumberWillDo)
{
    Server server;
    Peer peer(server);

    for (int number : {2, 100, 2048, 65535})
        EXPECT_EQ("#" + std::to_string(number) + " channel.open-ok",
                  peer.ask(number, "channel.open"));
}

TEST(Amqp_7_1, AnOpenOneCannotBeOpenedAgain)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("connection.close 504 20,10 CHANNEL_ERROR - second 'channel.open' seen",
              peer.ask("channel.open"));
}

TEST(Amqp_7_1, NothingGoesBeforeOpen)
{
    for (const char *method : {"queue.declare queue=q", "basic.ack delivery-tag=1", "channel.close",
                               "channel.close-ok", "channel.flow active"}) {
        Server server;
        Peer peer(server);
        std::string reply = peer.ask(2, method);

        EXPECT_EQ("connection.close 504", brief(reply)) << method;
        EXPECT_NE(std::string::npos, reply.find("CHANNEL_ERROR - expected 'channel.open'"));
    }
}

TEST(Amqp_7_1, ContentBeforeOpenIsUnexpected)
{
    for (const std::string &bytes :
         {content_header(2, 5), frame(3, 2, "hello"), frame(3, 2, std::string(9000, 'x'))}) {
        Server server;
        Peer peer(server);

        EXPECT_EQ("connection.close 505", brief(peer.send(bytes)));
    }
}

TEST(Amqp_7_1, TheNumberOfChannelsIsLimited)
{
    Server server;
    Peer peer(server, with_channel_max(3));

    EXPECT_EQ("#900 channel.open-ok", peer.ask(900, "channel.open"));
    EXPECT_EQ("#800 channel.open-ok", peer.ask(800, "channel.open"));
    EXPECT_EQ("#900 channel.close-ok", peer.ask(900, "channel.close"));
    EXPECT_EQ("#700 channel.open-ok", peer.ask(700, "channel.open"));
    EXPECT_EQ("connection.close 530 20,10 NOT_ALLOWED - number of channels opened (3) has reached "
              "the negotiated channel_max (3)",
              peer.ask(600, "channel.open"));
}

TEST(Amqp_7_1, WithoutALimitThereMayBeThousands)
{
    GmqAmqpConfig config = GMQ_AMQP_CONFIG_DEFAULT;
    config.channel_max   = 0;
    Server server(config);
    Peer peer(server, with_channel_max(0));
    std::string opens;

    for (int number = 65535; number > 60000; number--)
        opens += say(number, "channel.open");
    peer.send(opens);
    EXPECT_EQ("#60001 channel.flow-ok active=1", peer.ask(60001, "channel.flow active"));
}

TEST(Amqp_7_2, CloseTakesConsumersAndGivesMessagesBack)
{
    Server server;
    Peer peer(server);

    peer.ask(2, "channel.open");
    peer.ask("queue.declare queue=q");
    peer.publish("", "q", "one");
    peer.publish("", "q", "two");
    EXPECT_EQ("#2 get-ok 1 [q] one left=1", peer.ask(2, "basic.get queue=q"));
    EXPECT_EQ("#2 basic.consume-ok consumer-tag=c\n#2 deliver c 2 [q] two",
              peer.ask(2, "basic.consume queue=q consumer-tag=c"));
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=1", peer.ask("queue.declare queue=q"));

    EXPECT_EQ("#2 channel.close-ok", peer.ask(2, "channel.close"));
    EXPECT_EQ("queue.declare-ok q messages=2 consumers=0", peer.ask("queue.declare queue=q"));
}

TEST(Amqp_7_2, ANumberIsFreeWithCloseOk)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.publish("", "q", "one");
    peer.ask("basic.get queue=q");
    EXPECT_EQ("channel.close-ok\nchannel.open-ok",
              peer.send(say(1, "channel.close") + say(1, "channel.open")));
    EXPECT_EQ("get-ok 1 redelivered [q] one left=0", peer.ask("basic.get queue=q"));
    EXPECT_EQ("channel.close 404 60,70 NOT_FOUND - no previously declared queue",
              peer.ask("basic.get"))
        << "the new channel remembers nothing of the old one";
}

TEST(Amqp_7_2, ACloseInTheMiddleOfContentIsUnexpected)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("connection.close 505",
              brief(peer.send(say(1, "basic.publish") + say(1, "channel.close"))));
}

TEST(Amqp_7_3, AfterOurCloseAllElseIsDiscarded)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    EXPECT_EQ("channel.close 404", brief(peer.ask("queue.purge queue=nix")));
    EXPECT_EQ("",
              peer.send(say(1, "queue.delete queue=q") + publish(1, "", "q", "late") +
                        say(1, "basic.ack delivery-tag=9") + say(1, "channel.open") +
                        say(1, "basic.consume queue=q") + frame(1, 1, "nonsense") +
                        content(1, std::string(9000, 'x')) + frame(3, 1, std::string(70000, 'x'))));
    EXPECT_EQ("", peer.ask("channel.close-ok"));
    EXPECT_EQ("channel.open-ok", peer.ask("channel.open"));
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0", peer.ask("queue.declare queue=q"));
}

TEST(Amqp_7_3, ABodyOnItsWayWhenWeCloseIsDiscarded)
{
    for (Feed feed : {Feed::WHOLE, Feed::BYTE_WISE, Feed::INTO_WINDOW}) {
        Server server;
        Peer peer(server);

        peer.feed = feed;
        EXPECT_EQ("channel.close 404 60,40 NOT_FOUND - no exchange 'nix' in vhost '/'\n"
                  "#2 channel.open-ok",
                  peer.send(publish(1, "nix", "k", "") + publish(1, "nix", "k", "hello") +
                            publish(1, "nix", "k", std::string(20000, 'x')) +
                            say(2, "channel.open")));
    }
}

TEST(Amqp_7_3, ACrossingCloseIsAnswered)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.purge queue=nix");
    EXPECT_EQ("channel.close-ok", peer.ask("channel.close"));
    EXPECT_EQ("", peer.ask("channel.close-ok"));
    EXPECT_EQ("channel.open-ok", peer.ask("channel.open"));
}

TEST(Amqp_7_3, AfterCloseOkTheNumberIsNotOpen)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.purge queue=nix");
    peer.ask("channel.close-ok");
    EXPECT_EQ("connection.close 504 60,30 CHANNEL_ERROR - expected 'channel.open'",
              peer.ask("basic.cancel consumer-tag=c"));
}

TEST(Amqp_7_4, FlowIsAlwaysOn)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("channel.flow-ok active=1", peer.ask("channel.flow active"));
    EXPECT_EQ("connection.close 540 20,20 NOT_IMPLEMENTED - active=false",
              peer.ask("channel.flow"));
}

TEST(Amqp_7_5, TicketsMeanNothing)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("access.request-ok ticket=1",
              peer.ask("access.request realm=/data exclusive passive active write read"));
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0",
              peer.ask("queue.declare ticket=77 queue=q"));
    EXPECT_EQ("basic.get-empty", peer.ask("basic.get ticket=65535 queue=q"));
}
