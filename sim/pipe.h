/* pipe.h - one direction of a connection: bytes on their way, in order, as slow as their link.
 *
 * What is written arrives after the link's latency, not before what was written earlier, and in the
 * pieces that the link's chunks say. Pieces of one instant are one turn of the receiver, however
 * many they are, so that chunks change nothing but where bytes are cut. */
#pragma once

#include "sim/random.h"
#include "sim/scenario.h"
#include "sim/schedule.h"

G_BEGIN_DECLS

/* The largest segment, as on an Ethernet. */
#define GMQ_SEGMENT_MAX 1460

typedef struct GmqPipe GmqPipe;

/* What the two ends are told. Each comes from the schedule, never from inside a call. */
typedef struct {
    /* Bytes arrive; cause is what gmq_pipe_write() was given with them. Then, once: these were
     * all bytes of this instant. */
    void (*arrived)(void *user, GmqSlice bytes, uint64_t cause);
    void (*turn_ended)(void *user);

    /* Nothing more arrives: the writer ended or reset the pipe. */
    void (*ended)(void *user, bool is_reset, uint64_t cause);

    /* For the writer: after a write that took less than all, there is room again. */
    void (*writable)(void *user);
} GmqPipeEvents;

/* Returns an open pipe. jitter and chunks are the random numbers that it draws from. Everything
 * is lent and must outlive the pipe. */
GmqPipe *gmq_pipe_new(GmqSchedule *schedule, const GmqLinkSpec *link, GmqRandom *jitter,
                      GmqRandom *chunks, const GmqPipeEvents *events, void *user);
void gmq_pipe_free(GmqPipe *pipe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqPipe, gmq_pipe_free)

/* Takes as many of the bytes as the buffer has room for, and returns how many that were. */
size_t gmq_pipe_write(GmqPipe *pipe, GmqSlice bytes, uint64_t cause);

/* The writer is done: after its last byte the reader is told. */
void gmq_pipe_end(GmqPipe *pipe, uint64_t cause);

/* The writer breaks the pipe: bytes on their way are lost, and the reader is told. */
void gmq_pipe_reset(GmqPipe *pipe, uint64_t cause);

/* The reader has gone: nothing is told any more, and what is written vanishes. */
void gmq_pipe_abandon(GmqPipe *pipe);

/* The reader reads, or does not. */
void gmq_pipe_set_reading(GmqPipe *pipe, bool is_reading);

/* While it is cut nothing arrives; what was held arrives a latency after it is whole again. */
void gmq_pipe_set_cut(GmqPipe *pipe, bool is_cut);
bool gmq_pipe_is_cut(const GmqPipe *pipe);

/* Bytes that were written and have not arrived. */
size_t gmq_pipe_in_flight(const GmqPipe *pipe);

G_END_DECLS
