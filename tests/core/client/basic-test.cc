#include "tests/core/client/talk.h"

class ClientBasic : public testing::Test {
  protected:
    ClientBasic()
    {
        talk.open();
        talk.open_channel(1);
    }

    void
    start_consumer(const char *tag)
    {
        talk.consume(1, tag);
        talk.hear(consume_ok(1, tag));
        talk.take_output();
        talk.told.clear();
    }

    std::string
    offence(const std::string &bytes)
    {
        talk.hear(bytes);
        return talk.told.empty() ? "" : talk.told.back();
    }

    Talk talk;
};

TEST_F(ClientBasic, PublishesMethodHeaderAndBody)
{
    EXPECT_TRUE(talk.publish(1, "hello"));
    EXPECT_EQ((Lines{"1 basic.publish ticket=0 exchange=\"\" routing-key=k mandatory=0 immediate=0",
                     "1 header 5", "1 body hello"}),
              talk.take_said());
}

TEST_F(ClientBasic, PublishesAnEmptyBodyWithoutAFrame)
{
    EXPECT_TRUE(talk.publish(1, ""));
    EXPECT_EQ("1 header 0", talk.take_said().back());
}

TEST_F(ClientBasic, CutsTheBodyToTheFrameSize)
{
    const size_t piece = GMQ_FRAME_MAX_DEFAULT - GMQ_FRAME_OVERHEAD;

    talk.publish(1, std::string(2 * piece, 'x'));
    Lines said = talk.take_said();
    ASSERT_EQ(4u, said.size());
    EXPECT_EQ("1 body " + std::to_string(piece) + " octets", said[3]);

    talk.publish(1, std::string(2 * piece + 3, 'x'));
    said = talk.take_said();
    ASSERT_EQ(5u, said.size());
    EXPECT_EQ("1 body xxx", said[4]);
}

TEST_F(ClientBasic, ForwardsAHeaderAsItCame)
{
    std::string received = header(9, 2).substr(GMQ_FRAME_HEADER_SIZE);
    received.pop_back();
    GmqBasicPublish publish  = {};
    GmqClientContent content = {slice_of(received), GMQ_SLICE("hi")};

    EXPECT_TRUE(gmq_client_forward(talk.client, 1, &publish, &content));
    EXPECT_NE(std::string::npos, talk.take_output().find(header(1, 2) + body(1, "hi")));
}

TEST_F(ClientBasic, IsDeliveredMessages)
{
    start_consumer("c");
    talk.hear(deliver(1, "c", 1, "k.1") + header(1, 5) + body(1, "hello"));
    talk.hear(deliver(1, "c", 2, "k.2") + header(1, 0));
    EXPECT_EQ((Lines{"1 basic.deliver consumer-tag=c delivery-tag=1 redelivered=0 exchange=x "
                     "routing-key=k.1 [priority=5] hello",
                     "1 basic.deliver consumer-tag=c delivery-tag=2 redelivered=0 exchange=x "
                     "routing-key=k.2 [priority=5] "}),
              talk.take_told());
}

TEST_F(ClientBasic, PutsABodyOfManyFramesTogether)
{
    start_consumer("c");
    talk.hear(deliver(1, "c", 1, "k") + header(1, 9) + body(1, "ab") + body(1, "") +
              body(1, "cdefgh") + body(1, "i"));
    ASSERT_EQ(1u, talk.told.size());
    EXPECT_NE(std::string::npos, talk.told[0].find("[priority=5] abcdefghi"));
}

TEST_F(ClientBasic, Answers)
{
    gmq_client_ack(talk.client, 1, 5, true);
    gmq_client_nack(talk.client, 1, 6, false, true);
    gmq_client_reject(talk.client, 1, 7, true);
    EXPECT_EQ((Lines{"1 basic.ack delivery-tag=5 multiple=1",
                     "1 basic.nack delivery-tag=6 multiple=0 requeue=1",
                     "1 basic.reject delivery-tag=7 requeue=1"}),
              talk.take_said());
}

