/* Settling deliveries, and messages that come back: core/AMQP.md 16. */
#include "tests/core/amqp/peer.h"

/* A queue q with messages 1 to n, and a consumer c that has them all. */
class Settling {
  public:
    explicit Settling(int count)
    {
        peer.ask("queue.declare queue=q");
        for (int i = 1; i <= count; i++)
            peer.publish("", "q", std::to_string(i));
        peer.ask("basic.consume queue=q consumer-tag=c");
        peer.ask("basic.cancel consumer-tag=c");
    }

    /* What is ready, each with an r for redelivered: "1r 2 3". */
    std::string
    ready()
    {
        Peer watcher(server);
        std::string found;

        for (;;) {
            std::string got = watcher.ask("basic.get queue=q");
            size_t left     = got.find(" left=");

            if (left == std::string::npos)
                break;
            size_t begin = got.rfind(' ', left - 1) + 1;
            found += (found.empty() ? "" : " ") + got.substr(begin, left - begin) +
                     (got.find("redelivered") == std::string::npos ? "" : "r");
        }
        watcher.ask("basic.ack multiple");
        return found;
    }

    Server server;
    Peer peer{server};
};

static std::string
unknown(const char *ids, int tag)
{
    return "channel.close 406 " + std::string(ids) +
           " PRECONDITION_FAILED - unknown delivery tag " + std::to_string(tag);
}

TEST(Amqp_16_1, OneTagOrAllUpToIt)
{
    Settling world(10);

    EXPECT_EQ("", world.peer.ask("basic.ack delivery-tag=5"));
    EXPECT_EQ("", world.peer.ask("basic.ack delivery-tag=7 multiple"));
    world.peer.ask("channel.close");
    EXPECT_EQ("8r 9r 10r", world.ready());
}

TEST(Amqp_16_1, ZeroWithMultipleIsAll)
{
    Settling world(5);

    EXPECT_EQ("", world.peer.ask("basic.ack multiple"));
    EXPECT_EQ("", world.peer.ask("basic.ack multiple")) << "none is all, too";
    world.peer.ask("channel.close");
    EXPECT_EQ("", world.ready());
}

TEST(Amqp_16_1, AnUnknownTagClosesTheChannel)
{
    for (const auto &[words, tag] :
         {std::pair("delivery-tag=4", 4), std::pair("delivery-tag=4 multiple", 4),
          std::pair("delivery-tag=2", 2), std::pair("delivery-tag=2 multiple", 2),
          std::pair("delivery-tag=0", 0), std::pair("delivery-tag=1000000 multiple", 1000000)}) {
        Settling world(3);

        world.peer.ask("basic.ack delivery-tag=2");
        EXPECT_EQ(unknown("60,80", tag), world.peer.ask("basic.ack " + std::string(words)));
        EXPECT_EQ("1r 3r", world.ready());
    }
}

TEST(Amqp_16_1, TheLargestTagIsUnknownToo)
{
    Settling world(3);

    EXPECT_EQ("channel.close 406 60,80 PRECONDITION_FAILED - unknown delivery tag "
              "18446744073709551615",
              world.peer.ask("basic.ack delivery-tag=18446744073709551615 multiple"));
}

TEST(Amqp_16_2, NackKnowsTheSameTags)
{
    Settling world(6);

    EXPECT_EQ("", world.peer.ask("basic.nack delivery-tag=2 requeue"));
    EXPECT_EQ("", world.peer.ask("basic.nack delivery-tag=4 multiple requeue"));
    EXPECT_EQ("1r 2r 3r 4r", world.ready());
    EXPECT_EQ("", world.peer.ask("basic.nack multiple"));
    EXPECT_EQ("", world.ready()) << "without requeue they are dropped";
    EXPECT_EQ(unknown("60,120", 6), world.peer.ask("basic.nack delivery-tag=6"));
}

TEST(Amqp_16_2, RejectIsForOne)
{
    Settling world(3);

    EXPECT_EQ("", world.peer.ask("basic.reject delivery-tag=1 requeue"));
    EXPECT_EQ("", world.peer.ask("basic.reject delivery-tag=2"));
    EXPECT_EQ("1r", world.ready());
    EXPECT_EQ(unknown("60,90", 0), world.peer.ask("basic.reject delivery-tag=0 requeue"));
}

TEST(Amqp_16_3, ATagIsOneChannelsOwn)
{
    Settling world(3);

    world.peer.ask(2, "channel.open");
    EXPECT_EQ("#2 " + unknown("60,80", 1), world.peer.ask(2, "basic.ack delivery-tag=1"));
    EXPECT_EQ("", world.peer.ask("basic.ack delivery-tag=1"));
}

TEST(Amqp_16_3, AnAckAfterTheQueueIsFine)
{
    Settling world(3);

    world.peer.ask("queue.delete queue=q");
    EXPECT_EQ("", world.peer.ask("basic.ack delivery-tag=3 multiple"));
    EXPECT_EQ(unknown("60,80", 3), world.peer.ask("basic.ack delivery-tag=3"));
}

/* ---- requeue ---- */

TEST(Amqp_16_4, WhatComesBackGoesToItsOldPlace)
{
    Settling world(5);

    world.peer.publish("", "q", "6");
    world.peer.publish("", "q", "7");
    world.peer.ask("basic.reject delivery-tag=4 requeue");
    world.peer.ask("basic.reject delivery-tag=2 requeue");
    EXPECT_EQ("2r 4r 6 7", world.ready());
}

