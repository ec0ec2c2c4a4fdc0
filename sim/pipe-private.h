/* pipe-private.h - the inside of a pipe, for the files pipe*.c alone. */
#pragma once

#include "sim/pipe.h"

G_BEGIN_DECLS

/* Bytes up to this place arrive together. Places count from the first byte ever written. */
typedef struct {
    int64_t time_ns;
    int64_t sent_ns; /* for the first time */
    uint64_t end;
    bool is_again; /* a cut swallowed them, and they were sent once more */
} GmqSegment;

/* Bytes up to this place were written because of that event. */
typedef struct {
    uint64_t end;
    uint64_t cause;
} GmqMark;

struct GmqPipe {
    GmqSchedule *schedule;
    const GmqLinkSpec *link;
    GmqPipeStreams streams;
    const GmqPipeEvents *events;
    void *user;

    const GmqPipeWatch *watch; /* of the line; NULL: nobody looks */
    void *watcher;

    uint8_t *bytes; /* on their way; the first skipped of them have arrived */
    size_t n_bytes;
    size_t bytes_room;
    size_t skipped;
    GmqSegment *segments; /* the first n_segments_gone have arrived */
    size_t n_segments;
    size_t segments_room;
    size_t n_segments_gone;
    GmqMark *marks; /* likewise */
    size_t n_marks;
    size_t marks_room;
    size_t n_marks_gone;
    uint64_t written;
    uint64_t arrived;

    int64_t line_free_ns; /* when the sender's line has sent all */
    int64_t last_ns;      /* the latest arrival so far */
    int64_t own_ns;       /* the last arrival that was asked for, had nothing come before it */
    int64_t clear_ns;     /* when what had clogged it went */
    int64_t end_ns;       /* when the reader is told of the end */
    int64_t end_sent_ns;
    uint64_t end_cause;

    uint64_t ticket;          /* of the next arrival; 0: none */
    uint64_t writable_ticket; /* likewise */
    uint64_t death_ticket;    /* likewise: when its writer gives up */
    uint64_t fatal_loss;      /* of the link, when it lost what its writer gives up for */

    unsigned holds; /* GmqPipeHold */
    bool is_ended;  /* the end is on its way */
    bool is_reset;
    bool is_over;    /* the reader was told of the end, or has gone */
    bool is_severed; /* the line takes nothing any more */
    bool is_slowly_ended;
    bool wants_room;
};

/* A time that would leave 64 bits never comes. */
static inline int64_t
gmq_time_later(int64_t time_ns, int64_t delay_ns)
{
    int64_t sum;

    return __builtin_add_overflow(time_ns, delay_ns, &sum) ? INT64_MAX : sum;
}

/* Asks for the next arrival, unless it is asked for already or nothing can arrive. */
void gmq_pipe_ask_arrival(GmqPipe *pipe);

/* Tells the writer that there is room, if he waits for that. */
void gmq_pipe_tell_room(GmqPipe *pipe);

/* Forgets what has arrived, when that is all or much. */
void gmq_pipe_tidy(GmqPipe *pipe);

/* When size more bytes will have left, and when what leaves then will have arrived: not before what
 * left earlier. */
int64_t gmq_pipe_departure_time(GmqPipe *pipe, size_t size);
int64_t gmq_pipe_arrival_time(GmqPipe *pipe, int64_t sent_ns);

G_END_DECLS
