#include "sim/check-private.h"

/* An exchange as the scenario, or AMQP itself, says that it is. */
typedef struct {
    char *name;
    GmqExchangeKind type;
    const char *alternate; /* NULL without one */
} Exchange;

struct GmqCheckRoutes {
    GPtrArray *exchanges; /* of Exchange */
    GPtrArray *bindings;  /* of GmqBindingLine; lent by the scenario */
};

/* One way through the exchanges. */
typedef struct {
    GmqCheckRoutes *routes;
    GmqSlice key;
    const GPtrArray *headers;
    const GHashTable *queues;
    GPtrArray *visited; /* of Exchange */
    GPtrArray *found;   /* of texts */
} Walk;

static const struct {
    const char *name;
    GmqExchangeKind type;
} predeclared[] = {
    {"amq.direct", GMQ_EXCHANGE_KIND_DIRECT}, {"amq.fanout", GMQ_EXCHANGE_KIND_FANOUT},
    {"amq.topic", GMQ_EXCHANGE_KIND_TOPIC},   {"amq.headers", GMQ_EXCHANGE_KIND_HEADERS},
    {"amq.match", GMQ_EXCHANGE_KIND_HEADERS},
};

/* ---- the topology ---- */

static void
free_exchange(void *data)
{
    g_free(((Exchange *)data)->name);
    g_free(data);
}

static void
add_exchange(GmqCheckRoutes *routes, const char *name, GmqExchangeKind type, const char *alternate)
{
    Exchange *exchange = g_new0(Exchange, 1);

    *exchange = (Exchange){g_strdup(name), type, alternate};
    g_ptr_array_add(routes->exchanges, exchange);
}

void
gmq_check_routes_reset(GmqCheckRoutes *routes)
{
    g_ptr_array_set_size(routes->exchanges, 0);
    g_ptr_array_set_size(routes->bindings, 0);
    for (unsigned i = 0; i < G_N_ELEMENTS(predeclared); i++)
        add_exchange(routes, predeclared[i].name, predeclared[i].type, NULL);
}

GmqCheckRoutes *
gmq_check_routes_new(void)
{
    GmqCheckRoutes *routes = g_new0(GmqCheckRoutes, 1);

    routes->exchanges = g_ptr_array_new_with_free_func(free_exchange);
    routes->bindings  = g_ptr_array_new();
    gmq_check_routes_reset(routes);
    return routes;
}

void
gmq_check_routes_free(GmqCheckRoutes *routes)
{
    g_ptr_array_unref(routes->exchanges);
    g_ptr_array_unref(routes->bindings);
    g_free(routes);
}

void
gmq_check_routes_fill(GmqCheckRoutes *routes, const GmqScenario *scenario)
{
    for (unsigned i = 0; i < scenario->exchanges->len; i++) {
        const GmqExchangeLine *exchange = scenario->exchanges->pdata[i];
        add_exchange(routes, exchange->name, exchange->type, exchange->alternate);
    }
    for (unsigned i = 0; i < scenario->bindings->len; i++)
        g_ptr_array_add(routes->bindings, scenario->bindings->pdata[i]);
}

static void
drop_bindings(GmqCheckRoutes *routes, const char *name, bool is_queue)
{
    for (unsigned i = routes->bindings->len; i-- > 0;) {
        const GmqBindingLine *binding = routes->bindings->pdata[i];
        bool is_target = binding->to_queue == is_queue && strcmp(binding->to, name) == 0;
        bool is_source = !is_queue && strcmp(binding->from, name) == 0;

        if (is_target || is_source)
            g_ptr_array_remove_index(routes->bindings, i);
    }
}

void
gmq_check_routes_drop_exchange(GmqCheckRoutes *routes, const char *name)
{
    drop_bindings(routes, name, false);
    for (unsigned i = routes->exchanges->len; i-- > 0;) {
        const Exchange *exchange = routes->exchanges->pdata[i];

        if (strcmp(exchange->name, name) == 0)
            g_ptr_array_remove_index(routes->exchanges, i);
    }
}

void
gmq_check_routes_drop_queue(GmqCheckRoutes *routes, const char *name)
{
    drop_bindings(routes, name, true);
}

void
gmq_check_routes_keep_durable(GmqCheckRoutes *routes, const GmqScenario *scenario)
{
    for (unsigned i = 0; i < scenario->exchanges->len; i++) {
        const GmqExchangeLine *exchange = scenario->exchanges->pdata[i];

        if (!exchange->durable)
            gmq_check_routes_drop_exchange(routes, exchange->name);
    }
    for (unsigned i = 0; i < scenario->queues->len; i++) {
        const GmqQueueLine *queue = scenario->queues->pdata[i];

        if (!queue->durable)
            gmq_check_routes_drop_queue(routes, queue->name);
    }
}

