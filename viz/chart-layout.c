#include "viz/chart-layout.h"

#include <stdlib.h>
#include <string.h>

#include "viz/svg.h"

/* Pixels. */
#define TOP 76.0
#define TITLE_MOST 900.0
#define ROW 28.0
#define GAP_LEAST 150.0
#define EDGE_LEAST 75.0 /* beside the first and the last column */
#define GAP_MOST 320.0
#define NOTE_MOST 300.0
#define NOTE_PADDING 20.0
#define PAUSE_LEAST 34.0
#define TIME_MOST 52.0   /* what a time without anything takes at most */
#define FLIGHT 8.0       /* what half of the arrows sink at most */
#define BREAK_APART 16.0 /* dotted pieces that are closer are one */
#define ARROW_WORDS 44.  /* more room than its words that an arrow wants */

/* Where a rung begins or ends. */
typedef struct {
    uint64_t key; /* twice the number of the event; one more for a pause behind it */
    unsigned rung;
    bool is_start;
    int64_t time_ns;
    double y;
} Point;

typedef struct {
    const GmqChart *chart;
    GmqChartLayout *layout;
    GArray *points; /* of Point, from above */
} Make;

const GmqChartPlace *
gmq_chart_place(const GmqChartLayout *layout, unsigned rung)
{
    return &g_array_index(layout->places, GmqChartPlace, rung);
}

static GmqChartPlace *
place_at(const Make *make, unsigned rung)
{
    return &g_array_index(make->layout->places, GmqChartPlace, rung);
}

double
gmq_chart_x(const GmqChartLayout *layout, unsigned column)
{
    return g_array_index(layout->columns, double, column);
}

double
gmq_chart_note_width(const char *words, bool is_fault)
{
    double width = gmq_svg_text_width(words, GMQ_SVG_SMALL | (is_fault ? GMQ_SVG_BOLD : 0));

    return width > GMQ_CHART_NOTE_WORDS ? NOTE_MOST : width + NOTE_PADDING;
}

/* ---- columns ---- */

/* The column beside the end of an arrow, on its way. */
static double *
gap_before(double *gaps, const GmqRung *rung)
{
    return &gaps[rung->to > rung->from ? rung->to : rung->to + 1];
}

static void
want(double *gap, double width)
{
    *gap = MIN(MAX(*gap, width), GAP_MOST);
}

/* How much room each column needs at its left, gaps[n] at the right of the last one. */
static double *
measure_gaps(const Make *make)
{
    const GmqLadder *ladder = make->chart->ladder;
    double *gaps            = g_new0(double, ladder->columns->len + 1);

    for (unsigned i = 0; i < ladder->rungs->len; i++) {
        const GmqRung *rung = gmq_ladder_rung(ladder, i);
        const char *words   = place_at(make, i)->words;
        if (rung->kind == GMQ_RUNG_ARROW)
            want(gap_before(gaps, rung), gmq_svg_text_width(words, 0) + ARROW_WORDS);
        if (rung->kind != GMQ_RUNG_NOTE && rung->kind != GMQ_RUNG_WAIT)
            continue;
        double width = gmq_chart_note_width(words, rung->is_fault);
        want(&gaps[rung->from], width / 2 + 14);
        want(&gaps[rung->from + 1], rung->is_dotted ? width + GMQ_CHART_LOOP + 14 : width / 2 + 14);
    }
    return gaps;
}

static double
title_width(const GmqChart *chart)
{
    g_autofree char *title = gmq_chart_title(chart);

    return GMQ_CHART_MARGIN + gmq_svg_text_width(title, GMQ_SVG_LARGE | GMQ_SVG_BOLD);
}

/* A gap that lies beside a column that is not shown goes to its neighbour. */
static void
place_columns(const Make *make)
{
    GmqChartLayout *layout = make->layout;
    unsigned n             = make->chart->ladder->columns->len;
    g_autofree double *gap = measure_gaps(make);
    unsigned first         = gmq_chart_first(make->chart);
    unsigned last          = gmq_chart_last(make->chart);
    double x               = GMQ_CHART_MARGIN + GMQ_CHART_SIDE + MAX(gap[first], EDGE_LEAST);
    double needed          = 0;

    g_array_set_size(layout->columns, n);
    for (unsigned i = 0; i < n; i++) {
        needed = MAX(needed, gap[i]);
        if (!gmq_chart_shows(make->chart, i))
            continue;
        x += i == first ? 0 : MAX(needed, GAP_LEAST);
        g_array_index(layout->columns, double, i) = x;

        needed = 0;
    }
    layout->left  = GMQ_CHART_MARGIN + GMQ_CHART_SIDE;
    layout->right = x + MAX(gap[last + 1], EDGE_LEAST);
    layout->width =
        MAX(layout->right, MIN(title_width(make->chart), TITLE_MOST)) + GMQ_CHART_MARGIN;
}

