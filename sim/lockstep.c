#include "sim/lockstep.h"

#include "sim/compare.h"

static char *
describe(const GmqTrace *one, const GmqTrace *other, uint64_t number)
{
    g_autoptr(GString) out = g_string_new(NULL);

    g_string_append_printf(out, "The runs differ at event %" G_GUINT64_FORMAT ".\n",
                           (guint64)number);
    gmq_compare_tell_events(one, "One run", other, "The other run", number, out);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

char *
gmq_lockstep(GmqWorld *one, GmqWorld *other)
{
    const GmqTrace *a = gmq_world_trace(one);
    const GmqTrace *b = gmq_world_trace(other);
    uint64_t next     = 1;
    bool is_one_on    = true;
    bool is_other_on  = true;

    while (is_one_on || is_other_on) {
        is_one_on   = gmq_world_step(one);
        is_other_on = gmq_world_step(other);

        /* One may be ahead by what the other does in its next step. */
        uint64_t shared = MIN(gmq_trace_length(a), gmq_trace_length(b));
        uint64_t number = gmq_compare_traces(a, b, GMQ_COMPARE_ALL, next);
        if (number > 0 && (number <= shared || (!is_one_on && !is_other_on)))
            return describe(a, b, number);
        next = shared + 1;
    }
    return NULL;
}
