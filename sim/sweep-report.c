#include <string.h>

#include "core/base/wide.h"
#include "sim/language.h"
#include "sim/sweep.h"
#include "sim/units.h"

/* ---- order ---- */

/* What is worst comes first: a seed that means two things, then a program that died. */
static const char *const worst[] = {
    GMQ_TRIAL_UNSTABLE,
    GMQ_TRIAL_DIED,
    GMQ_TRIAL_SLOW,
    GMQ_TRIAL_UNREADABLE,
};

/* Where a failure stands among the kinds of failures: "S2" before "S10". */
static uint64_t
rank_of(const char *what)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(worst); i++) {
        if (strcmp(what, worst[i]) == 0)
            return i;
    }
    uint64_t number;
    if ((*what == 'S' || *what == 'L') && gmq_read_count(what + 1, &number))
        return (*what == 'S' ? 100 : 200) + MIN(number, 99);
    return 300;
}

static int
order(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/* By what failed, the fastest first, then by seed. */
static int
compare_failures(const void *a, const void *b)
{
    const GmqSweepFailure *one   = *(const GmqSweepFailure *const *)a;
    const GmqSweepFailure *other = *(const GmqSweepFailure *const *)b;
    int by_rank                  = order(rank_of(one->what), rank_of(other->what));
    int by_name                  = strcmp(one->what, other->what);
    int by_event                 = order(one->event, other->event);

    if (by_rank != 0)
        return by_rank;
    if (by_name != 0)
        return by_name;
    return by_event != 0 ? by_event : order(one->seed, other->seed);
}

/* ---- failures ---- */

static void
add_failure(const GmqSweepFailure *failure, GString *out)
{
    g_autofree char *time = gmq_time_text(failure->time_ns);

    g_string_append_printf(out, "  seed %" G_GUINT64_FORMAT, (guint64)failure->seed);
    if (failure->event > 0)
        g_string_append_printf(out, "  event %" G_GUINT64_FORMAT "  %s", (guint64)failure->event,
                               time);
    g_string_append_printf(out, "  %s\n", failure->sentence);
}

static void
add_see_it(const GmqSweep *sweep, const GmqSweepFailure *failure, GString *out)
{
    const GmqSweepPlan *plan = &sweep->plan;

    if (plan->faults != GMQ_FAULTS_NONE)
        g_string_append_printf(out, _("  The scenario: glassmq sweep %s --faults %s --show %ju\n"),
                               plan->of, gmq_faults_level_name(plan->faults),
                               (guint64)failure->seed);
    else if (strcmp(plan->of, GMQ_SWEEP_SWARM) == 0)
        g_string_append_printf(out, _("  The scenario: glassmq sweep --swarm --show %ju\n"),
                               (guint64)failure->seed);
    else if (failure->event > 0)
        g_string_append_printf(out, _("  See it: glassmq view %s --seed %ju --at %ju\n"), plan->of,
                               (guint64)failure->seed, (guint64)failure->event);
}

/* The failures from first on that failed in the same thing. Returns the place behind them. */
static unsigned
add_group(const GmqSweep *sweep, unsigned first, unsigned most_lines, GString *out)
{
    const GmqSweepFailure *fastest = sweep->failures->pdata[first];
    unsigned end                   = first;

    while (end < sweep->failures->len) {
        const GmqSweepFailure *failure = sweep->failures->pdata[end];

        if (strcmp(failure->what, fastest->what) != 0)
            break;
        end++;
    }
    unsigned n = end - first;
    g_string_append_printf(out, "%s: %u %s\n", fastest->what, n, n == 1 ? "seed" : "seeds");
    for (unsigned i = first; i < end && i < first + most_lines; i++)
        add_failure(sweep->failures->pdata[i], out);
    if (n > most_lines)
        g_string_append_printf(out, _("  and %u more\n"), n - most_lines);
    add_see_it(sweep, fastest, out);
    return end;
}

/* ---- the rest ---- */

static void
add_sometimes(const GmqSweep *sweep, GString *out)
{
    g_autoptr(GString) never = g_string_new(NULL);

    g_string_append(out, _("Rare things, and in how many seeds they happened:\n"));
    for (unsigned i = 0; i < GMQ_N_SOMETIMES; i++) {
        const char *name = gmq_sometimes_name((GmqSometimes)i);

        if (sweep->seen[i] > 0)
            g_string_append_printf(out, "  %-32s %8" G_GUINT64_FORMAT "\n", name,
                                   (guint64)sweep->seen[i]);
        else if (!sweep->is_needed[i])
            g_string_append_printf(never, "%s%s", never->len > 0 ? ", " : "", name);
    }
    if (never->len > 0)
        g_string_append_printf(out, _("  never: %s\n"), never->str);
    for (unsigned i = 0; i < GMQ_N_SOMETIMES; i++) {
        if (sweep->is_needed[i] && sweep->seen[i] == 0)
            g_string_append_printf(out, _("  NEVER, and this sweep needs it: %s\n"),
                                   gmq_sometimes_name((GmqSometimes)i));
    }
}

static uint64_t
per_second(uint64_t count, uint64_t wall_us)
{
    return wall_us == 0 ? 0 : gmq_wide_ratio(count, 1000000, wall_us);
}

static void
add_speed(const GmqSweep *sweep, GString *out)
{
    g_autofree char *time = gmq_time_text((int64_t)sweep->wall_us * 1000);

    g_string_append_printf(out,
                           "Speed: %s with %" G_GUINT64_FORMAT " %s, %" G_GUINT64_FORMAT
                           " seeds/s, %" G_GUINT64_FORMAT
                           " events/s (an event is one pop of the heap)\n",
                           time, (guint64)sweep->n_jobs, sweep->n_jobs == 1 ? "job" : "jobs",
                           (guint64)per_second(sweep->n_done, sweep->wall_us),
                           (guint64)per_second(sweep->n_pops, sweep->wall_us));
}

static void
add_verdict(const GmqSweep *sweep, GString *out)
{
    const char *verdict = gmq_sweep_has_held(sweep) ? "held" : "broken";

    g_string_append_printf(out, "Verdict: %s  (%" G_GUINT64_FORMAT " %s, %u failed", verdict,
                           (guint64)sweep->n_done, sweep->n_done == 1 ? "seed" : "seeds",
                           sweep->failures->len);
    if (sweep->n_undecided > 0)
        g_string_append_printf(out, ", %" G_GUINT64_FORMAT " undecided",
                               (guint64)sweep->n_undecided);
    if (sweep->n_merged < sweep->plan.n_shards && sweep->n_merged > 1)
        g_string_append_printf(out, ", %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " shards",
                               (guint64)sweep->n_merged, (guint64)sweep->plan.n_shards);
    g_string_append_printf(out, "%s)\n", sweep->is_stopped ? ", stopped before the end" : "");
}

void
gmq_sweep_report(GmqSweep *sweep, unsigned most_lines, GString *out)
{
    g_ptr_array_sort(sweep->failures, compare_failures);
    for (unsigned i = 0; i < sweep->failures->len;)
        i = add_group(sweep, i, most_lines, out);
    if (sweep->failures->len > 0)
        g_string_append_c(out, '\n');
    add_sometimes(sweep, out);
    g_string_append_c(out, '\n');
    add_speed(sweep, out);
    add_verdict(sweep, out);
}
