#include "tests/sim/played.h"

/* Each key of a producer changes what happens. */
namespace {

using Names = std::vector<std::string>;
using Times = std::vector<int64_t>;

/* A producer that publishes so, to queue q unless a key is given, and the other keys of it. */
std::string
producer(const std::string &publish, const std::string &more = "")
{
    std::string key = publish.rfind("key:", 0) == 0 ? "" : "key: q, ";

    return "topology: {queues: {q: {}, other: {}}}\n"
           "clients:\n"
           "  p:\n"
           "    role: producer\n"
           "    publish: {to: default, " +
           key + publish + "}\n" + more + "links:\n  default: {latency: 10ms}\n";
}

std::string
text_of(const Played &run, GmqEventKind kind)
{
    return run.one(kind)->text;
}

} // namespace

TEST(Producer, SendsOneMessageUnlessToldOtherwise)
{
    Played run(producer("body: x"));

    EXPECT_EQ(Names{"p-1"}, run.messages(GMQ_EVENT_CLIENT_SENT));
    EXPECT_EQ("held", run.verdict());
}

TEST(Producer, SendsAsManyAsCounted)
{
    Played run(producer("count: 3"));
    EXPECT_EQ((Names{"p-1", "p-2", "p-3"}), run.messages(GMQ_EVENT_PUBLISHED));
}

TEST(Producer, SendsOnToTheEndWhenUnlimited)
{
    Played run(producer("count: unlimited, every: 1s"));
    EXPECT_EQ(10u, run.count(GMQ_EVENT_CLIENT_SENT));
}

TEST(Producer, WaitsBetweenMessages)
{
    Played run(producer("count: 3, every: 300ms"));
    Times times = run.times(GMQ_EVENT_CLIENT_SENT);

    EXPECT_EQ((Times{times[0], times[0] + 300, times[0] + 600}), times);
}

TEST(Producer, WaitsForTheConfirm)
{
    Played run(producer("count: 3, every: after_confirm", "    confirms: {window: 5}\n"));
    Times times = run.times(GMQ_EVENT_CLIENT_SENT);

    EXPECT_EQ((Times{times[0], times[0] + 20, times[0] + 40}), times);
}

TEST(Producer, PutsTheNumberIntoKeyBodyAndHeaders)
{
    Played run(producer("key: \"k{n}\", body: \"{n} of {n}\", count: 12"));
    const GmqTraceEvent *last = run.events(GMQ_EVENT_CLIENT_SENT).back();

    EXPECT_STREQ("k12", last->key);
    EXPECT_STREQ("12 of 12", last->text);
}

TEST(Producer, SendsTheBodyItWasGiven)
{
    Played run(producer("body: \"12345\""));
    EXPECT_EQ(5u, run.one(GMQ_EVENT_PUBLISHED)->count);
}

TEST(Producer, ShowsTheStartOfALongBody)
{
    Played run(producer("body: \"" + std::string(59, 'x') + "\xc3\xa9\xc3\xa9\""));

    EXPECT_EQ(std::string(59, 'x'), text_of(run, GMQ_EVENT_CLIENT_SENT));
    EXPECT_EQ(63u, run.one(GMQ_EVENT_PUBLISHED)->count);
}

TEST(Producer, SendsToAnExchange)
{
    Played run("topology: {exchanges: {x: {type: fanout}}, queues: {q: {}},\n"
               "           bindings: [{from: x, to: q}]}\n"
               "clients: {p: {role: producer, publish: {to: x}}}\n");

    EXPECT_STREQ("x", run.one(GMQ_EVENT_PUBLISHED)->to);
    EXPECT_STREQ("q", run.one(GMQ_EVENT_ENQUEUED)->who);
}

TEST(Producer, MarksPersistentMessages)
{
    EXPECT_EQ(0u, Played(producer("persistent: no")).one(GMQ_EVENT_CLIENT_SENT)->count);
    EXPECT_EQ(1u, Played(producer("persistent: yes")).one(GMQ_EVENT_CLIENT_SENT)->count);
}

