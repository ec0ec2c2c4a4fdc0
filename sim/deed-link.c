/* A link that changes: it becomes slower, loses more, until that is undone. */
#include "sim/deed.h"
#include "sim/language.h"
#include "sim/link.h"
#include "sim/world-private.h"

typedef struct {
    GmqLinkChange change;
    char *words; /* "loss 10%, latency 80ms" */
} Spec;

/* What is set, as it stands in the file. */
static char *
describe(GmqScenarioReader *reader, const GmqYaml *set)
{
    g_autoptr(GString) words = g_string_new(NULL);

    for (unsigned i = 0; i + 1 < set->items->len; i += 2) {
        const GmqYaml *key   = set->items->pdata[i];
        const GmqYaml *value = set->items->pdata[i + 1];

        if (value->type == GMQ_YAML_SCALAR)
            g_string_append_printf(words, "%s%s %s", words->len == 0 ? "" : ", ", key->text,
                                   value->text);
    }
    return gmq_read_keep(reader, words->str);
}

static void
read_link(GmqScenarioReader *reader, const GmqEntryNodes *nodes, GmqDeed *deed)
{
    const GmqYaml *node = nodes->deeds[deed->kind];
    const char *text    = gmq_read_text(reader, node, "\"link\"");
    Spec *spec          = gmq_deed_new_spec(reader, sizeof *spec);

    deed->spec = spec;
    deed->name = text == NULL ? "" : gmq_read_keep(reader, text);
    gmq_link_change_init(&spec->change);
    if (nodes->set == NULL) {
        gmq_read_problem(reader, node, _("\"link\" needs \"set\"."));
        return;
    }
    if (!gmq_read_is_map(reader, nodes->set, "\"set\""))
        return;
    if (nodes->set->items->len == 0)
        gmq_read_problem(reader, nodes->set, _("Nothing is set here."));
    gmq_read_link(reader, nodes->set, &spec->change.spec);
    spec->words = describe(reader, nodes->set);
    if (text == NULL)
        return;
    gmq_link_change_name(reader, &spec->change, text);
    gmq_read_refer_link(reader, node, &spec->change);
}

/* The link of the file, and on it all that is set now, in the order in which that came. */
static void
apply_all(GmqWorld *world)
{
    for (unsigned i = 0; i < world->clients->len; i++) {
        GmqSimClient *client    = world->clients->pdata[i];
        const GmqLinkSpec *file = &g_array_index(world->scenario->links, GmqLinkSpec, 2 * i);

        memcpy(client->links, file, sizeof client->links);
        for (unsigned j = 0; j < world->link_sets->len; j++) {
            const Spec *spec = world->link_sets->pdata[j];

            if (gmq_link_is_about(&spec->change, client->spec))
                gmq_link_change(&spec->change, client->links);
        }
        gmq_sim_client_links_changed(client);
    }
}

static void
set(GmqWorld *world, const GmqTimelineEntry *entry, const GmqDeed *deed)
{
    const Spec *spec = deed->spec;

    (void)entry;
    gmq_deed_note(world, GMQ_EVENT_FAULT_LINK, deed->name, spec->words);
    g_ptr_array_add(world->link_sets, (void *)spec);
    apply_all(world);
}

static void
unset(GmqWorld *world, const GmqDeed *deed)
{
    gmq_deed_note(world, GMQ_EVENT_FAULT_LINK, deed->name, "");
    g_ptr_array_remove(world->link_sets, (void *)deed->spec);
    apply_all(world);
}

void
gmq_world_calm_links(GmqWorld *world)
{
    g_ptr_array_set_size(world->link_sets, 0);
    apply_all(world);
}

const GmqDeedClass gmq_deed_link = {read_link, set, unset, .is_fault = true};
