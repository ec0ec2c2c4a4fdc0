#include <string.h>

#include "sim/language.h"
#include "viz/chart-layout.h"
#include "viz/event-line.h"
#include "viz/svg.h"

/* Pixels. */
#define NOTE_HEIGHT 18.0
#define CROSS 5.0
#define SURE 0.9       /* of a room that words take at most: some fonts are wide */
#define SHORT_OF 0.8   /* how far an arrow comes that does not arrive */
#define RISE_MOST 4.0  /* how far words go up with their line */
#define WORDS_GAP 14.0 /* between the head of an arrow and its words */

typedef struct {
    const GmqChart *chart;
    const GmqChartLayout *layout;
    GmqSvg *svg;
    char *last_time; /* that was written at the side; owned */
} Draw;

static const struct {
    GmqTone tone;
    unsigned style;
} arrows[GMQ_N_CHART_ARROWS] = {
    [GMQ_CHART_CALL]        = {GMQ_TONE_MOVING, GMQ_SVG_ARROW},
    [GMQ_CHART_PUSH]        = {GMQ_TONE_MOVING, GMQ_SVG_ARROW},
    [GMQ_CHART_ANSWER]      = {GMQ_TONE_LINE, GMQ_SVG_ARROW | GMQ_SVG_DASHED},
    [GMQ_CHART_LOST]        = {GMQ_TONE_BROKEN, 0},
    [GMQ_CHART_LOST_ANSWER] = {GMQ_TONE_BROKEN, GMQ_SVG_DASHED},
    [GMQ_CHART_MOVING]      = {GMQ_TONE_MOVING, GMQ_SVG_DOTTED},
};

static double
x_of(const Draw *draw, unsigned column)
{
    return gmq_chart_x(draw->layout, column);
}

/* ---- columns ---- */

static GmqTone
tone_of(const Draw *draw, unsigned column)
{
    const GmqLadder *ladder = draw->chart->ladder;

    if (column == ladder->broker)
        return GMQ_TONE_EXCHANGE;
    return column < ladder->broker ? GMQ_TONE_PRODUCER : GMQ_TONE_CONSUMER;
}

static void
draw_name(const Draw *draw, unsigned column, double y)
{
    const char *whole     = gmq_ladder_column(draw->chart->ladder, column)->name;
    g_autofree char *name = gmq_chart_name(draw->chart, column, 300);
    double width          = CLAMP(gmq_svg_text_width(name, GMQ_SVG_BOLD) + 24, 60, 132);
    double x              = x_of(draw, column);

    gmq_svg_begin_group(draw->svg, whole);
    gmq_svg_rect(draw->svg, x - width / 2, y, width, GMQ_CHART_HEAD, 5, tone_of(draw, column),
                 GMQ_TONE_LINE);
    gmq_svg_label(draw->svg, x, y + 20, width - 12, name, GMQ_TONE_INK,
                  GMQ_SVG_BOLD | GMQ_SVG_MIDDLE);
    gmq_svg_end_group(draw->svg);
}

/* Where time is shortened the line is dotted. */
static void
draw_life_line(const Draw *draw, unsigned column)
{
    const GmqChartLayout *layout = draw->layout;
    double x                     = x_of(draw, column);
    double y                     = layout->top;

    for (unsigned i = 0; i < layout->breaks->len; i++) {
        const GmqChartBreak *piece = &g_array_index(layout->breaks, GmqChartBreak, i);
        gmq_svg_line(draw->svg, x, y, x, piece->from_y, GMQ_TONE_LINE, 0);
        gmq_svg_line(draw->svg, x, piece->from_y, x, piece->y, GMQ_TONE_LINE, GMQ_SVG_DOTTED);
        y = piece->y;
    }
    gmq_svg_line(draw->svg, x, y, x, layout->bottom, GMQ_TONE_LINE, 0);
}

static GmqEventKind
kind_of(const Draw *draw, const GmqRung *rung)
{
    return gmq_trace_event(draw->chart->ladder->stage->trace, rung->event)->kind;
}

/* While somebody is down its line is broken. */
static void
draw_down(const Draw *draw, unsigned column, double from_y, double y)
{
    double x = x_of(draw, column);

    gmq_svg_line(draw->svg, x, from_y, x, y, GMQ_TONE_PAPER, GMQ_SVG_BOLD);
    gmq_svg_line(draw->svg, x, from_y, x, y, GMQ_TONE_BROKEN, GMQ_SVG_DASHED);
}

