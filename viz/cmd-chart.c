#include "viz/cmd-chart.h"

#include <stdlib.h>
#include <string.h>

#include "sim/cmd-shared.h"
#include "sim/language.h"
#include "sim/load.h"
#include "sim/units.h"
#include "viz/chart.h"
#include "viz/moment.h"

static char *output;
static char *format_text;
static char *from_text;
static char *to_text;
static char *message_text;
static char *filter_text;
static char *seed_text;
static gboolean by_steps;
static gboolean wants_all;

static const GOptionEntry entries[] = {
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
     N_("Write there; the name ends with .svg, .mmd, .puml, .shiviz or .log"), "FILE"},
    {"format", 0, 0, G_OPTION_ARG_STRING, &format_text,
     N_("svg (default), mermaid, plantuml or shiviz"), "FORMAT"},
    {"from", 0, 0, G_OPTION_ARG_STRING, &from_text,
     N_("Begin there: an event's number, or a time such as 1.5s"), "MOMENT"},
    {"to", 0, 0, G_OPTION_ARG_STRING, &to_text, N_("End there"), "MOMENT"},
    {"message", 0, 0, G_OPTION_ARG_STRING, &message_text, N_("Only the way of this message: p1-5"),
     "NAME"},
    {"filter", 0, 0, G_OPTION_ARG_STRING, &filter_text,
     N_("Only what matches, in the words of the view's filter: \"kind:deliver queue:tasks\""),
     "WORDS"},
    {"steps", 0, 0, G_OPTION_ARG_NONE, &by_steps,
     N_("Draw equal distances instead of true to the time (SVG)"), NULL},
    {"all", 0, 0, G_OPTION_ARG_NONE, &wants_all, N_("Draw more than 200 arrows as well"), NULL},
    {"seed", 0, 0, G_OPTION_ARG_STRING, &seed_text,
     N_("Run the scenario with that seed instead of its own"), "N"},
    G_OPTION_ENTRY_NULL,
};

static const GmqUsage usage = {
    .command       = "chart",
    .arguments     = "FILE.yaml|TRACE",
    .summary       = N_("Draws who sent what to whom, in the order of time: a column "
                              "for each client and one for the\n"
                              "broker, an arrow for each step between them. As SVG, or as "
                              "text that Mermaid, PlantUML or\n"
                              "ShiViz draw. Without -o it goes to stdout."),
    .more          = N_("Examples:\n"
                                 "  glassmq chart scenarios/13-confirm-lost.yaml -o confirm.svg\n"
                                 "  glassmq chart scenarios/06-worker-dies.yaml --message p1-5 "
                                 "--format mermaid\n"
                                 "  glassmq chart scenarios/14-retry-loop.yaml --from 1s --to 3s "
                                 "-o retry.puml\n\n"
                                 "Exit status: 0 when it is drawn, 1 when it could not be "
                                 "written, 2 for wrong use, and for more\n"
                                 "than 200 arrows without --all, 3 when FILE is wrong."),
    .entries       = entries,
    .n_files_least = 1,
    .n_files_most  = 1,
};

static const struct {
    const char *name;
    GmqChartFormat format;
} formats[] = {
    {"svg", GMQ_CHART_SVG},
    {"mermaid", GMQ_CHART_MERMAID},
    {"plantuml", GMQ_CHART_PLANTUML},
    {"shiviz", GMQ_CHART_SHIVIZ},
};

static const struct {
    const char *ending;
    GmqChartFormat format;
} endings[] = {
    {".svg", GMQ_CHART_SVG},       {".mmd", GMQ_CHART_MERMAID},   {".mermaid", GMQ_CHART_MERMAID},
    {".puml", GMQ_CHART_PLANTUML}, {".shiviz", GMQ_CHART_SHIVIZ}, {".log", GMQ_CHART_SHIVIZ},
};

static void
forget_options(void)
{
    char **texts[] = {&output,       &format_text, &from_text, &to_text,
                      &message_text, &filter_text, &seed_text};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_clear_pointer(texts[i], g_free);
    by_steps  = FALSE;
    wants_all = FALSE;
}

/* ---- what is wanted ---- */

static bool
read_format_word(GmqChartFormat *format)
{
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (g_str_equal(formats[i].name, format_text)) {
            *format = formats[i].format;
            return true;
        }
    }
    gmq_usage_wrong(&usage, "--format takes svg, mermaid, plantuml or shiviz, not \"%s\"",
                    format_text);
    return false;
}

/* Each false after a sentence on stderr. */
static bool
read_format(GmqChartFormat *format)
{
    *format = GMQ_CHART_SVG;
    if (format_text != NULL)
        return read_format_word(format);
    for (size_t i = 0; output != NULL && i < G_N_ELEMENTS(endings); i++) {
        if (g_str_has_suffix(output, endings[i].ending)) {
            *format = endings[i].format;
            return true;
        }
    }
    if (output == NULL)
        return true;
    gmq_usage_wrong(&usage,
                    "\"%s\" must end with .svg, .mmd, .puml, .shiviz or .log, or --format must "
                    "say what it is",
                    output);
    return false;
}

