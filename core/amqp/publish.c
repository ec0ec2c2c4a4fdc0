/* basic.publish: checks, routing, returns (AMQP.md 11). */
#include "core/amqp/amqp-private.h"
#include "core/amqp/channel.h"
#include "core/amqp/reply-to.h"
#include "core/amqp/tx.h"
#include "core/base/site.h"
#include "core/broker/firehose.h"
#include "core/broker/header.h"
#include "core/wire/properties.h"
#include "core/wire/reader.h"

/* ---- checks (11.2 to 11.5) ---- */

static bool
check_expiration(const GmqMessage *message, GmqSlice expiration, GmqFault *fault)
{
    if (gmq_message_ttl_ms(message) >= 0)
        return true;
    return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                         "invalid expiration '%.*s': not a number of milliseconds from 0 to "
                         "%" G_GINT64_FORMAT,
                         (int)expiration.size, expiration.data, GMQ_TTL_MS_MAX);
}

static bool
check_delivery_mode(const GmqProfile *profile, unsigned mode, GmqFault *fault)
{
    if (mode == 1 || mode == 2 || profile->takes_any_delivery_mode)
        return true;
    return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED, "invalid delivery mode %u", mode);
}

/* Expiration, delivery-mode, and then CC and BCC, since the route is begun. */
static bool
check_content(const GmqChannel *channel, GmqMessage *message, const GmqProperties *properties,
              GmqFault *fault)
{
    const GmqProfile *profile = gmq_broker_profile(channel->connection->broker);

    if (GMQ_HAS_PROPERTY(properties, EXPIRATION) &&
        !check_expiration(message, properties->expiration, fault))
        return false;
    if (GMQ_HAS_PROPERTY(properties, DELIVERY_MODE) &&
        !check_delivery_mode(profile, properties->delivery_mode, fault))
        return false;
    return gmq_route_begin(&channel->connection->amqp->route, channel->vhost, message, fault);
}

/* Two headers are so common that they are known without decoding: an empty one, and delivery-mode
 * alone. */
static bool
is_plain_header(const GmqMessage *message)
{
    GmqSlice header = gmq_message_header(message);

    if (message->flags == 0)
        return header.size == GMQ_CONTENT_HEADER_FIXED;
    return message->flags == GMQ_PROPERTY_BIT(GMQ_PROPERTY_DELIVERY_MODE) &&
           header.size == GMQ_CONTENT_HEADER_FIXED + 1 &&
           (header.data[GMQ_CONTENT_HEADER_FIXED] == 1 ||
            header.data[GMQ_CONTENT_HEADER_FIXED] == 2);
}

/* Whether the user may write to the exchange, which need not exist (8). The one that was asked for
 * last is remembered until topology or permissions change. */
static bool
check_writable(GmqChannel *channel, const GmqExchange *exchange, GmqSlice name, GmqFault *fault)
{
    if (exchange != NULL && exchange == channel->writable &&
        channel->writable_topology == channel->vhost->topology)
        return true;
    if (!gmq_channel_check_exchange(channel, GMQ_ACCESS_WRITE, name, fault))
        return false;
    channel->writable          = exchange;
    channel->writable_topology = channel->vhost->topology;
    return true;
}

static bool
check_internal(const GmqExchange *exchange, GmqFault *fault)
{
    const GmqVhost *vhost = exchange->vhost;

    if (!exchange->is_internal)
        return true;
    return gmq_fault_set(fault, GMQ_REPLY_ACCESS_REFUSED,
                         "cannot publish to internal exchange '%.*s' in vhost '%.*s'",
                         (int)exchange->name.size, exchange->name.data, (int)vhost->name.size,
                         vhost->name.data);
}

/* Only the publish's own key counts, not those of CC and BCC. */
static bool
check_topic(const GmqChannel *channel, const GmqExchange *exchange, GmqSlice key, GmqFault *fault)
{
    return exchange->type != &gmq_exchange_topic ||
           gmq_user_check_topic(channel->connection->session.user, channel->vhost, GMQ_ACCESS_WRITE,
                                exchange->name, key, fault);
}

static bool
check_user_id(const GmqChannel *channel, GmqSlice user_id, GmqFault *fault)
{
    GmqSlice user = gmq_slice_of(channel->connection->user);

    if (gmq_slice_equal(user_id, user) || channel->connection->session.user->is_impersonator)
        return true;
    return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                         "user_id property set to '%.*s' but authenticated user was '%.*s'",
                         (int)user_id.size, user_id.data, (int)user.size, user.data);
}

