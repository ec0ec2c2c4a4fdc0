#include "tests/sim/played.h"

/* Every trigger and every action of the timeline. */
namespace {

using Times = std::vector<int64_t>;

/* Two messages at 1 s and 2 s, a consumer that works 100 ms, links of 10 ms. */
const std::string base = "topology:\n"
                         "  queues: {q: {}}\n"
                         "clients:\n"
                         "  p:\n"
                         "    role: producer\n"
                         "    start: 1s\n"
                         "    publish: {to: default, key: q, count: 2, every: 1s, body: x}\n"
                         "    confirms: {window: 5}\n"
                         "  c: {role: consumer, from: q, work: 100ms, prefetch: 1}\n"
                         "links: {default: {latency: 10ms}}\n"
                         "timeline:\n";

Times
captions(const std::string &entries)
{
    return Played(base + entries).times(GMQ_EVENT_CAPTION);
}

struct When {
    const char *name;
    const char *condition;
    GmqEventKind kind; /* happens at the same time, or just before */
    unsigned index;
};

class Condition : public testing::TestWithParam<When> {};

} // namespace

TEST_P(Condition, IsNoticedWhenItHappens)
{
    Played played(base + "  - {when: {" + GetParam().condition + "}, say: Now.}\n");
    const GmqTraceEvent *caption = played.one(GMQ_EVENT_CAPTION);
    const GmqTraceEvent *event   = played.events(GetParam().kind)[GetParam().index];

    ASSERT_NE(nullptr, caption);
    EXPECT_EQ(event->time_ns, caption->time_ns);
    EXPECT_EQ(event->number, caption->cause);
}

INSTANTIATE_TEST_SUITE_P(
    Timeline, Condition,
    testing::Values(When{"Published", "message: p-2, is: published", GMQ_EVENT_CLIENT_SENT, 1},
                    When{"Arrived", "message: p-2, is: arrived", GMQ_EVENT_PUBLISHED, 1},
                    When{"Routed", "message: p-2, is: routed", GMQ_EVENT_ROUTED, 1},
                    When{"Enqueued", "message: p-2, is: enqueued", GMQ_EVENT_ENQUEUED, 1},
                    When{"EnqueuedThere", "message: p-2@q, is: enqueued", GMQ_EVENT_ENQUEUED, 1},
                    When{"Delivered", "message: p-2, is: delivered", GMQ_EVENT_DELIVERED, 1},
                    When{"Acked", "message: p-2, is: acked", GMQ_EVENT_ACKED, 1},
                    When{"Confirmed", "message: p-2, is: confirmed", GMQ_EVENT_CLIENT_CONFIRMED, 1},
                    When{"Unacked", "queue: q, has: 1 unacked", GMQ_EVENT_DELIVERED, 0},
                    When{"NoUnacked", "queue: q, has: 0 unacked", GMQ_EVENT_ACKED, 0},
                    When{"Connected", "client: c, is: connected", GMQ_EVENT_CONNECTION_OPENED, 0},
                    When{"ConsumerIdle", "client: c, is: idle", GMQ_EVENT_CLIENT_FINISHED, 0},
                    When{"ProducerIdle", "client: p, is: idle", GMQ_EVENT_CLIENT_CONFIRMED, 1}),
    [](const testing::TestParamInfo<When> &test) { return std::string(test.param.name); });

TEST(Timeline, AQueueMayHaveSoManyReady)
{
    Played played("topology: {queues: {q: {}}}\n"
                  "clients:\n"
                  "  p: {role: producer, publish: {to: default, key: q, count: 3}}\n"
                  "  c: {role: consumer, start: 1s, from: q, prefetch: 1}\n"
                  "timeline:\n"
                  "  - {when: {queue: q, has: 2 ready}, times: every, say: Two.}\n"
                  "  - {when: {queue: q, has: 0 ready}, say: None.}\n");
    std::vector<std::string> said;

    for (const GmqTraceEvent *caption : played.events(GMQ_EVENT_CAPTION))
        said.push_back(caption->text);
    EXPECT_EQ((std::vector<std::string>{"Two.", "Two.", "None."}), said)
        << "on the way up, on the way down, and never at the start";
}

