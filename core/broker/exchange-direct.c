/* A direct exchange: bindings whose key equals the routing key (AMQP.md 10.19). Bindings with the
 * same key stand in one bucket, so that routing looks at none but those that match. */
#include "core/broker/exchange.h"
#include "core/broker/vhost.h"

typedef struct {
    GmqSlice key; /* the bytes behind the struct */
    GQueue bindings;
} Bucket;

static Bucket *
new_bucket(GmqSlice key)
{
    Bucket *bucket = g_malloc(sizeof(Bucket) + key.size);

    *bucket = (Bucket){.key = {(uint8_t *)(bucket + 1), key.size}};
    if (key.size > 0)
        memcpy(bucket + 1, key.data, key.size);
    return bucket;
}

static void *
new_state(GmqExchange *exchange G_GNUC_UNUSED)
{
    return g_hash_table_new_full(gmq_slice_hash, gmq_slice_same, NULL, g_free);
}

static void
free_state(void *buckets)
{
    g_hash_table_unref(buckets);
}

static void
add(GmqExchange *exchange, GmqBinding *binding)
{
    Bucket *bucket = g_hash_table_lookup(exchange->state, &binding->key);

    if (bucket == NULL) {
        bucket = new_bucket(binding->key);
        g_hash_table_insert(exchange->state, &bucket->key, bucket);
    }
    g_queue_push_tail_link(&bucket->bindings, &binding->slot_link);
    binding->slot = bucket;
}

static void
remove_(GmqExchange *exchange, GmqBinding *binding)
{
    Bucket *bucket = binding->slot;

    g_queue_unlink(&bucket->bindings, &binding->slot_link);
    if (bucket->bindings.length == 0)
        g_hash_table_remove(exchange->state, &bucket->key);
}

static void
route_by_key(const GmqExchange *exchange, GmqRoute *route)
{
    for (unsigned i = 0; i < route->keys->len; i++) {
        GmqSlice key   = g_array_index(route->keys, GmqSlice, i);
        Bucket *bucket = g_hash_table_lookup(exchange->state, &key);

        for (GList *link = bucket == NULL ? NULL : bucket->bindings.head; link; link = link->next)
            gmq_route_take(route, link->data);
    }
}

const GmqExchangeType gmq_exchange_direct = {
    .name         = "direct",
    .is_cacheable = true,
    .new_state    = new_state,
    .free_state   = free_state,
    .add          = add,
    .remove       = remove_,
    .route        = route_by_key,
};
