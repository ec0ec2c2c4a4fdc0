/* What can be asked about an event. */
#include <string.h>

#include "core/base/nearest.h"
#include "sim/filter-private.h"
#include "sim/language.h"

/* ---- what the names of an event are names of ---- */

typedef enum {
    OF_CLIENT, /* also the broker, or whoever else does something */
    OF_QUEUE,
    OF_EXCHANGE,
    OF_TEXT, /* the event's text says "queue" or "exchange" */
} NameOf;

/* Kinds that are not here name clients. */
static const struct {
    NameOf who;
    NameOf to;
} names[GMQ_N_EVENTS] = {
    [GMQ_EVENT_EXCHANGE_DECLARED] = {OF_EXCHANGE, OF_EXCHANGE},
    [GMQ_EVENT_EXCHANGE_DELETED]  = {OF_EXCHANGE, OF_EXCHANGE},
    [GMQ_EVENT_ALTERNATE_SET]     = {OF_EXCHANGE, OF_EXCHANGE},
    [GMQ_EVENT_ALTERNATE_CLEARED] = {OF_EXCHANGE, OF_EXCHANGE},
    [GMQ_EVENT_QUEUE_DECLARED]    = {OF_QUEUE, OF_QUEUE},
    [GMQ_EVENT_QUEUE_ARGUMENTS]   = {OF_QUEUE, OF_EXCHANGE},
    [GMQ_EVENT_QUEUE_DELETED]     = {OF_QUEUE, OF_QUEUE},
    [GMQ_EVENT_QUEUE_PURGED]      = {OF_QUEUE, OF_QUEUE},
    [GMQ_EVENT_QUEUE_PAUSED]      = {OF_QUEUE, OF_QUEUE},
    [GMQ_EVENT_QUEUE_RESUMED]     = {OF_QUEUE, OF_QUEUE},
    [GMQ_EVENT_POLICY_SET]        = {OF_TEXT, OF_TEXT},
    [GMQ_EVENT_POLICY_CLEARED]    = {OF_TEXT, OF_TEXT},
    [GMQ_EVENT_BOUND]             = {OF_EXCHANGE, OF_TEXT},
    [GMQ_EVENT_UNBOUND]           = {OF_EXCHANGE, OF_TEXT},
    [GMQ_EVENT_CONSUMER_ADDED]    = {OF_QUEUE, OF_CLIENT},
    [GMQ_EVENT_CONSUMER_REMOVED]  = {OF_QUEUE, OF_CLIENT},
    [GMQ_EVENT_PUBLISHED]         = {OF_CLIENT, OF_EXCHANGE},
    [GMQ_EVENT_ROUTED]            = {OF_EXCHANGE, OF_TEXT},
    [GMQ_EVENT_UNROUTABLE]        = {OF_EXCHANGE, OF_EXCHANGE},
    [GMQ_EVENT_ENQUEUED]          = {OF_QUEUE, OF_QUEUE},
    [GMQ_EVENT_DELIVERED]         = {OF_QUEUE, OF_CLIENT},
    [GMQ_EVENT_GOT]               = {OF_QUEUE, OF_CLIENT},
    [GMQ_EVENT_SETTLED_UNSEEN]    = {OF_QUEUE, OF_CLIENT},
    [GMQ_EVENT_ACKED]             = {OF_QUEUE, OF_CLIENT},
    [GMQ_EVENT_REJECTED]          = {OF_QUEUE, OF_CLIENT},
    [GMQ_EVENT_REQUEUED]          = {OF_QUEUE, OF_QUEUE},
    [GMQ_EVENT_EXPIRED]           = {OF_QUEUE, OF_QUEUE},
    [GMQ_EVENT_DROPPED]           = {OF_QUEUE, OF_QUEUE},
    [GMQ_EVENT_HELD]              = {OF_EXCHANGE, OF_EXCHANGE},
    [GMQ_EVENT_DEAD_LETTERED]     = {OF_QUEUE, OF_EXCHANGE},
    [GMQ_EVENT_RECOVERED]         = {OF_QUEUE, OF_QUEUE},
    [GMQ_EVENT_UNREADABLE]        = {OF_QUEUE, OF_QUEUE},
    [GMQ_EVENT_CLIENT_SENT]       = {OF_CLIENT, OF_EXCHANGE},
    [GMQ_EVENT_CLIENT_RECEIVED]   = {OF_CLIENT, OF_QUEUE},
    [GMQ_EVENT_CLIENT_FINISHED]   = {OF_CLIENT, OF_QUEUE},
    [GMQ_EVENT_CLIENT_FORWARDED]  = {OF_CLIENT, OF_EXCHANGE},
    [GMQ_EVENT_CLIENT_EMPTY]      = {OF_CLIENT, OF_QUEUE},
    [GMQ_EVENT_CLIENT_CANCELLED]  = {OF_CLIENT, OF_QUEUE},
    [GMQ_EVENT_CLIENT_REPLIED]    = {OF_CLIENT, OF_QUEUE},
};

