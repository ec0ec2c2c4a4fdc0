#include "core/store/changes.h"

#define CHUNK 1024u /* places */

/* All changes of a message hang on an item with queue 0, which is found by the id alone. */
typedef struct {
    uint64_t id;
    uint32_t queue;
    uint32_t flags;
    uint32_t next;    /* in the place */
    uint32_t sibling; /* the queue of the next change of the message; 0: none */
    GmqChangeKind kind;
} Change;

void
gmq_changes_init(GmqChanges *changes)
{
    *changes = (GmqChanges){0};
    gmq_pool_init(&changes->items, sizeof(Change));
}

void
gmq_changes_clear(GmqChanges *changes)
{
    for (uint32_t i = 0; i < changes->n_chunks; i++)
        g_free(changes->chunks[i]);
    g_free(changes->chunks);
    gmq_pool_clear(&changes->items);
    gmq_changes_init(changes);
}

/* ---- places: linear hashing, see Litwin 1980 ---- */

static uint32_t
mix(uint64_t id, uint32_t queue)
{
    uint64_t bits = (id + ((uint64_t)queue << 32)) * UINT64_C(0x9E3779B97F4A7C15);

    bits = (bits ^ bits >> 32) * UINT64_C(0xD6E8FEB86659FD93);
    return (uint32_t)(bits >> 32);
}

static uint32_t *
place_of(const GmqChanges *changes, uint64_t id, uint32_t queue)
{
    uint32_t index = mix(id, queue) & (2 * changes->level - 1);

    if (index >= changes->n_places)
        index -= changes->level;
    return &changes->chunks[index / CHUNK][index % CHUNK];
}

static void
add_chunk(GmqChanges *changes)
{
    if ((changes->n_chunks & (changes->n_chunks - 1)) == 0) /* it is full */
        changes->chunks =
            g_renew(uint32_t *, changes->chunks, MAX(1, 2 * (size_t)changes->n_chunks));
    changes->chunks[changes->n_chunks++] = g_new0(uint32_t, CHUNK);
}

static Change *
change_at(const GmqChanges *changes, uint32_t number)
{
    return gmq_pool_at(&changes->items, number);
}

static void
enter(GmqChanges *changes, uint32_t number)
{
    Change *change  = change_at(changes, number);
    uint32_t *place = place_of(changes, change->id, change->queue);

    change->next = *place;
    *place       = number;
}

/* One more place: takes over what belongs there from the one that stands a level below. */
static void
add_place(GmqChanges *changes)
{
    uint32_t below = changes->n_places - changes->level;
    uint32_t *from = &changes->chunks[below / CHUNK][below % CHUNK];
    uint32_t next  = *from;

    if (changes->n_places == changes->n_chunks * CHUNK)
        add_chunk(changes);
    *from = 0;
    if (++changes->n_places == 2 * changes->level)
        changes->level *= 2;
    while (next != 0) {
        uint32_t number = next;

        next = change_at(changes, number)->next;
        enter(changes, number);
    }
}

static Change *
find(const GmqChanges *changes, uint64_t id, uint32_t queue)
{
    if (changes->n_places == 0)
        return NULL;
    for (uint32_t number = *place_of(changes, id, queue); number != 0;) {
        Change *change = change_at(changes, number);

        if (change->id == id && change->queue == queue)
            return change;
        number = change->next;
    }
    return NULL;
}

static Change *
add(GmqChanges *changes, uint64_t id, uint32_t queue)
{
    uint32_t number = gmq_pool_take(&changes->items);
    Change *change  = change_at(changes, number);

    if (changes->n_places == 0) {
        add_chunk(changes);
        changes->n_places = changes->level = CHUNK;
    }
    *change = (Change){.id = id, .queue = queue};
    enter(changes, number);
    if (changes->items.n_used > changes->n_places)
        add_place(changes);
    return change;
}

/* Takes a change out of its place, and returns its sibling. */
static uint32_t
leave(GmqChanges *changes, uint64_t id, uint32_t queue)
{
    uint32_t *at = place_of(changes, id, queue);

    for (;;) {
        uint32_t number = *at;
        g_assert(number != 0);
        Change *change = change_at(changes, number);

        if (change->id == id && change->queue == queue) {
            uint32_t sibling = change->sibling;

            *at = change->next;
            gmq_pool_give(&changes->items, number);
            return sibling;
        }
        at = &change->next;
    }
}

/* ---- changes ---- */

static Change *
make(GmqChanges *changes, uint64_t id, uint32_t queue)
{
    g_assert(queue != 0);

    Change *change = find(changes, id, queue);
    if (change != NULL)
        return change;
    Change *head = find(changes, id, 0);
    if (head == NULL)
        head = add(changes, id, 0);
    change          = add(changes, id, queue);
    change->sibling = head->sibling;
    head->sibling   = queue;
    return change;
}

void
gmq_changes_mark(GmqChanges *changes, uint64_t id, uint32_t queue, uint32_t flags)
{
    Change *change = make(changes, id, queue);

    if (change->kind != GMQ_CHANGE_DROPPED)
        change->kind = GMQ_CHANGE_MARKED;
    change->flags = flags;
}

void
gmq_changes_drop(GmqChanges *changes, uint64_t id, uint32_t queue)
{
    make(changes, id, queue)->kind = GMQ_CHANGE_DROPPED;
}

GmqChangeKind
gmq_changes_find(const GmqChanges *changes, uint64_t id, uint32_t queue, uint32_t *flags)
{
    const Change *change = find(changes, id, queue);

    if (change == NULL)
        return GMQ_CHANGE_NONE;
    *flags = change->flags;
    return change->kind;
}

void
gmq_changes_forget(GmqChanges *changes, uint64_t id)
{
    if (find(changes, id, 0) == NULL)
        return;
    uint32_t queue = leave(changes, id, 0);
    while (queue != 0)
        queue = leave(changes, id, queue);
    if (changes->items.n_used == 0)
        gmq_changes_clear(changes);
}
