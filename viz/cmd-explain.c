#include "viz/cmd-explain.h"

#include "sim/cmd-shared.h"
#include "sim/explain.h"
#include "sim/language.h"
#include "sim/load.h"
#include "viz/moment.h"
#include "viz/tell.h"

static char *at_text;
static char *seed_text;

static const GOptionEntry entries[] = {
    {"at", 0, 0, G_OPTION_ARG_STRING, &at_text,
     N_("Run it, and tell what is there at that moment: an event's number, a time such as 1.5s, or "
        "end"),
     "MOMENT"},
    {"seed", 0, 0, G_OPTION_ARG_STRING, &seed_text,
     N_("With --at: run the scenario with that seed instead of its own"), "N"},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command       = "explain",
    .arguments     = "FILE.yaml|TRACE",
    .summary       = N_("Tells in sentences what a scenario says: what there is, who "
                              "does what, what happens\n"
                              "and what must be so at the end. With --at it tells what the "
                              "view and the graph show at that\n"
                              "moment of the run; only that can be told of a trace."),
    .more          = N_("Examples:\n"
                                 "  glassmq explain scenarios/06-worker-dies.yaml\n"
                                 "  glassmq explain scenarios/06-worker-dies.yaml --at 1.5s\n\n"
                                 "Exit status: 0 done, 2 wrong use, 3 the file is wrong."),
    .entries       = entries,
    .n_files_least = 1,
    .n_files_most  = 1,
};

static void
forget_options(void)
{
    g_clear_pointer(&at_text, g_free);
    g_clear_pointer(&seed_text, g_free);
}

static int
explain(const char *path)
{
    g_autoptr(GError) error         = NULL;
    g_autoptr(GString) out          = g_string_new(NULL);
    g_autoptr(GmqScenario) scenario = gmq_scenario_load(path, &error);

    if (scenario == NULL)
        return gmq_load_refuse("explain", path, error);
    gmq_explain_add(scenario, out);
    gmq_command_flush(out);
    return 0;
}

static int
explain_moment(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) out  = g_string_new(NULL);
    uint64_t seed           = 0;
    uint64_t event          = 0;

    if (!gmq_command_read_seed(&usage, "--seed", seed_text, &seed))
        return GMQ_EXIT_USAGE;
    g_autoptr(GmqTrace) trace = gmq_load_run(path, seed_text != NULL ? &seed : NULL, &error);
    if (trace == NULL)
        return gmq_load_refuse("explain", path, error);
    if (!gmq_moment_read(trace, at_text, &event, &error))
        return gmq_usage_wrong(&usage, "--at: %s", error->message);

    g_autoptr(GmqStage) stage     = gmq_stage_new(trace);
    g_autoptr(GmqPicture) picture = gmq_picture_at(trace, event);
    gmq_tell_picture(stage, picture, out);
    gmq_command_flush(out);
    return 0;
}

int
gmq_cmd_explain(int argc, char **argv)
{
    g_auto(GStrv) files = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &files);

    if (status == GMQ_USAGE_GO_ON && at_text == NULL && seed_text != NULL)
        status = gmq_usage_wrong(&usage, "--seed goes with --at: without it nothing is run");
    if (status == GMQ_USAGE_GO_ON)
        status = at_text != NULL ? explain_moment(files[0]) : explain(files[0]);
    forget_options();
    return status;
}