/* ---- words ---- */

static void
add_words(const Make *make)
{
    const GmqLadder *ladder = make->chart->ladder;

    for (unsigned i = 0; i < ladder->rungs->len; i++) {
        GmqChartPlace place = {.words = gmq_chart_words(make->chart, gmq_ladder_rung(ladder, i))};
        g_array_append_val(make->layout->places, place);
    }
}

static void
wrap_spans(const Make *make)
{
    const GmqLadder *ladder = make->chart->ladder;
    double width            = make->layout->right - make->layout->left - 2 * NOTE_PADDING;
    unsigned columns        = (unsigned)(width / gmq_svg_text_width("x", 0));

    for (unsigned i = 0; i < ladder->rungs->len; i++) {
        if (gmq_ladder_rung(ladder, i)->kind == GMQ_RUNG_SPAN)
            place_at(make, i)->lines = gmq_chart_wrap(place_at(make, i)->words, columns);
    }
}

/* ---- points ---- */

static int
compare_points(const void *a, const void *b)
{
    const Point *one   = a;
    const Point *other = b;

    if (one->key != other->key)
        return one->key < other->key ? -1 : 1;
    if (one->is_start != other->is_start)
        return one->is_start ? -1 : 1;
    return one->rung < other->rung ? -1 : one->rung > other->rung;
}

static void
add_point(const Make *make, uint64_t key, unsigned rung, bool is_start, int64_t time_ns)
{
    Point point = {key, rung, is_start, time_ns, 0};

    g_array_append_val(make->points, point);
}

static void
add_points(const Make *make, bool by_steps)
{
    const GmqLadder *ladder = make->chart->ladder;
    uint64_t before         = 0; /* the event of the rung before */

    for (unsigned i = 0; i < ladder->rungs->len; i++) {
        const GmqRung *rung = gmq_ladder_rung(ladder, i);
        uint64_t key        = rung->end == GMQ_ARROW_MOVING ? UINT64_MAX : 2 * rung->last_event;

        if (rung->kind == GMQ_RUNG_WAIT)
            key = 2 * before + 1;
        else
            before = rung->last_event;
        if (by_steps)
            key = i;
        else if (rung->kind == GMQ_RUNG_ARROW)
            add_point(make, 2 * rung->event, i, true, rung->time_ns);
        add_point(make, key, i, false, rung->last_ns);
    }
    g_array_sort(make->points, compare_points);
}

/* ---- heights ---- */

static int
compare_times(const void *a, const void *b)
{
    int64_t one   = *(const int64_t *)a;
    int64_t other = *(const int64_t *)b;

    return one < other ? -1 : one > other;
}

/* The scale at which half of the arrows sink no more than FLIGHT. */
static double
choose_scale(const GmqLadder *ladder)
{
    g_autoptr(GArray) flights = g_array_new(FALSE, FALSE, sizeof(int64_t));

    for (unsigned i = 0; i < ladder->rungs->len; i++) {
        const GmqRung *rung = gmq_ladder_rung(ladder, i);
        int64_t flight_ns   = rung->last_ns - rung->time_ns;
        if (rung->kind == GMQ_RUNG_ARROW && rung->end == GMQ_ARROW_ARRIVED && flight_ns > 0)
            g_array_append_val(flights, flight_ns);
    }
    if (flights->len == 0)
        return 1000000 / FLIGHT;
    g_array_sort(flights, compare_times);
    unsigned middle = flights->len / 2;
    return (double)g_array_index(flights, int64_t, middle) / FLIGHT;
}

/* How far below the words before it those of a rung must stand, and what they take below. */
static double
room_above(const GmqRung *rung)
{
    return rung->kind == GMQ_RUNG_WAIT ? PAUSE_LEAST : rung->kind == GMQ_RUNG_SPAN ? 16 : ROW;
}

static double
room_below(const GmqRung *rung, const GmqChartPlace *place)
{
    if (rung->kind == GMQ_RUNG_SPAN)
        return place->lines->len * GMQ_CHART_LINE + 10;
    return rung->kind == GMQ_RUNG_WAIT ? 8 : 0;
}

