/* journal-copy.h - a new journal, written record by record into a new directory. */
#pragma once

#include "core/store/record.h"

G_BEGIN_DECLS

typedef struct GmqJournalCopy GmqJournalCopy;

/* Makes the directory, or takes an empty one; NULL with an error. */
GmqJournalCopy *gmq_journal_copy_new(const char *path, GError **error);
void gmq_journal_copy_free(GmqJournalCopy *copy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqJournalCopy, gmq_journal_copy_free)

/* Appends to the segment of that number, which begins when it is not the last one. The record stays
 * as it is, so the salt must be that of its own segment; a HEADER is written anew. */
bool gmq_journal_copy_add(GmqJournalCopy *copy, uint32_t number, uint64_t salt,
                          const GmqRecord *record, GError **error);

/* Appends a definition to the last segment. */
bool gmq_journal_copy_define(GmqJournalCopy *copy, uint64_t id, GmqSlice table, GError **error);

/* A last BATCH proves what is before it; then everything is on the disk. False with an error, also
 * when no segment was begun. */
bool gmq_journal_copy_finish(GmqJournalCopy *copy, uint64_t batch, GError **error);

G_END_DECLS
