/* faults.h - faults that nobody wrote down: drawn by a seed, and added to a scenario as entries of
 * its timeline.
 *
 * They are taken from those that the broker promises to survive, each ends by itself, and the last
 * third of the run is quiet. What comes out is an ordinary scenario. */
#pragma once

#include "sim/scenario.h"
#include "sim/yaml.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_FAULTS_NONE,
    GMQ_FAULTS_SOME,
    GMQ_FAULTS_MANY,
    GMQ_FAULTS_EXAM, /* some, none of which befalls who publishes: what is expected still counts */
    GMQ_N_FAULT_LEVELS,
} GmqFaultLevel;

/* "some" */
const char *gmq_faults_level_name(GmqFaultLevel level);

/* The level of that name; GMQ_N_FAULT_LEVELS without one. */
GmqFaultLevel gmq_faults_find_level(const char *name);

/* How many kinds of faults there are, and what they are called: "cut", "crash broker". */
unsigned gmq_faults_count(void);
const char *gmq_faults_name(unsigned kind);

/* What faults are added to: a document whose root is a scenario. */
typedef struct {
    GmqYamlDocument *document;
    const char *const *clients; /* names */
    unsigned n_clients;
    int64_t stop_ns;
    uint64_t seed;
    GmqFaultLevel level;
    uint64_t kinds; /* a bit for each kind that may happen; ~0 for all */
} GmqFaultsPlan;

void gmq_faults_add(const GmqFaultsPlan *plan);

/* The text of the scenario with that seed and faults of that level; the caller frees it. With
 * faults the numbers that it expects say nothing any more: what is allowed to break stays. An exam
 * asks for all of it, since who publishes is there all the time and can send everything again. */
char *gmq_faults_text(const GmqScenario *scenario, uint64_t seed, GmqFaultLevel level);

/* The same, but all that it expects stays, whatever the level is. */
char *gmq_faults_text_expecting(const GmqScenario *scenario, uint64_t seed, GmqFaultLevel level);

G_END_DECLS
