#include "tests/sim/played.h"

#include <set>

#include "sim/world-private.h"

/* What happens to the disk of a scenario's broker, key by key: each changes what comes out. */
namespace {

using Names = std::vector<std::string>;

/* Five persistent messages to a durable queue, one each 100 ms; nobody takes them. */
const std::string base = "topology: {queues: {q: {durable: yes}}}\n"
                         "links: {default: {latency: 1ms}}\n"
                         "clients:\n"
                         "  p:\n"
                         "    role: producer\n"
                         "    start: 100ms\n"
                         "    publish: {to: default, key: q, count: 5, every: 100ms, body: x,\n"
                         "              persistent: yes}\n"
                         "    confirms: {window: 5}\n";

std::string
timeline(const std::string &entries)
{
    return base + "timeline:\n" + entries;
}

Names
words(const Played &played)
{
    Names found;

    for (const GmqTraceEvent *event : played.events(GMQ_EVENT_FAULT_DISK))
        found.push_back(event->text);
    return found;
}

} // namespace

/* ---- how long it takes ---- */

TEST(DiskOfTheBroker, ASyncTakesOneMillisecond)
{
    Played played(base);

    const GmqTraceEvent *published = played.events(GMQ_EVENT_PUBLISHED)[0];
    const GmqTraceEvent *stored    = played.events(GMQ_EVENT_STORED)[0];
    const GmqTraceEvent *confirmed = played.events(GMQ_EVENT_CONFIRMED)[0];
    EXPECT_EQ(published->time_ns + GMQ_SIM_APPEND_NS + 1000000, stored->time_ns);
    EXPECT_EQ(stored->time_ns, confirmed->time_ns);
    EXPECT_LT(stored->number, confirmed->number);
    EXPECT_EQ((Names{"p-1", "p-2", "p-3", "p-4", "p-5"}), played.messages(GMQ_EVENT_STORED));
}

TEST(DiskOfTheBroker, ASyncTakesAsLongAsTheScenarioSays)
{
    Played played("broker: {sync: 30ms}\n" + base);

    EXPECT_EQ(played.events(GMQ_EVENT_PUBLISHED)[0]->time_ns + GMQ_SIM_APPEND_NS + 30000000,
              played.events(GMQ_EVENT_STORED)[0]->time_ns);
}

TEST(DiskOfTheBroker, GetsSlowForAWhile)
{
    Played played(timeline("  - {at: 150ms, disk: {sync: 70ms}, for: 100ms}\n"));
    auto published = played.events(GMQ_EVENT_PUBLISHED);
    auto stored    = played.events(GMQ_EVENT_STORED);
    std::vector<int64_t> late;

    for (unsigned i = 0; i < 5; i++)
        late.push_back((stored[i]->time_ns - published[i]->time_ns) / 1000000);
    EXPECT_EQ((std::vector<int64_t>{1, 70, 1, 1, 1}), late);
    EXPECT_EQ((Names{"needs 70ms for a sync", "needs 1ms for a sync"}), words(played));
}

TEST(DiskOfTheBroker, TheTopologyTakesNoTime)
{
    Played played("broker: {sync: 1s}\n" + base);

    EXPECT_EQ(0, played.one(GMQ_EVENT_CLIENT_ADDED)->time_ns);
}

/* ---- crashes ---- */

/* The broker crashes when message 3 is written and not synced, and comes back. */
static std::string
crash_at_3(const std::string &disk, const std::string &seed = "")
{
    return seed + "broker: {sync: 50ms}\n" +
           timeline("  - {when: {message: p-3, is: appended}, crash: broker" + disk +
                    "}\n"
                    "  - {after: 1s, start: broker}\n");
}

TEST(DiskOfTheBroker, WhatAProcessHasWrittenOutlivesIt)
{
    Played played(crash_at_3(""));

    EXPECT_EQ((Names{"p-1", "p-2", "p-3"}), played.messages(GMQ_EVENT_RECOVERED));
    EXPECT_EQ("held", played.verdict());
}

TEST(DiskOfTheBroker, WhatWasNotSyncedIsLostWithThePower)
{
    Played played(crash_at_3(", disk: {lose: unsynced}"));

    EXPECT_EQ((Names{"p-1", "p-2"}), played.messages(GMQ_EVENT_RECOVERED));
    EXPECT_EQ(0u, played.count(GMQ_EVENT_TAIL_CUT));
    EXPECT_EQ((Names{"loses what was not synced"}), words(played));
    EXPECT_EQ("held", played.verdict());
}

