/* Publisher confirms (AMQP.md 11.7 to 11.9): collected over a turn and sent as one. */
#include "core/amqp/channel.h"

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

static void
send_confirm(GmqChannel *channel)
{
    GmqHost *host    = channel->connection->host;
    bool is_multiple = channel->published - channel->confirmed > 1;

    channel->confirmed = channel->published;
    gmq_channel_send(channel, &(GmqMethod){.id        = GMQ_BASIC_ACK,
                                           .basic_ack = {.delivery_tag = channel->published,
                                                         .multiple     = is_multiple}});
    if (host->note != NULL)
        host->note(host, &(GmqEvent){.kind    = GMQ_EVENT_CONFIRMED,
                                     .who     = gmq_slice_of(channel->connection->name),
                                     .channel = channel->number,
                                     .tag     = channel->published,
                                     .count   = is_multiple});
}

/* A nack says its own tag alone, so what came before is acked first. Its bit requeue means nothing
 * to a publisher, and is set as RabbitMQ sets it. */
static void
send_nack(GmqChannel *channel)
{
    GmqHost *host = channel->connection->host;

    if (channel->published > channel->confirmed)
        send_confirm(channel);
    channel->published++;
    channel->confirmed = channel->published;
    gmq_channel_send(
        channel, &(GmqMethod){.id         = GMQ_BASIC_NACK,
                              .basic_nack = {.delivery_tag = channel->published, .requeue = true}});
    if (host->note != NULL)
        host->note(host, &(GmqEvent){.kind    = GMQ_EVENT_NACKED,
                                     .who     = gmq_slice_of(channel->connection->name),
                                     .channel = channel->number,
                                     .tag     = channel->published});
}

void
gmq_channel_confirm(GmqChannel *channel, bool is_accepted)
{
    GmqConnection *connection = channel->connection;

    if (!is_accepted) {
        send_nack(channel);
        return;
    }
    channel->published++;
    if (channel->has_confirms)
        return;
    g_queue_push_tail_link(&connection->confirming, &channel->confirm_link);
    channel->has_confirms = true;
    gmq_connection_mark_dirty(connection);
}

void
gmq_channel_send_confirms(GmqChannel *channel)
{
    if (!channel->has_confirms)
        return;
    g_queue_unlink(&channel->connection->confirming, &channel->confirm_link);
    channel->has_confirms = false;
    if (channel->published > channel->confirmed)
        send_confirm(channel);
}

void
gmq_connection_send_confirms(GmqConnection *connection)
{
    while (connection->confirming.length > 0)
        gmq_channel_send_confirms(connection->confirming.head->data);
}
