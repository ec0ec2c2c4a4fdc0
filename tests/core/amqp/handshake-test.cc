/* From the protocol header to connection.open-ok: core/AMQP.md 2.1 to 2.12. */
#include "tests/core/amqp/peer.h"

static const char tune[] = "connection.tune channel-max=2047 frame-max=131072 heartbeat=60";

/* ---- the protocol header ---- */

TEST(Amqp_2_1, BothHeadersOf091AreAnsweredWithStart)
{
    for (const char *header : {"AMQP\0\0\x09\x01", "AMQP\1\1\0\x09"}) {
        Server server;
        Peer peer(server, Peer::Silent());

        EXPECT_EQ("connection.start version-major=0 version-minor=9",
                  brief(peer.send(std::string(header, 8)), 3));
        EXPECT_EQ(tune, peer.send_start_ok());
        EXPECT_EQ("", peer.send_tune_ok());
        EXPECT_EQ("connection.open-ok", peer.send_open());
    }
}

class Amqp_2_2 : public testing::TestWithParam<std::string> {};

TEST_P(Amqp_2_2, AnotherStartIsAnsweredWithOurHeaderAndTheEnd)
{
    Server server;
    Peer peer(server, Peer::Silent());

    EXPECT_EQ("header 0 0 9 1", peer.send(GetParam()));
    EXPECT_TRUE(peer.is_closed());
}

