#include "viz/cmd-graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cmd-shared.h"
#include "sim/language.h"
#include "sim/load.h"
#include "viz/definitions-graph.h"
#include "viz/dot-state.h"
#include "viz/export.h"
#include "viz/graph.h"
#include "viz/live.h"
#include "viz/moment.h"

static char *output;
static char *at_text;
static char *compare_text;
static char *seed_text;
static char *message;
static char *vhost;
static char *defaults_text;
static char *directory;
static gboolean states;

static const GOptionEntry entries[] = {
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
     N_("Write there; the name ends with .dot, .svg, .png or .pdf"), "FILE"},
    {"at", 0, 0, G_OPTION_ARG_STRING, &at_text,
     N_("Draw that moment: an event's number or a time such as 1.5s (default: the end)"), "MOMENT"},
    {"compare", 0, 0, G_OPTION_ARG_STRING, &compare_text,
     N_("Draw two moments, and mark the numbers that changed between them"), "FROM..TO"},
    {"message", 0, 0, G_OPTION_ARG_STRING, &message,
     N_("Show the way of that message, step by step, and dim the rest"), "NAME"},
    {"connect", 0, 0, G_OPTION_ARG_FILENAME, &directory,
     N_("Instead of FILE: draw what there is now in the broker of that data directory"), "DIR"},
    {"vhost", 0, 0, G_OPTION_ARG_STRING, &vhost,
     N_("Draw only that virtual host (of a running broker: default its default one)"), "NAME"},
    {"default-bindings", 0, 0, G_OPTION_ARG_STRING, &defaults_text,
     N_("Lines from the default exchange: used (the default), all or none"), "WHICH"},
    {"states", 0, 0, G_OPTION_ARG_NONE, &states,
     N_("Without FILE: draw how connections and channels live, from the broker's own tables"),
     NULL},
    {"seed", 0, 0, G_OPTION_ARG_STRING, &seed_text,
     N_("Run the scenario with that seed instead of its own"), "N"},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command       = "graph",
    .arguments     = "FILE.yaml|TRACE|DEFINITIONS.json",
    .summary       = N_("Draws producers, exchanges, queues and consumers of a run, "
                              "with what went over each line;\n"
                              "or the exchanges, bindings and queues of a definitions file "
                              "that a broker exported.\n"
                              "Without -o the graph goes to stdout in Graphviz's DOT language."),
    .more          = N_("Examples:\n"
                                 "  glassmq graph scenarios/05-topics.yaml -o topics.svg\n"
                                 "  glassmq graph scenarios/06-worker-dies.yaml --at 120 -o "
                                 "moment.png\n"
                                 "  glassmq graph scenarios/06-worker-dies.yaml --compare "
                                 "1.2s..end -o change.pdf\n"
                                 "  glassmq graph scenarios/14-retry-loop.yaml --message shop-2 "
                                 "-o way.svg\n"
                                 "  glassmq graph definitions.json --vhost / -o broker.svg\n"
                                 "  glassmq graph --connect /var/lib/glassmq -o now.svg\n"
                                 "  glassmq graph --states -o states.svg\n\n"
                                 "Exit status: 0 when it is drawn, 1 when it could not be drawn "
                                 "or written, 2 for wrong use,\n"
                                 "3 when FILE is wrong."),
    .entries       = entries,
    .n_files_least = 0,
    .n_files_most  = 1,
};