/* Whether this user may send that: the routing key, and the name that stands in the message. */
static bool
check_sender(const GmqChannel *channel, const GmqExchange *exchange, const GmqMessage *message,
             const GmqProperties *properties, GmqFault *fault)
{
    return check_topic(channel, exchange, gmq_message_key(message), fault) &&
           (!GMQ_HAS_PROPERTY(properties, USER_ID) ||
            check_user_id(channel, properties->user_id, fault));
}

/* The exchange that may be published to; NULL with the first fault in RabbitMQ's order (11.2). */
static GmqExchange *
find_exchange(GmqChannel *channel, const GmqMessage *message, GmqFault *fault)
{
    GmqSlice name         = gmq_message_exchange(message);
    GmqExchange *exchange = gmq_vhost_find_exchange(channel->vhost, name);

    if (!check_writable(channel, exchange, name, fault))
        return NULL;
    if (exchange == NULL)
        return gmq_vhost_need_exchange(channel->vhost, name, fault);
    return check_internal(exchange, fault) ? exchange : NULL;
}

/* ---- routing ---- */

static void
note_published(GmqChannel *channel, GmqMessage *message)
{
    GmqHost *host = channel->connection->host;
    GmqProperties properties;
    GmqFault ignored;

    if (gmq_host_is_unheard(host))
        return;
    if (!gmq_properties_decode(gmq_message_header(message), &properties, &ignored))
        properties = (GmqProperties){0};
    message->event = (uint32_t)host->note(
        host, &(GmqEvent){.kind       = GMQ_EVENT_PUBLISHED,
                          .vhost      = &channel->vhost->name,
                          .who        = gmq_slice_of(channel->connection->name),
                          .to         = gmq_message_exchange(message),
                          .key        = gmq_message_key(message),
                          .message    = message->number,
                          .message_id = properties.message_id,
                          .channel    = channel->number,
                          .tag        = channel->is_confirming ? channel->published + 1 : 0,
                          .count      = message->body_size});
}

static void
return_message(GmqChannel *channel, GmqMessage *message)
{
    GmqHost *host = channel->connection->host;

    gmq_channel_send_confirms(channel);
    gmq_channel_send_return(channel, message, GMQ_REPLY_NO_ROUTE, "NO_ROUTE");
    if (!gmq_host_is_unheard(host))
        host->note(host, &(GmqEvent){.kind    = GMQ_EVENT_RETURNED,
                                     .vhost   = &channel->vhost->name,
                                     .cause   = message->event,
                                     .who     = gmq_slice_of(channel->connection->name),
                                     .key     = gmq_message_key(message),
                                     .message = message->number,
                                     .channel = channel->number,
                                     .count   = GMQ_REPLY_NO_ROUTE});
}

bool
gmq_channel_hand_out(GmqChannel *channel, GmqMessage *message, bool is_mandatory,
                     const GPtrArray *queues)
{
    bool is_accepted = true;

    for (unsigned i = GMQ_BUG(channel->connection->host, ROUTE_SHORT); i < queues->len; i++)
        is_accepted &= gmq_queue_publish(g_ptr_array_index(queues, i), message);
    if (queues->len == 0 && is_mandatory)
        return_message(channel, message);
    return is_accepted;
}

/* Now, or with the transaction. keepers are those of a route, or NULL. */
static void
hand_out(GmqChannel *channel, GmqMessage *message, bool is_mandatory, const GPtrArray *queues,
         const GPtrArray *keepers)
{
    if (channel->tx != NULL && !GMQ_BUG(channel->connection->host, TX_EARLY)) {
        gmq_tx_add_publish(channel->tx, message, is_mandatory, queues, keepers);
        return;
    }
    for (unsigned i = 0; keepers != NULL && i < keepers->len; i++)
        gmq_exchange_keep(g_ptr_array_index(keepers, i), message);
    bool is_accepted = gmq_channel_hand_out(channel, message, is_mandatory, queues);
    if (channel->is_confirming)
        gmq_channel_confirm(channel, message, queues, is_accepted);
}

static GmqSlice
address_of(const GmqMessage *message)
{
    return (GmqSlice){message->data, gmq_message_address_size(message) - 1};
}

static bool
has_headers(const GmqMessage *message)
{
    return (message->flags & GMQ_PROPERTY_BIT(GMQ_PROPERTY_HEADERS)) != 0;
}

/* While somebody looks every hop is to be announced, so nothing is remembered. unheard is the
 * host's count before the message came, so that the next ones count as many. */
static void
remember(GmqChannel *channel, const GmqMessage *message, const GmqRoute *route, int64_t unheard)
{
    const GmqHost *host = channel->connection->host;

    if (!route->is_cacheable || has_headers(message) || channel->vhost->is_tracing ||
        gmq_host_is_heard(host))
        return;
    if (channel->cache == NULL)
        channel->cache = gmq_publish_cache_new();
    gmq_publish_cache_set(channel->cache, channel->vhost, address_of(message), route->queues);
    channel->cache->n_events = host->unheard - unheard;
}

