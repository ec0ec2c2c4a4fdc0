/* One step of a message's life each, in words. */
#include "sim/biography-private.h"

/* Steps of a chain of causes that are told with a step. */
#define CAUSES_TOLD 3

/* ---- words ---- */

static const char *
exchange_name(const char *name)
{
    return *name == '\0' ? "the default exchange" : name;
}

/* What happened, short enough to stand behind "because". */
static void
add_phrase(const GmqTraceEvent *event, GString *out)
{
    switch (event->kind) {
    case GMQ_EVENT_ACKED:
        g_string_append_printf(out, "%s acked %s", event->to, event->message);
        break;
    case GMQ_EVENT_REJECTED:
        g_string_append_printf(out, "%s rejected %s", event->to, event->message);
        break;
    case GMQ_EVENT_CONSUMER_ADDED:
        g_string_append_printf(out, "%s began to listen to queue %s", event->to, event->who);
        break;
    case GMQ_EVENT_CONNECTION_CLOSED:
        g_string_append_printf(out, "the connection of %s ended: %s", event->who, event->text);
        break;
    case GMQ_EVENT_CHANNEL_CLOSED:
        g_string_append_printf(out, "the channel of %s ended: %s", event->who, event->text);
        break;
    case GMQ_EVENT_CLIENT_CLOSED:
        g_string_append_printf(out, "%s lost its connection: %s", event->who, event->text);
        break;
    case GMQ_EVENT_FAULT_CRASH:
        g_string_append_printf(out, "%s crashed", event->who);
        break;
    case GMQ_EVENT_FAULT_STOP:
        g_string_append_printf(out, "%s was told to stop", event->who);
        break;
    case GMQ_EVENT_CLIENT_FINISHED:
        g_string_append_printf(out, "%s finished its work on %s", event->who, event->message);
        break;
    default:
        g_string_append_printf(out, "of %s%s%s", gmq_event_info(event->kind)->kind,
                               *event->who == '\0' ? "" : " at ", event->who);
    }
    g_string_append_printf(out, " (#%" G_GUINT64_FORMAT ")", (guint64)event->number);
}

/* What would have been right, by what the broker says was wrong. */
static const char *
find_advice(const char *text)
{
    static const struct {
        const char *words;
        const char *advice;
    } table[] = {
        {"unknown delivery tag", "Every delivery may be acked or rejected once, on the channel on "
                                 "which it came."},
        {"no queue", "A queue that is used must be declared before."},
        {"no exchange", "An exchange that is used must be declared before."},
        {"inequivalent arg", "A queue or exchange may be declared again only with the same "
                             "arguments."},
        {"exclusive", "What is exclusive belongs to one connection or consumer until that ends."},
        {"internal", "An internal exchange takes messages from other exchanges only."},
        {"not transactional", "tx.select must come before tx.commit and tx.rollback."},
        {"tx to confirm", "A channel may have confirms or transactions, and not both."},
        {"confirm to tx", "A channel may have confirms or transactions, and not both."},
        {"expiration", "The expiration of a message is a text of digits: whole milliseconds."},
        {"immediate", "basic.publish must have immediate=0; mandatory=1 is what comes near it."},
        {"delivery acknowledgement", "A delivery must be acked before the time for that is over."},
        {"heartbeat", "Something must be sent at least twice in the heartbeat time."},
        {"access to", "The user needs the permission for that name."},
        {"size", "A message must not be larger than the broker allows."},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(table); i++) {
        if (strstr(text, table[i].words) != NULL)
            return table[i].advice;
    }
    return NULL;
}

/* ---- reasons ---- */

