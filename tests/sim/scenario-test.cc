#include "sim/scenario.h"

#include <gtest/gtest.h>

#include "tests/sim/shipped.h"

namespace {

GmqScenario *
parse(const std::string &text)
{
    g_autoptr(GError) error = NULL;
    GmqScenario *scenario   = gmq_scenario_parse("x.yaml", text.data(), text.size(), &error);

    EXPECT_EQ(nullptr, error) << error->message;
    return scenario;
}

const std::string start = "glassmq: 1\n"
                          "title: T\n"
                          "stop: 5s\n";

/* Line 4 and the lines below are the test's own. */
const std::string queues = start + "topology:\n"
                                   "  exchanges:\n"
                                   "    logs: {type: fanout}\n"
                                   "  queues:\n"
                                   "    tasks: {}\n"
                                   "    audit:\n"
                                   "clients:\n"
                                   "  p1:\n"
                                   "    role: producer\n"
                                   "    publish: {to: default, key: tasks, count: 3}\n"
                                   "  w:\n"
                                   "    role: consumer\n"
                                   "    copies: 2\n"
                                   "    from: tasks\n";

const GmqClientSpec *
client_of(const GmqScenario *scenario, unsigned index)
{
    return static_cast<const GmqClientSpec *>(scenario->clients->pdata[index]);
}

const GmqTimelineEntry *
entry_of(const GmqScenario *scenario, unsigned index)
{
    return static_cast<const GmqTimelineEntry *>(scenario->timeline->pdata[index]);
}

/* The first thing that an entry does. */
const GmqDeed *
deed_of(const GmqTimelineEntry *entry)
{
    return static_cast<const GmqDeed *>(entry->deeds->pdata[0]);
}

const GmqLinkSpec &
link_of(const GmqScenario *scenario, unsigned index)
{
    return g_array_index(scenario->links, GmqLinkSpec, index);
}

} // namespace

/* ---- what is read ---- */

class Shipped : public testing::TestWithParam<std::string> {};

TEST_P(Shipped, ScenarioIsRead)
{
    g_autoptr(GError) error         = NULL;
    std::string path                = source_path("scenarios/" + GetParam());
    g_autoptr(GmqScenario) scenario = gmq_scenario_load(path.c_str(), &error);

    ASSERT_NE(nullptr, scenario) << error->message;
    EXPECT_NE(nullptr, scenario->about);
    EXPECT_GT(scenario->timeline->len, 0u);
    EXPECT_GT(scenario->expectations->len, 0u);
}

/* A caption must fit on a projector: three lines of 60 characters. */
TEST_P(Shipped, CaptionsAreShort)
{
    std::string path                = source_path("scenarios/" + GetParam());
    g_autoptr(GmqScenario) scenario = gmq_scenario_load(path.c_str(), NULL);

    for (unsigned i = 0; i < scenario->timeline->len; i++) {
        const char *say = entry_of(scenario, i)->say;
        if (say == NULL)
            continue;

        std::istringstream words(say);
        std::string word;
        size_t lines = 1, column = 0;
        while (words >> word) {
            auto size = static_cast<size_t>(g_utf8_strlen(word.c_str(), -1));
            if (column > 0 && column + 1 + size > 60) {
                lines++;
                column = 0;
            }
            column += size + (column > 0 ? 1 : 0);
        }
        EXPECT_LE(lines, 3u) << say;
    }
}

INSTANTIATE_TEST_SUITE_P(Scenario, Shipped, testing::ValuesIn(shipped_scenarios()),
                         [](const testing::TestParamInfo<std::string> &test) {
                             return test_name(test.param);
                         });

TEST(Scenario, TakesItsNameFromTheFile)
{
    std::string text = start;
    g_autoptr(GmqScenario) scenario =
        gmq_scenario_parse("a/b/07-x.yaml", text.data(), text.size(), NULL);
    EXPECT_STREQ("07-x", scenario->name);
    EXPECT_STREQ(text.c_str(), scenario->text);
}

