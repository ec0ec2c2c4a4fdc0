#include "sim/cmd-diff.h"

#include <stdio.h>

#include "sim/cmd-shared.h"
#include "sim/compare.h"
#include "sim/language.h"
#include "sim/load.h"
#include "sim/units.h"

#define EXIT_DIFFERENT 1

static char *seed_text;
static char *other_seed_text;

static const GOptionEntry entries[] = {
    {"seed", 0, 0, G_OPTION_ARG_STRING, &seed_text,
     N_("Run the scenarios with that seed instead of their own"), "N"},
    {"other-seed", 0, 0, G_OPTION_ARG_STRING, &other_seed_text,
     N_("Another seed for the second run; with one file, it is run with both seeds"), "N"},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command       = "diff",
    .arguments     = "FILE [FILE]",
    .summary       = N_("Shows the first event at which two runs part, and how they "
                              "end. Each FILE is a trace, or a\n"
                              "scenario that is run now."),
    .more          = N_("Examples:\n"
                                 "  glassmq diff before.trace after.trace\n"
                                 "  glassmq diff scenarios/02-work-queue.yaml "
                                 "scenarios/06-worker-dies.yaml\n"
                                 "  glassmq diff scenarios/05-topics.yaml --seed 1 --other-seed "
                                 "2\n\n"
                                 "Exit status: 0 the same, 1 different, 2 wrong use, 3 a file is "
                                 "wrong."),
    .entries       = entries,
    .n_files_least = 1,
    .n_files_most  = 2,
};

static void
tell_event(const GmqTrace *one, const GmqTrace *other, GmqCompareBy by, uint64_t number,
           GString *out)
{
    g_string_append_printf(out, _("%s at event %ju.\n"),
                           by == GMQ_COMPARE_ALL
                               ? _("They part")
                               : _("But for times, the same happens in both until they part"),
                           (guint64)number);
    gmq_compare_tell_events(one, _("The first run"), other, _("The second run"), number, out);
    g_string_append_c(out, '\n');
}

/* When only times differ at first, what really parts them comes later. */
static void
tell(const GmqTrace *one, const GmqTrace *other, uint64_t number, GString *out)
{
    uint64_t what = gmq_compare_traces(one, other, GMQ_COMPARE_WHAT, 1);

    if (gmq_compare_tell_starts(gmq_trace_info(one), _("The first run"), gmq_trace_info(other),
                                _("the second run"), out) > 0)
        g_string_append_c(out, '\n');
    tell_event(one, other, GMQ_COMPARE_ALL, number, out);
    if (what == 0)
        g_string_append(out, _("The same happens in both; only times and causes differ.\n\n"));
    else if (what != number)
        tell_event(one, other, GMQ_COMPARE_WHAT, what, out);
    gmq_compare_tell_outcomes(one, _("the first run"), other, _("the second run"), out);
}

static int
diff(const char *path, const char *other_path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) out  = g_string_new(NULL);
    uint64_t seed           = 0;
    uint64_t other_seed     = 0;

    if (!gmq_command_read_seed(&usage, "--seed", seed_text, &seed) ||
        !gmq_command_read_seed(&usage, "--other-seed", other_seed_text, &other_seed))
        return GMQ_EXIT_USAGE;
    if (other_seed_text == NULL)
        other_seed = seed;

    g_autoptr(GmqTrace) one = gmq_load_run(path, seed_text == NULL ? NULL : &seed, &error);
    if (one == NULL)
        return gmq_load_refuse("diff", path, error);
    bool has_seed             = seed_text != NULL || other_seed_text != NULL;
    g_autoptr(GmqTrace) other = gmq_load_run(other_path, has_seed ? &other_seed : NULL, &error);
    if (other == NULL)
        return gmq_load_refuse("diff", other_path, error);

    uint64_t number = gmq_compare_traces(one, other, GMQ_COMPARE_ALL, 1);
    if (number == 0)
        g_string_append_printf(out, _("The same: %zu events, fingerprint %016jx, verdict %s.\n"),
                               gmq_trace_length(one), gmq_trace_info(one)->fingerprint,
                               gmq_trace_info(one)->verdict);
    else
        tell(one, other, number, out);
    gmq_command_flush(out);
    return number == 0 ? 0 : EXIT_DIFFERENT;
}

/* One file is compared with itself only under another seed. */
static int
diff_files(char **files)
{
    if (files[1] == NULL && other_seed_text == NULL)
        return gmq_usage_wrong(&usage, "with one file it needs --other-seed");
    return diff(files[0], files[1] == NULL ? files[0] : files[1]);
}

int
gmq_cmd_diff(int argc, char **argv)
{
    g_auto(GStrv) files = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &files);

    if (status == GMQ_USAGE_GO_ON)
        status = diff_files(files);
    g_clear_pointer(&seed_text, g_free);
    g_clear_pointer(&other_seed_text, g_free);
    return status;
}
