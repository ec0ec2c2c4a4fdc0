#include <algorithm>

#include "tests/sim/played.h"

/* What a timeline does to lines and processes. */
namespace {

using Times = std::vector<int64_t>;

/* Ten messages, one each 100 ms from 1 s on, and a consumer that works 50 ms; links of 10 ms. */
const std::string base = "broker: {heartbeat: 2s}\n"
                         "topology:\n"
                         "  queues: {q: {}}\n"
                         "clients:\n"
                         "  p:\n"
                         "    role: producer\n"
                         "    start: 1s\n"
                         "    publish: {to: default, key: q, count: 10, every: 100ms, body: x}\n"
                         "    confirms: {window: 5}\n"
                         "  c: {role: consumer, from: q, work: 50ms, prefetch: 1}\n"
                         "links: {default: {latency: 10ms}}\n"
                         "timeline:\n";

/* The longest time without an event of that kind between the first and the last, in ms. */
int64_t
longest_pause(const Played &played, GmqEventKind kind, const std::string &who = "")
{
    Times times  = played.times(kind, who);
    int64_t most = 0;

    for (size_t i = 1; i < times.size(); i++)
        most = std::max(most, times[i] - times[i - 1]);
    return most;
}

} // namespace

/* ---- freeze ---- */

TEST(Freeze, AConsumerWorksOnWhereItFroze)
{
    Played played(base + "  - {when: {message: p-3, is: delivered}, wait: 20ms, freeze: c, "
                         "for: 500ms}\n"
                         "expect: {processed: 10, queues: {q: {redelivered: 0}}}\n");
    int64_t received = played.events(GMQ_EVENT_CLIENT_RECEIVED)[2]->time_ns / 1000000;
    int64_t finished = played.events(GMQ_EVENT_CLIENT_FINISHED)[2]->time_ns / 1000000;

    EXPECT_EQ("held", played.verdict());
    EXPECT_EQ(550, finished - received) << "the work takes as long as ever in its own time";
    EXPECT_EQ(1u, played.count(GMQ_EVENT_FAULT_THAW, "c"));
    EXPECT_EQ(1u, played.count(GMQ_EVENT_CONNECTION_OPENED, "c"));
}

TEST(Freeze, AProducerSendsItsMessagesLater)
{
    Played played(base + "  - {at: 1250ms, freeze: p, for: 700ms}\n"
                         "expect: {confirmed: 10}\n");

    EXPECT_EQ("held", played.verdict());
    EXPECT_EQ(800, longest_pause(played, GMQ_EVENT_CLIENT_SENT));
}

TEST(Freeze, TheBrokerGivesAFrozenClientUp)
{
    Played played(base + "  - {at: 1250ms, freeze: c}\n"
                         "expect: {clients: {c: {reconnected: 0}}}\n");

    EXPECT_EQ(1u, played.count(GMQ_EVENT_CONNECTION_CLOSED, "c")) << "its heartbeats are missing";
    EXPECT_EQ(0u, played.count(GMQ_EVENT_CLIENT_CLOSED, "c")) << "it cannot know";
    EXPECT_GE(played.count(GMQ_EVENT_REQUEUED), 1u);
}

TEST(Freeze, AFrozenClientThatIsCrashedIsGone)
{
    Played played(base + "  - {at: 1250ms, freeze: c}\n"
                         "  - {at: 1500ms, crash: c}\n"
                         "  - {at: 2s, start: c}\n"
                         "expect: {processed: 10}\n");

    EXPECT_EQ("held", played.verdict());
    EXPECT_EQ(2u, played.count(GMQ_EVENT_CLIENT_STARTED, "c"));
}

TEST(Freeze, AStopWaitsUntilTheClientGoesOn)
{
    Played played(base + "  - {at: 1250ms, freeze: p, for: 1s}\n  - {at: 1500ms, stop: p}\n");

    EXPECT_GE(played.times(GMQ_EVENT_CLIENT_CLOSED, "p")[0], 2250);
}

