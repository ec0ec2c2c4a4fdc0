#include "sim/columns.h"
#include "sim/compare.h"

#include "sim/language.h"
#include "sim/tally.h"

/* A run that was counted again. */
typedef struct {
    const char *name;
    const GmqTrace *trace;
    GmqScenario *scenario;
    GmqTally *tally; /* NULL: the scenario cannot be read */
} Side;

static void
count_side(Side *side)
{
    const GmqTraceInfo *info = gmq_trace_info(side->trace);

    side->scenario = gmq_scenario_parse(info->scenario, info->text, strlen(info->text), NULL);
    if (side->scenario == NULL)
        return;
    side->tally = gmq_tally_new(side->scenario, side->trace);
    for (uint64_t number = 1; number <= gmq_trace_length(side->trace); number++)
        gmq_tally_add(side->tally, gmq_trace_event(side->trace, number));
}

static void
clear_side(Side *side)
{
    gmq_tally_free(side->tally);
    gmq_scenario_free(side->scenario);
}

/* ---- the table ---- */

typedef struct {
    char *what;
    uint64_t numbers[2];
} Row;

static void
clear_row(void *data)
{
    g_free(((Row *)data)->what);
}

static void
add_row(GArray *rows, char *what, uint64_t one, uint64_t other)
{
    Row row = {what, {one, other}};

    if (one != other)
        g_array_append_val(rows, row);
    else
        g_free(what);
}

static void
add_totals(GArray *rows, const Side *sides)
{
    GmqTotals one   = gmq_tally_totals(sides[0].tally);
    GmqTotals other = gmq_tally_totals(sides[1].tally);

    add_row(rows, g_strdup(_("messages sent")), one.attempted, other.attempted);
    add_row(rows, g_strdup(_("confirmed")), one.confirmed, other.confirmed);
    add_row(rows, g_strdup(_("nacked")), one.nacked, other.nacked);
    add_row(rows, g_strdup(_("returned")), one.returned, other.returned);
    add_row(rows, g_strdup(_("deliveries")), one.delivered, other.delivered);
    add_row(rows, g_strdup(_("deliveries marked redelivered")), one.redelivered, other.redelivered);
    add_row(rows, g_strdup(_("processed")), one.processed, other.processed);
    add_row(rows, g_strdup(_("processed twice")), one.processed_twice, other.processed_twice);
    add_row(rows, g_strdup(_("lost")), one.lost, other.lost);
}

static void
add_queue(GArray *rows, const char *name, const Side *sides)
{
    static const GmqQueueTally nothing = {0};
    const GmqQueueTally *tallies[2];

    for (unsigned i = 0; i < 2; i++) {
        tallies[i] = gmq_tally_queue(sides[i].tally, name);
        if (tallies[i] == NULL)
            tallies[i] = &nothing;
    }
    add_row(rows, g_strdup_printf(_("queue %s: ready"), name), tallies[0]->ready,
            tallies[1]->ready);
    add_row(rows, g_strdup_printf(_("queue %s: unacked"), name), tallies[0]->unacked,
            tallies[1]->unacked);
    add_row(rows, g_strdup_printf(_("queue %s: acked"), name), tallies[0]->acked,
            tallies[1]->acked);
    add_row(rows, g_strdup_printf(_("queue %s: most ready"), name), tallies[0]->max_ready,
            tallies[1]->max_ready);
}

/* The queues of the first run, then those that only the other has. */
static void
add_queues(GArray *rows, const Side *sides)
{
    for (unsigned i = 0; i < 2; i++) {
        const GPtrArray *queues = gmq_tally_queues(sides[i].tally);

        for (unsigned k = 0; k < queues->len; k++) {
            const char *name = ((const GmqQueueTally *)queues->pdata[k])->name;

            if (i == 0 || gmq_tally_queue(sides[0].tally, name) == NULL)
                add_queue(rows, name, sides);
        }
    }
}

/* The clients of the first run that the other has too. */
static void
add_clients(GArray *rows, const Side *sides)
{
    const GPtrArray *clients = sides[0].scenario->clients;

    for (unsigned i = 0; i < clients->len; i++) {
        const char *name            = ((const GmqClientSpec *)clients->pdata[i])->name;
        const GmqClientTally *one   = gmq_tally_client(sides[0].tally, name);
        const GmqClientTally *other = gmq_tally_client(sides[1].tally, name);

        if (one != NULL && other != NULL)
            add_row(rows, g_strdup_printf(_("client %s: processed"), name), one->processed,
                    other->processed);
    }
}

static void
add_table(const GArray *rows, const Side *sides, GString *out)
{
    int width   = 0;
    int columns = MAX(gmq_columns(sides[0].name), 8);

    for (unsigned i = 0; i < rows->len; i++)
        width = MAX(width, gmq_columns(g_array_index(rows, Row, i).what));
    g_string_append_printf(out, "%*s  ", width, "");
    gmq_append_right(out, sides[0].name, columns);
    g_string_append_printf(out, "  %s\n", sides[1].name);
    for (unsigned i = 0; i < rows->len; i++) {
        const Row *row = &g_array_index(rows, Row, i);

        gmq_append_left(out, row->what, width);
        g_string_append_printf(out, "  %*" G_GUINT64_FORMAT "  %" G_GUINT64_FORMAT "\n", columns,
                               (guint64)row->numbers[0], (guint64)row->numbers[1]);
    }
}

static bool
can_count(const Side *side, GString *out)
{
    if (side->tally == NULL)
        g_string_append_printf(out,
                               _("This glassmq cannot read the scenario of %s, and so not count "
                                 "it.\n"),
                               side->name);
    return side->tally != NULL;
}

void
gmq_compare_tell_outcomes(const GmqTrace *one, const char *one_name, const GmqTrace *other,
                          const char *other_name, GString *out)
{
    Side sides[2] = {{.name = one_name, .trace = one}, {.name = other_name, .trace = other}};
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Row));

    g_array_set_clear_func(rows, clear_row);
    count_side(&sides[0]);
    count_side(&sides[1]);
    if (can_count(&sides[0], out) && can_count(&sides[1], out)) {
        add_totals(rows, sides);
        add_queues(rows, sides);
        add_clients(rows, sides);
        if (rows->len == 0)
            g_string_append(out, _("What came of them is the same in numbers.\n"));
        else
            add_table(rows, sides, out);
    }
    g_string_append_printf(out, _("Verdict of %s: %s, of %s: %s.\n"), one_name,
                           _(gmq_trace_info(one)->verdict), other_name,
                           _(gmq_trace_info(other)->verdict));
    clear_side(&sides[0]);
    clear_side(&sides[1]);
}
