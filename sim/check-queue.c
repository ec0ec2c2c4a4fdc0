#include "sim/check-private.h"

GmqCheckCopy *
gmq_check_find_copy(const GmqCheckMessage *message, const GmqCheckQueue *queue)
{
    for (unsigned i = 0; i < message->copies->len; i++) {
        GmqCheckCopy *copy = message->copies->pdata[i];

        if (copy->queue == queue)
            return copy;
    }
    return NULL;
}

/* The copy that an event is about; breaks and returns NULL when there is none (S4). */
static GmqCheckCopy *
copy_of(GmqCheck *check, const GmqEvent *event, GmqCheckQueue *queue)
{
    const GmqCheckMessage *message = gmq_check_message(check, event->message);
    GmqCheckCopy *copy             = message == NULL ? NULL : gmq_check_find_copy(message, queue);

    if (message != NULL && copy == NULL)
        gmq_check_break(check, queue->name, "S4 broken: queue %s never had message %s.",
                        queue->name, message->name);
    return copy;
}

void
gmq_check_ready(GmqCheck *check, const GmqCheckQueue *queue, uint64_t ready)
{
    if (ready != queue->ready.length)
        gmq_check_break(check, queue->name,
                        "S17 broken: queue %s says that %" G_GUINT64_FORMAT
                        " messages are ready at event %" G_GUINT64_FORMAT
                        ", but %u went in and did not come out.",
                        queue->name, (guint64)ready, (guint64)check->event, queue->ready.length);
}

/* ---- entering ---- */

/* Messages of one channel keep their order in every queue (S7). */
static void
check_sequence(GmqCheck *check, GmqCheckQueue *queue, const GmqCheckMessage *message)
{
    uint64_t last = GPOINTER_TO_SIZE(g_hash_table_lookup(queue->last_of, message->connection));

    if (message->sequence <= last)
        gmq_check_break(
            check, queue->name,
            "S7 broken: message %s entered queue %s after one that was published later on "
            "the same channel.",
            message->name, queue->name);
    g_hash_table_insert(queue->last_of, message->connection, GSIZE_TO_POINTER(message->sequence));
}

/* A queue gets a message once, and only if its route leads there (S10). */
static void
check_entry(GmqCheck *check, const GmqCheckQueue *queue, const GmqCheckMessage *message)
{
    if (gmq_check_find_copy(message, queue) != NULL &&
        gmq_check_returning_copy(message, queue) == NULL)
        gmq_check_break(check, queue->name, "S10 broken: queue %s got message %s twice.",
                        queue->name, message->name);
    if (check->is_open)
        return;
    for (unsigned i = 0; i < message->routes->len; i++) {
        if (strcmp(message->routes->pdata[i], queue->name) == 0)
            return;
    }
    gmq_check_break(check, queue->name,
                    "S10 broken: queue %s got message %s, whose route does not lead there.",
                    queue->name, message->name);
}

static bool
is_before(const GmqCheckCopy *copy, const GmqCheckCopy *other)
{
    if (copy->priority != other->priority)
        return copy->priority > other->priority;
    return copy->place < other->place;
}

void
gmq_check_join_ready(GmqCheckCopy *copy)
{
    GQueue *ready = &copy->queue->ready;
    GList *link   = ready->tail;

    while (link != NULL && is_before(copy, link->data))
        link = link->prev;
    if (link == NULL)
        g_queue_push_head(ready, copy);
    else
        g_queue_insert_after(ready, link, copy);
}

static uint64_t
priority_of(const GmqCheck *check, const GmqCheckMessage *message, const GmqCheckQueue *queue)
{
    const GmqCheckContent *content;

    if (queue->line == NULL || queue->line->max_priority == 0)
        return 0;
    content = gmq_check_contents_find(check->contents, message->name);
    return content == NULL ? 0 : MIN(content->priority, queue->line->max_priority);
}

/* A letter that was here before comes as if it never was. */
static GmqCheckCopy *
add_copy(const GmqCheck *check, GmqCheckMessage *message, GmqCheckQueue *queue)
{
    GmqCheckCopy *copy = gmq_check_returning_copy(message, queue);

    if (copy == NULL) {
        copy = g_new0(GmqCheckCopy, 1);
        g_ptr_array_add(message->copies, copy);
    }
    *copy = (GmqCheckCopy){
        .message       = message,
        .queue         = queue,
        .where         = GMQ_CHECK_HANDED,
        .priority      = priority_of(check, message, queue),
        .place         = ++queue->n_entered,
        .since         = check->event,
        .is_letter     = message->is_letter,
        .entered_syncs = gmq_check_syncs(check),
        .entered_ns    = gmq_check_now(check),
    };
    return copy;
}

