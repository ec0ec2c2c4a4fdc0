#include "viz/event-line.h"

#include <string.h>

#include "sim/event-words.h"
#include "sim/language.h"
#include "sim/particle.h"

/* As gmq_event_fill() reads it; and {r}, which is "again" for a redelivery. */
static const char *const lines[GMQ_N_EVENTS] = {
    [GMQ_EVENT_CONNECTION_OPENED] = N_("connection is open"),
    [GMQ_EVENT_CONNECTION_CLOSED] = N_("connection closed: {x}"),
    [GMQ_EVENT_BLOCKED]           = N_("publisher waits: {x}"),
    [GMQ_EVENT_UNBLOCKED]         = N_("publisher goes on"),
    [GMQ_EVENT_STORED]            = N_("{m} is on the disk"),
    [GMQ_EVENT_RECOVERED]         = N_("{m} is back {r}"),
    [GMQ_EVENT_STARTED]           = N_("starts with {c} messages"),
    [GMQ_EVENT_UNREADABLE]        = N_("cannot be read: {x}"),
    [GMQ_EVENT_ALARM_SET]         = N_("alarm, messages hold {c} bytes"),
    [GMQ_EVENT_ALARM_CLEARED]     = N_("alarm is over, messages hold {c} bytes"),
    [GMQ_EVENT_CHANNEL_OPENED]    = N_("channel is open"),
    [GMQ_EVENT_CHANNEL_CLOSED]    = N_("channel closed: {x}"),
    [GMQ_EVENT_EXCHANGE_DECLARED] = N_("{x} exchange declared"),
    [GMQ_EVENT_EXCHANGE_DELETED]  = N_("exchange deleted"),
    [GMQ_EVENT_ALTERNATE_SET]     = N_("alternate exchange is {t}"),
    [GMQ_EVENT_ALTERNATE_CLEARED] = N_("no alternate exchange"),
    [GMQ_EVENT_QUEUE_DECLARED]    = N_("queue declared"),
    [GMQ_EVENT_QUEUE_ARGUMENTS]   = N_("has {x}"),
    [GMQ_EVENT_QUEUE_DELETED]     = N_("queue deleted {x}"),
    [GMQ_EVENT_QUEUE_PURGED]      = N_("purged, {c} messages gone"),
    [GMQ_EVENT_QUEUE_PAUSED]      = N_("paused"),
    [GMQ_EVENT_QUEUE_RESUMED]     = N_("goes on"),
    [GMQ_EVENT_QUEUE_COUNTED]     = N_("holds {c} ready and {u} unacked messages"),
    [GMQ_EVENT_POLICY_SET]        = N_("{x} {w} for names like {k}"),
    [GMQ_EVENT_POLICY_CLEARED]    = N_("{x} {w} is cleared"),
    [GMQ_EVENT_BOUND]             = N_("bound to {t} {k}"),
    [GMQ_EVENT_UNBOUND]           = N_("no longer bound to {t} {k}"),
    [GMQ_EVENT_CONSUMER_ADDED]    = N_("{t} consumes, prefetch {c}"),
    [GMQ_EVENT_CONSUMER_REMOVED]  = N_("{t} consumes no more"),
    [GMQ_EVENT_PUBLISHED]         = N_("{m} arrives at {t}, key {k}"),
    [GMQ_EVENT_ROUTED]            = N_("route {m} to {t} by {k}"),
    [GMQ_EVENT_UNROUTABLE]        = N_("{m} has no route, key {k}"),
    [GMQ_EVENT_RETURNED]          = N_("return {m}, {c}"),
    [GMQ_EVENT_ENQUEUED]          = N_("enqueue {m} at {x}, ready {c}"),
    [GMQ_EVENT_DELIVERED]         = N_("deliver {m} to {t} {r}"),
    [GMQ_EVENT_GOT]               = N_("hand {m} to {t} {r}"),
    [GMQ_EVENT_SETTLED_UNSEEN]    = N_("{m} needs no ack"),
    [GMQ_EVENT_ACKED]             = N_("ack of {m} by {t}"),
    [GMQ_EVENT_REJECTED]          = N_("reject of {m} by {t}"),
    [GMQ_EVENT_REQUEUED]          = N_("requeue {m} at {x}, redelivered"),
    [GMQ_EVENT_EXPIRED]           = N_("{m} expires"),
    [GMQ_EVENT_DROPPED]           = N_("drop {m}: {x}"),
    [GMQ_EVENT_HELD]              = N_("hold {m} for {c} ms"),
    [GMQ_EVENT_DEAD_LETTERED]     = N_("dead-letter {m} to {t}: {x}"),
    [GMQ_EVENT_CONFIRMED]         = N_("confirm {g}"),
    [GMQ_EVENT_NACKED]            = N_("nack {g}"),
    [GMQ_EVENT_CLIENT_ADDED]      = "{x}",
    [GMQ_EVENT_CLIENT_STARTED]    = N_("starts"),
    [GMQ_EVENT_CLIENT_SENT]       = N_("send {m} to {t}, key {k}"),
    [GMQ_EVENT_CLIENT_RECEIVED]   = N_("receive {m} {r}"),
    [GMQ_EVENT_CLIENT_FINISHED]   = N_("finish {m}, then {x}"),
    [GMQ_EVENT_CLIENT_FORWARDED]  = N_("send {m} on to {t}, key {k}"),
    [GMQ_EVENT_CLIENT_EMPTY]      = N_("finds {t} empty"),
    [GMQ_EVENT_CLIENT_CANCELLED]  = N_("consumes {t} no more"),
    [GMQ_EVENT_CLIENT_CONFIRMED]  = N_("{m} is confirmed"),
    [GMQ_EVENT_CLIENT_NACKED]     = N_("{m} is refused"),
    [GMQ_EVENT_CLIENT_RETURNED]   = N_("{m} comes back: {x}"),
    [GMQ_EVENT_COMMITTED]         = N_("commit of {c} messages"),
    [GMQ_EVENT_ROLLED_BACK]       = N_("rollback of {c} messages"),
    [GMQ_EVENT_CLIENT_CANNOT]     = N_("cannot send: {x}"),
    [GMQ_EVENT_CLIENT_GAVE_UP]    = N_("waits no longer for {m}"),
    [GMQ_EVENT_CLIENT_COMMITS]    = N_("commit {c} messages"),
    [GMQ_EVENT_CLIENT_ROLLS_BACK] = N_("take {c} messages back"),
    [GMQ_EVENT_CLIENT_TAKEN_BACK] = N_("{m} is taken back"),
    [GMQ_EVENT_CLIENT_REPLIED]    = N_("reply to {k} after {c} ms, {x}"),
    [GMQ_EVENT_CLIENT_WROTE]      = N_("send {x}"),
    [GMQ_EVENT_CLIENT_READ]       = N_("hear {x}"),
    [GMQ_EVENT_CLIENT_CLOSED]     = N_("is closed: {x}"),
    [GMQ_EVENT_CAPTION]           = "{x}",
    [GMQ_EVENT_PAUSED]            = N_("pause"),
    [GMQ_EVENT_ASKED]             = "{x}",
    [GMQ_EVENT_FAULT_CRASH]       = N_("crash {w}"),
    [GMQ_EVENT_FAULT_STOP]        = N_("stop {w}"),
    [GMQ_EVENT_FAULT_START]       = N_("start {w}"),
    [GMQ_EVENT_FAULT_CUT]         = N_("cut {w} {x}"),
    [GMQ_EVENT_FAULT_HEALED]      = N_("heal {w}"),
    [GMQ_EVENT_FAULT_CLOG]        = N_("clog {w} {x}"),
    [GMQ_EVENT_FAULT_UNCLOG]      = N_("unclog {w}"),
    [GMQ_EVENT_FAULT_RESET]       = N_("reset {w} {x}"),
    [GMQ_EVENT_FAULT_CLOSE]       = N_("close {w} {x}"),
    [GMQ_EVENT_FAULT_LINK]        = N_("link {w} {x}"),
    [GMQ_EVENT_FAULT_FREEZE]      = N_("freeze {w}"),
    [GMQ_EVENT_FAULT_THAW]        = N_("thaw {w}"),
    [GMQ_EVENT_CALM]              = N_("all faults are over"),
    [GMQ_EVENT_SEGMENT_LOST]      = N_("to {t}: lost, sent again ({c})"),
    [GMQ_EVENT_LINE_DIED]         = N_("to {t}: lost for good"),
    [GMQ_EVENT_FAULT_DISK]        = N_("disk {x}"),
    [GMQ_EVENT_BROKER_STOPPED]    = N_("has stopped"),
    [GMQ_EVENT_BROKER_REFUSED]    = N_("does not start: {x}"),
    [GMQ_EVENT_TAIL_CUT]          = N_("cuts {c} bytes off {x}"),
    [GMQ_EVENT_CHECK_BROKEN]      = N_("BROKEN: {x}"),
};

