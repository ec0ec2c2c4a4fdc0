/* Who gets into which virtual host, how many at once, and what becomes of them when one of both is
 * removed. */
#include "core/broker/session.h"

#include "core/broker/permission.h"
#include "tests/core/amqp/peer.h"

class Session : public testing::Test {
  protected:
    Session()
        : ann(gmq_broker_add_user(server.broker, GMQ_SLICE("ann"), nullptr)),
          other(gmq_broker_add_vhost(server.broker, GMQ_SLICE("other"), nullptr))
    {
        gmq_user_set_password(ann, GMQ_SLICE("secret"));
        login.user     = "ann";
        login.password = "secret";
        login.vhost    = "other";
    }

    void
    permit(GmqVhost *vhost)
    {
        ASSERT_TRUE(gmq_user_set_permission(ann, vhost, ".*", ".*", ".*", nullptr));
    }

    void
    limit(const char *name, int64_t value)
    {
        ASSERT_TRUE(gmq_user_set_limit(ann, gmq_slice_of(name), value, nullptr));
    }

    void
    limit_vhost(const char *name, int64_t value)
    {
        ASSERT_TRUE(gmq_vhost_set_limit(other, gmq_slice_of(name), value, nullptr));
    }

    /* What connection.open is answered. */
    std::string
    knock(const std::string &vhost)
    {
        Peer peer(server, Peer::Silent());

        peer.send_header();
        peer.send_start_ok(login);
        peer.send_tune_ok(login);
        return peer.send_open(vhost);
    }

    Server server;
    GmqUser *ann;
    GmqVhost *other;
    Login login;
};

class Amqp_2_10 : public Session {};

TEST_F(Amqp_2_10, AMissingVirtualHost)
{
    EXPECT_EQ("connection.close 530 10,40 NOT_ALLOWED - vhost nix not found", knock("nix"));
}

TEST_F(Amqp_2_10, AVirtualHostThatTheUserMayNotEnter)
{
    EXPECT_EQ("connection.close 530 10,40 NOT_ALLOWED - access to vhost 'other' refused for user "
              "'ann'",
              knock("other"));

    permit(other);
    EXPECT_EQ("connection.open-ok", knock("other"));
    EXPECT_EQ(0u, other->sessions.length);
}

TEST_F(Amqp_2_10, AnEmptyPermissionIsEnoughToEnter)
{
    ASSERT_TRUE(gmq_user_set_permission(ann, other, "", "", "", nullptr));
    EXPECT_EQ("connection.open-ok", knock("other"));
}

TEST_F(Amqp_2_10, VirtualHostsAreWorldsOfTheirOwn)
{
    permit(other);
    Peer peer(server, login);
    Peer guest(server);

    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0", peer.ask("queue.declare queue=q"));
    EXPECT_EQ("channel.close 404 50,10 NOT_FOUND - no queue 'q' in vhost '/'",
              guest.ask("queue.declare queue=q passive"));
}

TEST_F(Amqp_2_10, AFullVirtualHost)
{
    permit(other);
    limit_vhost("max-connections", 1);
    auto peer = std::make_unique<Peer>(server, login);

    EXPECT_EQ("connection.close 530 10,40 NOT_ALLOWED - access to vhost 'other' refused for user "
              "'ann': connection limit (1) is reached",
              knock("other"));
    peer->ask("connection.close");
    EXPECT_EQ("connection.open-ok", knock("other"));
    limit_vhost("max-connections", 0);
    EXPECT_EQ("connection.close 530 10,40 NOT_ALLOWED - access to vhost 'other' refused for user "
              "'ann': connection limit (0) is reached",
              knock("other"));
}

TEST_F(Amqp_2_10, AUserWithAllHisConnections)
{
    permit(other);
    permit(server.vhost());
    limit("max-connections", 1);
    Peer peer(server, login);

    EXPECT_EQ("connection.close 530 10,40 NOT_ALLOWED - connection refused for user 'ann': user "
              "connection limit (1) is reached",
              knock("/"));
    EXPECT_EQ("connection.close 530 10,40 NOT_ALLOWED - vhost nix not found", knock("nix"));
    limit("max-connections", -1);
    EXPECT_EQ("connection.open-ok", knock("/"));
}

TEST_F(Amqp_2_10, ABrokerWithAllItsConnections)
{
    permit(other);
    gmq_broker_set_connections_max(server.broker, 2);
    Peer first(server);
    EXPECT_EQ("connection.open-ok", knock("other"));
    Peer second(server);

    EXPECT_EQ(2u, gmq_broker_connection_count(server.broker));
    EXPECT_EQ("connection.close 530 10,40 NOT_ALLOWED - connection refused: node connection limit "
              "(2) is reached",
              knock("other"));
}

TEST_F(Amqp_2_10, AUserWhoIsRemovedWhileHeComesIn)
{
    Peer peer(server, Peer::Silent());
    permit(other);
    peer.send_header();
    peer.send_start_ok(login);
    peer.send_tune_ok(login);

    ASSERT_TRUE(gmq_broker_remove_user(server.broker, GMQ_SLICE("ann"), nullptr));
    EXPECT_EQ("connection.close 530 10,40 NOT_ALLOWED - access to vhost 'other' refused for user "
              "'ann'",
              peer.send_open("other"));
}

class Amqp_8_10 : public Session {};

