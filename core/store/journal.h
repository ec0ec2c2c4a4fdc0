/* journal.h - what must survive: definitions and messages, in an append-only journal of segments
 * (AMQP.md 26; the format stands in record.h).
 *
 * Things are given to the journal in the course of a turn and are only noted down. A batch takes
 * all that is noted, appends it and syncs once; while it is under way the next one gathers (group
 * commit). What is dropped before it was written is never written. Whoever waits for a message is
 * told when it is on the disk, or when it is in no queue any more.
 *
 *     id = gmq_journal_add_message(journal, &message);
 *     gmq_journal_add_copy(journal, id, queue, INT64_MAX);   ... for each queue, in the same turn
 *     gmq_journal_await(journal, id, channel, tag);
 *     ...
 *     gmq_journal_commit(journal);          at the end of the turn
 *     gmq_journal_stored(journal, ticket, GMQ_DISK_DONE);    an input of the host, later
 *
 * Ids count up from 1. The order of ids is the order of coming, and none is used again as long as
 * anything on the disk speaks of it.
 *
 * What happens in a turn may hang together, so nothing that goes away in it comes to the disk
 * before what was added in it: a message that moves to another queue under a new id is never lost
 * between the two (epoch.h). Segments of which nothing counts any more are removed, and sparse ones
 * rewritten at the end (segment.h, cleaner.h). What a crash leaves of the last batch is written
 * once more, as its sync may have failed, and what is torn is cut off; damage of what was on the
 * disk is told, and nothing is opened then (record.h).
 *
 * The functions of GmqJournalClass are called from inside those of the journal, and may call
 * nothing of it, but for gmq_journal_has() in those that are told what was found. */
#pragma once

#include "core/base/disk.h"
#include "core/base/host.h"

G_BEGIN_DECLS

typedef struct GmqJournal GmqJournal;

/* Bytes of a segment above which the next one is begun; a batch is never split. */
#define GMQ_SEGMENT_SIZE (UINT64_C(64) << 20)

typedef enum {
    GMQ_JOURNAL_ERROR_DISK,    /* a file cannot be read or made */
    GMQ_JOURNAL_ERROR_DAMAGED, /* in the middle: names file and offset */
    GMQ_JOURNAL_ERROR_NEWER,   /* of a later format */
    GMQ_JOURNAL_ERROR_CONTENT, /* whoever takes what is found does not understand it */
} GmqJournalError;

#define GMQ_JOURNAL_ERROR (gmq_journal_error_quark())
GQuark gmq_journal_error_quark(void);

/* A message that is given to the journal, which holds one reference of it until it lets it go. */
typedef struct {
    void *message;
    uint64_t number;
    uint32_t body_size;
    uint8_t priority;
    uint8_t marks; /* the keeper's own, given back as they are */
} GmqJournalMessage;

/* A copy of a message in a queue, as it is found again. */
typedef struct {
    uint64_t id;
    uint64_t number;
    int64_t expires_ms; /* wall clock; INT64_MAX: never */
    uint32_t queue;
    uint32_t flags;
    uint32_t body_size;
    uint8_t priority;
    uint8_t marks;
} GmqFoundCopy;

/* Whose things the journal keeps. user is what it was opened with. */
typedef struct {
    /* The bytes of a message that are written; lent until its release. */
    GmqSlice (*lend)(void *message);
    void (*release)(void *message);

    /* What was awaited: is_kept is false when the disk failed before, and nothing is known. Called
     * by drop_copy, commit and stored. */
    void (*done)(void *user, void *waiter, uint64_t tag, bool is_kept);

    /* For the glass: a message of that number is on the disk. Called only while somebody looks. */
    void (*stored)(void *user, uint64_t number);

    /* While it is opened: each copy of a message in the order of the journal, copies that went away
     * and flags that changed, and behind all that the definitions that hold, in the order of their
     * ids. A copy may be found again, which replaces the first, and may be found although it or its
     * whole message is dropped later (gmq_journal_has). */
    void (*found_copy)(void *user, const GmqFoundCopy *copy);
    void (*found_copy_dropped)(void *user, uint64_t id, uint32_t queue);
    void (*found_copy_marked)(void *user, uint64_t id, uint32_t queue, uint32_t flags);
    bool (*found_definition)(void *user, uint64_t id, GmqSlice table, GError **error);
} GmqJournalClass;

/* What opening found. */
typedef struct {
    unsigned n_segments;
    uint64_t bytes; /* read */
    uint64_t cut;   /* bytes of a torn tail, which are gone from the file; 0: none */
    uint64_t cut_at;
    char cut_file[32];
    bool was_clean; /* it ended with a stop: flags of copies are exact */
    bool is_new;    /* there was no journal, or one that nothing had come into yet */
} GmqJournalReport;

/* ---- life ---- */

/* Reads what is there and goes on with it, or begins a journal. host->disk must be there; all are
 * lent. NULL with an error; nothing on the disk has changed then. */
GmqJournal *gmq_journal_open(GmqHost *host, const GmqJournalClass *class_, void *user,
                             GmqJournalReport *report, GError **error);

/* Forgets everything that is not written, as a crash does. Messages are released, and whoever waits
 * for one is told that nobody knows. */
void gmq_journal_free(GmqJournal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqJournal, gmq_journal_free)

/* For tests and small disks: another size than GMQ_SEGMENT_SIZE, from the present segment on. */
void gmq_journal_set_segment_size(GmqJournal *journal, uint64_t bytes);

