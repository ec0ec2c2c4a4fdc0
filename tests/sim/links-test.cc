#include "sim/world-private.h"
#include "tests/sim/played.h"

/* Each key of links, of the broker, and of the scenario itself changes what happens. */
namespace {

using Times = std::vector<int64_t>;

/* One message from p to c; its body has 5000 bytes. */
std::string
sent_over(const std::string &links, const std::string &more = "")
{
    return "topology: {queues: {q: {}}}\n"
           "clients:\n"
           "  p: {role: producer, start: 1s, publish: {to: default, key: q, body: \"" +
           std::string(5000, 'x') +
           "\"}}\n"
           "  c: {role: consumer, from: q}\n"
           "links: " +
           links + "\n" + more;
}

int64_t
us_of(const Played &played, GmqEventKind kind)
{
    return played.one(kind)->time_ns / 1000;
}

/* From sending to the broker, and from the broker to the consumer, in us. */
std::pair<int64_t, int64_t>
delays(const std::string &links, const std::string &more = "")
{
    Played played(sent_over(links, more));

    return {us_of(played, GMQ_EVENT_PUBLISHED) - us_of(played, GMQ_EVENT_CLIENT_SENT),
            us_of(played, GMQ_EVENT_CLIENT_RECEIVED) - us_of(played, GMQ_EVENT_DELIVERED)};
}

} // namespace

TEST(Links, TakeOneMillisecondUnlessToldOtherwise)
{
    EXPECT_EQ(std::make_pair(int64_t{1000}, int64_t{1000}), delays("{}"));
}

TEST(Links, HaveALatency)
{
    EXPECT_EQ(std::make_pair(int64_t{7000}, int64_t{7000}), delays("{default: {latency: 7ms}}"));
}

TEST(Links, MayDifferByDirection)
{
    EXPECT_EQ(std::make_pair(int64_t{1000}, int64_t{30000}),
              delays("{broker to c: {latency: 30ms}}"));
    EXPECT_EQ(std::make_pair(int64_t{40000}, int64_t{1000}),
              delays("{p to broker: {latency: 40ms}}"));
}

TEST(Links, ConnectingTakesOneAndAHalfLatencies)
{
    Played played(sent_over("{default: {latency: 10ms}}"));
    /* 15 ms to connect, 10 for the header, 20 for start and start-ok, 20 for tune and open. */
    EXPECT_EQ(65, played.times(GMQ_EVENT_CONNECTION_OPENED, "c")[0]);
}

TEST(Links, MayJitter)
{
    auto steady = delays("{p: {latency: 7ms}}");
    auto jitter = delays("{p: {latency: 7ms, jitter: 100ms}}");

    EXPECT_GT(jitter.first, steady.first);
    EXPECT_LE(jitter.first, steady.first + 100000);
}

TEST(Links, MayJitterALongWay)
{
    auto uniform     = delays("{p: {jitter: 100ms}}");
    auto exponential = delays("{p: {jitter: 100ms, jitter_shape: exp}}");

    EXPECT_NE(uniform.first, exponential.first);
}

TEST(Links, MayLoseWhatIsThenSentAgain)
{
    Played played(sent_over("{p to broker: {loss: 40%}}"));
    uint64_t times = 0;

    for (const GmqTraceEvent *lost : played.events(GMQ_EVENT_SEGMENT_LOST, "p")) {
        EXPECT_STREQ("broker", lost->to);
        times += lost->count;
    }
    EXPECT_GT(times, 0u);
    EXPECT_GE(played.one(GMQ_EVENT_PUBLISHED)->time_ns, INT64_C(1200000000));
    EXPECT_EQ("held", played.verdict());
}

TEST(Links, DieOfSixLossesInARow)
{
    Played played("clients:\n"
                  "  p: {role: producer, start: 0s, publish: {to: default},\n"
                  "      reconnect: {after: 100ms}}\n"
                  "timeline: [{when: {client: p, is: connected}, link: p to broker,\n"
                  "            set: {loss: 100%}}]\n");

    EXPECT_EQ(Times{9407}, played.times(GMQ_EVENT_LINE_DIED, "p"));
    EXPECT_EQ(Times{9407}, played.times(GMQ_EVENT_CLIENT_CLOSED, "p"));
    EXPECT_STREQ("connection lost", played.one(GMQ_EVENT_CLIENT_CLOSED, "p")->text);
}

