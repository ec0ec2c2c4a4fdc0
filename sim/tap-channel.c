/* What goes by on a channel: publishes, deliveries, and what becomes of them. */
#include "core/wire/table.h"
#include "sim/tap-private.h"

static void
free_delivery(void *data)
{
    GmqTapDelivery *delivery = data;

    g_free(delivery->queue);
    g_free(delivery->name);
    g_free(delivery);
}

static void
init_content(GmqTapContent *content)
{
    content->method = g_byte_array_new();
    content->header = g_byte_array_new();
}

static void
clear_content(GmqTapContent *content)
{
    g_byte_array_unref(content->method);
    g_byte_array_unref(content->header);
}

GmqTapChannel *
gmq_tap_channel_new(uint16_t number)
{
    GmqTapChannel *channel = g_new0(GmqTapChannel, 1);

    channel->number     = number;
    channel->consumers  = g_ptr_array_new_with_free_func((GDestroyNotify)gmq_tap_consumer_free);
    channel->deliveries = g_ptr_array_new_with_free_func(free_delivery);
    g_queue_init(&channel->requests);
    init_content(&channel->sent);
    init_content(&channel->received);
    return channel;
}

void
gmq_tap_channel_free(GmqTapChannel *channel)
{
    gmq_tap_forget_requests(channel);
    g_ptr_array_unref(channel->consumers);
    g_ptr_array_unref(channel->deliveries);
    clear_content(&channel->sent);
    clear_content(&channel->received);
    g_free(channel);
}

/* ---- deliveries come ---- */

static GmqSlice
connection_name(const GmqTap *tap)
{
    return gmq_slice_of(tap->peer->name);
}

static void
note_entered(GmqTap *tap, GmqSlice queue, GmqSlice name)
{
    gmq_tap_note(tap, &(GmqEvent){.kind       = GMQ_EVENT_ENQUEUED,
                                  .who        = queue,
                                  .message_id = name,
                                  .text       = GMQ_SLICE("consumer")});
}

static const GmqTapConsumer *
find_consumer(const GmqTapChannel *channel, GmqSlice tag)
{
    for (unsigned i = 0; i < channel->consumers->len; i++) {
        const GmqTapConsumer *consumer = channel->consumers->pdata[i];

        if (gmq_slice_equal(gmq_slice_of(consumer->tag), tag))
            return consumer;
    }
    return NULL;
}

static void
remember_delivery(GmqTapChannel *channel, const GmqEvent *event, uint64_t number)
{
    GmqTapDelivery *delivery = g_new0(GmqTapDelivery, 1);

    delivery->tag    = event->tag;
    delivery->number = number;
    delivery->queue  = gmq_slice_dup(event->who);
    delivery->name   = gmq_slice_dup(event->message_id);
    g_ptr_array_add(channel->deliveries, delivery);
}

/* A message leaves a queue; event says how, and lacks its number. */
static void
take_out(GmqTap *tap, GmqTapChannel *channel, GmqEvent *event, bool is_no_ack)
{
    if (gmq_tap_book_take(tap->book, event->who, event->message_id, event->redelivered))
        note_entered(tap, event->who, event->message_id);

    uint64_t number = gmq_tap_note(tap, event);
    gmq_sim_peer_note_sent(tap->peer, GMQ_SENT_DELIVERY, number);
    if (!is_no_ack) {
        remember_delivery(channel, event, number);
        return;
    }
    event->kind  = GMQ_EVENT_SETTLED_UNSEEN;
    event->cause = number;
    gmq_tap_note(tap, event);
}

static void
deliver(GmqTap *tap, GmqTapChannel *channel, const GmqBasicDeliver *method, GmqSlice name)
{
    const GmqTapConsumer *consumer = find_consumer(channel, method->consumer_tag);
    GmqEvent event                 = {
                        .kind        = GMQ_EVENT_DELIVERED,
                        .who         = gmq_slice_of(consumer == NULL ? "" : consumer->queue),
                        .to          = connection_name(tap),
                        .message_id  = name,
                        .tag         = method->delivery_tag,
                        .channel     = channel->number,
                        .redelivered = method->redelivered,
                        .text        = method->consumer_tag,
    };
    take_out(tap, channel, &event, consumer != NULL && consumer->is_no_ack);
}

