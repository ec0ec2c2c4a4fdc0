/* Methods and messages down to the bits: core/AMQP.md 4 and 5. */
#include "tests/core/amqp/peer.h"

static std::string
octets(std::initializer_list<int> values)
{
    std::string bytes;

    for (int value : values)
        bytes.push_back(static_cast<char>(value));
    return bytes;
}

/* ---- bits ---- */

static std::string
declare_queue(int bits)
{
    return frame(1, 1, octets({0, 50, 0, 10, 0, 0, 1, 'q', bits, 0, 0, 0, 0}));
}

TEST(Amqp_4_1, TheBitsOfQueueDeclare)
{
    const std::string current = "channel.close 406 50,10 PRECONDITION_FAILED - inequivalent arg ";
    const std::string where = " for queue 'q' in vhost '/': received 'true' but current is 'false'";

    for (const auto &[bits, reply] : {
             std::pair(0x01, std::string("queue.declare-ok q messages=0 consumers=0")),
             std::pair(0x02, current + "'durable'" + where),
             std::pair(0x04, std::string("channel.close 405 ")),
             std::pair(0x08, current + "'auto_delete'" + where),
             std::pair(0x10, std::string()),
             std::pair(0xE0, std::string("queue.declare-ok q messages=0 consumers=0")),
         }) {
        Server server;
        Peer peer(server);

        peer.send(declare_queue(0));
        EXPECT_EQ(reply, peer.send(declare_queue(bits)).substr(0, reply.size())) << bits;
        if (bits == 0x10) {
            EXPECT_EQ("", peer.read());
        }
    }
}

TEST(Amqp_4_1, TheBitsOfExchangeDeclare)
{
    for (const auto &[bits, what] :
         {std::pair(0x01, ""), std::pair(0x02, "'durable'"), std::pair(0x04, "'auto_delete'"),
          std::pair(0x08, "'internal'"), std::pair(0x10, "")}) {
        Server server;
        Peer peer(server);

        auto declare = [&](int octet) {
            return peer.send(frame(1, 1,
                                   octets({0, 40, 0, 10, 0, 0, 1, 'x', 6}) + "direct" +
                                       octets({octet, 0, 0, 0, 0})));
        };
        declare(0);
        std::string reply = declare(bits);
        if (*what == '\0')
            EXPECT_EQ(bits == 0x10 ? "" : "exchange.declare-ok", reply);
        else
            EXPECT_NE(std::string::npos, reply.find("inequivalent arg " + std::string(what)));
    }
}

TEST(Amqp_4_1, QueueUnbindHasNoNowait)
{
    Server server;
    Peer peer(server);
    std::string unbind = octets({0, 50, 0, 50, 0, 0, 1, 'q', 1, 'x', 1, 'k'});

    EXPECT_EQ("queue.unbind-ok", peer.send(frame(1, 1, unbind + octets({0, 0, 0, 0}))));
    EXPECT_EQ("connection.close 501",
              brief(peer.send(frame(1, 1, unbind + octets({1, 0, 0, 0, 0})))));
}

TEST(Amqp_4_1, ExchangeUnbindOkIs51)
{
    Server server;
    Peer peer(server);

    peer.read();
    peer.put(say(1, "exchange.unbind source=amq.topic destination=amq.direct"));
    server.turn();
    EXPECT_EQ(octets({1, 0, 1, 0, 0, 0, 4, 0, 40, 0, 51, 0xCE}), FakeHost::take_written(peer.peer));
}

/* ---- content headers ---- */

static std::string
all_properties()
{
    return octets({0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0xFF, 0xFC}) + "\004type" + "\004gzip" +
           octets({0, 0, 0, 4, 1, 'n', 'b', 7}) + octets({2, 9}) + "\004corr" + "\005reply" +
           "\00210" + "\002id" + octets({0, 0, 0, 0, 0x5E, 0x0B, 0xE1, 0}) + "\004kind" +
           "\005guest" + "\003app" + "\007cluster";
}

TEST(Amqp_4_2, EveryPropertyInItsPlace)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.send(say(1, "basic.publish routing-key=q") + frame(2, 1, all_properties()) +
              frame(3, 1, "hi"));
    EXPECT_EQ("get-ok 1 [q] {content-type=type content-encoding=gzip headers={n: 7} "
              "delivery-mode=2 priority=9 correlation-id=corr reply-to=reply expiration=\"10\" "
              "message-id=id timestamp=1577836800 type=kind user-id=guest app-id=app "
              "cluster-id=cluster} hi left=0",
              peer.ask("basic.get queue=q"));
}

