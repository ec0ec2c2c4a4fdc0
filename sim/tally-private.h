/* tally-private.h - the inside of a tally, for tally.c and tally-count.c alone. */
#pragma once

#include "sim/arena.h"
#include "sim/tally.h"

G_BEGIN_DECLS

/* What a name of the trace stands for; NULL for what it does not. */
typedef struct {
    GmqMessageTally *message;
    GmqCopyTally *copy; /* the latest that was made by that name */
    GmqQueueTally *queue;
    GmqClientTally *client;
} GmqNamedTally;

struct GmqTally {
    const GmqScenario *scenario;
    const GmqNames *names; /* the trace's */
    GArray *named;         /* of GmqNamedTally, by the number of a name */
    GmqArena arena;        /* of messages, their copies, and routes */
    GPtrArray *messages;   /* of GmqMessageTally, in order of sending */
    GPtrArray *queues;     /* of GmqQueueTally */
    GPtrArray *clients;    /* of GmqClientTally */
    GPtrArray *broken;     /* of texts: sentences of checks; lent by the trace */
    GmqTotals totals;
    int64_t last_work_ns;
    uint32_t seen; /* a bit for each GmqSometimes */
};

/* What the name stands for so far. */
static inline GmqNamedTally
gmq_tally_named(const GmqTally *tally, const char *name)
{
    const GmqNamedTally nothing = {NULL, NULL, NULL, NULL};
    uint32_t number             = gmq_name_number(name);

    if (G_UNLIKELY(number >= tally->named->len))
        return nothing;
    return g_array_index(tally->named, GmqNamedTally, number);
}

/* Each is made when it is first heard of. Names are lent by the trace. */
GmqQueueTally *gmq_tally_queue_of(GmqTally *tally, const char *name);
GmqClientTally *gmq_tally_client_of(GmqTally *tally, const char *name);
GmqMessageTally *gmq_tally_message_of(GmqTally *tally, const char *name);

/* The copy of a message in a queue, by its name in the trace. */
GmqCopyTally *gmq_tally_copy_of(GmqTally *tally, const char *name, const char *queue);

/* ---- tally-receive.c: one kind of event each ---- */

void gmq_tally_received(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news);
void gmq_tally_replied(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news);
void gmq_tally_finished(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news);
void gmq_tally_cancelled(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news);
void gmq_tally_forwarded(GmqTally *tally, const GmqTraceEvent *event, GmqTallyNews *news);

G_END_DECLS
