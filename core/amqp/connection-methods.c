/* The methods of channel 0: log in, tune, open, close (AMQP.md 2). */
#include "core/amqp/amqp-private.h"
#include "core/amqp/blocking.h"
#include "core/amqp/connection.h"
#include "core/amqp/sasl.h"
#include "core/amqp/tell.h"
#include "core/base/site.h"
#include "core/wire/table.h"

typedef bool (*Handler)(GmqConnection *connection, const GmqMethod *method, GmqFault *fault);

static const uint8_t our_header[8] = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};

/* ---- start (2.1 to 2.4) ---- */

static void
add_server_properties(const GmqConnection *connection, GmqBuffer *table)
{
    static const char *const capabilities[] = {
        "publisher_confirms",           "exchange_exchange_bindings", "basic.nack",
        "consumer_cancel_notify",       "connection.blocked",         "consumer_priorities",
        "authentication_failure_close", "per_consumer_qos",           "direct_reply_to",
    };
    g_auto(GmqBuffer) inner = {0};

    for (size_t i = 0; i < G_N_ELEMENTS(capabilities); i++)
        gmq_table_add_bool(&inner, capabilities[i], true);
    gmq_table_add_table(table, "capabilities", gmq_buffer_slice(&inner));
    gmq_table_add_text(table, "cluster_name", GMQ_SLICE("glassmq"));
    gmq_table_add_text(table, "copyright", GMQ_SLICE("Copyright (c) The GlassMQ authors"));
    gmq_table_add_text(table, "information", GMQ_SLICE("Licensed under the MIT licence"));
    gmq_table_add_text(table, "platform", GMQ_SLICE("C"));
    gmq_table_add_text(table, "product", GMQ_SLICE("GlassMQ"));
    gmq_table_add_text(table, "version", gmq_slice_of(connection->amqp->config.version));
}

static void
send_start(GmqConnection *connection)
{
    g_auto(GmqBuffer) properties = {0};

    add_server_properties(connection, &properties);
    gmq_connection_send(
        connection, 0,
        &(GmqMethod){.id               = GMQ_CONNECTION_START,
                     .connection_start = {.version_major     = 0,
                                          .version_minor     = 9,
                                          .server_properties = gmq_buffer_slice(&properties),
                                          .mechanisms        = GMQ_SLICE(GMQ_SASL_MECHANISMS),
                                          .locales           = GMQ_SLICE("en_US")}});
    gmq_connection_move(connection, GMQ_MOVE_GREETED);
}

void
gmq_connection_on_header(GmqConnection *connection, GmqSlice header)
{
    static const uint8_t older[8] = {'A', 'M', 'Q', 'P', 1, 1, 0, 9};

    if (gmq_broker_memory_held(connection->broker) > 0 && GMQ_BUG(connection->host, OPEN_IGNORED))
        return;
    if (memcmp(header.data, our_header, 8) == 0 || memcmp(header.data, older, 8) == 0) {
        send_start(connection);
        return;
    }
    gmq_output_add(&connection->output, (GmqSlice){our_header, sizeof our_header});
    gmq_connection_end(connection);
}

/* ---- start-ok: log in (2.5, 2.6) ---- */

static bool
has_capability(GmqSlice capabilities, const char *name)
{
    GmqValue value;

    return gmq_table_find(capabilities, gmq_slice_of(name), &value) &&
           value.type == GMQ_VALUE_BOOL && value.integer != 0;
}

static void
read_client_properties(GmqConnection *connection, GmqSlice properties)
{
    GmqValue value;

    if (gmq_table_find(properties, GMQ_SLICE("capabilities"), &value) &&
        value.type == GMQ_VALUE_TABLE) {
        connection->can_auth_failure_close =
            has_capability(value.bytes, "authentication_failure_close");
        connection->can_consumer_cancel = has_capability(value.bytes, "consumer_cancel_notify");
        connection->can_be_blocked      = has_capability(value.bytes, "connection.blocked");
    }
    if (gmq_table_find(properties, GMQ_SLICE("connection_name"), &value) &&
        value.type == GMQ_VALUE_STRING && value.bytes.size > 0) {
        if (connection->peer_name == NULL)
            connection->peer_name = g_steal_pointer(&connection->name);
        g_free(connection->name);
        connection->name = gmq_slice_dup(value.bytes);
    }
}

