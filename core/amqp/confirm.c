/* Publisher confirms (AMQP.md 11.7 to 11.10): collected over a turn and sent as one. */
#include "core/amqp/amqp-private.h"
#include "core/amqp/channel.h"
#include "core/base/site.h"
#include "core/broker/storage.h"

bool
gmq_on_confirm_select(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    if (channel->tx != NULL)
        return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                             "cannot switch from tx to confirm mode");
    channel->is_confirming = true;
    if (!method->confirm_select.nowait)
        gmq_channel_send(channel, &(GmqMethod){.id = GMQ_CONFIRM_SELECT_OK});
    return true;
}

/* ---- answers ---- */

static void
note_answer(const GmqChannel *channel, GmqEventKind kind, uint64_t tag, bool is_multiple)
{
    GmqHost *host = channel->connection->host;

    if (!gmq_host_is_unheard(host))
        host->note(host, &(GmqEvent){.kind    = kind,
                                     .vhost   = &channel->vhost->name,
                                     .who     = gmq_slice_of(channel->connection->name),
                                     .channel = channel->number,
                                     .tag     = tag,
                                     .count   = is_multiple});
}

static void
send_ack(GmqChannel *channel, uint64_t tag, bool is_multiple)
{
    gmq_channel_send(channel,
                     &(GmqMethod){.id        = GMQ_BASIC_ACK,
                                  .basic_ack = {.delivery_tag = tag, .multiple = is_multiple}});
    note_answer(channel, GMQ_EVENT_CONFIRMED, tag, is_multiple);
}

/* Its bit requeue means nothing to a publisher, and is set as RabbitMQ sets it. */
static void
send_nack(GmqChannel *channel, uint64_t tag)
{
    gmq_channel_send(channel, &(GmqMethod){.id         = GMQ_BASIC_NACK,
                                           .basic_nack = {.delivery_tag = tag, .requeue = true}});
    note_answer(channel, GMQ_EVENT_NACKED, tag, false);
}

/* Instead of one answer for all of them. */
static void
ack_each(GmqChannel *channel)
{
    for (uint64_t tag = channel->confirmed + 1; tag <= channel->published; tag++)
        send_ack(channel, tag, false);
}

/* One answer for all that are below the first that is not safe. */
static void
ack_below(GmqChannel *channel, const GArray *ranges, uint64_t first_unsafe)
{
    uint64_t last  = 0;
    uint64_t count = 0;

    for (unsigned i = 0; i < ranges->len; i++) {
        const GmqTagRange *range = &g_array_index(ranges, GmqTagRange, i);

        if (range->first > first_unsafe)
            continue;
        last = MAX(last, range->last);
        count += range->last - range->first + 1;
    }
    if (count > 0)
        send_ack(channel, last, count > 1);
}

static void
ack_above(GmqChannel *channel, const GArray *ranges, uint64_t first_unsafe)
{
    for (unsigned i = 0; i < ranges->len; i++) {
        const GmqTagRange *range = &g_array_index(ranges, GmqTagRange, i);

        for (uint64_t tag = range->first; range->first > first_unsafe && tag <= range->last; tag++)
            send_ack(channel, tag, false);
    }
}

static void
nack(GmqChannel *channel, const GArray *ranges)
{
    for (unsigned i = 0; i < ranges->len; i++) {
        const GmqTagRange *range = &g_array_index(ranges, GmqTagRange, i);

        for (uint64_t tag = range->first; tag <= range->last; tag++)
            send_nack(channel, tag);
    }
}

/* Of a channel that has had to wait for the disk. A nack says its own tag alone. */
static void
answer_unsafe(GmqChannel *channel)
{
    uint64_t first_unsafe = gmq_unsafe_first(channel->unsafe);
    GArray *acks          = gmq_unsafe_acks(channel->unsafe);
    GArray *nacks         = gmq_unsafe_nacks(channel->unsafe);

    ack_below(channel, acks, first_unsafe);
    ack_above(channel, acks, first_unsafe);
    nack(channel, nacks);
    g_array_set_size(acks, 0);
    g_array_set_size(nacks, 0);
}

