/* Exchanges come and go: core/AMQP.md 9. */
#include "tests/core/amqp/peer.h"

static const char ok[] = "exchange.declare-ok";

TEST(Amqp_9_1, TheyAreThereFromTheBeginning)
{
    for (const auto &[name, type] :
         {std::pair("amq.direct", "direct"), std::pair("amq.fanout", "fanout"),
          std::pair("amq.topic", "topic"), std::pair("amq.headers", "headers"),
          std::pair("amq.match", "headers")}) {
        Server server;
        Peer peer(server);
        std::string declare = "exchange.declare exchange=" + std::string(name) + " type=" + type;

        EXPECT_EQ(ok, peer.ask(declare + " durable")) << name;
        EXPECT_EQ("channel.close 406", brief(peer.ask(declare))) << "it is durable";
    }
    Server server;
    Peer peer(server);
    EXPECT_EQ(ok, peer.ask("exchange.declare exchange=amq.rabbitmq.trace type=topic durable "
                           "internal"));
}

TEST(Amqp_9_2, ThereAreFourTypesAndThoseOfPlugins)
{
    Server server;
    Peer peer(server);

    for (const char *type : {"direct", "fanout", "topic", "headers", "x-consistent-hash",
                             "x-modulus-hash", "x-random", "x-recent-history"})
        EXPECT_EQ(ok, peer.ask("exchange.declare exchange=" + std::string(type) + " type=" + type));
    EXPECT_EQ("channel.close 406 40,10 PRECONDITION_FAILED - unknown exchange type 'x-strange'",
              peer.ask("exchange.declare exchange=x type=x-strange"));
}

/* ---- again ---- */

struct Again {
    const char *words;
    const char *trouble; /* behind "inequivalent arg "; "" when it is the same */
};

class Amqp_9_3 : public testing::TestWithParam<Again> {};

TEST_P(Amqp_9_3, ARedeclarationMustBeTheSame)
{
    Server server;
    Peer peer(server);
    std::string trouble = GetParam().trouble;

    EXPECT_EQ(ok, peer.ask("exchange.declare exchange=x type=topic durable auto-delete"));
    EXPECT_EQ(trouble.empty()
                  ? ok
                  : "channel.close 406 40,10 PRECONDITION_FAILED - inequivalent arg " + trouble,
              peer.ask("exchange.declare exchange=x " + std::string(GetParam().words)));
}

INSTANTIATE_TEST_SUITE_P(
    With, Amqp_9_3,
    testing::Values(Again{"type=topic durable auto-delete", ""},
                    Again{"type=direct durable auto-delete",
                          "'type' for exchange 'x' in vhost '/': received 'direct' but current is "
                          "'topic'"},
                    Again{"type=topic auto-delete",
                          "'durable' for exchange 'x' in vhost '/': received 'false' but current "
                          "is 'true'"},
                    Again{"type=topic durable",
                          "'auto_delete' for exchange 'x' in vhost '/': received 'false' but "
                          "current is 'true'"},
                    Again{"type=topic durable auto-delete internal",
                          "'internal' for exchange 'x' in vhost '/': received 'true' but current "
                          "is 'false'"}));

TEST(Amqp_9_3, TheAlternateCountsOtherArgumentsDoNot)
{
    Server server;
    Peer peer(server);
    std::string alternate = Table().add("alternate-exchange", "spare");
    std::string declare   = "exchange.declare exchange=x type=direct";

    EXPECT_EQ(ok, peer.ask(declare, alternate + std::string(Table().add("x-note", 1))));
    EXPECT_EQ(ok, peer.ask(declare, std::string(Table().add("x-note", "other")) + alternate));
    EXPECT_EQ(ok, peer.ask(declare, alternate));
    EXPECT_EQ("channel.close 406 40,10 PRECONDITION_FAILED - inequivalent arg "
              "'alternate-exchange' for exchange 'x' in vhost '/': received none but current is "
              "the value 'spare' of type 'longstr'",
              peer.ask(declare));
}

/* ---- names ---- */

