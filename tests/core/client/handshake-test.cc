#include "tests/core/client/talk.h"

TEST(ClientHandshake, BeginsWithTheProtocolHeader)
{
    Talk talk;

    EXPECT_EQ(bytes({'A', 'M', 'Q', 'P', 0, 0, 9, 1}), talk.take_output());
    EXPECT_EQ(GMQ_CLIENT_HANDSHAKING, gmq_client_state(talk.client));
}

TEST(ClientHandshake, SaysWhoItIsAndWhatItUnderstands)
{
    GmqClientConfig config = GMQ_CLIENT_CONFIG_DEFAULT;
    config.name            = "worker 1";
    Talk talk(config);

    talk.take_output();
    talk.hear(start());
    EXPECT_EQ(Lines{"greeted PLAIN AMQPLAIN"}, talk.take_told());
    EXPECT_EQ(Lines{"0 connection.start-ok client-properties={product: GlassMQ, capabilities: "
                    "{publisher_confirms: true, basic.nack: true, consumer_cancel_notify: true, "
                    "connection.blocked: true, authentication_failure_close: true, "
                    "exchange_exchange_bindings: true}, connection_name: \"worker 1\"} "
                    "mechanism=PLAIN response=(12 octets) locale=en_US"},
              talk.take_said());
}

TEST(ClientHandshake, SendsUserAndPasswordAsPlainWantsThem)
{
    GmqClientConfig config = GMQ_CLIENT_CONFIG_DEFAULT;
    config.user            = "ann";
    config.password        = "s3cret";
    Talk talk(config);

    talk.hear(start());
    EXPECT_NE(std::string::npos, talk.take_output().find(bytes({0, 0, 0, 11, 0, 'a', 'n', 'n', 0,
                                                                's', '3', 'c', 'r', 'e', 't'})));
}

TEST(ClientHandshake, LeavesOutTheCapabilitiesThatItWasNotGiven)
{
    GmqClientConfig config = GMQ_CLIENT_CONFIG_DEFAULT;
    config.capabilities    = GMQ_CLIENT_BASIC_NACK;
    Talk talk(config);

    talk.take_output();
    talk.hear(start());
    EXPECT_NE(std::string::npos,
              talk.take_said()[0].find("{product: GlassMQ, capabilities: {basic.nack: true}}"));
}

TEST(ClientHandshake, TunesOpensAndIsOpen)
{
    Talk talk;

    talk.hear(start());
    talk.take_output();
    talk.hear(tune());
    EXPECT_EQ((Lines{"0 connection.tune-ok channel-max=2047 frame-max=131072 heartbeat=60",
                     "0 connection.open virtual-host=/ reserved-1=\"\" reserved-2=0"}),
              talk.take_said());
    EXPECT_EQ(GMQ_CLIENT_HANDSHAKING, gmq_client_state(talk.client));

    talk.told.clear();
    talk.hear(plain(0, GMQ_CONNECTION_OPEN_OK));
    EXPECT_EQ(Lines{"opened"}, talk.take_told());
    EXPECT_EQ(GMQ_CLIENT_OPEN, gmq_client_state(talk.client));
    EXPECT_EQ(Lines{}, talk.take_said());
}

/* What is wanted, what is offered, and what comes of it: channel_max, frame_max, heartbeat. */
struct Tuning {
    unsigned wanted[3];
    unsigned offered[3];
    unsigned agreed[3];
};

class ClientTuning : public testing::TestWithParam<Tuning> {};

static const Tuning tunings[] = {
    {{0, 0, 60}, {2047, 131072, 60}, {2047, 131072, 60}},
    {{10, 4096, 5}, {2047, 131072, 60}, {10, 4096, 5}},
    {{3000, 200000, 90}, {2047, 131072, 60}, {2047, 131072, 60}},
    {{0, 0, 0}, {2047, 131072, 60}, {2047, 131072, 0}},
    {{0, 0, 20}, {0, 0, 0}, {0, 0, 20}},
    {{7, 5000, 0}, {0, 0, 0}, {7, 5000, 0}},
};

INSTANTIATE_TEST_SUITE_P(ClientHandshake, ClientTuning, testing::ValuesIn(tunings));

TEST_P(ClientTuning, TakesTheLesserWhereZeroIsNoLimit)
{
    GmqClientConfig config = GMQ_CLIENT_CONFIG_DEFAULT;
    const Tuning &tuning   = GetParam();
    config.channel_max     = static_cast<uint16_t>(tuning.wanted[0]);
    config.frame_max       = tuning.wanted[1];
    config.heartbeat_s     = static_cast<uint16_t>(tuning.wanted[2]);
    Talk talk(config);

    talk.hear(start() + tune(static_cast<uint16_t>(tuning.offered[0]), tuning.offered[1],
                             static_cast<uint16_t>(tuning.offered[2])));
    EXPECT_EQ(tuning.agreed[0], gmq_client_channel_max(talk.client));
    EXPECT_EQ(tuning.agreed[1], gmq_client_frame_max(talk.client));
    EXPECT_EQ(tuning.agreed[2], gmq_client_heartbeat_s(talk.client));
}

