#include "viz/event-line.h"

#include <string.h>

/* As gmq_event_fill() reads it; and {r}, which is "again" for a redelivery. */
static const char *const lines[GMQ_N_EVENTS] = {
    [GMQ_EVENT_CONNECTION_OPENED] = "connection is open",
    [GMQ_EVENT_CONNECTION_CLOSED] = "connection closed: {x}",
    [GMQ_EVENT_BLOCKED]           = "publisher waits: {x}",
    [GMQ_EVENT_UNBLOCKED]         = "publisher goes on",
    [GMQ_EVENT_STORED]            = "{m} is on the disk",
    [GMQ_EVENT_RECOVERED]         = "{m} is back {r}",
    [GMQ_EVENT_STARTED]           = "starts with {c} messages",
    [GMQ_EVENT_UNREADABLE]        = "cannot be read: {x}",
    [GMQ_EVENT_ALARM_SET]         = "alarm, messages hold {c} bytes",
    [GMQ_EVENT_ALARM_CLEARED]     = "alarm is over, messages hold {c} bytes",
    [GMQ_EVENT_CHANNEL_OPENED]    = "channel is open",
    [GMQ_EVENT_CHANNEL_CLOSED]    = "channel closed: {x}",
    [GMQ_EVENT_EXCHANGE_DECLARED] = "{x} exchange declared",
    [GMQ_EVENT_EXCHANGE_DELETED]  = "exchange deleted",
    [GMQ_EVENT_ALTERNATE_SET]     = "alternate exchange is {t}",
    [GMQ_EVENT_ALTERNATE_CLEARED] = "no alternate exchange",
    [GMQ_EVENT_QUEUE_DECLARED]    = "queue declared",
    [GMQ_EVENT_QUEUE_DELETED]     = "queue deleted {x}",
    [GMQ_EVENT_QUEUE_PURGED]      = "purged, {c} messages gone",
    [GMQ_EVENT_QUEUE_PAUSED]      = "paused",
    [GMQ_EVENT_QUEUE_RESUMED]     = "goes on",
    [GMQ_EVENT_QUEUE_COUNTED]     = "holds {c} ready and {u} unacked messages",
    [GMQ_EVENT_POLICY_SET]        = "{x} {w} for names like {k}",
    [GMQ_EVENT_POLICY_CLEARED]    = "{x} {w} is cleared",
    [GMQ_EVENT_BOUND]             = "bound to {t} {k}",
    [GMQ_EVENT_UNBOUND]           = "no longer bound to {t} {k}",
    [GMQ_EVENT_CONSUMER_ADDED]    = "{t} consumes, prefetch {c}",
    [GMQ_EVENT_CONSUMER_REMOVED]  = "{t} consumes no more",
    [GMQ_EVENT_PUBLISHED]         = "{m} arrives at {t}, key {k}",
    [GMQ_EVENT_ROUTED]            = "route {m} to {t} by {k}",
    [GMQ_EVENT_UNROUTABLE]        = "{m} has no route, key {k}",
    [GMQ_EVENT_RETURNED]          = "return {m}, {c}",
    [GMQ_EVENT_ENQUEUED]          = "enqueue {m} at {x}, ready {c}",
    [GMQ_EVENT_DELIVERED]         = "deliver {m} to {t} {r}",
    [GMQ_EVENT_GOT]               = "hand {m} to {t} {r}",
    [GMQ_EVENT_SETTLED_UNSEEN]    = "{m} needs no ack",
    [GMQ_EVENT_ACKED]             = "ack of {m} by {t}",
    [GMQ_EVENT_REJECTED]          = "reject of {m} by {t}",
    [GMQ_EVENT_REQUEUED]          = "requeue {m} at {x}, redelivered",
    [GMQ_EVENT_EXPIRED]           = "{m} expires",
    [GMQ_EVENT_DROPPED]           = "drop {m}: {x}",
    [GMQ_EVENT_HELD]              = "hold {m} for {c} ms",
    [GMQ_EVENT_DEAD_LETTERED]     = "dead-letter {m} to {t}: {x}",
    [GMQ_EVENT_CONFIRMED]         = "confirm {g}",
    [GMQ_EVENT_NACKED]            = "nack {g}",
    [GMQ_EVENT_CLIENT_ADDED]      = "{x}",
    [GMQ_EVENT_CLIENT_STARTED]    = "starts",
    [GMQ_EVENT_CLIENT_SENT]       = "send {m} to {t}, key {k}",
    [GMQ_EVENT_CLIENT_RECEIVED]   = "receive {m} {r}",
    [GMQ_EVENT_CLIENT_FINISHED]   = "finish {m}, then {x}",
    [GMQ_EVENT_CLIENT_FORWARDED]  = "send {m} on to {t}, key {k}",
    [GMQ_EVENT_CLIENT_EMPTY]      = "finds {t} empty",
    [GMQ_EVENT_CLIENT_CANCELLED]  = "consumes {t} no more",
    [GMQ_EVENT_CLIENT_CONFIRMED]  = "{m} is confirmed",
    [GMQ_EVENT_CLIENT_NACKED]     = "{m} is refused",
    [GMQ_EVENT_CLIENT_RETURNED]   = "{m} comes back: {x}",
    [GMQ_EVENT_COMMITTED]         = "commit of {c} messages",
    [GMQ_EVENT_ROLLED_BACK]       = "rollback of {c} messages",
    [GMQ_EVENT_CLIENT_CANNOT]     = "cannot send: {x}",
    [GMQ_EVENT_CLIENT_GAVE_UP]    = "waits no longer for {m}",
    [GMQ_EVENT_CLIENT_COMMITS]    = "commit {c} messages",
    [GMQ_EVENT_CLIENT_ROLLS_BACK] = "take {c} messages back",
    [GMQ_EVENT_CLIENT_TAKEN_BACK] = "{m} is taken back",
    [GMQ_EVENT_CLIENT_REPLIED]    = "reply to {k} after {c} ms, {x}",
    [GMQ_EVENT_CLIENT_WROTE]      = "send {x}",
    [GMQ_EVENT_CLIENT_READ]       = "hear {x}",
    [GMQ_EVENT_CLIENT_CLOSED]     = "is closed: {x}",
    [GMQ_EVENT_CAPTION]           = "{x}",
    [GMQ_EVENT_PAUSED]            = "pause",
    [GMQ_EVENT_ASKED]             = "{x}",
    [GMQ_EVENT_FAULT_CRASH]       = "crash {w}",
    [GMQ_EVENT_FAULT_STOP]        = "stop {w}",
    [GMQ_EVENT_FAULT_START]       = "start {w}",
    [GMQ_EVENT_FAULT_CUT]         = "cut {w} {x}",
    [GMQ_EVENT_FAULT_HEALED]      = "heal {w}",
    [GMQ_EVENT_FAULT_CLOG]        = "clog {w} {x}",
    [GMQ_EVENT_FAULT_UNCLOG]      = "unclog {w}",
    [GMQ_EVENT_FAULT_RESET]       = "reset {w} {x}",
    [GMQ_EVENT_FAULT_CLOSE]       = "close {w} {x}",
    [GMQ_EVENT_FAULT_LINK]        = "link {w} {x}",
    [GMQ_EVENT_FAULT_FREEZE]      = "freeze {w}",
    [GMQ_EVENT_FAULT_THAW]        = "thaw {w}",
    [GMQ_EVENT_CALM]              = "all faults are over",
    [GMQ_EVENT_SEGMENT_LOST]      = "to {t}: lost, sent again ({c})",
    [GMQ_EVENT_LINE_DIED]         = "to {t}: lost for good",
    [GMQ_EVENT_FAULT_DISK]        = "disk {x}",
    [GMQ_EVENT_BROKER_STOPPED]    = "has stopped",
    [GMQ_EVENT_BROKER_REFUSED]    = "does not start: {x}",
    [GMQ_EVENT_TAIL_CUT]          = "cuts {c} bytes off {x}",
    [GMQ_EVENT_CHECK_BROKEN]      = "BROKEN: {x}",
};

