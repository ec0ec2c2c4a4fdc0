#include "core/wire/table.h"

typedef struct {
    GmqSlice name;
    GmqSlice bytes; /* name and value as they stand in the table */
} Entry;

static int
compare_names(gconstpointer first, gconstpointer second)
{
    const Entry *a = first;
    const Entry *b = second;

    return gmq_slice_compare(a->name, b->name);
}

void
gmq_table_add_sorted(GmqBuffer *table, GmqSlice unsorted)
{
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    const uint8_t *start      = unsorted.data;
    Entry entry;
    GmqValue value;

    while (gmq_table_next(&unsorted, &entry.name, &value)) {
        entry.bytes = (GmqSlice){start, (size_t)(unsorted.data - start)};
        g_array_append_val(entries, entry);
        start = unsorted.data;
    }
    g_array_sort(entries, compare_names); /* a stable one */
    for (unsigned i = 0; i < entries->len; i++) {
        GmqSlice bytes = g_array_index(entries, Entry, i).bytes;
        gmq_buffer_add(table, bytes.data, bytes.size);
    }
}
