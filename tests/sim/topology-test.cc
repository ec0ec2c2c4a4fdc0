#include <algorithm>

#include "tests/sim/played.h"

/* Each key of the topology changes what happens, and routes are what the naive matcher says. */
namespace {

using Names = std::vector<std::string>;

/* The queues that message 1 reaches, sorted: an exchange may look at its bindings as it likes. */
Names
queues_of(const std::string &topology, const std::string &publish)
{
    Played run("topology:\n" + topology + "clients: {p: {role: producer, publish: {" + publish +
               "}}}\n");
    Names queues;

    for (const GmqTraceEvent *event : run.events(GMQ_EVENT_ENQUEUED))
        queues.push_back(event->who);
    std::sort(queues.begin(), queues.end());
    EXPECT_EQ("held", run.verdict());
    return queues;
}

const std::string three = "  queues: {a: {}, b: {}, c: {}}\n";

} // namespace

TEST(Topology, StandsBeforeAnybodyActs)
{
    Played run("topology: {queues: {q: {}}}\n"
               "clients: {p: {role: producer, publish: {to: default, key: q}}}\n"
               "timeline: [{at: 0s, say: Now.}]\n");

    EXPECT_EQ(0, run.one(GMQ_EVENT_QUEUE_DECLARED)->time_ns);
    EXPECT_LT(run.one(GMQ_EVENT_QUEUE_DECLARED)->number, run.one(GMQ_EVENT_CLIENT_ADDED)->number);
    EXPECT_LT(run.one(GMQ_EVENT_CLIENT_ADDED)->number, run.one(GMQ_EVENT_CAPTION)->number);
    EXPECT_LT(run.one(GMQ_EVENT_CAPTION)->number, run.one(GMQ_EVENT_CLIENT_STARTED)->number);
}

TEST(Topology, WhoDeclaresItIsNotSeen)
{
    Played run("topology: {queues: {q: {}}}\n");

    EXPECT_EQ(0u, run.count(GMQ_EVENT_CONNECTION_OPENED));
    EXPECT_EQ(0u, run.count(GMQ_EVENT_CHANNEL_OPENED));
    EXPECT_EQ(0u, run.count(GMQ_EVENT_CLIENT_CLOSED));
}

TEST(Topology, FlagsAreDeclared)
{
    Played run("topology:\n"
               "  exchanges:\n"
               "    x: {type: topic, durable: yes}\n"
               "    y: {type: topic, auto_delete: yes}\n"
               "    z: {type: headers, internal: yes}\n"
               "  queues: {q: {durable: yes}, r: {auto_delete: yes}}\n");

    EXPECT_EQ(1u, run.one(GMQ_EVENT_EXCHANGE_DECLARED, "x")->count);
    EXPECT_EQ(2u, run.one(GMQ_EVENT_EXCHANGE_DECLARED, "y")->count);
    EXPECT_EQ(4u, run.one(GMQ_EVENT_EXCHANGE_DECLARED, "z")->count);
    EXPECT_STREQ("headers", run.one(GMQ_EVENT_EXCHANGE_DECLARED, "z")->text);
    EXPECT_EQ(1u, run.one(GMQ_EVENT_QUEUE_DECLARED, "q")->count);
    EXPECT_EQ(2u, run.one(GMQ_EVENT_QUEUE_DECLARED, "r")->count);
}

TEST(Topology, ADirectExchangeComparesKeys)
{
    std::string topology = "  exchanges: {x: {type: direct}}\n" + three +
                           "  bindings: [{from: x, to: a, key: one}, {from: x, to: b, key: two}]\n";

    EXPECT_EQ(Names{"a"}, queues_of(topology, "to: x, key: one"));
    EXPECT_EQ(Names{}, queues_of(topology, "to: x, key: on"));
}

TEST(Topology, AFanoutExchangeTakesEveryBinding)
{
    EXPECT_EQ((Names{"a", "c"}),
              queues_of("  exchanges: {x: {type: fanout}}\n" + three +
                            "  bindings: [{from: x, to: a, key: one}, {from: x, to: c}]\n",
                        "to: x, key: other"));
}

