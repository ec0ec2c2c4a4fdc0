#include "tests/sim/asked.h"

/* Limits of time and length, told as histories: each is broken, and each just holds. */
namespace {

/* p-2 has a time of 50 ms, p-3 the priority 5, p-4 the priority 9. Bodies are one byte. */
class CheckLimit : public Asked {
  protected:
    const char *
    text() const override
    {
        return "glassmq: 1\n"
               "title: T\n"
               "stop: 5s\n"
               "topology: {queues: {q: {}}}\n"
               "clients:\n"
               "  p: {role: producer, publish: {to: default, key: q, body: x, count: 9, messages: "
               "[\n"
               "      {n: 2, ttl: 50ms}, {n: 3, priority: 5}, {n: 4, priority: 9}]}}\n"
               "  c: {role: consumer, from: q}\n";
    }

    void
    expire(uint64_t n)
    {
        tell(GMQ_EVENT_EXPIRED, "q", "", n);
    }

    void
    drop(uint64_t n, const char *why = "maxlen")
    {
        tell(GMQ_EVENT_DROPPED, "q", "", n, 0, 0, why);
    }
};

} // namespace

/* ---- S6: priorities ---- */

TEST_F(CheckLimit, S6HigherPrioritiesGoFirstAndKeepTheirOrder)
{
    queue("q", {{"x-max-priority", 5}});
    enter(1, 1);
    enter(3, 2);
    enter(4, 3); /* as high as p-3: the queue knows no more than 5 */
    deliver(3, 1);
    deliver(4, 2);
    tell(GMQ_EVENT_REQUEUED, "q", "", 3, 0, 2, "head", true);
    deliver(3, 3, "c", true);
    deliver(1, 4);
    end_turn();
    expect_held();
}

TEST_F(CheckLimit, S6ALowPriorityBeforeAHigherOne)
{
    queue("q", {{"x-max-priority", 5}});
    enter(1, 1);
    enter(3, 2);
    deliver(1, 1);
    EXPECT_EQ("S6 broken: queue q gave message p-1 (place 1) to c at event 6 although p-3 (place "
              "2) was ready since event 5.",
              sentence());
}

TEST_F(CheckLimit, S6PrioritiesMeanNothingToAQueueWithoutAny)
{
    queue("q");
    enter(1, 1);
    enter(3, 2);
    deliver(1, 1);
    deliver(3, 2);
    end_turn();
    expect_held();
}

/* ---- S14 ---- */

TEST_F(CheckLimit, S14UntilTheLastMomentAndFromThenOnNoMore)
{
    queue("q", {{"x-message-ttl", 100}});
    enter(1, 1);
    enter(2, 2); /* its own time is shorter */
    now_ms = 99;
    deliver(1, 1);
    expect_held();
    deliver(2, 2);
    EXPECT_EQ("S14 broken: queue q gave message p-2 to c at event 7, 49 ms after it had expired.",
              sentence());
}

TEST_F(CheckLimit, S14AtItsInstantAMessageHasExpired)
{
    queue("q", {{"x-message-ttl", 100}});
    enter(1, 1);
    now_ms = 100;
    expire(1);
    end_turn();
    expect_held();
    enter(3, 1);
    now_ms = 200;
    deliver(3, 1);
    EXPECT_EQ("S14 broken: queue q gave message p-3 to c at event 7, 0 ms after it had expired.",
              sentence());
}

TEST_F(CheckLimit, S14WithoutAnyTimeOnlyForOneWhoWaits)
{
    queue("q", {{"x-message-ttl", 0}});
    send(1);
    publish(1);
    tell(GMQ_EVENT_ENQUEUED, "q", "", 1, 0, 0, "consumer");
    deliver(1, 1);
    end_turn();
    expect_held();
}

TEST_F(CheckLimit, S14ARequeueKeepsTheOldTime)
{
    queue("q", {{"x-message-ttl", 100}});
    enter(1, 1);
    deliver(1, 1);
    now_ms = 90;
    tell(GMQ_EVENT_REQUEUED, "q", "", 1, 0, 1, "head", true);
    now_ms = 110;
    deliver(1, 2, "c", true);
    EXPECT_EQ("S14 broken: queue q gave message p-1 to c at event 6, 10 ms after it had expired.",
              sentence());
}

TEST_F(CheckLimit, S14TooEarly)
{
    queue("q", {{"x-message-ttl", 100}});
    enter(1, 1);
    now_ms = 99;
    expire(1);
    EXPECT_EQ("S14 broken: message p-1 expired in queue q at event 4, 1 ms too early.", sentence());
}

