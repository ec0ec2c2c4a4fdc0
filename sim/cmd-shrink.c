#include "sim/cmd-shrink.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/cmd-shared.h"
#include "sim/cmd-sweep-jobs.h"
#include "sim/event-words.h"
#include "sim/language.h"
#include "sim/load.h"
#include "sim/seed.h"
#include "sim/shrink.h"
#include "sim/units.h"

#define CANDIDATES_DEFAULT 20000
#define TIME_DEFAULT_US INT64_C(120000000)

/* A candidate that takes longer than that is no better than what it was made from. */
#define CANDIDATE_TIME_US INT64_C(20000000)

#define PROGRESS_US 200000

static char *seed_text;
static char *faults_text;
static char *output_path;
static char *candidates_text;
static char *time_text;
static gboolean swarm;

static const GOptionEntry entries[] = {
    {"seed", 0, 0, G_OPTION_ARG_STRING, &seed_text,
     N_("Seed of the run that fails; default: the file's"), "N"},
    {"faults", 0, 0, G_OPTION_ARG_STRING, &faults_text,
     N_("With the faults that the sweep drew for that seed: some, many or exam"), "MANY"},
    {"swarm", 0, 0, G_OPTION_ARG_NONE, &swarm, N_("The scenario that the swarm drew for that seed"),
     NULL},
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output_path,
     N_("Write the scenario to OUT, and not to the terminal"), "OUT"},
    {"candidates", 0, 0, G_OPTION_ARG_STRING, &candidates_text,
     N_("Try so many scenarios at most; default 20000"), "N"},
    {"time", 0, 0, G_OPTION_ARG_STRING, &time_text, N_("Take so long at most; default 2min"),
     "TIME"},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command       = "shrink",
    .arguments     = "FILE.yaml | --swarm",
    .summary       = N_("Makes the scenario of a failing run as small as it goes, while "
                              "the same fails."),
    .more          = N_("Exit status: 0 it failed, and is smaller now, 1 it failed, and "
                                 "nothing could be taken away, 2 it does not fail, or wrong use, "
                                 "3 the file is wrong."),
    .entries       = entries,
    .n_files_least = 0,
    .n_files_most  = 1,
};

typedef struct {
    int64_t began_us;
    int64_t told_us;
    int64_t time_us;
    bool in_workers; /* the run kills the program: each one is tried in a process of its own */
} Shrinking;

/* ---- runs ---- */

static void
run_text(void *user, const char *text, GmqTrial *trial)
{
    g_autoptr(GError) error         = NULL;
    g_autoptr(GmqScenario) scenario = gmq_scenario_parse("shrunk.yaml", text, strlen(text), &error);
    GmqRunOptions options           = {0};

    (void)user;
    if (scenario == NULL)
        gmq_trial_fail(trial, GMQ_TRIAL_UNREADABLE, error->message);
    else
        gmq_trial_run(trial, scenario, scenario->seed, &options);
}

static void
run_in_worker(void *user, uint64_t seed, GmqTrial *trial)
{
    (void)seed;
    run_text(NULL, user, trial);
}

/* A sweep of one seed, whose failure is all that is told. */
static void
run_apart(const char *text, GmqTrial *trial)
{
    GmqSweepPlan plan         = {.of = "it", .first = 1, .last = 1, .shard = 1, .n_shards = 1};
    g_autoptr(GmqSweep) sweep = gmq_sweep_new(&plan);
    GmqSweepJobs jobs         = {.try_seed     = run_in_worker,
                                 .user         = (void *)text,
                                 .n_jobs       = 1,
                                 .seed_time_us = CANDIDATE_TIME_US};

    gmq_sweep_run(sweep, &jobs);
    if (sweep->failures->len == 0)
        return;
    const GmqSweepFailure *failure = sweep->failures->pdata[0];
    gmq_trial_fail(trial, failure->what, failure->sentence);
    trial->event   = failure->event;
    trial->time_ns = failure->time_ns;
}

static void
try_text(void *user, const char *text, GmqTrial *trial)
{
    const Shrinking *shrinking = user;

    if (shrinking->in_workers)
        run_apart(text, trial);
    else
        run_text(NULL, text, trial);
}

/* Whether the run takes the program with it. */
static bool
is_deadly(const char *text)
{
    g_auto(GmqTrial) trial = {0};

    run_apart(text, &trial);
    return trial.what != NULL &&
           (strcmp(trial.what, GMQ_TRIAL_DIED) == 0 || strcmp(trial.what, GMQ_TRIAL_SLOW) == 0);
}

static volatile sig_atomic_t stop_wanted;

static void
on_signal(int number)
{
    (void)number;
    stop_wanted = 1;
}

static bool
go_on(void *user, const GmqShrinkProgress *progress)
{
    Shrinking *shrinking = user;
    int64_t now          = g_get_monotonic_time();

    if (isatty(STDERR_FILENO) && now - shrinking->told_us > PROGRESS_US) {
        shrinking->told_us = now;
        fprintf(stderr, "\r%" G_GUINT64_FORMAT " tried, %" G_GUINT64_FORMAT " parts left\033[K",
                (guint64)progress->n_candidates, (guint64)progress->n_parts);
    }
    return !stop_wanted && now - shrinking->began_us < shrinking->time_us;
}

/* ---- what is told ---- */

