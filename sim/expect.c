#include "sim/expect.h"

#include "sim/keys.h"
#include "sim/language.h"
#include "sim/units.h"

/* What the expectations are held against. */
typedef struct {
    const GmqScenario *scenario;
    const GmqTally *tally;
    uint64_t story;
    bool is_work_left;
} Facts;

/* ---- numbers ---- */

/* Where an expected number is found: in the totals, a queue, a message or a client. */
#define IN(Struct, member) offsetof(Struct, member)

typedef struct {
    enum {
        NOT_A_NUMBER,
        OF_RUN,
        OF_QUEUE,
        OF_MESSAGE,
        OF_CLIENT
    } of;
    size_t offset;
    bool only_grows; /* so too little may still become enough, and too much stays too much */
} Source;

static const Source sources[GMQ_N_EXPECTATIONS] = {
    [GMQ_EXPECT_CONFIRMED]                 = {OF_RUN, IN(GmqTotals, confirmed), true},
    [GMQ_EXPECT_RETURNED]                  = {OF_RUN, IN(GmqTotals, returned), true},
    [GMQ_EXPECT_NACKED]                    = {OF_RUN, IN(GmqTotals, nacked), true},
    [GMQ_EXPECT_DELIVERED]                 = {OF_RUN, IN(GmqTotals, delivered), true},
    [GMQ_EXPECT_PROCESSED]                 = {OF_RUN, IN(GmqTotals, processed), true},
    [GMQ_EXPECT_PROCESSED_TWICE]           = {OF_RUN, IN(GmqTotals, processed_twice), true},
    [GMQ_EXPECT_LOST]                      = {OF_RUN, IN(GmqTotals, lost), true},
    [GMQ_EXPECT_QUEUE_READY]               = {OF_QUEUE, IN(GmqQueueTally, ready), false},
    [GMQ_EXPECT_QUEUE_UNACKED]             = {OF_QUEUE, IN(GmqQueueTally, unacked), false},
    [GMQ_EXPECT_QUEUE_ACKED]               = {OF_QUEUE, IN(GmqQueueTally, acked), true},
    [GMQ_EXPECT_QUEUE_REDELIVERED]         = {OF_QUEUE, IN(GmqQueueTally, redelivered), true},
    [GMQ_EXPECT_QUEUE_MAX_READY]           = {OF_QUEUE, IN(GmqQueueTally, max_ready), true},
    [GMQ_EXPECT_QUEUE_EXPIRED]             = {OF_QUEUE, IN(GmqQueueTally, expired), true},
    [GMQ_EXPECT_QUEUE_DROPPED]             = {OF_QUEUE, IN(GmqQueueTally, dropped), true},
    [GMQ_EXPECT_QUEUE_DEAD_REJECTED]       = {OF_QUEUE, IN(GmqQueueTally, dead.rejected), true},
    [GMQ_EXPECT_QUEUE_DEAD_EXPIRED]        = {OF_QUEUE, IN(GmqQueueTally, dead.expired), true},
    [GMQ_EXPECT_QUEUE_DEAD_MAXLEN]         = {OF_QUEUE, IN(GmqQueueTally, dead.maxlen), true},
    [GMQ_EXPECT_QUEUE_DEAD_DELIVERY_LIMIT] = {OF_QUEUE, IN(GmqQueueTally, dead.delivery_limit),
                                              true},
    [GMQ_EXPECT_MESSAGE_DELIVERED]         = {OF_MESSAGE, IN(GmqMessageTally, delivered), true},
    [GMQ_EXPECT_MESSAGE_REDELIVERED]       = {OF_MESSAGE, IN(GmqMessageTally, redelivered), true},
    [GMQ_EXPECT_CLIENT_PROCESSED]          = {OF_CLIENT, IN(GmqClientTally, processed), true},
    [GMQ_EXPECT_CLIENT_MAX_UNACKED]        = {OF_CLIENT, IN(GmqClientTally, max_unacked), true},
    [GMQ_EXPECT_CLIENT_RECONNECTED]        = {OF_CLIENT, IN(GmqClientTally, connections), true},
    [GMQ_EXPECT_CLIENT_REPLIES]            = {OF_CLIENT, IN(GmqClientTally, replies), false},
    [GMQ_EXPECT_CLIENT_LATE_REPLIES]       = {OF_CLIENT, IN(GmqClientTally, late_replies), false},
    [GMQ_EXPECT_CLIENT_CLOSED_WITH]        = {OF_CLIENT, IN(GmqClientTally, closed_with), false},
};

