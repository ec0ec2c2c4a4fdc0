#include "sim/cmd-replay.h"

#include <stdio.h>

#include "sim/cmd-shared.h"
#include "sim/compare.h"
#include "sim/language.h"
#include "sim/load.h"
#include "sim/recording-file.h"
#include "sim/replay-recording.h"
#include "sim/world.h"

#define EXIT_ANOTHER_RUN 1

static char *trace_path;
static gboolean quiet;

static const GOptionEntry entries[] = {
    {"trace", 0, 0, G_OPTION_ARG_FILENAME, &trace_path,
     N_("Of a recording: write a line for each event to FILE"), "FILE"},
    {"quiet", 0, 0, G_OPTION_ARG_NONE, &quiet,
     N_("Of a recording: tell the outcome and not the story"), NULL},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command       = "replay",
    .arguments     = "FILE",
    .summary       = N_("Does again what a file holds, and compares.\n"
                              "A trace, as glassmq run FILE.yaml --trace TRACE writes one: runs "
                              "the scenario in it again, with\n"
                              "its seed, and compares every event.\n"
                              "A recording, as glassmq serve --record RECORDING writes one: tells "
                              "the broker the same inputs\n"
                              "again on virtual time, tells its story, "
                              "and compares the fingerprint of that."),
    .more          = N_("Examples:\n"
                                 "  glassmq replay run.trace\n"
                                 "  glassmq replay incident.rec --trace incident.trace\n"
                                 "  glassmq view incident.trace\n\n"
                                 "Exit status: 0 the same run, 1 another one, 2 wrong use, 3 the "
                                 "file is wrong."),
    .entries       = entries,
    .n_files_least = 1,
    .n_files_most  = 1,
};

/* Runs until an event is not that of the trace, or until the end. */
static GmqTrace *
run_again(const GmqTrace *trace, const GmqScenario *scenario)
{
    const GmqTraceInfo *info  = gmq_trace_info(trace);
    g_autoptr(GmqWorld) world = gmq_world_new_with(
        scenario, info->seed, &(GmqRunOptions){.ties = info->ties, .level = info->level});

    while (gmq_world_step(world))
        continue;
    return gmq_world_take_trace(world);
}

static void
tell_same(const GmqTrace *trace, GString *out)
{
    const GmqTraceInfo *info = gmq_trace_info(trace);

    g_string_append_printf(out,
                           _("The same run: %s, seed %ju, %zu events, fingerprint "
                             "%016jx, story %016jx.\n"
                             "Verdict: %s\n"),
                           info->scenario, (guint64)info->seed, gmq_trace_length(trace),
                           info->fingerprint, info->story, info->verdict);
}

/* Scenario, seed and ties are those of the trace: what remains is the program. */
static void
tell_difference(const GmqTrace *trace, const GmqTrace *again, uint64_t number, GString *out)
{
    g_string_append_printf(out, _("Another run: it parts at event %ju of %zu.\n"), (guint64)number,
                           gmq_trace_length(trace));
    gmq_compare_tell_events(trace, _("The trace"), again, _("This run"), number, out);
    if (gmq_compare_tell_starts(gmq_trace_info(trace), _("the trace"), gmq_trace_info(again),
                                _("this run"), out) == 0)
        g_string_append(out,
                        _("Scenario, seed and version are the same, so the program has changed "
                          "since, or the run is not repeatable: see glassmq run --check.\n"));
    gmq_compare_tell_outcomes(trace, _("the trace"), again, _("this run"), out);
}

static int
replay_trace(const char *path)
{
    g_autoptr(GError) error   = NULL;
    g_autoptr(GString) out    = g_string_new(NULL);
    g_autoptr(GmqTrace) trace = gmq_trace_load(path, &error);

    if (trace == NULL)
        return gmq_load_refuse("replay", path, error);

    const GmqTraceInfo *info = gmq_trace_info(trace);
    if (info->text[0] == '\0') {
        fprintf(stderr,
                _("glassmq replay: %s tells what a real broker did, and has no scenario to run "
                  "again: replay the recording that it was made from.\n"),
                path);
        return GMQ_EXIT_FILE;
    }
    g_autofree char *name = g_strconcat(path, _(", the scenario in it"), NULL);
    g_autoptr(GmqScenario) scenario =
        gmq_scenario_parse(name, info->text, strlen(info->text), &error);
    if (scenario == NULL)
        return gmq_load_refuse("replay", path, error);

    g_autoptr(GmqTrace) again = run_again(trace, scenario);
    uint64_t number           = gmq_compare_traces(trace, again, GMQ_COMPARE_ALL, 1);
    if (number == 0)
        tell_same(trace, out);
    else
        tell_difference(trace, again, number, out);
    gmq_command_flush(out);
    return number == 0 ? 0 : EXIT_ANOTHER_RUN;
}

static int
replay(const char *path)
{
    if (gmq_recording_file_is_one(path))
        return gmq_replay_recording(path, trace_path, quiet);
    if (trace_path != NULL || quiet) {
        gmq_usage_wrong(&usage, "--trace and --quiet are for recordings, and %s is none", path);
        return GMQ_EXIT_USAGE;
    }
    return replay_trace(path);
}

int
gmq_cmd_replay(int argc, char **argv)
{
    g_auto(GStrv) files = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &files);

    if (status == GMQ_USAGE_GO_ON)
        status = replay(files[0]);
    g_clear_pointer(&trace_path, g_free);
    quiet = FALSE;
    return status;
}
