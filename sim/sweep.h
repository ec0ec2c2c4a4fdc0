/* sweep.h - what many runs came to: how many, which failed, which rare things were reached.
 *
 * Results may come in any order and from several programs; what is told of them depends on the
 * seeds alone, but for the speed. */
#pragma once

#include <gio/gio.h>

#include "sim/faults.h"
#include "sim/trial.h"

G_BEGIN_DECLS

/* A seed of a sweep is a plain number of 63 bits. */
#define GMQ_SWEEP_SEED_MAX ((uint64_t)INT64_MAX)

/* Which seeds of what: shard number shard of n_shards has each n_shards-th seed. */
typedef struct {
    const char *of;       /* path of the scenario; GMQ_SWEEP_SWARM */
    uint64_t hash;        /* of its text */
    GmqFaultLevel faults; /* that were drawn for each seed */
    uint64_t first, last; /* seeds, both included */
    uint64_t shard, n_shards;
} GmqSweepPlan;

/* Each seed has a scenario of its own. */
#define GMQ_SWEEP_SWARM "the swarm"

typedef struct {
    uint64_t seed;
    char *what; /* "S6", as in a trial */
    char *sentence;
    uint64_t event;
    int64_t time_ns;
} GmqSweepFailure;

typedef struct {
    GmqSweepPlan plan; /* its text is owned here */
    uint64_t n_done;
    uint64_t n_undecided;
    uint64_t n_pops;
    uint64_t n_jobs;
    uint64_t wall_us;
    bool is_stopped;                 /* by a person, before the last seed */
    uint64_t n_merged;               /* shards that are in here */
    uint64_t seen[GMQ_N_SOMETIMES];  /* in how many seeds each rare thing happened */
    bool is_needed[GMQ_N_SOMETIMES]; /* it must happen at least once */
    GPtrArray *failures;             /* of GmqSweepFailure */
} GmqSweep;

GmqSweep *gmq_sweep_new(const GmqSweepPlan *plan);
void gmq_sweep_free(GmqSweep *sweep);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqSweep, gmq_sweep_free)

/* The rare things that the scenario itself asks for are needed. */
void gmq_sweep_need_of(GmqSweep *sweep, const GmqScenario *scenario);

/* The run of that seed is over. */
void gmq_sweep_add(GmqSweep *sweep, uint64_t seed, const GmqTrial *trial);

/* How many seeds the plan has. */
uint64_t gmq_sweep_size(const GmqSweepPlan *plan);

/* Whether nothing failed, and all that was needed was reached. */
bool gmq_sweep_has_held(const GmqSweep *sweep);

/* Sorts the failures and appends all that is known, in lines; at most most_lines of each
 * invariant. */
void gmq_sweep_report(GmqSweep *sweep, unsigned most_lines, GString *out);

/* ---- sweep-file.c ---- */

/* A file that gmq_sweep_save() did not write, or that does not fit to the others. */
#define GMQ_SWEEP_ERROR gmq_sweep_error_quark()
GQuark gmq_sweep_error_quark(void);

typedef enum {
    GMQ_SWEEP_ERROR_WRONG,
} GmqSweepError;

/* Writes all that is known as JSON lines. */
gboolean gmq_sweep_save(GmqSweep *sweep, const char *path, GError **error);

GmqSweep *gmq_sweep_load(const char *path, GError **error);

/* Adds what another shard of the same sweep came to. */
gboolean gmq_sweep_merge(GmqSweep *sweep, const GmqSweep *other, GError **error);

G_END_DECLS
