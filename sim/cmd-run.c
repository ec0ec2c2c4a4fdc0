#include "sim/cmd-run.h"

#include <stdio.h>

#include "core/base/options.h"
#include "sim/lockstep.h"
#include "sim/report.h"
#include "sim/story.h"
#include "sim/units.h"

/* The file is wrong, or cannot be read. */
#define EXIT_WRONG_FILE 3

static char *seed_text;
static char *trace_path;
static gboolean check;
static gboolean quiet;

static const GOptionEntry entries[] = {
    {"seed", 0, 0, G_OPTION_ARG_STRING, &seed_text,
     "Seed of all random streams: decimal, 0x and hex, or a commit; default: the file's", "N"},
    {"trace", 0, 0, G_OPTION_ARG_FILENAME, &trace_path, "Write every event to FILE as JSON lines",
     "FILE"},
    {"check", 0, 0, G_OPTION_ARG_NONE, &check,
     "Run twice side by side, and stop where the runs differ", NULL},
    {"quiet", 0, 0, G_OPTION_ARG_NONE, &quiet, "Tell the outcome and not the story", NULL},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command   = "run",
    .arguments = "FILE.yaml",
    .summary   = "Runs a scenario on virtual time and tells its story.",
    .more      = "Exit status: 0 all expectations held, 1 something broke, 2 undecided or wrong "
                 "use, 3 the file is wrong.",
    .entries   = entries,
    .n_files_least = 1,
    .n_files_most  = 1,
};

/* Whether the terminal takes more than ASCII, as far as the environment says. */
static bool
is_ascii(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *value = g_getenv(names[i]);

        if (value == NULL || *value == '\0')
            continue;
        g_autofree char *lower = g_ascii_strdown(value, -1);
        return strstr(lower, "utf-8") == NULL && strstr(lower, "utf8") == NULL;
    }
    return true;
}

static void
flush(GString *out)
{
    fwrite(out->str, 1, out->len, stdout);
    g_string_truncate(out, 0);
}

/* Steps the world to its end and tells each event when it has happened. */
static void
tell(GmqWorld *world, const GmqScenario *scenario, GString *out)
{
    g_autoptr(GmqStory) story = gmq_story_new(is_ascii());
    uint64_t told             = 0;
    bool is_on                = true;

    gmq_story_open(story, scenario, out);
    while (is_on) {
        is_on = gmq_world_step(world);
        for (; told < gmq_trace_length(gmq_world_trace(world)); told++)
            gmq_story_add(story, gmq_trace_event(gmq_world_trace(world), told + 1), out);
        if (out->len > 4096)
            flush(out);
    }
    gmq_story_close(story, out);
    g_string_append_c(out, '\n');
}

static int
save_trace(const GmqTrace *trace, int status)
{
    g_autoptr(GError) error = NULL;

    if (trace_path == NULL || gmq_trace_save(trace, trace_path, &error))
        return status;
    fprintf(stderr, "glassmq run: cannot write %s: %s.\n", trace_path, error->message);
    return GMQ_EXIT_USAGE;
}

static int
run_once(const GmqScenario *scenario, uint64_t seed)
{
    g_autoptr(GmqWorld) world = gmq_world_new(scenario, seed);
    g_autoptr(GString) out    = g_string_new(NULL);

    if (quiet) {
        while (gmq_world_step(world))
            continue;
    } else {
        tell(world, scenario, out);
    }
    gmq_report_add(world, scenario, is_ascii(), out);
    flush(out);
    return save_trace(gmq_world_trace(world), (int)gmq_world_verdict(world));
}

static int
run_twice(const GmqScenario *scenario, uint64_t seed)
{
    g_autoptr(GmqWorld) one      = gmq_world_new(scenario, seed);
    g_autoptr(GmqWorld) other    = gmq_world_new(scenario, seed);
    g_autofree char *differences = gmq_lockstep(one, other);

    if (differences != NULL) {
        fputs(differences, stdout);
        return GMQ_VERDICT_BROKEN;
    }

    const GmqTraceInfo *info = gmq_trace_info(gmq_world_trace(one));
    printf("Both runs are the same: %zu events, fingerprint %016" G_GINT64_MODIFIER "x.\n",
           gmq_trace_length(gmq_world_trace(one)), info->fingerprint);
    printf("Verdict: %s\n", info->verdict);
    return save_trace(gmq_world_trace(one), (int)gmq_world_verdict(one));
}

static int
refuse_file(const char *path, const GError *error)
{
    if (error->domain == GMQ_SCENARIO_ERROR)
        fprintf(stderr, "%s\n", error->message);
    else
        fprintf(stderr, "glassmq run: cannot read %s: %s.\n", path, error->message);
    return EXIT_WRONG_FILE;
}

static int
run_file(const char *path)
{
    g_autoptr(GError) error         = NULL;
    g_autoptr(GmqScenario) scenario = NULL;
    uint64_t seed                   = 0;

    if (seed_text != NULL && !gmq_read_seed(seed_text, &seed))
        return gmq_usage_wrong(&usage,
                               "--seed takes a whole number, 0x and hex digits, or the 40 digits "
                               "of a commit, not \"%s\"",
                               seed_text);
    scenario = gmq_scenario_load(path, &error);
    if (scenario == NULL)
        return refuse_file(path, error);
    if (seed_text == NULL)
        seed = scenario->seed;
    return check ? run_twice(scenario, seed) : run_once(scenario, seed);
}

int
gmq_cmd_run(int argc, char **argv)
{
    g_auto(GStrv) files = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &files);

    if (status == GMQ_USAGE_GO_ON)
        status = run_file(files[0]);
    g_clear_pointer(&seed_text, g_free);
    g_clear_pointer(&trace_path, g_free);
    return status;
}