static void
draw_downs(const Draw *draw, unsigned column)
{
    const GmqLadder *ladder = draw->chart->ladder;
    double from_y           = 0; /* 0: not down */

    for (unsigned i = 0; i < ladder->rungs->len; i++) {
        const GmqRung *rung = gmq_ladder_rung(ladder, i);
        double y            = gmq_chart_place(draw->layout, i)->y;
        if (rung->kind != GMQ_RUNG_NOTE || rung->from != column)
            continue;
        if (kind_of(draw, rung) == GMQ_EVENT_FAULT_CRASH && from_y <= 0)
            from_y = y;
        if (kind_of(draw, rung) != GMQ_EVENT_FAULT_START || from_y <= 0)
            continue;
        draw_down(draw, column, from_y, y);
        from_y = 0;
    }
    if (from_y > 0)
        draw_down(draw, column, from_y, draw->layout->bottom);
}

static void
draw_columns(const Draw *draw)
{
    for (unsigned i = 0; i < draw->chart->ladder->columns->len; i++) {
        if (!gmq_chart_shows(draw->chart, i))
            continue;
        draw_life_line(draw, i);
        draw_downs(draw, i);
        draw_name(draw, i, draw->layout->top - GMQ_CHART_HEAD);
        draw_name(draw, i, draw->layout->bottom);
    }
}

/* ---- words ---- */

/* The words with paper below them, so that lines do not run through them. */
static void
draw_words(const Draw *draw, double x, double y, double room, const char *words, GmqTone tone,
           bool at_end)
{
    double width = MIN(gmq_svg_text_width(words, 0), room);

    gmq_svg_rect(draw->svg, at_end ? x - width : x, y - 10, width, 13, 0, GMQ_TONE_PAPER,
                 GMQ_TONE_NONE);
    gmq_svg_label(draw->svg, x, y, room, words, tone, at_end ? GMQ_SVG_END : 0);
}

/* "#12" and "1.470s" at the side; the time only when it is another one than above. */
static void
draw_side(Draw *draw, const GmqRung *rung, double y)
{
    g_autofree char *number = g_strdup_printf("#%" G_GUINT64_FORMAT, rung->last_event);
    g_autofree char *time   = gmq_event_time(rung->last_ns);

    gmq_svg_text(draw->svg, GMQ_CHART_MARGIN + 44, y + 4, number, GMQ_TONE_LINE,
                 GMQ_SVG_SMALL | GMQ_SVG_END);
    if (g_strcmp0(draw->last_time, time) == 0)
        return;
    gmq_svg_text(draw->svg, GMQ_CHART_MARGIN + 104, y + 4, time, GMQ_TONE_INK,
                 GMQ_SVG_SMALL | GMQ_SVG_END);
    g_free(draw->last_time);
    draw->last_time = g_steal_pointer(&time);
}

/* ---- arrows ---- */

static void
draw_cross(const Draw *draw, double x, double y)
{
    gmq_svg_line(draw->svg, x - CROSS, y - CROSS, x + CROSS, y + CROSS, GMQ_TONE_BROKEN,
                 GMQ_SVG_BOLD);
    gmq_svg_line(draw->svg, x - CROSS, y + CROSS, x + CROSS, y - CROSS, GMQ_TONE_BROKEN,
                 GMQ_SVG_BOLD);
}

/* Where the line of an arrow ends: before its column when it does not arrive. */
static double
end_x(const Draw *draw, const GmqRung *rung)
{
    double part = rung->end == GMQ_ARROW_ARRIVED ? 1 : SHORT_OF;

    return x_of(draw, rung->from) + part * (x_of(draw, rung->to) - x_of(draw, rung->from));
}

static void
draw_arrow_line(const Draw *draw, const GmqRung *rung, const GmqChartPlace *place)
{
    GmqChartArrow kind = gmq_chart_arrow(draw->chart, rung);
    bool is_lost       = rung->end == GMQ_ARROW_LOST;
    GmqTone tone       = rung->is_again && !is_lost ? GMQ_TONE_SERIES_2 : arrows[kind].tone;
    double to_x        = end_x(draw, rung);

    gmq_svg_line(draw->svg, x_of(draw, rung->from), place->from_y, to_x, place->y, tone,
                 arrows[kind].style);
    if (is_lost)
        draw_cross(draw, to_x, place->y);
}

