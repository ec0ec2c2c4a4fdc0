/* The exchanges, queues and bindings of a drawn scenario. */
#include "sim/swarm-private.h"

#define QUEUES_MAX 3
#define EXCHANGES_MAX 3
#define BINDINGS_MAX 6

/* Where dead letters go: an exchange of their own, and a queue behind it. */
#define GRAVE "dead"
#define GRAVE_QUEUE "graveyard"

static char *
name_of(const char *stem, unsigned number)
{
    return g_strdup_printf("%s%u", stem, number);
}

static void
add_exchanges(GmqSwarm *swarm, GmqYaml *topology)
{
    static const char *const types[] = {"direct", "fanout", "topic"};
    GmqYaml *map                     = gmq_yaml_put_map(swarm->document, topology, "exchanges");
    uint64_t n                       = gmq_swarm_between(swarm, 1, EXCHANGES_MAX);

    for (unsigned i = 1; i <= n; i++) {
        char *name        = name_of("x", i);
        GmqYaml *exchange = gmq_yaml_put_map(swarm->document, map, name);
        uint64_t type     = gmq_random_below(&swarm->random, G_N_ELEMENTS(types));

        gmq_swarm_put(swarm, exchange, "type", types[type]);
        gmq_swarm_put(swarm, exchange, "durable", gmq_swarm_one_of(swarm, 4) ? "no" : "yes");
        if (i > 1 && gmq_swarm_uses(swarm, GMQ_SWARM_ALTERNATE))
            gmq_swarm_put(swarm, exchange, "alternate", gmq_swarm_pick(swarm, swarm->exchanges));
        g_ptr_array_add(swarm->exchanges, name);
    }
}

static void
add_limits(GmqSwarm *swarm, GmqYaml *queue)
{
    if (gmq_swarm_uses(swarm, GMQ_SWARM_MAX_PRIORITY))
        gmq_swarm_put_number(swarm, queue, "max_priority", gmq_swarm_scale(swarm, 1, 10));
    if (gmq_swarm_uses(swarm, GMQ_SWARM_QUEUE_TTL))
        gmq_swarm_put_ms(swarm, queue, "ttl", gmq_swarm_scale(swarm, 10, 5000));
    if (gmq_swarm_uses(swarm, GMQ_SWARM_MAX_LENGTH)) {
        gmq_swarm_put_number(swarm, queue, "max_length", gmq_swarm_scale(swarm, 1, 50));
        if (gmq_swarm_uses(swarm, GMQ_SWARM_OVERFLOW))
            gmq_swarm_put(swarm, queue, "overflow", "reject-publish");
    } else if (gmq_swarm_uses(swarm, GMQ_SWARM_MAX_BYTES)) {
        uint64_t bytes        = gmq_swarm_scale(swarm, 1, 10000);
        g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT "B", (guint64)bytes);
        gmq_swarm_put(swarm, queue, "max_bytes", text);
    }
    if (gmq_swarm_uses(swarm, GMQ_SWARM_SINGLE_ACTIVE))
        gmq_swarm_put(swarm, queue, "single_active_consumer", "yes");
    if (gmq_swarm_uses(swarm, GMQ_SWARM_DELIVERY_LIMIT))
        gmq_swarm_put_number(swarm, queue, "delivery_limit", gmq_swarm_between(swarm, 1, 5));
}

/* Dead letters go to the grave, or by the default exchange into another queue, which may send them
 * back: a cycle. */
static void
add_dead_letter(GmqSwarm *swarm, GmqYaml *queue)
{
    GmqYaml *dead      = gmq_yaml_put_map(swarm->document, queue, "dead_letter");
    const char *target = gmq_swarm_pick(swarm, swarm->queues);

    swarm->has_deaths |= target == NULL;
    gmq_swarm_put(swarm, dead, "to", target == NULL ? GRAVE : "default");
    if (target != NULL)
        gmq_swarm_put(swarm, dead, "key", target);
}

