#include "core/store/cleaner.h"

#include "core/store/journal-private.h"
#include "core/wire/reader.h"

/* Bytes that are staged to be moved; more wait in their segment. */
#define MOVED_MAX (UINT64_C(4) << 20)

/* What is read at once, and how much more when most of all is dead: then it is urgent. */
#define HURRY 4
#define PIECE_MAX (HURRY * GMQ_CLEAN_BYTES)

/* Definitions that are looked at in a turn. */
#define DEFINITIONS_MAX 1024

/* The head of a record and its id. */
#define LOOK_SIZE (GMQ_RECORD_HEAD + 8)

void
gmq_cleaner_clear(GmqCleaner *cleaner)
{
    g_free(cleaner->bytes);
}

static bool
read_piece(GmqJournal *journal, GmqSegment *segment, uint64_t offset, uint8_t *to, size_t size)
{
    GmqFile *file = gmq_segments_file(&journal->segments, segment, NULL);

    return file != NULL &&
           journal->host->disk->read(journal->host->disk, file, offset, to, size, NULL);
}

/* What cannot be read stays where it is: the next start will say so. */
static void
give_up(GmqJournal *journal, GmqSegment *segment)
{
    segment->is_bad          = true;
    journal->cleaner.segment = 0;
}

static bool
is_live(const GmqJournal *journal, const GmqSegment *segment, uint64_t offset, uint64_t id)
{
    const GmqSlot *slot = gmq_slots_find(&journal->slots, id);

    return slot != NULL && slot->segment == segment->number && slot->offset == offset;
}

/* Stages a live record again; takes its bytes. False when it is damaged. */
static bool
stage_record(GmqJournal *journal, const GmqSegment *segment, uint64_t id, uint8_t *bytes,
             uint32_t size)
{
    GmqRecord record;

    if (gmq_record_decode((GmqSlice){bytes, size}, segment->seed, &record) != NULL) {
        g_free(bytes);
        return false;
    }
    GmqStaged *staged = gmq_stage_add(&journal->stage, GMQ_STAGED_MOVED, id);
    staged->message   = bytes;
    staged->body_size = size;
    staged->segment   = segment->number;
    journal->cleaner.staged += size;
    gmq_stage_enter(&journal->stage, staged, GMQ_LINE_MOVED);
    return true;
}

static bool
stage_by_place(GmqJournal *journal, GmqSegment *segment, uint64_t offset, uint64_t id,
               uint32_t size)
{
    uint8_t *bytes = g_malloc(size);

    if (!read_piece(journal, segment, offset, bytes, size)) {
        g_free(bytes);
        return false;
    }
    return stage_record(journal, segment, id, bytes, size);
}

/* Looks at the record at at, of which left bytes were read. Returns how far it goes, 0 when more of
 * it must be read, and -1 when it is damaged. */
static int64_t
look_at(GmqJournal *journal, GmqSegment *segment, const uint8_t *at, uint64_t offset, size_t left)
{
    if (left < LOOK_SIZE && offset + left < segment->size)
        return 0;
    if (left < GMQ_RECORD_HEAD)
        return -1;
    uint32_t size = gmq_load_u32(at + 4);
    if (size < GMQ_RECORD_HEAD || size > segment->size - offset)
        return -1;
    if (at[8] != GMQ_RECORD_MESSAGE || size < LOOK_SIZE)
        return size;

    uint64_t id = gmq_load_u64(at + GMQ_RECORD_HEAD);
    if (!is_live(journal, segment, offset, id))
        return size;
    if (size > GMQ_CLEAN_BYTES)
        return stage_by_place(journal, segment, offset, id, size) ? (int64_t)size : -1;
    if (size > left)
        return 0;
    return stage_record(journal, segment, id, g_memdup2(at, size), size) ? (int64_t)size : -1;
}

/* Whether space is running away. */
static bool
is_urgent(const GmqJournal *journal)
{
    return gmq_segments_dead(&journal->segments) > journal->segments.size / 4 * 3;
}

/* Stages definitions of the segment. When nothing else of it counts, there is nothing to look
 * for. */
static void
look_at_definitions(GmqJournal *journal, GmqSegment *segment)
{
    GmqCleaner *cleaner = &journal->cleaner;
    unsigned end        = MIN(segment->definitions->len, cleaner->n_known + DEFINITIONS_MAX);

    for (; cleaner->n_known < end; cleaner->n_known++) {
        uint64_t id   = g_array_index(segment->definitions, uint64_t, cleaner->n_known);
        GmqSlot *slot = gmq_slots_find(&journal->slots, id);

        if (slot == NULL || slot->segment != segment->number)
            continue;
        if (!stage_by_place(journal, segment, slot->offset, id, slot->size)) {
            give_up(journal, segment);
            return;
        }
    }
    if (cleaner->n_known == segment->definitions->len && cleaner->staged == segment->live)
        cleaner->at = segment->size;
}

static void
look_on(GmqJournal *journal, GmqSegment *segment)
{
    GmqCleaner *cleaner = &journal->cleaner;
    uint64_t most       = is_urgent(journal) ? PIECE_MAX : GMQ_CLEAN_BYTES;
    size_t size         = (size_t)MIN(most, segment->size - cleaner->at);
    uint64_t start      = cleaner->at;
    size_t done         = 0;

    if (cleaner->bytes == NULL)
        cleaner->bytes = g_malloc(PIECE_MAX);
    if (!read_piece(journal, segment, start, cleaner->bytes, size)) {
        give_up(journal, segment);
        return;
    }
    while (done < size) {
        int64_t step = look_at(journal, segment, cleaner->bytes + done, start + done, size - done);

        if (step < 0 || (step == 0 && done == 0)) {
            give_up(journal, segment);
            return;
        }
        if (step == 0 || (size_t)step > size - done) {
            cleaner->at = start + done + (uint64_t)step;
            return;
        }
        done += (size_t)step;
    }
    cleaner->at = start + done;
}

static bool
choose(GmqJournal *journal)
{
    const GmqSegment *segment = gmq_segments_sparsest(&journal->segments);

    if (segment == NULL)
        return false;
    journal->cleaner.segment = segment->number;
    journal->cleaner.n_known = 0;
    journal->cleaner.at      = 0;
    journal->cleaner.staged  = 0;
    return true;
}

void
gmq_cleaner_step(GmqJournal *journal)
{
    GmqCleaner *cleaner = &journal->cleaner;

    if (journal->is_held || journal->stage.moved_bytes >= MOVED_MAX ||
        (cleaner->segment == 0 && !choose(journal)))
        return;
    GmqSegment *segment = gmq_segments_find(&journal->segments, cleaner->segment);
    if (segment == NULL) {
        cleaner->segment = 0;
        return;
    }
    if (segment->definitions != NULL && cleaner->n_known < segment->definitions->len)
        look_at_definitions(journal, segment);
    else if (cleaner->at < segment->size)
        look_on(journal, segment);
}

bool
gmq_cleaner_is_busy(const GmqJournal *journal)
{
    if (journal->is_held || journal->cleaner.segment == 0)
        return false;
    const GmqSegment *segment = gmq_segments_find(&journal->segments, journal->cleaner.segment);
    return segment == NULL || journal->cleaner.at < segment->size;
}