TEST(Amqp_4_6, PropertiesPassAsTheyCame)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.send(say(1, "basic.publish routing-key=q") + frame(2, 1, all_properties()) +
              frame(3, 1, "hi"));
    peer.ask("basic.get queue=q");
    EXPECT_EQ(all_properties(), peer.listener.last_header);
}

TEST(Amqp_4_2, AHeaderMustDecode)
{
    std::string good = all_properties();

    for (const std::string &bad :
         {good.substr(0, good.size() - 1), good + "x", good.substr(0, 14), good.substr(0, 13),
          octets({0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}),
          octets({0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2})}) {
        Server server;
        Peer peer(server);

        peer.ask("queue.declare queue=q");
        EXPECT_EQ("connection.close 501", brief(peer.send(say(1, "basic.publish routing-key=q") +
                                                          frame(2, 1, bad) + frame(3, 1, "hi"))))
            << testing::PrintToString(bad);
    }
}

TEST(Amqp_4_3, ClassAndWeightAreFixed)
{
    for (const std::string &bad : {octets({0, 50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}),
                                   octets({0, 60, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})}) {
        Server server;
        Peer peer(server);

        EXPECT_EQ("connection.close 505 60,40 UNEXPECTED_FRAME",
                  brief(peer.send(say(1, "basic.publish") + frame(2, 1, bad)), 4));
    }
}

TEST(Amqp_4_3, AHeaderMustFollowThePublish)
{
    for (const std::string &other : {say(1, "queue.declare queue=q"), frame(3, 1, "hello"),
                                     say(1, "basic.publish"), say(1, "channel.close")}) {
        Server server;
        Peer peer(server);

        EXPECT_EQ("connection.close 505 60,40 UNEXPECTED_FRAME",
                  brief(peer.send(say(1, "basic.publish") + other), 4));
    }
}

TEST(Amqp_4_3, ABodySizeBeyondReasonIsTheEnd)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("connection.close 501 60,40 FRAME_ERROR",
              brief(peer.send(say(1, "basic.publish") + content_header(1, 536870913)), 4));
}

/* The body comes and is counted, but nobody keeps it. */
TEST(Amqp_4_3, AMessageThatIsTooLargeIsRefusedWhenItIsComplete)
{
    const size_t part = 131072;
    Server server;
    Peer peer(server);
    std::string piece = frame(3, 1, std::string(part, 'x'));

    peer.ask("queue.declare queue=q");
    EXPECT_EQ("", peer.send(say(1, "basic.publish routing-key=q") +
                            content_header(1, GMQ_MESSAGE_SIZE_MAX + 1)));
    for (size_t sent = 0; sent < GMQ_MESSAGE_SIZE_MAX; sent += part)
        ASSERT_EQ("", peer.send(piece));
    EXPECT_EQ("channel.close 406 60,40 PRECONDITION_FAILED - message size 134217729 is larger than "
              "configured max size 134217728",
              peer.send(frame(3, 1, "x")));
    EXPECT_EQ("#2 channel.open-ok", peer.ask(2, "channel.open"));
}

/* ---- bodies ---- */

TEST(Amqp_4_4, AnEmptyBodyIsCompleteWithItsHeader)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    EXPECT_EQ("", peer.publish("", "q", ""));
    EXPECT_EQ("get-ok 1 [q] left=0", peer.ask("basic.get queue=q"));
    EXPECT_EQ(0u, peer.listener.last_parts);
    EXPECT_EQ("connection.close 505 0,0 UNEXPECTED_FRAME - expected a method, got content",
              peer.send(publish(1, "", "q", "") + frame(3, 1, "")));
}

TEST(Amqp_4_4, EmptyFramesWithinABodyAreFine)
{
    for (Feed feed : {Feed::WHOLE, Feed::BYTE_WISE, Feed::INTO_WINDOW}) {
        Server server;
        Peer peer(server);

        peer.feed = feed;
        peer.ask("queue.declare queue=q");
        EXPECT_EQ("", peer.send(say(1, "basic.publish routing-key=q") + content_header(1, 5) +
                                frame(3, 1, "") + frame(3, 1, "he") + frame(3, 1, "") +
                                frame(3, 1, "") + frame(3, 1, "llo")));
        EXPECT_EQ("get-ok 1 [q] hello left=0", peer.ask("basic.get queue=q"));
    }
}