static bool
has_key(const GArray *keys, unsigned count, GmqSlice key)
{
    for (unsigned i = 0; i < count; i++) {
        if (gmq_slice_equal(g_array_index(keys, GmqSlice, i), key))
            return true;
    }
    return false;
}

/* An answer goes straight to who asked, in the middle of a transaction too; it reaches no queue by
 * that (20.3). Returns whether it was one. */
static bool
hand_out_replies(GmqChannel *channel, GmqMessage *message, const GArray *keys)
{
    bool is_reply = false;

    if (gmq_message_exchange(message).size > 0)
        return false;
    for (unsigned i = 0; i < keys->len; i++) {
        GmqSlice key = g_array_index(keys, GmqSlice, i);

        if (!gmq_reply_to_is_address(key) || has_key(keys, i, key))
            continue;
        gmq_reply_to_deliver(channel->connection->amqp, key, message);
        is_reply = true;
    }
    return is_reply;
}

/* Fills in the address for answers, and reads the properties of a header that has any. */
static bool
read_properties(const GmqChannel *channel, GmqMessage **message, GmqProperties *properties,
                GmqFault *fault)
{
    *properties = (GmqProperties){0};
    if (is_plain_header(*message))
        return true;

    GmqMessage *request = gmq_reply_to_take_request(channel, *message, fault);
    if (request == NULL)
        return false;
    *message = request;
    return gmq_properties_decode(gmq_message_header(request), properties, fault);
}

/* Whether the message may be published at all; then its route is begun. */
static bool
check(GmqChannel *channel, const GmqExchange *exchange, GmqMessage **message, GmqFault *fault)
{
    GmqProperties properties;

    if (!read_properties(channel, message, &properties, fault))
        return false;
    if (gmq_broker_profile(channel->connection->broker)->checks_sender_last)
        return check_content(channel, *message, &properties, fault) &&
               check_sender(channel, exchange, *message, &properties, fault);
    return check_sender(channel, exchange, *message, &properties, fault) &&
           check_content(channel, *message, &properties, fault);
}

static void
trace(const GmqChannel *channel, const GmqMessage *message, const GmqRoute *route)
{
    GmqTraced by = gmq_channel_traced(channel);

    gmq_firehose_published(channel->vhost, message, route->queues, &by);
}

/* The route lends its keys from the message as it came, which therefore lives as long. */
static void
distribute(GmqChannel *channel, GmqExchange *exchange, GmqMessage **message, bool is_mandatory,
           int64_t unheard)
{
    GmqRoute *route    = &channel->connection->amqp->route;
    GmqMessage *routed = gmq_message_ref(*message);

    if (has_headers(routed))
        *message = gmq_message_take_without_bcc(*message);

    bool is_reply = hand_out_replies(channel, *message, route->keys);
    if (!is_reply || route->keys->len > 1)
        gmq_route_finish(route, exchange);
    if (!is_reply)
        remember(channel, routed, route, unheard);
    if (channel->vhost->is_tracing)
        trace(channel, *message, route);
    hand_out(channel, *message, is_mandatory && !route->is_absorbed, route->queues, route->keepers);
    gmq_message_unref(routed);
}

static bool
route_and_hand_out(GmqChannel *channel, GmqMessage **message, bool is_mandatory, GmqFault *fault)
{
    GmqExchange *exchange = find_exchange(channel, *message, fault);

    if (exchange == NULL || !check(channel, exchange, message, fault))
        return false;
    int64_t unheard = channel->connection->host->unheard;
    gmq_broker_admit(channel->connection->broker, *message);
    note_published(channel, *message);
    distribute(channel, exchange, message, is_mandatory, unheard);
    return true;
}

bool
gmq_channel_publish(GmqChannel *channel, GmqMessage *message, bool is_mandatory, GmqFault *fault)
{
    bool is_fine = true;

    if (!gmq_host_is_heard(channel->connection->host) && is_plain_header(message) &&
        gmq_publish_cache_knows(channel->cache, channel->vhost, address_of(message))) {
        gmq_broker_admit(channel->connection->broker, message);
        channel->connection->host->unheard += channel->cache->n_events;
        hand_out(channel, message, is_mandatory, channel->cache->queues, NULL);
    } else {
        is_fine = route_and_hand_out(channel, &message, is_mandatory, fault);
    }
    gmq_message_unref(message);
    return is_fine;
}

/* ---- the method ---- */

