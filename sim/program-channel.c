/* What a real program says and hears on a channel, as the events of a client. */
#include "sim/finish.h"
#include "sim/program-private.h"
#include "sim/world-private.h"

/* So much of a body is shown. */
#define SHOWN_BODY_MAX 200

/* ---- making ---- */

static void
free_delivery(void *data)
{
    GmqProgramDelivery *delivery = data;

    g_free(delivery->queue);
    g_free(delivery->name);
    g_free(delivery);
}

static void
free_consumer(void *data)
{
    GmqProgramConsumer *consumer = data;

    g_free(consumer->tag);
    g_free(consumer->queue);
    g_free(consumer);
}

static void
init_content(GmqProgramContent *content)
{
    content->method = g_byte_array_new();
    content->header = g_byte_array_new();
    content->body   = g_byte_array_new();
}

static void
clear_content(GmqProgramContent *content)
{
    g_byte_array_unref(content->method);
    g_byte_array_unref(content->header);
    g_byte_array_unref(content->body);
}

void
gmq_program_channel_free(void *data)
{
    GmqProgramChannel *channel = data;

    g_ptr_array_unref(channel->names);
    g_ptr_array_unref(channel->taken);
    g_ptr_array_unref(channel->takers);
    g_ptr_array_unref(channel->getters);
    clear_content(&channel->said);
    clear_content(&channel->heard);
    g_free(channel);
}

GmqProgramChannel *
gmq_program_channel(GPtrArray *channels, uint16_t number)
{
    for (unsigned i = 0; i < channels->len; i++) {
        GmqProgramChannel *channel = channels->pdata[i];

        if (channel->number == number)
            return channel;
    }
    GmqProgramChannel *channel = g_new0(GmqProgramChannel, 1);
    channel->number            = number;
    channel->names             = g_ptr_array_new_with_free_func(g_free);
    channel->taken             = g_ptr_array_new_with_free_func(free_delivery);
    channel->takers            = g_ptr_array_new_with_free_func(free_consumer);
    channel->getters           = g_ptr_array_new_with_free_func(free_consumer);
    init_content(&channel->said);
    init_content(&channel->heard);
    g_ptr_array_add(channels, channel);
    return channel;
}

/* ---- what it sends ---- */

bool
gmq_program_name_message(GmqSimClient *client, GByteArray *header, uint64_t body_size)
{
    g_autoptr(GString) name   = g_string_new(NULL);
    g_auto(GmqBuffer) renewed = {0};
    GmqProperties properties;
    GmqFault fault;

    if (!gmq_properties_decode(gmq_bytes_slice(header), &properties, &fault) ||
        properties.message_id.size > 0)
        return false;
    gmq_outgoing_set_name(name, client->spec->name, ++client->n_named);
    properties.present |= GMQ_PROPERTY_BIT(GMQ_PROPERTY_MESSAGE_ID);
    properties.message_id = gmq_slice_of(name->str);
    gmq_properties_encode(&properties, body_size, &renewed);
    g_byte_array_set_size(header, 0);
    g_byte_array_append(header, renewed.data, (unsigned)renewed.size);
    return true;
}

/* The text as far as it is one. */
static GmqSlice
shown(const GByteArray *body)
{
    const char *end;

    g_utf8_validate_len((const char *)body->data, MIN(body->len, SHOWN_BODY_MAX), &end);
    return (GmqSlice){body->data, body->len == 0 ? 0 : (size_t)((const uint8_t *)end - body->data)};
}

void
gmq_program_note_sent(GmqSimClient *client, GmqProgramChannel *channel)
{
    GmqWorld *world                  = client->world;
    const GmqProgramContent *content = &channel->said;
    GmqProperties properties;
    GmqMethod method;
    GmqFault fault;

    if (!gmq_method_decode(gmq_bytes_slice(content->method), &method, &fault) ||
        !gmq_properties_decode(gmq_bytes_slice(content->header), &properties, &fault))
        return;
    world->body_bytes += content->body->len;
    gmq_check_forwarded(world->check, client->peer->name, &properties,
                        gmq_bytes_slice(content->body));
    if (channel->is_confirming)
        g_ptr_array_add(channel->names, gmq_slice_dup(properties.message_id));
    gmq_sim_client_note(client, (GmqEvent){.kind       = GMQ_EVENT_CLIENT_SENT,
                                           .to         = method.basic_publish.exchange,
                                           .key        = method.basic_publish.routing_key,
                                           .message_id = properties.message_id,
                                           .count      = properties.delivery_mode == 2,
                                           .text       = shown(content->body)});
}

/* ---- what comes ---- */

