#include <string.h>

#include "sim/finish.h"
#include "sim/language.h"
#include "viz/event-line.h"
#include "viz/glyphs.h"
#include "viz/ladder-part.h"

#define TO GMQ_STEP_TO
#define ANSWER GMQ_STEP_ANSWER
#define FAULT GMQ_STEP_FAULT
#define EARLY GMQ_STEP_EARLY

static const GmqLadderRow rows[GMQ_N_EVENTS] = {
    [GMQ_EVENT_CLIENT_STARTED]    = {GMQ_STEP_SEND, GMQ_CLASS_CONNECT, 0, N_("connect")},
    [GMQ_EVENT_CONNECTION_OPENED] = {GMQ_STEP_SENT, GMQ_CLASS_CONNECT, 0, N_("connect")},
    [GMQ_EVENT_CONNECTION_CLOSED] = {GMQ_STEP_AT_BROKER, 0, 0, N_("{w} is gone: {x}")},
    [GMQ_EVENT_BLOCKED]           = {GMQ_STEP_PUSHED, 0, ANSWER, N_("blocked")},
    [GMQ_EVENT_UNBLOCKED]         = {GMQ_STEP_PUSHED, 0, ANSWER, N_("unblocked")},
    [GMQ_EVENT_CHANNEL_CLOSED]    = {GMQ_STEP_AT_BROKER, 0, 0, N_("channel of {w} closed: {x}")},
    [GMQ_EVENT_EXCHANGE_DECLARED] = {GMQ_STEP_AT_BROKER, 0, EARLY, N_("exchange {w} declared")},
    [GMQ_EVENT_EXCHANGE_DELETED]  = {GMQ_STEP_AT_BROKER, 0, EARLY, N_("exchange {w} deleted")},
    [GMQ_EVENT_QUEUE_DECLARED]    = {GMQ_STEP_AT_BROKER, 0, EARLY, N_("queue {w} declared")},
    [GMQ_EVENT_QUEUE_DELETED]     = {GMQ_STEP_AT_BROKER, 0, EARLY, N_("queue {w} deleted")},
    [GMQ_EVENT_QUEUE_PURGED]      = {GMQ_STEP_AT_BROKER, 0, EARLY, N_("queue {w} purged")},
    [GMQ_EVENT_QUEUE_PAUSED]      = {GMQ_STEP_AT_BROKER, 0, EARLY, N_("queue {w} paused")},
    [GMQ_EVENT_QUEUE_RESUMED]     = {GMQ_STEP_AT_BROKER, 0, EARLY, N_("queue {w} goes on")},
    [GMQ_EVENT_BOUND]             = {GMQ_STEP_AT_BROKER, 0, EARLY, N_("{w} bound to {t} {k}")},
    [GMQ_EVENT_UNBOUND]           = {GMQ_STEP_AT_BROKER, 0, EARLY, N_("{w} unbound from {t} {k}")},
    [GMQ_EVENT_CONSUMER_ADDED]    = {GMQ_STEP_SENT, 0, TO, N_("consume {w}")},
    [GMQ_EVENT_CONSUMER_REMOVED]  = {GMQ_STEP_AT_BROKER, 0, 0, N_("{t} consumes {w} no more")},

    [GMQ_EVENT_PUBLISHED]     = {GMQ_STEP_SENT, GMQ_CLASS_PUBLISH, 0, N_("publish{m}")},
    [GMQ_EVENT_ROUTED]        = {GMQ_STEP_AT_BROKER, 0, 0, N_("route{m} to exchange {t}")},
    [GMQ_EVENT_UNROUTABLE]    = {GMQ_STEP_AT_BROKER, 0, 0, N_("no route for{m} {k}")},
    [GMQ_EVENT_RETURNED]      = {GMQ_STEP_PUSH, GMQ_CLASS_RETURN, ANSWER, N_("return{m}")},
    [GMQ_EVENT_ENQUEUED]      = {GMQ_STEP_AT_BROKER, 0, 0, N_("enqueue{m} in {w}")},
    [GMQ_EVENT_DELIVERED]     = {GMQ_STEP_PUSH, GMQ_CLASS_DELIVER, TO, N_("deliver{m}")},
    [GMQ_EVENT_GOT]           = {GMQ_STEP_PUSH, GMQ_CLASS_DELIVER, TO, N_("get{m}")},
    [GMQ_EVENT_ACKED]         = {GMQ_STEP_SENT, GMQ_CLASS_SETTLE, TO | ANSWER, N_("ack{m}")},
    [GMQ_EVENT_REJECTED]      = {GMQ_STEP_SENT, GMQ_CLASS_SETTLE, TO | ANSWER, N_("reject{m}")},
    [GMQ_EVENT_REQUEUED]      = {GMQ_STEP_AT_BROKER, 0, 0, N_("requeue{m} in {w}")},
    [GMQ_EVENT_EXPIRED]       = {GMQ_STEP_AT_BROKER, 0, GMQ_STEP_DOTTED, N_("{m} expires in {w}")},
    [GMQ_EVENT_DROPPED]       = {GMQ_STEP_AT_BROKER, 0, GMQ_STEP_DOTTED, N_("drop{m} in {w}: {x}")},
    [GMQ_EVENT_HELD]          = {GMQ_STEP_AT_BROKER, 0, 0, N_("hold{m} for {c} ms")},
    [GMQ_EVENT_DEAD_LETTERED] = {GMQ_STEP_AT_BROKER, 0, GMQ_STEP_DOTTED, N_("dead-letter{m}: {x}")},
    [GMQ_EVENT_CONFIRMED]     = {GMQ_STEP_PUSH, GMQ_CLASS_CONFIRM, ANSWER, N_("confirm{m}")},
    [GMQ_EVENT_NACKED]        = {GMQ_STEP_PUSH, GMQ_CLASS_CONFIRM, ANSWER, N_("nack{m}")},
    [GMQ_EVENT_COMMITTED]     = {GMQ_STEP_SENT, GMQ_CLASS_TX, 0, N_("commit of {c}")},
    [GMQ_EVENT_ROLLED_BACK]   = {GMQ_STEP_SENT, GMQ_CLASS_TX, 0, N_("rollback of {c}")},
    [GMQ_EVENT_STORED]        = {GMQ_STEP_AT_BROKER, 0, 0, N_("disk has{m}")},
    [GMQ_EVENT_RECOVERED]     = {GMQ_STEP_AT_BROKER, 0, 0, N_("{m} is back in {w}")},
    [GMQ_EVENT_STARTED]       = {GMQ_STEP_AT_BROKER, 0, EARLY, N_("broker starts, {c} messages")},
    [GMQ_EVENT_UNREADABLE]    = {GMQ_STEP_AT_BROKER, 0, FAULT, N_("{w} cannot be read")},
    [GMQ_EVENT_ALARM_SET]     = {GMQ_STEP_AT_BROKER, 0, FAULT, N_("{w} alarm")},
    [GMQ_EVENT_ALARM_CLEARED] = {GMQ_STEP_AT_BROKER, 0, 0, N_("{w} alarm is over")},
    [GMQ_EVENT_BROKER_STOPPED] = {GMQ_STEP_AT_BROKER, 0, 0, N_("broker has stopped")},
    [GMQ_EVENT_BROKER_REFUSED] = {GMQ_STEP_AT_BROKER, 0, FAULT, N_("broker does not start: {x}")},
    [GMQ_EVENT_TAIL_CUT]       = {GMQ_STEP_AT_BROKER, 0, 0, N_("{c} torn bytes cut off")},

    [GMQ_EVENT_CLIENT_SENT]       = {GMQ_STEP_SEND, GMQ_CLASS_PUBLISH, 0, N_("publish{m}")},
    [GMQ_EVENT_CLIENT_FORWARDED]  = {GMQ_STEP_SEND, GMQ_CLASS_PUBLISH, 0, N_("send on{m}")},
    [GMQ_EVENT_CLIENT_RECEIVED]   = {GMQ_STEP_PUSHED, GMQ_CLASS_DELIVER, 0, N_("deliver{m}")},
    [GMQ_EVENT_CLIENT_REPLIED]    = {GMQ_STEP_PUSHED, GMQ_CLASS_DELIVER, 0, N_("reply{m}")},
    [GMQ_EVENT_CLIENT_EMPTY]      = {GMQ_STEP_AT_CLIENT, 0, 0, N_("{t} is empty")},
    [GMQ_EVENT_CLIENT_CANCELLED]  = {GMQ_STEP_PUSHED, 0, 0, N_("cancel {t}")},
    [GMQ_EVENT_CLIENT_CONFIRMED]  = {GMQ_STEP_PUSHED, GMQ_CLASS_CONFIRM, ANSWER, N_("confirm{m}")},
    [GMQ_EVENT_CLIENT_NACKED]     = {GMQ_STEP_PUSHED, GMQ_CLASS_CONFIRM, ANSWER, N_("nack{m}")},
    [GMQ_EVENT_CLIENT_RETURNED]   = {GMQ_STEP_PUSHED, GMQ_CLASS_RETURN, ANSWER, N_("return{m}")},
    [GMQ_EVENT_CLIENT_CANNOT]     = {GMQ_STEP_AT_CLIENT, 0, 0, N_("cannot send")},
    [GMQ_EVENT_CLIENT_GAVE_UP]    = {GMQ_STEP_AT_CLIENT, 0, 0, N_("gives{m} up")},
    [GMQ_EVENT_CLIENT_COMMITS]    = {GMQ_STEP_SEND, GMQ_CLASS_TX, 0, N_("commit of {c}")},
    [GMQ_EVENT_CLIENT_ROLLS_BACK] = {GMQ_STEP_SEND, GMQ_CLASS_TX, 0, N_("rollback of {c}")},
    [GMQ_EVENT_CLIENT_TAKEN_BACK] = {GMQ_STEP_AT_CLIENT, 0, 0, N_("takes{m} back")},
    [GMQ_EVENT_CLIENT_WROTE]      = {GMQ_STEP_SENT, 0, 0, "{x}"},
    [GMQ_EVENT_CLIENT_READ]       = {GMQ_STEP_PUSHED, 0, 0, "{x}"},
    [GMQ_EVENT_CLIENT_ASKED]      = {GMQ_STEP_SENT, 0, 0, "{x}"},
    [GMQ_EVENT_CLIENT_CLOSED]     = {GMQ_STEP_AT_CLIENT, 0, 0, N_("closed: {x}")},

    [GMQ_EVENT_CAPTION]      = {GMQ_STEP_OVER_ALL, 0, 0, "{x}"},
    [GMQ_EVENT_ASKED]        = {GMQ_STEP_OVER_ALL, 0, 0, "{x}"},
    [GMQ_EVENT_FAULT_CRASH]  = {GMQ_STEP_AT_WHO, 0, FAULT, N_("CRASHED")},
    [GMQ_EVENT_FAULT_STOP]   = {GMQ_STEP_AT_WHO, 0, 0, N_("stops")},
    [GMQ_EVENT_FAULT_START]  = {GMQ_STEP_AT_WHO, 0, 0, N_("starts")},
    [GMQ_EVENT_FAULT_CUT]    = {GMQ_STEP_AT_WHO, 0, FAULT, N_("CUT {x}")},
    [GMQ_EVENT_FAULT_HEALED] = {GMQ_STEP_AT_WHO, 0, 0, N_("healed")},
    [GMQ_EVENT_FAULT_CLOG]   = {GMQ_STEP_AT_WHO, 0, FAULT, N_("LATE: clogged {x}")},
    [GMQ_EVENT_FAULT_UNCLOG] = {GMQ_STEP_AT_WHO, 0, 0, N_("flows again")},
    [GMQ_EVENT_FAULT_RESET]  = {GMQ_STEP_AT_WHO, 0, FAULT, N_("connection reset")},
    [GMQ_EVENT_FAULT_CLOSE]  = {GMQ_STEP_AT_WHO, 0, FAULT, N_("connection closed")},
    [GMQ_EVENT_FAULT_LINK]   = {GMQ_STEP_AT_WHO, 0, FAULT, N_("link {x}")},
    [GMQ_EVENT_FAULT_FREEZE] = {GMQ_STEP_AT_WHO, 0, FAULT, N_("FROZEN")},
    [GMQ_EVENT_FAULT_THAW]   = {GMQ_STEP_AT_WHO, 0, 0, N_("thawed")},
    [GMQ_EVENT_FAULT_DISK]   = {GMQ_STEP_AT_WHO, 0, FAULT, N_("disk: {x}")},
    [GMQ_EVENT_CALM]         = {GMQ_STEP_OVER_ALL, 0, 0, N_("all faults are over")},
    [GMQ_EVENT_SEGMENT_LOST] = {GMQ_STEP_AT_WHO, 0, FAULT, N_("lost on the line, sent again")},
    [GMQ_EVENT_LINE_DIED]    = {GMQ_STEP_AT_WHO, 0, FAULT, N_("the line is dead")},
    [GMQ_EVENT_CHECK_BROKEN] = {GMQ_STEP_OVER_ALL, 0, FAULT, "{x}"},
};

