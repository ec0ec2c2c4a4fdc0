/* pipe.h - one direction of a connection: bytes on their way, in order, as slow as their link.
 *
 * What is written arrives after the link's latency, not before what was written earlier, and in the
 * pieces that the link's chunks say. Pieces of one instant are one turn of the receiver, however
 * many they are, so that chunks change nothing but where bytes are cut. What is lost is sent again,
 * and all that was written later waits for it. */
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

    /* A segment that was just written will be lost so often; may be NULL. This alone comes from
     * inside of gmq_pipe_write(). */
    void (*lost)(void *user, unsigned times);

    /* For both: the writer has sent a segment in vain as often as it does. It is for the user to
     * break the connection. */
    void (*died)(void *user);
} GmqPipeEvents;

/* Bytes that leave together, as somebody sees them who stands beside the line. */
typedef struct {
    GmqSlice bytes;     /* at most GMQ_SEGMENT_MAX; lent */
    int64_t sent_ns;    /* when they leave for the first time */
    int64_t lands_ns;   /* when they are there, unless something befalls the line meanwhile */
    int64_t reaches_ns; /* when all before them is there too: later only behind what was lost */
    int64_t latency_ns; /* of the link */
    unsigned losses;    /* how often they are sent in vain first */
} GmqPipeSegment;

/* What a watcher of the line is told, besides what the ends are; he changes nothing. Each may come
 * from inside of a call. */
typedef struct {
    void (*left)(void *user, const GmqPipeSegment *segment);

    /* All bytes up to that place, counted from the first ever written, are there since time_ns;
     * is_again: because they were sent once more after a cut. */
    void (*landed)(void *user, uint64_t end, int64_t time_ns, bool is_again);

    /* The end leaves its sender, or the line makes it up; and it is there. */
    void (*end_left)(void *user, bool is_reset, bool is_made_up, int64_t sent_ns, int64_t lands_ns);
    void (*end_landed)(void *user);

    /* What is on its way is lost; or it is there in its time and nobody wants it. */
    void (*dropped)(void *user);
    void (*abandoned)(void *user);

    /* Why it is held has changed: flags of GmqPipeHold. */
    void (*held)(void *user, unsigned holds);
} GmqPipeWatch;

/* The random numbers that a pipe draws from. */
typedef struct {
    GmqRandom *jitter;
    GmqRandom *loss;
    GmqRandom *chunks;
} GmqPipeStreams;

/* Why nothing arrives for now. */
typedef enum {
    GMQ_HELD_BY_CUT    = 1 << 0, /* what should have come meanwhile is lost, and sent again */
    GMQ_HELD_BY_CLOG   = 1 << 1, /* it waits on its way */
    GMQ_HELD_BY_READER = 1 << 2, /* he does not want it: it waits in front of him */
    GMQ_HELD_BY_FREEZE = 1 << 3, /* he cannot read: likewise */
} GmqPipeHold;

/* Returns an open pipe. Everything is lent and must outlive the pipe, the streams as such but not
 * the struct of them. */
GmqPipe *gmq_pipe_new(GmqSchedule *schedule, const GmqLinkSpec *link, GmqPipeStreams streams,
                      const GmqPipeEvents *events, void *user);
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

/* The line ends the pipe: what is written from now on vanishes. The reader is told after the bytes
 * that are on their way, and not before slow_ns have passed. */
void gmq_pipe_close(GmqPipe *pipe, int64_t slow_ns, uint64_t cause);

/* Of a pipe that the line ends slowly the reader is told as soon as he has those bytes. */
void gmq_pipe_close_now(GmqPipe *pipe);

/* The line breaks the pipe: what is on its way is lost, and what is written from now on vanishes.
 * The reader is told at once, or not at all; later is possible. */
void gmq_pipe_break(GmqPipe *pipe, bool is_told, uint64_t cause);

/* While it is held nothing arrives. What a cut held comes when its sender sends it again. */
void gmq_pipe_set_held(GmqPipe *pipe, GmqPipeHold why, bool is_held);
bool gmq_pipe_is_held(const GmqPipe *pipe, unsigned by);

/* The link has changed: there may be room. */
void gmq_pipe_link_changed(GmqPipe *pipe);

/* From now on the watcher is told; both are lent. */
void gmq_pipe_watch(GmqPipe *pipe, const GmqPipeWatch *watch, void *user);

/* Tells the watcher what is there and has not been read. */
void gmq_pipe_tell_landed(GmqPipe *pipe);

/* Bytes that were written and have not arrived. */
size_t gmq_pipe_in_flight(const GmqPipe *pipe);

G_END_DECLS
