#include "core/store/batch.h"

#include "core/base/limits.h"

/* More room than this is given back at the next beginning. */
#define CAPACITY_KEPT (1u << 20)

typedef struct {
    size_t at; /* behind so many copied bytes */
    GmqSlice bytes;
} Lent;

void
gmq_batch_init(GmqBatch *batch)
{
    *batch = (GmqBatch){
        .lent   = g_array_new(FALSE, FALSE, sizeof(Lent)),
        .slices = g_array_new(FALSE, FALSE, sizeof(GmqSlice)),
    };
}

void
gmq_batch_clear(GmqBatch *batch)
{
    gmq_buffer_clear(&batch->copied);
    g_array_unref(batch->lent);
    g_array_unref(batch->slices);
}

void
gmq_batch_begin(GmqBatch *batch, uint32_t seed)
{
    if (batch->copied.capacity > CAPACITY_KEPT && batch->copied.size < CAPACITY_KEPT / 2)
        gmq_buffer_clear(&batch->copied);
    batch->copied.size = 0;
    g_array_set_size(batch->lent, 0);
    g_array_set_size(batch->slices, 0);
    batch->size     = 0;
    batch->n_staged = 0;
    batch->seed     = seed;
    batch->min_ref  = UINT32_MAX;
}

/* Makes room for a record of so many bytes, which are counted. */
static uint8_t *
make_room(GmqBatch *batch, size_t size)
{
    uint8_t *record = gmq_buffer_reserve(&batch->copied, size);

    batch->copied.size += size;
    batch->size += size;
    return record;
}

/* ---- what a segment and a batch begin and end with ---- */

void
gmq_batch_add_batch(GmqBatch *batch, uint64_t salt, uint64_t number)
{
    size_t size     = GMQ_RECORD_HEAD + GMQ_RECORD_BATCH_BODY;
    uint8_t *record = make_room(batch, size);
    uint8_t *at     = gmq_record_begin(record, GMQ_RECORD_BATCH, 0, 0);

    at = gmq_store_u64(at, salt);
    gmq_store_u64(at, number);
    gmq_record_finish(record, size, (GmqSlice){0}, batch->seed);
}

void
gmq_batch_add_header(GmqBatch *batch, uint32_t number, uint64_t salt)
{
    size_t size     = GMQ_RECORD_HEAD + GMQ_RECORD_HEADER_BODY;
    uint8_t *record = make_room(batch, size);
    uint8_t *at     = gmq_record_begin(record, GMQ_RECORD_HEADER, 0, 0);

    at = gmq_store_u64(at, GMQ_JOURNAL_MAGIC);
    at = gmq_store_u32(at, GMQ_JOURNAL_FORMAT);
    at = gmq_store_u32(at, number);
    gmq_store_u64(at, salt);
    gmq_record_finish(record, size, (GmqSlice){0}, 0);
}

void
gmq_batch_add_end(GmqBatch *batch, uint64_t salt)
{
    size_t size     = GMQ_RECORD_HEAD + GMQ_RECORD_END_BODY;
    uint8_t *record = make_room(batch, size);

    gmq_store_u64(gmq_record_begin(record, GMQ_RECORD_END, 0, 0), salt);
    gmq_record_finish(record, size, (GmqSlice){0}, batch->seed);
}

/* ---- what is staged ---- */

/* The bytes that end a record, which begins at offset and whose first head bytes are there. */
static void
add_bytes(GmqBatch *batch, GmqStaged *staged, size_t head, GmqSlice bytes)
{
    staged->offset = (uint32_t)(batch->size - head);
    staged->size   = (uint32_t)(head + bytes.size);
    gmq_record_finish(batch->copied.data + batch->copied.size - head, head, bytes, batch->seed);
    if (bytes.size > GMQ_COPY_MAX) {
        Lent lent = {batch->copied.size, bytes};

        g_array_append_val(batch->lent, lent);
    } else {
        gmq_buffer_add(&batch->copied, bytes.data, bytes.size);
    }
    batch->size += bytes.size;
    batch->n_staged++;
}