TEST(Topology, ATopicExchangeMatchesWords)
{
    std::string topology = "  exchanges: {x: {type: topic}}\n" + three +
                           "  bindings: [{from: x, to: a, key: \"*.b\"}, {from: x, to: b, "
                           "key: \"a.#\"}, {from: x, to: c, key: \"#.b.#\"}]\n";

    EXPECT_EQ((Names{"a", "b", "c"}), queues_of(topology, "to: x, key: a.b"));
    EXPECT_EQ(Names{"b"}, queues_of(topology, "to: x, key: a"));
    EXPECT_EQ(Names{"c"}, queues_of(topology, "to: x, key: x.y.b.z"));
    EXPECT_EQ(Names{}, queues_of(topology, "to: x"));
}

TEST(Topology, AHeadersExchangeMatchesAllOrAny)
{
    std::string topology =
        "  exchanges: {x: {type: headers}}\n" + three +
        "  bindings: [{from: x, to: a, match: all, headers: {k: 1, l: yes}},\n"
        "             {from: x, to: b, match: any, headers: {k: 1, l: yes}}, {from: x, to: c}]\n";

    EXPECT_EQ((Names{"a", "b", "c"}), queues_of(topology, "to: x, headers: {k: 1, l: yes}"));
    EXPECT_EQ((Names{"b", "c"}), queues_of(topology, "to: x, headers: {k: 1, l: no}"));
    EXPECT_EQ(Names{"c"}, queues_of(topology, "to: x"));
}

TEST(Topology, ExchangesLeadToExchangesInCirclesToo)
{
    EXPECT_EQ((Names{"a", "b"}),
              queues_of("  exchanges: {x: {type: fanout}, y: {type: fanout}}\n" + three +
                            "  bindings: [{from: x, to: y}, {from: y, to: x}, {from: x, to: a},\n"
                            "             {from: y, to: a}, {from: y, to: b}]\n",
                        "to: x"));
}

TEST(Topology, AnAlternateGetsWhatHasNoRoute)
{
    std::string topology = "  exchanges: {x: {type: direct, alternate: y}, y: {type: fanout}}\n" +
                           three + "  bindings: [{from: x, to: a, key: k}, {from: y, to: b}]\n";

    EXPECT_EQ(Names{"a"}, queues_of(topology, "to: x, key: k"));
    EXPECT_EQ(Names{"b"}, queues_of(topology, "to: x, key: other, mandatory: yes"));
}

TEST(Topology, PredeclaredExchangesCanBeBound)
{
    EXPECT_EQ(Names{"a"},
              queues_of(three + "  bindings: [{from: amq.fanout, to: a}]\n", "to: amq.fanout"));
}

TEST(Topology, AnAutoDeleteExchangeGoesWithItsLastBinding)
{
    Played run("topology:\n"
               "  exchanges: {x: {type: fanout, auto_delete: yes}, y: {type: fanout}}\n"
               "  queues: {q: {auto_delete: yes}}\n"
               "  bindings: [{from: x, to: q}, {from: y, to: q}]\n"
               "clients:\n"
               "  c: {role: consumer, from: q}\n"
               "  p: {role: producer, start: 2s, publish: {to: y, mandatory: yes}}\n"
               "timeline: [{at: 1s, stop: c}]\n");

    EXPECT_STREQ("x", run.one(GMQ_EVENT_EXCHANGE_DELETED)->who);
    EXPECT_EQ(1u, run.totals().returned) << "y is still there, and has no queue any more";
    EXPECT_EQ("held", run.verdict());
}

TEST(Topology, CopiesOfAFanOutAreNamedAfterTheirQueues)
{
    Played run("topology:\n"
               "  exchanges: {x: {type: fanout}}\n" +
               three +
               "  bindings: [{from: x, to: a}, {from: x, to: b}]\n"
               "clients:\n"
               "  p: {role: producer, publish: {to: x}}\n"
               "  k: {role: consumer, from: b, work: 10ms}\n");

    EXPECT_STREQ("p-1", run.one(GMQ_EVENT_PUBLISHED)->message);
    EXPECT_STREQ("p-1", run.events(GMQ_EVENT_ROUTED)[0]->message);
    EXPECT_EQ((Names{"p-1@a", "p-1@b"}), run.messages(GMQ_EVENT_ENQUEUED));
    EXPECT_STREQ("p-1@b", run.one(GMQ_EVENT_DELIVERED)->message);
    EXPECT_STREQ("p-1@b", run.one(GMQ_EVENT_CLIENT_RECEIVED)->message);
    EXPECT_STREQ("p-1@b", run.one(GMQ_EVENT_CLIENT_FINISHED)->message);
    EXPECT_STREQ("p-1@b", run.one(GMQ_EVENT_ACKED)->message);
}

