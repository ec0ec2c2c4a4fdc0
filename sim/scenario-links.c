#include "sim/reader.h"

#define TO_BROKER " to broker"
#define FROM_BROKER "broker to "

/* What is not said in a line of links. */
#define UNSAID UINT64_MAX

/* One line of links, and which of them it is about. */
typedef struct {
    const GmqYaml *name;
    char *client; /* NULL: default */
    bool to_broker;
    bool from_broker;
    GmqLinkSpec spec;
} Line;

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

static void
split_name(Line *line)
{
    const char *name = line->name->text;

    line->to_broker = line->from_broker = true;
    if (strcmp(name, "default") == 0)
        return;
    if (g_str_has_suffix(name, TO_BROKER)) {
        line->client      = g_strndup(name, strlen(name) - strlen(TO_BROKER));
        line->from_broker = false;
    } else if (g_str_has_prefix(name, FROM_BROKER)) {
        line->client    = g_strdup(name + strlen(FROM_BROKER));
        line->to_broker = false;
    } else {
        line->client = g_strdup(name);
    }
}

static void
clear_line(void *line)
{
    g_free(((Line *)line)->client);
}

static bool
is_about(const Line *line, const GmqClientSpec *client, bool exactly)
{
    if (line->client == NULL)
        return !exactly;
    return strcmp(line->client, exactly ? client->name : client->family) == 0;
}

static void
check_name(GmqScenarioReader *reader, const Line *line)
{
    const GPtrArray *clients = reader->scenario->clients;

    for (unsigned i = 0; i < clients->len; i++) {
        if (is_about(line, clients->pdata[i], false) || is_about(line, clients->pdata[i], true))
            return;
    }
    if (line->client != NULL && (!line->to_broker || !line->from_broker))
        gmq_read_problem(reader, line->name, "\"%s\" is not a client.", line->client);
    else if (line->client != NULL)
        gmq_read_refer(reader, line->name, GMQ_NAME_CLIENT);
}

static void
read_line(GmqScenarioReader *reader, const GmqYaml *name, const GmqYaml *node, GArray *lines)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_LINK, GMQ_N_OWNERS};
    Line line                         = {.name = name, .spec = unsaid};

    split_name(&line);
    gmq_read_map(reader, node, owners, &line.spec);
    check_name(reader, &line);
    if (line.spec.buffer == 0)
        gmq_read_problem(reader, node, "A \"buffer\" holds at least 1B.");
    g_array_append_val(lines, line);
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
rank(const Line *line, const GmqClientSpec *client)
{
    bool is_side = !line->to_broker || !line->from_broker;

    if (line->client == NULL)
        return ABOUT_ALL;
    if (is_about(line, client, true))
        return is_side ? ABOUT_CLIENT_SIDE : ABOUT_CLIENT;
    if (is_about(line, client, false))
        return is_side ? ABOUT_FAMILY_SIDE : ABOUT_FAMILY;
    return -1;
}

static void
apply_lines(const GArray *lines, const GmqClientSpec *client, GmqLinkSpec *both)
{
    for (int about = ABOUT_ALL; about < N_ABOUT; about++) {
        for (unsigned i = 0; i < lines->len; i++) {
            const Line *line = &g_array_index(lines, Line, i);

            if (rank(line, client) != about)
                continue;
            if (line->to_broker)
                apply(&both[0], &line->spec);
            if (line->from_broker)
                apply(&both[1], &line->spec);
        }
    }
}

void
gmq_read_apply_links(GmqScenarioReader *reader)
{
    GmqScenario *scenario   = reader->scenario;
    const GmqYaml *map      = reader->links;
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(Line));

    g_array_set_clear_func(lines, clear_line);
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
