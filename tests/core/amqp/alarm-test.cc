/* Publishers wait while the broker runs short of something: core/AMQP.md 24. */
#include "tests/core/amqp/dead.h"

/* A client that is told when it is blocked. */
static Login
told()
{
    Login login;

    login.capabilities = "connection.blocked";
    return login;
}

static void
set_alarm(Server &server, GmqAlarm alarm, bool on)
{
    gmq_broker_set_alarm(server.broker, alarm, on);
    server.turn();
}

static size_t
held_bytes(const Server &server)
{
    return gmq_broker_memory_held(server.broker);
}

/* The alarm of memory follows what messages hold: one message more than there may be, and none. */
static void
fill_memory(Server &server, Peer &peer)
{
    peer.ask("queue.declare queue=full");
    peer.publish("", "full", "1");
    gmq_broker_set_memory_limit(server.broker, 1);
    server.turn();
}

static void
clear_memory(Server &server, Peer &peer)
{
    server.advance_ms(GMQ_ALARM_LEAST_MS);
    peer.ask("queue.purge queue=full");
}

/* ---- who waits (24.1) ---- */

TEST(Amqp_24_1, WhoPublishesUnderAnAlarmIsNotRead)
{
    Server server;
    Peer peer(server);
    Peer other(server);

    peer.ask("queue.declare queue=q");
    set_alarm(server, GMQ_ALARM_DISK, true);
    EXPECT_TRUE(peer.can_read());
    EXPECT_EQ("", peer.publish("", "q", "1"));
    EXPECT_FALSE(peer.can_read());
    EXPECT_EQ(0, ready(other, "q"));

    set_alarm(server, GMQ_ALARM_DISK, false);
    EXPECT_TRUE(peer.can_read());
    EXPECT_EQ(1, ready(other, "q"));
}

TEST(Amqp_24_1, AlsoWhenItHasPublishedToThatAddressBefore)
{
    Server server;
    Peer peer(server);
    Peer other(server);

    peer.ask("queue.declare queue=q");
    peer.publish("", "q", "1");
    peer.publish("", "q", "2");
    set_alarm(server, GMQ_ALARM_DISK, true);
    peer.publish("", "q", "3");
    EXPECT_FALSE(peer.can_read());
    EXPECT_EQ(2, ready(other, "q"));
}

TEST(Amqp_24_1, WhoDoesNotPublishGoesOn)
{
    Server server;
    Peer publisher(server);
    Peer consumer(server);

    consumer.ask("queue.declare queue=q");
    publisher.publish("", "q", "1");
    publisher.publish("", "q", "2");
    set_alarm(server, GMQ_ALARM_DISK, true);
    publisher.publish("", "q", "3");
    consumer.ask("basic.qos prefetch-count=1");
    EXPECT_EQ("basic.consume-ok consumer-tag=c\ndeliver c 1 [q] 1",
              consumer.ask("basic.consume queue=q consumer-tag=c"));
    EXPECT_EQ("deliver c 2 [q] 2", consumer.ask("basic.ack delivery-tag=1"));
    EXPECT_TRUE(consumer.can_read());

    Peer late(server);
    EXPECT_EQ("queue.declare-ok r messages=0 consumers=0", late.ask("queue.declare queue=r"));
    late.publish("", "r", "1");
    EXPECT_FALSE(late.can_read()) << "it came during the alarm";
}

TEST(Amqp_24_1, WhoIsBlockedStillGetsDeliveries)
{
    Server server;
    Peer blocked(server);
    Peer other(server);

    blocked.ask("queue.declare queue=q");
    other.publish("", "q", "1");
    EXPECT_EQ("get-ok 1 [q] 1 left=0", other.ask("basic.get queue=q"));
    blocked.ask("basic.consume queue=q consumer-tag=c");
    set_alarm(server, GMQ_ALARM_DISK, true);
    blocked.publish("", "q", "2");
    other.ask("basic.nack delivery-tag=1 requeue");
    EXPECT_EQ("deliver c 1 redelivered [q] 1", blocked.read());
}

TEST(Amqp_24_1, TheStateTellsWhoWaits)
{
    Server server;
    Peer peer(server);

    EXPECT_STREQ("running", gmq_connection_state(peer.connection));
    set_alarm(server, GMQ_ALARM_DISK, true);
    EXPECT_STREQ("blocking", gmq_connection_state(peer.connection));
    peer.publish("", "q", "1");
    EXPECT_STREQ("blocked", gmq_connection_state(peer.connection));
    set_alarm(server, GMQ_ALARM_DISK, false);
    EXPECT_STREQ("running", gmq_connection_state(peer.connection));
}

class Amqp_24_1_Halves : public testing::TestWithParam<Feed> {};