TEST(Freeze, AFrozenBrokerDoesNothing)
{
    Played played(base + "  - {at: 1250ms, freeze: broker, for: 1s}\n"
                         "expect: {confirmed: 10, processed: 10}\n");
    Times arrived = played.times(GMQ_EVENT_PUBLISHED);

    EXPECT_EQ("held", played.verdict());
    for (int64_t time : arrived)
        EXPECT_TRUE(time < 1250 || time >= 2250) << time;
    EXPECT_EQ(0u, played.count(GMQ_EVENT_CLIENT_CLOSED)) << "one second is no reason to worry";
}

TEST(Freeze, ClientsGiveAFrozenBrokerUp)
{
    Played played(base + "  - {at: 1250ms, freeze: broker, for: 6s}\n"
                         "expect: {sometimes: [heartbeat time-out]}\n");

    EXPECT_EQ("held", played.verdict());
    EXPECT_STREQ("nothing was heard from the broker",
                 played.one(GMQ_EVENT_CLIENT_CLOSED, "c")->text);
    EXPECT_EQ(Times{7250}, played.times(GMQ_EVENT_CONNECTION_CLOSED, "c")) << "it hears so late";
}

TEST(Freeze, ConnectionsToAFrozenBrokerAreMadeWithoutIt)
{
    Played played(base + "  - {at: 500ms, freeze: broker, for: 1s}\n"
                         "expect: {confirmed: 10}\n");

    EXPECT_EQ("held", played.verdict());
    EXPECT_GE(played.times(GMQ_EVENT_CONNECTION_OPENED, "p")[0], 1500);
}

TEST(Freeze, ADiskAnswersAFrozenBrokerLater)
{
    Played played("broker: {sync: 100ms}\n"
                  "topology: {queues: {q: {durable: yes}}}\n"
                  "clients:\n"
                  "  p: {role: producer, publish: {to: default, key: q, persistent: yes},\n"
                  "      confirms: {window: 1}}\n"
                  "timeline:\n"
                  "  - {when: {message: p-1, is: appended}, freeze: broker, for: 2s}\n"
                  "expect: {confirmed: 1}\n");

    EXPECT_EQ("held", played.verdict());
    EXPECT_GE(played.times(GMQ_EVENT_CLIENT_CONFIRMED)[0], 2000);
}

TEST(Freeze, AFrozenBrokerCanCrashAndStop)
{
    Played crashed(base + "  - {at: 500ms, freeze: broker}\n"
                          "  - {at: 1500ms, crash: broker, for: 1s}\n");
    Played stopped(base + "  - {at: 500ms, freeze: broker, for: 1s}\n"
                          "  - {at: 800ms, stop: broker}\n");

    EXPECT_EQ("held", crashed.verdict());
    EXPECT_GE(stopped.times(GMQ_EVENT_BROKER_STOPPED)[0], 1500);
}

/* ---- a start before the stop is over ---- */

TEST(Start, WaitsForABrokerThatIsStillStopping)
{
    Played played(base + "  - {at: 1250ms, cut: c, for: 1s}\n"
                         "  - {at: 1500ms, stop: broker, for: 100ms}\n");

    EXPECT_LT(1600, played.times(GMQ_EVENT_BROKER_STOPPED)[0]) << "c does not say goodbye";
    EXPECT_EQ(2u, played.count(GMQ_EVENT_STARTED));
}

TEST(Start, AStopThatComesLaterCounts)
{
    Played played(base + "  - {at: 1250ms, cut: c, for: 1s}\n"
                         "  - {at: 1500ms, stop: broker}\n"
                         "  - {at: 1510ms, start: broker}\n"
                         "  - {at: 1520ms, stop: broker}\n");

    EXPECT_EQ(1u, played.count(GMQ_EVENT_STARTED));
}

TEST(Start, WaitsForAClientThatIsFrozenAndWillStop)
{
    Played played(base + "  - {at: 1250ms, freeze: c, for: 1s}\n"
                         "  - {at: 1500ms, stop: c, for: 100ms}\n"
                         "expect: {processed: 10}\n");

    EXPECT_EQ("held", played.verdict());
}

/* ---- reset and close ---- */

TEST(Reset, BothEndsLearnOfItAtOnce)
{
    Played played(base + "  - {at: 1500ms, reset: c}\n");

    EXPECT_EQ(Times{1500}, played.times(GMQ_EVENT_CLIENT_CLOSED, "c"));
    EXPECT_EQ(Times{1500}, played.times(GMQ_EVENT_CONNECTION_CLOSED, "c"));
}

