#include "lessons/mistake.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/run.h"

/* What is asked of a client stands in one scenario, and another one is played, in which the client
 * does something else: the simulator makes the mistakes of programs, too. */
namespace {

using Sentences = std::vector<std::string>;

const std::string receiving = R"(glassmq: 1
title: A worker
stop: 8s
topology:
  queues:
    tasks: {}
    done: {}
clients:
  boss:
    role: producer
    publish: {to: default, key: tasks, body: "task {n} ..", count: 3, every: 100ms}
    confirms: {window: 3, timeout: 700ms, then: republish}
  worker:
    role: consumer
    from: tasks
    ack: manual
    prefetch: 1
    work: per dot 100ms
    rules:
      - {do: forward, to: default, key: done}
)";

const std::string sending = R"(glassmq: 1
title: A sender
stop: 8s
topology:
  queues:
    orders: {max_length: 9, overflow: reject-publish}
clients:
  sender:
    role: producer
    publish: {to: default, key: orders, body: "order {n}", count: 4, persistent: yes}
    confirms: {window: 1, timeout: 1s, then: republish}
)";

std::string
with(std::string text, const std::string &from, const std::string &to)
{
    size_t place = text.find(from);

    EXPECT_NE(place, std::string::npos) << from;
    return place == std::string::npos ? text : text.replace(place, from.size(), to);
}

GmqScenario *
read(const std::string &text)
{
    g_autoptr(GError) error = nullptr;
    GmqScenario *scenario   = gmq_scenario_parse("t.yaml", text.data(), text.size(), &error);

    EXPECT_NE(scenario, nullptr) << (error == nullptr ? "" : error->message);
    return scenario;
}

/* The mistakes of the client of that name, when played is what it does. */
Sentences
find(const std::string &asked, const std::string &played, const char *name, bool is_over = true)
{
    g_autoptr(GmqScenario) plan   = read(asked);
    g_autoptr(GmqScenario) world  = read(played);
    g_autoptr(GmqTrace) trace     = gmq_run_record(world, 1);
    g_autoptr(GmqHistory) history = gmq_history_new(gmq_scenario_find_client(plan, name), trace);
    g_autoptr(GPtrArray) mistakes = gmq_mistakes_find(history, is_over);
    Sentences found;

    for (unsigned i = 0; i < mistakes->len; i++)
        found.push_back(static_cast<const char *>(mistakes->pdata[i]));
    return found;
}

/* How the first one begins; the whole list when there is none of that kind. */
void
expect_worker(const std::string &from, const std::string &to, const std::string &beginning)
{
    Sentences found = find(receiving, with(receiving, from, to), "worker");

    ASSERT_FALSE(found.empty()) << beginning;
    EXPECT_EQ(found[0].substr(0, beginning.size()), beginning);
}

void
expect_sender(const std::string &from, const std::string &to, const std::string &beginning,
              const std::string &more = "")
{
    Sentences found = find(sending, with(sending, from, to) + more, "sender");

    ASSERT_FALSE(found.empty()) << beginning;
    EXPECT_EQ(found[0].substr(0, beginning.size()), beginning);
}

} // namespace

TEST(Mistake, ThereAreNoneInWhatWasAsked)
{
    EXPECT_EQ(find(receiving, receiving, "worker"), Sentences());
    EXPECT_EQ(find(sending, sending, "sender"), Sentences());
}

TEST(Mistake, NoAcks)
{
    expect_worker(
        "    ack: manual\n    prefetch: 1", "    ack: auto",
        "It does not ask for acks: the broker forgot boss-1 (\"task 1 ..\") as soon as it "
        "was sent (event ");
}

TEST(Mistake, NeverAcks)
{
    expect_worker("ack: manual", "ack: never", "It never acks: it got boss-1 (\"task 1 ..\") at ");
}

TEST(Mistake, WhatIsMissingMayStillComeBeforeTheEnd)
{
    EXPECT_EQ(find(receiving, with(receiving, "ack: manual", "ack: never"), "worker", false),
              Sentences());
}

TEST(Mistake, AcksWithoutAResult)
{
    expect_worker("do: forward, to: default, key: done", "do: ack",
                  "It acks too early: boss-1 (\"task 1 ..\") was acked at event ");
}

