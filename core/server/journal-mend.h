/* journal-mend.h - definitions that must be among what is lost: that of the broker, and of queues
 * with messages, and of virtual hosts with queues, when none was ever seen. They are made again, so
 * that what needs them is found. */
#pragma once

#include "core/server/journal-copy.h"
#include "core/server/journal-index.h"
#include "core/server/journal-walk.h"

G_BEGIN_DECLS

typedef struct GmqJournalMend GmqJournalMend;

GmqJournalMend *gmq_journal_mend_new(void);
void gmq_journal_mend_free(GmqJournalMend *mend);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqJournalMend, gmq_journal_mend_free)

/* A definition was seen, which may have been dropped later. */
void gmq_journal_mend_see(GmqJournalMend *mend, GmqSlice table);

/* When all was seen: reads the files once more, adds what is missing to the copy, and appends a
 * sentence for each to told. False with an error. */
bool gmq_journal_mend_finish(GmqJournalMend *mend, GmqJournalFiles *files,
                             const GmqJournalIndex *index, GmqJournalCopy *copy, GString *told,
                             GError **error);

G_END_DECLS
