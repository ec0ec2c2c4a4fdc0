#include "core/store/pieces.h"

void
gmq_pieces_clear(GmqPieces *pieces)
{
    for (size_t i = 0; i < GMQ_N_PIECES; i++)
        g_free(pieces->pieces[i].bytes);
    gmq_buffer_clear(&pieces->large);
    *pieces = (GmqPieces){0};
}

void
gmq_pieces_forget(GmqPieces *pieces, uint64_t key)
{
    for (size_t i = 0; i < GMQ_N_PIECES; i++) {
        if (pieces->pieces[i].key == key)
            pieces->pieces[i].key = 0;
    }
}

/* The piece in which the offset is; or else the one to read it into. */
static GmqPiece *
find_piece(GmqPieces *pieces, uint64_t key, uint64_t offset)
{
    GmqPiece *oldest = &pieces->pieces[0];

    for (size_t i = 0; i < GMQ_N_PIECES; i++) {
        GmqPiece *piece = &pieces->pieces[i];

        if (piece->key == key && offset - piece->offset < GMQ_PIECE_SIZE)
            return piece;
        if (piece->used_at < oldest->used_at)
            oldest = piece;
    }
    oldest->key = 0;
    return oldest;
}

/* Whether it holds all of the bytes; the file may have grown since it was read. */
static bool
has_all(const GmqPiece *piece, uint64_t offset, size_t size)
{
    return piece->key != 0 && offset - piece->offset + size <= piece->size;
}

static bool
fill(GmqPiece *piece, GmqDisk *disk, GmqFile *file, uint64_t key, uint64_t offset, GError **error)
{
    uint64_t begin = offset - offset % GMQ_PIECE_SIZE;
    uint64_t end   = disk->size(disk, file);

    piece->key = 0;
    if (piece->bytes == NULL)
        piece->bytes = g_malloc(GMQ_PIECE_SIZE);
    if (begin >= end)
        return true;
    piece->size = (size_t)MIN(end - begin, GMQ_PIECE_SIZE);
    if (!disk->read(disk, file, begin, piece->bytes, piece->size, error))
        return false;
    piece->key    = key;
    piece->offset = begin;
    return true;
}

const uint8_t *
gmq_pieces_read(GmqPieces *pieces, GmqDisk *disk, GmqFile *file, uint64_t key, uint64_t offset,
                size_t size, GError **error)
{
    g_assert(key != 0);
    if (offset % GMQ_PIECE_SIZE + size <= GMQ_PIECE_SIZE) {
        GmqPiece *piece = find_piece(pieces, key, offset);

        piece->used_at = ++pieces->clock;
        if (!has_all(piece, offset, size) && !fill(piece, disk, file, key, offset, error))
            return NULL;
        if (has_all(piece, offset, size))
            return piece->bytes + (offset - piece->offset);
    }
    pieces->large.size = 0;
    uint8_t *at        = gmq_buffer_reserve(&pieces->large, size);
    return disk->read(disk, file, offset, at, size, error) ? at : NULL;
}
