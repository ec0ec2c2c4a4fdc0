/* When a batch begins, and what the disk answers. */
#include "core/base/site.h"
#include "core/store/journal-private.h"

/* Behind a full disk a batch is made smaller, down to this. */
#define LIMIT_LEAST 4096

/* ... and a segment that is larger than this is left. */
#define ROTATE_LEAST 4096

/* ---- appending ---- */

void
gmq_journal_append(GmqJournal *journal, GmqFile *file, GmqJournalPhase phase)
{
    const GArray *slices = journal->batch.slices;
    GmqDisk *disk        = journal->host->disk;

    journal->phase = phase;
    journal->ticket++;
    disk->append(disk, file, (const GmqSlice *)(const void *)slices->data, slices->len, true,
                 journal->ticket);
}

static void
append_end(GmqJournal *journal)
{
    const GmqSegment *segment = journal->segments.current;

    gmq_batch_begin(&journal->batch, segment->seed);
    gmq_batch_add_end(&journal->batch, segment->salt);
    gmq_batch_finish(&journal->batch);
    gmq_journal_append(journal, segment->file, GMQ_PHASE_END);
}

/* ---- whether ---- */

static bool
has_line(const GmqJournal *journal, GmqLine line)
{
    return gmq_stage_first(&journal->stage, line) != NULL;
}

/* When something is to be written, host time; INT64_MIN: at once. */
static int64_t
due_ns(const GmqJournal *journal)
{
    const GmqStaged *relaxed = gmq_stage_first(&journal->stage, GMQ_LINE_RELAXED);

    if (has_line(journal, GMQ_LINE_URGENT) || has_line(journal, GMQ_LINE_DEFINITIONS) ||
        has_line(journal, GMQ_LINE_MOVED) || journal->wanted > journal->committed ||
        journal->must_speak || (journal->is_stopping && !journal->has_ended))
        return INT64_MIN;
    return MIN(relaxed == NULL ? INT64_MAX : relaxed->due_ns, journal->settle_ns);
}

int64_t
gmq_journal_deadline(const GmqJournal *journal)
{
    int64_t due = due_ns(journal);

    if (journal->state == GMQ_JOURNAL_FAILED || journal->phase != GMQ_PHASE_IDLE)
        return INT64_MAX;
    if (gmq_cleaner_is_busy(journal))
        due = INT64_MIN;
    if (journal->state == GMQ_JOURNAL_FULL && due != INT64_MAX)
        return MAX(due, journal->retry_ns);
    return due == INT64_MIN ? journal->host->now(journal->host) : due;
}

/* There is nothing to write, or no more: epochs are done without that. */
static void
advance(GmqJournal *journal)
{
    gmq_epochs_forget(&journal->epochs, journal->notes.first);
    journal->committed = journal->epochs.first - 1;
    gmq_heirs_tell(journal, journal->committed, true);
}

static void
bury_notes(uint64_t from, uint64_t to, void *data)
{
    GmqJournal *journal = data;
    GmqNotes *notes     = &journal->notes;

    for (uint64_t i = MAX(from, notes->first); i < to; i++) {
        GmqNote *note = &notes->items[i - notes->first];

        gmq_segments_bury(&journal->segments, note->segment, note->bytes);
        note->bytes = 0;
    }
}

/* With a full disk: what is gone takes effect although that cannot be written, so that segments
 * without live records can go. What took its place is on the disk, as that was noted in the same
 * turn, or is gone itself: see epoch.h. The notes stay in their order; they are written once there
 * is space, if what they speak of is still there. */
static void
bury_early(GmqJournal *journal)
{
    GmqNotes *notes = &journal->notes;

    gmq_epochs_fold(&journal->epochs, gmq_notes_end(notes));
    notes->sealed = gmq_notes_end(notes);
    gmq_epochs_foreach_whole(&journal->epochs, bury_notes, journal);
}

static void
recover_from_full(GmqJournal *journal)
{
    journal->state = GMQ_JOURNAL_FINE;
    g_clear_pointer(&journal->trouble, g_free);
}