/* What a client does at the end of its work, where the word is not that of the broker. */
static const struct {
    const char *text;
    GmqLadderRow row;
} finishes[] = {
    {GMQ_FINISH_ACK, {GMQ_STEP_SEND, GMQ_CLASS_SETTLE, ANSWER, N_("ack{m}")}},
    {GMQ_FINISH_ACK_ALL, {GMQ_STEP_SEND, GMQ_CLASS_SETTLE, ANSWER, N_("ack{m}")}},
    {GMQ_FINISH_KNOWN, {GMQ_STEP_SEND, GMQ_CLASS_SETTLE, ANSWER, N_("ack{m}")}},
    {GMQ_FINISH_REJECT, {GMQ_STEP_SEND, GMQ_CLASS_SETTLE, ANSWER, N_("reject{m}")}},
    {GMQ_FINISH_REQUEUE, {GMQ_STEP_SEND, GMQ_CLASS_SETTLE, ANSWER, N_("requeue{m}")}},
    {GMQ_FINISH_LATER, {GMQ_STEP_AT_CLIENT, 0, 0, N_("done{m}")}},
    {GMQ_FINISH_SETTLED, {GMQ_STEP_AT_CLIENT, 0, 0, N_("done{m}")}},
    {GMQ_FINISH_NOTHING, {GMQ_STEP_AT_CLIENT, 0, 0, N_("done{m}, no ack")}},
    {GMQ_FINISH_CRASH, {GMQ_STEP_AT_CLIENT, 0, 0, N_("crash")}},
    {GMQ_FINISH_CLOSE, {GMQ_STEP_AT_CLIENT, 0, 0, N_("close")}},
};

