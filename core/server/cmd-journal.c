#include "core/server/cmd-journal.h"

#include <stdio.h>
#include <string.h>

#include "core/base/nearest.h"
#include "core/base/options.h"
#include "core/server/journal-tool.h"

#define BODY_MAX 1024

static gboolean is_live_only;
static char *body_text;

static const GOptionEntry entries[] = {
    {"live", 0, 0, G_OPTION_ARG_NONE, &is_live_only,
     GMQ_USAGE_TEXT("Of dump: only what still counts, as it is now"), NULL},
    {"body", 0, 0, G_OPTION_ARG_STRING, &body_text,
     GMQ_USAGE_TEXT("Of dump: show at most so many bytes of each message's body (default 1024)"),
     "BYTES"},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command   = "journal",
    .arguments = "check|dump|salvage DIR [NEWDIR]",
    .summary   = GMQ_USAGE_TEXT(
          "Looks into the journal in the data directory of a broker that does not run."),
    .more = GMQ_USAGE_TEXT(
        "Commands:\n"
        "  check DIR           Say what is in it, where it is damaged, and whether a broker starts "
        "with "
        "it\n"
        "  dump DIR            Print its records as JSON, one a line\n"
        "  salvage DIR NEWDIR  Write what can be read of a damaged one into a new directory\n\n"
        "Nothing is ever written to DIR. A torn tail is no damage: the last batch was not "
        "complete when\nthe broker ended, nothing of it was confirmed, and the broker cuts it "
        "off.\n\n"
        "Exit status: 0 when the journal is sound or was salvaged, 1 when it is damaged or cannot "
        "be read,\n2 for wrong use."),
    .entries       = entries,
    .n_files_least = 2,
    .n_files_most  = 3,
};

static int
fail(const GError *error)
{
    g_assert(error != NULL);

    fprintf(stderr, "glassmq journal: %s.\n", error->message);
    return 1;
}

/* ---- commands ---- */

static int
run_check(char **paths, GError **error)
{
    return gmq_journal_check(paths[0], error);
}

static int
run_dump(char **paths, GError **error)
{
    uint64_t body_max = BODY_MAX;

    if (!gmq_usage_number(&usage, "--body", body_text, 0, UINT32_MAX, &body_max))
        return GMQ_EXIT_USAGE;
    return gmq_journal_dump(paths[0], is_live_only, body_max, error);
}

static int
run_salvage(char **paths, GError **error)
{
    return gmq_journal_salvage(paths[0], paths[1], error);
}

static const struct {
    const char *name;
    unsigned n_paths;
    const char *takes;
    bool has_options;
    int (*run)(char **paths, GError **error);
} commands[] = {
    {"check", 1, "DIR", false, run_check},
    {"dump", 1, "DIR", true, run_dump},
    {"salvage", 2, "DIR NEWDIR", false, run_salvage},
};

static int
refuse_command(const char *name)
{
    const char *names[G_N_ELEMENTS(commands)];

    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        names[i] = commands[i].name;
    const char *nearest = gmq_nearest(name, names, G_N_ELEMENTS(names));
    if (nearest == NULL)
        return gmq_usage_wrong(&usage, "there is no command %s", name);
    return gmq_usage_wrong(&usage, "there is no command %s. Did you mean %s?", name, nearest);
}

static int
run(char **words)
{
    g_autoptr(GError) error = NULL;
    size_t i                = 0;

    while (i < G_N_ELEMENTS(commands) && strcmp(commands[i].name, words[0]) != 0)
        i++;
    if (i == G_N_ELEMENTS(commands))
        return refuse_command(words[0]);
    if (g_strv_length(words + 1) != commands[i].n_paths)
        return gmq_usage_wrong(&usage, "%s takes %s", commands[i].name, commands[i].takes);
    if (!commands[i].has_options && (is_live_only || body_text != NULL))
        return gmq_usage_wrong(&usage, "%s has no option %s", commands[i].name,
                               is_live_only ? "--live" : "--body");
    int status = commands[i].run(words + 1, &error);
    return status < 0 ? fail(error) : status;
}

int
gmq_cmd_journal(int argc, char **argv)
{
    g_auto(GStrv) words = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &words);

    if (status == GMQ_USAGE_GO_ON)
        status = run(words);
    is_live_only = FALSE;
    g_clear_pointer(&body_text, g_free);
    return status;
}
