/* Who still lives: core/AMQP.md 6. */
#include "tests/core/amqp/peer.h"

static Login
with_heartbeat(unsigned seconds)
{
    Login login;

    login.heartbeat_s = seconds;
    return login;
}

TEST(Amqp_6_1, WeSpeakAfterHalfTheIntervalOfSilence)
{
    Server server;
    Peer peer(server, with_heartbeat(10));

    server.advance_ms(4999);
    EXPECT_EQ("", peer.read());
    server.advance_ms(1);
    EXPECT_EQ("heartbeat", peer.read());
    server.advance_ms(4999);
    EXPECT_EQ("", peer.read());
    server.advance_ms(1);
    EXPECT_EQ("heartbeat", peer.read());
}

TEST(Amqp_6_1, WhateverWeSendCounts)
{
    Server server;
    Peer peer(server, with_heartbeat(10));

    server.advance_ms(4000);
    EXPECT_EQ("#2 channel.open-ok", peer.ask(2, "channel.open"));
    server.advance_ms(4999);
    EXPECT_EQ("", peer.read());
    server.advance_ms(1);
    EXPECT_EQ("heartbeat", peer.read());
}

TEST(Amqp_6_1, AnOddSecondIsHalvedToo)
{
    Server server;
    Peer peer(server, with_heartbeat(1));

    server.advance_ms(499);
    EXPECT_EQ("", peer.read());
    server.advance_ms(1);
    EXPECT_EQ("heartbeat", peer.read());
}

TEST(Amqp_6_1, NoHeartbeatsMeansNone)
{
    Server server;
    Peer peer(server, with_heartbeat(0));

    server.advance_ms(86400000);
    EXPECT_EQ("", peer.read());
    EXPECT_EQ(1u, server.connection_count());
}

TEST(Amqp_6_1, NoneComeAfterTheEnd)
{
    Server server;
    Peer peer(server, with_heartbeat(2));

    EXPECT_EQ("connection.close 540", brief(peer.ask("basic.qos prefetch-size=1")));
    server.advance_ms(1999);
    EXPECT_EQ("", peer.read());
}

TEST(Amqp_6_2, TwoLooksWithoutAByteAreTheEnd)
{
    Server server;
    Peer peer(server, with_heartbeat(10));

    /* At 10 s something has come since the opening, at 20 and at 30 s nothing. */
    server.advance_ms(29999);
    EXPECT_FALSE(peer.is_closed());
    server.advance_ms(1);
    EXPECT_TRUE(peer.is_closed() || peer.is_aborted());
    EXPECT_EQ(std::string::npos, peer.read().find("close"));
}

TEST(Amqp_6_2, AnyOctetCounts)
{
    Server server;
    Peer peer(server, with_heartbeat(10));
    std::string bytes = say(2, "channel.open");

    for (char octet : bytes) {
        server.advance_ms(19000);
        EXPECT_FALSE(peer.is_closed());
        peer.send(std::string(1, octet));
    }
    server.advance_ms(19000);
    peer.read();
    EXPECT_EQ("#3 channel.open-ok", peer.ask(3, "channel.open"));
}

TEST(Amqp_6_2, BytesOfABodyCountAsTheyCome)
{
    Server server;
    Peer peer(server, with_heartbeat(10));

    peer.feed = Feed::INTO_WINDOW;
    peer.ask("queue.declare queue=q");
    std::string bytes = publish(1, "", "q", std::string(3000, 'x'));
    for (size_t at = 0; at < bytes.size(); at += 100) {
        server.advance_ms(19000);
        peer.send(bytes.substr(at, 100));
    }
    EXPECT_EQ("get-ok 1 [q] (3000 bytes) left=0", peer.ask("basic.get queue=q"));
}

TEST(Amqp_6_2, SilenceEndsTheConnectionAsALossDoes)
{
    Server server;
    Peer watcher(server);
    Peer peer(server, with_heartbeat(5));

    watcher.ask("queue.declare queue=q");
    watcher.publish("", "q", "task");
    EXPECT_EQ("get-ok 1 [q] task left=0", peer.ask("basic.get queue=q"));
    server.advance_ms(15000);
    EXPECT_EQ("get-ok 1 redelivered [q] task left=0", watcher.ask("basic.get queue=q"));
    EXPECT_EQ(1u, server.connection_count());
}

TEST(Amqp_6_2, APeerThatIsNotReadIsNotBlamedForSilence)
{
    Server server;
    Peer peer(server, with_heartbeat(10));

    peer.set_room(0);
    while (peer.can_read())
        peer.ask("queue.declare queue=" + std::string(250, 'x'));
    server.advance_ms(100000);
    EXPECT_EQ(1u, server.connection_count());
}

TEST(Amqp_6_3, NobodyListensToOneWhoIsBlocked)
{
    Server server;
    Peer peer(server, with_heartbeat(10));

    gmq_broker_set_alarm(server.broker, GMQ_ALARM_DISK, true);
    server.turn();
    peer.publish("", "q", "1");
    server.advance_ms(100000);
    EXPECT_EQ(1u, server.connection_count());
    EXPECT_NE("", peer.read()) << "we speak on";

    gmq_broker_set_alarm(server.broker, GMQ_ALARM_DISK, false);
    server.turn();
    server.advance_ms(10000);
    EXPECT_EQ(1u, server.connection_count());
    server.advance_ms(20000);
    EXPECT_EQ(0u, server.connection_count());
}
