#include "sim/check-private.h"

static CheckCopy *
find_copy(const CheckMessage *message, const CheckQueue *queue)
{
    for (unsigned i = 0; i < message->copies->len; i++) {
        CheckCopy *copy = message->copies->pdata[i];

        if (copy->queue == queue)
            return copy;
    }
    return NULL;
}

/* The copy that an event is about; breaks and returns NULL when there is none (S4). */
static CheckCopy *
copy_of(GmqCheck *check, const GmqEvent *event, CheckQueue *queue)
{
    const CheckMessage *message = check_message(check, event->message);
    CheckCopy *copy             = message == NULL ? NULL : find_copy(message, queue);

    if (message != NULL && copy == NULL)
        check_break(check, queue->name, "S4 broken: queue %s never had message %s.", queue->name,
                    message->name);
    return copy;
}

/* What the broker says waits in a queue is what we count (S17). */
static void
check_ready(GmqCheck *check, const CheckQueue *queue, uint64_t ready)
{
    if (ready != queue->ready.length)
        check_break(check, queue->name,
                    "S17 broken: queue %s says that %" G_GUINT64_FORMAT
                    " messages are ready at event %" G_GUINT64_FORMAT
                    ", but %u went in and did not come out.",
                    queue->name, (guint64)ready, (guint64)check->event, queue->ready.length);
}

/* ---- entering ---- */

/* Messages of one channel keep their order in every queue (S7). */
static void
check_sequence(GmqCheck *check, CheckQueue *queue, const CheckMessage *message)
{
    uint64_t last = GPOINTER_TO_SIZE(g_hash_table_lookup(queue->last_of, message->connection));

    if (message->sequence <= last)
        check_break(check, queue->name,
                    "S7 broken: message %s entered queue %s after one that was published later on "
                    "the same channel.",
                    message->name, queue->name);
    g_hash_table_insert(queue->last_of, message->connection, GSIZE_TO_POINTER(message->sequence));
}

/* A queue gets a message once, and only if its route leads there (S10). */
static void
check_entry(GmqCheck *check, const CheckQueue *queue, const CheckMessage *message)
{
    if (find_copy(message, queue) != NULL)
        check_break(check, queue->name, "S10 broken: queue %s got message %s twice.", queue->name,
                    message->name);
    for (unsigned i = 0; i < message->routes->len; i++) {
        if (strcmp(message->routes->pdata[i], queue->name) == 0)
            return;
    }
    check_break(check, queue->name,
                "S10 broken: queue %s got message %s, whose route does not lead there.",
                queue->name, message->name);
}

void
check_enqueued(GmqCheck *check, const GmqEvent *event)
{
    CheckQueue *queue     = check_queue(check, event->who);
    CheckMessage *message = check_message(check, event->message);

    if (message == NULL)
        return;
    check_entry(check, queue, message);
    check_sequence(check, queue, message);

    CheckCopy *copy = g_new0(CheckCopy, 1);
    copy->message   = message;
    copy->queue     = queue;
    copy->place     = ++queue->n_entered;
    copy->since     = check->event;
    copy->where     = CHECK_HANDED;
    g_ptr_array_add(message->copies, copy);
    if (!gmq_slice_equal(event->text, GMQ_SLICE("consumer"))) {
        copy->where = CHECK_READY;
        g_queue_push_tail(&queue->ready, copy);
    }
    check_ready(check, queue, event->count);
}

/* ---- leaving ---- */

/* The oldest goes first (S6). */
static void
check_head(GmqCheck *check, const CheckCopy *copy, const char *client)
{
    const CheckCopy *head = g_queue_peek_head(&copy->queue->ready);

    if (head == NULL || head == copy)
        return;
    check_break(check, copy->queue->name,
                "S6 broken: queue %s gave message %s (place %" G_GUINT64_FORMAT
                ") to %s at event %" G_GUINT64_FORMAT " although %s (place %" G_GUINT64_FORMAT
                ") was ready since event %" G_GUINT64_FORMAT ".",
                copy->queue->name, copy->message->name, (guint64)copy->place, client,
                (guint64)check->event, head->message->name, (guint64)head->place,
                (guint64)head->since);
}

