/* changes.h - what has become of copies since their message was written: new flags, or gone from
 * the queue. Needed when the record of the message is written anew.
 *
 * Changes are rare, so they stand in a table beside the slots. It grows by one place at a time and
 * never all at once. */
#pragma once

#include "core/store/pool.h"

G_BEGIN_DECLS

typedef struct {
    GmqPool items;
    uint32_t **chunks; /* of places, each the number of the first item there */
    uint32_t n_chunks;
    uint32_t n_places;
    uint32_t level; /* the largest power of two that is not above n_places */
} GmqChanges;

typedef enum {
    GMQ_CHANGE_NONE,
    GMQ_CHANGE_MARKED,
    GMQ_CHANGE_DROPPED,
} GmqChangeKind;

void gmq_changes_init(GmqChanges *changes);
void gmq_changes_clear(GmqChanges *changes);

/* The copy of the message in the queue has new flags, or is gone for good. queue is not 0. */
void gmq_changes_mark(GmqChanges *changes, uint64_t id, uint32_t queue, uint32_t flags);
void gmq_changes_drop(GmqChanges *changes, uint64_t id, uint32_t queue);

/* What became of a copy; with MARKED its flags. */
GmqChangeKind gmq_changes_find(const GmqChanges *changes, uint64_t id, uint32_t queue,
                               uint32_t *flags);

/* Forgets all changes of a message. */
void gmq_changes_forget(GmqChanges *changes, uint64_t id);

G_END_DECLS
