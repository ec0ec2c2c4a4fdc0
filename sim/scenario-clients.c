#include "sim/reader.h"
#include "sim/units.h"

/* Longer names would make message names longer than a shortstr. */
#define CLIENT_NAME_MAX 100
#define COPIES_MAX 1000

/* ---- names ---- */

static const char *const reserved[] = {"broker", "all", "default", NULL};

/* Names appear in message names, link names and story lines, so they are single words. */
static void
check_client_name(GmqScenarioReader *reader, const GmqYaml *name)
{
    if (strlen(name->text) > CLIENT_NAME_MAX)
        gmq_read_problem(reader, name, "The name of a client has at most %u bytes.",
                         CLIENT_NAME_MAX);
    if (strpbrk(name->text, " #@()\"'") != NULL)
        gmq_read_problem(reader, name,
                         "The name of a client is one word, without blanks, quotes, # @ ( or ).");
    if (g_strv_contains(reserved, name->text))
        gmq_read_problem(reader, name, "\"%s\" has a meaning of its own in scenarios.", name->text);
}

static void
add_client(GmqScenarioReader *reader, const GmqYaml *node, const GmqClientSpec *like,
           const char *name)
{
    GPtrArray *clients    = reader->scenario->clients;
    GmqClientSpec *client = g_new0(GmqClientSpec, 1);

    if (gmq_scenario_find_client(reader->scenario, name) != NULL)
        gmq_read_problem(reader, node, "There is a client \"%s\" already.", name);
    *client       = *like;
    client->name  = gmq_read_keep(reader, name);
    client->index = clients->len;
    g_ptr_array_add(clients, client);
}

/* ---- one client ---- */

static GmqClientSpec
defaults(GmqScenarioReader *reader)
{
    return (GmqClientSpec){
        .role            = GMQ_N_ROLES,
        .reconnect_ns    = -1,
        .reconnect_times = UINT64_MAX,
        .heartbeat_ns    = -1,
        .publish         = {.message = GMQ_MESSAGE_UNSET, .count = 1},
        .from            = gmq_read_keep(reader, ""),
        .ack             = GMQ_ACK_MANUAL,
        .batch           = 1,
    };
}

/* The keys that may stand there depend on the role, so that comes first. */
static GmqRole
find_role(const GmqYaml *node)
{
    const GmqYaml *role = gmq_yaml_find(node, "role");

    for (unsigned i = 0; role != NULL && i < GMQ_N_ROLES; i++) {
        if (strcmp(role->text, gmq_role_name((GmqRole)i)) == 0)
            return (GmqRole)i;
    }
    return GMQ_N_ROLES;
}

static bool
is_later_role(const char *text)
{
    static const char *const later[] = {"getter", "rpc-server", "rpc-client", "raw", NULL};
    return g_strv_contains(later, text);
}

static void
check_consumer(GmqScenarioReader *reader, const GmqYaml *node, const GmqClientSpec *client)
{
    const GmqYaml *from = gmq_read_need(reader, node, GMQ_IN_CONSUMER, "from");

    if (from != NULL)
        gmq_read_refer(reader, from, GMQ_NAME_QUEUE);
    if (client->prefetch > 0 && client->batch > client->prefetch)
        gmq_read_problem(reader, node,
                         "\"batch\" is at most \"prefetch\": more messages never come together.");
    if (client->batch > 1 && client->ack != GMQ_ACK_MANUAL)
        gmq_read_problem(reader, node, "\"batch\" is about acks and needs \"ack: manual\".");
    if (client->prefetch > 0 && client->ack == GMQ_ACK_AUTO)
        gmq_read_problem(reader, node, "\"ack: auto\" has nothing that \"prefetch\" could limit.");
}

/* An admin has nothing to say but what all clients have. */
static void
check_nothing(GmqScenarioReader *reader, const GmqYaml *node, const GmqClientSpec *client)
{
    (void)reader;
    (void)node;
    (void)client;
}

/* Where the keys of each role stand, and what must be so when all of them were read. */
static const struct {
    GmqKeyOwner keys;
    void (*check)(GmqScenarioReader *reader, const GmqYaml *node, const GmqClientSpec *client);
} roles[GMQ_N_ROLES] = {
    [GMQ_ROLE_PRODUCER] = {GMQ_IN_PRODUCER, gmq_read_check_producer},
    [GMQ_ROLE_CONSUMER] = {GMQ_IN_CONSUMER, check_consumer},
    [GMQ_ROLE_ADMIN]    = {GMQ_N_OWNERS, check_nothing},
};

