/* view-key.h - what keys there are, in words: for the bottom line and the help.
 *
 * The table stands in viewer-keys.c, where each key has the function that it calls, so that keys,
 * help and bottom line cannot disagree. */
#pragma once

#include <glib.h>
#include <stddef.h>

G_BEGIN_DECLS

typedef struct {
    const char *keys; /* as they are shown: "+/-" */
    const char *word; /* on the bottom line: "Speed" */
    int rank;         /* those with a low one are the last to leave a narrow bottom line */
    const char *help; /* in the help; NULL: the row above says it */
} GmqViewKey;

/* The rows in the order of bottom line and help; NULL behind the last. */
const GmqViewKey *gmq_view_key(size_t index);

G_END_DECLS