static const char *
default_name(const char *name)
{
    return *name == '\0' ? "(default)" : name;
}

static void
append_field(const GmqStage *stage, const GmqTraceEvent *event, char field, GString *out)
{
    switch (field) {
    case 'w':
        g_string_append(out, event->who);
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
        g_string_append_printf(out, "%s%" G_GUINT64_FORMAT, event->count > 0 ? "up to " : "",
                               event->tag);
        break;
    case 'u':
        g_string_append_printf(out, "%" G_GUINT64_FORMAT, event->tag);
        break;
    case 'x':
        g_string_append(out, event->text);
        break;
    default:
        g_string_append(out, event->redelivered ? "again" : "");
        break;
    }
}

char *
gmq_event_fill(const GmqStage *stage, const GmqTraceEvent *event, const char *format)
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
    return g_string_free(out, FALSE);
}

/* What a missing field leaves behind: spaces and the words that led to it. */
static void
trim_end(char *words)
{
    static const char *const leftovers[] = {", key", " by", ":", ", then", " at"};

    g_strchomp(words);
    for (size_t i = 0; i < G_N_ELEMENTS(leftovers); i++) {
        if (g_str_has_suffix(words, leftovers[i]))
            words[strlen(words) - strlen(leftovers[i])] = '\0';
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
        return "CHECK";
    if (gmq_stage_is_fault(event->kind))
        return "FAULT";
    if (gmq_stage_is_caption(event->kind))
        return "caption";
    if (event->kind == GMQ_EVENT_CONFIRMED || event->kind == GMQ_EVENT_NACKED ||
        event->kind == GMQ_EVENT_RETURNED)
        return "broker";
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
