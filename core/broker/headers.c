#include "core/broker/headers.h"

static int
compare_names(const void *a, const void *b)
{
    return gmq_slice_compare(((const GmqHeader *)a)->name, ((const GmqHeader *)b)->name);
}

static void
drop_repeated(GArray *headers)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < headers->len; i++) {
        GmqHeader header = g_array_index(headers, GmqHeader, i);

        if (kept == 0 || compare_names(&g_array_index(headers, GmqHeader, kept - 1), &header) != 0)
            g_array_index(headers, GmqHeader, kept++) = header;
    }
    g_array_set_size(headers, kept);
}

void
gmq_headers_fill(GArray *headers, GmqSlice table)
{
    GmqHeader header;

    g_array_set_size(headers, 0);
    while (gmq_table_next(&table, &header.name, &header.value))
        g_array_append_val(headers, header);

    g_array_sort(headers, compare_names); /* stable: the first of a name stays the first */
    drop_repeated(headers);
}

const GmqHeader *
gmq_headers_find(const GArray *headers, GmqSlice name)
{
    unsigned low  = 0;
    unsigned high = headers->len;

    while (low < high) {
        unsigned middle         = low + (high - low) / 2;
        const GmqHeader *header = &g_array_index(headers, GmqHeader, middle);
        int order               = gmq_slice_compare(header->name, name);

        if (order == 0)
            return header;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
