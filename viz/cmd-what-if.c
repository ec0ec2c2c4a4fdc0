#include "viz/cmd-what-if.h"

#include <stdlib.h>

#include "sim/cmd-shared.h"
#include "sim/language.h"
#include "sim/load.h"
#include "sim/what-if.h"
#include "viz/moment.h"

static char *at_text;
static char *seed_text;
static char *wanted;
static char *output;

static const GOptionEntry entries[] = {
    {"at", 0, 0, G_OPTION_ARG_STRING, &at_text,
     N_("What could have gone otherwise there: an event's number, or a time such as 1.5s"),
     "MOMENT"},
    {"do", 0, 0, G_OPTION_ARG_STRING, &wanted,
     N_("Let this happen, one of the words that are listed without it: drop, crash:w1"), "WORD"},
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
     N_("With --do: write the scenario in which it happens there"), "FILE"},
    {"seed", 0, 0, G_OPTION_ARG_STRING, &seed_text,
     N_("Run the scenario with that seed instead of its own"), "N"},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command       = "what-if",
    .arguments     = "FILE.yaml|TRACE",
    .summary       = N_("Runs a scenario again with one thing that goes otherwise at an "
                              "event: a step on the wire is\n"
                              "lost, late or done twice, somebody crashes, freezes or is cut "
                              "off. Shows where the runs\n"
                              "part, and both outcomes. Without --do it lists what could "
                              "happen at that event."),
    .more          = N_("Examples:\n"
                                 "  glassmq what-if scenarios/06-worker-dies.yaml --at 32\n"
                                 "  glassmq what-if scenarios/06-worker-dies.yaml --at 32 --do "
                                 "crash:broker\n\n"
                                 "Exit status: 0 done, 1 the scenario could not be written, 2 "
                                 "wrong use, 3 the file is wrong."),
    .entries       = entries,
    .n_files_least = 1,
    .n_files_most  = 1,
};

static void
forget_options(void)
{
    g_clear_pointer(&at_text, g_free);
    g_clear_pointer(&seed_text, g_free);
    g_clear_pointer(&wanted, g_free);
    g_clear_pointer(&output, g_free);
}

static void
list_offers(const GPtrArray *offers, GString *out)
{
    for (unsigned i = 0; i < offers->len; i++) {
        const GmqWhatIf *what = offers->pdata[i];
        g_string_append_printf(out, "%-16s %s\n", what->word, what->words);
    }
    gmq_command_flush(out);
}

static int
refuse(const GError *error)
{
    g_printerr("glassmq what-if: %s.\n", error->message);
    return GMQ_EXIT_FILE;
}

static int
save(const GmqTrace *trace, const GmqWhatIf *what)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text   = gmq_what_if_text(trace, what, &error);

    if (text == NULL)
        return refuse(error);
    return gmq_command_write(&usage, output, text);
}

static int
run(const GmqTrace *trace, const GmqWhatIf *what)
{
    g_autoptr(GError) error   = NULL;
    g_autoptr(GString) out    = g_string_new(NULL);
    g_autoptr(GmqTrace) other = gmq_what_if_run(trace, what, &error);

    if (other == NULL)
        return refuse(error);
    g_string_append_printf(out, _("What if %s?\n\n"), what->words);
    gmq_what_if_tell(trace, other, out);
    gmq_command_flush(out);
    return output != NULL ? save(trace, what) : EXIT_SUCCESS;
}

static int
what_if(const GmqTrace *trace)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) out  = g_string_new(NULL);
    uint64_t event          = 0;

    if (!gmq_moment_read(trace, at_text, &event, &error))
        return gmq_usage_wrong(&usage, "--at: %s", error->message);
    if (event == 0)
        return gmq_usage_wrong(&usage, "nothing has happened yet at %s", at_text);

    g_autoptr(GPtrArray) offers = gmq_what_if_offers(trace, event);
    if (offers->len == 0) {
        g_printerr(_("glassmq what-if: the trace holds no scenario that can be run again.\n"));
        return GMQ_EXIT_FILE;
    }
    if (wanted == NULL) {
        list_offers(offers, out);
        return EXIT_SUCCESS;
    }
    const GmqWhatIf *what = gmq_what_if_find(offers, wanted);
    if (what == NULL)
        return gmq_usage_wrong(
            &usage,
            "\"%s\" is nothing that could happen at event %ju; without --do it is "
            "told what could",
            wanted, event);
    return run(trace, what);
}

static int
what_if_file(const char *path)
{
    g_autoptr(GError) error = NULL;
    uint64_t seed           = 0;

    if (!gmq_command_read_seed(&usage, "--seed", seed_text, &seed))
        return GMQ_EXIT_USAGE;
    if (at_text == NULL)
        return gmq_usage_wrong(&usage, "--at must say at which event");
    if (output != NULL && wanted == NULL)
        return gmq_usage_wrong(&usage, "-o goes with --do");

    g_autoptr(GmqTrace) trace = gmq_load_run(path, seed_text != NULL ? &seed : NULL, &error);
    return trace == NULL ? gmq_load_refuse("what-if", path, error) : what_if(trace);
}

int
gmq_cmd_what_if(int argc, char **argv)
{
    g_auto(GStrv) files = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &files);

    if (status == GMQ_USAGE_GO_ON)
        status = what_if_file(files[0]);
    forget_options();
    return status;
}