void
gmq_check_enqueued(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckQueue *queue     = gmq_check_queue(check, event->who);
    GmqCheckMessage *message = gmq_check_message(check, event->message);

    if (message == NULL)
        return;
    check_entry(check, queue, message);
    if (message->is_pending)
        gmq_check_break(check, queue->name,
                        "S20 broken: message %s entered queue %s although its transaction was not "
                        "committed.",
                        message->name, queue->name);
    if (!message->is_letter)
        check_sequence(check, queue, message);

    GmqCheckCopy *copy = add_copy(check, message, queue);
    if (!gmq_slice_equal(event->text, GMQ_SLICE("consumer"))) {
        copy->where = GMQ_CHECK_READY;
        gmq_check_join_ready(copy);
    }
    gmq_check_ready(check, queue, event->count);
}

/* ---- leaving ---- */

/* The oldest goes first (S6). */
static void
check_head(GmqCheck *check, const GmqCheckCopy *copy, const char *client)
{
    const GmqCheckCopy *head = g_queue_peek_head(&copy->queue->ready);

    if (head == NULL || head == copy)
        return;
    gmq_check_break(check, copy->queue->name,
                    "S6 broken: queue %s gave message %s (place %" G_GUINT64_FORMAT
                    ") to %s at event %" G_GUINT64_FORMAT " although %s (place %" G_GUINT64_FORMAT
                    ") was ready since event %" G_GUINT64_FORMAT ".",
                    copy->queue->name, copy->message->name, (guint64)copy->place, client,
                    (guint64)check->event, head->message->name, (guint64)head->place,
                    (guint64)head->since);
}

static void
check_flag(GmqCheck *check, const GmqCheckCopy *copy, const GmqEvent *event, const char *client)
{
    if (event->redelivered == copy->was_requeued)
        return;
    gmq_check_break(check, client,
                    "S5 broken: message %s went to %s with redelivered=%d, but it was %s requeued.",
                    copy->message->name, client, event->redelivered,
                    copy->was_requeued ? "already" : "never");
}

static void
check_tag(GmqCheck *check, const GmqCheckConnection *connection, const GmqEvent *event,
          const char *client)
{
    uint64_t expected = connection->deliveries->len + 1;

    if (event->tag != expected)
        gmq_check_break(check, client,
                        "S9 broken: %s got delivery tag %" G_GUINT64_FORMAT
                        " where %" G_GUINT64_FORMAT " comes next.",
                        client, (guint64)event->tag, (guint64)expected);
}

static bool
counts_unacked(const GmqCheckConnection *connection)
{
    return connection->spec != NULL && connection->spec->ack != GMQ_ACK_AUTO;
}

static void
check_prefetch(GmqCheck *check, const GmqCheckConnection *connection, const char *client)
{
    const GmqClientSpec *spec = connection->spec;

    if (!counts_unacked(connection) || spec->prefetch == 0 ||
        connection->n_unacked <= spec->prefetch)
        return;
    gmq_check_break(
        check, client,
        "S8 broken: %s has %" G_GUINT64_FORMAT " unacked messages at event %" G_GUINT64_FORMAT
        ", and its prefetch is %" G_GUINT64_FORMAT ".",
        client, (guint64)connection->n_unacked, (guint64)check->event, (guint64)spec->prefetch);
}

/* Only what is in the queue can leave it, to one place at a time (S4). */
static void
check_is_there(GmqCheck *check, const GmqCheckCopy *copy, const char *client)
{
    static const char *const places[] = {
        [GMQ_CHECK_READY] = "ready",     [GMQ_CHECK_HANDED] = "on its way",
        [GMQ_CHECK_UNACKED] = "unacked", [GMQ_CHECK_REFUSED] = "rejected",
        [GMQ_CHECK_GONE] = "gone",       [GMQ_CHECK_AWAY] = "lost",
    };

    if (copy->where != GMQ_CHECK_READY && copy->where != GMQ_CHECK_HANDED)
        gmq_check_break(check, copy->queue->name,
                        "S4 broken: queue %s gave message %s to %s although it was %s.",
                        copy->queue->name, copy->message->name, client, places[copy->where]);
}

void
gmq_check_delivered(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckQueue *queue           = gmq_check_queue(check, event->who);
    GmqCheckConnection *connection = gmq_check_connection(check, event->to);
    GmqCheckCopy *copy             = copy_of(check, event, queue);
    g_autofree char *client        = g_strdup(gmq_check_client(check, connection));

    check_tag(check, connection, event, client);
    g_ptr_array_add(connection->deliveries, copy);
    if (copy == NULL)
        return;
    check_is_there(check, copy, client);
    check_head(check, copy, client);
    check_flag(check, copy, event, client);
    if (copy->where == GMQ_CHECK_READY)
        g_queue_remove(&queue->ready, copy);
    copy->where         = GMQ_CHECK_UNACKED;
    copy->was_delivered = true;
    copy->connection    = connection;
    copy->tag           = connection->deliveries->len;
    connection->n_unacked++;
    check_prefetch(check, connection, client);
}

/* ---- settling ---- */