TEST(DiskOfTheBroker, SomeOfWhatWasNotSyncedMayBeLeft)
{
    std::set<Names> found;

    for (uint64_t seed = 1; seed <= 20; seed++) {
        Played played(crash_at_3(", disk: {lose: some unsynced}"), seed);

        found.insert(played.messages(GMQ_EVENT_RECOVERED));
        EXPECT_EQ("held", played.verdict());
    }
    EXPECT_EQ((std::set<Names>{{"p-1", "p-2"}, {"p-1", "p-2", "p-3"}}), found);
}

TEST(DiskOfTheBroker, ATornRecordIsCutOff)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        Played played(crash_at_3(", disk: {lose: unsynced, tear: last record}"), seed);
        const GmqTraceEvent *cut = played.one(GMQ_EVENT_TAIL_CUT);

        ASSERT_NE(nullptr, cut);
        EXPECT_LT(0u, cut->count);
        EXPECT_STREQ("journal-00000001", cut->text);
        EXPECT_EQ((Names{"p-1", "p-2"}), played.messages(GMQ_EVENT_RECOVERED));
        EXPECT_TRUE(gmq_tally_has_seen(gmq_world_tally(played.world), GMQ_SOMETIMES_TORN));
        EXPECT_EQ("held", played.verdict());
    }
}

TEST(DiskOfTheBroker, AnOrderlyStopWritesTheRest)
{
    Played played("broker: {sync: 50ms}\n" +
                  timeline("  - {when: {message: p-3, is: arrived}, stop: broker}\n"
                           "  - {after: 1s, start: broker}\n"));

    EXPECT_EQ((Names{"p-1", "p-2", "p-3"}), played.messages(GMQ_EVENT_RECOVERED));
    for (const GmqTraceEvent *event : played.events(GMQ_EVENT_RECOVERED))
        EXPECT_FALSE(event->redelivered);
    EXPECT_EQ(1u, played.count(GMQ_EVENT_BROKER_STOPPED));
    EXPECT_STREQ("clean", played.events(GMQ_EVENT_STARTED)[1]->text);
    EXPECT_EQ("held", played.verdict());
}

TEST(DiskOfTheBroker, MessagesKeepTheirNamesThroughCrashes)
{
    Played played(base + "  c: {role: consumer, from: q, start: 4s}\n" +
                  std::string("timeline:\n"
                              "  - {at: 1s, crash: broker, disk: {lose: unsynced}}\n"
                              "  - {at: 2s, start: broker}\n"
                              "  - {at: 2500ms, crash: broker, disk: {lose: unsynced}}\n"
                              "  - {at: 3s, start: broker}\n"));
    Names all = {"p-1", "p-2", "p-3", "p-4", "p-5"};
    Names twice(all);

    twice.insert(twice.end(), all.begin(), all.end());
    EXPECT_EQ(twice, played.messages(GMQ_EVENT_RECOVERED));
    EXPECT_EQ(all, played.messages(GMQ_EVENT_CLIENT_FINISHED));
    EXPECT_EQ("held", played.verdict());
}

TEST(DiskOfTheBroker, SmallSegmentsAreRemovedWhenTheyHoldNothing)
{
    Played played("broker: {segment: 512B}\n" + base);

    ASSERT_NE(nullptr, played.world->broker);
    GmqJournalStats stats;
    gmq_journal_get_stats(gmq_broker_journal(played.world->broker), &stats);
    EXPECT_LT(2u, stats.n_segments);
}

/* ---- damage ---- */

TEST(DiskOfTheBroker, ABitOfWhatWasKeptThatTurnsOverStopsTheStart)
{
    unsigned n_refused = 0;

    for (uint64_t seed = 1; seed <= 20; seed++) {
        Played played(timeline("  - {at: 1s, crash: broker, disk: {flip: old bit}}\n"
                               "  - {after: 1s, start: broker}\n"),
                      seed);
        n_refused += (unsigned)played.count(GMQ_EVENT_BROKER_REFUSED);
        EXPECT_EQ(1u, words(played).size());
        for (const GmqTraceEvent *event : played.events(GMQ_EVENT_BROKER_REFUSED))
            EXPECT_NE(nullptr, strstr(event->text, "journal-00000001")) << event->text;
    }
    EXPECT_LT(10u, n_refused);
}

