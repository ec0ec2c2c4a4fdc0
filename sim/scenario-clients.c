#include "sim/language.h"
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
        gmq_read_problem(reader, name, _("The name of a client has at most %u bytes."),
                         CLIENT_NAME_MAX);
    if (strpbrk(name->text, " #@()\"'") != NULL)
        gmq_read_problem(
            reader, name,
            _("The name of a client is one word, without blanks, quotes, # @ ( or )."));
    if (g_strv_contains(reserved, name->text))
        gmq_read_problem(reader, name, _("\"%s\" has a meaning of its own in scenarios."),
                         name->text);
}

static void
add_client(GmqScenarioReader *reader, const GmqYaml *node, const GmqClientSpec *like,
           const char *name)
{
    GPtrArray *clients    = reader->scenario->clients;
    GmqClientSpec *client = g_new0(GmqClientSpec, 1);

    if (gmq_scenario_find_client(reader->scenario, name) != NULL)
        gmq_read_problem(reader, node, _("There is a client \"%s\" already."), name);
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
        .dedupe          = GMQ_DEDUPE_NOTHING,
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

/* An admin has nothing to say but what all clients have. */
static void
check_nothing(GmqScenarioReader *reader, const GmqYaml *node, const GmqClientSpec *client)
{
    (void)reader;
    (void)node;
    (void)client;
}

/* Where the keys of each role stand, those that it shares first, and what must be so when all of
 * them were read. */
static const struct {
    GmqKeyOwner keys[2];
    void (*check)(GmqScenarioReader *reader, const GmqYaml *node, const GmqClientSpec *client);
} roles[GMQ_N_ROLES] = {
    [GMQ_ROLE_PRODUCER]   = {{GMQ_IN_PRODUCER, GMQ_N_OWNERS}, gmq_read_check_producer},
    [GMQ_ROLE_CONSUMER]   = {{GMQ_IN_RECEIVER, GMQ_IN_CONSUMER}, gmq_read_check_consumer},
    [GMQ_ROLE_GETTER]     = {{GMQ_IN_RECEIVER, GMQ_IN_GETTER}, gmq_read_check_getter},
    [GMQ_ROLE_RPC_SERVER] = {{GMQ_IN_RECEIVER, GMQ_IN_CONSUMER}, gmq_read_check_consumer},
    [GMQ_ROLE_RPC_CLIENT] = {{GMQ_IN_PRODUCER, GMQ_IN_RPC_CLIENT}, gmq_read_check_producer},
    [GMQ_ROLE_ADMIN]      = {{GMQ_N_OWNERS, GMQ_N_OWNERS}, check_nothing},
    [GMQ_ROLE_RAW]        = {{GMQ_IN_RAW, GMQ_N_OWNERS}, gmq_read_check_raw},
};

const GmqKeyOwner *
gmq_key_owners_of_role(GmqRole role)
{
    return roles[role].keys;
}

static void
check_role(GmqScenarioReader *reader, const GmqYaml *name, const GmqYaml *node)
{
    const GmqYaml *role = gmq_yaml_find(node, "role");

    if (role == NULL)
        gmq_read_need(reader, node->type == GMQ_YAML_MAP ? node : name, GMQ_IN_CLIENT, "role");
    else
        gmq_read_refuse(reader, gmq_key_find(GMQ_IN_CLIENT, "role"), role);
}

static void
read_client(GmqScenarioReader *reader, const GmqYaml *name, const GmqYaml *node)
{
    GmqClientSpec client = defaults(reader);
    GmqRole role         = find_role(node);

    reader->copies = 0;
    client.line    = name->line;
    client.family  = gmq_read_name(reader, name, _("A client"));
    check_client_name(reader, name);
    if (role == GMQ_N_ROLES) {
        check_role(reader, name, node);
    } else {
        const GmqKeyOwner owners[] = {GMQ_IN_CLIENT, roles[role].keys[0], roles[role].keys[1],
                                      GMQ_N_OWNERS};

        client.role = role;
        if (role == GMQ_ROLE_RPC_CLIENT)
            client.ack = GMQ_ACK_AUTO;
        gmq_read_map(reader, node, owners, &client);
        roles[role].check(reader, node, &client);
    }

    if (client.run != NULL && role != GMQ_ROLE_PRODUCER && role != GMQ_ROLE_CONSUMER &&
        role != GMQ_ROLE_GETTER)
        gmq_read_problem(reader, name,
                         _("Only a producer, a consumer or a getter may be a program "
                           "to \"run\"."));
    if (reader->scenario->stop_ns > 0 && client.start_ns > reader->scenario->stop_ns)
        gmq_read_problem(reader, name, _("\"%s\" would start after \"stop\"."), client.family);
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
        gmq_read_problem(reader, value, _("\"reconnect\" is never, or {after: DURATION}."));
        return;
    }
    gmq_read_map(reader, value, owners, target);
    const GmqYaml *after = gmq_read_need(reader, value, GMQ_IN_RECONNECT, "after");
    if (after != NULL && ((GmqClientSpec *)target)->reconnect_ns == 0)
        gmq_read_problem(
            reader, after,
            _("\"after\" of a reconnection is longer than 0s: a client that is refused "
              "would try again for ever within one moment."));
}
