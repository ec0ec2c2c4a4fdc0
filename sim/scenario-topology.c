#include "sim/language.h"
#include "sim/reader.h"
#include "sim/units.h"

/* Reads each entry of "NAME: MAP" by its reader. */
typedef void (*ReadEntry)(GmqScenarioReader *reader, const GmqYaml *name, const GmqYaml *node);

static void
read_entries(GmqScenarioReader *reader, const GmqYaml *map, ReadEntry read)
{
    if (!gmq_read_is_map(reader, map, _("This")))
        return;
    for (unsigned i = 0; i + 1 < map->items->len; i += 2)
        read(reader, map->items->pdata[i], map->items->pdata[i + 1]);
}

char *
gmq_read_new_name(GmqScenarioReader *reader, const GmqYaml *node, const char *what)
{
    if (g_str_has_prefix(node->text, "amq."))
        gmq_read_problem(reader, node, _("Names that begin with \"amq.\" are the broker's own."));
    return gmq_read_name(reader, node, what);
}

void
gmq_read_check_exchange(GmqScenarioReader *reader, const GmqYaml *node,
                        const GmqExchangeLine *exchange)
{
    bool is_delayed  = exchange->type == GMQ_EXCHANGE_KIND_DELAYED;
    bool has_delayed = gmq_yaml_find(node, "delayed_type") != NULL;

    if (gmq_yaml_find(node, "type") == NULL)
        return;
    if (is_delayed && !has_delayed)
        gmq_read_problem(reader, node,
                         _("An x-delayed-message needs \"delayed_type\": how it routes then."));
    if (!is_delayed && has_delayed)
        gmq_read_problem(reader, gmq_yaml_find(node, "delayed_type"),
                         _("\"delayed_type\" needs \"type: x-delayed-message\"."));
}

static void
read_exchange(GmqScenarioReader *reader, const GmqYaml *name, const GmqYaml *node)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_EXCHANGE, GMQ_N_OWNERS};
    GmqExchangeLine *exchange         = g_new0(GmqExchangeLine, 1);

    exchange->delayed_type = GMQ_N_EXCHANGE_KINDS;
    g_ptr_array_add(reader->scenario->exchanges, exchange);
    exchange->line = name->line;
    exchange->name = gmq_read_new_name(reader, name, _("An exchange"));
    if (strcmp(exchange->name, "default") == 0)
        gmq_read_problem(reader, name, _("\"default\" means the nameless exchange, which exists."));
    gmq_read_map(reader, node, owners, exchange);
    if (node->type == GMQ_YAML_MAP)
        gmq_read_check_exchange(reader, node, exchange);
    gmq_read_need(reader, node->type == GMQ_YAML_MAP ? node : name, GMQ_IN_EXCHANGE, "type");
    if (exchange->alternate != NULL)
        gmq_read_refer(reader, gmq_yaml_find(node, "alternate"), GMQ_NAME_EXCHANGE);
}

/* ---- bindings ---- */

static GmqExchangeLine *
find_exchange(const GmqScenario *scenario, const char *name)
{
    for (unsigned i = 0; i < scenario->exchanges->len; i++) {
        GmqExchangeLine *exchange = scenario->exchanges->pdata[i];

        if (strcmp(exchange->name, name) == 0)
            return exchange;
    }
    return NULL;
}

static bool
is_headers_exchange(const GmqScenario *scenario, const char *name)
{
    const GmqExchangeLine *exchange = find_exchange(scenario, name);

    if (exchange != NULL)
        return exchange->type == GMQ_EXCHANGE_KIND_HEADERS ||
               exchange->delayed_type == GMQ_EXCHANGE_KIND_HEADERS;
    return strcmp(name, "amq.headers") == 0 || strcmp(name, "amq.match") == 0;
}

static void
check_headers(GmqScenarioReader *reader, const GmqYaml *node, const GmqBindingLine *binding)
{
    bool has_headers = binding->headers != NULL || gmq_yaml_find(node, "match") != NULL;

    if (has_headers && !is_headers_exchange(reader->scenario, binding->from))
        gmq_read_problem(reader, node,
                         _("\"%s\" is no headers exchange: it does not look at headers."),
                         binding->from);
    if (binding->match == GMQ_MATCH_ANY && binding->headers == NULL)
        gmq_read_problem(reader, node, _("\"match: any\" without headers would never match."));
}

static bool
is_same(const GmqBindingLine *a, const GmqBindingLine *b)
{
    return *a->from != '\0' && strcmp(a->from, b->from) == 0 && strcmp(a->to, b->to) == 0 &&
           strcmp(a->key, b->key) == 0 && a->headers == NULL && b->headers == NULL;
}

static void
check_binding(GmqScenarioReader *reader, const GmqYaml *node, unsigned index)
{
    GmqScenario *scenario   = reader->scenario;
    GmqBindingLine *binding = scenario->bindings->pdata[index];

    binding->to_queue = gmq_scenario_find_queue(scenario, binding->to) != NULL;
    if (binding->to_queue && find_exchange(scenario, binding->to) != NULL)
        gmq_read_problem(reader, node, _("\"%s\" is both a queue and an exchange here."),
                         binding->to);
    check_headers(reader, node, binding);
    for (unsigned i = 0; i < index; i++) {
        const GmqBindingLine *other = scenario->bindings->pdata[i];

        if (is_same(other, binding))
            gmq_read_problem(reader, node, _("This binding stands in line %u already."),
                             other->line);
    }
}

