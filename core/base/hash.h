/* hash.h - 64-bit hashes that are the same numbers on every machine.
 *
 * FNV-1a names things (streams, names in a trace); the mixer below adds words to a fingerprint,
 * field by field and never as memory, so that padding cannot count. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

#define GMQ_HASH_START UINT64_C(0xcbf29ce484222325)

/* FNV-1a of the bytes. */
static inline uint64_t
gmq_hash_bytes(GmqSlice bytes)
{
    uint64_t hash = GMQ_HASH_START;

    for (size_t i = 0; i < bytes.size; i++)
        hash = (hash ^ bytes.data[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* The fingerprint after one more word. The order of the words counts. */
static inline uint64_t
gmq_hash_add(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

G_END_DECLS
