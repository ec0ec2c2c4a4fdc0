/* A random exchange: one binding, whichever it is, with equal chances (AMQP.md 10e.2). */
#include "core/broker/exchange.h"
#include "core/broker/vhost.h"

static void *
new_state(GmqExchange *exchange G_GNUC_UNUSED)
{
    return g_ptr_array_new();
}

static void
free_state(void *bindings)
{
    g_ptr_array_unref(bindings);
}

/* Their order is of no account, so each knows its place, and the last one fills a gap. */
static void
put(GPtrArray *bindings, unsigned place, GmqBinding *binding)
{
    bindings->pdata[place] = binding;
    binding->slot          = GUINT_TO_POINTER(place);
}

static void
add(GmqExchange *exchange, GmqBinding *binding)
{
    GPtrArray *bindings = exchange->state;

    g_ptr_array_add(bindings, binding);
    put(bindings, bindings->len - 1, binding);
}

static void
remove_(GmqExchange *exchange, GmqBinding *binding)
{
    GPtrArray *bindings = exchange->state;
    unsigned place      = GPOINTER_TO_UINT(binding->slot);
    GmqBinding *last    = g_ptr_array_steal_index_fast(bindings, bindings->len - 1);

    if (last != binding)
        put(bindings, place, last);
}

/* A share of 2^32 for each: the unevenness is below one in a million for thousands of bindings. */
static void
route_by_chance(const GmqExchange *exchange, GmqRoute *route)
{
    const GPtrArray *bindings = exchange->state;
    GmqHost *host             = exchange->vhost->host;

    if (bindings->len == 0)
        return;
    uint64_t chance = host->random(host, GMQ_STREAM_ROUTING) >> 32;
    gmq_route_take(route, g_ptr_array_index(bindings, (chance * bindings->len) >> 32));
}

const GmqExchangeType gmq_exchange_random = {
    .name         = "x-random",
    .is_cacheable = false,
    .new_state    = new_state,
    .free_state   = free_state,
    .add          = add,
    .remove       = remove_,
    .route        = route_by_chance,
};
