/* listing.h - a snapshot as rows of JSON, written piece by piece.
 *
 * What a column is called and where its value stands in a row is a table, so a new column is one
 * line. Writing a row at a time lets the rows of a hundred thousand queues leave as the reader
 * takes them, and holds nobody else up. */
#pragma once

#include "core/broker/snapshot.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_COLUMN_TEXT,    /* GmqSlice */
    GMQ_COLUMN_TABLE,   /* GmqSlice: the inside of a field table */
    GMQ_COLUMN_ARRAY,   /* GmqSlice: the inside of a field array */
    GMQ_COLUMN_COUNT,   /* uint64_t */
    GMQ_COLUMN_INTEGER, /* int64_t */
    GMQ_COLUMN_BOOL,    /* bool */
} GmqColumnKind;

typedef struct {
    const char *name;
    GmqColumnKind kind;
    size_t offset;    /* in the row's struct */
    bool is_standard; /* shown when no columns were asked for */
} GmqColumn;

/* Up to a column without a name. */
#define GMQ_COLUMNS_END                                                                            \
    {                                                                                              \
        NULL, GMQ_COLUMN_TEXT, 0, false                                                            \
    }

typedef struct GmqListing GmqListing;

/* The column of that name; NULL without one. */
const GmqColumn *gmq_column_find(const GmqColumn *columns, const char *name);

/* Takes over the snapshot. names are the columns that are wanted, in that order, each of which
 * exists; NULL or none of them: the standard ones. Only the columns are lent. */
GmqListing *gmq_listing_new(const GmqColumn *columns, char **names, GmqSnapshot *snapshot);
void gmq_listing_free(GmqListing *listing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqListing, gmq_listing_free)

/* Appends the next row as a JSON object; false, and nothing appended, behind the last. */
bool gmq_listing_next(GmqListing *listing, GString *out);

G_END_DECLS