TEST(Timeline, AQueueMayHaveARequeue)
{
    Played played(base + "  - {when: {message: p-1, is: delivered}, crash: c}\n"
                         "  - {when: {queue: q, has: a requeue}, say: Back.}\n"
                         "  - {when: {message: p-1, is: requeued}, say: Again.}\n"
                         "  - {when: {queue: q, has: no consumer}, say: Alone.}\n"
                         "  - {when: {client: c, is: closed}, say: Gone.}\n");

    EXPECT_EQ(4u, played.count(GMQ_EVENT_CAPTION));
}

TEST(Timeline, AQueueMayHaveADuplicate)
{
    Played played("topology: {queues: {q: {}}}\n"
                  "clients:\n"
                  "  p: {role: producer, publish: {to: default, key: q},\n"
                  "      confirms: {timeout: 1s, then: republish}}\n"
                  "timeline:\n"
                  "  - {when: {message: p-1, is: published}, cut: p, only: from broker, for: 3s}\n"
                  "  - {when: {queue: q, has: a duplicate}, say: Twice.}\n");

    EXPECT_EQ(1u, played.count(GMQ_EVENT_CAPTION));
    EXPECT_GE(played.count(GMQ_EVENT_ENQUEUED), 2u);
}

TEST(Timeline, AMessageMayBeReturned)
{
    Played played("clients: {p: {role: producer, publish: {to: default, key: x, mandatory: yes}}}\n"
                  "timeline: [{when: {message: p-1, is: returned}, say: Back.}]\n");

    EXPECT_EQ(played.one(GMQ_EVENT_RETURNED)->number, played.one(GMQ_EVENT_CAPTION)->cause);
}

TEST(Timeline, AtIsATime)
{
    EXPECT_EQ((Times{0, 2500}), captions("  - {at: 0s, say: a}\n  - {at: 2500ms, say: b}\n"));
}

TEST(Timeline, AfterCountsFromTheEntryAbove)
{
    Times times = captions("  - {when: {message: p-1, is: acked}, say: a}\n"
                           "  - {after: 300ms, say: b}\n"
                           "  - {after: 200ms, say: c}\n");

    EXPECT_EQ((Times{times[0], times[0] + 300, times[0] + 500}), times);
}

TEST(Timeline, WaitComesOnTop)
{
    Times now   = captions("  - {when: {message: p-1, is: acked}, say: a}\n");
    Times later = captions("  - {when: {message: p-1, is: acked}, wait: 40ms, say: a}\n");

    EXPECT_EQ(now[0] + 40, later[0]);
}

TEST(Timeline, AnEntryHappensOnceUnlessToldOtherwise)
{
    EXPECT_EQ(1u, captions("  - {when: {client: c, is: idle}, say: a}\n").size());
    EXPECT_EQ(2u, captions("  - {when: {client: c, is: idle}, times: 2, say: a}\n").size());
    EXPECT_EQ(2u, captions("  - {when: {client: c, is: idle}, times: every, say: a}\n").size());
}

TEST(Timeline, AnEntryThatNeverHappenedIsTold)
{
    Played played(base + "  - {at: 1s, say: a}\n"
                         "  - {when: {queue: q, has: a requeue}, say: b}\n");
    size_t n;
    const unsigned *lines = gmq_world_idle_lines(played.world, &n);

    ASSERT_EQ(1u, n);
    EXPECT_EQ(16u, lines[0]);
    EXPECT_EQ("held", played.verdict()) << "it would only have said something";
}

TEST(Timeline, ADeedThatNeverHappenedBreaksWhatWasExpected)
{
    std::string deed = "  - {when: {queue: q, has: a requeue}, crash: c}\n";

    EXPECT_EQ("held", Played(base + deed).verdict()) << "nothing was expected";
    EXPECT_EQ("broken", Played(base + deed + "expect: {lost: 0}\n").verdict());
}

/* ---- actions ---- */

TEST(Timeline, PausesAndQuestionsAreEvents)
{
    Played played(base + "  - at: 1s\n"
                         "    pause: yes\n"
                         "    ask: {question: Who?, choices: [a, b], answer: a}\n");

    EXPECT_EQ(15u, played.one(GMQ_EVENT_PAUSED)->count) << "the line of the entry";
    EXPECT_STREQ("Who?", played.one(GMQ_EVENT_ASKED)->text);
}

TEST(Timeline, PausesAndCaptionsChangeNothing)
{
    Played without(base + "  - {at: 9s, say: a}\n");
    Played with(base + "  - {at: 9s, say: a}\n"
                       "  - {when: {message: p-1, is: acked}, say: b, pause: yes}\n");

    EXPECT_EQ(without.story(), with.story());
}