static void
begin(GmqJournal *journal)
{
    if (!gmq_reserve_prepare(journal))
        return;
    if (gmq_journal_needs_segment(journal)) {
        gmq_journal_make_segment(journal);
        return;
    }
    if (gmq_journal_take_batch(journal)) {
        journal->has_ended = false;
        gmq_journal_append(journal, journal->segments.current->file, GMQ_PHASE_BATCH);
        return;
    }
    recover_from_full(journal); /* what did not fit is gone */
    advance(journal);
    if (journal->is_stopping && !journal->has_ended)
        append_end(journal);
}

void
gmq_journal_commit(GmqJournal *journal)
{
    gmq_journal_close(journal);
    journal->has_replaced = false;
    if (journal->state == GMQ_JOURNAL_FAILED) {
        gmq_journal_fail_staged(journal);
        return;
    }
    if (journal->state == GMQ_JOURNAL_FULL && journal->phase == GMQ_PHASE_IDLE)
        bury_early(journal);
    if (!journal->is_held && !GMQ_BUG(journal->host, SEGMENT_KEPT))
        gmq_segments_remove(&journal->segments);
    gmq_cleaner_step(journal);
    if (journal->phase != GMQ_PHASE_IDLE)
        return;

    int64_t due = due_ns(journal);
    if (due == INT64_MAX) {
        recover_from_full(journal); /* what did not fit is gone */
        return;
    }
    int64_t now = journal->host->now(journal->host);
    if (due <= now && (journal->state == GMQ_JOURNAL_FINE || journal->retry_ns <= now))
        begin(journal);
}

/* ---- marks and the end ---- */

uint64_t
gmq_journal_mark(GmqJournal *journal)
{
    uint64_t now = gmq_epochs_now(&journal->epochs);
    const GmqEpoch *present =
        &g_array_index(journal->epochs.open, GmqEpoch, journal->epochs.open->len - 1);
    bool has_notes = gmq_notes_end(&journal->notes) > journal->notes.sealed;
    bool is_empty  = present->waiting == 0 && !has_notes && journal->n_dead == 0;
    uint64_t mark  = is_empty ? now - 1 : now;

    if (journal->state == GMQ_JOURNAL_FAILED)
        return UINT64_MAX;
    journal->wanted = MAX(journal->wanted, mark);
    return mark;
}

void
gmq_journal_stop(GmqJournal *journal)
{
    journal->is_stopping = true;
}

bool
gmq_journal_is_idle(const GmqJournal *journal)
{
    if (journal->phase != GMQ_PHASE_IDLE)
        return false;
    return journal->state != GMQ_JOURNAL_FINE ||
           (journal->has_ended && due_ns(journal) == INT64_MAX);
}

/* ---- trouble ---- */

static void
set_trouble(GmqJournal *journal, const char *text)
{
    g_free(journal->trouble);
    journal->trouble = g_strdup(text);
}

/* A message or definition that never will be written. */
static void
fail_one(GmqJournal *journal, GmqStaged *staged)
{
    bool is_awaited = staged->is_awaited;
    void *waiter    = staged->waiter;
    uint64_t tag    = staged->tag;

    if (staged->kind != GMQ_STAGED_MOVED && !staged->is_dead) {
        gmq_slots_find(&journal->slots, staged->id)->offset = 0;
        journal->n_staged -= staged->kind == GMQ_STAGED_MESSAGE ? 1 : 0;
        if (staged->line != GMQ_LINE_BATCH)
            gmq_epochs_take(&journal->epochs, staged->epoch);
    }
    gmq_journal_unstage(journal, staged);
    if (is_awaited)
        journal->class_->done(journal->user, waiter, tag, false);
}

void
gmq_journal_fail_staged(GmqJournal *journal)
{
    static const GmqLine lines[] = {GMQ_LINE_BATCH, GMQ_LINE_DEFINITIONS, GMQ_LINE_URGENT,
                                    GMQ_LINE_RELAXED, GMQ_LINE_MOVED};
    GmqStaged *staged;

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        while ((staged = gmq_stage_first(&journal->stage, lines[i])) != NULL)
            fail_one(journal, staged);
    }
}