static bool
refuse_login(GmqConnection *connection, GmqSlice mechanism)
{
    GmqFault fault = {0};

    if (!connection->can_auth_failure_close) {
        gmq_connection_end(connection);
        return true;
    }
    gmq_fault_set(&fault, GMQ_REPLY_ACCESS_REFUSED,
                  "Login was refused using authentication mechanism %.*s. For details see the "
                  "broker logfile.",
                  (int)mechanism.size, mechanism.data);
    gmq_connection_close(connection, &fault);
    return true;
}

static bool
on_start_ok(GmqConnection *connection, const GmqMethod *method, GmqFault *fault)
{
    const GmqConnectionStartOk *start_ok = &method->connection_start_ok;
    const GmqAmqpConfig *config          = &connection->amqp->config;
    GmqSlice user;
    GmqSlice password;

    if (gmq_sasl_read(start_ok->mechanism, start_ok->response, &user, &password) != GMQ_SASL_READ)
        return gmq_fault_set(fault, GMQ_REPLY_SYNTAX_ERROR, "no such login");
    read_client_properties(connection, start_ok->client_properties);

    bool is_accepted =
        gmq_broker_authenticate(connection->broker, user, password, connection->is_loopback);
    gmq_tell_login(connection, user, is_accepted);
    if (!is_accepted)
        return refuse_login(connection, start_ok->mechanism);

    connection->user = gmq_slice_dup(user);
    gmq_connection_send(connection, 0,
                        &(GmqMethod){.id              = GMQ_CONNECTION_TUNE,
                                     .connection_tune = {.channel_max = config->channel_max,
                                                         .frame_max   = config->frame_max,
                                                         .heartbeat   = config->heartbeat_s}});
    gmq_connection_move(connection, GMQ_MOVE_LOGGED_IN);
    return true;
}

/* ---- tune-ok (2.8) ---- */

/* A client may lower a limit, not raise it, and 0 means no limit. */
static bool
check_tuned(GmqConnection *connection, const char *what, uint32_t wanted, uint32_t limit,
            uint32_t least)
{
    GmqFault fault = {.class_id = 10, .method_id = 30};

    if (limit != 0 && (wanted == 0 || wanted > limit))
        gmq_fault_set(&fault, GMQ_REPLY_NOT_ALLOWED,
                      "failed to negotiate connection parameters: negotiated %s = %u%s is higher "
                      "than the maximum allowed value (%u)",
                      what, wanted, wanted == 0 ? " (no limit)" : "", limit);
    else if (wanted != 0 && wanted < least)
        gmq_fault_set(&fault, GMQ_REPLY_NOT_ALLOWED,
                      "failed to negotiate connection parameters: negotiated %s = %u is lower "
                      "than the minimum allowed value (%u)",
                      what, wanted, least);
    if (fault.code == 0)
        return true;
    gmq_connection_close(connection, &fault);
    return false;
}

static bool
on_tune_ok(GmqConnection *connection, const GmqMethod *method, GmqFault *fault)
{
    const GmqConnectionTuneOk *tuned = &method->connection_tune_ok;
    const GmqAmqpConfig *config      = &connection->amqp->config;
    uint32_t frame_max_least         = gmq_broker_profile(connection->broker)->frame_max_least;

    (void)fault;
    if (!check_tuned(connection, "frame_max", tuned->frame_max, config->frame_max,
                     frame_max_least) ||
        !check_tuned(connection, "channel_max", tuned->channel_max, config->channel_max, 1))
        return true;
    connection->frame_max   = tuned->frame_max;
    connection->channel_max = tuned->channel_max;
    connection->heartbeat_s = tuned->heartbeat;
    gmq_connection_move(connection, GMQ_MOVE_TUNED);
    gmq_connection_set_whole_max(connection);
    return true;
}

/* ---- open (2.10) ---- */

