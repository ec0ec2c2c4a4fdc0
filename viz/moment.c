#include "viz/moment.h"

#include <string.h>

#include "sim/language.h"
#include "sim/units.h"
#include "viz/stage.h"

static bool
refuse(GError **error, const char *text)
{
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                _("\"%s\" is no moment: give the number of an event, such as 214, a time, such as "
                  "1.5s, caption:1, fault:1, start or end"),
                text);
    return false;
}

/* Times never fall along a trace. */
uint64_t
gmq_moment_at_time(const GmqTrace *trace, int64_t time_ns)
{
    uint64_t low = 0, high = gmq_trace_length(trace);

    while (low < high) {
        uint64_t middle = high - (high - low) / 2;
        if (gmq_trace_event(trace, middle)->time_ns <= time_ns)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

static bool
read_event(const GmqTrace *trace, const char *text, uint64_t *event, GError **error)
{
    uint64_t length = gmq_trace_length(trace);

    if (!gmq_read_count(text[0] == '#' ? text + 1 : text, event))
        return refuse(error, text);
    if (*event <= length)
        return true;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                _("the run has %ju events, so %s is behind its end"), length, text);
    return false;
}

static bool
read_time(const GmqTrace *trace, const char *text, int64_t time_ns, uint64_t *event, GError **error)
{
    uint64_t length = gmq_trace_length(trace);
    int64_t stop_ns = gmq_trace_info(trace)->stop_ns;
    int64_t last_ns = length == 0 ? 0 : gmq_trace_event(trace, length)->time_ns;
    int64_t end_ns  = MAX(stop_ns, last_ns);
    *event          = gmq_moment_at_time(trace, time_ns);

    if (time_ns <= end_ns)
        return true;
    g_autofree char *end = gmq_time_text(end_ns);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                _("the run ends at %s, so %s is behind its end"), end, text);
    return false;
}

static bool
is_said(const GmqTraceEvent *event)
{
    return event->kind == GMQ_EVENT_CAPTION;
}

static bool
is_fault(const GmqTraceEvent *event)
{
    return gmq_stage_is_fault(event->kind);
}

/* "caption:2" and its like; each counts from 1. */
static const struct {
    const char *word;
    bool (*is_one)(const GmqTraceEvent *event);
} counted[] = {{"caption", is_said}, {"fault", is_fault}};

static bool
read_counted(const GmqTrace *trace, const char *text, size_t which, uint64_t *event, GError **error)
{
    uint64_t wanted = 0;
    uint64_t count  = 0;

    if (!gmq_read_count(text + strlen(counted[which].word) + 1, &wanted) || wanted == 0)
        return refuse(error, text);
    for (uint64_t n = 1; n <= gmq_trace_length(trace); n++) {
        if (!counted[which].is_one(gmq_trace_event(trace, n)))
            continue;
        *event = n;
        if (++count == wanted)
            return true;
    }
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                counted[which].is_one == is_said
                    ? P_("the run has %ju caption, so there is no %s",
                         "the run has %ju captions, so there is no %s", count)
                    : P_("the run has %ju fault, so there is no %s",
                         "the run has %ju faults, so there is no %s", count),
                count, text);
    return false;
}

bool
gmq_moment_read(const GmqTrace *trace, const char *text, uint64_t *event, GError **error)
{
    int64_t time_ns = 0;

    *event = 0;
    if (strcmp(text, "start") == 0)
        return true;
    if (strcmp(text, "end") == 0) {
        *event = gmq_trace_length(trace);
        return true;
    }
    if (strcmp(text, "0") != 0 && gmq_read_duration(text, &time_ns))
        return read_time(trace, text, time_ns, event, error);
    for (size_t i = 0; i < G_N_ELEMENTS(counted); i++) {
        size_t size = strlen(counted[i].word);
        if (strncmp(text, counted[i].word, size) == 0 && text[size] == ':')
            return read_counted(trace, text, i, event, error);
    }
    return read_event(trace, text, event, error);
}
