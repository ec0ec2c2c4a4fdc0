/* What a batch takes, and what becomes of that when the disk has answered. */
#include "core/base/site.h"
#include "core/store/journal-private.h"
#include "core/wire/reader.h"

/* Bytes of a note in the batch, at most and about. */
#define NOTE_SIZE 16

/* Notes that a batch takes at least, however full it is, so that they come to an end. */
#define NOTES_LEAST 256
#define NOTES_MOST (4 * GMQ_BATCH_ITEMS_MAX)

/* ---- taking ---- */

static GmqSlice
bytes_of(const GmqJournal *journal, const GmqStaged *staged)
{
    if (staged->kind == GMQ_STAGED_MESSAGE)
        return journal->class_->lend(staged->message);
    return (GmqSlice){staged->message, staged->body_size};
}

static void
take_staged(GmqJournal *journal, GmqStaged *staged)
{
    GmqSlice bytes = bytes_of(journal, staged);

    if (staged->kind == GMQ_STAGED_MESSAGE)
        gmq_batch_add_message(&journal->batch, &journal->stage, staged, bytes);
    else
        gmq_batch_add_definition(&journal->batch, staged, bytes, false);
    gmq_epochs_take(&journal->epochs, staged->epoch);
    gmq_stage_enter(&journal->stage, staged, GMQ_LINE_BATCH);
}

static bool
has_room(const GmqJournal *journal)
{
    return journal->batch.size < journal->limit && journal->batch.n_staged < GMQ_BATCH_ITEMS_MAX &&
           !(journal->batch.n_staged > 0 && GMQ_SITE(journal->host, BATCH_ONE));
}

/* Takes from a line what is due, or all of it, as long as there is room. */
static void
take_line(GmqJournal *journal, GmqLine line, int64_t due_ns)
{
    GmqStaged *staged;

    while (has_room(journal) && (staged = gmq_stage_first(&journal->stage, line)) != NULL &&
           staged->due_ns <= due_ns)
        take_staged(journal, staged);
}

static void
take_notes(GmqJournal *journal)
{
    uint64_t free = gmq_epochs_free_notes(&journal->epochs);
    uint64_t room = journal->limit > journal->batch.size ? journal->limit - journal->batch.size : 0;
    uint64_t most = journal->notes.first + CLAMP(room / NOTE_SIZE, NOTES_LEAST, NOTES_MOST);

    journal->batch.notes_end = MAX(journal->notes.first, MIN(free, most));
}

/* Takes a record into the new segment, unless it is gone meanwhile. */
static void
take_moved(GmqJournal *journal, GmqStaged *staged)
{
    GmqSlot *slot  = gmq_slots_find(&journal->slots, staged->id);
    GmqSlice bytes = {staged->message, staged->body_size};
    const GmqSegment *segment;
    GmqRecord record;

    if (slot == NULL) {
        gmq_journal_unstage(journal, staged);
        return;
    }
    segment           = gmq_segments_find(&journal->segments, staged->segment);
    const char *wrong = gmq_record_decode(bytes, segment->seed, &record);
    g_assert(wrong == NULL); /* it was right when it was staged */
    if (record.type == GMQ_RECORD_DEFINITION)
        gmq_batch_add_definition(&journal->batch, staged, record.bytes, true);
    else
        gmq_batch_add_moved(&journal->batch, staged, &record,
                            slot->copies & GMQ_SLOT_CHANGED ? &journal->changes : NULL);
    gmq_batch_refer(&journal->batch, staged->segment);
    slot->copies |= GMQ_SLOT_MOVING;
    gmq_stage_enter(&journal->stage, staged, GMQ_LINE_BATCH);
}

/* Whether its record can be moved by itself: one that has changed would say something else. */
static bool
is_unchanged(const GmqSlot *slot)
{
    return (slot->copies & GMQ_SLOT_CHANGED) == 0;
}

static bool
is_carried(const GmqJournal *journal, const GmqStaged *staged)
{
    return gmq_reserve_carries(journal, gmq_segments_find(&journal->segments, staged->segment));
}

bool
gmq_journal_can_clear(const GmqJournal *journal)
{
    const GmqStaged *line = &journal->stage.lines[GMQ_LINE_MOVED];

    for (const GmqStaged *staged = line->next; staged != line; staged = staged->next) {
        const GmqSlot *slot = gmq_slots_find(&journal->slots, staged->id);

        if (slot != NULL && is_unchanged(slot) && is_carried(journal, staged))
            return true;
    }
    return false;
}

