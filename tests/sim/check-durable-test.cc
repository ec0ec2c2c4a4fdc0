#include "sim/check.h"

#include "tests/sim/history.h"

/* What must be there again after the broker was gone, told as histories: each is broken once, and
 * just holds once. Queue q is durable, and so is what p sends. */
namespace {

class CheckDurable : public History {
  protected:
    const char *
    text() const override
    {
        return "glassmq: 1\n"
               "title: T\n"
               "stop: 5s\n"
               "topology:\n"
               "  exchanges: {x: {type: fanout, durable: yes}, y: {type: fanout}}\n"
               "  queues: {q: {durable: yes}, r: {}}\n"
               "  bindings: [{from: x, to: q}]\n"
               "clients:\n"
               "  p: {role: producer, confirms: {window: 9},\n"
               "      publish: {to: default, key: q, body: x, count: 9, persistent: yes,\n"
               "                messages: [{n: 8, persistent: no}]}}\n"
               "  c: {role: consumer, from: q, prefetch: 2}\n";
    }

    void
    SetUp() override
    {
        schedule = gmq_schedule_new();
        disk     = gmq_sim_disk_new(schedule, 1, on_stored, NULL);
        gmq_sim_disk_set_times(disk, 0, INT64_C(1000000000));
        History::SetUp();
        gmq_check_set_disk(check, disk);
        file = gmq_sim_disk_host(disk)->open(gmq_sim_disk_host(disk), "j", true, NULL);
    }

    void
    TearDown() override
    {
        History::TearDown();
        gmq_sim_disk_free(disk);
        gmq_schedule_free(schedule);
    }

    static void
    on_stored(void *, uint64_t, GmqDiskResult)
    {
    }

    void
    declare_all() override
    {
        declare_durable();
        tell(GMQ_EVENT_EXCHANGE_DECLARED, "y", "", 0, 0, 0, "fanout");
        tell(GMQ_EVENT_QUEUE_DECLARED, "r", "");
    }

    void
    declare_durable()
    {
        tell(GMQ_EVENT_EXCHANGE_DECLARED, "x", "", 0, 0, 1, "fanout");
        tell(GMQ_EVENT_QUEUE_DECLARED, "q", "", 0, 0, 1);
        tell(GMQ_EVENT_BOUND, "x", "q", 0, 0, 0, "queue");
    }

    /* The disk syncs these bytes. */
    void
    sync(const std::string &bytes)
    {
        GmqSlice slice = {(const uint8_t *)bytes.data(), bytes.size()};

        gmq_sim_disk_host(disk)->append(gmq_sim_disk_host(disk), file, &slice, 1, true, 1);
        while (gmq_schedule_step(schedule)) {
        }
    }

    /* Messages 1 to n are ready in q, on the disk, and confirmed. */
    void
    confirm_all(uint64_t n)
    {
        for (uint64_t i = 1; i <= n; i++) {
            send(i);
            publish(i, "", "q", i);
            enqueue(i, i);
            sync("\x03p-" + std::to_string(i));
            tell(GMQ_EVENT_CONFIRMED, "p", "", 0, i);
        }
        gmq_check_turn_ended(check);
    }

    void
    recover(uint64_t n, uint64_t ready, bool redelivered = true, const char *queue = "q")
    {
        tell(GMQ_EVENT_RECOVERED, queue, "", n, 0, ready, "", redelivered);
    }

    /* The broker is lost, and nothing comes back but what is declared. */
    void
    lose()
    {
        gmq_check_broker_gone(check, false);
        declare_durable();
        started();
    }

    void
    started(const char *how = "crash")
    {
        tell(GMQ_EVENT_STARTED, "broker", "", 0, 0, 0, how);
    }

    GmqSchedule *schedule = nullptr;
    GmqSimDisk *disk      = nullptr;
    GmqFile *file         = nullptr;
};

} // namespace

TEST_F(CheckDurable, WhatComesBackAsItShouldBreaksNothing)
{
    confirm_all(2);
    gmq_check_broker_gone(check, false);
    declare_durable();
    recover(1, 1);
    recover(2, 2);
    started();
    deliver(1, 1, "c", true);
    tell(GMQ_EVENT_ACKED, "q", "c", 1, 1);
    gmq_check_finish(check);
    EXPECT_TRUE(sentences.empty()) << sentences[0];
}

/* ---- S1 ---- */

TEST_F(CheckDurable, S1AConfirmedMessageThatIsGone)
{
    confirm_all(2);
    gmq_check_broker_gone(check, false);
    declare_durable();
    recover(2, 1);
    started();
    EXPECT_EQ("S1 broken: message p-1 was confirmed at event 8, and is not in queue q after the "
              "crash.",
              sentence());
}