static const GmqLadderRow *
finish_row(const GmqTraceEvent *event)
{
    static const GmqLadderRow other = {GMQ_STEP_AT_CLIENT, 0, 0, "{x}{m}"};

    for (size_t i = 0; i < G_N_ELEMENTS(finishes); i++) {
        if (strcmp(finishes[i].text, event->text) == 0)
            return &finishes[i].row;
    }
    return &other;
}

static const GmqLadderRow known_death = {GMQ_STEP_AT_BROKER, 0, GMQ_STEP_DOTTED,
                                         N_("dead-letter{m}")};

const GmqLadderRow *
gmq_ladder_row(const GmqTraceEvent *event)
{
    if (event->kind == GMQ_EVENT_CLIENT_FINISHED)
        return finish_row(event);
    if (event->kind == GMQ_EVENT_ROUTED && strcmp(event->text, "exchange") != 0)
        return &rows[GMQ_EVENT_PAUSED]; /* the queue says so itself */
    if (event->kind == GMQ_EVENT_DEAD_LETTERED &&
        (strcmp(event->text, "rejected") == 0 || strcmp(event->text, "expired") == 0))
        return &known_death; /* the rung before says why */
    return &rows[event->kind];
}

/* ---- words ---- */

char *
gmq_ladder_duration(int64_t time_ns)
{
    int64_t ms = (time_ns + 500000) / 1000000;

    if (ms < 1000)
        return g_strdup_printf("%" G_GINT64_FORMAT " ms", ms);
    if (ms % 1000 == 0)
        return g_strdup_printf("%" G_GINT64_FORMAT " s", ms / 1000);
    return g_strdup_printf("%" G_GINT64_FORMAT ".%0*d s", ms / 1000, ms % 100 == 0 ? 1 : 3,
                           (int)(ms % 100 == 0 ? ms % 1000 / 100 : ms % 1000));
}

