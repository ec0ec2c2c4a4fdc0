/* Calm: everything that was broken is whole again, and stays so unless the file says otherwise. */
#include "sim/broker-end.h"
#include "sim/deed.h"
#include "sim/language.h"
#include "sim/units.h"
#include "sim/world-private.h"

static void
read_calm(GmqScenarioReader *reader, const GmqEntryNodes *nodes, GmqDeed *deed)
{
    const GmqYaml *node = nodes->deeds[deed->kind];
    bool is_calm        = false;

    deed->name = "all";
    if (node->type != GMQ_YAML_SCALAR || !gmq_read_truth(node->text, &is_calm) || !is_calm)
        gmq_read_problem(reader, node, _("\"calm\" is yes, or not there at all."));
}

/* What will be undone later is undone now; then what nobody would have undone. */
static void
calm(GmqWorld *world, const GmqTimelineEntry *entry, const GmqDeed *deed)
{
    (void)entry;
    gmq_deed_note(world, GMQ_EVENT_CALM, deed->name, "");
    uint64_t cause = world->cause;

    gmq_timeline_calm(world->timeline);
    world->cause = cause;
    gmq_world_calm_disk(world);
    gmq_world_calm_links(world);
    for (unsigned i = 0; i < world->clients->len; i++)
        gmq_sim_client_calm(world->clients->pdata[i]);
    world->freezes = MIN(world->freezes, 1);
    gmq_world_thaw_broker(world);
    if (!world->end->is_there(world))
        gmq_deed_note(world, GMQ_EVENT_FAULT_START, "broker", "");
    if (world->remote == NULL)
        gmq_world_start_broker(world);
    gmq_check_calm(world->check);
}

const GmqDeedClass gmq_deed_calm = {read_calm, calm, NULL, .is_fault = false};
