/* Direct reply-to: core/AMQP.md 20. */
#include "tests/core/amqp/peer.h"

#define QUEUE "amq.rabbitmq.reply-to"

/* A requester that asks through the queue "rpc", and a server that has seen the question. */
class Conversation : public testing::Test {
  protected:
    Conversation() : asker(server), answerer(server)
    {
        answerer.ask("queue.declare queue=rpc");
        answerer.ask("basic.consume queue=rpc consumer-tag=s no-ack");
        EXPECT_EQ("basic.consume-ok consumer-tag=me",
                  asker.ask("basic.consume queue=" QUEUE " consumer-tag=me no-ack"));
        address = ask();
    }

    /* Asks, and returns the address that the server sees. */
    std::string
    ask()
    {
        asker.publish("", "rpc", "question", "reply-to=" QUEUE);

        std::string seen = answerer.read();
        size_t at        = seen.find("reply-to=") + 9;
        return seen.substr(at, seen.find('}') - at);
    }

    Server server;
    Peer asker;
    Peer answerer;
    std::string address;
};

class Amqp_20_1 : public Conversation {};
class Amqp_20_2 : public Conversation {};
class Amqp_20_3 : public Conversation {};
class Amqp_20_4 : public Conversation {};
class Amqp_20_5 : public Conversation {};

TEST_F(Amqp_20_1, ItNeedsNoQueue)
{
    GmqFault fault;

    EXPECT_EQ(nullptr, gmq_vhost_need_queue(server.vhost(), GMQ_SLICE(QUEUE), nullptr, &fault));
}

TEST_F(Amqp_20_1, OneThatWantsToAckIsRefused)
{
    EXPECT_EQ("channel.close 406 60,20 PRECONDITION_FAILED - reply consumer cannot acknowledge",
              answerer.ask("basic.consume queue=" QUEUE));
}

TEST_F(Amqp_20_1, ASecondOneIsRefused)
{
    EXPECT_EQ("channel.close 406 60,20 PRECONDITION_FAILED - reply consumer already set",
              asker.ask("basic.consume no-ack queue=" QUEUE));
}

TEST_F(Amqp_20_1, EachChannelHasItsOwn)
{
    asker.ask(2, "channel.open");
    EXPECT_EQ("#2 basic.consume-ok consumer-tag=me",
              asker.ask(2, "basic.consume no-ack consumer-tag=me queue=" QUEUE));
}

TEST_F(Amqp_20_1, ItsTagIsATagLikeOthers)
{
    EXPECT_EQ("connection.close 530 60,20 NOT_ALLOWED - attempt to reuse consumer tag 's'",
              answerer.ask("basic.consume no-ack consumer-tag=s queue=" QUEUE));
    EXPECT_EQ("connection.close 530 60,20 NOT_ALLOWED - attempt to reuse consumer tag 'me'",
              asker.ask("basic.consume consumer-tag=me queue=rpc"));
}

TEST_F(Amqp_20_1, ATagIsMadeForOneWithout)
{
    asker.ask(2, "channel.open");
    EXPECT_EQ(0u, asker.ask(2, "basic.consume no-ack queue=" QUEUE)
                      .find("#2 basic.consume-ok consumer-tag=amq.ctag-"));
}

TEST_F(Amqp_20_2, TheQuestionCarriesAnAddress)
{
    EXPECT_EQ(0u, address.find(QUEUE "."));
    EXPECT_EQ(address, ask());
}

TEST_F(Amqp_20_2, OtherPropertiesStayAsTheyAre)
{
    asker.publish("", "rpc", "q", "correlation-id=7 priority=3 reply-to=" QUEUE,
                  Table().add("n", 1));
    EXPECT_EQ("deliver s 2 [rpc] {headers={n: 1} priority=3 correlation-id=\"7\" reply-to=" +
                  address + "} q",
              answerer.read());
}

TEST_F(Amqp_20_2, AnotherReplyToIsLeftAlone)
{
    asker.publish("", "rpc", "q", "reply-to=amq.rabbitmq.reply-to-me");
    EXPECT_EQ("deliver s 2 [rpc] {reply-to=amq.rabbitmq.reply-to-me} q", answerer.read());
}

TEST_F(Amqp_20_2, WithoutAConsumerItIsRefused)
{
    EXPECT_EQ("channel.close 406 60,40 PRECONDITION_FAILED - fast reply consumer does not exist",
              answerer.publish("", "rpc", "q", "reply-to=" QUEUE " user-id=nobody"));
}

TEST_F(Amqp_20_3, TheAnswerGoesStraightToTheRequester)
{
    EXPECT_EQ("", answerer.publish("", address, "answer", "correlation-id=7"));
    EXPECT_EQ("deliver me 1 [" + address + "] {correlation-id=\"7\"} answer", asker.read());
    answerer.publish("", address, "again");
    EXPECT_EQ("deliver me 2 [" + address + "] again", asker.read());
}

TEST_F(Amqp_20_3, AnAnswerThatIsRepeatedIsNotCached)
{
    for (int i = 1; i < 4; i++) {
        answerer.publish("", address, "x");
        EXPECT_EQ("deliver me " + std::to_string(i) + " [" + address + "] x", asker.read());
    }
}

