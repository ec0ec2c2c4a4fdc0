/* Whose alone a queue is, and whether nobody else uses it, for as long as its connection lasts and
 * no longer: S16. No event tells who asked for what; it is whoever the broker listens to. */
#include "sim/check-private.h"

void
gmq_check_own_queue(GmqCheck *check, GmqCheckQueue *queue, bool is_exclusive)
{
    queue->owner = NULL;
    if (!is_exclusive || check->speaker == NULL)
        return;
    queue->owner    = gmq_check_connection(check, gmq_slice_of(check->speaker));
    queue->owned_at = check->event;
    if (queue->owner->owned == NULL)
        queue->owner->owned = g_ptr_array_new();
    g_ptr_array_add(queue->owner->owned, queue);
}

/* What somebody does with a queue, and which name of the event is his: that of nobody when only the
 * broker's ear can tell. */
typedef struct {
    const char *what;
    bool is_told;
} Use;

static const Use uses[GMQ_N_EVENTS] = {
    [GMQ_EVENT_CONSUMER_ADDED] = {"consumes from it", true},
    [GMQ_EVENT_GOT]            = {"got a message from it", true},
    [GMQ_EVENT_BOUND]          = {"bound it", false},
    [GMQ_EVENT_QUEUE_PURGED]   = {"purged it", false},
    [GMQ_EVENT_QUEUE_DELETED]  = {"deleted it", false},
};

/* The queue that the event is about; NULL when it is not somebody who uses one. */
static const GmqCheckQueue *
used_queue(GmqCheck *check, const GmqEvent *event)
{
    bool is_bound = event->kind == GMQ_EVENT_BOUND;

    if (is_bound && !gmq_slice_equal(event->text, GMQ_SLICE("queue")))
        return NULL;
    if (event->kind == GMQ_EVENT_QUEUE_DELETED &&
        !gmq_slice_equal(event->text, GMQ_SLICE("deleted")))
        return NULL;
    return g_hash_table_lookup(check->queues,
                               gmq_check_text(check, is_bound ? event->to : event->who));
}

void
gmq_check_queue_used(GmqCheck *check, const GmqEvent *event)
{
    const GmqCheckQueue *queue = used_queue(check, event);
    const Use *use             = &uses[event->kind];
    const char *name           = check->speaker;

    if (queue == NULL || queue->owner == NULL || (!use->is_told && name == NULL))
        return;
    const GmqCheckConnection *user =
        gmq_check_connection(check, use->is_told ? event->to : gmq_slice_of(name));
    if (user == queue->owner)
        return;
    g_autofree char *owner = g_strdup(gmq_check_client(check, queue->owner));
    gmq_check_break(check, queue->name,
                    "S16 broken: queue %s is %s's alone since event %" G_GUINT64_FORMAT
                    ", and %s %s at event %" G_GUINT64_FORMAT ".",
                    queue->name, owner, (guint64)queue->owned_at, gmq_check_client(check, user),
                    use->what, (guint64)check->event);
}

/* ---- the end ---- */

void
gmq_check_owner_left(GmqCheck *check, const GmqEvent *event)
{
    const GmqCheckQueue *queue = gmq_check_queue(check, event->who);

    if (!gmq_slice_equal(event->text, GMQ_SLICE("exclusive owner left")) || queue->owner == NULL ||
        queue->owner->is_closed)
        return;
    gmq_check_break(check, queue->name,
                    "S16 broken: queue %s ended with its connection at event %" G_GUINT64_FORMAT
                    ", and that of %s is still open.",
                    queue->name, (guint64)check->event, gmq_check_client(check, queue->owner));
}

void
gmq_check_owned_gone(GmqCheck *check, const GmqCheckConnection *connection)
{
    unsigned n = connection->is_closed && connection->owned != NULL ? connection->owned->len : 0;

    for (unsigned i = 0; i < n; i++) {
        const GmqCheckQueue *queue = connection->owned->pdata[i];

        if (queue->is_gone || queue->owner != connection)
            continue;
        gmq_check_break(check, queue->name,
                        "S16 broken: the exclusive queue %s outlives the connection of %s, whose "
                        "it was since event %" G_GUINT64_FORMAT ".",
                        queue->name, gmq_check_client(check, connection), (guint64)queue->owned_at);
    }
}
