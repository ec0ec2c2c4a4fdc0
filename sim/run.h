/* run.h - one run of a scenario: the same scenario and seed give the same bytes. */
#pragma once

#include "sim/scenario.h"
#include "sim/trace.h"

G_BEGIN_DECLS

typedef struct GmqRemote GmqRemote;

typedef enum {
    GMQ_VERDICT_HELD      = 0,
    GMQ_VERDICT_BROKEN    = 1,
    GMQ_VERDICT_UNDECIDED = 2,
} GmqVerdict;

/* How a run is done, besides what its scenario says. All zeros is the usual way. */
typedef struct {
    GmqTies ties;        /* GMQ_TIES_FILE: what the scenario says */
    GmqEventLevel level; /* what is traced besides the story */
    bool is_unchecked;   /* no invariants are looked at: for speed, and for runs that only show */
    uint64_t lines_max;  /* of the trace; 0: GMQ_RUN_LINES_MAX */
    uint64_t steps_max;  /* likewise */
    uint64_t bytes_max;  /* likewise, of bodies */
    GmqRemote *remote;   /* the broker, when it is not one of the world's own; lent */
} GmqRunOptions;

/* Runs the scenario to its end with that seed and returns everything that happened. The caller
 * frees the trace. */
GmqTrace *gmq_run_record(const GmqScenario *scenario, uint64_t seed);

G_END_DECLS
