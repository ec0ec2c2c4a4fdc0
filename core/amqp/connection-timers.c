/* Deadlines and heartbeats of a connection (AMQP.md 2.9, 2.11, 2.13, 6). */
#include "core/amqp/amqp-private.h"
#include "core/amqp/connection.h"

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

/* Looks in a row without a byte from the peer after which it counts as gone (6.2). */
#define SILENCES_MAX 2

static GmqConnection *
connection_of(GmqTimer *timer, size_t offset)
{
    return (GmqConnection *)((char *)timer - offset);
}

static int64_t
now(const GmqConnection *connection)
{
    return connection->host->now(connection->host);
}

static void
start(GmqConnection *connection, GmqTimer *timer, int64_t due_ns)
{
    gmq_timer_start(gmq_broker_timers(connection->broker), timer, due_ns);
}

void
gmq_connection_set_deadline(GmqConnection *connection, int64_t ms)
{
    start(connection, &connection->deadline, now(connection) + ms * NS_PER_MS);
}

/* What was waited for did not come: the first time the socket is closed in order, and if even that
 * does not get through, it is reset. */
static void
on_deadline(GmqTimer *timer)
{
    GmqConnection *connection = connection_of(timer, offsetof(GmqConnection, deadline));

    if (connection->state != GMQ_STATE_ENDED) {
        gmq_connection_end(connection);
    } else if (!connection->is_handed_back) {
        connection->is_handed_back = true;
        connection->host->abort(connection->host, connection->peer);
    }
}

static void
on_beat(GmqTimer *timer)
{
    GmqConnection *connection = connection_of(timer, offsetof(GmqConnection, beat));
    int64_t half_ns           = connection->heartbeat_s * NS_PER_S / 2;

    if (connection->state != GMQ_STATE_RUNNING)
        return;
    if (now(connection) - connection->sent_ns < half_ns) {
        start(connection, timer, connection->sent_ns + half_ns);
        return;
    }
    GmqBuffer *scratch = &connection->amqp->scratch;
    scratch->size      = 0;
    gmq_frame_add(scratch, GMQ_FRAME_HEARTBEAT, 0, (GmqSlice){0});
    gmq_output_add(&connection->output, gmq_buffer_slice(scratch));
    gmq_connection_mark_dirty(connection);
    start(connection, timer, now(connection) + half_ns);
}

static void
on_listen(GmqTimer *timer)
{
    GmqConnection *connection = connection_of(timer, offsetof(GmqConnection, listen));

    if (connection->state != GMQ_STATE_RUNNING)
        return;
    /* Nothing can come from a peer that is not read. */
    connection->silences =
        connection->has_received || connection->is_shut ? 0 : connection->silences + 1;
    connection->has_received = false;
    if (connection->silences < SILENCES_MAX) {
        start(connection, timer, now(connection) + connection->heartbeat_s * NS_PER_S);
        return;
    }
    gmq_connection_release(connection, 0, GMQ_SLICE("missed heartbeats"));
    gmq_output_clear(&connection->output);
    gmq_connection_end(connection);
}

static void
on_collected(GmqTimer *timer)
{
    GmqConnection *connection = connection_of(timer, offsetof(GmqConnection, confirm));

    if (connection->confirming.length == 0)
        return; /* their channels are closed */
    connection->has_collected = true;
    gmq_connection_mark_dirty(connection);
}

void
gmq_connection_start_collecting(GmqConnection *connection)
{
    if (connection->confirm.place == 0)
        start(connection, &connection->confirm,
              now(connection) + connection->amqp->config.confirm_wait_ns);
}

void
gmq_connection_init_timers(GmqConnection *connection)
{
    connection->deadline.fire = on_deadline;
    connection->beat.fire     = on_beat;
    connection->listen.fire   = on_listen;
    connection->confirm.fire  = on_collected;
}

void
gmq_connection_start_heartbeat(GmqConnection *connection)
{
    if (connection->heartbeat_s == 0)
        return;
    connection->sent_ns = now(connection);
    start(connection, &connection->beat, now(connection) + connection->heartbeat_s * NS_PER_S / 2);
    start(connection, &connection->listen, now(connection) + connection->heartbeat_s * NS_PER_S);
}

void
gmq_connection_stop_timers(GmqConnection *connection)
{
    gmq_timer_stop(gmq_broker_timers(connection->broker), &connection->deadline);
    gmq_timer_stop(gmq_broker_timers(connection->broker), &connection->beat);
    gmq_timer_stop(gmq_broker_timers(connection->broker), &connection->listen);
    gmq_timer_stop(gmq_broker_timers(connection->broker), &connection->confirm);
}
