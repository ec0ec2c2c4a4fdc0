/* Deeds about the topology: somebody declares, binds, unbinds, deletes, purges. */
#include "sim/declare.h"
#include "sim/language.h"
#include "sim/orders.h"
#include "sim/world-private.h"

/* ---- reading ---- */

/* The map behind the key of the deed; NULL with a problem when it is none. The deed gets a spec. */
static const GmqYaml *
find_map(GmqScenarioReader *reader, const GmqEntryNodes *nodes, GmqDeed *deed,
         GmqTopologySpec **spec)
{
    const GmqYaml *node   = nodes->deeds[deed->kind];
    g_autofree char *what = g_strdup_printf("\"%s\"", gmq_deed_key(deed->kind));

    deed->name = gmq_read_keep(reader, "");
    *spec      = gmq_deed_new_spec(reader, sizeof(GmqTopologySpec));
    deed->spec = *spec;
    if (node->type == GMQ_YAML_MAP)
        return node;
    if (gmq_yaml_is_empty(node))
        gmq_read_problem(reader, node, _("%s is a mapping: {key: value}, or indented lines."),
                         what);
    else
        gmq_read_is_map(reader, node, what);
    return NULL;
}

/* Who does it, which is whom the entry is about when it is somebody. */
static void
read_doer(GmqScenarioReader *reader, const GmqYaml *node, GmqDeed *deed)
{
    const GmqTopologySpec *spec = deed->spec;

    if (spec->as == NULL)
        return;
    deed->name = spec->as;
    gmq_read_refer(reader, gmq_yaml_find(node, "as"), GMQ_NAME_SPEAKER);
}

/* A queue or an exchange, one of them. */
static bool
has_one(GmqScenarioReader *reader, const GmqYaml *node, const char *verb)
{
    bool has_queue    = gmq_yaml_find(node, "queue") != NULL;
    bool has_exchange = gmq_yaml_find(node, "exchange") != NULL;

    if (has_queue == has_exchange)
        gmq_read_problem(reader, node, _("\"%s\" is about one queue or one exchange."), verb);
    return has_queue != has_exchange;
}

static void
declare_queue(GmqScenarioReader *reader, const GmqYaml *node, GmqTopologySpec *spec)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_DECLARE, GMQ_IN_QUEUE, GMQ_N_OWNERS};
    GmqQueueLine *queue               = &spec->line.queue;

    *queue = (GmqQueueLine)GMQ_QUEUE_LINE_DEFAULT;
    gmq_read_map(reader, node, owners, spec);
    queue->line = node->line;
    queue->name = gmq_read_new_name(reader, gmq_yaml_find(node, "queue"), "A queue");
    gmq_read_check_queue(reader, node, queue);
    if (queue->exclusive && spec->as == NULL)
        gmq_read_problem(reader, node, _("An exclusive queue is somebody's: \"as\" says whose."));
    g_ptr_array_add(reader->scenario->later_queues, queue->name);
}

static void
declare_exchange(GmqScenarioReader *reader, const GmqYaml *node, GmqTopologySpec *spec)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_DECLARE, GMQ_IN_EXCHANGE, GMQ_N_OWNERS};
    GmqExchangeLine *exchange         = &spec->line.exchange;

    exchange->delayed_type = GMQ_N_EXCHANGE_KINDS;
    gmq_read_map(reader, node, owners, spec);
    gmq_read_check_exchange(reader, node, exchange);
    exchange->line = node->line;
    exchange->name = gmq_read_new_name(reader, gmq_yaml_find(node, "exchange"), "An exchange");
    gmq_read_need(reader, node, GMQ_IN_EXCHANGE, "type");
    if (exchange->alternate != NULL)
        gmq_read_refer(reader, gmq_yaml_find(node, "alternate"), GMQ_NAME_EXCHANGE);
    g_ptr_array_add(reader->scenario->later_exchanges, exchange->name);
}

static void
read_declare(GmqScenarioReader *reader, const GmqEntryNodes *nodes, GmqDeed *deed)
{
    GmqTopologySpec *spec;
    const GmqYaml *node = find_map(reader, nodes, deed, &spec);

    if (node == NULL || !has_one(reader, node, "declare"))
        return;
    if (gmq_yaml_find(node, "queue") != NULL)
        declare_queue(reader, node, spec);
    else
        declare_exchange(reader, node, spec);
    read_doer(reader, node, deed);
}

static void
read_binding(GmqScenarioReader *reader, const GmqEntryNodes *nodes, GmqDeed *deed)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_BIND, GMQ_IN_BINDING, GMQ_N_OWNERS};
    GmqTopologySpec *spec;
    const GmqYaml *node     = find_map(reader, nodes, deed, &spec);
    GmqBindingLine *binding = &spec->line.binding;

    binding->from = binding->to = binding->key = gmq_read_keep(reader, "");
    if (node == NULL)
        return;
    gmq_read_map(reader, node, owners, spec);
    binding->line = node->line;
    gmq_read_check_binding(reader, node, binding);
    read_doer(reader, node, deed);
}

static void
refer(GmqScenarioReader *reader, const GmqYaml *node, const char *key, unsigned kind)
{
    const GmqYaml *name = gmq_yaml_find(node, key);

    if (name != NULL && name->type == GMQ_YAML_SCALAR)
        gmq_read_refer(reader, name, kind);
}