TEST_F(Amqp_8_10, AUserHasSoManyChannelsInAll)
{
    permit(other);
    limit("max-channels", 3);
    Peer first(server, login);
    Peer second(server, login);

    EXPECT_EQ("#2 channel.open-ok", second.ask(2, "channel.open"));
    EXPECT_EQ("connection.close 530 0,0 NOT_ALLOWED - number of channels opened for user 'ann' has "
              "reached the maximum allowed user limit of (3)",
              first.ask(2, "channel.open"));
    EXPECT_EQ(2u, ann->channel_count);
    EXPECT_EQ("#3 channel.open-ok", second.ask(3, "channel.open"));
    EXPECT_EQ("#3 channel.close-ok", second.ask(3, "channel.close"));
    EXPECT_EQ("#2 channel.close-ok", second.ask(2, "channel.close"));
    EXPECT_EQ(1u, ann->channel_count);
}

TEST_F(Amqp_8_10, AVirtualHostHasSoManyQueues)
{
    permit(other);
    limit_vhost("max-queues", 1);
    Peer peer(server, login);

    EXPECT_EQ("queue.declare-ok one messages=0 consumers=0", peer.ask("queue.declare queue=one"));
    EXPECT_EQ("queue.declare-ok one messages=0 consumers=0", peer.ask("queue.declare queue=one"));
    EXPECT_EQ(
        "channel.close 406 50,10 PRECONDITION_FAILED - cannot declare queue 'two': queue limit "
        "in vhost 'other' (1) is reached",
        peer.ask("queue.declare queue=two"));
}

class Amqp_8_11 : public Session {};

TEST_F(Amqp_8_11, WhoeverIsRemovedIsSentAway)
{
    permit(other);
    Peer peer(server, login);
    Peer guest(server);
    peer.ask("queue.declare queue=mine exclusive");
    peer.ask("queue.declare queue=q");

    ASSERT_TRUE(gmq_broker_remove_user(server.broker, GMQ_SLICE("ann"), nullptr));
    EXPECT_EQ("connection.close 320 0,0 CONNECTION_FORCED - user 'ann' is deleted", peer.read());
    EXPECT_EQ(nullptr, gmq_vhost_find_queue(other, GMQ_SLICE("mine")));
    EXPECT_NE(nullptr, gmq_vhost_find_queue(other, GMQ_SLICE("q")));
    EXPECT_EQ(0u, other->sessions.length);
    EXPECT_EQ("", peer.ask("connection.close-ok"));
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0", guest.ask("queue.declare queue=q"));
}

TEST_F(Amqp_8_11, AVirtualHostThatIsRemovedSendsItsConnectionsAway)
{
    permit(other);
    permit(server.vhost());
    Login at_home = login;
    at_home.vhost = "/";
    Peer peer(server, login);
    Peer home(server, at_home);
    Table letters;
    letters.add("x-dead-letter-exchange", "amq.fanout").add("x-message-ttl", 1000);
    peer.ask("queue.declare queue=q", letters);
    peer.ask("queue.declare queue=dead");
    peer.ask("queue.bind queue=dead exchange=amq.fanout");
    peer.ask("basic.consume queue=dead consumer-tag=c");
    peer.publish("", "q", "one");
    peer.publish("", "dead", "two");

    ASSERT_TRUE(gmq_broker_remove_vhost(server.broker, GMQ_SLICE("other"), nullptr));
    EXPECT_EQ("connection.close 320 0,0 CONNECTION_FORCED - vhost 'other' is down", peer.read());
    EXPECT_EQ(1u, ann->permissions.length);
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0", home.ask("queue.declare queue=q"));
    server.advance_ms(5000);
    EXPECT_EQ("connection.close 530 10,40 NOT_ALLOWED - vhost other not found", knock("other"));
}

/* Messages that died in the same turn have not been published again yet. */
TEST_F(Amqp_8_11, AVirtualHostTakesItsDeadLettersAlong)
{
    Table letters;
    permit(other);
    letters.add("x-dead-letter-exchange", "amq.fanout");
    {
        Peer peer(server, login);
        peer.ask("queue.declare queue=q", letters);
        peer.publish("", "q", "one");
        peer.ask("basic.get queue=q");
        peer.put(say(1, "basic.reject delivery-tag=1"));
        ASSERT_TRUE(gmq_broker_remove_vhost(server.broker, GMQ_SLICE("other"), nullptr));
        peer.read();
    }
    EXPECT_EQ(0u, gmq_broker_connection_count(server.broker));
}

class Amqp_2_6 : public Session {};

TEST_F(Amqp_2_6, AUserLogsInWithHisPasswordFromAnywhere)
{
    permit(other);
    login.is_loopback = false;
    EXPECT_EQ("connection.open-ok", knock("other"));

    gmq_user_set_password(ann, GMQ_SLICE("new"));
    Peer peer(server, Peer::Silent());
    peer.send_header();
    EXPECT_EQ("connection.close 403 0,0 ACCESS_REFUSED - Login was refused using authentication "
              "mechanism PLAIN. For details see the broker logfile.",
              peer.send_start_ok(login));
}

TEST_F(Amqp_2_6, AnEmptyPasswordLogsNobodyIn)
{
    gmq_user_set_password(ann, GMQ_SLICE(""));
    login.password = "";
    Peer peer(server, Peer::Silent());
    peer.send_header();

    EXPECT_EQ(0u, peer.send_start_ok(login).find("connection.close 403"));
}