TEST(DiskOfTheBroker, ABitOfWhatWasNeverSyncedIsCutOffWithItsRecord)
{
    unsigned n_cut = 0;

    for (uint64_t seed = 1; seed <= 20; seed++) {
        Played played(crash_at_3(", disk: {flip: unsynced bit}"), seed);

        n_cut += (unsigned)played.count(GMQ_EVENT_TAIL_CUT);
        EXPECT_EQ("held", played.verdict());
    }
    EXPECT_EQ(20u, n_cut);
}

/* ---- trouble ---- */

TEST(DiskOfTheBroker, AFullDiskStopsPublishersUntilThereIsRoom)
{
    Played played(timeline("  - {at: 250ms, disk: {full: yes}, for: 3s}\n"));

    EXPECT_LE(1u, played.count(GMQ_EVENT_BLOCKED, "p"));
    EXPECT_LE(1u, played.count(GMQ_EVENT_UNBLOCKED, "p"));
    EXPECT_EQ(5u, played.totals().confirmed);
    EXPECT_LT(3250, played.times(GMQ_EVENT_CLIENT_CONFIRMED).back());
    EXPECT_EQ((Names{"is full", "has room again"}), words(played));
    EXPECT_EQ("held", played.verdict());
}

TEST(DiskOfTheBroker, AFailedSyncIsNacked)
{
    Played played(timeline("  - {at: 250ms, disk: {fail: sync}}\n"));

    EXPECT_EQ((Names{"p-3"}), played.messages(GMQ_EVENT_CLIENT_NACKED));
    EXPECT_EQ((Names{"fails to sync"}), words(played));
    EXPECT_EQ("held", played.verdict());
}

TEST(DiskOfTheBroker, AFailedWriteIsNackedToo)
{
    Played played(timeline("  - {at: 250ms, disk: {fail: write}, for: 10ms}\n"));

    EXPECT_EQ((Names{"fails to write", "works again"}), words(played));
    EXPECT_EQ(0u, played.count(GMQ_EVENT_CLIENT_NACKED)) << "nothing was written in these 10 ms";
    EXPECT_EQ("held", played.verdict());
    Played failed(timeline("  - {at: 250ms, disk: {fail: write}}\n"));
    EXPECT_EQ((Names{"p-3"}), failed.messages(GMQ_EVENT_CLIENT_NACKED));
    EXPECT_EQ("held", failed.verdict());
}

TEST(DiskOfTheBroker, ALieLosesWhatWasConfirmed)
{
    const std::string entries = "  - {at: 250ms, disk: {lie: yes}}\n"
                                "  - {at: 1s, crash: broker, disk: {lose: unsynced}}\n"
                                "  - {at: 2s, start: broker}\n";
    Played caught(timeline(entries));
    Played allowed(timeline(entries) + "expect: {lost: 3, allowed: [S1, S12]}\n");

    EXPECT_EQ("broken", caught.verdict());
    EXPECT_EQ(3u, caught.totals().lost);
    EXPECT_EQ(0u, caught.broken()[0].rfind("S12 broken: message p-3 was confirmed at event", 0));
    EXPECT_EQ(0u, caught.broken()[3].rfind("S1 broken: message p-3 was confirmed at event", 0));
    EXPECT_EQ("held", allowed.verdict());
    EXPECT_EQ(0u, allowed.broken()[0].rfind("S12 broken, as is allowed here: message p-3", 0));
}

TEST(DiskOfTheBroker, ALieMayEnd)
{
    Played played(timeline("  - {at: 250ms, disk: {lie: yes}, for: 50ms}\n"
                           "  - {at: 1s, crash: broker, disk: {lose: unsynced}}\n"
                           "  - {at: 2s, start: broker}\n"));

    EXPECT_EQ(5u, played.count(GMQ_EVENT_RECOVERED));
    EXPECT_EQ((Names{"says from now on that it has synced, and does nothing",
                     "syncs again when it says so", "loses what was not synced"}),
              words(played));
}

/* ---- the checks see what nobody has said ---- */