/* Cut anywhere, the message is held from there on and whole in the end. */
TEST_P(Amqp_24_1_Halves, AMessageThatIsHalfThereIsWholeInTheEnd)
{
    std::string bytes = say(1, "basic.publish routing-key=q") +
                        content(1, std::string(9000, 'x') + "end", "", "", 4000) +
                        say(1, "queue.declare queue=r");

    for (size_t cut : {1u, 10u, 30u, 40u, 50u, 60u, 1000u, 4050u, 4060u, 9060u}) {
        Server server;
        Peer peer(server, told());
        Peer other(server);

        peer.ask("queue.declare queue=q");
        peer.feed = GetParam();
        EXPECT_EQ("", peer.send(bytes.substr(0, cut)));
        set_alarm(server, GMQ_ALARM_DISK, true);
        EXPECT_EQ("connection.blocked reason=\"low on disk\"", peer.send(bytes.substr(cut)));
        EXPECT_FALSE(peer.can_read());
        EXPECT_EQ(0, ready(other, "q")) << cut;

        set_alarm(server, GMQ_ALARM_DISK, false);
        EXPECT_EQ("connection.unblocked\nqueue.declare-ok r messages=0 consumers=0", peer.read())
            << cut;
        EXPECT_EQ("get-ok 1 [q] (9003 bytes) left=0", other.ask("basic.get queue=q"));
    }
}

INSTANTIATE_TEST_SUITE_P(Feeds, Amqp_24_1_Halves,
                         testing::Values(Feed::WHOLE, Feed::BYTE_WISE, Feed::INTO_WINDOW));

TEST(Amqp_24_1, TheWindowIsShutUnderAnAlarm)
{
    Server server;
    Peer peer(server);
    size_t size;

    peer.put(say(1, "basic.publish routing-key=q") + content_header(1, 100000) +
             frame(3, 1, std::string(100000, 'x')).substr(0, 50000));
    ASSERT_NE(nullptr, gmq_connection_window(peer.connection, &size));
    set_alarm(server, GMQ_ALARM_DISK, true);
    EXPECT_EQ(nullptr, gmq_connection_window(peer.connection, &size));
    set_alarm(server, GMQ_ALARM_DISK, false);
    EXPECT_NE(nullptr, gmq_connection_window(peer.connection, &size));
}

TEST(Amqp_24_1, ContentOnAChannelThatClosesBlocksNobody)
{
    Server server;
    Peer peer(server);

    peer.ask("basic.ack delivery-tag=1");
    set_alarm(server, GMQ_ALARM_DISK, true);
    EXPECT_EQ("#2 channel.open-ok",
              peer.send(publish(1, "", "q", std::string(5000, 'x')) + say(2, "channel.open")));
    EXPECT_TRUE(peer.can_read());
}

TEST(Amqp_24_1, OneWhoWaitsCanBeClosed)
{
    Server server;
    Peer peer(server, told());

    set_alarm(server, GMQ_ALARM_DISK, true);
    peer.publish("", "q", "1");
    gmq_amqp_stop(server.amqp, "broker is stopping");
    EXPECT_EQ("connection.close 320 0,0 CONNECTION_FORCED - broker is stopping", peer.read());
    EXPECT_TRUE(peer.can_read());
    peer.ask("connection.close-ok");
    EXPECT_TRUE(peer.is_closed());
}

TEST(Amqp_24_1, OneWhoWaitsCanGo)
{
    Server server;
    Peer other(server);

    other.ask("queue.declare queue=q");
    set_alarm(server, GMQ_ALARM_DISK, true);
    {
        Peer peer(server);
        peer.publish("", "q", "1");
    }
    set_alarm(server, GMQ_ALARM_DISK, false);
    EXPECT_EQ(0, ready(other, "q"));
}

/* ---- who is told (24.2) ---- */

TEST(Amqp_24_2, WhoAskedForItIsToldOnceWhenItPublishes)
{
    Server server;
    Peer peer(server, told());
    Peer other(server);

    fill_memory(server, other);
    EXPECT_EQ("", peer.read());
    EXPECT_EQ("connection.blocked reason=\"low on memory\"", peer.publish("", "q", "1"));
    set_alarm(server, GMQ_ALARM_DISK, true);
    EXPECT_EQ("", peer.read());
    clear_memory(server, other);
    EXPECT_EQ("", peer.read());
    set_alarm(server, GMQ_ALARM_DISK, false);
    EXPECT_EQ("connection.unblocked", peer.read());

    set_alarm(server, GMQ_ALARM_DISK, true);
    EXPECT_EQ("connection.blocked reason=\"low on disk\"", peer.publish("", "q", "1"));
}

