/* recovery.h - opening a journal: what its segments say is gone through once, from the first record
 * to the last. Of the journal's own sources only. */
#pragma once

#include "core/store/journal-private.h"

G_BEGIN_DECLS

typedef struct {
    GmqJournal *journal;
    GmqJournalReport *report;
    GArray *numbers;     /* of uint32_t: the segments that are there */
    GmqSegment *segment; /* that is gone through */
    uint64_t proof;    /* where its last HEADER, BATCH or END is: all before that is on the disk */
    const char *wrong; /* what a record says that cannot be, in words behind "the record" */
    uint32_t torn;     /* number of a segment that has no good header; 0: none */
    bool has_reserve;  /* reserve.h: its file is there */
    bool is_ended;     /* the last whole record was an END */
    bool is_torn;      /* something stands behind it that is none */
} GmqRecovery;

/* Does what a record says, which stands at offset. False with an error when something cannot be
 * read; what makes no sense is told by wrong. */
bool gmq_recovery_apply(GmqRecovery *recovery, const GmqRecord *record, uint64_t offset,
                        GError **error);

G_END_DECLS
