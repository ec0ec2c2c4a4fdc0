#include "core/amqp/subscriber.h"

#include "core/amqp/ack-timeout.h"
#include "core/amqp/amqp-private.h"
#include "core/base/site.h"

/* Up to so many consumers of a channel are walked through to find one. */
#define FEW_TAGS 16

/* ---- whether it can take a message (15.2) ---- */

static bool
is_shared_full(const GmqChannel *channel)
{
    return channel->shared_prefetch != 0 && channel->shared_unacked >= channel->shared_prefetch;
}

static bool
has_credit(const GmqSubscriber *subscriber)
{
    if (subscriber->is_no_ack)
        return true;
    uint64_t prefetch = subscriber->prefetch;
    if (prefetch != 0 && GMQ_BUG(subscriber->channel->connection->host, PREFETCH_MORE))
        prefetch++;
    if (prefetch != 0 && subscriber->unacked >= prefetch)
        return false;
    return !is_shared_full(subscriber->channel);
}

static void
wait_for_output(GmqSubscriber *subscriber)
{
    if (subscriber->is_waiting)
        return;
    g_queue_push_tail_link(&subscriber->channel->connection->waiting, &subscriber->waiting_link);
    subscriber->is_waiting = true;
}

static void
stop_waiting(GmqSubscriber *subscriber, GmqConnection *connection)
{
    if (!subscriber->is_waiting)
        return;
    g_queue_unlink(&connection->waiting, &subscriber->waiting_link);
    subscriber->is_waiting = false;
}

/* Whether the next message may come now; one who only waits for the output is called again. */
static bool
can_take(GmqSubscriber *subscriber)
{
    if (!has_credit(subscriber))
        return false;
    if (!gmq_connection_is_congested(subscriber->channel->connection))
        return true;
    wait_for_output(subscriber);
    return false;
}

static void
resume(GmqSubscriber *subscriber)
{
    if (subscriber->channel != NULL && !subscriber->consumer.is_active && can_take(subscriber))
        gmq_queue_activate(subscriber->consumer.queue, &subscriber->consumer);
}

void
gmq_connection_resume_subscribers(GmqConnection *connection)
{
    for (unsigned n = connection->waiting.length; n > 0; n--) {
        GmqSubscriber *subscriber = connection->waiting.head->data;

        stop_waiting(subscriber, connection);
        resume(subscriber);
    }
}

static void
suspend(GmqSubscriber *subscriber)
{
    gmq_queue_deactivate(subscriber->consumer.queue, &subscriber->consumer);
}

void
gmq_channel_regroup_subscribers(GmqChannel *channel)
{
    for (GList *link = channel->subscribers.head; link != NULL; link = link->next) {
        if (has_credit(link->data))
            resume(link->data);
        else
            suspend(link->data);
    }
}

void
gmq_subscriber_settled(GmqSubscriber *subscriber, GmqChannel *channel)
{
    bool was_full = is_shared_full(channel);

    g_assert(subscriber->unacked > 0);
    g_assert(channel->shared_unacked > 0);
    subscriber->unacked--;
    channel->shared_unacked--;
    if (was_full)
        gmq_channel_regroup_subscribers(channel);
    else
        resume(subscriber);
}

/* ---- what the queue calls ---- */

static uint64_t
note_delivery(const GmqSubscriber *subscriber, uint64_t tag, const GmqEntry *entry)
{
    const GmqConsumer *consumer = &subscriber->consumer;
    GmqHost *host               = subscriber->channel->connection->host;

    if (gmq_host_is_unheard(host))
        return 0;

    GmqEvent event  = {.kind        = GMQ_EVENT_DELIVERED,
                       .vhost       = &consumer->queue->vhost->name,
                       .cause       = entry->event,
                       .who         = consumer->queue->name,
                       .to          = consumer->owner_name,
                       .message     = entry->message->number,
                       .tag         = tag,
                       .channel     = consumer->channel,
                       .redelivered = gmq_entry_is_redelivered(entry),
                       .text        = consumer->tag};
    uint64_t number = host->note(host, &event);
    if (!subscriber->is_no_ack)
        return number;

    event.kind  = GMQ_EVENT_SETTLED_UNSEEN;
    event.cause = number;
    return host->note(host, &event);
}

/* One more delivery is out. A limit that is shared may stop the others of the channel too, whatever
 * queue they are on; the one served last goes on last, so that each has its turn (15.2, 15.4). */
static void
count_delivery(GmqSubscriber *subscriber)
{
    GmqChannel *channel = subscriber->channel;

    subscriber->unacked++;
    channel->shared_unacked++;
    if (channel->shared_prefetch == 0)
        return;
    g_queue_unlink(&channel->subscribers, &subscriber->link);
    g_queue_push_tail_link(&channel->subscribers, &subscriber->link);
    if (is_shared_full(channel))
        gmq_channel_regroup_subscribers(channel);
}

static void
trace(const GmqChannel *channel, const GmqQueue *queue, const GmqEntry *entry)
{
    GmqTraced to = gmq_channel_traced(channel);

    gmq_firehose_delivered(queue, entry, &to);
}

