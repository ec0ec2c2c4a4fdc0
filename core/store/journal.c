#include "core/store/journal-private.h"

/* Of the record. */
#define DEFINITION_SIZE(table_size) (GMQ_RECORD_HEAD + 8 + (uint64_t)(table_size))

#define COMMIT_WAIT_NS (GMQ_COMMIT_WAIT_MS * INT64_C(1000000))

GQuark
gmq_journal_error_quark(void)
{
    return g_quark_from_static_string("gmq-journal-error-quark");
}

/* ---- definitions ---- */

uint64_t
gmq_journal_add_definition(GmqJournal *journal, GmqSlice table)
{
    g_assert(table.size < UINT32_MAX / 2);

    uint64_t id       = journal->next_id++;
    GmqStaged *staged = gmq_stage_add(&journal->stage, GMQ_STAGED_DEFINITION, id);
    GmqSlot *slot     = gmq_slots_add(&journal->slots, id);

    staged->message   = g_memdup2(table.data, table.size);
    staged->body_size = (uint32_t)table.size;
    staged->epoch     = (uint32_t)gmq_epochs_now(&journal->epochs);
    slot->offset      = staged->index;
    slot->copies |= GMQ_SLOT_DEFINITION;
    gmq_epochs_wait(&journal->epochs, staged->epoch);
    gmq_stage_enter(&journal->stage, staged, GMQ_LINE_DEFINITIONS);
    journal->n_definitions++;
    journal->definition_bytes += DEFINITION_SIZE(table.size);
    return id;
}

/* ---- messages ---- */

uint64_t
gmq_journal_add_message(GmqJournal *journal, const GmqJournalMessage *message)
{
    gmq_journal_close(journal);

    uint64_t id       = journal->next_id++;
    GmqStaged *staged = gmq_stage_add(&journal->stage, GMQ_STAGED_MESSAGE, id);
    GmqSlot *slot     = gmq_slots_add(&journal->slots, id);

    staged->message   = message->message;
    staged->number    = message->number;
    staged->body_size = message->body_size;
    staged->priority  = message->priority;
    staged->marks     = message->marks;
    slot->offset      = staged->index;
    journal->open     = staged;
    journal->n_staged++;
    return id;
}

void
gmq_journal_unstage(GmqJournal *journal, GmqStaged *staged)
{
    void *message = staged->message;

    if (staged->kind != GMQ_STAGED_MESSAGE)
        g_free(message);
    else if (message != NULL)
        journal->class_->release(message);
    gmq_stage_remove(&journal->stage, staged);
}

void
gmq_journal_close(GmqJournal *journal)
{
    GmqStaged *staged = g_steal_pointer(&journal->open);

    if (staged == NULL || staged->line != GMQ_LINE_NONE)
        return;
    gmq_slots_remove(&journal->slots, staged->id);
    gmq_journal_unstage(journal, staged);
    journal->n_staged--;
}

bool
gmq_journal_is_open(const GmqJournal *journal, uint64_t id)
{
    const GmqStaged *open = journal->open;

    return open != NULL && open->id == id && open->n_copies < UINT16_MAX;
}

/* Nobody is in a hurry for it. */
static void
relax(GmqJournal *journal, GmqStaged *staged)
{
    staged->due_ns = journal->host->now(journal->host) + COMMIT_WAIT_NS;
    gmq_stage_enter(&journal->stage, staged, GMQ_LINE_RELAXED);
}

void
gmq_journal_add_copy(GmqJournal *journal, uint64_t id, uint32_t queue, int64_t expires_ms,
                     bool is_urgent)
{
    g_assert(queue != 0);
    g_assert(gmq_journal_is_open(journal, id));

    GmqStaged *staged = journal->open;
    bool is_first     = staged->line == GMQ_LINE_NONE;

    gmq_slots_find(&journal->slots, id)->copies++;
    gmq_stage_add_copy(&journal->stage, staged, queue, expires_ms);
    if (is_first) {
        staged->epoch = (uint32_t)gmq_epochs_now(&journal->epochs);
        gmq_epochs_wait(&journal->epochs, staged->epoch);
    }
    if (is_urgent && staged->n_urgent++ == 0)
        gmq_stage_enter(&journal->stage, staged, GMQ_LINE_URGENT);
    else if (is_first)
        relax(journal, staged);
}

