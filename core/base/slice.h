/* slice.h - some bytes that somebody else owns.
 *
 * A slice lends: it never frees, and it is valid as long as the bytes behind it are. Text on the
 * wire is a slice too, since it has a length and no final NUL. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

G_BEGIN_DECLS

typedef struct {
    const uint8_t *data; /* may be NULL when size is 0 */
    size_t size;         /* bytes */
} GmqSlice;

/* A slice of a string literal, without its final NUL. */
#define GMQ_SLICE(literal) ((GmqSlice){(const uint8_t *)("" literal), sizeof(literal) - 1})

/* Lends the bytes of a NUL-terminated text; NULL counts as empty. */
static inline GmqSlice
gmq_slice_of(const char *text)
{
    return (GmqSlice){(const uint8_t *)text, text == NULL ? 0 : strlen(text)};
}

static inline bool
gmq_slice_equal(GmqSlice a, GmqSlice b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool
gmq_slice_starts_with(GmqSlice slice, GmqSlice start)
{
    return slice.size >= start.size &&
           (start.size == 0 || memcmp(slice.data, start.data, start.size) == 0);
}

/* Byte-wise order, the shorter one first when one begins the other. */
static inline int
gmq_slice_compare(GmqSlice a, GmqSlice b)
{
    size_t shared = MIN(a.size, b.size);
    int order     = shared == 0 ? 0 : memcmp(a.data, b.data, shared);

    if (order != 0)
        return order;
    return a.size < b.size ? -1 : a.size > b.size;
}

/* Returns the bytes as a NUL-terminated text that the caller frees. */
static inline char *
gmq_slice_dup(GmqSlice slice)
{
    return g_strndup(slice.size == 0 ? "" : (const char *)slice.data, slice.size);
}

/* Returns a copy that the caller owns and frees by its data, with a NUL behind it; a slice whose
 * data is NULL stays one. */
static inline GmqSlice
gmq_slice_own(GmqSlice slice)
{
    return slice.data == NULL ? slice
                              : (GmqSlice){(const uint8_t *)gmq_slice_dup(slice), slice.size};
}

G_END_DECLS
