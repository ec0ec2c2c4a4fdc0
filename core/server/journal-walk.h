/* journal-walk.h - all records of a journal in their order, and the places where there are none. */
#pragma once

#include "core/server/journal-files.h"

G_BEGIN_DECLS

/* Bytes of a segment in which there is no good record. */
typedef struct {
    const GmqSegmentFile *file;
    uint64_t from;
    uint64_t to;
    const char *trouble; /* a sentence without its full stop; lent */
    bool is_tail;        /* torn: the rest of the last batch, which the broker cuts off */

    /* What the head of the bad record says, which may be wrong too. */
    bool is_one; /* that it alone is in the gap; the rest counts only then */
    GmqRecordType type;
    uint64_t id; /* of a DEFINITION or MESSAGE */
} GmqJournalGap;

/* What is told on the way; any may be NULL. False stops it, with an error. */
typedef struct {
    bool (*record)(void *user, const GmqSegmentFile *file, uint64_t offset, const GmqRecord *record,
                   GError **error);
    bool (*gap)(void *user, const GmqJournalGap *gap, GError **error);

    /* The segment was read; unreadable says what the disk could not give back, NULL: nothing. */
    bool (*end)(void *user, const GmqSegmentFile *file, const char *unreadable, GError **error);

    /* Looks for good records in a torn tail too. */
    bool takes_tail;
} GmqWalker;

/* False with an error when one of them said so, when a file cannot be opened, or when the journal
 * is of a later version. */
bool gmq_journal_walk(GmqJournalFiles *files, const GmqWalker *walker, void *user, GError **error);

G_END_DECLS