/* The staged thing of a slot; NULL when it is written, or never will be. */
static GmqStaged *
staged_of(const GmqJournal *journal, const GmqSlot *slot)
{
    return slot->segment != 0 || slot->offset == 0 ? NULL
                                                   : gmq_stage_at(&journal->stage, slot->offset);
}

void
gmq_journal_relax(GmqJournal *journal, uint64_t id)
{
    const GmqSlot *slot = gmq_slots_find(&journal->slots, id);
    GmqStaged *staged   = slot == NULL ? NULL : staged_of(journal, slot);

    if (staged != NULL && staged->n_urgent > 0 && --staged->n_urgent == 0 &&
        staged->line == GMQ_LINE_URGENT)
        relax(journal, staged);
}

/* ---- what becomes of copies ---- */

/* Whether a staged thing can still be changed itself. */
static bool
is_changeable(const GmqStaged *staged)
{
    return staged != NULL && staged->line != GMQ_LINE_BATCH;
}

static void
add_note(GmqJournal *journal, GmqNoteKind kind, uint64_t id, GmqSlot *slot, uint32_t queue,
         uint32_t flags)
{
    GmqNote note = {
        .kind    = (uint64_t)kind & 0xff,
        .id      = id,
        .queue   = queue,
        .flags   = flags,
        .segment = slot->segment != 0 ? slot->segment : gmq_journal_place(journal),
    };

    slot->copies |= GMQ_SLOT_CHANGED;
    if (kind == GMQ_NOTE_COPY_MARKED)
        gmq_changes_mark(&journal->changes, id, queue, flags);
    else
        gmq_changes_drop(&journal->changes, id, queue);
    if (journal->state == GMQ_JOURNAL_FAILED)
        return;
    gmq_notes_add(&journal->notes, &note);
    gmq_journal_start_settling(journal);
}

void
gmq_journal_mark_copy(GmqJournal *journal, uint64_t id, uint32_t queue, uint32_t flags)
{
    GmqSlot *slot = gmq_slots_find(&journal->slots, id);
    g_assert(slot != NULL);
    GmqStaged *staged = staged_of(journal, slot);
    GmqStagedCopy *copy =
        is_changeable(staged) ? gmq_stage_find_copy(&journal->stage, staged, queue) : NULL;

    if (copy != NULL)
        copy->flags = flags;
    else
        add_note(journal, GMQ_NOTE_COPY_MARKED, id, slot, queue, flags);
}

static void
drop_one(GmqJournal *journal, uint64_t id, GmqSlot *slot, uint32_t queue)
{
    GmqStaged *staged = staged_of(journal, slot);
    uint32_t n_left   = (--slot->copies) & GMQ_SLOT_COPIES;

    if (!is_changeable(staged) || !gmq_stage_take_copy(&journal->stage, staged, queue))
        add_note(journal, GMQ_NOTE_COPY_DROPPED, id, slot, queue, 0);
    if (is_changeable(staged))
        staged->n_urgent = MIN(staged->n_urgent, n_left);
}

/* A thing that is not written is gone: whoever waits need not wait any more. */
static void
drop_staged(GmqJournal *journal, GmqStaged *staged)
{
    bool is_awaited = staged->is_awaited;
    void *waiter    = staged->waiter;
    uint64_t tag    = staged->tag;

    if (staged->kind == GMQ_STAGED_MESSAGE)
        journal->n_staged--;
    staged->is_awaited = false;
    if (staged->line == GMQ_LINE_BATCH) {
        staged->is_dead = true;
        journal->n_dead++;
    } else {
        gmq_epochs_take(&journal->epochs, staged->epoch);
        gmq_epochs_hang(&journal->epochs, staged->epoch);
        gmq_journal_unstage(journal, staged);
    }
    if (is_awaited)
        journal->class_->done(journal->user, waiter, tag, true);
}