static void
get(GmqTap *tap, GmqTapChannel *channel, const GmqBasicGetOk *method, GmqSlice name)
{
    const GmqTapRequest *request   = g_queue_peek_head(&channel->requests);
    const GmqTapConsumer *consumer = request == NULL ? NULL : request->consumer;
    g_autofree char *queue         = g_strdup(consumer == NULL ? "" : consumer->queue);
    bool is_no_ack                 = consumer != NULL && consumer->is_no_ack;
    GmqEvent event                 = {
                        .kind        = GMQ_EVENT_GOT,
                        .who         = gmq_slice_of(queue),
                        .to          = connection_name(tap),
                        .message_id  = name,
                        .tag         = method->delivery_tag,
                        .channel     = channel->number,
                        .redelivered = method->redelivered,
                        .count       = method->message_count,
    };

    gmq_tap_answer(tap, channel, &(GmqMethod){.id = GMQ_BASIC_GET_OK});
    take_out(tap, channel, &event, is_no_ack);
}

static void
give_back(GmqTap *tap, GmqTapChannel *channel, const GmqBasicReturn *method, GmqSlice name)
{
    uint64_t number = gmq_tap_note(tap, &(GmqEvent){.kind    = GMQ_EVENT_RETURNED,
                                                    .who     = connection_name(tap),
                                                    .key     = method->routing_key,
                                                    .message = gmq_tap_book_find(tap->book, name),
                                                    .channel = channel->number,
                                                    .count   = method->reply_code});
    gmq_sim_peer_note_sent(tap->peer, GMQ_SENT_RETURN, number);
}

void
gmq_tap_content_received(GmqTap *tap, GmqTapChannel *channel, const GmqMethod *method,
                         GmqSlice header)
{
    GmqProperties properties;
    GmqFault fault;

    if (!gmq_properties_decode(header, &properties, &fault))
        properties = (GmqProperties){0};
    if (method->id == GMQ_BASIC_DELIVER)
        deliver(tap, channel, &method->basic_deliver, properties.message_id);
    else if (method->id == GMQ_BASIC_GET_OK)
        get(tap, channel, &method->basic_get_ok, properties.message_id);
    else if (method->id == GMQ_BASIC_RETURN)
        give_back(tap, channel, &method->basic_return, properties.message_id);
}

/* ---- messages go ---- */

void
gmq_tap_content_sent(GmqTap *tap, GmqTapChannel *channel, const GmqMethod *method, GmqSlice header,
                     uint64_t body_size)
{
    GmqProperties properties;
    GmqFault fault;

    if (method->id != GMQ_BASIC_PUBLISH)
        return;
    if (!gmq_properties_decode(header, &properties, &fault))
        properties = (GmqProperties){0};
    channel->published += channel->is_confirming;
    gmq_tap_note(tap, &(GmqEvent){.kind       = GMQ_EVENT_PUBLISHED,
                                  .who        = connection_name(tap),
                                  .to         = method->basic_publish.exchange,
                                  .key        = method->basic_publish.routing_key,
                                  .message    = gmq_tap_book_add(tap->book, properties.message_id),
                                  .message_id = properties.message_id,
                                  .channel    = channel->number,
                                  .tag        = channel->published,
                                  .count      = body_size});
}

/* ---- settling ---- */

static void
go_back(GmqTap *tap, const GmqTapDelivery *delivery)
{
    GmqSlice queue = gmq_slice_of(delivery->queue);
    GmqSlice name  = gmq_slice_of(delivery->name);

    gmq_tap_book_put_back(tap->book, queue, name);
    gmq_tap_note(tap, &(GmqEvent){.kind        = GMQ_EVENT_REQUEUED,
                                  .who         = queue,
                                  .message_id  = name,
                                  .redelivered = true,
                                  .text        = GMQ_SLICE("head")});
}

static void
settle_one(GmqTap *tap, const GmqTapChannel *channel, const GmqTapDelivery *delivery,
           GmqEventKind kind, bool is_requeue)
{
    gmq_tap_note(tap, &(GmqEvent){.kind       = kind,
                                  .cause      = delivery->number,
                                  .who        = gmq_slice_of(delivery->queue),
                                  .to         = connection_name(tap),
                                  .message_id = gmq_slice_of(delivery->name),
                                  .tag        = delivery->tag,
                                  .channel    = channel->number,
                                  .count      = is_requeue});
    if (is_requeue)
        go_back(tap, delivery);
}

