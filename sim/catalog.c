#include "sim/catalog.h"

#include <string.h>

/* A catalog begins with seven numbers of 32 bits: the mark, the format, how many texts there are,
 * and where the tables of texts and of translations begin; the last two are for a hash table. A row
 * of a table is the length of a text and where it stands. Texts are sorted, and end with NUL. */
#define MARK 0x950412deU
#define HEAD_BYTES 28
#define ROW_BYTES 8

static guint32
number_at(const GmqCatalog *catalog, size_t at)
{
    guint32 number = 0;

    memcpy(&number, catalog->bytes + at, sizeof number);
    return number;
}

static bool
is_right(const GmqCatalog *catalog)
{
    return catalog->n_bytes >= HEAD_BYTES && number_at(catalog, 0) == MARK;
}

static const char *
text_at(const GmqCatalog *catalog, guint32 table, guint32 row)
{
    guint32 at = number_at(catalog, table + row * ROW_BYTES + 4);

    g_assert(at < catalog->n_bytes);
    return (const char *)catalog->bytes + at;
}

const char *
gmq_catalog_find(const GmqCatalog *catalog, const char *text)
{
    if (!is_right(catalog))
        return NULL;

    guint32 first = 0;
    guint32 end   = number_at(catalog, 8);
    while (first < end) {
        guint32 middle = first + (end - first) / 2;
        int order      = strcmp(text, text_at(catalog, number_at(catalog, 12), middle));

        if (order == 0)
            return text_at(catalog, number_at(catalog, 16), middle);
        if (order < 0)
            end = middle;
        else
            first = middle + 1;
    }
    return NULL;
}