void
gmq_batch_add_definition(GmqBatch *batch, GmqStaged *staged, GmqSlice table, bool is_moved)
{
    size_t head     = GMQ_RECORD_HEAD + 8;
    uint8_t *record = make_room(batch, head);

    gmq_store_u64(
        gmq_record_begin(record, GMQ_RECORD_DEFINITION, is_moved ? GMQ_RECORD_MOVED : 0, 0),
        staged->id);
    add_bytes(batch, staged, head, table);
}

static uint8_t *
store_message(uint8_t *at, uint64_t id, uint64_t number, uint32_t body_size, uint8_t priority,
              uint8_t marks)
{
    at    = gmq_store_u64(at, id);
    at    = gmq_store_u64(at, number);
    at    = gmq_store_u32(at, body_size);
    at[0] = priority;
    at[1] = marks;
    return gmq_store_u16(at + 2, 0);
}

static uint8_t *
store_copy(uint8_t *at, uint32_t queue, uint32_t flags, int64_t expires_ms)
{
    at = gmq_store_u32(at, queue);
    at = gmq_store_u32(at, flags);
    return gmq_store_u64(at, (uint64_t)expires_ms);
}

void
gmq_batch_add_message(GmqBatch *batch, const GmqStage *stage, GmqStaged *staged, GmqSlice bytes)
{
    size_t head =
        GMQ_RECORD_HEAD + GMQ_RECORD_MESSAGE_BODY + (size_t)staged->n_copies * GMQ_RECORD_COPY_SIZE;
    uint8_t *record = make_room(batch, head);
    uint8_t *at     = gmq_record_begin(record, GMQ_RECORD_MESSAGE, 0, staged->n_copies);

    at = store_message(at, staged->id, staged->number, staged->body_size, staged->priority,
                       staged->marks);
    for (const GmqStagedCopy *copy = &staged->copy; copy != NULL;
         copy                      = gmq_stage_next_copy(stage, copy))
        at = store_copy(at, copy->queue, copy->flags, copy->expires_ms);
    g_assert(at == record + head);
    add_bytes(batch, staged, head, bytes);
}

/* Stores a copy as it is now, unless it is gone; returns where the next one begins. */
static uint8_t *
store_changed(uint8_t *at, uint64_t id, const GmqRecordCopy *copy, const GmqChanges *changes)
{
    uint32_t flags = copy->flags;
    GmqChangeKind kind =
        changes == NULL ? GMQ_CHANGE_NONE : gmq_changes_find(changes, id, copy->queue, &flags);

    if (kind == GMQ_CHANGE_DROPPED)
        return at;
    return store_copy(at, copy->queue, flags, copy->expires_ms);
}

void
gmq_batch_add_moved(GmqBatch *batch, GmqStaged *staged, const GmqRecord *record,
                    const GmqChanges *changes)
{
    size_t fixed = GMQ_RECORD_HEAD + GMQ_RECORD_MESSAGE_BODY;
    size_t most  = fixed + (size_t)record->count * GMQ_RECORD_COPY_SIZE;
    uint8_t *to  = gmq_buffer_reserve(&batch->copied, most);
    uint8_t *at = store_message(to + GMQ_RECORD_HEAD, record->id, record->number, record->body_size,
                                record->priority, record->marks);

    for (unsigned i = 0; i < record->count; i++) {
        GmqRecordCopy copy = gmq_record_copy(record, i);

        at = store_changed(at, record->id, &copy, changes);
    }
    size_t head = (size_t)(at - to);
    gmq_record_begin(to, GMQ_RECORD_MESSAGE, GMQ_RECORD_MOVED,
                     (unsigned)((head - fixed) / GMQ_RECORD_COPY_SIZE));
    make_room(batch, head);
    add_bytes(batch, staged, head, record->bytes);
}

/* ---- notes ---- */

/* How a kind of notes is written. */
typedef struct {
    GmqRecordType type;
    uint32_t item_size;
    bool (*is_needed)(const GmqNote *note, const GmqSlots *slots, const GmqSegments *segments);
} Form;

static bool
is_drop_needed(const GmqNote *note, const GmqSlots *slots G_GNUC_UNUSED,
               const GmqSegments *segments)
{
    return gmq_segments_find(segments, note->segment) != NULL;
}

