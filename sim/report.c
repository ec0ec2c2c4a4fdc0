#include "sim/report.h"

#include "sim/client-story.h"
#include "sim/columns.h"
#include "sim/event-words.h"
#include "sim/language.h"
#include "sim/ledger.h"
#include "sim/limit.h"

static void
add_numbers(const GmqWorld *world, GString *out)
{
    GmqTotals totals = gmq_tally_totals(gmq_world_tally(world));
    const struct {
        const char *name;
        uint64_t number;
    } columns[] = {
        {_("attempted"), totals.attempted},     {_("confirmed"), totals.confirmed},
        {_("returned"), totals.returned},       {_("delivered"), totals.delivered},
        {_("redelivered"), totals.redelivered}, {_("processed"), totals.processed},
        {_("twice"), totals.processed_twice},   {_("lost"), totals.lost},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(columns); i++) {
        g_string_append(out, i == 0 ? "" : "  ");
        gmq_append_right(out, columns[i].name, 6);
    }
    g_string_append_c(out, '\n');
    for (unsigned i = 0; i < G_N_ELEMENTS(columns); i++)
        g_string_append_printf(out, "%s%*" G_GUINT64_FORMAT, i == 0 ? "" : "  ",
                               MAX(gmq_columns(columns[i].name), 6), columns[i].number);
    g_string_append(out, "\n\n");
}

/* One line for each queue: what is where at the end. */
static void
add_queues(const GmqWorld *world, GString *out)
{
    const GPtrArray *queues = gmq_tally_queues(gmq_world_tally(world));
    int width               = 5;

    for (unsigned i = 0; i < queues->len; i++) {
        const GmqQueueTally *queue = queues->pdata[i];
        width                      = MAX(width, gmq_columns(queue->name));
    }
    if (queues->len == 0)
        return;
    gmq_append_left(out, _("queue"), width);
    g_string_append(out, _("  ready  unacked  acked  redelivered  most ready\n"));
    for (unsigned i = 0; i < queues->len; i++) {
        const GmqQueueTally *queue = queues->pdata[i];
        int padding                = width - gmq_columns(queue->name);

        g_string_append_printf(
            out,
            "%s%*s  %5" G_GUINT64_FORMAT "  %7" G_GUINT64_FORMAT "  %5" G_GUINT64_FORMAT
            "  %11" G_GUINT64_FORMAT "  %10" G_GUINT64_FORMAT "\n",
            queue->name, padding, "", (guint64)queue->ready, (guint64)queue->unacked,
            (guint64)queue->acked, (guint64)queue->redelivered, (guint64)queue->max_ready);
    }
    g_string_append_c(out, '\n');
}

static void
add_ledger(const GmqWorld *world, const GmqScenario *scenario, GString *out)
{
    g_autoptr(GmqLedger) ledger = gmq_ledger_new(scenario, gmq_world_trace(world));
    gmq_ledger_print(ledger, out);
}

static void
add_outcomes(const GmqWorld *world, bool is_ascii, GString *out)
{
    static const char *const signs[][2] = {
        [GMQ_OUTCOME_HELD]    = {"\xe2\x9c\x93", "ok"},
        [GMQ_OUTCOME_BROKEN]  = {"\xe2\x9c\x97", "NO"},
        [GMQ_OUTCOME_OPEN]    = {"?", "? "},
        [GMQ_OUTCOME_UNKNOWN] = {"-", "- "},
    };
    size_t n;
    const GmqOutcome *outcomes = gmq_world_outcomes(world, &n);

    for (size_t i = 0; i < n; i++) {
        const GmqExpectation *expectation = outcomes[i].expectation;

        g_string_append_printf(out, "%s %s: %s", signs[outcomes[i].kind][is_ascii],
                               expectation->label, expectation->text);
        if (outcomes[i].kind == GMQ_OUTCOME_BROKEN)
            g_string_append_printf(out, _(", but found %s"), outcomes[i].found);
        if (outcomes[i].kind == GMQ_OUTCOME_UNKNOWN)
            g_string_append(out, _(", which cannot be known here"));
        if (outcomes[i].kind == GMQ_OUTCOME_OPEN)
            g_string_append_printf(out, _(", and %s when the run ended"), outcomes[i].found);
        g_string_append_c(out, '\n');
    }
    if (n > 0)
        g_string_append_c(out, '\n');
}

static void
add_idle_lines(const GmqWorld *world, const GmqScenario *scenario, GString *out)
{
    size_t n;
    const unsigned *lines = gmq_world_idle_lines(world, &n);

    for (size_t i = 0; i < n; i++)
        g_string_append_printf(out,
                               _("Warning: the timeline entry in line %u of %s never happened.\n"),
                               lines[i], scenario->path);
    if (n > 0)
        g_string_append_c(out, '\n');
}

/* Each broken check with the command that shows where. */
static void
add_broken(const GmqTrace *trace, const GmqScenario *scenario, GString *out)
{
    uint64_t seed = gmq_trace_info(trace)->seed;

    for (uint64_t number = 1; number <= gmq_trace_length(trace); number++) {
        const GmqTraceEvent *event = gmq_trace_event(trace, number);

        if (event->kind != GMQ_EVENT_CHECK_BROKEN)
            continue;
        g_autofree char *told = gmq_event_told(event->text);
        g_string_append_printf(out, _("%s\n  See it: glassmq view %s --seed %ju --at %ju\n"), told,
                               scenario->path, seed, event->cause);
    }
}

void
gmq_report_add(const GmqWorld *world, const GmqScenario *scenario, bool is_ascii, GString *out)
{
    const GmqTrace *trace    = gmq_world_trace(world);
    const GmqTraceInfo *info = gmq_trace_info(trace);
    g_autofree char *limit   = gmq_world_limit_text(world);

    add_numbers(world, out);
    add_queues(world, out);
    add_ledger(world, scenario, out);
    add_outcomes(world, is_ascii, out);
    add_idle_lines(world, scenario, out);
    add_broken(trace, scenario, out);
    if (limit != NULL)
        g_string_append_printf(out, "%s\n\n", limit);
    g_string_append_printf(out,
                           _("Verdict: %s  (seed %ju, %zu events, story %016jx, clients' story "
                             "%016jx)\n"),
                           _(info->verdict), info->seed, gmq_trace_length(trace), info->story,
                           gmq_client_story_hash(trace));
}
