#include "tests/sim/dying.h"

/* Which deaths make letters, and where these go: each is broken, and each just holds. */
class CheckDeath : public Dying {};

/* ---- letters ---- */

TEST_F(CheckDeath, S13ADeathMakesALetterThatCarriesIt)
{
    deliver_dead(1, bury(1));
    receive(1, 2, {rejected});
    end_turn();
    expect_held();
}

TEST_F(CheckDeath, S13ADeathWithoutALetter)
{
    enter(1, 1);
    deliver(1, 1);
    reject(1, 1);
    end_turn();
    EXPECT_EQ("S13 broken: message p-1 died in queue q at event 8 (rejected), and was not "
              "dead-lettered.",
              sentence());
}

TEST_F(CheckDeath, S13ALetterTwice)
{
    bury(1);
    because(8);
    die(1, "rejected", "d", "dead");
    EXPECT_EQ(
        "S13 broken: message p-1 was dead-lettered from queue q at event 11, and nothing there "
        "asks for it.",
        sentence());
}

TEST_F(CheckDeath, S13AnAckMakesNone)
{
    enter(1, 1);
    deliver(1, 1);
    tell(GMQ_EVENT_ACKED, "q", "c", 1, 1);
    die(1, "rejected", "d", "dead");
    EXPECT_EQ(
        "S13 broken: message p-1 was dead-lettered from queue q at event 9, and nothing there "
        "asks for it.",
        sentence());
}

TEST_F(CheckDeath, S13NorDoesADeletion)
{
    enter(1, 1);
    tell(GMQ_EVENT_QUEUE_DELETED, "q", "", 0, 0, 1, "deleted");
    end_turn();
    expect_held();
    die(1, "rejected", "d", "dead");
    EXPECT_EQ(
        "S13 broken: message p-1 was dead-lettered from queue q at event 8, and nothing there "
        "asks for it.",
        sentence());
}

TEST_F(CheckDeath, S13AnotherReason)
{
    enter(1, 1);
    deliver(1, 1);
    reject(1, 1);
    die(1, "expired", "d", "dead");
    EXPECT_EQ(
        "S13 broken: message p-1 was dead-lettered from queue q at event 9 as expired, and its "
        "reason is rejected.",
        sentence());
}

TEST_F(CheckDeath, S13AnotherKey)
{
    enter(1, 1);
    deliver(1, 1);
    reject(1, 1);
    die(1, "rejected", "d", "q");
    EXPECT_EQ(
        "S13 broken: message p-1 was dead-lettered from queue q at event 9 to another exchange "
        "or with another key than \"d\" and \"dead\".",
        sentence());
}

TEST_F(CheckDeath, S13AnotherCount)
{
    enter(1, 1);
    deliver(1, 1);
    reject(1, 1);
    die(1, "rejected", "d", "dead", 2);
    EXPECT_EQ(
        "S13 broken: message p-1 was dead-lettered from queue q at event 9 with count 2, and it "
        "died there 1 times of that.",
        sentence());
}

TEST_F(CheckDeath, S13ALetterThatDoesNotArrive)
{
    enter(1, 1);
    deliver(1, 1);
    reject(1, 1);
    die(1, "rejected", "d", "dead");
    end_turn();
    EXPECT_EQ(
        "S13 broken: message p-1 died in queue q at event 9 (rejected) and should have reached "
        "queue r, and did not.",
        sentence());
}

TEST_F(CheckDeath, S13WithoutAnExchangeALetterIsDroppedInSilence)
{
    tell(GMQ_EVENT_EXCHANGE_DELETED, "d", "");
    enter(1, 1);
    deliver(1, 1);
    reject(1, 1);
    die(1, "rejected", "d", "dead");
    end_turn();
    expect_held();
}