static bool
is_copy_drop_needed(const GmqNote *note, const GmqSlots *slots,
                    const GmqSegments *segments G_GNUC_UNUSED)
{
    const GmqSlot *slot = gmq_slots_find(slots, note->id);

    return slot == NULL || (slot->copies & GMQ_SLOT_MOVING) == 0;
}

static bool
is_mark_needed(const GmqNote *note, const GmqSlots *slots,
               const GmqSegments *segments G_GNUC_UNUSED)
{
    const GmqSlot *slot = gmq_slots_find(slots, note->id);

    return slot != NULL && (slot->copies & GMQ_SLOT_MOVING) == 0;
}

static const Form forms[] = {
    [GMQ_NOTE_DROPPED]      = {GMQ_RECORD_DROPPED, GMQ_RECORD_RANGE_SIZE, is_drop_needed},
    [GMQ_NOTE_COPY_DROPPED] = {GMQ_RECORD_COPY_DROPPED, GMQ_RECORD_COPY_DROPPED_SIZE,
                               is_copy_drop_needed},
    [GMQ_NOTE_COPY_MARKED]  = {GMQ_RECORD_COPY_MARKED, GMQ_RECORD_COPY_MARKED_SIZE, is_mark_needed},
};

static void
finish_notes(GmqBatch *batch, const Form *form, unsigned count)
{
    size_t size = GMQ_RECORD_HEAD + (size_t)count * form->item_size;

    if (count == 0)
        return;
    uint8_t *record = batch->copied.data + batch->copied.size - size;
    gmq_record_begin(record, form->type, 0, count);
    gmq_record_finish(record, size, (GmqSlice){0}, batch->seed);
}

static void
add_note(GmqBatch *batch, const Form *form, const GmqNote *note)
{
    uint8_t *at = make_room(batch, form->item_size);

    at = gmq_store_u64(at, note->id);
    at = gmq_store_u32(at, note->queue); /* or how many */
    if (note->kind == GMQ_NOTE_COPY_MARKED)
        gmq_store_u32(at, note->flags);
    gmq_batch_refer(batch, note->segment);
}

static void
add_kind(GmqBatch *batch, GmqNoteKind kind, const GmqNotes *notes, const GmqSlots *slots,
         const GmqSegments *segments)
{
    size_t n         = (size_t)(batch->notes_end - notes->first);
    const Form *form = &forms[kind];
    unsigned count   = 0;

    for (size_t i = 0; i < n; i++) {
        const GmqNote *note = &notes->items[i];

        if (note->kind != kind || !form->is_needed(note, slots, segments))
            continue;
        if (count == 0)
            make_room(batch, GMQ_RECORD_HEAD);
        add_note(batch, form, note);
        if (++count == UINT16_MAX) {
            finish_notes(batch, form, count);
            count = 0;
        }
    }
    finish_notes(batch, form, count);
}

void
gmq_batch_add_notes(GmqBatch *batch, const GmqNotes *notes, const GmqSlots *slots,
                    const GmqSegments *segments)
{
    if (batch->notes_end == notes->first)
        return;
    add_kind(batch, GMQ_NOTE_COPY_MARKED, notes, slots, segments);
    add_kind(batch, GMQ_NOTE_COPY_DROPPED, notes, slots, segments);
    add_kind(batch, GMQ_NOTE_DROPPED, notes, slots, segments);
}

/* ---- all of it ---- */

static void
add_slice(GmqBatch *batch, GmqSlice slice)
{
    if (slice.size > 0)
        g_array_append_val(batch->slices, slice);
}

void
gmq_batch_finish(GmqBatch *batch)
{
    size_t at = 0;

    for (unsigned i = 0; i < batch->lent->len; i++) {
        const Lent *lent = &g_array_index(batch->lent, Lent, i);

        add_slice(batch, (GmqSlice){batch->copied.data + at, lent->at - at});
        add_slice(batch, lent->bytes);
        at = lent->at;
    }
    add_slice(batch, (GmqSlice){batch->copied.data + at, batch->copied.size - at});
}
