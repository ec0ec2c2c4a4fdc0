/* A modulus hash exchange: the binding whose place is the hash of the routing keys modulo the
 * number of bindings (AMQP.md 10e.3). They stand sorted, so that brokers with the same bindings
 * agree whatever the order in which these were made. */
#include "core/broker/exchange.h"
#include "core/broker/hash.h"

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

/* By key, then exchanges before queues, then by name; those that are alike in all of this, which
 * differ in their arguments, by age. */
static int
compare(const GmqBinding *a, const GmqBinding *b)
{
    int order = gmq_slice_compare(a->key, b->key);

    if (order == 0)
        order = (a->queue != NULL) - (b->queue != NULL);
    if (order == 0)
        order = gmq_slice_compare(gmq_binding_target(a), gmq_binding_target(b));
    if (order != 0)
        return order;
    return a->number < b->number ? -1 : a->number > b->number;
}

/* Where the binding stands, or would stand. */
static unsigned
find_place(const GPtrArray *bindings, const GmqBinding *binding)
{
    unsigned low  = 0;
    unsigned high = bindings->len;

    while (low < high) {
        unsigned middle = (low + high) / 2;

        if (compare(g_ptr_array_index(bindings, middle), binding) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void
add(GmqExchange *exchange, GmqBinding *binding)
{
    GPtrArray *bindings = exchange->state;

    g_ptr_array_insert(bindings, (int)find_place(bindings, binding), binding);
}

static void
remove_(GmqExchange *exchange, GmqBinding *binding)
{
    GPtrArray *bindings = exchange->state;

    g_ptr_array_remove_index(bindings, find_place(bindings, binding));
}

static uint64_t
hash_keys(const GArray *keys)
{
    uint64_t hash = 0;

    for (unsigned i = 0; i < keys->len; i++)
        hash = gmq_hash_add(hash, g_array_index(keys, GmqSlice, i));
    return hash;
}

static void
route_by_modulus(const GmqExchange *exchange, GmqRoute *route)
{
    const GPtrArray *bindings = exchange->state;

    if (bindings->len > 0)
        gmq_route_take(route, g_ptr_array_index(bindings, hash_keys(route->keys) % bindings->len));
}

const GmqExchangeType gmq_exchange_modulus_hash = {
    .name         = "x-modulus-hash",
    .is_cacheable = true,
    .new_state    = new_state,
    .free_state   = free_state,
    .add          = add,
    .remove       = remove_,
    .route        = route_by_modulus,
};
