/* storage.h - what of the broker outlives it: its journal, seen from the broker (AMQP.md 26).
 *
 * Durable entities are definitions, see definition.h; persistent messages in durable queues are
 * kept by keep.h. A broker whose host has no disk has no storage, and nothing of this costs it
 * more than a branch. */
#pragma once

#include "core/broker/broker.h"
#include "core/store/journal.h"

G_BEGIN_DECLS

typedef struct GmqStorage GmqStorage;

/* Whoever asked to hear of a message, see gmq_storage_await(); stands in its owner's struct, and
 * must outlive what it waits for. */
typedef struct GmqWaiter GmqWaiter;

struct GmqWaiter {
    /* The message of that tag is safe: on the disk, or in no queue any more; or, with is_kept
     * false, the disk has failed and nobody knows. */
    void (*done)(GmqWaiter *waiter, uint64_t tag, bool is_kept);
};

/* ---- for the host ---- */

/* Opens the journal of the host's disk and fills the broker with what is in it, in place of what a
 * new broker has; or, in a new journal, notes down what the broker has. A journal counts as new,
 * too, when a crash cut its first writing short. Before anything is done with the broker. False
 * with an error, after which the broker can only be freed. */
bool gmq_broker_open_storage(GmqBroker *broker, GmqJournalReport *report, GError **error);

/* An input: the disk has done an append. */
void gmq_broker_stored(GmqBroker *broker, uint64_t ticket, GmqDiskResult result);

/* Ends a turn for the journal; part of gmq_amqp_flush(). Looks at the disk's free space too. */
void gmq_broker_commit(GmqBroker *broker);

/* Free space below which publishers wait; GMQ_DISK_FREE_LEAST until it is set, 0: none. */
void gmq_broker_set_disk_free_least(GmqBroker *broker, uint64_t bytes);
uint64_t gmq_broker_disk_free_least(const GmqBroker *broker);

/* The orderly end, when all connections are gone: the rest is written. The host goes on with its
 * turns until that is done. */
void gmq_broker_stop_storage(GmqBroker *broker);
bool gmq_broker_is_storage_idle(const GmqBroker *broker);

/* The journal, lent; NULL without one. */
GmqJournal *gmq_broker_journal(const GmqBroker *broker);

/* What is wrong with the disk, a sentence without its full stop; NULL when nothing is. */
const char *gmq_broker_disk_trouble(const GmqBroker *broker);

/* ---- for protocols ---- */

/* NULL when nothing is kept. set_ is for storage.c; the broker frees what it has in the end. */
GmqStorage *gmq_broker_storage(const GmqBroker *broker);
void gmq_broker_set_storage(GmqBroker *broker, GmqStorage *storage);

/* Counts up with each change of a definition, so that whoever answers one knows that its answer is
 * to wait until gmq_storage_committed() has reached gmq_storage_definition_mark(), which stands for
 * all changes so far. gmq_storage_mark() stands for everything so far; asking makes it urgent. */
uint64_t gmq_storage_changes(const GmqStorage *storage);
uint64_t gmq_storage_definition_mark(const GmqStorage *storage);
uint64_t gmq_storage_mark(GmqStorage *storage);
uint64_t gmq_storage_committed(const GmqStorage *storage);

/* Whether the disk has failed, so that marks are never reached any more. */
bool gmq_storage_has_failed(const GmqStorage *storage);

/* Has the waiter told about the message; false when there is nothing to wait for: it is not kept,
 * or is safe already. */
bool gmq_storage_await(GmqStorage *storage, const GmqMessage *message, GmqWaiter *waiter,
                       uint64_t tag);

/* ---- for the parts of the broker ---- */

/* The numbers of durable queues in the journal: 1, 2, 3 ..., never used again. */
uint32_t gmq_storage_next_queue_number(GmqStorage *storage);

/* The queue has ready messages, which may leave memory from now on; once, see queue->is_watched.
 * And it goes. Both do nothing when nothing is kept. */
void gmq_storage_watch(GmqQueue *queue);
void gmq_storage_forget(GmqQueue *queue);

/* Definitions, see journal.h. */
uint64_t gmq_storage_add_definition(GmqStorage *storage, GmqSlice table);
void gmq_storage_drop_definition(GmqStorage *storage, uint64_t id);

G_END_DECLS
