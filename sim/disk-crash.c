/* What a crash leaves of the simulated disk, and what rots on it. */
#include <string.h>

#include "core/store/record.h"
#include "core/wire/reader.h"
#include "sim/disk-private.h"

/* A run of steps of one file that are not durable: it was made, got bytes, or was to go. */
typedef struct {
    GmqFile *file;
    enum {
        MADE,
        BYTES,
        GONE
    } what;
    GByteArray *bytes; /* NULL for the others, which are one step */
    bool is_under_way; /* and not written yet */
} Piece;

static void
clear_piece(void *data)
{
    Piece *piece = data;

    if (piece->bytes != NULL)
        g_byte_array_unref(piece->bytes);
}

static uint64_t
piece_size(const Piece *piece)
{
    return piece->what == BYTES ? piece->bytes->len : 1;
}

static void
add_tail(GArray *pieces, GmqFile *file)
{
    Piece made = {file, MADE, NULL, false};
    Piece tail = {file, BYTES, NULL, false};

    if (file->is_removed)
        return;
    if (!file->is_named)
        g_array_append_val(pieces, made);
    tail.bytes = g_byte_array_new();
    g_byte_array_append(tail.bytes, file->written->data + file->durable->len,
                        (unsigned)(file->written->len - file->durable->len));
    g_array_append_val(pieces, tail);
}

static void
add_step(GArray *pieces, const GmqDiskStep *step)
{
    Piece piece = {step->file, step->is_remove ? GONE : BYTES, NULL, true};

    if (!step->is_remove) {
        piece.bytes = g_byte_array_new();
        gmq_disk_step_add_to(step, piece.bytes, step->size);
    }
    g_array_append_val(pieces, piece);
}

/* All that is not durable, in the order in which it would become so. */
static GArray *
collect(GmqSimDisk *disk)
{
    GArray *pieces = g_array_new(FALSE, FALSE, sizeof(Piece));

    g_array_set_clear_func(pieces, clear_piece);
    for (unsigned i = 0; i < disk->files->len; i++)
        add_tail(pieces, disk->files->pdata[i]);
    for (const GList *link = disk->steps.head; link != NULL; link = link->next) {
        const GmqDiskStep *step = link->data;

        if (!step->is_written)
            add_step(pieces, step);
    }
    return pieces;
}

static uint64_t
count_steps(const GArray *pieces, bool only_written)
{
    uint64_t n = 0;

    for (unsigned i = 0; i < pieces->len; i++) {
        const Piece *piece = &g_array_index(pieces, Piece, i);
        n += only_written && piece->is_under_way ? 0 : piece_size(piece);
    }
    return n;
}

uint64_t
gmq_sim_disk_steps(GmqSimDisk *disk)
{
    g_autoptr(GArray) pieces = collect(disk);
    return count_steps(pieces, false);
}

/* ---- records ---- */

/* The size of the record at the front of the bytes; what is none, or not whole, is one with all
 * that follows. */
static size_t
record_size(const uint8_t *bytes, size_t size)
{
    if (size < GMQ_RECORD_HEAD)
        return size;
    uint32_t whole = gmq_load_u32(bytes + 4);
    return whole < GMQ_RECORD_HEAD || whole > size ? size : whole;
}

/* Where records end, in steps from the first that is not durable; 0 is the first of these. */
static GArray *
find_ends(const GArray *pieces)
{
    GArray *ends = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    uint64_t end = 0;

    g_array_append_val(ends, end);
    for (unsigned i = 0; i < pieces->len; i++) {
        const Piece *piece = &g_array_index(pieces, Piece, i);
        uint64_t size      = piece_size(piece);

        for (uint64_t at = 0; at < size;) {
            uint64_t part =
                piece->what == BYTES ? record_size(piece->bytes->data + at, size - at) : 1;

            at += part;
            end += part;
            g_array_append_val(ends, end);
        }
    }
    return ends;
}

/* The number of ends that lie before so many steps, or there. */
static unsigned
count_ends(const GArray *ends, uint64_t steps)
{
    unsigned n = 0;

    while (n < ends->len && g_array_index(ends, uint64_t, n) <= steps)
        n++;
    return n;
}

