#include "sim/check.h"

#include "tests/sim/history.h"

/* Each invariant is told a history in which it is broken, and one in which it just holds. */
class Check : public History {};

TEST_F(Check, AGoodHistoryBreaksNothing)
{
    fill(3);
    deliver(1, 1);
    deliver(2, 2);
    tell(GMQ_EVENT_ACKED, "q", "c", 1, 1);
    tell(GMQ_EVENT_REJECTED, "q", "c", 2, 2, 1);
    tell(GMQ_EVENT_REQUEUED, "q", "", 2, 0, 2, "head", true);
    deliver(2, 3, "c", true);
    tell(GMQ_EVENT_ACKED, "q", "c", 2, 3);
    tell(GMQ_EVENT_CONNECTION_CLOSED, "c", "");
    gmq_check_turn_ended(check);
    gmq_check_finish(check);
    EXPECT_TRUE(sentences.empty()) << sentences[0];
}

/* ---- S2 ---- */

TEST_F(Check, S2AMessageThatNobodySent)
{
    publish(1);
    EXPECT_EQ("S2 broken: message \"p-1\" came from p, which did not send it.", sentence());
}

TEST_F(Check, S2AMessageThatNobodyPublished)
{
    enqueue(7, 1);
    EXPECT_EQ("S2 broken: nobody published message number 7.", sentence());
}

TEST_F(Check, S2AnotherBodyOrOtherProperties)
{
    g_auto(GmqBuffer) header = {};
    GmqProperties properties;

    send(1);
    properties = outgoing.properties;
    gmq_properties_encode(&properties, 1, &header);
    GmqClientContent good = {gmq_buffer_slice(&header), GMQ_SLICE("x")};
    GmqClientContent bad  = {gmq_buffer_slice(&header), GMQ_SLICE("y")};
    gmq_check_received(check, "c", 0, &properties, &good);
    EXPECT_TRUE(sentences.empty());
    gmq_check_received(check, "c", 0, &properties, &bad);
    EXPECT_EQ("S2 broken: c received message p-1 with another body or other properties than it was "
              "sent with.",
              sentence());
}

TEST_F(Check, S2AMessageOutOfNowhere)
{
    GmqProperties properties = {};
    GmqClientContent content = {};

    properties.message_id = GMQ_SLICE("ghost");
    gmq_check_received(check, "c", 0, &properties, &content);
    EXPECT_EQ("S2 broken: c received message \"ghost\", which nobody sent.", sentence());
}

/* ---- S4 ---- */

TEST_F(Check, S4ACopyInTwoHands)
{
    fill(1);
    deliver(1, 1);
    deliver(1, 2);
    EXPECT_EQ("S4 broken: queue q gave message p-1 to c although it was unacked.", sentence());
}

TEST_F(Check, S4ACopyThatIsGone)
{
    fill(1);
    deliver(1, 1);
    tell(GMQ_EVENT_ACKED, "q", "c", 1, 1);
    deliver(1, 2);
    EXPECT_EQ("S4 broken: queue q gave message p-1 to c although it was gone.", sentence());
}

TEST_F(Check, S4ARequeueOfWhatNobodyHas)
{
    fill(1);
    tell(GMQ_EVENT_REQUEUED, "q", "", 1, 0, 1, "head", true);
    EXPECT_EQ("S4 broken: message p-1 came back to queue q, but nobody had it.", sentence());
}

TEST_F(Check, S4AConnectionThatKeepsWhatItHad)
{
    fill(1);
    deliver(1, 1);
    tell(GMQ_EVENT_CONNECTION_CLOSED, "c", "");
    gmq_check_turn_ended(check);
    EXPECT_EQ("S4 broken: message p-1 is still unacked at c, which is gone.", sentence());
}

TEST_F(Check, S4SettledThoughAnAckWasWanted)
{
    fill(1);
    deliver(1, 1);
    tell(GMQ_EVENT_SETTLED_UNSEEN, "q", "c", 1, 1);
    EXPECT_EQ("S4 broken: a message for c was settled when it was sent, but c wants to ack it.",
              sentence());
}

TEST_F(Check, S4NothingToSayOfAnAutoAck)
{
    fill(3);
    for (uint64_t n = 1; n <= 3; n++) {
        deliver(n, n, "d");
        tell(GMQ_EVENT_SETTLED_UNSEEN, "q", "d", n, n);
    }
    EXPECT_TRUE(sentences.empty()) << sentences[0];
}

/* ---- S5 ---- */

TEST_F(Check, S5MarkedThoughItIsNew)
{
    fill(1);
    deliver(1, 1, "c", true);
    EXPECT_EQ("S5 broken: message p-1 went to c with redelivered=1, but it was never requeued.",
              sentence());
}

