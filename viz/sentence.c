#include "viz/sentence.h"

#include <string.h>

#include "sim/language.h"
#include "sim/particle.h"
#include "sim/tally.h"
#include "viz/event-line.h"
#include "viz/sentence-fault.h"

/* ---- looking back ---- */

/* The last event before that one, but not before since, of this kind and by this name; NULL when
 * there is none. message may be NULL. */
static const GmqTraceEvent *
look_back(const GmqStage *stage, const GmqTraceEvent *event, uint64_t since, GmqEventKind kind,
          const char *who, const char *message)
{
    for (uint64_t n = event->number; n > MAX(since, 1); n--) {
        const GmqTraceEvent *earlier = gmq_trace_event(stage->trace, n - 1);
        if (earlier->kind == kind && strcmp(earlier->who, who) == 0 &&
            (message == NULL || gmq_message_same(earlier->message, message)))
            return earlier;
    }
    return NULL;
}

static const GmqTraceEvent *
cause_of(const GmqStage *stage, const GmqTraceEvent *event)
{
    if (event->cause == 0 || event->cause >= event->number)
        return NULL;
    return gmq_trace_event(stage->trace, event->cause);
}

static const char *
exchange_type(const GmqStage *stage, const char *name)
{
    GmqPlace place = gmq_picture_find(stage->whole, GMQ_PLACE_EXCHANGE, name);

    return place.kind == GMQ_PLACE_NONE ? ""
                                        : gmq_picture_exchange(stage->whole, place.index)->type;
}

/* ---- sentences that need a reason ---- */

static char *
tell_queue_declared(const GmqStage *stage, const GmqTraceEvent *event)
{
    return gmq_event_fill(
        stage, event,
        event->count & GMQ_FLAG_DURABLE
            ? N_("There is a queue now: {w}. It is durable, so it would outlive a "
                 "restart of the broker.")
            : N_("There is a queue now: {w}."));
}

static char *
tell_bound(const GmqStage *stage, const GmqTraceEvent *event)
{
    const char *type = exchange_type(stage, event->who);

    if (strcmp(type, "fanout") == 0)
        return gmq_event_fill(stage, event,
                              N_("From now on {t} gets a copy of all that comes to {w}."));
    if (strcmp(type, "topic") == 0)
        return gmq_event_fill(
            stage, event,
            N_("From now on {t} gets a copy of what comes to {w} with a key like {k}."));
    return gmq_event_fill(stage, event,
                          N_("From now on {t} gets a copy of what comes to {w} with the key {k}."));
}

static char *
tell_consumer_added(const GmqStage *stage, const GmqTraceEvent *event)
{
    if (event->count == 0)
        return gmq_event_fill(stage, event,
                              N_("{t} wants messages from {w}, as many as there are."));
    return gmq_event_fill(stage, event,
                          event->count == 1
                              ? N_("{t} wants messages from {w}, one at a time.")
                              : N_("{t} wants messages from {w} and may hold {c} at a time."));
}

static char *
tell_sent(const GmqStage *stage, const GmqTraceEvent *event)
{
    g_autofree char *words =
        *event->to == '\0' ? gmq_event_fill(stage, event, N_("{w} sends {m} to the queue {k}"))
                           : gmq_event_fill(stage, event,
                                            *event->key == '\0'
                                                ? N_("{w} sends {m} to the exchange {t}")
                                                : N_("{w} sends {m} to the exchange {t}, key {k}"));

    if (*event->text == '\0')
        return g_strconcat(words, ".", NULL);
    return g_strconcat(words, ": \"", event->text, "\".", NULL);
}

static char *
tell_published(const GmqStage *stage, const GmqTraceEvent *event)
{
    return gmq_event_fill(stage, event,
                          *event->to == '\0'
                              ? N_("{m} has reached the broker, at the default exchange.")
                              : N_("{m} has reached the broker, at the exchange {t}."));
}

