/* label.h - what a person sticks on users and virtual hosts: tags, and limits that have names. */
#pragma once

#include "core/base/slice.h"
#include "core/wire/buffer.h"

G_BEGIN_DECLS

/* A list of no tags; the caller frees it. */
GPtrArray *gmq_tags_new(void);

/* Replaces all tags by those of a list that ends with NULL; empty words and repetitions are left
 * out. */
void gmq_tags_set(GPtrArray *tags, const char *const *words);
bool gmq_tags_have(const GPtrArray *tags, const char *word);

/* Appends them as the inside of a field array, of longstr; and makes of one, whose texts have no 0
 * in them, a list that the caller frees. */
void gmq_tags_write(const GPtrArray *tags, GmqBuffer *array);
char **gmq_tags_read(GmqSlice array);

/* Sets the limit of that name, which stands in limits where the name stands in names; a negative
 * value, which all limits have at first, means none. False with an error for any other name. */
bool gmq_limits_set(int64_t *limits, const char *const *names, unsigned n_names, GmqSlice name,
                    int64_t value, GError **error);

/* Takes all away. */
void gmq_limits_clear(int64_t *limits, unsigned n_limits);

/* Appends those that are set as the inside of a field table: names and integers; and sets those of
 * one by set. False with an error for what is no integer, and when set refuses one. */
void gmq_limits_write(const int64_t *limits, unsigned n_limits, const char *(*name)(unsigned limit),
                      GmqBuffer *table);
bool gmq_limits_read(GmqSlice table,
                     bool (*set)(void *owner, GmqSlice name, int64_t value, GError **error),
                     void *owner, GError **error);

G_END_DECLS
