/* Deliveries that are out for too long: core/AMQP.md 15.8. */
#include "tests/core/amqp/dead.h"

static const int minute_ms = 60000;

static std::string
timed_out(int64_t ms)
{
    return "channel.close 406 0,0 PRECONDITION_FAILED - delivery acknowledgement on channel 1 "
           "timed "
           "out. Timeout value used: " +
           std::to_string(ms) +
           " ms. This timeout value can be configured, see consumers doc guide to learn more";
}

/* A queue with so many messages. */
static void
fill(Peer &peer, int count)
{
    peer.ask("queue.declare queue=q");
    for (int i = 1; i <= count; i++)
        peer.publish("", "q", std::to_string(i));
}

/* In how many minutes the channel is closed; -1: not within three hours. */
static int
minutes_until_close(Server &server, Peer &peer, std::string *reply = nullptr)
{
    for (int minutes = 1; minutes <= 180; minutes++) {
        server.advance_ms(minute_ms);
        std::string lines = peer.read();
        if (brief(lines) == "channel.close 406") {
            if (reply != nullptr)
                *reply = lines;
            return minutes;
        }
    }
    return -1;
}

TEST(Amqp_15_8, AChannelThatKeepsADeliveryIsClosed)
{
    Server server;
    Peer peer(server);
    Peer other(server);
    std::string reply;

    fill(peer, 2);
    peer.ask("basic.consume queue=q consumer-tag=c");
    server.advance_ms(1799999);
    EXPECT_EQ("", peer.read());
    EXPECT_EQ(2, minutes_until_close(server, peer, &reply));
    EXPECT_EQ(timed_out(1800000), reply);
    EXPECT_EQ("queue.declare-ok q messages=2 consumers=0", other.ask("queue.declare queue=q"));
    EXPECT_EQ("get-ok 1 redelivered [q] 1 left=1", other.ask("basic.get queue=q"));
    EXPECT_EQ("#2 channel.open-ok", peer.ask(2, "channel.open"));
}

/* A body frame that is not there as a whole is taken as it comes. */
TEST(Amqp_15_8, TheChannelMayBeClosedWhileABodyComes)
{
    Server server;
    Peer peer(server);
    std::string whole = frame(3, 1, std::string(100000, 'x'));

    fill(peer, 1);
    peer.ask("basic.consume queue=q consumer-tag=c");
    peer.send(say(1, "basic.publish routing-key=q") + content_header(1, 100000) +
              whole.substr(0, 50000));
    EXPECT_GT(minutes_until_close(server, peer), 0);
    EXPECT_EQ("", peer.send(whole.substr(50000)));
    EXPECT_EQ("", peer.send(say(1, "channel.close-ok")));
    EXPECT_EQ("#1 channel.open-ok", "#1 " + peer.ask("channel.open"));
    EXPECT_EQ("queue.declare-ok q messages=1 consumers=0", peer.ask("queue.declare queue=q"));
}

TEST(Amqp_15_8, OneThatWasGotCountsToo)
{
    Server server;
    Peer peer(server);

    fill(peer, 1);
    peer.ask("basic.get queue=q");
    EXPECT_EQ(31, minutes_until_close(server, peer));
}

TEST(Amqp_15_8, WhoeverAcksInTimeIsLeftAlone)
{
    Server server;
    Peer peer(server);

    fill(peer, 200);
    peer.ask("basic.qos prefetch-count=1");
    peer.ask("basic.consume queue=q consumer-tag=c");
    for (int i = 1; i <= 12; i++) {
        server.advance_ms(20 * minute_ms);
        EXPECT_EQ("deliver", brief(peer.ask("basic.ack delivery-tag=" + std::to_string(i)), 1));
    }
}

TEST(Amqp_15_8, TheOldestThatIsOutDecides)
{
    Server server;
    Peer peer(server);

    fill(peer, 3);
    peer.ask("basic.get queue=q");
    server.advance_ms(10 * minute_ms);
    peer.ask("basic.get queue=q");
    server.advance_ms(10 * minute_ms);
    peer.ask("basic.ack delivery-tag=1");
    peer.ask("basic.get queue=q");
    EXPECT_EQ(21, minutes_until_close(server, peer));
}

