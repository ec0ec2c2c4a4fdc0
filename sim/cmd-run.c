#include "sim/cmd-run.h"

#include <stdio.h>
#include <string.h>

#include "sim/biography.h"
#include "sim/client-story.h"
#include "sim/cmd-shared.h"
#include "sim/faults.h"
#include "sim/language.h"
#include "sim/load.h"
#include "sim/lockstep.h"
#include "sim/real-signals.h"
#include "sim/report.h"
#include "sim/story.h"

static char *seed_text;
static char *trace_path;
static char *ties_text;
static char *faults_text;
static char *level_text;
static char *message_name;
static char *broker_text;
static char *story_path;
static gboolean take_over;
static gboolean check;
static gboolean quiet;

static const GOptionEntry entries[] = {
    {"seed", 0, 0, G_OPTION_ARG_STRING, &seed_text,
     N_("Seed of all random streams: decimal, 0x and hex, or a commit; default: the file's"), "N"},
    {"trace", 0, 0, G_OPTION_ARG_FILENAME, &trace_path,
     N_("Write every event to FILE as JSON lines"), "FILE"},
    {"ties", 0, 0, G_OPTION_ARG_STRING, &ties_text,
     N_("The order of what happens at the same time: \"random\" draws it; default: the file's"),
     "ORDER"},
    {"faults", 0, 0, G_OPTION_ARG_STRING, &faults_text,
     N_("Draw faults by the seed, besides those of the file, and ask only what always must be so: "
        "none, some or many; exam: some, and all that the file expects counts"),
     "MANY"},
    {"level", 0, 0, G_OPTION_ARG_STRING, &level_text,
     N_("What is told and traced: \"story\" (default), \"frames\" too, or all of the \"net\""),
     "LEVEL"},
    {"message", 0, 0, G_OPTION_ARG_STRING, &message_name,
     N_("Tell the whole life of one message, with the reasons, instead of the story"), "NAME"},
    {"broker", 0, 0, G_OPTION_ARG_STRING, &broker_text,
     N_("Play it on the real clock against the broker at "
        "amqp://[USER:PASSWORD@]HOST[:PORT][/VHOST]"),
     "URL"},
    {"take-over", 0, 0, G_OPTION_ARG_NONE, &take_over,
     N_("With --broker: queues of the scenario's names go, with whatever is in them"), NULL},
    {"story", 0, 0, G_OPTION_ARG_FILENAME, &story_path,
     N_("Write what each client saw to FILE, to compare it with other brokers"), "FILE"},
    {"check", 0, 0, G_OPTION_ARG_NONE, &check,
     N_("Run twice side by side, and stop where the runs differ"), NULL},
    {"quiet", 0, 0, G_OPTION_ARG_NONE, &quiet, N_("Tell the outcome and not the story"), NULL},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command       = "run",
    .arguments     = "FILE.yaml",
    .summary       = N_("Runs a scenario on virtual time and tells its story."),
    .more          = N_("Exit status: 0 all expectations held, 1 something broke, 2 "
                                 "undecided or wrong use, 3 the file is wrong."),
    .entries       = entries,
    .n_files_least = 1,
    .n_files_most  = 1,
};

/* Tells the event of that number, behind what passed on the wires before it. */
static void
tell_event(GmqStory *story, const GmqTrace *trace, uint64_t number, size_t *wire, GString *out)
{
    while (*wire < gmq_trace_wire_length(trace) && gmq_trace_wire(trace, *wire)->after < number)
        gmq_story_add_wire(story, gmq_trace_wire(trace, (*wire)++), out);
    if (number <= gmq_trace_length(trace))
        gmq_story_add(story, gmq_trace_event(trace, number), out);
}

/* A run, of which only one of the two is stepped: the world itself, or what plays it elsewhere. */
typedef struct {
    GmqWorld *world;
    GmqReal *real; /* NULL without --broker */
} Run;

static bool
step(const Run *run)
{
    return run->real == NULL ? gmq_world_step(run->world) : gmq_real_step(run->real);
}

/* On the real clock people wait for each word. */
static void
flush_some(const Run *run, GString *out)
{
    if (run->real == NULL && out->len <= 4096)
        return;
    gmq_command_flush(out);
    if (run->real != NULL)
        fflush(stdout);
}

