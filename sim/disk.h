/* disk.h - the simulated disk: files of bytes, of which only some survive a power cut.
 *
 * A file has the bytes that were written and the image of it that is durable; a sync makes the
 * second like the first. Both take virtual time, one thing after the other, as on the helper thread
 * of a real host. What happens at a crash, and all that can go wrong, is drawn from the stream
 * "disk". Damage is kept apart from the bytes, so that checks know what should be there. */
#pragma once

#include "core/base/disk.h"
#include "sim/random.h"
#include "sim/scenario.h"
#include "sim/schedule.h"

G_BEGIN_DECLS

typedef struct GmqSimDisk GmqSimDisk;

/* How long a write takes that is not synced. */
#define GMQ_SIM_APPEND_NS 20000

/* An append is done; from the schedule, never from inside a call. */
typedef void (*GmqSimDiskStored)(void *user, uint64_t ticket, GmqDiskResult result);

/* An empty disk that takes no time. The schedule is lent. */
GmqSimDisk *gmq_sim_disk_new(GmqSchedule *schedule, uint64_t seed, GmqSimDiskStored stored,
                             void *user);
void gmq_sim_disk_free(GmqSimDisk *disk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqSimDisk, gmq_sim_disk_free)

/* The disk as its host sees it; lent. */
GmqDisk *gmq_sim_disk_host(GmqSimDisk *disk);

/* Tells of bytes when they are written, and not synced yet. */
void gmq_sim_disk_watch(GmqSimDisk *disk, void (*wrote)(void *user, GmqSlice bytes), void *user);

/* How long a write and a sync take from now on. */
void gmq_sim_disk_set_times(GmqSimDisk *disk, int64_t append_ns, int64_t sync_ns);

/* ---- what goes wrong ---- */

/* While it is full, appends leave a part of their bytes behind and answer so. */
void gmq_sim_disk_set_full(GmqSimDisk *disk, bool is_full);

/* While it lies, a sync does nothing and says that it is done. */
void gmq_sim_disk_set_lying(GmqSimDisk *disk, bool is_lying);

/* The next append that writes, or syncs, fails; all of them until it is set to nothing, unless
 * is_once. What a failed sync covered does not become durable, whatever later ones say, unless it
 * is written anew. */
void gmq_sim_disk_set_failing(GmqSimDisk *disk, GmqDiskFailure failure, bool is_once);

/* The stream that it draws from; lent. */
GmqRandom *gmq_sim_disk_random(GmqSimDisk *disk);

/* Turns one random bit of that part over, as it is read from now on. The unsynced part is what no
 * sync has made durable, though it may have survived a crash. False when that part is empty. */
bool gmq_sim_disk_flip(GmqSimDisk *disk, GmqDiskPart part);

/* ---- crashes ---- */

/* Whoever used it is gone, with all that was under way. With a loss the power went too: of what was
 * not durable goes what loss says, and the rest is durable. When it is torn, the first record that
 * goes leaves a part of its bytes behind. All files are closed. */
void gmq_sim_disk_crash(GmqSimDisk *disk, GmqDiskLoss loss, bool is_torn);

/* A power cut that leaves exactly the first n of the steps that are not durable. A step is a byte
 * that was to be written, a file that was made, or one that was to be removed. */
void gmq_sim_disk_cut(GmqSimDisk *disk, uint64_t n);
uint64_t gmq_sim_disk_steps(GmqSimDisk *disk);

/* ---- the truth ---- */

/* Whether these bytes stand somewhere in what is durable. */
bool gmq_sim_disk_has(const GmqSimDisk *disk, GmqSlice bytes);

/* Syncs that were asked for and are done, or say so; and the time. */
uint64_t gmq_sim_disk_syncs(const GmqSimDisk *disk);
int64_t gmq_sim_disk_now(const GmqSimDisk *disk);

G_END_DECLS
