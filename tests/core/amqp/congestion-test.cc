/* Back-pressure: what happens to a client that does not read, and to nobody else. */
#include "core/amqp/connection.h"
#include "tests/core/amqp/peer.h"

static size_t
waiting_bytes(const Peer &peer)
{
    return peer.connection->output.size;
}

TEST(Congestion, AConsumerThatDoesNotReadGetsABoundedAmount)
{
    Server server;
    Peer producer(server);
    Peer consumer(server);

    consumer.ask("queue.declare queue=q");
    consumer.ask("basic.consume queue=q consumer-tag=c no-ack");
    consumer.set_room(0);
    for (int i = 0; i < 2000; i++)
        producer.publish("", "q", std::string(3000, 'x'));
    EXPECT_LE(waiting_bytes(consumer), GMQ_OUTPUT_HIGH + 4000u);
    EXPECT_GT(waiting_bytes(consumer), GMQ_OUTPUT_HIGH - 4000u);
    EXPECT_TRUE(producer.can_read()) << "the queue takes the rest";
    EXPECT_TRUE(consumer.can_read()) << "it may still ack and cancel";
}

TEST(Congestion, ItGoesOnWhenTheConsumerReads)
{
    Server server;
    Peer producer(server);
    Peer consumer(server);
    int count = 0;

    consumer.ask("queue.declare queue=q");
    consumer.ask("basic.consume queue=q consumer-tag=c no-ack");
    consumer.set_room(0);
    for (int i = 0; i < 2000; i++)
        producer.publish("", "q", std::string(3000, 'x'));
    for (std::string lines = consumer.drain(); !lines.empty(); lines = consumer.read())
        count += static_cast<int>(std::count(lines.begin(), lines.end(), '\n')) + 1;
    EXPECT_EQ(2000, count);
    EXPECT_EQ(0u, waiting_bytes(consumer));
}

TEST(Congestion, ItGoesOnWhenLittleIsLeft)
{
    Server server;
    Peer producer(server);
    Peer consumer(server);

    consumer.ask("queue.declare queue=q");
    consumer.ask("basic.consume queue=q consumer-tag=c no-ack");
    consumer.set_room(0);
    for (int i = 0; i < 500; i++)
        producer.publish("", "q", std::string(3000, 'x'));
    size_t full = waiting_bytes(consumer);

    consumer.set_room(full - GMQ_OUTPUT_LOW - 1);
    gmq_connection_writable(consumer.connection);
    consumer.read();
    EXPECT_EQ(GMQ_OUTPUT_LOW + 1u, waiting_bytes(consumer)) << "more than low: nothing new";

    consumer.set_room(1);
    gmq_connection_writable(consumer.connection);
    consumer.read();
    EXPECT_GT(waiting_bytes(consumer), GMQ_OUTPUT_HIGH - 4000u);
}

TEST(Congestion, OthersOfTheQueueGetWhatItDoesNotTake)
{
    Server server;
    Peer producer(server);
    Peer slow(server);
    Peer quick(server);
    size_t delivered = 0;

    slow.ask("queue.declare queue=q");
    slow.ask("basic.consume queue=q consumer-tag=slow no-ack");
    quick.ask("basic.consume queue=q consumer-tag=quick no-ack");
    slow.set_room(0);
    for (int i = 0; i < 2000; i++) {
        producer.publish("", "q", std::string(3000, 'x'));
        delivered += !quick.read().empty();
    }
    EXPECT_GT(delivered, 1500u);
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=2",
              producer.ask("queue.declare queue=q passive"));
}

TEST(Congestion, ALargeBodyIsMoreThanEnoughAtATime)
{
    Server server;
    Peer producer(server);
    Peer consumer(server);

    consumer.ask("queue.declare queue=q");
    consumer.ask("basic.consume queue=q consumer-tag=c");
    consumer.set_room(0);
    for (int i = 0; i < 3; i++)
        producer.publish("", "q", std::string(2000000, 'x'));
    EXPECT_LT(waiting_bytes(consumer), 2100000u);
    EXPECT_EQ("deliver c 1 [q] (2000000 bytes)\ndeliver c 2 [q] (2000000 bytes)\n"
              "deliver c 3 [q] (2000000 bytes)",
              consumer.drain());
}