TEST(Amqp_9_4, TheDefaultExchangeIsNotForClients)
{
    const std::string refusal = " ACCESS_REFUSED - operation not permitted on the default exchange";

    for (const auto &[method, ids] : {std::pair("exchange.declare type=direct", "40,10"),
                                      std::pair("exchange.declare type=direct passive", "40,10"),
                                      std::pair("exchange.delete", "40,20"),
                                      std::pair("exchange.bind destination=amq.direct", "40,30"),
                                      std::pair("exchange.bind source=amq.direct", "40,30"),
                                      std::pair("exchange.unbind destination=amq.direct", "40,40"),
                                      std::pair("exchange.unbind source=amq.direct", "40,40")}) {
        Server server;
        Peer peer(server);

        EXPECT_EQ("channel.close 403 " + std::string(ids) + refusal, peer.ask(method)) << method;
    }
}

TEST(Amqp_9_4, NamesThatBeginWithAmqAreReserved)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("channel.close 403 40,10 ACCESS_REFUSED - exchange name 'amq.new' contains reserved "
              "prefix 'amq.*'",
              peer.ask("exchange.declare exchange=amq.new type=direct"));
    Peer other(server);
    EXPECT_EQ("channel.close 403 40,20 ACCESS_REFUSED - deletion of system exchange 'amq.topic' in "
              "vhost '/' not allowed",
              other.ask("exchange.delete exchange=amq.topic"));
    Peer third(server);
    EXPECT_EQ("channel.close 403", brief(third.ask("exchange.delete exchange=amq.nix")));
}

TEST(Amqp_9_4, PredeclaredOnesMayBeDeclaredAgain)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ(ok, peer.ask("exchange.declare exchange=amq.topic type=topic durable"));
    EXPECT_EQ(ok, peer.ask("exchange.declare exchange=amq.topic passive"));
}

TEST(Amqp_9_4, LineEndsAreTakenOutOfNames)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ(ok, peer.ask("exchange.declare exchange=a\r\nb\n type=fanout"));
    EXPECT_EQ(ok, peer.ask("exchange.declare exchange=ab passive"));
    EXPECT_EQ(ok, peer.ask("exchange.declare exchange=\nab passive"));
}

TEST(Amqp_9_4, AllElseMayStandInAName)
{
    Server server;
    Peer peer(server);

    for (const std::string &name : {std::string("\t.,;:/\\#*\"'%"), std::string("über"),
                                    std::string("\0x", 2), std::string(255, 'n')})
        EXPECT_EQ(ok + std::string("\n") + ok,
                  peer.send(say(1, "exchange.declare type=fanout exchange=" + name) +
                            say(1, "exchange.declare passive exchange=" + name)));
}

TEST(Amqp_9_5, PassiveOnlyLooks)
{
    Server server;
    Peer peer(server);

    peer.ask("exchange.declare exchange=x type=topic");
    EXPECT_EQ(ok, peer.ask("exchange.declare exchange=x passive type=direct durable internal",
                           Table().add("alternate-exchange", "y")));
    EXPECT_EQ("channel.close 404 40,10 NOT_FOUND - no exchange 'nix' in vhost '/'",
              peer.ask("exchange.declare exchange=nix passive type=direct"));
}

/* ---- delete ---- */

TEST(Amqp_9_6, AMissingOneIsDeletedWithoutAWord)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("exchange.delete-ok", peer.ask("exchange.delete exchange=nix"));
    EXPECT_EQ("exchange.delete-ok", peer.ask("exchange.delete exchange=nix if-unused"));
}

TEST(Amqp_9_6, IfUnusedMeansWithoutBindingsFromIt)
{
    Server server;
    Peer peer(server);

    peer.ask("exchange.declare exchange=x type=direct");
    peer.ask("exchange.declare exchange=y type=direct");
    peer.ask("exchange.bind source=x destination=y");
    EXPECT_EQ("exchange.delete-ok", peer.ask("exchange.delete exchange=y if-unused"));
    EXPECT_EQ("exchange.delete-ok", peer.ask("exchange.delete exchange=x if-unused"));

    peer.ask("exchange.declare exchange=x type=direct");
    peer.ask("queue.declare queue=q");
    peer.ask("queue.bind queue=q exchange=x");
    EXPECT_EQ("channel.close 406 40,20 PRECONDITION_FAILED - exchange 'x' in vhost '/' in use",
              peer.ask("exchange.delete exchange=x if-unused"));
}

