/* Sessions in pieces: however the bytes come, the answers are the same. */
#include "tests/core/amqp/peer.h"
#include "tests/core/chance.h"

/* A session of many kinds of frames, from the protocol header to the end. What it hears must not
 * depend on where a turn ends: nothing is confirmed that might be confirmed together, and nothing
 * is got that a consumer might get. */
static std::string
handshake()
{
    Login login;

    return std::string("AMQP\0\0\x09\x01", 8) +
           say(0,
               "connection.start-ok mechanism=PLAIN response=" + std::string("\0guest\0guest", 12),
               client_properties(login)) +
           say(0, "connection.tune-ok channel-max=100 frame-max=4096") +
           say(0, "connection.open virtual-host=/") + say(1, "channel.open");
}

static std::string
long_session()
{
    std::string headers = Table().add("CC", std::vector<std::string>{"r"}).add("n", 5);

    return handshake() + say(1, "queue.declare queue=q durable") +
           say(1, "queue.declare queue=r", Table().add("x-note", "text")) + frame(8, 0, "") +
           say(1, "exchange.declare exchange=x type=topic") +
           say(1, "queue.bind queue=q exchange=x routing-key=*.error") +
           publish(1, "x", "disk.error", "one", "delivery-mode=2") +
           publish(1, "x", "disk.error", "two", "delivery-mode=2") +
           publish(1, "x", "disk.ok", "lost") + publish(1, "", "q", "") +
           publish(1, "", "q", std::string(5000, 'x'), "message-id=m", headers) +
           say(1, "basic.publish mandatory routing-key=nix") + content(1, "returned", "", "", 3) +
           say(1, "basic.get queue=q") + say(1, "basic.get queue=q") +
           say(1, "basic.reject delivery-tag=1 requeue") + say(1, "basic.ack delivery-tag=2") +
           say(2, "channel.open") + say(2, "queue.purge queue=nix") + say(2, "basic.qos") +
           say(2, "channel.close-ok") + say(2, "channel.open") +
           say(1, "basic.publish routing-key=q") + content_header(1, 5) + frame(3, 1, "he") +
           say(2, "queue.declare queue=q durable") + frame(3, 1, "llo") +
           say(1, "queue.delete queue=q") + say(1, "queue.delete queue=r") +
           say(2, "basic.consume queue=nix") + say(1, "channel.close") + say(0, "connection.close");
}

static std::string
session_with_consumer()
{
    std::string bytes = handshake() + say(1, "queue.declare queue=q") +
                        say(1, "basic.qos prefetch-count=2") +
                        say(1, "basic.consume queue=q consumer-tag=c");

    for (int i = 1; i <= 6; i++)
        bytes += publish(1, "", "q", std::string(static_cast<size_t>(i) * 700, 'x')) +
                 say(1, "basic.ack delivery-tag=" + std::to_string(i));
    return bytes + say(1, "basic.cancel consumer-tag=c") + say(1, "queue.delete queue=q") +
           say(1, "basic.ack delivery-tag=1");
}

static std::string
session_with_confirms()
{
    std::string bytes = handshake() + say(1, "queue.declare queue=q") + say(1, "confirm.select");

    for (int i = 0; i < 5; i++)
        bytes += publish(1, "", "q", "task");
    return bytes + frame(3, 1, "stray");
}

/* Where to cut: everywhere but within a long row of one octet, where one place is like another. */
static std::vector<size_t>
cuts(const std::string &session)
{
    std::vector<size_t> places;

    for (size_t at = 1; at < session.size(); at++) {
        size_t begin = at < 10 ? 0 : at - 10;

        if (session.find_first_not_of(session[at], begin) < at + 10)
            places.push_back(at);
    }
    return places;
}

/* All that is heard, and whether the connection ended, after the pieces came. */
template <typename Feeder>
static std::string
hear(const Feeder &feeder)
{
    Server server;
    Peer peer(server, Peer::Silent());

    std::string heard = feeder(&server, &peer);
    return heard + (peer.is_closed() ? "\nclosed" : "\nopen");
}

static std::string
whole(const std::string &session)
{
    return hear([&](Server *, Peer *peer) { return peer->send(session); });
}

