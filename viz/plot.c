#include "viz/plot.h"

#include <string.h>

#include "sim/language.h"
#include "sim/units.h"
#include "viz/event-line.h"
#include "viz/svg.h"

/* Pixels. The panels stand one below the other, each with its legend at the right. */
#define WIDTH 960.0
#define LEFT 64.0
#define PLOT_WIDTH 640.0
#define RIGHT (LEFT + PLOT_WIDTH)
#define TOP 96.0
#define PANEL_HEIGHT 120.0
#define PANEL_STEP 170.0
#define FAULT_ROWS 3
#define ROW_HEIGHT 14.0
#define GAP 8.0 /* between the words of two faults */

typedef struct {
    GmqSvg *svg;
    const GmqStage *stage;
    const GmqSeries *series;
    GPtrArray *queues; /* of GmqQueueSeries: those with a line */
    double top;        /* of the panel that is drawn */
    uint64_t most;     /* at its upper edge */
} Plot;

static const struct {
    GmqTone tone;
    unsigned style;
} lines[GMQ_PLOT_QUEUES_MAX] = {
    {GMQ_TONE_SERIES_1, GMQ_SVG_BOLD},
    {GMQ_TONE_SERIES_2, GMQ_SVG_BOLD | GMQ_SVG_DASHED},
    {GMQ_TONE_SERIES_3, GMQ_SVG_BOLD | GMQ_SVG_DOTTED},
    {GMQ_TONE_SERIES_4, 0},
    {GMQ_TONE_SERIES_5, GMQ_SVG_DASHED},
};

/* ---- where ---- */

static double
x_of(const Plot *plot, int64_t time_ns)
{
    const GmqSeries *series = plot->series;

    return LEFT + PLOT_WIDTH * (double)(time_ns - series->from_ns) /
                      (double)(series->to_ns - series->from_ns);
}

static double
y_of(const Plot *plot, double value)
{
    return plot->top + PANEL_HEIGHT * (1 - value / (double)plot->most);
}

/* ---- axes ---- */

static char *
time_label(int64_t ns)
{
    return ns == 0 ? g_strdup("0") : gmq_duration_text(ns);
}

static void
draw_time_axis(const Plot *plot)
{
    const GmqSeries *series = plot->series;
    uint64_t span_ms        = (uint64_t)(series->to_ns - series->from_ns) / 1000000;
    int64_t tick_ns         = (int64_t)gmq_series_round_up(MAX(span_ms / 8, 1)) * 1000000;
    double bottom           = plot->top + PANEL_HEIGHT;

    for (int64_t at = (series->from_ns + tick_ns - 1) / tick_ns * tick_ns; at <= series->to_ns;
         at += tick_ns) {
        g_autofree char *label = time_label(at);
        gmq_svg_line(plot->svg, x_of(plot, at), plot->top, x_of(plot, at), bottom, GMQ_TONE_FAINT,
                     0);
        gmq_svg_text(plot->svg, x_of(plot, at), bottom + 15, label, GMQ_TONE_INK,
                     GMQ_SVG_SMALL | GMQ_SVG_MIDDLE);
    }
    gmq_svg_line(plot->svg, LEFT, bottom, RIGHT, bottom, GMQ_TONE_LINE, 0);
}

/* Three marks: nothing, the half, all. The half of one is left out when values are whole. */
static void
draw_value_axis(const Plot *plot, char *(*label_of)(uint64_t value))
{
    for (unsigned half = 0; half <= 2; half++) {
        if (half == 1 && plot->most % 2 == 1)
            continue;
        uint64_t value         = plot->most * half / 2;
        double y               = y_of(plot, (double)value);
        g_autofree char *label = label_of(value);
        gmq_svg_line(plot->svg, LEFT - 4, y, RIGHT, y, GMQ_TONE_FAINT, 0);
        gmq_svg_text(plot->svg, LEFT - 8, y + 4, label, GMQ_TONE_INK, GMQ_SVG_SMALL | GMQ_SVG_END);
    }
}

