/* label.h - what a person sticks on users and virtual hosts: tags, and limits that have names. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

/* A list of no tags; the caller frees it. */
GPtrArray *gmq_tags_new(void);

/* Replaces all tags by those of a list that ends with NULL; empty words and repetitions are left
 * out. */
void gmq_tags_set(GPtrArray *tags, const char *const *words);
bool gmq_tags_have(const GPtrArray *tags, const char *word);

/* Sets the limit of that name, which stands in limits where the name stands in names; a negative
 * value, which all limits have at first, means none. False with an error for any other name. */
bool gmq_limits_set(int64_t *limits, const char *const *names, unsigned n_names, GmqSlice name,
                    int64_t value, GError **error);

G_END_DECLS
