#include "sim/lockstep.h"

/* So many causes are shown, from the event back. */
#define CAUSES_SHOWN 5

static void
add_chain(GString *out, const char *title, const GmqTrace *trace, uint64_t number)
{
    g_string_append_printf(out, "%s:\n", title);
    if (number > gmq_trace_length(trace)) {
        g_string_append(out, "  the run is over\n");
        return;
    }
    for (unsigned i = 0; i <= CAUSES_SHOWN && number > 0; i++) {
        const GmqTraceEvent *event = gmq_trace_event(trace, number);

        g_string_append(out, i == 0 ? "  " : "  because of ");
        gmq_trace_event_to_json(event, out);
        number = event->cause;
    }
}

static char *
describe(const GmqTrace *one, const GmqTrace *other, uint64_t number)
{
    g_autoptr(GString) out = g_string_new(NULL);

    g_string_append_printf(out, "The runs differ at event %" G_GUINT64_FORMAT ".\n",
                           (guint64)number);
    add_chain(out, "One run", one, number);
    add_chain(out, "The other run", other, number);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* The first number from next on at which the traces differ, as far as both go; 0 for none. */
static uint64_t
find_difference(const GmqTrace *one, const GmqTrace *other, uint64_t *next)
{
    size_t shared = MIN(gmq_trace_length(one), gmq_trace_length(other));

    for (; *next <= shared; (*next)++) {
        if (!gmq_trace_event_equal(gmq_trace_event(one, *next), gmq_trace_event(other, *next)))
            return *next;
    }
    return 0;
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

        uint64_t number = find_difference(a, b, &next);
        if (number > 0)
            return describe(a, b, number);
    }
    if (gmq_trace_length(a) != gmq_trace_length(b))
        return describe(a, b, next);
    return NULL;
}