/* Tag 0 with multiple means all. */
static void
settle(GmqTap *tap, GmqTapChannel *channel, uint64_t tag, bool is_multiple, GmqEventKind kind,
       bool is_requeue)
{
    for (unsigned i = 0; i < channel->deliveries->len;) {
        const GmqTapDelivery *delivery = channel->deliveries->pdata[i];
        bool is_meant = is_multiple ? tag == 0 || delivery->tag <= tag : delivery->tag == tag;

        if (!is_meant) {
            i++;
            continue;
        }
        settle_one(tap, channel, delivery, kind, is_requeue);
        g_ptr_array_remove_index(channel->deliveries, i);
    }
}

void
gmq_tap_channel_over(GmqTap *tap, GmqTapChannel *channel)
{
    while (channel->consumers->len > 0) {
        const GmqTapConsumer *first = channel->consumers->pdata[0];
        g_autofree char *tag        = g_strdup(first->tag);

        gmq_tap_remove_consumer(tap, channel, gmq_slice_of(tag));
    }
    for (unsigned i = 0; i < channel->deliveries->len; i++)
        go_back(tap, channel->deliveries->pdata[i]);
    g_ptr_array_set_size(channel->deliveries, 0);
    gmq_tap_forget_requests(channel);
    channel->sent.is_on = channel->received.is_on = false;
    channel->is_confirming                        = false;
    channel->published                            = 0;
}

void
gmq_tap_channel_sent(GmqTap *tap, GmqTapChannel *channel, const GmqMethod *method)
{
    switch (method->id) {
    case GMQ_BASIC_ACK:
        settle(tap, channel, method->basic_ack.delivery_tag, method->basic_ack.multiple,
               GMQ_EVENT_ACKED, false);
        return;
    case GMQ_BASIC_NACK:
        settle(tap, channel, method->basic_nack.delivery_tag, method->basic_nack.multiple,
               GMQ_EVENT_REJECTED, method->basic_nack.requeue);
        return;
    case GMQ_BASIC_REJECT:
        settle(tap, channel, method->basic_reject.delivery_tag, false, GMQ_EVENT_REJECTED,
               method->basic_reject.requeue);
        return;
    case GMQ_BASIC_QOS:
        channel->prefetch = method->basic_qos.prefetch_count;
        gmq_tap_ask(channel, method);
        return;
    case GMQ_CONFIRM_SELECT:
        channel->is_confirming = true;
        gmq_tap_ask(channel, method);
        return;
    default:
        gmq_tap_ask(channel, method);
    }
}

static void
note_answer(GmqTap *tap, const GmqTapChannel *channel, GmqEventKind kind, uint64_t tag,
            bool is_multiple)
{
    uint64_t number = gmq_tap_note(tap, &(GmqEvent){.kind    = kind,
                                                    .who     = connection_name(tap),
                                                    .channel = channel->number,
                                                    .tag     = tag,
                                                    .count   = is_multiple});
    gmq_sim_peer_note_sent(tap->peer, GMQ_SENT_CONFIRM, number);
}

void
gmq_tap_channel_received(GmqTap *tap, GmqTapChannel *channel, const GmqMethod *method)
{
    switch (method->id) {
    case GMQ_BASIC_ACK:
        note_answer(tap, channel, GMQ_EVENT_CONFIRMED, method->basic_ack.delivery_tag,
                    method->basic_ack.multiple);
        return;
    case GMQ_BASIC_NACK:
        note_answer(tap, channel, GMQ_EVENT_NACKED, method->basic_nack.delivery_tag,
                    method->basic_nack.multiple);
        return;
    case GMQ_BASIC_CANCEL:
        gmq_tap_remove_consumer(tap, channel, method->basic_cancel.consumer_tag);
        return;
    case GMQ_CHANNEL_CLOSE: {
        g_autofree char *text = gmq_slice_dup(method->channel_close.reply_text);

        gmq_tap_note(tap, &(GmqEvent){.kind    = GMQ_EVENT_CHANNEL_CLOSED,
                                      .who     = connection_name(tap),
                                      .channel = channel->number,
                                      .count   = method->channel_close.reply_code,
                                      .text    = gmq_slice_of(text)});
        gmq_tap_channel_over(tap, channel);
        return;
    }
    default:
        if (gmq_tap_answer(tap, channel, method) && method->id == GMQ_CHANNEL_CLOSE_OK)
            gmq_tap_channel_over(tap, channel);
    }
}