TEST(Topology, EveryEventButTheFirstKnowsItsCause)
{
    Played run("topology: {queues: {q: {}}}\n"
               "clients:\n"
               "  p: {role: producer, publish: {to: default, key: q, body: x}, confirms: {}}\n"
               "  c: {role: consumer, from: q, work: 10ms}\n");
    auto cause_of = [&](GmqEventKind kind) {
        return gmq_event_info(gmq_trace_event(run.trace(), run.one(kind)->cause)->kind)->kind;
    };

    EXPECT_STREQ("client.publish", cause_of(GMQ_EVENT_PUBLISHED));
    EXPECT_STREQ("publish", cause_of(GMQ_EVENT_ENQUEUED));
    EXPECT_STREQ("enqueue", cause_of(GMQ_EVENT_DELIVERED));
    EXPECT_STREQ("deliver", cause_of(GMQ_EVENT_CLIENT_RECEIVED));
    EXPECT_STREQ("client.receive", cause_of(GMQ_EVENT_CLIENT_FINISHED));
    EXPECT_STREQ("client.finish", cause_of(GMQ_EVENT_ACKED));
    EXPECT_STREQ("confirm", cause_of(GMQ_EVENT_CLIENT_CONFIRMED));
    EXPECT_STREQ("client.publish", cause_of(GMQ_EVENT_CONFIRMED));
    for (const GmqTraceEvent *opened : run.events(GMQ_EVENT_CONNECTION_OPENED))
        EXPECT_EQ(GMQ_EVENT_CLIENT_STARTED, gmq_trace_event(run.trace(), opened->cause)->kind);
}

/* ---- exchanges that hold back, and what is wrong of them ---- */

static std::string
error_of(const std::string &rest)
{
    std::string text        = "glassmq: 1\ntitle: T\nstop: 5s\n" + rest;
    g_autoptr(GError) error = nullptr;

    gmq_scenario_free(gmq_scenario_parse("t.yaml", text.data(), text.size(), &error));
    return error == nullptr ? "" : error->message;
}

static void
expect_error(const std::string &rest, const char *words)
{
    EXPECT_NE(std::string::npos, error_of(rest).find(words)) << error_of(rest);
}

TEST(Delayed, TheTypeThatRoutesIsSaidForThemAlone)
{
    expect_error("topology: {exchanges: {x: {type: x-delayed-message}}}\n",
                 "An x-delayed-message needs \"delayed_type\"");
    expect_error("timeline: [{at: 1s, declare: {exchange: x, type: x-delayed-message}}]\n",
                 "An x-delayed-message needs \"delayed_type\"");
    expect_error("topology: {exchanges: {x: {type: fanout, delayed_type: direct}}}\n",
                 "\"delayed_type\" needs \"type: x-delayed-message\".");
    expect_error("topology: {exchanges: {x: {type: x-delayed-message, delayed_type: fanot}}}\n",
                 "Did you mean \"fanout\"?");
}

TEST(Delayed, ARuleDelaysWhatItForwardsByWholeMs)
{
    const std::string worker = "topology: {queues: {q: {}}}\n"
                               "clients: {w: {role: consumer, from: q, rules: ";

    expect_error(worker + "[{do: ack, delay: 1s}]}}\n", "\"delay\" needs \"do: forward\".");
    expect_error(worker + "[{do: forward, to: default, delay: 1500us}]}}\n",
                 "A delay is in whole ms");
    EXPECT_EQ("", error_of(worker + "[{do: forward, to: default, key: k, delay: 1s}]}}\n"));
}