/* A moment is behind its event, and behind all events of its time; a chart begins before them. */
static uint64_t
begin_of(const GmqTrace *trace, const char *text, uint64_t event)
{
    if (event == 0 || g_ascii_isdigit(text[strlen(text) - 1]) || g_str_equal(text, "end"))
        return event;
    int64_t time_ns = 0;
    if (!gmq_read_duration(text, &time_ns))
        return event;
    return gmq_moment_at_time(trace, time_ns - 1) + 1;
}

static bool
read_moments(const GmqTrace *trace, GmqChartWish *wish)
{
    g_autoptr(GError) error = NULL;

    wish->to = gmq_trace_length(trace);
    if (from_text != NULL && !gmq_moment_read(trace, from_text, &wish->from, &error)) {
        gmq_usage_wrong(&usage, "--from: %s", error->message);
        return false;
    }
    if (from_text != NULL)
        wish->from = begin_of(trace, from_text, wish->from);
    if (to_text != NULL && !gmq_moment_read(trace, to_text, &wish->to, &error)) {
        gmq_usage_wrong(&usage, "--to: %s", error->message);
        return false;
    }
    if (wish->from <= wish->to)
        return true;
    gmq_usage_wrong(&usage, "--from %s is behind --to %s", from_text,
                    to_text != NULL ? to_text : "end");
    return false;
}

static bool
has_message(const GmqTrace *trace, const char *name)
{
    for (uint64_t n = 1; n <= gmq_trace_length(trace); n++) {
        if (gmq_trace_name_is_of(gmq_trace_event(trace, n)->message, name))
            return true;
    }
    return false;
}

/* Where only one client sends, pictures call its messages by their numbers. */
static bool
read_message(const GmqStage *stage, GmqChartWish *wish)
{
    if (message_text == NULL)
        return true;
    if (*message_text != '\0' && !has_message(stage->trace, message_text) &&
        stage->sender != NULL) {
        g_autofree char *longer = g_strdup_printf("%s-%s", stage->sender, message_text);
        if (has_message(stage->trace, longer)) {
            g_free(message_text);
            message_text = g_steal_pointer(&longer);
        }
    }
    wish->message = message_text;
    if (*message_text != '\0' && has_message(stage->trace, message_text))
        return true;
    gmq_usage_wrong(&usage, "the run has no message \"%s\"", message_text);
    return false;
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
        gmq_usage_wrong(&usage, "--filter, at character %u: %s", column, error->message);
    return *filter != NULL;
}

/* ---- drawing ---- */

static char *
draw(const GmqChart *chart, GmqChartFormat format)
{
    switch (format) {
    case GMQ_CHART_MERMAID:
        return gmq_chart_mermaid(chart);
    case GMQ_CHART_PLANTUML:
        return gmq_chart_plantuml(chart);
    case GMQ_CHART_SHIVIZ:
        return gmq_chart_shiviz(chart);
    default:
        return gmq_chart_svg(chart, by_steps);
    }
}

static int
refuse_wall(const GmqChart *chart)
{
    return gmq_usage_wrong(&usage,
                           "that would be %u arrows and %u notes, and more than %d arrows or %d "
                           "notes are hard to read; --from and --to, --message or --filter take "
                           "some of them, --all takes them all",
                           chart->n_arrows, chart->n_notes, GMQ_CHART_ARROWS_MOST,
                           GMQ_CHART_NOTES_MOST);
}

static int
chart_run(const GmqTrace *trace, GmqChartFormat format)
{
    g_autoptr(GmqStage) stage   = gmq_stage_new(trace);
    g_autoptr(GmqFilter) filter = NULL;
    GmqChartWish wish           = {0};

    if (!read_moments(trace, &wish) || !read_message(stage, &wish) || !read_filter(&filter))
        return GMQ_EXIT_USAGE;
    wish.filter               = filter;
    g_autoptr(GmqChart) chart = gmq_chart_new(stage, &wish);
    if (chart->n_arrows + chart->n_notes == 0)
        return gmq_usage_wrong(&usage, "nothing that a chart shows is left of the run's %zu events",
                               gmq_trace_length(trace));
    if (!wants_all &&
        (chart->n_arrows > GMQ_CHART_ARROWS_MOST || chart->n_notes > GMQ_CHART_NOTES_MOST))
        return refuse_wall(chart);
    g_autofree char *drawn = draw(chart, format);
    return gmq_command_write(&usage, output, drawn);
}

static int
chart_file(const char *path)
{
    g_autoptr(GError) error = NULL;
    uint64_t seed           = 0;
    GmqChartFormat format   = GMQ_CHART_SVG;

    if (!gmq_command_read_seed(&usage, "--seed", seed_text, &seed) || !read_format(&format))
        return GMQ_EXIT_USAGE;
    if (by_steps && format != GMQ_CHART_SVG)
        return gmq_usage_wrong(&usage, "--steps goes with SVG; texts have equal distances anyway");

    g_autoptr(GmqTrace) trace = gmq_load_run(path, seed_text != NULL ? &seed : NULL, &error);
    return trace == NULL ? gmq_load_refuse("chart", path, error) : chart_run(trace, format);
}

int
gmq_cmd_chart(int argc, char **argv)
{
    g_auto(GStrv) files = NULL;
    int status          = gmq_usage_parse(&usage, argc, argv, &files);

    if (status == GMQ_USAGE_GO_ON)
        status = chart_file(files[0]);
    forget_options();
    return status;
}