/* The message, when header and body are whole in the input right behind the method; they are
 * stepped over then. NULL otherwise: content.c takes it in parts, and finds what may be wrong. */
static GmqMessage *
take_whole(GmqChannel *channel, GmqSlice exchange, GmqSlice key)
{
    GmqConnection *connection = channel->connection;
    size_t payload_max        = connection->whole_max;
    GmqSlice rest             = connection->input;
    GmqFrame header;
    GmqFrame body = {0};
    GmqFault ignored;
    uint64_t body_size;

    if (GMQ_SITE(connection->host, PUBLISH_PARTS) ||
        gmq_frame_read(&rest, payload_max, &header, &ignored) != GMQ_FRAME_READY ||
        header.type != GMQ_FRAME_HEADER || header.channel != channel->number ||
        !gmq_content_header_check(header.payload, &body_size, &ignored))
        return NULL;
    if (body_size > 0 && (gmq_frame_read(&rest, payload_max, &body, &ignored) != GMQ_FRAME_READY ||
                          body.type != GMQ_FRAME_BODY || body.channel != channel->number ||
                          body.payload.size != body_size))
        return NULL;

    connection->input = rest;
    return gmq_message_new_whole(exchange, key, header.payload, body.payload);
}

/* Waits for header and body; exchange and key are kept, since the input will be gone. */
static void
begin_content(GmqChannel *channel, const GmqBasicPublish *publish)
{
    if (channel->content == NULL)
        channel->content = g_new0(GmqContent, 1);

    GmqContent *content    = channel->content;
    content->is_open       = true;
    content->has_header    = false;
    content->is_mandatory  = publish->mandatory;
    content->exchange_size = (uint8_t)publish->exchange.size;
    content->key_size      = (uint8_t)publish->routing_key.size;
    memcpy(content->address, publish->exchange.data, publish->exchange.size);
    memcpy(content->address + publish->exchange.size, publish->routing_key.data,
           publish->routing_key.size);
}

bool
gmq_on_basic_publish(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    const GmqBasicPublish *publish = &method->basic_publish;

    if (publish->immediate)
        return gmq_fault_set(fault, GMQ_REPLY_NOT_IMPLEMENTED, "immediate=true");

    GmqMessage *message = take_whole(channel, publish->exchange, publish->routing_key);
    if (message != NULL)
        return gmq_channel_publish(channel, message, publish->mandatory, fault);
    begin_content(channel, publish);
    return true;
}

/* The message of the next publish, when its frame has the same bytes as that one and the content
 * is whole behind it; NULL otherwise, and nothing was stepped over. */
static GmqMessage *
take_same(GmqChannel *channel, GmqSlice frame, GmqSlice exchange, GmqSlice key)
{
    GmqSlice *input = &channel->connection->input;
    GmqSlice before = *input;

    if (input->size < frame.size || memcmp(input->data, frame.data, frame.size) != 0)
        return NULL;
    input->data += frame.size;
    input->size -= frame.size;

    GmqMessage *message = take_whole(channel, exchange, key);
    if (message == NULL)
        *input = before;
    return message;
}

/* The hot path: a publish to the address of the one before, whose method therefore needs no
 * decoding, with its content whole in the input; and those behind it, as long as they are alike. */
bool
gmq_channel_publish_known(GmqChannel *channel, const GmqFrame *frame)
{
    static const uint8_t ids[]   = {0, 60, 0, 40};
    const GmqPublishCache *cache = channel->cache;
    GmqSlice payload             = frame->payload;
    GmqFault fault;

    gmq_fault_init(&fault, 60, 40);
    if (cache == NULL || payload.size != 6 + cache->address_size + 1 ||
        memcmp(payload.data, ids, sizeof ids) != 0)
        return false;
    if (channel->content != NULL && channel->content->is_open)
        return false;

    GmqSlice address = {payload.data + 6, cache->address_size};
    uint8_t bits     = payload.data[payload.size - 1];
    if (!gmq_publish_cache_knows(cache, channel->vhost, address) || (bits & 2) != 0)
        return false;

    size_t exchange_size = address.data[0];
    GmqSlice exchange    = {address.data + 1, exchange_size};
    GmqSlice key         = {address.data + exchange_size + 2, address.size - exchange_size - 2};
    GmqMessage *message  = take_whole(channel, exchange, key);
    if (message == NULL)
        return false;
    do {
        if (!gmq_channel_publish(channel, message, (bits & 1) != 0, &fault)) {
            gmq_channel_fail(channel, &fault);
            break;
        }
        message = take_same(channel, gmq_frame_bytes(frame), exchange, key);
    } while (message != NULL);
    return true;
}
