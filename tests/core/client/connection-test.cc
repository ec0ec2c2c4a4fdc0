#include "tests/core/client/talk.h"

TEST(ClientConnection, ClosesAndIsAnswered)
{
    Talk talk;

    talk.open();
    EXPECT_TRUE(gmq_client_close(talk.client, 200, "bye"));
    EXPECT_EQ(Lines{"0 connection.close reply-code=200 reply-text=bye class-id=0 method-id=0"},
              talk.take_said());
    EXPECT_EQ(GMQ_CLIENT_CLOSING, gmq_client_state(talk.client));
    EXPECT_FALSE(gmq_client_close(talk.client, 200, "again"));
    EXPECT_FALSE(gmq_client_open_channel(talk.client, 1));

    talk.hear(plain(0, GMQ_CONNECTION_CLOSE_OK));
    EXPECT_EQ(Lines{"closed: ours 200 (0, 0) "}, talk.take_told());
    EXPECT_EQ(Lines{}, talk.take_said());
    EXPECT_EQ(GMQ_CLIENT_END_OURS, gmq_client_end(talk.client)->cause);
}

TEST(ClientConnection, IsClosedByTheServerWithItsReason)
{
    Talk talk;

    talk.open();
    talk.hear(closing(0, 320, "CONNECTION_FORCED - stop", 60, 40));
    EXPECT_EQ(Lines{"closed: server's 320 (60, 40) CONNECTION_FORCED - stop"}, talk.take_told());
    EXPECT_EQ(Lines{"0 connection.close-ok"}, talk.take_said());
    EXPECT_EQ("CONNECTION_FORCED - stop", string_of(gmq_client_end(talk.client)->text));
}

TEST(ClientConnection, ThatBothCloseEndsWithTheServersReason)
{
    Talk talk;

    talk.open();
    gmq_client_close(talk.client, 200, "bye");
    talk.take_output();
    talk.hear(closing(0, 320, "stop", 0, 0));
    EXPECT_EQ(Lines{"0 connection.close-ok"}, talk.take_said());
    EXPECT_EQ(Lines{}, talk.take_told());
    talk.hear(plain(0, GMQ_CONNECTION_CLOSE_OK));
    EXPECT_EQ(Lines{"closed: server's 320 (0, 0) stop"}, talk.take_told());
}

TEST(ClientConnection, ThatBothCloseMayAlsoEndWithoutAnAnswer)
{
    Talk talk;

    talk.open();
    gmq_client_close(talk.client, 200, "bye");
    talk.hear(closing(0, 320, "stop", 0, 0));
    gmq_client_lost(talk.client);
    EXPECT_EQ(Lines{"closed: server's 320 (0, 0) stop"}, talk.take_told());
}

TEST(ClientConnection, CanBeLost)
{
    Talk talk;

    talk.open();
    gmq_client_lost(talk.client);
    gmq_client_lost(talk.client);
    EXPECT_EQ(Lines{"closed: lost 0 (0, 0) the connection was lost"}, talk.take_told());
    EXPECT_FALSE(gmq_client_open_channel(talk.client, 1));
}

TEST(ClientConnection, CountsWhatComesAfterItsEnd)
{
    Talk talk;

    talk.open();
    talk.hear(closing(0, 320, "stop", 0, 0));
    EXPECT_EQ(0u, gmq_client_late_octets(talk.client));
    talk.hear("late");
    talk.hear("r");
    EXPECT_EQ(5u, gmq_client_late_octets(talk.client));
}

TEST(ClientConnection, CountsWhatStandsBehindTheCloseInTheSameInput)
{
    Talk talk;

    talk.open();
    talk.hear(closing(0, 320, "stop", 0, 0) + "late");
    EXPECT_EQ(4u, gmq_client_late_octets(talk.client));
}