/* Only what was promised can be lost: a persistent message in a durable queue. */
TEST(Producer, OnlyAPersistentMessageCanBeLost)
{
    auto lost = [](const char *persistent, const char *durable) {
        return Played("topology: {queues: {q: {durable: " + std::string(durable) +
                      "}}}\n"
                      "clients: {p: {role: producer, confirms: {}, publish: {to: default, key: q, "
                      "persistent: " +
                      persistent +
                      "}}}\n"
                      "timeline: [{at: 1s, crash: broker}]\n")
            .totals()
            .lost;
    };

    EXPECT_EQ(1u, lost("yes", "yes"));
    EXPECT_EQ(0u, lost("no", "yes"));
    EXPECT_EQ(0u, lost("yes", "no"));
}

TEST(Producer, GetsBackWhatIsMandatory)
{
    Played silent(producer("key: nowhere"));
    Played mandatory(producer("key: nowhere, mandatory: yes"));

    EXPECT_EQ(0u, silent.count(GMQ_EVENT_CLIENT_RETURNED));
    EXPECT_EQ("NO_ROUTE", text_of(mandatory, GMQ_EVENT_CLIENT_RETURNED));
    EXPECT_EQ(1u, mandatory.totals().returned);
}

TEST(Producer, SendsHeaders)
{
    Played run(
        "topology:\n"
        "  exchanges: {x: {type: headers}}\n"
        "  queues: {a: {}, b: {}, c: {}}\n"
        "  bindings:\n"
        "    - {from: x, to: a, headers: {colour: red, size: 3}}\n"
        "    - {from: x, to: b, match: any, headers: {colour: red, size: 4}}\n"
        "    - {from: x, to: c, headers: {colour: red, old: yes}}\n"
        "clients: {p: {role: producer, publish: {to: x, headers: {colour: red, size: 3}}}}\n");
    Names queues;

    for (const GmqTraceEvent *event : run.events(GMQ_EVENT_ENQUEUED))
        queues.push_back(event->who);
    EXPECT_EQ((Names{"a", "b"}), queues);
    EXPECT_TRUE(run.broken().empty()) << run.broken()[0];
}

TEST(Producer, TheFirstLineThatFitsIsMergedIn)
{
    Played run(
        producer("count: 6, body: plain, messages: [{n: 2, key: other, body: two}, "
                 "{n: every 3, body: third}, {n: 5..6, body: late}, {n: 1, mandatory: yes}]"));
    Names bodies, keys;

    for (const GmqTraceEvent *event : run.events(GMQ_EVENT_CLIENT_SENT)) {
        bodies.push_back(event->text);
        keys.push_back(event->key);
    }
    EXPECT_EQ((Names{"plain", "two", "third", "plain", "late", "third"}), bodies);
    EXPECT_EQ((Names{"q", "other", "q", "q", "q", "q"}), keys);
}

TEST(Producer, AsksForConfirmsOnlyWhenTold)
{
    Played without(producer("count: 2"));
    Played with(producer("count: 2", "    confirms: {}\n"));

    EXPECT_EQ(0u, without.totals().confirmed);
    EXPECT_EQ(0u, without.events(GMQ_EVENT_PUBLISHED)[0]->tag);
    EXPECT_EQ(2u, with.totals().confirmed);
}

TEST(Producer, AWindowLimitsWhatIsUnconfirmed)
{
    Times one =
        Played(producer("count: 3", "    confirms: {window: 1}\n")).times(GMQ_EVENT_CLIENT_SENT);
    Times two =
        Played(producer("count: 3", "    confirms: {window: 2}\n")).times(GMQ_EVENT_CLIENT_SENT);

    EXPECT_EQ((Times{one[0], one[0] + 20, one[0] + 40}), one);
    EXPECT_EQ((Times{two[0], two[0], two[0] + 20}), two);
}

/* ---- confirms that do not come ---- */