TEST_F(Check, S5NotMarkedThoughItCameBack)
{
    fill(1);
    deliver(1, 1);
    tell(GMQ_EVENT_REQUEUED, "q", "", 1, 0, 1, "head", true);
    deliver(1, 2, "c", false);
    EXPECT_EQ("S5 broken: message p-1 went to c with redelivered=0, but it was already requeued.",
              sentence());
}

/* ---- S6 ---- */

TEST_F(Check, S6TheSecondBeforeTheFirst)
{
    fill(3);
    deliver(2, 1);
    EXPECT_EQ(
        "S6 broken: queue q gave message p-2 (place 2) to c at event 12 although p-1 (place 1) "
        "was ready since event 7.",
        sentence());
}

TEST_F(Check, S6ARequeueBelongsToItsOldPlace)
{
    fill(3);
    deliver(1, 1);
    tell(GMQ_EVENT_REQUEUED, "q", "", 1, 0, 3, "place", true);
    deliver(2, 2);
    EXPECT_EQ(0u, sentence().rfind("S6 broken: queue q gave message p-2 (place 2)", 0));
}

TEST_F(Check, S6HandedOverPastOthers)
{
    fill(1);
    send(2);
    publish(2);
    tell(GMQ_EVENT_ENQUEUED, "q", "", 2, 0, 1, "consumer");
    deliver(2, 1);
    EXPECT_EQ(0u, sentence().rfind("S6 broken: queue q gave message p-2", 0));
}

/* ---- S7 ---- */

TEST_F(Check, S7TakenInAnotherOrder)
{
    send(1);
    send(2);
    publish(2);
    EXPECT_EQ("S7 broken: message p-2 of p was taken before p-1, which was sent first.",
              sentence());
}

TEST_F(Check, S7EnteredInAnotherOrder)
{
    for (uint64_t n = 1; n <= 2; n++) {
        send(n);
        publish(n);
    }
    enqueue(2, 1);
    enqueue(1, 2);
    EXPECT_EQ("S7 broken: message p-1 entered queue q after one that was published later on the "
              "same channel.",
              sentence());
}

/* ---- S8 ---- */

TEST_F(Check, S8MoreThanThePrefetch)
{
    fill(3);
    deliver(1, 1);
    deliver(2, 2);
    EXPECT_TRUE(sentences.empty());
    deliver(3, 3);
    EXPECT_EQ("S8 broken: c has 3 unacked messages at event 14, and its prefetch is 2.",
              sentence());
}

/* ---- S9 ---- */

TEST_F(Check, S9AGapInTheTags)
{
    fill(1);
    deliver(1, 2);
    EXPECT_EQ("S9 broken: c got delivery tag 2 where 1 comes next.", sentence());
}

TEST_F(Check, S9ATagThatIsNotOpen)
{
    fill(1);
    tell(GMQ_EVENT_ACKED, "q", "c", 1, 1);
    EXPECT_EQ("S9 broken: delivery tag 1 of c was settled, which is not open or stands for another "
              "message.",
              sentence());
}

TEST_F(Check, S9EachConnectionCountsAnew)
{
    fill(2);
    deliver(1, 1, "c");
    deliver(2, 1, "c#2");
    EXPECT_TRUE(sentences.empty()) << sentences[0];
}

/* ---- S10 ---- */

TEST_F(Check, S10AQueueThatWasForgotten)
{
    send(1);
    publish(1, "x");
    enqueue(1, 1, "q");
    gmq_check_turn_ended(check);
    EXPECT_EQ("S10 broken: message p-1 should have reached queue r after event 6, and did not.",
              sentence());
}

TEST_F(Check, S10AQueueThatIsNotOnTheRoute)
{
    send(1);
    publish(1);
    enqueue(1, 1, "r");
    EXPECT_EQ("S10 broken: queue r got message p-1, whose route does not lead there.", sentence());
}

TEST_F(Check, S10ACopyTooMuch)
{
    send(1);
    publish(1);
    enqueue(1, 1);
    enqueue(1, 2);
    ASSERT_FALSE(sentences.empty());
    EXPECT_EQ("S10 broken: queue q got message p-1 twice.", sentences[0]);
}

TEST_F(Check, S10MandatoryAndNotReturned)
{
    send(8);
    for (uint64_t n = 1; n < 8; n++)
        gmq_check_sent(check, "elsewhere", &outgoing);
    publish(8, "", "nowhere");
    gmq_check_turn_ended(check);
    EXPECT_EQ("S10 broken: message p-8 is mandatory and reached no queue, and was not returned.",
              sentence());
}

