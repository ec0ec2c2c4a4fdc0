#include "viz/cmd-graph.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/cmd-shared.h"
#include "sim/load.h"
#include "viz/dot.h"
#include "viz/export.h"

static char *output;
static char *at_text;
static char *seed_text;

static const GOptionEntry entries[] = {
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
     "Write there; the name ends with .dot, .svg, .png or .pdf", "FILE"},
    {"at", 0, 0, G_OPTION_ARG_STRING, &at_text,
     "Draw the moment after that event (default: the end)", "EVENT"},
    {"seed", 0, 0, G_OPTION_ARG_STRING, &seed_text,
     "Run the scenario with that seed instead of its own", "N"},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command   = "graph",
    .arguments = "FILE.yaml|TRACE",
    .summary   = "Draws producers, exchanges, queues and consumers of a run, with what went over "
                 "each line.\nWithout -o the graph goes to stdout in Graphviz's DOT language.",
    .more      = "Examples:\n"
                 "  glassmq graph scenarios/05-topics.yaml -o topics.svg\n"
                 "  glassmq graph scenarios/06-worker-dies.yaml --at 120 -o moment.png\n\n"
                 "Exit status: 0 when it is drawn, 1 when it could not be drawn or written, 2 for "
                 "wrong use,\n3 when FILE is wrong.",
    .entries   = entries,
    .n_files_least = 1,
    .n_files_most  = 1,
};

static void
forget_options(void)
{
    g_clear_pointer(&output, g_free);
    g_clear_pointer(&at_text, g_free);
    g_clear_pointer(&seed_text, g_free);
}

static int
write_drawing(const char *dot)
{
    g_autoptr(GError) error = NULL;

    if (output == NULL) {
        fputs(dot, stdout);
        return EXIT_SUCCESS;
    }
    if (gmq_export_write(dot, output, GMQ_EXPORT_SECONDS, &error))
        return EXIT_SUCCESS;
    fprintf(stderr, "glassmq graph: %s.\n", error->message);
    return EXIT_FAILURE;
}

static int
draw_run(const GmqTrace *trace, uint64_t event)
{
    size_t length = gmq_trace_length(trace);

    if (at_text == NULL)
        event = length;
    if (event > length)
        return gmq_usage_wrong(&usage, "the run has %zu events, so --at %s is behind its end",
                               length, at_text);

    g_autoptr(GmqPicture) picture = gmq_picture_at(trace, event);
    g_autofree char *dot          = gmq_dot_draw(picture);
    return write_drawing(dot);
}

static int
draw_file(const char *path)
{
    g_autoptr(GError) error = NULL;
    uint64_t seed           = 0;
    uint64_t event          = 0;

    if (!gmq_usage_number(&usage, "--at", at_text, 0, UINT64_MAX, &event))
        return GMQ_EXIT_USAGE;
    if (!gmq_command_read_seed(&usage, "--seed", seed_text, &seed))
        return GMQ_EXIT_USAGE;
    if (output != NULL && !gmq_export_knows(output, &error))
        return gmq_usage_wrong(&usage, "%s", error->message);

    g_autoptr(GmqTrace) trace = gmq_load_run(path, seed_text != NULL ? &seed : NULL, &error);
    if (trace == NULL)
        return gmq_load_refuse("graph", path, error);
    return draw_run(trace, event);
}

int
gmq_cmd_graph(int argc, char **argv)
{
    g_auto(GStrv) files = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &files);

    if (status == GMQ_USAGE_GO_ON)
        status = draw_file(files[0]);
    forget_options();
    return status;
}
