#include "core/broker/table-index.h"

static int
compare_names(const void *a, const void *b)
{
    return gmq_slice_compare(((const GmqTableEntry *)a)->name, ((const GmqTableEntry *)b)->name);
}

static void
drop_repeated(GArray *index)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < index->len; i++) {
        GmqTableEntry entry = g_array_index(index, GmqTableEntry, i);

        if (kept == 0 || compare_names(&g_array_index(index, GmqTableEntry, kept - 1), &entry) != 0)
            g_array_index(index, GmqTableEntry, kept++) = entry;
    }
    g_array_set_size(index, kept);
}

void
gmq_table_index_fill(GArray *index, GmqSlice table)
{
    GmqTableEntry entry;

    g_array_set_size(index, 0);
    while (gmq_table_next(&table, &entry.name, &entry.value))
        g_array_append_val(index, entry);

    g_array_sort(index, compare_names); /* stable: the first of a name stays the first */
    drop_repeated(index);
}

const GmqTableEntry *
gmq_table_index_find(const GArray *index, GmqSlice name)
{
    unsigned low  = 0;
    unsigned high = index->len;

    while (low < high) {
        unsigned middle            = low + (high - low) / 2;
        const GmqTableEntry *entry = &g_array_index(index, GmqTableEntry, middle);
        int order                  = gmq_slice_compare(entry->name, name);

        if (order == 0)
            return entry;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
