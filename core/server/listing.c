#include "core/server/listing.h"

#include <string.h>

#include "core/server/json.h"

struct GmqListing {
    GmqSnapshot *snapshot;
    GPtrArray *columns; /* of const GmqColumn, in the order they are written */
    unsigned at;        /* the next row */
};

const GmqColumn *
gmq_column_find(const GmqColumn *columns, const char *name)
{
    for (; columns->name != NULL; columns++) {
        if (strcmp(columns->name, name) == 0)
            return columns;
    }
    return NULL;
}

static GPtrArray *
choose_columns(const GmqColumn *columns, char **names)
{
    GPtrArray *chosen = g_ptr_array_new();

    for (; *names != NULL; names++) {
        const GmqColumn *column = gmq_column_find(columns, *names);

        g_assert(column != NULL);
        g_ptr_array_add(chosen, (void *)column);
    }
    return chosen;
}

/* Without names: the standard columns. */
static GPtrArray *
standard_columns(const GmqColumn *columns)
{
    GPtrArray *chosen = g_ptr_array_new();

    for (; columns->name != NULL; columns++) {
        if (columns->is_standard)
            g_ptr_array_add(chosen, (void *)columns);
    }
    return chosen;
}

GmqListing *
gmq_listing_new(const GmqColumn *columns, char **names, GmqSnapshot *snapshot)
{
    GmqListing *listing = g_new0(GmqListing, 1);
    bool is_chosen      = names != NULL && names[0] != NULL;

    listing->snapshot = snapshot;
    listing->columns  = is_chosen ? choose_columns(columns, names) : standard_columns(columns);
    return listing;
}

void
gmq_listing_free(GmqListing *listing)
{
    gmq_snapshot_free(listing->snapshot);
    g_ptr_array_unref(listing->columns);
    g_free(listing);
}

static void
put_cell(GmqJson *json, const GmqColumn *column, const char *row)
{
    const void *cell     = row + column->offset;
    const GmqSlice *text = cell;

    switch (column->kind) {
    case GMQ_COLUMN_TEXT:
        gmq_json_put_text(json, *text);
        break;
    case GMQ_COLUMN_TABLE:
        gmq_json_put_table(json, *text);
        break;
    case GMQ_COLUMN_ARRAY:
        gmq_json_put_array(json, *text);
        break;
    case GMQ_COLUMN_COUNT:
        gmq_json_put_count(json, *(const uint64_t *)cell);
        break;
    case GMQ_COLUMN_INTEGER:
        gmq_json_put_integer(json, *(const int64_t *)cell);
        break;
    case GMQ_COLUMN_BOOL:
        gmq_json_put_bool(json, *(const bool *)cell);
        break;
    }
}

bool
gmq_listing_next(GmqListing *listing, GString *out)
{
    const GArray *rows = listing->snapshot->rows;
    GmqJson json       = {.out = out};

    if (listing->at == rows->len)
        return false;

    const char *row = rows->data + (size_t)listing->at++ * g_array_get_element_size((GArray *)rows);
    gmq_json_open(&json, '{');
    for (unsigned i = 0; i < listing->columns->len; i++) {
        const GmqColumn *column = g_ptr_array_index(listing->columns, i);

        gmq_json_key(&json, column->name);
        put_cell(&json, column, row);
    }
    gmq_json_close(&json, '}');
    return true;
}
