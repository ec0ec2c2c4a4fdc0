/* Deeds about a process, the broker or a client: it crashes, stops, starts, freezes. */
#include "sim/deed.h"
#include "sim/world-private.h"

static bool
is_broker(const GmqDeed *deed)
{
    return strcmp(deed->name, "broker") == 0;
}

static void
read_process(GmqScenarioReader *reader, const GmqEntryNodes *nodes, GmqDeed *deed)
{
    gmq_deed_read_name(reader, nodes, deed, GMQ_NAME_CLIENT | GMQ_NAME_BROKER);
}

static void
crash(GmqWorld *world, const GmqTimelineEntry *entry, const GmqDeed *deed)
{
    const GmqDeed *harm     = gmq_deed_find(entry, GMQ_DEED_DISK);
    const GmqDiskSpec *disk = harm == NULL ? NULL : harm->spec;
    GmqDiskLoss loss        = disk == NULL ? GMQ_LOSE_NOTHING : disk->lose;
    bool is_torn            = disk != NULL && disk->tear != GMQ_TEAR_NOTHING;

    gmq_deed_note(world, GMQ_EVENT_FAULT_CRASH, deed->name, "");
    if (is_broker(deed))
        gmq_world_crash_broker(world, loss, is_torn);
    else
        gmq_sim_client_crash(gmq_world_find_client(world, deed->name));
}

static void
stop(GmqWorld *world, const GmqDeed *deed)
{
    gmq_deed_note(world, GMQ_EVENT_FAULT_STOP, deed->name, "");
    if (is_broker(deed))
        world->is_start_held = false;
    if (is_broker(deed))
        gmq_world_stop_broker(world);
    else
        gmq_sim_client_stop(gmq_world_find_client(world, deed->name));
}

static void
start(GmqWorld *world, const GmqDeed *deed)
{
    gmq_deed_note(world, GMQ_EVENT_FAULT_START, deed->name, "");
    if (!is_broker(deed))
        gmq_sim_client_start(gmq_world_find_client(world, deed->name));
    else
        gmq_world_start_broker(world);
}

static void
act_stop(GmqWorld *world, const GmqTimelineEntry *entry, const GmqDeed *deed)
{
    (void)entry;
    stop(world, deed);
}

static void
act_start(GmqWorld *world, const GmqTimelineEntry *entry, const GmqDeed *deed)
{
    (void)entry;
    start(world, deed);
}

static void
freeze(GmqWorld *world, const GmqTimelineEntry *entry, const GmqDeed *deed)
{
    (void)entry;
    gmq_deed_note(world, GMQ_EVENT_FAULT_FREEZE, deed->name, "");
    if (is_broker(deed))
        gmq_world_freeze_broker(world);
    else
        gmq_sim_client_freeze(gmq_world_find_client(world, deed->name));
}

static void
thaw(GmqWorld *world, const GmqDeed *deed)
{
    gmq_deed_note(world, GMQ_EVENT_FAULT_THAW, deed->name, "");
    if (is_broker(deed))
        gmq_world_thaw_broker(world);
    else
        gmq_sim_client_thaw(gmq_world_find_client(world, deed->name));
}

const GmqDeedClass gmq_deed_crash  = {read_process, crash, start, .is_fault = true};
const GmqDeedClass gmq_deed_stop   = {read_process, act_stop, start, .is_fault = true};
const GmqDeedClass gmq_deed_start  = {read_process, act_start, stop, .is_fault = false};
const GmqDeedClass gmq_deed_freeze = {read_process, freeze, thaw, .is_fault = true};