TEST_F(CheckLimit, S14WithoutReason)
{
    queue("q");
    enter(1, 1);
    expire(1);
    EXPECT_EQ(
        "S14 broken: message p-1 expired in queue q at event 4, and nothing says that it may.",
        sentence());
}

TEST_F(CheckLimit, S14OnlyTheHeadExpires)
{
    queue("q");
    enter(1, 1);
    enter(2, 2);
    now_ms = 60;
    end_turn();
    now_ms = 70;
    end_turn(); /* p-2 may stand behind p-1 as long as that is there */
    expect_held();
    expire(2);
    EXPECT_EQ("S14 broken: message p-2 expired in queue q at event 6 behind p-1, which is ready "
              "since event 3.",
              sentence());
}

TEST_F(CheckLimit, S14AHeadThatNobodyTakesAway)
{
    queue("q");
    enter(2, 1);
    for (now_ms = 50; now_ms <= 60; now_ms += 10) {
        tell(GMQ_EVENT_CAPTION, "", "");
        end_turn();
    }
    expect_held(); /* a broker that stood still has one turn first */
    now_ms = 64;
    tell(GMQ_EVENT_CAPTION, "", "");
    end_turn();
    EXPECT_EQ("S14 broken: message p-2 is still first in queue q after event 6, 14 ms after it had "
              "expired.",
              sentence());
    end_turn();
    EXPECT_EQ(1u, sentences.size());
}

TEST_F(CheckLimit, S14AQueueExpiresWhenNobodyUsedItForSoLong)
{
    queue("q", {{"x-expires", 200}});
    tell(GMQ_EVENT_CONSUMER_ADDED, "q", "c");
    now_ms = 300;
    tell(GMQ_EVENT_CONSUMER_REMOVED, "q", "c");
    now_ms = 500;
    tell(GMQ_EVENT_QUEUE_DELETED, "q", "", 0, 0, 0, "expired");
    expect_held();
}

TEST_F(CheckLimit, S14AQueueThatExpiresTooEarly)
{
    queue("q", {{"x-expires", 200}});
    enter(1, 1);
    now_ms = 100;
    tell(GMQ_EVENT_GOT, "q", "c", 1, 1, 0);
    now_ms = 299;
    tell(GMQ_EVENT_QUEUE_DELETED, "q", "", 0, 0, 0, "expired");
    EXPECT_EQ("S14 broken: queue q expired at event 5 although it had been used 199 ms before.",
              sentence());
}

TEST_F(CheckLimit, S14AQueueThatExpiresInUse)
{
    queue("q", {{"x-expires", 200}});
    tell(GMQ_EVENT_CONSUMER_ADDED, "q", "c");
    now_ms = 300;
    tell(GMQ_EVENT_QUEUE_DELETED, "q", "", 0, 0, 0, "expired");
    EXPECT_EQ("S14 broken: queue q expired at event 3 although it had a consumer.", sentence());
}

TEST_F(CheckLimit, S14AQueueThatNeverExpires)
{
    queue("q");
    tell(GMQ_EVENT_QUEUE_DELETED, "q", "", 0, 0, 0, "expired");
    EXPECT_EQ("S14 broken: queue q expired at event 2, and nothing says that it may.", sentence());
}

/* ---- S15 ---- */

TEST_F(CheckLimit, S15TheOldestGoesWhenThereAreTooMany)
{
    queue("q", {{"x-max-length", 2}});
    enter(1, 1);
    enter(5, 2);
    enter(6, 3);
    drop(1);
    end_turn();
    expect_held();
}

TEST_F(CheckLimit, S15TooManyAfterATurn)
{
    queue("q", {{"x-max-length", 2}});
    enter(1, 1);
    enter(5, 2);
    enter(6, 3);
    end_turn();
    EXPECT_EQ("S15 broken: queue q is above its limit after event 7: ready 3, at most 2.",
              sentence());
}

TEST_F(CheckLimit, S15TooManyBytes)
{
    queue("q", {{"x-max-length-bytes", 1}});
    enter(1, 1);
    enter(5, 2);
    end_turn();
    EXPECT_EQ("S15 broken: queue q is above its limit after event 5: bytes 2, at most 1.",
              sentence());
}

