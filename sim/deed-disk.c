/* What happens to the disk of the broker, each as an event with a few words: "The disk is full." */
#include "sim/deed.h"
#include "sim/language.h"
#include "sim/units.h"
#include "sim/world-private.h"

/* ---- reading ---- */

/* What is lost and torn is so when the broker crashes. */
static void
check(GmqScenarioReader *reader, const GmqEntryNodes *nodes, const GmqDiskSpec *disk)
{
    const GmqYaml *node  = nodes->deeds[GMQ_DEED_DISK];
    const GmqYaml *crash = nodes->deeds[GMQ_DEED_CRASH];
    bool is_crash =
        crash != NULL && crash->type == GMQ_YAML_SCALAR && strcmp(crash->text, "broker") == 0;
    bool needs_crash = disk->lose != GMQ_LOSE_NOTHING || disk->tear != GMQ_TEAR_NOTHING;
    bool has_state   = disk->full != GMQ_UNSET || disk->lie != GMQ_UNSET ||
                     disk->fail != GMQ_FAIL_NOTHING || disk->sync_ns >= 0;

    if (needs_crash && !is_crash)
        gmq_read_problem(reader, node, _("\"lose\" and \"tear\" need \"crash: broker\"."));
    if (!needs_crash && !has_state && disk->flip == GMQ_PART_NONE)
        gmq_read_problem(reader, node, _("Nothing happens to the disk here."));
    if (nodes->entry.for_ns > 0 && !has_state && !is_crash)
        gmq_read_problem(reader, node, _("A flipped bit stays as it is: \"for\" cannot undo it."));
}

static void
read_disk(GmqScenarioReader *reader, const GmqEntryNodes *nodes, GmqDeed *deed)
{
    static const GmqKeyOwner owners[] = {GMQ_IN_DISK, GMQ_N_OWNERS};
    const GmqYaml *node               = nodes->deeds[deed->kind];
    GmqDiskSpec *disk                 = gmq_deed_new_spec(reader, sizeof *disk);

    *disk = (GmqDiskSpec){
        .lose    = GMQ_LOSE_NOTHING,
        .tear    = GMQ_TEAR_NOTHING,
        .flip    = GMQ_PART_NONE,
        .fail    = GMQ_FAIL_NOTHING,
        .sync_ns = -1,
    };
    deed->name = "disk";
    deed->spec = disk;
    if (!gmq_read_is_map(reader, node, "\"disk\""))
        return;
    gmq_read_map(reader, node, owners, disk);
    check(reader, nodes, disk);
}

/* ---- doing ---- */

static void
note(GmqWorld *world, const char *what)
{
    uint64_t cause = world->cause;

    gmq_world_note(world, &(GmqEvent){.kind = GMQ_EVENT_FAULT_DISK,
                                      .who  = GMQ_SLICE("disk"),
                                      .text = gmq_slice_of(what)});
    world->cause = cause;
}

/* What a crash has done to it already. */
static void
note_loss(GmqWorld *world, const GmqDiskSpec *spec)
{
    if (spec->lose == GMQ_LOSE_UNSYNCED)
        note(world, "loses what was not synced");
    if (spec->lose == GMQ_LOSE_SOME)
        note(world, "loses some of what was not synced");
    if (spec->tear == GMQ_TEAR_LAST_RECORD)
        note(world, "keeps a part of the record that was being written");
}

static void
flip(GmqWorld *world, GmqDiskPart part)
{
    if (gmq_sim_disk_flip(world->disk, part)) {
        world->is_damaged = true;
        note(world, part == GMQ_PART_OLD ? "has turned over a bit of what it kept"
                                         : "has turned over a bit of what was never synced");
    } else {
        note(world, "has nothing in which a bit could turn over");
    }
}

static void
set_full(GmqWorld *world, bool is_full)
{
    gmq_sim_disk_set_full(world->disk, is_full);
    note(world, is_full ? "is full" : "has room again");
}

static void
set_lying(GmqWorld *world, bool is_lying)
{
    gmq_sim_disk_set_lying(world->disk, is_lying);
    world->is_damaged |= is_lying;
    note(world, is_lying ? "says from now on that it has synced, and does nothing"
                         : "syncs again when it says so");
}

static void
set_sync(GmqWorld *world, int64_t sync_ns)
{
    g_autofree char *time  = gmq_duration_text(sync_ns);
    g_autofree char *words = g_strdup_printf("needs %s for a sync", time);

    gmq_sim_disk_set_times(world->disk, GMQ_SIM_APPEND_NS, sync_ns);
    note(world, words);
}

/* What belongs to a crash is done by the crash. */
static void
harm(GmqWorld *world, const GmqTimelineEntry *entry, const GmqDeed *deed)
{
    const GmqDiskSpec *spec = deed->spec;

    note_loss(world, spec);
    if (spec->flip != GMQ_PART_NONE)
        flip(world, spec->flip);
    if (spec->full != GMQ_UNSET)
        set_full(world, spec->full == GMQ_YES);
    if (spec->lie != GMQ_UNSET)
        set_lying(world, spec->lie == GMQ_YES);
    if (spec->sync_ns >= 0)
        set_sync(world, spec->sync_ns);
    if (spec->fail == GMQ_FAIL_NOTHING)
        return;
    gmq_sim_disk_set_failing(world->disk, spec->fail, entry->for_ns == 0);
    note(world, spec->fail == GMQ_FAIL_SYNC ? "fails to sync" : "fails to write");
}

static void
heal(GmqWorld *world, const GmqDeed *deed)
{
    const GmqDiskSpec *spec = deed->spec;

    if (spec->full != GMQ_UNSET)
        set_full(world, spec->full == GMQ_NO);
    if (spec->lie != GMQ_UNSET)
        set_lying(world, spec->lie == GMQ_NO);
    if (spec->sync_ns >= 0)
        set_sync(world, world->scenario->broker.sync_ns);
    if (spec->fail == GMQ_FAIL_NOTHING)
        return;
    gmq_sim_disk_set_failing(world->disk, GMQ_FAIL_NOTHING, false);
    note(world, "works again");
}

void
gmq_world_calm_disk(GmqWorld *world)
{
    gmq_sim_disk_set_full(world->disk, false);
    gmq_sim_disk_set_lying(world->disk, false);
    gmq_sim_disk_set_failing(world->disk, GMQ_FAIL_NOTHING, false);
    gmq_sim_disk_set_times(world->disk, GMQ_SIM_APPEND_NS, world->scenario->broker.sync_ns);
}

const GmqDeedClass gmq_deed_disk = {read_disk, harm, heal, .is_fault = true};