class Chunks : public testing::TestWithParam<std::string (*)()> {};

TEST_P(Chunks, ASessionEndsAsItShould)
{
    std::string heard = whole(GetParam()());

    EXPECT_NE(std::string::npos, heard.find("channel.open-ok"));
    EXPECT_NE(std::string::npos, heard.find(".close")) << heard;
}

TEST_P(Chunks, ByteByByteInOneTurn)
{
    std::string session = GetParam()();

    EXPECT_EQ(whole(session), hear([&](Server *, Peer *peer) {
                  for (char octet : session)
                      peer->put(std::string(1, octet));
                  return peer->read();
              }));
}

TEST_P(Chunks, IntoTheWindowWhereThereIsOne)
{
    std::string session = GetParam()();

    EXPECT_EQ(whole(session), hear([&](Server *, Peer *peer) {
                  peer->feed = Feed::INTO_WINDOW;
                  return peer->send(session);
              }));
}

TEST_P(Chunks, CutAtEveryLength)
{
    std::string session  = GetParam()();
    std::string expected = whole(session);

    for (size_t at : cuts(session)) {
        ASSERT_EQ(expected, hear([&](Server *, Peer *peer) {
                      peer->put(session.substr(0, at));
                      peer->put(session.substr(at));
                      return peer->read();
                  }))
            << at;
    }
}

TEST_P(Chunks, AtRandomInOneTurn)
{
    std::string session  = GetParam()();
    std::string expected = whole(session);
    Chance chance(9);

    for (int i = 0; i < 300; i++) {
        ASSERT_EQ(expected, hear([&](Server *, Peer *peer) {
                      for (size_t at = 0; at < session.size();) {
                          size_t part = 1 + chance.below(chance.one_in(2) ? 10 : 500);
                          peer->feed  = chance.one_in(2) ? Feed::WHOLE : Feed::INTO_WINDOW;
                          peer->put(session.substr(at, part));
                          at += part;
                      }
                      return peer->read();
                  }));
    }
}

TEST_P(Chunks, LostAtEveryLength)
{
    std::string session = GetParam()();

    for (size_t at : cuts(session)) {
        Server server;
        Peer peer(server, Peer::Silent());

        peer.send(session.substr(0, at));
        if (peer.connection != nullptr)
            peer.lose();
        ASSERT_EQ(0u, server.connection_count());
        ASSERT_EQ(0u, server.vhost()->queue_list.length -
                          (gmq_vhost_find_queue(server.vhost(), GMQ_SLICE("q")) != nullptr) -
                          (gmq_vhost_find_queue(server.vhost(), GMQ_SLICE("r")) != nullptr));
    }
}

INSTANTIATE_TEST_SUITE_P(Of, Chunks,
                         testing::Values(long_session, session_with_consumer,
                                         session_with_confirms));

/* With a turn after each piece there is more than one answer when confirms are collected, so these
 * two are without. */
class ChunksInTurns : public testing::TestWithParam<std::string (*)()> {};

TEST_P(ChunksInTurns, ByteByByte)
{
    std::string session  = GetParam()();
    std::string expected = whole(session);

    for (Feed feed : {Feed::BYTE_WISE, Feed::INTO_WINDOW}) {
        EXPECT_EQ(expected, hear([&](Server *, Peer *peer) {
                      std::string lines;
                      peer->feed = feed;
                      for (char octet : session) {
                          std::string more = peer->send(std::string(1, octet));
                          lines += (lines.empty() || more.empty() ? "" : "\n") + more;
                      }
                      return lines;
                  }));
    }
}

TEST_P(ChunksInTurns, CutAtEveryLength)
{
    std::string session  = GetParam()();
    std::string expected = whole(session);

    for (size_t at : cuts(session)) {
        ASSERT_EQ(expected, hear([&](Server *, Peer *peer) {
                      std::string first  = peer->send(session.substr(0, at));
                      std::string second = peer->send(session.substr(at));
                      return first + (first.empty() || second.empty() ? "" : "\n") + second;
                  }))
            << at;
    }
}

INSTANTIATE_TEST_SUITE_P(Of, ChunksInTurns, testing::Values(long_session, session_with_consumer));
