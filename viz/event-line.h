/* event-line.h - one event in a few words, for lists. */
#pragma once

#include "viz/stage.h"

G_BEGIN_DECLS

/* Fills in what stands between braces in the format: {w} who, {t} to, {m} message, {k} key, {c}
 * count, {g} tag, {x} text. The format is marked with N_() and told in the chosen language. The
 * caller frees it. */
char *gmq_event_fill(const GmqStage *stage, const GmqTraceEvent *event, const char *format);

/* The same for a format that is in the chosen language already. */
char *gmq_event_put(const GmqStage *stage, const GmqTraceEvent *event, const char *format);

/* "deliver p1-5 to w1": what happened, without who and when. The caller frees it. */
char *gmq_event_words(const GmqStage *stage, const GmqTraceEvent *event);

/* Who did it, for a column of names: "FAULT" for what befell somebody. Lent. */
const char *gmq_event_actor(const GmqTraceEvent *event);

/* "1.470s" */
char *gmq_event_time(int64_t time_ns);

G_END_DECLS