TEST(Amqp_24_2, OthersLearnNothing)
{
    Server server;
    Peer peer(server);

    set_alarm(server, GMQ_ALARM_DISK, true);
    EXPECT_EQ("", peer.publish("", "q", "1"));
    set_alarm(server, GMQ_ALARM_DISK, false);
    EXPECT_EQ("", peer.read());
}

TEST(Amqp_24_2, WhoDidNotPublishIsToldNothing)
{
    Server server;
    Peer peer(server, told());

    set_alarm(server, GMQ_ALARM_DISK, true);
    peer.ask("queue.declare queue=q");
    set_alarm(server, GMQ_ALARM_DISK, false);
    EXPECT_EQ("", peer.read());
}

TEST(Amqp_24_2, TheReasonNamesAllThatIsLow)
{
    Server server;
    Peer peer(server, told());
    Peer other(server);

    fill_memory(server, other);
    set_alarm(server, GMQ_ALARM_DISK, true);
    EXPECT_EQ("connection.blocked reason=\"low on disk & memory\"", peer.publish("", "q", "1"));
}

TEST(Amqp_24_2, WhatWasHeldIsDoneAfterwardsInOrder)
{
    Server server;
    Peer peer(server, told());

    peer.ask("queue.declare queue=q");
    peer.ask("confirm.select");
    set_alarm(server, GMQ_ALARM_DISK, true);
    peer.put(publish(1, "", "q", "1") + publish(1, "", "q", "2") + say(1, "basic.get queue=q"));
    EXPECT_EQ("connection.blocked reason=\"low on disk\"", peer.read());
    set_alarm(server, GMQ_ALARM_DISK, false);
    EXPECT_EQ("connection.unblocked\nget-ok 1 [q] 1 left=1\nbasic.ack delivery-tag=2 multiple=1",
              peer.read());
}

TEST(Amqp_24_2, AlarmsAndWaitingAreSeen)
{
    Server server;
    Login login;

    login.name = "shop";
    Peer peer(server, login);
    server.fake.take_events();
    server.fake.listen(true);
    set_alarm(server, GMQ_ALARM_DISK, true);
    set_alarm(server, GMQ_ALARM_DISK, true);
    peer.put(say(1, "basic.publish routing-key=q") + content_header(1, 1));
    server.turn();
    set_alarm(server, GMQ_ALARM_DISK, false);
    server.fake.listen(false);
    EXPECT_EQ(
        (std::vector<std::string>{"alarm.set disk bytes=0", "conn.blocked shop reason=low on disk",
                                  "alarm.cleared disk bytes=0", "conn.unblocked shop"}),
        server.fake.take_events());
}

/* ---- memory ---- */

TEST(Amqp_24_1, MessagesAboveTheLimitAreAnAlarm)
{
    Server server;
    Peer peer(server, told());

    gmq_broker_set_memory_limit(server.broker, 10000);
    EXPECT_EQ(10000u, gmq_broker_memory_limit(server.broker));
    peer.ask("queue.declare queue=q");
    for (int i = 0; i < 9; i++)
        EXPECT_EQ("", peer.publish("", "q", std::string(1000, 'x')));
    EXPECT_EQ(0u, gmq_broker_alarms(server.broker));
    EXPECT_EQ("", peer.publish("", "q", std::string(1000, 'x'))) << "this one is too much";
    EXPECT_EQ(GMQ_ALARM_BIT(GMQ_ALARM_MEMORY), gmq_broker_alarms(server.broker));
    EXPECT_EQ("connection.blocked reason=\"low on memory\"", peer.publish("", "q", "1"));
}

TEST(Amqp_24_1, ASlowConsumerEndsTheAlarm)
{
    Server server;
    Peer publisher(server, told());
    Peer consumer(server);
    int sent = 0, received = 1;

    gmq_broker_set_memory_limit(server.broker, 10000);
    consumer.ask("queue.declare queue=q");
    for (; publisher.can_read(); sent++)
        publisher.publish("", "q", std::string(1000, 'x'));
    EXPECT_EQ(11, sent);

    consumer.ask("basic.qos prefetch-count=1");
    consumer.ask("basic.consume queue=q consumer-tag=c");
    consumer.ask("basic.ack delivery-tag=1");
    EXPECT_FALSE(publisher.can_read()) << "it is too early";
    server.advance_ms(GMQ_ALARM_LEAST_MS - 1);
    EXPECT_FALSE(publisher.can_read());
    server.advance_ms(1);
    EXPECT_TRUE(publisher.can_read());
    EXPECT_EQ("connection.unblocked", publisher.read());

    for (; !consumer.ask("basic.ack delivery-tag=" + std::to_string(received + 1)).empty();)
        received++;
    EXPECT_EQ(11, received + 1);
    EXPECT_EQ(0u, held_bytes(server));
}

