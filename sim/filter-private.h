/* filter-private.h - the inside of a filter, for filter*.c alone. */
#pragma once

#include "sim/filter.h"

G_BEGIN_DECLS

/* What a comma parts. */
typedef struct {
    char *text;
    uint64_t least, most; /* of numbers and times */
} GmqFilterChoice;

typedef enum {
    GMQ_FILTER_NAMES,   /* text with "*" */
    GMQ_FILTER_KINDS,   /* the same, but it must be some kind of event */
    GMQ_FILTER_WORDS,   /* one of the words in values, parted by | */
    GMQ_FILTER_NUMBERS, /* 12, >3, 4..9 */
    GMQ_FILTER_TIMES,   /* 1.5s, likewise */
} GmqFilterType;

typedef struct {
    GmqFilterKey key;
    const char *also; /* a second name for the key; NULL without one */
    GmqFilterType type;
    bool (*has_text)(const GmqTraceEvent *event, const char *text);
    uint64_t (*number)(const GmqTraceEvent *event);
} GmqFilterRow;

/* The row of that key, NULL when there is none; and the nearest key, NULL when none is near. */
const GmqFilterRow *gmq_filter_row(const char *key);
const char *gmq_filter_nearest_key(const char *key);

/* Whether some kind of event has that name or pattern, or belongs to that group: "fault" is all of
 * "fault.*"; and whether this one does. */
bool gmq_filter_is_kind(const char *pattern);
bool gmq_filter_has_kind(const GmqTraceEvent *event, const char *pattern);

/* A word without a key: whether it stands anywhere in the event. */
bool gmq_filter_has_word(const GmqTraceEvent *event, const char *word);

G_END_DECLS