TEST(Amqp_4_5, ABodyLongerThanAnnouncedIsTheEnd)
{
    for (Feed feed : {Feed::WHOLE, Feed::BYTE_WISE}) {
        Server server;
        Peer peer(server);

        peer.feed = feed;
        EXPECT_EQ("connection.close 501 60,40 FRAME_ERROR - body of 4 bytes is longer than the 3 "
                  "that are left",
                  peer.send(say(1, "basic.publish routing-key=q") + content_header(1, 5) +
                            frame(3, 1, "he") + frame(3, 1, "llo!")));
    }
}

TEST(Amqp_4_5, AMethodWithinContentIsTheEnd)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("connection.close 505 60,40 UNEXPECTED_FRAME - expected content, got a method",
              peer.send(say(1, "basic.publish") + content_header(1, 5) + frame(3, 1, "he") +
                        say(1, "queue.declare queue=q")));
}

TEST(Amqp_4_5, ASecondHeaderIsTheEnd)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("connection.close 505 60,40 UNEXPECTED_FRAME - expected a body, got a content header",
              peer.send(say(1, "basic.publish") + content_header(1, 5) + content_header(1, 5)));
}

TEST(Amqp_4_5, OtherChannelsMayComeBetween)
{
    Server server;
    Peer peer(server);

    peer.ask(2, "channel.open");
    peer.ask("queue.declare queue=q");
    EXPECT_EQ("#2 queue.declare-ok q messages=0 consumers=0\n"
              "#2 queue.declare-ok q messages=1 consumers=0\n"
              "#2 queue.declare-ok q messages=2 consumers=0",
              peer.send(say(1, "basic.publish routing-key=q") + say(2, "queue.declare queue=q") +
                        content_header(1, 5) + frame(3, 1, "he") + publish(2, "", "q", "two") +
                        say(2, "queue.declare queue=q") + frame(8, 0, "") + frame(3, 1, "llo") +
                        say(2, "queue.declare queue=q")));
    EXPECT_EQ("get-ok 1 [q] two left=1", peer.ask("basic.get queue=q"));
    EXPECT_EQ("get-ok 2 [q] hello left=0", peer.ask("basic.get queue=q"));
}

TEST(Amqp_4_6, BodiesPassAsTheyCameWhateverTheirSize)
{
    for (size_t size : {1, 3999, 4000, 4001, 65528, 65536, 262143, 262144, 262145, 600000}) {
        for (Feed feed : {Feed::WHOLE, Feed::INTO_WINDOW}) {
            Server server;
            Peer peer(server);
            std::string body;

            for (size_t i = 0; i < size; i++)
                body.push_back(static_cast<char>(i * 7 + i / 251));
            peer.feed                = feed;
            peer.listener.body_shown = SIZE_MAX;
            peer.ask("queue.declare queue=q");
            peer.publish("", "q", body);
            EXPECT_TRUE("get-ok 1 [q] " + body + " left=0" == peer.ask("basic.get queue=q"))
                << size;
        }
    }
}

TEST(Amqp_4_6, OnlyBccIsTakenOut)
{
    Server server;
    Peer peer(server);
    std::string before = Table().add("z", 1).add("CC", std::vector<std::string>{"r"});
    std::string after  = Table().add("a").add("z", "again");

    peer.ask("queue.declare queue=q");
    peer.publish("", "q", "hello", "type=t priority=3",
                 before + std::string(Table().add("BCC", std::vector<std::string>{"s"})) + after);
    peer.ask("basic.get queue=q");
    EXPECT_EQ(header_payload(5, "type=t priority=3", before + after), peer.listener.last_header);
}

/* ---- tables (5) ---- */

