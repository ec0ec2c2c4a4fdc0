/* The messages of a queue: in, out, back, and away (AMQP.md 13, 16 to 19). */
#include "core/broker/broker.h"
#include "core/broker/dead-letter.h"
#include "core/broker/queue.h"
#include "core/broker/vhost.h"

/* ---- away: the end of a message in this queue ---- */

/* The message dies of the reason: dead-lettered where the queue has an exchange for that, dropped
 * otherwise. Takes over the entry; cause is the event that led to it. */
static void
bury(GmqQueue *queue, GmqEntry *entry, const char *reason, uint64_t cause)
{
    if (queue->settings.dead_letter_exchange.data != NULL)
        gmq_dead_letter(queue, entry->message, reason, cause);
    gmq_message_unref(entry->message);
}

/* ---- out ---- */

void
gmq_queue_dispatch(GmqQueue *queue)
{
    GmqEntry entry;

    while (gmq_queue_has_taker(queue) && gmq_backlog_take(&queue->backlog, &entry)) {
        gmq_queue_hand_over(queue, &entry);
    }
}

/* ---- in ---- */

void
gmq_queue_publish(GmqQueue *queue, GmqMessage *message)
{
    bool is_handed_over = gmq_queue_has_taker(queue) && gmq_queue_ready_count(queue) == 0;
    GmqEntry entry      = {
             .message    = gmq_message_ref(message),
             .place      = queue->place++,
             .expires_ms = INT64_MAX,
    };

    entry.event = (uint32_t)gmq_queue_note(queue, GMQ_EVENT_ENQUEUED, &entry, !is_handed_over,
                                           message->event, is_handed_over ? "consumer" : "tail");
    if (is_handed_over)
        gmq_queue_hand_over(queue, &entry);
    else
        gmq_backlog_push(&queue->backlog, &entry);
}

bool
gmq_queue_get(GmqQueue *queue, GmqEntry *entry)
{
    if (queue->is_queued)
        gmq_queue_dispatch(queue);
    if (!gmq_backlog_take(&queue->backlog, entry))
        return false;
    queue->unacked++;
    return true;
}

/* ---- back ---- */

void
gmq_queue_settle(GmqQueue *queue, GmqEntry *entry)
{
    g_assert(queue->unacked > 0);

    queue->unacked--;
    gmq_message_unref(entry->message);
}

void
gmq_queue_reject(GmqQueue *queue, GmqEntry *entry)
{
    g_assert(queue->unacked > 0);

    queue->unacked--;
    if (queue->is_gone)
        gmq_message_unref(entry->message);
    else
        bury(queue, entry, "rejected", entry->event);
}

void
gmq_queue_requeue(GmqQueue *queue, GmqEntry *entry)
{
    if (queue->is_gone) {
        gmq_queue_settle(queue, entry);
        return;
    }

    g_assert(queue->unacked > 0);
    queue->unacked--;
    entry->flags |= GMQ_ENTRY_REDELIVERED;
    entry->event =
        (uint32_t)gmq_queue_note(queue, GMQ_EVENT_REQUEUED, entry, 1, entry->event,
                                 gmq_backlog_is_first(&queue->backlog, entry) ? "head" : "place");
    gmq_backlog_return(&queue->backlog, entry);
    if (gmq_queue_has_taker(queue) && gmq_queue_ready_count(queue) > 0)
        gmq_broker_line_up(queue->vhost->broker, queue);
}