static void add_reason(GmqLife *life, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
add_reason(GmqLife *life, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_string_append_vprintf(life->reason, format, args);
    va_end(args);
}

/* The causes of an event, as far as they are about something else than this message. */
static void
add_causes(GmqLife *life, const GmqTraceEvent *event)
{
    uint64_t number = event->cause;

    for (unsigned i = 0; i < CAUSES_TOLD && number > 0; i++) {
        const GmqTraceEvent *cause = gmq_trace_event(life->trace, number);

        if (strcmp(cause->message, event->message) == 0)
            return;
        g_string_append(life->reason, i == 0 ? "because " : ", because ");
        add_phrase(cause, life->reason);
        number = cause->cause;
    }
}

static void
add_waiting(GmqLife *life, const char *queue, const char *message)
{
    g_autoptr(GString) why = g_string_new(NULL);

    gmq_standing_why(life->standing, queue, message, why);
    if (why->len > 0)
        add_reason(life, "it waits: %s", why->str);
}

/* Why this exchange sends the message on to there. */
static void
add_match(GmqLife *life, const GmqTraceEvent *event)
{
    const char *type = g_hash_table_lookup(life->types, event->who);

    if (*event->who == '\0')
        add_reason(life, "the default exchange sends to the queue whose name is the key");
    else if (type == NULL || strcmp(type, "fanout") == 0)
        add_reason(life, "it is a fanout exchange, which sends to all its bindings");
    else if (strcmp(type, "headers") == 0)
        add_reason(life, "the headers that its binding asks for are there");
    else
        add_reason(life, "its binding \"%s\" fits the key, as %s exchanges match", event->key,
                   type);
}

/* ---- steps: each tells what happened, and may add a reason ---- */

static void
tell_sent(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    (void)life;
    g_string_append_printf(out, "%s sends %s%s to %s with key \"%s\"", event->who, event->message,
                           event->count != 0 ? ", persistent," : "", exchange_name(event->to),
                           event->key);
}

static void
tell_published(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    (void)life;
    g_string_append(out, "the broker has received it");
    if (event->tag > 0)
        g_string_append_printf(out, ", to be confirmed as number %" G_GUINT64_FORMAT,
                               (guint64)event->tag);
}

static void
tell_routed(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    g_string_append_printf(out, "%s sends it on to %s %s", exchange_name(event->who), event->text,
                           event->to);
    add_match(life, event);
}

static void
tell_unroutable(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    (void)life;
    g_string_append_printf(out, "%s has no way for it: no binding fits the key \"%s\"",
                           exchange_name(event->who), event->key);
}

static void
tell_enqueued(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    if (strcmp(event->text, "consumer") == 0) {
        g_string_append_printf(out, "queue %s has a free consumer for it, and need not keep it",
                               event->who);
        return;
    }
    g_string_append_printf(out, "queue %s takes it, at its %s; %" G_GUINT64_FORMAT " %s there",
                           event->who, event->text, (guint64)event->count,
                           event->count == 1 ? "waits" : "wait");
    add_waiting(life, event->who, event->message);
}

static void
tell_requeued(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    g_string_append_printf(out, "it goes back into queue %s, at its %s%s", event->who, event->text,
                           event->redelivered ? ", and is marked redelivered" : "");
    add_causes(life, event);
    if (life->reason->len > 0)
        g_string_append(life->reason, "; ");
    add_waiting(life, event->who, event->message);
}

static void
tell_delivered(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    uint64_t opening = gmq_standing_opening(life->standing, event->who);

    g_string_append_printf(out, "queue %s gives it to %s as delivery %" G_GUINT64_FORMAT "%s",
                           event->who, event->to, (guint64)event->tag,
                           event->redelivered ? ", marked redelivered" : "");
    if (opening > event->cause) {
        g_string_append(life->reason, "now that ");
        add_phrase(gmq_trace_event(life->trace, opening), life->reason);
    }
}

static void
tell_received(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    (void)life;
    g_string_append_printf(out, "%s has it", event->who);
}

static void
tell_finished(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    (void)life;
    g_string_append_printf(out, "%s has finished: %s", event->who, event->text);
}

static void
tell_acked(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    (void)life;
    g_string_append_printf(out, "queue %s forgets it: %s acked it", event->who, event->to);
}

static void
tell_unseen(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    (void)life;
    g_string_append_printf(out, "queue %s forgets it at once: %s asked for no acks", event->who,
                           event->to);
}

static void
tell_rejected(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    (void)life;
    g_string_append_printf(out, "%s gives it back%s", event->to,
                           event->count != 0 ? ", to be put into the queue again"
                                             : ", and wants it gone from the queue");
}

static void
tell_expired(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    g_string_append_printf(out, "it has been in queue %s for too long and expires", event->who);
    add_reason(life, "the time to live of the message or of the queue is over; it counts from "
                     "the moment at which the queue took it");
}

static void
tell_dropped(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    static const struct {
        const char *reason;
        const char *words;
    } table[] = {
        {"maxlen", "the queue was at its length limit, and its oldest message goes first"},
        {"refused", "the queue was at its length limit, and refuses what is new"},
        {"duplicate", "a message with the same id was there before"},
        {"delivery_limit", "it was delivered as often as the queue allows"},
    };

    g_string_append_printf(out, "%s drops it", event->who);
    for (unsigned i = 0; i < G_N_ELEMENTS(table); i++) {
        if (strcmp(event->text, table[i].reason) == 0)
            add_reason(life, "%s", table[i].words);
    }
}

static void
tell_dead_lettered(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    static const struct {
        const char *reason;
        const char *words;
    } table[] = {
        {"rejected", "a consumer rejected it and did not want it put back"},
        {"expired", "it had waited longer than its time to live"},
        {"maxlen", "the queue was at its length limit"},
        {"delivery_limit", "it had been delivered as often as the queue allows"},
    };

    g_string_append_printf(out, "queue %s sends it as a dead letter to %s with key \"%s\"",
                           event->who, exchange_name(event->to), event->key);
    for (unsigned i = 0; i < G_N_ELEMENTS(table); i++) {
        if (strcmp(event->text, table[i].reason) == 0)
            add_reason(life, "%s", table[i].words);
    }
    if (event->count > 1)
        add_reason(life, "; that is the %" G_GUINT64_FORMAT ". time for that reason",
                   (guint64)event->count);
}

static void
tell_held(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    (void)life;
    g_string_append_printf(out, "exchange %s keeps it for %" G_GUINT64_FORMAT " ms", event->who,
                           (guint64)event->count);
}

static void
tell_returned(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    (void)life;
    g_string_append_printf(out, "the broker sends it back to %s", event->who);
    add_reason(life, "it is mandatory, and reached no queue");
}

static void
tell_stored(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    (void)life;
    (void)event;
    g_string_append(out, "it is on the disk, where a crash leaves it");
}

static void
tell_recovered(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    g_string_append_printf(out, "the broker finds it on the disk: it is in queue %s again%s",
                           event->who, event->redelivered ? ", marked redelivered" : "");
    add_waiting(life, event->who, event->message);
}

static void
tell_answer(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    (void)life;
    g_string_append_printf(out, "%s %s", event->who,
                           event->kind == GMQ_EVENT_CLIENT_CONFIRMED
                               ? "knows that the broker has it: the confirm has come"
                           : event->kind == GMQ_EVENT_CLIENT_NACKED
                               ? "is told that the broker could not keep it"
                               : "has it back");
}

/* Of somebody who had to do with it. */
static void
tell_closed(GmqLife *life, const GmqTraceEvent *event, GString *out)
{
    const char *advice = find_advice(event->text);

    g_string_append_printf(out, "the broker closes the %s of %s with %" G_GUINT64_FORMAT ": %s",
                           event->kind == GMQ_EVENT_CHANNEL_CLOSED ? "channel" : "connection",
                           event->who, (guint64)event->count, event->text);
    if (advice != NULL)
        add_reason(life, "%s", advice);
}

const GmqLifeTeller gmq_life_tellers[GMQ_N_EVENTS] = {
    [GMQ_EVENT_CLIENT_SENT]       = tell_sent,
    [GMQ_EVENT_PUBLISHED]         = tell_published,
    [GMQ_EVENT_ROUTED]            = tell_routed,
    [GMQ_EVENT_UNROUTABLE]        = tell_unroutable,
    [GMQ_EVENT_ENQUEUED]          = tell_enqueued,
    [GMQ_EVENT_REQUEUED]          = tell_requeued,
    [GMQ_EVENT_DELIVERED]         = tell_delivered,
    [GMQ_EVENT_GOT]               = tell_delivered,
    [GMQ_EVENT_CLIENT_RECEIVED]   = tell_received,
    [GMQ_EVENT_CLIENT_FINISHED]   = tell_finished,
    [GMQ_EVENT_ACKED]             = tell_acked,
    [GMQ_EVENT_SETTLED_UNSEEN]    = tell_unseen,
    [GMQ_EVENT_REJECTED]          = tell_rejected,
    [GMQ_EVENT_EXPIRED]           = tell_expired,
    [GMQ_EVENT_DROPPED]           = tell_dropped,
    [GMQ_EVENT_DEAD_LETTERED]     = tell_dead_lettered,
    [GMQ_EVENT_HELD]              = tell_held,
    [GMQ_EVENT_RETURNED]          = tell_returned,
    [GMQ_EVENT_STORED]            = tell_stored,
    [GMQ_EVENT_RECOVERED]         = tell_recovered,
    [GMQ_EVENT_CLIENT_CONFIRMED]  = tell_answer,
    [GMQ_EVENT_CLIENT_NACKED]     = tell_answer,
    [GMQ_EVENT_CLIENT_RETURNED]   = tell_answer,
    [GMQ_EVENT_CHANNEL_CLOSED]    = tell_closed,
    [GMQ_EVENT_CONNECTION_CLOSED] = tell_closed,
};