static char *
tell_routed(const GmqStage *stage, const GmqTraceEvent *event)
{
    const GmqTraceEvent *cause = cause_of(stage, event);
    const char *key            = cause != NULL ? cause->key : "";
    const char *type           = exchange_type(stage, event->who);

    if (*event->who == '\0')
        return gmq_event_fill(
            stage, event,
            N_("The default exchange hands {m} to the queue that its key names: {t}."));
    if (strcmp(type, "fanout") == 0)
        return gmq_event_fill(stage, event,
                              N_("{w} hands a copy of {m} to {t}, as to all its queues."));
    if (strcmp(type, "topic") == 0 && *key != '\0') {
        g_autofree char *format =
            g_strdup_printf(_("The key %s fits {k}, so {w} hands a copy of {m} to {t}."), key);
        return gmq_event_fill(stage, event, format);
    }
    return gmq_event_fill(stage, event,
                          *event->key == '\0'
                              ? N_("{w} hands {m} on to {t}.")
                              : N_("{t} is bound with the key {k}, so {w} hands it {m}."));
}

static char *
tell_unroutable(const GmqStage *stage, const GmqTraceEvent *event)
{
    return gmq_event_fill(stage, event,
                          *event->who == '\0'
                              ? N_("No queue is called {k}, so nobody gets {m}.")
                              : N_("Nothing is bound to {w} that fits the key {k} of {m}."));
}

static char *
tell_enqueued(const GmqStage *stage, const GmqTraceEvent *event)
{
    if (strcmp(event->text, "consumer") == 0)
        return gmq_event_fill(stage, event,
                              N_("{m} comes to {w}, where a consumer is free: it need not wait."));
    return gmq_event_fill(stage, event,
                          event->count == 1 ? N_("{m} waits in {w}, alone so far.")
                                            : N_("{m} joins the end of {w}, where {c} wait now."));
}

static char *
tell_delivered(const GmqStage *stage, const GmqTraceEvent *event)
{
    if (event->redelivered)
        return gmq_event_fill(
            stage, event, N_("{w} hands {m} to {t}, marked redelivered: somebody had it before."));
    return gmq_event_fill(stage, event,
                          N_("{w} hands {m} to {t} and keeps it until {t} says that it is done."));
}

static char *
tell_received(const GmqStage *stage, const GmqTraceEvent *event)
{
    if (event->count == 0)
        return gmq_event_fill(stage, event, N_("{w} has {m}."));
    return gmq_event_fill(stage, event, N_("{w} has {m}. The work on it takes {c} ms."));
}

static char *
tell_finished(const GmqStage *stage, const GmqTraceEvent *event)
{
    static const struct {
        const char *then;
        const char *format;
    } ends[] = {
        {GMQ_FINISH_ACK, N_("{w} is done with {m} and says so: the ack leaves.")},
        {GMQ_FINISH_ACK_ALL, N_("{w} is done with {m} and acks all that it has done so far.")},
        {GMQ_FINISH_LATER, N_("{w} is done with {m}. It will ack several at once, later.")},
        {GMQ_FINISH_NOTHING, N_("{w} is done with {m} and never says so: it sends no acks.")},
        {GMQ_FINISH_TOO_LATE, N_("{w} is done with {m}, but can no longer ack it.")},
        {GMQ_FINISH_REJECT, N_("{w} does not want {m}, and rejects it for good.")},
        {GMQ_FINISH_REQUEUE, N_("{w} does not want {m} now, and gives it back to the queue.")},
        {GMQ_FINISH_CRASH, N_("{w} cannot stand {m}.")},
        {GMQ_FINISH_CLOSE, N_("{w} is done with {m}, and closes its connection before it acks.")},
        {GMQ_FINISH_KNOWN, N_("{w} has done {m} before, so it does nothing and only acks it.")},
        {GMQ_FINISH_UNSAID, N_("{w} can say nothing of {m} any more.")},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        if (strcmp(ends[i].then, event->text) == 0)
            return gmq_event_fill(stage, event, ends[i].format);
    }
    return gmq_event_fill(stage, event, N_("{w} is done with {m}."));
}

static char *
tell_rejected(const GmqStage *stage, const GmqTraceEvent *event)
{
    if (event->count > 0)
        return gmq_event_fill(stage, event, N_("{t} rejects {m} and wants it back in {w}."));
    return gmq_event_fill(stage, event,
                          *event->text == '\0'
                              ? N_("{t} rejects {m}, and {w} is rid of it.")
                              : N_("{t} rejects {m} ({x}), and {w} is rid of it."));
}

