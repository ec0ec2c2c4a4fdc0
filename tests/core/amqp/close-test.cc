/* How connections end, and the secret that is renewed: core/AMQP.md 2.13 to 2.15. */
#include "tests/core/amqp/peer.h"

TEST(Amqp_2_13, TheClientSaysGoodbye)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("connection.close-ok", peer.ask("connection.close reply-code=200 reply-text=bye"));
    EXPECT_FALSE(peer.is_closed()) << "the client closes the socket";
    peer.lose();
    EXPECT_EQ(0u, server.connection_count());
}

TEST(Amqp_2_13, AClientThatKeepsTheSocketLosesItSoon)
{
    Server server;
    Peer peer(server);

    peer.ask("connection.close");
    server.advance_ms(499);
    EXPECT_FALSE(peer.is_closed());
    server.advance_ms(1);
    EXPECT_TRUE(peer.is_closed());
    EXPECT_FALSE(peer.is_aborted());
    EXPECT_EQ(0u, server.connection_count());
}

TEST(Amqp_2_13, EveryGoodbyeIsAnswered)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("connection.close-ok\nconnection.close-ok",
              peer.send(say(0, "connection.close") + say(0, "connection.close")));
    EXPECT_EQ("", peer.ask("queue.declare queue=late"));
    EXPECT_EQ("connection.close-ok", peer.ask("connection.close"));
    EXPECT_FALSE(peer.is_closed());
}

TEST(Amqp_2_13, EverythingIsGoneBeforeCloseOk)
{
    Server server;
    Peer watcher(server);
    Peer peer(server);

    watcher.ask("queue.declare queue=shared");
    watcher.publish("", "shared", "one");
    peer.ask("queue.declare queue=mine exclusive");
    peer.ask("queue.declare queue=fleeting auto-delete");
    peer.ask("basic.consume queue=fleeting");
    peer.ask("basic.get queue=shared");

    /* Both in one turn: what the watcher sees is what was there when close was handled. */
    peer.put(say(0, "connection.close"));
    EXPECT_EQ("queue.declare-ok shared messages=1 consumers=0",
              watcher.ask("queue.declare queue=shared"));
    EXPECT_EQ("queue.declare-ok mine messages=0 consumers=0",
              watcher.ask("queue.declare queue=mine"));
    EXPECT_EQ("channel.close 404 50,10 NOT_FOUND - no queue 'fleeting' in vhost '/'",
              watcher.ask("queue.declare queue=fleeting passive"));
}

TEST(Amqp_2_13, NothingIsSaidAfterCloseOk)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.ask("basic.consume queue=q");
    EXPECT_EQ("connection.close-ok",
              peer.send(say(0, "connection.close") + publish(1, "", "q", "late") +
                        say(1, "queue.declare queue=late")));
    Peer watcher(server);
    EXPECT_EQ("channel.close 404", brief(watcher.ask("queue.declare queue=late passive")));
}

/* The peer is told to go: connection.close is out. */
static void
expect_close(Peer *peer)
{
    EXPECT_EQ("connection.close 540", brief(peer->ask("basic.qos prefetch-size=1")));
    EXPECT_FALSE(peer->is_closed());
}

static Login
with_heartbeat(unsigned seconds)
{
    Login login;

    login.heartbeat_s = seconds;
    return login;
}

TEST(Amqp_2_13, CloseOkEndsIt)
{
    Server server;
    Peer peer(server);

    expect_close(&peer);
    EXPECT_EQ("", peer.ask("connection.close-ok"));
    EXPECT_TRUE(peer.is_closed());
}

TEST(Amqp_2_13, ACrossingCloseIsAnswered)
{
    Server server;
    Peer peer(server);

    expect_close(&peer);
    EXPECT_EQ("connection.close-ok", peer.ask("connection.close"));
    EXPECT_FALSE(peer.is_closed());
    peer.ask("connection.close-ok");
    EXPECT_TRUE(peer.is_closed());
}

TEST(Amqp_2_13, AllElseIsIgnored)
{
    Server server;
    Peer peer(server);

    expect_close(&peer);
    EXPECT_EQ("", peer.send(say(1, "queue.declare queue=late") + publish(1, "", "q", "late") +
                            say(2, "channel.open") + frame(8, 0, "") + frame(8, 3, "x") +
                            say(0, "connection.open virtual-host=/") + frame(1, 0, "nonsense") +
                            frame(1, 1, "nonsense") + content(7, std::string(9000, 'x'))));
    EXPECT_FALSE(peer.is_closed());
    EXPECT_EQ("connection.close-ok", peer.ask("connection.close"));
    Peer watcher(server);
    EXPECT_EQ("channel.close 404", brief(watcher.ask("queue.declare queue=late passive")));
}