/* Servers that cannot be talked with; the client's sentence about each. */
struct Refusal {
    const char *name;
    std::string bytes;
    const char *told;
};

class ClientRefusal : public testing::TestWithParam<Refusal> {};

static const Refusal refusals[] = {
    {"OtherProtocol", bytes({'A', 'M', 'Q', 'P', 3, 1, 0, 0}),
     "closed: fault 540 (0, 0) NOT_IMPLEMENTED - the server does not speak AMQP 0-9-1: it answered "
     "with a protocol header of its own"},
    {"OtherVersion", start("PLAIN", 8),
     "closed: fault 540 (10, 10) NOT_IMPLEMENTED - the server speaks AMQP 0.8"},
    {"NoPlain", start("AMQPLAIN PLAINER"),
     "closed: fault 540 (10, 10) NOT_IMPLEMENTED - the server does not offer the mechanism PLAIN"},
    {"NoMechanism", start(""),
     "closed: fault 540 (10, 10) NOT_IMPLEMENTED - the server does not offer the mechanism PLAIN"},
    {"TuneFirst", tune(),
     "closed: fault 504 (10, 30) CHANNEL_ERROR - connection.tune out of its turn"},
    {"OpenOkFirst", plain(0, GMQ_CONNECTION_OPEN_OK),
     "closed: fault 504 (10, 41) CHANNEL_ERROR - connection.open-ok out of its turn"},
    {"ChannelFirst", plain(1, GMQ_CHANNEL_OPEN_OK),
     "closed: fault 504 (20, 11) CHANNEL_ERROR - channel.open-ok on channel 1, which is not open"},
    {"CloseOkFirst", plain(0, GMQ_CONNECTION_CLOSE_OK),
     "closed: fault 504 (10, 51) CHANNEL_ERROR - connection.close-ok, but no close was sent"},
    {"OurOwnMethod", plain(0, GMQ_CONNECTION_START_OK),
     "closed: fault 503 (10, 11) COMMAND_INVALID - connection.start-ok on channel 0 was not "
     "expected"},
    {"Garbage", "HTTP/1.1 400 Bad Request",
     "closed: fault 501 (0, 0) FRAME_ERROR - unknown frame type 72"},
    {"LargeBeforeTuning", framed(GMQ_FRAME_METHOD, 0, std::string(4089, 'x')),
     "closed: fault 501 (0, 0) FRAME_ERROR - frame of 4089 octets on channel 0 is larger than the "
     "limit of 4088"},
};

INSTANTIATE_TEST_SUITE_P(ClientHandshake, ClientRefusal, testing::ValuesIn(refusals),
                         [](const auto &tried) { return tried.param.name; });

TEST_P(ClientRefusal, IsToldInASentenceAndNothingMoreIsSent)
{
    for (size_t chunk : {SIZE_MAX, size_t{1}}) {
        Talk talk(GMQ_CLIENT_CONFIG_DEFAULT, chunk);

        talk.take_output();
        talk.hear(GetParam().bytes);
        EXPECT_EQ(Lines{GetParam().told}, talk.take_told());
        EXPECT_EQ(Lines{}, talk.take_said());
        EXPECT_EQ(GMQ_CLIENT_CLOSED, gmq_client_state(talk.client));
    }
}

TEST(ClientHandshake, TakesARefusedLoginAsTheServersClose)
{
    Talk talk;

    talk.hear(start());
    talk.take_output();
    talk.told.clear();
    talk.hear(closing(0, 403, "ACCESS_REFUSED - no", 0, 0));
    EXPECT_EQ(Lines{"closed: server's 403 (0, 0) ACCESS_REFUSED - no"}, talk.take_told());
    EXPECT_EQ(Lines{"0 connection.close-ok"}, talk.take_said());
}

TEST(ClientHandshake, DoesNotTakeFramesSmallerThanTheStandardsLeast)
{
    Talk talk;

    talk.hear(start() + tune(1, 4095));
    EXPECT_EQ("closed: fault 502 (10, 30) SYNTAX_ERROR - frame-max 4095 is less than the least of "
              "4096",
              talk.told.back());
}

TEST(ClientHandshake, SendsNothingOfItsUsersBeforeItIsOpen)
{
    Talk talk;

    EXPECT_FALSE(gmq_client_open_channel(talk.client, 1));
    EXPECT_FALSE(talk.publish(1, "x"));
    EXPECT_FALSE(gmq_client_close(talk.client, 200, "bye"));
}