TEST_F(CheckDurable, S1AMessageThatIsGoneAfterAStop)
{
    send(1);
    publish(1, "", "q", 1);
    enqueue(1, 1);
    gmq_check_broker_gone(check, true);
    declare_durable();
    started("clean");
    EXPECT_EQ("S1 broken: message p-1 was in queue q when the broker stopped, and is not there "
              "after the start.",
              sentence());
}

TEST_F(CheckDurable, S1SaysNothingOfWhatWasNotPromised)
{
    send(1);
    publish(1, "", "q", 1); /* not confirmed */
    enqueue(1, 1);
    send(8);
    publish(8, "", "q", 2); /* transient */
    enqueue(8, 2);
    tell(GMQ_EVENT_CONFIRMED, "p", "", 0, 2);
    lose();
    EXPECT_TRUE(sentences.empty()) << sentences[0];
}

TEST_F(CheckDurable, S1SaysNothingOfWhatWasAckedOrPurgedBefore)
{
    confirm_all(2);
    deliver(1, 1);
    tell(GMQ_EVENT_ACKED, "q", "c", 1, 1);
    tell(GMQ_EVENT_QUEUE_PURGED, "q", "", 0, 0, 1);
    lose();
    EXPECT_TRUE(sentences.empty()) << sentences[0];
}

TEST_F(CheckDurable, S1ABrokerThatDoesNotStart)
{
    gmq_check_refused(check, "journal-00000001 is damaged", true);
    EXPECT_TRUE(sentences.empty());
    gmq_check_refused(check, "journal-00000001 is damaged", false);
    EXPECT_EQ("S1 broken: the broker does not start, although nothing has damaged its disk: "
              "journal-00000001 is damaged.",
              sentence());
}

/* ---- S3 ---- */

TEST_F(CheckDurable, S3AnAckMayBeLostWhileItIsNotOnTheDisk)
{
    confirm_all(1);
    deliver(1, 1);
    tell(GMQ_EVENT_ACKED, "q", "c", 1, 1);
    for (int i = 0; i < 3; i++)
        sync("other");
    gmq_check_broker_gone(check, false);
    declare_durable();
    recover(1, 1);
    started();
    EXPECT_TRUE(sentences.empty()) << sentences[0];
}

TEST_F(CheckDurable, S3AnAckThatWasOnTheDisk)
{
    confirm_all(1);
    deliver(1, 1);
    tell(GMQ_EVENT_ACKED, "q", "c", 1, 1);
    for (int i = 0; i < 4; i++)
        sync("other");
    gmq_check_broker_gone(check, false);
    declare_durable();
    recover(1, 1);
    EXPECT_EQ("S3 broken: message p-1 left queue q for good at event 10 and is there again after "
              "the start.",
              sentence());
}

TEST_F(CheckDurable, S3AnAckBeforeAnOrderlyStop)
{
    confirm_all(1);
    deliver(1, 1);
    tell(GMQ_EVENT_ACKED, "q", "c", 1, 1);
    gmq_check_broker_gone(check, true);
    declare_durable();
    recover(1, 1, false);
    EXPECT_EQ("S3 broken: message p-1 left queue q for good at event 10 and is there again after "
              "the start.",
              sentence());
}

/* ---- S2, S4, S5, S6 ---- */

TEST_F(CheckDurable, S2AMessageThatNeverWasThere)
{
    confirm_all(1);
    gmq_check_broker_gone(check, false);
    declare_durable();
    recover(7, 1);
    EXPECT_EQ("S2 broken: message number 7 came back to queue q, which never had it.", sentence());
}

TEST_F(CheckDurable, S4AMessageThatComesBackTwice)
{
    confirm_all(1);
    gmq_check_broker_gone(check, false);
    declare_durable();
    recover(1, 1);
    recover(1, 2);
    EXPECT_EQ("S4 broken: message p-1 came back to queue q twice.", sentence());
}

TEST_F(CheckDurable, S5AfterACrashWhatSomebodyHadIsMarked)
{
    confirm_all(1);
    deliver(1, 1);
    gmq_check_broker_gone(check, false);
    declare_durable();
    recover(1, 1, false);
    EXPECT_EQ("S5 broken: message p-1 came back to queue q with redelivered=0 after a crash.",
              sentence());
}

TEST_F(CheckDurable, S5AfterAStopItIsMarkedAsBefore)
{
    confirm_all(2);
    deliver(1, 1);
    tell(GMQ_EVENT_REQUEUED, "q", "", 1, 0, 2, "head", true);
    gmq_check_broker_gone(check, true);
    declare_durable();
    recover(1, 1, true);
    EXPECT_TRUE(sentences.empty()) << sentences[0];
    recover(2, 2, true);
    EXPECT_EQ("S5 broken: message p-2 came back to queue q with redelivered=1 after an orderly "
              "stop.",
              sentence());
}