static std::string
unanswered(const std::string &confirms, const std::string &more = "")
{
    return producer("count: 2, body: x", "    confirms: " + confirms + "\n" + more) +
           "timeline:\n"
           "  - when: {message: p-1, is: published}\n"
           "    cut: p\n"
           "    only: from broker\n"
           "    for: 3s\n";
}

TEST(Producer, WithoutATimeoutItWaitsForEver)
{
    Played run(unanswered("{window: 1}"));
    Times times = run.times(GMQ_EVENT_CLIENT_SENT);

    ASSERT_EQ(2u, times.size());
    EXPECT_EQ(times[0] + 3020, times[1]) << "the confirm comes when the line is whole again";
}

TEST(Producer, IgnoresAConfirmThatIsLate)
{
    Played run(unanswered("{window: 1, timeout: 500ms}"));
    Times times = run.times(GMQ_EVENT_CLIENT_SENT);

    EXPECT_EQ((Times{times[0], times[0] + 500}), times);
    EXPECT_EQ(2u, run.totals().confirmed) << "it still counts when it comes at last";
}

TEST(Producer, PublishesAgainWhenAConfirmIsLate)
{
    Played run(unanswered("{window: 1, timeout: 2s, then: republish}"));

    EXPECT_EQ((Names{"p-1", "p-1", "p-2"}), run.messages(GMQ_EVENT_CLIENT_SENT));
    EXPECT_EQ(2u, run.totals().attempted);
    EXPECT_EQ(2u, run.totals().confirmed);
}

TEST(Producer, ConnectsAgainWhenAConfirmIsLate)
{
    Played run(unanswered("{window: 1, timeout: 1s, then: reconnect and republish}",
                          "    reconnect: {after: 500ms}\n"));

    EXPECT_EQ((Names{"p-1", "p-1", "p-2"}), run.messages(GMQ_EVENT_CLIENT_SENT));
    EXPECT_EQ("no confirm in time", text_of(run, GMQ_EVENT_CLIENT_CLOSED));
    EXPECT_EQ(2u, run.count(GMQ_EVENT_CONNECTION_OPENED));
}

TEST(Producer, StopsWhenAConfirmIsLate)
{
    Played run(unanswered("{window: 1, timeout: 1s, then: stop}"));

    EXPECT_EQ(Names{"p-1"}, run.messages(GMQ_EVENT_CLIENT_SENT));
    EXPECT_EQ(1u, run.count(GMQ_EVENT_CLIENT_CLOSED));
}

TEST(Producer, GoesOnWithTheNextMessageAfterACrash)
{
    Played run(producer("count: 4, every: 1s") + "timeline: [{at: 1500ms, crash: p, for: 2s}]\n");
    EXPECT_EQ((Names{"p-1", "p-2", "p-3", "p-4"}), run.messages(GMQ_EVENT_CLIENT_SENT));
}

TEST(Producer, AMissingExchangeClosesItsChannel)
{
    Played run("topology: {exchanges: {x: {type: direct, internal: yes}}}\n"
               "clients: {p: {role: producer, publish: {to: x}}}\n");
    const GmqTraceEvent *closed = run.one(GMQ_EVENT_CLIENT_CLOSED);

    EXPECT_EQ(403u, closed->count);
    EXPECT_EQ(0u, run.count(GMQ_EVENT_PUBLISHED));
}

TEST(Producer, AFullBufferHoldsItBack)
{
    Played run(producer("count: 50, body: \"" + std::string(1000, 'x') + "\"") +
               "  p to broker: {latency: 10ms, buffer: 2000B}\n"
               "expect: {sometimes: [send buffer full]}\n");

    EXPECT_EQ(50u, run.count(GMQ_EVENT_ENQUEUED));
    EXPECT_GT(run.times(GMQ_EVENT_CLIENT_SENT).back(), 250);
    EXPECT_EQ("held", run.verdict());
}

