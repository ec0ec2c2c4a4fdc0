/* disk.h - the files of a real directory as the core's disk (core/base/disk.h).
 *
 * Reading is done on the loop, where the page cache mostly has what is wanted. What has to wait for
 * the disk itself (writing, syncing, closing, removing) is done by a thread, in order; the
 * directory is synced when a file comes or goes. Nobody else may write to it meanwhile. */
#pragma once

#include "core/base/disk.h"
#include "core/net/loop.h"

G_BEGIN_DECLS

typedef struct GmqRealDisk GmqRealDisk;

/* The answer to an append, on the loop, between other inputs. */
typedef void GmqDiskStored(void *user, uint64_t ticket, GmqDiskResult result);

/* NULL with an error when the directory cannot be opened, or there is no thread. */
GmqRealDisk *gmq_real_disk_new(GmqLoop *loop, const char *path, GmqDiskStored *stored, void *user,
                               GError **error);

/* What the core knows it as; lent. */
GmqDisk *gmq_real_disk(GmqRealDisk *disk);

/* The last thing that an append did not succeed in, a sentence without its full stop; NULL when
 * the last one succeeded. */
const char *gmq_real_disk_trouble(const GmqRealDisk *disk);

/* Forgets what is under way as a crash does, but for the call that the kernel has in hands, which
 * is waited for. Nothing is answered any more; what the appends lent may be freed. False when that
 * takes longer than patience_ms: then what they lent must stay, and the process can only end. */
bool gmq_real_disk_stop(GmqRealDisk *disk, unsigned patience_ms);

/* It must have been stopped, and its files closed. */
void gmq_real_disk_free(GmqRealDisk *disk);

G_END_DECLS
