/* What comes on channels 1 and up, but for class basic. */
#include "core/client/inside.h"

GmqClientChannel *
gmq_client_channel(const GmqClient *client, uint16_t number)
{
    if (number >= client->channels->len)
        return NULL;

    GmqClientChannel *channel = (GmqClientChannel *)client->channels->pdata[number];
    return channel == NULL || channel->state == GMQ_CLIENT_CHANNEL_CLOSED ? NULL : channel;
}

GmqClientChannel *
gmq_client_channel_at(GmqClient *client, uint16_t number)
{
    if (number >= client->channels->len)
        g_ptr_array_set_size(client->channels, number + 1);

    GmqClientChannel *channel = (GmqClientChannel *)client->channels->pdata[number];
    if (channel == NULL) {
        channel         = g_new0(GmqClientChannel, 1);
        channel->number = number;

        client->channels->pdata[number] = channel;
    }
    g_assert(channel->state == GMQ_CLIENT_CHANNEL_CLOSED);
    return channel;
}

/* Back to what a number is before its first use. */
static void
reset(GmqClientChannel *channel)
{
    channel->state         = GMQ_CLIENT_CHANNEL_CLOSED;
    channel->confirming    = false;
    channel->published     = 0;
    channel->mandatory     = 0;
    channel->delivered     = 0;
    channel->has_lingering = false;
    gmq_client_due_clear(&channel->due);
    gmq_client_arrival_clear(&channel->arrival);
    g_clear_pointer(&channel->tags, gmq_client_tags_free);
}

void
gmq_client_channel_free(GmqClientChannel *channel)
{
    if (channel == NULL)
        return;
    reset(channel);
    g_free(channel);
}

bool
gmq_client_is_telling(const GmqClient *client, const GmqClientChannel *channel)
{
    return client->state == GMQ_CLIENT_OPEN &&
           (channel == NULL || channel->state == GMQ_CLIENT_CHANNEL_OPEN);
}

void
gmq_client_tell_replied(GmqClient *client, const GmqClientChannel *channel, const GmqMethod *method)
{
    if (client->events->replied != NULL && gmq_client_is_telling(client, channel))
        client->events->replied(client->user, channel == NULL ? 0 : channel->number, method);
}

bool
gmq_client_on_answer(GmqClient *client, GmqClientChannel *channel, const GmqMethod *method,
                     GmqFault *fault)
{
    if (!gmq_client_due_take(&channel->due, method->id, channel->number, NULL, fault))
        return false;
    gmq_client_tell_replied(client, channel, method);
    return true;
}

static bool
on_open_ok(GmqClient *client, GmqClientChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    if (!gmq_client_due_take(&channel->due, method->id, channel->number, NULL, fault))
        return false;
    if (channel->state == GMQ_CLIENT_CHANNEL_OPENING)
        channel->state = GMQ_CLIENT_CHANNEL_OPEN;
    if (client->events->channel_opened != NULL && gmq_client_is_telling(client, channel))
        client->events->channel_opened(client->user, channel->number);
    return true;
}

/* The number is free before the user is told, who may open it again at once. */
static void
end_channel(GmqClient *client, GmqClientChannel *channel, const GmqClientEnd *end)
{
    reset(channel);
    if (client->events->channel_closed != NULL && client->state == GMQ_CLIENT_OPEN)
        client->events->channel_closed(client->user, channel->number, end);
}

/* When both close at once, the server drops what we sent before it saw our close, and so owes only
 * its close-ok (AMQP.md 7.3). */
static bool
on_close(GmqClient *client, GmqClientChannel *channel, const GmqMethod *method,
         G_GNUC_UNUSED GmqFault *fault)
{
    const GmqChannelClose *close = &method->channel_close;
    const GmqClientEnd end       = {GMQ_CLIENT_END_SERVERS, close->reply_code, close->class_id,
                                    close->method_id, close->reply_text};

    if (client->state == GMQ_CLIENT_OPEN)
        gmq_method_add_frame(&(GmqMethod){.id = GMQ_CHANNEL_CLOSE_OK}, channel->number,
                             &client->output);
    if (channel->state != GMQ_CLIENT_CHANNEL_CLOSING) {
        end_channel(client, channel, &end);
        return true;
    }
    gmq_client_due_clear(&channel->due);
    gmq_client_due_add(&channel->due, GMQ_CHANNEL_CLOSE_OK, (GmqSlice){NULL, 0});
    return true;
}

