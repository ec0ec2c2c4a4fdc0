#include "tests/core/client/talk.h"

class ClientChannel : public testing::Test {
  protected:
    ClientChannel()
    {
        talk.open();
        talk.open_channel(1);
    }

    /* Hears what is no good and returns the sentence about it. */
    std::string
    offence(const std::string &bytes)
    {
        talk.hear(bytes);
        return talk.told.empty() ? "" : talk.told.back();
    }

    Talk talk;
};

TEST_F(ClientChannel, IsOpenedByItsNumber)
{
    EXPECT_TRUE(gmq_client_open_channel(talk.client, 7));
    EXPECT_EQ(Lines{"7 channel.open reserved-1=\"\""}, talk.take_said());
    talk.hear(plain(7, GMQ_CHANNEL_OPEN_OK));
    EXPECT_EQ(Lines{"7 opened"}, talk.take_told());

    EXPECT_FALSE(gmq_client_open_channel(talk.client, 7));
    EXPECT_FALSE(gmq_client_open_channel(talk.client, 0));
    EXPECT_FALSE(gmq_client_open_channel(talk.client, 2048));
    EXPECT_TRUE(gmq_client_open_channel(talk.client, 2047));
}

TEST_F(ClientChannel, NumbersAreGivenOutFromTheLowest)
{
    EXPECT_EQ(2, gmq_client_free_channel(talk.client));
    gmq_client_open_channel(talk.client, 2);
    EXPECT_EQ(3, gmq_client_free_channel(talk.client));
    talk.hear(closing(1, 404, "gone", 0, 0));
    EXPECT_EQ(1, gmq_client_free_channel(talk.client));
}

TEST_F(ClientChannel, MayBeUsedBeforeItsOpeningIsAnswered)
{
    gmq_client_open_channel(talk.client, 2);
    EXPECT_TRUE(gmq_client_has_channel(talk.client, 2));
    EXPECT_TRUE(talk.send(2, GMQ_BASIC_QOS));
    talk.hear(plain(2, GMQ_CHANNEL_OPEN_OK) + plain(2, GMQ_BASIC_QOS_OK));
    EXPECT_EQ((Lines{"2 opened", "2 basic.qos-ok"}), talk.take_told());
}

TEST_F(ClientChannel, AnswersComeInTheOrderOfTheRequests)
{
    talk.send(1, GMQ_QUEUE_DECLARE);
    talk.send(1, GMQ_QUEUE_BIND);
    talk.send(1, GMQ_EXCHANGE_DECLARE);
    talk.send(1, GMQ_CONFIRM_SELECT);
    talk.hear(plain(1, GMQ_QUEUE_DECLARE_OK) + plain(1, GMQ_QUEUE_BIND_OK) +
              plain(1, GMQ_EXCHANGE_DECLARE_OK) + plain(1, GMQ_CONFIRM_SELECT_OK));
    EXPECT_EQ((Lines{"1 queue.declare-ok queue=\"\" message-count=0 consumer-count=0",
                     "1 queue.bind-ok", "1 exchange.declare-ok", "1 confirm.select-ok"}),
              talk.take_told());
}

TEST_F(ClientChannel, AnswersOutOfOrderAreAnOffence)
{
    talk.send(1, GMQ_QUEUE_DECLARE);
    talk.send(1, GMQ_QUEUE_BIND);
    EXPECT_EQ("closed: fault 503 (50, 21) COMMAND_INVALID - queue.bind-ok on channel 1, where "
              "queue.declare-ok is due",
              offence(plain(1, GMQ_QUEUE_BIND_OK)));
}

TEST_F(ClientChannel, AnswersOfOneChannelDoNotWaitForAnother)
{
    talk.open_channel(2);
    talk.send(1, GMQ_QUEUE_DECLARE);
    talk.send(2, GMQ_TX_SELECT);
    talk.hear(plain(2, GMQ_TX_SELECT_OK) + plain(1, GMQ_QUEUE_DECLARE_OK));
    EXPECT_EQ(2u, talk.take_told().size());
}

TEST_F(ClientChannel, NothingAnswersNowait)
{
    GmqMethod method = {};

    method.id                   = GMQ_QUEUE_DECLARE;
    method.queue_declare.nowait = true;
    EXPECT_TRUE(gmq_client_send(talk.client, 1, &method));
    EXPECT_EQ("closed: fault 503 (50, 11) COMMAND_INVALID - queue.declare-ok on channel 1, where "
              "no answer is due",
              offence(plain(1, GMQ_QUEUE_DECLARE_OK)));
}

/* Every request that the standard answers, and its answer. */
class ClientRequest : public testing::TestWithParam<std::pair<GmqMethodId, GmqMethodId>> {};