static const char *
default_name(const char *name)
{
    return *name == '\0' ? _("(default)") : name;
}

static void
append_told(const char *text, GString *out)
{
    g_autofree char *told = gmq_event_told(text);

    g_string_append(out, told);
}

static void
append_field(const GmqStage *stage, const GmqTraceEvent *event, char field, GString *out)
{
    switch (field) {
    case 'w':
        g_string_append(out,
                        event->kind == GMQ_EVENT_ALARM_SET || event->kind == GMQ_EVENT_ALARM_CLEARED
                            ? gmq_event_word(event->who)
                            : event->who);
        break;
    case 't':
        g_string_append(out, default_name(event->to));
        break;
    case 'm':
        g_string_append_len(out, event->message,
                            (gssize)gmq_picture_stem(stage->whole, event->message));
        break;
    case 'k':
        g_string_append(out, *event->key == '\0' ? "" : event->key);
        break;
    case 'c':
        g_string_append_printf(out, "%" G_GUINT64_FORMAT, event->count);
        break;
    case 'g':
        g_string_append_printf(out, "%s%" G_GUINT64_FORMAT, event->count > 0 ? _("up to ") : "",
                               event->tag);
        break;
    case 'u':
        g_string_append_printf(out, "%" G_GUINT64_FORMAT, event->tag);
        break;
    case 'x':
        append_told(event->text, out);
        break;
    default:
        g_string_append(out, event->redelivered ? _("again") : "");
        break;
    }
}

