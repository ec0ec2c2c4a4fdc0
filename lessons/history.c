#include "lessons/history.h"

#include <string.h>

#include "sim/finish.h"
#include "sim/outgoing.h"
#include "sim/rule.h"

/* A clock may be read a little early: so much of the work must have passed, of 10. */
#define ENOUGH_OF_WORK 9

/* What is known while the trace is read. */
typedef struct {
    GmqHistory *history;
    GHashTable *bodies; /* of names of messages to the events that sent them; look-up only */
    unsigned n_in_hand;
    bool is_connected; /* as far as the program knows */
} Reading;

/* ---- tasks ---- */

/* "boss-3" of "boss-3@tasks". */
static char *
name_of_copy(const char *name)
{
    const char *mark = strchr(name, '@');
    return mark == NULL ? g_strdup(name) : g_strndup(name, (size_t)(mark - name));
}

static int64_t
work_of(const GmqClientSpec *client, const char *body)
{
    int64_t dots = 0;

    for (const char *at = body; *at != '\0'; at++)
        dots += *at == '.';
    if (client->work_exponential)
        return 0;
    return client->work_per_dot ? dots * client->work_ns : client->work_ns;
}

static uint64_t
number_of(const char *name)
{
    const char *mark = strrchr(name, '-');
    return mark == NULL ? 0 : g_ascii_strtoull(mark + 1, NULL, 10);
}

/* What its rules say of the message, as far as the trace tells. */
static GmqRuleDeed
deed_of(const GmqClientSpec *client, const GmqTraceEvent *sent, const char *name)
{
    const GmqRuleFacts facts = {
        .key = gmq_slice_of(sent == NULL ? "" : sent->key), .n = number_of(name), .deliveries = 1};
    const GmqRule *rule = gmq_rules_find(client->rules, &facts);

    return rule == NULL ? GMQ_RULE_ACK : rule->deed;
}

static GmqHistoryTask *
task_of(Reading *reading, const char *name)
{
    GPtrArray *tasks          = reading->history->tasks;
    const GmqClientSpec *spec = reading->history->client;
    const GmqTraceEvent *sent = g_hash_table_lookup(reading->bodies, name);
    g_autofree char *plain    = name_of_copy(name);

    for (unsigned i = 0; i < tasks->len; i++) {
        GmqHistoryTask *task = tasks->pdata[i];

        if (strcmp(task->name, plain) == 0)
            return task;
    }
    if (sent == NULL)
        sent = g_hash_table_lookup(reading->bodies, plain);
    GmqHistoryTask *task = g_new0(GmqHistoryTask, 1);
    task->name           = sent == NULL ? name : sent->message;
    task->body           = sent == NULL ? "" : sent->text;
    task->work_ns        = work_of(spec, task->body);
    task->is_to_send     = deed_of(spec, sent, plain) == GMQ_RULE_FORWARD;
    task->is_to_drop     = deed_of(spec, sent, plain) == GMQ_RULE_REJECT;
    g_ptr_array_add(tasks, task);
    return task;
}

static bool
is_hurried(const GmqHistoryTask *task, const GmqTraceEvent *event)
{
    return event->time_ns - task->received->time_ns < task->work_ns / 10 * ENOUGH_OF_WORK;
}

static void
take(Reading *reading, const GmqTraceEvent *event)
{
    GmqHistory *history  = reading->history;
    GmqHistoryTask *task = task_of(reading, event->message);
    uint64_t most        = history->client->prefetch;

    task->n_received++;
    task->received = event;
    reading->n_in_hand++;
    if (most > 0 && reading->n_in_hand > most && history->crowded == NULL)
        history->crowded = event;
}

static void
ack(Reading *reading, GmqHistoryTask *task, const GmqTraceEvent *event)
{
    bool is_asked = reading->history->client->ack == GMQ_ACK_MANUAL;
    bool is_undone =
        task->is_to_send ? task->n_results == 0 : task->n_received == 1 && is_hurried(task, event);

    reading->history->n_acks++;
    if (task->acked == NULL)
        task->acked = event;
    if (is_asked && is_undone && task->early == NULL)
        task->early = event;
}

static void
finish(Reading *reading, const GmqTraceEvent *event)
{
    GmqHistoryTask *task = task_of(reading, event->message);

    reading->n_in_hand -= reading->n_in_hand > 0;
    if (task->received == NULL)
        return;
    if (strcmp(event->text, GMQ_FINISH_REQUEUE) == 0) {
        task->n_requeued++;
        task->requeued = event;
    } else if (strcmp(event->text, GMQ_FINISH_REJECT) == 0) {
        task->rejected = event;
    } else if (strcmp(event->text, GMQ_FINISH_SETTLED) == 0) {
        task->unasked = event;
    } else if (gmq_finish_find(event->text)->has_ack) {
        ack(reading, task, event);
    }
}

/* A message of the program with the text of a task, or with its name, is its result. */
static void
take_result(Reading *reading, const GmqTraceEvent *event)
{
    GPtrArray *tasks = reading->history->tasks;

    for (unsigned i = tasks->len; i-- > 0;) {
        GmqHistoryTask *task = tasks->pdata[i];

        if (strcmp(task->body, event->text) != 0 &&
            !gmq_trace_name_is_of(event->message, task->name))
            continue;
        task->n_results++;
        if (task->n_results == 1)
            task->result = event;
        if (task->n_results == 2)
            task->again = event;
        if (task->n_results == 1 && is_hurried(task, event))
            task->hurried = event;
        return;
    }
}

/* ---- orders ---- */

