#include "sim/cmd-sweep.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/hash.h"
#include "core/base/nearest.h"
#include "sim/cmd-shared.h"
#include "sim/cmd-sweep-jobs.h"
#include "sim/language.h"
#include "sim/load.h"
#include "sim/seed.h"
#include "sim/units.h"

#define SEEDS_DEFAULT 1000
#define JOBS_MAX 1024

/* A run that takes longer than that does not end. */
#define SEED_TIME_US INT64_C(60000000)

/* So many failing seeds of one invariant are told, without --all. */
#define LINES_MAX 10

static gboolean swarm;
static char *seeds_text;
static char *jobs_text;
static char *time_text;
static char *shard_text;
static char *faults_text;
static char *sometimes_text;
static char *show_text;
static char *save_path;
static char *write_path;
static gboolean ties;
static gboolean merge;
static gboolean all;

static const GOptionEntry entries[] = {
    {"swarm", 0, 0, G_OPTION_ARG_NONE, &swarm,
     N_("Draw a scenario for each seed, instead of taking FILE"), NULL},
    {"seeds", 0, 0, G_OPTION_ARG_STRING, &seeds_text,
     N_("Seeds, both included; default 1..1000, or with --time as many as it takes"), "A..B"},
    {"jobs", 0, 0, G_OPTION_ARG_STRING, &jobs_text,
     N_("Worker processes; default one for each processor"), "N"},
    {"time", 0, 0, G_OPTION_ARG_STRING, &time_text, N_("Begin no seed after that time: 60s, 5min"),
     "TIME"},
    {"faults", 0, 0, G_OPTION_ARG_STRING, &faults_text,
     N_("Draw faults for each seed, besides those of FILE: none, some, many or exam; default none"),
     "MANY"},
    {"ties-random", 0, 0, G_OPTION_ARG_NONE, &ties,
     N_("Draw the order of what happens at the same time"), NULL},
    {"sometimes", 0, 0, G_OPTION_ARG_STRING, &sometimes_text,
     N_("Rare things that must happen in at least one seed, with commas between"), "WORDS"},
    {"shard", 0, 0, G_OPTION_ARG_STRING, &shard_text,
     N_("Only a part of the seeds, for several machines: 1/4 to 4/4"), "I/N"},
    {"save", 0, 0, G_OPTION_ARG_FILENAME, &save_path, N_("Write the results to FILE, for --merge"),
     "FILE"},
    {"merge", 0, 0, G_OPTION_ARG_NONE, &merge,
     N_("Add the results of shards that were saved in FILEs"), NULL},
    {"write", 0, 0, G_OPTION_ARG_FILENAME, &write_path,
     N_("Write the scenario of each failing seed into the folder DIR"), "DIR"},
    {"show", 0, 0, G_OPTION_ARG_STRING, &show_text,
     N_("Run nothing: print the scenario that a seed stands for"), "SEED"},
    {"all", 0, 0, G_OPTION_ARG_NONE, &all, N_("Tell every failing seed, and not the first ten"),
     NULL},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command       = "sweep",
    .arguments     = "FILE.yaml | --swarm | --merge FILE...",
    .summary       = N_("Runs many seeds, and tells which of them fail and how fast."),
    .more          = N_("Exit status: 0 nothing failed, 1 something did, 2 wrong use, "
                                 "or stopped before the end, 3 a file is wrong."),
    .entries       = entries,
    .n_files_least = 0,
    .n_files_most  = 10000,
};

/* ---- options ---- */

/* "A..B" or "A" */
static bool
read_seeds(GmqSweepPlan *plan)
{
    plan->first = 1;
    plan->last  = time_text == NULL ? SEEDS_DEFAULT : GMQ_SWEEP_SEED_MAX;
    if (seeds_text == NULL)
        return true;

    g_auto(GStrv) parts = g_strsplit(seeds_text, "..", 2);
    const char *last    = parts[0] == NULL || parts[1] == NULL ? seeds_text : parts[1];
    if (parts[0] != NULL && gmq_read_count(parts[0], &plan->first) &&
        gmq_read_count(last, &plan->last) && plan->first <= plan->last &&
        plan->last <= GMQ_SWEEP_SEED_MAX)
        return true;
    gmq_usage_wrong(&usage, "--seeds takes two whole numbers, as in 1..1000, not \"%s\"",
                    seeds_text);
    return false;
}

static bool
read_shard(GmqSweepPlan *plan)
{
    plan->shard    = 1;
    plan->n_shards = 1;
    if (shard_text == NULL)
        return true;

    g_auto(GStrv) parts = g_strsplit(shard_text, "/", 2);
    if (g_strv_length(parts) == 2 && gmq_read_count(parts[0], &plan->shard) &&
        gmq_read_count(parts[1], &plan->n_shards) && plan->shard >= 1 &&
        plan->shard <= plan->n_shards)
        return true;
    gmq_usage_wrong(&usage, "--shard takes a part and how many there are, as in 1/4, not \"%s\"",
                    shard_text);
    return false;
}

