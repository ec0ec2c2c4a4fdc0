#include "sim/ledger.h"

#include "sim/tally.h"

/* One message in one queue. A message that was sent again may be there more than once. */
typedef struct {
    const char *queue;
    const char *holder; /* the client that it was sent to last, until he is done; NULL: none */
    unsigned ready;
    unsigned out; /* unacked */
    unsigned acked;
    unsigned dead;
    unsigned lost;
    unsigned finished;
} Copy;

typedef struct {
    const char *name;
    GPtrArray *copies; /* of Copy; owned */
    bool is_asked_about;
    bool is_confirmed;
    bool is_nacked;
    bool is_taken_back;
    bool is_returned;
    bool is_letter; /* it has died in a queue, and is in no other yet */
} Message;

struct GmqLedger {
    const GmqScenario *scenario;
    GPtrArray *messages; /* of Message, in the order of sending */
    GHashTable *by_name; /* look-up only */
    GPtrArray *names[GMQ_N_KNOWN][GMQ_N_FATES];
    uint64_t returned[GMQ_N_KNOWN];
};

/* ---- finding ---- */

static void
free_message(void *data)
{
    g_ptr_array_unref(((Message *)data)->copies);
    g_free(data);
}

/* The message of "p1-5" and of "p1-5@audit"; NULL for one that no client sent. */
static Message *
find_message(const GmqLedger *ledger, const char *name)
{
    const char *at = strchr(name, '@');

    if (at == NULL)
        return g_hash_table_lookup(ledger->by_name, name);
    g_autofree char *base = g_strndup(name, (size_t)(at - name));
    return g_hash_table_lookup(ledger->by_name, base);
}

static Copy *
find_copy(const Message *message, const char *queue)
{
    for (unsigned i = 0; message != NULL && i < message->copies->len; i++) {
        Copy *copy = message->copies->pdata[i];

        if (strcmp(copy->queue, queue) == 0)
            return copy;
    }
    return NULL;
}

static Copy *
need_copy(const Message *message, const char *queue)
{
    Copy *copy = find_copy(message, queue);

    if (copy == NULL) {
        copy        = g_new0(Copy, 1);
        copy->queue = queue;
        g_ptr_array_add(message->copies, copy);
    }
    return copy;
}

/* ---- counting ---- */

typedef void (*Entry)(GmqLedger *ledger, Message *message, Copy *copy, const GmqTraceEvent *event);

static void
take(unsigned *from)
{
    if (*from > 0)
        --*from;
}

static void
on_sent(GmqLedger *ledger, Message *message, Copy *copy, const GmqTraceEvent *event)
{
    const GmqClientSpec *spec = gmq_scenario_find_client(ledger->scenario, event->who);

    (void)copy;
    if (message != NULL)
        return;
    message                 = g_new0(Message, 1);
    message->name           = event->message;
    message->copies         = g_ptr_array_new_with_free_func(g_free);
    message->is_asked_about = spec != NULL && (spec->window > 0 || spec->tx_every > 0);
    g_ptr_array_add(ledger->messages, message);
    g_hash_table_insert(ledger->by_name, (char *)message->name, message);
}

static void
on_known(GmqLedger *ledger, Message *message, Copy *copy, const GmqTraceEvent *event)
{
    (void)ledger;
    (void)copy;
    if (message == NULL)
        return;
    message->is_confirmed |= event->kind == GMQ_EVENT_CLIENT_CONFIRMED;
    message->is_nacked |= event->kind == GMQ_EVENT_CLIENT_NACKED;
    message->is_taken_back |= event->kind == GMQ_EVENT_CLIENT_TAKEN_BACK;
    message->is_returned |= event->kind == GMQ_EVENT_CLIENT_RETURNED;
}

static void
on_enqueued(GmqLedger *ledger, Message *message, Copy *copy, const GmqTraceEvent *event)
{
    (void)ledger;
    (void)copy;
    if (message == NULL)
        return;
    copy = need_copy(message, event->who);
    copy->ready++;
    message->is_letter = false;
    if (event->kind == GMQ_EVENT_RECOVERED)
        take(&copy->lost);
}

static void
on_delivered(GmqLedger *ledger, Message *message, Copy *copy, const GmqTraceEvent *event)
{
    (void)ledger;
    (void)message;
    take(&copy->ready);
    copy->out++;
    copy->holder = event->to;
}

static void
on_requeued(GmqLedger *ledger, Message *message, Copy *copy, const GmqTraceEvent *event)
{
    (void)ledger;
    (void)message;
    (void)event;
    take(&copy->out);
    copy->ready++;
}

