/* What happens to the broker is told to those who bind to amq.rabbitmq.event: core/AMQP.md 27.2. */
#include "core/broker/notice.h"

#include "tests/core/amqp/peer.h"

namespace {

/* A queue of everything that is told. */
void
listen(Peer &peer, const std::string &keys = "#")
{
    peer.ask("queue.declare queue=told");
    peer.ask("queue.bind queue=told exchange=amq.rabbitmq.event routing-key=" + keys);
    peer.ask("queue.purge queue=told");
}

/* The next thing told, without its headers. */
std::string
next_key(Peer &peer)
{
    std::string line = peer.ask("basic.get queue=told no-ack");
    size_t begin     = line.find('[');

    return line == "basic.get-empty" ? "" : line.substr(begin + 1, line.find(']') - begin - 1);
}

} // namespace

TEST(Amqp_27_2, TheExchangeIsThereAndInternal)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("exchange.declare-ok",
              peer.ask("exchange.declare exchange=amq.rabbitmq.event type=topic durable internal"));
    EXPECT_EQ("channel.close 403", brief(peer.publish("amq.rabbitmq.event", "queue.created", "")));
}

TEST(Amqp_27_2, ANoticeHasAnEmptyBodyAndHeaders)
{
    Server server;
    Peer peer(server);

    listen(peer);
    peer.ask("queue.declare queue=q durable", Table().add("x-max-length", 5));
    EXPECT_EQ("get-ok 1 amq.rabbitmq.event [queue.created] {headers={timestamp_in_ms: "
              "1600000000000, vhost: /, name: q, durable: true, auto_delete: false, exclusive: "
              "false, arguments: {x-max-length: 5}} delivery-mode=2 timestamp=1600000000} left=0",
              peer.ask("basic.get queue=told no-ack"));
}

TEST(Amqp_27_2, QueuesExchangesAndBindingsComeAndGo)
{
    Server server;
    Peer peer(server);

    listen(peer);
    peer.ask("queue.declare queue=q");
    peer.ask("exchange.declare exchange=x type=fanout auto-delete");
    peer.ask("queue.bind queue=q exchange=x");
    peer.ask("queue.bind queue=q exchange=x");
    peer.ask("queue.delete queue=q");
    for (const char *key : {"queue.created", "exchange.created", "binding.created", "queue.deleted",
                            "binding.deleted", "exchange.deleted", ""})
        EXPECT_EQ(key, next_key(peer));
}

TEST(Amqp_27_2, BindingsChooseWhatIsTold)
{
    Server server;
    Peer peer(server);

    listen(peer, "exchange.*");
    peer.ask("queue.declare queue=q");
    peer.ask("exchange.declare exchange=x type=fanout");
    EXPECT_EQ("exchange.created", next_key(peer));
    EXPECT_EQ("", next_key(peer));
}

TEST(Amqp_27_2, OtherPartsTellTheirs)
{
    Server server;
    Peer peer(server);
    GmqNotice notice;

    EXPECT_FALSE(gmq_notice_begin(&notice, server.broker, "user.created")) << "nobody listens";
    gmq_notice_name(server.broker, "user.created", GMQ_SLICE("unheard"), nullptr);
    listen(peer);
    gmq_notice_name(server.broker, "user.created", GMQ_SLICE("ann"), nullptr);
    gmq_notice_name(server.broker, "policy.set", GMQ_SLICE("p"), server.vhost());
    server.turn();
    EXPECT_EQ("get-ok 1 amq.rabbitmq.event [user.created] {headers={timestamp_in_ms: "
              "1600000000000, name: ann} delivery-mode=2 timestamp=1600000000} left=1",
              peer.ask("basic.get queue=told no-ack"));
    EXPECT_EQ("get-ok 2 amq.rabbitmq.event [policy.set] {headers={timestamp_in_ms: "
              "1600000000000, name: p, vhost: /} delivery-mode=2 timestamp=1600000000} left=0",
              peer.ask("basic.get queue=told no-ack"));
}