TEST_F(ClientBasic, GetsAMessageOrHearsThatThereIsNone)
{
    talk.send(1, GMQ_BASIC_GET);
    talk.send(1, GMQ_BASIC_GET);
    talk.hear(get_ok(1, 1) + header(1, 1) + body(1, "m") + plain(1, GMQ_BASIC_GET_EMPTY));
    EXPECT_EQ((Lines{"1 basic.get-ok delivery-tag=1 redelivered=0 exchange=\"\" routing-key=\"\" "
                     "message-count=0 [priority=5] m",
                     "1 get-empty"}),
              talk.take_told());
}

TEST_F(ClientBasic, TellsOfReturns)
{
    GmqMethod method = {};

    method.id                      = GMQ_BASIC_RETURN;
    method.basic_return.reply_text = GMQ_SLICE("NO_ROUTE");
    talk.publish(1, "lost", true);
    talk.hear(framed(1, method) + header(1, 4) + body(1, "lost"));
    EXPECT_EQ(Lines{"1 returned NO_ROUTE [priority=5] lost"}, talk.take_told());
    EXPECT_NE(std::string::npos, offence(framed(1, method)).find("nothing mandatory"));
}

TEST_F(ClientBasic, CountsPublishingsInConfirmModeAndTellsTheirConfirms)
{
    GmqMethod nack = {};

    talk.publish(1, "before");
    EXPECT_EQ(0u, gmq_client_published(talk.client, 1));
    talk.send(1, GMQ_CONFIRM_SELECT);
    talk.publish(1, "one");
    talk.publish(1, "two");
    talk.publish(1, "three");
    EXPECT_EQ(3u, gmq_client_published(talk.client, 1));

    nack.id         = GMQ_BASIC_NACK;
    nack.basic_nack = {3, false, false};
    talk.hear(plain(1, GMQ_CONFIRM_SELECT_OK) + ack(1, 2, true) + framed(1, nack) +
              ack(1, 0, true));
    EXPECT_EQ(
        (Lines{"1 confirm.select-ok", "1 ack 2 and before", "1 nack 3", "1 ack 0 and before"}),
        talk.take_told());
}

TEST_F(ClientBasic, NamesOfConsumersComeFromTheServerWhenItHasNone)
{
    talk.consume(1, "");
    talk.hear(consume_ok(1, "amq.ctag-1") + deliver(1, "amq.ctag-1", 1, "k") + header(1, 0));
    EXPECT_EQ(2u, talk.told.size());
}

TEST_F(ClientBasic, ConsumesWithoutWaiting)
{
    talk.consume(1, "c", true);
    talk.hear(deliver(1, "c", 1, "k") + header(1, 0));
    EXPECT_EQ(1u, talk.told.size());
}

static GmqMethod
cancel(const char *tag, bool nowait)
{
    GmqMethod method = {};

    method.id           = GMQ_BASIC_CANCEL;
    method.basic_cancel = {gmq_slice_of(tag), nowait};
    return method;
}

static std::string
cancel_ok(const char *tag)
{
    GmqMethod method = {};

    method.id                           = GMQ_BASIC_CANCEL_OK;
    method.basic_cancel_ok.consumer_tag = gmq_slice_of(tag);
    return framed(1, method);
}

TEST_F(ClientBasic, HearsNothingMoreOfAConsumerAfterCancelOk)
{
    GmqMethod method = cancel("c", false);

    start_consumer("c");
    gmq_client_send(talk.client, 1, &method);
    talk.hear(deliver(1, "c", 1, "k") + header(1, 0) + cancel_ok("c"));
    EXPECT_EQ("1 basic.cancel-ok consumer-tag=c", talk.told.back());
    EXPECT_EQ("closed: fault 503 (60, 60) COMMAND_INVALID - basic.deliver to 'c' on channel 1, "
              "which is no consumer",
              offence(deliver(1, "c", 2, "k")));
}

TEST_F(ClientBasic, MayHearOfAConsumerAfterItsCancelWithNowait)
{
    GmqMethod method = cancel("c", true);

    start_consumer("c");
    gmq_client_send(talk.client, 1, &method);
    talk.hear(deliver(1, "c", 1, "k") + header(1, 0));
    talk.consume(1, "c");
    talk.hear(consume_ok(1, "c"));
    EXPECT_EQ(GMQ_CLIENT_OPEN, gmq_client_state(talk.client));
}