static bool
has_exchange(Server *server, const std::string &name)
{
    Peer watcher(*server);

    return watcher.ask("exchange.declare passive exchange=" + name) == ok;
}

TEST(Amqp_9_7, AutoDeleteGoesWithItsLastBinding)
{
    Server server;
    Peer peer(server);

    peer.ask("exchange.declare exchange=x type=direct auto-delete");
    peer.ask("queue.declare queue=q");
    peer.ask("queue.bind queue=q exchange=x routing-key=a");
    peer.ask("queue.bind queue=q exchange=x routing-key=b");
    peer.ask("queue.unbind queue=q exchange=x routing-key=a");
    EXPECT_TRUE(has_exchange(&server, "x"));
    peer.ask("queue.unbind queue=q exchange=x routing-key=b");
    EXPECT_FALSE(has_exchange(&server, "x"));
}

TEST(Amqp_9_7, AutoDeleteGoesWithTheQueueToo)
{
    Server server;
    Peer peer(server);

    peer.ask("exchange.declare exchange=x type=direct auto-delete");
    peer.ask("queue.declare queue=q exclusive");
    peer.ask("queue.bind queue=q exchange=x");
    peer.ask("connection.close");
    EXPECT_FALSE(has_exchange(&server, "x"));
}

TEST(Amqp_9_7, OnlyBindingsFromItCount)
{
    Server server;
    Peer peer(server);

    peer.ask("exchange.declare exchange=x type=direct auto-delete");
    peer.ask("exchange.bind source=amq.direct destination=x");
    peer.ask("exchange.unbind source=amq.direct destination=x");
    EXPECT_TRUE(has_exchange(&server, "x")) << "it never had one";
}

TEST(Amqp_9_8, AnInternalOneIsNotForPublishers)
{
    Server server;
    Peer peer(server);

    peer.ask("exchange.declare exchange=inner type=fanout internal");
    peer.ask("exchange.declare exchange=outer type=direct",
             Table().add("alternate-exchange", "inner"));
    peer.ask("exchange.bind source=outer destination=inner routing-key=k");
    peer.ask("queue.declare queue=q");
    peer.ask("queue.bind queue=q exchange=inner");
    peer.publish("outer", "k", "bound");
    peer.publish("outer", "other", "alternate");
    EXPECT_EQ("get-ok 1 outer [k] bound left=1", peer.ask("basic.get queue=q"));
    EXPECT_EQ("get-ok 2 outer [other] alternate left=0", peer.ask("basic.get queue=q"));
    EXPECT_EQ("channel.close 403 60,40 ACCESS_REFUSED - cannot publish to internal exchange "
              "'inner' in vhost '/'",
              peer.publish("inner", "k", "direct"));
}

TEST(Amqp_9_9, TheAlternateIsAName)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ(ok, peer.ask("exchange.declare exchange=x type=direct",
                           Table().add("alternate-exchange", "not there")));
    EXPECT_EQ("channel.close 406 40,10 PRECONDITION_FAILED - invalid type 'signedint' for arg "
              "'alternate-exchange' in exchange 'y' in vhost '/'",
              peer.ask("exchange.declare exchange=y type=direct",
                       Table().add("alternate-exchange", GMQ_VALUE_I32, 5)));
}

TEST(Amqp_9_10, BindingsGoMessagesStay)
{
    Server server;
    Peer peer(server);

    peer.ask("exchange.declare exchange=x type=fanout");
    peer.ask("queue.declare queue=q");
    peer.ask("queue.bind queue=q exchange=x");
    peer.ask("exchange.bind source=amq.fanout destination=x");
    peer.publish("amq.fanout", "k", "one");
    EXPECT_EQ("exchange.delete-ok", peer.ask("exchange.delete exchange=x"));
    peer.ask("exchange.declare exchange=x type=fanout");
    peer.publish("amq.fanout", "k", "two");
    peer.publish("x", "k", "three");
    EXPECT_EQ("get-ok 1 amq.fanout [k] one left=0", peer.ask("basic.get queue=q"));
}