static void
forget_options(void)
{
    g_clear_pointer(&output, g_free);
    g_clear_pointer(&at_text, g_free);
    g_clear_pointer(&compare_text, g_free);
    g_clear_pointer(&seed_text, g_free);
    g_clear_pointer(&message, g_free);
    g_clear_pointer(&vhost, g_free);
    g_clear_pointer(&defaults_text, g_free);
    g_clear_pointer(&directory, g_free);
    states = FALSE;
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
draw(const GmqGraph *graph, const GmqGraphWish *wish)
{
    g_autofree char *dot = gmq_graph_draw(graph, wish);

    return write_drawing(dot);
}

/* The graph of a run; NULL with the error when the user wished for what is not there. */
static int
draw_wished(const GmqGraph *graph, const GmqGraphWish *wish, const GError *error)
{
    if (graph == NULL)
        return gmq_usage_wrong(&usage, "%s", error->message);
    return draw(graph, wish);
}

static int
draw_moment(const GmqStage *stage, const GmqGraphWish *wish)
{
    g_autoptr(GError) error = NULL;
    uint64_t event          = 0;

    if (!gmq_moment_read(stage->trace, at_text != NULL ? at_text : "end", &event, &error))
        return gmq_usage_wrong(&usage, "--at: %s", error->message);

    g_autoptr(GmqGraph) graph = gmq_graph_of_moment(stage, event, wish, &error);
    return draw_wished(graph, wish, error);
}

static int
draw_moments(const GmqStage *stage, const GmqGraphWish *wish)
{
    g_autoptr(GError) error = NULL;
    uint64_t first          = 0;
    uint64_t second         = 0;
    const char *dots        = strstr(compare_text, "..");

    if (dots == NULL)
        return gmq_usage_wrong(&usage,
                               "--compare takes two moments, such as 40..90 or 1s..end, "
                               "not \"%s\"",
                               compare_text);
    g_autofree char *left = g_strndup(compare_text, (size_t)(dots - compare_text));
    if (!gmq_moment_read(stage->trace, left, &first, &error) ||
        !gmq_moment_read(stage->trace, dots + 2, &second, &error))
        return gmq_usage_wrong(&usage, "--compare: %s", error->message);
    if (first >= second)
        return gmq_usage_wrong(&usage,
                               "--compare: the second moment must come after the first, "
                               "and %s is no later than %s",
                               dots + 2, left);

    g_autoptr(GmqGraph) graph = gmq_graph_of_moments(stage, first, second, wish, &error);
    return draw_wished(graph, wish, error);
}

static int
draw_run(const char *path, const GmqGraphWish *wish)
{
    g_autoptr(GError) error = NULL;
    uint64_t seed           = 0;

    if (!gmq_command_read_seed(&usage, "--seed", seed_text, &seed))
        return GMQ_EXIT_USAGE;

    g_autoptr(GmqTrace) trace = gmq_load_run(path, seed_text != NULL ? &seed : NULL, &error);
    if (trace == NULL)
        return gmq_load_refuse("graph", path, error);

    g_autoptr(GmqStage) stage = gmq_stage_new(trace);
    return compare_text != NULL ? draw_moments(stage, wish) : draw_moment(stage, wish);
}

static bool
read_defaults(GmqDotDefault *defaults)
{
    static const char *const words[] = {
        [GMQ_DOT_DEFAULT_USED] = "used",
        [GMQ_DOT_DEFAULT_ALL]  = "all",
        [GMQ_DOT_DEFAULT_NONE] = "none",
    };

    *defaults = GMQ_DOT_DEFAULT_USED;
    if (defaults_text == NULL)
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(defaults_text, words[i]) == 0) {
            *defaults = (GmqDotDefault)i;
            return true;
        }
    }
    return false;
}

/* Whether an option was given that makes sense for runs alone; NULL when none was. */
static const char *
option_of_runs(void)
{
    return at_text != NULL        ? "--at"
           : compare_text != NULL ? "--compare"
           : message != NULL      ? "--message"
           : seed_text != NULL    ? "--seed"
                                  : NULL;
}

static int
draw_broker(const char *path, const GmqGraphWish *wish)
{
    g_autoptr(GError) error = NULL;

    if (path != NULL)
        return gmq_usage_wrong(&usage, "--connect draws a running broker and takes no FILE");
    if (option_of_runs() != NULL)
        return gmq_usage_wrong(&usage, "%s is for runs, and --connect draws what there is now",
                               option_of_runs());

    g_autoptr(GmqTrace) trace = gmq_live_snapshot(directory, wish->vhost, &error);
    if (trace == NULL) {
        fprintf(stderr, "glassmq graph: %s.\n", error->message);
        return EXIT_FAILURE;
    }
    g_autofree char *name     = g_path_get_basename(directory);
    g_autofree char *title    = g_strconcat("broker ", name, NULL);
    g_autoptr(GmqGraph) graph = gmq_graph_of_broker(trace, title, wish);
    return draw(graph, wish);
}

static int
draw_definitions(const char *path, const GmqGraphWish *wish)
{
    g_autoptr(GError) error = NULL;

    if (option_of_runs() != NULL)
        return gmq_usage_wrong(&usage, "%s is for runs, and %s holds definitions", option_of_runs(),
                               path);

    g_autoptr(GmqGraph) graph = gmq_graph_of_definitions(path, wish, &error);
    if (graph == NULL)
        return gmq_load_refuse("graph", path, error);
    return draw(graph, wish);
}

static int
draw_states(const char *path)
{
    if (path != NULL)
        return gmq_usage_wrong(&usage, "--states draws the broker's own tables and takes no FILE");

    g_autofree char *dot = gmq_dot_draw_states();
    return write_drawing(dot);
}

/* path is NULL when no file is named. */
static int
draw_file(const char *path)
{
    g_autoptr(GError) error = NULL;
    GmqGraphWish wish       = {.vhost = vhost, .message = message};

    if (!read_defaults(&wish.defaults))
        return gmq_usage_wrong(&usage, "--default-bindings is used, all or none, not \"%s\"",
                               defaults_text);
    if (output != NULL && !gmq_export_knows(output, &error))
        return gmq_usage_wrong(&usage, "%s", error->message);
    if (states)
        return draw_states(path);
    if (directory != NULL)
        return draw_broker(path, &wish);
    if (path == NULL)
        return gmq_usage_wrong(&usage, "FILE is missing");
    if (at_text != NULL && compare_text != NULL)
        return gmq_usage_wrong(&usage, "--at and --compare do not go together");
    if (gmq_definitions_are_in(path))
        return draw_definitions(path, &wish);
    return draw_run(path, &wish);
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
