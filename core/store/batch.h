/* batch.h - the bytes of a batch while it is put together and under way.
 *
 * Small things are copied, large bodies lent, so that a body is read once for its checksum and once
 * by the system. In the order BATCH, definitions, messages, what was moved, notes: each beginning
 * of a batch that a crash leaves behind makes sense. */
#pragma once

#include "core/store/changes.h"
#include "core/store/notes.h"
#include "core/store/record.h"
#include "core/store/segment.h"
#include "core/store/slots.h"
#include "core/store/staged.h"
#include "core/wire/buffer.h"

G_BEGIN_DECLS

typedef struct {
    GmqBuffer copied;
    GArray *lent;      /* of what is lent between the copied bytes */
    GArray *slices;    /* of GmqSlice: all of it in order, once it is finished */
    uint64_t size;     /* bytes so far */
    unsigned n_staged; /* messages and definitions in it */
    uint32_t seed;
    uint32_t min_ref;   /* the oldest segment that something in it speaks of */
    uint64_t notes_end; /* notes with numbers below this are in it, or not needed */
} GmqBatch;

void gmq_batch_init(GmqBatch *batch);
void gmq_batch_clear(GmqBatch *batch);

/* Begins anew, for a segment: without anything, or with a BATCH record. */
void gmq_batch_begin(GmqBatch *batch, uint32_t seed);
void gmq_batch_add_batch(GmqBatch *batch, uint64_t salt, uint64_t number);
void gmq_batch_add_header(GmqBatch *batch, uint32_t number, uint64_t salt);
void gmq_batch_add_end(GmqBatch *batch, uint64_t salt);

/* Adds what is staged, and stores where it stands in the batch. bytes are those of the message or
 * the table. */
void gmq_batch_add_definition(GmqBatch *batch, GmqStaged *staged, GmqSlice table, bool is_moved);
void gmq_batch_add_message(GmqBatch *batch, const GmqStage *stage, GmqStaged *staged,
                           GmqSlice bytes);

/* Adds a record of a message that stands elsewhere, as it is now: changes is NULL when nothing has
 * become of its copies. */
void gmq_batch_add_moved(GmqBatch *batch, GmqStaged *staged, const GmqRecord *record,
                         const GmqChanges *changes);

/* Adds notes below batch->notes_end: but those of what is moving, which has them in it, and those
 * of what is gone with its segment. */
void gmq_batch_add_notes(GmqBatch *batch, const GmqNotes *notes, const GmqSlots *slots,
                         const GmqSegments *segments);

/* The batch speaks of something in that segment. */
static inline void
gmq_batch_refer(GmqBatch *batch, uint32_t segment)
{
    batch->min_ref = MIN(batch->min_ref, segment);
}

/* Fills in slices. */
void gmq_batch_finish(GmqBatch *batch);

G_END_DECLS