/* What an exchange dropped as a duplicate was in no queue. */
static bool
is_of(const GmqTraceEvent *event, NameOf said, NameOf asked)
{
    if (event->kind == GMQ_EVENT_DROPPED && strcmp(event->text, "duplicate") == 0)
        said = OF_EXCHANGE;
    if (said == OF_TEXT)
        said = strcmp(event->text, "exchange") == 0 ? OF_EXCHANGE : OF_QUEUE;
    return said == asked;
}

static bool
matches(const char *name, const char *pattern)
{
    return strcmp(name, pattern) == 0 || g_pattern_match_simple(pattern, name);
}

/* An event that carries no such name has none, not the empty one: that is the default exchange. */
static bool
has_name(const GmqTraceEvent *event, NameOf asked, const char *pattern)
{
    unsigned fields = gmq_event_info(event->kind)->fields;

    return ((fields & GMQ_FIELD_WHO) != 0 && is_of(event, names[event->kind].who, asked) &&
            matches(event->who, pattern)) ||
           ((fields & GMQ_FIELD_TO) != 0 && is_of(event, names[event->kind].to, asked) &&
            matches(event->to, pattern));
}

/* ---- text ---- */

static bool
has_queue(const GmqTraceEvent *event, const char *text)
{
    return has_name(event, OF_QUEUE, text);
}

static bool
has_exchange(const GmqTraceEvent *event, const char *text)
{
    return has_name(event, OF_EXCHANGE, strcmp(text, "(default)") == 0 ? "" : text);
}

static bool
has_client(const GmqTraceEvent *event, const char *text)
{
    return has_name(event, OF_CLIENT, text);
}

static bool
has_who(const GmqTraceEvent *event, const char *text)
{
    return matches(event->who, text);
}

static bool
has_to(const GmqTraceEvent *event, const char *text)
{
    return (gmq_event_info(event->kind)->fields & GMQ_FIELD_TO) != 0 && matches(event->to, text);
}

static bool
has_key(const GmqTraceEvent *event, const char *text)
{
    return (gmq_event_info(event->kind)->fields & GMQ_FIELD_KEY) != 0 && matches(event->key, text);
}

/* "5" is the fifth message of whoever sends: "p1-5", and its copy "p1-5@audit". */
static bool
has_message(const GmqTraceEvent *event, const char *text)
{
    if (*event->message == '\0')
        return false;
    if (gmq_trace_name_is_of(event->message, text) || matches(event->message, text))
        return true;
    if (strspn(text, "0123456789") != strlen(text))
        return false;

    const char *at        = strchr(event->message, '@');
    size_t length         = at != NULL ? (size_t)(at - event->message) : strlen(event->message);
    g_autofree char *stem = g_strndup(event->message, length);
    const char *dash      = strrchr(stem, '-');
    return dash != NULL && strcmp(dash + 1, text) == 0;
}

static bool
holds(const char *text, const char *part)
{
    size_t size = strlen(part);

    for (; strlen(text) >= size; text++) {
        if (g_ascii_strncasecmp(text, part, size) == 0)
            return true;
        if (*text == '\0')
            break;
    }
    return false;
}

static bool
has_said(const GmqTraceEvent *event, const char *text)
{
    return holds(event->text, text);
}

bool
gmq_filter_has_word(const GmqTraceEvent *event, const char *word)
{
    return holds(gmq_event_info(event->kind)->kind, word) || holds(event->who, word) ||
           holds(event->to, word) || holds(event->key, word) || holds(event->message, word) ||
           holds(event->text, word);
}

static bool
has_level(const GmqTraceEvent *event, const char *text)
{
    return strcmp(gmq_level_name(gmq_event_info(event->kind)->level), text) == 0;
}

static bool
has_again(const GmqTraceEvent *event, const char *text)
{
    return event->redelivered == (strcmp(text, "yes") == 0);
}

