/* ready-block.h - how ready messages stand in memory: blocks of entries, and what is left of a
 * block whose messages are all out (AMQP.md 24.5).
 *
 * A whole block has room for any entries. One that is full of entries which are out and otherwise
 * plain - consecutive places, equal flags, no expiry - can be shrunk to 8 bytes for each message,
 * or to none when their numbers count up and their sizes are the same, and be made whole again when
 * it is its turn. Only for ready.c. */
#pragma once

#include "core/broker/entry.h"

G_BEGIN_DECLS

#define GMQ_READY_BLOCK 126 /* entries per block: 4 KiB with its links */

typedef struct GmqReadyBlock GmqReadyBlock;

/* What both forms begin with. */
typedef struct {
    GmqReadyBlock *next;
    GmqReadyBlock *prev;
    bool is_shrunk;
    bool is_loaded; /* stands in the list of blocks that may hold messages in memory */
    uint32_t n_out; /* entries that are out */
} GmqReadyLinks;

/* A whole block. */
struct GmqReadyBlock {
    GmqReadyLinks links;
    GmqReadyBlock *next_loaded; /* in the list of those that may hold messages in memory */
    GmqReadyBlock *prev_loaded;
    GmqEntry entries[GMQ_READY_BLOCK];
};

/* An empty block, not linked with anything; and the end of a block of either form, whose entries
 * are not looked at. */
GmqReadyBlock *gmq_ready_block_new(void);
void gmq_ready_block_free(GmqReadyBlock *block);

/* Returns a block whose entries are all out in its small form, with its neighbours, and frees the
 * whole one; NULL when it cannot be shrunk. It must have left the list of those that are loaded. */
GmqReadyBlock *gmq_ready_block_shrink(GmqReadyBlock *block);

/* Writes a small block out into a whole one, with its neighbours, and frees it. */
void gmq_ready_block_expand(GmqReadyBlock *shrunk, GmqReadyBlock *whole);

G_END_DECLS
