#include "tests/sim/played.h"

#include "core/wire/table.h"
#include "sim/finish.h"
#include "sim/rule.h"

/* Which message a rule fits, and what a client does then. */
namespace {

using Names = std::vector<std::string>;

/* One producer, one consumer with these rules, and queues for what is sent on. */
std::string
with_rules(const std::string &rules, const std::string &publish = "", const std::string &keys = "")
{
    return "topology: {exchanges: {x: {type: fanout}}, queues: {q: {}, other: {}, both: {}},\n"
           "           bindings: [{from: x, to: both}]}\n"
           "clients:\n"
           "  p: {role: producer, publish: {to: default, key: q, count: 4" +
           publish +
           "}}\n"
           "  c: {role: consumer, from: q, rules: [" +
           rules + "]" + keys + "}\n";
}

/* What became of the messages, in the order in which they were finished. */
Names
ends(const Played &run)
{
    Names found;
    for (const GmqTraceEvent *event : run.events(GMQ_EVENT_CLIENT_FINISHED, "c"))
        found.push_back(std::string(event->message) + " " + event->text);
    return found;
}

/* Which of the four messages are rejected when they fit the condition. */
Names
fitting(const std::string &condition, const std::string &publish = "")
{
    Played run(with_rules("{if: '" + condition + "', do: reject}", publish));
    Names found;

    for (const std::string &end : ends(run)) {
        if (end.find("reject") != std::string::npos)
            found.push_back(end.substr(0, 3));
    }
    return found;
}

const std::string with_headers =
    ", messages: [{n: 1, headers: {a: 7, b: yes, c: red}}, {n: 2, headers: {a: 8, b: no, c: blue}},"
    " {n: 3, headers: {a: nine}}]";

} // namespace

TEST(Rule, ComparesTheNumberOfTheMessage)
{
    EXPECT_EQ(Names{"p-3"}, fitting("n == 3"));
    EXPECT_EQ((Names{"p-1", "p-2", "p-4"}), fitting("n != 3"));
    EXPECT_EQ((Names{"p-1", "p-2"}), fitting("n < 3"));
    EXPECT_EQ((Names{"p-1", "p-2", "p-3"}), fitting("n <= 3"));
    EXPECT_EQ(Names{"p-4"}, fitting("n > 3"));
    EXPECT_EQ((Names{"p-3", "p-4"}), fitting("n>=3"));
}

TEST(Rule, ComparesHeadersByTheirKind)
{
    EXPECT_EQ(Names{"p-1"}, fitting("header.a == 7", with_headers));
    EXPECT_EQ(Names{"p-2"}, fitting("header.a > 7", with_headers));
    EXPECT_EQ(Names{"p-3"}, fitting("header.a == nine", with_headers));
    EXPECT_EQ(Names{"p-1"}, fitting("header.b == yes", with_headers));
    EXPECT_EQ(Names{"p-2"}, fitting("header.b == no", with_headers));
    EXPECT_EQ(Names{"p-2"}, fitting("header.c == \"blue\"", with_headers));
    EXPECT_EQ((Names{"p-1", "p-2"}), fitting("header.c ~ *", with_headers));
}

TEST(Rule, AHeaderThatIsNotThereIsOnlyDifferent)
{
    EXPECT_EQ((Names{"p-3", "p-4"}), fitting("header.b != yes and header.b != no", with_headers));
    EXPECT_EQ(Names{}, fitting("header.z == yes", with_headers));
    EXPECT_EQ(Names{}, fitting("header.z < 100", with_headers));
}

TEST(Rule, ComparesTheKeyWithAPattern)
{
    EXPECT_EQ(4u, fitting("key == q").size());
    EXPECT_EQ(4u, fitting("key ~ #").size());
    EXPECT_EQ(0u, fitting("key ~ q.*").size());
}

TEST(Rule, AllPartsMustFit)
{
    EXPECT_EQ((Names{"p-2", "p-3"}), fitting("n > 1 and n < 4"));
}

