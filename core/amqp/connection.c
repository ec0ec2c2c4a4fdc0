#include "core/amqp/connection.h"

#include "core/amqp/amqp-private.h"
#include "core/amqp/blocking.h"
#include "core/amqp/channel.h"
#include "core/amqp/gate.h"
#include "core/amqp/tell.h"
#include "core/base/site.h"

/* Exclusive queues of a connection, gone or not, that are not worth a sweep. */
#define SWEEP_LEAST 16

/* ---- output ---- */

void
gmq_connection_mark_dirty(GmqConnection *connection)
{
    if (connection->is_dirty)
        return;
    g_queue_push_tail_link(&connection->amqp->dirty, &connection->dirty_link);
    connection->is_dirty = true;
}

void
gmq_connection_send(GmqConnection *connection, uint16_t channel, const GmqMethod *method)
{
    GmqBuffer *scratch = &connection->amqp->scratch;

    scratch->size = 0;
    gmq_method_add_frame(method, channel, scratch);
    gmq_output_add(&connection->output, gmq_buffer_slice(scratch));
    gmq_connection_mark_dirty(connection);
}

/* ---- the end ---- */

static uint64_t
note_closed(GmqConnection *connection, unsigned code, GmqSlice how)
{
    if (!connection->is_announced)
        return 0;
    connection->is_announced = false;
    gmq_tell_connection_closed(connection);
    if (gmq_host_is_unheard(connection->host))
        return 0;
    return connection->host->note(connection->host,
                                  &(GmqEvent){.kind  = GMQ_EVENT_CONNECTION_CLOSED,
                                              .vhost = gmq_connection_vhost_name(connection),
                                              .who   = gmq_slice_of(connection->name),
                                              .count = code,
                                              .text  = how});
}

static void
delete_exclusive_queues(GmqConnection *connection)
{
    if (connection->exclusive_queues == NULL)
        return;
    for (unsigned i = 0; i < connection->exclusive_queues->len; i++) {
        GmqQueue *queue = g_ptr_array_index(connection->exclusive_queues, i);

        if (!GMQ_BUG(queue->host, EXCLUSIVE_KEPT))
            gmq_vhost_remove_queue(queue->vhost, queue, "exclusive owner left");
        gmq_queue_unref(queue);
    }
    g_clear_pointer(&connection->exclusive_queues, g_ptr_array_unref);
}

void
gmq_connection_release(GmqConnection *connection, unsigned code, GmqSlice how)
{
    uint64_t cause = note_closed(connection, code, how);

    connection->stream.channel = NULL;
    connection->last_channel   = NULL;
    while (connection->channels != NULL && connection->channels->len > 0)
        gmq_channel_free(g_ptr_array_index(connection->channels, 0), cause);
    g_clear_pointer(&connection->channels, g_ptr_array_unref);
    delete_exclusive_queues(connection);
    gmq_session_end(&connection->session);
    connection->vhost = NULL;
}

/* Forgets queues that are gone, whenever there are twice as many as the last time: a client may
 * make and delete them by the thousand. */
static void
forget_gone_queues(GmqConnection *connection)
{
    GPtrArray *owned = connection->exclusive_queues;
    unsigned kept    = 0;

    if (owned->len < connection->sweep_at)
        return;
    for (unsigned i = 0; i < owned->len; i++) {
        GmqQueue *queue = g_ptr_array_index(owned, i);

        if (queue->is_gone)
            gmq_queue_unref(queue);
        else
            owned->pdata[kept++] = queue;
    }
    owned->len           = kept;
    connection->sweep_at = 2 * kept + SWEEP_LEAST;
}

void
gmq_connection_own_queue(GmqConnection *connection, GmqQueue *queue)
{
    if (queue->is_owned)
        return;
    queue->is_owned = true;
    if (connection->exclusive_queues == NULL)
        connection->exclusive_queues = g_ptr_array_new();
    forget_gone_queues(connection);
    g_ptr_array_add(connection->exclusive_queues, gmq_queue_ref(queue));
}

void
gmq_connection_end(GmqConnection *connection)
{
    if (connection->state == GMQ_STATE_ENDED)
        return;
    gmq_connection_move(connection, GMQ_MOVE_ENDED);
    gmq_connection_set_deadline(connection, GMQ_CLOSE_WAIT_MS);
    gmq_connection_mark_dirty(connection);
}

void
gmq_connection_abort(GmqConnection *connection, GmqSlice how)
{
    gmq_connection_release(connection, 0, how);
    gmq_connection_leave_gate(connection);
    gmq_output_clear(&connection->output);
    gmq_connection_move(connection, GMQ_MOVE_ABORTED);
    connection->is_handed_back = true;
    connection->host->abort(connection->host, connection->peer);
}

void
gmq_connection_refuse(GmqConnection *connection)
{
    gmq_connection_move(connection, GMQ_MOVE_REFUSED);
    connection->stream = (GmqBodyStream){0};
    gmq_connection_set_deadline(connection, GMQ_REFUSE_DELAY_MS);
}

