/* slots.h - where each message and definition stands: 16 bytes by its id.
 *
 * A tree whose leaves hold a few ids each and are freed with their last one, so that a message that
 * stays for ever keeps little else alive. Finding is a few steps, and none mostly, as one id comes
 * behind the other. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

/* Ids are below this: a million a second for nine years. */
#define GMQ_JOURNAL_ID_MAX (UINT64_C(1) << 48)

typedef struct {
    uint32_t segment; /* 0: it is not written */
    uint32_t offset;  /* in the segment; not written: number of its staged item, 0: none */
    uint32_t size;    /* of the record */
    uint32_t copies;  /* with the bits below */
} GmqSlot;

#define GMQ_SLOT_LIVE (1u << 31)
#define GMQ_SLOT_CHANGED (1u << 30) /* something of it is in changes.h */
#define GMQ_SLOT_DEFINITION (1u << 29)
#define GMQ_SLOT_MOVING (1u << 28) /* a new record of it is in the batch */
#define GMQ_SLOT_COPIES (GMQ_SLOT_MOVING - 1)

typedef struct GmqSlotNode GmqSlotNode;
typedef struct GmqSlotLeaf GmqSlotLeaf;

typedef struct {
    GmqSlotNode **top;
    size_t n_top;
    GmqSlotLeaf *newest; /* that was added to last; it is not freed though it be empty */
    uint64_t newest_key;
    GmqSlotLeaf *last; /* that something was found in */
    uint64_t last_key;
    GmqSlotLeaf *spare; /* empty ones */
    unsigned n_spare;
    uint64_t n_live;
} GmqSlots;

/* All zero is empty. */
void gmq_slots_clear(GmqSlots *slots);

/* The slot of an id that is not live, which is live then and otherwise zero. Lent until it is
 * removed. */
GmqSlot *gmq_slots_add(GmqSlots *slots, uint64_t id);

/* NULL when the id is not live, whatever it is. */
GmqSlot *gmq_slots_find(const GmqSlots *slots, uint64_t id);

/* Ends an id that is live. */
void gmq_slots_remove(GmqSlots *slots, uint64_t id);

/* The first live id that is not below this one; 0 when there is none. */
uint64_t gmq_slots_next(const GmqSlots *slots, uint64_t id);

G_END_DECLS
