#include "viz/trail.h"

#include <string.h>

#include "sim/language.h"

/* So many names are told to who asked for another one. */
#define NAMES_TOLD 4

typedef struct {
    unsigned edge;
    const char *key; /* of the binding, else ""; lent from the trace */
} Step;

struct GmqTrail {
    char *name;
    GArray *steps;  /* of Step, in order of time */
    GArray *places; /* of GmqPlace, each once */
};

static void
add_place(GmqTrail *trail, GmqPlace place)
{
    if (place.kind != GMQ_PLACE_NONE && !gmq_trail_was_at(trail, place))
        g_array_append_val(trail->places, place);
}

static bool
has_taken(const GmqTrail *trail, unsigned edge)
{
    for (unsigned i = 0; i < trail->steps->len; i++) {
        if (g_array_index(trail->steps, Step, i).edge == edge)
            return true;
    }
    return false;
}

/* What is sent arrives: that is no further step, unless a trace tells only of the arrival. */
static bool
is_arrival(GmqEventKind kind)
{
    return kind == GMQ_EVENT_PUBLISHED || kind == GMQ_EVENT_CLIENT_RECEIVED;
}

/* Answers and requeues run against the arrow: they are no steps. */
static void
add_hop(GmqTrail *trail, const GmqPicture *picture, GmqEventKind kind)
{
    const GmqHop *hop = &picture->hop;

    add_place(trail, hop->place);
    if (hop->edge < 0)
        return;

    const GmqPictureEdge *edge = gmq_picture_edge(picture, (unsigned)hop->edge);
    Step step                  = {(unsigned)hop->edge, hop->key};
    add_place(trail, edge->from);
    add_place(trail, edge->to);
    if (!hop->is_back && !(is_arrival(kind) && has_taken(trail, step.edge)))
        g_array_append_val(trail->steps, step);
}

GmqTrail *
gmq_trail_new(const GmqTrace *trace, const char *name, uint64_t event)
{
    GmqTrail *trail               = g_new0(GmqTrail, 1);
    g_autoptr(GmqPicture) picture = gmq_picture_new(trace);

    trail->name   = g_strdup(name);
    trail->steps  = g_array_new(FALSE, FALSE, sizeof(Step));
    trail->places = g_array_new(FALSE, FALSE, sizeof(GmqPlace));
    while (picture->event < event && gmq_picture_step(picture)) {
        const GmqTraceEvent *now = gmq_trace_event(trace, picture->event);
        if (gmq_trace_name_is_of(now->message, name))
            add_hop(trail, picture, now->kind);
    }
    return trail;
}

void
gmq_trail_free(GmqTrail *trail)
{
    g_free(trail->name);
    g_array_free(trail->steps, TRUE);
    g_array_free(trail->places, TRUE);
    g_free(trail);
}

const char *
gmq_trail_name(const GmqTrail *trail)
{
    return trail->name;
}

unsigned
gmq_trail_length(const GmqTrail *trail)
{
    return trail->steps->len;
}

bool
gmq_trail_was_at(const GmqTrail *trail, GmqPlace place)
{
    for (unsigned i = 0; i < trail->places->len; i++) {
        GmqPlace there = g_array_index(trail->places, GmqPlace, i);
        if (there.kind == place.kind && there.index == place.index)
            return true;
    }
    return false;
}

char *
gmq_trail_steps(const GmqTrail *trail, unsigned edge, const char *key)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (unsigned i = 0; i < trail->steps->len; i++) {
        const Step *step = &g_array_index(trail->steps, Step, i);
        if (step->edge == edge && (key == NULL || strcmp(step->key, key) == 0))
            g_string_append_printf(out, "%s%u", out->len > 0 ? ", " : "", i + 1);
    }
    return out->len == 0 ? NULL : g_strdup(out->str);
}

/* ---- names ---- */

static bool
ends_so(const char *name, const char *text)
{
    const char *dash = strrchr(name, '-');

    return dash != NULL && strcmp(dash + 1, text) == 0;
}

/* The first names of the trace, for who gave a wrong one. */
static char *
some_names(const GmqTrace *trace)
{
    GString *out     = g_string_new(NULL);
    const char *last = "";
    unsigned n       = 0;

    for (uint64_t i = 1; i <= gmq_trace_length(trace) && n < NAMES_TOLD; i++) {
        const GmqTraceEvent *event = gmq_trace_event(trace, i);
        if (event->kind != GMQ_EVENT_CLIENT_SENT && event->kind != GMQ_EVENT_PUBLISHED)
            continue;
        if (strchr(event->message, '@') != NULL || strcmp(event->message, last) == 0)
            continue;
        g_string_append_printf(out, "%s%s", n == 0 ? "" : ", ", event->message);
        last = event->message;
        n++;
    }
    return g_string_free(out, FALSE);
}

char *
gmq_trail_find(const GmqTrace *trace, const char *text, GError **error)
{
    const char *found = NULL; /* the one that ends so */
    bool is_only_one  = true;

    for (uint64_t i = 1; i <= gmq_trace_length(trace) && *text != '\0'; i++) {
        const char *name = gmq_trace_event(trace, i)->message;
        if (gmq_trace_name_is_of(name, text))
            return g_strdup(text);
        if (strchr(name, '@') != NULL || !ends_so(name, text))
            continue;
        is_only_one = is_only_one && (found == NULL || strcmp(found, name) == 0);
        found       = name;
    }
    if (found != NULL && is_only_one)
        return g_strdup(found);

    g_autofree char *names = some_names(trace);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                _("no message of this run is called \"%s\"%s%s"), text,
                *names == '\0' ? _("; none was sent") : _("; the first ones are "), names);
    return NULL;
}
