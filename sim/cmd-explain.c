#include "sim/cmd-explain.h"

#include "sim/cmd-shared.h"
#include "sim/explain.h"
#include "sim/load.h"

static const GOptionEntry entries[] = {
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command       = "explain",
    .arguments     = "FILE.yaml",
    .summary       = "Tells in sentences what a scenario says: what there is, who does what, what "
                     "happens\nand what must be so at the end. Nothing is run.",
    .more          = "Example:\n"
                     "  glassmq explain scenarios/06-worker-dies.yaml\n\n"
                     "Exit status: 0 done, 2 wrong use, 3 the file is wrong.",
    .entries       = entries,
    .n_files_least = 1,
    .n_files_most  = 1,
};

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

int
gmq_cmd_explain(int argc, char **argv)
{
    g_auto(GStrv) files = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &files);

    return status == GMQ_USAGE_GO_ON ? explain(files[0]) : status;
}
