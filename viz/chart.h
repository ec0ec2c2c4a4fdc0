/* chart.h - a sequence chart of a run: who sent what to whom, in the order of time.
 *
 * It is drawn as SVG, or told as text that Mermaid, PlantUML or ShiViz draw. Names may hold
 * anything; each format quotes them in its own way. */
#pragma once

#include "sim/filter.h"
#include "viz/ladder.h"

G_BEGIN_DECLS

/* What one page and one pair of eyes can take. */
#define GMQ_CHART_ARROWS_MOST 200
#define GMQ_CHART_NOTES_MOST 1000

typedef enum {
    GMQ_CHART_SVG,
    GMQ_CHART_MERMAID,
    GMQ_CHART_PLANTUML,
    GMQ_CHART_SHIVIZ,
    GMQ_N_CHARTS,
} GmqChartFormat;

/* What belongs into a chart. */
typedef struct {
    uint64_t from;           /* what ended before this event is left out */
    uint64_t to;             /* the last event that is looked at */
    const char *message;     /* only this one and its copies, "p1-5"; NULL: all */
    const GmqFilter *filter; /* a step is there when one of its events matches; NULL: all are */
} GmqChartWish;

typedef struct {
    GmqLadder *ladder; /* owned */
    unsigned n_arrows;
    unsigned n_notes; /* all that is no arrow, without the waits */
} GmqChart;

/* The stage is lent and must outlive the chart. */
GmqChart *gmq_chart_new(const GmqStage *stage, const GmqChartWish *wish);
void gmq_chart_free(GmqChart *chart);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqChart, gmq_chart_free)

/* Each returns the whole text; the caller frees it. */

/* With by_steps all steps have the same distance; otherwise distances follow the time, as far as
 * words leave room, and long waits are shortened. (chart-svg.c) */
char *gmq_chart_svg(const GmqChart *chart, bool by_steps);

/* (chart-text.c) */
char *gmq_chart_mermaid(const GmqChart *chart);
char *gmq_chart_plantuml(const GmqChart *chart);

/* A line for each end of an arrow and each note, with the vector clock that follows from the causes
 * of the trace. Captions and what befalls all are nobody's and are left out. (chart-shiviz.c) */
char *gmq_chart_shiviz(const GmqChart *chart);

G_END_DECLS
