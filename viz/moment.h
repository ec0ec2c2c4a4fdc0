/* moment.h - a moment of a run, as people name it: an event, or a time. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

#include "sim/trace.h"

G_BEGIN_DECLS

/* Reads "214" or "#214", the moment after that event; "1.47s" or "250ms", the moment after the last
 * event up to that time; "caption:2" or "fault:1", the second caption, the first fault; "start",
 * before the first one; or "end". False with an error, a sentence
 * without its full stop, for any other text and for what lies behind the end. */
bool gmq_moment_read(const GmqTrace *trace, const char *text, uint64_t *event, GError **error);

/* The last event up to that time; 0 when the first one comes later. */
uint64_t gmq_moment_at_time(const GmqTrace *trace, int64_t time_ns);

G_END_DECLS
