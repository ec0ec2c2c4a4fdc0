/* culprit.h - the event of a run that shows best why an expectation did not hold. */
#pragma once

#include "sim/world.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_CULPRIT_NONE,    /* only the end of the run tells */
    GMQ_CULPRIT_BREAK,   /* from this event on nothing could have saved it */
    GMQ_CULPRIT_MISSING, /* the last event of a message that should have been among those counted */
    GMQ_CULPRIT_LAST,    /* the last event of the message that it is about */
} GmqCulpritKind;

typedef struct {
    GmqCulpritKind kind;
    uint64_t event;      /* 0 for none */
    const char *message; /* of the last two kinds; lent by the world */
} GmqCulprit;

/* The run of that world is over, and outcome is one of its own that did not hold. */
GmqCulprit gmq_culprit_find(const GmqWorld *world, const GmqScenario *scenario,
                            const GmqOutcome *outcome);

G_END_DECLS