TEST(Links, MayHaveARate)
{
    auto slow = delays("{p: {rate: 80kbit/s}}"); /* 10 bytes a millisecond */

    EXPECT_GT(slow.first, 500000);
    EXPECT_LT(slow.first, 520000);
    EXPECT_EQ(1000, slow.second);
}

TEST(Links, HoldOnlyWhatTheirBufferHolds)
{
    EXPECT_EQ(1000, delays("{p: {buffer: 8kB}}").first);
    EXPECT_EQ(6000, delays("{p: {buffer: 1kB}}").first) << "six times a buffer and a latency";
}

/* Larger frames have fewer headers, which a slow line shows. */
TEST(Broker, FramesHaveAtMostTheSizeItSays)
{
    auto large = delays("{broker to c: {rate: 80kbit/s}}");
    auto small = delays("{broker to c: {rate: 80kbit/s}}", "broker: {frame_max: 4096B}\n");

    EXPECT_EQ(large.second + 800, small.second) << "one more frame of 8 bytes around the body";
}

TEST(Scenario, TheSeedOfARunIsTheOneItIsGiven)
{
    std::string text = sent_over("{default: {jitter: 50ms}}");

    EXPECT_NE(Played(text, 1).times(GMQ_EVENT_PUBLISHED),
              Played(text, 2).times(GMQ_EVENT_PUBLISHED));
    EXPECT_EQ(2u, gmq_trace_info(Played(text, 2).trace())->seed);
}

TEST(Scenario, TheRunEndsAtItsStop)
{
    Played played("clients: {p: {role: producer, publish: {to: default, count: unlimited, "
                  "every: 100ms}}}\n");
    EXPECT_GT(played.events(GMQ_EVENT_CLIENT_SENT).back()->time_ns, INT64_C(9800000000));
    EXPECT_LE(played.events(GMQ_EVENT_CLIENT_SENT).back()->time_ns, INT64_C(10000000000));
}

TEST(Scenario, TheWallClockBeginsAtTheEpoch)
{
    Played first("");
    Played later("epoch: 2030-06-15T12:30:00Z\n");
    auto wall_ms = [](const Played &played) {
        return played.world->host.wall_ms(&played.world->host);
    };

    EXPECT_EQ(INT64_C(1767225600000), wall_ms(first));
    EXPECT_EQ(INT64_C(1907757000000), wall_ms(later));
}

/* ---- what must never be ---- */

TEST(WorldDeathTest, TheCoreIsNeverToldFromInsideACall)
{
    Played played("");

    played.world->is_inside = true;
    EXPECT_DEATH(gmq_world_begin_turn(played.world, 0), "is_inside");
    played.world->is_inside = false;
}

/* The reader lets nothing through that a broker refuses, so this takes some force. */
TEST(World, ARefusedTopologyIsTold)
{
    std::string text                = run_start + std::string("topology: {queues: {q: {}}}\n");
    g_autoptr(GmqScenario) scenario = gmq_scenario_parse("t.yaml", text.data(), text.size(), NULL);
    char name[]                     = "amq.mine";

    static_cast<GmqQueueLine *>(scenario->queues->pdata[0])->name = name;
    g_autoptr(GmqWorld) world                                     = gmq_world_new(scenario, 1);
    while (gmq_world_step(world)) {
    }
    const GmqTraceEvent *last = gmq_trace_event(world->trace, gmq_trace_length(world->trace));
    EXPECT_EQ(GMQ_VERDICT_BROKEN, gmq_world_verdict(world));
    EXPECT_EQ(0u, std::string(last->text)
                      .rfind("The broker refused the topology: ACCESS_REFUSED - queue name", 0))
        << last->text;
}

static void
do_again(void *data)
{
    auto *world = static_cast<GmqWorld *>(data);
    gmq_schedule_add(world->schedule, 0, GMQ_PHASE_CLIENT, "again", do_again, world);
}

TEST(World, AnInstantWithoutEndIsReported)
{
    std::string text                = run_start;
    g_autoptr(GmqScenario) scenario = gmq_scenario_parse("t.yaml", text.data(), text.size(), NULL);
    g_autoptr(GmqWorld) world       = gmq_world_new(scenario, 1);

    do_again(world);
    while (gmq_world_step(world)) {
    }
    const GmqTraceEvent *last = gmq_trace_event(world->trace, gmq_trace_length(world->trace));
    EXPECT_EQ(GMQ_VERDICT_BROKEN, gmq_world_verdict(world));
    EXPECT_STREQ(
        "Time stands still: one instant has a million events. The last ones: again, again,",
        std::string(last->text).substr(0, 81).c_str());
}
