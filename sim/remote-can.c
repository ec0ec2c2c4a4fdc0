#include "sim/remote-can.h"

#include <string.h>

#include "sim/conditions.h"
#include "sim/deed.h"

/* ---- invariants ---- */

/* Those that clients can judge by what they send and get. */
static const bool can_check[] = {
    [2] = true, [3] = true, [4] = true,  [5] = true,
    [8] = true, [9] = true, [11] = true, [18] = true,
};

bool
gmq_remote_can_check(unsigned invariant)
{
    return invariant < G_N_ELEMENTS(can_check) && can_check[invariant];
}

/* ---- what entries wait for ---- */

/* What a client sees, or the wire shows. Nothing else can be waited for. */
static const bool can_wait[GMQ_N_CONDITIONS] = {
    [GMQ_IS_PUBLISHED] = true, [GMQ_IS_ARRIVED] = true,      [GMQ_IS_RETURNED] = true,
    [GMQ_IS_DELIVERED] = true, [GMQ_IS_ACKED] = true,        [GMQ_IS_REQUEUED] = true,
    [GMQ_IS_REJECTED] = true,  [GMQ_IS_CONFIRMED] = true,    [GMQ_HAS_UNACKED] = true,
    [GMQ_HAS_REQUEUE] = true,  [GMQ_HAS_NO_CONSUMER] = true, [GMQ_IS_CONNECTED] = true,
    [GMQ_IS_CLOSED] = true,    [GMQ_IS_IDLE] = true,         [GMQ_IS_BLOCKED] = true,
};

static bool
waits_for_condition(const GmqTimelineEntry *entry)
{
    return entry->trigger == GMQ_TRIGGER_MESSAGE || entry->trigger == GMQ_TRIGGER_QUEUE ||
           entry->trigger == GMQ_TRIGGER_CLIENT;
}

/* Entries below that follow it count with it. */
static bool
has_deeds(const GmqScenario *scenario, unsigned index)
{
    const GmqTimelineEntry *entry = scenario->timeline->pdata[index];

    do {
        if (entry->deeds->len > 0)
            return true;
        if (++index == scenario->timeline->len)
            return false;
        entry = scenario->timeline->pdata[index];
    } while (entry->trigger == GMQ_TRIGGER_AFTER);
    return false;
}

static void
check_trigger(const GmqScenario *scenario, unsigned index, GString *problems)
{
    const GmqTimelineEntry *entry = scenario->timeline->pdata[index];

    if (!waits_for_condition(entry) || can_wait[entry->is] || !has_deeds(scenario, index))
        return;
    g_string_append_printf(problems,
                           "%s:%u: nobody outside of a broker knows when a %s is \"%s\", so this "
                           "entry cannot wait for it.\n",
                           scenario->path, entry->line,
                           entry->trigger == GMQ_TRIGGER_MESSAGE ? "message" : "queue",
                           gmq_condition_info(entry->is)->word);
}

/* ---- what they do ---- */

/* Whoever sets a slower disk wants that to be seen. */
#define SLOW_SYNC_NS INT64_C(20000000)

static void
check_deed(const GmqScenario *scenario, const GmqTimelineEntry *entry, const GmqDeed *deed,
           GString *problems)
{
    bool is_disk   = deed->kind == GMQ_DEED_DISK;
    bool is_broker = !is_disk && deed->name != NULL && strcmp(deed->name, "broker") == 0;

    if (is_disk)
        g_string_append_printf(problems, "%s:%u: the disk of a broker elsewhere is out of reach.\n",
                               scenario->path, entry->line);
    else if (is_broker)
        g_string_append_printf(problems,
                               "%s:%u: a broker elsewhere cannot be told to %s by a scenario.\n",
                               scenario->path, entry->line, gmq_deed_key(deed->kind));
}

static void
check_broker(const GmqScenario *scenario, GString *problems)
{
    const struct {
        const char *key;
        bool is_out_of_reach;
    } settings[] = {
        {"sync", scenario->broker.sync_ns > SLOW_SYNC_NS},
        {"batch", scenario->broker.batch_ns > 0},
        {"memory", scenario->broker.memory > 0},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(settings); i++) {
        if (settings[i].is_out_of_reach)
            g_string_append_printf(
                problems, "%s: \"%s\" of a broker elsewhere is not for a scenario to set.\n",
                scenario->path, settings[i].key);
    }
}

