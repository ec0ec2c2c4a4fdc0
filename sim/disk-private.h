/* disk-private.h - the inside of the simulated disk, for disk.c and disk-crash.c alone. */
#pragma once

#include "sim/disk.h"

G_BEGIN_DECLS

struct GmqFile {
    char *name;
    GByteArray *written; /* what is read */
    GByteArray *durable; /* what a power cut leaves: the front of that */
    size_t n_old;        /* bytes at the front that a sync made durable once */
    bool is_named;       /* its name is durable */
    bool is_removed;
    bool is_poisoned; /* a sync of it failed: nothing more becomes durable before it is renewed */
    GArray *flips;    /* of uint64_t: bits that are read wrongly */
};

/* What was asked for, and is done in that order. */
typedef struct {
    GmqFile *file;
    bool is_remove;
    bool is_sync;
    bool is_written; /* and waits for its sync */
    GmqSlice *slices;
    size_t n_slices;
    size_t size;
    uint64_t hash; /* of the bytes when they were lent */
    uint64_t ticket;
    GmqDiskResult result;
} GmqDiskStep;

struct GmqSimDisk {
    GmqDisk host; /* the disk as the core sees it */
    GmqSchedule *schedule;
    GmqRandom random;
    GmqSimDiskStored stored;
    void *user;
    void (*wrote)(void *user, GmqSlice bytes); /* NULL: nobody watches */
    void *watcher;
    GPtrArray *files; /* of GmqFile, in the order in which they were made; owned */
    GQueue steps;     /* of GmqDiskStep; owned */
    uint64_t ticket;  /* of the schedule, for the first step; 0: none */
    int64_t append_ns;
    int64_t sync_ns;
    bool is_full;
    bool is_lying;
    GmqDiskFailure failure;
    bool fails_once;
    uint64_t n_syncs;
};

/* Appends the lent bytes of a step to an array: size of them. They are as they were lent. */
void gmq_disk_step_add_to(const GmqDiskStep *step, GByteArray *bytes, size_t size);
void gmq_disk_step_free(GmqDiskStep *step);

/* What was written becomes durable. */
void gmq_disk_file_sync(GmqFile *file);

/* Cuts what is written, and what is durable. */
void gmq_disk_file_cut(GmqFile *file, size_t size);

G_END_DECLS