TEST_F(CheckDeath, S5ALetterBeginsAnew)
{
    enter(1, 1);
    deliver(1, 1);
    tell(GMQ_EVENT_REQUEUED, "q", "", 1, 0, 1, "head", true);
    deliver(1, 2, "c", true);
    reject(1, 2);
    because(die(1, "rejected", "d", "dead"));
    enqueue(1, 1, "r");
    tell(GMQ_EVENT_DELIVERED, "r", "c", 1, 3, 0, "t", true);
    EXPECT_EQ("S5 broken: message p-1 went to c with redelivered=1, but it was never requeued.",
              sentence());
}

TEST_F(CheckDeath, S10ALetterInAQueueThatIsNotOnItsWay)
{
    queue("z");
    enter(1, 1);
    deliver(1, 1);
    reject(1, 1);
    because(die(1, "rejected", "d", "dead"));
    enqueue(1, 1, "z");
    EXPECT_EQ("S10 broken: queue z got message p-1, whose route does not lead there.", sentence());
}

/* ---- cycles ---- */

TEST_F(CheckDeath, S13AfterARejectionItMayComeRound)
{
    bury(1);
    now_ms = 100;
    tell(GMQ_EVENT_EXPIRED, "r", "", 1);
    because(die(1, "expired", "", "q", 1, "r"));
    enqueue(1, 1);
    end_turn();
    expect_held();
}

TEST_F(CheckDeath, S13NobodyRejectedItSoItMustNotComeRound)
{
    enter(2, 1);
    now_ms = 50;
    tell(GMQ_EVENT_EXPIRED, "q", "", 2);
    because(die(2, "expired", "d", "dead"));
    enqueue(2, 1, "r");
    now_ms = 150;
    tell(GMQ_EVENT_EXPIRED, "r", "", 2);
    uint64_t letter = die(2, "expired", "", "q", 1, "r");
    end_turn();
    expect_held();
    because(letter);
    enqueue(2, 1);
    EXPECT_EQ(
        "S13 broken: message p-2 entered queue q again at event 12, where it died before, and "
        "nobody rejected it since.",
        sentence());
}

/* ---- the delivery limit ---- */

TEST_F(CheckDeath, S13OneFailureTooMuch)
{
    enter(1, 1);
    deliver(1, 1);
    tell(GMQ_EVENT_REQUEUED, "q", "", 1, 0, 1, "head", true);
    deliver(1, 2, "c", true);
    tell(GMQ_EVENT_DROPPED, "q", "", 1, 0, 0, "delivery_limit");
    because(die(1, "delivery_limit", "d", "dead"));
    enqueue(1, 1, "r");
    end_turn();
    expect_held();
}

TEST_F(CheckDeath, S13GivenUpTooEarly)
{
    enter(1, 1);
    deliver(1, 1);
    tell(GMQ_EVENT_DROPPED, "q", "", 1, 0, 0, "delivery_limit");
    EXPECT_EQ(
        "S13 broken: queue q gave message p-1 up at event 8 after 1 failed deliveries, and its "
        "limit is 1.",
        sentence());
}

TEST_F(CheckDeath, S13NotGivenUp)
{
    enter(1, 1);
    deliver(1, 1);
    tell(GMQ_EVENT_REQUEUED, "q", "", 1, 0, 1, "head", true);
    deliver(1, 2, "c", true);
    tell(GMQ_EVENT_REQUEUED, "q", "", 1, 0, 1, "head", true);
    EXPECT_EQ("S13 broken: message p-1 came back to queue q at event 10 although 2 deliveries have "
              "failed, and the limit is 1.",
              sentence());
}

TEST_F(CheckDeath, S2TheCountOfDeliveriesStandsInAHeader)
{
    enter(1, 1);
    deliver(1, 1);
    receive(1, 1, {});
    tell(GMQ_EVENT_REQUEUED, "q", "", 1, 0, 1, "head", true);
    deliver(1, 2, "c", true);
    receive(1, 2, {}, {}, 1);
    expect_held();
    receive(1, 2, {}, {}, 2);
    EXPECT_EQ(
        "S2 broken: message p-1 came to c with x-delivery-count 2, and 1 deliveries had failed.",
        sentence());
}
