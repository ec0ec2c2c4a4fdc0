/* What policies do to queues and exchanges: core/AMQP.md 25.4, 17.8, 18.5, 19.12. */
#include "tests/core/amqp/governed.h"

static std::string
dead_letters_to(const char *key)
{
    return Table().add("dead-letter-exchange", "").add("dead-letter-routing-key", key);
}

/* ---- at once ---- */

TEST(Amqp_25_4, AQueueThatIsMadeLaterHasItsPolicy)
{
    Governed all;

    all.set(number("max-length", 2));
    all.declare();
    all.fill({"one", "two", "three"});
    EXPECT_EQ("two three ", all.take_all("q"));
}

TEST(Amqp_25_4, RedeclaringKnowsNothingOfPolicies)
{
    Governed all;

    all.declare(number("x-max-length", 5));
    all.set(Table().add("max-length", 2).add("message-ttl", 1000).add("dead-letter-exchange", ""));
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0",
              all.peer.ask("queue.declare queue=q", number("x-max-length", 5)));
    EXPECT_EQ("channel.close 406",
              brief(all.peer.ask("queue.declare queue=q", number("x-max-length", 2))));
}

TEST(Amqp_25_4, ANewLimitOfTimeHolds)
{
    Governed all;

    all.declare();
    all.set(number("message-ttl", 100));
    all.fill({"one"});
    all.server.advance_ms(99);
    EXPECT_EQ("queue.declare-ok q messages=1 consumers=0",
              all.peer.ask("queue.declare passive queue=q"));
    all.server.advance_ms(1);
    EXPECT_EQ("", all.take_all("q"));
}

TEST(Amqp_25_4, ANewLeaseBeginsNow)
{
    Governed all;

    all.declare();
    all.server.advance_ms(500);
    all.set(number("expires", 100));
    all.server.advance_ms(99);
    EXPECT_NE(nullptr, gmq_vhost_find_queue(all.server.vhost(), GMQ_SLICE("q")));
    all.server.advance_ms(1);
    EXPECT_EQ(nullptr, gmq_vhost_find_queue(all.server.vhost(), GMQ_SLICE("q")));
}

TEST(Amqp_25_4, WithoutItsPolicyALeaseDoesNotEnd)
{
    Governed all;

    all.declare();
    all.set(number("expires", 100));
    all.clear();
    all.server.advance_ms(1000);
    EXPECT_NE(nullptr, gmq_vhost_find_queue(all.server.vhost(), GMQ_SLICE("q")));
}

/* Setting the same again is no use of the queue. */
TEST(Amqp_25_4, APolicyThatSaysTheSameRenewsNoLease)
{
    Governed all;

    all.declare();
    all.set(number("expires", 100));
    all.server.advance_ms(60);
    all.set(Table().add("expires", 100).add("max-length", 7));
    all.server.advance_ms(40);
    EXPECT_EQ(nullptr, gmq_vhost_find_queue(all.server.vhost(), GMQ_SLICE("q")));
}

TEST(Amqp_25_4, ANewOverflowHolds)
{
    Governed all;

    all.declare(number("x-max-length", 1));
    all.set(Table().add("overflow", "reject-publish"));
    all.fill({"one", "two"});
    EXPECT_EQ("one ", all.take_all("q"));
    all.clear();
    all.fill({"one", "two"});
    EXPECT_EQ("two ", all.take_all("q"));
}

TEST(Amqp_25_4, ARouteThatIsKnownIsLookedForAgain)
{
    Governed all;

    all.server.fake.listen(false);
    all.peer.ask("queue.declare queue=rest");
    all.peer.ask("exchange.declare type=fanout exchange=x");
    all.peer.ask("exchange.declare type=fanout exchange=rest");
    all.peer.ask("queue.bind queue=rest exchange=rest");
    all.peer.publish("x", "", "one");
    all.peer.publish("x", "", "two");
    all.set(Table().add("alternate-exchange", "rest"));
    all.peer.publish("x", "", "three");
    all.peer.publish("x", "", "four");
    all.clear();
    all.peer.publish("x", "", "five");
    EXPECT_EQ("three four ", all.take_all("rest"));
}

