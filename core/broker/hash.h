/* hash.h - numbers from bytes, the same on every machine: for exchanges that spread messages by a
 * hash (AMQP.md 10e). Not for secrets. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

/* Mixes all bits of a number into all others. */
static inline uint64_t
gmq_hash_mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

/* Goes on from a hash with more bytes; the first one is 0. Pieces count: "a" and "b" are not
 * "ab". */
static inline uint64_t
gmq_hash_add(uint64_t hash, GmqSlice bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        hash = (hash ^ bytes.data[i]) * 0x100000001B3u;
    return gmq_hash_mix(hash + bytes.size + 0x9E3779B97F4A7C15u);
}

static inline uint64_t
gmq_hash_add_number(uint64_t hash, uint64_t number)
{
    return gmq_hash_mix((hash ^ number) + 0x9E3779B97F4A7C15u);
}

G_END_DECLS