static void
add_queues(GmqSwarm *swarm, GmqYaml *topology)
{
    GmqYaml *map = gmq_yaml_put_map(swarm->document, topology, "queues");
    uint64_t n   = gmq_swarm_scale(swarm, 1, QUEUES_MAX);

    for (unsigned i = 1; i <= n; i++) {
        char *name      = name_of("q", i);
        GmqYaml *queue  = gmq_yaml_put_map(swarm->document, map, name);
        bool is_lasting = !gmq_swarm_uses(swarm, GMQ_SWARM_TRANSIENT);

        gmq_swarm_put(swarm, queue, "durable", is_lasting ? "yes" : "no");
        add_limits(swarm, queue);
        if (gmq_swarm_uses(swarm, GMQ_SWARM_DEAD_LETTER))
            add_dead_letter(swarm, queue);
        g_ptr_array_add(swarm->queues, name);
    }
    if (gmq_swarm_has(swarm, GMQ_SWARM_RPC)) {
        swarm->rpc_queue = "calls";
        gmq_yaml_put_map(swarm->document, map, swarm->rpc_queue);
    }
    if (swarm->has_deaths)
        gmq_swarm_put(swarm, gmq_yaml_put_map(swarm->document, map, GRAVE_QUEUE), "durable", "yes");
}

static void
bind(GmqSwarm *swarm, GmqYaml *list, const char *from, const char *to, const char *key)
{
    GmqYaml *binding = gmq_yaml_append_map(swarm->document, list);

    gmq_swarm_put(swarm, binding, "from", from);
    gmq_swarm_put(swarm, binding, "to", to);
    gmq_swarm_put(swarm, binding, "key", key);
}

static void
add_bindings(GmqSwarm *swarm, GmqYaml *list)
{
    static const char *const keys[] = {"a", "b", "a.b", "a.*", "#", "*.b.#", "#.b"};
    uint64_t n = swarm->exchanges->len == 0 ? 0 : gmq_swarm_between(swarm, 1, BINDINGS_MAX);

    for (unsigned i = 0; i < n; i++) {
        const char *from = gmq_swarm_pick(swarm, swarm->exchanges);
        bool to_exchange = gmq_swarm_one_of(swarm, 4);
        const char *to   = gmq_swarm_pick(swarm, to_exchange ? swarm->exchanges : swarm->queues);
        uint64_t key     = gmq_random_below(&swarm->random, G_N_ELEMENTS(keys));

        bind(swarm, list, from, to, keys[key]);
    }
}

/* The same binding twice would be one: the later is taken away. */
static void
drop_twins(GmqYaml *list)
{
    for (unsigned i = 0; i < gmq_yaml_count(list); i++) {
        for (unsigned j = gmq_yaml_count(list); j-- > i + 1;) {
            if (gmq_yaml_equal(gmq_yaml_value(list, i), gmq_yaml_value(list, j)))
                gmq_yaml_remove_at(list, j);
        }
    }
}

void
gmq_swarm_add_topology(GmqSwarm *swarm, GmqYaml *root)
{
    GmqYaml *topology = gmq_yaml_put_map(swarm->document, root, "topology");

    if (gmq_swarm_has(swarm, GMQ_SWARM_EXCHANGES))
        add_exchanges(swarm, topology);
    add_queues(swarm, topology);

    GmqYaml *bindings = gmq_yaml_put_list(swarm->document, topology, "bindings");
    add_bindings(swarm, bindings);
    if (swarm->has_deaths) {
        GmqYaml *map   = gmq_yaml_put_map(swarm->document, topology, "exchanges");
        GmqYaml *grave = gmq_yaml_put_map(swarm->document, map, GRAVE);

        gmq_swarm_put(swarm, grave, "type", "fanout");
        gmq_swarm_put(swarm, grave, "durable", "yes");
        bind(swarm, bindings, GRAVE, GRAVE_QUEUE, "");
    }
    drop_twins(bindings);
    if (gmq_yaml_count(bindings) == 0)
        gmq_yaml_remove(topology, "bindings");
}
