#include "sim/check-death.h"
#include "sim/check-route.h"

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
check_entry(GmqCheck *check, const GmqCheckQueue *queue, GmqCheckMessage *message)
{
    if (gmq_check_find_copy(message, queue) != NULL)
        gmq_check_break(check, queue->name, "S10 broken: queue %s got message %s twice.",
                        queue->name, message->name);
    if (message->is_pending)
        gmq_check_break(check, queue->name,
                        "S20 broken: message %s entered queue %s at event %" G_GUINT64_FORMAT
                        ", and its transaction was not committed.",
                        message->name, queue->name, (guint64)check->event);
    if (!message->is_routed)
        gmq_check_find_routes(check, message);
    for (unsigned i = 0; i < message->routes->len; i++) {
        if (strcmp(message->routes->pdata[i], queue->name) == 0)
            return;
    }
    if (message->reason != NULL && gmq_check_deaths_is_cycle(message->deaths, queue->name)) {
        gmq_check_break(check, queue->name,
                        "S13 broken: message %s entered queue %s again at event %" G_GUINT64_FORMAT
                        ", where it died before, and nobody rejected it since.",
                        message->name, queue->name, (guint64)check->event);
        return;
    }
    gmq_check_break(check, queue->name,
                    "S10 broken: queue %s got message %s, whose route does not lead there.",
                    queue->name, message->name);
}

static GmqCheckCopy *
copy_new(GmqCheck *check, GmqCheckMessage *message, GmqCheckQueue *queue)
{
    GmqCheckCopy *copy = g_new0(GmqCheckCopy, 1);

    copy->message    = message;
    copy->queue      = queue;
    copy->place      = ++queue->n_entered;
    copy->station    = check->event;
    copy->since      = check->event;
    copy->expires_ns = gmq_check_expiry_of(check, queue, message);
    copy->level      = MIN(message->content->priority, queue->settings.priority_max);
    g_ptr_array_add(message->root->copies, copy);
    return copy;
}

void
gmq_check_enqueued(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckQueue *queue     = gmq_check_queue(check, event->who);
    GmqCheckMessage *message = gmq_check_publish_of(check, event);

    if (message == NULL)
        return;
    check_entry(check, queue, message);
    if (message->is_pending)
        gmq_check_break(check, queue->name,
                        "S20 broken: message %s entered queue %s although its transaction was not "
                        "committed.",
                        message->name, queue->name);
    gmq_check_has_room(check, queue, message);
    if (message->root == message)
        check_sequence(check, queue, message);

    GmqCheckCopy *copy = copy_new(check, message, queue);
    if (gmq_slice_equal(event->text, GMQ_SLICE("consumer"))) {
        copy->where = GMQ_CHECK_HANDED;
        g_ptr_array_add(check->moved, copy);
    } else {
        copy->where = GMQ_CHECK_READY;
        gmq_check_ready_add(copy);
    }
    gmq_check_ready(check, queue, event->count);
}

/* ---- leaving ---- */

