#include "tests/sim/played.h"

/* Each key of a consumer, and those that all clients share, changes what happens. */
namespace {

using Names = std::vector<std::string>;
using Times = std::vector<int64_t>;

/* Four messages are there; a consumer with these keys takes them. */
std::string
consumer(const std::string &keys, const std::string &more = "", const std::string &body = "x")
{
    return "topology: {queues: {q: {}}}\n"
           "clients:\n"
           "  p: {role: producer, publish: {to: default, key: q, count: 4, body: \"" +
           body +
           "\"}}\n"
           "  c: {role: consumer, start: 1s, from: q" +
           keys + "}\n" + more + "links: {default: {latency: 10ms}}\n";
}

const GmqClientTally *
tally_of(const Played &run, const char *name)
{
    return gmq_tally_client(gmq_world_tally(run.world), name);
}

} // namespace

TEST(Consumer, TakesMessagesInTheirOrder)
{
    Played run(consumer(""));

    EXPECT_EQ((Names{"p-1", "p-2", "p-3", "p-4"}), run.messages(GMQ_EVENT_CLIENT_RECEIVED));
    EXPECT_EQ(4u, run.totals().processed);
    EXPECT_EQ("held", run.verdict());
}

TEST(Consumer, StartsWhenTold)
{
    EXPECT_EQ(Times{1000}, Played(consumer("")).times(GMQ_EVENT_CLIENT_STARTED, "c"));
    EXPECT_EQ(Times{0}, Played(consumer("")).times(GMQ_EVENT_CLIENT_STARTED, "p"));
}

TEST(Consumer, WithoutAPrefetchItGetsEverything)
{
    Played run(consumer(", work: 100ms"));
    EXPECT_EQ(4u, tally_of(run, "c")->max_unacked);
}

TEST(Consumer, APrefetchLimitsWhatItHolds)
{
    Played run(consumer(", work: 100ms, prefetch: 2", "") +
               "expect: {sometimes: [prefetch full]}\n");

    EXPECT_EQ(2u, tally_of(run, "c")->max_unacked);
    EXPECT_EQ(2u, run.one(GMQ_EVENT_CONSUMER_ADDED)->count);
    EXPECT_EQ("held", run.verdict());
}

/* The limit of a channel is not that of its consumer, as the broker announces it. */
TEST(Consumer, APrefetchMayBeTheChannels)
{
    Played run(consumer(", work: 100ms, prefetch: 2, scope: channel"));

    EXPECT_EQ(2u, tally_of(run, "c")->max_unacked);
    EXPECT_EQ(0u, run.one(GMQ_EVENT_CONSUMER_ADDED)->count);
}

TEST(Consumer, WorksOnOneMessageAfterTheOther)
{
    Played run(consumer(", work: 100ms"));
    Times times = run.times(GMQ_EVENT_CLIENT_FINISHED);

    EXPECT_EQ((Times{times[0], times[0] + 100, times[0] + 200, times[0] + 300}), times);
}

TEST(Consumer, WorkMayDependOnTheDotsInTheBody)
{
    Played run(consumer(", work: per dot 50ms", "", "a.b.c."));
    EXPECT_EQ(150u, run.events(GMQ_EVENT_CLIENT_RECEIVED)[0]->count);
}

TEST(Consumer, AutoMeansSettledWhenSent)
{
    Played run(consumer(", ack: auto"));

    EXPECT_EQ(4u, run.count(GMQ_EVENT_SETTLED_UNSEEN));
    EXPECT_EQ(0u, run.count(GMQ_EVENT_ACKED));
    EXPECT_EQ(4u, run.totals().processed);
    EXPECT_EQ(0u, tally_of(run, "c")->max_unacked);
}

TEST(Consumer, NeverMeansNoAck)
{
    Played run(consumer(", ack: never, prefetch: 2"));

    EXPECT_EQ(2u, run.count(GMQ_EVENT_CLIENT_RECEIVED));
    EXPECT_EQ(0u, run.count(GMQ_EVENT_ACKED));
    EXPECT_EQ(0u, run.totals().processed);
}

TEST(Consumer, ABatchIsAckedAtOnce)
{
    Played run(consumer(", batch: 3"));
    Names ends;

    for (const GmqTraceEvent *event : run.events(GMQ_EVENT_CLIENT_FINISHED))
        ends.push_back(event->text);
    EXPECT_EQ((Names{GMQ_FINISH_LATER, GMQ_FINISH_LATER, GMQ_FINISH_ACK_ALL, GMQ_FINISH_LATER}),
              ends);
    EXPECT_EQ(3u, run.count(GMQ_EVENT_ACKED));
    EXPECT_EQ(3u, run.totals().processed);
}

TEST(Consumer, AnExclusiveOneIsAlone)
{
    Played shared(consumer("", "  d: {role: consumer, start: 2s, from: q}\n"));
    Played alone(consumer(", exclusive: yes", "  d: {role: consumer, start: 2s, from: q}\n"));

    EXPECT_EQ(0u, shared.count(GMQ_EVENT_CLIENT_CLOSED));
    EXPECT_EQ(403u, alone.one(GMQ_EVENT_CLIENT_CLOSED, "d")->count);
}

