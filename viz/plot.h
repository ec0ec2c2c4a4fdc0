/* plot.h - the numbers of a run over its time as a drawing: depth of queues, unacknowledged
 * messages, rates, latency, with the faults across all of them. */
#pragma once

#include "viz/series.h"

G_BEGIN_DECLS

/* Queues with a line of their own: each has its colour and its kind of line. */
#define GMQ_PLOT_QUEUES_MAX 5

/* Returns the drawing as SVG text; its description is the same in words. names are the queues to
 * draw, up to NULL; NULL for those that were deepest. Other names than those of queues of the run
 * draw nothing. The caller frees it. */
char *gmq_plot_draw(const GmqStage *stage, const GmqSeries *series, const char *const *names);

G_END_DECLS
