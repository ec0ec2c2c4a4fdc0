/* limit-texts.h - limits of users and virtual hosts as people write them, {"max-queues": 5}. */
#pragma once

#include <json-glib/json-glib.h>

#include "core/base/slice.h"

G_BEGIN_DECLS

/* The name of each limit; NULL behind the last. */
typedef const char *(*GmqLimitNameFunc)(unsigned limit);

/* Sets one; a negative value takes it away. */
typedef bool (*GmqLimitSetFunc)(void *owner, GmqSlice name, int64_t value, GError **error);

/* Whether each member is a known limit and a whole number; if not, an error that names it. */
bool gmq_limit_texts_check(JsonObject *limits, GmqLimitNameFunc name, GError **error);

/* Sets those of an object that was checked. */
void gmq_limit_texts_apply(JsonObject *limits, GmqLimitSetFunc set, void *owner);

/* Checks the text, a JSON object, and sets what it says. */
bool gmq_limit_texts_set(const char *text, GmqLimitNameFunc name, GmqLimitSetFunc set, void *owner,
                         GError **error);

/* Takes one away, or with "all", or NULL, all of them. */
bool gmq_limit_texts_clear(const char *limit, GmqLimitNameFunc name, GmqLimitSetFunc set,
                           void *owner, GError **error);

G_END_DECLS