TEST(Amqp_24_1, AnAlarmThatLastedEndsAtOnce)
{
    Server server;
    Peer publisher(server);
    Peer consumer(server);

    gmq_broker_set_memory_limit(server.broker, 100);
    consumer.ask("queue.declare queue=q");
    publisher.publish("", "q", std::string(1000, 'x'));
    publisher.publish("", "q", "1");
    server.advance_ms(GMQ_ALARM_LEAST_MS);
    EXPECT_FALSE(publisher.can_read());
    consumer.ask("queue.purge queue=q");
    EXPECT_TRUE(publisher.can_read());
}

/* The first who goes on fills the memory again: the second waits on, and is not told twice. */
TEST(Amqp_24_1, OnlyAsManyGoOnAsThereIsRoomFor)
{
    Server server;
    Peer first(server, told());
    Peer second(server, told());
    Peer other(server);

    gmq_broker_set_memory_limit(server.broker, 1500);
    other.ask("queue.declare queue=q");
    other.publish("", "q", std::string(2000, 'x'));
    std::string blocked = "connection.blocked reason=\"low on memory\"";
    EXPECT_EQ(blocked, first.publish("", "q", std::string(2000, 'x')));
    EXPECT_EQ(blocked, second.publish("", "q", std::string(2000, 'x')));

    server.advance_ms(GMQ_ALARM_LEAST_MS);
    other.ask("queue.purge queue=q");
    EXPECT_EQ("connection.unblocked", first.read());
    EXPECT_EQ("", second.read());
    EXPECT_EQ(1, ready(other, "q"));

    server.advance_ms(GMQ_ALARM_LEAST_MS);
    other.ask("queue.purge queue=q");
    EXPECT_EQ("connection.unblocked", second.read());
}

TEST(Amqp_24_1, ALimitCanBeMovedAndLifted)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.publish("", "q", std::string(1000, 'x'));
    gmq_broker_set_memory_limit(server.broker, 500);
    server.turn();
    EXPECT_NE(0u, gmq_broker_alarms(server.broker));
    gmq_broker_set_memory_limit(server.broker, 0);
    server.advance_ms(GMQ_ALARM_LEAST_MS);
    EXPECT_EQ(0u, gmq_broker_alarms(server.broker));
    EXPECT_EQ(0u, gmq_broker_memory_limit(server.broker));
}

TEST(Memory, AMessageCountsOnceWhereverItStands)
{
    Server server;
    Peer peer(server);

    for (const char *name : {"a", "b", "c"}) {
        peer.ask(std::string("queue.declare queue=") + name);
        peer.ask(std::string("queue.bind exchange=amq.fanout queue=") + name);
    }
    peer.publish("amq.fanout", "", std::string(1000, 'x'));
    EXPECT_GT(held_bytes(server), 1000u);
    EXPECT_LT(held_bytes(server), 1200u);
    peer.ask("queue.purge queue=a");
    peer.ask("queue.delete queue=b");
    EXPECT_GT(held_bytes(server), 1000u);
    peer.ask("basic.get queue=c");
    EXPECT_GT(held_bytes(server), 1000u) << "it is out, not gone";
    peer.ask("basic.ack delivery-tag=1");
    EXPECT_EQ(0u, held_bytes(server));
}

TEST(Memory, NothingIsLeftOfMessagesThatWereChanged)
{
    Server server;
    Peer peer(server);
    std::string copies = Table().add("BCC", std::vector<std::string>{"dead", "long enough"});

    declare(peer, "q", "", "dead");
    declare(peer, "t", "", "dead", 0);
    peer.ask("queue.declare queue=dead");
    peer.publish("", "q", "1", "", copies);
    kill(peer, "q");
    peer.publish("", "t", "2");
    peer.publish("", "nix", "3");
    peer.ask(2, "channel.open");
    peer.ask(2, "tx.select");
    peer.send(publish(2, "", "q", "4"));
    EXPECT_EQ(3, ready(peer, "dead"));
    EXPECT_GT(held_bytes(server), 0u);
    peer.ask(2, "tx.rollback");
    peer.ask("queue.purge queue=dead");
    EXPECT_EQ(0u, held_bytes(server));
}

TEST(Amqp_27_2, AlarmsAreToldToo)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.ask("queue.bind queue=q exchange=amq.rabbitmq.event routing-key=alarm.#");
    set_alarm(server, GMQ_ALARM_DISK, true);
    set_alarm(server, GMQ_ALARM_DISK, false);
    std::string set = peer.ask("basic.get queue=q no-ack");
    EXPECT_NE(std::string::npos, set.find("[alarm.set]")) << set;
    EXPECT_NE(std::string::npos, set.find("name: disk")) << set;
    EXPECT_NE(std::string::npos, peer.ask("basic.get queue=q no-ack").find("[alarm.cleared]"));
}
