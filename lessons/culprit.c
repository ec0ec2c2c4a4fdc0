#include "lessons/culprit.h"

#include <string.h>

/* Events and messages are looked through one by one in runs of up to so many. */
#define EVENTS_SEARCHED 20000

/* ---- the event that broke it ---- */

static bool
is_broken(const GmqScenario *scenario, const GmqTally *tally, const GmqExpectation *expectation)
{
    g_autoptr(GArray) outcomes = gmq_expect_judge(scenario, tally, 0, true);

    for (unsigned i = 0; i < outcomes->len; i++) {
        const GmqOutcome *outcome = &g_array_index(outcomes, GmqOutcome, i);
        if (outcome->expectation == expectation)
            return outcome->kind == GMQ_OUTCOME_BROKEN;
    }
    return false;
}

/* Counts that only grow break when they pass what is expected. */
static uint64_t
find_break(const GmqTrace *trace, const GmqScenario *scenario, const GmqExpectation *expectation)
{
    g_autoptr(GmqTally) tally = gmq_tally_new(scenario, trace);

    if (gmq_trace_length(trace) > EVENTS_SEARCHED)
        return 0;
    for (uint64_t n = 1; n < gmq_trace_length(trace); n++) {
        gmq_tally_add(tally, gmq_trace_event(trace, n));
        if (is_broken(scenario, tally, expectation))
            return n;
    }
    return 0;
}

/* The first work that is done too late. */
static uint64_t
find_late_work(const GmqTrace *trace, int64_t most_ns)
{
    for (uint64_t n = 1; n <= gmq_trace_length(trace); n++) {
        const GmqTraceEvent *event = gmq_trace_event(trace, n);
        if (event->kind == GMQ_EVENT_CLIENT_FINISHED && event->time_ns > most_ns)
            return n;
    }
    return 0;
}

/* ---- messages ---- */

static bool
is_of_route(const GmqTraceEvent *event)
{
    return event->kind == GMQ_EVENT_ROUTED || event->kind == GMQ_EVENT_UNROUTABLE;
}

/* The last event of the message; of its way alone when that is asked for. */
static uint64_t
last_of(const GmqTrace *trace, const char *message, bool is_route)
{
    for (uint64_t n = gmq_trace_length(trace); n > 0; n--) {
        const GmqTraceEvent *event = gmq_trace_event(trace, n);
        if (gmq_trace_name_is_of(event->message, message) && (!is_route || is_of_route(event)))
            return n;
    }
    return 0;
}

static bool
has_finished(const GmqTrace *trace, const char *client, const char *message)
{
    for (uint64_t n = 1; n <= gmq_trace_length(trace); n++) {
        const GmqTraceEvent *event = gmq_trace_event(trace, n);
        if (event->kind == GMQ_EVENT_CLIENT_FINISHED && strcmp(event->who, client) == 0 &&
            gmq_trace_name_is_of(event->message, message))
            return true;
    }
    return false;
}

static bool
is_missing(const GmqTrace *trace, const GmqTally *tally, const GmqExpectation *expectation,
           const char *name)
{
    const GmqMessageTally *message = gmq_tally_message(tally, name);

    if (message == NULL)
        return false;
    switch (expectation->kind) {
    case GMQ_EXPECT_CONFIRMED:
        return !message->is_confirmed;
    case GMQ_EXPECT_DELIVERED:
        return message->delivered == 0;
    case GMQ_EXPECT_CLIENT_PROCESSED:
        return !has_finished(trace, expectation->name, name);
    default:
        return !message->is_processed;
    }
}

/* The first message that was sent and is not among those that are counted. */
static GmqCulprit
find_missing(const GmqTrace *trace, const GmqTally *tally, const GmqExpectation *expectation)
{
    if (gmq_trace_length(trace) > EVENTS_SEARCHED)
        return (GmqCulprit){0};
    for (uint64_t n = 1; n <= gmq_trace_length(trace); n++) {
        const GmqTraceEvent *event = gmq_trace_event(trace, n);
        if (event->kind == GMQ_EVENT_CLIENT_SENT &&
            is_missing(trace, tally, expectation, event->message))
            return (GmqCulprit){GMQ_CULPRIT_MISSING, last_of(trace, event->message, false),
                                event->message};
    }
    return (GmqCulprit){0};
}

/* ---- by what is expected ---- */

static bool
counts_messages(const GmqExpectation *expectation)
{
    return expectation->kind == GMQ_EXPECT_CONFIRMED || expectation->kind == GMQ_EXPECT_DELIVERED ||
           expectation->kind == GMQ_EXPECT_PROCESSED ||
           expectation->kind == GMQ_EXPECT_CLIENT_PROCESSED ||
           expectation->kind == GMQ_EXPECT_QUEUE_ACKED;
}

static bool
is_about_message(const GmqExpectation *expectation)
{
    return expectation->kind == GMQ_EXPECT_MESSAGE_DELIVERED ||
           expectation->kind == GMQ_EXPECT_MESSAGE_REDELIVERED ||
           expectation->kind == GMQ_EXPECT_MESSAGE_ENDS_IN ||
           expectation->kind == GMQ_EXPECT_MESSAGE_ROUTE;
}

static bool
is_told_by_the_end(const GmqExpectation *expectation)
{
    return expectation->kind == GMQ_EXPECT_STORY || expectation->kind == GMQ_EXPECT_LATENCY_P50 ||
           expectation->kind == GMQ_EXPECT_LATENCY_P99;
}

static GmqCulprit
culprit_of_break(uint64_t event)
{
    return (GmqCulprit){event == 0 ? GMQ_CULPRIT_NONE : GMQ_CULPRIT_BREAK, event, NULL};
}

GmqCulprit
gmq_culprit_find(const GmqWorld *world, const GmqScenario *scenario, const GmqOutcome *outcome)
{
    const GmqExpectation *expectation = outcome->expectation;
    const GmqTrace *trace             = gmq_world_trace(world);

    if (is_told_by_the_end(expectation))
        return (GmqCulprit){0};
    if (expectation->kind == GMQ_EXPECT_FINISHED_BY)
        return culprit_of_break(find_late_work(trace, (int64_t)expectation->most));

    GmqCulprit culprit = culprit_of_break(find_break(trace, scenario, expectation));
    if (culprit.event == 0 && counts_messages(expectation))
        return find_missing(trace, gmq_world_tally(world), expectation);
    if (culprit.event == 0 && is_about_message(expectation)) {
        bool is_route  = expectation->kind == GMQ_EXPECT_MESSAGE_ROUTE;
        uint64_t event = last_of(trace, expectation->name, is_route);
        culprit        = (GmqCulprit){event == 0 ? GMQ_CULPRIT_NONE : GMQ_CULPRIT_LAST, event,
                               expectation->name};
    }
    return culprit;
}
