#include "core/store/reserve.h"

#include "core/store/journal-private.h"

/* It is made of these, which are the blocks of most file systems. */
#define BLOCK 4096

/* It is made before less than this is free, or when the journal has grown so large: before that
 * there is not much that a full disk could hold back. */
#define FREE_LEAST (UINT64_C(1) << 30)
#define JOURNAL_LEAST (UINT64_C(1) << 20)

static const uint8_t nothing[BLOCK];

void
gmq_reserve_clear(GmqJournal *journal)
{
    if (journal->reserve.file != NULL)
        journal->host->disk->close(journal->host->disk, journal->reserve.file);
}

/* ---- how much ---- */

/* Space for so many bytes of records in a segment of their own, in small batches. */
static uint64_t
space_for(uint64_t live)
{
    return live + live / 16 + 256;
}

/* For all definitions, but no more than stand in one segment. */
static uint64_t
bytes_wanted(const GmqJournal *journal)
{
    uint64_t most = journal->segment_size + GMQ_BATCH_BYTES_MAX;

    return (space_for(MIN(journal->definition_bytes, most)) + BLOCK - 1) / BLOCK * BLOCK;
}

bool
gmq_reserve_carries(const GmqJournal *journal, const GmqSegment *segment)
{
    return space_for(segment->live) <= journal->reserve.bytes;
}

/* ---- lending ---- */

/* Whether the current segment can be left for one that its live records move to, so that it goes:
 * most of all is dead, as the cleaner wants it. */
static bool
can_leave_current(const GmqJournal *journal)
{
    const GmqSegments *segments = &journal->segments;

    return journal->must_rotate && segments->current != NULL &&
           gmq_reserve_carries(journal, segments->current) &&
           segments->size - segments->live > segments->size / 2;
}

/* Whether the cleaner still looks for such records, which it does in each turn as long as it has
 * found none. */
static bool
is_looking(const GmqJournal *journal)
{
    const GmqSegment *segment = gmq_segments_find(&journal->segments, journal->cleaner.segment);

    return segment != NULL && gmq_reserve_carries(journal, segment) &&
           gmq_cleaner_is_busy(journal) && journal->stage.moved_bytes == 0;
}

static bool
lend(GmqJournal *journal)
{
    GmqDisk *disk           = journal->host->disk;
    g_autoptr(GError) error = NULL;

    journal->reserve.is_lent = disk->truncate(disk, journal->reserve.file, 0, &error);
    if (!journal->reserve.is_lent)
        gmq_journal_fail(journal, error->message);
    return journal->reserve.is_lent;
}

/* ---- filling ---- */

/* There is no space for it; what is missing of it is tried again later. */
static void
put_off(GmqJournal *journal, const char *text)
{
    GmqReserve *reserve = &journal->reserve;

    reserve->retry_ns = journal->host->now(journal->host) + GMQ_DISK_RETRY_MS * INT64_C(1000000);
    if (reserve->is_lent)
        gmq_journal_set_full(journal, text);
}

static bool
has_file(GmqJournal *journal)
{
    GmqDisk *disk           = journal->host->disk;
    g_autoptr(GError) error = NULL;

    if (journal->reserve.file == NULL)
        journal->reserve.file = disk->open(disk, GMQ_RESERVE_NAME, true, &error);
    if (journal->reserve.file != NULL)
        return true;
    if (g_error_matches(error, GMQ_DISK_ERROR, GMQ_DISK_ERROR_FULL))
        put_off(journal, error->message);
    else
        gmq_journal_fail(journal, error->message);
    return false;
}

static void
fill(GmqJournal *journal)
{
    GmqReserve *reserve = &journal->reserve;

    if (!has_file(journal))
        return;
    uint64_t size   = journal->host->disk->size(journal->host->disk, reserve->file);
    reserve->wanted = bytes_wanted(journal);
    gmq_batch_begin(&journal->batch, 0);
    for (; size < reserve->wanted; size += BLOCK) {
        GmqSlice slice = {nothing, (size_t)MIN(BLOCK, reserve->wanted - size)};

        g_array_append_val(journal->batch.slices, slice);
    }
    gmq_journal_append(journal, reserve->file, GMQ_PHASE_RESERVE);
}

/* Whether it is to be made or to grow, and finds space, as far as is known. */
static bool
is_due(const GmqJournal *journal)
{
    const GmqReserve *reserve = &journal->reserve;
    uint64_t wanted           = bytes_wanted(journal);

    if (journal->state != GMQ_JOURNAL_FINE || wanted <= reserve->bytes ||
        journal->host->now(journal->host) < reserve->retry_ns)
        return false;
    uint64_t space = journal->host->disk->free_space(journal->host->disk);
    return space >= wanted - reserve->bytes &&
           (reserve->file != NULL || space < FREE_LEAST || journal->segments.size >= JOURNAL_LEAST);
}

bool
gmq_reserve_prepare(GmqJournal *journal)
{
    const GmqReserve *reserve = &journal->reserve;

    if (journal->state == GMQ_JOURNAL_FULL && reserve->bytes > 0) {
        if (gmq_journal_can_clear(journal) || can_leave_current(journal))
            return reserve->is_lent || lend(journal);
        if (reserve->is_lent && is_looking(journal))
            return false;
    }
    if (reserve->is_lent || is_due(journal))
        fill(journal);
    return !reserve->is_lent && journal->phase == GMQ_PHASE_IDLE &&
           journal->state != GMQ_JOURNAL_FAILED;
}

void
gmq_reserve_filled(GmqJournal *journal, GmqDiskResult result)
{
    GmqReserve *reserve     = &journal->reserve;
    GmqDisk *disk           = journal->host->disk;
    g_autoptr(GError) error = NULL;

    if (result == GMQ_DISK_DONE) {
        reserve->bytes    = reserve->wanted;
        reserve->is_lent  = false;
        journal->retry_ns = journal->host->now(journal->host); /* of a full disk */
    } else if (disk->truncate(disk, reserve->file, reserve->is_lent ? 0 : reserve->bytes, &error)) {
        put_off(journal, "there is no space left for the journal");
    } else {
        gmq_journal_fail(journal, error->message);
    }
}

/* ---- opening ---- */

bool
gmq_reserve_adopt(GmqJournal *journal, GError **error)
{
    GmqReserve *reserve = &journal->reserve;
    GmqDisk *disk       = journal->host->disk;

    reserve->file = disk->open(disk, GMQ_RESERVE_NAME, false, error);
    if (reserve->file == NULL)
        return false;
    uint64_t size    = disk->size(disk, reserve->file);
    reserve->is_lent = size == 0 || size % BLOCK != 0; /* or was being filled */
    reserve->bytes   = reserve->is_lent ? bytes_wanted(journal) : size;
    return true;
}
