/* What a delayed exchange delays for: core/AMQP.md 10e.5. */
#include "tests/core/amqp/peer.h"

namespace {

const std::string declare = "exchange.declare exchange=x type=x-delayed-message";

std::string
type(const char *name)
{
    return Table().add("x-delayed-type", name);
}

std::string
delay(int64_t ms)
{
    return Table().add("x-delay", ms);
}

} // namespace

TEST(Amqp_10e_5, AllTypesCanBeDelayed)
{
    for (const char *name : {"direct", "fanout", "topic", "headers", "x-random", "x-modulus-hash",
                             "x-consistent-hash", "x-recent-history"}) {
        Server server;
        Peer peer(server);

        EXPECT_EQ("exchange.declare-ok", peer.ask(declare, type(name)));
        peer.ask("queue.declare queue=q");
        EXPECT_EQ("queue.bind-ok", peer.ask("queue.bind queue=q exchange=x routing-key=1"));
        peer.publish("x", "1", "late", "", delay(100));
        peer.publish("x", "1", "soon");
        EXPECT_EQ("get-ok 1 x [1] soon left=0", peer.ask("basic.get queue=q no-ack")) << name;
        server.advance_ms(100);
        EXPECT_EQ("get-ok 2 x [1] {headers={x-delay: -100}} late left=0",
                  peer.ask("basic.get queue=q no-ack"))
            << name;
        EXPECT_EQ("queue.unbind-ok", peer.ask("queue.unbind queue=q exchange=x routing-key=1"));
    }
}

TEST(Amqp_10e_5, TheOtherTypesRulesHold)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("exchange.declare-ok", peer.ask(declare, type("x-consistent-hash")));
    peer.ask("queue.declare queue=q");
    EXPECT_EQ("channel.close 406", brief(peer.ask("queue.bind queue=q exchange=x routing-key=a")));
    peer.ask("channel.close-ok");
    peer.ask("channel.open");
    EXPECT_EQ("channel.close 406",
              brief(peer.ask("exchange.declare exchange=y type=x-delayed-message",
                             Table()
                                 .add("x-delayed-type", "x-recent-history")
                                 .add("x-recent-history-length", GMQ_VALUE_I64, 0))));
}

TEST(Amqp_10e_5, TheTypeMustBeNamed)
{
    const std::string trouble = "channel.close 406 40,10 PRECONDITION_FAILED - Invalid argument, "
                                "'x-delayed-type' must be an existing exchange type";

    for (const std::string &arguments :
         {std::string(), type("x-strange"), type("x-delayed-message"),
          std::string(Table().add("x-delayed-type", 1))}) {
        Server server;
        Peer peer(server);

        EXPECT_EQ(trouble, peer.ask(declare, arguments));
    }
    Server server;
    Peer peer(server);
    peer.ask(declare, type("direct"));
    EXPECT_EQ("exchange.declare-ok", peer.ask(declare, type("direct")));
    EXPECT_EQ("channel.close 406 40,10 PRECONDITION_FAILED - inequivalent arg 'x-delayed-type' for "
              "exchange 'x' in vhost '/': received 'fanout' but current is 'direct'",
              peer.ask(declare, type("fanout")));
}

TEST(Amqp_10e_5, WhatWaitsGoesWithTheVirtualHost)
{
    Server server;

    {
        Peer peer(server);

        peer.ask(declare, type("direct"));
        peer.publish("x", "k", "1", "", delay(100));
    }
    EXPECT_TRUE(gmq_broker_remove_vhost(server.broker, GMQ_SLICE("/"), nullptr));
    server.advance_ms(1000);
}
