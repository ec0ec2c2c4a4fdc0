#include "sim/cmd-lint.h"

#include <stdio.h>

#include "sim/cmd-shared.h"
#include "sim/language.h"
#include "sim/lint.h"
#include "sim/load.h"
#include "sim/schema.h"

static gboolean schema;

static const GOptionEntry entries[] = {
    {"schema", 0, 0, G_OPTION_ARG_NONE, &schema,
     N_("Print a JSON Schema of scenario files, for editors, and leave"), NULL},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command       = "lint",
    .arguments     = "FILE.yaml...",
    .summary       = N_("Checks scenario files without running them: every error with "
                              "its line, and what is allowed\n"
                              "but looks odd."),
    .more          = N_("Examples:\n"
                                 "  glassmq lint scenarios/*.yaml\n"
                                 "  glassmq lint --schema > scenario.schema.json\n\n"
                                 "Exit status: 0 all files are right, 2 wrong use, 3 one of them "
                                 "is wrong."),
    .entries       = entries,
    .n_files_least = 0,
    .n_files_most  = G_MAXUINT,
};

static int
lint_file(const char *path)
{
    g_autoptr(GError) error         = NULL;
    g_autoptr(GString) out          = g_string_new(NULL);
    g_autoptr(GmqScenario) scenario = gmq_scenario_load(path, &error);

    if (scenario == NULL)
        return gmq_load_refuse("lint", path, error);
    if (gmq_lint_add(scenario, out) == 0)
        g_string_append_printf(out, _("%s: fine.\n"), path);
    gmq_command_flush(out);
    return 0;
}

static int
print_schema(void)
{
    g_autoptr(GString) out = g_string_new(NULL);

    gmq_schema_add(out);
    gmq_command_flush(out);
    return 0;
}

static int
lint(char **files)
{
    int worst = 0;

    if (schema)
        return print_schema();
    if (files[0] == NULL)
        return gmq_usage_wrong(&usage, "it needs a FILE.yaml");
    for (unsigned i = 0; files[i] != NULL; i++) {
        int status = lint_file(files[i]);
        worst      = MAX(worst, status);
    }
    return worst;
}

int
gmq_cmd_lint(int argc, char **argv)
{
    g_auto(GStrv) files = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &files);

    if (status == GMQ_USAGE_GO_ON)
        status = lint(files);
    schema = FALSE;
    return status;
}
