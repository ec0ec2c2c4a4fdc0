/* What comes on channel 0: the handshake, the end, and what concerns the whole connection. */
#include "core/base/limits.h"
#include "core/client/inside.h"
#include "core/wire/table.h"

static const char *const capability_names[] = {
    "publisher_confirms",           "basic.nack",
    "consumer_cancel_notify",       "connection.blocked",
    "authentication_failure_close", "exchange_exchange_bindings",
};

static void
add_method(GmqClient *client, const GmqMethod *method)
{
    gmq_method_add_frame(method, 0, &client->output);
}

static void
add_client_properties(const GmqClientConfig *config, GmqBuffer *table)
{
    g_auto(GmqBuffer) capabilities = {0};

    for (size_t i = 0; i < G_N_ELEMENTS(capability_names); i++) {
        if ((config->capabilities & 1u << i) != 0)
            gmq_table_add_bool(&capabilities, capability_names[i], true);
    }
    gmq_table_add_text(table, "product", GMQ_SLICE("GlassMQ"));
    gmq_table_add_table(table, "capabilities", gmq_buffer_slice(&capabilities));
    if (config->name != NULL)
        gmq_table_add_text(table, "connection_name", gmq_slice_of(config->name));
}

/* Answers with mechanism PLAIN: no authorization id, NUL, user, NUL, password (RFC 4616). */
static void
send_start_ok(GmqClient *client)
{
    g_auto(GmqBuffer) properties = {0};
    g_auto(GmqBuffer) response   = {0};

    add_client_properties(&client->config, &properties);
    gmq_buffer_add_u8(&response, 0);
    gmq_buffer_add(&response, client->config.user, strlen(client->config.user));
    gmq_buffer_add_u8(&response, 0);
    gmq_buffer_add(&response, client->config.password, strlen(client->config.password));
    add_method(client, &(GmqMethod){GMQ_CONNECTION_START_OK,
                                    .connection_start_ok = {
                                        .client_properties = gmq_buffer_slice(&properties),
                                        .mechanism         = GMQ_SLICE("PLAIN"),
                                        .response          = gmq_buffer_slice(&response),
                                        .locale            = GMQ_SLICE("en_US"),
                                    }});
}

/* Whether a list of words with single spaces between them holds a word. */
static bool
has_word(GmqSlice list, GmqSlice word)
{
    while (list.size > 0) {
        const uint8_t *space = (const uint8_t *)memchr(list.data, ' ', list.size);
        size_t size          = space == NULL ? list.size : (size_t)(space - list.data);

        if (gmq_slice_equal((GmqSlice){list.data, size}, word))
            return true;
        size = MIN(size + 1, list.size);
        list = (GmqSlice){list.data + size, list.size - size};
    }
    return false;
}

static bool
on_start(GmqClient *client, const GmqMethod *method, GmqFault *fault)
{
    const GmqConnectionStart *start = &method->connection_start;

    if (client->handshake != GMQ_CLIENT_WANT_START)
        return gmq_fault_set(fault, GMQ_REPLY_CHANNEL_ERROR, "connection.start a second time");
    if (start->version_major != 0 || start->version_minor != 9)
        return gmq_fault_set(fault, GMQ_REPLY_NOT_IMPLEMENTED, "the server speaks AMQP %u.%u",
                             start->version_major, start->version_minor);
    if (!has_word(start->mechanisms, GMQ_SLICE("PLAIN")))
        return gmq_fault_set(fault, GMQ_REPLY_NOT_IMPLEMENTED,
                             "the server does not offer the mechanism PLAIN");

    if (client->events->greeted != NULL)
        client->events->greeted(client->user, start);
    send_start_ok(client);
    client->handshake = GMQ_CLIENT_WANT_TUNE;
    return true;
}

/* The smaller of two limits, where 0 is none. */
static uint32_t
lesser(uint32_t ours, uint32_t theirs)
{
    return ours == 0 || theirs == 0 ? MAX(ours, theirs) : MIN(ours, theirs);
}

static bool
on_tune(GmqClient *client, const GmqMethod *method, GmqFault *fault)
{
    const GmqConnectionTune *tune = &method->connection_tune;

    if (client->handshake != GMQ_CLIENT_WANT_TUNE)
        return gmq_fault_set(fault, GMQ_REPLY_CHANNEL_ERROR, "connection.tune out of its turn");
    if (tune->frame_max > 0 && tune->frame_max < GMQ_FRAME_MAX_LEAST)
        return gmq_fault_set(fault, GMQ_REPLY_SYNTAX_ERROR,
                             "frame-max %" G_GUINT32_FORMAT " is less than the least of %d",
                             tune->frame_max, GMQ_FRAME_MAX_LEAST);

    const GmqClientConfig *config = &client->config;
    client->channel_max           = config->insists && config->channel_max > 0
                                        ? config->channel_max
                                        : (uint16_t)lesser(config->channel_max, tune->channel_max);
    client->frame_max             = lesser(config->frame_max, tune->frame_max);
    client->heartbeat_s =
        config->heartbeat_s == 0 ? 0 : (uint16_t)lesser(config->heartbeat_s, tune->heartbeat);

    add_method(client, &(GmqMethod){GMQ_CONNECTION_TUNE_OK,
                                    .connection_tune_ok = {client->channel_max, client->frame_max,
                                                           client->heartbeat_s}});
    add_method(client,
               &(GmqMethod){GMQ_CONNECTION_OPEN,
                            .connection_open = {.virtual_host = gmq_slice_of(config->vhost)}});
    client->handshake = GMQ_CLIENT_WANT_OPEN_OK;
    return true;
}