static bool
is_of(const GmqLadder *ladder, unsigned column, GmqPlaceKind kind)
{
    return gmq_ladder_column(ladder, column)->place.kind == kind;
}

static char *
wait_words(const GmqLadder *ladder, const GmqRung *rung)
{
    g_autofree char *length = gmq_ladder_duration(rung->last_ns - rung->time_ns);

    if (*rung->message == '\0')
        return g_strdup_printf(_("%s later"), length);
    return g_strdup_printf(
        is_of(ladder, rung->from, GMQ_PLACE_CLIENT) ? _("works %s") : _("waits %s"), length);
}

/* Spaces and marks that a missing field leaves at the end. */
static char *
trim(char *words)
{
    g_strstrip(words);
    for (size_t n = strlen(words); n > 0 && strchr(":, ", words[n - 1]) != NULL; n--)
        words[n - 1] = '\0';
    return words;
}

char *
gmq_ladder_words(const GmqLadder *ladder, const GmqRung *rung, bool has_name)
{
    if (rung->kind == GMQ_RUNG_WAIT)
        return wait_words(ladder, rung);

    const GmqTraceEvent *event = gmq_trace_event(ladder->stage->trace, rung->event);
    const char *format         = _(gmq_ladder_row(event)->words);
    const char *at             = strstr(format, "{m}");
    g_autofree char *name      = gmq_stage_name(ladder->stage, rung->message);
    bool is_named              = has_name && *name != '\0';

    if (at == NULL)
        return trim(gmq_event_put(ladder->stage, event, format));
    g_autofree char *head   = g_strndup(format, (gsize)(at - format));
    g_autofree char *before = gmq_event_put(ladder->stage, event, head);
    g_autofree char *after  = gmq_event_put(ladder->stage, event, at + strlen("{m}"));
    return trim(g_strconcat(before, rung->n_messages > 1 && is_named ? _(" up to") : "",
                            is_named ? " " : "", is_named ? name : "", after, NULL));
}