static void
check_flag(GmqCheck *check, const CheckCopy *copy, const GmqEvent *event, const char *client)
{
    if (event->redelivered == copy->was_requeued)
        return;
    check_break(check, client,
                "S5 broken: message %s went to %s with redelivered=%d, but it was %s requeued.",
                copy->message->name, client, event->redelivered,
                copy->was_requeued ? "already" : "never");
}

static void
check_tag(GmqCheck *check, const CheckConnection *connection, const GmqEvent *event,
          const char *client)
{
    uint64_t expected = connection->deliveries->len + 1;

    if (event->tag != expected)
        check_break(check, client,
                    "S9 broken: %s got delivery tag %" G_GUINT64_FORMAT " where %" G_GUINT64_FORMAT
                    " comes next.",
                    client, (guint64)event->tag, (guint64)expected);
}

static bool
counts_unacked(const CheckConnection *connection)
{
    return connection->spec != NULL && connection->spec->ack != GMQ_ACK_AUTO;
}

static void
check_prefetch(GmqCheck *check, const CheckConnection *connection, const char *client)
{
    const GmqClientSpec *spec = connection->spec;

    if (!counts_unacked(connection) || spec->prefetch == 0 ||
        connection->n_unacked <= spec->prefetch)
        return;
    check_break(
        check, client,
        "S8 broken: %s has %" G_GUINT64_FORMAT " unacked messages at event %" G_GUINT64_FORMAT
        ", and its prefetch is %" G_GUINT64_FORMAT ".",
        client, (guint64)connection->n_unacked, (guint64)check->event, (guint64)spec->prefetch);
}

/* Only what is in the queue can leave it, to one place at a time (S4). */
static void
check_is_there(GmqCheck *check, const CheckCopy *copy, const char *client)
{
    static const char *const places[] = {
        [CHECK_READY] = "ready",      [CHECK_HANDED] = "on its way", [CHECK_UNACKED] = "unacked",
        [CHECK_REFUSED] = "rejected", [CHECK_GONE] = "gone",
    };

    if (copy->where != CHECK_READY && copy->where != CHECK_HANDED)
        check_break(check, copy->queue->name,
                    "S4 broken: queue %s gave message %s to %s although it was %s.",
                    copy->queue->name, copy->message->name, client, places[copy->where]);
}

void
check_delivered(GmqCheck *check, const GmqEvent *event)
{
    CheckQueue *queue           = check_queue(check, event->who);
    CheckConnection *connection = check_connection(check, event->to);
    CheckCopy *copy             = copy_of(check, event, queue);
    g_autofree char *client     = g_strdup(check_client(check, connection));

    check_tag(check, connection, event, client);
    g_ptr_array_add(connection->deliveries, copy);
    if (copy == NULL)
        return;
    check_is_there(check, copy, client);
    check_head(check, copy, client);
    check_flag(check, copy, event, client);
    if (copy->where == CHECK_READY)
        g_queue_remove(&queue->ready, copy);
    copy->where      = CHECK_UNACKED;
    copy->connection = connection;
    copy->tag        = connection->deliveries->len;
    connection->n_unacked++;
    check_prefetch(check, connection, client);
}

/* ---- settling ---- */

/* The delivery is settled; first_open keeps the search for open ones short. */
static void
close_delivery(CheckConnection *connection, uint64_t tag)
{
    GPtrArray *deliveries = connection->deliveries;

    deliveries->pdata[tag - 1] = NULL;
    connection->n_unacked--;
    while (connection->first_open < deliveries->len &&
           deliveries->pdata[connection->first_open] == NULL)
        connection->first_open++;
}

/* The copy that was delivered under that tag; breaks and returns NULL when that is settled, or was
 * something else (S9). */