/* A world whose disk or broker does wrong behind everybody's back. */
static Names
broken_when(const std::string &text, int64_t at_ms, void (*sabotage)(GmqWorld *world))
{
    std::string whole             = run_start + text;
    g_autoptr(GmqScenario) parsed = gmq_scenario_parse("t.yaml", whole.data(), whole.size(), NULL);
    g_autoptr(GmqWorld) world     = gmq_world_new(parsed, 1);
    std::set<std::string> checks;

    while (gmq_schedule_next_time(world->schedule) < at_ms * 1000000)
        gmq_world_step(world);
    sabotage(world);
    while (gmq_world_step(world)) {
    }
    for (uint64_t n = 1; n <= gmq_trace_length(gmq_world_trace(world)); n++) {
        const GmqTraceEvent *event = gmq_trace_event(gmq_world_trace(world), n);
        if (event->kind == GMQ_EVENT_CHECK_BROKEN)
            checks.insert(std::string(event->text).substr(0, strcspn(event->text, " ")));
    }
    return Names(checks.begin(), checks.end());
}

static const char *const crash_and_start = "  - {at: 1s, crash: broker, disk: {lose: unsynced}}\n"
                                           "  - {at: 2s, start: broker}\n";

TEST(PlantedBug, NothingIsFoundWhereNothingIs)
{
    EXPECT_EQ(Names(), broken_when(timeline(crash_and_start), 250, [](GmqWorld *) {}));
}

TEST(PlantedBug, ADiskThatLiesInSecretBreaksS12)
{
    EXPECT_EQ((Names{"S12"}), broken_when(timeline(""), 250, [](GmqWorld *world) {
                  gmq_sim_disk_set_lying(world->disk, true);
              }));
}

TEST(PlantedBug, AndS1WhenThePowerFails)
{
    EXPECT_EQ((Names{"S1", "S12"}),
              broken_when(timeline(crash_and_start), 250,
                          [](GmqWorld *world) { gmq_sim_disk_set_lying(world->disk, true); }));
}

/* All acks are forgotten, long after they were on the disk as it said. */
TEST(PlantedBug, AnAckThatIsForgottenBreaksS3)
{
    EXPECT_EQ((Names{"S3"}),
              broken_when(base + "  c: {role: consumer, from: q, start: 1s, work: 100ms}\n" +
                              "timeline:\n"
                              "  - {at: 4s, crash: broker, disk: {lose: unsynced}}\n"
                              "  - {at: 5s, start: broker}\n"
                              "  - {at: 9s, say: The end.}\n"
                              "expect: {allowed: [S1]}\n",
                          900, [](GmqWorld *world) { gmq_sim_disk_set_lying(world->disk, true); }));
}

/* The file ends in front of all definitions, as if they had never been written. */
TEST(PlantedBug, ADefinitionThatIsLostBreaksS21)
{
    Names found = broken_when("topology: {queues: {q: {durable: yes}},\n"
                              "           exchanges: {x: {type: fanout, durable: yes}}}\n"
                              "timeline:\n" +
                                  std::string(crash_and_start),
                              1500, [](GmqWorld *world) {
                                  GmqDisk *disk = gmq_sim_disk_host(world->disk);
                                  disk->remove(disk, "journal-00000001");
                              });
    EXPECT_EQ((Names{"S21"}), found);
}

/* ---- a full disk between a stop and a crash ---- */

TEST(DiskFaults, AfterAStopAndAFullDiskACrashIsACrash)
{
    Played played("topology: {queues: {q: {durable: yes}}}\n"
                  "clients:\n"
                  "  p: {role: producer, publish: {to: default, key: q, persistent: yes}}\n"
                  "  c: {role: consumer, from: q, start: 2500ms, work: 5s}\n"
                  "timeline:\n"
                  "  - {at: 1s, stop: broker}\n"
                  "  - {at: 1500ms, disk: {full: yes}}\n"
                  "  - {at: 2s, start: broker}\n"
                  "  - {at: 3s, crash: broker}\n"
                  "  - {at: 4s, start: broker}\n");
    auto starts    = played.events(GMQ_EVENT_STARTED);
    auto recovered = played.events(GMQ_EVENT_RECOVERED);

    ASSERT_EQ(3u, starts.size());
    EXPECT_STREQ("clean", starts[1]->text);
    EXPECT_STREQ("crash", starts[2]->text);
    ASSERT_EQ(2u, recovered.size());
    EXPECT_FALSE(recovered[0]->redelivered) << "nobody had it before the stop";
    EXPECT_TRUE(recovered[1]->redelivered) << "c had it, and the disk was too full to say so";
    EXPECT_EQ(std::vector<std::string>{}, played.broken());
}