TEST_F(Check, S10ReturnedThoughItArrived)
{
    fill(1);
    send(2);
    publish(2);
    enqueue(2, 2);
    tell(GMQ_EVENT_RETURNED, "p", "", 2);
    gmq_check_turn_ended(check);
    EXPECT_EQ("S10 broken: message p-2 was returned, and should not be.", sentence());
}

TEST_F(Check, S10ADeletedQueueIsOnNoRoute)
{
    tell(GMQ_EVENT_QUEUE_DELETED, "r", "", 0, 0, 0, "why");
    send(1);
    publish(1, "x");
    enqueue(1, 1, "q");
    gmq_check_turn_ended(check);
    EXPECT_TRUE(sentences.empty()) << sentences[0];
}

/* ---- S11 ---- */

TEST_F(Check, S11AConfirmTwice)
{
    send(1);
    publish(1, "", "q", 1);
    tell(GMQ_EVENT_CONFIRMED, "p", "", 0, 1);
    tell(GMQ_EVENT_CONFIRMED, "p", "", 0, 1);
    EXPECT_EQ("S11 broken: p got a confirm for number 1, which it does not wait for.", sentence());
}

TEST_F(Check, S11AConfirmOfNothing)
{
    tell(GMQ_EVENT_CONFIRMED, "p", "", 0, 3, 1);
    EXPECT_EQ("S11 broken: p got a confirm for number 3, which it does not wait for.", sentence());
}

TEST_F(Check, S11MultipleCoversAllBefore)
{
    for (uint64_t n = 1; n <= 3; n++) {
        send(n);
        publish(n, "", "q", n);
    }
    tell(GMQ_EVENT_CONFIRMED, "p", "", 0, 3, 1);
    gmq_check_finish(check);
    EXPECT_TRUE(sentences.empty()) << sentences[0];
}

TEST_F(Check, S11ANumberIsLeftOut)
{
    send(1);
    publish(1, "", "q", 2);
    EXPECT_EQ("S11 broken: publish p-1 has the confirm number 2, and should have 1.", sentence());
}

TEST_F(Check, L2NoConfirmAtAll)
{
    send(1);
    publish(1, "", "q", 1);
    gmq_check_finish(check);
    EXPECT_EQ("L2 broken: message p-1 of p was published at event 6 and was never confirmed.",
              sentence());
}

TEST_F(Check, S11NoConfirmForOneThatLeft)
{
    send(1);
    publish(1, "", "q", 1);
    tell(GMQ_EVENT_CONNECTION_CLOSED, "p", "");
    gmq_check_finish(check);
    EXPECT_TRUE(sentences.empty()) << sentences[0];
}

TEST_F(Check, S11AReturnAfterTheConfirm)
{
    send(1);
    publish(1, "", "q", 1);
    tell(GMQ_EVENT_CONFIRMED, "p", "", 0, 1);
    tell(GMQ_EVENT_RETURNED, "p", "", 1);
    EXPECT_EQ("S11 broken: message p-1 was returned after it had been confirmed.", sentence());
}

/* ---- S17 ---- */

TEST_F(Check, S17AMessageThatVanished)
{
    fill(2);
    send(3);
    publish(3);
    enqueue(3, 2);
    EXPECT_EQ("S17 broken: queue q says that it has 2 ready at event 11, but 3 went in and did "
              "not come out.",
              sentence());
}

TEST_F(Check, S17APurgeOfFewer)
{
    fill(2);
    tell(GMQ_EVENT_QUEUE_PURGED, "q", "", 0, 0, 1);
    EXPECT_EQ(0u, sentence().rfind("S17 broken: queue q says that it has 1 ready", 0));
}

/* ---- the broker begins anew ---- */

TEST_F(Check, ACrashEndsEveryStory)
{
    fill(2);
    deliver(1, 1);
    gmq_check_broker_gone(check, false);
    tell(GMQ_EVENT_STARTED, "broker", "", 0, 0, 0, "crash");
    tell(GMQ_EVENT_QUEUE_DECLARED, "q", "");
    send(3, "p#2");
    GmqEvent event   = {};
    event.kind       = GMQ_EVENT_PUBLISHED;
    event.who        = gmq_slice_of("p#2");
    event.key        = gmq_slice_of("q");
    event.message    = 1;
    event.message_id = gmq_slice_of("p-3");
    tell(event);
    enqueue(1, 1);
    gmq_check_turn_ended(check);
    gmq_check_finish(check);
    EXPECT_TRUE(sentences.empty()) << sentences[0];
}