static const std::pair<GmqMethodId, GmqMethodId> requests[] = {
    {GMQ_CHANNEL_FLOW, GMQ_CHANNEL_FLOW_OK},
    {GMQ_ACCESS_REQUEST, GMQ_ACCESS_REQUEST_OK},
    {GMQ_EXCHANGE_DECLARE, GMQ_EXCHANGE_DECLARE_OK},
    {GMQ_EXCHANGE_DELETE, GMQ_EXCHANGE_DELETE_OK},
    {GMQ_EXCHANGE_BIND, GMQ_EXCHANGE_BIND_OK},
    {GMQ_EXCHANGE_UNBIND, GMQ_EXCHANGE_UNBIND_OK},
    {GMQ_QUEUE_DECLARE, GMQ_QUEUE_DECLARE_OK},
    {GMQ_QUEUE_BIND, GMQ_QUEUE_BIND_OK},
    {GMQ_QUEUE_PURGE, GMQ_QUEUE_PURGE_OK},
    {GMQ_QUEUE_DELETE, GMQ_QUEUE_DELETE_OK},
    {GMQ_QUEUE_UNBIND, GMQ_QUEUE_UNBIND_OK},
    {GMQ_BASIC_QOS, GMQ_BASIC_QOS_OK},
    {GMQ_BASIC_CONSUME, GMQ_BASIC_CONSUME_OK},
    {GMQ_BASIC_CANCEL, GMQ_BASIC_CANCEL_OK},
    {GMQ_BASIC_RECOVER, GMQ_BASIC_RECOVER_OK},
    {GMQ_CONFIRM_SELECT, GMQ_CONFIRM_SELECT_OK},
    {GMQ_TX_SELECT, GMQ_TX_SELECT_OK},
    {GMQ_TX_COMMIT, GMQ_TX_COMMIT_OK},
    {GMQ_TX_ROLLBACK, GMQ_TX_ROLLBACK_OK},
};

INSTANTIATE_TEST_SUITE_P(ClientChannel, ClientRequest, testing::ValuesIn(requests),
                         [](const auto &tried) { return test_name(tried.param.first); });

TEST_P(ClientRequest, IsAnsweredOnce)
{
    Talk talk;
    auto [request, answer] = GetParam();

    talk.open();
    talk.open_channel(1);
    EXPECT_TRUE(talk.send(1, request));
    talk.hear(plain(1, answer));
    ASSERT_EQ(1u, talk.told.size());
    EXPECT_EQ(0u, talk.told[0].find(std::string("1 ") + gmq_method_info(answer)->name));
    talk.hear(plain(1, answer));
    EXPECT_NE(std::string::npos, talk.told.back().find("where no answer is due"));
}

TEST_P(ClientRequest, KeepsItsPlaceAmongMany)
{
    Talk talk;
    auto [request, answer] = GetParam();

    talk.open();
    talk.open_channel(1);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 5 + round; i++) {
            talk.send(1, GMQ_TX_COMMIT);
            talk.send(1, request);
        }
        for (int i = 0; i < 5 + round; i++)
            talk.hear(plain(1, GMQ_TX_COMMIT_OK) +
                      (answer == GMQ_BASIC_CONSUME_OK
                           ? consume_ok(1, std::to_string(10 * round + i).c_str())
                           : plain(1, answer)));
    }
    EXPECT_EQ(36u, talk.told.size());
    EXPECT_EQ(GMQ_CLIENT_OPEN, gmq_client_state(talk.client));
}

TEST_F(ClientChannel, IsClosedByTheServerWithItsReasonAndItsNumberIsFree)
{
    talk.send(1, GMQ_QUEUE_DECLARE);
    talk.take_output();
    talk.hear(closing(1, 404, "NOT_FOUND - no queue", 50, 10));
    EXPECT_EQ(Lines{"1 closed: server's 404 (50, 10) NOT_FOUND - no queue"}, talk.take_told());
    EXPECT_EQ(Lines{"1 channel.close-ok"}, talk.take_said());
    EXPECT_FALSE(talk.publish(1, "x"));
    EXPECT_FALSE(gmq_client_has_channel(talk.client, 1));

    EXPECT_TRUE(gmq_client_open_channel(talk.client, 1));
    talk.hear(plain(1, GMQ_CHANNEL_OPEN_OK));
    EXPECT_EQ(Lines{"1 opened"}, talk.take_told());
}