char *
gmq_event_put(const GmqStage *stage, const GmqTraceEvent *event, const char *format)
{
    GString *out = g_string_new(NULL);

    for (; *format != '\0'; format++) {
        if (format[0] == '{' && format[1] != '\0' && format[2] == '}') {
            append_field(stage, event, format[1], out);
            format += 2;
        } else {
            g_string_append_c(out, *format);
        }
    }
    return gmq_particles(g_string_free(out, FALSE));
}

char *
gmq_event_fill(const GmqStage *stage, const GmqTraceEvent *event, const char *format)
{
    return gmq_event_put(stage, event, _(format));
}

/* What a missing field leaves behind: spaces and the words that led to it. */
static void
trim_end(char *words)
{
    static const char *const leftovers[] = {N_(", key"), N_(" by"), ":", N_(", then"), N_(" at")};

    g_strchomp(words);
    for (size_t i = 0; i < G_N_ELEMENTS(leftovers); i++) {
        const char *leftover = _(leftovers[i]);
        if (g_str_has_suffix(words, leftover))
            words[strlen(words) - strlen(leftover)] = '\0';
    }
}

char *
gmq_event_words(const GmqStage *stage, const GmqTraceEvent *event)
{
    const char *format = lines[event->kind] != NULL ? lines[event->kind] : "";
    char *words        = gmq_event_fill(stage, event, format);

    trim_end(words);
    return words;
}

const char *
gmq_event_actor(const GmqTraceEvent *event)
{
    if (event->kind == GMQ_EVENT_CHECK_BROKEN)
        return _("CHECK");
    if (gmq_stage_is_fault(event->kind))
        return _("FAULT");
    if (gmq_stage_is_caption(event->kind))
        return _("caption");
    if (event->kind == GMQ_EVENT_CONFIRMED || event->kind == GMQ_EVENT_NACKED ||
        event->kind == GMQ_EVENT_RETURNED)
        return _("broker");
    if (event->kind == GMQ_EVENT_PUBLISHED)
        return event->who;
    return default_name(event->who);
}

char *
gmq_event_time(int64_t time_ns)
{
    int64_t ms = time_ns / 1000000;

    return g_strdup_printf("%" G_GINT64_FORMAT ".%03ds", ms / 1000, (int)(ms % 1000));
}
