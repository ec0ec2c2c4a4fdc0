/* make-private.h - a check of a program while it lasts, for the files make*.c. */
#pragma once

#include "lessons/make.h"
#include "sim/real.h"

G_BEGIN_DECLS

/* More events than any lesson needs. */
#define GMQ_MAKE_EVENTS_MAX 20000

typedef struct {
    const GmqMakeTask *task;
    const GmqScenario *scenario;
    const GmqClientSpec *client;
    GmqReal *real;
    GmqWorld *world;
    uint64_t n_told;     /* events that progress was told of */
    uint64_t n_seen;     /* events when it was looked last */
    int64_t seen_ns;     /* when there were more than before */
    int64_t stall_ns;    /* when nothing happens for so long, it is over */
    int64_t look_ns;     /* when to look again */
    bool is_stalled;     /* nothing happened any more */
    bool is_late;        /* the time was over */
    bool is_interrupted; /* by a signal */
} GmqMakeCheck;

/* Appends a line. */
void gmq_make_add(GString *told, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Judges the run, which is over, and tells that. Returns the exit status. */
int gmq_make_judge(const GmqMakeCheck *check, GString *told);

G_END_DECLS
