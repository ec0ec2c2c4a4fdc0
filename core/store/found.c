#include "core/store/recovery.h"

static void
see_id(GmqRecovery *recovery, uint64_t id)
{
    if (id >= GMQ_JOURNAL_ID_MAX)
        recovery->wrong = "has an id that is too large";
    else
        recovery->journal->next_id = MAX(recovery->journal->next_id, id + 1);
}

/* The record of the slot counts no more. */
static void
leave_place(GmqRecovery *recovery, const GmqSlot *slot)
{
    gmq_segments_bury(&recovery->journal->segments, slot->segment, slot->size);
    gmq_segment_refer(recovery->segment, slot->segment);
}

static void
take_place(GmqRecovery *recovery, GmqSlot *slot, const GmqRecord *record, uint64_t offset)
{
    slot->segment = recovery->segment->number;
    slot->offset  = (uint32_t)offset;
    slot->size    = record->size;
    gmq_segments_enliven(&recovery->journal->segments, recovery->segment, record->size);
    if (record->type == GMQ_RECORD_DEFINITION)
        gmq_segment_add_definition(recovery->segment, record->id);
}

static void
drop_found(GmqRecovery *recovery, uint64_t id, GmqSlot *slot)
{
    GmqJournal *journal = recovery->journal;

    leave_place(recovery, slot);
    if (slot->copies & GMQ_SLOT_DEFINITION) {
        journal->n_definitions--;
        journal->definition_bytes -= slot->size;
    }
    if (slot->copies & GMQ_SLOT_CHANGED)
        gmq_changes_forget(&journal->changes, id);
    gmq_slots_remove(&journal->slots, id);
}

static bool
has_copy(const GmqRecord *record, uint32_t queue)
{
    for (unsigned i = 0; i < record->count; i++) {
        if (gmq_record_copy(record, i).queue == queue)
            return true;
    }
    return false;
}

/* A moved record holds fewer copies than are known: the rest was gone, but the batch was torn
 * before it said so. */
static bool
drop_missing(GmqRecovery *recovery, const GmqSlot *slot, const GmqRecord *record, GError **error)
{
    GmqJournal *journal = recovery->journal;
    GmqSegment *from    = gmq_segments_find(&journal->segments, slot->segment);
    GmqRecord old;

    const uint8_t *bytes = gmq_windows_read(&journal->windows, &journal->segments, from,
                                            slot->offset, slot->size, error);
    if (bytes == NULL)
        return false;
    if (gmq_record_decode((GmqSlice){bytes, slot->size}, from->seed, &old) != NULL ||
        old.type != GMQ_RECORD_MESSAGE) {
        recovery->wrong = "is not as it was before";
        return true;
    }
    for (unsigned i = 0; i < old.count; i++) {
        uint32_t queue = gmq_record_copy(&old, i).queue;

        if (!has_copy(record, queue))
            journal->class_->found_copy_dropped(journal->user, record->id, queue);
    }
    return true;
}

static void
tell_copies(GmqJournal *journal, const GmqRecord *record)
{
    GmqFoundCopy found = {
        .id        = record->id,
        .number    = record->number,
        .body_size = record->body_size,
        .priority  = record->priority,
        .marks     = record->marks,
    };

    for (unsigned i = 0; i < record->count; i++) {
        GmqRecordCopy copy = gmq_record_copy(record, i);

        found.queue      = copy.queue;
        found.flags      = copy.flags;
        found.expires_ms = copy.expires_ms;
        journal->class_->found_copy(journal->user, &found);
    }
}

static bool
on_message(GmqRecovery *recovery, const GmqRecord *record, uint64_t offset, GError **error)
{
    GmqJournal *journal = recovery->journal;

    see_id(recovery, record->id);
    if (recovery->wrong != NULL)
        return true;
    GmqSlot *slot = gmq_slots_find(&journal->slots, record->id);
    if (record->count == 0 || has_copy(record, 0) ||
        (slot != NULL && (slot->copies & GMQ_SLOT_DEFINITION))) {
        recovery->wrong = "has a content that cannot be";
        return true;
    }
    if (slot == NULL) {
        slot = gmq_slots_add(&journal->slots, record->id);
    } else {
        if ((slot->copies & GMQ_SLOT_COPIES) != record->count &&
            !drop_missing(recovery, slot, record, error))
            return false;
        leave_place(recovery, slot);
        gmq_changes_forget(&journal->changes, record->id);
    }
    slot->copies = GMQ_SLOT_LIVE | record->count;
    take_place(recovery, slot, record, offset);
    tell_copies(journal, record);
    return true;
}

static bool
on_definition(GmqRecovery *recovery, const GmqRecord *record, uint64_t offset,
              GError **error G_GNUC_UNUSED)
{
    GmqJournal *journal = recovery->journal;

    see_id(recovery, record->id);
    if (recovery->wrong != NULL)
        return true;
    GmqSlot *slot = gmq_slots_find(&journal->slots, record->id);
    if (slot != NULL && (slot->copies & GMQ_SLOT_DEFINITION) == 0) {
        recovery->wrong = "has the id of a message";
        return true;
    }
    if (slot == NULL) {
        slot = gmq_slots_add(&journal->slots, record->id);
        slot->copies |= GMQ_SLOT_DEFINITION;
        journal->n_definitions++;
        journal->definition_bytes += record->size;
    } else {
        leave_place(recovery, slot);
    }
    take_place(recovery, slot, record, offset);
    return true;
}