static CheckCopy *
take_delivery(GmqCheck *check, const GmqEvent *event)
{
    CheckConnection *connection = check_connection(check, event->to);
    const char *client          = check_client(check, connection);
    bool is_known               = event->tag >= 1 && event->tag <= connection->deliveries->len;
    CheckCopy *copy             = is_known ? connection->deliveries->pdata[event->tag - 1] : NULL;

    if (copy == NULL || copy->message != check_message(check, event->message)) {
        check_break(check, client,
                    "S9 broken: delivery tag %" G_GUINT64_FORMAT
                    " of %s was settled, which is not open or stands for another message.",
                    (guint64)event->tag, client);
        return NULL;
    }
    close_delivery(connection, event->tag);
    return copy;
}

void
check_acked(GmqCheck *check, const GmqEvent *event)
{
    CheckCopy *copy = take_delivery(check, event);

    if (copy != NULL)
        copy->where = CHECK_GONE;
}

void
check_settled_unseen(GmqCheck *check, const GmqEvent *event)
{
    const CheckConnection *connection = check_connection(check, event->to);
    const char *client                = check_client(check, connection);

    if (counts_unacked(connection))
        check_break(check, client,
                    "S4 broken: a message for %s was settled when it was sent, but %s wants to ack "
                    "it.",
                    client, client);
    check_acked(check, event);
}

void
check_rejected(GmqCheck *check, const GmqEvent *event)
{
    CheckCopy *copy = take_delivery(check, event);

    if (copy != NULL)
        copy->where = event->count != 0 ? CHECK_REFUSED : CHECK_GONE;
}

/* ---- coming back ---- */

/* To its old place: before all that entered later. */
static void
insert_at_place(CheckQueue *queue, CheckCopy *copy)
{
    GList *link = queue->ready.head;

    while (link != NULL && ((const CheckCopy *)link->data)->place < copy->place)
        link = link->next;
    g_queue_insert_before(&queue->ready, link, copy);
}

void
check_requeued(GmqCheck *check, const GmqEvent *event)
{
    CheckQueue *queue = check_queue(check, event->who);
    CheckCopy *copy   = copy_of(check, event, queue);

    if (copy == NULL)
        return;
    if (copy->where != CHECK_UNACKED && copy->where != CHECK_REFUSED)
        check_break(check, queue->name,
                    "S4 broken: message %s came back to queue %s, but nobody had it.",
                    copy->message->name, queue->name);
    if (!event->redelivered)
        check_break(check, queue->name,
                    "S5 broken: message %s came back to queue %s and is not marked redelivered.",
                    copy->message->name, queue->name);
    if (copy->where == CHECK_UNACKED)
        close_delivery(copy->connection, copy->tag);
    if (copy->where != CHECK_READY)
        insert_at_place(queue, copy);
    copy->where        = CHECK_READY;
    copy->since        = check->event;
    copy->was_requeued = true;
    check_ready(check, queue, event->count);
}

void
check_emptied(GmqCheck *check, const GmqEvent *event)
{
    CheckQueue *queue = check_queue(check, event->who);

    check_ready(check, queue, event->count);
    while (queue->ready.length > 0)
        ((CheckCopy *)g_queue_pop_head(&queue->ready))->where = CHECK_GONE;
    if (event->kind != GMQ_EVENT_QUEUE_DELETED)
        return;
    queue->is_gone = true;
    g_hash_table_remove(check->queues, queue->name);
    check_routes_drop_queue(check->routes, queue->name);
}

/* What it had not acked went back to the queues (S4), unless these are gone. */
void
check_connection_over(GmqCheck *check, CheckConnection *connection)
{
    const char *client = check_client(check, connection);

    for (unsigned i = connection->first_open; i < connection->deliveries->len; i++) {
        const CheckCopy *copy = connection->deliveries->pdata[i];

        if (copy == NULL || copy->queue->is_gone)
            continue;
        check_break(check, client, "S4 broken: message %s is still unacked at %s, which is gone.",
                    copy->message->name, client);
        return;
    }
}