/* The words stand over the line, near its end; over a steep one they hide a part of it. */
static void
draw_arrow_words(const Draw *draw, const GmqRung *rung, const GmqChartPlace *place)
{
    double from_x     = x_of(draw, rung->from);
    double to_x       = end_x(draw, rung);
    bool is_rightward = to_x > from_x;
    double length     = ABS(to_x - from_x);
    double room       = (length - WORDS_GAP) * SURE;
    double reach      = WORDS_GAP + MIN(gmq_svg_text_width(place->words, 0), room);
    double rise       = MIN((place->y - place->from_y) * reach / length, RISE_MOST);

    draw_words(draw, to_x + (is_rightward ? -WORDS_GAP : WORDS_GAP), place->y - 4 - rise, room,
               place->words, rung->end == GMQ_ARROW_LOST ? GMQ_TONE_BROKEN : GMQ_TONE_INK,
               is_rightward);
}

/* ---- notes ---- */

static void
draw_loop(const Draw *draw, double x, double y, const char *words)
{
    double right = x + GMQ_CHART_LOOP;

    gmq_svg_begin_path(draw->svg, x, y - 7);
    gmq_svg_path_to(draw->svg, right, y - 7);
    gmq_svg_path_to(draw->svg, right, y + 6);
    gmq_svg_end_path(draw->svg, GMQ_TONE_NONE, GMQ_TONE_INK, GMQ_SVG_DOTTED);
    gmq_svg_line(draw->svg, right, y + 6, x, y + 6, GMQ_TONE_INK, GMQ_SVG_DOTTED | GMQ_SVG_ARROW);
    draw_words(draw, right + 6, y + 4, 260, words, GMQ_TONE_INK, false);
}

static void
draw_note(const Draw *draw, const GmqRung *rung, const GmqChartPlace *place)
{
    double x     = x_of(draw, rung->from);
    double width = gmq_chart_note_width(place->words, rung->is_fault);

    if (rung->is_dotted) {
        draw_loop(draw, x, place->y, place->words);
        return;
    }
    gmq_svg_rect(draw->svg, x - width / 2, place->y - NOTE_HEIGHT / 2, width, NOTE_HEIGHT, 3,
                 rung->is_fault ? GMQ_TONE_PAPER : GMQ_TONE_QUEUE,
                 rung->is_fault ? GMQ_TONE_BROKEN : GMQ_TONE_LINE);
    gmq_svg_label(draw->svg, x, place->y + 4, MIN(width, GMQ_CHART_NOTE_WORDS), place->words,
                  rung->is_fault ? GMQ_TONE_BROKEN : GMQ_TONE_INK,
                  GMQ_SVG_SMALL | GMQ_SVG_MIDDLE | (rung->is_fault ? GMQ_SVG_BOLD : 0));
}

static void
draw_span(const Draw *draw, const GmqRung *rung, const GmqChartPlace *place)
{
    const GmqChartLayout *layout = draw->layout;
    GmqTone tone                 = rung->is_fault ? GMQ_TONE_BROKEN : GMQ_TONE_INK;
    double height                = place->lines->len * GMQ_CHART_LINE + 8;

    gmq_svg_rect(draw->svg, layout->left, place->y, layout->right - layout->left, height, 4,
                 GMQ_TONE_PAPER, rung->is_fault ? GMQ_TONE_BROKEN : GMQ_TONE_LINE);
    for (unsigned i = 0; i < place->lines->len; i++)
        gmq_svg_label(draw->svg, (layout->left + layout->right) / 2,
                      place->y + (i + 1) * GMQ_CHART_LINE, layout->right - layout->left - 16,
                      place->lines->pdata[i], tone, GMQ_SVG_MIDDLE);
}

static void
draw_wait(const Draw *draw, const GmqRung *rung, const GmqChartPlace *place)
{
    const GmqChartLayout *layout = draw->layout;
    bool is_of_all               = *rung->message == '\0';
    double x      = is_of_all ? (layout->left + layout->right) / 2 : x_of(draw, rung->from);
    double width  = gmq_chart_note_width(place->words, false);
    double text_y = place->y - 6;

    gmq_svg_rect(draw->svg, x - width / 2, text_y - 12, width, 16, 0, GMQ_TONE_PAPER,
                 GMQ_TONE_NONE);
    gmq_svg_label(draw->svg, x, text_y, width, place->words, GMQ_TONE_LINE,
                  GMQ_SVG_SMALL | GMQ_SVG_MIDDLE);
}

