/* The consumers of a queue: who is next (AMQP.md 15). */
#include "core/base/site.h"
#include "core/broker/broker.h"
#include "core/broker/notice.h"
#include "core/broker/queue.h"
#include "core/broker/vhost.h"

static void
note_consumer(const GmqQueue *queue, GmqEventKind kind, const GmqConsumer *consumer)
{
    if (gmq_host_is_unheard(queue->host))
        return;

    queue->host->note(queue->host, &(GmqEvent){.kind    = kind,
                                               .vhost   = &queue->vhost->name,
                                               .who     = queue->name,
                                               .to      = consumer->owner_name,
                                               .channel = consumer->channel,
                                               .count   = consumer->prefetch,
                                               .text    = consumer->tag});
}

static void
tell_deleted(const GmqQueue *queue, const GmqConsumer *consumer)
{
    GmqNotice notice;

    if (!gmq_notice_begin(&notice, queue->vhost->broker, "consumer.deleted"))
        return;
    gmq_table_add_text(&notice.headers, "consumer_tag", consumer->tag);
    gmq_table_add_text(&notice.headers, "queue", queue->name);
    gmq_table_add_text(&notice.headers, "connection", consumer->owner_name);
    gmq_table_add_int(&notice.headers, "number", consumer->channel);
    gmq_table_add_text(&notice.headers, "vhost", queue->vhost->name);
    gmq_notice_send(&notice);
}

/* ---- the line ---- */

/* The last of those that are as good as the first. */
static GmqConsumer *
other_consumer(const GmqQueue *queue)
{
    const GList *link = queue->line.consumers.head;
    int32_t priority  = ((const GmqConsumer *)link->data)->priority;

    while (link->next != NULL && ((const GmqConsumer *)link->next->data)->priority == priority)
        link = link->next;
    return link->data;
}

void
gmq_queue_hand_over(GmqQueue *queue, const GmqEntry *entry)
{
    GmqConsumer *consumer = GMQ_SITE(queue->host, CONSUMER_OTHER)
                                ? other_consumer(queue)
                                : queue->line.consumers.head->data;

    queue->unacked++;
    consumer->is_willing = consumer->class_->deliver(consumer, entry);
    if (consumer->is_willing && queue->line.consumers.length == 1)
        return;
    gmq_consumer_line_leave(&queue->line, consumer);
    if (consumer->is_willing)
        gmq_consumer_line_join(&queue->line, consumer);
}

/* Whether it is this consumer's turn at all: of a single-active queue only one has it (15.6), and
 * while the queue is paused nobody has (E3). */
static bool
may_join(const GmqQueue *queue, const GmqConsumer *consumer)
{
    return !queue->is_paused && (!queue->settings.is_single_active || queue->single == consumer ||
                                 GMQ_BUG(queue->host, SINGLE_SECOND));
}

void
gmq_queue_activate(GmqQueue *queue, GmqConsumer *consumer)
{
    consumer->is_willing = true;
    if (consumer->is_active || !may_join(queue, consumer))
        return;
    gmq_consumer_line_join(&queue->line, consumer);
    if (gmq_queue_ready_count(queue) > 0)
        gmq_broker_line_up(queue->vhost->broker, queue);
}

void
gmq_queue_deactivate(GmqQueue *queue, GmqConsumer *consumer)
{
    consumer->is_willing = false;
    gmq_consumer_line_leave(&queue->line, consumer);
}

/* The next single active consumer: the highest priority, then the oldest; mostly the first. */
static void
choose_single(GmqQueue *queue)
{
    GmqConsumer *best = NULL;

    if (!queue->settings.is_single_active || queue->single != NULL || queue->is_gone)
        return;
    for (GList *link = queue->consumers.head; link != NULL; link = link->next) {
        GmqConsumer *consumer = link->data;

        if (best == NULL || consumer->priority > best->priority)
            best = consumer;
        if (best->priority == queue->priority_top)
            break;
    }
    queue->single = best;
    if (best != NULL && best->is_willing)
        gmq_queue_activate(queue, best);
}

/* ---- pausing (E3): the line is empty meanwhile ---- */

static void
note_pause(const GmqQueue *queue, GmqEventKind kind)
{
    if (!gmq_host_is_unheard(queue->host))
        queue->host->note(queue->host, &(GmqEvent){.kind  = kind,
                                                   .vhost = &queue->vhost->name,
                                                   .who   = queue->name,
                                                   .count = gmq_queue_ready_count(queue)});
}

void
gmq_queue_pause(GmqQueue *queue)
{
    if (queue->is_paused)
        return;
    queue->is_paused = true;
    while (queue->line.consumers.length > 0)
        gmq_consumer_line_leave(&queue->line, queue->line.consumers.head->data);
    note_pause(queue, GMQ_EVENT_QUEUE_PAUSED);
}

/* The consumers line up anew, in the order in which they came. */
void
gmq_queue_resume(GmqQueue *queue)
{
    if (!queue->is_paused)
        return;
    queue->is_paused = false;
    queue->is_stuck  = false;
    note_pause(queue, GMQ_EVENT_QUEUE_RESUMED);
    for (GList *link = queue->consumers.head; link != NULL; link = link->next) {
        GmqConsumer *consumer = link->data;

        if (consumer->is_willing)
            gmq_queue_activate(queue, consumer);
    }
}

/* ---- coming and going ---- */

void
gmq_queue_add_consumer(GmqQueue *queue, GmqConsumer *consumer)
{
    consumer->queue            = gmq_queue_ref(queue);
    consumer->link.data        = consumer;
    consumer->active_link.data = consumer;
    if (queue->consumers.length == 0 || consumer->priority > queue->priority_top)
        queue->priority_top = consumer->priority;
    g_queue_push_tail_link(&queue->consumers, &consumer->link);
    gmq_queue_renew_lease(queue);
    note_consumer(queue, GMQ_EVENT_CONSUMER_ADDED, consumer);
    choose_single(queue);
    gmq_queue_activate(queue, consumer);
}

void
gmq_queue_detach_consumer(GmqQueue *queue, GmqConsumer *consumer)
{
    gmq_consumer_line_leave(&queue->line, consumer);
    g_queue_unlink(&queue->consumers, &consumer->link);
    if (queue->exclusive_consumer == consumer)
        queue->exclusive_consumer = NULL;
    consumer->queue = NULL;
    note_consumer(queue, GMQ_EVENT_CONSUMER_REMOVED, consumer);
    tell_deleted(queue, consumer);
    if (queue->single != consumer)
        return;
    queue->single = NULL;
    choose_single(queue);
}

void
gmq_queue_remove_consumer(GmqQueue *queue, GmqConsumer *consumer)
{
    gmq_queue_detach_consumer(queue, consumer);
    if (queue->consumers.length == 0 || GMQ_BUG(queue->host, AUTO_DELETE_EARLY)) {
        gmq_queue_renew_lease(queue);
        if (queue->is_auto_delete && !GMQ_BUG(queue->host, AUTO_DELETE_KEPT))
            gmq_vhost_remove_queue(queue->vhost, queue, "last consumer left");
    }
    gmq_queue_unref(queue);
}
