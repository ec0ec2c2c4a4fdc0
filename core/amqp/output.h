/* output.h - what a connection will send, collected until the end of the turn.
 *
 * Small things are copied into blocks; large bodies are pieces of their own that hold a reference
 * of their message. A connection with nothing to send holds no block. */
#pragma once

#include "core/base/host.h"
#include "core/base/limits.h"
#include "core/broker/message.h"

G_BEGIN_DECLS

typedef struct GmqBlock GmqBlock;

/* Empty blocks, shared by all connections. */
typedef struct {
    GmqBlock *first;
    unsigned count;
} GmqBlockPool;

typedef struct {
    GmqBlockPool *pool; /* lent */
    GArray *pieces;     /* NULL while there is nothing */
    unsigned begin;     /* the first piece that is not sent yet */
    size_t size;        /* bytes to send */
    unsigned tail;      /* the piece that owns the block being filled */
    size_t room;        /* bytes left in that block; 0: there is none */
} GmqOutput;

void gmq_block_pool_clear(GmqBlockPool *pool);

void gmq_output_init(GmqOutput *output, GmqBlockPool *pool);

/* Drops what was not sent. */
void gmq_output_clear(GmqOutput *output);

/* Returns room for size bytes in one piece, at most GMQ_OUTPUT_BLOCK; gmq_output_commit() says how
 * many of them were written. Nothing else may be called between. */
uint8_t *gmq_output_reserve(GmqOutput *output, size_t size);
void gmq_output_commit(GmqOutput *output, size_t size);

/* Copies bytes of any size. */
void gmq_output_add(GmqOutput *output, GmqSlice bytes);

/* Sends bytes of the message from where they are; takes a reference of its own. */
void gmq_output_add_lent(GmqOutput *output, GmqMessage *message, GmqSlice bytes);

/* Writes as much as the peer takes and returns how much that was. */
size_t gmq_output_write(GmqOutput *output, GmqHost *host, GmqPeer *peer);

G_END_DECLS
