/* ladder-part.h - what each kind of event is in a ladder; only for ladder*.c and chart*.c. */
#pragma once

#include "viz/ladder.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_STEP_NONE,
    GMQ_STEP_SEND,      /* leaves a client for the broker */
    GMQ_STEP_PUSH,      /* leaves the broker for a client */
    GMQ_STEP_SENT,      /* arrives at the broker */
    GMQ_STEP_PUSHED,    /* arrives at the client */
    GMQ_STEP_AT_CLIENT, /* happens there */
    GMQ_STEP_AT_BROKER,
    GMQ_STEP_AT_WHO, /* to whom it befalls: a client, the broker, all */
    GMQ_STEP_OVER_ALL,
} GmqStep;

/* What leaves and what arrives belong together when they are of one class. */
typedef enum {
    GMQ_CLASS_NONE,
    GMQ_CLASS_CONNECT,
    GMQ_CLASS_PUBLISH,
    GMQ_CLASS_DELIVER,
    GMQ_CLASS_SETTLE,
    GMQ_CLASS_CONFIRM,
    GMQ_CLASS_RETURN,
    GMQ_CLASS_TX,
} GmqStepClass;

enum {
    GMQ_STEP_TO     = 1, /* the client is in `to`, not in `who` */
    GMQ_STEP_ANSWER = 2,
    GMQ_STEP_DOTTED = 4,
    GMQ_STEP_FAULT  = 8,
    GMQ_STEP_EARLY  = 16, /* not shown before the first client starts: the topology */
};

typedef struct {
    GmqStep step;
    GmqStepClass class_;
    unsigned flags;
    const char *words; /* as gmq_event_fill() reads it, but {m} with the space before it */
} GmqLadderRow;

/* The row of that event: one that ends where it begins and one that does not may be of one kind. */
const GmqLadderRow *gmq_ladder_row(const GmqTraceEvent *event);

/* Adds the rungs that are wished for, of the events up to last, in the order of their first events.
 * (ladder-make.c) */
void gmq_ladder_make(GmqLadder *ladder, const GmqLadderWish *wish, uint64_t last);

G_END_DECLS