static bool
on_open_ok(GmqClient *client, G_GNUC_UNUSED const GmqMethod *method, GmqFault *fault)
{
    if (client->handshake != GMQ_CLIENT_WANT_OPEN_OK)
        return gmq_fault_set(fault, GMQ_REPLY_CHANNEL_ERROR, "connection.open-ok out of its turn");

    client->handshake = GMQ_CLIENT_DONE;
    client->state     = GMQ_CLIENT_OPEN;
    if (client->events->opened != NULL)
        client->events->opened(client->user);
    return true;
}

/* When both close at once, each answers the other; then the end is the server's, which had a
 * reason, and is told when our own close is answered. */
static bool
on_close(GmqClient *client, const GmqMethod *method, GmqFault *fault)
{
    const GmqConnectionClose *close = &method->connection_close;
    GmqClientEnd end                = {GMQ_CLIENT_END_SERVERS, close->reply_code, close->class_id,
                                       close->method_id, close->reply_text};

    if (client->has_end)
        return gmq_fault_set(fault, GMQ_REPLY_CHANNEL_ERROR, "connection.close a second time");

    add_method(client, &(GmqMethod){.id = GMQ_CONNECTION_CLOSE_OK});
    if (client->state != GMQ_CLIENT_CLOSING) {
        gmq_client_finish(client, &end);
        return true;
    }
    client->has_end = true;
    end.text.data   = (const uint8_t *)gmq_slice_dup(end.text);
    client->end     = end;
    return true;
}

static bool
on_close_ok(GmqClient *client, G_GNUC_UNUSED const GmqMethod *method, GmqFault *fault)
{
    GmqClientEnd end = {.cause = GMQ_CLIENT_END_OURS, .code = GMQ_REPLY_SUCCESS};

    if (client->state != GMQ_CLIENT_CLOSING)
        return gmq_fault_set(fault, GMQ_REPLY_CHANNEL_ERROR,
                             "connection.close-ok, but no close was sent");
    if (client->has_end)
        end = client->end;
    gmq_client_finish(client, &end);
    return true;
}

/* Only a client that said so is told of this (AMQP.md 24.2). */
static bool
expects_blocked(const GmqClient *client, GmqFault *fault)
{
    if (client->handshake == GMQ_CLIENT_DONE &&
        (client->config.capabilities & GMQ_CLIENT_CONNECTION_BLOCKED) != 0)
        return true;
    return gmq_fault_set(fault, GMQ_REPLY_COMMAND_INVALID,
                         "connection.blocked or -unblocked, which was not asked for");
}

static bool
on_blocked(GmqClient *client, const GmqMethod *method, GmqFault *fault)
{
    if (!expects_blocked(client, fault))
        return false;
    if (client->events->blocked != NULL && gmq_client_is_telling(client, NULL))
        client->events->blocked(client->user, method->connection_blocked.reason);
    return true;
}

static bool
on_unblocked(GmqClient *client, G_GNUC_UNUSED const GmqMethod *method, GmqFault *fault)
{
    if (!expects_blocked(client, fault))
        return false;
    if (client->events->unblocked != NULL && gmq_client_is_telling(client, NULL))
        client->events->unblocked(client->user);
    return true;
}

static bool
on_update_secret_ok(GmqClient *client, const GmqMethod *method, GmqFault *fault)
{
    if (!gmq_client_due_take(&client->due, method->id, 0, NULL, fault))
        return false;
    gmq_client_tell_replied(client, NULL, method);
    return true;
}

typedef bool (*Handler)(GmqClient *client, const GmqMethod *method, GmqFault *fault);

static const Handler handlers[GMQ_N_METHODS] = {
    [GMQ_CONNECTION_START]            = on_start,
    [GMQ_CONNECTION_TUNE]             = on_tune,
    [GMQ_CONNECTION_OPEN_OK]          = on_open_ok,
    [GMQ_CONNECTION_CLOSE]            = on_close,
    [GMQ_CONNECTION_CLOSE_OK]         = on_close_ok,
    [GMQ_CONNECTION_BLOCKED]          = on_blocked,
    [GMQ_CONNECTION_UNBLOCKED]        = on_unblocked,
    [GMQ_CONNECTION_UPDATE_SECRET_OK] = on_update_secret_ok,
};

bool
gmq_client_on_connection(GmqClient *client, const GmqMethod *method, GmqFault *fault)
{
    const char *name = gmq_method_info(method->id)->name;

    if (handlers[method->id] == NULL)
        gmq_fault_set(fault, GMQ_REPLY_COMMAND_INVALID, "%s on channel 0 was not expected", name);
    else if (handlers[method->id](client, method, fault))
        return true;
    return gmq_client_blame(method, fault);
}

bool
gmq_client_blame(const GmqMethod *method, GmqFault *fault)
{
    const GmqMethodInfo *info = gmq_method_info(method->id);

    fault->class_id  = info->class_id;
    fault->method_id = info->method_id;
    return false;
}
