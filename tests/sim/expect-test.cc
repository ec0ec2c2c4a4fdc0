#include "tests/sim/played.h"

/* Every expectation, held and broken, and what is undecided. */
namespace {

/* Two of three messages are consumed; the third has no queue and comes back. */
const std::string base = "topology:\n"
                         "  exchanges: {x: {type: direct}}\n"
                         "  queues: {q: {}, r: {}}\n"
                         "  bindings: [{from: x, to: q, key: k}]\n"
                         "clients:\n"
                         "  p:\n"
                         "    role: producer\n"
                         "    publish: {to: x, key: k, mandatory: yes, count: 3, every: 100ms,\n"
                         "              messages: [{n: 3, key: none}]}\n"
                         "    confirms: {window: 5}\n"
                         "  c: {role: consumer, from: q, work: 200ms, prefetch: 1}\n"
                         "links: {default: {latency: 10ms}}\n";

struct Expected {
    const char *name;
    const char *line; /* with %s for the value */
    const char *held;
    const char *broken;
};

class Expectation : public testing::TestWithParam<Expected> {};

std::string
verdict_with(const char *line, const char *value)
{
    std::string text = line;

    text.replace(text.find("%s"), 2, value);
    return Played(base + "expect: {" + text + "}\n").verdict();
}

} // namespace

TEST_P(Expectation, HoldsOrBreaks)
{
    EXPECT_EQ("held", verdict_with(GetParam().line, GetParam().held));
    EXPECT_EQ("broken", verdict_with(GetParam().line, GetParam().broken));
}

INSTANTIATE_TEST_SUITE_P(
    Expect, Expectation,
    testing::Values(Expected{"Confirmed", "confirmed: %s", "3", "2"},
                    Expected{"AtLeast", "confirmed: %s", "\">= 3\"", "\">= 4\""},
                    Expected{"AtMost", "confirmed: %s", "\"<= 3\"", "\"<= 2\""},
                    Expected{"Range", "confirmed: %s", "2..3", "4..9"},
                    Expected{"Returned", "returned: %s", "1", "0"},
                    Expected{"Nacked", "nacked: %s", "0", "1"},
                    Expected{"Delivered", "delivered: %s", "2", "3"},
                    Expected{"Processed", "processed: %s", "2", "3"},
                    Expected{"ProcessedTwice", "processed_twice: %s", "0", "1"},
                    Expected{"Lost", "lost: %s", "0", "1"},
                    Expected{"FinishedBy", "finished_by: %s", "700ms", "400ms"},
                    Expected{"QueueReady", "queues: {q: {ready: %s}}", "0", "1"},
                    Expected{"QueueUnacked", "queues: {q: {unacked: %s}}", "0", "1"},
                    Expected{"QueueAcked", "queues: {q: {acked: %s}}", "2", "1"},
                    Expected{"QueueRedelivered", "queues: {q: {redelivered: %s}}", "0", "1"},
                    Expected{"QueueMaxReady", "queues: {q: {max_ready: %s}}", "1", "2"},
                    Expected{"QueueUnused", "queues: {r: {acked: %s}}", "0", "1"},
                    Expected{"MessageDelivered", "messages: {p-1: {delivered: %s}}", "1", "0"},
                    Expected{"MessageRedelivered", "messages: {p-1: {redelivered: %s}}", "0", "1"},
                    Expected{"MessageEndsIn", "messages: {p-1: {ends_in: %s}}", "acked", "q"},
                    Expected{"MessageDropped", "messages: {p-3: {ends_in: %s}}", "dropped",
                             "acked"},
                    Expected{"MessageRoute", "messages: {p-1: {route: %s}}", "[q, x]", "[x]"},
                    Expected{"MessageNoRoute", "messages: {p-3: {route: %s}}", "[x]", "[x, q]"},
                    Expected{"ClientProcessed", "clients: {c: {processed: %s}}", "2", "3"},
                    Expected{"ClientMaxUnacked", "clients: {c: {max_unacked: %s}}", "1", "0"},
                    Expected{"ClientReconnected", "clients: {c: {reconnected: %s}}", "0", "1"},
                    Expected{"ClientClosedWith", "clients: {c: {closed_with: %s}}", "0", "404"},
                    Expected{"LatencyP50", "latency: {p50: %s}", "\"<= 50ms\"", "\"<= 19ms\""},
                    Expected{"LatencyP99", "latency: {p99: %s}", "100ms..500ms", "\"<= 20ms\""},
                    Expected{"Sometimes", "sometimes: [%s]", "return + ack", "send buffer full"}),
    [](const testing::TestParamInfo<Expected> &test) { return std::string(test.param.name); });

TEST(Expect, AStoryIsItsFingerprint)
{
    g_autofree char *story = g_strdup_printf("%016" G_GINT64_MODIFIER "x", Played(base).story());

    EXPECT_EQ("held", verdict_with("story: %s", story));
    EXPECT_EQ("broken", verdict_with("story: %s", "0123456789abcdef"));
}

/* ---- undecided ---- */

/* The run ends while the second of three tasks is worked on. */
static const std::string unfinished =
    "topology: {queues: {q: {}}}\n"
    "clients:\n"
    "  p: {role: producer, publish: {to: default, key: q, count: 3}}\n"
    "  c: {role: consumer, from: q, work: 6s, prefetch: 1}\n";

TEST(Expect, WhatMayStillComeIsUndecided)
{
    Played played(unfinished + "expect: {processed: 3, queues: {q: {ready: 0}}}\n");

    EXPECT_EQ("undecided", played.verdict());
    EXPECT_EQ("open", played.outcomes()["processed"]);
    EXPECT_EQ("open", played.outcomes()["queues.q.ready"]);
}

