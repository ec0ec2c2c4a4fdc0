/* peer.h - a broker on the fake host, and clients that speak to it in text.
 *
 *     Server server;
 *     Peer peer(server);                                   connected, channel 1 is open
 *     EXPECT_EQ("queue.declare-ok q messages=0 consumers=0",
 *               peer.ask("queue.declare queue=q"));
 *     EXPECT_EQ("channel.close 406 60,80 PRECONDITION_FAILED - unknown delivery tag 7",
 *               peer.ask("basic.ack delivery-tag=7"));
 *
 * Tests of the rules of core/AMQP.md carry the rule's number: TEST(Amqp_16_1, ...) is about rule
 * 16.1, and tests/rules.md is made from that. say.h tells how things are said. */
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/amqp/amqp.h"
#include "tests/core/amqp/say.h"
#include "tests/core/broker/world.h"

class Peer;

class Server {
  public:
    explicit Server(const GmqAmqpConfig &config = GmqAmqpConfig GMQ_AMQP_CONFIG_DEFAULT);

    /* Every peer must be gone before. */
    ~Server();

    Server(const Server &)            = delete;
    Server &operator=(const Server &) = delete;

    /* Ends a turn: flush, due wake-ups, and closed() for connections that were handed back. */
    void turn();

    /* Lets time pass, with a turn at each moment the core asked for. */
    void advance_ms(int64_t ms);

    size_t connection_count() const;

    /* The virtual host "/". */
    GmqVhost *vhost() const;

    FakeHost fake;
    GmqBroker *broker;
    GmqAmqp *amqp;
    std::vector<Peer *> peers; /* those whose connection is not closed yet */
};

/* What a client says of itself while it connects. */
struct Login {
    std::string user         = "guest";
    std::string password     = "guest";
    std::string vhost        = "/";
    std::string name         = "";
    std::string capabilities = "authentication_failure_close consumer_cancel_notify";
    unsigned channel_max     = GMQ_CHANNEL_MAX_DEFAULT;
    unsigned frame_max       = GMQ_FRAME_MAX_DEFAULT;
    unsigned heartbeat_s     = 0;
    bool is_loopback         = true;
};

/* The inside of a client-properties table. */
std::string client_properties(const Login &login);

/* How bytes reach the broker. */
enum class Feed {
    WHOLE,       /* as they are sent */
    BYTE_WISE,   /* one at a time, a turn each */
    INTO_WINDOW, /* bodies where the broker wants them, as the real host does */
};

class Peer {
  public:
    /* Connects, logs in and opens channel 1. */
    explicit Peer(Server &server, const Login &login = Login());

    /* A connection that has said nothing yet. */
    struct Silent {};
    Peer(Server &server, Silent, bool is_loopback = true);

    /* Is lost with its network when it is still there. */
    ~Peer();

    Peer(const Peer &)            = delete;
    Peer &operator=(const Peer &) = delete;

    /* Sends bytes, ends the turn, and returns the lines that came since the last call. */
    std::string send(const std::string &bytes);

    /* The same with a method on channel 1, or on another. */
    std::string ask(const std::string &text, const std::string &table = "");
    std::string ask(int channel, const std::string &text, const std::string &table = "");

    /* The same with a message published on channel 1. */
    std::string publish(const std::string &exchange, const std::string &key,
                        const std::string &body, const std::string &properties = "",
                        const std::string &headers = "");

    /* The same without sending anything. */
    std::string read();

    /* Sends without ending the turn. */
    void put(const std::string &bytes);

    /* The handshake in steps. */
    std::string send_header();
    std::string send_start_ok(const Login &login = Login());
    std::string send_tune_ok(const Login &login = Login());
    std::string send_open(const std::string &vhost = "/");

    /* The network fails: the broker is told that the connection is gone. */
    void lose();

    /* The client does not read: it takes so many bytes more. And it reads all of them again. */
    void set_room(size_t bytes);
    std::string drain();

    /* What the broker asked the host for. */
    bool is_closed() const;
    bool is_aborted() const;
    bool can_read() const;

    Server &server;
    GmqPeer *peer;
    GmqConnection *connection; /* NULL once it is gone */
    Listener listener;
    Feed feed = Feed::WHOLE;

    /* Bytes that the broker wrote, all of them. */
    size_t heard = 0;

  private:
    void receive(const std::string &bytes);
    void fill_window(std::string *bytes);
};
