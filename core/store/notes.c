#include "core/store/notes.h"

/* A row of ids ends here, so that the sum of its bytes fits. */
#define ROW_BYTES_MAX (UINT32_C(1) << 31)

/* More room than this is given back when all is written. */
#define CAPACITY_KEPT 65536

void
gmq_notes_clear(GmqNotes *notes)
{
    g_free(notes->items);
    *notes = (GmqNotes){0};
}

void
gmq_notes_add(GmqNotes *notes, const GmqNote *note)
{
    if (notes->items == NULL || notes->n == notes->capacity) {
        notes->capacity = MAX(64, 2 * notes->capacity);
        notes->items    = g_renew(GmqNote, notes->items, notes->capacity);
    }
    notes->items[notes->n++] = *note;
}

/* Whether the id takes up the row that the last note is. */
static bool
joins(const GmqNote *last, uint64_t id, uint32_t segment, uint32_t bytes)
{
    return last->kind == GMQ_NOTE_DROPPED && last->segment == segment &&
           last->id + last->queue == id && last->bytes < ROW_BYTES_MAX && bytes < ROW_BYTES_MAX &&
           last->queue < UINT32_MAX;
}

void
gmq_notes_add_dropped(GmqNotes *notes, uint64_t id, uint32_t segment, uint32_t bytes)
{
    GmqNote *last = notes->n == 0 ? NULL : &notes->items[notes->n - 1];

    if (last != NULL && gmq_notes_end(notes) > notes->sealed && joins(last, id, segment, bytes)) {
        last->queue++;
        last->bytes += bytes;
        return;
    }
    gmq_notes_add(
        notes,
        &(GmqNote){
            .kind = GMQ_NOTE_DROPPED, .id = id, .queue = 1, .segment = segment, .bytes = bytes});
}

void
gmq_notes_forget(GmqNotes *notes, uint64_t end)
{
    g_assert(end >= notes->first && end <= gmq_notes_end(notes));

    size_t gone  = (size_t)(end - notes->first);
    notes->first = end;
    notes->n -= gone;
    if (notes->n > 0)
        memmove(notes->items, notes->items + gone, notes->n * sizeof(GmqNote));
    if (notes->n > 0 || notes->capacity <= CAPACITY_KEPT)
        return;
    g_clear_pointer(&notes->items, g_free);
    notes->capacity = 0;
}
