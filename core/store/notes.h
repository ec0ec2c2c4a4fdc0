/* notes.h - what is still to be written of things that have a record, or get one: gone, gone from
 * one queue, new flags. In the order in which it happened. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_NOTE_DROPPED,
    GMQ_NOTE_COPY_DROPPED,
    GMQ_NOTE_COPY_MARKED,
} GmqNoteKind;

typedef struct {
    uint64_t kind : 8;
    uint64_t id : 56;
    uint32_t queue; /* of a copy; of DROPPED: how many ids follow one another */
    uint32_t flags;
    uint32_t segment; /* where the record stands that this speaks of, or one before that */
    uint32_t bytes;   /* live ones there, which end with this */
} GmqNote;

typedef struct {
    GmqNote *items;
    size_t n;
    size_t capacity;
    uint64_t first;  /* number of items[0]; they are counted for ever */
    uint64_t sealed; /* numbers below this take up no more */
} GmqNotes;

void gmq_notes_clear(GmqNotes *notes);

/* The number of the next one. */
static inline uint64_t
gmq_notes_end(const GmqNotes *notes)
{
    return notes->first + notes->n;
}

void gmq_notes_add(GmqNotes *notes, const GmqNote *note);

/* The id is gone; ids in a row share a note. */
void gmq_notes_add_dropped(GmqNotes *notes, uint64_t id, uint32_t segment, uint32_t bytes);

/* Forgets those with numbers below end. */
void gmq_notes_forget(GmqNotes *notes, uint64_t end);

G_END_DECLS
