/* recording-private.h - the inside of a recording, for the files that make it up. */
#pragma once

#include "core/net/recording.h"

G_BEGIN_DECLS

struct GmqRecording {
    GmqHost host;  /* the core's; first */
    GmqHost *real; /* the one that is asked */
    GmqDisk disk;  /* the core's, when the real host has one */
    char *path;
    int fd;           /* -1: the recording has stopped */
    GString *records; /* of the block that is being filled, behind room for its header */
    int64_t now_ns;   /* what the core is told, as is the next one */
    int64_t wall_ms;
    int64_t write_at_ns; /* the latest; INT64_MAX: nothing is waiting */
    bool has_begun;      /* the broker was ready */
    bool is_flushed;     /* nothing came since the last end of a turn */
    uint64_t n_events;
    uint64_t story; /* their fingerprint */
};

/* An answer to the core. */
void gmq_recording_answer(GmqRecording *recording, GmqRecordedKind kind, uint64_t first,
                          uint64_t second, GmqSlice bytes);

/* Fills in the core's disk (recording-disk.c). */
void gmq_recording_init_disk(GmqRecording *recording);

G_END_DECLS
