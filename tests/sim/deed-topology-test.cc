#include "tests/sim/played.h"

/* The timeline changes the topology, by somebody's hand or by nobody's who is seen. */
namespace {

const std::string fanout = "topology:\n"
                           "  exchanges: {x: {type: fanout}}\n"
                           "  queues: {q: {}, r: {}}\n"
                           "  bindings: [{from: x, to: q}]\n"
                           "clients:\n"
                           "  boss: {role: admin}\n"
                           "  p: {role: producer, publish: {to: x, count: 4, every: 1s}}\n";

} // namespace

TEST(DeedTopology, BindingsComeAndGo)
{
    Played run(fanout + "timeline:\n"
                        "  - {at: 500ms, bind: {from: x, to: r}}\n"
                        "  - {at: 1500ms, unbind: {from: x, to: q}}\n"
                        "expect: {queues: {q: {ready: 2}, r: {ready: 3}}}\n");

    EXPECT_EQ("held", run.verdict());
    EXPECT_EQ(0u, run.count(GMQ_EVENT_CONNECTION_OPENED, "(setup)"));
}

TEST(DeedTopology, QueuesComeAndGo)
{
    Played run(fanout + "timeline:\n"
                        "  - {at: 500ms, declare: {queue: new, max_length: 1}}\n"
                        "  - {at: 500ms, bind: {from: x, to: new, as: boss}}\n"
                        "  - {at: 1500ms, delete: {queue: q}}\n"
                        "  - {at: 2500ms, purge: {queue: new, as: boss}}\n"
                        "expect:\n"
                        "  queues: {new: {ready: 1, dropped: 1, max_ready: 2}, q: {ready: 0}}\n"
                        "  messages: {p-1: {ends_in: dropped}, p-4: {ends_in: new}}\n");

    EXPECT_EQ("held", run.verdict());
    EXPECT_EQ(4u, run.count(GMQ_EVENT_CLIENT_ASKED));
    EXPECT_EQ(2u, run.count(GMQ_EVENT_CLIENT_ASKED, "boss"));
}

TEST(DeedTopology, WhoIsNotConnectedDoesItLater)
{
    Played run(fanout + "timeline: [{at: 0s, declare: {queue: mine, as: boss, exclusive: yes}},\n"
                        "           {at: 2s, stop: boss}]\n");

    EXPECT_EQ(0, run.one(GMQ_EVENT_CLIENT_ASKED)->time_ns);
    EXPECT_LT(0, run.one(GMQ_EVENT_QUEUE_DECLARED, "mine")->time_ns);
    EXPECT_EQ(4u, run.one(GMQ_EVENT_QUEUE_DECLARED, "mine")->count);
    EXPECT_STREQ("exclusive owner left", run.one(GMQ_EVENT_QUEUE_DELETED, "mine")->text);
    EXPECT_EQ("held", run.verdict());
}

TEST(DeedTopology, AClientThatIsRefusedLosesItsChannel)
{
    Played run(fanout + "timeline: [{at: 1s, declare: {queue: q, ttl: 1s, as: boss}}]\n"
                        "expect: {clients: {boss: {closed_with: 406}}}\n");

    EXPECT_EQ("held", run.verdict());
}

TEST(DeedTopology, WhenNobodyIsRefusedTheRunBreaks)
{
    Played run(fanout + "timeline: [{at: 1s, declare: {queue: q, ttl: 1s}}]\n");

    ASSERT_EQ(1u, run.broken().size());
    EXPECT_EQ(0u, run.broken()[0].find("The broker refused what the timeline wants: "
                                       "PRECONDITION_FAILED"));
    EXPECT_EQ("broken", run.verdict());
}

TEST(DeedTopology, WhatNobodyDoesNeedsABroker)
{
    Played run(fanout + "timeline: [{at: 1s, crash: broker}, {at: 2s, purge: {queue: q}}]\n");

    ASSERT_EQ(1u, run.broken().size());
    EXPECT_EQ("The broker refused what the timeline wants: it is not there.", run.broken()[0]);
}
