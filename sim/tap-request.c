/* Requests on a channel, and what their answers prove. */
#include "sim/tap-private.h"

void
gmq_tap_consumer_free(GmqTapConsumer *consumer)
{
    if (consumer == NULL)
        return;
    g_free(consumer->tag);
    g_free(consumer->queue);
    g_free(consumer);
}

static void
free_request(void *data)
{
    GmqTapRequest *request = data;

    g_free(request->name);
    g_free(request->to);
    g_free(request->key);
    g_free(request->kind);
    gmq_tap_consumer_free(request->consumer);
    g_free(request);
}

void
gmq_tap_forget_requests(GmqTapChannel *channel)
{
    while (channel->requests.length > 0)
        free_request(g_queue_pop_head(&channel->requests));
}

/* ---- asking ---- */

static GmqTapConsumer *
consumer_new(GmqSlice tag, GmqSlice queue, bool is_no_ack, uint64_t prefetch)
{
    GmqTapConsumer *consumer = g_new0(GmqTapConsumer, 1);

    consumer->tag       = gmq_slice_dup(tag);
    consumer->queue     = gmq_slice_dup(queue);
    consumer->is_no_ack = is_no_ack;
    consumer->prefetch  = prefetch;
    return consumer;
}

static void
ask_declare(GmqTapRequest *request, const GmqMethod *method)
{
    if (method->id == GMQ_QUEUE_DECLARE) {
        const GmqQueueDeclare *declare = &method->queue_declare;

        request->name  = gmq_slice_dup(declare->queue);
        request->flags = declare->durable | declare->auto_delete << 1 | declare->exclusive << 2;
        if (declare->passive)
            g_clear_pointer(&request->name, g_free);
    } else {
        const GmqExchangeDeclare *declare = &method->exchange_declare;

        request->name  = gmq_slice_dup(declare->exchange);
        request->kind  = gmq_slice_dup(declare->type);
        request->flags = declare->durable | declare->auto_delete << 1 | declare->internal << 2;
        if (declare->passive)
            g_clear_pointer(&request->name, g_free);
    }
}

static void
ask_binding(GmqTapRequest *request, GmqSlice from, GmqSlice to, GmqSlice key, const char *kind)
{
    request->name = gmq_slice_dup(from);
    request->to   = gmq_slice_dup(to);
    request->key  = gmq_slice_dup(key);
    request->kind = g_strdup(kind);
}

/* Fills in what the answer will need. False for what is not answered. */
static bool
fill_request(const GmqTapChannel *channel, const GmqMethod *method, GmqTapRequest *request)
{
    switch (method->id) {
    case GMQ_BASIC_CONSUME:
        request->consumer =
            consumer_new(method->basic_consume.consumer_tag, method->basic_consume.queue,
                         method->basic_consume.no_ack, channel->prefetch);
        return !method->basic_consume.nowait;
    case GMQ_BASIC_GET:
        request->consumer =
            consumer_new(GMQ_SLICE(""), method->basic_get.queue, method->basic_get.no_ack, 0);
        return true;
    case GMQ_BASIC_CANCEL:
        request->name = gmq_slice_dup(method->basic_cancel.consumer_tag);
        return !method->basic_cancel.nowait;
    case GMQ_QUEUE_DECLARE:
        ask_declare(request, method);
        return !method->queue_declare.nowait;
    case GMQ_EXCHANGE_DECLARE:
        ask_declare(request, method);
        return !method->exchange_declare.nowait;
    case GMQ_QUEUE_DELETE:
        request->name = gmq_slice_dup(method->queue_delete.queue);
        return !method->queue_delete.nowait;
    case GMQ_EXCHANGE_DELETE:
        request->name = gmq_slice_dup(method->exchange_delete.exchange);
        return !method->exchange_delete.nowait;
    case GMQ_QUEUE_PURGE:
        request->name = gmq_slice_dup(method->queue_purge.queue);
        return !method->queue_purge.nowait;
    case GMQ_QUEUE_BIND:
        ask_binding(request, method->queue_bind.exchange, method->queue_bind.queue,
                    method->queue_bind.routing_key, "queue");
        return !method->queue_bind.nowait;
    case GMQ_QUEUE_UNBIND:
        ask_binding(request, method->queue_unbind.exchange, method->queue_unbind.queue,
                    method->queue_unbind.routing_key, "queue");
        return true;
    case GMQ_EXCHANGE_BIND:
        ask_binding(request, method->exchange_bind.source, method->exchange_bind.destination,
                    method->exchange_bind.routing_key, "exchange");
        return !method->exchange_bind.nowait;
    case GMQ_EXCHANGE_UNBIND:
        ask_binding(request, method->exchange_unbind.source, method->exchange_unbind.destination,
                    method->exchange_unbind.routing_key, "exchange");
        return !method->exchange_unbind.nowait;
    case GMQ_CONFIRM_SELECT:
        return !method->confirm_select.nowait;
    case GMQ_BASIC_QOS:
    case GMQ_BASIC_RECOVER:
    case GMQ_CHANNEL_OPEN:
    case GMQ_CHANNEL_CLOSE:
    case GMQ_TX_SELECT:
    case GMQ_TX_COMMIT:
    case GMQ_TX_ROLLBACK:
        return true;
    default:
        return false;
    }
}

bool
gmq_tap_ask(GmqTapChannel *channel, const GmqMethod *method)
{
    GmqTapRequest *request = g_new0(GmqTapRequest, 1);

    request->id = method->id;
    if (!fill_request(channel, method, request)) {
        free_request(request);
        return false;
    }
    g_queue_push_tail(&channel->requests, request);
    return true;
}

