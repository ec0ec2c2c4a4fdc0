/* chart-layout.h - where everything stands in the drawing of a chart; only for chart-*.c. */
#pragma once

#include "viz/chart-part.h"

G_BEGIN_DECLS

/* Pixels. */
#define GMQ_CHART_MARGIN 16.0
#define GMQ_CHART_SIDE 122.0       /* at the left, for numbers and times */
#define GMQ_CHART_HEAD 30.0        /* height of the boxes with names */
#define GMQ_CHART_LINE 18.0        /* of words */
#define GMQ_CHART_NOTE_WORDS 264.0 /* what the words of a note take at most */
#define GMQ_CHART_LOOP 30.0        /* width of an arrow to oneself */

/* Where a rung stands. */
typedef struct {
    double from_y, y; /* where it begins, and where it ends; the same for all but arrows */
    char *words;      /* owned */
    GPtrArray *lines; /* of char *: the words of what spans all columns; NULL for all others */
} GmqChartPlace;

/* A time that takes less room than its length asks for. */
typedef struct {
    double from_y, y;
} GmqChartBreak;

typedef struct {
    double width, height;
    double left, right;  /* edges of what spans all columns */
    double top, bottom;  /* of the lines of the columns */
    double ns_per_pixel; /* 0 when the distances do not follow the time */
    GArray *columns;     /* of double: x of each column; those that are not shown have 0 */
    GArray *places;      /* of GmqChartPlace, for each rung */
    GArray *breaks;      /* of GmqChartBreak, from above */
} GmqChartLayout;

GmqChartLayout *gmq_chart_layout_new(const GmqChart *chart, bool by_steps);
void gmq_chart_layout_free(GmqChartLayout *layout);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqChartLayout, gmq_chart_layout_free)

const GmqChartPlace *gmq_chart_place(const GmqChartLayout *layout, unsigned rung);

double gmq_chart_x(const GmqChartLayout *layout, unsigned column);

/* How wide the box of a note is. */
double gmq_chart_note_width(const char *words, bool is_fault);

G_END_DECLS
