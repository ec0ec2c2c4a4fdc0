/* The consumers of a queue: who is next (AMQP.md 15). */
#include "core/broker/broker.h"
#include "core/broker/queue.h"
#include "core/broker/vhost.h"

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

void
gmq_queue_hand_over(GmqQueue *queue, const GmqEntry *entry)
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

/* ---- coming and going ---- */

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

void
gmq_queue_detach_consumer(GmqQueue *queue, GmqConsumer *consumer)
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
    gmq_queue_detach_consumer(queue, consumer);
    if (queue->is_auto_delete && queue->consumers.length == 0)
        gmq_vhost_remove_queue(queue->vhost, queue, "last consumer left");
    gmq_queue_unref(queue);
}
