#include "core/client/send.h"

#include "core/base/limits.h"
#include "core/client/inside.h"

/* The channel when methods may be sent on it, else NULL. */
static GmqClientChannel *
usable(const GmqClient *client, uint16_t number)
{
    if (client->state != GMQ_CLIENT_OPEN)
        return NULL;

    GmqClientChannel *channel = gmq_client_channel(client, number);
    return channel == NULL || channel->state == GMQ_CLIENT_CHANNEL_CLOSING ? NULL : channel;
}

/* Sends a method and notes its answer as due, with the consumer tag if it is about one. */
static void
request(GmqClient *client, GmqClientChannel *channel, const GmqMethod *method, GmqSlice tag)
{
    GmqMethodId answer = gmq_client_answer_to(method);

    if (answer != GMQ_N_METHODS)
        gmq_client_due_add(&channel->due, answer, tag);
    gmq_method_add_frame(method, channel->number, &client->output);
}

uint16_t
gmq_client_free_channel(const GmqClient *client)
{
    unsigned most = client->channel_max == 0 ? UINT16_MAX : client->channel_max;

    for (unsigned number = 1; number <= most; number++) {
        if (gmq_client_channel(client, (uint16_t)number) == NULL)
            return (uint16_t)number;
    }
    return 0;
}

bool
gmq_client_open_channel(GmqClient *client, uint16_t number)
{
    if (client->state != GMQ_CLIENT_OPEN || number == 0 ||
        (client->channel_max > 0 && number > client->channel_max) ||
        gmq_client_channel(client, number) != NULL)
        return false;

    GmqClientChannel *channel = gmq_client_channel_at(client, number);
    channel->state            = GMQ_CLIENT_CHANNEL_OPENING;
    request(client, channel, &(GmqMethod){.id = GMQ_CHANNEL_OPEN}, (GmqSlice){NULL, 0});
    return true;
}

bool
gmq_client_close_channel(GmqClient *client, uint16_t number, uint16_t code, const char *text)
{
    GmqClientChannel *channel = usable(client, number);
    if (channel == NULL)
        return false;

    GmqMethod close = {
        GMQ_CHANNEL_CLOSE,
        .channel_close = {.reply_code = code, .reply_text = gmq_slice_of(text)},
    };
    request(client, channel, &close, (GmqSlice){NULL, 0});
    channel->state = GMQ_CLIENT_CHANNEL_CLOSING;
    return true;
}

bool
gmq_client_has_channel(const GmqClient *client, uint16_t number)
{
    return usable(client, number) != NULL;
}

/* Without consume-ok the consumer counts from now on. */
static void
note_consumer(GmqClientChannel *channel, const GmqBasicConsume *consume)
{
    if (!consume->nowait)
        return;
    g_assert(consume->consumer_tag.size > 0);

    if (channel->tags == NULL)
        channel->tags = gmq_client_tags_new();
    gmq_client_tags_add(channel->tags, consume->consumer_tag);
}

bool
gmq_client_send(GmqClient *client, uint16_t number, const GmqMethod *method)
{
    const GmqMethodInfo *info = gmq_method_info(method->id);
    GmqClientChannel *channel = usable(client, number);
    GmqSlice tag              = {NULL, 0};

    g_assert((info->from & GMQ_FROM_CLIENT) != 0);
    g_assert(!info->has_content);
    g_assert(info->class_id != gmq_method_info(GMQ_CONNECTION_CLOSE)->class_id);
    g_assert(method->id != GMQ_CHANNEL_OPEN);
    g_assert(method->id != GMQ_CHANNEL_CLOSE);
    g_assert(method->id != GMQ_CHANNEL_CLOSE_OK);

    if (channel == NULL)
        return false;
    if (method->id == GMQ_BASIC_CONSUME) {
        tag = method->basic_consume.consumer_tag;
        note_consumer(channel, &method->basic_consume);
    } else if (method->id == GMQ_BASIC_CANCEL) {
        tag = method->basic_cancel.consumer_tag;
        channel->has_lingering |= method->basic_cancel.nowait;
    } else if (method->id == GMQ_CONFIRM_SELECT) {
        channel->confirming = true;
    }
    request(client, channel, method, tag);
    return true;
}

