/* seed.h - what a seed means in a search: a scenario, and a run of it.
 *
 * The text of a seed is an ordinary scenario, with the seed in it: whoever has that file has the
 * run, and needs neither the search nor the generator. */
#pragma once

#include "sim/faults.h"
#include "sim/trial.h"

G_BEGIN_DECLS

/* Where the scenarios of a search come from. */
typedef struct {
    const GmqScenario *scenario; /* for every seed; NULL: each has its own, from the swarm */
    GmqFaultLevel faults;        /* drawn for each seed, and added to the scenario's own */
    GmqRunOptions options;
} GmqSeedSource;

/* The text of the scenario that a seed stands for; the caller frees it. */
char *gmq_seed_text(const GmqSeedSource *source, uint64_t seed);

/* Runs it, and once more when it failed or one time in 20: another fingerprint is a failure that
 * is worse than any. The trial is cleared by the caller. */
void gmq_seed_try(const GmqSeedSource *source, uint64_t seed, GmqTrial *trial);

G_END_DECLS
