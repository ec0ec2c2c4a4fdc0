#include "sim/standing.h"

/* So many names of messages are told. */
#define NAMES_SHOWN 4

typedef struct {
    const char *client;
    uint64_t prefetch; /* 0: no limit */
    uint64_t unacked;
} Consumer;

/* A message in the hands of a client. */
typedef struct {
    const char *message;
    const char *client;
} Hand;

typedef struct {
    const char *name;
    GPtrArray *ready;  /* of names of messages, the next one first */
    GArray *consumers; /* of Consumer */
    GArray *hands;     /* of Hand */
    uint64_t opening;  /* event */
    bool was_closed;   /* no consumer could take one before the last change */
} Queue;

struct GmqStanding {
    GPtrArray *queues; /* of Queue, in the order in which they were heard of */
};

static void
free_queue(void *data)
{
    Queue *queue = data;

    g_ptr_array_unref(queue->ready);
    g_array_unref(queue->consumers);
    g_array_unref(queue->hands);
    g_free(queue);
}

GmqStanding *
gmq_standing_new(void)
{
    GmqStanding *standing = g_new0(GmqStanding, 1);

    standing->queues = g_ptr_array_new_with_free_func(free_queue);
    return standing;
}

void
gmq_standing_free(GmqStanding *standing)
{
    if (standing == NULL)
        return;
    g_ptr_array_unref(standing->queues);
    g_free(standing);
}

static Queue *
find_queue(const GmqStanding *standing, const char *name)
{
    for (unsigned i = 0; i < standing->queues->len; i++) {
        Queue *queue = standing->queues->pdata[i];

        if (strcmp(queue->name, name) == 0)
            return queue;
    }
    return NULL;
}

static Queue *
queue_of(GmqStanding *standing, const char *name)
{
    Queue *queue = find_queue(standing, name);

    if (queue == NULL) {
        queue             = g_new0(Queue, 1);
        queue->name       = name;
        queue->ready      = g_ptr_array_new();
        queue->consumers  = g_array_new(FALSE, FALSE, sizeof(Consumer));
        queue->hands      = g_array_new(FALSE, FALSE, sizeof(Hand));
        queue->was_closed = true;
        g_ptr_array_add(standing->queues, queue);
    }
    return queue;
}

/* ---- consumers ---- */

static Consumer *
consumer_at(const Queue *queue, unsigned index)
{
    return &g_array_index(queue->consumers, Consumer, index);
}

static Consumer *
find_consumer(const Queue *queue, const char *client)
{
    for (unsigned i = 0; i < queue->consumers->len; i++) {
        if (strcmp(consumer_at(queue, i)->client, client) == 0)
            return consumer_at(queue, i);
    }
    return NULL;
}

static bool
is_full(const Consumer *consumer)
{
    return consumer->prefetch > 0 && consumer->unacked >= consumer->prefetch;
}

static bool
is_closed(const Queue *queue)
{
    for (unsigned i = 0; i < queue->consumers->len; i++) {
        if (!is_full(consumer_at(queue, i)))
            return false;
    }
    return true;
}

/* ---- messages ---- */

static void
leave_line(Queue *queue, const char *message)
{
    for (unsigned i = 0; i < queue->ready->len; i++) {
        if (strcmp(queue->ready->pdata[i], message) == 0) {
            g_ptr_array_remove_index(queue->ready, i);
            return;
        }
    }
}

static void
leave_hand(Queue *queue, const char *message, const char *client)
{
    Consumer *consumer = find_consumer(queue, client);

    for (unsigned i = 0; i < queue->hands->len; i++) {
        const Hand *hand = &g_array_index(queue->hands, Hand, i);

        if (strcmp(hand->message, message) == 0 && strcmp(hand->client, client) == 0) {
            g_array_remove_index(queue->hands, i);
            if (consumer != NULL && consumer->unacked > 0)
                consumer->unacked--;
            return;
        }
    }
}

static void
clear_messages(Queue *queue)
{
    g_ptr_array_set_size(queue->ready, 0);
    g_array_set_size(queue->hands, 0);
}

