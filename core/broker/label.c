#include "core/broker/label.h"

#include "core/base/nearest.h"
#include "core/broker/error.h"
#include "core/wire/table.h"

#define NO_LIMIT (-1)

GPtrArray *
gmq_tags_new(void)
{
    return g_ptr_array_new_with_free_func(g_free);
}

bool
gmq_tags_have(const GPtrArray *tags, const char *word)
{
    for (unsigned i = 0; i < tags->len; i++) {
        if (strcmp(g_ptr_array_index(tags, i), word) == 0)
            return true;
    }
    return false;
}

void
gmq_tags_set(GPtrArray *tags, const char *const *words)
{
    g_ptr_array_set_size(tags, 0);
    for (size_t i = 0; words[i] != NULL; i++) {
        if (words[i][0] != '\0' && !gmq_tags_have(tags, words[i]))
            g_ptr_array_add(tags, g_strdup(words[i]));
    }
}

void
gmq_tags_write(const GPtrArray *tags, GmqBuffer *array)
{
    for (unsigned i = 0; i < tags->len; i++) {
        const char *tag = g_ptr_array_index(tags, i);

        gmq_array_add(array, &(GmqValue){.type = GMQ_VALUE_STRING, .bytes = gmq_slice_of(tag)});
    }
}

char **
gmq_tags_read(GmqSlice array)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    GmqValue value;

    while (gmq_array_next(&array, &value))
        g_ptr_array_add(words, gmq_slice_dup(value.bytes));
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&words), FALSE);
}

/* ---- limits ---- */

static bool
refuse_name(GmqSlice name, const char *const *names, unsigned n_names, GError **error)
{
    g_autofree char *word = gmq_slice_dup(name);
    const char *nearest   = gmq_nearest(word, names, n_names);

    g_set_error(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_INVALID,
                "there is no limit '%s'; did you mean '%s'?", word,
                nearest == NULL ? names[0] : nearest);
    return false;
}

bool
gmq_limits_set(int64_t *limits, const char *const *names, unsigned n_names, GmqSlice name,
               int64_t value, GError **error)
{
    for (unsigned i = 0; i < n_names; i++) {
        if (gmq_slice_equal(name, gmq_slice_of(names[i]))) {
            limits[i] = value < 0 ? NO_LIMIT : value;
            return true;
        }
    }
    return refuse_name(name, names, n_names, error);
}

void
gmq_limits_clear(int64_t *limits, unsigned n_limits)
{
    for (unsigned i = 0; i < n_limits; i++)
        limits[i] = NO_LIMIT;
}

void
gmq_limits_write(const int64_t *limits, unsigned n_limits, const char *(*name)(unsigned limit),
                 GmqBuffer *table)
{
    for (unsigned i = 0; i < n_limits; i++) {
        if (limits[i] >= 0)
            gmq_table_add_int(table, name(i), limits[i]);
    }
}

bool
gmq_limits_read(GmqSlice table,
                bool (*set)(void *owner, GmqSlice name, int64_t value, GError **error), void *owner,
                GError **error)
{
    GmqSlice name;
    GmqValue value;

    while (gmq_table_next(&table, &name, &value)) {
        if (!gmq_value_is_integer(&value)) {
            g_set_error(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_INVALID,
                        "the limit '%.*s' is no integer", (int)name.size, name.data);
            return false;
        }
        if (!set(owner, name, value.integer, error))
            return false;
    }
    return true;
}
