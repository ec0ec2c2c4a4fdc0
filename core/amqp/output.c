#include "core/amqp/output.h"

#include "core/base/site.h"

#define PIECES_PER_WRITE 64

struct GmqBlock {
    GmqBlock *next;
    uint8_t data[GMQ_OUTPUT_BLOCK];
};

typedef struct {
    const uint8_t *data; /* not sent yet */
    size_t size;
    GmqBlock *block; /* the owner: this or the message */
    GmqMessage *message;
} Piece;

/* ---- blocks ---- */

static GmqBlock *
take_block(GmqBlockPool *pool)
{
    GmqBlock *block = pool->first;

    if (block == NULL)
        return g_new(GmqBlock, 1);
    pool->first = block->next;
    pool->count--;
    return block;
}

static void
give_block(GmqBlockPool *pool, GmqBlock *block)
{
    if (pool->count == GMQ_OUTPUT_SPARE) {
        g_free(block);
        return;
    }
    block->next = pool->first;
    pool->first = block;
    pool->count++;
}

void
gmq_block_pool_clear(GmqBlockPool *pool)
{
    while (pool->count > 0)
        g_free(take_block(pool));
}

/* ---- pieces ---- */

static Piece *
piece_at(const GmqOutput *output, unsigned i)
{
    return &g_array_index(output->pieces, Piece, i);
}

void
gmq_output_init(GmqOutput *output, GmqBlockPool *pool)
{
    *output = (GmqOutput){.pool = pool};
}

static void
drop_piece(GmqOutput *output, Piece *piece)
{
    if (piece->block != NULL)
        give_block(output->pool, piece->block);
    if (piece->message != NULL)
        gmq_message_unref(piece->message);
}

static void
drop_pieces(GmqOutput *output)
{
    g_clear_pointer(&output->pieces, g_array_unref);
    output->begin = 0;
    output->size  = 0;
    output->room  = 0;
}

void
gmq_output_clear(GmqOutput *output)
{
    if (output->pieces == NULL)
        return;
    for (unsigned i = output->begin; i < output->pieces->len; i++)
        drop_piece(output, piece_at(output, i));
    drop_pieces(output);
}

static void
add_piece(GmqOutput *output, Piece piece)
{
    if (output->pieces == NULL)
        output->pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
    g_array_append_vals(output->pieces, &piece, 1);
}

/* Makes the last piece one that can grow in the block being filled. What was lent in between stands
 * in the way: then a new piece goes on in the same block and owns it from now on, as pieces are
 * sent in order. */
static void
continue_block(GmqOutput *output)
{
    if (output->tail + 1 == output->pieces->len)
        return;

    Piece *owner    = piece_at(output, output->tail);
    GmqBlock *block = owner->block;

    owner->block = NULL;
    output->tail = output->pieces->len;
    add_piece(output,
              (Piece){.data = block->data + (GMQ_OUTPUT_BLOCK - output->room), .block = block});
}

static void
begin_block(GmqOutput *output)
{
    GmqBlock *block = take_block(output->pool);

    add_piece(output, (Piece){.data = block->data, .block = block});
    output->tail = output->pieces->len - 1;
    output->room = GMQ_OUTPUT_BLOCK;
}

uint8_t *
gmq_output_reserve(GmqOutput *output, size_t size)
{
    g_assert(size <= GMQ_OUTPUT_BLOCK);

    if (output->room < size)
        begin_block(output);
    else
        continue_block(output);
    return piece_at(output, output->tail)->block->data + (GMQ_OUTPUT_BLOCK - output->room);
}

void
gmq_output_commit(GmqOutput *output, size_t size)
{
    g_assert(size <= output->room);

    piece_at(output, output->tail)->size += size;
    output->room -= size;
    output->size += size;
}

void
gmq_output_add(GmqOutput *output, GmqSlice bytes)
{
    while (bytes.size > 0) {
        size_t part = MIN(bytes.size, output->room > 0 ? output->room : GMQ_OUTPUT_BLOCK);

        memcpy(gmq_output_reserve(output, part), bytes.data, part);
        gmq_output_commit(output, part);
        bytes.data += part;
        bytes.size -= part;
    }
}

void
gmq_output_add_lent(GmqOutput *output, GmqMessage *message, GmqSlice bytes)
{
    add_piece(output, (Piece){bytes.data, bytes.size, NULL, gmq_message_ref(message)});
    output->size += bytes.size;
}

/* ---- writing ---- */

/* Forgets the pieces before begin, so that a connection that is never quite empty does not collect
 * them. */
static void
compact(GmqOutput *output)
{
    if (output->begin < PIECES_PER_WRITE || output->begin < output->pieces->len / 2)
        return;
    g_array_remove_range(output->pieces, 0, output->begin);
    output->tail -= MIN(output->tail, output->begin);
    output->begin = 0;
}

/* Steps over what was sent and lets go of pieces that are through. */
static void
advance(GmqOutput *output, size_t sent)
{
    output->size -= sent;
    while (output->begin < output->pieces->len) {
        Piece *piece = piece_at(output, output->begin);
        size_t part  = MIN(sent, piece->size);

        piece->data += part;
        piece->size -= part;
        sent -= part;
        if (piece->size > 0)
            break;
        if (output->begin == output->tail)
            output->room = 0;
        drop_piece(output, piece);
        output->begin++;
    }
    if (output->begin == output->pieces->len)
        drop_pieces(output);
    else
        compact(output);
}

size_t
gmq_output_write(GmqOutput *output, GmqHost *host, GmqPeer *peer)
{
    size_t total = 0;

    while (output->size > 0) {
        GmqSlice slices[PIECES_PER_WRITE];
        size_t count = 0;
        size_t size  = 0;

        for (unsigned i = output->begin; i < output->pieces->len && count < PIECES_PER_WRITE; i++) {
            const Piece *piece = piece_at(output, i);

            slices[count++] = (GmqSlice){piece->data, piece->size};
            size += piece->size;
        }
        g_assert(count > 0);
        if (GMQ_SITE(host, WRITE_BYTE)) {
            count = 1;
            size = slices[0].size = MIN(slices[0].size, 1);
        }
        size_t sent = host->write(host, peer, slices, count);
        g_assert(sent <= size);
        advance(output, sent);
        total += sent;
        if (sent < size)
            break;
    }
    return total;
}
