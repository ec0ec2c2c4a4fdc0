#include "core/amqp/snapshot.h"

#include "core/amqp/amqp-private.h"
#include "core/amqp/channel.h"
#include "core/amqp/subscriber.h"

static GmqSlice
vhost_of(const GmqConnection *connection)
{
    return connection->vhost == NULL ? (GmqSlice){0} : connection->vhost->name;
}

/* ---- connections ---- */

static void
add_connection(GmqSnapshot *snapshot, const GmqConnection *connection)
{
    const char *client_name = connection->peer_name == NULL ? NULL : connection->name;
    GmqConnectionView view  = {
         .name = gmq_snapshot_keep(snapshot, gmq_slice_of(gmq_connection_peer_name(connection))),
         .client_name  = gmq_snapshot_keep(snapshot, gmq_slice_of(client_name)),
         .user         = gmq_snapshot_keep(snapshot, gmq_slice_of(connection->user)),
         .vhost        = gmq_snapshot_keep(snapshot, vhost_of(connection)),
         .state        = gmq_slice_of(gmq_connection_state(connection)),
         .protocol     = GMQ_SLICE("AMQP 0-9-1"),
         .channels     = connection->channels == NULL ? 0 : connection->channels->len,
         .channel_max  = connection->channel_max,
         .frame_max    = connection->frame_max,
         .heartbeat_s  = connection->heartbeat_s,
         .output_bytes = connection->output.size,
    };

    g_array_append_val(snapshot->rows, view);
}

GmqSnapshot *
gmq_snapshot_connections(const GmqAmqp *amqp)
{
    GmqSnapshot *snapshot = gmq_snapshot_new(sizeof(GmqConnectionView));

    for (const GList *link = amqp->connections.head; link != NULL; link = link->next)
        add_connection(snapshot, link->data);
    return snapshot;
}

/* ---- channels ---- */

static void
add_channels(GmqSnapshot *snapshot, const GmqConnection *connection)
{
    GmqSlice name = gmq_snapshot_keep(snapshot, gmq_slice_of(gmq_connection_peer_name(connection)));
    GmqSlice user = gmq_snapshot_keep(snapshot, gmq_slice_of(connection->user));
    GmqSlice vhost = gmq_snapshot_keep(snapshot, vhost_of(connection));

    for (unsigned i = 0; connection->channels != NULL && i < connection->channels->len; i++) {
        const GmqChannel *channel = g_ptr_array_index(connection->channels, i);
        GmqChannelView view       = {
                  .connection       = name,
                  .user             = user,
                  .vhost            = vhost,
                  .number           = channel->number,
                  .consumers        = channel->subscribers.length,
                  .unacked          = channel->unacked.count,
                  .unconfirmed      = channel->published - channel->confirmed,
                  .prefetch         = channel->prefetch,
                  .shared_prefetch  = channel->shared_prefetch,
                  .is_confirming    = channel->is_confirming,
                  .is_transactional = channel->tx != NULL,
        };
        g_array_append_val(snapshot->rows, view);
    }
}

GmqSnapshot *
gmq_snapshot_channels(const GmqAmqp *amqp)
{
    GmqSnapshot *snapshot = gmq_snapshot_new(sizeof(GmqChannelView));

    for (const GList *link = amqp->connections.head; link != NULL; link = link->next)
        add_channels(snapshot, link->data);
    return snapshot;
}

/* ---- consumers ---- */

static bool
is_active(const GmqConsumer *consumer)
{
    const GmqQueue *queue = consumer->queue;

    return !queue->settings.is_single_active || queue->single == consumer;
}

static void
add_consumer(GmqSnapshot *snapshot, const GmqSubscriber *subscriber)
{
    const GmqConsumer *consumer     = &subscriber->consumer;
    const GmqConnection *connection = subscriber->channel->connection;
    GmqSlice connection_name        = gmq_slice_of(gmq_connection_peer_name(connection));
    GmqConsumerView view            = {
                   .vhost           = gmq_snapshot_keep(snapshot, vhost_of(connection)),
                   .queue           = gmq_snapshot_keep(snapshot, consumer->queue->name),
                   .tag             = gmq_snapshot_keep(snapshot, consumer->tag),
                   .connection      = gmq_snapshot_keep(snapshot, connection_name),
                   .owner           = gmq_snapshot_keep(snapshot, consumer->owner_name),
                   .channel         = subscriber->channel->number,
                   .prefetch        = subscriber->prefetch,
                   .unacked         = subscriber->unacked,
                   .priority        = consumer->priority,
                   .is_ack_required = !subscriber->is_no_ack,
                   .is_exclusive    = consumer->queue->exclusive_consumer == consumer,
                   .is_active       = is_active(consumer),
    };

    g_array_append_val(snapshot->rows, view);
}

static void
add_consumers(GmqSnapshot *snapshot, const GmqConnection *connection)
{
    for (unsigned i = 0; connection->channels != NULL && i < connection->channels->len; i++) {
        const GmqChannel *channel = g_ptr_array_index(connection->channels, i);

        for (const GList *link = channel->subscribers.head; link != NULL; link = link->next)
            add_consumer(snapshot, link->data);
    }
}

GmqSnapshot *
gmq_snapshot_consumers(const GmqAmqp *amqp, GmqSlice vhost)
{
    GmqSnapshot *snapshot = gmq_snapshot_new(sizeof(GmqConsumerView));

    for (const GList *link = amqp->connections.head; link != NULL; link = link->next) {
        const GmqConnection *connection = link->data;

        if (vhost.data == NULL || gmq_slice_equal(vhost, vhost_of(connection)))
            add_consumers(snapshot, connection);
    }
    return snapshot;
}