static bool
read_jobs(GmqSweepJobs *jobs)
{
    uint64_t n = MIN(g_get_num_processors(), JOBS_MAX);

    if (!gmq_usage_number(&usage, "--jobs", jobs_text, 1, JOBS_MAX, &n))
        return false;
    jobs->n_jobs = (unsigned)n;
    int64_t ns   = 0;
    if (time_text != NULL && (!gmq_read_duration(time_text, &ns) || ns == 0)) {
        gmq_usage_wrong(&usage, "--time takes a duration, as in 60s or 5min, not \"%s\"",
                        time_text);
        return false;
    }
    jobs->time_us = (ns + 999) / 1000;
    return true;
}

static bool
read_faults(GmqSeedSource *source)
{
    source->faults = faults_text == NULL ? GMQ_FAULTS_NONE : gmq_faults_find_level(faults_text);
    if (source->faults < GMQ_N_FAULT_LEVELS)
        return true;
    gmq_usage_wrong(&usage, "--faults takes none, some, many or exam, not \"%s\"", faults_text);
    return false;
}

static bool
refuse_word(const char *word)
{
    const char *names[GMQ_N_SOMETIMES];

    for (unsigned i = 0; i < GMQ_N_SOMETIMES; i++)
        names[i] = gmq_sometimes_name((GmqSometimes)i);
    const char *nearest = gmq_nearest(word, names, GMQ_N_SOMETIMES);
    if (nearest == NULL)
        gmq_usage_wrong(&usage, "nothing is called \"%s\" in --sometimes", word);
    else
        gmq_usage_wrong(&usage, "nothing is called \"%s\" in --sometimes; did you mean \"%s\"?",
                        word, nearest);
    return false;
}

static bool
read_sometimes(GmqSweep *sweep)
{
    if (sometimes_text == NULL)
        return true;

    g_auto(GStrv) words = g_strsplit(sometimes_text, ",", -1);
    for (unsigned i = 0; words[i] != NULL; i++) {
        GmqSometimes what = gmq_sometimes_find(g_strstrip(words[i]));

        if (what == GMQ_N_SOMETIMES)
            return refuse_word(words[i]);
        sweep->is_needed[what] = true;
    }
    return true;
}

/* ---- results ---- */

static int
refuse_path(const char *path, const GError *error)
{
    fprintf(stderr, "glassmq sweep: cannot write %s: %s.\n", path, error->message);
    return GMQ_EXIT_USAGE;
}

static int
status_of(const GmqSweep *sweep)
{
    g_assert(sweep != NULL);
    if (!gmq_sweep_has_held(sweep))
        return GMQ_VERDICT_BROKEN;
    return sweep->is_stopped ? GMQ_EXIT_USAGE : 0;
}

static int
tell(GmqSweep *sweep)
{
    g_autoptr(GString) out  = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    gmq_sweep_report(sweep, all ? UINT_MAX : LINES_MAX, out);
    gmq_command_flush(out);
    if (save_path != NULL && !gmq_sweep_save(sweep, save_path, &error))
        return refuse_path(save_path, error);
    return status_of(sweep);
}

/* One file for each failing seed, named after what failed. */
static int
write_failures(const GmqSeedSource *source, const GmqSweep *sweep)
{
    g_autoptr(GError) error = NULL;

    if (write_path == NULL)
        return 0;
    if (g_mkdir_with_parents(write_path, 0777) != 0) {
        fprintf(stderr, "glassmq sweep: cannot make the folder %s.\n", write_path);
        return GMQ_EXIT_USAGE;
    }
    for (unsigned i = 0; i < sweep->failures->len; i++) {
        const GmqSweepFailure *failure = sweep->failures->pdata[i];
        g_autofree char *text          = gmq_seed_text(source, failure->seed);
        g_autofree char *name = g_strdup_printf("%s-seed-%" G_GUINT64_FORMAT ".yaml", failure->what,
                                                (guint64)failure->seed);

        g_strdelimit(name, " /", '-');
        g_autofree char *path = g_build_filename(write_path, name, NULL);
        if (!g_file_set_contents(path, text, -1, &error))
            return refuse_path(path, error);
    }
    return 0;
}

/* ---- what it does ---- */

static void
try_seed(void *user, uint64_t seed, GmqTrial *trial)
{
    gmq_seed_try(user, seed, trial);
}