TEST(ClientConnection, TellsOfBlocking)
{
    Talk talk;
    GmqMethod blocked = {};

    talk.open();
    blocked.id                        = GMQ_CONNECTION_BLOCKED;
    blocked.connection_blocked.reason = GMQ_SLICE("low on memory");
    talk.hear(framed(0, blocked) + plain(0, GMQ_CONNECTION_UNBLOCKED));
    EXPECT_EQ((Lines{"blocked low on memory", "unblocked"}), talk.take_told());
}

TEST(ClientConnection, IsNotToldOfBlockingUnlessItSaidSo)
{
    GmqClientConfig config = GMQ_CLIENT_CONFIG_DEFAULT;
    config.capabilities    = 0;
    Talk talk(config);

    talk.open();
    talk.hear(plain(0, GMQ_CONNECTION_BLOCKED));
    EXPECT_EQ(Lines{"closed: fault 503 (10, 60) COMMAND_INVALID - connection.blocked or "
                    "-unblocked, which was not asked for"},
              talk.take_told());
}

TEST(ClientConnection, RenewsItsSecret)
{
    Talk talk;

    talk.open();
    EXPECT_TRUE(gmq_client_update_secret(talk.client, GMQ_SLICE("new"), "old one expired"));
    EXPECT_EQ(Lines{"0 connection.update-secret new-secret=(3 octets) "
                    "reason=\"old one expired\""},
              talk.take_said());
    talk.hear(plain(0, GMQ_CONNECTION_UPDATE_SECRET_OK));
    EXPECT_EQ(Lines{"0 connection.update-secret-ok"}, talk.take_told());
}

TEST(ClientConnection, TellsTheServerWhatItDidWrong)
{
    Talk talk;

    talk.open();
    talk.hear(plain(0, GMQ_CONNECTION_UPDATE_SECRET_OK));
    EXPECT_EQ(Lines{"0 connection.close reply-code=503 reply-text=\"COMMAND_INVALID - "
                    "connection.update-secret-ok on channel 0, where no answer is due\" "
                    "class-id=10 method-id=71"},
              talk.take_said());
    EXPECT_EQ(GMQ_CLIENT_CLOSED, gmq_client_state(talk.client));
}

/* What no server may send on an open connection. */
struct Offence {
    const char *name;
    std::string bytes;
    const char *told;
};

class ClientOffence : public testing::TestWithParam<Offence> {};

static const Offence offences[] = {
    {"StartAgain", start(), "504 (10, 10) CHANNEL_ERROR - connection.start a second time"},
    {"TuneAgain", tune(), "504 (10, 30) CHANNEL_ERROR - connection.tune out of its turn"},
    {"HeartbeatOnAChannel", framed(GMQ_FRAME_HEARTBEAT, 3, ""),
     "505 (0, 0) UNEXPECTED_FRAME - heartbeat on channel 3 with 0 octets"},
    {"HeartbeatWithPayload", framed(GMQ_FRAME_HEARTBEAT, 0, "x"),
     "505 (0, 0) UNEXPECTED_FRAME - heartbeat on channel 0 with 1 octets"},
    {"ContentOnChannelZero", header(0, 1), "505 (0, 0) UNEXPECTED_FRAME - content on channel 0"},
    {"HeaderOnAClosedChannel", header(2, 1),
     "504 (0, 0) CHANNEL_ERROR - content on channel 2, which is not open"},
    {"MethodOnAClosedChannel", deliver(2, "c", 1, "k"),
     "504 (60, 60) CHANNEL_ERROR - basic.deliver on channel 2, which is not open"},
    {"ChannelMethodOnChannelZero", plain(0, GMQ_CHANNEL_OPEN_OK),
     "503 (20, 11) COMMAND_INVALID - channel.open-ok on channel 0 was not expected"},
    {"ConnectionMethodOnAChannel", plain(1, GMQ_CONNECTION_CLOSE_OK),
     "503 (10, 51) COMMAND_INVALID - connection.close-ok on channel 1, which a server never sends "
     "there"},
    {"OurOwnMethod", plain(1, GMQ_QUEUE_DECLARE),
     "503 (50, 10) COMMAND_INVALID - queue.declare on channel 1, which a server never sends there"},
    {"UnknownMethod", framed(GMQ_FRAME_METHOD, 1, bytes({0, 60, 0, 1})),
     "540 (60, 1) NOT_IMPLEMENTED - there is no method with ids 60, 1"},
    {"CutMethod", framed(GMQ_FRAME_METHOD, 1, bytes({0, 60, 0, 80, 0})),
     "501 (60, 80) FRAME_ERROR - basic.ack: the fields are cut short"},
    {"BadFrameEnd", bytes({8, 0, 0, 0, 0, 0, 0, 0}),
     "501 (0, 0) FRAME_ERROR - frame on channel 0 ends with octet 0x00 instead of 0xce"},
    {"HugeFrame", bytes({3, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF}),
     "501 (0, 0) FRAME_ERROR - frame of 4294967295 octets on channel 1 is larger than the limit of "
     "131064"},
    {"SecondOpenOk", plain(1, GMQ_CHANNEL_OPEN_OK),
     "503 (20, 11) COMMAND_INVALID - channel.open-ok on channel 1, where no answer is due"},
};