static void
list_orders(GmqHistory *history)
{
    uint64_t n = history->client->role == GMQ_ROLE_PRODUCER ? history->client->publish.count : 0;
    GmqOutgoing outgoing;

    gmq_outgoing_init(&outgoing);
    for (uint64_t i = 1; n != UINT64_MAX && i <= n; i++) {
        GmqHistoryOrder *order = g_new0(GmqHistoryOrder, 1);

        gmq_outgoing_fill(&outgoing, history->client, i);
        order->body = g_intern_string(outgoing.body->str);
        g_ptr_array_add(history->orders, order);
    }
    gmq_outgoing_clear(&outgoing);
}

static GmqHistoryOrder *
order_of_body(const GmqHistory *history, const char *body)
{
    for (unsigned i = 0; i < history->orders->len; i++) {
        GmqHistoryOrder *order = history->orders->pdata[i];

        if (strcmp(order->body, body) == 0)
            return order;
    }
    return NULL;
}

/* Whatever name it was sent under. */
static GmqHistoryOrder *
order_of_name(const Reading *reading, const char *name)
{
    const GmqTraceEvent *sent = g_hash_table_lookup(reading->bodies, name);

    return sent == NULL || strcmp(sent->who, reading->history->client->name) != 0
               ? NULL
               : order_of_body(reading->history, sent->text);
}

static void
send_order(const Reading *reading, const GmqTraceEvent *event)
{
    GmqHistoryOrder *order = order_of_body(reading->history, event->text);

    if (order == NULL)
        return;
    order->n_sent++;
    order->sent   = event;
    order->name   = event->message;
    order->nacked = NULL;
    if (event->count == 0 && order->volatile_ == NULL)
        order->volatile_ = event;
}

/* tag is the number for its confirm. */
static void
arrive(const Reading *reading, const GmqTraceEvent *event)
{
    GmqHistoryOrder *order = order_of_name(reading, event->message);

    if (order == NULL)
        return;
    order->arrived = event;
    if (event->tag == 0 && order->unasked == NULL)
        order->unasked = event;
}

static void
answer(const Reading *reading, const GmqTraceEvent *event)
{
    GmqHistoryOrder *order = order_of_name(reading, event->message);

    if (order == NULL)
        return;
    if (event->kind == GMQ_EVENT_CLIENT_CONFIRMED)
        order->confirmed = event;
    else
        order->nacked = event;
}

/* ---- the whole ---- */

static void
send(Reading *reading, const GmqTraceEvent *event)
{
    g_hash_table_replace(reading->bodies, (char *)event->message, (void *)event);
    if (strcmp(event->who, reading->history->client->name) != 0)
        return;
    if (reading->history->client->role == GMQ_ROLE_PRODUCER)
        send_order(reading, event);
    else
        take_result(reading, event);
}

/* Events about the client itself. */
static void
read_own(Reading *reading, const GmqTraceEvent *event)
{
    GmqHistory *history = reading->history;

    history->last = event;
    switch (event->kind) {
    case GMQ_EVENT_CONNECTION_OPENED:
        history->n_connections++;
        history->closed = history->gone = NULL;
        reading->is_connected           = true;
        return;
    case GMQ_EVENT_CHANNEL_OPENED:
        history->closed = NULL;
        return;
    case GMQ_EVENT_CHANNEL_CLOSED:
        if (event->count >= 300)
            history->closed = event;
        return;
    case GMQ_EVENT_CLIENT_STARTED:
        history->ended = NULL;
        return;
    case GMQ_EVENT_FAULT_CRASH:
    case GMQ_EVENT_FAULT_STOP:
        history->ended = event;
        return;
    case GMQ_EVENT_CLIENT_RECEIVED:
        take(reading, event);
        return;
    case GMQ_EVENT_CLIENT_FORWARDED:
        take_result(reading, event);
        return;
    case GMQ_EVENT_CLIENT_FINISHED:
        finish(reading, event);
        return;
    case GMQ_EVENT_CONNECTION_CLOSED:
        history->gone = reading->is_connected ? event : NULL;
        return;
    case GMQ_EVENT_CLIENT_CLOSED:
        reading->n_in_hand    = 0;
        reading->is_connected = false;
        history->gone         = NULL;
        return;
    case GMQ_EVENT_PUBLISHED:
        arrive(reading, event);
        return;
    case GMQ_EVENT_CLIENT_CONFIRMED:
    case GMQ_EVENT_CLIENT_NACKED:
        answer(reading, event);
        return;
    default:
        return;
    }
}

GmqHistory *
gmq_history_new(const GmqClientSpec *client, const GmqTrace *trace)
{
    GmqHistory *history          = g_new0(GmqHistory, 1);
    g_autoptr(GHashTable) bodies = g_hash_table_new(g_str_hash, g_str_equal);
    Reading reading              = {.history = history, .bodies = bodies};

    history->client = client;
    history->trace  = trace;
    history->tasks  = g_ptr_array_new_with_free_func(g_free);
    history->orders = g_ptr_array_new_with_free_func(g_free);
    list_orders(history);
    for (uint64_t n = 1; n <= gmq_trace_length(trace); n++) {
        const GmqTraceEvent *event = gmq_trace_event(trace, n);

        if (event->kind == GMQ_EVENT_CLIENT_SENT)
            send(&reading, event);
        if (event->kind == GMQ_EVENT_CONSUMER_ADDED && strcmp(event->to, client->name) == 0)
            history->listens = event;
        if (strcmp(event->who, client->name) == 0)
            read_own(&reading, event);
    }
    return history;
}

void
gmq_history_free(GmqHistory *history)
{
    if (history == NULL)
        return;
    g_ptr_array_unref(history->tasks);
    g_ptr_array_unref(history->orders);
    g_free(history);
}
