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

/* What is known of a text that intern returned, without reading it again: it stands in front. */
typedef struct {
    uint64_t hash; /* gmq_hash_bytes() of it, which fingerprints are made of */
    uint32_t size;
    uint32_t number : 31;
    uint32_t is_plain : 1; /* it stands in JSON as it is */
} GmqNameHead;

static inline const GmqNameHead *
gmq_name_head(const char *name)
{
    return (const GmqNameHead *)(const void *)name - 1;
}

static inline uint64_t
gmq_name_hash(const char *name)
{
    return gmq_name_head(name)->hash;
}

static inline GmqSlice
gmq_name_slice(const char *name)
{
    return (GmqSlice){(const uint8_t *)name, gmq_name_head(name)->size};
}

/* The number of a text that intern returned, which no other one of that table has: 0 for the empty
 * one, and then 1, 2, 3 ... as they were made. */
static inline uint32_t
gmq_name_number(const char *name)
{
    return gmq_name_head(name)->number;
}

G_END_DECLS