static int
sweep_seeds(GmqSeedSource *source, const char *path)
{
    GmqSweepJobs jobs = {.try_seed     = try_seed,
                         .user         = source,
                         .seed_time_us = SEED_TIME_US,
                         .has_terminal = isatty(STDERR_FILENO)};
    GmqSweepPlan plan = {.of = path == NULL ? GMQ_SWEEP_SWARM : path};

    if (!read_seeds(&plan) || !read_shard(&plan) || !read_jobs(&jobs))
        return GMQ_EXIT_USAGE;
    if (source->scenario != NULL)
        plan.hash = gmq_hash_bytes(gmq_slice_of(source->scenario->text));
    plan.faults = source->faults;
    plan.hash   = gmq_hash_add(plan.hash, (uint64_t)source->options.ties);

    g_autoptr(GmqSweep) sweep = gmq_sweep_new(&plan);
    if (!read_sometimes(sweep))
        return GMQ_EXIT_USAGE;
    if (source->scenario != NULL && source->faults == GMQ_FAULTS_NONE)
        gmq_sweep_need_of(sweep, source->scenario);
    gmq_sweep_run(sweep, &jobs);
    int status  = tell(sweep);
    int written = write_failures(source, sweep);
    return written != 0 ? written : status;
}

static int
show(const GmqSeedSource *source)
{
    uint64_t seed;

    if (!gmq_read_seed(show_text, &seed))
        return gmq_usage_wrong(&usage, "--show takes a seed, not \"%s\"", show_text);
    g_autofree char *text = gmq_seed_text(source, seed);
    fputs(text, stdout);
    return 0;
}

static int
sweep_source(GmqSeedSource *source, const char *path)
{
    if (!read_faults(source))
        return GMQ_EXIT_USAGE;
    if (source->scenario == NULL && source->faults != GMQ_FAULTS_NONE)
        return gmq_usage_wrong(&usage, "--faults goes with FILE; the swarm draws its own");
    if (ties)
        source->options.ties = GMQ_TIES_RANDOM;
    return show_text != NULL ? show(source) : sweep_seeds(source, path);
}

static int
sweep_file(const char *path)
{
    g_autoptr(GError) error         = NULL;
    g_autoptr(GmqScenario) scenario = gmq_scenario_load(path, &error);

    if (scenario == NULL)
        return gmq_load_refuse("sweep", path, error);
    GmqSeedSource source = {.scenario = scenario};
    return sweep_source(&source, path);
}

static int
refuse_result(const char *path, const GError *error)
{
    if (error->domain == GMQ_SWEEP_ERROR)
        fprintf(stderr, "glassmq sweep: %s.\n", error->message);
    else
        fprintf(stderr, "glassmq sweep: cannot read %s: %s.\n", path, error->message);
    return GMQ_EXIT_FILE;
}

static int
merge_files(char **paths)
{
    g_autoptr(GError) error     = NULL;
    g_autoptr(GmqSweep) sum     = NULL;
    g_autoptr(GHashTable) parts = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

    for (unsigned i = 0; paths[i] != NULL; i++) {
        g_autoptr(GmqSweep) part = gmq_sweep_load(paths[i], &error);

        if (part == NULL)
            return refuse_result(paths[i], error);
        if (!g_hash_table_add(parts, g_memdup2(&part->plan.shard, sizeof part->plan.shard))) {
            fprintf(stderr, "glassmq sweep: %s is shard %" G_GUINT64_FORMAT " for a second time.\n",
                    paths[i], (guint64)part->plan.shard);
            return GMQ_EXIT_FILE;
        }
        if (sum == NULL)
            sum = g_steal_pointer(&part);
        else if (!gmq_sweep_merge(sum, part, &error))
            return refuse_result(paths[i], error);
    }
    return tell(sum);
}

static int
run(char **files)
{
    unsigned n = g_strv_length(files);

    if (merge)
        return n > 0 ? merge_files(files) : gmq_usage_wrong(&usage, "--merge needs files");
    if (swarm && n > 0)
        return gmq_usage_wrong(&usage, "--swarm draws its scenarios, and takes no file");
    if (swarm)
        return sweep_source(&(GmqSeedSource){0}, NULL);
    if (n != 1)
        return gmq_usage_wrong(&usage, "it takes one scenario, or --swarm");
    return sweep_file(files[0]);
}

int
gmq_cmd_sweep(int argc, char **argv)
{
    char **const texts[] = {&seeds_text,     &jobs_text, &time_text, &shard_text, &faults_text,
                            &sometimes_text, &show_text, &save_path, &write_path};
    g_auto(GStrv) files  = NULL;
    int status           = gmq_usage_parse(&usage, argc, argv, &files);

    if (status == GMQ_USAGE_GO_ON)
        status = run(files);
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_clear_pointer(texts[i], g_free);
    return status;
}