TEST(Timeline, ACrashedClientIsGoneAndItsMessagesComeBack)
{
    Played played(base + "  - {when: {message: p-1, is: delivered}, wait: 50ms, crash: c}\n"
                         "  - {at: 3s, start: c}\n"
                         "expect: {processed: 2, queues: {q: {redelivered: 1}}}\n");

    EXPECT_EQ("held", played.verdict());
    EXPECT_EQ(1u, played.count(GMQ_EVENT_FAULT_CRASH, "c"));
    EXPECT_EQ(2u, played.count(GMQ_EVENT_CLIENT_STARTED, "c"));
}

TEST(Timeline, ForUndoesACrash)
{
    Played played(base + "  - {at: 500ms, crash: c, for: 2s}\n");

    EXPECT_EQ((Times{0, 2500}), played.times(GMQ_EVENT_CLIENT_STARTED, "c"));
}

TEST(Timeline, ForUndoesAStart)
{
    Played played(base + "  - {at: 500ms, crash: c}\n  - {at: 1500ms, start: c, for: 3s}\n");

    EXPECT_EQ(Times{4500}, played.times(GMQ_EVENT_FAULT_STOP));
}

TEST(Timeline, AStoppedProducerSendsNoMore)
{
    Played played(base + "  - {at: 1500ms, stop: p}\n");
    EXPECT_EQ(1u, played.count(GMQ_EVENT_CLIENT_SENT));
}

TEST(Timeline, AStopOfWhatIsOffIsNothing)
{
    Played played(base + "  - {at: 0s, stop: p}\n  - {at: 100ms, crash: p}\n");

    EXPECT_EQ(0u, played.count(GMQ_EVENT_CLIENT_SENT)) << "its start was planned for later";
    EXPECT_EQ(0u, played.count(GMQ_EVENT_CLIENT_CLOSED, "p"));
}

TEST(Timeline, ACrashedBrokerForgetsEverything)
{
    Played played("topology: {queues: {q: {}}}\n"
                  "clients:\n"
                  "  p: {role: producer, publish: {to: default, key: q}}\n"
                  "  c: {role: consumer, start: 3s, from: q}\n"
                  "timeline: [{at: 1s, crash: broker, for: 1s}]\n");

    EXPECT_EQ(404u, played.one(GMQ_EVENT_CLIENT_CLOSED, "c")->count);
    EXPECT_EQ(1u, played.count(GMQ_EVENT_FAULT_START, "broker"));
}

TEST(Timeline, ABrokerThatIsDownRefuses)
{
    Played played(base + "  - {at: 500ms, crash: broker}\n");

    EXPECT_STREQ("refused: there is no broker", played.one(GMQ_EVENT_CLIENT_CLOSED, "p")->text);
}

TEST(Timeline, AStoppedBrokerSaysGoodbye)
{
    Played played(base + "  - {at: 500ms, stop: broker}\n"
                         "expect: {clients: {c: {closed_with: 320}}}\n");

    EXPECT_EQ("held", played.verdict());
    EXPECT_STREQ("refused: there is no broker", played.one(GMQ_EVENT_CLIENT_CLOSED, "p")->text);
}

TEST(Timeline, ACutIsSilence)
{
    Played played(base + "  - {at: 1500ms, cut: p, for: 3s}\n");
    Times arrived = played.times(GMQ_EVENT_PUBLISHED);

    ASSERT_EQ(2u, arrived.size());
    EXPECT_EQ(5105, arrived[1]) << "sent at 2.095 s, and again 0.2, 0.6, 1.4 and 3 s later";
    EXPECT_EQ(Times{4500}, played.times(GMQ_EVENT_FAULT_HEALED));
    EXPECT_EQ(1u, played.count(GMQ_EVENT_CONNECTION_OPENED, "p")) << "the connection stays";
}

TEST(Timeline, ACutMayBeOneWay)
{
    Played from(base + "  - {at: 1500ms, cut: p, only: from broker, for: 3s}\n");
    Played to(base + "  - {at: 1500ms, cut: p, only: to broker, for: 3s}\n");

    EXPECT_LT(from.times(GMQ_EVENT_PUBLISHED)[1], 2500);
    EXPECT_EQ(5115, from.times(GMQ_EVENT_CLIENT_CONFIRMED)[1]);
    EXPECT_EQ(5105, to.times(GMQ_EVENT_PUBLISHED)[1]);
}