bool
gmq_remote_can_play(const GmqScenario *scenario, GError **error)
{
    g_autoptr(GString) problems = g_string_new(NULL);

    check_broker(scenario, problems);
    for (unsigned i = 0; i < scenario->timeline->len; i++) {
        const GmqTimelineEntry *entry = scenario->timeline->pdata[i];

        check_trigger(scenario, i, problems);
        for (unsigned j = 0; j < entry->deeds->len; j++)
            check_deed(scenario, entry, entry->deeds->pdata[j], problems);
    }
    if (problems->len == 0)
        return true;
    g_string_truncate(problems, problems->len - 1);
    g_set_error_literal(error, GMQ_REMOTE_ERROR, GMQ_REMOTE_ERROR_IMPOSSIBLE, problems->str);
    return false;
}

/* ---- expectations ---- */

/* What can be known at the end. */
static const enum {
    NEVER,
    ALWAYS,
    BY_LOOKING /* into the queues */
} knowable[GMQ_N_EXPECTATIONS] = {
    [GMQ_EXPECT_CONFIRMED]           = ALWAYS,
    [GMQ_EXPECT_RETURNED]            = ALWAYS,
    [GMQ_EXPECT_NACKED]              = ALWAYS,
    [GMQ_EXPECT_DELIVERED]           = ALWAYS,
    [GMQ_EXPECT_PROCESSED]           = ALWAYS,
    [GMQ_EXPECT_PROCESSED_TWICE]     = ALWAYS,
    [GMQ_EXPECT_QUEUE_READY]         = BY_LOOKING,
    [GMQ_EXPECT_QUEUE_UNACKED]       = ALWAYS,
    [GMQ_EXPECT_QUEUE_ACKED]         = ALWAYS,
    [GMQ_EXPECT_QUEUE_REDELIVERED]   = ALWAYS,
    [GMQ_EXPECT_MESSAGE_DELIVERED]   = ALWAYS,
    [GMQ_EXPECT_MESSAGE_REDELIVERED] = ALWAYS,
    [GMQ_EXPECT_MESSAGE_ENDS_IN]     = BY_LOOKING,
    [GMQ_EXPECT_CLIENT_PROCESSED]    = ALWAYS,
    [GMQ_EXPECT_CLIENT_MAX_UNACKED]  = ALWAYS,
    [GMQ_EXPECT_CLIENT_RECONNECTED]  = ALWAYS,
    [GMQ_EXPECT_CLIENT_CLOSED_WITH]  = ALWAYS,
    [GMQ_EXPECT_LATENCY_P50]         = ALWAYS,
    [GMQ_EXPECT_LATENCY_P99]         = ALWAYS,
    [GMQ_EXPECT_FINISHED_BY]         = ALWAYS,
};

/* Rare things that show on the wire: those that did not happen there did not happen. All others
 * may have happened unseen. */
static const char *const seen_on_wire[] = {
    "confirm with multiple", "prefetch full",      "return + ack",
    "send buffer full",      "frame header split",
};

static bool
is_on_wire(const char *word)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(seen_on_wire); i++) {
        if (strcmp(seen_on_wire[i], word) == 0)
            return true;
    }
    return false;
}

static bool
can_know(const GmqOutcome *outcome, bool is_blind)
{
    const GmqExpectation *expectation = outcome->expectation;

    if (expectation->kind == GMQ_EXPECT_SOMETIMES)
        return outcome->kind == GMQ_OUTCOME_HELD || is_on_wire(expectation->word);
    return knowable[expectation->kind] == ALWAYS ||
           (knowable[expectation->kind] == BY_LOOKING && !is_blind);
}

void
gmq_remote_doubt(GArray *outcomes, bool is_blind)
{
    for (unsigned i = 0; i < outcomes->len; i++) {
        GmqOutcome *outcome = &g_array_index(outcomes, GmqOutcome, i);

        if (!can_know(outcome, is_blind))
            outcome->kind = GMQ_OUTCOME_UNKNOWN;
        else if (is_blind && outcome->expectation->kind == GMQ_EXPECT_FINISHED_BY)
            outcome->kind = GMQ_OUTCOME_OPEN;
    }
}
