/* disk.h - the files of the data directory as the core sees them: a flat folder of named files.
 *
 * Reading, and what happens before the broker serves, is done at once. Appending is done later, in
 * the order in which it was asked for, and answered by the input stored() with the ticket of the
 * append: never from inside a call. The host implements it with real files and a thread, the
 * simulator with bytes that can be lost, torn and flipped. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

typedef struct GmqDisk GmqDisk;
typedef struct GmqFile GmqFile;

/* The file system said no; the message names the file and why, without a full stop. */
#define GMQ_DISK_ERROR (gmq_disk_error_quark())
GQuark gmq_disk_error_quark(void);

typedef enum {
    GMQ_DISK_ERROR_FAILED,
    GMQ_DISK_ERROR_FULL, /* of an open that makes a file */
} GmqDiskError;

/* The answer to an append. */
typedef enum {
    GMQ_DISK_DONE,
    GMQ_DISK_FULL,   /* no space; some of the bytes may be in the file */
    GMQ_DISK_FAILED, /* the write or the sync failed: what the file holds is unknown */
} GmqDiskResult;

struct GmqDisk {
    /* The names of all files, in byte order, as char * into names, which frees them. */
    bool (*list)(GmqDisk *disk, GPtrArray *names, GError **error);

    /* Opens a file, or makes an empty one, which must not exist; its name is durable with its first
     * synced append. NULL with an error. Closing is done when all that was asked for is done. */
    GmqFile *(*open)(GmqDisk *disk, const char *name, bool create, GError **error);
    void (*close)(GmqDisk *disk, GmqFile *file);

    /* Bytes that are written, without appends that are under way. */
    uint64_t (*size)(GmqDisk *disk, GmqFile *file);

    /* Reads exactly size bytes at offset; false with an error when they are not there. */
    bool (*read)(GmqDisk *disk, GmqFile *file, uint64_t offset, uint8_t *to, size_t size,
                 GError **error);

    /* Appends the bytes, which are lent until stored() says ticket. With sync, that answer means
     * that the whole file so far is on the disk and survives a power cut. */
    void (*append)(GmqDisk *disk, GmqFile *file, const GmqSlice *slices, size_t n_slices, bool sync,
                   uint64_t ticket);

    /* Cuts the file; what is left of it, and that, survives a power cut from then on. Only when no
     * append to it is under way. */
    bool (*truncate)(GmqDisk *disk, GmqFile *file, uint64_t size, GError **error);

    /* For the end of a file that another process wrote, perhaps with a failed sync: a kernel that
     * gave up bytes can show them all the same, and say that later syncs went well. The bytes,
     * which are those that stand at offset, are written once more, and what is behind is cut off;
     * that and the name of the file survive a power cut from then on. All before offset must be on
     * the disk. A power cut meanwhile leaves what there was, or more of the bytes. Only when no
     * append to the file is under way. */
    bool (*renew)(GmqDisk *disk, GmqFile *file, uint64_t offset, GmqSlice bytes, GError **error);

    /* Removes a file, later and in order with the appends; it is durable before what is asked for
     * next. A failure is the host's to report. */
    void (*remove)(GmqDisk *disk, const char *name);

    /* Bytes that are free for more, of those that this process may use. */
    uint64_t (*free_space)(GmqDisk *disk);
};

G_END_DECLS