TEST(Timeline, ACutMayBeOfAll)
{
    Played played(base + "  - {at: 500ms, cut: all, for: 4s}\n");

    EXPECT_EQ(1000 + 6200 + 15 + 50, played.times(GMQ_EVENT_CONNECTION_OPENED, "p")[0])
        << "connecting is tried again 0.2, 0.6, 1.4, 3.0 and 6.2 s later";
}

TEST(Timeline, TwoCutsEndWithTheLaterOne)
{
    Played played(base + "  - {at: 1500ms, cut: all, for: 1s}\n"
                         "  - {at: 1600ms, cut: p, for: 3s}\n");

    EXPECT_EQ(5105, played.times(GMQ_EVENT_PUBLISHED)[1]);
}

TEST(Timeline, ConnectingGivesUpInTheEnd)
{
    Played played("clients: {p: {role: producer, start: 0s, publish: {to: default}}}\n"
                  "timeline: [{at: 0s, cut: p}]\n");

    EXPECT_EQ(Times{10000}, played.times(GMQ_EVENT_CLIENT_CLOSED));
}

TEST(Timeline, ACrashBehindACutIsNotNoticed)
{
    Played played(base + "  - {when: {message: p-1, is: delivered}, wait: 50ms, cut: c}\n"
                         "  - {after: 0s, crash: c}\n");

    EXPECT_EQ(0u, played.count(GMQ_EVENT_CONNECTION_CLOSED, "c"));
    EXPECT_EQ(0u, played.count(GMQ_EVENT_REQUEUED));
}

/* ---- publish ---- */

static std::string
wished(const std::string &timeline, const std::string &more = "")
{
    return "topology: {queues: {q: {}}}\n"
           "clients:\n"
           "  p: {role: producer, publish: {to: default, key: q, count: 2, every: 1s}" +
           more +
           "}\n"
           "  c: {role: consumer, from: q}\n"
           "timeline: [" +
           timeline + "]\n";
}

TEST(TimelinePublish, HasTheNextNameOfItsClient)
{
    Played run(wished("{at: 500ms, publish: {as: p, to: default, key: q, body: \"{n}\"}}"));

    EXPECT_EQ((std::vector<std::string>{"p-1", "p-2", "p-3"}), run.messages(GMQ_EVENT_ENQUEUED));
    EXPECT_STREQ("2", run.events(GMQ_EVENT_CLIENT_SENT)[1]->text);
    EXPECT_EQ("held", run.verdict());
}

TEST(TimelinePublish, AnyClientMaySend)
{
    Played run(wished("{at: 500ms, publish: {as: c, to: default, key: q}}, "
                      "{when: {message: c-1, is: delivered}, say: x}"));

    EXPECT_EQ(1u, run.count(GMQ_EVENT_CLIENT_SENT, "c"));
    EXPECT_EQ(1u, run.count(GMQ_EVENT_CAPTION));
}

TEST(TimelinePublish, IsConfirmedLikeOthers)
{
    Played run(wished("{at: 500ms, publish: {as: p, to: default, key: q}}", ", confirms: {}"));
    EXPECT_EQ(3u, run.totals().confirmed);
}

TEST(TimelinePublish, IsSentAgainAsItWas)
{
    Played run(wished("{at: 500ms, publish: {as: p, to: default, key: q, body: special}}, "
                      "{at: 501ms, cut: p, only: from broker, for: 3s}",
                      ", confirms: {timeout: 1s, then: republish}"));
    unsigned special = 0;

    for (const GmqTraceEvent *event : run.events(GMQ_EVENT_CLIENT_SENT))
        special += strcmp(event->text, "special") == 0;
    EXPECT_LE(2u, special);
    EXPECT_TRUE(run.broken().empty());
}

TEST(TimelinePublish, WithoutAConnectionItIsNotSent)
{
    Played run(wished("{at: 0s, publish: {as: c, to: default, key: q}}"));

    EXPECT_STREQ("it has no connection", run.one(GMQ_EVENT_CLIENT_CANNOT)->text);
    EXPECT_EQ(0u, run.count(GMQ_EVENT_CLIENT_SENT, "c"));
}