TEST(Reset, WhatIsOnItsWayIsLost)
{
    Played played(base + "  - {when: {message: p-4, is: published}, wait: 5ms, reset: p}\n");

    EXPECT_EQ(4u, played.count(GMQ_EVENT_CLIENT_SENT));
    EXPECT_EQ(3u, played.count(GMQ_EVENT_PUBLISHED));
}

TEST(Reset, AnEndThatIsNotToldHearsOfItWhenItSends)
{
    Played client(base + "  - {at: 1510ms, reset: p, side: broker}\n");
    Played broker(base + "  - {at: 5s, reset: c, side: client}\n");

    EXPECT_EQ(Times{1510}, client.times(GMQ_EVENT_CONNECTION_CLOSED, "p"));
    EXPECT_GT(client.times(GMQ_EVENT_CLIENT_CLOSED, "p")[0], 1520);
    EXPECT_LT(client.times(GMQ_EVENT_CLIENT_CLOSED, "p")[0], 1700);
    EXPECT_EQ(Times{5000}, broker.times(GMQ_EVENT_CLIENT_CLOSED, "c"));
    EXPECT_GT(broker.times(GMQ_EVENT_CONNECTION_CLOSED, "c")[0], 5010)
        << "half open until the broker sends a heartbeat";
    EXPECT_LT(broker.times(GMQ_EVENT_CONNECTION_CLOSED, "c")[0], 6100);
}

TEST(Close, WhatIsOnItsWayArrivesFirst)
{
    Played played(base + "  - {when: {message: p-4, is: published}, wait: 5ms, close: p}\n");

    EXPECT_EQ(4u, played.count(GMQ_EVENT_PUBLISHED));
    EXPECT_EQ(1u, played.count(GMQ_EVENT_CLIENT_CLOSED, "p"));
    EXPECT_EQ(1u, played.count(GMQ_EVENT_CONNECTION_CLOSED, "p"));
}

TEST(Close, OneSideTellsTheOther)
{
    Played played(base + "  - {at: 5s, close: c, side: client}\n");

    EXPECT_EQ(Times{5000}, played.times(GMQ_EVENT_CLIENT_CLOSED, "c"));
    EXPECT_EQ(Times{5010}, played.times(GMQ_EVENT_CONNECTION_CLOSED, "c"));
}

TEST(Close, SlowlyIsHeardOfLater)
{
    Played played(base + "  - {at: 1505ms, close: p, slow_close: 800ms}\n");

    EXPECT_EQ(Times{2305}, played.times(GMQ_EVENT_CLIENT_CLOSED, "p"));
    EXPECT_EQ(Times{2305}, played.times(GMQ_EVENT_CONNECTION_CLOSED, "p"));
    EXPECT_STREQ("after 800ms", played.one(GMQ_EVENT_FAULT_CLOSE, "p")->text);
}

TEST(Close, SlowlyLosesWhatIsSentMeanwhile)
{
    Played whole(base + "  - {at: 1505ms, close: p}\n");
    Played slow(base + "  - {at: 1505ms, close: p, slow_close: 800ms}\n");

    EXPECT_EQ(whole.count(GMQ_EVENT_PUBLISHED), whole.count(GMQ_EVENT_CLIENT_SENT));
    EXPECT_GT(slow.count(GMQ_EVENT_CLIENT_SENT), slow.count(GMQ_EVENT_PUBLISHED));
}

TEST(Close, SlowlyForOneSideAlone)
{
    Played played(base + "  - {at: 5s, close: c, side: client, slow_close: 1s}\n");

    EXPECT_EQ(Times{6000}, played.times(GMQ_EVENT_CLIENT_CLOSED, "c"));
    EXPECT_EQ(Times{6010}, played.times(GMQ_EVENT_CONNECTION_CLOSED, "c"));
    EXPECT_STREQ("client after 1s", played.one(GMQ_EVENT_FAULT_CLOSE, "c")->text);
}

TEST(Close, SlowlyEndsWithCalm)
{
    Played played(base + "  - {at: 1505ms, close: p, slow_close: 9s}\n"
                         "  - {at: 1800ms, calm: yes}\n");

    EXPECT_EQ(Times{1800}, played.times(GMQ_EVENT_CLIENT_CLOSED, "p"));
    EXPECT_EQ(Times{1800}, played.times(GMQ_EVENT_CONNECTION_CLOSED, "p"));
}

