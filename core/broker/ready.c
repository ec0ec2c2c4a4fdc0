#include "core/broker/ready.h"

struct GmqReadyBlock {
    GmqReadyBlock *next;
    GmqEntry entries[GMQ_READY_BLOCK];
};

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
    g_free(ready->spare);
    g_clear_pointer(&ready->returned, g_array_unref);
    *ready = (GmqReady){0};
}

static void
add_block(GmqReady *ready)
{
    GmqReadyBlock *block = ready->spare;

    if (block == NULL)
        block = g_new(GmqReadyBlock, 1);
    ready->spare = NULL;
    block->next  = NULL;

    if (ready->last == NULL) {
        ready->first = block;
        ready->begin = 0;
    } else {
        ready->last->next = block;
    }
    ready->last = block;
    ready->end  = 0;
}

static void
drop_first_block(GmqReady *ready)
{
    GmqReadyBlock *block = ready->first;

    ready->first = block->next;
    ready->begin = 0;
    if (ready->first == NULL)
        ready->last = NULL;
    g_free(ready->spare);
    ready->spare = block;
}

void
gmq_ready_push(GmqReady *ready, const GmqEntry *entry)
{
    if (ready->last == NULL || ready->end == GMQ_READY_BLOCK)
        add_block(ready);
    ready->last->entries[ready->end++] = *entry;
    ready->n_fresh++;
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
