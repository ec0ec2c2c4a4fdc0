#include "core/net/peer.h"

#include <gtest/gtest.h>

#include "core/net/listener.h"
#include "tests/core/net/fake-client.h"
#include "tests/core/net/fake-core.h"

namespace {

const int64_t SECOND = 1000000000;

class Peer : public testing::Test {
  protected:
    void
    SetUp() override
    {
        GmqEndpoint endpoint;

        ASSERT_TRUE(gmq_endpoint_parse("127.0.0.1:0", &endpoint, nullptr));
        gmq_peers_attach(peers, &amqp);
        listener = gmq_listener_new(loop, &endpoint.addresses[0], add_peer, peers, nullptr);
        ASSERT_NE(nullptr, listener);
        client = connect();
        ASSERT_TRUE(turn_until([this] { return amqp.connections.size() == 1; }));
        connection = amqp.connections[0].get();
    }

    void
    TearDown() override
    {
        gmq_peers_hang_up(peers);
        gmq_listener_free(listener);
        gmq_peers_free(peers);
        gmq_loop_free(loop);
    }

    static void
    add_peer(void *user, int fd, const GmqAddress *from, const GmqAddress *to)
    {
        EXPECT_TRUE(gmq_peers_add(static_cast<GmqPeers *>(user), fd, from, to));
    }

    std::unique_ptr<FakeClient>
    connect()
    {
        return std::make_unique<FakeClient>(*gmq_listener_address(listener));
    }

    void
    turn(int64_t pause_ns)
    {
        gmq_loop_wait(loop, MIN(gmq_loop_now(loop) + pause_ns, gmq_peers_deadline(peers)));
        gmq_peers_finish(peers);
    }

    /* Whether it came true within ten seconds. */
    bool
    turn_until(std::function<bool()> is_done)
    {
        int64_t deadline = gmq_loop_now(loop) + 10 * SECOND;

        while (!is_done() && gmq_loop_now(loop) < deadline)
            turn(SECOND);
        return is_done();
    }

    /* Long enough for what is on its way on this machine. */
    void
    turn_for_a_while()
    {
        int64_t deadline = gmq_loop_now(loop) + SECOND / 20;

        while (gmq_loop_now(loop) < deadline)
            turn(deadline - gmq_loop_now(loop));
    }

    size_t
    write(const std::string &text)
    {
        GmqSlice slice = {reinterpret_cast<const uint8_t *>(text.data()), text.size()};

        return gmq_peer_write(connection->peer, &slice, 1);
    }