static bool
on_dropped(GmqRecovery *recovery, const GmqRecord *record, uint64_t offset G_GNUC_UNUSED,
           GError **error G_GNUC_UNUSED)
{
    const GmqSlots *slots = &recovery->journal->slots;

    for (unsigned i = 0; i < record->count; i++) {
        GmqRecordRange range = gmq_record_range(record, i);
        uint64_t id          = range.first;

        see_id(recovery, range.first + range.n - 1);
        while ((id = gmq_slots_next(slots, id)) != 0 && id - range.first < range.n)
            drop_found(recovery, id, gmq_slots_find(slots, id));
    }
    return true;
}

/* The slot of a message that a change is of; NULL when it is gone. */
static GmqSlot *
changed_slot(GmqRecovery *recovery, const GmqRecordChange *change)
{
    if (change->queue == 0 || change->id == 0)
        recovery->wrong = "has a content that cannot be";
    else
        see_id(recovery, change->id);
    GmqSlot *slot = gmq_slots_find(&recovery->journal->slots, change->id);
    if (recovery->wrong != NULL || slot == NULL || (slot->copies & GMQ_SLOT_DEFINITION))
        return NULL;
    gmq_segment_refer(recovery->segment, slot->segment);
    return slot;
}

static bool
on_copy_dropped(GmqRecovery *recovery, const GmqRecord *record, uint64_t offset G_GNUC_UNUSED,
                GError **error G_GNUC_UNUSED)
{
    GmqJournal *journal = recovery->journal;
    uint32_t flags;

    for (unsigned i = 0; i < record->count; i++) {
        GmqRecordChange change = gmq_record_change(record, i);
        GmqSlot *slot          = changed_slot(recovery, &change);

        if (slot == NULL || gmq_changes_find(&journal->changes, change.id, change.queue, &flags) ==
                                GMQ_CHANGE_DROPPED)
            continue;
        gmq_changes_drop(&journal->changes, change.id, change.queue);
        slot->copies = (slot->copies | GMQ_SLOT_CHANGED) - 1;
        journal->class_->found_copy_dropped(journal->user, change.id, change.queue);
        if ((slot->copies & GMQ_SLOT_COPIES) == 0)
            drop_found(recovery, change.id, slot);
    }
    return true;
}

static bool
on_copy_marked(GmqRecovery *recovery, const GmqRecord *record, uint64_t offset G_GNUC_UNUSED,
               GError **error G_GNUC_UNUSED)
{
    GmqJournal *journal = recovery->journal;

    for (unsigned i = 0; i < record->count; i++) {
        GmqRecordChange change = gmq_record_change(record, i);
        GmqSlot *slot          = changed_slot(recovery, &change);

        if (slot == NULL)
            continue;
        gmq_changes_mark(&journal->changes, change.id, change.queue, change.flags);
        slot->copies |= GMQ_SLOT_CHANGED;
        journal->class_->found_copy_marked(journal->user, change.id, change.queue, change.flags);
    }
    return true;
}

static bool
on_header(GmqRecovery *recovery, const GmqRecord *record, uint64_t offset G_GNUC_UNUSED,
          GError **error G_GNUC_UNUSED)
{
    GmqJournal *journal = recovery->journal;

    recovery->segment =
        gmq_segments_add(&journal->segments, (uint32_t)record->number, record->salt);
    journal->next_segment = (uint32_t)record->number + 1;
    return true;
}

static bool
on_batch(GmqRecovery *recovery, const GmqRecord *record, uint64_t offset G_GNUC_UNUSED,
         GError **error G_GNUC_UNUSED)
{
    recovery->journal->batch_number = MAX(recovery->journal->batch_number, record->number);
    return true;
}

static bool
on_end(GmqRecovery *recovery G_GNUC_UNUSED, const GmqRecord *record G_GNUC_UNUSED,
       uint64_t offset G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
    return true;
}

static bool (*const handlers[GMQ_N_RECORD_TYPES])(GmqRecovery *recovery, const GmqRecord *record,
                                                  uint64_t offset, GError **error) = {
    [GMQ_RECORD_HEADER] = on_header,           [GMQ_RECORD_BATCH] = on_batch,
    [GMQ_RECORD_DEFINITION] = on_definition,   [GMQ_RECORD_MESSAGE] = on_message,
    [GMQ_RECORD_DROPPED] = on_dropped,         [GMQ_RECORD_COPY_DROPPED] = on_copy_dropped,
    [GMQ_RECORD_COPY_MARKED] = on_copy_marked, [GMQ_RECORD_END] = on_end,
};

bool
gmq_recovery_apply(GmqRecovery *recovery, const GmqRecord *record, uint64_t offset, GError **error)
{
    return handlers[record->type](recovery, record, offset, error);
}