/* With a full disk: what is moved makes space, so that it does not wait behind what does not fit; a
 * batch of its own. What is lent is only for what it carries. */
static void
take_unchanged(GmqJournal *journal)
{
    bool is_lent    = journal->reserve.is_lent;
    GmqStaged *line = &journal->stage.lines[GMQ_LINE_MOVED];
    GmqStaged *next;

    for (GmqStaged *staged = line->next; staged != line && has_room(journal); staged = next) {
        const GmqSlot *slot = gmq_slots_find(&journal->slots, staged->id);

        next = staged->next;
        if (slot == NULL || (is_unchanged(slot) && (!is_lent || is_carried(journal, staged))))
            take_moved(journal, staged);
    }
}

/* Records that have changed are moved only behind all that was noted, and with all notes: copies
 * that are gone are left out of them, which must not come to the disk before what was added in
 * their place. */
static void
take_all_moved(GmqJournal *journal)
{
    GmqStaged *staged;

    if (gmq_stage_first(&journal->stage, GMQ_LINE_DEFINITIONS) != NULL ||
        gmq_stage_first(&journal->stage, GMQ_LINE_URGENT) != NULL ||
        gmq_stage_first(&journal->stage, GMQ_LINE_RELAXED) != NULL ||
        journal->batch.notes_end != gmq_notes_end(&journal->notes))
        return;
    while (has_room(journal) && (staged = gmq_stage_first(&journal->stage, GMQ_LINE_MOVED)) != NULL)
        take_moved(journal, staged);
}

/* Whether messages are taken too that could be settled yet: notes may hang on them, and what is
 * moved comes behind them. */
static bool
must_be_whole(const GmqJournal *journal, int64_t now)
{
    return journal->wanted > journal->committed || journal->is_stopping ||
           journal->settle_ns <= now || gmq_stage_first(&journal->stage, GMQ_LINE_MOVED) != NULL;
}

/* Takes all that was noted, with messages that are due, as far as there is room. */
static void
take_noted(GmqJournal *journal, int64_t due_ns)
{
    take_line(journal, GMQ_LINE_DEFINITIONS, INT64_MAX);
    if (gmq_stage_first(&journal->stage, GMQ_LINE_DEFINITIONS) == NULL) {
        take_line(journal, GMQ_LINE_URGENT, INT64_MAX);
        take_line(journal, GMQ_LINE_RELAXED, due_ns);
    }
    gmq_epochs_end(&journal->epochs, gmq_notes_end(&journal->notes));
    journal->notes.sealed = gmq_notes_end(&journal->notes);
    take_notes(journal);
    take_all_moved(journal);
    gmq_batch_add_notes(&journal->batch, &journal->notes, &journal->slots, &journal->segments);
}

bool
gmq_journal_take_batch(GmqJournal *journal)
{
    GmqBatch *batch     = &journal->batch;
    GmqSegment *segment = journal->segments.current;
    int64_t now         = journal->host->now(journal->host);
    bool is_whole       = must_be_whole(journal, now);

    gmq_batch_begin(batch, segment->seed);
    gmq_batch_add_batch(batch, segment->salt, journal->batch_number + 1);
    uint64_t empty = batch->size;

    batch->notes_end = journal->notes.first;
    if (journal->state == GMQ_JOURNAL_FULL)
        take_unchanged(journal);
    journal->is_clearing = batch->n_staged > 0;
    if (!journal->is_clearing)
        take_noted(journal, is_whole ? INT64_MAX : now);
    if (batch->size == empty && batch->notes_end == journal->notes.first && !journal->must_speak)
        return false;
    gmq_batch_finish(batch);
    gmq_segment_refer(segment, batch->min_ref);
    journal->n_dead = 0;
    return true;
}

/* ---- done ---- */

/* The record of a slot stands somewhere else now, or for the first time. */
static void
settle_slot(GmqJournal *journal, GmqSlot *slot, const GmqStaged *staged, uint64_t base)
{
    GmqSegment *segment = journal->segments.current;

    if (slot->segment != 0)
        gmq_segments_bury(&journal->segments, slot->segment, slot->size);
    slot->segment = segment->number;
    slot->offset  = (uint32_t)(base + staged->offset);
    slot->size    = staged->size;
    slot->copies &= ~GMQ_SLOT_MOVING;
    gmq_segments_enliven(&journal->segments, segment, staged->size);
    if (slot->copies & GMQ_SLOT_DEFINITION)
        gmq_segment_add_definition(segment, staged->id);
}