/* ---- cut and clog ---- */

TEST(Cut, MayBeOfSeveral)
{
    Played played(base + "  - {at: 1500ms, cut: [p, c], for: 300ms}\n");

    EXPECT_EQ(1u, played.count(GMQ_EVENT_FAULT_CUT, "p"));
    EXPECT_EQ(1u, played.count(GMQ_EVENT_FAULT_CUT, "c"));
    EXPECT_EQ(1u, played.count(GMQ_EVENT_FAULT_HEALED, "c"));
}

TEST(Cut, NobodyIsThereToRefuse)
{
    Played played(base + "  - {at: 500ms, crash: broker}\n  - {at: 600ms, cut: p}\n");

    EXPECT_EQ(0u, played.count(GMQ_EVENT_CLIENT_CLOSED, "p")) << "it waits for 10 s";
}

TEST(Clog, HoldsEverythingUntilAMoment)
{
    Played played(base + "  - {at: 1250ms, clog: p, for: 333ms}\n"
                         "expect: {confirmed: 10}\n");
    Times arrived = played.times(GMQ_EVENT_PUBLISHED);

    EXPECT_EQ("held", played.verdict());
    EXPECT_EQ(3, std::count(arrived.begin(), arrived.end(), 1583)) << "in one instant";
}

TEST(Clog, MayBeOneWay)
{
    Played played(base + "  - {at: 1250ms, clog: p, only: from broker, for: 1s}\n");

    EXPECT_LE(longest_pause(played, GMQ_EVENT_PUBLISHED), 1000);
    EXPECT_GE(longest_pause(played, GMQ_EVENT_CLIENT_CONFIRMED), 900);
}

/* ---- what happens sometimes ---- */

TEST(Sometimes, AnAckIsInFlightAtACrash)
{
    std::string crash = "expect: {sometimes: [ack in flight at crash]}\n";

    EXPECT_EQ("held",
              Played(base + "  - {when: {client: c, is: idle}, wait: 5ms, crash: broker}\n" + crash)
                  .verdict());
    EXPECT_EQ("broken", Played(base + "  - {at: 8s, crash: broker}\n" + crash).verdict());
}

TEST(Sometimes, AConfirmIsLate)
{
    std::string late = "expect: {sometimes: [confirm after 1 s]}\n";

    EXPECT_EQ("held", Played(base + "  - {at: 1250ms, clog: p, for: 1200ms}\n" + late).verdict());
    EXPECT_EQ("broken", Played(base + "  - {at: 8s, say: a}\n" + late).verdict());
}

TEST(Sometimes, AChannelIsClosedWhileSomethingIsSent)
{
    Played played("topology: {exchanges: {e: {type: fanout}}}\n"
                  "clients:\n"
                  "  p: {role: producer, publish: {to: e, count: 50, every: 5ms}}\n"
                  "links: {default: {latency: 20ms}}\n"
                  "timeline: [{when: {message: p-5, is: arrived}, delete: {exchange: e}}]\n"
                  "expect: {sometimes: [channel close crossing a publish]}\n");
    EXPECT_EQ("held", played.verdict());
}

/* ---- links that change ---- */

TEST(Link, ChangesForAWhile)
{
    Played played(base + "  - {at: 1250ms, link: p to broker, set: {latency: 60ms}, for: 400ms}\n");
    Times sent    = played.times(GMQ_EVENT_CLIENT_SENT);
    Times arrived = played.times(GMQ_EVENT_PUBLISHED);
    Times delays;

    for (size_t i = 0; i < sent.size(); i++)
        delays.push_back(arrived[i] - sent[i]);
    EXPECT_EQ(10, delays.front());
    EXPECT_EQ(60, *std::max_element(delays.begin(), delays.end()));
    EXPECT_EQ(10, delays.back());
    EXPECT_EQ(2u, played.count(GMQ_EVENT_FAULT_LINK));
    EXPECT_STREQ("latency 60ms", played.events(GMQ_EVENT_FAULT_LINK)[0]->text);
}

