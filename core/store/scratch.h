/* scratch.h - bytes that leave memory for a while: they need not outlive the process (AMQP.md
 * 24.5).
 *
 * A record is put into a buffer, which is appended to a file "scratch-00000001" without a sync, and
 * is read from the buffer until that is done. Its number says where it stands, so that nothing has
 * to be kept about it in memory. A file goes when nothing in it is wanted any more. */
#pragma once

#include "core/base/disk.h"
#include "core/base/host.h"

G_BEGIN_DECLS

typedef struct GmqScratch GmqScratch;

/* The tickets of its appends have this bit, and those of nobody else. */
#define GMQ_SCRATCH_TICKET (UINT64_C(1) << 63)

/* Removes what was left behind by another process. host->disk must be there; it is lent. */
GmqScratch *gmq_scratch_new(GmqHost *host);

/* Removes its files; they are gone when what the disk is asked for next is done. Nothing may be
 * put, read or dropped any more. */
void gmq_scratch_end(GmqScratch *scratch);

/* Ends it, and frees what an append that is under way may have been lent. */
void gmq_scratch_free(GmqScratch *scratch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqScratch, gmq_scratch_free)

/* For tests: another size than GMQ_SEGMENT_SIZE, which is the most, above which a file is full. */
void gmq_scratch_set_segment_size(GmqScratch *scratch, uint32_t bytes);

/* Whether something may be put: not while the disk is behind, full, or has failed. */
bool gmq_scratch_has_room(const GmqScratch *scratch);

/* Whether there will be room, or more of it, once what is under way has been written. */
bool gmq_scratch_is_writing(const GmqScratch *scratch);

/* Copies the parts, one behind the other, as one record and returns its number, below 2^62. There
 * must be room, for a record of any size. */
uint64_t gmq_scratch_put(GmqScratch *scratch, const GmqSlice *parts, size_t n_parts);

/* The bytes of a record, lent until the next call of anything here. False with an error when the
 * disk does not have them. */
bool gmq_scratch_read(GmqScratch *scratch, uint64_t number, GmqSlice *bytes, GError **error);

/* The record is not wanted any more. */
void gmq_scratch_drop(GmqScratch *scratch, uint64_t number);

/* Ends a turn: begins to write what was put, or tries a full disk again when that is due. */
void gmq_scratch_commit(GmqScratch *scratch);

/* When gmq_scratch_commit() should be called next without any other reason, host time; INT64_MAX:
 * not at all. */
int64_t gmq_scratch_deadline(const GmqScratch *scratch);

/* The input of the host: an append is done. */
void gmq_scratch_stored(GmqScratch *scratch, uint64_t ticket, GmqDiskResult result);

/* How many records there are. */
uint64_t gmq_scratch_length(const GmqScratch *scratch);

G_END_DECLS
