#include "tests/sim/played.h"

/* Clients that ask for messages, that ask and answer, and what befalls those that receive. */
namespace {

using Names = std::vector<std::string>;
using Times = std::vector<int64_t>;

const char *const links = "links: {default: {latency: 10ms}}\n";

/* Three messages, and a client that receives. */
std::string
receiver(const std::string &keys, const std::string &more = "")
{
    return "topology: {queues: {q: {}}}\n"
           "clients:\n"
           "  p: {role: producer, publish: {to: default, key: q, count: 3}}\n"
           "  c: {from: q, " +
           keys + "}\n" + links + more;
}

/* A client that asks three times, and a server. */
std::string
asking(const std::string &client, const std::string &server, const std::string &more = "")
{
    return "topology: {queues: {q: {}}}\n"
           "clients:\n"
           "  a: {role: rpc-client, publish: {to: default, key: q, count: 3, every: 100ms}" +
           client + "}\n  s: {role: rpc-server, from: q" + server + "}\n" + links + more;
}

const GmqClientTally *
tally_of(const Played &run, const char *name)
{
    return gmq_tally_client(gmq_world_tally(run.world), name);
}

} // namespace

/* ---- getters ---- */

TEST(Getter, AsksAgainAfterAWhile)
{
    Played run(receiver("role: getter, every: 1s"));

    EXPECT_EQ((Names{"p-1", "p-2", "p-3"}), run.messages(GMQ_EVENT_CLIENT_RECEIVED, "c"));
    Times times = run.times(GMQ_EVENT_CLIENT_RECEIVED, "c");
    ASSERT_EQ(3u, times.size());
    EXPECT_EQ(1000, times[1] - times[0]);
    EXPECT_EQ(1000, times[2] - times[1]);
    EXPECT_EQ(0u, run.count(GMQ_EVENT_CONSUMER_ADDED));
    EXPECT_EQ("held", run.verdict());
}

TEST(Getter, IsToldThatThereIsNothing)
{
    Played run(receiver("role: getter, every: 1s, start: 1s",
                        "timeline: [{at: 500ms, purge: {queue: q}},\n"
                        "           {at: 3500ms, publish: {as: p, to: default, key: q}}]\n"));

    auto empty = run.events(GMQ_EVENT_CLIENT_EMPTY, "c");
    ASSERT_LE(3u, empty.size());
    EXPECT_EQ(1u, empty[0]->count);
    EXPECT_EQ(3u, empty[2]->count);
    EXPECT_EQ(Names{"p-4"}, run.messages(GMQ_EVENT_CLIENT_RECEIVED, "c"));
}

/* It has one message in hand, however long that takes. */
TEST(Getter, DoesNotAskWhileItWorks)
{
    Played run(receiver("role: getter, every: 10ms, work: 500ms"));

    EXPECT_EQ(1u, tally_of(run, "c")->max_unacked);
    Times times = run.times(GMQ_EVENT_CLIENT_RECEIVED, "c");
    ASSERT_EQ(3u, times.size());
    EXPECT_EQ(520, times[1] - times[0]);
}

TEST(Getter, AutoMeansSettledWhenSent)
{
    Played run(receiver("role: getter, every: 10ms, ack: auto"));

    EXPECT_EQ(0u, run.count(GMQ_EVENT_ACKED));
    EXPECT_EQ(3u, run.totals().processed);
    EXPECT_EQ("held", run.verdict());
}

/* ---- asking and answering ---- */

TEST(Rpc, EachReplyBelongsToItsRequest)
{
    Played run(asking("", ", prefetch: 1"));

    auto replies = run.events(GMQ_EVENT_CLIENT_REPLIED, "a");
    ASSERT_EQ(3u, replies.size());
    for (unsigned i = 0; i < 3; i++) {
        EXPECT_EQ("a-" + std::to_string(i + 1), replies[i]->key);
        EXPECT_EQ("s-" + std::to_string(i + 1), replies[i]->message);
        EXPECT_STREQ(GMQ_REPLY_IN_TIME, replies[i]->text);
    }
    EXPECT_EQ(3u, tally_of(run, "a")->replies);
    EXPECT_EQ("held", run.verdict());
}

TEST(Rpc, AReplyThatComesTooLateIsKnownAsSuch)
{
    Played run(asking(", timeout: 500ms", ", prefetch: 1, work: 300ms"));

    EXPECT_LE(1u, tally_of(run, "a")->late_replies);
    EXPECT_EQ(3u, tally_of(run, "a")->replies + tally_of(run, "a")->late_replies);
    EXPECT_EQ("held", run.verdict());
}

TEST(Rpc, WhoWaitsForTheReplyAsksNothingElse)
{
    std::string keys = asking("", ", prefetch: 1, work: 300ms");
    keys.replace(keys.find("every: 100ms"), strlen("every: 100ms"), "every: after_reply");
    Played run(keys);
    Times sent    = run.times(GMQ_EVENT_CLIENT_SENT, "a");
    Times replied = run.times(GMQ_EVENT_CLIENT_REPLIED, "a");

    ASSERT_EQ(3u, replied.size());
    EXPECT_EQ((Times{sent[0], replied[0], replied[1]}), sent);
    EXPECT_EQ(340, replied[0] - sent[0]);
    EXPECT_EQ("held", run.verdict());
}

TEST(Rpc, WhoGivesUpAReplyAsksTheNextThing)
{
    std::string keys = asking(", timeout: 100ms", ", prefetch: 1, work: 300ms");
    keys.replace(keys.find("every: 100ms"), strlen("every: 100ms"), "every: after_reply");
    Played run(keys);
    Times sent = run.times(GMQ_EVENT_CLIENT_SENT, "a");

    EXPECT_EQ((Times{sent[0], sent[0] + 100, sent[0] + 200}), sent);
    EXPECT_EQ(3u, tally_of(run, "a")->late_replies);
}

