#include "sim/declare.h"

#include "core/wire/table.h"

#define NS_PER_MS INT64_C(1000000)

GmqMethod
gmq_declare_exchange(const GmqExchangeLine *exchange, GmqBuffer *arguments)
{
    if (exchange->type == GMQ_EXCHANGE_KIND_DELAYED)
        gmq_table_add_text(arguments, "x-delayed-type",
                           gmq_slice_of(gmq_exchange_kind_name(exchange->delayed_type)));
    if (exchange->alternate != NULL)
        gmq_table_add_text(arguments, "alternate-exchange", gmq_slice_of(exchange->alternate));
    return (GmqMethod){.id               = GMQ_EXCHANGE_DECLARE,
                       .exchange_declare = {
                           .exchange    = gmq_slice_of(exchange->name),
                           .type        = gmq_slice_of(gmq_exchange_kind_name(exchange->type)),
                           .durable     = exchange->durable,
                           .auto_delete = exchange->auto_delete,
                           .internal    = exchange->internal,
                           .arguments   = gmq_buffer_slice(arguments),
                       }};
}

/* ---- queues ---- */

static void
add_number(GmqBuffer *arguments, const char *name, uint64_t number)
{
    if (number != GMQ_NO_NUMBER)
        gmq_table_add_int(arguments, name, (int64_t)number);
}

static void
add_time(GmqBuffer *arguments, const char *name, int64_t time_ns)
{
    if (time_ns >= 0)
        gmq_table_add_int(arguments, name, time_ns / NS_PER_MS);
}

static void
add_text(GmqBuffer *arguments, const char *name, const char *text)
{
    if (text != NULL)
        gmq_table_add_text(arguments, name, gmq_slice_of(text));
}

static void
add_queue_arguments(GmqBuffer *arguments, const GmqQueueLine *queue)
{
    add_time(arguments, "x-message-ttl", queue->ttl_ns);
    add_time(arguments, "x-expires", queue->expires_ns);
    add_number(arguments, "x-max-length", queue->max_length);
    add_number(arguments, "x-max-length-bytes", queue->max_bytes);
    if (queue->overflow != GMQ_FULL_UNSAID)
        add_text(arguments, "x-overflow", gmq_full_name(queue->overflow));
    if (queue->max_priority > 0)
        add_number(arguments, "x-max-priority", queue->max_priority);
    if (queue->single_active_consumer)
        gmq_table_add_bool(arguments, "x-single-active-consumer", true);
    add_number(arguments, "x-delivery-limit", queue->delivery_limit);
    add_text(arguments, "x-dead-letter-exchange", queue->dead_to);
    add_text(arguments, "x-dead-letter-routing-key", queue->dead_key);
}

GmqMethod
gmq_declare_queue(const GmqQueueLine *queue, GmqBuffer *arguments)
{
    add_queue_arguments(arguments, queue);
    return (GmqMethod){.id            = GMQ_QUEUE_DECLARE,
                       .queue_declare = {
                           .queue       = gmq_slice_of(queue->name),
                           .durable     = queue->durable,
                           .exclusive   = queue->exclusive,
                           .auto_delete = queue->auto_delete,
                           .arguments   = gmq_buffer_slice(arguments),
                       }};
}

/* ---- bindings ---- */

static void
add_headers(GmqBuffer *arguments, const GmqBindingLine *binding)
{
    if (binding->headers == NULL)
        return;
    gmq_table_add_text(arguments, "x-match",
                       binding->match == GMQ_MATCH_ALL ? GMQ_SLICE("all") : GMQ_SLICE("any"));
    for (unsigned i = 0; i < binding->headers->len; i++) {
        const GmqHeaderLine *header = binding->headers->pdata[i];

        if (header->kind == GMQ_HEADER_BOOL)
            gmq_table_add_bool(arguments, header->name, header->integer != 0);
        else if (header->kind == GMQ_HEADER_INTEGER)
            gmq_table_add_int(arguments, header->name, header->integer);
        else
            gmq_table_add_text(arguments, header->name, gmq_slice_of(header->text));
    }
}

GmqMethod
gmq_declare_binding(const GmqBindingLine *binding, GmqBuffer *arguments)
{
    add_headers(arguments, binding);
    if (binding->to_queue)
        return (GmqMethod){.id         = GMQ_QUEUE_BIND,
                           .queue_bind = {
                               .queue       = gmq_slice_of(binding->to),
                               .exchange    = gmq_slice_of(binding->from),
                               .routing_key = gmq_slice_of(binding->key),
                               .arguments   = gmq_buffer_slice(arguments),
                           }};
    return (GmqMethod){.id            = GMQ_EXCHANGE_BIND,
                       .exchange_bind = {
                           .destination = gmq_slice_of(binding->to),
                           .source      = gmq_slice_of(binding->from),
                           .routing_key = gmq_slice_of(binding->key),
                           .arguments   = gmq_buffer_slice(arguments),
                       }};
}