TEST_F(ClientChannel, ClosesAndTellsNothingMoreUntilItIsAnswered)
{
    talk.consume(1, "c");
    talk.hear(consume_ok(1, "c"));
    talk.take_told();
    talk.take_output();
    talk.send(1, GMQ_QUEUE_DECLARE);
    EXPECT_TRUE(gmq_client_close_channel(talk.client, 1, 200, "done"));
    EXPECT_FALSE(gmq_client_close_channel(talk.client, 1, 200, "again"));
    EXPECT_FALSE(talk.publish(1, "x"));
    talk.hear(deliver(1, "c", 1, "k") + header(1, 2) + body(1, "hi"));
    talk.hear(plain(1, GMQ_QUEUE_DECLARE_OK));
    EXPECT_EQ(Lines{}, talk.take_told());

    talk.hear(plain(1, GMQ_CHANNEL_CLOSE_OK));
    EXPECT_EQ(Lines{"1 closed: ours 200 (0, 0) "}, talk.take_told());
    EXPECT_EQ(1, gmq_client_free_channel(talk.client));
}

TEST_F(ClientChannel, ThatBothCloseOwesOnlyTheCloseOk)
{
    talk.send(1, GMQ_QUEUE_DECLARE);
    gmq_client_close_channel(talk.client, 1, 200, "done");
    talk.take_output();
    talk.hear(closing(1, 404, "gone", 50, 10));
    EXPECT_EQ(Lines{"1 channel.close-ok"}, talk.take_said());
    talk.hear(plain(1, GMQ_CHANNEL_CLOSE_OK));
    EXPECT_EQ(Lines{"1 closed: ours 200 (0, 0) "}, talk.take_told());
}

TEST_F(ClientChannel, SaysNothingBeforeItsOpeningIsAnswered)
{
    gmq_client_open_channel(talk.client, 2);
    EXPECT_EQ("closed: fault 504 (60, 80) CHANNEL_ERROR - basic.ack on channel 2, where "
              "channel.open-ok is due",
              offence(ack(2, 1, false)));
}

TEST_F(ClientChannel, StartsAfreshWhenItsNumberIsUsedAgain)
{
    talk.send(1, GMQ_CONFIRM_SELECT);
    talk.publish(1, "x", true);
    talk.consume(1, "c");
    talk.hear(plain(1, GMQ_CONFIRM_SELECT_OK) + consume_ok(1, "c") + deliver(1, "c", 1, "k") +
              header(1, 0) + closing(1, 404, "gone", 0, 0));
    talk.open_channel(1);
    EXPECT_EQ(0u, gmq_client_published(talk.client, 1));
    EXPECT_NE(std::string::npos, offence(deliver(1, "c", 2, "k"))
                                     .find("basic.deliver to 'c' on channel 1, which is "
                                           "no consumer"));
}

TEST_F(ClientChannel, ObeysAndTellsTheServersFlow)
{
    GmqMethod flow = {};

    flow.id                  = GMQ_CHANNEL_FLOW;
    flow.channel_flow.active = true;
    talk.hear(framed(1, flow));
    EXPECT_EQ(Lines{"1 channel.flow active=1"}, talk.take_told());
    EXPECT_EQ(Lines{"1 channel.flow-ok active=1"}, talk.take_said());
}

TEST_F(ClientChannel, MayBeClosedAndOpenedFromWithinEvents)
{
    talk.react = [](Talk *inner, const std::string &line) {
        if (line == "1 basic.qos-ok")
            gmq_client_close_channel(inner->client, 1, 200, "done");
        if (line.find("1 closed") == 0)
            gmq_client_open_channel(inner->client, 1);
    };
    talk.send(1, GMQ_BASIC_QOS);
    talk.send(1, GMQ_TX_SELECT);
    talk.hear(plain(1, GMQ_BASIC_QOS_OK) + plain(1, GMQ_TX_SELECT_OK) +
              plain(1, GMQ_CHANNEL_CLOSE_OK) + plain(1, GMQ_CHANNEL_OPEN_OK));
    EXPECT_EQ((Lines{"1 basic.qos-ok", "1 closed: ours 200 (0, 0) ", "1 opened"}),
              talk.take_told());
}

TEST_F(ClientChannel, EndsWithTheConnectionThatAnEventCloses)
{
    talk.react = [](Talk *inner, const std::string &) {
        gmq_client_close(inner->client, 200, "enough");
    };
    talk.send(1, GMQ_BASIC_QOS);
    talk.send(1, GMQ_TX_SELECT);
    talk.hear(plain(1, GMQ_BASIC_QOS_OK) + plain(1, GMQ_TX_SELECT_OK) +
              plain(0, GMQ_CONNECTION_CLOSE_OK));
    EXPECT_EQ((Lines{"1 basic.qos-ok", "closed: ours 200 (0, 0) "}), talk.take_told());
}