static void
finish_staged(GmqJournal *journal, GmqStaged *staged, uint64_t base)
{
    const GmqJournalClass *class_ = journal->class_;
    bool is_message               = staged->kind == GMQ_STAGED_MESSAGE;
    bool is_awaited               = staged->is_awaited;
    void *waiter                  = staged->waiter;
    uint64_t tag                  = staged->tag;
    uint64_t number               = staged->number;

    GmqSlot *slot = gmq_slots_find(&journal->slots, staged->id);

    /* What went away meanwhile has a record here, and its note, if any, names the old place. */
    if (slot == NULL) {
        gmq_notes_add_dropped(&journal->notes, staged->id, journal->segments.current->number, 0);
        gmq_journal_start_settling(journal);
    } else {
        settle_slot(journal, slot, staged, base);
        journal->n_staged -= is_message ? 1 : 0;
    }
    gmq_journal_unstage(journal, staged);
    if (is_message && !gmq_host_is_unheard(journal->host))
        class_->stored(journal->user, number);
    if (is_awaited)
        class_->done(journal->user, waiter, tag, true);
}

/* What the notes say is on the disk: what they speak of is dead. */
static void
finish_notes(GmqJournal *journal)
{
    GmqNotes *notes = &journal->notes;
    size_t n        = (size_t)(journal->batch.notes_end - notes->first);

    for (size_t i = 0; i < n; i++) {
        const GmqNote *note = &notes->items[i];

        if (note->bytes > 0)
            gmq_segments_bury(&journal->segments, note->segment, note->bytes);
    }
    gmq_notes_forget(notes, journal->batch.notes_end);
    journal->settle_ns = INT64_MAX;
    if (notes->n > 0)
        gmq_journal_start_settling(journal);
}

void
gmq_journal_finish_batch(GmqJournal *journal)
{
    GmqSegment *segment = journal->segments.current;
    uint64_t base       = segment->size;
    GmqStaged *staged;

    journal->batch_number++;
    journal->n_batches++;
    journal->must_speak = false;
    journal->limit      = MIN(GMQ_BATCH_BYTES_MAX, 2 * journal->limit);
    gmq_segments_grow(&journal->segments, segment, journal->batch.size);
    finish_notes(journal);
    gmq_epochs_forget(&journal->epochs, journal->notes.first);
    journal->committed = journal->epochs.first - 1;
    while ((staged = gmq_stage_first(&journal->stage, GMQ_LINE_BATCH)) != NULL)
        finish_staged(journal, staged, base);
    gmq_heirs_tell(journal, journal->committed, true);
    journal->n_dead = 0;
}

/* ---- not done ---- */

static GmqLine
home_of(const GmqStaged *staged)
{
    if (staged->kind == GMQ_STAGED_DEFINITION)
        return GMQ_LINE_DEFINITIONS;
    if (staged->kind == GMQ_STAGED_MOVED)
        return GMQ_LINE_MOVED;
    return staged->n_urgent > 0 ? GMQ_LINE_URGENT : GMQ_LINE_RELAXED;
}

static void
undo_staged(GmqJournal *journal, GmqStaged *staged)
{
    if (staged->is_dead) { /* and never was on the disk */
        gmq_epochs_hang(&journal->epochs, staged->epoch);
        gmq_journal_unstage(journal, staged);
        return;
    }
    if (staged->kind == GMQ_STAGED_MOVED) {
        GmqSlot *slot = gmq_slots_find(&journal->slots, staged->id);

        if (slot != NULL)
            slot->copies &= ~GMQ_SLOT_MOVING;
    } else {
        gmq_epochs_wait(&journal->epochs, staged->epoch);
    }
    gmq_stage_return(&journal->stage, staged, home_of(staged));
}

void
gmq_journal_undo_batch(GmqJournal *journal)
{
    GmqStaged *line = &journal->stage.lines[GMQ_LINE_BATCH];

    while (line->previous != line)
        undo_staged(journal, line->previous);
    journal->n_dead = 0;
}