/* The END of the last stop still stands last, and nothing can be added to it: a crash from now on
 * would look like that stop. Cutting it off needs no space. */
static bool
take_back_end(GmqJournal *journal, GError **error)
{
    GmqDisk *disk       = journal->host->disk;
    GmqSegment *segment = journal->segments.current;
    uint64_t size       = GMQ_RECORD_HEAD + GMQ_RECORD_END_BODY;

    if (!journal->must_speak || segment == NULL || journal->phase != GMQ_PHASE_IDLE)
        return true;
    journal->must_speak = false;
    if (!disk->truncate(disk, segment->file, segment->size - size, error))
        return false;
    gmq_segments_shrink(&journal->segments, segment, size);
    return true;
}

void
gmq_journal_fail(GmqJournal *journal, const char *text)
{
    g_autoptr(GError) ignored = NULL; /* a disk that does not write may not cut either */

    journal->state = GMQ_JOURNAL_FAILED;
    set_trouble(journal, text);
    take_back_end(journal, &ignored);
    gmq_journal_close(journal);
    gmq_journal_fail_staged(journal);
    gmq_heirs_tell(journal, UINT64_MAX, false);
    gmq_notes_clear(&journal->notes);
    journal->n_dead = 0;
}

void
gmq_journal_set_full(GmqJournal *journal, const char *text)
{
    g_autoptr(GError) error = NULL;

    journal->state    = GMQ_JOURNAL_FULL;
    journal->retry_ns = journal->host->now(journal->host) + GMQ_DISK_RETRY_MS * INT64_C(1000000);
    set_trouble(journal, text);
    if (!take_back_end(journal, &error))
        gmq_journal_fail(journal, error->message);
}

/* The file of the current segment as it was before the append. */
static bool
cut_back(GmqJournal *journal)
{
    GmqDisk *disk             = journal->host->disk;
    const GmqSegment *segment = journal->segments.current;
    g_autoptr(GError) error   = NULL;

    if (disk->truncate(disk, segment->file, segment->size, &error))
        return true;
    gmq_journal_fail(journal, error->message);
    return false;
}

/* A batch, or an END, that found no space. The segment is left, as long as there is space for a
 * header: those that hold nothing but messages can go when these are drained, without an append,
 * and make room for what moves definitions out of the others. */
static void
retreat(GmqJournal *journal)
{
    const GmqSegment *segment = journal->segments.current;

    if (!cut_back(journal))
        return;
    gmq_journal_undo_batch(journal);
    journal->limit       = MAX(LIMIT_LEAST, journal->batch.size / 2);
    journal->must_rotate = segment->size > ROTATE_LEAST;
    gmq_journal_set_full(journal, "there is no space left for the journal");
}

/* ---- answers ---- */

static void
finish(GmqJournal *journal, GmqJournalPhase phase)
{
    if (phase == GMQ_PHASE_BATCH && journal->is_clearing)
        journal->retry_ns = journal->host->now(journal->host); /* what did not fit may fit now */
    else
        recover_from_full(journal);
    if (phase == GMQ_PHASE_BATCH) {
        gmq_journal_finish_batch(journal);
        return;
    }
    gmq_segments_grow(&journal->segments, journal->segments.current, journal->batch.size);
    journal->has_ended = true;
}

void
gmq_journal_stored(GmqJournal *journal, uint64_t ticket, GmqDiskResult result)
{
    GmqJournalPhase phase = journal->phase;

    g_assert(phase != GMQ_PHASE_IDLE);
    g_assert(ticket == journal->ticket);
    journal->phase = GMQ_PHASE_IDLE;
    if (result == GMQ_DISK_FAILED)
        gmq_journal_fail(journal, "writing the journal has failed");
    else if (phase == GMQ_PHASE_RESERVE)
        gmq_reserve_filled(journal, result);
    else if (phase == GMQ_PHASE_HEADER)
        gmq_journal_segment_made(journal, result);
    else if (result == GMQ_DISK_DONE)
        finish(journal, phase);
    else
        retreat(journal);
}