/* Steps the run to its end and tells each event when it has happened. */
static void
tell(const Run *run, const GmqScenario *scenario, GString *out)
{
    g_autoptr(GmqStory) story = gmq_story_new(gmq_command_is_ascii());
    const GmqTrace *trace     = gmq_world_trace(run->world);
    uint64_t next             = 1;
    size_t wire               = 0;
    bool is_on                = true;

    gmq_story_open(story, scenario, out);
    while (is_on) {
        is_on = step(run);
        while (next <= gmq_trace_length(trace))
            tell_event(story, trace, next++, &wire, out);
        flush_some(run, out);
    }
    tell_event(story, trace, UINT64_MAX, &wire, out);
    gmq_story_close(story, out);
    g_string_append_c(out, '\n');
}

static int
save(const GmqTrace *trace, int status)
{
    g_autoptr(GError) error = NULL;
    const char *path        = trace_path;

    if (path == NULL || gmq_trace_save(trace, path, &error)) {
        path = story_path;
        if (path == NULL || gmq_client_story_save(trace, path, &error))
            return status;
    }
    fprintf(stderr, _("glassmq run: cannot write %s: %s.\n"), path, error->message);
    return GMQ_EXIT_USAGE;
}

/* The life of the message that was asked for; false after a sentence on stderr. */
static bool
add_life(const GmqWorld *world, GString *out)
{
    g_autoptr(GString) names = g_string_new(NULL);

    if (gmq_biography_add(gmq_world_trace(world), message_name, out))
        return true;
    gmq_biography_add_names(gmq_world_trace(world), names);
    gmq_usage_wrong(&usage, "nobody sent a message %s in this run; there are %s, and so on",
                    message_name, names->len == 0 ? _("none") : names->str);
    return false;
}

/* Plays the run to its end, tells it, and returns the exit status. */
static int
play(const Run *run, const GmqScenario *scenario)
{
    g_autoptr(GString) out = g_string_new(NULL);

    if (quiet || message_name != NULL) {
        while (step(run))
            continue;
    } else {
        tell(run, scenario, out);
    }
    if (message_name != NULL && !add_life(run->world, out))
        return GMQ_EXIT_USAGE;
    if (message_name == NULL)
        gmq_report_add(run->world, scenario, gmq_command_is_ascii(), out);
    gmq_command_flush(out);
    return save(gmq_world_trace(run->world), (int)gmq_world_verdict(run->world));
}

static int
run_once(const GmqScenario *scenario, uint64_t seed, const GmqRunOptions *options)
{
    g_autoptr(GmqWorld) world = gmq_world_new_with(scenario, seed, options);

    return play(&(Run){.world = world}, scenario);
}

/* ---- against a broker somewhere else ---- */

/* What is not known because it was ended too early, or nobody could look, is not decided. */
static int
tell_trouble(GmqReal *real, int status)
{
    const char *trouble = gmq_real_trouble(real);

    if (gmq_real_signals_came())
        fprintf(stderr, _("glassmq run: interrupted; what was declared is deleted.\n"));
    if (trouble != NULL)
        fprintf(stderr, "glassmq run: %s.\n", trouble);
    if (status == GMQ_VERDICT_HELD && (gmq_real_signals_came() || trouble != NULL))
        return GMQ_VERDICT_UNDECIDED;
    return status;
}

/* A program that did not end well may have said why. */
static void
tell_program(const GmqReal *real)
{
    const GmqProgramRecord *program = gmq_real_program(real);

    if (program->has_ended && program->status != 0 && program->words->len > 0)
        fprintf(stderr, _("glassmq run: the last that the program wrote:\n%s"),
                program->words->str);
}

static int
refuse_broker(const GError *error)
{
    if (error->code == GMQ_REMOTE_ERROR_IMPOSSIBLE) {
        fprintf(stderr, "%s\n", error->message);
        return GMQ_EXIT_FILE;
    }
    fprintf(stderr, "glassmq run: %s.\n", error->message);
    return GMQ_EXIT_USAGE;
}

static int
run_elsewhere(const GmqScenario *scenario, uint64_t seed, const GmqRunOptions *options)
{
    g_autoptr(GError) error     = NULL;
    g_autoptr(GmqBrokerUrl) url = gmq_broker_url_read(broker_text, &error);
    g_autoptr(GmqReal) real     = NULL;
    GmqRealOptions how          = {.url = url, .is_taking_over = take_over, .run = options};

    if (url != NULL)
        real = gmq_real_new(scenario, seed, &how, &error);
    if (real == NULL)
        return refuse_broker(error);
    gmq_real_signals_catch(real);
    int status = play(&(Run){.world = gmq_real_world(real), .real = real}, scenario);
    gmq_real_signals_release();
    tell_program(real);
    return tell_trouble(real, status);
}

