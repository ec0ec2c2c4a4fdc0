#include "core/broker/ready-block.h"

/* Where messages are out. */
typedef enum {
    IN_JOURNAL,
    IN_SCRATCH,
    N_STORES,
} Store;

static const GmqOutKind kinds[N_STORES] = {
    [IN_JOURNAL] = GMQ_OUT_JOURNAL,
    [IN_SCRATCH] = GMQ_OUT_SCRATCH,
};

/* What is true of all messages of a shrunk block, and what differs. */
typedef struct {
    GmqReadyLinks links;
    bool is_run;  /* the entries are in the same store and their numbers count up */
    bool is_even; /* their bodies have the same size */
    uint32_t flags;
    uint32_t body_size;       /* of each, when it is even */
    uint64_t place;           /* of the first */
    uint64_t bases[N_STORES]; /* the lowest number there; UINT64_MAX: none */
    uint32_t items[];         /* unless it is a run: the store in the lowest bit, and above it what
                               * is to be added to its base; then, unless it is even, the sizes */
} Shrunk;

#define ADDED_MAX (UINT32_MAX >> 1)

GmqReadyBlock *
gmq_ready_block_new(void)
{
    GmqReadyBlock *block = g_new(GmqReadyBlock, 1);

    block->links = (GmqReadyLinks){0};
    return block;
}

void
gmq_ready_block_free(GmqReadyBlock *block)
{
    g_free(block);
}

/* Whoever has pointers to a block that moves is told where it is now. */
static void
take_place(const GmqReadyLinks *links)
{
    if (links->prev != NULL)
        links->prev->links.next = (GmqReadyBlock *)links;
    if (links->next != NULL)
        links->next->links.prev = (GmqReadyBlock *)links;
}

/* ---- to the small form ---- */

static Store
store_of(const GmqEntry *entry)
{
    return gmq_entry_out_kind(entry) == GMQ_OUT_SCRATCH ? IN_SCRATCH : IN_JOURNAL;
}

static bool
is_plain(const GmqEntry *entry, const GmqEntry *first, size_t i)
{
    return entry->place == first->place + i && entry->flags == first->flags &&
           entry->expires_ns == INT64_MAX;
}

/* Looks at all entries and writes down what they have in common; false when they are too different
 * for the small form. */
static bool
survey(const GmqEntry *entries, Shrunk *common)
{
    const GmqEntry *first   = &entries[0];
    uint64_t tops[N_STORES] = {0, 0};

    *common = (Shrunk){.is_run    = true,
                       .is_even   = true,
                       .flags     = first->flags,
                       .body_size = first->body_size,
                       .place     = first->place,
                       .bases     = {UINT64_MAX, UINT64_MAX}};
    for (size_t i = 0; i < GMQ_READY_BLOCK; i++) {
        uint64_t number = gmq_entry_out_number(&entries[i]);
        Store store     = store_of(&entries[i]);

        if (!is_plain(&entries[i], first, i))
            return false;
        common->bases[store] = MIN(common->bases[store], number);
        tops[store]          = MAX(tops[store], number);
        common->is_run &= entries[i].out == first->out + (i << 2);
        common->is_even &= entries[i].body_size == first->body_size;
    }
    for (Store store = 0; store < N_STORES; store++) {
        if (common->bases[store] != UINT64_MAX && tops[store] - common->bases[store] > ADDED_MAX)
            return false;
    }
    return true;
}

static void
write_items(const GmqEntry *entries, Shrunk *shrunk)
{
    uint32_t *at = shrunk->items;

    for (size_t i = 0; !shrunk->is_run && i < GMQ_READY_BLOCK; i++) {
        Store store    = store_of(&entries[i]);
        uint64_t added = gmq_entry_out_number(&entries[i]) - shrunk->bases[store];

        *at++ = (uint32_t)added << 1 | store;
    }
    for (size_t i = 0; !shrunk->is_even && i < GMQ_READY_BLOCK; i++)
        *at++ = entries[i].body_size;
}

GmqReadyBlock *
gmq_ready_block_shrink(GmqReadyBlock *block)
{
    Shrunk common;

    g_assert(!block->links.is_shrunk);
    g_assert(!block->links.is_loaded);
    g_assert(block->links.n_out == GMQ_READY_BLOCK);
    if (!survey(block->entries, &common))
        return NULL;

    size_t lines   = (common.is_run ? 0 : 1) + (common.is_even ? 0 : 1);
    Shrunk *shrunk = g_malloc(sizeof(Shrunk) + lines * GMQ_READY_BLOCK * sizeof(uint32_t));

    *shrunk       = common;
    shrunk->links = block->links;
    write_items(block->entries, shrunk);
    shrunk->links.is_shrunk = true;
    take_place(&shrunk->links);
    gmq_ready_block_free(block);
    return (GmqReadyBlock *)shrunk;
}

/* ---- and back ---- */

static void
set_out(const Shrunk *shrunk, size_t i, uint32_t body_size, GmqEntry *entry)
{
    Store store    = shrunk->bases[IN_JOURNAL] == UINT64_MAX ? IN_SCRATCH : IN_JOURNAL;
    uint64_t added = i;

    if (!shrunk->is_run) {
        store = (Store)(shrunk->items[i] & 1);
        added = shrunk->items[i] >> 1;
    }
    gmq_entry_set_out(entry, kinds[store], shrunk->bases[store] + added, body_size);
}

void
gmq_ready_block_expand(GmqReadyBlock *block, GmqReadyBlock *whole)
{
    Shrunk *shrunk        = (Shrunk *)block;
    const uint32_t *sizes = shrunk->items + (shrunk->is_run ? 0 : GMQ_READY_BLOCK);

    g_assert(shrunk->links.is_shrunk);
    whole->links = shrunk->links;
    for (size_t i = 0; i < GMQ_READY_BLOCK; i++) {
        whole->entries[i] =
            (GmqEntry){.place = shrunk->place + i, .expires_ns = INT64_MAX, .flags = shrunk->flags};
        set_out(shrunk, i, shrunk->is_even ? shrunk->body_size : sizes[i], &whole->entries[i]);
    }
    whole->links.is_shrunk = false;
    take_place(&whole->links);
    g_free(shrunk);
}
