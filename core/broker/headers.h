/* headers.h - a field table laid out for comparing: sorted by name, each name once. */
#pragma once

#include "core/wire/table.h"

G_BEGIN_DECLS

/* Name and bytes are lent from the table. */
typedef struct {
    GmqSlice name;
    GmqValue value;
} GmqHeader;

/* Replaces what is in headers, a GArray of GmqHeader, by the names and values of the table; the
 * first of a name counts (AMQP.md 5.2). */
void gmq_headers_fill(GArray *headers, GmqSlice table);

/* The header of that name, lent; NULL without one. */
const GmqHeader *gmq_headers_find(const GArray *headers, GmqSlice name);

G_END_DECLS