TEST(Scenario, ThatIsCalledScenarioHasTheNameOfItsFolder)
{
    std::string text             = start;
    const char *const names[][2] = {
        {"a/05-ack/scenario.yaml", "05-ack"}, {"a/05-ack/scenario.ko.yaml", "05-ack"},
        {"scenario.yaml", "scenario"},        {"../scenario.yml", "scenario"},
        {"/scenario.yaml", "scenario"},       {"a/scenarios.yaml", "scenarios"}};

    for (const auto &name : names) {
        g_autoptr(GmqScenario) scenario =
            gmq_scenario_parse(name[0], text.data(), text.size(), NULL);
        EXPECT_STREQ(name[1], scenario->name) << name[0];
    }
}

TEST(Scenario, HasDefaults)
{
    g_autoptr(GmqScenario) scenario = parse(queues);
    const GmqClientSpec *producer   = client_of(scenario, 0);
    const GmqClientSpec *consumer   = client_of(scenario, 1);

    EXPECT_EQ(1u, scenario->seed);
    EXPECT_EQ(INT64_C(1767225600000), scenario->epoch_ms);
    EXPECT_EQ(INT64_C(60000000000), scenario->broker.heartbeat_ns);
    EXPECT_EQ(0u, producer->window);
    EXPECT_EQ(-1, producer->reconnect_ns);
    EXPECT_EQ(GMQ_ACK_MANUAL, consumer->ack);
    EXPECT_EQ(0u, consumer->prefetch);
    EXPECT_EQ(1u, consumer->batch);
    EXPECT_EQ(1000000, link_of(scenario, 0).latency_ns);
    EXPECT_EQ(262144u, link_of(scenario, 0).buffer);
}

TEST(Scenario, CopiesAreNumberedAndKeepTheirOrder)
{
    g_autoptr(GmqScenario) scenario = parse(queues);

    ASSERT_EQ(3u, scenario->clients->len);
    EXPECT_STREQ("p1", client_of(scenario, 0)->name);
    EXPECT_STREQ("w1", client_of(scenario, 1)->name);
    EXPECT_STREQ("w2", client_of(scenario, 2)->name);
    EXPECT_STREQ("w", client_of(scenario, 2)->family);
    EXPECT_EQ(2u, client_of(scenario, 2)->index);
}

TEST(Scenario, TheMoreALinkLineKnowsTheMoreItCounts)
{
    g_autoptr(GmqScenario) scenario = parse(queues + "links:\n"
                                                     "  w2: {latency: 4ms}\n"
                                                     "  broker to w: {latency: 5ms}\n"
                                                     "  w: {latency: 3ms, jitter: 1ms}\n"
                                                     "  default: {latency: 2ms, rate: 1Mbit/s}\n");

    EXPECT_EQ(2000000, link_of(scenario, 0).latency_ns) << "p1 to broker";
    EXPECT_EQ(3000000, link_of(scenario, 2).latency_ns) << "w1 to broker";
    EXPECT_EQ(5000000, link_of(scenario, 3).latency_ns) << "broker to w1";
    EXPECT_EQ(4000000, link_of(scenario, 4).latency_ns) << "w2 to broker";
    EXPECT_EQ(5000000, link_of(scenario, 5).latency_ns) << "broker to w2";
    EXPECT_EQ(1000000, link_of(scenario, 4).jitter_ns);
    EXPECT_EQ(1000000u, link_of(scenario, 4).rate);
}

