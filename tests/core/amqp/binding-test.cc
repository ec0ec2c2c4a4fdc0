/* Bindings, and the way of a message through them: core/AMQP.md 10c and 10d, as far as a client
 * sees it. The rules of matching themselves are looked at in tests/core/broker. */
#include "tests/core/amqp/peer.h"

using Keys = std::vector<std::string>;

/* The bodies of all messages that are ready, with a blank behind each. */
static std::string
empty(Peer *peer, const std::string &queue)
{
    std::string bodies;

    for (;;) {
        std::string got = peer->ask("basic.get no-ack queue=" + queue);
        size_t left     = got.find(" left=");

        if (left == std::string::npos)
            return bodies;
        bodies += got.substr(got.rfind(' ', left - 1) + 1, left - got.rfind(' ', left - 1));
    }
}

TEST(Amqp_10_13, BothEndsMustBeThere)
{
    for (const auto &[method, reply] :
         {std::pair("queue.bind queue=nix exchange=amq.direct",
                    "50,20 NOT_FOUND - no queue 'nix' in vhost '/'"),
          std::pair("queue.bind queue=q exchange=nix",
                    "50,20 NOT_FOUND - no exchange 'nix' in vhost '/'"),
          std::pair("exchange.bind source=nix destination=amq.direct",
                    "40,30 NOT_FOUND - no exchange 'nix' in vhost '/'"),
          std::pair("exchange.bind source=amq.direct destination=nix",
                    "40,30 NOT_FOUND - no exchange 'nix' in vhost '/'")}) {
        Server server;
        Peer peer(server);

        peer.ask("queue.declare queue=q");
        EXPECT_EQ("channel.close 404 " + std::string(reply), peer.ask(method));
    }
}

TEST(Amqp_10_13, TheSameBindingIsThereOnce)
{
    Server server;
    Peer peer(server);
    std::string bind  = "queue.bind queue=q exchange=amq.direct routing-key=k";
    std::string table = Table().add("a", 1).add("b", 2);
    std::string other = Table().add("b", 2).add("a", GMQ_VALUE_I8, 1);

    peer.ask("queue.declare queue=q");
    for (const std::string &arguments : {std::string(), std::string(), table, other})
        EXPECT_EQ("queue.bind-ok", peer.ask(bind, arguments));

    /* Two are there: the one without arguments, and the one with them in whatever order. */
    peer.ask("queue.unbind queue=q exchange=amq.direct routing-key=k", table);
    peer.publish("amq.direct", "k", "still");
    peer.ask("queue.unbind queue=q exchange=amq.direct routing-key=k");
    peer.publish("amq.direct", "k", "gone");
    EXPECT_EQ("still ", empty(&peer, "q"));
}

TEST(Amqp_10_13, AnotherKeyIsAnotherBinding)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.ask("queue.bind queue=q exchange=amq.direct routing-key=a");
    peer.ask("queue.bind queue=q exchange=amq.direct routing-key=b");
    peer.ask("queue.unbind queue=q exchange=amq.direct routing-key=a");
    peer.publish("amq.direct", "a", "gone");
    peer.publish("amq.direct", "b", "still");
    EXPECT_EQ("still ", empty(&peer, "q"));
}

TEST(Amqp_10_14, UnbindingWhatIsMissingIsFine)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    for (const char *method :
         {"queue.unbind queue=q exchange=amq.direct routing-key=k",
          "queue.unbind queue=nix exchange=amq.direct", "queue.unbind queue=q exchange=nix"})
        EXPECT_EQ("queue.unbind-ok", peer.ask(method));
    for (const char *method : {"exchange.unbind source=amq.direct destination=amq.fanout",
                               "exchange.unbind source=nix destination=amq.fanout",
                               "exchange.unbind source=amq.direct destination=nix"})
        EXPECT_EQ("exchange.unbind-ok", peer.ask(method));
}

