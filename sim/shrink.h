/* shrink.h - a failing scenario made as small as it can be, so that a person can read it.
 *
 * Parts are taken away and numbers made round as long as the same invariant breaks on the same kind
 * of entity (Zeller's delta debugging). What is left is an ordinary scenario that says what
 * breaks. */
#pragma once

#include "sim/trial.h"

G_BEGIN_DECLS

/* Where it stands. */
typedef struct {
    uint64_t n_candidates; /* that were tried */
    uint64_t n_parts;      /* scalars that are left */
} GmqShrinkProgress;

typedef struct {
    const char *text;   /* of the scenario */
    const char *origin; /* where it comes from, for its new about: "x.yaml, seed 7" */
    uint64_t seed;
    uint64_t candidates_most;

    /* Runs a text; one that cannot be read is a trial that failed as GMQ_TRIAL_UNREADABLE. */
    void (*try_text)(void *user, const char *text, GmqTrial *trial);

    /* Called before each candidate; false ends it with what there is. */
    bool (*go_on)(void *user, const GmqShrinkProgress *progress);
    void *user;
} GmqShrinkPlan;

typedef struct {
    char *text;       /* of the smallest scenario; NULL when there was nothing to shrink */
    GmqTrial failure; /* of the smallest scenario */
    GmqShrinkProgress progress;
    uint64_t n_parts_before;
    GPtrArray *others; /* of texts, owned: other failures that were met on the way, "S3" */
    bool is_stopped;   /* it might get smaller still */
} GmqShrinkResult;

void gmq_shrink(const GmqShrinkPlan *plan, GmqShrinkResult *result);
void gmq_shrink_result_clear(GmqShrinkResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GmqShrinkResult, gmq_shrink_result_clear)

/* Whether that failure can be looked for in smaller scenarios: two runs that differ cannot. */
bool gmq_shrink_can(const GmqTrial *failure);

G_END_DECLS
