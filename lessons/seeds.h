/* seeds.h - a scenario with many seeds, and what to tell a person of those that fail. */
#pragma once

#include "lessons/lesson.h"
#include "sim/trial.h"

G_BEGIN_DECLS

/* What is run: the text of a scenario file with the seeds 1 to n, and with faults that are drawn
 * for each. What the file expects must hold in spite of them. */
typedef struct {
    const char *path;
    const GmqScenario *scenario;
    unsigned n;
    GmqFaultLevel faults;
} GmqSeedsPlan;

/* The scenario as it is with that seed. The caller frees it. */
GmqScenario *gmq_seeds_scenario(const GmqSeedsPlan *plan, uint64_t seed, GError **error);

/* Runs all seeds. True when all of them hold; otherwise out gets lines: how many fail, what the
 * first of them breaks, where, and how to look at it. */
bool gmq_seeds_run(const GmqSeedsPlan *plan, GString *out);

G_END_DECLS
