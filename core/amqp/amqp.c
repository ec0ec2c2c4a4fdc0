#include "core/amqp/amqp.h"

#include "core/amqp/ack-timeout.h"
#include "core/amqp/amqp-private.h"
#include "core/amqp/blocking.h"
#include "core/amqp/connection.h"
#include "core/amqp/gate.h"
#include "core/base/site.h"
#include "core/broker/storage.h"

GmqAmqp *
gmq_amqp_new(GmqBroker *broker, const GmqAmqpConfig *config)
{
    GmqAmqp *amqp = g_new0(GmqAmqp, 1);

    amqp->broker  = broker;
    amqp->host    = gmq_broker_host(broker);
    amqp->config  = *config;
    amqp->wake_ns = INT64_MAX;
    amqp->alarms  = gmq_broker_alarms(broker);
    gmq_amqp_init_ack_timeout(amqp);
    gmq_route_init(&amqp->route, amqp->host);
    amqp->reply_tos = g_hash_table_new(gmq_slice_hash, gmq_slice_same);
    return amqp;
}

void
gmq_amqp_free(GmqAmqp *amqp)
{
    g_assert(amqp->connections.length == 0);

    gmq_timer_stop(gmq_broker_timers(amqp->broker), &amqp->ack_look);
    gmq_route_clear(&amqp->route);
    g_hash_table_unref(amqp->reply_tos);
    gmq_block_pool_clear(&amqp->blocks);
    gmq_buffer_clear(&amqp->scratch);
    g_free(amqp);
}

size_t
gmq_amqp_connection_count(const GmqAmqp *amqp)
{
    return amqp->connections.length;
}

void
gmq_amqp_woken(GmqAmqp *amqp)
{
    amqp->wake_ns = INT64_MAX;
    gmq_timers_fire(gmq_broker_timers(amqp->broker), amqp->host->now(amqp->host));
}

/* Asks the host for the next deadline, or for an immediate wake-up when work is left. */
static void
ask_wake(GmqAmqp *amqp, bool is_work_left)
{
    int64_t next = is_work_left ? amqp->host->now(amqp->host)
                                : gmq_timers_next(gmq_broker_timers(amqp->broker));

    if (GMQ_BUG(amqp->host, WAKE_OFTEN))
        next = amqp->host->now(amqp->host) + 5000;
    if (next == amqp->wake_ns)
        return;
    amqp->wake_ns = next;
    amqp->host->wake_at(amqp->host, next);
}

static void
write_output(GmqConnection *connection)
{
    size_t sent = gmq_output_write(&connection->output, connection->host, connection->peer);

    if (sent > 0)
        connection->sent_ns = connection->host->now(connection->host);
    connection->is_blocked = connection->output.size > 0;
}

/* A client that does not take its answers is not asked for more of them (limits.h), nor is one that
 * waits for an alarm to pass. */
static void
move_gate(GmqConnection *connection)
{
    connection->is_gated =
        connection->output.size > (connection->is_gated ? GMQ_OUTPUT_LOW : GMQ_OUTPUT_MAX) ||
        (connection->output.size > 0 && GMQ_SITE(connection->host, GATE_EARLY));

    bool is_shut = connection->is_gated || connection->is_held;
    if (is_shut == connection->is_shut)
        return;
    connection->is_shut = is_shut;
    connection->host->read_gate(connection->host, connection->peer, !is_shut);
}

/* Writes one connection, and closes it when it only waited for that. */
static void
flush_connection(GmqConnection *connection)
{
    if (!connection->is_blocked && connection->gate == 0)
        write_output(connection);
    move_gate(connection);
    if (connection->output.size <= GMQ_OUTPUT_LOW)
        gmq_connection_resume_subscribers(connection);
    if (connection->state == GMQ_STATE_ENDED && connection->output.size == 0 &&
        !connection->is_handed_back) {
        connection->is_handed_back = true;
        connection->host->close(connection->host, connection->peer);
    }
}

/* Every dirty connection once, in the order they became dirty. */
static void
flush_round(GmqAmqp *amqp)
{
    for (unsigned n = amqp->dirty.length; n > 0; n--) {
        GmqConnection *connection = amqp->dirty.head->data;
        bool is_later             = GMQ_SITE(amqp->host, FLUSH_LATE);
        bool is_kept              = is_later || GMQ_SITE(amqp->host, CONFIRM_DELAY);

        if (!is_kept)
            gmq_connection_send_confirms(connection);
        g_queue_unlink(&amqp->dirty, &connection->dirty_link);
        connection->is_dirty = false;
        if (!is_later)
            flush_connection(connection);
        if (is_later || (is_kept && connection->confirming.length > 0))
            gmq_connection_mark_dirty(connection);
    }
}

void
gmq_amqp_flush(GmqAmqp *amqp)
{
    gmq_amqp_open_gate(amqp);
    gmq_amqp_follow_alarms(amqp);
    gmq_broker_dispatch(amqp->broker);
    for (unsigned round = 0; amqp->dirty.length > 0 && round < GMQ_FLUSH_ROUNDS; round++) {
        flush_round(amqp);
        gmq_broker_dispatch(amqp->broker);
    }
    gmq_broker_commit(amqp->broker);
    ask_wake(amqp, amqp->dirty.length > 0 || amqp->alarms != gmq_broker_alarms(amqp->broker));
}

/* Returns whether there was something to end. */
static bool
force_out(GmqConnection *connection, const char *text)
{
    GmqFault fault = {0};

    gmq_fault_set(&fault, GMQ_REPLY_CONNECTION_FORCED, "%s", text);
    if (connection->state >= GMQ_STATE_CLOSING)
        return false;
    if (connection->state < GMQ_STATE_OPEN)
        gmq_connection_end(connection);
    else
        gmq_connection_fail(connection, &fault);
    return true;
}

size_t
gmq_amqp_close_all(GmqAmqp *amqp, const char *text)
{
    size_t n = 0;

    for (GList *link = amqp->connections.head; link != NULL; link = link->next)
        n += force_out(link->data, text) ? 1 : 0;
    return n;
}

bool
gmq_amqp_close_connection(GmqAmqp *amqp, GmqSlice name, const char *text)
{
    for (GList *link = amqp->connections.head; link != NULL; link = link->next) {
        GmqConnection *connection = link->data;

        if (!gmq_slice_equal(gmq_slice_of(gmq_connection_peer_name(connection)), name))
            continue;
        force_out(connection, text);
        return true;
    }
    return false;
}

void
gmq_amqp_stop(GmqAmqp *amqp, const char *text)
{
    amqp->is_stopping = true;
    gmq_amqp_close_all(amqp, text);
}