/* One that begins near the end of the last one goes on with it. */
static void
add_break(const Make *make, double from_y, double y)
{
    GArray *breaks      = make->layout->breaks;
    GmqChartBreak piece = {from_y, y};
    GmqChartBreak *last =
        breaks->len == 0 ? NULL : &g_array_index(breaks, GmqChartBreak, breaks->len - 1);

    if (last != NULL && from_y - last->y < BREAK_APART)
        last->y = y;
    else
        g_array_append_val(breaks, piece);
}

static void
sink(const Make *make)
{
    GmqChartLayout *layout = make->layout;
    double y               = layout->top;
    double words_y         = y; /* below the words before */
    int64_t now_ns         = G_MAXINT64;

    for (unsigned i = 0; i < make->points->len; i++) {
        Point *point        = &g_array_index(make->points, Point, i);
        const GmqRung *rung = gmq_ladder_rung(make->chart->ladder, point->rung);
        double begin        = y;
        int64_t passed_ns   = MAX(point->time_ns - now_ns, 0);
        double passed       = 0;

        if (layout->ns_per_pixel > 0 && rung->kind != GMQ_RUNG_WAIT)
            passed = (double)passed_ns / layout->ns_per_pixel;
        y += MIN(passed, TIME_MOST);
        if (!point->is_start) {
            y       = MAX(y, words_y + room_above(rung));
            words_y = y + room_below(rung, place_at(make, point->rung));
        }
        point->y = y;
        if (rung->kind == GMQ_RUNG_WAIT || passed > TIME_MOST)
            add_break(make, begin + 6, y + 4);
        y      = MAX(y, point->is_start ? y : words_y);
        now_ns = MAX(now_ns == G_MAXINT64 ? 0 : now_ns, point->time_ns);
    }
    layout->bottom = MAX(y, words_y) + 24;
}

/* An arrow begins as late as its neighbours and the time that it takes allow, so that it is no
 * steeper than it must be. */
static void
lift_starts(const Make *make)
{
    double limit = make->layout->bottom;

    for (unsigned i = make->points->len; i > 0; i--) {
        Point *point         = &g_array_index(make->points, Point, i - 1);
        const GmqRung *rung  = gmq_ladder_rung(make->chart->ladder, point->rung);
        GmqChartPlace *place = place_at(make, point->rung);
        if (point->is_start) {
            double flight = (double)(rung->last_ns - rung->time_ns) / make->layout->ns_per_pixel;
            double wanted = place->y - MIN(flight, TIME_MOST);
            point->y      = MAX(point->y, MIN(wanted, limit));
            place->from_y = point->y;
        } else {
            place->y = place->from_y = point->y;
        }
        limit = MIN(limit, point->y);
    }
}

/* ---- the whole ---- */

GmqChartLayout *
gmq_chart_layout_new(const GmqChart *chart, bool by_steps)
{
    GmqChartLayout *layout = g_new0(GmqChartLayout, 1);
    GArray *points         = g_array_new(FALSE, FALSE, sizeof(Point));
    Make make              = {.chart = chart, .layout = layout, .points = points};

    layout->top          = TOP + GMQ_CHART_HEAD;
    layout->columns      = g_array_new(FALSE, TRUE, sizeof(double));
    layout->places       = g_array_new(FALSE, FALSE, sizeof(GmqChartPlace));
    layout->breaks       = g_array_new(FALSE, FALSE, sizeof(GmqChartBreak));
    layout->ns_per_pixel = by_steps ? 0 : choose_scale(chart->ladder);
    add_words(&make);
    place_columns(&make);
    wrap_spans(&make);
    add_points(&make, by_steps);
    sink(&make);
    lift_starts(&make);
    layout->height = layout->bottom + GMQ_CHART_HEAD + GMQ_CHART_MARGIN;
    g_array_free(points, TRUE);
    return layout;
}

void
gmq_chart_layout_free(GmqChartLayout *layout)
{
    for (unsigned i = 0; i < layout->places->len; i++) {
        GmqChartPlace *place = &g_array_index(layout->places, GmqChartPlace, i);
        g_free(place->words);
        g_clear_pointer(&place->lines, g_ptr_array_unref);
    }
    g_array_free(layout->columns, TRUE);
    g_array_free(layout->places, TRUE);
    g_array_free(layout->breaks, TRUE);
    g_free(layout);
}