TEST(Amqp_10_15, TheDefaultBindingCannotBeTouched)
{
    for (const auto &[method, ids] : {std::pair("queue.bind queue=q routing-key=k", "50,20"),
                                      std::pair("queue.unbind queue=q routing-key=q", "50,50")}) {
        Server server;
        Peer peer(server);

        peer.ask("queue.declare queue=q");
        EXPECT_EQ("channel.close 403 " + std::string(ids) +
                      " ACCESS_REFUSED - operation not permitted on the default exchange",
                  peer.ask(method));
    }
}

TEST(Amqp_10_16, AHeadersBindingMustSayHowToMatch)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    for (const char *match : {"all", "any", "all-with-x", "any-with-x"})
        EXPECT_EQ("queue.bind-ok", peer.ask("queue.bind queue=q exchange=amq.headers",
                                            Table().add("x-match", match)));
    EXPECT_EQ("channel.close 406", brief(peer.ask("queue.bind queue=q exchange=amq.headers",
                                                  Table().add("x-match", "some"))));
}

/* ---- routing ---- */

TEST(Amqp_10_17, AQueueGetsOneCopy)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    for (const char *key : {"a", "b", "#", "*"})
        peer.ask("queue.bind queue=q exchange=amq.topic routing-key=" + std::string(key));
    peer.ask("exchange.bind source=amq.topic destination=amq.fanout routing-key=a");
    peer.ask("queue.bind queue=q exchange=amq.fanout");
    peer.publish("amq.topic", "a", "once", "", Table().add("CC", Keys{"b", "a"}));
    EXPECT_EQ("queue.declare-ok q messages=1 consumers=0", peer.ask("queue.declare queue=q"));
}

TEST(Amqp_10_18, TheDefaultExchangeKnowsQueuesByName)
{
    Server server;
    Peer peer(server);

    for (const char *queue : {"q", "r", "s"})
        peer.ask("queue.declare queue=" + std::string(queue));
    peer.publish("", "q", "copied", "", Table().add("CC", Keys{"r", "nix"}).add("BCC", Keys{"s"}));
    for (const char *queue : {"q", "r", "s"})
        EXPECT_EQ("copied ", empty(&peer, queue));
}

TEST(Amqp_10_19, DirectComparesTheKeyFanoutDoesNot)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.ask("queue.bind queue=q exchange=amq.direct routing-key=error");
    peer.ask("queue.bind queue=q exchange=amq.fanout routing-key=error");
    for (const char *exchange : {"amq.direct", "amq.fanout"}) {
        for (const char *key : {"error", "errors", "Error", ""})
            peer.publish(exchange, key, std::string(exchange) + ":" + key);
    }
    EXPECT_EQ("amq.direct:error amq.fanout:error amq.fanout:errors amq.fanout:Error amq.fanout: ",
              empty(&peer, "q"));
}

TEST(Amqp_10_20, TopicsAreMatchedWordByWord)
{
    Server server;
    Peer peer(server);

    for (const char *pattern : {"user.*", "system.#", "*.error", "#", "", "a.", "*"}) {
        peer.ask("queue.declare queue=<" + std::string(pattern) + ">");
        peer.ask("queue.bind exchange=amq.topic queue=<" + std::string(pattern) +
                 "> routing-key=" + pattern);
    }
    for (const char *key : {"user.error", "system", "system.disk.full", "User.login", "a.", ""})
        peer.publish("amq.topic", key, "<" + std::string(key) + ">");
    EXPECT_EQ("<user.error> ", empty(&peer, "<user.*>"));
    EXPECT_EQ("<system> <system.disk.full> ", empty(&peer, "<system.#>"));
    EXPECT_EQ("<user.error> ", empty(&peer, "<*.error>"));
    EXPECT_EQ("<user.error> <system> <system.disk.full> <User.login> <a.> <> ",
              empty(&peer, "<#>"));
    EXPECT_EQ("<> ", empty(&peer, "<>"));
    EXPECT_EQ("<a.> ", empty(&peer, "<a.>"));
    EXPECT_EQ("<system> ", empty(&peer, "<*>"));
}