TEST(Amqp_16_4, AllWaysBackLeadThere)
{
    for (const char *end :
         {"basic.nack multiple requeue", "basic.recover requeue", "basic.recover-async requeue",
          "channel.close", "connection.close", "queue.purge queue=nix"}) {
        Settling world(4);

        world.peer.publish("", "q", "5");
        world.peer.ask("basic.ack delivery-tag=3");
        world.peer.ask(end);
        EXPECT_EQ("1r 2r 4r 5", world.ready()) << end;
    }
}

TEST(Amqp_16_4, RedeliveredStays)
{
    Settling world(1);

    world.peer.ask("basic.reject delivery-tag=1 requeue");
    EXPECT_EQ("get-ok 2 redelivered [q] 1 left=0", world.peer.ask("basic.get queue=q"));
    world.peer.ask("channel.close");
    EXPECT_EQ("1r", world.ready());
}

TEST(Amqp_16_4, ItComesBetweenThoseThatStoodAroundIt)
{
    Settling world(6);

    for (int tag : {5, 1, 3})
        world.peer.ask("basic.reject requeue delivery-tag=" + std::to_string(tag));
    EXPECT_EQ("get-ok 7 redelivered [q] 1 left=2", world.peer.ask("basic.get queue=q"));
    world.peer.ask("basic.reject delivery-tag=2 requeue");
    world.peer.ask("basic.reject delivery-tag=7 requeue");
    EXPECT_EQ("1r 2r 3r 5r", world.ready());
}

TEST(Amqp_16_5, ALoneConsumerGetsItStraightBack)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.ask("basic.consume queue=q consumer-tag=c");
    peer.publish("", "q", "task");
    EXPECT_EQ("deliver c 2 redelivered [q] task", peer.ask("basic.nack delivery-tag=1 requeue"));
    EXPECT_EQ("basic.recover-ok\ndeliver c 3 redelivered [q] task",
              peer.ask("basic.recover requeue"));
}

TEST(Amqp_16_5, AnotherOneMayGetIt)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.ask("basic.consume queue=q consumer-tag=a");
    peer.ask("basic.consume queue=q consumer-tag=b");
    EXPECT_EQ("deliver a 1 [q] task", peer.publish("", "q", "task"));
    EXPECT_EQ("deliver b 2 redelivered [q] task", peer.ask("basic.reject delivery-tag=1 requeue"));
}

TEST(Amqp_16_6, TheEndGivesEverythingBackEvenWhatWasNotSeen)
{
    Server server;
    Peer peer(server);
    Peer watcher(server);

    watcher.ask("queue.declare queue=q");
    for (const char *body : {"1", "2", "3"})
        watcher.publish("", "q", body);
    peer.set_room(0);
    peer.put(say(1, "basic.get queue=q") + say(1, "basic.consume queue=q"));
    server.turn();
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=1", watcher.ask("queue.declare queue=q"));
    peer.lose();
    for (const char *body : {"1", "2", "3"})
        EXPECT_NE(std::string::npos,
                  watcher.ask("basic.get queue=q").find("redelivered [q] " + std::string(body)));
}

TEST(Amqp_16_6, AnotherConsumerGoesOn)
{
    Server server;
    Peer first(server);
    Peer second(server);

    first.ask("queue.declare queue=q");
    first.ask("basic.qos prefetch-count=2");
    first.ask("basic.consume queue=q consumer-tag=a");
    second.ask("basic.qos prefetch-count=3");
    for (const char *body : {"1", "2", "3"})
        first.publish("", "q", body);
    second.ask("basic.consume queue=q consumer-tag=b");
    first.lose();
    EXPECT_EQ("deliver b 2 redelivered [q] 1\ndeliver b 3 redelivered [q] 2", second.read());
}

TEST(Amqp_16_7, RecoverGivesAllBack)
{
    Settling world(3);

    EXPECT_EQ("basic.recover-ok", world.peer.ask("basic.recover requeue"));
    EXPECT_EQ("1r 2r 3r", world.ready());
    EXPECT_EQ("basic.recover-ok", world.peer.ask("basic.recover requeue"));
}

TEST(Amqp_16_7, RecoverAsyncSaysNothing)
{
    Settling world(3);

    EXPECT_EQ("", world.peer.ask("basic.recover-async requeue"));
    EXPECT_EQ("1r 2r 3r", world.ready());
}

TEST(Amqp_16_7, RecoverWithoutRequeueIsNotThere)
{
    for (const auto &[method, ids] :
         {std::pair("basic.recover", "60,110"), std::pair("basic.recover-async", "60,100")}) {
        Settling world(1);

        EXPECT_EQ("connection.close 540 " + std::string(ids) + " NOT_IMPLEMENTED - requeue=false",
                  world.peer.ask(method));
    }
}

TEST(Amqp_16_9, AMessageMayComeBackAnyNumberOfTimes)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.publish("", "q", "task");
    for (int tag = 1; tag < 100; tag++) {
        peer.ask("basic.get queue=q");
        peer.ask("basic.reject requeue delivery-tag=" + std::to_string(tag));
    }
    EXPECT_EQ("get-ok 100 redelivered [q] task left=0", peer.ask("basic.get queue=q"))
        << "and no header counts them";
}