TEST(Rule, TheFirstOneThatFitsIsUsed)
{
    Played run(with_rules("{if: n == 1, do: reject}, {if: n <= 2, do: requeue, wait: 1min}"));
    EXPECT_EQ((Names{"p-1 reject"}), ends(run));
}

TEST(Rule, KnowsWhatCameBefore)
{
    Played run(with_rules("{if: redelivered == no, do: requeue}"));

    EXPECT_EQ(4u, run.totals().redelivered);
    EXPECT_EQ(4u, run.totals().processed);
    EXPECT_EQ(0u, run.totals().processed_twice);
}

TEST(Rule, CountsHowOftenAMessageCame)
{
    Played run(with_rules("{if: n == 2 and deliveries < 4, do: requeue}"));

    EXPECT_EQ(4u + 3, run.totals().delivered);
    EXPECT_EQ(3u, run.totals().redelivered);
    EXPECT_EQ("held", run.verdict());
}

/* The header of a dead letter says how often, where and why. */
TEST(Rule, CountsDeaths)
{
    Played run(
        "topology: {queues: {q: {dead_letter: {to: default, key: r}},\n"
        "                    r: {ttl: 1s, dead_letter: {to: default, key: q}}}}\n"
        "clients:\n"
        "  p: {role: producer, publish: {to: default, key: q}}\n"
        "  c: {role: consumer, from: q, rules: [{if: deaths.q.rejected < 3, do: reject}]}\n");

    EXPECT_EQ((Names{"p-1 reject", "p-1 reject", "p-1 reject", "p-1 ack"}), ends(run));
    EXPECT_EQ("held", run.verdict());
}

TEST(Rule, ARejectedMessageIsNeitherDoneNorComesBack)
{
    Played run(with_rules("{do: reject}"));

    EXPECT_EQ(4u, run.totals().delivered);
    EXPECT_EQ(0u, run.totals().processed);
    EXPECT_EQ("held", run.verdict());
}

TEST(Rule, AForwardedMessageKeepsItsNameAndIsAcked)
{
    Played run(
        with_rules("{if: n == 2, do: forward, to: other}, {if: n == 3, do: forward, to: x}") +
        "expect: {processed: 4, queues: {q: {acked: 4}, other: {ready: 1}, both: {ready: 1}},"
        " messages: {p-2: {ends_in: other}, p-3: {ends_in: both}}}\n");

    EXPECT_EQ("held", run.verdict());
    EXPECT_EQ((Names{"p-2", "p-3"}), run.messages(GMQ_EVENT_CLIENT_FORWARDED));
    EXPECT_EQ(4u, run.totals().attempted);
}

/* Whoever gets it next sees the headers that it had, and a new key. */
TEST(Rule, AForwardKeepsHeadersAndMayChangeTheKey)
{
    Played run("topology: {exchanges: {x: {type: topic}}, queues: {q: {}, r: {}},\n"
               "           bindings: [{from: x, to: r, key: a.b}]}\n"
               "clients:\n"
               "  p: {role: producer, publish: {to: default, key: q, mandatory: yes,\n"
               "      headers: {kind: old}}}\n"
               "  c: {role: consumer, from: q, rules: [{do: forward, to: x, key: a.b}]}\n"
               "  d: {role: consumer, from: r, rules: [{if: header.kind == old and key == a.b,\n"
               "      do: reject}]}\n");

    EXPECT_STREQ(GMQ_FINISH_REJECT, run.one(GMQ_EVENT_CLIENT_FINISHED, "d")->text);
    EXPECT_EQ("held", run.verdict());
}

