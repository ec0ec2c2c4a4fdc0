#include "sim/ledger.h"

#include "tests/sim/played.h"

/* Every message stands in the ledger once, in its line and its column. */
namespace {

using Names = std::vector<std::string>;

Names
names_of(const Played &run, GmqKnown known, GmqFate fate)
{
    g_autoptr(GmqLedger) ledger = gmq_ledger_new(run.scenario, run.trace());
    const GPtrArray *found      = gmq_ledger_names(ledger, known, fate);
    Names names;

    for (unsigned i = 0; i < found->len; i++)
        names.push_back((const char *)found->pdata[i]);
    return names;
}

std::string
printed(const Played &run)
{
    g_autoptr(GmqLedger) ledger = gmq_ledger_new(run.scenario, run.trace());
    g_autoptr(GString) out      = g_string_new(NULL);

    gmq_ledger_print(ledger, out);
    return out->str;
}

uint64_t
sum_of(const Played &run)
{
    g_autoptr(GmqLedger) ledger = gmq_ledger_new(run.scenario, run.trace());
    uint64_t sum                = 0;

    for (int known = 0; known < GMQ_N_KNOWN; known++) {
        for (int fate = 0; fate < GMQ_N_FATES; fate++)
            sum += gmq_ledger_names(ledger, (GmqKnown)known, (GmqFate)fate)->len;
    }
    return sum;
}

/* Producer p with these keys, and what follows. */
std::string
sends(const std::string &publish, const std::string &more = "")
{
    return "topology: {queues: {q: {durable: yes}}}\n"
           "clients:\n"
           "  p: {role: producer, publish: {to: default, key: q, " +
           publish + "}}\n" + more;
}

const std::string asked = "}, confirms: {window: 10";

} // namespace

TEST(Ledger, SaysNothingWhereNothingWasSent)
{
    EXPECT_EQ("", printed(Played("topology: {queues: {q: {}}}\n")));
}

TEST(Ledger, KnowsWhoNeverAsked)
{
    Played run(sends("count: 2", "  c: {role: consumer, from: q}\n"));

    EXPECT_EQ((Names{"p-1", "p-2"}), names_of(run, GMQ_KNOWN_NOT_ASKED, GMQ_FATE_ONCE));
    EXPECT_EQ(2u, sum_of(run));
}

TEST(Ledger, WhatWaitsIsQueued)
{
    Played run(sends("count: 1" + asked));
    EXPECT_EQ(Names{"p-1"}, names_of(run, GMQ_KNOWN_CONFIRMED, GMQ_FATE_QUEUED));
}

TEST(Ledger, WhatIsBeingWorkedOnIsQueuedToo)
{
    Played acked(sends("count: 1", "  c: {role: consumer, from: q, work: 1min}\n"));
    Played settled(sends("count: 1", "  c: {role: consumer, from: q, ack: auto, work: 1min}\n"));

    EXPECT_EQ(Names{"p-1"}, names_of(acked, GMQ_KNOWN_NOT_ASKED, GMQ_FATE_QUEUED));
    EXPECT_EQ(Names{"p-1"}, names_of(settled, GMQ_KNOWN_NOT_ASKED, GMQ_FATE_QUEUED));
}

/* Nobody had finished it, and the broker had forgotten it. */
TEST(Ledger, WhatWasSettledAndNeverFinishedIsLost)
{
    Played run(sends("count: 1", "  c: {role: consumer, from: q, ack: auto, work: 1min}\n"
                                 "timeline: [{at: 1s, crash: c}]\n"));

    EXPECT_EQ(Names{"p-1"}, names_of(run, GMQ_KNOWN_NOT_ASKED, GMQ_FATE_LOST));
}

TEST(Ledger, WhatACrashTookIsLost)
{
    Played run(sends("count: 2, messages: [{n: 2, persistent: yes}]" + asked,
                     "timeline: [{at: 1s, crash: broker, for: 1s}]\n"));

    EXPECT_EQ(Names{"p-1"}, names_of(run, GMQ_KNOWN_CONFIRMED, GMQ_FATE_LOST));
    EXPECT_EQ(Names{"p-2"}, names_of(run, GMQ_KNOWN_CONFIRMED, GMQ_FATE_QUEUED));
}

