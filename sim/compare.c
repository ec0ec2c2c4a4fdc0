#include "sim/compare.h"

#include "sim/language.h"
#include "sim/units.h"

/* So many causes are shown, from the event back. */
#define CAUSES_SHOWN 5

/* ---- where they part ---- */

static bool
is_same_what(const GmqTraceEvent *a, const GmqTraceEvent *b)
{
    GmqTraceEvent copy = *b;

    copy.number  = a->number;
    copy.cause   = a->cause;
    copy.time_ns = a->time_ns;
    return gmq_trace_event_equal(a, &copy);
}

uint64_t
gmq_compare_traces(const GmqTrace *one, const GmqTrace *other, GmqCompareBy by, uint64_t from)
{
    bool (*is_same)(const GmqTraceEvent *, const GmqTraceEvent *) =
        by == GMQ_COMPARE_ALL ? gmq_trace_event_equal : is_same_what;
    size_t shared = MIN(gmq_trace_length(one), gmq_trace_length(other));

    for (uint64_t number = from; number <= shared; number++) {
        if (!is_same(gmq_trace_event(one, number), gmq_trace_event(other, number)))
            return number;
    }
    return gmq_trace_length(one) == gmq_trace_length(other) ? 0 : MAX(from, shared + 1);
}

/* ---- the two events ---- */

static void
add_chain(GString *out, const char *title, const GmqTrace *trace, uint64_t number)
{
    g_string_append_printf(out, "%s:\n", title);
    if (number > gmq_trace_length(trace)) {
        g_string_append(out, _("  the run is over\n"));
        return;
    }
    for (unsigned i = 0; i <= CAUSES_SHOWN && number > 0; i++) {
        const GmqTraceEvent *event = gmq_trace_event(trace, number);

        g_string_append(out, i == 0 ? "  " : _("  because of "));
        gmq_trace_event_to_json(event, out);
        number = event->cause;
    }
}

static void
add_member(GString *out, const char *name, bool is_same)
{
    if (!is_same)
        g_string_append_printf(out, "%s%s", out->len == 0 ? "" : ", ", name);
}

/* The members of two events that are not the same, by their names in a trace. */
static char *
different_members(const GmqTraceEvent *a, const GmqTraceEvent *b)
{
    g_autoptr(GString) names = g_string_new(NULL);
    const GmqEventInfo *info = gmq_event_info(a->kind);

    if (a->kind != b->kind)
        return g_strdup(_("what happens"));
    add_member(names, _("the time"), a->time_ns == b->time_ns);
    add_member(names, _("the cause"), a->cause == b->cause);
    add_member(names, _("who"), strcmp(a->who, b->who) == 0);
    add_member(names, _("to whom"), strcmp(a->to, b->to) == 0);
    add_member(names, _("the key"), strcmp(a->key, b->key) == 0);
    add_member(names, _("the message"), strcmp(a->message, b->message) == 0);
    add_member(names, _("the channel"), a->channel == b->channel);
    add_member(names, _("the tag"), a->tag == b->tag);
    add_member(names, _("whether it is redelivered"), a->redelivered == b->redelivered);
    add_member(names, info->count_label, a->count == b->count);
    add_member(names, info->text_label, strcmp(a->text, b->text) == 0);
    return g_string_free(g_steal_pointer(&names), FALSE);
}

void
gmq_compare_tell_events(const GmqTrace *one, const char *one_name, const GmqTrace *other,
                        const char *other_name, uint64_t number, GString *out)
{
    add_chain(out, one_name, one, number);
    add_chain(out, other_name, other, number);
    if (number > gmq_trace_length(one) || number > gmq_trace_length(other))
        return;

    g_autofree char *members =
        different_members(gmq_trace_event(one, number), gmq_trace_event(other, number));
    g_string_append_printf(out, _("They differ in %s.\n"), members);
}

/* ---- how they began ---- */

/* The first line that is not the same in two texts; *a and *b become its beginnings. */
static unsigned
first_line(const char **a, const char **b)
{
    unsigned number = 1;

    for (;;) {
        size_t size_a = strcspn(*a, "\n");
        size_t size_b = strcspn(*b, "\n");

        if (size_a != size_b || memcmp(*a, *b, size_a) != 0 || (*a)[size_a] != (*b)[size_b])
            return number;
        *a += size_a + 1;
        *b += size_b + 1;
        number++;
    }
}

static void
tell_texts(const GmqTraceInfo *one, const char *one_name, const GmqTraceInfo *other,
           const char *other_name, GString *out)
{
    const char *a   = one->text;
    const char *b   = other->text;
    unsigned number = first_line(&a, &b);

    g_string_append_printf(
        out, _("The scenarios differ, first in line %u:\n  %s: %.*s\n  %s: %.*s\n"), number,
        one_name, (int)strcspn(a, "\n"), a, other_name, (int)strcspn(b, "\n"), b);
}

unsigned
gmq_compare_tell_starts(const GmqTraceInfo *one, const char *one_name, const GmqTraceInfo *other,
                        const char *other_name, GString *out)
{
    unsigned n = 0;

    if (strcmp(one->tool, other->tool) != 0) {
        g_string_append_printf(out, _("%s is of glassmq %s, %s of %s.\n"), one_name, one->tool,
                               other_name, other->tool);
        n++;
    }
    if (strcmp(one->text, other->text) != 0) {
        tell_texts(one, one_name, other, other_name, out);
        n++;
    }
    if (one->seed != other->seed) {
        g_string_append_printf(out, _("%s has seed %ju, %s has seed %ju.\n"), one_name,
                               (guint64)one->seed, other_name, (guint64)other->seed);
        n++;
    }
    if (one->ties != other->ties) {
        g_string_append_printf(out, _("Only %s draws the order of one instant.\n"),
                               one->ties == GMQ_TIES_RANDOM ? one_name : other_name);
        n++;
    }
    return n;
}
