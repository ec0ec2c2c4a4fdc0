/* A ledger for people: a line for all that is known alike, a column for each fate. */
#include "sim/columns.h"
#include "sim/language.h"
#include "sim/ledger.h"

/* So many names of one kind are told; of the rest only the number. */
#define NAMES_MAX 5

static const char *const knowns[GMQ_N_KNOWN] = {
    [GMQ_KNOWN_CONFIRMED] = N_("confirmed"),   [GMQ_KNOWN_NACKED] = N_("nacked"),
    [GMQ_KNOWN_TAKEN_BACK] = N_("taken back"), [GMQ_KNOWN_NOTHING] = N_("unknown"),
    [GMQ_KNOWN_NOT_ASKED] = N_("not asked"),
};

static const char *const fates[GMQ_N_FATES] = {
    [GMQ_FATE_LOST] = N_("lost"),     [GMQ_FATE_TWICE] = N_("twice"),
    [GMQ_FATE_QUEUED] = N_("queued"), [GMQ_FATE_DEAD] = N_("dead"),
    [GMQ_FATE_ONCE] = N_("once"),     [GMQ_FATE_NOWHERE] = N_("nowhere"),
};

/* The order for people: from the usual to the rare. */
static const GmqFate columns[GMQ_N_FATES] = {
    GMQ_FATE_ONCE, GMQ_FATE_TWICE, GMQ_FATE_QUEUED, GMQ_FATE_DEAD, GMQ_FATE_LOST, GMQ_FATE_NOWHERE,
};

/* What nobody asks about: it is as it was meant to be. */
static const bool is_usual[GMQ_N_KNOWN][GMQ_N_FATES] = {
    [GMQ_KNOWN_CONFIRMED]  = {[GMQ_FATE_ONCE] = true, [GMQ_FATE_QUEUED] = true},
    [GMQ_KNOWN_NOT_ASKED]  = {[GMQ_FATE_ONCE] = true, [GMQ_FATE_QUEUED] = true},
    [GMQ_KNOWN_NACKED]     = {[GMQ_FATE_NOWHERE] = true},
    [GMQ_KNOWN_TAKEN_BACK] = {[GMQ_FATE_NOWHERE] = true},
};

static unsigned
count(const GmqLedger *ledger, GmqKnown known, GmqFate fate)
{
    return gmq_ledger_names(ledger, known, fate)->len;
}

static unsigned
sum_of(const GmqLedger *ledger, GmqKnown known)
{
    unsigned sum = 0;

    for (unsigned fate = 0; fate < GMQ_N_FATES; fate++)
        sum += count(ledger, known, (GmqFate)fate);
    return sum;
}

static void
print_line(const GmqLedger *ledger, GmqKnown known, GString *out)
{
    gmq_append_left(out, _(knowns[known]), 12);
    g_string_append_printf(out, "  %5u", sum_of(ledger, known));
    for (unsigned i = 0; i < GMQ_N_FATES; i++)
        g_string_append_printf(out, "  %7u", count(ledger, known, columns[i]));
    g_string_append_printf(out, "  %8" G_GUINT64_FORMAT "\n",
                           (guint64)gmq_ledger_returned(ledger, known));
}

/* "confirmed, twice: p-1, p-2 and 3 more" */
static void
print_names(const GmqLedger *ledger, GmqKnown known, GmqFate fate, GString *out)
{
    const GPtrArray *names = gmq_ledger_names(ledger, known, fate);
    unsigned n_told        = MIN(names->len, NAMES_MAX);

    if (names->len == 0 || is_usual[known][fate])
        return;
    g_string_append_printf(out, "%s, %s:", _(knowns[known]), _(fates[fate]));
    for (unsigned i = 0; i < n_told; i++)
        g_string_append_printf(out, "%s %s", i == 0 ? "" : ",", (const char *)names->pdata[i]);
    if (names->len > n_told)
        g_string_append_printf(out, _(" and %u more"), names->len - n_told);
    g_string_append_c(out, '\n');
}

void
gmq_ledger_print(const GmqLedger *ledger, GString *out)
{
    unsigned sum = 0;

    for (unsigned known = 0; known < GMQ_N_KNOWN; known++)
        sum += sum_of(ledger, (GmqKnown)known);
    if (sum == 0)
        return;
    g_string_append(out, _("known to be      sum"));
    for (unsigned i = 0; i < GMQ_N_FATES; i++) {
        g_string_append(out, "  ");
        gmq_append_right(out, _(fates[columns[i]]), 7);
    }
    g_string_append(out, _("  returned\n"));
    for (unsigned known = 0; known < GMQ_N_KNOWN; known++) {
        if (sum_of(ledger, (GmqKnown)known) > 0)
            print_line(ledger, (GmqKnown)known, out);
    }
    for (unsigned known = 0; known < GMQ_N_KNOWN; known++) {
        for (unsigned i = 0; i < GMQ_N_FATES; i++)
            print_names(ledger, (GmqKnown)known, columns[i], out);
    }
    g_string_append_c(out, '\n');
}