static uint64_t
number_at(const void *start, size_t offset)
{
    return start == NULL ? 0 : *(const uint64_t *)(const void *)((const char *)start + offset);
}

static uint64_t
number_of(const Facts *facts, const GmqExpectation *expectation)
{
    const Source *source = &sources[expectation->kind];
    GmqTotals totals;
    uint64_t number = 0;

    switch (source->of) {
    case OF_RUN:
        totals = gmq_tally_totals(facts->tally);
        number = number_at(&totals, source->offset);
        break;
    case OF_QUEUE:
        number = number_at(gmq_tally_queue(facts->tally, expectation->name), source->offset);
        break;
    case OF_MESSAGE:
        number = number_at(gmq_tally_message(facts->tally, expectation->name), source->offset);
        break;
    case OF_CLIENT:
        number = number_at(gmq_tally_client(facts->tally, expectation->name), source->offset);
        break;
    case NOT_A_NUMBER:
        g_assert_not_reached();
    }
    /* The first connection is no reconnection. */
    if (expectation->kind == GMQ_EXPECT_CLIENT_RECONNECTED && number > 0)
        number--;
    return number;
}

static GmqOutcomeKind
judge_number(const Facts *facts, const GmqExpectation *expectation, uint64_t number,
             bool only_grows)
{
    if (number >= expectation->least && number <= expectation->most)
        return GMQ_OUTCOME_HELD;
    if (facts->is_work_left && !(only_grows && number > expectation->most))
        return GMQ_OUTCOME_OPEN;
    return GMQ_OUTCOME_BROKEN;
}

static GmqOutcome
judge_count(const Facts *facts, const GmqExpectation *expectation)
{
    uint64_t number = number_of(facts, expectation);
    bool only_grows = sources[expectation->kind].only_grows;

    return (GmqOutcome){
        .expectation = expectation,
        .kind        = judge_number(facts, expectation, number, only_grows),
        .found       = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)number),
    };
}

/* ---- all else ---- */

/* The outcome of something that is so or not; what is not may become so while work is left. */
static GmqOutcome
judge(const Facts *facts, const GmqExpectation *expectation, bool is_so, char *found)
{
    return (GmqOutcome){
        .expectation = expectation,
        .kind        = is_so                 ? GMQ_OUTCOME_HELD
                       : facts->is_work_left ? GMQ_OUTCOME_OPEN
                                             : GMQ_OUTCOME_BROKEN,
        .found       = found,
    };
}

static GmqOutcome
judge_latency(const Facts *facts, const GmqExpectation *expectation)
{
    unsigned percent   = expectation->kind == GMQ_EXPECT_LATENCY_P50 ? 50 : 99;
    int64_t latency_ns = gmq_tally_latency(facts->tally, percent);

    if (latency_ns < 0)
        return judge(facts, expectation, false, g_strdup(_("nothing was delivered")));
    bool is_so =
        (uint64_t)latency_ns >= expectation->least && (uint64_t)latency_ns <= expectation->most;
    return judge(facts, expectation, is_so, gmq_duration_text(latency_ns));
}

/* For people: more of a long time than its milliseconds says nothing; rounded up, so that it stays
 * later than what it was compared with. */
static char *
late_text(int64_t ns)
{
    const int64_t ms = 1000000;

    return gmq_duration_text(ns < 10 * ms ? ns : (ns + ms - 1) / ms * ms);
}

/* With work left at the end of the run it was not finished by any time before that. */
static GmqOutcome
judge_finished(const Facts *facts, const GmqExpectation *expectation)
{
    int64_t last_ns = gmq_tally_last_work(facts->tally);

    if (facts->is_work_left)
        return (GmqOutcome){
            .expectation = expectation,
            .kind  = (uint64_t)facts->scenario->stop_ns >= expectation->most ? GMQ_OUTCOME_BROKEN
                                                                             : GMQ_OUTCOME_OPEN,
            .found = g_strdup(_("work is left at the end")),
        };
    return judge(facts, expectation, (uint64_t)last_ns <= expectation->most, late_text(last_ns));
}

static GmqOutcome
judge_sometimes(const Facts *facts, const GmqExpectation *expectation)
{
    bool has_seen = gmq_tally_has_seen(facts->tally, gmq_sometimes_find(expectation->word));
    return judge(facts, expectation, has_seen,
                 g_strdup(has_seen ? _("happened") : _("never happened")));
}

