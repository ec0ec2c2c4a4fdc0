#include "tests/sim/dying.h"

namespace {

/* Queue q is durable and dies to r, which is durable too; pass is not, and dies to r. */
class CheckDeathDisk : public Dying {
  protected:
    const char *
    text() const override
    {
        return "glassmq: 1\n"
               "title: T\n"
               "stop: 5s\n"
               "topology: {queues: {q: {}, r: {}}}\n"
               "clients:\n"
               "  p: {role: producer, publish: {to: default, key: q, body: x, count: 9,\n"
               "      persistent: yes}, confirms: {window: 9}}\n"
               "  c: {role: consumer, from: q}\n";
    }

    void
    declare_all() override
    {
        const Args dead = {{"x-dead-letter-exchange", ""}, {"x-dead-letter-routing-key", "r"}};

        queue("q", dead, 1);
        queue("r", {}, 1);
        queue("pass", dead);
    }

    void
    SetUp() override
    {
        schedule = gmq_schedule_new();
        disk     = gmq_sim_disk_new(schedule, 1, on_stored, NULL);
        gmq_sim_disk_set_times(disk, 0, INT64_C(1000000000));
        History::SetUp();
        gmq_check_set_disk(check, disk);
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

    /* The disk syncs message n. */
    void
    sync(uint64_t n)
    {
        std::string bytes = "\x03p-" + std::to_string(n);
        GmqSlice slice    = {(const uint8_t *)bytes.data(), bytes.size()};
        GmqDisk *host     = gmq_sim_disk_host(disk);
        GmqFile *file     = host->open(host, "j", true, NULL);

        host->append(host, file, &slice, 1, true, 1);
        while (gmq_schedule_step(schedule)) {
        }
    }

    /* Message n goes through the queue in, which it leaves by a rejection, to r. */
    void
    pass_on(uint64_t n, const char *in)
    {
        enter(n, 1, in, n);
        because(number);
        tell(GMQ_EVENT_DELIVERED, in, "c", n, 1, 0, "t");
        tell(GMQ_EVENT_REJECTED, in, "c", n, 1);
        because(die(n, "rejected", "", "r", 1, in));
        enqueue(n, 1, "r");
        end_turn();
    }

    void
    crash()
    {
        gmq_check_broker_gone(check, false);
        tell(GMQ_EVENT_QUEUE_DECLARED, "q", "", 0, 0, 1);
        tell(GMQ_EVENT_QUEUE_DECLARED, "r", "", 0, 0, 1);
    }

    void
    started()
    {
        tell(GMQ_EVENT_STARTED, "broker", "", 0, 0, 0, "crash");
    }

    GmqSchedule *schedule = nullptr;
    GmqSimDisk *disk      = nullptr;
};

} // namespace

TEST_F(CheckDeathDisk, S12OfAPassingLetterAConfirmSaysNothing)
{
    pass_on(1, "pass");
    tell(GMQ_EVENT_CONFIRMED, "p", "", 0, 1);
    expect_held();
}

TEST_F(CheckDeathDisk, S12OneThatDiedUnwrittenIsConfirmedWithItsLetter)
{
    pass_on(1, "q");
    tell(GMQ_EVENT_CONFIRMED, "p", "", 0, 1);
    EXPECT_EQ("S12 broken: message p-1 was confirmed at event 10, and is not on the disk.",
              sentence());
}

TEST_F(CheckDeathDisk, S1ALetterMayBeLostWhenWhatDiedComesBack)
{
    pass_on(1, "q");
    sync(1);
    tell(GMQ_EVENT_CONFIRMED, "p", "", 0, 1);
    crash();
    tell(GMQ_EVENT_RECOVERED, "q", "", 1, 0, 1, "", true);
    started();
    expect_held();
}

TEST_F(CheckDeathDisk, S1BothMayComeBack)
{
    pass_on(1, "q");
    sync(1);
    tell(GMQ_EVENT_CONFIRMED, "p", "", 0, 1);
    crash();
    tell(GMQ_EVENT_RECOVERED, "q", "", 1, 0, 1, "", true);
    tell(GMQ_EVENT_RECOVERED, "r", "", 1, 0, 1, "", true);
    started();
    expect_held();
}

TEST_F(CheckDeathDisk, S1NeitherTheLetterNorWhatDied)
{
    pass_on(1, "q");
    sync(1);
    tell(GMQ_EVENT_CONFIRMED, "p", "", 0, 1);
    crash();
    started();
    EXPECT_EQ("S1 broken: message p-1 was confirmed at event 10, and is not in queue r after the "
              "crash.",
              sentence());
}

TEST_F(CheckDeathDisk, S1NobodyPromisedALetterOfATransientQueue)
{
    pass_on(1, "pass");
    tell(GMQ_EVENT_CONFIRMED, "p", "", 0, 1);
    crash();
    started();
    expect_held();
}
