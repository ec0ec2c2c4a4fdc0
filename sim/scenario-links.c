#include "sim/language.h"
#include "sim/link.h"

#define TO_BROKER " to broker"
#define FROM_BROKER "broker to "

/* What is not said. */
#define UNSAID UINT64_MAX

static const GmqLinkSpec unsaid = {
    .latency_ns   = -1,
    .jitter_ns    = -1,
    .jitter_shape = GMQ_N_JITTERS,
    .rate         = UNSAID,
    .loss         = UNSAID,
    .buffer       = UNSAID,
    .chunks       = GMQ_N_CHUNKS,
};

static const GmqLinkSpec defaults = {
    .latency_ns = 1000000, .rate = 0, .buffer = 262144, .chunks = GMQ_CHUNKS_WHOLE};

/* ---- a change ---- */

void
gmq_link_change_init(GmqLinkChange *change)
{
    *change = (GmqLinkChange){.spec = unsaid};
}

void
gmq_link_change_name(GmqScenarioReader *reader, GmqLinkChange *change, const char *name)
{
    change->to_broker = change->from_broker = true;
    if (strcmp(name, "default") == 0)
        return;
    if (g_str_has_suffix(name, TO_BROKER)) {
        g_autofree char *client = g_strndup(name, strlen(name) - strlen(TO_BROKER));

        change->client      = gmq_read_keep(reader, client);
        change->from_broker = false;
    } else if (g_str_has_prefix(name, FROM_BROKER)) {
        change->client    = gmq_read_keep(reader, name + strlen(FROM_BROKER));
        change->to_broker = false;
    } else {
        change->client = gmq_read_keep(reader, name);
    }
}

bool
gmq_link_is_about_exactly(const GmqLinkChange *change, const GmqClientSpec *client)
{
    return change->client != NULL && strcmp(change->client, client->name) == 0;
}

bool
gmq_link_is_about(const GmqLinkChange *change, const GmqClientSpec *client)
{
    return change->client == NULL || gmq_link_is_about_exactly(change, client) ||
           strcmp(change->client, client->family) == 0;
}

static void
apply(GmqLinkSpec *link, const GmqLinkSpec *said)
{
    if (said->latency_ns >= 0)
        link->latency_ns = said->latency_ns;
    if (said->jitter_ns >= 0)
        link->jitter_ns = said->jitter_ns;
    if (said->jitter_shape != GMQ_N_JITTERS)
        link->jitter_shape = said->jitter_shape;
    if (said->rate != UNSAID)
        link->rate = said->rate;
    if (said->loss != UNSAID)
        link->loss = said->loss;
    if (said->buffer != UNSAID)
        link->buffer = said->buffer;
    if (said->chunks != GMQ_N_CHUNKS)
        link->chunks = said->chunks;
}

void
gmq_link_change(const GmqLinkChange *change, GmqLinkSpec *both)
{
    if (change->to_broker)
        apply(&both[0], &change->spec);
    if (change->from_broker)
        apply(&both[1], &change->spec);
}

/* ---- reading ---- */

void
gmq_read_link(GmqScenarioReader *reader, const GmqYaml *node, GmqLinkSpec *spec)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_LINK, GMQ_N_OWNERS};

    gmq_read_map(reader, node, owners, spec);
    if (spec->buffer == 0)
        gmq_read_problem(reader, node, _("A \"buffer\" holds at least 1B."));
}

void
gmq_read_refer_link(GmqScenarioReader *reader, const GmqYaml *node, const GmqLinkChange *change)
{
    GmqLinkName name = {node, change};

    g_array_append_val(reader->link_names, name);
}

static void
check_name(GmqScenarioReader *reader, const GmqYaml *node, const GmqLinkChange *change)
{
    const GPtrArray *clients = reader->scenario->clients;

    for (unsigned i = 0; i < clients->len; i++) {
        if (gmq_link_is_about(change, clients->pdata[i]))
            return;
    }
    if (change->client != NULL && (!change->to_broker || !change->from_broker))
        gmq_read_problem(reader, node, _("\"%s\" is not a client."), change->client);
    else if (change->client != NULL)
        gmq_read_refer(reader, node, GMQ_NAME_CLIENT);
}

static void
check_names(GmqScenarioReader *reader)
{
    for (unsigned i = 0; i < reader->link_names->len; i++) {
        const GmqLinkName *name = &g_array_index(reader->link_names, GmqLinkName, i);
        check_name(reader, name->node, name->change);
    }
}

static void
read_line(GmqScenarioReader *reader, const GmqYaml *name, const GmqYaml *node, GArray *lines)
{
    GmqLinkChange line;

    gmq_link_change_init(&line);
    gmq_link_change_name(reader, &line, name->text);
    gmq_read_link(reader, node, &line.spec);
    check_name(reader, name, &line);
    g_array_append_val(lines, line);
}

/* ---- the links of a file ---- */

/* How much a line knows about a client: the later in this order, the more it counts. */
enum {
    ABOUT_ALL,
    ABOUT_FAMILY,
    ABOUT_CLIENT,
    ABOUT_FAMILY_SIDE,
    ABOUT_CLIENT_SIDE,
    N_ABOUT
};

static int
rank(const GmqLinkChange *line, const GmqClientSpec *client)
{
    bool is_side = !line->to_broker || !line->from_broker;

    if (line->client == NULL)
        return ABOUT_ALL;
    if (gmq_link_is_about_exactly(line, client))
        return is_side ? ABOUT_CLIENT_SIDE : ABOUT_CLIENT;
    if (gmq_link_is_about(line, client))
        return is_side ? ABOUT_FAMILY_SIDE : ABOUT_FAMILY;
    return -1;
}

static void
apply_lines(const GArray *lines, const GmqClientSpec *client, GmqLinkSpec *both)
{
    for (int about = ABOUT_ALL; about < N_ABOUT; about++) {
        for (unsigned i = 0; i < lines->len; i++) {
            const GmqLinkChange *line = &g_array_index(lines, GmqLinkChange, i);

            if (rank(line, client) == about)
                gmq_link_change(line, both);
        }
    }
}

void
gmq_read_apply_links(GmqScenarioReader *reader)
{
    GmqScenario *scenario   = reader->scenario;
    const GmqYaml *map      = reader->links;
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(GmqLinkChange));

    check_names(reader);
    if (map != NULL && gmq_read_is_map(reader, map, "\"links\"")) {
        for (unsigned i = 0; i + 1 < map->items->len; i += 2)
            read_line(reader, map->items->pdata[i], map->items->pdata[i + 1], lines);
    }
    for (unsigned i = 0; i < scenario->clients->len; i++) {
        GmqLinkSpec both[] = {defaults, defaults};

        apply_lines(lines, scenario->clients->pdata[i], both);
        g_array_append_vals(scenario->links, both, 2);
    }
}
