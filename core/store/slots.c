#include "core/store/slots.h"

#define LEAF_BITS 7
#define NODE_BITS 9
#define LEAF_SIZE (1u << LEAF_BITS)
#define NODE_SIZE (1u << NODE_BITS)

#define SPARE_MAX 64

/* Bits of an id below the index into the top, a node of nodes, a node of leaves. */
#define TOP_SHIFT (LEAF_BITS + 2 * NODE_BITS)
#define UPPER_SHIFT (LEAF_BITS + NODE_BITS)
#define LOWER_SHIFT LEAF_BITS

struct GmqSlotLeaf {
    GmqSlot slots[LEAF_SIZE];
    unsigned n_live;
    GmqSlotLeaf *next; /* of those that are spare */
};

/* Its children are nodes in the upper level and leaves in the lower one. */
struct GmqSlotNode {
    void *children[NODE_SIZE];
    unsigned n_children;
};

static unsigned
index_at(uint64_t id, unsigned shift)
{
    return (unsigned)(id >> shift) & (NODE_SIZE - 1);
}

static void
free_lower(GmqSlotNode *node)
{
    for (unsigned i = 0; i < NODE_SIZE; i++)
        g_free(node->children[i]);
    g_free(node);
}

static void
free_upper(GmqSlotNode *node)
{
    for (unsigned i = 0; i < NODE_SIZE; i++) {
        if (node->children[i] != NULL)
            free_lower(node->children[i]);
    }
    g_free(node);
}

void
gmq_slots_clear(GmqSlots *slots)
{
    for (size_t i = 0; i < slots->n_top; i++) {
        if (slots->top[i] != NULL)
            free_upper(slots->top[i]);
    }
    while (slots->spare != NULL) {
        GmqSlotLeaf *leaf = slots->spare;

        slots->spare = leaf->next;
        g_free(leaf);
    }
    g_free(slots->top);
    *slots = (GmqSlots){0};
}

/* ---- making ---- */

static GmqSlotNode *
make_top(GmqSlots *slots, uint64_t id)
{
    size_t index = (size_t)(id >> TOP_SHIFT);

    if (index >= slots->n_top) {
        size_t size = MAX(index + 1, slots->n_top + slots->n_top / 2);

        slots->top = g_renew(GmqSlotNode *, slots->top, size);
        memset(slots->top + slots->n_top, 0, (size - slots->n_top) * sizeof(GmqSlotNode *));
        slots->n_top = size;
    }
    if (slots->top[index] == NULL)
        slots->top[index] = g_new0(GmqSlotNode, 1);
    return slots->top[index];
}

static GmqSlotNode *
make_lower(GmqSlotNode *upper, uint64_t id)
{
    unsigned index = index_at(id, UPPER_SHIFT);

    if (upper->children[index] == NULL) {
        upper->children[index] = g_new0(GmqSlotNode, 1);
        upper->n_children++;
    }
    return upper->children[index];
}

/* A leaf whose slots are all zero. */
static GmqSlotLeaf *
take_leaf(GmqSlots *slots)
{
    GmqSlotLeaf *leaf = slots->spare;

    if (leaf == NULL)
        return g_new0(GmqSlotLeaf, 1);
    slots->spare = leaf->next;
    slots->n_spare--;
    return leaf;
}

static GmqSlotLeaf *
make_leaf(GmqSlots *slots, uint64_t id)
{
    GmqSlotNode *lower = make_lower(make_top(slots, id), id);
    unsigned index     = index_at(id, LOWER_SHIFT);

    if (lower->children[index] == NULL) {
        lower->children[index] = take_leaf(slots);
        lower->n_children++;
    }
    return lower->children[index];
}

/* ---- finding ---- */

static GmqSlotLeaf *
find_leaf(const GmqSlots *slots, uint64_t id)
{
    size_t index = (size_t)(id >> TOP_SHIFT);

    if (index >= slots->n_top || slots->top[index] == NULL)
        return NULL;
    const GmqSlotNode *lower = slots->top[index]->children[index_at(id, UPPER_SHIFT)];
    return lower == NULL ? NULL : lower->children[index_at(id, LOWER_SHIFT)];
}

/* The leaf of an id by way of the two that were used last. */
static GmqSlotLeaf *
look_up(const GmqSlots *slots, uint64_t id)
{
    uint64_t key = id >> LEAF_BITS;

    if (slots->newest != NULL && key == slots->newest_key)
        return slots->newest;
    if (slots->last != NULL && key == slots->last_key)
        return slots->last;
    return find_leaf(slots, id);
}