TEST(Amqp_25_4, AnAlternateThatComesAndGoesIsAnnounced)
{
    Governed all;

    all.peer.ask("exchange.declare type=fanout exchange=x");
    all.server.fake.listen(true);
    all.set(Table().add("alternate-exchange", "one"));
    all.set(Table().add("alternate-exchange", "one"));
    all.set(Table().add("alternate-exchange", "two"));
    all.clear();

    std::string said;
    for (const std::string &event : all.server.fake.take_events()) {
        if (event.find("alternate") == 0)
            said += event + "\n";
    }
    EXPECT_EQ("alternate.set x -> one\nalternate.set x -> two\nalternate.cleared x\n", said);
}

TEST(Amqp_25_4, TheDefaultExchangeGetsNoAlternate)
{
    Governed all;

    all.peer.ask("queue.declare queue=rest");
    all.peer.ask("exchange.declare type=fanout exchange=rest");
    all.peer.ask("queue.bind queue=rest exchange=rest");
    all.set(Table().add("alternate-exchange", "rest"), GMQ_POLICY_USER, "p", "");
    all.peer.publish("", "nowhere", "lost");
    EXPECT_EQ("", all.take_all("rest"));
}

/* What is out comes back to a queue that is gone, and the policy with it. */
TEST(Amqp_25_4, AQueueThatIsGoneKeepsNothingOfAPolicy)
{
    Governed all;

    all.set(dead_letters_to("dead"));
    all.declare();
    all.fill({"one"});
    all.peer.ask("basic.get queue=q");
    all.peer.ask("queue.delete queue=q");
    all.clear();
    EXPECT_EQ("", all.peer.ask("basic.nack delivery-tag=1"));
    EXPECT_EQ("", all.take_all("dead"));
}

/* ---- deadlines ---- */

TEST(Amqp_17_8, WhatWaitsKeepsItsDeadline)
{
    Governed all;

    all.declare();
    all.set(number("message-ttl", 100));
    all.fill({"old"});
    all.set(number("message-ttl", 10));
    all.server.advance_ms(50);
    all.fill({"new"});
    all.server.advance_ms(49);
    EXPECT_EQ("queue.declare-ok q messages=2 consumers=0",
              all.peer.ask("queue.declare passive queue=q"));
    all.server.advance_ms(1);
    EXPECT_EQ("queue.declare-ok q messages=0 consumers=0",
              all.peer.ask("queue.declare passive queue=q"));
}

TEST(Amqp_17_8, WhatCameWithoutADeadlineNeverDies)
{
    Governed all;

    all.declare();
    all.fill({"old"});
    all.set(number("message-ttl", 0));
    all.server.advance_ms(1000);
    EXPECT_EQ("old ", all.take_all("q"));
}

/* A message that is due dies with the change, even before the timer's turn. */
TEST(Amqp_17_8, TheNextMessageIsLookedAtAtOnce)
{
    Governed all;

    all.declare();
    all.set(number("message-ttl", 10));
    all.fill({"old"});
    all.server.fake.now_ns += 10 * 1000000;

    GmqQueue *queue    = gmq_vhost_find_queue(all.server.vhost(), GMQ_SLICE("q"));
    GmqPolicySpec spec = {};
    std::string ttl    = number("message-ttl", 20);
    spec.name          = GMQ_SLICE("p");
    spec.definition    = slice(ttl);
    EXPECT_EQ(1u, gmq_queue_ready_count(queue));
    EXPECT_TRUE(gmq_vhost_set_policy(all.server.vhost(), GMQ_POLICY_USER, &spec, nullptr));
    EXPECT_EQ(0u, gmq_queue_ready_count(queue));
}

/* ---- lengths ---- */

TEST(Amqp_18_5, ALowerLimitTrimsAtOnce)
{
    Governed all;

    all.declare(Table().add("x-dead-letter-exchange", "").add("x-dead-letter-routing-key", "dead"));
    all.fill({"one", "two", "three", "four"});
    all.set(number("max-length", 1));
    EXPECT_EQ("queue.declare-ok q messages=1 consumers=0",
              all.peer.ask("queue.declare passive queue=q"));
    EXPECT_EQ("one two three ", all.take_all("dead"));
}

TEST(Amqp_18_5, ALowerLimitOfBytesTrimsAtOnce)
{
    Governed all;

    all.declare();
    all.fill({"one", "two", "three", "four"});
    all.set(number("max-length-bytes", 9));
    EXPECT_EQ("three four ", all.take_all("q"));
}

TEST(Amqp_18_5, AQueueThatRefusesIsNotTrimmed)
{
    Governed all;

    all.declare(Table().add("x-overflow", "reject-publish"));
    all.fill({"one", "two", "three"});
    all.set(number("max-length", 1));
    all.fill({"four"});
    EXPECT_EQ("one two three ", all.take_all("q"));
}

