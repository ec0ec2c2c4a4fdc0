#include "core/broker/queue.h"

#include "core/broker/broker.h"
#include "core/broker/vhost.h"

GmqQueue *
gmq_queue_new(GmqVhost *vhost, GmqSlice name)
{
    GmqQueue *queue = g_new0(GmqQueue, 1);

    queue->vhost              = vhost;
    queue->host               = vhost->host;
    queue->name               = (GmqSlice){(uint8_t *)gmq_slice_dup(name), name.size};
    queue->refs               = 1;
    queue->link.data          = queue;
    queue->dispatch_link.data = queue;
    gmq_ready_init(&queue->ready);
    return queue;
}

GmqQueue *
gmq_queue_ref(GmqQueue *queue)
{
    queue->refs++;
    return queue;
}

void
gmq_queue_unref(GmqQueue *queue)
{
    if (--queue->refs > 0)
        return;

    g_assert(queue->is_gone);
    gmq_ready_clear(&queue->ready);
    g_free((void *)queue->name.data);
    g_free((void *)queue->arguments.data);
    g_free(queue);
}

/* ---- events ---- */

/* Announces the entry before it is in the ready list: added says that it is about to be. */
static uint64_t
note_entry(const GmqQueue *queue, GmqEventKind kind, const GmqEntry *entry, unsigned added,
           uint64_t cause, const char *where)
{
    if (queue->host->note == NULL)
        return 0;

    return queue->host->note(queue->host,
                             &(GmqEvent){.kind        = kind,
                                         .cause       = cause,
                                         .who         = queue->name,
                                         .message     = entry->message->number,
                                         .redelivered = gmq_entry_is_redelivered(entry),
                                         .count       = gmq_queue_ready_count(queue) + added,
                                         .text        = gmq_slice_of(where)});
}

static void
note_consumer(const GmqQueue *queue, GmqEventKind kind, const GmqConsumer *consumer)
{
    if (queue->host->note == NULL)
        return;

    queue->host->note(queue->host, &(GmqEvent){.kind    = kind,
                                               .who     = queue->name,
                                               .to      = consumer->owner_name,
                                               .channel = consumer->channel,
                                               .count   = consumer->prefetch,
                                               .text    = consumer->tag});
}

/* ---- the line of consumers that can take a message (15.4) ---- */

void
gmq_queue_deactivate(GmqQueue *queue, GmqConsumer *consumer)
{
    if (!consumer->is_active)
        return;
    g_queue_unlink(&queue->active, &consumer->active_link);
    consumer->is_active = false;
}

static void
join_line(GmqQueue *queue, GmqConsumer *consumer)
{
    g_queue_push_tail_link(&queue->active, &consumer->active_link);
    consumer->is_active = true;
}

/* Gives the entry to the consumer at the front, who goes to the back, or out of the line when he
 * is full. */
static void
hand_over(GmqQueue *queue, const GmqEntry *entry)
{
    GmqConsumer *consumer = queue->active.head->data;

    queue->unacked++;
    if (!consumer->class_->deliver(consumer, entry)) {
        gmq_queue_deactivate(queue, consumer);
    } else if (queue->active.length > 1) {
        g_queue_unlink(&queue->active, &consumer->active_link);
        g_queue_push_tail_link(&queue->active, &consumer->active_link);
    }
}

void
gmq_queue_activate(GmqQueue *queue, GmqConsumer *consumer)
{
    if (consumer->is_active)
        return;
    join_line(queue, consumer);
    if (gmq_queue_ready_count(queue) > 0)
        gmq_broker_line_up(queue->vhost->broker, queue);
}

void
gmq_queue_dispatch(GmqQueue *queue)
{
    GmqEntry entry;

    while (queue->active.length > 0 && gmq_ready_take(&queue->ready, &entry))
        hand_over(queue, &entry);
}

/* ---- messages ---- */

