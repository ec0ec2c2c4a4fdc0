#include "sim/sweep.h"

#include <string.h>

static void
free_failure(void *data)
{
    GmqSweepFailure *failure = data;

    g_free(failure->what);
    g_free(failure->sentence);
    g_free(failure);
}

GmqSweep *
gmq_sweep_new(const GmqSweepPlan *plan)
{
    GmqSweep *sweep = g_new0(GmqSweep, 1);

    g_assert(plan->shard >= 1);
    g_assert(plan->shard <= plan->n_shards);
    sweep->plan     = *plan;
    sweep->plan.of  = g_strdup(plan->of);
    sweep->n_jobs   = 1;
    sweep->n_merged = 1;
    sweep->failures = g_ptr_array_new_with_free_func(free_failure);
    return sweep;
}

void
gmq_sweep_free(GmqSweep *sweep)
{
    if (sweep == NULL)
        return;
    g_free((char *)sweep->plan.of);
    g_ptr_array_unref(sweep->failures);
    g_free(sweep);
}

void
gmq_sweep_need_of(GmqSweep *sweep, const GmqScenario *scenario)
{
    for (unsigned i = 0; i < scenario->expectations->len; i++) {
        const GmqExpectation *expectation = scenario->expectations->pdata[i];

        if (expectation->kind == GMQ_EXPECT_SOMETIMES)
            sweep->is_needed[gmq_sometimes_find(expectation->word)] = true;
    }
}

void
gmq_sweep_add(GmqSweep *sweep, uint64_t seed, const GmqTrial *trial)
{
    sweep->n_done++;
    sweep->n_undecided += trial->verdict == GMQ_VERDICT_UNDECIDED;
    sweep->n_pops += trial->n_pops;
    for (unsigned i = 0; i < GMQ_N_SOMETIMES; i++)
        sweep->seen[i] += trial->sometimes >> i & 1;
    if (trial->verdict != GMQ_VERDICT_BROKEN)
        return;

    GmqSweepFailure *failure = g_new0(GmqSweepFailure, 1);
    *failure                 = (GmqSweepFailure){
                        .seed     = seed,
                        .what     = g_strdup(trial->what),
                        .sentence = g_strdup(trial->sentence),
                        .event    = trial->event,
                        .time_ns  = trial->time_ns,
    };
    g_ptr_array_add(sweep->failures, failure);
}

uint64_t
gmq_sweep_size(const GmqSweepPlan *plan)
{
    uint64_t n_seeds = plan->last - plan->first + 1;
    return n_seeds / plan->n_shards + (n_seeds % plan->n_shards >= plan->shard);
}

bool
gmq_sweep_has_held(const GmqSweep *sweep)
{
    for (unsigned i = 0; i < GMQ_N_SOMETIMES; i++) {
        if (sweep->is_needed[i] && sweep->seen[i] == 0)
            return false;
    }
    return sweep->failures->len == 0;
}