static void
drop_all(GmqJournal *journal, uint64_t id, GmqSlot *slot)
{
    GmqStaged *staged = staged_of(journal, slot);

    if (slot->copies & GMQ_SLOT_CHANGED)
        gmq_changes_forget(&journal->changes, id);
    if (slot->segment != 0 && journal->state != GMQ_JOURNAL_FAILED) {
        gmq_notes_add_dropped(&journal->notes, id, slot->segment, slot->size);
        gmq_journal_start_settling(journal);
    }
    if (staged != NULL && staged == journal->open)
        journal->open = NULL;
    gmq_slots_remove(&journal->slots, id);
    if (staged != NULL)
        drop_staged(journal, staged);
}

void
gmq_journal_drop_copy(GmqJournal *journal, uint64_t id, uint32_t queue)
{
    GmqSlot *slot = gmq_slots_find(&journal->slots, id);

    g_assert(slot != NULL);
    if ((slot->copies & GMQ_SLOT_COPIES) > 1)
        drop_one(journal, id, slot, queue);
    else
        drop_all(journal, id, slot);
}

void
gmq_journal_drop_definition(GmqJournal *journal, uint64_t id)
{
    GmqSlot *slot = gmq_slots_find(&journal->slots, id);

    g_assert(slot != NULL);
    g_assert(slot->copies & GMQ_SLOT_DEFINITION);
    const GmqStaged *staged = staged_of(journal, slot);
    journal->n_definitions--;
    journal->definition_bytes -= staged == NULL ? slot->size : DEFINITION_SIZE(staged->body_size);
    drop_all(journal, id, slot);
}

/* ---- asking ---- */

bool
gmq_journal_has(const GmqJournal *journal, uint64_t id)
{
    const GmqSlot *slot = gmq_slots_find(&journal->slots, id);

    return slot != NULL && (slot->copies & GMQ_SLOT_DEFINITION) == 0;
}

bool
gmq_journal_is_written(const GmqJournal *journal, uint64_t id)
{
    const GmqSlot *slot = gmq_slots_find(&journal->slots, id);

    return slot != NULL && slot->segment != 0;
}

/* A message that the failed disk did not take: whoever asks now is told at the end of the turn. */
static GmqStaged *
restage(GmqJournal *journal, uint64_t id)
{
    GmqStaged *staged = gmq_stage_add(&journal->stage, GMQ_STAGED_MESSAGE, id);

    staged->epoch = (uint32_t)gmq_epochs_now(&journal->epochs);
    gmq_epochs_wait(&journal->epochs, staged->epoch);
    gmq_stage_enter(&journal->stage, staged, GMQ_LINE_URGENT);
    gmq_slots_find(&journal->slots, id)->offset = staged->index;
    journal->n_staged++;
    return staged;
}

/* Has it wait for all that was noted so far, and is noted in this turn. */
static void
add_heir(GmqJournal *journal, void *waiter, uint64_t tag)
{
    uint64_t mark = gmq_epochs_now(&journal->epochs);

    gmq_heirs_add(&journal->heirs, &(GmqHeir){mark, waiter, tag});
    journal->wanted = MAX(journal->wanted, mark);
}

bool
gmq_journal_await(GmqJournal *journal, uint64_t id, void *waiter, uint64_t tag)
{
    const GmqSlot *slot = gmq_slots_find(&journal->slots, id);
    GmqStaged *staged   = slot == NULL ? NULL : staged_of(journal, slot);

    if (journal->has_replaced && journal->state != GMQ_JOURNAL_FAILED) {
        add_heir(journal, waiter, tag);
        return true;
    }
    if (staged == NULL && slot != NULL && slot->segment == 0)
        staged = restage(journal, id);
    if (staged == NULL)
        return false;
    g_assert(!staged->is_awaited);
    staged->is_awaited = true;
    staged->waiter     = waiter;
    staged->tag        = tag;
    return true;
}