/* One value of each type. */
static std::string
all_types()
{
    return std::string("\1tt") + octets({1}) + std::string("\1bb") + octets({0x80}) + "\1BB" +
           octets({0xFF}) + "\1ss" + octets({0x80, 0}) + "\1uu" + octets({0xFF, 0xFF}) + "\1II" +
           octets({0x80, 0, 0, 0}) + "\1ii" + octets({0xFF, 0xFF, 0xFF, 0xFF}) + "\1ll" +
           octets({0x80, 0, 0, 0, 0, 0, 0, 0}) + "\1LL" +
           octets({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}) + "\1ff" +
           octets({0x3F, 0x80, 0, 0}) + "\1dd" + octets({0x3F, 0xF0, 0, 0, 0, 0, 0, 0}) + "\1DD" +
           octets({2, 0xFF, 0xFF, 0xFF, 0xFE}) + "\1SS" + octets({0, 0, 0, 2}) + "hi" + "\1AA" +
           octets({0, 0, 0, 3, 'V', 't', 0}) + "\1TT" + octets({0, 0, 0, 0, 0x5E, 0x0B, 0xE1, 0}) +
           "\1FF" + octets({0, 0, 0, 3, 1, 'v', 'V'}) + "\1VV" + "\1xx" + octets({0, 0, 0, 1, 0});
}

TEST(Amqp_5_1, EveryTypePassesAsItCame)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    EXPECT_EQ("queue.declare-ok r messages=0 consumers=0",
              peer.ask("queue.declare queue=r", all_types()));
    EXPECT_EQ("", peer.publish("", "q", "hello", "", all_types()));
    std::string got = peer.ask("basic.get queue=q");
    EXPECT_EQ(header_payload(5, "", all_types()), peer.listener.last_header);
    EXPECT_NE(std::string::npos, got.find("s: -32768, u: 65535, I: -2147483648, i: 4294967295, "
                                          "l: -9223372036854775808, L: -1,"))
        << got;
}

TEST(Amqp_5_1, OtherTypesAreTheEnd)
{
    for (char type : {'\0', 'a', 'C', 'U', 'X', '\xFF'}) {
        Server server;
        Peer peer(server);
        std::string table = octets({1, 'k', type, 0, 0, 0, 0, 0, 0, 0, 0});

        EXPECT_EQ("connection.close 501", brief(peer.ask("queue.declare queue=q", table)));
        Peer publisher(server);
        EXPECT_EQ("connection.close 501", brief(publisher.publish("", "q", "hello", "", table)));
    }
}

TEST(Amqp_5_2, NamesMayBeAnything)
{
    Server server;
    Peer peer(server);
    std::string headers =
        Table().add(std::string(255, 'x'), 1).add("", 2).add("1 two\n", 3).add("\xFF\xFE", 4);

    peer.ask("queue.declare queue=q");
    EXPECT_EQ("", peer.publish("", "q", "hello", "", headers));
    peer.ask("basic.get queue=q");
    EXPECT_EQ(header_payload(5, "", headers), peer.listener.last_header);
}

TEST(Amqp_5_2, TheFirstOfANameCounts)
{
    Server server;
    Peer peer(server);

    peer.ask("exchange.declare exchange=h type=headers");
    peer.ask("queue.declare queue=q");
    peer.ask("queue.bind queue=q exchange=h", Table().add("color", "red"));
    peer.publish("h", "", "red first", "", Table().add("color", "red").add("color", "blue"));
    peer.publish("h", "", "blue first", "", Table().add("color", "blue").add("color", "red"));
    EXPECT_NE(std::string::npos, peer.ask("basic.get queue=q").find("red first left=0"));
}

TEST(Amqp_5_3, IntegersCompareByValue)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    for (GmqValueType type : {GMQ_VALUE_I8, GMQ_VALUE_U8, GMQ_VALUE_I16, GMQ_VALUE_U16,
                              GMQ_VALUE_I32, GMQ_VALUE_U32, GMQ_VALUE_I64})
        peer.ask("queue.bind queue=q exchange=amq.headers", Table().add("n", type, 5));
    peer.ask("queue.bind queue=q exchange=amq.headers", Table().add("n", "5"));
    EXPECT_EQ("queue.unbind-ok", peer.ask("queue.unbind queue=q exchange=amq.headers",
                                          Table().add("n", GMQ_VALUE_I32, 5)));
    peer.publish("amq.headers", "", "number", "", Table().add("n", 5));
    peer.publish("amq.headers", "", "text", "", Table().add("n", "5"));
    EXPECT_NE(std::string::npos, peer.ask("basic.get queue=q").find(" text left=0"));
}
