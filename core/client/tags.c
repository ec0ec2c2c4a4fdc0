#include "core/client/tags.h"

struct GmqClientTags {
    GHashTable *set;      /* of GmqSlice with its bytes behind it */
    const GmqSlice *last; /* the one found last: messages come in runs; NULL: none */
};

/* FNV-1a, by Fowler, Noll and Vo. */
static guint
hash_slice(gconstpointer key)
{
    const GmqSlice *slice = (const GmqSlice *)key;
    guint hash            = 2166136261u;

    for (size_t i = 0; i < slice->size; i++)
        hash = (hash ^ slice->data[i]) * 16777619u;
    return hash;
}

static gboolean
slices_equal(gconstpointer a, gconstpointer b)
{
    return gmq_slice_equal(*(const GmqSlice *)a, *(const GmqSlice *)b);
}

GmqClientTags *
gmq_client_tags_new(void)
{
    GmqClientTags *tags = g_new0(GmqClientTags, 1);

    tags->set = g_hash_table_new_full(hash_slice, slices_equal, g_free, NULL);
    return tags;
}

void
gmq_client_tags_free(GmqClientTags *tags)
{
    if (tags == NULL)
        return;
    g_hash_table_destroy(tags->set);
    g_free(tags);
}

bool
gmq_client_tags_has(GmqClientTags *tags, GmqSlice tag)
{
    if (tags->last == NULL || !gmq_slice_equal(*tags->last, tag))
        tags->last = (const GmqSlice *)g_hash_table_lookup(tags->set, &tag);
    return tags->last != NULL;
}

bool
gmq_client_tags_add(GmqClientTags *tags, GmqSlice tag)
{
    if (gmq_client_tags_has(tags, tag))
        return false;

    GmqSlice *key  = (GmqSlice *)g_malloc(sizeof *key + tag.size);
    uint8_t *bytes = (uint8_t *)(key + 1);
    if (tag.size > 0)
        memcpy(bytes, tag.data, tag.size);
    *key = (GmqSlice){bytes, tag.size};
    g_hash_table_add(tags->set, key);
    return true;
}

bool
gmq_client_tags_remove(GmqClientTags *tags, GmqSlice tag)
{
    tags->last = NULL;
    return g_hash_table_remove(tags->set, &tag);
}
