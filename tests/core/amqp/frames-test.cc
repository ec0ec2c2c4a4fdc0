/* What a frame may be: core/AMQP.md 3. */
#include "tests/core/amqp/peer.h"

static std::string
octets(std::initializer_list<int> values)
{
    std::string bytes;

    for (int value : values)
        bytes.push_back(static_cast<char>(value));
    return bytes;
}

static Login
with_frame_max(unsigned frame_max)
{
    Login login;

    login.frame_max = frame_max;
    return login;
}

/* What the broker writes in answer to the bytes, as it stands on the wire. */
static std::string
written_for(Server *server, Peer *peer, const std::string &bytes)
{
    peer->read();
    peer->put(bytes);
    server->turn();
    return FakeHost::take_written(peer->peer);
}

TEST(Amqp_3_1, AMethodFrameOnTheWire)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ(
        octets({1, 0x12, 0x34, 0, 0, 0, 8, 0, 20, 0, 11, 0, 0, 0, 0, 0xCE}),
        written_for(&server, &peer, octets({1, 0x12, 0x34, 0, 0, 0, 5, 0, 20, 0, 10, 0, 0xCE})));
}

TEST(Amqp_3_1, HeaderAndBodyFramesOnTheWire)
{
    Server server;
    Peer peer(server);

    peer.ask("queue.declare queue=q");
    peer.publish("", "q", "hi", "priority=5");
    EXPECT_EQ(
        octets({1, 0, 1, 0, 0, 0, 20, 0, 60,  0, 71, 0, 0, 0,
                0, 0, 0, 0, 1, 0, 0,  1, 'q', 0, 0,  0, 0, 0xCE}) +
            octets({2, 0, 1, 0, 0, 0, 15, 0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0x08, 0, 5, 0xCE}) +
            octets({3, 0, 1, 0, 0, 0, 2, 'h', 'i', 0xCE}),
        written_for(&server, &peer, say(1, "basic.get queue=q")));
}

TEST(Amqp_3_2, AFrameMayBeAsLargeAsFrameMaxAnd8More)
{
    for (unsigned size : {4096, 131072}) {
        Server server;
        Peer peer(server, with_frame_max(size));

        peer.ask("queue.declare queue=q");
        peer.send(say(1, "basic.publish routing-key=q") +
                  content(1, std::string(size, 'x'), "", "", size));
        EXPECT_EQ("get-ok 1 [q] (" + std::to_string(size) + " bytes) left=0",
                  peer.ask("basic.get queue=q"));
    }
}

TEST(Amqp_3_2, ALargerFrameIsTheEndAfter3Seconds)
{
    Server server;
    Peer peer(server, with_frame_max(4096));

    EXPECT_EQ("connection.close 501 0,0 FRAME_ERROR - frame of 4097 octets on channel 1 is larger "
              "than the limit of 4096",
              peer.send(octets({3, 0, 1, 0, 0, 0x10, 0x01}) + say(0, "connection.close")));
    EXPECT_EQ("", peer.ask("connection.close-ok")) << "nothing is read any more";
    server.advance_ms(2999);
    EXPECT_FALSE(peer.is_closed());
    server.advance_ms(1);
    EXPECT_TRUE(peer.is_closed());
}

TEST(Amqp_3_2, ALargeFrameIsNoticedByItsHeaderAlone)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("", peer.send(octets({1, 0, 1, 0xFF, 0xFF, 0xFF})));
    EXPECT_EQ("connection.close 501", brief(peer.send(octets({0xFF}))));
}

TEST(Amqp_3_2, BeforeTuningTheLimitIsTheLeastFrameMax)
{
    Server server;
    Peer fine(server, Peer::Silent());
    Peer large(server, Peer::Silent());
    std::string plain("\0guest\0guest", 12);

    fine.send_header();
    EXPECT_EQ("connection.tune",
              brief(fine.ask("connection.start-ok mechanism=PLAIN response=" + plain,
                             Table().add("filler", std::string(4030, 'x').c_str())),
                    1));
    large.send_header();
    EXPECT_EQ("", large.ask("connection.start-ok mechanism=PLAIN response=" + plain,
                            Table().add("filler", std::string(4090, 'x').c_str())));
    server.advance_ms(3000);
    EXPECT_TRUE(large.is_closed());
    EXPECT_FALSE(fine.is_closed());
}

