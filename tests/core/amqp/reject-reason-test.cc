/* Why a consumer rejects: core/AMQP.md E2. */
#include "tests/core/amqp/peer.h"

/* A queue "q" whose dead go to "dead". */
static void
declare(Peer &peer)
{
    peer.ask("queue.declare queue=dead");
    peer.ask("queue.declare queue=q",
             Table().add("x-dead-letter-exchange", "").add("x-dead-letter-routing-key", "dead"));
}

static std::string
consume(Peer &peer, const char *reason, const std::string &tag = "c")
{
    return peer.ask("basic.consume queue=q consumer-tag=" + tag,
                    Table().add("x-reject-reason", reason));
}

/* Whether the next dead letter says that of its death. */
static bool
says(Peer &peer, const std::string &what)
{
    std::string dead = peer.ask("basic.get no-ack queue=dead");

    EXPECT_NE(std::string::npos, dead.find("reason: rejected")) << dead;
    return dead.find(what) != std::string::npos;
}

TEST(Amqp_E2, TheDeadLetterTellsTheReason)
{
    Server server;
    Peer peer(server);

    declare(peer);
    EXPECT_EQ("basic.consume-ok consumer-tag=c", consume(peer, "unreadable"));
    peer.publish("", "q", "hello");
    peer.ask("basic.reject delivery-tag=1");
    EXPECT_TRUE(says(peer, "x-reject-reason: unreadable"));
}

TEST(Amqp_E2, EachConsumerHasItsOwn)
{
    Server server;
    Peer peer(server);

    declare(peer);
    consume(peer, "stale", "a");
    consume(peer, "early", "b");
    peer.publish("", "q", "one");
    peer.publish("", "q", "two");
    peer.ask("basic.nack delivery-tag=2 multiple");
    EXPECT_TRUE(says(peer, "x-reject-reason: stale"));
    EXPECT_TRUE(says(peer, "x-reject-reason: early"));
}

TEST(Amqp_E2, ItHoldsAfterACancel)
{
    Server server;
    Peer peer(server);

    declare(peer);
    consume(peer, "no");
    peer.publish("", "q", "hello");
    peer.ask("basic.cancel consumer-tag=c");
    peer.ask("basic.reject delivery-tag=1");
    EXPECT_TRUE(says(peer, "x-reject-reason: no"));
}

TEST(Amqp_E2, WithoutOneThereIsNoKey)
{
    Server server;
    Peer peer(server);

    declare(peer);
    peer.ask("basic.consume queue=q consumer-tag=c");
    peer.publish("", "q", "hello");
    peer.ask("basic.reject delivery-tag=1");
    EXPECT_FALSE(says(peer, "x-reject-reason"));

    peer.ask("basic.cancel consumer-tag=c");
    consume(peer, "");
    peer.publish("", "q", "hello");
    peer.ask("basic.reject delivery-tag=3");
    EXPECT_FALSE(says(peer, "x-reject-reason"));
}

TEST(Amqp_E2, OtherDeathsHaveNone)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=dead");
    peer.ask("queue.declare queue=q", Table()
                                          .add("x-delivery-limit", int64_t{0})
                                          .add("x-dead-letter-exchange", "")
                                          .add("x-dead-letter-routing-key", "dead"));
    consume(peer, "no");
    peer.publish("", "q", "hello");
    peer.ask("basic.nack requeue delivery-tag=1");
    std::string dead = peer.ask("basic.get queue=dead");
    EXPECT_NE(std::string::npos, dead.find("reason: delivery_limit")) << dead;
    EXPECT_EQ(std::string::npos, dead.find("x-reject-reason")) << dead;
}

/* The message dies here twice: the last reason stands, and one who says nothing leaves it. */
TEST(Amqp_E2, ARepeatTellsTheLastReason)
{
    Server server;
    Peer peer(server);

    peer.ask("exchange.declare type=fanout exchange=again");
    peer.ask("queue.declare queue=q", Table().add("x-dead-letter-exchange", "again"));
    peer.ask("queue.bind queue=q exchange=again");
    consume(peer, "first");
    peer.publish("", "q", "hello");
    peer.ask("basic.cancel consumer-tag=c");
    peer.ask("basic.reject delivery-tag=1");
    consume(peer, "second", "d");
    peer.ask("basic.cancel consumer-tag=d");
    std::string again = peer.ask("basic.reject delivery-tag=2");

    again = peer.ask("basic.get queue=q");
    EXPECT_NE(std::string::npos, again.find("count: 2")) << again;
    EXPECT_NE(std::string::npos, again.find("x-reject-reason: second")) << again;
    EXPECT_EQ(std::string::npos, again.find("first, ")) << again;
    peer.ask("basic.reject delivery-tag=3");
    again = peer.ask("basic.get queue=q");
    EXPECT_NE(std::string::npos, again.find("count: 3")) << again;
    EXPECT_NE(std::string::npos, again.find("x-reject-reason: second")) << again;
}

TEST(Amqp_E2, TheEventTellsTheReason)
{
    Server server;
    Peer peer(server);

    declare(peer);
    consume(peer, "no");
    peer.publish("", "q", "one");
    peer.publish("", "q", "two");
    server.fake.listen(true);
    peer.ask("basic.reject delivery-tag=1");
    peer.ask("basic.cancel consumer-tag=c");
    peer.ask("basic.reject requeue delivery-tag=2");

    std::vector<std::string> events = server.fake.take_events("reject");
    ASSERT_EQ(2u, events.size());
    EXPECT_NE(std::string::npos, events[0].find("requeue=0 reason=no")) << events[0];
    EXPECT_NE(std::string::npos, events[1].find("requeue=1 reason=")) << events[1];
    EXPECT_EQ(std::string::npos, events[1].find("reason=no")) << events[1];
}

TEST(Amqp_E2, InATransactionItHoldsToo)
{
    Server server;
    Peer peer(server);

    declare(peer);
    consume(peer, "no");
    peer.publish("", "q", "hello");
    peer.ask("tx.select");
    peer.ask("basic.reject delivery-tag=1");
    peer.ask("tx.commit");
    EXPECT_TRUE(says(peer, "x-reject-reason: no"));
}

TEST(Amqp_E2, TheArgumentIsAShortText)
{
    const char *why = "channel.close 406 60,20 PRECONDITION_FAILED - invalid arg 'x-reject-reason' "
                      "for queue 'q' in vhost '/': not a longstr of at most 255 bytes";
    std::string longest(255, 'r');
    std::string too_long(256, 'r');

    for (const std::string &wrong :
         {std::string(Table().add("x-reject-reason", 7)),
          std::string(Table().add("x-reject-reason", too_long.c_str()))}) {
        Server server;
        Peer peer(server);

        declare(peer);
        EXPECT_EQ(why, peer.ask("basic.consume queue=q", wrong));
    }
    Server server;
    Peer peer(server);
    declare(peer);
    EXPECT_EQ("basic.consume-ok consumer-tag=c", consume(peer, longest.c_str()));
}
