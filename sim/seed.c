#include "sim/seed.h"

#include "core/base/hash.h"
#include "sim/swarm.h"

/* One seed in so many is run twice although nothing failed. */
#define CHECKED_TWICE 20

char *
gmq_seed_text(const GmqSeedSource *source, uint64_t seed)
{
    if (source->scenario == NULL)
        return gmq_swarm_text(seed);
    return gmq_faults_text(source->scenario, seed, source->faults);
}

/* The scenario of the seed, to be freed by the caller; NULL with a trial that failed when its text
 * cannot be read. */
static GmqScenario *
make_scenario(const GmqSeedSource *source, uint64_t seed, GmqTrial *trial)
{
    g_autofree char *text   = gmq_seed_text(source, seed);
    g_autoptr(GError) error = NULL;
    const char *path        = source->scenario == NULL ? "swarm.yaml" : source->scenario->path;
    GmqScenario *scenario   = gmq_scenario_parse(path, text, strlen(text), &error);

    if (scenario == NULL)
        gmq_trial_fail(trial, GMQ_TRIAL_UNREADABLE, error->message);
    return scenario;
}

static bool
is_due_twice(const GmqTrial *trial, uint64_t seed)
{
    return trial->verdict == GMQ_VERDICT_BROKEN ||
           gmq_hash_add(GMQ_HASH_START, seed) % CHECKED_TWICE == 0;
}

static void
run_again(const GmqSeedSource *source, const GmqScenario *scenario, uint64_t seed, GmqTrial *trial)
{
    g_auto(GmqTrial) again = {0};

    gmq_trial_run(&again, scenario, seed, &source->options);
    if (again.fingerprint == trial->fingerprint)
        return;

    g_autofree char *sentence =
        g_strdup_printf("two runs of this seed differ: fingerprints %016" G_GINT64_MODIFIER
                        "x and %016" G_GINT64_MODIFIER "x (see glassmq run --check)",
                        trial->fingerprint, again.fingerprint);
    gmq_trial_fail(trial, GMQ_TRIAL_UNSTABLE, sentence);
}

void
gmq_seed_try(const GmqSeedSource *source, uint64_t seed, GmqTrial *trial)
{
    g_autoptr(GmqScenario) made = NULL;
    const GmqScenario *scenario = source->scenario;

    if (scenario == NULL || source->faults != GMQ_FAULTS_NONE) {
        made = make_scenario(source, seed, trial);
        if (made == NULL)
            return;
        scenario = made;
    }
    gmq_trial_run(trial, scenario, seed, &source->options);
    if (is_due_twice(trial, seed))
        run_again(source, scenario, seed, trial);
}