TEST(Amqp_10_21, HeadersAreMatchedByValue)
{
    Server server;
    Peer peer(server);
    std::string red = Table().add("color", "red").add("size", 5);

    for (const char *match : {"all", "any"}) {
        peer.ask("queue.declare queue=" + std::string(match));
        peer.ask("queue.bind exchange=amq.headers queue=" + std::string(match),
                 std::string(Table().add("x-match", match)) + red);
    }
    peer.publish("amq.headers", "all", "both", "",
                 Table().add("size", GMQ_VALUE_I8, 5).add("color", "red").add("more", 1));
    peer.publish("amq.headers", "all", "one", "", Table().add("color", "red").add("size", 6));
    peer.publish("amq.headers", "all", "none", "", Table().add("color", "blue"));
    peer.publish("amq.headers", "all", "nothing");
    EXPECT_EQ("both ", empty(&peer, "all"));
    EXPECT_EQ("both one ", empty(&peer, "any"));
}

TEST(Amqp_10_22, ExchangesFeedExchangesEvenInACircle)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.ask("queue.declare queue=r");
    peer.ask("exchange.declare exchange=a type=fanout");
    peer.ask("exchange.declare exchange=b type=topic");
    peer.ask("exchange.bind source=a destination=b");
    peer.ask("exchange.bind source=b destination=a routing-key=#");
    peer.ask("queue.bind queue=q exchange=b routing-key=*.error");
    peer.ask("queue.bind queue=r exchange=a");
    peer.publish("a", "disk.error", "through-a");
    peer.publish("b", "disk.ok", "through-b");
    EXPECT_EQ("through-a ", empty(&peer, "q"));
    EXPECT_EQ("through-a through-b ", empty(&peer, "r"));
}

TEST(Amqp_10_23, WhatFindsNothingTriesTheAlternate)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=spare");
    peer.ask("exchange.declare exchange=last type=fanout", Table().add("alternate-exchange", "x"));
    peer.ask("exchange.declare exchange=middle type=direct",
             Table().add("alternate-exchange", "last"));
    peer.ask("exchange.declare exchange=x type=direct",
             Table().add("alternate-exchange", "middle"));
    EXPECT_EQ(
        "return 312 NO_ROUTE x [k] lost",
        peer.send(say(1, "basic.publish exchange=x routing-key=k mandatory") + content(1, "lost")))
        << "the circle ends where it began";
    peer.ask("queue.bind queue=spare exchange=last");
    EXPECT_EQ("", peer.send(say(1, "basic.publish exchange=x routing-key=k mandatory") +
                            content(1, "found")));
    EXPECT_EQ("get-ok 1 x [k] found left=0", peer.ask("basic.get queue=spare"));
}

TEST(Amqp_10_24, CcStaysBccGoes)
{
    Server server;
    Peer peer(server);
    std::string cc = Table().add("CC", Keys{"r"});

    for (const char *queue : {"q", "r", "s"})
        peer.ask("queue.declare queue=" + std::string(queue));
    peer.publish("", "q", "hello", "", cc + std::string(Table().add("BCC", Keys{"s"})));
    for (const char *queue : {"q", "r", "s"}) {
        EXPECT_NE("basic.get-empty", peer.ask("basic.get queue=" + std::string(queue)));
        EXPECT_EQ(header_payload(5, "", cc), peer.listener.last_header);
    }
}

TEST(Amqp_10_24, OnlyArraysAreTaken)
{
    for (const char *name : {"CC", "BCC"}) {
        Server server;
        Peer peer(server);

        peer.ask("queue.declare queue=q");
        EXPECT_EQ("channel.close 406",
                  brief(peer.publish("", "q", "hello", "", Table().add(name, "r"))));
        Peer watcher(server);
        EXPECT_EQ("queue.declare-ok q messages=0 consumers=0",
                  watcher.ask("queue.declare queue=q"));
    }
}
