/* Queues that go by themselves: core/AMQP.md 10.9 to 10.11. */
#include "tests/core/amqp/peer.h"

/* What a client of its own finds. */
static std::string
look_at(Server *server, const std::string &queue)
{
    Peer watcher(*server);

    return brief(watcher.ask("queue.declare passive queue=" + queue), 4);
}

TEST(Amqp_10_9, AutoDeleteGoesWithTheLastConsumer)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q auto-delete");
    peer.ask("basic.get queue=q");
    peer.ask("basic.consume queue=q consumer-tag=a");
    peer.ask("basic.consume queue=q consumer-tag=b");
    peer.ask("basic.cancel consumer-tag=a");
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=1", look_at(&server, "q"));
    EXPECT_EQ(
        "basic.cancel-ok consumer-tag=b\n"
        "channel.close 404 50,10 NOT_FOUND - no queue 'q' in vhost '/'",
        peer.send(say(1, "basic.cancel consumer-tag=b") + say(1, "queue.declare queue=q passive")));
}

TEST(Amqp_10_9, ItStaysWithoutEverHavingHadOne)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q auto-delete");
    peer.publish("", "q", "one");
    peer.ask("basic.get queue=q no-ack");
    peer.ask("connection.close");
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0", look_at(&server, "q"));
}

TEST(Amqp_10_9, AnyEndOfTheConsumerWillDo)
{
    for (const char *end : {"channel.close", "connection.close", "basic.ack delivery-tag=99"}) {
        Server server;
        Peer peer(server);

        peer.ask("queue.declare queue=q auto-delete");
        peer.publish("", "q", "one");
        peer.ask("basic.consume queue=q consumer-tag=a");
        peer.ask(end);
        EXPECT_EQ("channel.close 404 50,10 NOT_FOUND", look_at(&server, "q")) << end;
    }
}

TEST(Amqp_10_9, TheLastConsumersMessagesGoWithTheQueue)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q auto-delete");
    peer.publish("", "q", "one");
    peer.ask("basic.consume queue=q consumer-tag=a");
    peer.ask("basic.cancel consumer-tag=a");
    peer.ask("queue.declare queue=q auto-delete");
    EXPECT_EQ("", peer.ask("basic.nack delivery-tag=1 requeue"));
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0", look_at(&server, "q"));
}

TEST(Amqp_10_10, TransientQueuesAreFine)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0", peer.ask("queue.declare queue=q"));
}

TEST(Amqp_10_11, AnExclusiveQueueGoesWithItsConnection)
{
    for (bool is_lost : {false, true}) {
        Server server;
        Peer peer(server);
        Peer publisher(server);

        peer.ask("queue.declare queue=mine exclusive");
        peer.ask("queue.declare queue=also-mine exclusive durable");
        peer.ask("basic.consume queue=mine");
        peer.ask("channel.close");
        EXPECT_EQ("channel.close 405 50,10 RESOURCE_LOCKED", look_at(&server, "mine"))
            << "it is the connection's, not the channel's";
        if (is_lost)
            peer.lose();
        else
            peer.ask("connection.close");
        EXPECT_EQ("channel.close 404 50,10 NOT_FOUND", look_at(&server, "mine"));
        EXPECT_EQ("channel.close 404 50,10 NOT_FOUND", look_at(&server, "also-mine"));
    }
}

TEST(Amqp_10_11, ADeletedOneCanBeSomebodyElses)
{
    Server server;
    Peer first(server);
    Peer second(server);

    first.ask("queue.declare queue=mine exclusive");
    first.ask("queue.delete queue=mine");
    second.ask("queue.declare queue=mine exclusive");
    first.ask("connection.close");
    EXPECT_EQ("queue.declare-ok mine messages=0 consumers=0",
              second.ask("queue.declare queue=mine exclusive"));
}

TEST(Amqp_10_11, ThoseThatAreGoneAreForgotten)
{
    Server server;
    Peer peer(server);

    for (int i = 0; i < 1000; i++) {
        peer.ask("queue.declare exclusive queue=" + std::to_string(i));
        peer.ask("queue.declare exclusive queue=" + std::to_string(i));
        peer.ask("queue.delete queue=" + std::to_string(i - i % 5));
    }
    EXPECT_EQ(800u, server.vhost()->queue_list.length);
    peer.lose();
    EXPECT_EQ(0u, server.vhost()->queue_list.length);
}