static char *
tell_dropped(const GmqStage *stage, const GmqTraceEvent *event)
{
    static const struct {
        const char *reason;
        const char *format;
    } reasons[] = {
        {"maxlen", N_("{w} is full: {m}, its oldest, is dropped.")},
        {"refused", N_("{w} is full: it does not take {m}.")},
        {"delivery_limit", N_("{m} has failed too often: {w} gives it up.")},
        {"duplicate", N_("{w} had {m} before and drops it.")},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++) {
        if (strcmp(reasons[i].reason, event->text) == 0)
            return gmq_event_fill(stage, event, reasons[i].format);
    }
    return gmq_event_fill(stage, event, N_("{w} drops {m}: {x}."));
}

/* Where it comes back to, as a sentence and as the end of one. */
static const struct {
    const char *place;
    const char *sentence;
    const char *end;
} returns[] = {
    {"head", N_("The broker puts {m} back at the head of {w}, marked redelivered."),
     N_("the broker puts {m} back at the head of {w}, marked redelivered.")},
    {"tail", N_("The broker puts {m} back at the end of {w}, marked redelivered."),
     N_("the broker puts {m} back at the end of {w}, marked redelivered.")},
    {"", N_("The broker puts {m} back to its old place in {w}, marked redelivered."),
     N_("the broker puts {m} back to its old place in {w}, marked redelivered.")},
};

/* Why a message comes back: its holder rejected it, died with it, or lost its connection. */
static char *
tell_requeued(const GmqStage *stage, const GmqTraceEvent *event)
{
    const GmqTraceEvent *given =
        look_back(stage, event, 1, GMQ_EVENT_DELIVERED, event->who, event->message);
    const GmqTraceEvent *cause = cause_of(stage, event);
    size_t i                   = 0;

    while (i + 1 < G_N_ELEMENTS(returns) && strcmp(event->text, returns[i].place) != 0)
        i++;
    g_autofree char *end = gmq_event_fill(stage, event, returns[i].end);
    if (cause != NULL && cause->kind == GMQ_EVENT_REJECTED)
        return gmq_told(_("%s rejected it, so %s"), cause->to, end);
    if (given == NULL)
        return gmq_event_fill(stage, event, returns[i].sentence);

    const char *holder = given->to;
    bool is_dead =
        look_back(stage, event, given->number, GMQ_EVENT_FAULT_CRASH, holder, NULL) != NULL;
    bool has_it = look_back(stage, event, given->number, GMQ_EVENT_CLIENT_RECEIVED, holder,
                            event->message) != NULL;
    g_autofree char *what = gmq_event_fill(stage, event, "{m}");
    if (is_dead)
        return gmq_told(has_it
                            ? _("%s died while it was working on %s. It never sent the ack, so %s")
                            : _("%s died before it got %s. It never sent the ack, so %s"),
                        holder, what, end);
    return gmq_told(has_it
                        ? _("%s went away while it was working on %s. It never sent the ack, so %s")
                        : _("%s went away before it got %s. It never sent the ack, so %s"),
                    holder, what, end);
}

static char *
tell_confirmed(const GmqStage *stage, const GmqTraceEvent *event)
{
    const GmqTraceEvent *publish = NULL;

    for (uint64_t n = event->number; n > 1 && publish == NULL; n--) {
        const GmqTraceEvent *earlier = gmq_trace_event(stage->trace, n - 1);
        if (earlier->kind == GMQ_EVENT_PUBLISHED && earlier->tag == event->tag &&
            earlier->channel == event->channel && strcmp(earlier->who, event->who) == 0)
            publish = earlier;
    }
    if (publish == NULL)
        return gmq_event_fill(stage, event, N_("The broker confirms {g} to {w}."));
    return gmq_event_fill(
        stage, publish,
        event->count > 0
            ? N_("The broker tells {w} that it has everything up to {m} now: this is the confirm.")
            : N_("The broker tells {w} that it has {m} now: this is the confirm."));
}

static char *
tell_closed(const GmqStage *stage, const GmqTraceEvent *event)
{
    return gmq_event_fill(stage, event,
                          *event->text == '\0' ? N_("The broker sees that {w} is gone.")
                                               : N_("The broker sees that {w} is gone: {x}."));
}