static bool
on_close_ok(GmqClient *client, GmqClientChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    const GmqClientEnd end = {.cause = GMQ_CLIENT_END_OURS, .code = GMQ_REPLY_SUCCESS};

    if (!gmq_client_due_take(&channel->due, method->id, channel->number, NULL, fault))
        return false;
    end_channel(client, channel, &end);
    return true;
}

/* RabbitMQ never sends this one; others may. */
static bool
on_flow(GmqClient *client, GmqClientChannel *channel, const GmqMethod *method,
        G_GNUC_UNUSED GmqFault *fault)
{
    if (!gmq_client_is_telling(client, channel))
        return true;
    gmq_method_add_frame(
        &(GmqMethod){GMQ_CHANNEL_FLOW_OK, .channel_flow_ok = {method->channel_flow.active}},
        channel->number, &client->output);
    gmq_client_tell_replied(client, channel, method);
    return true;
}

static const GmqClientHandler handlers[GMQ_N_METHODS] = {
    [GMQ_CHANNEL_OPEN_OK]     = on_open_ok,
    [GMQ_CHANNEL_FLOW]        = on_flow,
    [GMQ_CHANNEL_FLOW_OK]     = gmq_client_on_answer,
    [GMQ_CHANNEL_CLOSE]       = on_close,
    [GMQ_CHANNEL_CLOSE_OK]    = on_close_ok,
    [GMQ_ACCESS_REQUEST_OK]   = gmq_client_on_answer,
    [GMQ_EXCHANGE_DECLARE_OK] = gmq_client_on_answer,
    [GMQ_EXCHANGE_DELETE_OK]  = gmq_client_on_answer,
    [GMQ_EXCHANGE_BIND_OK]    = gmq_client_on_answer,
    [GMQ_EXCHANGE_UNBIND_OK]  = gmq_client_on_answer,
    [GMQ_QUEUE_DECLARE_OK]    = gmq_client_on_answer,
    [GMQ_QUEUE_BIND_OK]       = gmq_client_on_answer,
    [GMQ_QUEUE_PURGE_OK]      = gmq_client_on_answer,
    [GMQ_QUEUE_DELETE_OK]     = gmq_client_on_answer,
    [GMQ_QUEUE_UNBIND_OK]     = gmq_client_on_answer,
    [GMQ_CONFIRM_SELECT_OK]   = gmq_client_on_answer,
    [GMQ_TX_SELECT_OK]        = gmq_client_on_answer,
    [GMQ_TX_COMMIT_OK]        = gmq_client_on_answer,
    [GMQ_TX_ROLLBACK_OK]      = gmq_client_on_answer,
};

static GmqClientHandler
handler_of(GmqMethodId id)
{
    return handlers[id] != NULL ? handlers[id] : gmq_client_basic_handler(id);
}

/* Whether the server may say that on the channel as it is. */
static bool
may_come(const GmqClientChannel *channel, const GmqMethod *method, uint16_t number, GmqFault *fault)
{
    const char *name = gmq_method_info(method->id)->name;

    if (channel == NULL)
        return gmq_fault_set(fault, GMQ_REPLY_CHANNEL_ERROR, "%s on channel %u, which is not open",
                             name, number);
    if (channel->arrival.stage != GMQ_CLIENT_NO_CONTENT)
        return gmq_fault_set(fault, GMQ_REPLY_UNEXPECTED_FRAME,
                             "%s on channel %u, where content is due", name, number);
    if (channel->state == GMQ_CLIENT_CHANNEL_OPENING && method->id != GMQ_CHANNEL_OPEN_OK &&
        method->id != GMQ_CHANNEL_CLOSE)
        return gmq_fault_set(fault, GMQ_REPLY_CHANNEL_ERROR,
                             "%s on channel %u, where channel.open-ok is due", name, number);
    if (handler_of(method->id) == NULL)
        return gmq_fault_set(fault, GMQ_REPLY_COMMAND_INVALID,
                             "%s on channel %u, which a server never sends there", name, number);
    return true;
}

bool
gmq_client_on_channel(GmqClient *client, const GmqFrame *frame, GmqFault *fault)
{
    GmqClientChannel *channel = gmq_client_channel(client, frame->channel);
    GmqMethod method;

    if (!gmq_method_decode(frame->payload, &method, fault))
        return false;
    if (!may_come(channel, &method, frame->channel, fault) ||
        !handler_of(method.id)(client, channel, &method, fault))
        return gmq_client_blame(&method, fault);
    if (gmq_method_info(method.id)->has_content)
        gmq_client_expect_content(client, channel, &method, frame->payload);
    return true;
}