TEST(Rule, ACrashLeavesTheMessageToOthers)
{
    Played run(with_rules("{if: n == 2 and redelivered == no, do: crash}", "", ", prefetch: 1") +
               "timeline: [{when: {client: c, is: closed}, wait: 1s, start: c}]\n");

    EXPECT_EQ(1u, run.count(GMQ_EVENT_FAULT_CRASH, "c"));
    EXPECT_EQ((Names{"p-1 ack", "p-2 crash", "p-2 ack", "p-3 ack", "p-4 ack"}), ends(run));
    EXPECT_EQ(0u, run.totals().processed_twice);
    EXPECT_EQ("held", run.verdict());
}

TEST(Rule, ACloseComesWhenTheWorkIsDoneAndBeforeTheAck)
{
    Played run(with_rules("{if: n == 1 and redelivered == no, do: close}", "",
                          ", reconnect: {after: 1s}"));

    EXPECT_EQ(1u, run.totals().processed_twice);
    EXPECT_EQ(4u, run.totals().processed);
    EXPECT_EQ(0u, run.count(GMQ_EVENT_FAULT_CRASH));
}

TEST(Rule, WhatIsIgnoredStaysUnacked)
{
    Played run(with_rules("{if: n == 3, do: ignore}") + "expect: {queues: {q: {unacked: 1}}}\n");
    EXPECT_EQ("held", run.verdict());
}

TEST(Rule, AWaitIsPartOfTheWork)
{
    Played run(with_rules("{if: n == 1, do: ack, wait: 1s}", "", ", work: 500ms"));
    auto times = run.times(GMQ_EVENT_CLIENT_FINISHED);

    EXPECT_EQ(1500u, run.events(GMQ_EVENT_CLIENT_RECEIVED)[0]->count);
    EXPECT_EQ(500, times[1] - times[0]);
}

/* The line breaks while it works on a message, so that this comes again, done already. */
TEST(Rule, ForwardsWhatWasDoneBeforeAgain)
{
    Played run(with_rules("{do: forward, to: other}", "",
                          ", work: 200ms, dedupe: by message-id, reconnect: {after: 500ms}") +
               "timeline: [{at: 250ms, reset: c}]\n");

    EXPECT_EQ((Names{"p-1 " GMQ_FINISH_ACK, "p-2 " GMQ_FINISH_TOO_LATE, "p-2 " GMQ_FINISH_KNOWN,
                     "p-3 " GMQ_FINISH_ACK, "p-4 " GMQ_FINISH_ACK}),
              ends(run));
    EXPECT_EQ(4u, run.events(GMQ_EVENT_CLIENT_FORWARDED).size());
}

/* ---- as they stand in a file ---- */

