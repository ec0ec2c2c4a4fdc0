/* Publisher confirms (AMQP.md 11.7 to 11.9): collected over a turn and sent as one. */
#include "core/amqp/channel.h"

bool
gmq_on_confirm_select(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    (void)fault;
    channel->is_confirming = true;
    if (!method->confirm_select.nowait)
        gmq_channel_send(channel, &(GmqMethod){.id = GMQ_CONFIRM_SELECT_OK});
    return true;
}

void
gmq_channel_confirm(GmqChannel *channel)
{
    GmqConnection *connection = channel->connection;

    channel->published++;
    if (channel->has_confirms)
        return;
    g_queue_push_tail_link(&connection->confirming, &channel->confirm_link);
    channel->has_confirms = true;
    gmq_connection_mark_dirty(connection);
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

void
gmq_channel_send_confirms(GmqChannel *channel)
{
    if (!channel->has_confirms)
        return;
    g_queue_unlink(&channel->connection->confirming, &channel->confirm_link);
    channel->has_confirms = false;
    send_confirm(channel);
}

void
gmq_connection_send_confirms(GmqConnection *connection)
{
    while (connection->confirming.length > 0)
        gmq_channel_send_confirms(connection->confirming.head->data);
}
