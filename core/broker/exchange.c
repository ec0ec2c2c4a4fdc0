#include "core/broker/exchange.h"

#include "core/wire/table.h"

static const GmqExchangeType *const types[] = {
    &gmq_exchange_direct,
    &gmq_exchange_fanout,
    &gmq_exchange_topic,
    &gmq_exchange_headers,
};

const GmqExchangeType *
gmq_exchange_type_find(GmqSlice name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        if (gmq_slice_equal(gmq_slice_of(types[i]->name), name))
            return types[i];
    }
    return NULL;
}

static GmqSlice
copy(GmqSlice bytes)
{
    return (GmqSlice){g_memdup2(bytes.data, bytes.size), bytes.size};
}

GmqExchange *
gmq_exchange_new(GmqVhost *vhost, const GmqExchangeType *type, GmqSlice name, GmqSlice arguments)
{
    GmqExchange *exchange = g_new0(GmqExchange, 1);
    GmqValue alternate;

    exchange->vhost     = vhost;
    exchange->type      = type;
    exchange->state     = type->new_state == NULL ? NULL : type->new_state();
    exchange->name      = copy(name);
    exchange->arguments = copy(arguments);
    exchange->link.data = exchange;
    if (gmq_table_find(exchange->arguments, GMQ_SLICE("alternate-exchange"), &alternate))
        exchange->alternate = alternate.bytes;
    return exchange;
}

void
gmq_exchange_free(GmqExchange *exchange)
{
    g_assert(exchange->bindings.length == 0);
    g_assert(exchange->inbound.length == 0);

    if (exchange->type->free_state != NULL)
        exchange->type->free_state(exchange->state);
    g_free((void *)exchange->name.data);
    g_free((void *)exchange->arguments.data);
    g_free(exchange);
}
