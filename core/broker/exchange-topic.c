/* A topic exchange: bindings whose key is a pattern that matches the routing key (AMQP.md 10.20).
 * The patterns stand in a trie over words; bindings with the same pattern share a node. */
#include "core/broker/exchange.h"
#include "core/broker/topic-trie.h"

static void *
new_state(GmqExchange *exchange G_GNUC_UNUSED)
{
    return gmq_topic_trie_new();
}

static void
free_state(void *trie)
{
    gmq_topic_trie_free(trie);
}

static void
add(GmqExchange *exchange, GmqBinding *binding)
{
    GmqTopicNode *node = gmq_topic_trie_enter(exchange->state, binding->key);

    g_queue_push_tail_link(gmq_topic_node_items(node), &binding->slot_link);
    binding->slot = node;
}

static void
remove_(GmqExchange *exchange, GmqBinding *binding)
{
    GmqTopicNode *node = binding->slot;

    g_queue_unlink(gmq_topic_node_items(node), &binding->slot_link);
    gmq_topic_trie_leave(exchange->state, node);
}

static void
route_by_pattern(const GmqExchange *exchange, GmqRoute *route)
{
    for (unsigned i = 0; i < route->keys->len; i++) {
        const GPtrArray *nodes =
            gmq_topic_trie_match(exchange->state, g_array_index(route->keys, GmqSlice, i));

        for (unsigned n = 0; n < nodes->len; n++) {
            GQueue *bindings = gmq_topic_node_items(g_ptr_array_index(nodes, n));

            for (GList *link = bindings->head; link != NULL; link = link->next)
                gmq_route_take(route, link->data);
        }
    }
}

const GmqExchangeType gmq_exchange_topic = {
    .name         = "topic",
    .is_cacheable = true,
    .new_state    = new_state,
    .free_state   = free_state,
    .add          = add,
    .remove       = remove_,
    .route        = route_by_pattern,
};