void
gmq_journal_replace(GmqJournal *journal, uint64_t id)
{
    const GmqSlot *slot = gmq_slots_find(&journal->slots, id);
    GmqStaged *staged   = slot == NULL ? NULL : staged_of(journal, slot);

    if (staged == NULL)
        return;
    if (!staged->is_awaited) {
        journal->has_replaced = true;
        return;
    }
    staged->is_awaited = false;
    add_heir(journal, staged->waiter, staged->tag);
}

void
gmq_journal_get_stats(const GmqJournal *journal, GmqJournalStats *stats)
{
    *stats = (GmqJournalStats){
        .n_segments = journal->segments.all->len,
        .bytes      = journal->segments.size,
        .live_bytes = journal->segments.live,
        .messages   = journal->slots.n_live - journal->n_definitions,
        .staged     = journal->n_staged,
        .batches    = journal->n_batches,
    };
}

GmqJournalState
gmq_journal_state(const GmqJournal *journal)
{
    return journal->state;
}

const char *
gmq_journal_trouble(const GmqJournal *journal)
{
    return journal->trouble;
}

uint64_t
gmq_journal_committed(const GmqJournal *journal)
{
    return journal->committed;
}

void
gmq_journal_set_segment_size(GmqJournal *journal, uint64_t bytes)
{
    journal->segment_size = bytes;
}

/* ---- reading back ---- */

/* The record of a slot, lent from a window; NULL with an error. */
static bool
read_record(GmqJournal *journal, const GmqSlot *slot, GmqRecord *record, GError **error)
{
    GmqSegment *segment = gmq_segments_find(&journal->segments, slot->segment);

    g_assert(segment != NULL);
    const uint8_t *bytes = gmq_windows_read(&journal->windows, &journal->segments, segment,
                                            slot->offset, slot->size, error);
    if (bytes == NULL)
        return false;
    const char *wrong = gmq_record_decode((GmqSlice){bytes, slot->size}, segment->seed, record);
    if (wrong != NULL) {
        char name[GMQ_SEGMENT_NAME_SIZE];

        gmq_segment_name(slot->segment, name);
        g_set_error(error, GMQ_JOURNAL_ERROR, GMQ_JOURNAL_ERROR_DAMAGED, "%s: the record at %u %s",
                    name, slot->offset, wrong);
        gmq_windows_clear(&journal->windows); /* the next one who tries reads the disk */
    }
    return wrong == NULL;
}

bool
gmq_journal_read(GmqJournal *journal, uint64_t id, GmqFoundCopy *found, GmqSlice *bytes,
                 GError **error)
{
    const GmqSlot *slot = gmq_slots_find(&journal->slots, id);
    GmqRecord record;

    g_assert(slot != NULL && slot->segment != 0);
    if (!read_record(journal, slot, &record, error))
        return false;
    *bytes = record.bytes;
    *found = (GmqFoundCopy){
        .id         = id,
        .number     = record.number,
        .expires_ms = INT64_MAX,
        .body_size  = record.body_size,
        .priority   = record.priority,
        .marks      = record.marks,
    };
    if (record.type == GMQ_RECORD_MESSAGE && record.count > 0) {
        GmqRecordCopy copy = gmq_record_copy(&record, 0);

        found->queue      = copy.queue;
        found->flags      = copy.flags;
        found->expires_ms = copy.expires_ms;
    }
    return true;
}

/* ---- backups ---- */

void
gmq_journal_hold_files(GmqJournal *journal, GPtrArray *names, GArray *sizes)
{
    for (unsigned i = 0; i < journal->segments.all->len; i++) {
        const GmqSegment *segment = g_ptr_array_index(journal->segments.all, i);
        char *name                = g_malloc(GMQ_SEGMENT_NAME_SIZE);

        gmq_segment_name(segment->number, name);
        g_ptr_array_add(names, name);
        g_array_append_val(sizes, segment->size);
    }
    journal->is_held = true;
}

void
gmq_journal_release_files(GmqJournal *journal)
{
    journal->is_held = false;
}
