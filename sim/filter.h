/* filter.h - which events somebody wants to see: "kind:deliver queue:tasks m:p1-5 t>1s".
 *
 * Words stand beside each other and all of them must hold; what a comma parts are choices of which
 * one must hold; "!" before a word turns it round. Names may hold "*" for anything, and what has
 * spaces or commas in it stands in double quotes. A word without a key is looked for everywhere.
 * The keys are a table (filter-key.c), which the help of the view and of "glassmq tail" show. */
#pragma once

#include "sim/trace.h"

G_BEGIN_DECLS

/* Longer texts are refused. */
#define GMQ_FILTER_TEXT_MAX 1024

typedef struct GmqFilter GmqFilter;

#define GMQ_FILTER_ERROR gmq_filter_error_quark()
GQuark gmq_filter_error_quark(void);

typedef enum {
    GMQ_FILTER_ERROR_WRONG,
} GmqFilterError;

/* Reads a filter; an empty one lets everything through. On a mistake it returns NULL, says in the
 * error what is wrong and what may have been meant, and sets column, which may be NULL, to the
 * character at which the wrong part begins, 1 for the first. The caller frees the filter. */
GmqFilter *gmq_filter_new(const char *text, unsigned *column, GError **error);
void gmq_filter_free(GmqFilter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqFilter, gmq_filter_free)

/* The text as it was read, without spaces at its ends; lent. */
const char *gmq_filter_text(const GmqFilter *filter);

/* Whether the event has all that the filter asks for. No filter, NULL, asks for nothing. */
bool gmq_filter_matches(const GmqFilter *filter, const GmqTraceEvent *event);

/* One key of the language, for help: "queue", "NAME[,NAME...]", "a queue that takes part". */
typedef struct {
    const char *key;
    const char *values;
    const char *doc;
} GmqFilterKey;

/* The keys in the order in which help shows them; NULL behind the last. */
const GmqFilterKey *gmq_filter_key(size_t index);

G_END_DECLS