/* ---- crashing ---- */

/* The first n steps of a piece are all that is left of it. */
static void
keep(const Piece *piece, uint64_t n, bool is_power_lost)
{
    GmqFile *file = piece->file;

    if (piece->what == GONE) {
        file->is_removed |= n > 0;
    } else if (piece->what == MADE) {
        file->is_removed |= n == 0 && is_power_lost;
        file->is_named |= n > 0 && is_power_lost;
    } else if (piece->is_under_way) {
        g_byte_array_append(file->written, piece->bytes->data, (unsigned)n);
    } else {
        gmq_disk_file_cut(file, file->durable->len + n);
    }
}

/* What is on the disk after the power comes back is durable. */
static void
settle(GmqFile *file)
{
    size_t n_old = file->n_old;

    gmq_disk_file_sync(file);
    file->n_old       = MIN(n_old, file->written->len);
    file->is_poisoned = false;
}

static void
keep_steps(GmqSimDisk *disk, const GArray *pieces, uint64_t n, bool is_power_lost)
{
    for (unsigned i = 0; i < pieces->len; i++) {
        const Piece *piece = &g_array_index(pieces, Piece, i);
        uint64_t kept      = MIN(n, piece_size(piece));

        keep(piece, kept, is_power_lost);
        n -= kept;
    }
    for (unsigned i = 0; i < disk->files->len && is_power_lost; i++)
        settle(disk->files->pdata[i]);
    gmq_schedule_forget(disk->schedule, &disk->ticket);
    g_queue_clear_full(&disk->steps, (GDestroyNotify)gmq_disk_step_free);
}

void
gmq_sim_disk_cut(GmqSimDisk *disk, uint64_t n)
{
    g_autoptr(GArray) pieces = collect(disk);
    keep_steps(disk, pieces, n, true);
}

/* How many whole steps a crash leaves. */
static uint64_t
draw_rest(GmqSimDisk *disk, GmqDiskLoss loss, const GArray *pieces, const GArray *ends)
{
    if (loss == GMQ_LOSE_NOTHING)
        return count_steps(pieces, true);
    if (loss == GMQ_LOSE_UNSYNCED)
        return 0;
    return g_array_index(ends, uint64_t, gmq_random_below(&disk->random, ends->len));
}

void
gmq_sim_disk_crash(GmqSimDisk *disk, GmqDiskLoss loss, bool is_torn)
{
    g_autoptr(GArray) pieces = collect(disk);
    g_autoptr(GArray) ends   = find_ends(pieces);
    uint64_t rest            = draw_rest(disk, loss, pieces, ends);
    unsigned next            = count_ends(ends, rest);

    if (is_torn && next < ends->len) {
        uint64_t size = g_array_index(ends, uint64_t, next) - rest;

        if (size > 1)
            rest += 1 + gmq_random_below(&disk->random, size - 1);
    }
    keep_steps(disk, pieces, rest, loss != GMQ_LOSE_NOTHING);
}

/* ---- rot ---- */

/* Where a part of a file begins, and its size. */
static size_t
part_of(const GmqFile *file, GmqDiskPart part, size_t *start)
{
    if (file->is_removed)
        return 0;
    *start = part == GMQ_PART_OLD ? 0 : file->n_old;
    return part == GMQ_PART_OLD ? file->n_old : file->written->len - file->n_old;
}

bool
gmq_sim_disk_flip(GmqSimDisk *disk, GmqDiskPart part)
{
    uint64_t n_bits = 0;
    size_t start    = 0;

    for (unsigned i = 0; i < disk->files->len; i++)
        n_bits += 8 * (uint64_t)part_of(disk->files->pdata[i], part, &start);
    if (n_bits == 0)
        return false;

    uint64_t bit = gmq_random_below(&disk->random, n_bits);
    for (unsigned i = 0; i < disk->files->len; i++) {
        GmqFile *file = disk->files->pdata[i];
        uint64_t size = 8 * (uint64_t)part_of(file, part, &start);

        if (bit < size) {
            bit += 8 * (uint64_t)start;
            g_array_append_val(file->flips, bit);
            return true;
        }
        bit -= size;
    }
    g_assert_not_reached();
}
