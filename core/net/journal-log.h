/* journal-log.h - tells the operator when the journal stops being fine, and when it is again. */
#pragma once

#include "core/store/journal.h"

G_BEGIN_DECLS

typedef struct {
    GmqJournalState told;
    int64_t not_before_ns; /* the next line, so that a disk at its limit does not fill the log */
} GmqJournalLog;

/* Compares with what was told last. Once per answer of the disk; trouble is what the disk says went
 * wrong, NULL when it says nothing. Without a journal there is nothing to tell. */
void gmq_journal_log_look(GmqJournalLog *log, const GmqJournal *journal, const char *trouble,
                          int64_t now_ns);

G_END_DECLS