static const GmqProgramConsumer *
find_consumer(const GPtrArray *consumers, GmqSlice tag)
{
    for (unsigned i = 0; i < consumers->len; i++) {
        const GmqProgramConsumer *consumer = consumers->pdata[i];

        if (consumer->tag != NULL && gmq_slice_equal(gmq_slice_of(consumer->tag), tag))
            return consumer;
    }
    return NULL;
}

static void
note_finished(GmqSimClient *client, const char *queue, GmqSlice name, uint64_t tag, const char *end)
{
    gmq_sim_client_note(client, (GmqEvent){.kind       = GMQ_EVENT_CLIENT_FINISHED,
                                           .to         = gmq_slice_of(queue),
                                           .message_id = name,
                                           .tag        = tag,
                                           .text       = gmq_slice_of(end)});
}

static int64_t
work_of(const GmqClientSpec *spec, const GByteArray *body)
{
    int64_t dots = 0;

    if (!spec->work_per_dot)
        return spec->work_exponential ? 0 : spec->work_ns;
    for (unsigned i = 0; i < body->len; i++)
        dots += body->data[i] == '.';
    return dots * spec->work_ns;
}

static void
take(GmqSimClient *client, GmqProgramChannel *channel, const GmqProgramConsumer *from, uint64_t tag,
     bool redelivered)
{
    const char *queue = from == NULL ? "" : from->queue;
    GmqProperties properties;
    GmqFault fault;

    if (!gmq_properties_decode(gmq_bytes_slice(channel->heard.header), &properties, &fault))
        properties = (GmqProperties){0};
    gmq_sim_client_note(
        client, (GmqEvent){.kind       = GMQ_EVENT_CLIENT_RECEIVED,
                           .cause      = gmq_sim_peer_take_sent(client->peer, GMQ_SENT_DELIVERY),
                           .to         = gmq_slice_of(queue),
                           .message_id = properties.message_id,
                           .tag        = tag,
                           .count = (uint64_t)work_of(client->spec, channel->heard.body) / 1000000,
                           .redelivered = redelivered});
    if (from != NULL && from->is_no_ack) {
        note_finished(client, queue, properties.message_id, tag, GMQ_FINISH_SETTLED);
        return;
    }
    GmqProgramDelivery *delivery = g_new0(GmqProgramDelivery, 1);
    *delivery = (GmqProgramDelivery){tag, g_strdup(queue), gmq_slice_dup(properties.message_id)};
    g_ptr_array_add(channel->taken, delivery);
}

static void
note_returned(GmqSimClient *client, const GmqProgramChannel *channel, const GmqBasicReturn *method)
{
    GmqProperties properties;
    GmqFault fault;

    if (!gmq_properties_decode(gmq_bytes_slice(channel->heard.header), &properties, &fault))
        return;
    gmq_sim_client_note(client,
                        (GmqEvent){.kind  = GMQ_EVENT_CLIENT_RETURNED,
                                   .cause = gmq_sim_peer_take_sent(client->peer, GMQ_SENT_RETURN),
                                   .key   = method->routing_key,
                                   .message_id = properties.message_id,
                                   .count      = method->reply_code,
                                   .text       = method->reply_text});
}

void
gmq_program_note_heard(GmqSimClient *client, GmqProgramChannel *channel)
{
    GmqMethod method;
    GmqFault fault;

    if (!gmq_method_decode(gmq_bytes_slice(channel->heard.method), &method, &fault))
        return;
    if (method.id == GMQ_BASIC_DELIVER)
        take(client, channel, find_consumer(channel->takers, method.basic_deliver.consumer_tag),
             method.basic_deliver.delivery_tag, method.basic_deliver.redelivered);
    else if (method.id == GMQ_BASIC_RETURN)
        note_returned(client, channel, &method.basic_return);
    else if (method.id == GMQ_BASIC_GET_OK && channel->getters->len > 0) {
        take(client, channel, channel->getters->pdata[0], method.basic_get_ok.delivery_tag,
             method.basic_get_ok.redelivered);
        g_ptr_array_remove_index(channel->getters, 0);
    }
}

/* ---- methods ---- */

/* Tag 0 with multiple means all. */
static void
settle(GmqSimClient *client, GmqProgramChannel *channel, uint64_t tag, bool is_multiple,
       const char *end)
{
    for (unsigned i = 0; i < channel->taken->len;) {
        const GmqProgramDelivery *delivery = channel->taken->pdata[i];
        bool is_meant = is_multiple ? tag == 0 || delivery->tag <= tag : delivery->tag == tag;

        if (!is_meant) {
            i++;
            continue;
        }
        note_finished(client, delivery->queue, gmq_slice_of(delivery->name), delivery->tag, end);
        g_ptr_array_remove_index(channel->taken, i);
    }
}