/* ---- events ---- */

static void
on_enqueued(GmqStanding *standing, const GmqTraceEvent *event)
{
    Queue *queue = queue_of(standing, event->who);

    if (strcmp(event->text, "consumer") == 0)
        return;
    if (strcmp(event->text, "head") == 0)
        g_ptr_array_insert(queue->ready, 0, (void *)event->message);
    else
        g_ptr_array_add(queue->ready, (void *)event->message);
}

/* Whoever had it has it no more. */
static void
on_requeued(GmqStanding *standing, const GmqTraceEvent *event)
{
    Queue *queue = queue_of(standing, event->who);

    for (unsigned i = queue->hands->len; i > 0; i--) {
        const Hand hand = g_array_index(queue->hands, Hand, i - 1);

        if (strcmp(hand.message, event->message) == 0)
            leave_hand(queue, hand.message, hand.client);
    }
    on_enqueued(standing, event);
}

static void
on_delivered(GmqStanding *standing, const GmqTraceEvent *event)
{
    Queue *queue       = queue_of(standing, event->who);
    Consumer *consumer = find_consumer(queue, event->to);
    Hand hand          = {event->message, event->to};

    leave_line(queue, event->message);
    g_array_append_val(queue->hands, hand);
    if (consumer != NULL)
        consumer->unacked++;
}

static void
on_settled(GmqStanding *standing, const GmqTraceEvent *event)
{
    leave_hand(queue_of(standing, event->who), event->message, event->to);
}

static void
on_ended(GmqStanding *standing, const GmqTraceEvent *event)
{
    Queue *queue = find_queue(standing, event->who);

    if (queue != NULL)
        leave_line(queue, event->message);
}

static void
on_consumer_added(GmqStanding *standing, const GmqTraceEvent *event)
{
    Consumer consumer = {.client = event->to, .prefetch = event->count};

    g_array_append_val(queue_of(standing, event->who)->consumers, consumer);
}

static void
on_consumer_removed(GmqStanding *standing, const GmqTraceEvent *event)
{
    Queue *queue = queue_of(standing, event->who);

    for (unsigned i = 0; i < queue->consumers->len; i++) {
        if (strcmp(consumer_at(queue, i)->client, event->to) == 0) {
            g_array_remove_index(queue->consumers, i);
            return;
        }
    }
}

static void
on_emptied(GmqStanding *standing, const GmqTraceEvent *event)
{
    Queue *queue = find_queue(standing, event->who);

    if (queue != NULL && event->kind == GMQ_EVENT_QUEUE_PURGED)
        g_ptr_array_set_size(queue->ready, 0);
    else if (queue != NULL)
        clear_messages(queue);
}

/* A new broker has what it finds on its disk, and tells that after this. */
static void
forget_all(GmqStanding *standing)
{
    for (unsigned i = 0; i < standing->queues->len; i++) {
        Queue *queue = standing->queues->pdata[i];

        clear_messages(queue);
        g_array_set_size(queue->consumers, 0);
    }
}

static void
on_fault(GmqStanding *standing, const GmqTraceEvent *event)
{
    if (strcmp(event->who, "broker") == 0)
        forget_all(standing);
}

static void (*const followers[GMQ_N_EVENTS])(GmqStanding *, const GmqTraceEvent *) = {
    [GMQ_EVENT_ENQUEUED]         = on_enqueued,
    [GMQ_EVENT_RECOVERED]        = on_enqueued,
    [GMQ_EVENT_REQUEUED]         = on_requeued,
    [GMQ_EVENT_DELIVERED]        = on_delivered,
    [GMQ_EVENT_GOT]              = on_delivered,
    [GMQ_EVENT_ACKED]            = on_settled,
    [GMQ_EVENT_REJECTED]         = on_settled,
    [GMQ_EVENT_SETTLED_UNSEEN]   = on_settled,
    [GMQ_EVENT_EXPIRED]          = on_ended,
    [GMQ_EVENT_DROPPED]          = on_ended,
    [GMQ_EVENT_DEAD_LETTERED]    = on_ended,
    [GMQ_EVENT_CONSUMER_ADDED]   = on_consumer_added,
    [GMQ_EVENT_CONSUMER_REMOVED] = on_consumer_removed,
    [GMQ_EVENT_QUEUE_PURGED]     = on_emptied,
    [GMQ_EVENT_QUEUE_DELETED]    = on_emptied,
    [GMQ_EVENT_FAULT_CRASH]      = on_fault,
    [GMQ_EVENT_BROKER_STOPPED]   = on_fault,
};

