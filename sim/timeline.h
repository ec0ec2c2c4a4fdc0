/* timeline.h - the entries of a scenario's timeline: when each is due, and what it does.
 *
 * Entries that wait for something look at every event; what they do is a step of its own, first in
 * its instant. */
#pragma once

#include "sim/tally.h"

G_BEGIN_DECLS

typedef struct GmqWorld GmqWorld;
typedef struct GmqTimeline GmqTimeline;

/* The world is lent and must outlive the timeline. */
GmqTimeline *gmq_timeline_new(GmqWorld *world);
void gmq_timeline_free(GmqTimeline *timeline);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqTimeline, gmq_timeline_free)

/* Time begins: entries with a time of their own are planned. */
void gmq_timeline_begin(GmqTimeline *timeline);

/* Faults that were to end later end now. */
void gmq_timeline_calm(GmqTimeline *timeline);

/* Something happened, and changed that. */
void gmq_timeline_add(GmqTimeline *timeline, const GmqTraceEvent *event, const GmqTallyNews *news);

/* A client has become what no event tells. */
void gmq_timeline_client_is(GmqTimeline *timeline, const char *client, GmqCondition condition);

/* The broker's disk has written these bytes, and not synced them. */
void gmq_timeline_wrote(void *timeline, GmqSlice bytes);

/* The lines of entries that never happened; lent. */
const unsigned *gmq_timeline_idle_lines(GmqTimeline *timeline, size_t *n);

/* Whether one of these would have done something, and not only said it. */
bool gmq_timeline_has_idle_deed(const GmqTimeline *timeline);

G_END_DECLS