static int
write_result(const GmqShrinkResult *result)
{
    g_autoptr(GError) error = NULL;

    if (output_path == NULL) {
        fputs(result->text, stdout);
        return 0;
    }
    if (g_file_set_contents(output_path, result->text, -1, &error))
        return 0;
    fprintf(stderr, "glassmq shrink: cannot write %s: %s.\n", output_path, error->message);
    return GMQ_EXIT_USAGE;
}

/* To stderr when the scenario itself goes to stdout. */
static void
tell(const GmqShrinkResult *result)
{
    FILE *out = output_path == NULL ? stderr : stdout;

    g_autofree char *sentence = gmq_event_told(result->failure.sentence);
    fprintf(out, "%s\n", sentence);
    fprintf(out,
            P_("From %ju parts to %ju in %ju try%s.\n", "From %ju parts to %ju in %ju tries%s.\n",
               result->progress.n_candidates),
            (guint64)result->n_parts_before, (guint64)result->progress.n_parts,
            (guint64)result->progress.n_candidates,
            result->is_stopped ? _(", and stopped there: it may get smaller") : "");
    for (unsigned i = 0; i < result->others->len; i++)
        fprintf(out, "%s%s", i == 0 ? _("Other failures on the way: ") : ", ",
                (const char *)result->others->pdata[i]);
    if (result->others->len > 0)
        fputs(".\n", out);
}

static int
refuse_run(const GmqShrinkResult *result, const char *origin)
{
    if (result->failure.what == NULL)
        fprintf(stderr,
                _("glassmq shrink: %s does not fail. glassmq sweep looks for seeds that do.\n"),
                origin);
    else
        fprintf(stderr, _("glassmq shrink: %s fails in what cannot be made smaller: %s.\n"), origin,
                result->failure.sentence);
    return GMQ_EXIT_USAGE;
}

static int
shrink_text(const char *text, const char *origin, uint64_t seed, uint64_t candidates,
            int64_t time_us)
{
    g_auto(GmqShrinkResult) result = {0};
    struct sigaction stop          = {.sa_handler = on_signal};
    Shrinking shrinking            = {.time_us = time_us};

    shrinking.in_workers = is_deadly(text);
    shrinking.began_us   = g_get_monotonic_time();
    sigaction(SIGINT, &stop, NULL);
    gmq_shrink(&(GmqShrinkPlan){.text            = text,
                                .origin          = origin,
                                .seed            = seed,
                                .candidates_most = candidates,
                                .try_text        = try_text,
                                .go_on           = go_on,
                                .user            = &shrinking},
               &result);
    if (shrinking.told_us > 0)
        fputs("\r\033[K", stderr);
    if (result.text == NULL)
        return refuse_run(&result, origin);
    tell(&result);
    int status = write_result(&result);
    if (status != 0)
        return status;
    return result.progress.n_parts < result.n_parts_before ? 0 : 1;
}

/* ---- options ---- */

static int
shrink_source(GmqSeedSource *source, const char *path)
{
    uint64_t candidates = CANDIDATES_DEFAULT;
    int64_t time_ns     = TIME_DEFAULT_US * 1000;
    uint64_t seed       = source->scenario == NULL ? 1 : source->scenario->seed;

    if (!gmq_command_read_seed(&usage, "--seed", seed_text, &seed) ||
        !gmq_usage_number(&usage, "--candidates", candidates_text, 1, UINT64_MAX, &candidates))
        return GMQ_EXIT_USAGE;
    if (time_text != NULL && !gmq_read_duration(time_text, &time_ns))
        return gmq_usage_wrong(&usage, "--time takes a duration, as in 60s, not \"%s\"", time_text);
    source->faults = faults_text == NULL ? GMQ_FAULTS_NONE : gmq_faults_find_level(faults_text);
    if (source->faults == GMQ_N_FAULT_LEVELS)
        return gmq_usage_wrong(&usage, "--faults takes none, some, many or exam, not \"%s\"",
                               faults_text);

    g_autofree char *text   = gmq_seed_text(source, seed);
    g_autofree char *origin = g_strdup_printf("%s, seed %" G_GUINT64_FORMAT,
                                              path == NULL ? GMQ_SWEEP_SWARM : path, (guint64)seed);
    return shrink_text(text, origin, seed, candidates, time_ns / 1000);
}

static int
run(char **files)
{
    g_autoptr(GError) error         = NULL;
    g_autoptr(GmqScenario) scenario = NULL;
    GmqSeedSource source            = {0};

    if (swarm && (files[0] != NULL || seed_text == NULL))
        return gmq_usage_wrong(&usage, "--swarm takes a --seed, and no file");
    if (!swarm && files[0] == NULL)
        return gmq_usage_wrong(&usage, "it takes a scenario, or --swarm");
    if (!swarm) {
        scenario = gmq_scenario_load(files[0], &error);
        if (scenario == NULL)
            return gmq_load_refuse("shrink", files[0], error);
        source.scenario = scenario;
    }
    return shrink_source(&source, files[0]);
}

int
gmq_cmd_shrink(int argc, char **argv)
{
    char **const texts[] = {&seed_text, &faults_text, &output_path, &candidates_text, &time_text};
    g_auto(GStrv) files  = NULL;
    int status           = gmq_usage_parse(&usage, argc, argv, &files);

    if (status == GMQ_USAGE_GO_ON)
        status = run(files);
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_clear_pointer(texts[i], g_free);
    return status;
}