static void
on_acked(GmqLedger *ledger, Message *message, Copy *copy, const GmqTraceEvent *event)
{
    (void)ledger;
    (void)message;
    (void)event;
    take(&copy->out);
    copy->acked++;
}

static void
on_rejected(GmqLedger *ledger, Message *message, Copy *copy, const GmqTraceEvent *event)
{
    (void)ledger;
    (void)message;
    if (event->count != 0)
        return;
    take(&copy->out);
    copy->dead++;
}

/* From among those that wait, or out of hands that failed too often. A message that is refused was
 * never in the queue. */
static void
on_died(GmqLedger *ledger, Message *message, Copy *copy, const GmqTraceEvent *event)
{
    bool is_out = strcmp(event->text, GMQ_DEATH_DELIVERY_LIMIT) == 0;

    (void)ledger;
    (void)message;
    if ((is_out ? copy->out : copy->ready) == 0)
        return;
    take(is_out ? &copy->out : &copy->ready);
    copy->dead++;
}

/* It goes on from where it died. */
static void
on_dead_lettered(GmqLedger *ledger, Message *message, Copy *copy, const GmqTraceEvent *event)
{
    (void)ledger;
    (void)event;
    take(&copy->dead);
    message->is_letter = true;
}

/* A reply is finished when it is read, be it too late or not. */
static void
on_finished(GmqLedger *ledger, Message *message, Copy *copy, const GmqTraceEvent *event)
{
    (void)ledger;
    (void)message;
    copy->holder = NULL;
    copy->finished +=
        event->kind == GMQ_EVENT_CLIENT_REPLIED || gmq_finish_find(event->text)->is_done;
}

static const struct {
    Entry enter;
    bool needs_copy;
} entries[GMQ_N_EVENTS] = {
    [GMQ_EVENT_CLIENT_SENT]       = {on_sent, false},
    [GMQ_EVENT_CLIENT_CONFIRMED]  = {on_known, false},
    [GMQ_EVENT_CLIENT_NACKED]     = {on_known, false},
    [GMQ_EVENT_CLIENT_TAKEN_BACK] = {on_known, false},
    [GMQ_EVENT_CLIENT_RETURNED]   = {on_known, false},
    [GMQ_EVENT_ENQUEUED]          = {on_enqueued, false},
    [GMQ_EVENT_RECOVERED]         = {on_enqueued, false},
    [GMQ_EVENT_DELIVERED]         = {on_delivered, true},
    [GMQ_EVENT_GOT]               = {on_delivered, true},
    [GMQ_EVENT_REQUEUED]          = {on_requeued, true},
    [GMQ_EVENT_ACKED]             = {on_acked, true},
    [GMQ_EVENT_SETTLED_UNSEEN]    = {on_acked, true},
    [GMQ_EVENT_REJECTED]          = {on_rejected, true},
    [GMQ_EVENT_EXPIRED]           = {on_died, true},
    [GMQ_EVENT_DROPPED]           = {on_died, true},
    [GMQ_EVENT_DEAD_LETTERED]     = {on_dead_lettered, true},
    [GMQ_EVENT_CLIENT_FINISHED]   = {on_finished, true},
    [GMQ_EVENT_CLIENT_REPLIED]    = {on_finished, true},
};

/* ---- what befalls many at once ---- */

/* A broker, a queue or a client is no more what it was, for this copy. */
static void
befall(Copy *copy, const GmqTraceEvent *event)
{
    bool is_queue = strcmp(copy->queue, event->who) == 0;

    switch (event->kind) {
    case GMQ_EVENT_QUEUE_DELETED:
    case GMQ_EVENT_QUEUE_PURGED:
        if (!is_queue)
            return;
        copy->dead += copy->ready;
        copy->ready = 0;
        if (event->kind == GMQ_EVENT_QUEUE_PURGED)
            return;
        copy->dead += copy->out;
        copy->out = 0;
        return;
    case GMQ_EVENT_CLIENT_CLOSED:
        if (copy->holder != NULL && strcmp(copy->holder, event->who) == 0)
            copy->holder = NULL;
        return;
    default:
        copy->lost += copy->ready + copy->out;
        copy->ready = copy->out = 0;
    }
}

static bool
befalls_many(const GmqTraceEvent *event)
{
    switch (event->kind) {
    case GMQ_EVENT_QUEUE_DELETED:
    case GMQ_EVENT_QUEUE_PURGED:
    case GMQ_EVENT_CLIENT_CLOSED:
        return true;
    case GMQ_EVENT_FAULT_CRASH:
    case GMQ_EVENT_BROKER_STOPPED:
        return strcmp(event->who, "broker") == 0;
    default:
        return false;
    }
}