static bool
on_open(GmqConnection *connection, const GmqMethod *method, GmqFault *fault)
{
    if (!gmq_session_begin(&connection->session, connection->broker, gmq_slice_of(connection->user),
                           method->connection_open.virtual_host, fault))
        return false;
    connection->vhost = connection->session.vhost;
    gmq_connection_send(connection, 0, &(GmqMethod){.id = GMQ_CONNECTION_OPEN_OK});
    gmq_connection_move(connection, GMQ_MOVE_OPENED);
    gmq_timer_stop(gmq_broker_timers(connection->broker), &connection->deadline);
    gmq_connection_start_heartbeat(connection);
    connection->is_announced = true;
    gmq_tell_connection_created(connection);
    if (!gmq_host_is_unheard(connection->host))
        connection->host->note(connection->host,
                               &(GmqEvent){.kind  = GMQ_EVENT_CONNECTION_OPENED,
                                           .vhost = gmq_connection_vhost_name(connection),
                                           .who   = gmq_slice_of(connection->name)});
    return true;
}

/* ---- while it runs ---- */

/* A password is no secret that expires, so there is nothing to compare (2.15). */
static bool
on_update_secret(GmqConnection *connection, const GmqMethod *method, GmqFault *fault)
{
    (void)method;
    (void)fault;
    gmq_connection_send(connection, 0, &(GmqMethod){.id = GMQ_CONNECTION_UPDATE_SECRET_OK});
    return true;
}

/* All channels and exclusive queues are gone before close-ok leaves. Then the client closes the
 * socket; one who has threads may still say the same again, and is answered (2.13). */
static bool
on_close(GmqConnection *connection, const GmqMethod *method, GmqFault *fault)
{
    (void)fault;
    gmq_connection_release(connection, method->connection_close.reply_code,
                           GMQ_SLICE("closed by client"));
    gmq_connection_send(connection, 0, &(GmqMethod){.id = GMQ_CONNECTION_CLOSE_OK});
    if (connection->state == GMQ_STATE_CLOSING)
        return true;
    gmq_connection_move(connection, GMQ_MOVE_SAID_GOODBYE);
    gmq_connection_set_deadline(connection, GMQ_GOODBYE_MS);
    return true;
}

static bool
on_close_ok(GmqConnection *connection, const GmqMethod *method, GmqFault *fault)
{
    (void)method;
    (void)fault;
    gmq_connection_end(connection);
    return true;
}

/* Which method may come in which state; anything else is out of place. */
static const struct {
    GmqConnectionState state;
    GmqMethodId method;
    Handler handler;
} rows[] = {
    {GMQ_STATE_START_OK, GMQ_CONNECTION_START_OK, on_start_ok},
    {GMQ_STATE_TUNE_OK, GMQ_CONNECTION_TUNE_OK, on_tune_ok},
    {GMQ_STATE_OPEN, GMQ_CONNECTION_OPEN, on_open},
    {GMQ_STATE_OPEN, GMQ_CONNECTION_CLOSE, on_close},
    {GMQ_STATE_RUNNING, GMQ_CONNECTION_UPDATE_SECRET, on_update_secret},
    {GMQ_STATE_RUNNING, GMQ_CONNECTION_CLOSE, on_close},
    {GMQ_STATE_CLOSING, GMQ_CONNECTION_CLOSE, on_close},
    {GMQ_STATE_CLOSING, GMQ_CONNECTION_CLOSE_OK, on_close_ok},
};

static bool
dispatch(GmqConnection *connection, const GmqMethod *method, GmqFault *fault)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].state == connection->state && rows[i].method == method->id)
            return rows[i].handler(connection, method, fault);
    }
    return gmq_fault_set(fault, GMQ_REPLY_CHANNEL_ERROR, "unexpected method %s on channel 0",
                         gmq_method_info(method->id)->name);
}

void
gmq_connection_on_method(GmqConnection *connection, const GmqMethod *method)
{
    GmqFault fault = {0};

    if (dispatch(connection, method, &fault) || connection->state == GMQ_STATE_CLOSING)
        return;
    fault.class_id  = gmq_method_info(method->id)->class_id;
    fault.method_id = gmq_method_info(method->id)->method_id;
    gmq_connection_fail(connection, &fault);
}
