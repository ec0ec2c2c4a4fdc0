/* cmd-sweep-jobs.h - worker processes, each with one seed at a time.
 *
 * For cmd-*.c files alone: it forks and reads the clock. The program must have no threads. A worker
 * that dies is the failure of its seed: that seed is tried once more, and the rest goes on. */
#pragma once

#include "sim/sweep.h"

G_BEGIN_DECLS

/* Tries one seed; called in a worker. */
typedef void (*GmqTrySeed)(void *user, uint64_t seed, GmqTrial *trial);

typedef struct {
    GmqTrySeed try_seed;
    void *user;
    unsigned n_jobs;
    int64_t time_us;      /* no seed is begun later than that; 0: no limit */
    int64_t seed_time_us; /* a seed that takes longer is the failure of that seed */
    bool has_terminal;    /* progress is one line that changes */
} GmqSweepJobs;

/* Tries all seeds of the sweep's plan and adds what they came to. SIGINT and SIGTERM stop it; what
 * is known then stays. */
void gmq_sweep_run(GmqSweep *sweep, const GmqSweepJobs *jobs);

G_END_DECLS
