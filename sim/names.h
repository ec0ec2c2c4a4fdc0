/* names.h - each text once: equal names are one pointer.
 *
 * A trace holds the same few names in thousands of events. The texts live until the table is
 * freed, are valid UTF-8 and end with a NUL; what came otherwise was made so. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

typedef struct GmqNames GmqNames;

GmqNames *gmq_names_new(void);
void gmq_names_free(GmqNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqNames, gmq_names_free)

/* Lends the one copy of the text, made at the first call. The empty text is "". */
const char *gmq_names_intern(GmqNames *names, GmqSlice text);

/* The one copy of the text; NULL before it was made. */
const char *gmq_names_find(const GmqNames *names, GmqSlice text);

/* The hash of a text that intern returned, without reading the text again. */
uint64_t gmq_name_hash(const char *name);

/* The number of a text that intern returned, which no other one of that table has: 0 for the empty
 * one, and then 1, 2, 3 ... as they were made. */
uint32_t gmq_name_number(const char *name);

G_END_DECLS