TEST(Ledger, WhatWasFinishedTwiceIsTold)
{
    Played run(sends("count: 1",
                     "  c: {role: consumer, from: q, work: 1s, reconnect: {after: 1s}}\n"
                     "timeline: [{at: 500ms, cut: c, for: 1s}]\n"
                     "broker: {heartbeat: 0s}\n"));
    Played twice(sends("count: 1", "  c: {role: consumer, from: q, ack: never, work: 1s}\n"
                                   "timeline: [{at: 2s, crash: c, for: 1s}]\n"));

    EXPECT_EQ(Names{"p-1"}, names_of(run, GMQ_KNOWN_NOT_ASKED, GMQ_FATE_ONCE));
    EXPECT_EQ(Names{"p-1"}, names_of(twice, GMQ_KNOWN_NOT_ASKED, GMQ_FATE_TWICE));
}

TEST(Ledger, WhatExpiredIsDead)
{
    Played run(sends("count: 1, ttl: 100ms" + asked));
    EXPECT_EQ(Names{"p-1"}, names_of(run, GMQ_KNOWN_CONFIRMED, GMQ_FATE_DEAD));
}

/* As a dead letter it lives on in another queue, if there is one. */
TEST(Ledger, ADeadLetterIsWhereItWent)
{
    auto run = [](const std::string &key) {
        return std::string("topology:\n"
                           "  queues:\n"
                           "    q: {ttl: 100ms, dead_letter: {to: default, key: ") +
               key +
               "}}\n"
               "    morgue: {}\n"
               "clients: {p: {role: producer, publish: {to: default, key: q}}}\n";
    };

    EXPECT_EQ(Names{"p-1"}, names_of(Played(run("morgue")), GMQ_KNOWN_NOT_ASKED, GMQ_FATE_QUEUED));
    EXPECT_EQ(Names{"p-1"}, names_of(Played(run("nowhere")), GMQ_KNOWN_NOT_ASKED, GMQ_FATE_DEAD));
}

/* One message with two copies stands there once, by what is worse. */
TEST(Ledger, CopiesAreOneMessage)
{
    Played run("topology:\n"
               "  exchanges: {x: {type: fanout}}\n"
               "  queues: {a: {}, b: {}}\n"
               "  bindings: [{from: x, to: a}, {from: x, to: b}]\n"
               "clients:\n"
               "  p: {role: producer, publish: {to: x, count: 3}}\n"
               "  c: {role: consumer, from: a}\n");

    EXPECT_EQ((Names{"p-1", "p-2", "p-3"}), names_of(run, GMQ_KNOWN_NOT_ASKED, GMQ_FATE_QUEUED));
    EXPECT_EQ(3u, sum_of(run));
}

TEST(Ledger, WhatReachedNoQueueIsNowhere)
{
    Played run(sends("count: 1, messages: [{n: 1, key: x, mandatory: yes}]" + asked));
    g_autoptr(GmqLedger) ledger = gmq_ledger_new(run.scenario, run.trace());

    EXPECT_EQ(Names{"p-1"}, names_of(run, GMQ_KNOWN_CONFIRMED, GMQ_FATE_NOWHERE));
    EXPECT_EQ(1u, gmq_ledger_returned(ledger, GMQ_KNOWN_CONFIRMED));
}

TEST(Ledger, WithoutAnAnswerNothingIsKnown)
{
    Played run(sends("count: 1" + asked) +
               "timeline: [{when: {message: p-1, is: published}, cut: p, only: from broker}]\n");
    EXPECT_EQ(Names{"p-1"}, names_of(run, GMQ_KNOWN_NOTHING, GMQ_FATE_QUEUED));
}

TEST(Ledger, ATransactionCommitsOrTakesBack)
{
    Played run(sends("count: 3}, tx: {every: 2, rollback: 1"));

    EXPECT_EQ((Names{"p-1", "p-2"}), names_of(run, GMQ_KNOWN_TAKEN_BACK, GMQ_FATE_NOWHERE));
    EXPECT_EQ(Names{"p-3"}, names_of(run, GMQ_KNOWN_CONFIRMED, GMQ_FATE_QUEUED));
}

TEST(Ledger, TellsTheFirstNamesOfWhatIsUnusual)
{
    std::string text = printed(Played(sends("count: 7, ttl: 10ms" + asked)));

    EXPECT_NE(std::string::npos, text.find("confirmed, dead: p-1, p-2, p-3, p-4, p-5 and 2 more\n"))
        << text;
    EXPECT_EQ(std::string::npos, text.find("unknown")) << "a line that would be all zeros is none";
}
