/* chart-part.h - what the formats of a chart have in common; only for chart*.c. */
#pragma once

#include "viz/chart.h"

G_BEGIN_DECLS

/* How an arrow is drawn. */
typedef enum {
    GMQ_CHART_CALL,        /* a request of a client */
    GMQ_CHART_PUSH,        /* what the broker sends by itself */
    GMQ_CHART_ANSWER,      /* a confirm, an ack, a return, what was fetched */
    GMQ_CHART_LOST,        /* a request that never arrives */
    GMQ_CHART_LOST_ANSWER, /* an answer that never arrives */
    GMQ_CHART_MOVING,      /* it has not arrived yet */
    GMQ_N_CHART_ARROWS,
} GmqChartArrow;

GmqChartArrow gmq_chart_arrow(const GmqChart *chart, const GmqRung *rung);

/* Whether it is a column that the chart shows. */
bool gmq_chart_shows(const GmqChart *chart, unsigned column);

/* The first and the last column that the chart shows. */
unsigned gmq_chart_first(const GmqChart *chart);
unsigned gmq_chart_last(const GmqChart *chart);

/* Each returns a new text. */

/* "deliver 5 again" */
char *gmq_chart_words(const GmqChart *chart, const GmqRung *rung);

/* "A worker dies (06-worker-dies, seed 1)" */
char *gmq_chart_title(const GmqChart *chart);

/* The chart in two sentences, for those who do not see it. */
char *gmq_chart_describe(const GmqChart *chart);

/* The words as lines, of char *, that take no more columns than that; only a longer word does. */
GPtrArray *gmq_chart_wrap(const char *words, unsigned columns);

/* A name of a client, "(no name)" when it is empty; shortened in the middle when it takes more
 * columns than that. */
char *gmq_chart_name(const GmqChart *chart, unsigned column, unsigned columns);

G_END_DECLS