TEST(Amqp_27_2, ConnectionsChannelsAndConsumersComeAndGo)
{
    Server server;
    Peer watcher(server);

    listen(watcher);
    watcher.ask("queue.declare queue=q");
    EXPECT_EQ("queue.created", next_key(watcher));
    {
        Login login;
        login.name = "app";
        Peer peer(server, login);

        peer.ask("basic.consume queue=q consumer-tag=c exclusive", Table().add("x-priority", 5));
        peer.ask("basic.cancel consumer-tag=c");
        peer.ask("basic.consume queue=q consumer-tag=d no-ack");
        peer.ask("basic.ack delivery-tag=7");
    }
    EXPECT_EQ("user.authentication.success", next_key(watcher));
    EXPECT_EQ("connection.created", next_key(watcher));
    EXPECT_EQ("channel.created", next_key(watcher));
    std::string line = watcher.ask("basic.get queue=told no-ack");
    EXPECT_NE(std::string::npos,
              line.find("[consumer.created] {headers={timestamp_in_ms: 1600000000000, "
                        "consumer_tag: c, queue: q, connection: \"10.0.0.1:40000 -> "
                        "10.0.0.2:5672\", user_provided_name: app, number: 1, user: guest, vhost: "
                        "/, ack_required: true, exclusive: true, prefetch_count: 0, arguments: "
                        "{x-priority: 5}}"))
        << line;
    for (const char *key : {"consumer.deleted", "consumer.created", "channel.closed",
                            "consumer.deleted", "connection.closed", ""})
        EXPECT_EQ(key, next_key(watcher));
}

TEST(Amqp_27_2, ARefusedLoginIsTold)
{
    Server server;
    Peer watcher(server);

    listen(watcher, "user.#");
    {
        Login login;
        login.password = "wrong";
        Peer stranger(server, Peer::Silent());
        stranger.send_header();
        stranger.send_start_ok(login);
    }
    std::string line = watcher.ask("basic.get queue=told no-ack");
    EXPECT_NE(std::string::npos, line.find("[user.authentication.failure]")) << line;
    EXPECT_NE(std::string::npos, line.find("name: guest, connection_name: ")) << line;
}

TEST(Amqp_27_2, TheExchangeGoesAndComesWithItsVirtualHost)
{
    Server server;

    {
        Peer peer(server);
        listen(peer);
    }
    gmq_notice_name(server.broker, "user.created", GMQ_SLICE("never read"), nullptr);
    EXPECT_TRUE(gmq_broker_remove_vhost(server.broker, GMQ_SLICE("/"), nullptr));
    gmq_notice_name(server.broker, "user.created", GMQ_SLICE("unheard"), nullptr);
    server.turn();
    EXPECT_NE(nullptr, gmq_broker_add_vhost(server.broker, GMQ_SLICE("/"), nullptr));
    gmq_notice_name(server.broker, "user.created", GMQ_SLICE("unheard"), nullptr);
    server.turn();
    EXPECT_NE(nullptr, gmq_vhost_find_exchange(server.vhost(), GMQ_SLICE("amq.rabbitmq.event")));
}

TEST(Amqp_27_2, OtherVirtualHostsAreToldOfInTheFirst)
{
    Server server;
    Peer peer(server);

    GmqVhost *other = gmq_broker_add_vhost(server.broker, GMQ_SLICE("other"), nullptr);
    EXPECT_EQ(nullptr, gmq_vhost_find_exchange(other, GMQ_SLICE("amq.rabbitmq.event")));
    listen(peer, "vhost.deleted");
    EXPECT_TRUE(gmq_broker_remove_vhost(server.broker, GMQ_SLICE("other"), nullptr));
    server.turn();
    EXPECT_EQ("vhost.deleted", next_key(peer));
}