/* What waited for room comes to the broker because it was published, as all else does. */
TEST(Producer, WhatAFullBufferHeldBackKeepsItsCause)
{
    Played run(producer("count: 50, body: \"" + std::string(1000, 'x') + "\"") +
               "  p to broker: {latency: 10ms, buffer: 2000B}\n");
    unsigned n_caused = 0;

    for (uint64_t n = 1; n <= gmq_trace_length(run.trace()); n++) {
        const GmqTraceEvent *event = gmq_trace_event(run.trace(), n);

        if (event->kind != GMQ_EVENT_PUBLISHED)
            continue;
        ASSERT_NE(0u, event->cause) << event->message;
        const GmqTraceEvent *cause = gmq_trace_event(run.trace(), event->cause);
        EXPECT_EQ(GMQ_EVENT_CLIENT_SENT, cause->kind);
        EXPECT_STREQ(event->message, cause->message);
        n_caused++;
    }
    EXPECT_EQ(50u, n_caused);
}

TEST(Producer, GivesMessagesATimeToLive)
{
    const std::string consumer = "  c: {role: consumer, from: q, start: 1s}\n";

    EXPECT_EQ(1u, Played(producer("ttl: 2s", consumer)).totals().processed);
    EXPECT_EQ(0u, Played(producer("ttl: 100ms", consumer)).totals().processed);
}

TEST(Producer, GivesOneMessageAnotherTimeToLive)
{
    Played run(producer("ttl: 100ms, count: 2, messages: [{n: 2, ttl: 1min}]",
                        "  c: {role: consumer, from: q, start: 1s}\n"));

    EXPECT_EQ((Names{"p-2"}), run.messages(GMQ_EVENT_DELIVERED));
    EXPECT_EQ(Names{"p-1"}, run.messages(GMQ_EVENT_EXPIRED));
    EXPECT_EQ("held", run.verdict());
}

/* More channels than the broker offers are refused, as many are fine. */
TEST(Producer, InsistsOnItsChannelMax)
{
    EXPECT_EQ(1u, Played(producer("body: x", "    channel_max: 2047\n")).totals().attempted);

    Played run(producer("body: x", "    channel_max: 2048\n"));
    EXPECT_EQ(530u, run.one(GMQ_EVENT_CLIENT_CLOSED)->count);
    EXPECT_EQ(0u, run.totals().attempted);
}

/* ---- pauses ---- */

TEST(Producer, PausesAtRandomWhenTold)
{
    Played run(producer("count: 2000, every: exp 4ms"));
    Times times = run.times(GMQ_EVENT_CLIENT_SENT);
    std::map<int64_t, unsigned> pauses;

    for (size_t i = 1; i < times.size(); i++)
        pauses[times[i] - times[i - 1]]++;
    EXPECT_GT(pauses.size(), 10u) << "no two need be the same";
    EXPECT_NEAR(8000, times.back(), 400) << "and the mean is what was asked for";
}

TEST(Producer, PausesDifferentlyWithAnotherSeed)
{
    std::string text = producer("count: 5, every: exp 1s");
    EXPECT_NE(Played(text, 1).times(GMQ_EVENT_CLIENT_SENT),
              Played(text, 2).times(GMQ_EVENT_CLIENT_SENT));
}

/* ---- nacks ---- */

/* The disk fails once, and what was being written is refused. */
static std::string
refused(const std::string &confirms, const std::string &more = "")
{
    return "topology: {queues: {q: {durable: yes}}}\n"
           "clients:\n"
           "  p:\n"
           "    role: producer\n"
           "    publish: {to: default, key: q, persistent: yes, count: 2, every: 1s}\n"
           "    confirms: " +
           confirms + "\n" + more +
           "timeline: [{when: {message: p-1, is: published}, disk: {fail: write}, for: 500ms}]\n";
}

TEST(Producer, GoesOnAfterANack)
{
    Played run(refused("{window: 5}"));

    EXPECT_EQ(Names{"p-1"}, run.messages(GMQ_EVENT_CLIENT_NACKED));
    EXPECT_EQ((Names{"p-1", "p-2"}), run.messages(GMQ_EVENT_CLIENT_SENT));
}

