#include "sim/what-if.h"

#include <gtest/gtest.h>

#include "sim/compare.h"
#include "sim/run.h"
#include "tests/sim/shipped.h"

namespace {

const char small[] = "glassmq: 1\n"
                     "title: Small\n"
                     "stop: 3s\n"
                     "topology: {queues: {q: {}}}\n"
                     "clients:\n"
                     "  p: {role: producer, publish: {to: default, key: q, body: \"a \\\"b\\\"\", "
                     "count: 2, every: 100ms}}\n"
                     "  w: {role: consumer, from: q, work: 50ms}\n";

GmqTrace *
run_text(const std::string &text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GmqScenario) scenario =
        gmq_scenario_parse("small", text.c_str(), text.size(), &error);

    g_assert_no_error(error);
    return gmq_run_record(scenario, 7);
}

GmqTrace *
run_shipped(const char *name)
{
    g_autoptr(GError) error         = NULL;
    std::string path                = source_path(std::string("scenarios/") + name);
    g_autoptr(GmqScenario) scenario = gmq_scenario_load(path.c_str(), &error);

    g_assert_no_error(error);
    return gmq_run_record(scenario, scenario->seed);
}

uint64_t
find_event(const GmqTrace *trace, GmqEventKind kind)
{
    for (uint64_t n = 1; n <= gmq_trace_length(trace); n++) {
        if (gmq_trace_event(trace, n)->kind == kind)
            return n;
    }
    return 0;
}

std::string
words(const GPtrArray *offers)
{
    std::string all;

    for (unsigned i = 0; i < offers->len; i++)
        all += std::string(i > 0 ? " " : "") + ((const GmqWhatIf *)offers->pdata[i])->word;
    return all;
}

std::string
words_at(const GmqTrace *trace, GmqEventKind kind)
{
    g_autoptr(GPtrArray) offers = gmq_what_if_offers(trace, find_event(trace, kind));
    return words(offers);
}

TEST(WhatIf, OffersWhatFitsTheStep)
{
    g_autoptr(GmqTrace) trace = run_text(small);
    const char *client        = " crash:p freeze:p cut:p crash:broker freeze:broker";

    EXPECT_EQ(std::string("drop delay duplicate") + client, words_at(trace, GMQ_EVENT_CLIENT_SENT));
    EXPECT_EQ(std::string("drop delay duplicate") + client, words_at(trace, GMQ_EVENT_PUBLISHED));
    EXPECT_EQ("drop delay crash:w freeze:w cut:w crash:broker freeze:broker",
              words_at(trace, GMQ_EVENT_DELIVERED));
    EXPECT_EQ("drop delay duplicate crash:w freeze:w cut:w crash:broker freeze:broker",
              words_at(trace, GMQ_EVENT_CLIENT_RECEIVED));
    EXPECT_EQ("crash:broker freeze:broker", words_at(trace, GMQ_EVENT_QUEUE_DECLARED));
}

TEST(WhatIf, ALostDeliveryComesAgain)
{
    std::string text          = small;
    g_autoptr(GError) error   = NULL;
    g_autoptr(GString) told   = g_string_new(NULL);
    g_autoptr(GmqTrace) trace = run_text(
        text.replace(text.find("work: 50ms"), 10, "work: 50ms, reconnect: {after: 100ms}"));
    uint64_t received           = find_event(trace, GMQ_EVENT_CLIENT_RECEIVED);
    g_autoptr(GPtrArray) offers = gmq_what_if_offers(trace, received);
    const GmqWhatIf *drop       = gmq_what_if_find(offers, "drop");

    ASSERT_NE(nullptr, drop);
    EXPECT_STREQ("the delivery of p-1 is lost: the connection of w breaks, with all that is on its "
                 "way",
                 drop->words);
    g_autoptr(GmqTrace) other = gmq_what_if_run(trace, drop, &error);
    g_assert_no_error(error);

    uint64_t sent = gmq_trace_event(trace, received)->cause;
    EXPECT_EQ(sent + 1, gmq_compare_traces(trace, other, GMQ_COMPARE_ALL, 1));
    EXPECT_EQ(GMQ_EVENT_FAULT_RESET, gmq_trace_event(other, sent + 1)->kind);
    gmq_what_if_tell(trace, other, told);
    EXPECT_NE(nullptr, strstr(told->str, "deliveries marked redelivered")) << told->str;
    EXPECT_NE(nullptr, strstr(told->str, "of What if: held.")) << told->str;
}

TEST(WhatIf, ADuplicateHasTheSameBody)
{
    g_autoptr(GError) error     = NULL;
    g_autoptr(GmqTrace) trace   = run_text(small);
    uint64_t sent               = find_event(trace, GMQ_EVENT_CLIENT_SENT);
    g_autoptr(GPtrArray) offers = gmq_what_if_offers(trace, sent);
    g_autoptr(GmqTrace) other =
        gmq_what_if_run(trace, gmq_what_if_find(offers, "duplicate"), &error);

    g_assert_no_error(error);
    const GmqTraceEvent *second = gmq_trace_event(other, sent + 1);
    EXPECT_EQ(GMQ_EVENT_CLIENT_SENT, second->kind);
    EXPECT_STREQ("a \"b\"", second->text);
    EXPECT_STREQ("q", second->key);
}

