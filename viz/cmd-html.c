#include "viz/cmd-html.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/cmd-shared.h"
#include "sim/language.h"
#include "sim/load.h"
#include "viz/html.h"

static char *output;
static char *from_text;
static char *to_text;
static char *filter_text;
static char *seed_text;

static const GOptionEntry entries[] = {
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("Write the page there (default: stdout)"),
     "FILE.html"},
    {"from", 0, 0, G_OPTION_ARG_STRING, &from_text,
     N_("Begin with that event (default: the first)"), "EVENT"},
    {"to", 0, 0, G_OPTION_ARG_STRING, &to_text, N_("End with that event (default: the last)"),
     "EVENT"},
    {"filter", 0, 0, G_OPTION_ARG_STRING, &filter_text,
     N_("Show these events alone: \"kind:deliver,ack queue:tasks\""), "FILTER"},
    {"seed", 0, 0, G_OPTION_ARG_STRING, &seed_text,
     N_("Run the scenario with that seed instead of its own"), "N"},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command       = "html",
    .arguments     = "FILE.yaml|TRACE",
    .summary       = N_("Writes a run as one page for a browser: the picture with "
                              "moving messages, the story, all events,\n"
                              "forwards and back. The page needs nothing beside it and no "
                              "network."),
    .more          = N_("A page holds up to 20000 events; of a longer run take a part "
                                 "with --from and --to. Where\n"
                                 "there are more than 40 queues, those that are never used are "
                                 "not shown.\n\n"
                                 "With --filter the page lists the events that the filter keeps, "
                                 "and goes from one of them to the\n"
                                 "next; what the others did is in the picture all the same. \"?\" "
                                 "in glassmq view shows the words\n"
                                 "of filters.\n\n"
                                 "Examples:\n"
                                 "  glassmq html scenarios/06-worker-dies.yaml -o worker.html\n"
                                 "  glassmq html run.trace --from 5000 --to 9000 -o part.html\n"
                                 "  glassmq html scenarios/06-worker-dies.yaml --filter "
                                 "\"kind:deliver,ack\" -o acks.html\n\n"
                                 "Exit status: 0 when it is written, 1 when it could not be "
                                 "written, 2 for wrong use,\n"
                                 "3 when FILE is wrong."),
    .entries       = entries,
    .n_files_least = 1,
    .n_files_most  = 1,
};

static void
forget_options(void)
{
    g_clear_pointer(&output, g_free);
    g_clear_pointer(&from_text, g_free);
    g_clear_pointer(&to_text, g_free);
    g_clear_pointer(&filter_text, g_free);
    g_clear_pointer(&seed_text, g_free);
}

/* Whether the run has these events, and no more of them than fit; else a sentence on stderr. */
static bool
check_range(const GmqTrace *trace, GmqHtmlRange *range)
{
    uint64_t length = gmq_trace_length(trace);

    if (from_text != NULL && range->from > length) {
        gmq_usage_wrong(&usage, "the run has %ju events, so --from %s is behind its end", length,
                        from_text);
        return false;
    }
    range->to = to_text == NULL ? length : MIN(range->to, length);
    if (to_text != NULL && range->to < range->from) {
        gmq_usage_wrong(&usage, "--to %s stands before --from %s", to_text,
                        from_text != NULL ? from_text : "1");
        return false;
    }
    uint64_t n = length == 0 ? 0 : range->to - range->from + 1;
    if (n > GMQ_HTML_EVENTS_MAX) {
        gmq_usage_wrong(
            &usage,
            "these are %ju events, and a page holds %d: take a part of the run, as with "
            "--from %ju --to %ju",
            n, GMQ_HTML_EVENTS_MAX, range->from, range->from + GMQ_HTML_EVENTS_MAX - 1);
        return false;
    }
    return true;
}

static bool
read_filter(GmqFilter **filter)
{
    g_autoptr(GError) error = NULL;
    unsigned column         = 0;

    if (filter_text == NULL)
        return true;
    *filter = gmq_filter_new(filter_text, &column, &error);
    if (*filter == NULL)
        gmq_usage_wrong(&usage, "--filter: %s (at character %u)", error->message, column);
    return *filter != NULL;
}

/* A page that lists nothing is a mistake in the filter; a sentence on stderr says so. */
static bool
check_filter(const GmqTrace *trace, GmqHtmlRange range, const GmqFilter *filter)
{
    if (filter == NULL || range.to < range.from)
        return true;
    for (uint64_t n = range.from; n <= range.to; n++) {
        if (gmq_filter_matches(filter, gmq_trace_event(trace, n)))
            return true;
    }
    gmq_usage_wrong(&usage, "--filter %s keeps no event from %ju to %ju", filter_text, range.from,
                    range.to);
    return false;
}

static int
write_file(const char *path)
{
    g_autoptr(GError) error     = NULL;
    g_autoptr(GmqFilter) filter = NULL;
    uint64_t seed               = 0;
    GmqHtmlRange range          = {1, 0};

    if (!gmq_usage_number(&usage, "--from", from_text, 1, UINT64_MAX, &range.from) ||
        !gmq_usage_number(&usage, "--to", to_text, 1, UINT64_MAX, &range.to))
        return GMQ_EXIT_USAGE;
    if (!read_filter(&filter) || !gmq_command_read_seed(&usage, "--seed", seed_text, &seed))
        return GMQ_EXIT_USAGE;

    g_autoptr(GmqTrace) trace = gmq_load_run(path, seed_text != NULL ? &seed : NULL, &error);
    if (trace == NULL)
        return gmq_load_refuse("html", path, error);
    if (!check_range(trace, &range) || !check_filter(trace, range, filter))
        return GMQ_EXIT_USAGE;

    g_autoptr(GmqStage) stage = gmq_stage_new(trace);
    g_autofree char *page     = gmq_html_page(stage, range, filter);
    return gmq_command_write(&usage, output, page);
}

int
gmq_cmd_html(int argc, char **argv)
{
    g_auto(GStrv) files = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &files);

    if (status == GMQ_USAGE_GO_ON)
        status = write_file(files[0]);
    forget_options();
    return status;
}
