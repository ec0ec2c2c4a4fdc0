/* journal-log.h - tells the operator when the journal stops being fine, and when it is again. */
#pragma once

#include "core/broker/storage.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_JOURNAL_LOG_FINE,
    GMQ_JOURNAL_LOG_LOW, /* less than the limit is free */
    GMQ_JOURNAL_LOG_FULL,
    GMQ_JOURNAL_LOG_FAILED,
} GmqJournalLogState;

typedef struct {
    GmqJournalLogState state;
    GmqJournalLogState told;
    int64_t not_before_ns; /* the next line, so that a disk at its limit does not fill the log */
} GmqJournalLog;

/* Compares with what was told last; trouble is what the disk says went wrong, NULL when it says
 * nothing. Once per turn. Returns whether the state is another one than the last time. A broker
 * without a journal is fine. */
bool gmq_journal_log_look(GmqJournalLog *log, const GmqBroker *broker, const char *trouble,
                          int64_t now_ns);

G_END_DECLS
