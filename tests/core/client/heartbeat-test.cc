#include "tests/core/client/talk.h"

static const int64_t second = 1000000000;

/* A client with a heartbeat of 10 s, opened at the second given. */
class ClientHeartbeat : public testing::Test {
  protected:
    ClientHeartbeat() : talk(config())
    {
    }

    void
    open_at(int64_t seconds)
    {
        talk.open();
        tick(seconds);
    }

    static GmqClientConfig
    config()
    {
        GmqClientConfig config = GMQ_CLIENT_CONFIG_DEFAULT;
        config.heartbeat_s     = 10;
        return config;
    }

    /* Returns the next time in seconds. */
    int64_t
    tick(int64_t seconds)
    {
        int64_t next = gmq_client_tick(talk.client, seconds * second);
        return next == INT64_MAX ? next : next / second;
    }

    Talk talk;
};

TEST_F(ClientHeartbeat, IsSentAfterHalfItsTimeWithoutWriting)
{
    open_at(100);
    EXPECT_EQ(105, tick(100));
    EXPECT_EQ(105, tick(104));
    EXPECT_EQ(Lines{}, talk.take_said());
    EXPECT_EQ(110, tick(105));
    EXPECT_EQ(Lines{"0 heartbeat"}, talk.take_said());
    EXPECT_EQ(110, tick(105));
    EXPECT_EQ(115, tick(110));
    EXPECT_EQ(Lines{"0 heartbeat"}, talk.take_said());
}

TEST_F(ClientHeartbeat, IsPutOffByAnythingThatIsWritten)
{
    open_at(100);
    gmq_client_open_channel(talk.client, 1);
    talk.take_output();
    EXPECT_EQ(108, tick(103));
    EXPECT_EQ(108, tick(105));
    EXPECT_EQ(Lines{}, talk.take_said());
}

TEST_F(ClientHeartbeat, IsNotPutBehindOutputThatWaits)
{
    open_at(100);
    gmq_client_open_channel(talk.client, 1);
    EXPECT_EQ(110, tick(105));
    EXPECT_EQ(115, tick(110));
    EXPECT_EQ(1u, talk.take_said().size());
}

TEST_F(ClientHeartbeat, MissedTwiceIsTheEnd)
{
    open_at(100);
    tick(105);
    tick(110);
    tick(115);
    EXPECT_EQ(120, tick(119));
    EXPECT_EQ(GMQ_CLIENT_OPEN, gmq_client_state(talk.client));
    talk.take_output();
    EXPECT_EQ(INT64_MAX, tick(120));
    EXPECT_EQ(Lines{"closed: silent 0 (0, 0) nothing was heard for two heartbeats"},
              talk.take_told());
    EXPECT_EQ(Lines{}, talk.take_said());
}

TEST_F(ClientHeartbeat, HeardKeepsTheConnection)
{
    open_at(100);
    talk.hear(framed(GMQ_FRAME_HEARTBEAT, 0, ""));
    tick(115);
    tick(120);
    tick(134);
    EXPECT_EQ(GMQ_CLIENT_OPEN, gmq_client_state(talk.client));
    EXPECT_EQ(Lines{}, talk.take_told());
    tick(135);
    EXPECT_EQ(GMQ_CLIENT_CLOSED, gmq_client_state(talk.client));
}

TEST_F(ClientHeartbeat, AnyOctetKeepsTheConnectionToo)
{
    open_at(100);
    tick(119);
    talk.hear(bytes({8}));
    tick(119);
    tick(138);
    EXPECT_EQ(GMQ_CLIENT_OPEN, gmq_client_state(talk.client));
}

TEST_F(ClientHeartbeat, IsNotSentAfterClose)
{
    open_at(100);
    gmq_client_close(talk.client, 200, "bye");
    talk.take_output();
    tick(100);
    tick(110);
    EXPECT_EQ(Lines{}, talk.take_said());
    tick(120);
    EXPECT_EQ(GMQ_CLIENT_CLOSED, gmq_client_state(talk.client));
}

TEST(ClientHeartbeatOff, NeedsNoTicks)
{
    GmqClientConfig config = GMQ_CLIENT_CONFIG_DEFAULT;
    config.heartbeat_s     = 0;
    Talk talk(config);

    EXPECT_EQ(INT64_MAX, gmq_client_tick(talk.client, 0));
    talk.open();
    EXPECT_EQ(INT64_MAX, gmq_client_tick(talk.client, 1000 * second));
    EXPECT_EQ(GMQ_CLIENT_OPEN, gmq_client_state(talk.client));
}
