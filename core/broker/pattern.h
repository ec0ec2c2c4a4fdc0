/* pattern.h - a regular expression as RabbitMQ's permissions and policies use them.
 *
 * It is looked for anywhere in the bytes of a name, and "^" and "$" tie it to the ends. An empty
 * one matches the empty name only, and so no queue or exchange (AMQP.md 8). */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

typedef struct {
    char *text;    /* as it was given; owned */
    GRegex *regex; /* NULL: everything matches, for the frequent ".*" */
} GmqPattern;

/* Compiles text. Returns false with an error, and leaves the pattern empty, when it is no regular
 * expression. */
bool gmq_pattern_init(GmqPattern *pattern, const char *text, GError **error);
void gmq_pattern_clear(GmqPattern *pattern);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GmqPattern, gmq_pattern_clear)

bool gmq_pattern_matches(const GmqPattern *pattern, GmqSlice name);

G_END_DECLS
