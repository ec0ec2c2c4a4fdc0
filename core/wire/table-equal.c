/* Tables are compared without regard to order. A peer chooses how many names there are, so both
 * sides are sorted by name instead of searching the one for each name of the other. */
#include "core/wire/table.h"

typedef struct {
    GmqSlice name;
    GmqValue value;
} Entry;

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return gmq_slice_compare(((const Entry *)a)->name, ((const Entry *)b)->name);
}

/* Returns the first entry of each name, sorted by name. */
static GArray *
sort_entries(GmqSlice table)
{
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    Entry entry;
    guint kept = 0;

    while (gmq_table_next(&table, &entry.name, &entry.value))
        g_array_append_val(entries, entry);

    g_array_sort(entries, compare_names); /* stable: the first of a name stays the first */
    for (guint i = 0; i < entries->len; i++) {
        Entry *next = &g_array_index(entries, Entry, i);
        Entry *last = kept == 0 ? NULL : &g_array_index(entries, Entry, kept - 1);

        if (last == NULL || !gmq_slice_equal(last->name, next->name))
            g_array_index(entries, Entry, kept++) = *next;
    }
    return g_array_set_size(entries, kept);
}

bool
gmq_table_equal(GmqSlice a, GmqSlice b)
{
    if (gmq_slice_equal(a, b))
        return true;

    g_autoptr(GArray) left  = sort_entries(a);
    g_autoptr(GArray) right = sort_entries(b);
    if (left->len != right->len)
        return false;
    for (guint i = 0; i < left->len; i++) {
        const Entry *one   = &g_array_index(left, Entry, i);
        const Entry *other = &g_array_index(right, Entry, i);

        if (!gmq_slice_equal(one->name, other->name) ||
            !gmq_value_equal(&one->value, &other->value))
            return false;
    }
    return true;
}

static bool
arrays_equal(GmqSlice a, GmqSlice b)
{
    GmqValue one;
    GmqValue other;

    while (a.size > 0 && b.size > 0) {
        if (!gmq_array_next(&a, &one) || !gmq_array_next(&b, &other) ||
            !gmq_value_equal(&one, &other))
            return false;
    }
    return a.size == b.size;
}

bool
gmq_value_equal(const GmqValue *a, const GmqValue *b)
{
    if (gmq_value_is_integer(a) && gmq_value_is_integer(b))
        return a->integer == b->integer;
    if (a->type != b->type)
        return false;

    switch (a->type) {
    case GMQ_VALUE_TABLE:
        return gmq_table_equal(a->bytes, b->bytes);
    case GMQ_VALUE_ARRAY:
        return arrays_equal(a->bytes, b->bytes);
    default:
        return a->integer == b->integer && a->scale == b->scale && a->bits == b->bits &&
               gmq_slice_equal(a->bytes, b->bytes);
    }
}
