#include "tests/core/amqp/peer.h"

#include <algorithm>
#include <sstream>

/* More turns than this without an input are a core that never comes to rest. */
static const int turns_max = 10000;

/* ---- server ---- */

Server::Server(const GmqAmqpConfig &config)
    : broker(gmq_broker_new(fake.host())), amqp(gmq_amqp_new(broker, &config))
{
    fake.listen(false);
}

Server::~Server()
{
    EXPECT_TRUE(peers.empty());
    EXPECT_EQ(0u, connection_count());
    gmq_amqp_free(amqp);
    gmq_broker_free(broker);
}

size_t
Server::connection_count() const
{
    return gmq_amqp_connection_count(amqp);
}

GmqVhost *
Server::vhost() const
{
    return gmq_broker_find_vhost(broker, GMQ_SLICE("/"));
}

/* As a host does: what was closed or aborted is gone in the next turn. */
static bool
bury(Server *server)
{
    for (Peer *each : server->peers) {
        if (each->is_closed() || each->is_aborted()) {
            each->lose();
            return true;
        }
    }
    return false;
}

void
Server::turn()
{
    int turns = 0;

    gmq_amqp_flush(amqp);
    for (; fake.wake_ns <= fake.now_ns && turns < turns_max; turns++) {
        fake.wake_ns = INT64_MAX;
        gmq_amqp_woken(amqp);
        gmq_amqp_flush(amqp);
    }
    EXPECT_LT(turns, turns_max) << "the core does not come to rest";
    while (bury(this))
        gmq_amqp_flush(amqp);
}

void
Server::advance_ms(int64_t ms)
{
    int64_t end_ns = fake.now_ns + ms * 1000000;

    while (fake.wake_ns <= end_ns) {
        fake.now_ns = std::max(fake.now_ns, fake.wake_ns);
        turn();
    }
    fake.now_ns = end_ns;
}

/* ---- life of a peer ---- */

Peer::Peer(Server &home, Silent, bool is_loopback) : server(home), peer(home.fake.add_peer())
{
    GmqPeerInfo info = {};

    info.name        = "10.0.0.1:40000 -> 10.0.0.2:5672";
    info.is_loopback = is_loopback;
    connection       = gmq_amqp_opened(server.amqp, peer, &info);
    server.peers.push_back(this);
    server.turn();
}

Peer::Peer(Server &home, const Login &login) : Peer(home, Silent(), login.is_loopback)
{
    listener.payload_max = login.frame_max == 0 ? 0 : login.frame_max - GMQ_FRAME_OVERHEAD;
    send_header();
    send_start_ok(login);
    send_tune_ok(login);
    EXPECT_EQ("connection.open-ok", send_open(login.vhost));
    EXPECT_EQ("channel.open-ok", ask("channel.open"));
}

Peer::~Peer()
{
    read();
    if (connection != nullptr)
        lose();
    server.turn();
}

void
Peer::lose()
{
    server.peers.erase(std::find(server.peers.begin(), server.peers.end(), this));
    gmq_connection_closed(connection);
    connection = nullptr;
}

/* ---- words ---- */

/* Reads into the place that the broker names, as far as it does. */
void
Peer::fill_window(std::string *bytes)
{
    size_t size;
    uint8_t *window;

    while (!bytes->empty() && (window = gmq_connection_window(connection, &size)) != nullptr) {
        size = std::min(size, bytes->size());
        std::copy_n(bytes->begin(), size, window);
        gmq_connection_window_filled(connection, size);
        bytes->erase(0, size);
    }
}

/* In memory of its own, so that a sanitizer sees who reads past its end. */
void
Peer::receive(const std::string &bytes)
{
    std::vector<uint8_t> exactly(bytes.begin(), bytes.end());

    exactly.shrink_to_fit();
    if (connection != nullptr)
        gmq_connection_received(connection, {exactly.data(), exactly.size()});
}

void
Peer::put(const std::string &bytes)
{
    size_t step = feed == Feed::WHOLE ? bytes.size() : feed == Feed::BYTE_WISE ? 1 : 1000;

    for (std::string rest = bytes; !rest.empty() && connection != nullptr;) {
        if (feed == Feed::INTO_WINDOW)
            fill_window(&rest);
        if (rest.empty())
            break;
        receive(rest.substr(0, step));
        rest.erase(0, step);
        if (feed == Feed::BYTE_WISE)
            server.turn();
    }
}

std::string
Peer::send(const std::string &bytes)
{
    put(bytes);
    return read();
}

std::string
Peer::read()
{
    server.turn();

    std::string written = FakeHost::take_written(peer);
    heard += written.size();
    return listener.hear(written);
}

std::string
Peer::ask(const std::string &text, const std::string &table)
{
    return ask(text.compare(0, 11, "connection.") == 0 ? 0 : 1, text, table);
}

std::string
Peer::ask(int channel, const std::string &text, const std::string &table)
{
    return send(say(channel, text, table));
}

std::string
Peer::publish(const std::string &exchange, const std::string &key, const std::string &body,
              const std::string &properties, const std::string &headers)
{
    return send(::publish(1, exchange, key, body, properties, headers));
}

/* ---- the handshake ---- */

std::string
client_properties(const Login &login)
{
    GmqBuffer inner = {};
    GmqBuffer outer = {};
    std::istringstream words(login.capabilities);

    for (std::string word; words >> word;)
        gmq_table_add_bool(&inner, word.c_str(), true);
    gmq_table_add_table(&outer, "capabilities", gmq_buffer_slice(&inner));
    if (!login.name.empty())
        gmq_table_add_text(&outer, "connection_name", slice(login.name));

    std::string table = FakeHost::to_string(gmq_buffer_slice(&outer));
    gmq_buffer_clear(&inner);
    gmq_buffer_clear(&outer);
    return table;
}

std::string
Peer::send_header()
{
    return send(std::string("AMQP\0\0\x09\x01", 8));
}

std::string
Peer::send_start_ok(const Login &login)
{
    std::string response =
        std::string("\0", 1) + login.user + std::string("\0", 1) + login.password;

    return ask("connection.start-ok mechanism=PLAIN locale=en_US response=" + response,
               client_properties(login));
}

std::string
Peer::send_tune_ok(const Login &login)
{
    return ask("connection.tune-ok channel-max=" + std::to_string(login.channel_max) +
               " frame-max=" + std::to_string(login.frame_max) +
               " heartbeat=" + std::to_string(login.heartbeat_s));
}

std::string
Peer::send_open(const std::string &vhost)
{
    return ask("connection.open virtual-host=" + vhost);
}

/* ---- the other side ---- */

void
Peer::set_room(size_t bytes)
{
    peer->room = bytes;
}

std::string
Peer::drain()
{
    set_room(SIZE_MAX);
    if (connection != nullptr)
        gmq_connection_writable(connection);
    return read();
}

bool
Peer::is_closed() const
{
    return peer->closed;
}

bool
Peer::is_aborted() const
{
    return peer->aborted;
}

bool
Peer::can_read() const
{
    return peer->can_read;
}
