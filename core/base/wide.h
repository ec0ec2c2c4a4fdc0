/* wide.h - products of 128 bits, the same on every machine: a compiler for 32 bits has no type for
 * them. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

/* high * 2^64 + low. */
typedef struct GmqWide {
    uint64_t high;
    uint64_t low;
} GmqWide;

/* ---- with words of 64 bits alone, which every machine has ---- */

/* The same answers as below. */
GmqWide gmq_wide_multiply_in_parts(uint64_t a, uint64_t b);
uint64_t gmq_wide_divide_in_parts(GmqWide number, uint64_t by, uint64_t *rest);

/* ---- as well as this machine can ---- */

#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 GmqWord128;
#endif

/* The whole product; nothing is lost. */
static inline GmqWide
gmq_wide_multiply(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    GmqWord128 whole = (GmqWord128)a * b;
    GmqWide product  = {(uint64_t)(whole >> 64), (uint64_t)whole};

    return product;
#else
    return gmq_wide_multiply_in_parts(a, b);
#endif
}

/* Whether a is the smaller one. */
static inline bool
gmq_wide_is_less(GmqWide a, GmqWide b)
{
    return a.high < b.high || (a.high == b.high && a.low < b.low);
}

/* How often by, which is not 0, goes into the number, and in rest, unless that is NULL, what is
 * left. UINT64_MAX when it goes more often than that; rest is then not set. */
static inline uint64_t
gmq_wide_divide(GmqWide number, uint64_t by, uint64_t *rest)
{
#ifdef __SIZEOF_INT128__
    GmqWord128 whole = (GmqWord128)number.high << 64 | number.low;

    g_assert(by > 0);
    if (number.high >= by)
        return UINT64_MAX;
    if (rest != NULL)
        *rest = (uint64_t)(whole % by);
    return (uint64_t)(whole / by);
#else
    return gmq_wide_divide_in_parts(number, by, rest);
#endif
}

/* a * b / by, rounded down; UINT64_MAX when it is more than that. */
static inline uint64_t
gmq_wide_ratio(uint64_t a, uint64_t b, uint64_t by)
{
    return gmq_wide_divide(gmq_wide_multiply(a, b), by, NULL);
}

G_END_DECLS