TEST(Link, TheLastChangeCounts)
{
    Played played(base + "  - {at: 1s, link: default, set: {latency: 60ms}, for: 600ms}\n"
                         "  - {at: 1400ms, link: p, set: {latency: 30ms}}\n");
    int64_t last = played.times(GMQ_EVENT_PUBLISHED).back();

    EXPECT_EQ(30, last - played.times(GMQ_EVENT_CLIENT_SENT).back())
        << "the end of the first change is not the end of the second";
}

/* ---- calm, chance, events ---- */

TEST(Calm, EndsEverything)
{
    Played played(base + "  - {at: 1200ms, cut: p}\n"
                         "  - {at: 1250ms, freeze: c}\n"
                         "  - {at: 1260ms, clog: c}\n"
                         "  - {at: 1270ms, link: default, set: {loss: 100%}}\n"
                         "  - {at: 1500ms, calm: yes}\n"
                         "expect: {confirmed: 10, processed: 10}\n");

    EXPECT_EQ("held", played.verdict());
    EXPECT_EQ(1u, played.count(GMQ_EVENT_CALM));
}

TEST(Calm, StartsABrokerThatIsDownAndUndoesWhatWasToBeUndone)
{
    Played down(base + "  - {at: 500ms, crash: broker}\n  - {at: 900ms, calm: yes}\n"
                       "expect: {confirmed: 0}\n");
    Played soon(base + "  - {at: 500ms, crash: c, for: 5s}\n  - {at: 900ms, calm: yes}\n"
                       "expect: {processed: 10}\n");

    EXPECT_EQ(1u, down.count(GMQ_EVENT_FAULT_START, "broker"));
    EXPECT_EQ("held", soon.verdict());
    EXPECT_EQ(Times{900}, soon.times(GMQ_EVENT_FAULT_START, "c")) << "and not again at 5.5 s";
}

TEST(Calm, LeavesWhatWasNoFault)
{
    Played played(base + "  - {at: 100ms, crash: c}\n"
                         "  - {at: 500ms, start: c, for: 3s}\n  - {at: 900ms, calm: yes}\n");

    EXPECT_EQ(Times{3500}, played.times(GMQ_EVENT_FAULT_STOP, "c"));
}

TEST(Chance, DecidesEachTime)
{
    std::string entry = "  - {when: {client: c, is: idle}, times: every, say: a, chance: ";
    size_t often      = Played(base + entry + "100%}\n").count(GMQ_EVENT_CAPTION);
    size_t sometimes  = Played(base + entry + "50%}\n").count(GMQ_EVENT_CAPTION);

    EXPECT_EQ(10u, often);
    EXPECT_GT(sometimes, 1u);
    EXPECT_LT(sometimes, 9u);
    EXPECT_EQ(0u, Played(base + entry + "0%}\n").count(GMQ_EVENT_CAPTION));
}

TEST(Chance, IsNoReasonForAWarning)
{
    Played played(base + "  - {at: 1s, crash: c, chance: 0%}\n  - {after: 1s, start: c}\n"
                         "expect: {processed: 10}\n");
    size_t n;

    gmq_world_idle_lines(played.world, &n);
    EXPECT_EQ(0u, n);
    EXPECT_EQ("held", played.verdict());
}

TEST(Chance, DrawsFromNobodyElsesStream)
{
    std::string jitter = "  - {at: 1s, link: default, set: {jitter: 20ms}}\n";
    Played without(base + jitter + "  - {at: 2s, say: a}\n");
    Played with(base + jitter + "  - {at: 2s, say: a, chance: 50%}\n");

    EXPECT_EQ(without.times(GMQ_EVENT_PUBLISHED), with.times(GMQ_EVENT_PUBLISHED));
    EXPECT_EQ(without.times(GMQ_EVENT_CLIENT_RECEIVED), with.times(GMQ_EVENT_CLIENT_RECEIVED));
}

TEST(Event, HasItsNumberInTheTrace)
{
    Played plain(base + "  - {at: 9s, say: a}\n");
    const GmqTraceEvent *event = plain.events(GMQ_EVENT_DELIVERED)[2];
    Played played(base + "  - {when: {event: " + std::to_string(event->number) + "}, say: Now.}\n");
    const GmqTraceEvent *caption = played.one(GMQ_EVENT_CAPTION);

    EXPECT_EQ(event->time_ns, caption->time_ns);
    EXPECT_EQ(event->number, caption->cause);
}
