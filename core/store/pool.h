/* pool.h - items of one size that are named by small numbers, in chunks that never move.
 *
 * What is given back is taken next, so that a steady flow stays in the cache and allocates nothing.
 * Numbers begin at 1. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

#define GMQ_POOL_CHUNK 256u /* items */

typedef struct {
    uint8_t **chunks;
    uint32_t n_chunks;
    uint32_t item_size; /* 4 or more */
    uint32_t n_used;
    uint32_t n_ever; /* items that were taken once */
    uint32_t free;   /* the first of those given back; each begins with the next one; 0: none */
} GmqPool;

void gmq_pool_init(GmqPool *pool, uint32_t item_size);
void gmq_pool_clear(GmqPool *pool);

/* Takes an item, whose content is undefined, and returns its number. */
uint32_t gmq_pool_take(GmqPool *pool);

/* Gives an item back. With the last one the memory of a large pool is freed. */
void gmq_pool_give(GmqPool *pool, uint32_t number);

static inline void *
gmq_pool_at(const GmqPool *pool, uint32_t number)
{
    uint32_t index = number - 1;

    return pool->chunks[index / GMQ_POOL_CHUNK] +
           (size_t)(index % GMQ_POOL_CHUNK) * pool->item_size;
}

G_END_DECLS
