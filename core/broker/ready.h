/* ready.h - the ready messages of a queue, smallest place first.
 *
 * Fresh messages come in order of place and stand in a chain of blocks; returned ones may have any
 * place and stand in a heap. The next message is the smaller of the two heads, so that a requeue
 * restores the old order (AMQP.md 16.4) in O(log returned) and a queue without requeues is a plain
 * chain. Messages may be out of memory (entry.h); blocks of nothing else are shrunk until it is
 * their turn. The caller keeps the storage; all-zero is not valid, see gmq_ready_init(). */
#pragma once

#include "core/broker/ready-block.h"

G_BEGIN_DECLS

typedef struct {
    GmqReadyBlock *first; /* blocks of fresh entries; NULL when empty; this one is whole */
    GmqReadyBlock *last;  /* likewise */
    GmqReadyBlock *spare; /* one empty block, so that a short queue does not allocate */
    size_t begin;         /* of the first entry in the first block */
    size_t end;           /* behind the last entry in the last block */
    size_t n_fresh;
    GArray *returned; /* of GmqEntry: a binary heap by place; NULL until the first */

    GmqReadyBlock *last_loaded; /* blocks that may hold messages in memory: the last of them all is
                                 * among these */
    GmqReadyBlock *look;        /* where gmq_ready_put_out() goes on; NULL: at the end */
    size_t look_returned;       /* likewise: so many of the returned ones are before it */
} GmqReady;

void gmq_ready_init(GmqReady *ready);

/* Unrefs the messages that are still there. Those that are out are nobody's then. */
void gmq_ready_clear(GmqReady *ready);

/* Appends an entry whose place is above all fresh ones; takes it over. Its message is in memory, or
 * out. */
void gmq_ready_push(GmqReady *ready, const GmqEntry *entry);
void gmq_ready_push_out(GmqReady *ready, const GmqEntry *entry);

/* Puts an entry back to where its place belongs; takes it over. */
void gmq_ready_return(GmqReady *ready, const GmqEntry *entry);

/* Whether a return of that place would stand before all others. */
bool gmq_ready_is_first(const GmqReady *ready, uint64_t place);

/* The entry with the smallest place, lent until the next call; NULL when there is none. */
const GmqEntry *gmq_ready_peek(const GmqReady *ready);

/* Gives the entry with the smallest place to the caller; false when there is none. */
bool gmq_ready_take(GmqReady *ready, GmqEntry *entry);

static inline size_t
gmq_ready_length(const GmqReady *ready)
{
    return ready->n_fresh + (ready->returned == NULL ? 0 : ready->returned->len);
}

/* Says where the message of a loaded entry is from now on: sets the entry out and returns true,
 * with its reference given back; false when it must stay. */
typedef bool (*GmqPutOut)(GmqEntry *entry, void *user);

/* Asks put_out about some messages that are in memory, GMQ_READY_RUN blocks: about the last ones,
 * then with each call about those before, and about the returned ones in the end. Those of one call
 * leave in order, so that they are read in order. Those that stand among the first kept are left
 * alone. Returns false when it came to these: the next call begins anew. */
#define GMQ_READY_RUN 8
bool gmq_ready_put_out(GmqReady *ready, uint64_t kept, GmqPutOut put_out, void *user);

G_END_DECLS