TEST(Expect, WhatIsTooMuchAlreadyIsBroken)
{
    EXPECT_EQ("broken", Played(unfinished + "expect: {processed: 0}\n").verdict());
}

TEST(Expect, WhatHoldsAlreadyHolds)
{
    EXPECT_EQ("held", Played(unfinished + "expect: {processed: \">= 1\"}\n").verdict());
}

TEST(Expect, ATimeThatHasPassedIsBroken)
{
    EXPECT_EQ("broken", Played(unfinished + "expect: {finished_by: 9s}\n").verdict());
    EXPECT_EQ("undecided", Played(unfinished + "expect: {finished_by: 30s}\n").verdict());
}

TEST(Expect, NothingIsExpectedOfNothing)
{
    EXPECT_EQ("held", Played(unfinished).verdict());
}

/* ---- rare things ---- */

TEST(Expect, ARequeueInTheMiddleCanBeSeen)
{
    Played played("topology: {queues: {q: {}}}\n"
                  "clients:\n"
                  "  p: {role: producer, publish: {to: default, key: q, count: 4}}\n"
                  "  a: {role: consumer, start: 1s, from: q, prefetch: 1, work: 5s}\n"
                  "  b: {role: consumer, start: 1s, from: q, prefetch: 1, work: 5s}\n"
                  "timeline: [{at: 2s, crash: a}, {at: 3s, crash: b}]\n"
                  "expect: {sometimes: [requeue in the middle]}\n");

    EXPECT_EQ("held", played.verdict());
}

TEST(Expect, AConfirmOfSeveralCanBeSeen)
{
    Played played("topology: {queues: {q: {}}}\n"
                  "clients:\n"
                  "  p: {role: producer, publish: {to: default, key: q, count: 4},\n"
                  "      confirms: {window: 4}}\n"
                  "expect: {sometimes: [confirm with multiple], confirmed: 4}\n");

    EXPECT_EQ("held", played.verdict());
}

TEST(Expect, ALostConfirmCanBeSeen)
{
    Played played("topology: {queues: {q: {}}}\n"
                  "clients:\n"
                  "  p: {role: producer, publish: {to: default, key: q},\n"
                  "      confirms: {timeout: 1s, then: reconnect and republish},\n"
                  "      reconnect: {after: 100ms}}\n"
                  "timeline: [{when: {message: p-1, is: arrived}, cut: p, for: 2s}]\n"
                  "expect: {sometimes: [confirm lost after store], confirmed: 1}\n");

    EXPECT_EQ("held", played.verdict());
    EXPECT_EQ(2u, played.count(GMQ_EVENT_ENQUEUED));
}

TEST(Expect, ASplitHeaderCanBeSeen)
{
    std::string line =
        "links: {default: {chunks: bytes}}\nexpect: {sometimes: [frame header split]}\n";

    EXPECT_EQ("held",
              Played("clients: {p: {role: producer, publish: {to: default}}}\n" + line).verdict());
}

/* ---- twice and lost ---- */

TEST(Expect, WhatIsDoneTwiceIsCountedOnce)
{
    Played played("broker: {heartbeat: 1s}\n"
                  "topology: {queues: {q: {}}}\n"
                  "clients:\n"
                  "  p: {role: producer, publish: {to: default, key: q}}\n"
                  "  a: {role: consumer, from: q, prefetch: 1, work: 5s}\n"
                  "  b: {role: consumer, start: 1s, from: q, prefetch: 1, work: 1s}\n"
                  "timeline: [{at: 2s, cut: a}]\n"
                  "expect: {processed: 1, processed_twice: 1, delivered: 2}\n");

    EXPECT_EQ("held", played.verdict());
}

TEST(Expect, ALostMessageEndsInLost)
{
    Played played("topology: {queues: {q: {durable: yes}}}\n"
                  "clients:\n"
                  "  p: {role: producer, publish: {to: default, key: q, persistent: yes},\n"
                  "      confirms: {}}\n"
                  "timeline: [{at: 1s, crash: broker}]\n"
                  "expect: {lost: 1, messages: {p-1: {ends_in: lost}}}\n");

    EXPECT_EQ("held", played.verdict());
}

/* ---- broken ---- */

static const char *const lying_disk =
    "topology: {queues: {q: {durable: yes}}}\n"
    "clients:\n"
    "  p: {role: producer, publish: {to: default, key: q, persistent: yes},\n"
    "      confirms: {window: 1}}\n"
    "timeline:\n"
    "  - {at: 0s, disk: {lie: yes}}\n"
    "  - {at: 1s, crash: broker, disk: {lose: unsynced}}\n"
    "  - {at: 2s, start: broker}\n";

TEST(Expect, OneCheckMustBreakAndNoOtherMay)
{
    Played one(std::string(lying_disk) + "expect: {allowed: [S12], broken: S1}\n");
    Played more(std::string(lying_disk) + "expect: {broken: S1}\n");
    Played none(base + "expect: {broken: S1}\n");
    Played other(std::string(lying_disk) + "expect: {allowed: [S1, S12], broken: L1}\n");

    EXPECT_EQ("held", one.verdict());
    EXPECT_EQ("held", one.outcomes()["broken"]);
    ASSERT_EQ(2u, one.broken().size());
    EXPECT_EQ(0u,
              one.broken()[1].find("S1 broken, as is expected here: message p-1 was confirmed"));
    EXPECT_EQ("broken", more.verdict()) << "S12 broke as well";
    EXPECT_EQ("held", more.outcomes()["broken"]);
    EXPECT_EQ("broken", none.verdict());
    EXPECT_EQ("broken", none.outcomes()["broken"]);
    EXPECT_EQ("broken", other.verdict());
}