GmqSlot *
gmq_slots_find(const GmqSlots *slots, uint64_t id)
{
    GmqSlotLeaf *leaf = look_up(slots, id);

    if (leaf == NULL)
        return NULL;
    GmqSlot *slot = &leaf->slots[id & (LEAF_SIZE - 1)];
    return slot->copies == 0 ? NULL : slot;
}

/* ---- ending ---- */

static void
keep_spare(GmqSlots *slots, GmqSlotLeaf *leaf)
{
    if (slots->n_spare == SPARE_MAX) {
        g_free(leaf);
        return;
    }
    leaf->next   = slots->spare;
    slots->spare = leaf;
    slots->n_spare++;
}

static void
free_leaf(GmqSlots *slots, GmqSlotLeaf *leaf, uint64_t id)
{
    GmqSlotNode **top  = &slots->top[id >> TOP_SHIFT];
    GmqSlotNode *upper = *top;
    GmqSlotNode *lower = upper->children[index_at(id, UPPER_SHIFT)];

    if (leaf == slots->last)
        slots->last = NULL;
    keep_spare(slots, leaf);
    lower->children[index_at(id, LOWER_SHIFT)] = NULL;
    if (--lower->n_children > 0)
        return;
    g_free(lower);
    upper->children[index_at(id, UPPER_SHIFT)] = NULL;
    if (--upper->n_children > 0)
        return;
    g_free(upper);
    *top = NULL;
}

static void
set_newest(GmqSlots *slots, GmqSlotLeaf *leaf, uint64_t key)
{
    GmqSlotLeaf *before = slots->newest;

    slots->newest = leaf;
    if (before != NULL && before != leaf && before->n_live == 0)
        free_leaf(slots, before, slots->newest_key << LEAF_BITS);
    slots->newest_key = key;
}

GmqSlot *
gmq_slots_add(GmqSlots *slots, uint64_t id)
{
    g_assert(id > 0 && id < GMQ_JOURNAL_ID_MAX);

    uint64_t key      = id >> LEAF_BITS;
    GmqSlotLeaf *leaf = slots->newest;
    if (leaf == NULL || key != slots->newest_key) {
        leaf = make_leaf(slots, id);
        set_newest(slots, leaf, key);
    }
    GmqSlot *slot = &leaf->slots[id & (LEAF_SIZE - 1)];
    g_assert(slot->copies == 0);
    slot->copies = GMQ_SLOT_LIVE;
    leaf->n_live++;
    slots->n_live++;
    return slot;
}

void
gmq_slots_remove(GmqSlots *slots, uint64_t id)
{
    GmqSlotLeaf *leaf = look_up(slots, id);

    g_assert(leaf != NULL);
    GmqSlot *slot = &leaf->slots[id & (LEAF_SIZE - 1)];
    g_assert(slot->copies != 0);
    *slot = (GmqSlot){0};
    slots->n_live--;
    leaf->n_live--;
    if (leaf == slots->newest)
        return;
    if (leaf->n_live == 0) {
        free_leaf(slots, leaf, id);
        return;
    }
    slots->last     = leaf;
    slots->last_key = id >> LEAF_BITS;
}

/* ---- going through ---- */

static uint64_t
next_in_leaf(const GmqSlotLeaf *leaf, uint64_t id)
{
    for (unsigned i = (unsigned)id & (LEAF_SIZE - 1); i < LEAF_SIZE; i++) {
        if (leaf->slots[i].copies != 0)
            return (id & ~(uint64_t)(LEAF_SIZE - 1)) + i;
    }
    return 0;
}

/* The first id of what comes behind the part of the tree that the id is in. */
static uint64_t
skip(uint64_t id, unsigned shift)
{
    return ((id >> shift) + 1) << shift;
}

uint64_t
gmq_slots_next(const GmqSlots *slots, uint64_t id)
{
    while (id >> TOP_SHIFT < slots->n_top) {
        const GmqSlotNode *upper = slots->top[id >> TOP_SHIFT];
        if (upper == NULL) {
            id = skip(id, TOP_SHIFT);
            continue;
        }
        const GmqSlotNode *lower = upper->children[index_at(id, UPPER_SHIFT)];
        if (lower == NULL) {
            id = skip(id, UPPER_SHIFT);
            continue;
        }
        const GmqSlotLeaf *leaf = lower->children[index_at(id, LOWER_SHIFT)];
        uint64_t found          = leaf == NULL ? 0 : next_in_leaf(leaf, id);
        if (found != 0)
            return found;
        id = skip(id, LOWER_SHIFT);
    }
    return 0;
}