TEST(WhatIf, AnEntryStandsBehindTheOthersAndMovesNoLineAbove)
{
    std::string text            = std::string(small) + "timeline:\n"
                                                       "    - {at: 1s, say: One}\n"
                                                       "    - at: 2s\n"
                                                       "      say: Two\n"
                                                       "\n"
                                                       "# What must be so.\n"
                                                       "expect: {lost: 0}\n";
    g_autoptr(GError) error     = NULL;
    g_autoptr(GmqTrace) trace   = run_text(text);
    g_autoptr(GPtrArray) offers = gmq_what_if_offers(trace, 1);
    g_autofree char *found =
        gmq_what_if_text(trace, gmq_what_if_find(offers, "crash:broker"), &error);

    g_assert_no_error(error);
    EXPECT_EQ(std::string(small) + "timeline:\n"
                                   "    - {at: 1s, say: One}\n"
                                   "    - at: 2s\n"
                                   "      say: Two\n"
                                   "    - {when: {event: 1}, crash: broker, for: 1s}\n"
                                   "\n"
                                   "# What must be so.\n"
                                   "expect: {lost: 0}\n",
              found);
}

TEST(WhatIf, ATimelineThatIsTheLastOrNone)
{
    g_autoptr(GError) error     = NULL;
    g_autoptr(GmqTrace) none    = run_text(small);
    g_autoptr(GPtrArray) offers = gmq_what_if_offers(none, 1);
    const GmqWhatIf *crash      = gmq_what_if_find(offers, "crash:broker");
    g_autofree char *one        = gmq_what_if_text(none, crash, &error);

    EXPECT_EQ(std::string(small) + "timeline:\n  - {when: {event: 1}, crash: broker, for: 1s}\n",
              one);
    g_autoptr(GmqTrace) last = run_text(std::string(small) + "timeline:\n- {at: 1s, say: One}");
    g_autofree char *other   = gmq_what_if_text(last, crash, &error);
    EXPECT_EQ(std::string(small) + "timeline:\n- {at: 1s, say: One}\n"
                                   "- {when: {event: 1}, crash: broker, for: 1s}\n",
              other);
}

TEST(WhatIf, ATimelineInBracketsIsRefused)
{
    g_autoptr(GError) error     = NULL;
    g_autoptr(GmqTrace) trace   = run_text(std::string(small) + "timeline: [{at: 1s, say: One}]\n");
    g_autoptr(GPtrArray) offers = gmq_what_if_offers(trace, 1);

    EXPECT_EQ(nullptr, gmq_what_if_run(trace, gmq_what_if_find(offers, "crash:broker"), &error));
    EXPECT_STREQ("the timeline of small is not written with an entry on each line; glassmq fmt "
                 "writes it so",
                 error->message);
}

TEST(WhatIf, ATraceWithoutAScenarioOffersNothing)
{
    GmqTraceInfo info         = {};
    char name[]               = "made";
    GmqEvent event            = {};
    info.scenario             = name;
    g_autoptr(GmqTrace) trace = gmq_trace_new(&info);

    event.kind = GMQ_EVENT_STARTED;
    event.who  = GMQ_SLICE("broker");
    gmq_trace_add(trace, &event, "");
    g_autoptr(GPtrArray) offers = gmq_what_if_offers(trace, 1);
    EXPECT_EQ(0u, offers->len);
}

/* Whatever is offered can be done, and nothing differs before it. */
class WhatIfShipped : public testing::TestWithParam<const char *> {};

TEST_P(WhatIfShipped, AllThatIsOfferedCanBeDone)
{
    g_autoptr(GmqTrace) trace = run_shipped(GetParam());

    for (uint64_t n = 1; n <= gmq_trace_length(trace); n += 19) {
        g_autoptr(GPtrArray) offers = gmq_what_if_offers(trace, n);
        for (unsigned i = 0; i < offers->len; i++) {
            const auto *what          = static_cast<const GmqWhatIf *>(offers->pdata[i]);
            g_autoptr(GError) error   = NULL;
            g_autoptr(GmqTrace) other = gmq_what_if_run(trace, what, &error);
            ASSERT_NE(nullptr, other) << what->entry << "\n" << error->message;
            uint64_t parted = gmq_compare_traces(trace, other, GMQ_COMPARE_ALL, 1);
            uint64_t least  = strtoull(strstr(what->entry, "event: ") + 7, NULL, 10);
            ASSERT_TRUE(parted == 0 || parted > least) << what->entry << " parted at " << parted;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(WhatIf, WhatIfShipped,
                         testing::Values("01-hello-queue.yaml", "06-worker-dies.yaml",
                                         "14-retry-loop.yaml", "22-rpc-late-reply.yaml",
                                         "35-transaction.yaml"));

} // namespace
