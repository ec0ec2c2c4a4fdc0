#include "core/broker/label.h"

#include "core/base/nearest.h"
#include "core/broker/error.h"

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