/* ---- kinds ---- */

static bool
is_kind(const char *kind, const char *pattern)
{
    size_t size = strlen(pattern);

    return matches(kind, pattern) || (gmq_event_kind_find(pattern) == GMQ_N_EVENTS &&
                                      strncmp(kind, pattern, size) == 0 && kind[size] == '.');
}

bool
gmq_filter_has_kind(const GmqTraceEvent *event, const char *pattern)
{
    return is_kind(gmq_event_info(event->kind)->kind, pattern);
}

bool
gmq_filter_is_kind(const char *pattern)
{
    for (int kind = 0; kind < GMQ_N_EVENTS; kind++) {
        if (is_kind(gmq_event_info((GmqEventKind)kind)->kind, pattern))
            return true;
    }
    return false;
}

/* ---- numbers ---- */

static uint64_t
time_of(const GmqTraceEvent *event)
{
    return (uint64_t)MAX(event->time_ns, 0);
}

static uint64_t
number_of(const GmqTraceEvent *event)
{
    return event->number;
}

static uint64_t
cause_of(const GmqTraceEvent *event)
{
    return event->cause;
}

static uint64_t
tag_of(const GmqTraceEvent *event)
{
    return event->tag;
}

static uint64_t
channel_of(const GmqTraceEvent *event)
{
    return event->channel;
}

/* ---- the table ---- */

static const GmqFilterRow rows[] = {
    {{"kind", "deliver,ack", N_("what happened; fault means all of fault.*")},
     NULL,
     GMQ_FILTER_KINDS,
     gmq_filter_has_kind,
     NULL},
    {{"queue", "NAME", N_("a queue that takes part")}, NULL, GMQ_FILTER_NAMES, has_queue, NULL},
    {{"exchange", "NAME", N_("an exchange that takes part")},
     NULL,
     GMQ_FILTER_NAMES,
     has_exchange,
     NULL},
    {{"client", "NAME", N_("a client that takes part")}, NULL, GMQ_FILTER_NAMES, has_client, NULL},
    {{"m", "p1-5", N_("a message with its copies; 5 is the fifth of any sender")},
     "message",
     GMQ_FILTER_NAMES,
     has_message,
     NULL},
    {{"t", ">1s", N_("the time: 1.5s, <2s, 1s..2s")}, "time", GMQ_FILTER_TIMES, NULL, time_of},
    {{"n", ">=200", N_("the number of the event: 7, <9, 20..40")},
     "event",
     GMQ_FILTER_NUMBERS,
     NULL,
     number_of},
    {{"cause", "214", N_("what that event led to")}, NULL, GMQ_FILTER_NUMBERS, NULL, cause_of},
    {{"key", "order.*", N_("the routing key")}, NULL, GMQ_FILTER_NAMES, has_key, NULL},
    {{"who", "NAME", N_("who did it")}, "from", GMQ_FILTER_NAMES, has_who, NULL},
    {{"to", "NAME", N_("to whom")}, NULL, GMQ_FILTER_NAMES, has_to, NULL},
    {{"text", "WORDS", N_("words in the text of the event")},
     NULL,
     GMQ_FILTER_NAMES,
     has_said,
     NULL},
    {{"tag", "3", N_("a delivery tag or confirm number")}, NULL, GMQ_FILTER_NUMBERS, NULL, tag_of},
    {{"channel", "1", N_("the number of the channel")}, NULL, GMQ_FILTER_NUMBERS, NULL, channel_of},
    {{"redelivered", "yes|no", N_("whether it was delivered before")},
     NULL,
     GMQ_FILTER_WORDS,
     has_again,
     NULL},
    {{"level", "story|frames|net", N_("how much it is about the wire")},
     NULL,
     GMQ_FILTER_WORDS,
     has_level,
     NULL},
};

const GmqFilterRow *
gmq_filter_row(const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (strcmp(rows[i].key.key, key) == 0 || g_strcmp0(rows[i].also, key) == 0)
            return &rows[i];
    }
    return NULL;
}

const char *
gmq_filter_nearest_key(const char *key)
{
    const char *keys[G_N_ELEMENTS(rows)];

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        keys[i] = rows[i].key.key;
    return gmq_nearest(key, keys, G_N_ELEMENTS(keys));
}

const GmqFilterKey *
gmq_filter_key(size_t index)
{
    return index < G_N_ELEMENTS(rows) ? &rows[index].key : NULL;
}
