#include "core/broker/route.h"

#include "core/broker/exchange.h"
#include "core/broker/vhost.h"
#include "core/wire/properties.h"

void
gmq_route_init(GmqRoute *route, GmqHost *host)
{
    *route = (GmqRoute){
        .queues  = g_ptr_array_new(),
        .keepers = g_ptr_array_new(),
        .keys    = g_array_new(FALSE, FALSE, sizeof(GmqSlice)),
        .host    = host,
        .pending = g_ptr_array_new(),
        .headers = g_array_new(FALSE, FALSE, sizeof(GmqTableEntry)),
    };
}

void
gmq_route_clear(GmqRoute *route)
{
    g_ptr_array_unref(route->queues);
    g_ptr_array_unref(route->keepers);
    g_array_unref(route->keys);
    g_ptr_array_unref(route->pending);
    g_array_unref(route->headers);
    *route = (GmqRoute){0};
}

/* ---- hops ---- */

static void
note_hop(const GmqRoute *route, const GmqExchange *from, GmqSlice to, GmqSlice key,
         const char *type)
{
    if (gmq_host_is_unheard(route->host))
        return;

    route->host->note(route->host, &(GmqEvent){.kind    = GMQ_EVENT_ROUTED,
                                               .cause   = route->message->event,
                                               .vhost   = &from->vhost->name,
                                               .who     = from->name,
                                               .to      = to,
                                               .key     = key,
                                               .message = route->message->number,
                                               .text    = gmq_slice_of(type)});
}

static void
note_unroutable(const GmqRoute *route, const GmqExchange *exchange)
{
    if (gmq_host_is_unheard(route->host))
        return;

    route->host->note(route->host, &(GmqEvent){.kind    = GMQ_EVENT_UNROUTABLE,
                                               .cause   = route->message->event,
                                               .vhost   = &exchange->vhost->name,
                                               .who     = exchange->name,
                                               .key     = gmq_message_key(route->message),
                                               .message = route->message->number});
}

/* Whether the message comes to the queue for the first time (10.17). */
static bool
add_queue(GmqRoute *route, GmqQueue *queue)
{
    if (queue->stamp == route->stamp)
        return false;
    queue->stamp = route->stamp;
    g_ptr_array_add(route->queues, queue);
    return true;
}

static bool
add_exchange(GmqRoute *route, GmqExchange *exchange)
{
    if (exchange->stamp == route->stamp)
        return false;
    exchange->stamp = route->stamp;
    g_ptr_array_add(route->pending, exchange);
    return true;
}

/* A match counts for 10.23 even when it leads where the message has been already. */
void
gmq_route_take(GmqRoute *route, const GmqBinding *binding)
{
    bool is_new = binding->queue != NULL ? add_queue(route, binding->queue)
                                         : add_exchange(route, binding->exchange);

    route->has_match = true;
    if (is_new)
        note_hop(route, binding->source, gmq_binding_target(binding), binding->key,
                 gmq_binding_target_type(binding));
}

void
gmq_route_take_queue(GmqRoute *route, const GmqExchange *exchange, GmqQueue *queue)
{
    route->has_match = true;
    if (add_queue(route, queue))
        note_hop(route, exchange, queue->name, queue->name, "queue");
}

static void
take_alternate(GmqRoute *route, const GmqExchange *exchange)
{
    if (exchange->alternate.data == NULL)
        return;

    GmqExchange *alternate = gmq_vhost_find_exchange(exchange->vhost, exchange->alternate);
    if (alternate != NULL && add_exchange(route, alternate))
        note_hop(route, exchange, alternate->name, GMQ_SLICE(""), "alternate");
}

static void
note_duplicate(const GmqRoute *route, const GmqExchange *exchange)
{
    if (gmq_host_is_unheard(route->host))
        return;

    route->host->note(route->host, &(GmqEvent){.kind    = GMQ_EVENT_DROPPED,
                                               .cause   = route->message->event,
                                               .vhost   = &exchange->vhost->name,
                                               .who     = exchange->name,
                                               .message = route->message->number,
                                               .text    = GMQ_SLICE("duplicate")});
}

/* Whether the message goes no further than this exchange, at least for now. */
static bool
absorb(GmqRoute *route, GmqExchange *exchange)
{
    const GmqExchangeType *type = exchange->type;

    if (exchange->dedup != NULL && gmq_dedup_knows(exchange->dedup, route->message)) {
        note_duplicate(route, exchange);
        route->is_absorbed = true;
        return true;
    }
    g_ptr_array_add(route->keepers, exchange);
    if (type->holds == NULL || !type->holds(exchange, route->message))
        return false;
    route->is_absorbed = true;
    return true;
}

