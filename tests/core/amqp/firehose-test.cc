/* Copies of everything that is published and delivered: core/AMQP.md 27.1. */
#include "core/broker/firehose.h"

#include "tests/core/amqp/peer.h"

namespace {

class Amqp_27_1 : public testing::Test {
  protected:
    Amqp_27_1() : peer(server, login()), watcher(server)
    {
        watcher.ask("queue.declare queue=trace");
        watcher.ask("queue.bind queue=trace exchange=amq.rabbitmq.trace routing-key=#");
        peer.ask("queue.declare queue=q");
        gmq_vhost_set_tracing(server.vhost(), true);
    }

    static Login
    login()
    {
        Login named;

        named.name = "app";
        return named;
    }

    std::string
    next()
    {
        std::string line = watcher.ask("basic.get queue=trace no-ack");

        if (line == "basic.get-empty")
            return "";
        line = line.substr(line.find(" amq") + 1);
        return line.substr(0, line.rfind(" left="));
    }

    Server server;
    Peer peer;
    Peer watcher;
};

} // namespace

TEST_F(Amqp_27_1, PublishesAndDeliveriesAreCopied)
{
    peer.publish("", "q", "body", "content-type=text/plain delivery-mode=2 timestamp=5",
                 Table().add("h", 1));
    peer.ask("basic.get queue=q");
    EXPECT_EQ("amq.rabbitmq.trace [publish.] {headers={exchange_name: \"\", routing_keys: [q], "
              "properties: {content_type: text/plain, headers: {h: 1}, delivery_mode: 2, "
              "timestamp: 5}, node: glassmq, vhost: /, connection: \"10.0.0.1:40000 -> "
              "10.0.0.2:5672\", channel: 1, user: guest, "
              "routed_queues: [q]}} body",
              next());
    EXPECT_EQ(
        "amq.rabbitmq.trace [deliver.q] {headers={exchange_name: \"\", routing_keys: [q], "
        "properties: {content_type: text/plain, headers: {h: 1}, delivery_mode: 2, "
        "timestamp: 5}, node: glassmq, redelivered: 0, vhost: /, connection: \"10.0.0.1:40000 -> "
        "10.0.0.2:5672\", channel: 1, user: guest}} body",
        next());
    EXPECT_EQ("", next()) << "and the copies are not";
}

TEST_F(Amqp_27_1, AllRoutingKeysAndQueuesAreNamed)
{
    peer.ask("queue.declare queue=r");
    peer.publish(
        "amq.direct", "k", "", "",
        Table().add("CC", std::vector<std::string>{"c"}).add("BCC", std::vector<std::string>{"b"}));
    std::string line = next();
    EXPECT_EQ(0u, line.find("amq.rabbitmq.trace [publish.amq.direct]")) << line;
    EXPECT_NE(std::string::npos, line.find("routing_keys: [k, c, b]")) << line;
    EXPECT_NE(std::string::npos, line.find("headers: {CC: [c]}")) << line;
    EXPECT_NE(std::string::npos, line.find("routed_queues: []")) << line;
    peer.publish("", "q", "", "", Table().add("CC", std::vector<std::string>{"r"}));
    line = next();
    EXPECT_NE(std::string::npos, line.find("routed_queues: [q, r]")) << line;
}

TEST_F(Amqp_27_1, DeliveriesToConsumersAndAgain)
{
    peer.publish("", "q", "1");
    peer.ask("basic.consume queue=q consumer-tag=c");
    peer.ask("basic.recover requeue");
    next();
    EXPECT_NE(std::string::npos, next().find("redelivered: 0"));
    EXPECT_NE(std::string::npos, next().find("redelivered: 1"));
    EXPECT_EQ("", next());
}

TEST_F(Amqp_27_1, EveryPublishIsCopiedNotOnlyTheFirst)
{
    gmq_vhost_set_tracing(server.vhost(), false);
    peer.publish("", "q", "1");
    peer.publish("", "q", "2");
    EXPECT_EQ("", next());
    gmq_vhost_set_tracing(server.vhost(), true);
    peer.publish("", "q", "3");
    peer.publish("", "q", "4");
    EXPECT_NE("", next());
    EXPECT_NE("", next());
    EXPECT_EQ("", next());
    gmq_vhost_set_tracing(server.vhost(), false);
    peer.publish("", "q", "5");
    EXPECT_EQ("", next());
}

TEST_F(Amqp_27_1, AConsumerOfTracesIsNotTraced)
{
    watcher.ask("basic.consume queue=trace consumer-tag=c no-ack");
    peer.publish("", "q", "1");
    EXPECT_EQ(0u, watcher.read().find("deliver c 1 amq.rabbitmq.trace [publish.] "));
    EXPECT_EQ("", watcher.read());
}

TEST_F(Amqp_27_1, ALongNameIsCut)
{
    std::string name(255, 'n');

    peer.ask("exchange.declare type=fanout exchange=" + name);
    peer.publish(name, "k", "1");
    EXPECT_EQ(0u, next().find("amq.rabbitmq.trace [publish." + name.substr(0, 247) + "] "));
}