TEST(Amqp_3_3, TheFrameEndIsMandatory)
{
    for (const std::string &good : {say(1, "queue.declare queue=q"), say(0, "connection.close"),
                                    frame(8, 0, ""), content_header(1, 5), frame(3, 1, "hello")}) {
        Server server;
        Peer peer(server);

        EXPECT_EQ("connection.close 501 0,0 FRAME_ERROR - frame on channel",
                  brief(peer.send(good.substr(0, good.size() - 1) + "\xCF"), 8));
        server.advance_ms(3000);
        EXPECT_TRUE(peer.is_closed());
    }
}

TEST(Amqp_3_3, TheFrameEndOfABodyInPiecesIsMandatoryToo)
{
    Server server;
    Peer peer(server);
    std::string bad = publish(1, "", "q", "hello");

    peer.feed  = Feed::BYTE_WISE;
    bad.back() = 0;
    EXPECT_EQ("connection.close 501 0,0 FRAME_ERROR - frame-end octet missing", peer.send(bad));
}

TEST(Amqp_3_3, OtherTypesAreUnknown)
{
    for (int type : {0, 4, 5, 6, 7, 9, 65, 255}) {
        Server server;
        Peer peer(server);

        EXPECT_EQ("connection.close 501 0,0 FRAME_ERROR - unknown frame type " +
                      std::to_string(type),
                  peer.send(frame(type, 0, "")));
    }
}

TEST(Amqp_3_4, BodiesAreCutToWhatTheReceiverTakes)
{
    Server server;
    Peer producer(server);
    Peer consumer(server, with_frame_max(4096)); /* whose listener looks at each frame */

    consumer.ask("queue.declare queue=q");
    consumer.ask("basic.consume queue=q consumer-tag=c");
    for (size_t size : {4087, 4088, 4089, 100000}) {
        producer.send(say(1, "basic.publish routing-key=q") +
                      content(1, std::string(size, 'x'), "", "", 100000));
        EXPECT_NE(std::string::npos, consumer.read().find("(" + std::to_string(size) + " bytes)"));
        EXPECT_EQ((size + 4087) / 4088, consumer.listener.last_parts);
    }
}

TEST(Amqp_3_4, MethodAndHeaderFramesAreNotCut)
{
    Server server;
    Peer producer(server);
    Peer consumer(server, with_frame_max(4096));
    std::string headers = Table().add("filler", std::string(9000, 'x').c_str());

    consumer.ask("queue.declare queue=q");
    consumer.ask("basic.consume queue=q consumer-tag=c");
    producer.send(publish(1, "", "q", "hello", "", headers));
    EXPECT_NE("", consumer.read());
    EXPECT_EQ(header_payload(5, "", headers), consumer.listener.last_header);
}

TEST(Amqp_3_4, WithoutFrameMaxABodyIsOneFrame)
{
    GmqAmqpConfig config = GMQ_AMQP_CONFIG_DEFAULT;
    config.frame_max     = 0;
    Server server(config);
    Peer peer(server, with_frame_max(0));

    peer.ask("queue.declare queue=q");
    peer.send(say(1, "basic.publish routing-key=q") +
              content(1, std::string(1000000, 'x'), "", "", 1000000));
    EXPECT_EQ("get-ok 1 [q] (1000000 bytes) left=0", peer.ask("basic.get queue=q"));
    EXPECT_EQ(1u, peer.listener.last_parts);
}

TEST(Amqp_3_5, HeartbeatsAreForChannel0)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("", peer.send(frame(8, 0, "") + frame(8, 0, "")));
    EXPECT_EQ("connection.close 505 0,0 UNEXPECTED_FRAME - heartbeat on a channel",
              peer.send(frame(8, 1, "")));
}

TEST(Amqp_3_5, HeartbeatsHaveNoPayload)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("connection.close 501 0,0 FRAME_ERROR - heartbeat with a payload",
              peer.send(frame(8, 0, "x")));
}

TEST(Amqp_3_6, UnknownMethodsAreToldByTheirIds)
{
    for (int channel : {0, 1, 2}) {
        Server server;
        Peer peer(server);

        EXPECT_EQ("connection.close 540 61,99 NOT_IMPLEMENTED - there is no method with ids 61, 99",
                  peer.send(frame(1, channel, octets({0, 61, 0, 99, 1, 2, 3}))));
    }
}