static void
add_consumer(GPtrArray *consumers, GmqSlice tag, GmqSlice queue, bool is_no_ack)
{
    GmqProgramConsumer *consumer = g_new0(GmqProgramConsumer, 1);

    consumer->tag       = tag.size == 0 ? NULL : gmq_slice_dup(tag);
    consumer->queue     = gmq_slice_dup(queue);
    consumer->is_no_ack = is_no_ack;
    g_ptr_array_add(consumers, consumer);
}

void
gmq_program_said_method(GmqSimClient *client, GmqProgramChannel *channel, const GmqMethod *method)
{
    switch (method->id) {
    case GMQ_BASIC_ACK:
        settle(client, channel, method->basic_ack.delivery_tag, method->basic_ack.multiple,
               method->basic_ack.multiple ? GMQ_FINISH_ACK_ALL : GMQ_FINISH_ACK);
        return;
    case GMQ_BASIC_NACK:
        settle(client, channel, method->basic_nack.delivery_tag, method->basic_nack.multiple,
               method->basic_nack.requeue ? GMQ_FINISH_REQUEUE : GMQ_FINISH_REJECT);
        return;
    case GMQ_BASIC_REJECT:
        settle(client, channel, method->basic_reject.delivery_tag, false,
               method->basic_reject.requeue ? GMQ_FINISH_REQUEUE : GMQ_FINISH_REJECT);
        return;
    case GMQ_CONFIRM_SELECT:
        channel->is_confirming = true;
        return;
    case GMQ_BASIC_CONSUME:
        add_consumer(channel->takers, method->basic_consume.consumer_tag,
                     method->basic_consume.queue, method->basic_consume.no_ack);
        return;
    case GMQ_BASIC_GET:
        add_consumer(channel->getters, (GmqSlice){0}, method->basic_get.queue,
                     method->basic_get.no_ack);
        return;
    default:
        return;
    }
}

/* Confirms count from 1 on. */
static void
confirm(GmqSimClient *client, GmqProgramChannel *channel, uint64_t tag, bool is_multiple,
        bool is_ack)
{
    uint64_t cause = gmq_sim_peer_take_sent(client->peer, GMQ_SENT_CONFIRM);

    for (unsigned i = 0; i < channel->names->len && i < tag; i++) {
        char *name = channel->names->pdata[i];

        if (name == NULL || (!is_multiple && i + 1 != tag))
            continue;
        gmq_sim_client_note(client, (GmqEvent){.kind       = is_ack ? GMQ_EVENT_CLIENT_CONFIRMED
                                                                    : GMQ_EVENT_CLIENT_NACKED,
                                               .cause      = cause,
                                               .message_id = gmq_slice_of(name),
                                               .tag        = i + 1});
        channel->names->pdata[i] = NULL;
        g_free(name);
    }
}

/* The broker's answer to the oldest consumer that has no tag yet. */
static void
learn_tag(const GmqProgramChannel *channel, GmqSlice tag)
{
    if (find_consumer(channel->takers, tag) != NULL)
        return;
    for (unsigned i = 0; i < channel->takers->len; i++) {
        GmqProgramConsumer *consumer = channel->takers->pdata[i];

        if (consumer->tag != NULL)
            continue;
        consumer->tag = gmq_slice_dup(tag);
        return;
    }
}

static void
note_cancelled(GmqSimClient *client, const GmqProgramChannel *channel, GmqSlice tag)
{
    const GmqProgramConsumer *consumer = find_consumer(channel->takers, tag);

    gmq_sim_client_note(client,
                        (GmqEvent){.kind = GMQ_EVENT_CLIENT_CANCELLED,
                                   .to   = gmq_slice_of(consumer == NULL ? "" : consumer->queue),
                                   .text = tag});
}

void
gmq_program_heard_method(GmqSimClient *client, GmqProgramChannel *channel, const GmqMethod *method)
{
    switch (method->id) {
    case GMQ_BASIC_ACK:
        confirm(client, channel, method->basic_ack.delivery_tag, method->basic_ack.multiple, true);
        return;
    case GMQ_BASIC_NACK:
        confirm(client, channel, method->basic_nack.delivery_tag, method->basic_nack.multiple,
                false);
        return;
    case GMQ_BASIC_CONSUME_OK:
        learn_tag(channel, method->basic_consume_ok.consumer_tag);
        return;
    case GMQ_BASIC_GET_EMPTY:
        if (channel->getters->len > 0)
            g_ptr_array_remove_index(channel->getters, 0);
        return;
    case GMQ_BASIC_CANCEL:
        note_cancelled(client, channel, method->basic_cancel.consumer_tag);
        return;
    default:
        return;
    }
}