static char *
count_label(uint64_t value)
{
    return g_strdup_printf("%" G_GUINT64_FORMAT, value);
}

static char *
microseconds_label(uint64_t value)
{
    return time_label((int64_t)value * 1000);
}

/* The panel with that number, with its title and its axes. */
static void
begin_panel(Plot *plot, unsigned number, const char *title, uint64_t most,
            char *(*label_of)(uint64_t value))
{
    plot->top  = TOP + (double)number * PANEL_STEP;
    plot->most = gmq_series_round_up(most);
    gmq_svg_begin_group(plot->svg, title);
    gmq_svg_text(plot->svg, LEFT, plot->top - 10, title, GMQ_TONE_INK, GMQ_SVG_BOLD);
    draw_time_axis(plot);
    draw_value_axis(plot, label_of);
}

static void
end_panel(const Plot *plot)
{
    gmq_svg_end_group(plot->svg);
}

static void
draw_legend(const Plot *plot, unsigned row, const char *name, const char *more)
{
    double y = plot->top + 8 + row * 22.0;

    gmq_svg_line(plot->svg, RIGHT + 16, y, RIGHT + 44, y, lines[row].tone, lines[row].style);
    gmq_svg_label(plot->svg, RIGHT + 50, y + 4, WIDTH - RIGHT - 130, name, GMQ_TONE_INK,
                  GMQ_SVG_SMALL);
    gmq_svg_text(plot->svg, WIDTH - 12, y + 4, more, GMQ_TONE_INK, GMQ_SVG_SMALL | GMQ_SVG_END);
}

/* ---- levels ---- */

static void
draw_levels(const Plot *plot, unsigned row, const uint64_t *values)
{
    double step = PLOT_WIDTH / GMQ_SERIES_BINS;

    gmq_svg_begin_path(plot->svg, LEFT, y_of(plot, (double)values[0]));
    for (unsigned bin = 1; bin < GMQ_SERIES_BINS; bin++) {
        if (values[bin] == values[bin - 1])
            continue;
        gmq_svg_path_to(plot->svg, LEFT + bin * step, y_of(plot, (double)values[bin - 1]));
        gmq_svg_path_to(plot->svg, LEFT + bin * step, y_of(plot, (double)values[bin]));
    }
    gmq_svg_path_to(plot->svg, RIGHT, y_of(plot, (double)values[GMQ_SERIES_BINS - 1]));
    gmq_svg_end_path(plot->svg, GMQ_TONE_NONE, lines[row].tone, lines[row].style);
}

static void
draw_queues(Plot *plot, unsigned number, const char *title, bool is_ready)
{
    uint64_t most = 0;

    for (unsigned i = 0; i < plot->queues->len; i++) {
        const GmqQueueSeries *queue = plot->queues->pdata[i];
        most                        = MAX(most, is_ready ? queue->ready_most : queue->unacked_most);
    }
    begin_panel(plot, number, title, most, count_label);
    for (unsigned i = 0; i < plot->queues->len; i++) {
        const GmqQueueSeries *queue = plot->queues->pdata[i];
        g_autofree char *top        = g_strdup_printf("most %" G_GUINT64_FORMAT,
                                               is_ready ? queue->ready_most : queue->unacked_most);
        draw_levels(plot, i, is_ready ? queue->ready : queue->unacked);
        draw_legend(plot, i, queue->name, top);
    }
    end_panel(plot);
}

/* ---- steps ---- */

typedef double (*StepValue)(const GmqSeries *series, unsigned step);

static double
per_second(const GmqSeries *series, uint64_t count)
{
    return (double)count * 1e9 / (double)series->step_ns;
}

static double
published(const GmqSeries *series, unsigned step)
{
    return per_second(series, series->steps[step].published);
}

static double
delivered(const GmqSeries *series, unsigned step)
{
    return per_second(series, series->steps[step].delivered);
}

static double
acked(const GmqSeries *series, unsigned step)
{
    return per_second(series, series->steps[step].acked);
}

static double
median_latency(const GmqSeries *series, unsigned step)
{
    return (double)gmq_series_latency(&series->steps[step], 50) / 1000;
}