static GmqOutcome
judge_broken(const Facts *facts, const GmqExpectation *expectation)
{
    bool is_so = gmq_tally_has_broken(facts->tally, expectation->word);
    return judge(facts, expectation, is_so, g_strdup(is_so ? _("it broke") : _("it held")));
}

/* Another story is another story, however it would have gone on. */
static GmqOutcome
judge_story(const Facts *facts, const GmqExpectation *expectation)
{
    return (GmqOutcome){
        .expectation = expectation,
        .kind        = facts->story == expectation->least ? GMQ_OUTCOME_HELD : GMQ_OUTCOME_BROKEN,
        .found       = g_strdup_printf("%016" G_GINT64_MODIFIER "x", facts->story),
    };
}

/* Where a message is at the end: the least settled of its copies counts. The caller frees it. */
static char *
end_of(const GmqMessageTally *message)
{
    const char *settled = "dropped";

    if (message == NULL)
        return g_strdup("never sent");
    for (const GmqCopyTally *copy = message->copies; copy != NULL; copy = copy->next) {
        if (copy->live > 0)
            return g_strdup(copy->queue->name);
        if (copy->lost > 0 && copy->acked == 0)
            return g_strdup("lost");
        if (copy->acked > 0)
            settled = "acked";
    }
    return g_strdup(settled);
}

static GmqOutcome
judge_end(const Facts *facts, const GmqExpectation *expectation)
{
    char *found = end_of(gmq_tally_message(facts->tally, expectation->name));
    return judge(facts, expectation, strcmp(found, expectation->word) == 0, found);
}

static bool
is_on_route(const GmqMessageTally *message, const char *name)
{
    for (const GmqStopTally *stop = message->route; stop != NULL; stop = stop->next) {
        if (strcmp(stop->name, name) == 0)
            return true;
    }
    return false;
}

static unsigned
route_length(const GmqMessageTally *message)
{
    unsigned n = 0;

    for (const GmqStopTally *stop = message->route; stop != NULL; stop = stop->next)
        n++;
    return n;
}

static char *
route_text(const GmqMessageTally *message)
{
    g_autoptr(GString) out = g_string_new("[");

    const GmqStopTally *stop = message == NULL ? NULL : message->route;
    for (; stop != NULL; stop = stop->next)
        g_string_append_printf(out, "%s%s", stop == message->route ? "" : ", ", stop->name);
    g_string_append_c(out, ']');
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static GmqOutcome
judge_route(const Facts *facts, const GmqExpectation *expectation)
{
    const GmqMessageTally *message = gmq_tally_message(facts->tally, expectation->name);
    unsigned n                     = 0;
    bool is_so                     = message != NULL;

    for (; is_so && expectation->names[n] != NULL; n++)
        is_so = is_on_route(message, expectation->names[n]);
    is_so = is_so && n == route_length(message);
    return judge(facts, expectation, is_so, route_text(message));
}

typedef GmqOutcome (*Judge)(const Facts *facts, const GmqExpectation *expectation);

static const Judge judges[GMQ_N_EXPECTATIONS] = {
    [GMQ_EXPECT_LATENCY_P50] = judge_latency,  [GMQ_EXPECT_LATENCY_P99] = judge_latency,
    [GMQ_EXPECT_FINISHED_BY] = judge_finished, [GMQ_EXPECT_SOMETIMES] = judge_sometimes,
    [GMQ_EXPECT_STORY] = judge_story,          [GMQ_EXPECT_MESSAGE_ENDS_IN] = judge_end,
    [GMQ_EXPECT_MESSAGE_ROUTE] = judge_route,  [GMQ_EXPECT_BROKEN] = judge_broken,
};

static void
clear_outcome(void *outcome)
{
    g_free(((GmqOutcome *)outcome)->found);
}

GArray *
gmq_expect_judge(const GmqScenario *scenario, const GmqTally *tally, uint64_t story,
                 bool is_work_left)
{
    GArray *outcomes = g_array_new(FALSE, FALSE, sizeof(GmqOutcome));
    Facts facts      = {scenario, tally, story, is_work_left};

    g_array_set_clear_func(outcomes, clear_outcome);
    for (unsigned i = 0; i < scenario->expectations->len; i++) {
        const GmqExpectation *expectation = scenario->expectations->pdata[i];
        Judge special                     = judges[expectation->kind];
        GmqOutcome outcome =
            special == NULL ? judge_count(&facts, expectation) : special(&facts, expectation);

        g_array_append_val(outcomes, outcome);
    }
    return outcomes;
}
