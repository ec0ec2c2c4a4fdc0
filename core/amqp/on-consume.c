/* Getting messages: basic.qos, consume, cancel, get (AMQP.md 13 to 15). */
#include "core/amqp/ack-timeout.h"
#include "core/amqp/amqp-private.h"
#include "core/amqp/reply-to.h"
#include "core/amqp/subscriber.h"
#include "core/amqp/tell.h"
#include "core/broker/argument.h"
#include "core/broker/random-name.h"
#include "core/wire/table.h"

bool
gmq_on_basic_qos(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    const GmqBasicQos *qos = &method->basic_qos;

    if (qos->prefetch_size != 0)
        return gmq_fault_set(fault, GMQ_REPLY_NOT_IMPLEMENTED, "prefetch_size!=0 (%u)",
                             qos->prefetch_size);
    if (qos->global && !gmq_broker_profile(channel->connection->broker)->ignores_global_qos)
        channel->shared_prefetch = qos->prefetch_count;
    else
        channel->prefetch = qos->prefetch_count;
    gmq_channel_send(channel, &(GmqMethod){.id = GMQ_BASIC_QOS_OK});
    gmq_channel_regroup_subscribers(channel);
    return true;
}

/* ---- consume (14.2, 14.3) ---- */

static bool
refuse_argument(const GmqQueue *queue, const char *name, const char *why, GmqFault *fault)
{
    return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                         "invalid arg '%s' for queue '%.*s' in vhost '%.*s': %s", name,
                         (int)queue->name.size, queue->name.data, (int)queue->vhost->name.size,
                         queue->vhost->name.data, why);
}

/* An integer; *integer stays as it is without the argument. */
static bool
read_integer(const GmqQueue *queue, GmqSlice arguments, const char *name, int64_t *integer,
             GmqFault *fault)
{
    GmqValue value;
    char why[64];

    if (!gmq_table_find(arguments, gmq_slice_of(name), &value))
        return true;
    *integer = value.integer;
    if (gmq_value_is_integer(&value))
        return true;
    gmq_argument_refuse_number(&value, why, sizeof why);
    return refuse_argument(queue, name, why, fault);
}

/* What does not fit is as far as one can go. */
static bool
read_priority(const GmqQueue *queue, GmqSlice arguments, int32_t *priority, GmqFault *fault)
{
    int64_t value = 0;

    if (!read_integer(queue, arguments, "x-priority", &value, fault))
        return false;
    *priority = (int32_t)CLAMP(value, INT32_MIN, INT32_MAX);
    return true;
}

/* How long it may keep a delivery (15.8); -1 without a wish. */
static bool
read_timeout(const GmqQueue *queue, GmqSlice arguments, int64_t *timeout_ms, GmqFault *fault)
{
    const char *name = "x-consumer-timeout";
    GmqValue ignored;

    *timeout_ms = -1;
    if (!gmq_table_find(arguments, gmq_slice_of(name), &ignored))
        return true;
    if (!read_integer(queue, arguments, name, timeout_ms, fault))
        return false;
    if (*timeout_ms >= 0 && *timeout_ms <= GMQ_TTL_MS_MAX)
        return true;
    return refuse_argument(queue, name, "not a number of milliseconds that one can wait", fault);
}

/* What the consumer will have rejected for (E2). */
static bool
read_reject_reason(const GmqQueue *queue, GmqSlice arguments, GmqSlice *reason, GmqFault *fault)
{
    const char *name = "x-reject-reason";
    GmqValue value;

    *reason = (GmqSlice){0};
    if (!gmq_table_find(arguments, gmq_slice_of(name), &value))
        return true;
    if (value.type != GMQ_VALUE_STRING || value.bytes.size > GMQ_SHORTSTR_MAX)
        return refuse_argument(queue, name, "not a longstr of at most 255 bytes", fault);
    *reason = value.bytes;
    return true;
}