static void
answer(GmqChannel *channel)
{
    if (channel->unsafe != NULL)
        answer_unsafe(channel);
    else if (GMQ_SITE(channel->connection->host, CONFIRM_SINGLE))
        ack_each(channel);
    else if (channel->published > channel->confirmed &&
             !GMQ_BUG(channel->connection->host, CONFIRM_LOST))
        send_ack(channel, channel->published, channel->published - channel->confirmed > 1);
    if (channel->published > channel->confirmed &&
        GMQ_BUG(channel->connection->host, CONFIRM_TWICE))
        send_ack(channel, channel->published, false);
    channel->confirmed = channel->published;
}

/* ---- publishes ---- */

static void
expect_answers(GmqChannel *channel)
{
    GmqConnection *connection = channel->connection;

    if (channel->has_confirms)
        return;
    g_queue_push_tail_link(&connection->confirming, &channel->confirm_link);
    channel->has_confirms = true;
    gmq_connection_mark_dirty(connection);
}

/* The storage that a message waits for, once it has failed too; NULL: nothing is to be waited
 * for. */
static GmqStorage *
storage_of(const GmqChannel *channel, const GmqMessage *message, const GPtrArray *queues)
{
    GmqStorage *storage =
        message->is_persistent ? gmq_broker_storage(channel->connection->broker) : NULL;

    if (storage == NULL || GMQ_BUG(channel->connection->host, CONFIRM_UNSTORED))
        return NULL;
    for (unsigned i = 0; i < queues->len; i++) {
        if (((const GmqQueue *)g_ptr_array_index(queues, i))->number != 0)
            return storage;
    }
    return NULL;
}

/* What was counted before the first that waits is answered apart from it. */
static void
begin_unsafe(GmqChannel *channel, uint64_t published)
{
    channel->unsafe = gmq_unsafe_new(channel, expect_answers);
    for (uint64_t tag = channel->confirmed + 1; tag <= published; tag++)
        gmq_unsafe_add_safe(channel->unsafe, tag);
}

static void
await_disk(GmqChannel *channel, GmqStorage *storage, const GmqMessage *message)
{
    if (channel->unsafe == NULL)
        begin_unsafe(channel, channel->published - 1);
    if (gmq_storage_has_failed(storage))
        gmq_unsafe_add_refused(channel->unsafe, channel->published);
    else
        gmq_unsafe_add(channel->unsafe, storage, message, channel->published);
}

/* What came before it is acked first. */
static void
refuse(GmqChannel *channel)
{
    answer(channel);
    channel->confirmed = ++channel->published;
    send_nack(channel, channel->published);
}

void
gmq_channel_confirm(GmqChannel *channel, const GmqMessage *message, const GPtrArray *queues,
                    bool is_accepted)
{
    if (!is_accepted) {
        refuse(channel);
        return;
    }

    GmqStorage *storage = storage_of(channel, message, queues);
    channel->published++;
    if (storage != NULL)
        await_disk(channel, storage, message);
    else if (channel->unsafe != NULL)
        gmq_unsafe_add_safe(channel->unsafe, channel->published);
    else
        expect_answers(channel);
    if (GMQ_SITE(channel->connection->host, CONFIRM_EARLY))
        gmq_channel_send_confirms(channel);
}

void
gmq_channel_send_confirms(GmqChannel *channel)
{
    if (!channel->has_confirms)
        return;
    g_queue_unlink(&channel->connection->confirming, &channel->confirm_link);
    channel->has_confirms = false;
    answer(channel);
}

void
gmq_connection_send_confirms(GmqConnection *connection)
{
    if (connection->confirming.length == 0)
        return;
    if (connection->amqp->config.confirm_wait_ns > 0 && !connection->has_collected) {
        gmq_connection_start_collecting(connection);
        return;
    }
    connection->has_collected = false;
    while (connection->confirming.length > 0)
        gmq_channel_send_confirms(connection->confirming.head->data);
}