TEST(Congestion, WhoAsksWithoutReadingIsNotReadAnyMore)
{
    Server server;
    Peer peer(server);
    int asked = 0;

    peer.set_room(0);
    for (; peer.can_read() && asked < 100000; asked++)
        peer.ask("queue.declare queue=" + std::string(200, 'q'));
    EXPECT_FALSE(peer.can_read());
    EXPECT_GT(waiting_bytes(peer), GMQ_OUTPUT_MAX + 0u);
    EXPECT_LT(waiting_bytes(peer), GMQ_OUTPUT_MAX + 1000u);

    peer.set_room(waiting_bytes(peer) - GMQ_OUTPUT_LOW - 1);
    gmq_connection_writable(peer.connection);
    peer.read();
    EXPECT_FALSE(peer.can_read()) << "the gate opens when little is left";
    peer.set_room(1);
    gmq_connection_writable(peer.connection);
    peer.read();
    EXPECT_TRUE(peer.can_read());
    peer.drain();
    EXPECT_EQ("basic.get-empty", peer.ask("basic.get"));
}

TEST(Congestion, ALostPeerLeavesNothingBehind)
{
    Server server;
    Peer producer(server);
    auto consumer = std::make_unique<Peer>(server);

    consumer->ask("queue.declare queue=q");
    consumer->ask("basic.consume queue=q consumer-tag=c");
    consumer->set_room(100);
    for (int i = 0; i < 300; i++)
        producer.publish("", "q", std::string(i % 2 == 0 ? 3000 : 30000, 'x'));
    consumer->lose();
    EXPECT_EQ("queue.declare-ok q messages=300 consumers=0", producer.ask("queue.declare queue=q"));
}

TEST(Congestion, AConsumerThatWaitsMayBeCancelled)
{
    Server server;
    Peer producer(server);
    Peer consumer(server);

    consumer.ask("queue.declare queue=q");
    consumer.ask("basic.consume queue=q consumer-tag=c no-ack");
    consumer.set_room(0);
    for (int i = 0; i < 300; i++)
        producer.publish("", "q", std::string(3000, 'x'));
    consumer.ask("basic.cancel consumer-tag=c");
    std::string lines = consumer.drain();
    EXPECT_EQ("basic.cancel-ok consumer-tag=c", lines.substr(lines.rfind('\n') + 1));
    EXPECT_EQ("", consumer.read());
}

TEST(Congestion, PiecesOfAnySizeAddUp)
{
    Server server;
    Peer peer(server);
    std::string lines;

    peer.ask("queue.declare queue=q");
    for (int i = 0; i < 10; i++)
        peer.publish("", "q", std::string(1000 << i, 'x'));
    peer.set_room(0);
    peer.ask("basic.consume queue=q consumer-tag=c");
    for (size_t room = 1; waiting_bytes(peer) > 0; room = room * 3 % 10007) {
        peer.set_room(room);
        gmq_connection_writable(peer.connection);
        std::string more = peer.read();
        lines += more + (more.empty() ? "" : "\n");
    }
    EXPECT_EQ(11, std::count(lines.begin(), lines.end(), '\n'));
    EXPECT_EQ("deliver c 10 [q] (512000 bytes)\n",
              lines.substr(lines.rfind('\n', lines.size() - 2) + 1));
}

TEST(Amqp_24_4, WhoIsNotReadForItsOutputIsInFlow)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.publish("", "q", std::string(3000, 'x'));
    EXPECT_STREQ("running", gmq_connection_state(peer.connection));
    peer.set_room(0);
    for (int i = 0; i < 10000 && peer.can_read(); i++)
        peer.send(say(1, "basic.get queue=q") + say(1, "basic.recover requeue"));
    EXPECT_FALSE(peer.can_read());
    EXPECT_STREQ("flow", gmq_connection_state(peer.connection));
    peer.drain();
    EXPECT_TRUE(peer.can_read());
    EXPECT_STREQ("running", gmq_connection_state(peer.connection));
}
