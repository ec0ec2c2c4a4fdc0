/* journal-summary.h - what counts in a journal: definitions by type, messages by queue. */
#pragma once

#include "core/server/journal-index.h"
#include "core/server/journal-walk.h"

G_BEGIN_DECLS

typedef struct GmqJournalSummary GmqJournalSummary;

/* Reads the journal once more, by an index of all its records; NULL with an error. */
GmqJournalSummary *gmq_journal_summary_new(GmqJournalFiles *files, const GmqJournalIndex *index,
                                           GError **error);
void gmq_journal_summary_free(GmqJournalSummary *summary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqJournalSummary, gmq_journal_summary_free)

/* Bytes of the records that count. */
uint64_t gmq_journal_summary_bytes(const GmqJournalSummary *summary);

/* Messages whose bytes are no message. */
uint64_t gmq_journal_summary_wrong(const GmqJournalSummary *summary);

/* Appends lines that say how many definitions and messages there are. */
void gmq_journal_summary_print(const GmqJournalSummary *summary, GString *out);

/* Returns "3 messages in 2 queues and 14 definitions"; the caller frees it. */
char *gmq_journal_summary_describe(const GmqJournalSummary *summary);

/* "1 byte", "2 bytes": of at most GMQ_COUNT_SIZE bytes. noun is one of them. */
#define GMQ_COUNT_SIZE 48
const char *gmq_count_of(uint64_t count, const char *noun, char text[GMQ_COUNT_SIZE]);

G_END_DECLS