INSTANTIATE_TEST_SUITE_P(
    Start, Amqp_2_2,
    testing::Values(std::string("AMQP\0\0\x09\0", 8), std::string("AMQP\0\1\0\0", 8),
                    std::string("AMQP\3\1\0\0", 8), std::string("AMQP\1\1\x08\0", 8),
                    std::string("AMQP\2\0\0\x09\1", 9), std::string("amqp\0\0\x09\1", 8),
                    std::string("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                    std::string("\x16\x03\x01\x02\0\1\0\1\xfc\x03\x03", 11), std::string(8, '\0'),
                    std::string(100000, 'x')));

TEST(Amqp_2_2, LessThan8BytesAreNoAnswerYet)
{
    Server server;
    Peer peer(server, Peer::Silent());

    EXPECT_EQ("", peer.send("GET / H"));
    EXPECT_FALSE(peer.is_closed());
    EXPECT_EQ("header 0 0 9 1", peer.send("T"));
}

/* ---- start ---- */

TEST(Amqp_2_3, StartSaysWhoWeAreAndHowToLogIn)
{
    Server server;
    Peer peer(server, Peer::Silent());
    std::string start = peer.send_header();

    EXPECT_NE(std::string::npos, start.find(" mechanisms=\"PLAIN AMQPLAIN\" locales=en_US"));
    for (const char *property : {"capabilities: {", "product: GlassMQ", "version: ", "platform: ",
                                 "copyright: ", "information: ", "cluster_name: "})
        EXPECT_NE(std::string::npos, start.find(property)) << property;
    EXPECT_EQ(std::string::npos, start.find("host:"));
}

TEST(Amqp_2_3, TheVersionIsTheProgramsOwn)
{
    GmqAmqpConfig config = GMQ_AMQP_CONFIG_DEFAULT;
    config.version       = "98.7";
    Server server(config);
    Peer peer(server, Peer::Silent());

    EXPECT_NE(std::string::npos, peer.send_header().find("version: \"98.7\""));
}

TEST(Amqp_2_4, OnlyWhatIsHonouredIsAnnounced)
{
    Server server;
    Peer peer(server, Peer::Silent());
    std::string start = peer.send_header();
    size_t begin      = start.find("capabilities: {") + 15;

    EXPECT_EQ("publisher_confirms: true, exchange_exchange_bindings: true, basic.nack: true, "
              "consumer_cancel_notify: true, connection.blocked: true, consumer_priorities: true, "
              "authentication_failure_close: true, per_consumer_qos: true, direct_reply_to: true",
              start.substr(begin, start.find('}', begin) - begin));
}

/* ---- start-ok ---- */

static std::string
start_ok(Peer *peer, const std::string &mechanism, const std::string &response)
{
    return peer->ask("connection.start-ok locale=en_US mechanism=" + mechanism +
                         " response=" + response,
                     client_properties(Login()));
}

static std::string
plain(const std::string &identity, const std::string &user, const std::string &password)
{
    return identity + std::string("\0", 1) + user + std::string("\0", 1) + password;
}

static std::string
amqplain(const char *user, const char *password)
{
    return Table().add("LOGIN", user).add("PASSWORD", password);
}

TEST(Amqp_2_5, PlainAndAmqplainLogIn)
{
    Server server;

    for (const auto &[mechanism, response] :
         {std::pair("PLAIN", plain("", "guest", "guest")),
          std::pair("PLAIN", plain("somebody", "guest", "guest")),
          std::pair("AMQPLAIN", amqplain("guest", "guest"))}) {
        Peer peer(server, Peer::Silent());

        peer.send_header();
        EXPECT_EQ(tune, start_ok(&peer, mechanism, response)) << mechanism;
    }
}

TEST(Amqp_2_5, TheClientsNameNamesTheConnection)
{
    Server server;
    Login login;

    server.fake.listen(true);
    server.fake.take_events();
    login.name = "billing";
    Peer named(server, login);
    EXPECT_EQ(std::vector<std::string>{"conn.opened billing"},
              server.fake.take_events("conn.opened"));
    Peer nameless(server);
    EXPECT_EQ(std::vector<std::string>{"conn.opened 10.0.0.1:40000 -> 10.0.0.2:5672"},
              server.fake.take_events("conn.opened"));
}

TEST(Amqp_2_5, PropertiesOfOtherTypesAreNoCapabilities)
{
    for (const std::string &odd :
         {std::string(Table().add("capabilities", "all of them").add("connection_name", 7)),
          std::string(Table().add("capabilities")), std::string()}) {
        Server server;
        Peer peer(server, Peer::Silent());

        peer.send_header();
        EXPECT_EQ("", peer.ask("connection.start-ok mechanism=PLAIN response=" +
                                   plain("", "guest", "wrong"),
                               odd));
        EXPECT_TRUE(peer.is_closed());
    }
}

struct BadLogin {
    const char *mechanism;
    std::string response;
};

static std::vector<BadLogin>
bad_logins()
{
    return {
        {"PLAIN", plain("", "guest", "")},        {"PLAIN", plain("", "guest", "Guest")},
        {"PLAIN", plain("", "nobody", "guest")},  {"PLAIN", plain("", "", "")},
        {"AMQPLAIN", amqplain("guest", "wrong")}, {"AMQPLAIN", amqplain("nobody", "guest")},
    };
}

TEST(Amqp_2_6, ARefusedLoginIsToldToWhoeverUnderstandsIt)
{
    Server server;

    for (const auto &[mechanism, response] : bad_logins()) {
        Peer peer(server, Peer::Silent());

        peer.send_header();
        EXPECT_EQ("connection.close 403 0,0 ACCESS_REFUSED - Login was refused using "
                  "authentication mechanism " +
                      std::string(mechanism) + ". For details see the broker logfile.",
                  start_ok(&peer, mechanism, response));
        EXPECT_FALSE(peer.is_closed());
        EXPECT_EQ("", peer.ask("connection.close-ok"));
        EXPECT_TRUE(peer.is_closed());
    }
}

TEST(Amqp_2_6, ARefusedLoginIsJustTheEndForOthers)
{
    Server server;
    Peer peer(server, Peer::Silent());
    Login login;

    login.password     = "wrong";
    login.capabilities = "consumer_cancel_notify";
    peer.send_header();
    EXPECT_EQ("", peer.send_start_ok(login));
    EXPECT_TRUE(peer.is_closed());
}

TEST(Amqp_2_6, GuestMayNotComeFromAnotherMachine)
{
    Server server;
    Peer peer(server, Peer::Silent(), false);

    peer.send_header();
    EXPECT_EQ("connection.close 403", brief(peer.send_start_ok()));
}

/* ---- tune ---- */

TEST(Amqp_2_7, TheProposalIsConfigured)
{
    GmqAmqpConfig config = GMQ_AMQP_CONFIG_DEFAULT;
    config.channel_max   = 12;
    config.frame_max     = 0;
    config.heartbeat_s   = 7;
    Server server(config);
    Peer peer(server, Peer::Silent());

    peer.send_header();
    EXPECT_EQ("connection.tune channel-max=12 frame-max=0 heartbeat=7", peer.send_start_ok());
}

struct Tuned {
    unsigned channel_max;
    unsigned frame_max;
    const char *trouble; /* behind "negotiated "; "" when it is fine */
};

class Amqp_2_8 : public testing::TestWithParam<Tuned> {};

TEST_P(Amqp_2_8, LimitsMayBeLoweredOnly)
{
    Server server;
    Peer peer(server, Peer::Silent());
    std::string trouble = GetParam().trouble;
    Login login;

    login.channel_max = GetParam().channel_max;
    login.frame_max   = GetParam().frame_max;
    peer.send_header();
    peer.send_start_ok();
    EXPECT_EQ(trouble.empty() ? ""
                              : "connection.close 530 10,30 NOT_ALLOWED - failed to negotiate "
                                "connection parameters: negotiated " +
                                    trouble,
              peer.send_tune_ok(login));
    EXPECT_EQ(trouble.empty() ? "connection.open-ok" : "", peer.send_open());
}

INSTANTIATE_TEST_SUITE_P(
    Of, Amqp_2_8,
    testing::Values(
        Tuned{2047, 131072, ""}, Tuned{1, 4096, ""}, Tuned{2046, 131071, ""},
        Tuned{2048, 131072, "channel_max = 2048 is higher than the maximum allowed value (2047)"},
        Tuned{0, 131072,
              "channel_max = 0 (no limit) is higher than the maximum allowed value (2047)"},
        Tuned{2047, 131073, "frame_max = 131073 is higher than the maximum allowed value (131072)"},
        Tuned{2047, 0,
              "frame_max = 0 (no limit) is higher than the maximum allowed value (131072)"},
        Tuned{2047, 4095, "frame_max = 4095 is lower than the minimum allowed value (4096)"}));

TEST(Amqp_2_8, WithoutALimitOfOursNoneIsFine)
{
    GmqAmqpConfig config = GMQ_AMQP_CONFIG_DEFAULT;
    config.channel_max   = 0;
    config.frame_max     = 0;
    Server server(config);
    Login login;

    login.channel_max = 0;
    login.frame_max   = 0;
    Peer unlimited(server, login);
    login.channel_max = 65535;
    login.frame_max   = 4096;
    Peer limited(server, login);
}

TEST(Amqp_2_8, TheHeartbeatIsTheClientsChoice)
{
    Server server;
    Login login;

    login.heartbeat_s = 65535;
    Peer slow(server, login);
    login.heartbeat_s = 0;
    Peer none(server, login);
}

/* ---- silence ---- */

struct Wrong {
    const char *name;
    std::string bytes;
};

static std::vector<Wrong>
wrong_starts()
{
    return {
        {"mechanism", say(0, "connection.start-ok mechanism=EXTERNAL")},
        {"plain", say(0, "connection.start-ok mechanism=PLAIN response=guest")},
        {"plain_3", say(0, "connection.start-ok mechanism=PLAIN response=" +
                               plain("", "guest", plain("", "guest", "")))},
        {"amqplain", say(0, "connection.start-ok mechanism=AMQPLAIN response=guest")},
        {"amqplain_no_password", say(0, "connection.start-ok mechanism=AMQPLAIN response=" +
                                            std::string(Table().add("LOGIN", "guest")))},
        {"method", say(0, "connection.open virtual-host=/")},
        {"unknown_method", frame(1, 0, std::string("\0\x0a\0\x63", 4))},
        {"half_method", frame(1, 0, std::string("\0\x0a\0\x0b\0", 5))},
        {"close", say(0, "connection.close")},
        {"channel", say(1, "channel.open")},
        {"content", content(0, "hello")},
        {"heartbeat", frame(8, 1, "")},
        {"type", frame(7, 0, "")},
        {"size", frame(1, 0, std::string(4097, 'x'))},
        {"end", frame(1, 0, "x").substr(0, 8) + "x"},
    };
}

class Amqp_2_9 : public testing::TestWithParam<Wrong> {
  protected:
    void
    expect_silence(Server *server, Peer *peer)
    {
        EXPECT_EQ("", peer->send(GetParam().bytes));
        EXPECT_EQ("", peer->send_start_ok());
        server->advance_ms(2999);
        EXPECT_FALSE(peer->is_closed());
        server->advance_ms(1);
        EXPECT_TRUE(peer->is_closed());
        EXPECT_EQ("", peer->read());
    }
};

TEST_P(Amqp_2_9, InsteadOfStartOkIsAnsweredWithSilence)
{
    Server server;
    Peer peer(server, Peer::Silent());

    peer.send_header();
    expect_silence(&server, &peer);
}

TEST_P(Amqp_2_9, InsteadOfTuneOkIsAnsweredWithSilence)
{
    Server server;
    Peer peer(server, Peer::Silent());

    peer.send_header();
    peer.send_start_ok();
    expect_silence(&server, &peer);
}

static std::string
name_of(const testing::TestParamInfo<Wrong> &info)
{
    return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(This, Amqp_2_9, testing::ValuesIn(wrong_starts()), name_of);

TEST(Amqp_2_9, AfterTuneOkErrorsAreTold)
{
    Server server;
    Peer peer(server, Peer::Silent());

    peer.send_header();
    peer.send_start_ok();
    peer.send_tune_ok();
    EXPECT_EQ("connection.close 501 0,0 FRAME_ERROR - unknown frame type 7",
              peer.send(frame(7, 0, "")));
}

/* ---- open ---- */

TEST(Amqp_2_10, AMissingVirtualHostIsRefused)
{
    Server server;

    for (const char *name : {"", "nix", "//"}) {
        Peer peer(server, Peer::Silent());

        peer.send_header();
        peer.send_start_ok();
        peer.send_tune_ok();
        EXPECT_EQ("connection.close 530 10,40 NOT_ALLOWED - vhost " + std::string(name) +
                      " not found",
                  peer.send_open(name));
    }
}

TEST(Amqp_2_10, CapabilitiesAndInsistMeanNothing)
{
    Server server;
    Peer peer(server, Peer::Silent());

    peer.send_header();
    peer.send_start_ok();
    peer.send_tune_ok();
    EXPECT_EQ("connection.open-ok",
              peer.ask("connection.open virtual-host=/ reserved-1=everything reserved-2"));
}

TEST(Amqp_2_11, TheHandshakeHas10Seconds)
{
    for (int steps = 0; steps < 4; steps++) {
        Server server;
        Peer peer(server, Peer::Silent());

        server.advance_ms(5000); /* what is said on the way does not buy time */
        if (steps > 0)
            peer.send_header();
        if (steps > 1)
            peer.send_start_ok();
        if (steps > 2)
            peer.send_tune_ok();
        server.advance_ms(4999);
        EXPECT_FALSE(peer.is_closed()) << steps;
        server.advance_ms(1);
        EXPECT_TRUE(peer.is_closed()) << steps;
        EXPECT_EQ("", peer.read()) << steps;
    }
}

TEST(Amqp_2_11, AnOpenConnectionHasAllTheTimeItWants)
{
    Server server;
    Peer peer(server);

    server.advance_ms(1000 * 86400);
    EXPECT_EQ("#2 channel.open-ok", peer.ask(2, "channel.open"));
}

TEST(Amqp_2_12, MethodsOutOfPlaceAfterTuneOk)
{
    for (const char *method : {"start-ok", "tune-ok", "start", "open-ok", "update-secret"}) {
        Server server;
        Peer peer(server, Peer::Silent());
        std::string name = "connection." + std::string(method);

        peer.send_header();
        peer.send_start_ok();
        peer.send_tune_ok();
        std::string reply = peer.ask(name);
        EXPECT_EQ("connection.close 504", brief(reply)) << name;
        EXPECT_NE(std::string::npos, reply.find("unexpected method " + name)) << reply;
    }
}

TEST(Amqp_2_12, MethodsOutOfPlaceWhileTheConnectionRuns)
{
    for (const char *method : {"start-ok", "tune-ok", "open", "close-ok", "blocked"}) {
        Server server;
        Peer peer(server);

        EXPECT_EQ("connection.close 504", brief(peer.ask("connection." + std::string(method))));
    }
}

TEST(Amqp_2_12, ChannelsMustWaitForOpenOk)
{
    for (const std::string &bytes : {say(1, "channel.open"), content(1, "hello")}) {
        Server server;
        Peer peer(server, Peer::Silent());

        peer.send_header();
        peer.send_start_ok();
        peer.send_tune_ok();
        EXPECT_EQ("connection.close 505 0,0 UNEXPECTED_FRAME", brief(peer.send(bytes), 4));
    }
}