TEST(Consumer, ANewOneTakesTurnsWithTheOthers)
{
    Played run("topology: {queues: {q: {}}}\n"
               "clients:\n"
               "  w: {role: consumer, copies: 3, from: q}\n"
               "  p: {role: producer, start: 1s, publish: {to: default, key: q, count: 6}}\n");
    Names takers;

    for (const GmqTraceEvent *event : run.events(GMQ_EVENT_DELIVERED))
        takers.push_back(event->to);
    EXPECT_EQ((Names{"w1", "w2", "w3", "w1", "w2", "w3"}), takers);
}

/* ---- ends of connections ---- */

TEST(Consumer, ComesBackWhenTold)
{
    const char *crash = "timeline: [{at: 2s, crash: broker}, {at: 3s, start: broker}]\n";
    Played never(consumer("") + crash);
    Played again(consumer(", reconnect: {after: 1500ms}") + crash);

    EXPECT_EQ(1u, never.count(GMQ_EVENT_CONNECTION_OPENED, "c"));
    EXPECT_GT(again.times(GMQ_EVENT_CONNECTION_OPENED, "c").size(), 1u);
    EXPECT_EQ(3510 + 15 + 50, again.times(GMQ_EVENT_CONNECTION_OPENED, "c")[1]);
}

TEST(Consumer, GivesUpAfterSoManyAttempts)
{
    const char *crash = "timeline: [{at: 2s, crash: broker}]\n";
    Played twice(consumer(", reconnect: {after: 100ms, times: 2}") + crash);
    Played often(consumer(", reconnect: {after: 100ms, times: 5}") + crash);

    EXPECT_EQ(1u + 2, twice.count(GMQ_EVENT_CLIENT_CLOSED, "c"));
    EXPECT_EQ(1u + 5, often.count(GMQ_EVENT_CLIENT_CLOSED, "c"));
}

TEST(Consumer, FinishesItsWorkThoughTheConnectionIsLost)
{
    Played run(consumer(", work: 2s, prefetch: 1, heartbeat: 1s, reconnect: {after: 5s}") +
               "timeline: [{at: 1500ms, crash: broker}]\n");

    EXPECT_STREQ(GMQ_FINISH_TOO_LATE, run.one(GMQ_EVENT_CLIENT_FINISHED)->text);
    EXPECT_EQ(0u, run.totals().processed);
}

TEST(Consumer, ForgetsItsWorkInACrash)
{
    Played run(consumer(", work: 2s, prefetch: 1") + "timeline: [{at: 1500ms, crash: c}]\n");

    EXPECT_EQ(0u, run.count(GMQ_EVENT_CLIENT_FINISHED));
    EXPECT_EQ(Names{"p-1"}, run.messages(GMQ_EVENT_REQUEUED));
}

TEST(Consumer, SaysGoodbyeWhenItStops)
{
    Played run(consumer(", work: 2s, prefetch: 1") + "timeline: [{at: 1500ms, stop: c}]\n");

    EXPECT_STREQ("closed", run.one(GMQ_EVENT_CLIENT_CLOSED, "c")->text);
    EXPECT_EQ(200u, run.one(GMQ_EVENT_CLIENT_CLOSED, "c")->count);
    EXPECT_EQ(Names{"p-1"}, run.messages(GMQ_EVENT_REQUEUED));
}

/* Without heartbeats nobody notices that a line is silent. */
TEST(Consumer, AHeartbeatNoticesSilence)
{
    const char *cut = "timeline: [{at: 2s, cut: c}]\n";
    Played with(consumer(", heartbeat: 1s") + cut + "expect: {sometimes: [heartbeat time-out]}\n");
    Played without(consumer(", heartbeat: 0s") + cut);

    EXPECT_EQ("held", with.verdict());
    EXPECT_STREQ("missed heartbeats", with.one(GMQ_EVENT_CONNECTION_CLOSED, "c")->text);
    EXPECT_EQ(0u, without.count(GMQ_EVENT_CONNECTION_CLOSED, "c"));
}

TEST(Consumer, TheBrokersHeartbeatIsWhatClientsUse)
{
    const char *cut = "timeline: [{at: 2s, cut: c}]\n";
    Played slow(consumer("") + cut);
    Played fast("broker: {heartbeat: 1s}\n" + consumer("") + cut);

    EXPECT_EQ(0u, slow.count(GMQ_EVENT_CONNECTION_CLOSED, "c"));
    EXPECT_EQ(1u, fast.count(GMQ_EVENT_CONNECTION_CLOSED, "c"));
}

TEST(Consumer, LosesItsQueueWhenThatIsAutoDelete)
{
    Played run("topology: {queues: {q: {auto_delete: yes}, stays: {}}}\n"
               "clients: {c: {role: consumer, from: q}, d: {role: consumer, from: stays}}\n"
               "timeline: [{at: 1s, stop: c}, {at: 1s, stop: d}]\n");

    EXPECT_STREQ("q", run.one(GMQ_EVENT_QUEUE_DELETED)->who);
    EXPECT_EQ("held", run.verdict());
}