TEST_F(Amqp_20_3, OnlyTheDefaultExchangeKnowsAddresses)
{
    answerer.publish("amq.direct", address, "x");
    EXPECT_EQ("", asker.read());
}

TEST_F(Amqp_20_3, WithoutARequesterItIsDropped)
{
    asker.lose();
    answerer.ask("confirm.select");
    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0", answerer.publish("", address, "x"));
}

TEST_F(Amqp_20_3, ItReachesNoQueue)
{
    EXPECT_EQ(
        "return 312 NO_ROUTE [" + address + "] x",
        answerer.send(say(1, "basic.publish mandatory routing-key=" + address) + content(1, "x")));
    EXPECT_EQ("deliver me 1 [" + address + "] x", asker.read());
}

TEST_F(Amqp_20_3, ConfirmsComeAtOnce)
{
    answerer.ask("confirm.select");
    EXPECT_EQ("basic.ack delivery-tag=1 multiple=0", answerer.publish("", address, "x"));
}

TEST_F(Amqp_20_3, ATransactionDoesNotHoldIt)
{
    answerer.ask("tx.select");
    answerer.publish("", address, "x");
    EXPECT_EQ("deliver me 1 [" + address + "] x", asker.read());
    EXPECT_EQ("tx.rollback-ok", answerer.ask("tx.rollback"));
}

TEST_F(Amqp_20_3, CopiesReachRequestersToo)
{
    answerer.publish("", "rpc", "both", "",
                     Table().add("BCC", std::vector<std::string>{address, address}).add("n", 1));
    EXPECT_EQ("deliver me 1 [rpc] {headers={n: 1}} both", asker.read());
}

TEST_F(Amqp_20_3, AnAnswerMayGoToAQueueToo)
{
    EXPECT_EQ("deliver s 2 [" + address + "] {headers={CC: [rpc]}} both",
              answerer.publish("", address, "both", "",
                               Table().add("CC", std::vector<std::string>{"rpc"})));
    EXPECT_EQ("deliver me 1 [" + address + "] {headers={CC: [rpc]}} both", asker.read());
}

TEST_F(Amqp_20_3, TheGlassShowsIt)
{
    server.fake.take_events();
    server.fake.listen(true);
    answerer.publish("", address, "x");
    asker.read();

    std::vector<std::string> events = server.fake.take_events();
    ASSERT_EQ(3u, events.size());
    EXPECT_EQ(0u, events[1].find("deliver " QUEUE " -> ")) << events[1];
    EXPECT_EQ(0u, events[2].find("settle " QUEUE " -> ")) << events[2];
}

TEST_F(Amqp_20_4, AnAddressInUseCanBeDeclared)
{
    std::string there = "queue.declare-ok " + address + " messages=0 consumers=1";

    EXPECT_EQ(there, answerer.ask("queue.declare passive queue=" + address));
    EXPECT_EQ(there, answerer.ask("queue.declare queue=" + address));
    EXPECT_EQ("", answerer.ask("queue.declare nowait queue=" + address));
}

TEST_F(Amqp_20_4, OneThatIsNotCannot)
{
    EXPECT_EQ("channel.close 404 50,10 NOT_FOUND - no queue 'amq.rabbitmq.reply-to.x' in vhost '/'",
              answerer.ask("queue.declare queue=" QUEUE ".x"));
    EXPECT_EQ("channel.close 404 50,10 NOT_FOUND - no queue 'amq.rabbitmq.reply-tox' in vhost '/'",
              asker.ask("queue.declare passive queue=" QUEUE "x"));
}

TEST_F(Amqp_20_4, ThePseudoQueueAlwaysCan)
{
    EXPECT_EQ("queue.declare-ok " QUEUE " messages=0 consumers=1",
              answerer.ask("queue.declare queue=" QUEUE));
    EXPECT_EQ("channel.close 404 60,70 NOT_FOUND - no queue '" QUEUE "' in vhost '/'",
              answerer.ask("basic.get"));
}

TEST_F(Amqp_20_4, ItCannotBeBound)
{
    EXPECT_EQ("channel.close 404",
              brief(answerer.ask("queue.bind exchange=amq.direct queue=" QUEUE)));
}

TEST_F(Amqp_20_5, CancellingEndsIt)
{
    EXPECT_EQ("basic.cancel-ok consumer-tag=me", asker.ask("basic.cancel consumer-tag=me"));
    answerer.publish("", address, "x");
    EXPECT_EQ("", asker.read());
    EXPECT_EQ("channel.close 406", brief(asker.publish("", "rpc", "q", "reply-to=" QUEUE)));
}

TEST_F(Amqp_20_5, AnotherOneHasAnotherAddress)
{
    asker.ask("basic.cancel consumer-tag=me");
    asker.ask("basic.consume queue=" QUEUE " consumer-tag=me no-ack");
    std::string other = ask();
    EXPECT_NE(address, other);
    answerer.publish("", address, "late");
    EXPECT_EQ("", asker.read());
}

TEST_F(Amqp_20_5, ClosingTheChannelEndsIt)
{
    asker.ask("channel.close");
    EXPECT_EQ("channel.close 404", brief(answerer.ask("queue.declare passive queue=" + address)));
}