TEST_F(CheckDurable, S6MessagesComeBackInOrder)
{
    confirm_all(2);
    gmq_check_broker_gone(check, false);
    declare_durable();
    recover(2, 1);
    recover(1, 2);
    EXPECT_EQ("S6 broken: message p-1 came back to queue q behind p-2, which came later.",
              sentence());
}

TEST_F(CheckDurable, S17WhatComesBackIsCounted)
{
    confirm_all(1);
    gmq_check_broker_gone(check, false);
    declare_durable();
    recover(1, 2);
    EXPECT_EQ("S17 broken: queue q says that it has 2 ready at event 12, but 1 went in and "
              "did not come out.",
              sentence());
}

/* ---- S12 ---- */

TEST_F(CheckDurable, S12AConfirmBeforeTheDiskHasIt)
{
    send(1);
    publish(1, "", "q", 1);
    enqueue(1, 1);
    sync("\x03p-2");
    tell(GMQ_EVENT_CONFIRMED, "p", "", 0, 1);
    EXPECT_EQ("S12 broken: message p-1 was confirmed at event 8, and is not on the disk.",
              sentence());
}

TEST_F(CheckDurable, S12WhatIsInNoDurableQueueNeedsNoDisk)
{
    send(1);
    publish(1, "", "q", 1);
    enqueue(1, 1);
    deliver(1, 1);
    tell(GMQ_EVENT_ACKED, "q", "c", 1, 1);
    tell(GMQ_EVENT_CONFIRMED, "p", "", 0, 1);
    send(8);
    publish(8, "", "q", 2);
    enqueue(8, 1);
    tell(GMQ_EVENT_CONFIRMED, "p", "", 0, 2);
    EXPECT_TRUE(sentences.empty()) << sentences[0];
}

/* ---- S21 ---- */

TEST_F(CheckDurable, S21AQueueThatIsMissing)
{
    gmq_check_broker_gone(check, false);
    tell(GMQ_EVENT_EXCHANGE_DECLARED, "x", "", 0, 0, 1, "fanout");
    started();
    ASSERT_EQ(2u, sentences.size());
    EXPECT_EQ("S21 broken: queue q was durable, and is not there after the start.", sentences[0]);
    EXPECT_EQ("S21 broken: the binding from x to q was durable, and is not there after the start.",
              sentences[1]);
}

TEST_F(CheckDurable, S21AnExchangeThatIsMissing)
{
    gmq_check_broker_gone(check, false);
    tell(GMQ_EVENT_QUEUE_DECLARED, "q", "", 0, 0, 1);
    tell(GMQ_EVENT_BOUND, "x", "q", 0, 0, 0, "queue");
    started();
    EXPECT_EQ("S21 broken: exchange x was durable, and is not there after the start.", sentence());
}

TEST_F(CheckDurable, S21AQueueThatWasNotDurable)
{
    gmq_check_broker_gone(check, false);
    declare_durable();
    tell(GMQ_EVENT_QUEUE_DECLARED, "r", "");
    EXPECT_EQ("S21 broken: queue r is there after the start, and was not durable.", sentence());
}

TEST_F(CheckDurable, S21AQueueThatWasDeleted)
{
    tell(GMQ_EVENT_QUEUE_DELETED, "q", "", 0, 0, 0, "deleted");
    for (int i = 0; i < 4; i++)
        sync("other");
    gmq_check_broker_gone(check, false);
    tell(GMQ_EVENT_EXCHANGE_DECLARED, "x", "", 0, 0, 1, "fanout");
    tell(GMQ_EVENT_QUEUE_DECLARED, "q", "", 0, 0, 1);
    EXPECT_EQ("S21 broken: queue q was deleted at event 6 and is there again after the start.",
              sentence());
}

TEST_F(CheckDurable, S21AQueueThatNobodyDeclared)
{
    gmq_check_broker_gone(check, false);
    declare_durable();
    tell(GMQ_EVENT_QUEUE_DECLARED, "z", "", 0, 0, 1);
    EXPECT_EQ("S21 broken: after the start there is a queue called z, which nobody declared.",
              sentence());
}

/* ---- allowed ---- */

TEST_F(CheckDurable, WhatIsAllowedToBreakIsToldAndDoesNotCount)
{
    g_ptr_array_add(scenario->allowed, (char *)"S1");
    confirm_all(1);
    gmq_check_broker_gone(check, false);
    declare_durable();
    started();
    EXPECT_EQ("S1 broken, as is allowed here: message p-1 was confirmed at event 8, and is not in "
              "queue q after the crash.",
              sentence());
    EXPECT_EQ(0u, gmq_check_broken_count(check));
}