/* ---- walking ---- */

static const Exchange *
find_exchange(const GmqCheckRoutes *routes, const char *name)
{
    for (unsigned i = 0; i < routes->exchanges->len; i++) {
        const Exchange *exchange = routes->exchanges->pdata[i];

        if (strcmp(exchange->name, name) == 0)
            return exchange;
    }
    return NULL;
}

static bool
matches(const Walk *walk, const Exchange *exchange, const GmqBindingLine *binding)
{
    switch (exchange->type) {
    case GMQ_EXCHANGE_KIND_DIRECT:
        return gmq_slice_equal(gmq_slice_of(binding->key), walk->key);
    case GMQ_EXCHANGE_KIND_FANOUT:
        return true;
    case GMQ_EXCHANGE_KIND_TOPIC:
        return gmq_check_topic_matches(gmq_slice_of(binding->key), walk->key);
    case GMQ_EXCHANGE_KIND_HEADERS:
        return gmq_check_headers_match(binding, walk->headers);
    case GMQ_EXCHANGE_KIND_CONSISTENT_HASH:
    case GMQ_EXCHANGE_KIND_MODULUS_HASH:
    case GMQ_EXCHANGE_KIND_RANDOM:
        return true;
    }
    g_assert_not_reached();
}

static void
add_found(Walk *walk, const char *queue)
{
    for (unsigned i = 0; i < walk->found->len; i++) {
        if (strcmp(walk->found->pdata[i], queue) == 0)
            return;
    }
    g_ptr_array_add(walk->found, g_strdup(queue));
}

/* Exchanges may lead in circles; each is visited once, so this ends. */
static void
visit(Walk *walk, const Exchange *exchange)
{
    bool has_match = false;

    if (exchange == NULL || g_ptr_array_find(walk->visited, exchange, NULL))
        return;
    g_ptr_array_add(walk->visited, (void *)exchange);
    for (unsigned i = 0; i < walk->routes->bindings->len; i++) {
        const GmqBindingLine *binding = walk->routes->bindings->pdata[i];

        if (strcmp(binding->from, exchange->name) != 0 || !matches(walk, exchange, binding))
            continue;
        has_match = true;
        if (binding->to_queue)
            add_found(walk, binding->to);
        else
            visit(walk, find_exchange(walk->routes, binding->to));
    }
    if (!has_match && exchange->alternate != NULL)
        visit(walk, find_exchange(walk->routes, exchange->alternate));
}

void
gmq_check_routes_find(GmqCheckRoutes *routes, const char *exchange, GmqSlice key,
                      const GPtrArray *headers, const GHashTable *queues, GPtrArray *found)
{
    Walk walk = {
        .routes = routes, .key = key, .headers = headers, .queues = queues, .found = found};

    if (*exchange == '\0') {
        g_autofree char *name = gmq_slice_dup(key);

        if (g_hash_table_contains((GHashTable *)queues, name))
            add_found(&walk, name);
        return;
    }
    walk.visited = g_ptr_array_new();
    visit(&walk, find_exchange(routes, exchange));
    g_ptr_array_unref(walk.visited);
}

/* ---- judging ---- */

static bool
has_copy_in(const GmqCheckMessage *message, const char *queue)
{
    for (unsigned i = 0; i < message->copies->len; i++) {
        const GmqCheckCopy *copy = message->copies->pdata[i];

        if (strcmp(copy->queue->name, queue) == 0)
            return true;
    }
    return false;
}

void
gmq_check_routed(GmqCheck *check, const GmqCheckMessage *message)
{
    bool reaches_none = message->routes->len == 0;

    if (check->is_open)
        return;
    for (unsigned i = 0; i < message->routes->len; i++) {
        const char *queue = message->routes->pdata[i];

        if (!has_copy_in(message, queue))
            gmq_check_break(check, queue,
                            "S10 broken: message %s should have reached queue %s after event "
                            "%" G_GUINT64_FORMAT ", and did not.",
                            message->name, queue, (guint64)message->event);
    }
    if (reaches_none && message->is_mandatory && !message->is_returned)
        gmq_check_break(check, message->name,
                        "S10 broken: message %s is mandatory and reached no queue, and was not "
                        "returned.",
                        message->name);
    if (message->is_returned && !(reaches_none && message->is_mandatory))
        gmq_check_break(check, message->name,
                        "S10 broken: message %s was returned, and should not be.", message->name);
}