INSTANTIATE_TEST_SUITE_P(ClientConnection, ClientOffence, testing::ValuesIn(offences),
                         [](const auto &tried) { return tried.param.name; });

TEST_P(ClientOffence, EndsTheConnectionWithASentence)
{
    for (size_t chunk : {SIZE_MAX, size_t{1}}) {
        Talk talk(GMQ_CLIENT_CONFIG_DEFAULT, chunk);

        talk.open();
        talk.open_channel(1);
        talk.hear(GetParam().bytes);
        EXPECT_EQ(Lines{std::string("closed: fault ") + GetParam().told}, talk.take_told());
        ASSERT_EQ(1u, gmq_client_output(talk.client).size > 0);
        EXPECT_EQ(0u, talk.take_said()[0].find("0 connection.close reply-code=5"));
    }
}

TEST(ClientConnection, TakesLargeHeadersButBodiesOnlyAsAgreed)
{
    GmqClientConfig config = GMQ_CLIENT_CONFIG_DEFAULT;
    config.frame_max       = 4096;
    Talk talk(config);

    talk.open();
    talk.open_channel(1);
    talk.consume(1, "c");
    talk.hear(consume_ok(1, "c") + deliver(1, "c", 1, "k"));
    std::string large(5000, 'h');
    g_auto(GmqBuffer) table   = {};
    g_auto(GmqBuffer) payload = {};
    GmqProperties properties  = {};
    gmq_table_add_text(&table, "h", slice_of(large));
    properties.present = GMQ_PROPERTY_BIT(GMQ_PROPERTY_HEADERS);
    properties.headers = gmq_buffer_slice(&table);
    gmq_properties_encode(&properties, 5000, &payload);
    talk.hear(framed(GMQ_FRAME_HEADER, 1, string_of(payload)));
    talk.hear(body(1, std::string(4088, 'b')));
    EXPECT_EQ(GMQ_CLIENT_OPEN, gmq_client_state(talk.client));

    talk.hear(body(1, std::string(4089, 'b')));
    EXPECT_EQ("closed: fault 501 (0, 0) FRAME_ERROR - body frame of 4089 octets, where frame-max "
              "is 4096",
              talk.told.back());
}

TEST(ClientConnection, TakesItsOutputInPieces)
{
    Talk talk;
    std::string expected;
    std::string seen;

    talk.open();
    talk.open_channel(1);
    for (int i = 0; i < 100; i++) {
        talk.publish(1, std::string(i, 'x'));
        GmqSlice output = gmq_client_output(talk.client);
        size_t size     = MIN(output.size, size_t(23));
        seen += string_of(GmqSlice{output.data, size});
        gmq_client_wrote(talk.client, size);
    }
    seen += talk.take_output();
    for (int i = 0; i < 100; i++) {
        talk.publish(1, std::string(i, 'x'));
        expected += talk.take_output();
    }
    EXPECT_EQ(expected, seen);
}