TEST_F(ClientBasic, TellsOfAConsumerThatTheServerCancels)
{
    start_consumer("c");
    talk.hear(framed(1, cancel("c", true)));
    EXPECT_EQ(Lines{"1 cancelled c"}, talk.take_told());
    EXPECT_EQ(Lines{}, talk.take_said());
    EXPECT_NE(std::string::npos, offence(deliver(1, "c", 1, "k")).find("no consumer"));
}

TEST_F(ClientBasic, AnswersAServersCancelThatWaits)
{
    start_consumer("c");
    talk.hear(framed(1, cancel("c", false)));
    EXPECT_EQ(Lines{"1 basic.cancel-ok consumer-tag=c"}, talk.take_said());
}

TEST_F(ClientBasic, LetsBothCancelsCross)
{
    GmqMethod method = cancel("c", false);

    start_consumer("c");
    gmq_client_send(talk.client, 1, &method);
    talk.hear(framed(1, cancel("c", true)) + cancel_ok("c"));
    EXPECT_EQ((Lines{"1 cancelled c", "1 basic.cancel-ok consumer-tag=c"}), talk.take_told());
}

/* What a server may not say of messages and consumers, with consumer c and one delivery made. */
struct Offence {
    const char *name;
    std::string bytes;
    const char *told;
};

class ClientBasicOffence : public testing::TestWithParam<Offence> {};

static const Offence offences[] = {
    {"DeliverToNobody", deliver(1, "d", 2, "k"),
     "503 (60, 60) COMMAND_INVALID - basic.deliver to 'd' on channel 1, which is no consumer"},
    {"DeliveryTagAgain", deliver(1, "c", 1, "k"),
     "503 (60, 60) COMMAND_INVALID - channel 1: delivery tag 1 after 1"},
    {"DeliveryTagLeftOut", deliver(1, "c", 3, "k"),
     "503 (60, 60) COMMAND_INVALID - channel 1: delivery tag 3 after 1"},
    {"GetOkWithoutGet", get_ok(1, 2),
     "503 (60, 71) COMMAND_INVALID - basic.get-ok on channel 1, where no answer is due"},
    {"GetEmptyWithoutGet", plain(1, GMQ_BASIC_GET_EMPTY),
     "503 (60, 72) COMMAND_INVALID - basic.get-empty on channel 1, where no answer is due"},
    {"ConfirmWithoutConfirmMode", ack(1, 1, false),
     "503 (60, 80) COMMAND_INVALID - a confirm on channel 1, which is not in confirm mode"},
    {"ReturnOfNothing", plain(1, GMQ_BASIC_RETURN),
     "503 (60, 50) COMMAND_INVALID - basic.return on channel 1, where nothing mandatory was "
     "published"},
    {"CancelOfNobody", plain(1, GMQ_BASIC_CANCEL),
     "503 (60, 30) COMMAND_INVALID - basic.cancel of '' on channel 1, which is no consumer"},
    {"HeaderWithoutMethod", header(1, 1),
     "505 (0, 0) UNEXPECTED_FRAME - content header on channel 1, where none is due"},
    {"BodyWithoutHeader", body(1, "x"),
     "505 (0, 0) UNEXPECTED_FRAME - body frame on channel 1, where none is due"},
    {"BodyInsteadOfHeader", deliver(1, "c", 2, "k") + body(1, "x"),
     "505 (60, 60) UNEXPECTED_FRAME - body frame on channel 1, where none is due"},
    {"MethodInsteadOfHeader", deliver(1, "c", 2, "k") + deliver(1, "c", 3, "k"),
     "505 (60, 60) UNEXPECTED_FRAME - basic.deliver on channel 1, where content is due"},
    {"MethodInsteadOfBody", deliver(1, "c", 2, "k") + header(1, 1) + plain(1, GMQ_CHANNEL_CLOSE),
     "505 (20, 40) UNEXPECTED_FRAME - channel.close on channel 1, where content is due"},
    {"HeaderTwice", deliver(1, "c", 2, "k") + header(1, 1) + header(1, 1),
     "505 (60, 60) UNEXPECTED_FRAME - content header on channel 1, where none is due"},
    {"BodyBehindAnEmptyOne", deliver(1, "c", 2, "k") + header(1, 0) + body(1, ""),
     "505 (0, 0) UNEXPECTED_FRAME - body frame on channel 1, where none is due"},
    {"BodyTooLong", deliver(1, "c", 2, "k") + header(1, 3) + body(1, "ab") + body(1, "cd"),
     "501 (60, 60) FRAME_ERROR - body on channel 1 is longer than its header said by 1 octets"},
    {"BodyTooLarge", deliver(1, "c", 2, "k") + header(1, 536870913),
     "501 (60, 60) FRAME_ERROR - content header announces a body of 536870913 octets, more than "
     "536870912"},
    {"HeaderCut",
     deliver(1, "c", 2, "k") +
         framed(GMQ_FRAME_HEADER, 1, bytes({0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x10, 0})),
     "501 (60, 60) FRAME_ERROR - property delivery_mode does not decode"},
};