/* The request goes back, and is answered by the server that comes again: with another name. */
TEST(Rpc, AServerThatDiesAnswersWhenItIsBack)
{
    Played run(asking("", ", prefetch: 1, work: 200ms",
                      "timeline: [{when: {message: a-2, is: delivered}, wait: 50ms, crash: s,\n"
                      "            for: 500ms}]\n"));

    EXPECT_EQ(3u, tally_of(run, "a")->replies);
    EXPECT_EQ((Names{"s-1", "s-2", "s-3"}), run.messages(GMQ_EVENT_CLIENT_SENT, "s"));
    EXPECT_LE(1u, run.totals().redelivered);
    EXPECT_EQ("held", run.verdict());
}

/* What the timeline lets it send has a name of its own among its answers. */
TEST(Rpc, NoTwoMessagesOfAServerHaveOneName)
{
    Played run(
        asking("", ", prefetch: 1", "timeline: [{at: 150ms, publish: {as: s, to: amq.fanout}}]\n"));

    EXPECT_EQ((Names{"s-1", "s-2", "s-3", "s-4"}), run.messages(GMQ_EVENT_CLIENT_SENT, "s"));
    EXPECT_EQ(3u, tally_of(run, "a")->replies);
    EXPECT_EQ(Names{}, run.broken());
}

/* ---- consumers ---- */

TEST(Consumer, TheOneOfAHigherPriorityComesFirst)
{
    Played run("topology: {queues: {q: {}}}\n"
               "clients:\n"
               "  p: {role: producer, start: 1s, publish: {to: default, key: q, count: 3}}\n"
               "  low: {role: consumer, from: q, priority: -1}\n"
               "  high: {role: consumer, from: q, priority: 5, prefetch: 2, ack: never}\n" +
               std::string(links));

    EXPECT_EQ((Names{"p-1", "p-2"}), run.messages(GMQ_EVENT_CLIENT_RECEIVED, "high"));
    EXPECT_EQ(Names{"p-3"}, run.messages(GMQ_EVENT_CLIENT_RECEIVED, "low"));
    EXPECT_EQ("held", run.verdict());
}

/* The connection ends after the work and before the ack: it is done once, and acked at last. */
TEST(Consumer, DedupeRemembersOverAReconnection)
{
    const std::string keys = "role: consumer, prefetch: 1, work: 100ms, reconnect: {after: 50ms},\n"
                             "      rules: [{if: redelivered == no and n == 2, do: close}]";
    Played twice(receiver(keys));
    Played once(receiver(keys + ", dedupe: by message-id"));

    EXPECT_EQ(1u, twice.totals().processed_twice);
    EXPECT_EQ(0u, once.totals().processed_twice);
    EXPECT_EQ(3u, once.totals().processed);
    EXPECT_EQ(2u, tally_of(once, "c")->connections);
    EXPECT_EQ("held", once.verdict());
}

TEST(Consumer, DedupeRemembersOverACrash)
{
    Played run(receiver("role: consumer, prefetch: 1, work: 100ms, dedupe: by message-id,\n"
                        "      rules: [{if: redelivered == no and n == 2, do: close}]",
                        "timeline: [{when: {client: c, is: closed}, crash: c, for: 300ms}]\n"));

    EXPECT_EQ(0u, run.totals().processed_twice);
    EXPECT_EQ(3u, run.totals().processed);
    EXPECT_EQ("held", run.verdict());
}

TEST(Consumer, ConsumesAnewWhenItsQueueIsBack)
{
    const char *const timeline =
        "timeline: [{at: 1s, delete: {queue: q}}, {at: 1500ms, declare: {queue: q}},\n"
        "           {at: 3s, publish: {as: p, to: default, key: q}}]\n";
    Played deaf(receiver("role: consumer", timeline));
    Played alert(receiver("role: consumer, reconnect: {after: 1s}", timeline));

    EXPECT_EQ(1u, deaf.count(GMQ_EVENT_CLIENT_CANCELLED, "c"));
    EXPECT_EQ(3u, deaf.count(GMQ_EVENT_CLIENT_RECEIVED, "c"));
    EXPECT_EQ(1u, alert.count(GMQ_EVENT_CLIENT_CANCELLED, "c"));
    EXPECT_EQ(4u, alert.count(GMQ_EVENT_CLIENT_RECEIVED, "c"));
    EXPECT_EQ(1u, tally_of(alert, "c")->connections);
    EXPECT_EQ("held", alert.verdict());
}

/* ---- refused ---- */

/* What a full queue refuses is sent again until there is room. */
TEST(Producer, SendsAgainWhatAFullQueueRefuses)
{
    Played run("topology: {queues: {q: {max_length: 1, overflow: reject-publish}}}\n"
               "clients:\n"
               "  p:\n"
               "    role: producer\n"
               "    publish: {to: default, key: q, count: 4}\n"
               "    confirms: {window: 1, then: republish}\n"
               "  c: {role: consumer, from: q, prefetch: 1, work: 50ms}\n" +
               std::string(links));

    EXPECT_LE(1u, run.totals().nacked);
    EXPECT_LE(1u, run.count(GMQ_EVENT_CLIENT_NACKED, "p"));
    EXPECT_EQ(4u, run.totals().confirmed);
    EXPECT_EQ(4u, run.totals().processed);
    EXPECT_EQ("held", run.verdict());
}