/* The oldest goes first (S6). */
static void
check_head(GmqCheck *check, const GmqCheckCopy *copy, const char *client)
{
    const GmqCheckCopy *head = gmq_check_ready_head(copy->queue);

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

void
gmq_check_tag(GmqCheck *check, const GmqCheckConnection *connection, const GmqEvent *event,
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

void
gmq_check_prefetch(GmqCheck *check, const GmqCheckConnection *connection, const char *client)
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

/* Answers that go straight to who asked are in no queue. */
static bool
is_straight(const GmqEvent *event)
{
    return gmq_slice_equal(event->who, GMQ_SLICE("amq.rabbitmq.reply-to"));
}

static void
add_delivery(GmqCheckConnection *connection, GmqCheckCopy *copy)
{
    GmqCheckHanded handed = {.copy = copy};

    if (copy != NULL && copy->queue->settings.delivery_limit >= 0)
        handed.failures = copy->failures;
    g_ptr_array_add(connection->deliveries, copy);
    g_array_append_val(connection->handed, handed);
}

static void
hand_out(GmqCheck *check, GmqCheckConnection *connection, GmqCheckCopy *copy)
{
    if (copy->where == GMQ_CHECK_READY)
        gmq_check_ready_remove(copy);
    copy->where         = GMQ_CHECK_UNACKED;
    copy->station       = check->event;
    copy->was_delivered = true;
    copy->connection    = connection;
    copy->tag           = connection->deliveries->len;
    connection->n_unacked++;
}

void
gmq_check_delivered(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckConnection *connection = gmq_check_connection(check, event->to);
    g_autofree char *client        = g_strdup(gmq_check_client(check, connection));
    GmqCheckQueue *queue           = is_straight(event) ? NULL : gmq_check_queue(check, event->who);
    GmqCheckCopy *copy = queue == NULL ? NULL : gmq_check_leaving_copy(check, event, queue);

    gmq_check_tag(check, connection, event, client);
    add_delivery(connection, copy);
    if (copy == NULL)
        return;
    gmq_check_is_there(check, copy, client);
    check_head(check, copy, client);
    check_flag(check, copy, event, client);
    gmq_check_is_alive(check, copy, client);
    hand_out(check, connection, copy);
    copy->consumer =
        event->kind == GMQ_EVENT_DELIVERED ? gmq_check_consumer_took(check, event, copy) : NULL;
    gmq_check_prefetch(check, connection, client);
    queue->used_ns = check->now_ns;
    if (event->kind == GMQ_EVENT_GOT)
        gmq_check_ready(check, queue, event->count);
}

/* ---- settling ---- */

/* The delivery is settled; first_open keeps the search for open ones short. */
static void
close_delivery(GmqCheckConnection *connection, uint64_t tag)
{
    GPtrArray *deliveries    = connection->deliveries;
    const GmqCheckCopy *copy = deliveries->pdata[tag - 1];

    if (copy != NULL && copy->consumer != NULL)
        copy->consumer->n_unacked--;
    deliveries->pdata[tag - 1] = NULL;
    connection->n_unacked--;
    while (connection->first_open < deliveries->len &&
           deliveries->pdata[connection->first_open] == NULL)
        connection->first_open++;
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

    if (copy == NULL || copy->message->root != gmq_check_message(check, event->message)) {
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

    if (is_straight(event))
        return;
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

    if (copy == NULL)
        return;
    copy->station = check->event;
    if (event->count != 0) {
        copy->where = GMQ_CHECK_REFUSED;
        g_ptr_array_add(check->moved, copy);
        return;
    }
    gmq_check_set_gone(check, copy);
    gmq_check_death(check, copy->message, copy->queue, copy, "rejected");
}

/* ---- coming back ---- */

void
gmq_check_come_back(GmqCheck *check, const GmqEvent *event, GmqCheckCopy *copy)
{
    if (copy->where != GMQ_CHECK_UNACKED && copy->where != GMQ_CHECK_REFUSED)
        gmq_check_break(check, copy->queue->name,
                        "S4 broken: message %s came back to queue %s, but nobody had it.",
                        copy->message->name, copy->queue->name);
    if (event->kind == GMQ_EVENT_REQUEUED && !event->redelivered)
        gmq_check_break(
            check, copy->queue->name,
            "S5 broken: message %s came back to queue %s and is not marked redelivered.",
            copy->message->name, copy->queue->name);
    if (copy->where == GMQ_CHECK_UNACKED)
        close_delivery(copy->connection, copy->tag);
}

static void
count_failure(GmqCheck *check, GmqCheckCopy *copy)
{
    int64_t limit = copy->queue->settings.delivery_limit;

    copy->failures++;
    if (limit >= 0 && copy->failures > (uint64_t)limit && !copy->was_recovered)
        gmq_check_break(check, copy->queue->name,
                        "S13 broken: message %s came back to queue %s at event %" G_GUINT64_FORMAT
                        " although %" G_GUINT64_FORMAT
                        " deliveries have failed, and the limit is %" G_GINT64_FORMAT ".",
                        copy->message->name, copy->queue->name, (guint64)check->event,
                        (guint64)copy->failures, limit);
}

void
gmq_check_requeued(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckQueue *queue = gmq_check_queue(check, event->who);
    GmqCheckCopy *copy   = gmq_check_returning_copy(check, event, queue);

    if (copy == NULL)
        return;
    gmq_check_come_back(check, event, copy);
    count_failure(check, copy);
    if (copy->where != GMQ_CHECK_READY)
        gmq_check_ready_add(copy);
    copy->where        = GMQ_CHECK_READY;
    copy->station      = check->event;
    copy->since        = check->event;
    copy->was_requeued = true;
    gmq_check_ready(check, queue, event->count);
}

/* ---- after a turn ---- */

void
gmq_check_all_arrived(GmqCheck *check)
{
    for (unsigned i = 0; i < check->moved->len; i++) {
        const GmqCheckCopy *copy = check->moved->pdata[i];
        bool is_lost = copy->where == GMQ_CHECK_HANDED || copy->where == GMQ_CHECK_REFUSED;

        if (is_lost && !copy->queue->is_gone)
            gmq_check_break(check, copy->queue->name,
                            "S17 broken: message %s was %s queue %s at event %" G_GUINT64_FORMAT
                            ", and is neither ready there, nor unacked, nor gone.",
                            copy->message->name,
                            copy->where == GMQ_CHECK_HANDED ? "taken by" : "to come back to",
                            copy->queue->name, (guint64)copy->station);
    }
    g_ptr_array_set_size(check->moved, 0);
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