static double
highest_latency(const GmqSeries *series, unsigned step)
{
    return (double)gmq_series_latency(&series->steps[step], 100) / 1000;
}

/* A line through the middles of the steps that have a value; a step alone is a dot. */
static void
draw_steps(const Plot *plot, unsigned row, StepValue value)
{
    const GmqSeries *series = plot->series;
    unsigned start          = 0;

    for (unsigned i = 0; i <= series->n_steps; i++) {
        if (i < series->n_steps && value(series, i) >= 0)
            continue;
        for (unsigned k = start; k < i; k++) {
            double x = MIN(
                x_of(plot, series->from_ns + (int64_t)k * series->step_ns + series->step_ns / 2),
                RIGHT);
            double y = y_of(plot, value(series, k));
            if (k == start && k + 1 == i)
                gmq_svg_circle(plot->svg, x, y, 2.5, lines[row].tone, GMQ_TONE_NONE);
            else if (k == start)
                gmq_svg_begin_path(plot->svg, x, y);
            else
                gmq_svg_path_to(plot->svg, x, y);
        }
        if (i > start + 1)
            gmq_svg_end_path(plot->svg, GMQ_TONE_NONE, lines[row].tone, lines[row].style);
        start = i + 1;
    }
}

typedef struct {
    const char *name;
    StepValue value;
} Line;

static double
highest(const GmqSeries *series, StepValue value)
{
    double most = 0;

    for (unsigned i = 0; i < series->n_steps; i++)
        most = MAX(most, value(series, i));
    return most;
}

static void
draw_lines(Plot *plot, unsigned number, const char *title, const Line *each, unsigned n,
           char *(*label_of)(uint64_t value))
{
    double most = 0;

    for (unsigned i = 0; i < n; i++)
        most = MAX(most, highest(plot->series, each[i].value));
    begin_panel(plot, number, title, (uint64_t)(most + 0.999), label_of);
    for (unsigned i = 0; i < n; i++) {
        g_autofree char *label = label_of((uint64_t)(highest(plot->series, each[i].value) + 0.5));
        g_autofree char *top   = g_strdup_printf("most %s", label);
        draw_steps(plot, i, each[i].value);
        draw_legend(plot, i, each[i].name, top);
    }
    end_panel(plot);
}

/* ---- faults ---- */

/* A line through all panels, with its words above them when there is room in one of the rows. */
static void
draw_fault(const Plot *plot, const GmqTraceEvent *event, double *row_ends)
{
    g_autofree char *words = gmq_event_words(plot->stage, event);
    double x               = x_of(plot, event->time_ns);
    double bottom          = TOP + 3 * PANEL_STEP + PANEL_HEIGHT;
    double width           = gmq_svg_text_width(words, GMQ_SVG_SMALL) + GAP;

    gmq_svg_begin_group(plot->svg, words);
    gmq_svg_line(plot->svg, x, TOP, x, bottom, GMQ_TONE_BROKEN, GMQ_SVG_DASHED);
    for (unsigned row = 0; row < FAULT_ROWS; row++) {
        double start = MIN(x, WIDTH - width);
        if (row_ends[row] > start)
            continue;
        row_ends[row] = start + width;
        gmq_svg_text(plot->svg, start, 40 + row * ROW_HEIGHT, words, GMQ_TONE_BROKEN,
                     GMQ_SVG_SMALL);
        break;
    }
    gmq_svg_end_group(plot->svg);
}

static void
draw_faults(const Plot *plot)
{
    double row_ends[FAULT_ROWS] = {0};

    for (unsigned i = 0; i < plot->stage->marks->len; i++) {
        uint64_t number            = g_array_index(plot->stage->marks, uint64_t, i);
        const GmqTraceEvent *event = gmq_trace_event(plot->stage->trace, number);
        if (gmq_stage_is_fault(event->kind) && event->time_ns >= plot->series->from_ns &&
            event->time_ns <= plot->series->to_ns)
            draw_fault(plot, event, row_ends);
    }
}

/* ---- which queues ---- */