/* ---- definitions ---- */

/* Adds a definition: the inside of a field table, copied. Returns its id. */
uint64_t gmq_journal_add_definition(GmqJournal *journal, GmqSlice table);

/* The definition holds no more. In one batch additions come before that. */
void gmq_journal_drop_definition(GmqJournal *journal, uint64_t id);

/* ---- messages ---- */

/* Adds a message that is in no queue yet, with a reference that the caller gives. */
uint64_t gmq_journal_add_message(GmqJournal *journal, const GmqJournalMessage *message);

/* Whether a copy can still be added to it: it was the last one to be added, is not written, still
 * in some queue or in none yet, and not in too many for one record. If not, it is added as a new
 * one. */
bool gmq_journal_is_open(const GmqJournal *journal, uint64_t id);

/* The message is in that queue too, whose number is not 0. is_urgent: nobody has it in hands, so
 * that it is to be written soon; otherwise it may be settled at once, and is given
 * GMQ_COMMIT_WAIT_MS for it. */
void gmq_journal_add_copy(GmqJournal *journal, uint64_t id, uint32_t queue, int64_t expires_ms,
                          bool is_urgent);

/* An urgent copy has gone out to a consumer, before it was written perhaps. */
void gmq_journal_relax(GmqJournal *journal, uint64_t id);

/* The copy has new flags. */
void gmq_journal_mark_copy(GmqJournal *journal, uint64_t id, uint32_t queue, uint32_t flags);

/* A copy is dropped next, and something is added in its place before this turn ends. Whoever waits
 * for the message, or asks for that in what is left of the turn, is told when that is on the disk
 * too. */
void gmq_journal_replace(GmqJournal *journal, uint64_t id);

/* The message is gone from the queue, in which it was. With its last copy the id is done with. */
void gmq_journal_drop_copy(GmqJournal *journal, uint64_t id, uint32_t queue);

/* Whether the message of that id is still in some queue. */
bool gmq_journal_has(const GmqJournal *journal, uint64_t id);

/* Whether it is written, so that it can be read back. */
bool gmq_journal_is_written(const GmqJournal *journal, uint64_t id);

/* Has done() called once the message is on the disk, or in no queue any more; false, and done() is
 * not called, when that is so already. One waiter per message. */
bool gmq_journal_await(GmqJournal *journal, uint64_t id, void *waiter, uint64_t tag);

/* Reads a message back that is written. The bytes are lent until the next call of anything here;
 * found->queue and what belongs to a copy are those of the first. False with an error. */
bool gmq_journal_read(GmqJournal *journal, uint64_t id, GmqFoundCopy *found, GmqSlice *bytes,
                      GError **error);

/* ---- batches ---- */

/* Ends a turn: begins a batch when there is something to write, none is under way, and it should
 * not wait any more. Cleans up old segments, a bounded amount per call. */
void gmq_journal_commit(GmqJournal *journal);

/* When gmq_journal_commit() should be called next without any other reason, host time; INT64_MAX:
 * not at all. */
int64_t gmq_journal_deadline(const GmqJournal *journal);

/* The input of the host: an append is done; a turn ends behind it, with gmq_journal_commit().
 * Tickets of the journal are below GMQ_JOURNAL_TICKETS: others on the same disk take those above.
 * Nothing else of the core is called but done(), stored() and release(). */
#define GMQ_JOURNAL_TICKETS (UINT64_C(1) << 62)
void gmq_journal_stored(GmqJournal *journal, uint64_t ticket, GmqDiskResult result);

/* The number that gmq_journal_committed() will reach when all that was noted so far is on the disk.
 * Asking makes it urgent. When the disk has failed it is UINT64_MAX, which is never reached. */
uint64_t gmq_journal_mark(GmqJournal *journal);
uint64_t gmq_journal_committed(const GmqJournal *journal);

/* Writes the rest and the END record; is_idle says when that is done, or cannot be done. Nothing
 * may be added meanwhile but what dropping and marking of closing connections adds. */
void gmq_journal_stop(GmqJournal *journal);
bool gmq_journal_is_idle(const GmqJournal *journal);

/* ---- trouble ---- */

typedef enum {
    GMQ_JOURNAL_FINE,
    GMQ_JOURNAL_FULL,   /* the last batch found no space; it is tried again */
    GMQ_JOURNAL_FAILED, /* for good: nothing is written any more, waiters have been told */
} GmqJournalState;

GmqJournalState gmq_journal_state(const GmqJournal *journal);

/* What happened, a sentence without its full stop; NULL when it is fine. */
const char *gmq_journal_trouble(const GmqJournal *journal);

/* ---- looking ---- */

typedef struct {
    unsigned n_segments;
    uint64_t bytes;      /* of all segments */
    uint64_t live_bytes; /* of records that still count */
    uint64_t messages;   /* that are in some queue */
    uint64_t staged;     /* of them, those that are not on the disk */
    uint64_t batches;    /* written since it was opened */
} GmqJournalStats;

void gmq_journal_get_stats(const GmqJournal *journal, GmqJournalStats *stats);

/* The names of the files whose present bytes are a whole journal, for a backup: as char * with the
 * size of each in sizes (uint64_t). Call it when gmq_journal_committed() has reached a mark; none
 * of the files is removed until gmq_journal_release_files(). */
void gmq_journal_hold_files(GmqJournal *journal, GPtrArray *names, GArray *sizes);
void gmq_journal_release_files(GmqJournal *journal);

G_END_DECLS