static void
befall_all(GmqLedger *ledger, const GmqTraceEvent *event)
{
    for (unsigned i = 0; i < ledger->messages->len; i++) {
        const Message *message = ledger->messages->pdata[i];

        for (unsigned j = 0; j < message->copies->len; j++)
            befall(message->copies->pdata[j], event);
    }
}

/* In which queue an event finds a message: clients name it second. */
static const char *
queue_of(const GmqTraceEvent *event)
{
    return event->kind == GMQ_EVENT_CLIENT_FINISHED || event->kind == GMQ_EVENT_CLIENT_REPLIED
               ? event->to
               : event->who;
}

static void
enter(GmqLedger *ledger, const GmqTraceEvent *event)
{
    if (befalls_many(event))
        befall_all(ledger, event);
    if (entries[event->kind].enter == NULL)
        return;

    Message *message = find_message(ledger, event->message);
    Copy *copy       = NULL;
    if (entries[event->kind].needs_copy) {
        copy = find_copy(message, queue_of(event));
        if (copy == NULL)
            return;
    }
    entries[event->kind].enter(ledger, message, copy, event);
}

/* ---- judging ---- */

static GmqKnown
known_of(const Message *message)
{
    if (message->is_confirmed)
        return GMQ_KNOWN_CONFIRMED;
    if (message->is_nacked)
        return GMQ_KNOWN_NACKED;
    if (message->is_taken_back)
        return GMQ_KNOWN_TAKEN_BACK;
    return message->is_asked_about ? GMQ_KNOWN_NOTHING : GMQ_KNOWN_NOT_ASKED;
}

/* Nowhere is said of a copy that went on as a dead letter: another one tells. */
static GmqFate
fate_of_copy(const Copy *copy)
{
    if (copy->finished > 1)
        return GMQ_FATE_TWICE;
    if (copy->ready + copy->out > 0)
        return GMQ_FATE_QUEUED;
    if (copy->finished == 1)
        return GMQ_FATE_ONCE;
    if (copy->acked > 0)
        return copy->holder != NULL ? GMQ_FATE_QUEUED : GMQ_FATE_LOST;
    if (copy->lost > 0)
        return GMQ_FATE_LOST;
    return copy->dead > 0 ? GMQ_FATE_DEAD : GMQ_FATE_NOWHERE;
}

static GmqFate
fate_of(const Message *message)
{
    GmqFate fate = message->is_letter ? GMQ_FATE_DEAD : GMQ_FATE_NOWHERE;

    for (unsigned i = 0; i < message->copies->len; i++) {
        GmqFate other = fate_of_copy(message->copies->pdata[i]);
        fate          = MIN(fate, other);
    }
    return fate;
}

static void
judge(GmqLedger *ledger)
{
    for (unsigned i = 0; i < ledger->messages->len; i++) {
        const Message *message = ledger->messages->pdata[i];
        GmqKnown known         = known_of(message);

        ledger->returned[known] += message->is_returned;
        g_ptr_array_add(ledger->names[known][fate_of(message)], (char *)message->name);
    }
}

/* ---- the whole ---- */

GmqLedger *
gmq_ledger_new(const GmqScenario *scenario, const GmqTrace *trace)
{
    GmqLedger *ledger = g_new0(GmqLedger, 1);

    ledger->scenario = scenario;
    ledger->messages = g_ptr_array_new_with_free_func(free_message);
    ledger->by_name  = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned known = 0; known < GMQ_N_KNOWN; known++) {
        for (unsigned fate = 0; fate < GMQ_N_FATES; fate++)
            ledger->names[known][fate] = g_ptr_array_new();
    }
    for (uint64_t number = 1; number <= gmq_trace_length(trace); number++)
        enter(ledger, gmq_trace_event(trace, number));
    judge(ledger);
    return ledger;
}

void
gmq_ledger_free(GmqLedger *ledger)
{
    if (ledger == NULL)
        return;
    for (unsigned known = 0; known < GMQ_N_KNOWN; known++) {
        for (unsigned fate = 0; fate < GMQ_N_FATES; fate++)
            g_ptr_array_unref(ledger->names[known][fate]);
    }
    g_hash_table_unref(ledger->by_name);
    g_ptr_array_unref(ledger->messages);
    g_free(ledger);
}

const GPtrArray *
gmq_ledger_names(const GmqLedger *ledger, GmqKnown known, GmqFate fate)
{
    return ledger->names[known][fate];
}

uint64_t
gmq_ledger_returned(const GmqLedger *ledger, GmqKnown known)
{
    return ledger->returned[known];
}