TEST(Scenario, TimelineEntriesKeepTriggerAndActions)
{
    g_autoptr(GmqScenario) scenario =
        parse(queues + "timeline:\n"
                       "  - at: 1s\n"
                       "    cut: all\n"
                       "    only: to broker\n"
                       "    for: 2s\n"
                       "  - after: 100ms\n"
                       "    say: Hello.\n"
                       "  - when: {queue: tasks, has: 3 ready}\n"
                       "    wait: 5ms\n"
                       "    times: every\n"
                       "    crash: w1\n"
                       "  - when: {message: p1-2@audit, is: enqueued}\n"
                       "    pause: yes\n"
                       "    ask: {question: Why?, choices: [a, b], answer: b, because: So.}\n");
    const GmqTimelineEntry *cut = entry_of(scenario, 0);
    const GmqTimelineEntry *say = entry_of(scenario, 1);
    const GmqTimelineEntry *at  = entry_of(scenario, 2);
    const GmqTimelineEntry *ask = entry_of(scenario, 3);

    EXPECT_EQ(GMQ_TRIGGER_AT, cut->trigger);
    EXPECT_EQ(INT64_C(1000000000), cut->time_ns);
    EXPECT_EQ(GMQ_DEED_CUT, deed_of(cut)->kind);
    EXPECT_STREQ("all", deed_of(cut)->name);
    EXPECT_EQ(INT64_C(2000000000), cut->for_ns);
    EXPECT_EQ(GMQ_TRIGGER_AFTER, say->trigger);
    EXPECT_EQ(INT64_C(100000000), say->time_ns);
    EXPECT_EQ(0u, say->deeds->len);
    EXPECT_STREQ("Hello.", say->say);
    EXPECT_EQ(GMQ_TRIGGER_QUEUE, at->trigger);
    EXPECT_EQ(GMQ_HAS_READY, at->is);
    EXPECT_EQ(3u, at->number);
    EXPECT_EQ(INT64_C(5000000), at->wait_ns);
    EXPECT_EQ(UINT64_MAX, at->times);
    EXPECT_EQ(GMQ_DEED_CRASH, deed_of(at)->kind);
    EXPECT_STREQ("w1", deed_of(at)->name);
    EXPECT_STREQ("p1-2@audit", ask->name);
    EXPECT_TRUE(ask->pause);
    EXPECT_STREQ("b", ask->ask->answer);
    EXPECT_EQ(1u, ask->times);
}

TEST(Scenario, HeadersKeepTheirTypes)
{
    g_autoptr(GmqScenario) scenario =
        parse(start + "topology:\n"
                      "  exchanges: {h: {type: headers}}\n"
                      "  queues: {q: {}}\n"
                      "  bindings:\n"
                      "    - from: h\n"
                      "      to: q\n"
                      "      headers: {a: yes, b: 12, c: \"12\", d: -3, e: no way}\n");
    auto *binding = static_cast<GmqBindingLine *>(scenario->bindings->pdata[0]);
    auto header   = [&](unsigned i) {
        return static_cast<GmqHeaderLine *>(binding->headers->pdata[i]);
    };

    EXPECT_EQ(GMQ_HEADER_BOOL, header(0)->kind);
    EXPECT_EQ(GMQ_HEADER_INTEGER, header(1)->kind);
    EXPECT_EQ(12, header(1)->integer);
    EXPECT_EQ(GMQ_HEADER_TEXT, header(2)->kind);
    EXPECT_EQ(-3, header(3)->integer);
    EXPECT_STREQ("no way", header(4)->text);
}

TEST(Scenario, ExpectationsHaveLabelsAndBounds)
{
    g_autoptr(GmqScenario) scenario = parse(queues + "expect:\n"
                                                     "  confirmed: \">= 2\"\n"
                                                     "  queues: {tasks: {ready: 1..3}}\n"
                                                     "  finished_by: 4s\n");
    auto of                         = [&](unsigned i) {
        return static_cast<GmqExpectation *>(scenario->expectations->pdata[i]);
    };

    ASSERT_EQ(3u, scenario->expectations->len);
    EXPECT_STREQ("confirmed", of(0)->label);
    EXPECT_EQ(2u, of(0)->least);
    EXPECT_EQ(UINT64_MAX, of(0)->most);
    EXPECT_STREQ("queues.tasks.ready", of(1)->label);
    EXPECT_STREQ("tasks", of(1)->name);
    EXPECT_EQ(3u, of(1)->most);
    EXPECT_EQ(GMQ_EXPECT_FINISHED_BY, of(2)->kind);
    EXPECT_EQ(UINT64_C(4000000000), of(2)->most);
}