TEST(Mistake, AcksBeforeTheWorkIsDone)
{
    std::string quick = with(receiving, "do: forward, to: default, key: done", "do: ack");
    Sentences found =
        find(receiving, with(quick, "work: per dot 100ms", "work: per dot 1ms"), "worker");

    ASSERT_EQ(found.size(), 1u);
    EXPECT_NE(found[0].find("was acked 2 ms after it came (event "), std::string::npos) << found[0];
    EXPECT_NE(found[0].find("before its work of 200 ms was done."), std::string::npos) << found[0];
}

TEST(Mistake, DoesNotWork)
{
    expect_worker("per dot 100ms", "per dot 1ms",
                  "It does not do the work: the result of boss-1 (\"task 1 ..\") came after 2 ms");
}

TEST(Mistake, TakesTooMany)
{
    expect_worker("prefetch: 1", "prefetch: 0", "It takes too many at a time: with boss-2 (event ");
}

TEST(Mistake, RequeuesForEver)
{
    expect_worker("    rules:\n", "    rules:\n      - {if: n == 2, do: requeue}\n",
                  "It requeues for ever: boss-2 (\"task 2 ..\") went back into the queue ");
}

TEST(Mistake, AcksWhatItShouldReject)
{
    std::string asked =
        with(receiving, "    rules:\n", "    rules:\n      - {if: n == 2, do: reject}\n");
    Sentences found = find(asked, receiving, "worker");

    EXPECT_EQ(find(asked, asked, "worker"), Sentences());
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found[0].find("It acks what it should reject: with the ack of boss-2"), 0u)
        << found[0];
}

TEST(Mistake, DoesAgainWhatItHasDone)
{
    std::string twice = receiving + "timeline:\n"
                                    "  - when: {message: boss-2, is: published}\n"
                                    "    cut: boss\n"
                                    "    only: from broker\n"
                                    "    for: 1500ms\n";
    std::string asked = with(twice, "    rules:\n", "    dedupe: by message-id\n    rules:\n");
    Sentences found   = find(asked, twice, "worker");

    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found[0].find("It does not know what it has done: boss-2 (\"task 2 ..\") came again"),
              0u)
        << found[0];
}

TEST(Mistake, DoesNotNoticeADeadConnection)
{
    std::string dead = receiving + "timeline:\n"
                                   "  - at: 2s\n"
                                   "    reset: worker\n"
                                   "    side: broker\n";
    Sentences found  = find(dead, dead, "worker");

    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].find("It does not notice that its connection is dead"), 0u) << found[0];
}

TEST(Mistake, NeverAsksForMessages)
{
    std::string idle =
        with(receiving, "  worker:\n    role: consumer", "  other:\n    role: consumer");
    Sentences found = find(receiving, idle + "  worker: {role: admin}\n", "worker");

    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].find("It never asks for messages"), 0u) << found[0];
}

TEST(Mistake, NoConfirms)
{
    expect_sender("    confirms: {window: 1, timeout: 1s, then: republish}\n", "",
                  "It asks for no confirms: \"order 1\" (sender-1, event ");
}

TEST(Mistake, NotPersistent)
{
    expect_sender(", persistent: yes", "",
                  "It sends messages that are not persistent: \"order 1\" (sender-1, event ");
}

TEST(Mistake, SendsTooFew)
{
    expect_sender("count: 4", "count: 3", "It never sends \"order 4\".");
}

TEST(Mistake, IgnoresANack)
{
    std::string full = with(sending, "max_length: 9", "max_length: 2");
    Sentences found  = find(full, with(full, "then: republish", "then: ignore"), "sender");

    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].find("It ignores a nack: the broker refused \"order 3\" (sender-3, event "),
              0u)
        << found[0];
}

TEST(Mistake, GivesAMessageUp)
{
    expect_sender(
        "then: republish", "then: ignore",
        "It gives up a message: no confirm of \"order 1\" (sender-1, sent at event ",
        "timeline: [{when: {message: sender-1, is: published}, cut: sender, only: from broker}]\n");
}