TEST(Amqp_18_5, AQueueThatNoLongerRefusesIsTrimmed)
{
    Governed all;

    all.declare();
    all.set(Table().add("max-length", 5).add("overflow", "reject-publish"));
    all.fill({"one", "two", "three"});
    all.set(Table().add("max-length", 1).add("overflow", "reject-publish"));
    all.set(number("max-length", 1));
    EXPECT_EQ("three ", all.take_all("q"));
}

/* A consumer that is free gets what would be cut. */
TEST(Amqp_18_5, ConsumersHaveTheirTurnFirst)
{
    Governed all;

    all.declare();
    all.fill({"one", "two", "three"});
    all.peer.put(say(1, "basic.consume queue=q consumer-tag=c"));
    all.set(number("max-length", 0));
    EXPECT_EQ("basic.consume-ok consumer-tag=c\ndeliver c 1 [q] one\ndeliver c 2 [q] two\ndeliver "
              "c 3 [q] three",
              all.peer.read());
}

/* ---- dead letters ---- */

TEST(Amqp_19_12, APolicyGivesADeadLetterExchange)
{
    Governed all;

    all.declare();
    all.fill({"one", "two"});
    all.peer.ask("basic.get queue=q");
    all.peer.ask("basic.get queue=q");
    all.set(dead_letters_to("dead"));
    all.peer.ask("basic.reject delivery-tag=1");
    all.clear();
    all.peer.ask("basic.reject delivery-tag=2");
    EXPECT_EQ("one ", all.take_all("dead"));
}

TEST(Amqp_19_12, TheArgumentsExchangeWins)
{
    Governed all;

    all.peer.ask("exchange.declare type=fanout exchange=argued");
    all.declare(Table().add("x-dead-letter-exchange", "argued"));
    all.peer.ask("queue.bind queue=dead exchange=argued");
    all.set(Table().add("dead-letter-exchange", "ruled"));
    all.fill({"one"});
    all.peer.ask("basic.get queue=q");
    all.peer.ask("basic.reject delivery-tag=1");
    EXPECT_EQ("one ", all.take_all("dead"));
}

TEST(Amqp_19_12, TheArgumentsKeyWins)
{
    Governed all;

    all.declare(Table().add("x-dead-letter-exchange", "").add("x-dead-letter-routing-key", "dead"));
    all.set(dead_letters_to("elsewhere"));
    all.fill({"one"});
    all.peer.ask("basic.get queue=q");
    all.peer.ask("basic.reject delivery-tag=1");
    EXPECT_EQ("one ", all.take_all("dead"));
}

/* Exchange and key each for itself. */
TEST(Amqp_19_12, APolicysKeyCompletesAnArgument)
{
    Governed all;

    all.declare(Table().add("x-dead-letter-exchange", ""));
    all.set(Table().add("dead-letter-routing-key", "dead"));
    all.fill({"one"});
    all.peer.ask("basic.get queue=q");
    all.peer.ask("basic.reject delivery-tag=1");
    EXPECT_EQ("one ", all.take_all("dead"));
}

TEST(Amqp_19_12, AKeyAloneDoesNothing)
{
    Governed all;

    all.declare();
    all.set(Table().add("dead-letter-routing-key", "dead"));
    all.fill({"one"});
    all.peer.ask("basic.get queue=q");
    all.peer.ask("basic.reject delivery-tag=1");
    EXPECT_EQ("", all.take_all("dead"));
}

/* ---- notices ---- */

TEST(Amqp_27_2, PoliciesAreTold)
{
    Governed all;

    all.peer.ask("queue.declare queue=told");
    all.peer.ask("queue.bind queue=told exchange=amq.rabbitmq.event routing-key=policy.*");
    all.set(number("max-length", 5));
    std::string told = all.peer.ask("basic.get no-ack queue=told");
    EXPECT_NE(std::string::npos, told.find("[policy.set]")) << told;
    EXPECT_NE(std::string::npos,
              told.find("name: p, vhost: /, pattern: \"^[qx]$\", apply-to: all, priority: 0, "
                        "definition: {max-length: 5}"))
        << told;
    all.clear();
    told = all.peer.ask("basic.get no-ack queue=told");
    EXPECT_NE(std::string::npos, told.find("[policy.cleared]")) << told;
    EXPECT_NE(std::string::npos, told.find("name: p, vhost: /}")) << told;
}
