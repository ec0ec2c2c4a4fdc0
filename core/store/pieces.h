/* pieces.h - files that are read in pieces: what was written together is read together.
 *
 * A small number of pieces stays in memory, those that were used last, so that several queues can
 * be read at the same time. The caller keeps the storage; all-zero has nothing in memory. */
#pragma once

#include "core/base/disk.h"
#include "core/wire/buffer.h"

G_BEGIN_DECLS

/* Bytes of a piece, which begins at a multiple of that; and how many there are. */
#define GMQ_PIECE_SIZE 262144
#define GMQ_N_PIECES 16

typedef struct {
    uint64_t key; /* 0: it holds nothing */
    uint64_t offset;
    uint64_t used_at;
    size_t size;
    uint8_t *bytes; /* NULL until it is used */
} GmqPiece;

typedef struct {
    GmqPiece pieces[GMQ_N_PIECES];
    uint64_t clock;
    GmqBuffer large; /* what is in no piece */
} GmqPieces;

void gmq_pieces_clear(GmqPieces *pieces);

/* Reads bytes that are written and will not change, of the file with that key, which is not 0. They
 * are lent until the next call. NULL with an error. */
const uint8_t *gmq_pieces_read(GmqPieces *pieces, GmqDisk *disk, GmqFile *file, uint64_t key,
                               uint64_t offset, size_t size, GError **error);

/* The file of that key goes. */
void gmq_pieces_forget(GmqPieces *pieces, uint64_t key);

G_END_DECLS