GmqKeyOwner
gmq_key_owner_of_role(GmqRole role)
{
    return roles[role].keys;
}

static void
check_role(GmqScenarioReader *reader, const GmqYaml *name, const GmqYaml *node)
{
    const GmqYaml *role = gmq_yaml_find(node, "role");

    if (role == NULL)
        gmq_read_need(reader, node->type == GMQ_YAML_MAP ? node : name, GMQ_IN_CLIENT, "role");
    else if (is_later_role(role->text))
        gmq_read_problem(reader, role, "The role \"%s\" is not supported yet.", role->text);
    else
        gmq_read_refuse(reader, gmq_key_find(GMQ_IN_CLIENT, "role"), role);
}

static void
read_client(GmqScenarioReader *reader, const GmqYaml *name, const GmqYaml *node)
{
    GmqClientSpec client       = defaults(reader);
    GmqRole role               = find_role(node);
    GmqKeyOwner role_keys      = role == GMQ_N_ROLES ? GMQ_N_OWNERS : roles[role].keys;
    const GmqKeyOwner owners[] = {GMQ_IN_CLIENT, role_keys, GMQ_N_OWNERS};

    reader->copies = 0;
    client.line    = name->line;
    client.family  = gmq_read_name(reader, name, "A client");
    check_client_name(reader, name);
    if (role == GMQ_N_ROLES) {
        check_role(reader, name, node);
    } else {
        gmq_read_map(reader, node, owners, &client);
        roles[role].check(reader, node, &client);
    }

    if (reader->scenario->stop_ns > 0 && client.start_ns > reader->scenario->stop_ns)
        gmq_read_problem(reader, name, "\"%s\" would start after \"stop\".", client.family);
    if (reader->copies == 0)
        add_client(reader, name, &client, client.family);
    for (uint64_t i = 1; i <= reader->copies; i++) {
        g_autofree char *copy = g_strdup_printf("%s%" G_GUINT64_FORMAT, client.family, (guint64)i);
        add_client(reader, name, &client, copy);
    }
}

void
gmq_read_clients(GmqScenarioReader *reader, const void *node, void *target)
{
    const GmqYaml *map = node;

    (void)target;
    if (!gmq_read_is_map(reader, map, "\"clients\""))
        return;
    for (unsigned i = 0; i + 1 < map->items->len; i += 2)
        read_client(reader, map->items->pdata[i], map->items->pdata[i + 1]);
}

void
gmq_read_copies(GmqScenarioReader *reader, const void *node, void *target)
{
    uint64_t copies;

    (void)target;
    if (gmq_read_count_node(reader, node, 1, COPIES_MAX, &copies))
        reader->copies = copies;
}

void
gmq_read_reconnect(GmqScenarioReader *reader, const void *node, void *target)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_RECONNECT, GMQ_N_OWNERS};
    const GmqYaml *value              = node;

    if (value->type == GMQ_YAML_SCALAR && strcmp(value->text, "never") == 0)
        return;
    if (value->type != GMQ_YAML_MAP) {
        gmq_read_problem(reader, value, "\"reconnect\" is never, or {after: DURATION}.");
        return;
    }
    gmq_read_map(reader, value, owners, target);
    const GmqYaml *after = gmq_read_need(reader, value, GMQ_IN_RECONNECT, "after");
    if (after != NULL && ((GmqClientSpec *)target)->reconnect_ns == 0)
        gmq_read_problem(reader, after,
                         "\"after\" of a reconnection is longer than 0s: a client that is refused "
                         "would try again for ever within one moment.");
}

/* ---- consumers ---- */

/* "300ms", or "per dot 300ms". */
void
gmq_read_work(GmqScenarioReader *reader, const void *node, void *target)
{
    const GmqYaml *value  = node;
    GmqClientSpec *client = target;
    const char *text      = gmq_read_text(reader, value, "\"work\"");

    if (text == NULL)
        return;
    client->work_per_dot = g_str_has_prefix(text, "per dot ");
    if (g_str_has_prefix(text, "exp "))
        gmq_read_problem(reader, value, "\"exp\" is not supported yet.");
    else if (!gmq_read_duration(client->work_per_dot ? text + strlen("per dot ") : text,
                                &client->work_ns))
        gmq_read_problem(reader, value,
                         "\"work\" is a duration such as 300ms, or \"per dot 300ms\", not \"%s\".",
                         text);
}
