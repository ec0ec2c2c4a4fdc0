/* Messages that die in a queue: they leave it, and may go on as letters. */
#include "sim/check-private.h"

/* The copy that dies; NULL when the queue does not have it. */
static GmqCheckCopy *
find_copy(GmqCheck *check, const GmqEvent *event)
{
    const GmqCheckMessage *message = gmq_check_message(check, event->message);

    return message == NULL ? NULL
                           : gmq_check_find_copy(message, gmq_check_queue(check, event->who));
}

/* Out of those that wait (S4). */
static void
leave_ready(GmqCheck *check, const GmqEvent *event, const char *how)
{
    GmqCheckCopy *copy             = find_copy(check, event);
    const GmqCheckMessage *message = gmq_check_message(check, event->message);

    if (copy == NULL || copy->where != GMQ_CHECK_READY) {
        g_autofree char *queue = gmq_slice_dup(event->who);

        gmq_check_break(check, queue, "S4 broken: message %s %s in queue %s, where it is not.",
                        message == NULL ? "" : message->name, how, queue);
        return;
    }
    g_queue_remove(&copy->queue->ready, copy);
    gmq_check_set_gone(check, copy);
}

void
gmq_check_expired(GmqCheck *check, const GmqEvent *event)
{
    leave_ready(check, event, "expired");
}

/* The queue took nothing, so none of the routes leads there. */
static void
refuse(GmqCheck *check, const GmqEvent *event)
{
    const GmqCheckMessage *message = gmq_check_message(check, event->message);

    for (unsigned i = 0; message != NULL && i < message->routes->len; i++) {
        if (gmq_slice_equal(gmq_slice_of(message->routes->pdata[i]), event->who)) {
            g_ptr_array_remove_index(message->routes, i);
            return;
        }
    }
}

/* It failed once too often in somebody's hands, which are empty now. */
static void
give_up(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckCopy *copy = find_copy(check, event);

    if (copy == NULL)
        return;
    gmq_check_close_delivery(copy);
    gmq_check_set_gone(check, copy);
}

void
gmq_check_dropped(GmqCheck *check, const GmqEvent *event)
{
    if (gmq_slice_equal(event->text, GMQ_SLICE("maxlen")))
        leave_ready(check, event, "was dropped");
    else if (gmq_slice_equal(event->text, GMQ_SLICE("refused")))
        refuse(check, event);
    else if (gmq_slice_equal(event->text, GMQ_SLICE("delivery_limit")))
        give_up(check, event);
}

/* From here it goes wherever its new address leads, besides where it has been. */
void
gmq_check_dead_lettered(GmqCheck *check, const GmqEvent *event)
{
    GmqCheckMessage *message = gmq_check_message(check, event->message);

    if (message == NULL)
        return;

    const GmqCheckContent *content = gmq_check_contents_find(check->contents, message->name);
    g_autofree char *exchange      = gmq_slice_dup(event->to);

    message->is_letter = true;
    gmq_check_contents_rewritten(check->contents, message->name);
    gmq_check_routes_find(check->routes, exchange, event->key,
                          content == NULL ? NULL : content->headers, check->queues,
                          message->routes);
}

GmqCheckCopy *
gmq_check_returning_copy(const GmqCheckMessage *message, const GmqCheckQueue *queue)
{
    GmqCheckCopy *copy = message->is_letter ? gmq_check_find_copy(message, queue) : NULL;

    return copy == NULL || copy->where != GMQ_CHECK_GONE ? NULL : copy;
}
