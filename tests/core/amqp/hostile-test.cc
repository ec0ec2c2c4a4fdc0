/* Whatever a client sends, in whatever state: the broker answers in order, lives on, and forgets.
 * The listeners of the peers look at every byte that is written. */
#include "tests/core/amqp/peer.h"
#include "tests/core/chance.h"

/* ---- states ---- */

struct State {
    const char *name;
    void (*enter)(Peer *peer);
};

static void
log_in(Peer *peer)
{
    peer->send_header();
    peer->send_start_ok();
}

static void
tune(Peer *peer)
{
    log_in(peer);
    peer->send_tune_ok();
}

static void
open(Peer *peer)
{
    tune(peer);
    peer->send_open();
}

static void
open_channel(Peer *peer)
{
    open(peer);
    peer->ask("channel.open");
}

static void
consume(Peer *peer)
{
    open_channel(peer);
    peer->ask("queue.declare queue=q");
    for (int i = 0; i < 5; i++)
        peer->publish("", "q", "task");
    peer->ask("basic.qos prefetch-count=3");
    peer->ask("basic.consume queue=q consumer-tag=c");
    peer->ask("basic.get queue=q");
}

static const State states[] = {
    {"nothing", [](Peer *) {}},
    {"half_a_header", [](Peer *peer) { peer->send("AMQP"); }},
    {"header", [](Peer *peer) { peer->send_header(); }},
    {"logged_in", log_in},
    {"tuned", tune},
    {"open", open},
    {"channel", open_channel},
    {"consuming", consume},
    {"confirming",
     [](Peer *peer) {
         open_channel(peer);
         peer->ask("confirm.select");
     }},
    {"published",
     [](Peer *peer) {
         consume(peer);
         peer->ask("basic.publish routing-key=q");
     }},
    {"content_header",
     [](Peer *peer) {
         consume(peer);
         peer->send(say(1, "basic.publish routing-key=q") + content_header(1, 1000));
     }},
    {"within_a_body",
     [](Peer *peer) {
         consume(peer);
         peer->send(say(1, "basic.publish routing-key=q") + content_header(1, 1000) +
                    frame(3, 1, std::string(500, 'x')));
     }},
    {"within_a_frame",
     [](Peer *peer) {
         consume(peer);
         peer->send(publish(1, "", "q", "hello").substr(0, 20));
     }},
    {"channel_closing",
     [](Peer *peer) {
         consume(peer);
         peer->ask("queue.purge queue=nix");
     }},
    {"channel_closed",
     [](Peer *peer) {
         consume(peer);
         peer->ask("channel.close");
     }},
    {"connection_closing",
     [](Peer *peer) {
         consume(peer);
         peer->ask("basic.qos prefetch-size=1");
     }},
    {"refused",
     [](Peer *peer) {
         peer->send_header();
         peer->ask("connection.open");
     }},
    {"connection_closed",
     [](Peer *peer) {
         consume(peer);
         peer->ask("connection.close");
     }},
};

static void
PrintTo(const State &state, std::ostream *out)
{
    *out << state.name;
}

class Hostile : public testing::TestWithParam<State> {
  protected:
    /* A peer in that state gets the bytes; then it stays silent, or is lost. */
    static void
    tell(const std::string &bytes)
    {
        Server server;
        Peer witness(server);

        for (bool is_lost : {false, true}) {
            Peer peer(server, Peer::Silent());

            GetParam().enter(&peer);
            peer.send(bytes);
            peer.send(bytes);
            if (is_lost && peer.connection != nullptr)
                peer.lose();
            server.advance_ms(70000);
        }
        witness.ask("queue.declare queue=witness");
        witness.publish("", "witness", "alive");
        ASSERT_EQ("get-ok 1 [witness] alive left=0", witness.ask("basic.get queue=witness no-ack"));
    }
};

TEST_P(Hostile, EveryFrameInEveryState)
{
    for (int type : {0, 1, 2, 3, 4, 7, 8, 9, 65, 255}) {
        for (int channel : {0, 1, 2}) {
            for (size_t size : {0, 3, 14, 5000}) {
                tell(frame(type, channel, std::string(size, '\0')));
                tell(frame(type, channel, std::string(size, '\xFF')));
            }
        }
    }
}

TEST_P(Hostile, EveryMethodInEveryState)
{
    for (int id = 0; id < GMQ_N_METHODS; id++) {
        std::string name = gmq_method_info(static_cast<GmqMethodId>(id))->name;

        for (int channel : {0, 1, 2})
            tell(say(channel, name) + content(channel, "hello"));
    }
}