static void
visit(GmqRoute *route, GmqExchange *exchange)
{
    if (exchange->is_attentive && absorb(route, exchange))
        return;
    route->has_match = false;
    route->is_cacheable &= exchange->router->is_cacheable;
    exchange->router->route(exchange, route);
    if (!route->has_match)
        take_alternate(route, exchange);
}

/* ---- headers ---- */

const GArray *
gmq_route_headers(GmqRoute *route)
{
    if (!route->headers_known)
        gmq_table_index_fill(route->headers, route->header_table);
    route->headers_known = true;
    return route->headers;
}

/* Adds the routing keys of the header CC or BCC (10.24). */
static bool
read_copies(GmqRoute *route, const char *name, GmqFault *fault)
{
    GmqValue keys;
    GmqValue key;

    if (!gmq_table_find(route->header_table, gmq_slice_of(name), &keys))
        return true;
    route->is_cacheable = false;
    if (keys.type != GMQ_VALUE_ARRAY)
        return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                             "invalid message: header '%s' is not an array of routing keys", name);

    while (gmq_array_next(&keys.bytes, &key)) {
        if (key.type == GMQ_VALUE_STRING)
            g_array_append_val(route->keys, key.bytes);
    }
    return true;
}

/* The keys of a BCC that is gone already. */
static void
read_hidden_keys(GmqRoute *route)
{
    GmqSlice rest = gmq_message_hidden_keys(route->message);
    GmqValue key;

    while (gmq_array_next(&rest, &key)) {
        if (key.type == GMQ_VALUE_STRING)
            g_array_append_val(route->keys, key.bytes);
    }
}

static bool
read_headers(GmqRoute *route, GmqFault *fault)
{
    GmqProperties properties;

    read_hidden_keys(route);
    if ((route->message->flags & GMQ_PROPERTY_BIT(GMQ_PROPERTY_HEADERS)) == 0)
        return true;
    if (!gmq_properties_decode(gmq_message_header(route->message), &properties, fault))
        return false;
    route->header_table = properties.headers;
    return read_copies(route, "CC", fault) && read_copies(route, "BCC", fault);
}

/* ---- the whole way ---- */

static void
begin(GmqRoute *route, GmqVhost *vhost, GmqMessage *message)
{
    GmqSlice key = gmq_message_key(message);

    g_ptr_array_set_size(route->queues, 0);
    g_ptr_array_set_size(route->keepers, 0);
    g_ptr_array_set_size(route->pending, 0);
    g_array_set_size(route->keys, 0);
    g_array_append_val(route->keys, key);
    route->message       = message;
    route->is_absorbed   = false;
    route->header_table  = GMQ_SLICE("");
    route->headers_known = false;
    route->is_cacheable  = !gmq_host_is_heard(route->host);
    route->stamp         = ++vhost->route_stamp;
}

bool
gmq_route_begin(GmqRoute *route, GmqVhost *vhost, GmqMessage *message, GmqFault *fault)
{
    begin(route, vhost, message);
    return read_headers(route, fault);
}

void
gmq_route_finish(GmqRoute *route, GmqExchange *exchange)
{
    add_exchange(route, exchange);
    for (unsigned i = 0; i < route->pending->len; i++)
        visit(route, g_ptr_array_index(route->pending, i));
    if (route->queues->len == 0 && !route->is_absorbed)
        note_unroutable(route, exchange);
}

bool
gmq_route_message(GmqRoute *route, GmqExchange *exchange, GmqMessage *message, GmqFault *fault)
{
    if (!gmq_route_begin(route, exchange->vhost, message, fault))
        return false;
    gmq_route_finish(route, exchange);
    return true;
}

/* ---- behind it ---- */

void
gmq_route_keep(const GmqRoute *route, GmqMessage *message)
{
    for (unsigned i = 0; i < route->keepers->len; i++)
        gmq_exchange_keep(g_ptr_array_index(route->keepers, i), message);
}

void
gmq_route_hand_out(const GmqRoute *route, GmqMessage *message)
{
    gmq_route_keep(route, message);
    for (unsigned i = 0; i < route->queues->len; i++)
        gmq_queue_publish(g_ptr_array_index(route->queues, i), message);
}
