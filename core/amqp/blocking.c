#include "core/amqp/blocking.h"

#include "core/amqp/amqp-private.h"

static void
note_blocked(const GmqConnection *connection, GmqEventKind kind, GmqSlice reason)
{
    GmqHost *host = connection->host;

    if (!gmq_host_is_unheard(host))
        host->note(host, &(GmqEvent){.kind  = kind,
                                     .vhost = gmq_connection_vhost_name(connection),
                                     .who   = gmq_slice_of(connection->name),
                                     .text  = reason});
}

/* Told once for the whole time, however many alarms come and go meanwhile (24.2). */
static void
tell_blocked(GmqConnection *connection)
{
    char storage[GMQ_ALARM_REASON_SIZE];
    GmqSlice reason = gmq_alarm_reason(connection->amqp->alarms, storage);

    note_blocked(connection, GMQ_EVENT_BLOCKED, reason);
    if (connection->can_be_blocked)
        gmq_connection_send(
            connection, 0,
            &(GmqMethod){.id = GMQ_CONNECTION_BLOCKED, .connection_blocked = {.reason = reason}});
}

void
gmq_connection_hold(GmqConnection *connection)
{
    gmq_buffer_add(&connection->held, connection->input.data, connection->input.size);
    connection->input   = (GmqSlice){0};
    connection->is_held = true;
    g_queue_push_tail_link(&connection->amqp->held, &connection->held_link);
    tell_blocked(connection);
    gmq_connection_mark_dirty(connection);
}

void
gmq_connection_hold_frame(GmqConnection *connection, const GmqFrame *frame)
{
    connection->input.data -= frame->payload.size + GMQ_FRAME_OVERHEAD;
    connection->input.size += frame->payload.size + GMQ_FRAME_OVERHEAD;
    gmq_connection_hold(connection);
}

void
gmq_connection_drop_held(GmqConnection *connection)
{
    gmq_buffer_clear(&connection->held);
    if (!connection->is_held)
        return;
    g_queue_unlink(&connection->amqp->held, &connection->held_link);
    connection->is_held = false;
}

void
gmq_connection_let_go(GmqConnection *connection)
{
    g_auto(GmqBuffer) held = connection->held;

    connection->held = (GmqBuffer){0};
    gmq_connection_drop_held(connection);
    if (connection->state == GMQ_STATE_RUNNING) {
        note_blocked(connection, GMQ_EVENT_UNBLOCKED, (GmqSlice){0});
        if (connection->can_be_blocked)
            gmq_connection_send(connection, 0, &(GmqMethod){.id = GMQ_CONNECTION_UNBLOCKED});
    }
    gmq_connection_parse(connection, gmq_buffer_slice(&held));
    gmq_connection_mark_dirty(connection);
}

void
gmq_connection_set_whole_max(GmqConnection *connection)
{
    uint64_t most = connection->frame_max == 0 ? UINT32_MAX : connection->frame_max;

    connection->whole_max =
        connection->amqp->alarms != 0 ? 0 : (size_t)MIN(most, connection->message_size_max);
}

const char *
gmq_connection_state(const GmqConnection *connection)
{
    const char *word = gmq_connection_state_word(connection->state);

    if (connection->state != GMQ_STATE_RUNNING)
        return word;
    if (connection->is_held)
        return "blocked";
    if (connection->amqp->alarms != 0)
        return "blocking";
    return connection->is_gated ? "flow" : word;
}

/* ---- all connections ---- */

static void
take_alarms(GmqAmqp *amqp)
{
    unsigned alarms = gmq_broker_alarms(amqp->broker);

    if (alarms == amqp->alarms)
        return;
    amqp->alarms = alarms;
    for (GList *link = amqp->connections.head; link != NULL; link = link->next)
        gmq_connection_set_whole_max(link->data);
}

/* What one connection publishes, once it may, can be too much again for the next. */
void
gmq_amqp_follow_alarms(GmqAmqp *amqp)
{
    gmq_broker_watch_memory(amqp->broker);
    take_alarms(amqp);
    while (amqp->alarms == 0 && amqp->held.length > 0) {
        gmq_connection_let_go(amqp->held.head->data);
        gmq_broker_watch_memory(amqp->broker);
        take_alarms(amqp);
    }
}
