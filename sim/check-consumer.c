/* Who takes messages from which queue, and whether nobody else does: S16. */
#include "sim/check-private.h"

static void
free_consumer(void *data)
{
    g_free(((GmqCheckConsumer *)data)->tag);
    g_free(data);
}

GPtrArray *
gmq_check_consumers_new(void)
{
    return g_ptr_array_new_with_free_func(free_consumer);
}

static GmqCheckConsumer *
find_consumer(const GmqCheckQueue *queue, const GmqCheckConnection *connection, GmqSlice tag)
{
    for (unsigned i = 0; i < queue->consumers->len; i++) {
        GmqCheckConsumer *consumer = queue->consumers->pdata[i];

        if (consumer->connection == connection && gmq_slice_equal(gmq_slice_of(consumer->tag), tag))
            return consumer;
    }
    return NULL;
}

static bool
has_one_active(const GmqCheckQueue *queue)
{
    return queue->settings.is_single_active;
}

static bool
is_free(const GmqCheckConsumer *consumer)
{
    return !consumer->connection->is_clogged &&
           (consumer->limit == 0 || consumer->n_unacked < consumer->limit);
}

const GmqCheckConsumer *
gmq_check_free_consumer(const GmqCheckQueue *queue)
{
    if (queue->is_paused)
        return NULL;
    if (has_one_active(queue))
        return queue->active != NULL && is_free(queue->active) ? queue->active : NULL;
    for (unsigned i = 0; i < queue->consumers->len; i++) {
        if (is_free(queue->consumers->pdata[i]))
            return queue->consumers->pdata[i];
    }
    return NULL;
}

/* ---- coming and going ---- */

static bool
is_exclusive(const GmqCheckConsumer *consumer)
{
    return consumer->connection->spec != NULL && consumer->connection->spec->exclusive;
}

/* Whoever has the queue for himself has it alone. */
static void
check_exclusive(GmqCheck *check, const GmqCheckQueue *queue, const GmqCheckConsumer *consumer)
{
    g_autofree char *client = g_strdup(gmq_check_client(check, consumer->connection));

    for (unsigned i = 0; i < queue->consumers->len; i++) {
        const GmqCheckConsumer *other = queue->consumers->pdata[i];

        if (!is_exclusive(other) && !is_exclusive(consumer))
            continue;
        gmq_check_break(check, queue->name,
                        "S16 broken: %s consumes from queue %s since event %" G_GUINT64_FORMAT
                        " besides %s, and one of them is exclusive.",
                        client, queue->name, (guint64)check->event,
                        gmq_check_client(check, other->connection));
        return;
    }
}

static int64_t
priority_of(const GmqCheckConsumer *consumer)
{
    const GmqClientSpec *spec = consumer->connection->spec;
    return spec == NULL ? 0 : spec->consumer_priority;
}

/* The oldest of those with the highest priority, for as long as it is there. */
static void
choose_active(GmqCheckQueue *queue)
{
    queue->active = NULL;
    for (unsigned i = 0; i < queue->consumers->len; i++) {
        GmqCheckConsumer *consumer = queue->consumers->pdata[i];

        if (queue->active == NULL || priority_of(consumer) > priority_of(queue->active))
            queue->active = consumer;
    }
}

static uint64_t
limit_of(const GmqCheckConnection *connection, const GmqEvent *event)
{
    const GmqClientSpec *spec = connection->spec;

    if (spec != NULL && spec->ack == GMQ_ACK_AUTO)
        return 0;
    return spec != NULL && spec->scope == GMQ_SCOPE_CHANNEL ? spec->prefetch : event->count;
}