TEST(Amqp_3_7, FieldsMustDecode)
{
    const std::string table = octets({0, 0, 0, 3, 1, 'k', '?'});

    for (const std::string &payload :
         {octets({0, 50}), octets({0, 50, 0, 10}), octets({0, 50, 0, 10, 0, 0, 9, 'q', 0}),
          octets({0, 50, 0, 10, 0, 0, 1, 'q', 0}), octets({0, 50, 0, 10, 0, 0, 1, 'q', 0}) + table,
          octets({0, 50, 0, 10, 0, 0, 1, 'q', 0, 0xFF, 0xFF, 0xFF, 0xFF}),
          octets({0, 50, 0, 10, 0, 0, 1, 'q', 0, 0, 0, 0, 0, 'x'}),
          octets({0, 50, 0, 10, 0, 0, 1, 0xC3, 0, 0, 0, 0, 0}),
          octets({0, 60, 0, 80, 0, 0, 0, 0, 0, 0, 0})}) {
        Server server;
        Peer peer(server);

        EXPECT_EQ("connection.close 501", brief(peer.send(frame(1, 1, payload))))
            << testing::PrintToString(payload);
    }
}

TEST(Amqp_3_8, OtherClassesHaveNoBusinessOnChannel0)
{
    for (const char *method :
         {"channel.open", "channel.close", "exchange.declare exchange=x type=direct",
          "queue.declare queue=q", "basic.qos", "basic.publish", "confirm.select", "tx.select",
          "access.request"}) {
        Server server;
        Peer peer(server);

        EXPECT_EQ("connection.close 504", brief(peer.ask(0, method))) << method;
    }
}

TEST(Amqp_3_8, ContentHasNoBusinessOnChannel0)
{
    for (const std::string &bytes : {content_header(0, 5), frame(3, 0, "hello")}) {
        Server server;
        Peer peer(server);

        EXPECT_EQ("connection.close 505 0,0 UNEXPECTED_FRAME - content on channel 0",
                  peer.send(bytes));
    }
}

TEST(Amqp_3_8, TheConnectionClassHasNoBusinessOnAChannel)
{
    Server server;
    Peer open(server);
    Peer fresh(server);

    EXPECT_EQ("connection.close 503 10,50 COMMAND_INVALID - connection.close belongs on channel 0",
              open.ask(1, "connection.close"));
    EXPECT_EQ("connection.close 504 10,50 CHANNEL_ERROR - expected 'channel.open'",
              fresh.ask(2, "connection.close"));
}

TEST(Amqp_3_9, AClientNeedNotWaitForAnswers)
{
    Server server;
    Peer peer(server);

    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0\n"
              "exchange.declare-ok\n"
              "queue.bind-ok\n"
              "get-ok 1 x [k] one left=0\n"
              "basic.get-empty\n"
              "queue.delete-ok message-count=0",
              peer.send(say(1, "queue.declare queue=q") +
                        say(1, "exchange.declare exchange=x type=direct") +
                        say(1, "queue.bind queue=q exchange=x routing-key=k") +
                        publish(1, "x", "k", "one") + say(1, "basic.get queue=q") +
                        say(1, "basic.get queue=q") + say(1, "queue.delete queue=q")));
}

TEST(Amqp_3_9, WhatCameBeforeHasHadItsEffect)
{
    Server server;
    Peer peer(server);
    std::string consume = say(1, "queue.declare queue=q");

    for (const char *body : {"one", "two", "three", "four"})
        consume += publish(1, "", "q", body);
    peer.send(consume + say(1, "basic.qos prefetch-count=1") +
              say(1, "basic.consume queue=q consumer-tag=c"));
    EXPECT_EQ("deliver c 2 [q] two\nqueue.purge-ok message-count=2",
              peer.send(say(1, "basic.ack delivery-tag=1") + say(1, "queue.purge queue=q")));

    peer.publish("", "q", "five");
    EXPECT_EQ(
        "deliver c 3 [q] five\nbasic.cancel consumer-tag=c nowait=1\n"
        "queue.delete-ok message-count=0",
        peer.send(say(1, "basic.ack delivery-tag=2") + say(1, "queue.delete queue=q if-empty")));
}

TEST(Amqp_3_9, EvenTheHandshakeMayComeAtOnce)
{
    Server server;
    Peer peer(server, Peer::Silent());
    std::string plain("\0guest\0guest", 12);

    std::string reply = peer.send(std::string("AMQP\0\0\x09\x01", 8) +
                                  say(0, "connection.start-ok mechanism=PLAIN response=" + plain) +
                                  say(0, "connection.tune-ok channel-max=2047 frame-max=131072") +
                                  say(0, "connection.open virtual-host=/") +
                                  say(1, "channel.open") + say(1, "queue.declare queue=q") +
                                  say(1, "channel.close") + say(0, "connection.close"));
    EXPECT_EQ("connection.open-ok\nchannel.open-ok\nqueue.declare-ok q messages=0 consumers=0\n"
              "channel.close-ok\nconnection.close-ok",
              reply.substr(reply.find("connection.open-ok")));
}
