/* word-pattern.h - English texts with values in them, told in the chosen language.
 *
 * What a run writes down is English whole, values and all. A pattern finds the values again by the
 * words around them, so that a translation can put them where it needs them. */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct {
    const char *text; /* with places for values, from {1} on in this order */
    const char *told; /* "13": of which places the values are texts themselves; NULL: none */
} GmqWordPattern;

/* Tells the text by the first of the patterns that fits it, and values that are texts by the
 * function. NULL when none fits; else the caller frees it. */
char *gmq_word_pattern_tell(const GmqWordPattern *patterns, size_t n, const char *text,
                            char *(*tell)(const char *text));

G_END_DECLS