static char *
tell_alarm(const GmqStage *stage, const GmqTraceEvent *event)
{
    return gmq_event_fill(stage, event,
                          strcmp(event->who, "failed disk") == 0
                              ? N_("The disk failed: nothing can be kept any more, and whoever "
                                   "publishes has to wait.")
                              : N_("The broker is low on {w}: whoever publishes now has to wait."));
}

static const char *
between(const GmqQuestion *question, size_t choice)
{
    if (choice == 0)
        return " (";
    return question->choices[choice + 1] == NULL ? _(" or ") : ", ";
}

static char *
tell_question(const GmqStage *stage, const GmqTraceEvent *event)
{
    const GmqQuestion *question = gmq_stage_question(stage, event);
    g_autoptr(GString) all      = g_string_new(_("Question: "));

    g_string_append(all, event->text);
    for (size_t i = 0; question != NULL && question->choices[i] != NULL; i++)
        g_string_append_printf(all, "%s%s", between(question, i), question->choices[i]);
    if (question != NULL && question->choices[0] != NULL)
        g_string_append_c(all, ')');
    return g_string_free(g_steal_pointer(&all), FALSE);
}

/* ---- the table ---- */

typedef char *(*Tell)(const GmqStage *stage, const GmqTraceEvent *event);

/* A kind has a function where the words depend on more than its fields, else a text to fill in. */
static const struct {
    const char *format;
    Tell tell;
} sentences[GMQ_N_EVENTS] = {
    [GMQ_EVENT_CONNECTION_OPENED] = {N_("{w} is connected to the broker."), NULL},
    [GMQ_EVENT_CONNECTION_CLOSED] = {NULL, tell_closed},
    [GMQ_EVENT_BLOCKED] = {N_("{w} has published while the broker is {x}: it has to wait."), NULL},
    [GMQ_EVENT_UNBLOCKED]      = {N_("{w} may go on publishing."), NULL},
    [GMQ_EVENT_STORED]         = {N_("{m} is on the disk: a crash cannot lose it any more."), NULL},
    [GMQ_EVENT_RECOVERED]      = {N_("{m} was on the disk: it is back in {w}."), NULL},
    [GMQ_EVENT_STARTED]        = {N_("The broker starts; the disk gives {c} messages back."), NULL},
    [GMQ_EVENT_UNREADABLE]     = {N_("A message of {w} cannot be read from the disk: {x}."), NULL},
    [GMQ_EVENT_ALARM_SET]      = {NULL, tell_alarm},
    [GMQ_EVENT_ALARM_CLEARED]  = {N_("The broker has enough {w} again."), NULL},
    [GMQ_EVENT_CHANNEL_OPENED] = {N_("{w} opens a channel on its connection."), NULL},
    [GMQ_EVENT_CHANNEL_CLOSED] = {N_("A channel of {w} is closed: {x}."), NULL},
    [GMQ_EVENT_EXCHANGE_DECLARED] = {N_("There is a {x} exchange now: {w}."), NULL},
    [GMQ_EVENT_EXCHANGE_DELETED]  = {N_("The exchange {w} is gone."), NULL},
    [GMQ_EVENT_ALTERNATE_SET]     = {N_("What finds no queue at {w} will go on to {t}."), NULL},
    [GMQ_EVENT_ALTERNATE_CLEARED] = {N_("What finds no queue at {w} will go nowhere else."), NULL},
    [GMQ_EVENT_QUEUE_DECLARED]    = {NULL, tell_queue_declared},
    [GMQ_EVENT_QUEUE_ARGUMENTS]   = {N_("What holds for the queue {w}: {x}."), NULL},
    [GMQ_EVENT_QUEUE_DELETED]     = {N_("The queue {w} is gone."), NULL},
    [GMQ_EVENT_QUEUE_PURGED]      = {N_("The queue {w} is emptied: {c} messages are lost."), NULL},
    [GMQ_EVENT_QUEUE_PAUSED]  = {N_("The queue {w} is paused: it keeps its messages to itself."),
                                 NULL},
    [GMQ_EVENT_QUEUE_RESUMED] = {N_("The queue {w} hands out messages again."), NULL},
    [GMQ_EVENT_QUEUE_COUNTED] = {N_("The queue {w} held {c} messages when somebody began to look."),
                                 NULL},
    [GMQ_EVENT_POLICY_SET]    = {N_("The {x} {w} holds for all names like {k}."), NULL},
    [GMQ_EVENT_POLICY_CLEARED]   = {N_("The {x} {w} holds no more."), NULL},
    [GMQ_EVENT_BOUND]            = {NULL, tell_bound},
    [GMQ_EVENT_UNBOUND]          = {N_("{t} gets nothing more from {w} for {k}."), NULL},
    [GMQ_EVENT_CONSUMER_ADDED]   = {NULL, tell_consumer_added},
    [GMQ_EVENT_CONSUMER_REMOVED] = {N_("{t} takes no more messages from {w}."), NULL},
    [GMQ_EVENT_PUBLISHED]        = {NULL, tell_published},
    [GMQ_EVENT_ROUTED]           = {NULL, tell_routed},
    [GMQ_EVENT_UNROUTABLE]       = {NULL, tell_unroutable},
    [GMQ_EVENT_RETURNED] = {N_("{m} must not get lost, so the broker sends it back to {w}."), NULL},
    [GMQ_EVENT_ENQUEUED] = {NULL, tell_enqueued},
    [GMQ_EVENT_DELIVERED]      = {NULL, tell_delivered},
    [GMQ_EVENT_GOT]            = {N_("{t} asks {w} for a message and gets {m}."), NULL},
    [GMQ_EVENT_SETTLED_UNSEEN] = {N_("{t} need not say that it is done: {w} forgets {m} at once."),
                                  NULL},
    [GMQ_EVENT_ACKED]          = {N_("The ack of {t} is here. {w} forgets {m} for good."), NULL},
    [GMQ_EVENT_REJECTED]       = {NULL, tell_rejected},
    [GMQ_EVENT_REQUEUED]       = {NULL, tell_requeued},
    [GMQ_EVENT_EXPIRED]        = {N_("{m} has waited too long in {w}: it expires."), NULL},
    [GMQ_EVENT_DROPPED]        = {NULL, tell_dropped},
    [GMQ_EVENT_HELD]           = {N_("{w} keeps {m} for {c} ms before it goes on."), NULL},
    [GMQ_EVENT_DEAD_LETTERED]  = {N_("{w} has no use for {m} ({x}) and sends it to {t}."), NULL},
    [GMQ_EVENT_CONFIRMED]      = {NULL, tell_confirmed},
    [GMQ_EVENT_NACKED] = {N_("The broker tells {w} that it could not take number {g}."), NULL},
    [GMQ_EVENT_CLIENT_ADDED]     = {N_("{w} will take part, as a {x}."), NULL},
    [GMQ_EVENT_CLIENT_STARTED]   = {N_("{w} starts and calls the broker."), NULL},
    [GMQ_EVENT_CLIENT_SENT]      = {NULL, tell_sent},
    [GMQ_EVENT_CLIENT_RECEIVED]  = {NULL, tell_received},
    [GMQ_EVENT_CLIENT_FINISHED]  = {NULL, tell_finished},
    [GMQ_EVENT_CLIENT_FORWARDED] = {N_("{w} sends {m} on to {t} and will ack it then."), NULL},
    [GMQ_EVENT_CLIENT_EMPTY]     = {N_("{w} asks {t} for a message, and there is none."), NULL},
    [GMQ_EVENT_CLIENT_CANCELLED] = {N_("{w} learns that it consumes no more: {t} is gone."), NULL},
    [GMQ_EVENT_CLIENT_CONFIRMED] = {N_("{w} knows now that the broker has {m}."), NULL},
    [GMQ_EVENT_CLIENT_NACKED]    = {N_("{w} learns that the broker did not take {m}."), NULL},
    [GMQ_EVENT_CLIENT_RETURNED]  = {N_("{m} is back at {w}: {x}."), NULL},
    [GMQ_EVENT_COMMITTED] = {N_("The broker commits {c} messages of {w}: now they go their ways."),
                             NULL},
    [GMQ_EVENT_ROLLED_BACK]       = {N_("The broker forgets {c} messages of {w}, as it was asked."),
                                     NULL},
    [GMQ_EVENT_CLIENT_CANNOT]     = {N_("{w} cannot send: {x}."), NULL},
    [GMQ_EVENT_CLIENT_GAVE_UP]    = {N_("{w} waits no longer for an answer about {m}."), NULL},
    [GMQ_EVENT_CLIENT_COMMITS]    = {N_("{w} asks the broker to commit {c} messages."), NULL},
    [GMQ_EVENT_CLIENT_ROLLS_BACK] = {N_("{w} asks the broker to forget {c} messages."), NULL},
    [GMQ_EVENT_CLIENT_TAKEN_BACK] = {N_("{w} knows now that the broker does not have {m}."), NULL},
    [GMQ_EVENT_CLIENT_REPLIED]    = {N_("{w} gets {m}, reply to {k} after {c} ms: {x}."), NULL},
    [GMQ_EVENT_CLIENT_WROTE]      = {N_("{w} sends {x}."), NULL},
    [GMQ_EVENT_CLIENT_READ]       = {N_("{w} hears {x}."), NULL},
    [GMQ_EVENT_CLIENT_CLOSED]     = {N_("{w} has no connection any more."), NULL},
    [GMQ_EVENT_CAPTION]           = {"{x}", NULL},
    [GMQ_EVENT_PAUSED]            = {N_("Space goes on."), NULL},
    [GMQ_EVENT_ASKED]             = {NULL, tell_question},
    [GMQ_EVENT_FAULT_CRASH]       = {NULL, gmq_sentence_crash},
    [GMQ_EVENT_FAULT_STOP]        = {NULL, gmq_sentence_stop},
    [GMQ_EVENT_FAULT_START]       = {NULL, gmq_sentence_stop},
    [GMQ_EVENT_FAULT_CUT]         = {NULL, gmq_sentence_cut},
    [GMQ_EVENT_FAULT_HEALED]      = {NULL, gmq_sentence_healed},
    [GMQ_EVENT_FAULT_CLOG]   = {N_("Nothing gets through on the line of {w}: it waits."), NULL},
    [GMQ_EVENT_FAULT_UNCLOG] = {N_("What waited on the line of {w} arrives."), NULL},
    [GMQ_EVENT_FAULT_RESET]  = {N_("The connection of {w} breaks; what was on its way is lost."),
                                NULL},
    [GMQ_EVENT_FAULT_CLOSE]  = {NULL, gmq_sentence_close},
    [GMQ_EVENT_FAULT_LINK]   = {NULL, gmq_sentence_link},
    [GMQ_EVENT_FAULT_FREEZE] = {N_("{w} freezes: its connections stay, and it does nothing."),
                                NULL},
    [GMQ_EVENT_FAULT_THAW]   = {N_("{w} goes on where it froze."), NULL},
    [GMQ_EVENT_CALM]         = {N_("All faults are over."), NULL},
    [GMQ_EVENT_SEGMENT_LOST] = {N_("What {w} sends to {t} is lost, and sent again."), NULL},
    [GMQ_EVENT_LINE_DIED] = {N_("{w} sent the same {c} times in vain: the connection dies."), NULL},
    [GMQ_EVENT_FAULT_DISK]     = {N_("The disk {x}."), NULL},
    [GMQ_EVENT_BROKER_STOPPED] = {N_("The broker has written the rest and is gone."), NULL},
    [GMQ_EVENT_BROKER_REFUSED] = {N_("The broker does not start: {x}."), NULL},
    [GMQ_EVENT_TAIL_CUT] =
        {N_("{x} ends in the middle of a record: the broker cuts {c} bytes off."), NULL},
    [GMQ_EVENT_CLIENT_ASKED] = {NULL, gmq_sentence_deed},
    [GMQ_EVENT_CHECK_BROKEN] = {N_("Something that must always hold is broken: {x}."), NULL},
};

char *
gmq_sentence(const GmqStage *stage, uint64_t event)
{
    const GmqTraceEvent *one = gmq_trace_event(stage->trace, event);

    if (sentences[one->kind].tell != NULL)
        return sentences[one->kind].tell(stage, one);
    return gmq_event_fill(stage, one,
                          sentences[one->kind].format != NULL ? sentences[one->kind].format : "");
}