static void
send_close(GmqConnection *connection, const GmqFault *fault)
{
    gmq_connection_send(connection, 0,
                        &(GmqMethod){.id               = GMQ_CONNECTION_CLOSE,
                                     .connection_close = {.reply_code = (uint16_t)fault->code,
                                                          .reply_text = gmq_slice_of(fault->text),
                                                          .class_id   = fault->class_id,
                                                          .method_id  = fault->method_id}});
}

void
gmq_connection_close(GmqConnection *connection, const GmqFault *fault)
{
    gmq_connection_release(connection, fault->code, gmq_slice_of(fault->text));
    send_close(connection, fault);
    gmq_connection_move(connection, GMQ_MOVE_FAILED);

    int64_t wait_ms =
        connection->heartbeat_s == 0 ? GMQ_CLOSE_WAIT_MS : connection->heartbeat_s * INT64_C(1000);
    gmq_connection_set_deadline(connection, MIN(wait_ms, GMQ_CLOSE_WAIT_MS));
    if (connection->is_held)
        gmq_connection_let_go(connection); /* its close-ok is to be read */
}

void
gmq_connection_fail(GmqConnection *connection, const GmqFault *fault)
{
    if (connection->state >= GMQ_STATE_CLOSING)
        return;
    if (connection->state < GMQ_STATE_OPEN)
        gmq_connection_refuse(connection);
    else
        gmq_connection_close(connection, fault);
}

void
gmq_connection_fail_framing(GmqConnection *connection, const GmqFault *fault)
{
    gmq_connection_fail(connection, fault);
    gmq_connection_refuse(connection);
}

/* The user or the virtual host is removed. */
static void
close_session(GmqSession *session, const GmqFault *fault)
{
    gmq_connection_close((GmqConnection *)((char *)session - offsetof(GmqConnection, session)),
                         fault);
}

/* ---- inputs ---- */

GmqConnection *
gmq_amqp_opened(GmqAmqp *amqp, GmqPeer *peer, const GmqPeerInfo *info)
{
    GmqConnection *connection = g_new0(GmqConnection, 1);

    connection->amqp             = amqp;
    connection->host             = amqp->host;
    connection->broker           = amqp->broker;
    connection->peer             = peer;
    connection->message_size_max = amqp->config.message_size_max != 0
                                       ? amqp->config.message_size_max
                                       : gmq_broker_profile(amqp->broker)->message_size_max;
    connection->name             = g_strdup(info->name);
    connection->is_loopback      = info->is_loopback;
    connection->link.data        = connection;
    connection->dirty_link.data  = connection;
    connection->held_link.data   = connection;
    connection->gate_link.data   = connection;
    connection->session.close    = close_session;
    gmq_output_init(&connection->output, &amqp->blocks);
    gmq_connection_init_timers(connection);
    g_queue_push_tail_link(&amqp->connections, &connection->link);

    gmq_connection_set_deadline(connection, GMQ_HANDSHAKE_MS);
    if (amqp->is_stopping)
        gmq_connection_end(connection);
    return connection;
}

void
gmq_connection_received(GmqConnection *connection, GmqSlice bytes)
{
    connection->has_received = true;
    gmq_connection_parse(connection, bytes);
}

void
gmq_connection_writable(GmqConnection *connection)
{
    connection->is_blocked = false;
    gmq_connection_mark_dirty(connection);
}

uint8_t *
gmq_connection_window(GmqConnection *connection, size_t *size)
{
    const GmqBodyStream *stream = &connection->stream;

    if (stream->channel == NULL || stream->left == 0 || connection->amqp->alarms != 0)
        return NULL;
    uint8_t *window = gmq_channel_body_window(stream->channel, size);
    *size           = MIN(*size, stream->left);
    return window;
}

void
gmq_connection_window_filled(GmqConnection *connection, size_t size)
{
    GmqBodyStream *stream = &connection->stream;

    g_assert(stream->channel != NULL);
    g_assert(size <= stream->left);
    connection->has_received = true;
    gmq_channel_body_window_filled(stream->channel, size);
    stream->left -= size;
}

void
gmq_connection_closed(GmqConnection *connection)
{
    GmqAmqp *amqp = connection->amqp;

    gmq_connection_release(connection, 0, GMQ_SLICE("connection lost"));
    gmq_connection_stop_timers(connection);
    if (connection->is_dirty)
        g_queue_unlink(&amqp->dirty, &connection->dirty_link);
    g_queue_unlink(&amqp->connections, &connection->link);
    gmq_connection_leave_gate(connection);
    gmq_output_clear(&connection->output);
    gmq_buffer_clear(&connection->pending);
    gmq_connection_drop_held(connection);
    g_free(connection->name);
    g_free(connection->peer_name);
    g_free(connection->user);
    g_free(connection);
}