/* ---- the whole ---- */

/* "1.470s: p1 to broker: publish 5" */
static char *
say(const Draw *draw, const GmqRung *rung, const GmqChartPlace *place)
{
    g_autofree char *time = gmq_event_time(rung->last_ns);
    g_autofree char *from = gmq_chart_name(draw->chart, rung->from, 300);
    g_autofree char *to   = gmq_chart_name(draw->chart, rung->to, 300);

    if (rung->kind == GMQ_RUNG_ARROW)
        return g_strdup_printf("%s: %s to %s: %s%s", time, from, to, place->words,
                               rung->end == GMQ_ARROW_LOST ? ", lost" : "");
    if (rung->kind == GMQ_RUNG_NOTE)
        return g_strdup_printf("%s: %s: %s", time, from, place->words);
    return g_strdup_printf("%s: %s", time, place->words);
}

static void
draw_rung(Draw *draw, const GmqRung *rung, const GmqChartPlace *place)
{
    static void (*const drawers[])(const Draw *draw, const GmqRung *rung,
                                   const GmqChartPlace *place) = {
        [GMQ_RUNG_ARROW] = draw_arrow_words,
        [GMQ_RUNG_NOTE]  = draw_note,
        [GMQ_RUNG_WAIT]  = draw_wait,
        [GMQ_RUNG_SPAN]  = draw_span,
    };
    g_autofree char *said = say(draw, rung, place);

    gmq_svg_begin_group(draw->svg, said);
    drawers[rung->kind](draw, rung, place);
    if (rung->kind != GMQ_RUNG_WAIT)
        draw_side(draw, rung, place->y + (rung->kind == GMQ_RUNG_SPAN ? 14 : 0));
    gmq_svg_end_group(draw->svg);
}

/* Below all words and boxes. */
static void
draw_arrow_lines(const Draw *draw)
{
    const GmqLadder *ladder = draw->chart->ladder;

    for (unsigned i = 0; i < ladder->rungs->len; i++) {
        if (gmq_ladder_rung(ladder, i)->kind == GMQ_RUNG_ARROW)
            draw_arrow_line(draw, gmq_ladder_rung(ladder, i), gmq_chart_place(draw->layout, i));
    }
}

/* How to read the distances. */
static char *
say_scale(const GmqChartLayout *layout)
{
    if (layout->ns_per_pixel <= 0)
        return g_strdup("Each step has the same distance.");
    g_autofree char *length = gmq_ladder_duration((int64_t)(layout->ns_per_pixel * 12));
    return g_strdup_printf("Where words leave room, the height of a letter is %s; dotted lines are "
                           "times cut short.",
                           length);
}

static void
draw_title(const Draw *draw, const char *title)
{
    g_autofree char *scale = say_scale(draw->layout);
    double room            = draw->layout->width - 2 * GMQ_CHART_MARGIN;

    gmq_svg_label(draw->svg, GMQ_CHART_MARGIN, 28, room, title, GMQ_TONE_INK,
                  GMQ_SVG_LARGE | GMQ_SVG_BOLD);
    gmq_svg_label(draw->svg, GMQ_CHART_MARGIN, 48, room, scale, GMQ_TONE_LINE, GMQ_SVG_SMALL);
}

char *
gmq_chart_svg(const GmqChart *chart, bool by_steps)
{
    g_auto(GmqEnglish) english       = gmq_english_begin();
    g_autoptr(GmqChartLayout) layout = gmq_chart_layout_new(chart, by_steps);
    g_autofree char *title           = gmq_chart_title(chart);
    g_autofree char *words           = gmq_chart_describe(chart);
    g_autoptr(GmqSvg) svg            = gmq_svg_new(layout->width, layout->height, title, words);
    Draw draw                        = {.chart = chart, .layout = layout, .svg = svg};

    draw_title(&draw, title);
    draw_columns(&draw);
    draw_arrow_lines(&draw);
    for (unsigned i = 0; i < chart->ladder->rungs->len; i++)
        draw_rung(&draw, gmq_ladder_rung(chart->ladder, i), gmq_chart_place(layout, i));
    g_free(draw.last_time);
    return gmq_svg_to_text(svg);
}