static uint64_t
depth(const GmqQueueSeries *queue)
{
    return queue->ready_most + queue->unacked_most;
}

static bool
is_named(const GmqQueueSeries *queue, const char *const *names)
{
    return names == NULL || g_strv_contains(names, queue->name);
}

static GmqQueueSeries *
deepest_left(const Plot *plot, const char *const *names)
{
    GmqQueueSeries *found = NULL;

    for (unsigned i = 0; i < plot->series->queues->len; i++) {
        GmqQueueSeries *queue = plot->series->queues->pdata[i];
        if (is_named(queue, names) && !g_ptr_array_find(plot->queues, queue, NULL) &&
            (found == NULL || depth(queue) > depth(found)))
            found = queue;
    }
    return found;
}

static unsigned
choose_queues(Plot *plot, const char *const *names)
{
    GmqQueueSeries *queue = NULL;

    while (plot->queues->len < GMQ_PLOT_QUEUES_MAX && (queue = deepest_left(plot, names)) != NULL)
        g_ptr_array_add(plot->queues, queue);
    return plot->series->queues->len - plot->queues->len;
}

/* ---- the whole ---- */

static char *
describe(const Plot *plot)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (unsigned i = 0; i < plot->queues->len; i++) {
        const GmqQueueSeries *queue = plot->queues->pdata[i];
        g_autofree char *when       = gmq_time_text(queue->ready_most_ns);
        g_string_append_printf(text,
                               "Queue %s: at most %" G_GUINT64_FORMAT
                               " ready, first at %s, and %" G_GUINT64_FORMAT
                               " without an ack; at the end %" G_GUINT64_FORMAT
                               " ready and %" G_GUINT64_FORMAT " without an ack. ",
                               queue->name, queue->ready_most, when, queue->unacked_most,
                               queue->ready_last, queue->unacked_last);
    }
    g_autofree char *longest =
        gmq_duration_text((int64_t)MAX(highest(plot->series, highest_latency), 0) * 1000);
    g_string_append_printf(text, "The slowest message took %s.", longest);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
draw_panels(Plot *plot)
{
    static const Line rates[] = {
        {"published", published}, {"delivered", delivered}, {"acked", acked}};
    static const Line latencies[] = {{"half of them", median_latency},
                                     {"the slowest", highest_latency}};

    draw_queues(plot, 0, "Messages ready", true);
    draw_queues(plot, 1, "Messages without an ack", false);
    draw_lines(plot, 2, "Messages a second", rates, G_N_ELEMENTS(rates), count_label);
    draw_lines(plot, 3, "Time from publish to receipt", latencies, G_N_ELEMENTS(latencies),
               microseconds_label);
}

char *
gmq_plot_draw(const GmqStage *stage, const GmqSeries *series, const char *const *names)
{
    g_auto(GmqEnglish) english  = gmq_english_begin();
    const GmqTraceInfo *info    = gmq_trace_info(stage->trace);
    g_autoptr(GPtrArray) queues = g_ptr_array_new();
    Plot plot                   = {.stage = stage, .series = series, .queues = queues};
    unsigned n_left             = choose_queues(&plot, names);
    g_autofree char *title =
        g_strdup_printf("%s, seed %" G_GUINT64_FORMAT, info->scenario, info->seed);
    g_autofree char *words = describe(&plot);
    g_autoptr(GmqSvg) svg  = gmq_svg_new(WIDTH, TOP + 4 * PANEL_STEP, title, words);

    plot.svg = svg;
    gmq_svg_text(svg, 12, 20, title, GMQ_TONE_INK, GMQ_SVG_BOLD);
    if (n_left > 0) {
        g_autofree char *more = g_strdup_printf("%u more %s no line", n_left,
                                                n_left == 1 ? "queue has" : "queues have");
        gmq_svg_text(svg, WIDTH - 12, 20, more, GMQ_TONE_LINE, GMQ_SVG_SMALL | GMQ_SVG_END);
    }
    draw_panels(&plot);
    draw_faults(&plot);
    return gmq_svg_to_text(svg);
}
