/* trial.h - a run seen from outside: whether it failed, in what, and where.
 *
 * A sweep tries a scenario with many seeds, a shrinker tries many scenarios with one; both need no
 * more of a run than this. */
#pragma once

#include "sim/world.h"

G_BEGIN_DECLS

/* What failed in a run that broke no invariant and no expectation. */
#define GMQ_TRIAL_TIMELINE "timeline" /* an entry that the expectations need never happened */
#define GMQ_TRIAL_UNREADABLE "unreadable"
#define GMQ_TRIAL_UNSTABLE "unstable" /* the same seed gave another run */
#define GMQ_TRIAL_DIED "died"
#define GMQ_TRIAL_SLOW "slow"

typedef struct {
    GmqVerdict verdict;
    char *what;     /* what failed first: "S6", "expect lost"; NULL when nothing did */
    char *kind;     /* of what it is about: queue, exchange, client or broker; NULL likewise */
    char *sentence; /* whole; NULL likewise */
    uint64_t event; /* of the trace, where it was seen */
    int64_t time_ns;
    uint64_t n_events;
    uint64_t n_pops; /* events taken from the schedule */
    uint64_t fingerprint;
    uint64_t sometimes; /* a bit for each rare thing that happened: 1 << GMQ_SOMETIMES_... */
} GmqTrial;

/* Runs the scenario to its end. The strings of the trial are the caller's, who clears it. */
void gmq_trial_run(GmqTrial *trial, const GmqScenario *scenario, uint64_t seed,
                   const GmqRunOptions *options);

/* Fills the trial from a world that has come to its end. */
void gmq_trial_judge(GmqTrial *trial, const GmqWorld *world, const GmqScenario *scenario);

/* A trial that failed without a run. The texts are copied. */
void gmq_trial_fail(GmqTrial *trial, const char *what, const char *sentence);

void gmq_trial_clear(GmqTrial *trial);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GmqTrial, gmq_trial_clear)

/* Whether both failed, and in the same thing about the same kind of entity. */
bool gmq_trial_is_same_failure(const GmqTrial *one, const GmqTrial *other);

G_END_DECLS