INSTANTIATE_TEST_SUITE_P(ClientBasic, ClientBasicOffence, testing::ValuesIn(offences),
                         [](const auto &tried) { return tried.param.name; });

TEST_P(ClientBasicOffence, EndsTheConnectionWithASentence)
{
    for (size_t chunk : {SIZE_MAX, size_t{1}}) {
        Talk talk(GMQ_CLIENT_CONFIG_DEFAULT, chunk);

        talk.open();
        talk.open_channel(1);
        talk.consume(1, "c");
        talk.hear(consume_ok(1, "c") + deliver(1, "c", 1, "k") + header(1, 0));
        talk.take_told();
        talk.take_output();
        talk.hear(GetParam().bytes);
        ASSERT_FALSE(talk.told.empty());
        EXPECT_EQ(std::string("closed: fault ") + GetParam().told, talk.told.back());
    }
}

TEST_F(ClientBasic, ConfirmsOnlyWhatWasPublished)
{
    talk.send(1, GMQ_CONFIRM_SELECT);
    talk.publish(1, "x");
    EXPECT_EQ("closed: fault 406 (60, 80) PRECONDITION_FAILED - channel 1: confirm of 2, where 1 "
              "were published",
              offence(plain(1, GMQ_CONFIRM_SELECT_OK) + ack(1, 2, false)));
}

TEST_F(ClientBasic, AnswersAboutAnotherConsumerAreAnOffence)
{
    talk.consume(1, "c");
    EXPECT_EQ("closed: fault 503 (60, 21) COMMAND_INVALID - channel 1: an answer for consumer 'd' "
              "where 'c' is due",
              offence(consume_ok(1, "d")));
}

TEST_F(ClientBasic, TheSameConsumerTwiceIsAnOffence)
{
    start_consumer("c");
    talk.consume(1, "");
    EXPECT_EQ("closed: fault 530 (60, 21) NOT_ALLOWED - channel 1: consumer 'c' a second time",
              offence(consume_ok(1, "c")));
}

TEST_F(ClientBasic, IsNotToldOfCancelsUnlessItSaidSo)
{
    GmqClientConfig config = GMQ_CLIENT_CONFIG_DEFAULT;
    config.capabilities    = 0;
    Talk deaf(config);

    deaf.open();
    deaf.open_channel(1);
    deaf.consume(1, "c");
    deaf.hear(consume_ok(1, "c") + framed(1, cancel("c", true)));
    EXPECT_EQ("closed: fault 503 (60, 30) COMMAND_INVALID - basic.cancel, which was not asked for",
              deaf.told.back());
}

TEST_F(ClientBasic, AcksFromWithinADelivery)
{
    start_consumer("c");
    talk.react = [](Talk *inner, const std::string &) {
        gmq_client_ack(inner->client, 1, 1, false);
        inner->publish(1, "answer");
    };
    talk.hear(deliver(1, "c", 1, "k") + header(1, 2) + body(1, "hi"));
    EXPECT_EQ(4u, talk.take_said().size());
}