TEST(Amqp_2_13, TheAnswerIsAwaitedFor30Seconds)
{
    Server server;
    Peer peer(server);

    expect_close(&peer);
    server.advance_ms(29999);
    EXPECT_FALSE(peer.is_closed());
    server.advance_ms(1);
    EXPECT_TRUE(peer.is_closed());
}

TEST(Amqp_2_13, TheAnswerIsAwaitedForAHeartbeatWhenThatIsLess)
{
    Server server;
    Peer peer(server, with_heartbeat(5));

    expect_close(&peer);
    server.advance_ms(4999);
    EXPECT_FALSE(peer.is_closed());
    server.advance_ms(1);
    EXPECT_TRUE(peer.is_closed());
}

TEST(Amqp_2_13, ALongHeartbeatIsNotWaitedFor)
{
    Server server;
    Peer peer(server, with_heartbeat(600));

    expect_close(&peer);
    server.advance_ms(30000);
    EXPECT_TRUE(peer.is_closed());
}

TEST(Amqp_2_13, APeerThatTakesNothingIsReset)
{
    Server server;
    Peer peer(server);

    peer.set_room(0);
    peer.ask("connection.close");
    EXPECT_FALSE(peer.is_closed()) << "close-ok is still to go out";
    server.advance_ms(500 + 30000);
    EXPECT_FALSE(peer.is_closed());
    EXPECT_TRUE(peer.is_aborted());
}

TEST(Amqp_2_13, CloseOkGoesOutBeforeTheEnd)
{
    Server server;
    Peer peer(server);

    peer.set_room(3);
    EXPECT_EQ("", peer.ask("connection.close"));
    EXPECT_FALSE(peer.is_closed());
    server.advance_ms(500);
    EXPECT_FALSE(peer.is_closed());
    EXPECT_EQ("connection.close-ok", peer.drain());
    EXPECT_TRUE(peer.is_closed());
}

TEST(Amqp_2_14, ALostConnectionIsCleanedUpTheSameWay)
{
    Server server;
    Peer watcher(server);
    Peer peer(server);

    watcher.ask("queue.declare queue=shared");
    watcher.publish("", "shared", "one");
    watcher.publish("", "shared", "two");
    peer.ask("queue.declare queue=mine exclusive");
    peer.ask("queue.declare queue=fleeting auto-delete");
    peer.ask("basic.consume queue=fleeting");
    EXPECT_EQ("get-ok 1 [shared] one left=1", peer.ask("basic.get queue=shared"));
    peer.ask("basic.consume queue=shared consumer-tag=c");

    peer.lose();
    EXPECT_EQ(1u, server.connection_count());
    EXPECT_EQ("queue.declare-ok shared messages=2 consumers=0",
              watcher.ask("queue.declare queue=shared passive"));
    EXPECT_EQ("get-ok 1 redelivered [shared] one left=1", watcher.ask("basic.get queue=shared"));
    EXPECT_EQ("get-ok 2 redelivered [shared] two left=0", watcher.ask("basic.get queue=shared"));
    EXPECT_EQ("queue.declare-ok mine messages=0 consumers=0",
              watcher.ask("queue.declare queue=mine"));
    EXPECT_EQ("channel.close 404", brief(watcher.ask("queue.declare queue=fleeting passive")));
}

TEST(Amqp_2_14, OneIsLostInTheMiddleOfAMessage)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.send(publish(1, "", "q", std::string(3000, 'x')).substr(0, 2000));
    peer.lose();
    Peer watcher(server);
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0", watcher.ask("queue.declare queue=q"));
}

TEST(Amqp_2_14, AnnouncesTheLossOnceAndWhatFollowsFromIt)
{
    Server server;
    Login login;

    login.name = "worker";
    Peer peer(server, login);
    peer.ask("queue.declare queue=q");
    peer.publish("", "q", "task");
    peer.ask("basic.get queue=q");
    server.fake.listen(true);
    server.fake.take_events();
    peer.lose();
    EXPECT_EQ((std::vector<std::string>{"conn.closed worker code=0 how=connection lost",
                                        "requeue q #1 redelivered ready=1 at=head"}),
              server.fake.take_events());
    EXPECT_EQ(server.fake.causes()[server.fake.causes().size() - 1],
              server.fake.causes().size() - 2)
        << "the requeue was caused by the loss";
}

TEST(Amqp_2_15, AnyNewSecretIsTaken)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("connection.update-secret-ok",
              peer.ask("connection.update-secret new-secret=guest reason=renewed"));
    EXPECT_EQ("connection.update-secret-ok",
              peer.ask("connection.update-secret new-secret=other reason=renewed"));
    EXPECT_EQ("basic.qos-ok", peer.ask("basic.qos")) << "the connection goes on";
}
