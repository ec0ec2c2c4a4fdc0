#include "viz/cmd-plot.h"

#include <stdlib.h>

#include "sim/cmd-shared.h"
#include "sim/language.h"
#include "sim/load.h"
#include "sim/units.h"
#include "viz/plot.h"

static char *output;
static char *from_text;
static char *to_text;
static char *seed_text;
static char **queue_names;

static const GOptionEntry entries[] = {
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
     N_("Write there; the name ends with .svg, or with .csv for the numbers"), "FILE"},
    {"queue", 0, 0, G_OPTION_ARG_STRING_ARRAY, &queue_names,
     N_("Draw this queue; may be given again (default: the five deepest)"), "NAME"},
    {"from", 0, 0, G_OPTION_ARG_STRING, &from_text, N_("Begin at that time (default: 0)"), "TIME"},
    {"to", 0, 0, G_OPTION_ARG_STRING, &to_text, N_("End at that time (default: the end)"), "TIME"},
    {"seed", 0, 0, G_OPTION_ARG_STRING, &seed_text,
     N_("Run the scenario with that seed instead of its own"), "N"},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command       = "plot",
    .arguments     = "FILE.yaml|TRACE",
    .summary       = N_("Draws over the time of a run how deep its queues were, how "
                              "many messages waited for an ack,\n"
                              "how many went in a second and how long they took. Without -o "
                              "the SVG goes to stdout."),
    .more          = N_("Examples:\n"
                                 "  glassmq plot scenarios/23-slow-consumer.yaml -o slow.svg\n"
                                 "  glassmq plot scenarios/06-worker-dies.yaml --from 1s --to 3s "
                                 "-o numbers.csv\n\n"
                                 "Exit status: 0 when it is drawn, 1 when it could not be "
                                 "written, 2 for wrong use, 3 when\n"
                                 "FILE is wrong."),
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
    g_clear_pointer(&seed_text, g_free);
    g_clear_pointer(&queue_names, g_strfreev);
}

static bool
knows_queues(const GmqStage *stage)
{
    for (size_t i = 0; queue_names != NULL && queue_names[i] != NULL; i++) {
        if (gmq_picture_find(stage->whole, GMQ_PLACE_QUEUE, queue_names[i]).kind != GMQ_PLACE_NONE)
            continue;
        gmq_usage_wrong(&usage, "the run has no queue \"%s\"", queue_names[i]);
        return false;
    }
    return true;
}

static bool
wants_csv(void)
{
    return output != NULL && g_str_has_suffix(output, ".csv");
}

static int
write_plot(const GmqStage *stage, const GmqSeries *series)
{
    g_autoptr(GString) csv = g_string_new(NULL);

    if (wants_csv()) {
        gmq_series_to_csv(series, csv);
        return gmq_command_write(&usage, output, csv->str);
    }
    g_autofree char *svg = gmq_plot_draw(stage, series, (const char *const *)queue_names);
    return gmq_command_write(&usage, output, svg);
}

static int
plot_run(const GmqTrace *trace)
{
    g_autoptr(GmqStage) stage = gmq_stage_new(trace);
    int64_t from_ns           = 0;
    int64_t to_ns             = MAX(stage->whole->time_ns, 1000000);

    if (!gmq_command_read_time(&usage, "--from", from_text, &from_ns) ||
        !gmq_command_read_time(&usage, "--to", to_text, &to_ns) || !knows_queues(stage))
        return GMQ_EXIT_USAGE;
    if (from_ns >= to_ns) {
        g_autofree char *end = gmq_time_text(to_ns);
        return gmq_usage_wrong(&usage, "the time to begin at must come before the end, %s", end);
    }
    g_autoptr(GmqSeries) series = gmq_series_new(stage, from_ns, to_ns);
    return write_plot(stage, series);
}

static int
plot_file(const char *path)
{
    g_autoptr(GError) error = NULL;
    uint64_t seed           = 0;

    if (!gmq_command_read_seed(&usage, "--seed", seed_text, &seed))
        return GMQ_EXIT_USAGE;
    if (output != NULL && !wants_csv() && !g_str_has_suffix(output, ".svg"))
        return gmq_usage_wrong(&usage, "\"%s\" must end with .svg or .csv", output);

    g_autoptr(GmqTrace) trace = gmq_load_run(path, seed_text != NULL ? &seed : NULL, &error);
    return trace == NULL ? gmq_load_refuse("plot", path, error) : plot_run(trace);
}

int
gmq_cmd_plot(int argc, char **argv)
{
    g_auto(GStrv) files = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &files);

    if (status == GMQ_USAGE_GO_ON)
        status = plot_file(files[0]);
    forget_options();
    return status;
}
