/* A cut: a line on which nothing arrives, in one direction or in both. */
#include "sim/deed.h"
#include "sim/world-private.h"

typedef struct {
    GmqCutSide side;
} Spec;

static void
read_cut(GmqScenarioReader *reader, const GmqEntryNodes *nodes, GmqDeed *deed)
{
    Spec *spec = gmq_deed_new_spec(reader, sizeof *spec);

    spec->side = nodes->cut_side;
    deed->spec = spec;
    gmq_deed_read_name(reader, nodes, deed, GMQ_NAME_CLIENT | GMQ_NAME_ALL);
}

static void
change_each(GmqWorld *world, const GmqDeed *deed,
            void (*change)(GmqSimClient *client, GmqCutSide side))
{
    const Spec *spec = deed->spec;

    for (unsigned i = 0; i < world->clients->len; i++) {
        GmqSimClient *client = world->clients->pdata[i];

        if (strcmp(deed->name, "all") == 0 || strcmp(deed->name, client->spec->name) == 0)
            change(client, spec->side);
    }
}

static void
cut(GmqWorld *world, const GmqTimelineEntry *entry, const GmqDeed *deed)
{
    static const char *const sides[] = {
        [GMQ_CUT_FROM_BROKER] = "from broker",
        [GMQ_CUT_TO_BROKER]   = "to broker",
        [GMQ_CUT_BOTH]        = "",
    };
    const Spec *spec = deed->spec;

    (void)entry;
    gmq_deed_note(world, GMQ_EVENT_FAULT_CUT, deed->name, sides[spec->side]);
    change_each(world, deed, gmq_sim_client_cut);
}

static void
heal(GmqWorld *world, const GmqDeed *deed)
{
    gmq_deed_note(world, GMQ_EVENT_FAULT_HEALED, deed->name, "");
    change_each(world, deed, gmq_sim_client_heal);
}

const GmqDeedClass gmq_deed_cut = {.read = read_cut, .act = cut, .undo = heal};