namespace {

/* All that is told of a scenario whose line 6 is this rule. */
std::string
errors_of(const std::string &rule, const std::string &keys = "")
{
    g_autoptr(GError) error = NULL;
    std::string text        = "glassmq: 1\ntitle: T\nstop: 1s\ntopology: {queues: {tasks: {}}}\n"
                              "clients: {c: {role: consumer, from: tasks" +
                       keys + ", rules: [\n" + rule + "]}}\n";
    g_autoptr(GmqScenario) scenario =
        gmq_scenario_parse("t.yaml", text.data(), text.size(), &error);

    return scenario == NULL ? error->message : "";
}

struct Wrong {
    const char *name;
    const char *rule;
    const char *keys;
    const char *error;
};

const Wrong wrong[] = {
    {"Deed", "{do: akc}", "",
     "line 6, column 6: \"do\" is one of ack, reject, requeue, forward, crash, ignore, close, not "
     "\"akc\". Did you mean \"ack\"?"},
    {"NoDeed", "{if: n == 1}", "", "line 6, column 1: a rule needs \"do\"."},
    {"Subject", "{if: redeliverd == yes, do: ack}", "",
     "line 6, column 6: A condition asks about header.NAME, key, n, redelivered, deliveries or "
     "deaths.QUEUE.REASON, not about \"redeliverd\". Did you mean \"redelivered\"?"},
    {"Header", "{if: header. == 1, do: ack}", "", "line 6, column 6: A condition asks about"},
    {"Test", "{if: n = 1, do: ack}", "",
     "line 6, column 8: Behind \"n\" comes one of == != < <= > >= ~."},
    {"NoTest", "{if: n, do: ack}", "", "line 6, column 7: Behind \"n\" comes one of"},
    {"NoAnswer", "{if: n ==, do: ack}", "",
     "line 6, column 10: What it is compared with is missing"},
    {"OpenQuote", "{if: 'key == \"q', do: ack}", "",
     "line 6, column 14: The quote that begins here has no end."},
    {"Number", "{if: n == one, do: ack}", "",
     "line 6, column 11: Here stands a whole number, not \"one\"."},
    {"OrderOfTexts", "{if: header.a < red, do: ack}", "",
     "line 6, column 17: Here stands a whole number, not \"red\"."},
    {"Truth", "{if: redelivered == 1, do: ack}", "",
     "line 6, column 21: Here stands yes or no, not \"1\"."},
    {"OrderOfTruths", "{if: redelivered > no, do: ack}", "",
     "line 6, column 18: \"redelivered\" cannot be compared with >."},
    {"PatternOfNumbers", "{if: n ~ 1, do: ack}", "",
     "line 6, column 8: \"n\" cannot be compared with ~."},
    {"Or", "{if: n == 1 or n == 2, do: ack}", "",
     "line 6, column 13: There is no \"or\" in a condition: write two rules."},
    {"Also", "{if: n == 1 & n == 2, do: ack}", "",
     "line 6, column 13: Parts of a condition are joined by \"and\", not by \"&\"."},
    {"Deaths", "{if: deaths.tasks >= 1, do: ack}", "",
     "line 6, column 6: \"deaths.tasks\" is deaths.QUEUE.REASON, such as deaths.tasks.rejected."},
    {"Reason", "{if: deaths.tasks.reject >= 1, do: ack}", "",
     "line 6, column 19: \"reject\" is no reason: there are rejected, expired, maxlen and "
     "delivery_limit. Did you mean \"rejected\"?"},
    {"DeathsQueue", "{if: deaths.task.expired >= 1, do: ack}", "",
     "line 6, column 13: \"task\" is not a queue. Did you mean \"tasks\"?"},
    {"NoTarget", "{do: forward}", "", "line 6, column 1: \"do: forward\" needs \"to\"."},
    {"Target", "{do: forward, to: task}", "",
     "line 6, column 19: \"task\" is not an exchange or a queue. Did you mean \"tasks\"?"},
    {"TargetOfAck", "{do: ack, to: tasks}", "", "line 6, column 15: \"to\" needs \"do: forward\"."},
    {"Later", "{do: ack}, {do: reject}", "",
     "line 6, column 12: This rule is never used: the one above it fits every message."},
    {"Auto", "{do: reject}", ", ack: auto",
     "line 6, column 6: \"do: reject\" is about acks and needs \"ack: manual\"."},
    {"Batch", "{do: ignore}", ", batch: 2",
     "line 6, column 1: \"do: ignore\" and \"batch\" do not go together"},
    {"Dedupe", "{do: close}", ", ack: never, dedupe: by message-id",
     "\"dedupe\" is about acks and needs \"ack: manual\"."},
    {"Priority", "{do: close}", ", priority: high",
     "\"priority\" of a consumer is a whole number from -1000000 to 1000000, not \"high\"."},
};

class WrongRule : public testing::TestWithParam<Wrong> {};

} // namespace

TEST_P(WrongRule, IsToldWithItsPlace)
{
    std::string errors = errors_of(GetParam().rule, GetParam().keys);
    EXPECT_NE(std::string::npos, errors.find(GetParam().error)) << errors;
}

INSTANTIATE_TEST_SUITE_P(Rule, WrongRule, testing::ValuesIn(wrong),
                         [](const testing::TestParamInfo<Wrong> &one) {
                             return std::string(one.param.name);
                         });
