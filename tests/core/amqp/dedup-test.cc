/* Messages that were seen before are dropped: core/AMQP.md E4 and E5. */
#include "tests/core/amqp/peer.h"

namespace {

Table
dedup()
{
    return Table().add("x-message-deduplication", GMQ_VALUE_BOOL, 1);
}

std::string
id(const char *text)
{
    return Table().add("x-deduplication-header", text);
}

uint64_t
ready(const Server &server, const char *queue = "q")
{
    return gmq_queue_ready_count(gmq_vhost_find_queue(server.vhost(), gmq_slice_of(queue)));
}

/* What is said to be wrong about the arguments. */
std::string
trouble(const std::string &what, const std::string &arguments)
{
    Server server;
    Peer peer(server);
    std::string reply = peer.ask(what, arguments);
    std::string begin = "PRECONDITION_FAILED - ";
    size_t at         = reply.find(begin);

    return at == std::string::npos ? reply : reply.substr(at + begin.size());
}

} // namespace

TEST(Amqp_E4, AQueueTakesEachIdOnce)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q", dedup());
    peer.ask("confirm.select");
    EXPECT_EQ("basic.ack delivery-tag=1", brief(peer.publish("", "q", "1", "", id("a"))));
    EXPECT_EQ("basic.ack delivery-tag=2", brief(peer.publish("", "q", "2", "", id("a"))))
        << "counts as taken";
    peer.publish("", "q", "3", "", id("b"));
    peer.publish("", "q", "4");
    peer.publish("", "q", "5");
    EXPECT_EQ(4u, ready(server)) << "what has no id is no copy of anything";
    peer.ask("queue.purge queue=q");
    peer.publish("", "q", "6", "", id("b"));
    EXPECT_EQ(0u, ready(server)) << "it is known although it is gone";
}

TEST(Amqp_E4, AnExchangeTakesEachIdOnce)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("exchange.declare-ok", peer.ask("exchange.declare exchange=x type=fanout", dedup()));
    peer.ask("queue.declare queue=q");
    peer.ask("queue.bind queue=q exchange=x");
    peer.ask("confirm.select");
    EXPECT_EQ("basic.ack delivery-tag=1", brief(peer.publish("x", "", "1", "", id("a"))));
    std::string mandatory = say(1, "basic.publish exchange=x mandatory");
    EXPECT_EQ("basic.ack delivery-tag=2",
              brief(peer.send(mandatory + content(1, "2", "", id("a")))))
        << "not returned";
    peer.publish("x", "", "3", "", id("b"));
    peer.publish("x", "", "4");
    peer.publish("x", "", "5");
    EXPECT_EQ(4u, ready(server));
}

TEST(Amqp_E4, OthersGetTheMessageAllTheSame)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q", dedup());
    peer.ask("queue.declare queue=r");
    for (const char *queue : {"q", "r"})
        peer.ask("queue.bind exchange=amq.fanout queue=" + std::string(queue));
    peer.publish("amq.fanout", "", "1", "", id("a"));
    peer.publish("amq.fanout", "", "1", "", id("a"));
    EXPECT_EQ(1u, ready(server));
    EXPECT_EQ(2u, ready(server, "r"));
}

TEST(Amqp_E4, TheDropIsAnnounced)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q", dedup());
    peer.publish("", "q", "1", "", id("a"));
    server.fake.listen(true);
    server.fake.take_events();
    peer.publish("", "q", "1", "", id("a"));
    EXPECT_EQ("drop q #2 reason=duplicate", server.fake.take_events().back());
}

TEST(Amqp_E4, WhatWasRefusedOrRolledBackIsNotKnown)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q",
             dedup().add("x-max-length", 1).add("x-overflow", "reject-publish"));
    peer.publish("", "q", "1");
    peer.publish("", "q", "2", "", id("a"));
    peer.ask("queue.purge queue=q");
    peer.publish("", "q", "2", "", id("a"));
    EXPECT_EQ(1u, ready(server));

    peer.ask("exchange.declare exchange=x type=fanout", dedup());
    peer.ask("queue.declare queue=r");
    peer.ask("queue.bind queue=r exchange=x");
    peer.ask("tx.select");
    peer.publish("x", "", "1", "", id("a"));
    peer.ask("tx.rollback");
    peer.publish("x", "", "1", "", id("a"));
    peer.ask("tx.commit");
    EXPECT_EQ(1u, ready(server, "r"));
}

TEST(Amqp_E4, IdsAreTextsOrNumbers)
{
    Server server;
    Peer peer(server);
    std::string thousand(1000, 'l');
    std::string other = thousand + "x";
    auto number       = [](GmqValueType type, int64_t value) {
        return std::string(Table().add("x-deduplication-header", type, value));
    };

    peer.ask("queue.declare queue=q", dedup());
    std::vector<std::string> headers = {number(GMQ_VALUE_I8, 5),
                                        number(GMQ_VALUE_I64, 5),
                                        id("5"),
                                        id(""),
                                        id(""),
                                        id(thousand.c_str()),
                                        id(thousand.c_str()),
                                        id(other.c_str()),
                                        number(GMQ_VALUE_BOOL, 1),
                                        number(GMQ_VALUE_BOOL, 1)};
    for (const std::string &each : headers)
        peer.publish("", "q", "", "", each);
    EXPECT_EQ(7u, ready(server)) << "5, \"5\", \"\", two long ones, and truths are no ids";
}