/* ---- all ---- */

static int
run_twice(const GmqScenario *scenario, uint64_t seed, const GmqRunOptions *options)
{
    g_autoptr(GmqWorld) one      = gmq_world_new_with(scenario, seed, options);
    g_autoptr(GmqWorld) other    = gmq_world_new_with(scenario, seed, options);
    g_autofree char *differences = gmq_lockstep(one, other);

    if (differences != NULL) {
        fputs(differences, stdout);
        return GMQ_VERDICT_BROKEN;
    }

    const GmqTraceInfo *info = gmq_trace_info(gmq_world_trace(one));
    printf(_("Both runs are the same: %zu events, fingerprint %016jx.\n"),
           gmq_trace_length(gmq_world_trace(one)), info->fingerprint);
    printf(_("Verdict: %s\n"), _(info->verdict));
    return save(gmq_world_trace(one), (int)gmq_world_verdict(one));
}

/* Reads the options that say how a run is done; false after a sentence on stderr. */
static bool
read_options(GmqRunOptions *options)
{
    if (ties_text != NULL && strcmp(ties_text, "random") != 0) {
        gmq_usage_wrong(&usage, "--ties takes \"random\", not \"%s\"", ties_text);
        return false;
    }
    if (level_text != NULL && !gmq_level_find(level_text, &options->level)) {
        gmq_usage_wrong(&usage, "--level takes \"story\", \"frames\" or \"net\", not \"%s\"",
                        level_text);
        return false;
    }
    if (check && broker_text != NULL) {
        gmq_usage_wrong(&usage, "--check runs twice on virtual time, and --broker once on the real "
                                "clock: give one of the two");
        return false;
    }
    if (take_over && broker_text == NULL) {
        gmq_usage_wrong(&usage, "--take-over says something about a --broker");
        return false;
    }
    options->ties = ties_text == NULL ? GMQ_TIES_FILE : GMQ_TIES_RANDOM;
    return true;
}

/* The scenario with the faults of --faults, which the caller frees. NULL with an error. */
static GmqScenario *
load_scenario(const char *path, GmqFaultLevel faults, uint64_t *seed, GError **error)
{
    g_autoptr(GmqScenario) scenario = gmq_scenario_load(path, error);

    if (scenario == NULL)
        return NULL;
    if (seed_text == NULL)
        *seed = scenario->seed;
    if (faults == GMQ_FAULTS_NONE)
        return g_steal_pointer(&scenario);
    g_autofree char *text = gmq_faults_text(scenario, *seed, faults);
    return gmq_scenario_parse(path, text, strlen(text), error);
}

static int
run_file(const char *path)
{
    g_autoptr(GError) error         = NULL;
    g_autoptr(GmqScenario) scenario = NULL;
    GmqRunOptions options           = {0};
    GmqFaultLevel faults            = GMQ_FAULTS_NONE;
    uint64_t seed                   = 0;

    if (!gmq_command_read_seed(&usage, "--seed", seed_text, &seed) || !read_options(&options))
        return GMQ_EXIT_USAGE;
    if (faults_text != NULL)
        faults = gmq_faults_find_level(faults_text);
    if (faults == GMQ_N_FAULT_LEVELS)
        return gmq_usage_wrong(&usage, "--faults takes none, some, many or exam, not \"%s\"",
                               faults_text);
    scenario = load_scenario(path, faults, &seed, &error);
    if (scenario == NULL)
        return gmq_load_refuse("run", path, error);
    if (broker_text != NULL)
        return run_elsewhere(scenario, seed, &options);
    return check ? run_twice(scenario, seed, &options) : run_once(scenario, seed, &options);
}

int
gmq_cmd_run(int argc, char **argv)
{
    g_auto(GStrv) files = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &files);

    if (status == GMQ_USAGE_GO_ON)
        status = run_file(files[0]);
    g_clear_pointer(&seed_text, g_free);
    g_clear_pointer(&ties_text, g_free);
    g_clear_pointer(&faults_text, g_free);
    g_clear_pointer(&level_text, g_free);
    g_clear_pointer(&message_name, g_free);
    g_clear_pointer(&trace_path, g_free);
    g_clear_pointer(&broker_text, g_free);
    g_clear_pointer(&story_path, g_free);
    return status;
}
