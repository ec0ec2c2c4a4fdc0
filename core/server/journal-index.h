/* journal-index.h - which records of a journal still count: those that opening it would find.
 *
 * It is told all records in their order, and asked when it knows all. A message or definition takes
 * 8 bytes. */
#pragma once

#include "core/store/record.h"

G_BEGIN_DECLS

typedef struct GmqJournalIndex GmqJournalIndex;

GmqJournalIndex *gmq_journal_index_new(void);
void gmq_journal_index_free(GmqJournalIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqJournalIndex, gmq_journal_index_free)

/* The next record: the segment's number, and where it stands there. */
void gmq_journal_index_add(GmqJournalIndex *index, uint32_t segment, uint64_t offset,
                           const GmqRecord *record);

/* Whether the record of a message or definition at that place counts. Copies are filled with those
 * that a message still has (of GmqRecordCopy), with the flags that they have now. */
bool gmq_journal_index_is_live(const GmqJournalIndex *index, uint32_t segment, uint64_t offset,
                               const GmqRecord *record, GArray *copies);

/* Whether a message or definition of that id is there. */
bool gmq_journal_index_has(const GmqJournalIndex *index, uint64_t id);

/* Whether the last record was an END. */
bool gmq_journal_index_was_stopped(const GmqJournalIndex *index);

/* The highest number of a batch, and the highest id. */
uint64_t gmq_journal_index_batch(const GmqJournalIndex *index);
uint64_t gmq_journal_index_id(const GmqJournalIndex *index);

G_END_DECLS
