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

static void *
new_state(GmqExchange *exchange, const GmqExchangeType *type)
{
    return type->new_state == NULL ? NULL : type->new_state(exchange);
}

static void
free_state(void *state, const GmqExchangeType *type)
{
    if (type->free_state != NULL)
        type->free_state(state);
}

GmqExchange *
gmq_exchange_new(GmqVhost *vhost, const GmqExchangeType *type, GmqSlice name, GmqSlice arguments)
{
    GmqExchange *exchange = g_new0(GmqExchange, 1);
    GmqValue alternate;

    exchange->vhost     = vhost;
    exchange->type      = type;
    exchange->name      = copy(name);
    exchange->arguments = copy(arguments);
    exchange->link.data = exchange;
    if (gmq_table_find(exchange->arguments, GMQ_SLICE("alternate-exchange"), &alternate))
        exchange->alternate = alternate.bytes;

    exchange->router = type->find_router == NULL ? type : type->find_router(exchange->arguments);
    exchange->state  = new_state(exchange, exchange->router);
    if (exchange->router != type)
        exchange->delay = new_state(exchange, type);
    exchange->is_attentive =
        type->holds != NULL || type->keep != NULL || exchange->router->keep != NULL;
    return exchange;
}

void
gmq_exchange_free(GmqExchange *exchange)
{
    g_assert(exchange->bindings.length == 0);
    g_assert(exchange->inbound.length == 0);

    free_state(exchange->state, exchange->router);
    if (exchange->router != exchange->type)
        free_state(exchange->delay, exchange->type);
    g_free((void *)exchange->name.data);
    g_free((void *)exchange->arguments.data);
    g_free(exchange);
}

/* A message that is held back is not seen by the one who routes before it is let go. */
void
gmq_exchange_keep(GmqExchange *exchange, GmqMessage *message)
{
    const GmqExchangeType *type   = exchange->type;
    const GmqExchangeType *keeper = exchange->router;

    if (type->holds != NULL && type->holds(exchange, message))
        keeper = type;
    if (keeper->keep != NULL)
        keeper->keep(exchange, message);
}
