/* series.h - the numbers of a run over its time: how deep queues were, how fast messages went, how
 * long they took.
 *
 * Time is cut into bins of the same length. What has a level (a queue's depth) is told by its
 * highest value in the bin, what happens (a delivery) by how often it did. */
#pragma once

#include "viz/stage.h"

G_BEGIN_DECLS

/* Bins for levels; a picture has no more columns. */
#define GMQ_SERIES_BINS 640

/* Steps for what happens: at most so many, and so many that most have a few messages in them, but
 * then not fewer than the least. Their length is round: 1, 2 or 5 times a power of ten. */
#define GMQ_SERIES_STEPS_MAX 64
#define GMQ_SERIES_STEPS_LEAST 12
#define GMQ_SERIES_STEP_MESSAGES 4

typedef struct {
    const char *name; /* lent from the trace */
    uint64_t ready[GMQ_SERIES_BINS];
    uint64_t unacked[GMQ_SERIES_BINS];
    uint64_t ready_most;
    uint64_t unacked_most;
    int64_t ready_most_ns; /* when it first was so deep */
    uint64_t ready_last;   /* at the end of the span */
    uint64_t unacked_last;
} GmqQueueSeries;

typedef struct {
    uint64_t published;
    uint64_t delivered;
    uint64_t acked;
    GArray *latencies; /* of int64_t, ns, ascending: of the messages that came in this step */
} GmqSeriesStep;

typedef struct {
    int64_t from_ns, to_ns; /* the span; to_ns is greater */
    GPtrArray *queues;      /* of GmqQueueSeries, in order of creation */
    int64_t step_ns;
    unsigned n_steps;
    GmqSeriesStep steps[GMQ_SERIES_STEPS_MAX];
} GmqSeries;

/* The numbers of the span from from_ns to to_ns, which must be greater. The latency of a message
 * is the time from its client's publish to each receipt by a client; in a run of which only the
 * broker is known, from its arrival to each delivery. */
GmqSeries *gmq_series_new(const GmqStage *stage, int64_t from_ns, int64_t to_ns);
void gmq_series_free(GmqSeries *series);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqSeries, gmq_series_free)

/* The latency below which that part of 100 of the step's lie; -1 when there are none. */
int64_t gmq_series_latency(const GmqSeriesStep *step, unsigned part);

/* The smallest of 1, 2, 5, 10, 20 ... that is at least that much, at least 1. */
uint64_t gmq_series_round_up(uint64_t value);

/* Appends all numbers as CSV: a line for each bin of a queue, and for each step. */
void gmq_series_to_csv(const GmqSeries *series, GString *out);

G_END_DECLS