static bool
check_exclusive(const GmqQueue *queue, bool is_exclusive, GmqFault *fault)
{
    bool is_free =
        queue->exclusive_consumer == NULL && !(is_exclusive && queue->consumers.length > 0);

    if (is_free && !(is_exclusive && queue->settings.is_single_active))
        return true;
    return gmq_fault_set(fault, GMQ_REPLY_ACCESS_REFUSED,
                         "queue '%.*s' in vhost '%.*s' in exclusive use", (int)queue->name.size,
                         queue->name.data, (int)queue->vhost->name.size, queue->vhost->name.data);
}

/* A tag is free when no consumer of the channel has it, one for answers included (14.1). */
static bool
check_tag(const GmqChannel *channel, GmqSlice tag, GmqFault *fault)
{
    if (tag.size == 0 ||
        (gmq_subscriber_find(channel, tag) == NULL && !gmq_reply_to_has_tag(channel, tag)))
        return true;
    return gmq_fault_set(fault, GMQ_REPLY_NOT_ALLOWED, "attempt to reuse consumer tag '%.*s'",
                         (int)tag.size, tag.data);
}

/* What the arguments ask for. */
typedef struct {
    int32_t priority;
    int64_t timeout_ms;     /* -1: none said */
    GmqSlice reject_reason; /* lent */
} Wishes;

/* The queue to consume from, after the other checks; NULL with a fault. */
static GmqQueue *
find_consumable(const GmqChannel *channel, const GmqBasicConsume *consume, Wishes *wishes,
                GmqFault *fault)
{
    GmqSlice name = consume->queue;

    if (!gmq_channel_queue_name(channel, &name, fault) ||
        !gmq_channel_check_queue(channel, GMQ_ACCESS_READ, name, fault))
        return NULL;
    GmqQueue *queue = gmq_vhost_need_queue(channel->vhost, name, channel->connection, fault);
    if (queue == NULL || !read_priority(queue, consume->arguments, &wishes->priority, fault) ||
        !read_timeout(queue, consume->arguments, &wishes->timeout_ms, fault) ||
        !read_reject_reason(queue, consume->arguments, &wishes->reject_reason, fault) ||
        !check_exclusive(queue, consume->exclusive, fault))
        return NULL;
    return queue;
}

/* One more consumer may be too many (7.6). */
static bool
check_count(const GmqChannel *channel, GmqFault *fault)
{
    uint32_t most = channel->connection->amqp->config.consumer_max;

    if (most == 0 || channel->subscribers.length < most)
        return true;
    return gmq_fault_set(fault, GMQ_REPLY_NOT_ALLOWED,
                         "reached maximum (%u) of consumers per channel", most);
}

static void
send_consume_ok(GmqChannel *channel, const GmqBasicConsume *consume, GmqSlice tag)
{
    if (!consume->nowait)
        gmq_channel_send(channel, &(GmqMethod){.id               = GMQ_BASIC_CONSUME_OK,
                                               .basic_consume_ok = {.consumer_tag = tag}});
}

/* The tag of the new consumer: the client's, or one made in storage (14.1). */
static GmqSlice
choose_tag(const GmqChannel *channel, const GmqBasicConsume *consume,
           char storage[GMQ_RANDOM_NAME_SIZE])
{
    return consume->consumer_tag.size > 0
               ? consume->consumer_tag
               : gmq_random_name(channel->connection->host, "amq.ctag-", storage);
}

static bool
consume_replies(GmqChannel *channel, const GmqBasicConsume *consume, GmqFault *fault)
{
    char generated[GMQ_RANDOM_NAME_SIZE];
    GmqSlice tag = choose_tag(channel, consume, generated);

    if (!gmq_reply_to_open(channel, tag, consume->no_ack, fault))
        return false;
    send_consume_ok(channel, consume, tag);
    return true;
}

