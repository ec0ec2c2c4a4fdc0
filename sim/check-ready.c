/* What waits in a queue: a list for each priority, by the order of entering. */
#include "sim/check-private.h"

void
gmq_check_ready_init(GmqCheckQueue *queue)
{
    queue->levels = g_new0(GQueue, queue->settings.priority_max + 1);
}

void
gmq_check_ready_clear(GmqCheckQueue *queue)
{
    for (unsigned i = 0; i <= queue->settings.priority_max; i++)
        g_queue_clear(&queue->levels[i]);
    queue->n_ready = queue->bytes_ready = 0;
}

/* Mostly to the end, or to the front when it comes back. */
void
gmq_check_ready_add(GmqCheckCopy *copy)
{
    GmqCheckQueue *queue     = copy->queue;
    GQueue *level            = &queue->levels[copy->level];
    GList *link              = level->head;
    const GmqCheckCopy *last = g_queue_peek_tail(level);

    queue->n_ready++;
    queue->bytes_ready += copy->message->content->body_size;
    if (last == NULL || last->place < copy->place) {
        g_queue_push_tail(level, copy);
        return;
    }
    while (((const GmqCheckCopy *)link->data)->place < copy->place)
        link = link->next;
    g_queue_insert_before(level, link, copy);
}

void
gmq_check_ready_remove(GmqCheckCopy *copy)
{
    GmqCheckQueue *queue = copy->queue;

    if (!g_queue_remove(&queue->levels[copy->level], copy))
        return;
    queue->n_ready--;
    queue->bytes_ready -= copy->message->content->body_size;
}

GmqCheckCopy *
gmq_check_ready_head(const GmqCheckQueue *queue)
{
    for (unsigned i = queue->settings.priority_max + 1; i-- > 0;) {
        if (queue->levels[i].length > 0)
            return g_queue_peek_head(&queue->levels[i]);
    }
    return NULL;
}

GmqCheckCopy *
gmq_check_ready_tail(const GmqCheckQueue *queue, unsigned level)
{
    return g_queue_peek_tail(&queue->levels[level]);
}

void
gmq_check_ready(GmqCheck *check, const GmqCheckQueue *queue, uint64_t ready)
{
    if (ready != queue->n_ready)
        gmq_check_break(check, queue->name,
                        "S17 broken: queue %s says that it has %" G_GUINT64_FORMAT
                        " ready at event %" G_GUINT64_FORMAT ", but %" G_GUINT64_FORMAT
                        " went in and did not come out.",
                        queue->name, (guint64)ready, (guint64)check->event,
                        (guint64)queue->n_ready);
}