TEST_P(Hostile, EveryMethodOnQueueQ)
{
    for (const char *method :
         {"queue.declare queue=q", "queue.declare queue=q exclusive", "queue.delete queue=q",
          "queue.purge queue=q", "queue.bind queue=q exchange=amq.fanout nowait",
          "basic.consume queue=q", "basic.consume queue=q consumer-tag=c",
          "basic.cancel consumer-tag=c", "basic.get queue=q", "basic.ack delivery-tag=1",
          "basic.ack multiple", "basic.nack multiple requeue", "basic.reject delivery-tag=2",
          "basic.recover requeue", "basic.publish routing-key=q", "basic.qos prefetch-count=1",
          "basic.qos prefetch-count=1 global",
          "exchange.bind source=amq.topic destination=amq.topic"})
        tell(say(1, method) + content(1, "hello"));
}

static std::string
name_of(const testing::TestParamInfo<State> &info)
{
    return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(When, Hostile, testing::ValuesIn(states), name_of);

/* ---- sessions with wounds ---- */

static std::string
good_session()
{
    std::string bytes =
        std::string("AMQP\0\0\x09\x01", 8) +
        say(0, "connection.start-ok mechanism=PLAIN response=" + std::string("\0guest\0guest", 12),
            client_properties(Login())) +
        say(0, "connection.tune-ok channel-max=100 frame-max=4096 heartbeat=10") +
        say(0, "connection.open virtual-host=/") + say(1, "channel.open") +
        say(1, "queue.declare queue=q auto-delete") + say(1, "confirm.select") +
        say(1, "queue.declare queue=r exclusive", Table().add("x-queue-type", "classic")) +
        say(1, "exchange.declare exchange=x type=topic auto-delete") +
        say(1, "queue.bind queue=q exchange=x routing-key=*.b") +
        say(1, "queue.bind queue=r exchange=amq.headers",
            Table().add("x-match", "any").add("a", 1)) +
        say(1, "exchange.bind source=x destination=amq.headers routing-key=#") +
        publish(1, "x", "a.b", "one", "delivery-mode=2", Table().add("a", 1)) +
        publish(1, "", "r", "two") + publish(1, "", "r", "three") +
        say(1, "basic.qos prefetch-count=2 global") + say(2, "channel.open") +
        say(2, "basic.consume queue=q consumer-tag=c") +
        say(1, "basic.consume queue=r consumer-tag=d") +
        say(1, "basic.publish routing-key=r mandatory") +
        content(1, std::string(300, 'y'), "expiration=60000 user-id=guest", "", 100) +
        say(1, "basic.nack delivery-tag=1 requeue") + say(1, "basic.get queue=r") +
        say(2, "basic.ack delivery-tag=1 multiple") + say(1, "basic.cancel consumer-tag=d") +
        say(1, "basic.recover requeue") +
        say(1, "queue.unbind queue=q exchange=x routing-key=*.b") + say(1, "queue.purge queue=r") +
        say(1, "queue.delete queue=q") + frame(8, 0, "") + say(2, "channel.close") +
        say(0, "connection.close");
    return bytes;
}

/* One to four small wounds: a bit, an octet, a hole, a copy of some bytes, an end. */
static std::string
wounded(std::string bytes, Chance *chance)
{
    static const char odd[] = {0, 1, 2, 3, 8, 0x7F, '\x80', '\xFF', '\xCE', 'F', 'A', 'S'};

    for (size_t wounds = 1 + chance->below(4); wounds > 0 && !bytes.empty(); wounds--) {
        size_t at   = chance->below(bytes.size());
        size_t size = chance->below(60);

        switch (chance->below(6)) {
        case 0:
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << chance->below(8)));
            break;
        case 1:
        case 2:
            bytes[at] = odd[chance->below(sizeof odd)];
            break;
        case 3:
            bytes.erase(at, size);
            break;
        case 4:
            bytes.insert(at, bytes.substr(chance->below(bytes.size()), size));
            break;
        default:
            if (chance->one_in(4))
                bytes.resize(at);
            break;
        }
    }
    return bytes;
}

TEST(HostileSessions, WithWoundsHarmNobody)
{
    const int rounds  = g_getenv("GLASSMQ_TEST_LONG") != nullptr ? 200000 : 10000;
    const int a_while = 500; /* sessions with one broker */
    std::string good  = good_session();
    Chance chance(17);

    for (int round = 0; round < rounds; round += a_while) {
        Server server;
        Peer witness(server);

        for (int i = 0; i < a_while; i++) {
            Peer peer(server, Peer::Silent());
            std::string bytes = wounded(good, &chance);
            size_t middle     = chance.below(bytes.size() + 1);

            peer.feed = chance.one_in(2) ? Feed::WHOLE : Feed::INTO_WINDOW;
            if (chance.one_in(10))
                peer.set_room(chance.below(3000));
            peer.send(bytes.substr(0, middle));
            peer.send(bytes.substr(middle));
            if (chance.one_in(20))
                server.advance_ms(40000);
        }
        ASSERT_EQ(1u, server.connection_count());
        witness.ask("queue.declare queue=witness");
        witness.publish("", "witness", "alive");
        ASSERT_EQ("get-ok 1 [witness] alive left=0", witness.ask("basic.get queue=witness"));
    }
}