TEST(Amqp_E5, TheOldestIdIsForgottenFirst)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q", dedup().add("x-cache-size", 2));
    for (const char *text : {"a", "b", "a", "c", "a", "b"})
        peer.publish("", "q", "", "", id(text));
    EXPECT_EQ(5u, ready(server)) << "a b c, and a and b again";
}

TEST(Amqp_E5, IdsAreForgottenAfterAWhile)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q", dedup().add("x-cache-ttl", 1000));
    peer.publish("", "q", "", "", id("a"));
    server.advance_ms(999);
    peer.publish("", "q", "", "", id("a"));
    EXPECT_EQ(1u, ready(server));
    server.advance_ms(1);
    peer.publish("", "q", "", "", id("a"));
    EXPECT_EQ(2u, ready(server));
    server.advance_ms(999);
    peer.publish("", "q", "", "", id("a"));
    EXPECT_EQ(2u, ready(server)) << "known anew";
}

TEST(Amqp_E5, AMessageMaySayForHowLong)
{
    Server server;
    Peer peer(server);
    auto with_ttl = [](int64_t ms) {
        return std::string(Table().add("x-deduplication-header", "a").add("x-cache-ttl", ms));
    };

    peer.ask("queue.declare queue=q", dedup().add("x-cache-ttl", 1000));
    peer.publish("", "q", "", "", with_ttl(100));
    server.advance_ms(100);
    peer.publish("", "q", "", "", with_ttl(5000));
    server.advance_ms(4999);
    peer.publish("", "q", "", "", id("a"));
    EXPECT_EQ(2u, ready(server));
    server.advance_ms(1);
    peer.publish("", "q", "", "", with_ttl(0));
    peer.publish("", "q", "", "", id("a"));
    EXPECT_EQ(4u, ready(server)) << "0: not known at all";
}

TEST(Amqp_E5, AnotherHeaderCanHoldTheId)
{
    Server server;
    Peer peer(server);
    std::string mine = Table().add("my-id", "a");

    peer.ask("queue.declare queue=q", dedup().add("x-deduplication-header", "my-id"));
    peer.publish("", "q", "", "", mine);
    peer.publish("", "q", "", "", mine);
    peer.publish("", "q", "", "", id("a"));
    peer.publish("", "q", "", "", id("a"));
    EXPECT_EQ(3u, ready(server));
}

TEST(Amqp_E5, TheSwitchCanBeOff)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q", Table().add("x-message-deduplication", GMQ_VALUE_BOOL, 0));
    peer.ask("queue.declare queue=r", Table().add("x-cache-size", "nonsense"));
    for (const char *queue : {"q", "r"}) {
        peer.publish("", queue, "", "", id("a"));
        peer.publish("", queue, "", "", id("a"));
        EXPECT_EQ(2u, ready(server, queue));
    }
}

TEST(Amqp_E5, ArgumentsThatMakeNoSense)
{
    const std::string exchange = "exchange.declare exchange=x type=fanout";

    EXPECT_EQ("invalid arg 'x-message-deduplication' for queue 'q' in vhost '/': neither true nor "
              "false",
              trouble("queue.declare queue=q", Table().add("x-message-deduplication", "yes")));
    EXPECT_EQ("invalid arg 'x-cache-size' for exchange 'x' in vhost '/': 0 is not from 1 to "
              "100000000",
              trouble(exchange, dedup().add("x-cache-size", GMQ_VALUE_I64, 0)));
    EXPECT_EQ("invalid arg 'x-cache-size' for exchange 'x' in vhost '/': \"expected integer, got "
              "longstr\"",
              trouble(exchange, dedup().add("x-cache-size", "5")));
    EXPECT_EQ("invalid arg 'x-cache-ttl' for queue 'q' in vhost '/': -1 is not from 1 to "
              "315360000000",
              trouble("queue.declare queue=q", dedup().add("x-cache-ttl", -1)));
    EXPECT_EQ("invalid arg 'x-deduplication-header' for queue 'q' in vhost '/': not the name of a "
              "header",
              trouble("queue.declare queue=q", dedup().add("x-deduplication-header", "")));
}

TEST(Amqp_E5, ARedeclarationMustBeTheSame)
{
    for (const char *what : {"queue.declare queue=q", "exchange.declare exchange=x type=fanout"}) {
        Server server;
        Peer peer(server);

        peer.ask(what, dedup().add("x-cache-size", 5));
        EXPECT_NE(std::string::npos,
                  peer.ask(what, dedup().add("x-cache-size", GMQ_VALUE_I32, 5)).find("declare-ok"));
        EXPECT_EQ("channel.close 406", brief(peer.ask(what, dedup().add("x-cache-size", 6))));
    }
}