TEST_F(CheckLimit, S15ADropWithoutNeed)
{
    queue("q", {{"x-max-length", 2}, {"x-max-length-bytes", 9}});
    enter(1, 1);
    enter(5, 2);
    drop(1);
    EXPECT_EQ("S15 broken: queue q dropped message p-1 at event 6 without need: ready 2, at most "
              "2; bytes 2, at most 9.",
              sentence());
}

TEST_F(CheckLimit, S15NotTheHeadWasDropped)
{
    queue("q", {{"x-max-length", 1}});
    enter(1, 1);
    enter(5, 2);
    drop(5);
    EXPECT_EQ("S15 broken: queue q dropped message p-5 (place 2) at event 6 although p-1 (place 1) "
              "is its head.",
              sentence());
}

TEST_F(CheckLimit, S15WhatIsUnackedDoesNotCount)
{
    queue("q", {{"x-max-length", 1}, {"x-overflow", "reject-publish"}});
    enter(1, 1);
    deliver(1, 1);
    enter(5, 1);
    tell(GMQ_EVENT_REQUEUED, "q", "", 1, 0, 2, "head", true);
    end_turn(); /* what comes back may be too much for a queue that refuses */
    expect_held();
}

TEST_F(CheckLimit, S15TheNewestIsRefusedAndNacked)
{
    queue("q", {{"x-max-length", 1}, {"x-overflow", "reject-publish"}});
    enter(1, 1, "q", 1);
    send(5);
    publish(5, "", "q", 2);
    drop(5, "refused");
    tell(GMQ_EVENT_CONFIRMED, "p", "", 0, 1);
    tell(GMQ_EVENT_NACKED, "p", "", 0, 2);
    end_turn();
    expect_held();
}

TEST_F(CheckLimit, S15ARefusalThatIsConfirmed)
{
    queue("q", {{"x-max-length", 0}, {"x-overflow", "reject-publish"}});
    send(1);
    publish(1, "", "q", 1);
    drop(1, "refused");
    tell(GMQ_EVENT_CONFIRMED, "p", "", 0, 1);
    EXPECT_EQ("S15 broken: message p-1 was confirmed at event 4 although queue q had refused it.",
              sentence());
}

TEST_F(CheckLimit, S15ANackWithoutARefusal)
{
    queue("q");
    enter(1, 1, "q", 1);
    tell(GMQ_EVENT_NACKED, "p", "", 0, 1);
    EXPECT_EQ("S15 broken: message p-1 was nacked at event 4 although no queue had refused it.",
              sentence());
}

TEST_F(CheckLimit, S15TakenThoughItWasFull)
{
    queue("q", {{"x-max-length", 1}, {"x-overflow", "reject-publish"}});
    enter(1, 1);
    enter(5, 2);
    EXPECT_EQ("S15 broken: queue q took message p-5 at event 5 and should have refused it: ready "
              "1, at most 1.",
              sentence());
}

TEST_F(CheckLimit, S15RefusedThoughThereWasRoom)
{
    queue("q", {{"x-max-length", 1}, {"x-overflow", "reject-publish"}});
    send(1);
    publish(1);
    drop(1, "refused");
    EXPECT_EQ(
        "S15 broken: queue q refused message p-1 at event 3 without need: ready 0, at most 1.",
        sentence());
}

/* ---- S17 ---- */

TEST_F(CheckLimit, S17HandedOverAndNeverDelivered)
{
    queue("q");
    send(1);
    publish(1);
    tell(GMQ_EVENT_ENQUEUED, "q", "", 1, 0, 0, "consumer");
    end_turn();
    EXPECT_EQ("S17 broken: message p-1 was taken by queue q at event 3, and is neither ready "
              "there, nor unacked, nor gone.",
              sentence());
}

TEST_F(CheckLimit, S17RejectedToComeBackAndDidNot)
{
    queue("q");
    enter(1, 1);
    deliver(1, 1);
    tell(GMQ_EVENT_REJECTED, "q", "c", 1, 1, 1);
    end_turn();
    EXPECT_EQ("S17 broken: message p-1 was to come back to queue q at event 5, and is neither "
              "ready there, nor unacked, nor gone.",
              sentence());
}

TEST_F(CheckLimit, S17WhatGetLeavesIsCounted)
{
    queue("q");
    enter(1, 1);
    enter(5, 2);
    tell(GMQ_EVENT_GOT, "q", "c", 1, 1, 2);
    EXPECT_EQ("S17 broken: queue q says that it has 2 ready at event 6, but 1 went in and "
              "did not come out.",
              sentence());
}