void
gmq_queue_publish(GmqQueue *queue, GmqMessage *message)
{
    bool is_handed_over = queue->active.length > 0 && gmq_queue_ready_count(queue) == 0;
    GmqEntry entry      = {
             .message = gmq_message_ref(message), .place = queue->place++, .expires_ms = INT64_MAX};

    entry.event = (uint32_t)note_entry(queue, GMQ_EVENT_ENQUEUED, &entry, !is_handed_over,
                                       message->event, is_handed_over ? "consumer" : "tail");
    if (is_handed_over)
        hand_over(queue, &entry);
    else
        gmq_ready_push(&queue->ready, &entry);
}

bool
gmq_queue_get(GmqQueue *queue, GmqEntry *entry)
{
    if (!gmq_ready_take(&queue->ready, entry))
        return false;
    queue->unacked++;
    return true;
}

void
gmq_queue_settle(GmqQueue *queue, GmqEntry *entry)
{
    g_assert(queue->unacked > 0);

    queue->unacked--;
    gmq_message_unref(entry->message);
}

void
gmq_queue_requeue(GmqQueue *queue, GmqEntry *entry)
{
    if (queue->is_gone) {
        gmq_queue_settle(queue, entry);
        return;
    }

    const char *where = gmq_ready_is_first(&queue->ready, entry->place) ? "head" : "place";

    g_assert(queue->unacked > 0);
    queue->unacked--;
    entry->flags |= GMQ_ENTRY_REDELIVERED;
    entry->event = (uint32_t)note_entry(queue, GMQ_EVENT_REQUEUED, entry, 1, entry->event, where);
    gmq_ready_return(&queue->ready, entry);
    if (queue->active.length > 0)
        gmq_broker_line_up(queue->vhost->broker, queue);
}

uint64_t
gmq_queue_purge(GmqQueue *queue)
{
    uint64_t count = gmq_queue_ready_count(queue);

    gmq_ready_clear(&queue->ready);
    if (queue->host->note != NULL)
        queue->host->note(
            queue->host,
            &(GmqEvent){.kind = GMQ_EVENT_QUEUE_PURGED, .who = queue->name, .count = count});
    return count;
}

/* ---- consumers ---- */

void
gmq_queue_add_consumer(GmqQueue *queue, GmqConsumer *consumer)
{
    consumer->queue            = gmq_queue_ref(queue);
    consumer->link.data        = consumer;
    consumer->active_link.data = consumer;
    g_queue_push_tail_link(&queue->consumers, &consumer->link);
    note_consumer(queue, GMQ_EVENT_CONSUMER_ADDED, consumer);
    gmq_queue_activate(queue, consumer);
}

/* Takes the consumer out of all lists; the caller still holds the queue. */
static void
detach(GmqQueue *queue, GmqConsumer *consumer)
{
    gmq_queue_deactivate(queue, consumer);
    g_queue_unlink(&queue->consumers, &consumer->link);
    if (queue->exclusive_consumer == consumer)
        queue->exclusive_consumer = NULL;
    consumer->queue = NULL;
    note_consumer(queue, GMQ_EVENT_CONSUMER_REMOVED, consumer);
}

void
gmq_queue_remove_consumer(GmqQueue *queue, GmqConsumer *consumer)
{
    detach(queue, consumer);
    if (queue->is_auto_delete && queue->consumers.length == 0)
        gmq_vhost_remove_queue(queue->vhost, queue, "last consumer left");
    gmq_queue_unref(queue);
}

void
gmq_queue_end(GmqQueue *queue)
{
    queue->is_gone = true;
    gmq_broker_step_out(queue->vhost->broker, queue);
    while (queue->consumers.length > 0) {
        GmqConsumer *consumer = queue->consumers.head->data;

        detach(queue, consumer);
        consumer->class_->cancelled(consumer);
        gmq_queue_unref(queue);
    }
    gmq_ready_clear(&queue->ready);
}