TEST(Producer, StopsAfterANack)
{
    Played run(refused("{window: 5, then: stop}"));

    EXPECT_EQ(Names{"p-1"}, run.messages(GMQ_EVENT_CLIENT_SENT));
    EXPECT_EQ(1u, run.count(GMQ_EVENT_CLIENT_CLOSED, "p"));
}

TEST(Producer, SendsAgainAfterANack)
{
    for (const char *then : {"republish", "reconnect and republish"}) {
        Played run(refused(std::string("{window: 1, then: ") + then + "}",
                           "    reconnect: {after: 100ms}\n"));

        EXPECT_EQ((Names{"p-1", "p-1"}), run.messages(GMQ_EVENT_CLIENT_SENT)) << then;
        EXPECT_EQ(0u, run.count(GMQ_EVENT_CLIENT_CLOSED, "p")) << then;
    }
}

/* ---- transactions ---- */

static std::string
transacted(const std::string &tx, const std::string &publish = "count: 5, every: 100ms")
{
    return producer(publish, "    tx: " + tx + "\n");
}

TEST(Producer, CommitsAfterSoManyMessages)
{
    Played run(transacted("{every: 2}"));
    std::vector<uint64_t> sizes;

    for (const GmqTraceEvent *event : run.events(GMQ_EVENT_COMMITTED))
        sizes.push_back(event->count);
    EXPECT_EQ((std::vector<uint64_t>{2, 2, 1}), sizes);
    EXPECT_EQ((Names{"p-1", "p-2", "p-3", "p-4", "p-5"}), run.messages(GMQ_EVENT_ENQUEUED));
    EXPECT_EQ(5u, run.totals().confirmed);
    EXPECT_EQ("held", run.verdict());
}

/* Not one of them is in a queue before. */
TEST(Producer, NothingIsSeenBeforeTheCommit)
{
    Played run(transacted("{every: 3}", "count: 3, every: 100ms"));
    Times sent = run.times(GMQ_EVENT_CLIENT_SENT);

    EXPECT_EQ((Times(3, sent[2] + 10)), run.times(GMQ_EVENT_ENQUEUED));
}

TEST(Producer, SendsNothingUntilTheCommitIsAnswered)
{
    Played run(transacted("{every: 1}", "count: 2"));
    Times sent = run.times(GMQ_EVENT_CLIENT_SENT);

    EXPECT_EQ((Times{sent[0], sent[0] + 20}), sent);
}

TEST(Producer, RollsBackTheTransactionsThatAreNamed)
{
    Played run(transacted("{every: 2, rollback: 2..3}"));

    EXPECT_EQ((Names{"p-1", "p-2"}), run.messages(GMQ_EVENT_ENQUEUED));
    EXPECT_EQ((Names{"p-3", "p-4", "p-5"}), run.messages(GMQ_EVENT_CLIENT_TAKEN_BACK));
    EXPECT_EQ(2u, run.totals().confirmed);
    EXPECT_EQ("held", run.verdict());
}

TEST(Producer, WhatWasNotCommittedIsNotThereAfterACut)
{
    Played run(transacted("{every: 3}", "count: 3, every: 1s") +
               "timeline: [{at: 1500ms, crash: broker}]\n");

    EXPECT_EQ((Names{"p-1", "p-2"}), run.messages(GMQ_EVENT_CLIENT_TAKEN_BACK));
    EXPECT_EQ(0u, run.count(GMQ_EVENT_ENQUEUED));
}

TEST(Producer, NothingIsKnownOfACommitWithoutAnAnswer)
{
    Played run(transacted("{every: 2}", "count: 2") +
               "timeline: [{when: {message: p-1, is: published}, cut: p, only: from broker}]\n");

    EXPECT_EQ(2u, run.count(GMQ_EVENT_ENQUEUED));
    EXPECT_EQ(0u, run.count(GMQ_EVENT_CLIENT_TAKEN_BACK));
    EXPECT_EQ(0u, run.totals().confirmed);
}
