/* Numbers: counts become small, and times round. */
#include "sim/shrink-private.h"
#include "sim/units.h"

#define MS INT64_C(1000000)

static bool
try_text(GmqShrinker *shrinker, unsigned number, const char *text)
{
    GmqYamlDocument *candidate = gmq_yaml_copy(shrinker->best);

    gmq_yaml_set_text(candidate, gmq_shrink_node(candidate, number), text);
    return gmq_shrink_try(shrinker, candidate);
}

/* One; else half of it, as often as that goes; else one less. */
static void
shrink_count(GmqShrinker *shrinker, unsigned number, uint64_t count)
{
    if (count <= 1 || try_text(shrinker, number, "1"))
        return;
    for (uint64_t next = count / 2; next > 1 && !gmq_shrink_is_over(shrinker); next = count / 2) {
        g_autofree char *half = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)next);

        if (!try_text(shrinker, number, half))
            break;
        count = next;
    }
    for (uint64_t next = count - 1; next > 1 && next + 4 > count; next--) {
        g_autofree char *less = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)next);

        if (try_text(shrinker, number, less))
            count = next;
    }
}

/* The coarsest step at which it still fails. */
static void
round_duration(GmqShrinker *shrinker, unsigned number, int64_t ns)
{
    static const int64_t steps[] = {1000 * MS, 100 * MS, 10 * MS, MS};

    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
        int64_t step   = steps[i];
        int64_t nearby = ns / step * step;

        if (nearby == ns && ns > 0)
            return;
        for (int64_t round = nearby; round <= nearby + step; round += step) {
            g_autofree char *text = gmq_duration_text(round);

            if (round > 0 && try_text(shrinker, number, text))
                return;
        }
    }
}

void
gmq_shrink_number_at(GmqShrinker *shrinker, unsigned number)
{
    const GmqYaml *node = gmq_shrink_node(shrinker->best, number);
    uint64_t count;
    int64_t ns;

    if (node->type != GMQ_YAML_SCALAR || !node->is_plain)
        return;
    if (gmq_read_count(node->text, &count))
        shrink_count(shrinker, number, count);
    else if (gmq_read_duration(node->text, &ns))
        round_duration(shrinker, number, ns);
}

void
gmq_shrink_stop(GmqShrinker *shrinker)
{
    static const int64_t steps[]    = {1000 * MS, 100 * MS};
    static const char *const path[] = {"stop", NULL};
    unsigned number                 = gmq_shrink_number(shrinker->best, path);
    int64_t stop_ns                 = 0;

    if (number == UINT_MAX ||
        !gmq_read_duration(gmq_shrink_node(shrinker->best, number)->text, &stop_ns))
        return;
    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
        int64_t early         = (shrinker->result->failure.time_ns / steps[i] + 1) * steps[i];
        g_autofree char *text = gmq_duration_text(early);

        if (early < stop_ns && try_text(shrinker, number, text))
            stop_ns = early;
    }
}
