/* Exchanges that hold messages back for a while: core/AMQP.md 10e.5. */
#include "tests/core/amqp/peer.h"

namespace {

const std::string declare = "exchange.declare exchange=x type=x-delayed-message";

std::string
type(const char *name)
{
    return Table().add("x-delayed-type", name);
}

std::string
delay(int64_t ms)
{
    return Table().add("x-delay", ms);
}

/* A broker with a delayed exchange and a queue that is bound to it. */
class Amqp_10e_5 : public testing::Test {
  protected:
    Amqp_10e_5() : peer(server)
    {
        peer.ask(declare, type("direct"));
        peer.ask("queue.declare queue=q");
        peer.ask("queue.bind queue=q exchange=x routing-key=k");
    }

    std::string
    get(const std::string &queue = "q")
    {
        std::string line = peer.ask("basic.get queue=" + queue + " no-ack");

        if (line == "basic.get-empty")
            return "";
        line = line.substr(0, line.rfind(" left="));
        return line.substr(line.rfind(' ') + 1);
    }

    Server server;
    Peer peer;
};

} // namespace

TEST_F(Amqp_10e_5, AMessageLeavesWhenItsTimeHasCome)
{
    peer.publish("x", "k", "1", "message-id=m",
                 Table().add("a", 1).add("x-delay", 500).add("z", 2));
    server.advance_ms(499);
    EXPECT_EQ("basic.get-empty", peer.ask("basic.get queue=q"));
    server.advance_ms(1);
    EXPECT_EQ("get-ok 1 x [k] {headers={a: 1, x-delay: -500, z: 2} message-id=m} 1 left=0",
              peer.ask("basic.get queue=q"));
}

TEST_F(Amqp_10e_5, WithoutADelayItLeavesAtOnce)
{
    peer.publish("x", "k", "plain");
    EXPECT_EQ("plain", get());
    for (const std::string &headers :
         {delay(0), delay(-5), delay(INT64_C(4294967296)), std::string(Table().add("x-delay", "9")),
          std::string(Table().add("other", 9))}) {
        peer.publish("x", "k", "at-once", "", headers);
        EXPECT_EQ("at-once", get());
    }
}

TEST_F(Amqp_10e_5, TheLongestDelayIsSevenWeeks)
{
    peer.publish("x", "k", "1", "", delay(INT64_C(4294967295)));
    server.advance_ms(INT64_C(4294967294));
    EXPECT_EQ("", get());
    server.advance_ms(1);
    EXPECT_EQ("1", get());
}

TEST_F(Amqp_10e_5, NumbersOfAnyWidthAreDelays)
{
    struct Width {
        GmqValueType type;
        const char *after;
    };
    for (const Width &width :
         {Width{GMQ_VALUE_I8, "-100"}, Width{GMQ_VALUE_U8, "-100"}, Width{GMQ_VALUE_U16, "-100"},
          Width{GMQ_VALUE_U32, "-100"}, Width{GMQ_VALUE_I32, "-100"}}) {
        peer.publish("x", "k", "1", "", Table().add("x-delay", width.type, 100));
        EXPECT_EQ("", get());
        server.advance_ms(100);
        std::string line = peer.ask("basic.get queue=q no-ack");
        EXPECT_NE(std::string::npos, line.find("x-delay: " + std::string(width.after))) << line;
    }
}

TEST_F(Amqp_10e_5, TheOrderIsThatOfTheDueTimesThenOfArrival)
{
    for (const auto &[body, ms] : {std::pair("d", 300), std::pair("b", 200), std::pair("e", 300),
                                   std::pair("a", 100), std::pair("c", 200)})
        peer.publish("x", "k", body, "", delay(ms));
    server.advance_ms(1000);
    for (const char *body : {"a", "b", "c", "d", "e", ""})
        EXPECT_EQ(body, get());
}

TEST_F(Amqp_10e_5, TheBindingsOfThatMomentCount)
{
    peer.publish("x", "k", "1", "", delay(100));
    peer.publish("x", "new", "2", "", delay(100));
    peer.ask("queue.unbind queue=q exchange=x routing-key=k");
    peer.ask("queue.bind queue=q exchange=x routing-key=new");
    server.advance_ms(100);
    EXPECT_EQ("2", get());
    EXPECT_EQ("", get());
}

TEST_F(Amqp_10e_5, AConsumerGetsItWhenItLeaves)
{
    peer.ask("basic.consume queue=q consumer-tag=c no-ack");
    EXPECT_EQ("", peer.publish("x", "k", "1", "", delay(100)));
    server.advance_ms(100);
    EXPECT_EQ("deliver c 1 x [k] {headers={x-delay: -100}} 1", peer.read());
}

TEST_F(Amqp_10e_5, ItIsConfirmedAtOnceAndNeverReturned)
{
    peer.ask("confirm.select");
    std::string mandatory = say(1, "basic.publish exchange=x routing-key=nowhere mandatory");

    EXPECT_EQ("basic.ack delivery-tag=1",
              brief(peer.send(mandatory + content(1, "1", "", delay(100)))));
    server.advance_ms(100);
    EXPECT_EQ("", peer.read()) << "who would return it now?";
    EXPECT_EQ("return 312", brief(peer.send(mandatory + content(1, "2"))));
}

TEST_F(Amqp_10e_5, WhatWaitsGoesWithTheExchange)
{
    peer.publish("x", "k", "1", "", delay(100));
    peer.publish("x", "k", "2", "", delay(200));
    peer.ask("exchange.delete exchange=x");
    peer.ask(declare, type("direct"));
    peer.ask("queue.bind queue=q exchange=x routing-key=k");
    server.advance_ms(1000);
    EXPECT_EQ("", get());
    peer.publish("x", "k", "still waits at the end", "", delay(100));
}

TEST_F(Amqp_10e_5, ATransactionStartsTheWaitWithItsCommit)
{
    peer.ask("tx.select");
    peer.publish("x", "k", "1", "", delay(100));
    server.advance_ms(500);
    peer.ask("tx.commit");
    EXPECT_EQ("", get());
    peer.publish("x", "k", "2", "", delay(50));
    peer.ask("tx.rollback");
    server.advance_ms(100);
    EXPECT_EQ("1", get());
    EXPECT_EQ("", get());
}

TEST_F(Amqp_10e_5, HiddenKeysCountAndStayHidden)
{
    peer.ask("queue.declare queue=r");
    peer.ask("queue.bind queue=r exchange=x routing-key=secret");
    peer.publish("x", "k", "1", "",
                 Table().add("BCC", std::vector<std::string>{"secret"}).add("x-delay", 100));
    server.advance_ms(100);
    EXPECT_EQ("get-ok 1 x [k] {headers={x-delay: -100}} 1 left=0", peer.ask("basic.get queue=q"));
    EXPECT_EQ("get-ok 2 x [k] {headers={x-delay: -100}} 1 left=0", peer.ask("basic.get queue=r"));
}

TEST_F(Amqp_10e_5, BehindAnotherExchangeItWaitsToo)
{
    peer.ask("exchange.bind destination=x source=amq.fanout");
    peer.ask("queue.bind queue=q exchange=amq.fanout");
    peer.publish("amq.fanout", "k", "1", "", delay(100));
    EXPECT_EQ("1", get()) << "the fanout does not wait";
    EXPECT_EQ("", get());
    server.advance_ms(100);
    EXPECT_EQ("1", get());
}