static void
read_delete(GmqScenarioReader *reader, const GmqEntryNodes *nodes, GmqDeed *deed)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_DELETE, GMQ_N_OWNERS};
    GmqTopologySpec *spec;
    const GmqYaml *node = find_map(reader, nodes, deed, &spec);

    if (node == NULL || !has_one(reader, node, "delete"))
        return;
    gmq_read_map(reader, node, owners, spec);
    refer(reader, node, "queue", GMQ_NAME_QUEUE);
    refer(reader, node, "exchange", GMQ_NAME_EXCHANGE);
    read_doer(reader, node, deed);
}

static void
read_purge(GmqScenarioReader *reader, const GmqEntryNodes *nodes, GmqDeed *deed)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_PURGE, GMQ_N_OWNERS};
    GmqTopologySpec *spec;
    const GmqYaml *node = find_map(reader, nodes, deed, &spec);

    if (node == NULL)
        return;
    gmq_read_map(reader, node, owners, spec);
    gmq_read_need(reader, node, GMQ_IN_PURGE, "queue");
    refer(reader, node, "queue", GMQ_NAME_QUEUE);
    read_doer(reader, node, deed);
}

/* ---- the methods ---- */

static GmqMethod
declare(const GmqTopologySpec *spec, GmqBuffer *arguments)
{
    return spec->queue_name != NULL ? gmq_declare_queue(&spec->line.queue, arguments)
                                    : gmq_declare_exchange(&spec->line.exchange, arguments);
}

/* The target is known when everything was read. */
static GmqMethod
bind(const GmqScenario *scenario, const GmqTopologySpec *spec, GmqBuffer *arguments)
{
    GmqBindingLine binding = spec->line.binding;

    binding.to_queue = gmq_scenario_is_queue(scenario, binding.to);
    return gmq_declare_binding(&binding, arguments);
}

static GmqMethod
unbind(const GmqScenario *scenario, const GmqTopologySpec *spec, GmqBuffer *arguments)
{
    GmqMethod method = bind(scenario, spec, arguments);

    if (method.id == GMQ_QUEUE_BIND)
        return (GmqMethod){.id           = GMQ_QUEUE_UNBIND,
                           .queue_unbind = {.queue       = method.queue_bind.queue,
                                            .exchange    = method.queue_bind.exchange,
                                            .routing_key = method.queue_bind.routing_key,
                                            .arguments   = method.queue_bind.arguments}};
    return (GmqMethod){.id              = GMQ_EXCHANGE_UNBIND,
                       .exchange_unbind = {.destination = method.exchange_bind.destination,
                                           .source      = method.exchange_bind.source,
                                           .routing_key = method.exchange_bind.routing_key,
                                           .arguments   = method.exchange_bind.arguments}};
}

static GmqMethod delete (const GmqTopologySpec *spec)
{
    if (spec->queue_name != NULL)
        return (GmqMethod){.id           = GMQ_QUEUE_DELETE,
                           .queue_delete = {.queue = gmq_slice_of(spec->queue_name)}};
    return (GmqMethod){.id              = GMQ_EXCHANGE_DELETE,
                       .exchange_delete = {.exchange = gmq_slice_of(spec->exchange_name)}};
}

GmqMethod
gmq_order_method(const GmqScenario *scenario, const GmqDeed *deed, GmqBuffer *arguments)
{
    const GmqTopologySpec *spec = deed->spec;

    switch (deed->kind) {
    case GMQ_DEED_DECLARE:
        return declare(spec, arguments);
    case GMQ_DEED_BIND:
        return bind(scenario, spec, arguments);
    case GMQ_DEED_UNBIND:
        return unbind(scenario, spec, arguments);
    case GMQ_DEED_DELETE:
        return delete (spec);
    case GMQ_DEED_PURGE:
        return (GmqMethod){.id          = GMQ_QUEUE_PURGE,
                           .queue_purge = {.queue = gmq_slice_of(spec->queue_name)}};
    default:
        g_assert_not_reached();
    }
}

/* ---- doing ---- */

/* "declares queue q"; the caller frees it. */
static char *
describe(const GmqDeed *deed)
{
    const GmqTopologySpec *spec = deed->spec;
    const char *kind            = spec->queue_name != NULL ? "queue" : "exchange";
    const char *name            = spec->queue_name != NULL ? spec->queue_name : spec->exchange_name;

    if (deed->kind == GMQ_DEED_BIND || deed->kind == GMQ_DEED_UNBIND) {
        const GmqBindingLine *binding = &spec->line.binding;
        bool has_key                  = *binding->key != '\0';

        return g_strdup_printf("%ss %s %s %s%s%s", gmq_deed_key(deed->kind), binding->to,
                               deed->kind == GMQ_DEED_BIND ? "to" : "from", binding->from,
                               has_key ? " with key " : "", has_key ? binding->key : "");
    }
    return g_strdup_printf("%ss %s %s", gmq_deed_key(deed->kind), kind, name);
}

static void
act(GmqWorld *world, const GmqTimelineEntry *entry, const GmqDeed *deed)
{
    const GmqTopologySpec *spec = deed->spec;
    g_autofree char *what       = describe(deed);

    (void)entry;
    gmq_deed_note(world, GMQ_EVENT_CLIENT_ASKED, deed->name, what);
    if (spec->as != NULL)
        gmq_sim_client_order(gmq_world_find_client(world, spec->as), deed);
    else
        gmq_world_order(world, deed);
}

const GmqDeedClass gmq_deed_declare = {.read = read_declare, .act = act};
const GmqDeedClass gmq_deed_bind    = {.read = read_binding, .act = act};
const GmqDeedClass gmq_deed_unbind  = {.read = read_binding, .act = act};
const GmqDeedClass gmq_deed_delete  = {.read = read_delete, .act = act};
const GmqDeedClass gmq_deed_purge   = {.read = read_purge, .act = act};
