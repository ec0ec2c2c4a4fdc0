/* Exchanges that remember their last messages: core/AMQP.md 10e.4. */
#include "tests/core/amqp/peer.h"

namespace {

const std::string declare = "exchange.declare exchange=x type=x-recent-history";

/* The bodies in a queue, which is emptied. */
std::string
bodies(Peer &peer, const std::string &queue)
{
    std::string all;

    for (;;) {
        std::string line = peer.ask("basic.get queue=" + queue + " no-ack");

        if (line == "basic.get-empty")
            return all;
        line = line.substr(0, line.rfind(" left="));
        all += (all.empty() ? "" : " ") + line.substr(line.rfind(' ') + 1);
    }
}

void
publish_numbers(Peer &peer, int count)
{
    for (int i = 1; i <= count; i++)
        peer.publish("x", "key", std::to_string(i));
}

} // namespace

TEST(Amqp_10e_4, ANewBindingGetsTheLastMessagesAtOnce)
{
    Server server;
    Peer peer(server);

    peer.ask(declare, Table().add("x-recent-history-length", 3));
    publish_numbers(peer, 5);
    peer.ask("queue.declare queue=q");
    EXPECT_EQ("queue.bind-ok", peer.ask("queue.bind queue=q exchange=x routing-key=other"));
    EXPECT_EQ("3 4 5", bodies(peer, "q")) << "oldest first, whatever the keys";
    peer.publish("x", "key", "6");
    EXPECT_EQ("6", bodies(peer, "q")) << "as from a fanout";
    peer.ask("queue.bind queue=q exchange=x routing-key=other");
    EXPECT_EQ("", bodies(peer, "q")) << "the same binding is no new one";
    peer.ask("queue.bind queue=q exchange=x routing-key=another");
    EXPECT_EQ("4 5 6", bodies(peer, "q"));
}

TEST(Amqp_10e_4, TwentyAreRemembered)
{
    Server server;
    Peer peer(server);

    peer.ask(declare);
    publish_numbers(peer, 25);
    peer.ask("queue.declare queue=q");
    peer.ask("queue.bind queue=q exchange=x");
    EXPECT_EQ("6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25", bodies(peer, "q"));
}

TEST(Amqp_10e_4, SomeMessagesAreNotStored)
{
    Server server;
    Peer peer(server);
    auto no_store = [](bool truth) {
        return std::string(Table().add("x-recent-history-no-store", GMQ_VALUE_BOOL, truth));
    };

    peer.ask(declare);
    peer.publish("x", "", "stored", "", no_store(false));
    peer.publish("x", "", "lost", "", no_store(true));
    peer.publish("x", "", "word", "", Table().add("x-recent-history-no-store", "true"));
    peer.ask("queue.declare queue=q");
    peer.ask("queue.bind queue=q exchange=x");
    EXPECT_EQ("stored word", bodies(peer, "q"));
}

TEST(Amqp_10e_4, AnExchangeThatIsBoundRoutesThem)
{
    Server server;
    Peer peer(server);

    peer.ask(declare);
    peer.publish("x", "a", "1");
    peer.publish("x", "b", "2", "", Table().add("BCC", std::vector<std::string>{"a"}));
    peer.publish("x", "b", "3");
    peer.ask("queue.declare queue=q");
    peer.ask("queue.bind queue=q exchange=amq.direct routing-key=a");
    peer.ask("exchange.bind destination=amq.direct source=x");
    EXPECT_EQ("get-ok 1 x [a] 1 left=1", peer.ask("basic.get queue=q no-ack"));
    EXPECT_EQ("get-ok 2 x [b] {headers={}} 2 left=0", peer.ask("basic.get queue=q no-ack"));
}

TEST(Amqp_10e_4, ARoundOfExchangesEnds)
{
    Server server;
    Peer peer(server);

    peer.ask(declare);
    peer.publish("x", "", "1");
    peer.ask("exchange.bind destination=x source=amq.fanout");
    peer.ask("exchange.bind destination=amq.fanout source=x");
    peer.ask("queue.declare queue=q");
    peer.ask("queue.bind queue=q exchange=x");
    EXPECT_EQ("1 1", bodies(peer, "q"));
}

TEST(Amqp_10e_4, WhatIsRolledBackIsNotRemembered)
{
    Server server;
    Peer peer(server);

    peer.ask(declare);
    peer.ask("tx.select");
    peer.publish("x", "", "never");
    peer.ask("tx.rollback");
    peer.publish("x", "", "later");
    peer.ask("queue.declare queue=q");
    peer.ask("queue.bind queue=q exchange=x");
    EXPECT_EQ("", bodies(peer, "q"));
    peer.ask("tx.commit");
    peer.ask("queue.bind queue=q exchange=x routing-key=again");
    EXPECT_EQ("later", bodies(peer, "q"));
}

TEST(Amqp_10e_4, TheLengthIsAPositiveInteger)
{
    for (const auto &[arguments, shown] :
         {std::pair(std::string(Table().add("x-recent-history-length", GMQ_VALUE_I64, 0)), "0"),
          std::pair(std::string(Table().add("x-recent-history-length", -1)), "-1"),
          std::pair(std::string(Table().add("x-recent-history-length", "5")), "5"),
          std::pair(std::string(Table().add("x-recent-history-length", GMQ_VALUE_BOOL, 1)),
                    "true")}) {
        Server server;
        Peer peer(server);

        EXPECT_EQ("channel.close 406 40,10 PRECONDITION_FAILED - Invalid argument " +
                      std::string(shown) + ", 'x-recent-history-length' must be a positive integer",
                  peer.ask(declare, arguments));
    }
}