void
gmq_read_check_binding(GmqScenarioReader *reader, const GmqYaml *node,
                       const GmqBindingLine *binding)
{
    const GmqYaml *from = gmq_read_need(reader, node, GMQ_IN_BINDING, "from");
    const GmqYaml *to   = gmq_read_need(reader, node, GMQ_IN_BINDING, "to");

    if (strlen(binding->key) > 255)
        gmq_read_problem(reader, node, _("A key has at most 255 bytes."));
    if (from != NULL)
        gmq_read_refer(reader, from, GMQ_NAME_EXCHANGE);
    if (to != NULL)
        gmq_read_refer(reader, to, GMQ_NAME_QUEUE | GMQ_NAME_EXCHANGE);
}

static void
read_binding(GmqScenarioReader *reader, const GmqYaml *node)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_BINDING, GMQ_N_OWNERS};
    GmqBindingLine *binding           = g_new0(GmqBindingLine, 1);

    g_ptr_array_add(reader->scenario->bindings, binding);
    binding->line = node->line;
    binding->from = binding->to = binding->key = gmq_read_keep(reader, "");
    if (!gmq_read_is_map(reader, node, _("A binding")))
        return;
    gmq_read_map(reader, node, owners, binding);
    gmq_read_check_binding(reader, node, binding);
}

void
gmq_read_binding_headers(GmqScenarioReader *reader, const void *node, void *target)
{
    GmqBindingLine *binding = target;
    binding->headers        = gmq_read_headers(reader, node);
}

/* ---- headers ---- */

/* Without quotes a whole number is a number, and yes and no are truths; all else is text. */
static void
read_header_value(GmqScenarioReader *reader, const GmqYaml *node, GmqHeaderLine *header)
{
    const char *text = gmq_read_text(reader, node, _("A header"));
    bool is_negative = text != NULL && *text == '-';
    bool truth;
    uint64_t number;

    header->text = gmq_read_keep(reader, text == NULL ? "" : text);
    if (text == NULL || !node->is_plain)
        return;
    if (gmq_read_truth(text, &truth)) {
        header->kind    = GMQ_HEADER_BOOL;
        header->integer = truth;
    } else if (gmq_read_count(text + is_negative, &number) && number <= INT64_MAX) {
        header->kind    = GMQ_HEADER_INTEGER;
        header->integer = is_negative ? -(int64_t)number : (int64_t)number;
    }
}

/* Headers that mean something to the broker, and are no plain texts there. */
static void
check_header_name(GmqScenarioReader *reader, const GmqYaml *name)
{
    static const char *const later[] = {"CC", "BCC", NULL};

    if (g_strv_contains(later, name->text))
        gmq_read_problem(reader, name, _("The header \"%s\" is not supported yet."), name->text);
    if (strcmp(name->text, "x-match") == 0)
        gmq_read_problem(reader, name,
                         _("\"x-match\" is written as \"match\", beside the headers."));
}

GPtrArray *
gmq_read_headers(GmqScenarioReader *reader, const GmqYaml *map)
{
    if (!gmq_read_is_map(reader, map, "\"headers\"") || map->items->len == 0)
        return NULL;

    GPtrArray *headers = gmq_read_new_array(reader, g_free);
    for (unsigned i = 0; i + 1 < map->items->len; i += 2) {
        GmqHeaderLine *header = g_new0(GmqHeaderLine, 1);

        g_ptr_array_add(headers, header);
        check_header_name(reader, map->items->pdata[i]);
        header->name = gmq_read_name(reader, map->items->pdata[i], _("A header"));
        read_header_value(reader, map->items->pdata[i + 1], header);
    }
    return headers;
}

/* ---- the parts ---- */

void
gmq_read_topology(GmqScenarioReader *reader, const void *node, void *target)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_TOPOLOGY, GMQ_N_OWNERS};
    GmqScenario *scenario             = target;

    gmq_read_map(reader, node, owners, scenario);

    /* In the file bindings may stand before what they bind. */
    const GmqYaml *lines = gmq_yaml_find(node, "bindings");
    for (unsigned i = 0; i < scenario->bindings->len; i++)
        check_binding(reader, lines->items->pdata[i], i);
}

void
gmq_read_exchanges(GmqScenarioReader *reader, const void *node, void *target)
{
    (void)target;
    read_entries(reader, node, read_exchange);
}

void
gmq_read_queues(GmqScenarioReader *reader, const void *node, void *target)
{
    (void)target;
    read_entries(reader, node, gmq_read_queue);
}

void
gmq_read_bindings(GmqScenarioReader *reader, const void *node, void *target)
{
    const GmqYaml *list = node;

    (void)target;
    if (!gmq_read_is_list(reader, list, "\"bindings\""))
        return;
    for (unsigned i = 0; i < list->items->len; i++)
        read_binding(reader, list->items->pdata[i]);
}