/* Notes what this event opened: a queue that nobody could take from, and now somebody can. */
static void
note_openings(GmqStanding *standing, const GmqTraceEvent *event)
{
    for (unsigned i = 0; i < standing->queues->len; i++) {
        Queue *queue = standing->queues->pdata[i];
        bool closed  = is_closed(queue);

        if (queue->was_closed && !closed)
            queue->opening = event->number;
        queue->was_closed = closed;
    }
}

void
gmq_standing_add(GmqStanding *standing, const GmqTraceEvent *event)
{
    if (followers[event->kind] == NULL)
        return;
    followers[event->kind](standing, event);
    note_openings(standing, event);
}

uint64_t
gmq_standing_opening(const GmqStanding *standing, const char *queue)
{
    const Queue *found = find_queue(standing, queue);

    return found == NULL ? 0 : found->opening;
}

/* ---- in words ---- */

static void
tell_line(const Queue *queue, const char *message, GString *out)
{
    unsigned n = 0;

    while (n < queue->ready->len && strcmp(queue->ready->pdata[n], message) != 0)
        n++;
    if (n == 0 || n == queue->ready->len)
        return;
    g_string_append_printf(out, "%u message%s before it (", n, n == 1 ? " is" : "s are");
    for (unsigned i = 0; i < MIN(n, NAMES_SHOWN); i++)
        g_string_append_printf(out, "%s%s", i == 0 ? "" : ", ", (char *)queue->ready->pdata[i]);
    g_string_append(out, n > NAMES_SHOWN ? ", ...)" : ")");
}

static void
tell_consumers(const Queue *queue, GString *out)
{
    const char *between = out->len == 0 ? "" : "; ";

    if (queue->consumers->len == 0)
        g_string_append_printf(out, "%snobody listens to queue %s", between, queue->name);
    if (queue->consumers->len == 0 || !is_closed(queue))
        return;
    for (unsigned i = 0; i < queue->consumers->len; i++) {
        const Consumer *consumer = consumer_at(queue, i);

        g_string_append_printf(
            out, "%s%s has %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " without an ack",
            i == 0 ? between : ", ", consumer->client, (guint64)consumer->unacked,
            (guint64)consumer->prefetch);
    }
}

void
gmq_standing_why(const GmqStanding *standing, const char *queue, const char *message, GString *out)
{
    const Queue *found        = find_queue(standing, queue);
    g_autoptr(GString) reason = g_string_new(NULL);

    if (found == NULL)
        return;
    tell_line(found, message, reason);
    tell_consumers(found, reason);
    g_string_append(out, reason->str);
}

void
gmq_standing_where(const GmqStanding *standing, const char *message, GString *out)
{
    for (unsigned i = 0; i < standing->queues->len; i++) {
        const Queue *queue = standing->queues->pdata[i];

        for (unsigned k = 0; k < queue->ready->len; k++) {
            if (gmq_trace_name_is_of(queue->ready->pdata[k], message))
                g_string_append_printf(out, "It waits in queue %s.\n", queue->name);
        }
        for (unsigned k = 0; k < queue->hands->len; k++) {
            const Hand *hand = &g_array_index(queue->hands, Hand, k);

            if (gmq_trace_name_is_of(hand->message, message))
                g_string_append_printf(out, "%s has it from queue %s, without an ack so far.\n",
                                       hand->client, queue->name);
        }
    }
    if (out->len == 0)
        g_string_append(out, "It is in no queue any more, and in nobody's hands.\n");
}