TEST(Amqp_15_8, NoAckIsNeverLate)
{
    Server server;
    Peer peer(server);

    fill(peer, 1);
    peer.ask("basic.consume queue=q no-ack");
    EXPECT_EQ(-1, minutes_until_close(server, peer));
}

TEST(Amqp_15_8, AnOperatorMaySetAnotherOrNone)
{
    for (auto [timeout_ms, minutes] : {std::pair{1u, 2}, {60000u, 2}, {90000u, 3}, {0u, -1}}) {
        GmqAmqpConfig config  = GMQ_AMQP_CONFIG_DEFAULT;
        config.ack_timeout_ms = timeout_ms;
        Server server(config);
        Peer peer(server);

        fill(peer, 1);
        peer.ask("basic.get queue=q");
        EXPECT_EQ(minutes, minutes_until_close(server, peer)) << timeout_ms;
    }
}

TEST(Amqp_15_8, AConsumerMayHaveItsOwn)
{
    Server server;
    Peer peer(server);
    std::string reply;

    fill(peer, 3);
    peer.ask("basic.get queue=q");
    peer.ask("basic.qos prefetch-count=1");
    peer.ask("basic.consume queue=q consumer-tag=never",
             Table().add("x-consumer-timeout", int64_t{0}));
    peer.ask("basic.consume queue=q consumer-tag=soon", Table().add("x-consumer-timeout", 300000));
    EXPECT_EQ(6, minutes_until_close(server, peer, &reply));
    EXPECT_EQ(timed_out(300000), reply);
}

TEST(Amqp_15_8, AConsumerMayHaveNone)
{
    Server server;
    Peer peer(server);

    fill(peer, 1);
    peer.ask("basic.consume queue=q", Table().add("x-consumer-timeout", int64_t{0}));
    EXPECT_EQ(-1, minutes_until_close(server, peer));
}

TEST(Amqp_15_8, OneOfItsOwnIsANumberOfMilliseconds)
{
    std::string refused = "channel.close 406 60,20 PRECONDITION_FAILED - invalid arg "
                          "'x-consumer-timeout' for queue 'q' in vhost '/': ";
    Server server;

    for (const Table &table :
         {Table().add("x-consumer-timeout", "1000"), Table().add("x-consumer-timeout", -1),
          Table().add("x-consumer-timeout", GMQ_TTL_MS_MAX + 1)}) {
        Peer peer(server);

        peer.ask("queue.declare queue=q");
        EXPECT_EQ(refused, peer.ask("basic.consume queue=q", table).substr(0, refused.size()));
    }
}

TEST(Amqp_7_6, AConsumerMoreThanAllowedIsTheEnd)
{
    GmqAmqpConfig config = GMQ_AMQP_CONFIG_DEFAULT;
    config.consumer_max  = 2;
    Server server(config);
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.ask("basic.consume queue=q consumer-tag=a");
    peer.ask("basic.consume queue=q consumer-tag=b");
    peer.ask(2, "channel.open");
    EXPECT_EQ("#2 basic.consume-ok consumer-tag=a", peer.ask(2, "basic.consume queue=q "
                                                                "consumer-tag=a"));
    peer.ask("basic.cancel consumer-tag=a");
    EXPECT_EQ("basic.consume-ok consumer-tag=c", peer.ask("basic.consume queue=q consumer-tag=c"));
    EXPECT_EQ("connection.close 530 60,20 NOT_ALLOWED - reached maximum (2) of consumers per "
              "channel",
              peer.ask("basic.consume queue=q consumer-tag=d"));
}

TEST(Amqp_7_6, ThereIsNoLimitByDefault)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    for (int i = 0; i < 100; i++)
        EXPECT_EQ("basic.consume-ok", brief(peer.ask("basic.consume queue=q"), 1));
}