/* It has left for good. */
void
gmq_check_set_gone(const GmqCheck *check, GmqCheckCopy *copy)
{
    copy->where      = GMQ_CHECK_GONE;
    copy->gone_at    = check->event;
    copy->gone_syncs = gmq_check_syncs(check);
    copy->gone_ns    = gmq_check_now(check);
}

/* It waited too long. */
/* The delivery is settled; first_open keeps the search for open ones short. */
static void
close_delivery(GmqCheckConnection *connection, uint64_t tag)
{
    GPtrArray *deliveries = connection->deliveries;

    deliveries->pdata[tag - 1] = NULL;
    connection->n_unacked--;
    while (connection->first_open < deliveries->len &&
           deliveries->pdata[connection->first_open] == NULL)
        connection->first_open++;
}

void
gmq_check_close_delivery(const GmqCheckCopy *copy)
{
    if (copy->where == GMQ_CHECK_UNACKED)
        close_delivery(copy->connection, copy->tag);
}

/* The copy that was delivered under that tag; breaks and returns NULL when that is settled, or was
 * something else (S9). */
static GmqCheckCopy *
take_delivery(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckConnection *connection = gmq_check_connection(check, event->to);
    const char *client             = gmq_check_client(check, connection);
    bool is_known                  = event->tag >= 1 && event->tag <= connection->deliveries->len;
    GmqCheckCopy *copy = is_known ? connection->deliveries->pdata[event->tag - 1] : NULL;

    if (copy == NULL || copy->message != gmq_check_message(check, event->message)) {
        gmq_check_break(check, client,
                        "S9 broken: delivery tag %" G_GUINT64_FORMAT
                        " of %s was settled, which is not open or stands for another message.",
                        (guint64)event->tag, client);
        return NULL;
    }
    close_delivery(connection, event->tag);
    return copy;
}

void
gmq_check_acked(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckCopy *copy = take_delivery(check, event);

    if (copy != NULL)
        gmq_check_set_gone(check, copy);
}

void
gmq_check_settled_unseen(GmqCheck *check, const GmqEvent *event)
{
    const GmqCheckConnection *connection = gmq_check_connection(check, event->to);
    const char *client                   = gmq_check_client(check, connection);

    if (counts_unacked(connection))
        gmq_check_break(
            check, client,
            "S4 broken: a message for %s was settled when it was sent, but %s wants to ack "
            "it.",
            client, client);
    gmq_check_acked(check, event);
}

void
gmq_check_rejected(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckCopy *copy = take_delivery(check, event);

    if (copy != NULL && event->count != 0)
        copy->where = GMQ_CHECK_REFUSED;
    else if (copy != NULL)
        gmq_check_set_gone(check, copy);
}

/* ---- coming back ---- */

void
gmq_check_requeued(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckQueue *queue = gmq_check_queue(check, event->who);
    GmqCheckCopy *copy   = copy_of(check, event, queue);

    if (copy == NULL)
        return;
    if (copy->where != GMQ_CHECK_UNACKED && copy->where != GMQ_CHECK_REFUSED)
        gmq_check_break(check, queue->name,
                        "S4 broken: message %s came back to queue %s, but nobody had it.",
                        copy->message->name, queue->name);
    if (!event->redelivered)
        gmq_check_break(
            check, queue->name,
            "S5 broken: message %s came back to queue %s and is not marked redelivered.",
            copy->message->name, queue->name);
    gmq_check_close_delivery(copy);
    if (copy->where != GMQ_CHECK_READY)
        gmq_check_join_ready(copy);
    copy->where        = GMQ_CHECK_READY;
    copy->since        = check->event;
    copy->was_requeued = true;
    if (queue->line != NULL && queue->line->delivery_limit != GMQ_NO_NUMBER)
        gmq_check_contents_rewritten(check->contents, copy->message->name);
    gmq_check_ready(check, queue, event->count);
}

void
gmq_check_emptied(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckQueue *queue = gmq_check_queue(check, event->who);

    gmq_check_ready(check, queue, event->count);
    while (queue->ready.length > 0)
        gmq_check_set_gone(check, g_queue_pop_head(&queue->ready));
    if (event->kind != GMQ_EVENT_QUEUE_DELETED)
        return;
    queue->is_gone = true;
    g_hash_table_remove(check->queues, queue->name);
    gmq_check_routes_drop_queue(check->routes, queue->name);
    gmq_check_thing_deleted(check, "queue", event->who);
}

/* What it had not acked went back to the queues (S4), unless these are gone. */
void
gmq_check_connection_over(GmqCheck *check, GmqCheckConnection *connection)
{
    const char *client = gmq_check_client(check, connection);

    for (unsigned i = connection->first_open; i < connection->deliveries->len; i++) {
        const GmqCheckCopy *copy = connection->deliveries->pdata[i];

        if (copy == NULL || copy->queue->is_gone)
            continue;
        gmq_check_break(check, client,
                        "S4 broken: message %s is still unacked at %s, which is gone.",
                        copy->message->name, client);
        return;
    }
}
