#include "core/store/pool.h"

/* Above so many chunks an empty pool is freed: it was filled by a stall of the disk. */
#define CHUNKS_KEPT 64

void
gmq_pool_init(GmqPool *pool, uint32_t item_size)
{
    g_assert(item_size >= sizeof(uint32_t));

    *pool = (GmqPool){.item_size = item_size};
}

void
gmq_pool_clear(GmqPool *pool)
{
    for (uint32_t i = 0; i < pool->n_chunks; i++)
        g_free(pool->chunks[i]);
    g_free(pool->chunks);
    gmq_pool_init(pool, pool->item_size);
}

static void
add_chunk(GmqPool *pool)
{
    if ((pool->n_chunks & (pool->n_chunks - 1)) == 0) /* it is full at each power of two */
        pool->chunks = g_renew(uint8_t *, pool->chunks, MAX(1, 2 * (size_t)pool->n_chunks));
    pool->chunks[pool->n_chunks++] = g_malloc((size_t)GMQ_POOL_CHUNK * pool->item_size);
}

uint32_t
gmq_pool_take(GmqPool *pool)
{
    uint32_t number = pool->free;

    pool->n_used++;
    if (number != 0) {
        memcpy(&pool->free, gmq_pool_at(pool, number), sizeof pool->free);
        return number;
    }
    if (pool->n_ever == pool->n_chunks * GMQ_POOL_CHUNK)
        add_chunk(pool);
    return ++pool->n_ever;
}

void
gmq_pool_give(GmqPool *pool, uint32_t number)
{
    g_assert(number != 0);
    g_assert(pool->n_used > 0);

    if (--pool->n_used == 0 && pool->n_chunks > CHUNKS_KEPT) {
        gmq_pool_clear(pool);
        return;
    }
    memcpy(gmq_pool_at(pool, number), &pool->free, sizeof pool->free);
    pool->free = number;
}
