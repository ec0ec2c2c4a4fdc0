/* Deeds about the lines of clients: cut, clogged, reset, closed. */
#include "sim/deed.h"
#include "sim/language.h"
#include "sim/units.h"
#include "sim/world-private.h"

typedef struct {
    GPtrArray *names; /* of clients, or "all" alone */
    GmqCutSide side;  /* of cut and clog */
    GmqEndSide end;   /* of reset and close */
    int64_t slow_ns;  /* of close */
} Spec;

/* ---- reading ---- */

static void
read_names(GmqScenarioReader *reader, const GmqYaml *node, GmqDeed *deed, Spec *spec)
{
    spec->names = gmq_read_new_array(reader, NULL);
    if (node->type != GMQ_YAML_LIST) {
        g_ptr_array_add(spec->names, (char *)deed->name);
        return;
    }
    for (unsigned i = 0; i < node->items->len; i++) {
        const GmqYaml *item = node->items->pdata[i];
        const char *text    = gmq_read_text(reader, item, "A client");

        if (text == NULL)
            continue;
        g_ptr_array_add(spec->names, gmq_read_keep(reader, text));
        gmq_read_refer(reader, item, GMQ_NAME_CLIENT);
    }
    if (node->items->len == 0)
        gmq_read_problem(reader, node, _("This list has nobody in it."));
    deed->name = spec->names->len == 0 ? "" : spec->names->pdata[0];
}

static void
read_line(GmqScenarioReader *reader, const GmqEntryNodes *nodes, GmqDeed *deed)
{
    const GmqYaml *node = nodes->deeds[deed->kind];
    Spec *spec          = gmq_deed_new_spec(reader, sizeof *spec);

    spec->side    = nodes->cut_side;
    spec->end     = nodes->end_side == GMQ_N_ENDS ? GMQ_END_BOTH : nodes->end_side;
    spec->slow_ns = nodes->slow_close_ns;
    deed->spec    = spec;
    if (node->type != GMQ_YAML_LIST)
        gmq_deed_read_name(reader, nodes, deed, GMQ_NAME_CLIENT | GMQ_NAME_ALL);
    read_names(reader, node, deed, spec);
}

/* ---- whom it is about ---- */

static bool
is_about(const Spec *spec, const char *client)
{
    for (unsigned i = 0; i < spec->names->len; i++) {
        const char *name = spec->names->pdata[i];

        if (strcmp(name, "all") == 0 || strcmp(name, client) == 0)
            return true;
    }
    return false;
}

/* Each name has an event of its own. */
static void
note_each(GmqWorld *world, const Spec *spec, GmqEventKind kind, const char *text)
{
    uint64_t cause = world->cause;

    for (unsigned i = 0; i < spec->names->len; i++) {
        world->cause = cause;
        gmq_deed_note(world, kind, spec->names->pdata[i], text);
    }
}

static void
change_each(GmqWorld *world, const Spec *spec,
            void (*change)(GmqSimClient *client, GmqCutSide side))
{
    for (unsigned i = 0; i < world->clients->len; i++) {
        GmqSimClient *client = world->clients->pdata[i];

        if (is_about(spec, client->spec->name))
            change(client, spec->side);
    }
}

/* ---- cut and clog ---- */

static const char *const sides[] = {
    [GMQ_CUT_FROM_BROKER] = "from broker",
    [GMQ_CUT_TO_BROKER]   = "to broker",
    [GMQ_CUT_BOTH]        = "",
};

static void
cut(GmqWorld *world, const GmqTimelineEntry *entry, const GmqDeed *deed)
{
    const Spec *spec = deed->spec;

    (void)entry;
    note_each(world, spec, GMQ_EVENT_FAULT_CUT, sides[spec->side]);
    change_each(world, spec, gmq_sim_client_cut);
}

static void
heal(GmqWorld *world, const GmqDeed *deed)
{
    note_each(world, deed->spec, GMQ_EVENT_FAULT_HEALED, "");
    change_each(world, deed->spec, gmq_sim_client_heal);
}

static void
clog_each(GmqWorld *world, const GmqTimelineEntry *entry, const GmqDeed *deed)
{
    const Spec *spec = deed->spec;

    (void)entry;
    note_each(world, spec, GMQ_EVENT_FAULT_CLOG, sides[spec->side]);
    change_each(world, spec, gmq_sim_client_clog);
}

static void
unclog_each(GmqWorld *world, const GmqDeed *deed)
{
    note_each(world, deed->spec, GMQ_EVENT_FAULT_UNCLOG, "");
    change_each(world, deed->spec, gmq_sim_client_unclog);
}

/* ---- reset and close ---- */

static const struct {
    const char *words;
    bool is_client;
    bool is_broker;
} ends[] = {
    [GMQ_END_CLIENT] = {"client", true, false},
    [GMQ_END_BROKER] = {"broker", false, true},
    [GMQ_END_BOTH]   = {"", true, true},
};

/* A client without a connection has nothing that could end. */
static void
end_each(GmqWorld *world, const Spec *spec, void (*end)(GmqPeer *peer, const Spec *spec))
{
    for (unsigned i = 0; i < world->clients->len; i++) {
        const GmqSimClient *client = world->clients->pdata[i];

        if (client->peer != NULL && is_about(spec, client->spec->name))
            end(client->peer, spec);
    }
}

static void
break_peer(GmqPeer *peer, const Spec *spec)
{
    gmq_sim_peer_break(peer, ends[spec->end].is_client, ends[spec->end].is_broker);
}

static void
close_peer(GmqPeer *peer, const Spec *spec)
{
    gmq_sim_peer_close_line(peer, ends[spec->end].is_client, ends[spec->end].is_broker,
                            spec->slow_ns);
}

/* "client after 2s"; the caller frees it. */
static char *
close_text(const Spec *spec)
{
    const char *side        = ends[spec->end].words;
    g_autofree char *slowly = gmq_duration_text(spec->slow_ns);

    if (spec->slow_ns == 0)
        return g_strdup(side);
    return g_strdup_printf("%s%safter %s", side, *side == '\0' ? "" : " ", slowly);
}

static void
reset(GmqWorld *world, const GmqTimelineEntry *entry, const GmqDeed *deed)
{
    const Spec *spec = deed->spec;

    (void)entry;
    note_each(world, spec, GMQ_EVENT_FAULT_RESET, ends[spec->end].words);
    end_each(world, spec, break_peer);
}

static void
close_each(GmqWorld *world, const GmqTimelineEntry *entry, const GmqDeed *deed)
{
    const Spec *spec      = deed->spec;
    g_autofree char *text = close_text(spec);

    (void)entry;
    note_each(world, spec, GMQ_EVENT_FAULT_CLOSE, text);
    end_each(world, spec, close_peer);
}

const GmqDeedClass gmq_deed_cut   = {read_line, cut, heal, .is_fault = true};
const GmqDeedClass gmq_deed_clog  = {read_line, clog_each, unclog_each, .is_fault = true};
const GmqDeedClass gmq_deed_reset = {read_line, reset, NULL, .is_fault = true};
const GmqDeedClass gmq_deed_close = {read_line, close_each, NULL, .is_fault = true};
