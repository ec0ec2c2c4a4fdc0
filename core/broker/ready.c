#include "core/broker/ready.h"

void
gmq_ready_init(GmqReady *ready)
{
    *ready = (GmqReady){0};
}

void
gmq_ready_clear(GmqReady *ready)
{
    GmqEntry entry;

    while (gmq_ready_take(ready, &entry)) {
        if (!gmq_entry_is_out(&entry))
            gmq_message_unref(entry.message);
    }
    gmq_ready_block_free(ready->spare);
    g_clear_pointer(&ready->returned, g_array_unref);
    *ready = (GmqReady){0};
}

/* ---- blocks that may hold messages in memory ---- */

static void
join_loaded(GmqReady *ready, GmqReadyBlock *block)
{
    block->prev_loaded     = ready->last_loaded;
    block->next_loaded     = NULL;
    block->links.is_loaded = true;
    if (ready->last_loaded != NULL)
        ready->last_loaded->next_loaded = block;
    ready->last_loaded = block;
}

static void
leave_loaded(GmqReady *ready, GmqReadyBlock *block)
{
    if (!block->links.is_loaded)
        return;
    block->links.is_loaded = false;
    if (ready->look == block)
        ready->look = block->prev_loaded;
    if (block->prev_loaded != NULL)
        block->prev_loaded->next_loaded = block->next_loaded;
    if (block->next_loaded != NULL)
        block->next_loaded->prev_loaded = block->prev_loaded;
    else
        ready->last_loaded = block->prev_loaded;
}

/* The last block stays as it is, since more comes into it, and so does the first. */
static void
shrink(GmqReady *ready, GmqReadyBlock *block)
{
    if (block->links.n_out < GMQ_READY_BLOCK || block == ready->last)
        return;
    leave_loaded(ready, block);
    if (block != ready->first)
        gmq_ready_block_shrink(block);
}

/* ---- the chain of fresh entries ---- */

static GmqReadyBlock *
take_spare(GmqReady *ready)
{
    GmqReadyBlock *block = ready->spare;

    if (block == NULL)
        return gmq_ready_block_new();
    ready->spare = NULL;
    block->links = (GmqReadyLinks){0};
    return block;
}

static void
add_block(GmqReady *ready)
{
    GmqReadyBlock *block  = take_spare(ready);
    GmqReadyBlock *before = ready->last;

    block->links.prev = before;
    ready->last       = block;
    ready->end        = 0;
    join_loaded(ready, block);
    if (before == NULL) {
        ready->first = block;
        ready->begin = 0;
        return;
    }
    before->links.next = block;
    shrink(ready, before);
}

static void
expand_first(GmqReady *ready)
{
    GmqReadyBlock *block = take_spare(ready);

    gmq_ready_block_expand(ready->first, block);
    ready->first = block;
}

static void
drop_first_block(GmqReady *ready)
{
    GmqReadyBlock *block = ready->first;

    leave_loaded(ready, block);
    ready->first = block->links.next;
    ready->begin = 0;
    gmq_ready_block_free(ready->spare);
    ready->spare = block;
    if (ready->first == NULL) {
        ready->last = NULL;
        return;
    }
    ready->first->links.prev = NULL;
    if (ready->first->links.is_shrunk)
        expand_first(ready);
}

void
gmq_ready_push(GmqReady *ready, const GmqEntry *entry)
{
    if (ready->last == NULL || ready->end == GMQ_READY_BLOCK)
        add_block(ready);
    ready->last->entries[ready->end++] = *entry;
    ready->n_fresh++;
}

void
gmq_ready_push_out(GmqReady *ready, const GmqEntry *entry)
{
    gmq_ready_push(ready, entry);
    ready->last->links.n_out++;
}

/* ---- the heap of returned entries ---- */

static GmqEntry *
returned_at(const GmqReady *ready, unsigned i)
{
    return &g_array_index(ready->returned, GmqEntry, i);
}

void
gmq_ready_return(GmqReady *ready, const GmqEntry *entry)
{
    if (ready->returned == NULL)
        ready->returned = g_array_new(FALSE, FALSE, sizeof(GmqEntry));
    g_array_append_vals(ready->returned, entry, 1);

    unsigned at = ready->returned->len - 1;
    while (at > 0 && returned_at(ready, (at - 1) / 2)->place > entry->place) {
        *returned_at(ready, at) = *returned_at(ready, (at - 1) / 2);
        at                      = (at - 1) / 2;
    }
    *returned_at(ready, at) = *entry;
}

static void
take_returned(GmqReady *ready, GmqEntry *entry)
{
    *entry        = *returned_at(ready, 0);
    unsigned last = ready->returned->len - 1;
    GmqEntry sunk = *returned_at(ready, last);
    g_array_set_size(ready->returned, last);

    unsigned at = 0;
    for (unsigned child = 1; child < last; child = 2 * at + 1) {
        if (child + 1 < last &&
            returned_at(ready, child + 1)->place < returned_at(ready, child)->place)
            child++;
        if (returned_at(ready, child)->place > sunk.place)
            break;
        *returned_at(ready, at) = *returned_at(ready, child);
        at                      = child;
    }
    if (last > 0)
        *returned_at(ready, at) = sunk;
    else
        g_clear_pointer(&ready->returned, g_array_unref);
}

