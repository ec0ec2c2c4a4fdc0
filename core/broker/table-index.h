/* table-index.h - a field table laid out for comparing: sorted by name, each name once. */
#pragma once

#include "core/wire/table.h"

G_BEGIN_DECLS

/* Name and bytes are lent from the table. */
typedef struct {
    GmqSlice name;
    GmqValue value;
} GmqTableEntry;

/* Replaces what is in index, a GArray of GmqTableEntry, by the names and values of the table; the
 * first of a name counts (AMQP.md 5.2). */
void gmq_table_index_fill(GArray *index, GmqSlice table);

/* The entry of that name, lent; NULL without one. */
const GmqTableEntry *gmq_table_index_find(const GArray *index, GmqSlice name);

G_END_DECLS
