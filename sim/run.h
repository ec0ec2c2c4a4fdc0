/* run.h - one run of a scenario: the same scenario and seed give the same bytes. */
#pragma once

#include "sim/scenario.h"
#include "sim/trace.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_VERDICT_HELD      = 0,
    GMQ_VERDICT_BROKEN    = 1,
    GMQ_VERDICT_UNDECIDED = 2,
} GmqVerdict;

/* Runs the scenario to its end with that seed and returns everything that happened. The caller
 * frees the trace. */
GmqTrace *gmq_run_record(const GmqScenario *scenario, uint64_t seed);

G_END_DECLS
