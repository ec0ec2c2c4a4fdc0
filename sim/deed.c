#include "sim/deed.h"

#include "sim/world-private.h"

static const struct {
    const char *key;
    const GmqDeedClass *class_;
} table[GMQ_N_DEEDS] = {
#define DEED(NAME, key, class_) [GMQ_DEED_##NAME] = {key, &gmq_deed_##class_},
#include "sim/deed.def"
};

const GmqDeedClass *
gmq_deed_class(GmqDeedKind kind)
{
    g_assert(kind < GMQ_N_DEEDS);
    return table[kind].class_;
}

const char *
gmq_deed_key(GmqDeedKind kind)
{
    g_assert(kind < GMQ_N_DEEDS);
    return table[kind].key;
}

const GmqDeed *
gmq_deed_find(const GmqTimelineEntry *entry, GmqDeedKind kind)
{
    for (unsigned i = 0; i < entry->deeds->len; i++) {
        const GmqDeed *deed = entry->deeds->pdata[i];

        if (deed->kind == kind)
            return deed;
    }
    return NULL;
}

void
gmq_deed_read_name(GmqScenarioReader *reader, const GmqEntryNodes *nodes, GmqDeed *deed,
                   unsigned kinds)
{
    const GmqYaml *node   = nodes->deeds[deed->kind];
    g_autofree char *what = g_strdup_printf("\"%s\"", gmq_deed_key(deed->kind));
    const char *text      = gmq_read_text(reader, node, what);

    deed->name = gmq_read_keep(reader, text == NULL ? "" : text);
    if (text != NULL)
        gmq_read_refer(reader, node, kinds);
}

void *
gmq_deed_new_spec(GmqScenarioReader *reader, size_t size)
{
    GPtrArray *owned = gmq_read_new_array(reader, g_free);
    void *spec       = g_malloc0(size);

    g_ptr_array_add(owned, spec);
    return spec;
}

void
gmq_deed_note(GmqWorld *world, GmqEventKind kind, const char *who, const char *text)
{
    gmq_world_note(world,
                   &(GmqEvent){.kind = kind, .who = gmq_slice_of(who), .text = gmq_slice_of(text)});
}
