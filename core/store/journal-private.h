/* journal-private.h - what the sources of the journal share; nobody else includes it. */
#pragma once

#include "core/base/limits.h"
#include "core/store/batch.h"
#include "core/store/changes.h"
#include "core/store/cleaner.h"
#include "core/store/epoch.h"
#include "core/store/heirs.h"
#include "core/store/journal.h"
#include "core/store/notes.h"
#include "core/store/reserve.h"
#include "core/store/segment.h"
#include "core/store/slots.h"
#include "core/store/staged.h"
#include "core/store/window.h"

G_BEGIN_DECLS

/* What was asked of the disk and is not answered. */
typedef enum {
    GMQ_PHASE_IDLE,
    GMQ_PHASE_RESERVE,
    GMQ_PHASE_HEADER, /* a new segment */
    GMQ_PHASE_BATCH,
    GMQ_PHASE_END,
} GmqJournalPhase;

struct GmqJournal {
    GmqHost *host;
    const GmqJournalClass *class_;
    void *user;

    /* What there is. */
    GmqSlots slots;
    GmqChanges changes;
    GmqSegments segments;
    GmqWindows windows;
    uint64_t n_definitions;
    uint64_t definition_bytes; /* of their records */
    uint64_t n_staged;         /* messages */
    uint64_t next_id;
    GmqStaged *open;   /* the message that a copy can be added to; NULL: none */
    bool has_replaced; /* in this turn, what nobody waits for yet: who asks waits for all of it */

    /* What is to be written. */
    GmqStage stage;
    GmqNotes notes;
    GmqEpochs epochs;
    int64_t settle_ns; /* when notes alone are written; INT64_MAX: there are none */
    uint64_t wanted;   /* the highest mark that somebody waits for */
    uint64_t committed;
    GmqHeirs heirs;

    /* The batch. */
    GmqBatch batch;
    GmqJournalPhase phase;
    uint64_t ticket;       /* of the last append */
    uint64_t batch_number; /* of the last one */
    uint64_t n_batches;
    uint64_t limit;   /* bytes of a batch; small behind a full disk */
    unsigned n_dead;  /* messages in the batch that were dropped meanwhile */
    bool is_clearing; /* the batch only moves records, to make space on a full disk */

    /* Segments. */
    uint64_t segment_size;
    uint32_t next_segment; /* number of the next one */
    GmqFile *fresh;        /* its file, as long as it has no header; NULL: none */
    uint64_t fresh_salt;
    bool must_rotate;
    GmqCleaner cleaner;
    GmqReserve reserve;
    bool is_held; /* no file is removed */

    /* Trouble and the end. */
    GmqJournalState state;
    char *trouble;
    int64_t retry_ns;
    bool must_speak; /* an END stands last, which would be a lie from now on */
    bool is_stopping;
    bool has_ended;
};

/* Notes may have been added: their time runs. */
static inline void
gmq_journal_start_settling(GmqJournal *journal)
{
    if (journal->settle_ns == INT64_MAX)
        journal->settle_ns =
            journal->host->now(journal->host) + GMQ_SETTLE_WAIT_MS * INT64_C(1000000);
}

/* The place of the journal that a record which is still to be written will not be before. */
static inline uint32_t
gmq_journal_place(const GmqJournal *journal)
{
    const GmqSegment *current = journal->segments.current;

    return current == NULL ? journal->next_segment : current->number;
}

/* Ends a staged thing and lets go what it holds. */
void gmq_journal_unstage(GmqJournal *journal, GmqStaged *staged);

/* Ends the message that copies could be added to; one that got none is gone. */
void gmq_journal_close(GmqJournal *journal);

/* The disk has failed: nothing is written any more, and whoever waits is told. */
void gmq_journal_fail(GmqJournal *journal, const char *text);
void gmq_journal_fail_staged(GmqJournal *journal);

/* Whether the next batch needs a new segment; asks for it, which the disk answers. */
bool gmq_journal_needs_segment(const GmqJournal *journal);
void gmq_journal_make_segment(GmqJournal *journal);
void gmq_journal_segment_made(GmqJournal *journal, GmqDiskResult result);

/* Adopts a file that is there and has no good header as that of the next segment. */
bool gmq_journal_reuse_segment(GmqJournal *journal, uint32_t number, GError **error);

/* There was no space: tries again later. */
void gmq_journal_set_full(GmqJournal *journal, const char *text);

/* Takes what is to be written into a batch; false when there is nothing. Later it is on the disk,
 * or not. */
bool gmq_journal_take_batch(GmqJournal *journal);

/* Whether a batch on a full disk would move records out of segments that the reserve carries. */
bool gmq_journal_can_clear(const GmqJournal *journal);
void gmq_journal_finish_batch(GmqJournal *journal);
void gmq_journal_undo_batch(GmqJournal *journal);

/* Appends what is in the batch, to that file. */
void gmq_journal_append(GmqJournal *journal, GmqFile *file, GmqJournalPhase phase);

G_END_DECLS