static bool
deliver(GmqConsumer *consumer, const GmqEntry *delivered)
{
    GmqSubscriber *subscriber = (GmqSubscriber *)consumer;
    GmqChannel *channel       = subscriber->channel;
    uint64_t tag              = channel->next_tag++;
    GmqEntry entry            = *delivered;

    if (GMQ_BUG(channel->connection->host, TAG_SKIPPED))
        tag = channel->next_tag++;

    gmq_channel_send_delivery(channel, consumer->tag, tag, &entry);
    if (channel->vhost->is_tracing)
        trace(channel, consumer->queue, &entry);
    entry.event = (uint32_t)note_delivery(subscriber, tag, &entry);
    if (subscriber->is_no_ack) {
        channel->connection->host->unheard++; /* the settling is an event too */
        gmq_queue_settle(consumer->queue, &entry);
    } else {
        gmq_amqp_look_for_acks(channel->connection->amqp);
        gmq_unacked_add(&channel->unacked, tag,
                        &(GmqUnacked){.entry      = entry,
                                      .queue      = gmq_queue_ref(consumer->queue),
                                      .subscriber = gmq_subscriber_ref(subscriber),
                                      .look       = channel->connection->amqp->ack_looks});
        count_delivery(subscriber);
    }
    return can_take(subscriber);
}

/* Takes the subscriber out of its channel; the caller still holds it. */
static void
leave_channel(GmqSubscriber *subscriber)
{
    GmqChannel *channel = subscriber->channel;

    stop_waiting(subscriber, channel->connection);
    g_queue_unlink(&channel->subscribers, &subscriber->link);
    if (channel->tags != NULL)
        g_hash_table_remove(channel->tags, &subscriber->consumer.tag);
    subscriber->channel             = NULL;
    subscriber->consumer.owner_name = (GmqSlice){0};
}

static void
on_queue_gone(GmqConsumer *consumer)
{
    GmqSubscriber *subscriber = (GmqSubscriber *)consumer;
    GmqChannel *channel       = subscriber->channel;

    if (channel->connection->can_consumer_cancel)
        gmq_channel_send(
            channel, &(GmqMethod){.id           = GMQ_BASIC_CANCEL,
                                  .basic_cancel = {.consumer_tag = consumer->tag, .nowait = true}});
    leave_channel(subscriber);
    gmq_subscriber_unref(subscriber);
}

/* A client may consume so often that walking through all for each new tag is too slow. */
static void
remember_tag(GmqChannel *channel, GmqSubscriber *subscriber)
{
    if (channel->tags != NULL) {
        g_hash_table_insert(channel->tags, &subscriber->consumer.tag, subscriber);
        return;
    }
    if (channel->subscribers.length <= FEW_TAGS)
        return;
    channel->tags = g_hash_table_new(gmq_slice_hash, gmq_slice_same);
    for (GList *link = channel->subscribers.head; link != NULL; link = link->next) {
        GmqSubscriber *other = link->data;

        g_hash_table_insert(channel->tags, &other->consumer.tag, other);
    }
}

static const GmqConsumerClass subscriber_class = {.deliver = deliver, .cancelled = on_queue_gone};

/* ---- life ---- */

GmqSubscriber *
gmq_subscriber_new(GmqChannel *channel, GmqQueue *queue, GmqSlice tag, int32_t priority,
                   bool is_no_ack)
{
    GmqSubscriber *subscriber = g_new0(GmqSubscriber, 1);
    GmqConsumer *consumer     = &subscriber->consumer;

    consumer->class_     = &subscriber_class;
    consumer->tag        = (GmqSlice){(uint8_t *)gmq_slice_dup(tag), tag.size};
    consumer->owner_name = gmq_slice_of(channel->connection->name);
    consumer->channel    = channel->number;
    consumer->prefetch   = channel->prefetch;
    consumer->priority   = priority;

    subscriber->channel           = channel;
    subscriber->refs              = 1;
    subscriber->prefetch          = channel->prefetch;
    subscriber->is_no_ack         = is_no_ack;
    subscriber->timeout_ms        = channel->connection->amqp->config.ack_timeout_ms;
    subscriber->link.data         = subscriber;
    subscriber->waiting_link.data = subscriber;
    g_queue_push_tail_link(&channel->subscribers, &subscriber->link);
    remember_tag(channel, subscriber);
    gmq_queue_add_consumer(queue, consumer);
    if (!can_take(subscriber))
        suspend(subscriber);
    return subscriber;
}

GmqSubscriber *
gmq_subscriber_ref(GmqSubscriber *subscriber)
{
    subscriber->refs++;
    return subscriber;
}

void
gmq_subscriber_unref(GmqSubscriber *subscriber)
{
    if (--subscriber->refs > 0)
        return;
    g_free((void *)subscriber->consumer.tag.data);
    g_free((void *)subscriber->reject_reason.data);
    g_free(subscriber);
}

void
gmq_subscriber_cancel(GmqSubscriber *subscriber)
{
    gmq_queue_remove_consumer(subscriber->consumer.queue, &subscriber->consumer);
    leave_channel(subscriber);
    gmq_subscriber_unref(subscriber);
}

GmqSubscriber *
gmq_subscriber_find(const GmqChannel *channel, GmqSlice tag)
{
    if (channel->tags != NULL)
        return g_hash_table_lookup(channel->tags, &tag);
    for (GList *link = channel->subscribers.head; link != NULL; link = link->next) {
        GmqSubscriber *subscriber = link->data;

        if (gmq_slice_equal(subscriber->consumer.tag, tag))
            return subscriber;
    }
    return NULL;
}