    GmqAmqp amqp;
    GmqLoop *loop         = gmq_loop_new(nullptr);
    GmqPeers *peers       = gmq_peers_new(loop);
    GmqListener *listener = nullptr;
    std::unique_ptr<FakeClient> client;
    GmqConnection *connection = nullptr;
};

TEST_F(Peer, IsIntroducedByItsAddresses)
{
    EXPECT_TRUE(connection->is_loopback);
    EXPECT_EQ(0u, connection->name.find("127.0.0.1:"));
    EXPECT_NE(std::string::npos, connection->name.find(" -> 127.0.0.1:"));
}

TEST_F(Peer, HandsOnWhatCame)
{
    client->send("AMQP");
    EXPECT_TRUE(turn_until([this] { return connection->received == "AMQP"; }));
}

TEST_F(Peer, ReadsStraightIntoTheWindowAndTheRestBehindIt)
{
    connection->window.resize(6);
    client->send("inside outside");
    EXPECT_TRUE(turn_until([this] { return connection->received == " outside"; }));
    EXPECT_EQ("inside", connection->filled);
}

TEST_F(Peer, TellsOnceThatTheClientIsGone)
{
    client->send("last words");
    client->hang_up();
    EXPECT_TRUE(turn_until([this] { return connection->n_closed > 0; }));
    turn_for_a_while();
    EXPECT_EQ(1, connection->n_closed);
    EXPECT_EQ("last words", connection->received);
}

TEST_F(Peer, TakesTheEndOfTheInputForTheEnd)
{
    client->end_output();
    EXPECT_TRUE(turn_until([this] { return connection->n_closed > 0; }));
    EXPECT_EQ("", client->read(1));
}

TEST_F(Peer, WritesManySlicesInOrder)
{
    std::vector<GmqSlice> slices(5000, GMQ_SLICE("0123456789"));
    std::string expected;

    for (size_t i = 0; i < slices.size(); i++)
        expected += "0123456789";
    EXPECT_EQ(expected.size(), gmq_peer_write(connection->peer, slices.data(), slices.size()));
    EXPECT_EQ(expected, client->read(expected.size()));
}

TEST_F(Peer, TellsOnceThatThereIsRoomAgain)
{
    std::string much(64 * 1024 * 1024, 'x');
    size_t written = write(much);

    ASSERT_LT(written, much.size());
    turn_for_a_while();
    EXPECT_EQ(0, connection->n_writable);
    client->read(written);
    EXPECT_TRUE(turn_until([this] { return connection->n_writable > 0; }));
    turn_for_a_while();
    EXPECT_EQ(1, connection->n_writable);
}

TEST_F(Peer, LosesNothingBetweenWritableAndWritable)
{
    std::string much(64 * 1024 * 1024, 'x');
    size_t at = 0, seen = 0;

    for (size_t i = 0; i < much.size(); i++)
        much[i] = (char)(i * 31 >> 8);
    while (seen < much.size()) {
        size_t written = write(much.substr(at));
        at += written;
        ASSERT_EQ(much.substr(seen, written), client->read(written));
        seen += written;
        int n_before = connection->n_writable;
        ASSERT_TRUE(at == much.size() ||
                    turn_until([&] { return connection->n_writable > n_before; }));
    }
}

TEST_F(Peer, ReadsNothingWhileTheGateIsShut)
{
    gmq_peer_gate(connection->peer, false);
    client->send("patience");
    turn_for_a_while();
    EXPECT_EQ("", connection->received);
    gmq_peer_gate(connection->peer, true);
    EXPECT_TRUE(turn_until([this] { return connection->received == "patience"; }));
}

TEST_F(Peer, SleepsWhileTheGateIsShut)
{
    int n_turns = 0;

    gmq_peer_gate(connection->peer, false);
    client->send("patience");
    for (int64_t deadline = gmq_loop_now(loop) + SECOND / 20; gmq_loop_now(loop) < deadline;
         n_turns++)
        turn(deadline - gmq_loop_now(loop));
    EXPECT_LE(n_turns, 3);
}

TEST_F(Peer, NoticesACrashBehindAShutGate)
{
    gmq_peer_gate(connection->peer, false);
    client->send("patience");
    turn_for_a_while();
    client->reset();
    EXPECT_TRUE(turn_until([this] { return connection->n_closed == 1; }));
}

TEST_F(Peer, SleepsWhileTheClientIsFull)
{
    int n_turns = 0;

    write(std::string(64 * 1024 * 1024, 'x'));
    for (int64_t deadline = gmq_loop_now(loop) + SECOND / 20; gmq_loop_now(loop) < deadline;
         n_turns++)
        turn(deadline - gmq_loop_now(loop));
    EXPECT_LE(n_turns, 3);
}

TEST_F(Peer, NoticesACrashWhileTheClientIsFull)
{
    write(std::string(64 * 1024 * 1024, 'x'));
    client->reset();
    EXPECT_TRUE(turn_until([this] { return connection->n_closed == 1; }));
}

TEST_F(Peer, WritesNothingToAClientThatIsGone)
{
    client->reset();
    while (write("anybody there?") > 0)
        continue;
    EXPECT_EQ(0, connection->n_closed) << "completions come later";
    turn(0);
    EXPECT_EQ(1, connection->n_closed);
}

TEST_F(Peer, CloseDeliversTheLastWordsToAClientThatStillSends)
{
    std::string farewell(100000, 'f');

    client->send(std::string(100000, 'x'));
    connection->on_received = [&] {
        if (connection->n_writable++ > 0)
            return;
        EXPECT_EQ(farewell.size(), write(farewell));
        gmq_peer_close(connection->peer);
    };
    EXPECT_TRUE(turn_until([this] { return !connection->received.empty(); }));
    client->send(std::string(100000, 'y'));
    turn_for_a_while();
    EXPECT_EQ(farewell, client->read(farewell.size() + 1));
    EXPECT_EQ(0, client->last_errno);
    EXPECT_EQ(0, connection->n_closed);
    client->hang_up();
    EXPECT_TRUE(turn_until([this] { return connection->n_closed == 1; }));
    EXPECT_EQ(std::string::npos, connection->received.find('y')) << "nothing comes after close";
}

TEST_F(Peer, CloseDoesNotWaitLongForTheClient)
{
    int64_t start = gmq_loop_now(loop);

    gmq_peer_close(connection->peer);
    EXPECT_TRUE(turn_until([this] { return connection->n_closed == 1; }));
    EXPECT_GE(gmq_loop_now(loop) - start, 2 * SECOND);
    EXPECT_LE(gmq_loop_now(loop) - start, 5 * SECOND);
}

TEST_F(Peer, AbortResets)
{
    gmq_peer_abort(connection->peer);
    EXPECT_EQ(0, connection->n_closed) << "completions come later";
    turn(0);
    EXPECT_EQ(1, connection->n_closed);
    EXPECT_EQ("", client->read(1));
    EXPECT_EQ(ECONNRESET, client->last_errno);
}

TEST_F(Peer, AbortAfterCloseEndsTheWait)
{
    gmq_peer_close(connection->peer);
    gmq_peer_abort(connection->peer);
    turn(0);
    EXPECT_EQ(1, connection->n_closed);
}

TEST_F(Peer, TakesTurnsWithAnotherThatSendsWithoutEnd)
{
    auto other = connect();
    ASSERT_TRUE(turn_until([this] { return amqp.connections.size() == 2; }));
    GmqConnection *second = amqp.connections[1].get();

    client->send(std::string(2000000, 'x'));
    other->send("me too");
    ASSERT_TRUE(turn_until([&] { return !second->received.empty(); }));
    EXPECT_LE(connection->received.size(), 1500000u);
}

} // namespace