static void
add_publish(GmqClient *client, GmqClientChannel *channel, const GmqBasicPublish *publish)
{
    GmqMethod method = {GMQ_BASIC_PUBLISH, .basic_publish = *publish};

    gmq_method_add_frame(&method, channel->number, &client->output);
    channel->published += channel->confirming;
    channel->mandatory += publish->mandatory || publish->immediate;
}

/* An empty body has no frame (AMQP.md 4.4). */
static void
add_body(GmqClient *client, uint16_t number, GmqSlice body)
{
    size_t most  = client->frame_max == 0 ? GMQ_FRAME_MAX_DEFAULT : client->frame_max;
    size_t piece = most - GMQ_FRAME_OVERHEAD;

    gmq_buffer_reserve(&client->output, body.size + (body.size / piece + 1) * GMQ_FRAME_OVERHEAD);
    while (body.size > 0) {
        size_t size = MIN(piece, body.size);

        gmq_frame_add(&client->output, GMQ_FRAME_BODY, number, (GmqSlice){body.data, size});
        body.data += size;
        body.size -= size;
    }
}

bool
gmq_client_publish(GmqClient *client, uint16_t number, const GmqBasicPublish *publish,
                   const GmqProperties *properties, GmqSlice body)
{
    GmqClientChannel *channel = usable(client, number);
    if (channel == NULL)
        return false;

    add_publish(client, channel, publish);
    size_t begin = gmq_frame_begin(&client->output, GMQ_FRAME_HEADER, number);
    gmq_properties_encode(properties, body.size, &client->output);
    gmq_frame_end(&client->output, begin);
    add_body(client, number, body);
    return true;
}

bool
gmq_client_forward(GmqClient *client, uint16_t number, const GmqBasicPublish *publish,
                   const GmqClientContent *content)
{
    GmqClientChannel *channel = usable(client, number);
    uint64_t body_size;
    GmqFault fault;

    bool fits = gmq_content_header_check(content->header, &body_size, &fault);
    g_assert(fits);
    g_assert(body_size == content->body.size);
    if (channel == NULL)
        return false;

    add_publish(client, channel, publish);
    gmq_frame_add(&client->output, GMQ_FRAME_HEADER, number, content->header);
    add_body(client, number, content->body);
    return true;
}

uint64_t
gmq_client_published(const GmqClient *client, uint16_t number)
{
    const GmqClientChannel *channel = gmq_client_channel(client, number);
    return channel == NULL ? 0 : channel->published;
}

bool
gmq_client_ack(GmqClient *client, uint16_t number, uint64_t tag, bool multiple)
{
    return gmq_client_send(
        client, number,
        &(GmqMethod){GMQ_BASIC_ACK, .basic_ack = {.delivery_tag = tag, .multiple = multiple}});
}

bool
gmq_client_nack(GmqClient *client, uint16_t number, uint64_t tag, bool multiple, bool requeue)
{
    return gmq_client_send(client, number,
                           &(GmqMethod){GMQ_BASIC_NACK, .basic_nack = {.delivery_tag = tag,
                                                                       .multiple     = multiple,
                                                                       .requeue      = requeue}});
}

bool
gmq_client_reject(GmqClient *client, uint16_t number, uint64_t tag, bool requeue)
{
    return gmq_client_send(
        client, number,
        &(GmqMethod){GMQ_BASIC_REJECT, .basic_reject = {.delivery_tag = tag, .requeue = requeue}});
}

bool
gmq_client_update_secret(GmqClient *client, GmqSlice secret, const char *reason)
{
    if (client->state != GMQ_CLIENT_OPEN)
        return false;

    GmqMethod method = {
        GMQ_CONNECTION_UPDATE_SECRET,
        .connection_update_secret = {.new_secret = secret, .reason = gmq_slice_of(reason)},
    };
    gmq_client_due_add(&client->due, gmq_client_answer_to(&method), (GmqSlice){NULL, 0});
    gmq_method_add_frame(&method, 0, &client->output);
    return true;
}
