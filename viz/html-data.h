/* html-data.h - a run as the data of its page: JSON, small enough to be read by a telephone.
 *
 * It holds the boxes and lines with their places, the moment before its first event, and for each
 * event what it changes, which words tell it, and what it moved. A reader needs no more to stand at
 * any event, and to go back. */
#pragma once

#include "sim/filter.h"
#include "viz/stage.h"

G_BEGIN_DECLS

/* A page holds no more events than this. */
#define GMQ_HTML_EVENTS_MAX 20000

/* Which events a page has: from the first to the last number; 0, 0: all. */
typedef struct {
    uint64_t from, to;
} GmqHtmlRange;

/* The JSON of those events of the run, of which the page lists those that the filter keeps (NULL,
 * or an empty one: all) and leads from one of them to the next. The events that are left out are in
 * it too, because they change the picture. It is pure ASCII outside of texts and without "<"
 * anywhere, so that it can stand inside a script element. The caller frees it. */
char *gmq_html_data(const GmqStage *stage, GmqHtmlRange range, const GmqFilter *filter);

G_END_DECLS