/* ---- both ---- */

static const GmqEntry *
first_fresh(const GmqReady *ready)
{
    return ready->n_fresh == 0 ? NULL : &ready->first->entries[ready->begin];
}

bool
gmq_ready_is_first(const GmqReady *ready, uint64_t place)
{
    const GmqEntry *fresh = first_fresh(ready);

    if (fresh != NULL && fresh->place < place)
        return false;
    return ready->returned == NULL || returned_at(ready, 0)->place > place;
}

static void
take_fresh(GmqReady *ready, GmqEntry *entry)
{
    *entry = ready->first->entries[ready->begin++];
    ready->n_fresh--;
    if (ready->n_fresh == 0 || ready->begin == GMQ_READY_BLOCK)
        drop_first_block(ready);
}

static bool
is_returned_next(const GmqReady *ready, const GmqEntry *fresh)
{
    return ready->returned != NULL &&
           (fresh == NULL || returned_at(ready, 0)->place < fresh->place);
}

const GmqEntry *
gmq_ready_peek(const GmqReady *ready)
{
    const GmqEntry *fresh = first_fresh(ready);

    return is_returned_next(ready, fresh) ? returned_at(ready, 0) : fresh;
}

bool
gmq_ready_take(GmqReady *ready, GmqEntry *entry)
{
    const GmqEntry *fresh = first_fresh(ready);

    if (is_returned_next(ready, fresh))
        take_returned(ready, entry);
    else if (fresh != NULL)
        take_fresh(ready, entry);
    else
        return false;
    return true;
}

/* ---- out of memory ---- */

/* Asks about the entries from begin to end and returns how many are out of them now. */
static unsigned
put_out_entries(GmqEntry *begin, const GmqEntry *end, GmqPutOut put_out, void *user)
{
    unsigned n = 0;

    for (GmqEntry *entry = begin; entry < end; entry++) {
        if (!gmq_entry_is_out(entry) && put_out(entry, user))
            n++;
    }
    return n;
}

/* The heap is an array in which the last ones are late, more or less. */
static bool
put_out_returned(GmqReady *ready, uint64_t kept, GmqPutOut put_out, void *user)
{
    size_t length = ready->returned == NULL ? 0 : ready->returned->len;
    size_t end    = MIN(ready->look_returned == 0 ? length : ready->look_returned, length);
    size_t begin  = end > GMQ_READY_BLOCK ? end - GMQ_READY_BLOCK : 0;

    begin                = MAX(begin, (size_t)MIN(kept, SIZE_MAX));
    ready->look_returned = begin < end ? begin : 0;
    if (begin >= end)
        return false;
    put_out_entries(returned_at(ready, (unsigned)begin), returned_at(ready, 0) + end, put_out,
                    user);
    return begin > kept;
}

/* Places tell how far an entry is from the first at most. */
static bool
is_kept(const GmqReady *ready, const GmqReadyBlock *block, uint64_t kept)
{
    const GmqEntry *last =
        &block->entries[(block == ready->last ? ready->end : GMQ_READY_BLOCK) - 1];

    return last->place - first_fresh(ready)->place < kept;
}

static void
put_out_block(GmqReady *ready, GmqReadyBlock *block, uint64_t kept, GmqPutOut put_out, void *user)
{
    size_t end          = block == ready->last ? ready->end : GMQ_READY_BLOCK;
    uint64_t first      = first_fresh(ready)->place;
    GmqEntry *entry     = &block->entries[block == ready->first ? ready->begin : 0];
    const GmqEntry *all = &block->entries[end];

    while (entry < all && entry->place - first < kept)
        entry++;
    block->links.n_out += put_out_entries(entry, all, put_out, user);
}

/* Where to begin so that some blocks, of which this is the last, leave in their order. */
static GmqReadyBlock *
begin_run(const GmqReady *ready, GmqReadyBlock *block, uint64_t kept)
{
    for (int i = 1; i < GMQ_READY_RUN; i++) {
        if (block->prev_loaded == NULL || is_kept(ready, block->prev_loaded, kept))
            break;
        block = block->prev_loaded;
    }
    return block;
}

bool
gmq_ready_put_out(GmqReady *ready, uint64_t kept, GmqPutOut put_out, void *user)
{
    GmqReadyBlock *last = ready->look != NULL ? ready->look : ready->last_loaded;

    /* The returned ones are in turn when the chain is done with, until they are done with. */
    if (ready->look_returned > 0 || last == NULL || is_kept(ready, last, kept)) {
        ready->look = NULL;
        return put_out_returned(ready, kept, put_out, user);
    }
    GmqReadyBlock *block = begin_run(ready, last, kept);
    GmqReadyBlock *end   = last->next_loaded;

    ready->look = block->prev_loaded;
    while (block != end) {
        GmqReadyBlock *next = block->next_loaded;

        put_out_block(ready, block, kept, put_out, user);
        shrink(ready, block);
        block = next;
    }
    return ready->look != NULL || put_out_returned(ready, kept, put_out, user);
}