/* ---- answers ---- */

void
gmq_tap_remove_consumer(GmqTap *tap, GmqTapChannel *channel, GmqSlice tag)
{
    for (unsigned i = 0; i < channel->consumers->len; i++) {
        const GmqTapConsumer *consumer = channel->consumers->pdata[i];

        if (!gmq_slice_equal(gmq_slice_of(consumer->tag), tag))
            continue;
        gmq_tap_note(tap, &(GmqEvent){.kind    = GMQ_EVENT_CONSUMER_REMOVED,
                                      .who     = gmq_slice_of(consumer->queue),
                                      .to      = gmq_slice_of(tap->peer->name),
                                      .channel = channel->number,
                                      .text    = tag});
        g_ptr_array_remove_index(channel->consumers, i);
        return;
    }
}

static void
add_consumer(GmqTap *tap, GmqTapChannel *channel, GmqTapRequest *request, GmqSlice tag)
{
    GmqTapConsumer *consumer = g_steal_pointer(&request->consumer);

    g_free(consumer->tag);
    consumer->tag = gmq_slice_dup(tag);
    g_ptr_array_add(channel->consumers, consumer);
    gmq_tap_note(tap, &(GmqEvent){.kind    = GMQ_EVENT_CONSUMER_ADDED,
                                  .who     = gmq_slice_of(consumer->queue),
                                  .to      = gmq_slice_of(tap->peer->name),
                                  .channel = channel->number,
                                  .count   = consumer->prefetch,
                                  .text    = tag});
}

/* What an answer tells of queues, exchanges and bindings. */
static const struct {
    bool is_told;
    GmqEventKind kind;
} told[GMQ_N_METHODS] = {
    [GMQ_QUEUE_DECLARE]    = {true, GMQ_EVENT_QUEUE_DECLARED},
    [GMQ_QUEUE_DELETE]     = {true, GMQ_EVENT_QUEUE_DELETED},
    [GMQ_QUEUE_PURGE]      = {true, GMQ_EVENT_QUEUE_PURGED},
    [GMQ_EXCHANGE_DECLARE] = {true, GMQ_EVENT_EXCHANGE_DECLARED},
    [GMQ_EXCHANGE_DELETE]  = {true, GMQ_EVENT_EXCHANGE_DELETED},
    [GMQ_QUEUE_BIND]       = {true, GMQ_EVENT_BOUND},
    [GMQ_EXCHANGE_BIND]    = {true, GMQ_EVENT_BOUND},
    [GMQ_QUEUE_UNBIND]     = {true, GMQ_EVENT_UNBOUND},
    [GMQ_EXCHANGE_UNBIND]  = {true, GMQ_EVENT_UNBOUND},
};

static void
tell_topology(GmqTap *tap, const GmqTapRequest *request, const GmqMethod *answer)
{
    uint64_t count = request->flags;
    GmqSlice name  = gmq_slice_of(request->name);

    if (answer->id == GMQ_QUEUE_DELETE_OK)
        count = answer->queue_delete_ok.message_count;
    if (answer->id == GMQ_QUEUE_PURGE_OK)
        count = answer->queue_purge_ok.message_count;
    if (answer->id == GMQ_QUEUE_DECLARE_OK && name.size == 0)
        name = answer->queue_declare_ok.queue;
    gmq_tap_note(tap, &(GmqEvent){.kind  = told[request->id].kind,
                                  .who   = name,
                                  .to    = gmq_slice_of(request->to),
                                  .key   = gmq_slice_of(request->key),
                                  .count = count,
                                  .text  = gmq_slice_of(request->kind)});
}

static void
note_channel_opened(GmqTap *tap, const GmqTapChannel *channel)
{
    gmq_tap_note(tap, &(GmqEvent){.kind    = GMQ_EVENT_CHANNEL_OPENED,
                                  .who     = gmq_slice_of(tap->peer->name),
                                  .channel = channel->number});
}

static void
handle_answer(GmqTap *tap, GmqTapChannel *channel, GmqTapRequest *request, const GmqMethod *answer)
{
    switch (answer->id) {
    case GMQ_CHANNEL_OPEN_OK:
        note_channel_opened(tap, channel);
        return;
    case GMQ_CONFIRM_SELECT_OK:
        channel->is_confirming = true;
        return;
    case GMQ_BASIC_CONSUME_OK:
        if (request->consumer != NULL)
            add_consumer(tap, channel, request, answer->basic_consume_ok.consumer_tag);
        return;
    case GMQ_BASIC_CANCEL_OK:
        gmq_tap_remove_consumer(tap, channel, answer->basic_cancel_ok.consumer_tag);
        return;
    default:
        if (told[request->id].is_told && request->name != NULL)
            tell_topology(tap, request, answer);
    }
}

/* Whether the server sends it for an answer, and nothing else. */
static bool
is_answer(GmqMethodId id)
{
    const char *name = gmq_method_info(id)->name;
    return g_str_has_suffix(name, "-ok") || id == GMQ_BASIC_GET_EMPTY;
}

bool
gmq_tap_answer(GmqTap *tap, GmqTapChannel *channel, const GmqMethod *method)
{
    GmqTapRequest *request;

    if (!is_answer(method->id))
        return false;
    request = g_queue_pop_head(&channel->requests);
    if (request == NULL)
        return true;
    handle_answer(tap, channel, request, method);
    free_request(request);
    return true;
}
