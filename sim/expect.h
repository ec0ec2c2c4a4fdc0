/* expect.h - what became of the expectations of a scenario. */
#pragma once

#include "sim/tally.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_OUTCOME_HELD,
    GMQ_OUTCOME_BROKEN,
    GMQ_OUTCOME_OPEN,    /* the run ended before it could be known */
    GMQ_OUTCOME_UNKNOWN, /* nobody can know it of a broker somewhere else */
} GmqOutcomeKind;

typedef struct {
    const GmqExpectation *expectation; /* lent by the scenario */
    GmqOutcomeKind kind;
    char *found; /* what was there instead, or as well; owned */
} GmqOutcome;

/* Judges every expectation of the scenario. story is the fingerprint of the run; with work left the
 * clients had not come to their end when the run did. Returns an array of GmqOutcome that the
 * caller frees. */
GArray *gmq_expect_judge(const GmqScenario *scenario, const GmqTally *tally, uint64_t story,
                         bool is_work_left);

G_END_DECLS
