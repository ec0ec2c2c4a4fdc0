#include "core/amqp/unacked.h"

#define BLOCK 64

typedef struct {
    unsigned count; /* deliveries that are out */
    GmqUnacked slots[BLOCK];
} Block;

void
gmq_unacked_init(GmqUnackedRing *ring)
{
    *ring = (GmqUnackedRing){.first = 1, .oldest = 1};
}

void
gmq_unacked_clear(GmqUnackedRing *ring)
{
    g_assert(ring->count == 0);
    if (ring->blocks == NULL)
        return;
    for (unsigned i = 0; i < ring->blocks->len; i++)
        g_free(g_ptr_array_index(ring->blocks, i));
    g_clear_pointer(&ring->blocks, g_ptr_array_unref);
}

/* The block that holds a tag; NULL when nothing of it is out. */
static Block *
find_block(const GmqUnackedRing *ring, uint64_t tag)
{
    if (ring->blocks == NULL || tag < ring->first)
        return NULL;
    uint64_t i = (tag - ring->first) / BLOCK;
    return i < ring->blocks->len ? g_ptr_array_index(ring->blocks, i) : NULL;
}

/* Forgets the blocks in front that are through. The last one stays for the next tags. */
static void
drop_settled(GmqUnackedRing *ring)
{
    unsigned n = 0;

    while (n + 1 < ring->blocks->len) {
        Block *block = g_ptr_array_index(ring->blocks, n);

        if (block != NULL && block->count > 0)
            break;
        g_free(block);
        n++;
    }
    if (n > 0)
        g_ptr_array_remove_range(ring->blocks, 0, n);
    ring->first += (uint64_t)n * BLOCK;
}

/* An array without deliveries begins anew with the block of the tag, whatever was skipped. Blocks
 * begin at 1, 65, 129 ..., so that one can be put before the first. */
static void
begin_at(GmqUnackedRing *ring, uint64_t tag)
{
    if (ring->blocks == NULL)
        ring->blocks = g_ptr_array_new();
    for (unsigned i = 0; i < ring->blocks->len; i++)
        g_free(g_ptr_array_index(ring->blocks, i));
    g_ptr_array_set_size(ring->blocks, 0);
    ring->first  = tag - (tag - 1) % BLOCK;
    ring->oldest = tag;
}

/* The last block was kept for its next tags. When the tags have left it, it may be through. */
static void
leave_last_block(GmqUnackedRing *ring)
{
    void **last        = &g_ptr_array_index(ring->blocks, ring->blocks->len - 1);
    const Block *block = *last;

    if (block == NULL || block->count > 0)
        return;
    g_free(*last);
    *last = NULL;
}

/* The block of a tag that is not before the first, made when it is missing. */
static Block *
make_block(GmqUnackedRing *ring, uint64_t tag)
{
    uint64_t i = (tag - ring->first) / BLOCK;

    while (i >= ring->blocks->len)
        g_ptr_array_add(ring->blocks, NULL);
    if (g_ptr_array_index(ring->blocks, i) == NULL)
        g_ptr_array_index(ring->blocks, i) = g_new0(Block, 1);
    return g_ptr_array_index(ring->blocks, i);
}

/* Makes the block that a tag behind the last one belongs to. */
static Block *
add_block(GmqUnackedRing *ring, uint64_t tag)
{
    if (ring->count == 0)
        begin_at(ring, tag);
    else
        leave_last_block(ring);
    if ((tag - ring->first) / BLOCK >= 2 * (uint64_t)ring->blocks->len + 16)
        drop_settled(ring);
    return make_block(ring, tag);
}

static void
put(GmqUnackedRing *ring, Block *block, uint64_t tag, const GmqUnacked *unacked)
{
    block->slots[(tag - ring->first) % BLOCK] = *unacked;
    block->count++;
    ring->count++;
}

void
gmq_unacked_add(GmqUnackedRing *ring, uint64_t tag, const GmqUnacked *unacked)
{
    g_assert(tag >= ring->oldest);

    Block *block = find_block(ring, tag);
    if (block == NULL)
        block = add_block(ring, tag);
    put(ring, block, tag, unacked);
}

/* Makes the blocks begin at or before the tag. */
static void
reach_back(GmqUnackedRing *ring, uint64_t tag)
{
    GPtrArray *blocks = ring->blocks;
    unsigned n_old    = blocks->len;
    unsigned n        = (unsigned)((ring->first - tag + BLOCK - 1) / BLOCK);

    g_ptr_array_set_size(blocks, (int)(n_old + n));
    memmove(blocks->pdata + n, blocks->pdata, n_old * sizeof blocks->pdata[0]);
    memset(blocks->pdata, 0, n * sizeof blocks->pdata[0]);
    ring->first -= (uint64_t)n * BLOCK;
}

void
gmq_unacked_restore(GmqUnackedRing *ring, uint64_t tag, const GmqUnacked *unacked)
{
    g_assert(tag > 0);

    if (ring->count == 0)
        begin_at(ring, tag);
    if (tag < ring->first)
        reach_back(ring, tag);
    put(ring, make_block(ring, tag), tag, unacked);
    ring->oldest = MIN(ring->oldest, tag);
}

bool
gmq_unacked_has(const GmqUnackedRing *ring, uint64_t tag)
{
    const Block *block = find_block(ring, tag);

    return block != NULL && block->slots[(tag - ring->first) % BLOCK].entry.message != NULL;
}

bool
gmq_unacked_take(GmqUnackedRing *ring, uint64_t tag, GmqUnacked *unacked)
{
    if (!gmq_unacked_has(ring, tag))
        return false;

    uint64_t i       = (tag - ring->first) / BLOCK;
    Block *block     = g_ptr_array_index(ring->blocks, i);
    GmqUnacked *slot = &block->slots[(tag - ring->first) % BLOCK];

    *unacked            = *slot;
    slot->entry.message = NULL;
    block->count--;
    ring->count--;
    if (block->count == 0 && i + 1 < ring->blocks->len) {
        g_free(block);
        g_ptr_array_index(ring->blocks, i) = NULL;
        if (i == 0)
            drop_settled(ring);
    }
    return true;
}

/* The first tag from there on that is out; above up_to when there is none up to that. */
static uint64_t
find_out(const GmqUnackedRing *ring, uint64_t at, uint64_t up_to)
{
    while (at <= up_to && !gmq_unacked_has(ring, at)) {
        const Block *block = find_block(ring, at);

        at = block == NULL || block->count == 0
                 ? at + BLOCK - (at - ring->first) % BLOCK /* nothing of this block is out */
                 : at + 1;
    }
    return at;
}

const GmqUnacked *
gmq_unacked_peek(const GmqUnackedRing *ring, uint64_t from, uint64_t *tag)
{
    if (ring->count == 0)
        return NULL;

    uint64_t last = ring->first + (uint64_t)ring->blocks->len * BLOCK - 1;
    uint64_t at   = find_out(ring, MAX(from, MAX(ring->oldest, ring->first)), last);
    if (at > last)
        return NULL;
    *tag = at;
    return &find_block(ring, at)->slots[(at - ring->first) % BLOCK];
}

bool
gmq_unacked_take_oldest(GmqUnackedRing *ring, uint64_t up_to, GmqUnacked *unacked, uint64_t *tag)
{
    if (ring->count == 0)
        return false;

    uint64_t at  = find_out(ring, MAX(ring->oldest, ring->first), up_to);
    ring->oldest = at > up_to ? up_to + 1 : at;
    if (at > up_to)
        return false;
    *tag = at;
    return gmq_unacked_take(ring, at, unacked);
}