bool
gmq_on_basic_consume(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    const GmqBasicConsume *consume = &method->basic_consume;

    if (!check_tag(channel, consume->consumer_tag, fault))
        return false;
    if (gmq_reply_to_is_queue(consume->queue))
        return consume_replies(channel, consume, fault);

    Wishes wishes;
    char generated[GMQ_RANDOM_NAME_SIZE];

    if (!check_count(channel, fault))
        return false;
    GmqQueue *queue = find_consumable(channel, consume, &wishes, fault);
    if (queue == NULL)
        return false;
    GmqSlice tag = choose_tag(channel, consume, generated);

    /* No message leaves before the end of the turn, and so none before consume-ok (14.4). */
    GmqSubscriber *subscriber =
        gmq_subscriber_new(channel, queue, tag, wishes.priority, consume->no_ack);
    if (wishes.timeout_ms >= 0)
        gmq_subscriber_set_timeout(subscriber, wishes.timeout_ms);
    if (wishes.reject_reason.size > 0)
        subscriber->reject_reason = gmq_slice_own(wishes.reject_reason);
    if (consume->exclusive)
        queue->exclusive_consumer = &subscriber->consumer;
    gmq_tell_consumer_created(channel, consume, &subscriber->consumer);
    send_consume_ok(channel, consume, tag);
    return true;
}

bool
gmq_on_basic_cancel(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    GmqSlice tag              = method->basic_cancel.consumer_tag;
    GmqSubscriber *subscriber = gmq_subscriber_find(channel, tag);

    (void)fault;
    if (subscriber != NULL) {
        gmq_queue_catch_up(subscriber->consumer.queue);
        gmq_subscriber_cancel(subscriber);
    } else if (gmq_reply_to_has_tag(channel, tag)) {
        gmq_reply_to_close(channel);
    }
    if (!method->basic_cancel.nowait)
        gmq_channel_send(channel, &(GmqMethod){.id              = GMQ_BASIC_CANCEL_OK,
                                               .basic_cancel_ok = {.consumer_tag = tag}});
    return true;
}

/* ---- get (13) ---- */

static uint64_t
note_got(const GmqChannel *channel, const GmqQueue *queue, uint64_t tag, const GmqEntry *entry,
         bool is_no_ack)
{
    GmqHost *host = channel->connection->host;

    if (gmq_host_is_unheard(host)) {
        host->unheard += is_no_ack;
        return 0;
    }

    GmqEvent event  = {.kind        = GMQ_EVENT_GOT,
                       .vhost       = &channel->vhost->name,
                       .cause       = entry->event,
                       .who         = queue->name,
                       .to          = gmq_slice_of(channel->connection->name),
                       .message     = entry->message->number,
                       .tag         = tag,
                       .channel     = channel->number,
                       .redelivered = gmq_entry_is_redelivered(entry),
                       .count       = gmq_queue_ready_count(queue)};
    uint64_t number = host->note(host, &event);
    if (!is_no_ack)
        return number;

    event.kind  = GMQ_EVENT_SETTLED_UNSEEN;
    event.cause = number;
    return host->note(host, &event);
}

static void
trace(const GmqChannel *channel, const GmqQueue *queue, const GmqEntry *entry)
{
    GmqTraced to = gmq_channel_traced(channel);

    gmq_firehose_delivered(queue, entry, &to);
}

bool
gmq_on_basic_get(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    GmqSlice name = method->basic_get.queue;
    GmqEntry entry;

    if (!gmq_channel_queue_name(channel, &name, fault) ||
        !gmq_channel_check_queue(channel, GMQ_ACCESS_READ, name, fault))
        return false;
    GmqQueue *queue = gmq_vhost_need_queue(channel->vhost, name, channel->connection, fault);
    if (queue == NULL)
        return false;
    if (!gmq_queue_get(queue, &entry)) {
        gmq_channel_send(channel, &(GmqMethod){.id = GMQ_BASIC_GET_EMPTY});
        return true;
    }

    uint64_t tag = channel->next_tag++;
    entry.event  = (uint32_t)note_got(channel, queue, tag, &entry, method->basic_get.no_ack);
    gmq_queue_drop_expired(queue);
    gmq_channel_send_get_ok(channel, tag, &entry, (uint32_t)gmq_queue_ready_count(queue));
    if (channel->vhost->is_tracing)
        trace(channel, queue, &entry);
    if (method->basic_get.no_ack) {
        gmq_queue_settle(queue, &entry);
        return true;
    }
    gmq_amqp_look_for_acks(channel->connection->amqp);
    gmq_unacked_add(&channel->unacked, tag,
                    &(GmqUnacked){.entry = entry,
                                  .queue = gmq_queue_ref(queue),
                                  .look  = channel->connection->amqp->ack_looks});
    return true;
}