void
gmq_check_consumer_added(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckQueue *queue       = gmq_check_queue(check, event->who);
    GmqCheckConsumer *consumer = g_new0(GmqCheckConsumer, 1);

    consumer->connection = gmq_check_connection(check, event->to);
    consumer->tag        = gmq_slice_dup(event->text);
    consumer->limit      = limit_of(consumer->connection, event);
    consumer->since      = check->event;
    g_ptr_array_add(check->consumers, consumer);
    check_exclusive(check, queue, consumer);
    g_ptr_array_add(queue->consumers, consumer);
    if (queue->active == NULL)
        choose_active(queue);
}

void
gmq_check_consumer_removed(GmqCheck *check, const GmqEvent *event)
{
    /* The consumers of a queue that is deleted go after it. */
    if (!g_hash_table_contains(check->queues, gmq_check_text(check, event->who)))
        return;
    GmqCheckQueue *queue = gmq_check_queue(check, event->who);
    GmqCheckConsumer *consumer =
        find_consumer(queue, gmq_check_connection(check, event->to), event->text);

    if (consumer == NULL)
        return;
    g_ptr_array_remove(queue->consumers, consumer);
    queue->used_ns = check->now_ns;
    if (queue->active == consumer)
        choose_active(queue);
    if (queue->consumers->len == 0 && queue->is_auto_delete) {
        queue->left_at = check->event;
        g_ptr_array_add(check->deserted, queue);
    }
}

void
gmq_check_consumers_gone(GmqCheck *check)
{
    for (unsigned i = 0; i < check->all_queues->len; i++) {
        GmqCheckQueue *queue = check->all_queues->pdata[i];

        g_ptr_array_set_size(queue->consumers, 0);
        queue->active    = NULL;
        queue->is_paused = false;
    }
    g_ptr_array_set_size(check->deserted, 0);
}

/* ---- deliveries ---- */

GmqCheckConsumer *
gmq_check_consumer_took(GmqCheck *check, const GmqEvent *event, const GmqCheckCopy *copy)
{
    GmqCheckQueue *queue                 = copy->queue;
    const GmqCheckConnection *connection = gmq_check_connection(check, event->to);
    GmqCheckConsumer *consumer           = find_consumer(queue, connection, event->text);

    if (consumer == NULL)
        return NULL;
    consumer->n_unacked++;
    if (has_one_active(queue) && queue->active != consumer) {
        g_autofree char *client = g_strdup(gmq_check_client(check, connection));

        gmq_check_break(check, queue->name,
                        "S16 broken: queue %s gave message %s to %s at event %" G_GUINT64_FORMAT
                        ", and its single active consumer is %s since event %" G_GUINT64_FORMAT ".",
                        queue->name, copy->message->name, client, (guint64)check->event,
                        gmq_check_client(check, queue->active->connection),
                        (guint64)queue->active->since);
    }
    return consumer;
}

/* ---- auto-delete ---- */

/* It ends exactly when nobody is left. */
void
gmq_check_auto_deleted(GmqCheck *check, const GmqEvent *event)
{
    const GmqCheckQueue *queue = gmq_check_queue(check, event->who);

    if (!gmq_slice_equal(event->text, GMQ_SLICE("last consumer left")))
        return;
    if (!queue->is_auto_delete || queue->consumers->len > 0 || queue->left_at == 0)
        gmq_check_break(check, queue->name,
                        "S16 broken: queue %s was deleted at event %" G_GUINT64_FORMAT
                        " although it is not auto-delete, or has a consumer, or never had one.",
                        queue->name, (guint64)check->event);
}

void
gmq_check_deserted_gone(GmqCheck *check)
{
    for (unsigned i = 0; i < check->deserted->len; i++) {
        const GmqCheckQueue *queue = check->deserted->pdata[i];

        if (!queue->is_gone && queue->consumers->len == 0)
            gmq_check_break(check, queue->name,
                            "S16 broken: the last consumer of the auto-delete queue %s left at "
                            "event %" G_GUINT64_FORMAT ", and the queue is still there.",
                            queue->name, (guint64)queue->left_at);
    }
    g_ptr_array_set_size(check->deserted, 0);
}
