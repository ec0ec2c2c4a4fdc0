/* keep.h - the persistent messages of durable queues, kept in the journal (AMQP.md 26).
 *
 * A message is written once, whatever the number of its queues; its id stands in its own block.
 * Each queue has a copy, which is dropped when the message leaves the queue in any way. For the
 * files of the queue; a queue without a number keeps nothing. */
#pragma once

#include "core/broker/queue.h"

G_BEGIN_DECLS

/* Whether messages of that kind are kept by the queue. */
static inline bool
gmq_keep_wants(const GmqQueue *queue, const GmqMessage *message)
{
    return queue->number != 0 && message->is_persistent;
}

/* The message, which the queue wants, enters it. Takes over the reference and returns one, mostly
 * of the same message: one that was written before, for other queues, is kept as a copy of its own.
 * is_urgent: no consumer has it in hands. */
GmqMessage *gmq_keep_take(const GmqQueue *queue, GmqMessage *message, int64_t expires_ns,
                          bool is_urgent);

/* A consumer has the entry's message in hands now. */
void gmq_keep_relax(const GmqQueue *queue, const GmqEntry *entry);

/* The flags of the entry have changed. */
void gmq_keep_mark(const GmqQueue *queue, const GmqEntry *entry);

/* The entry's message leaves the queue next, and a dead letter takes its place: whoever waits for
 * it is told when that is safe too. */
void gmq_keep_replace(const GmqQueue *queue, const GmqEntry *entry);

/* The entry's message leaves the queue: one that is kept, or is out, wherever it is. */
void gmq_keep_drop(const GmqQueue *queue, const GmqEntry *entry);

/* Reads the message of an entry that is out; in a scratch file it is not any more then. NULL when
 * it cannot be read: that is announced, and counts as a failure of the disk. */
GmqMessage *gmq_keep_load(const GmqQueue *queue, const GmqEntry *entry);

G_END_DECLS
