/* unsafe.h - the publishes of a channel that are not safe yet, and those that are to be answered
 * (AMQP.md 11.9).
 *
 * A persistent message in a durable queue is safe when it is on the disk, or in no queue any more;
 * that may be long after later ones are. So publishes are counted here from the moment that one of
 * the channel had to wait for the disk: the oldest that is not safe divides those that one answer
 * covers from those that are answered each by its own. Costs a bit per publish in between. */
#pragma once

#include "core/broker/storage.h"

G_BEGIN_DECLS

typedef struct GmqChannel GmqChannel;
typedef struct GmqUnsafe GmqUnsafe;

/* Publishes with these numbers, one behind the other. */
typedef struct {
    uint64_t first;
    uint64_t last;
} GmqTagRange;

/* Told whenever there is something new to answer; not after gmq_unsafe_leave(). */
typedef void GmqUnsafeFunc(GmqChannel *channel);

GmqUnsafe *gmq_unsafe_new(GmqChannel *channel, GmqUnsafeFunc *tell);

/* The channel is gone; the rest is freed when nothing is waited for any more. */
void gmq_unsafe_leave(GmqUnsafe *unsafe);

/* The publish of that number waits for its message, as long as that is not safe; it is to be
 * answered when it is. Numbers go up. */
void gmq_unsafe_add(GmqUnsafe *unsafe, GmqStorage *storage, const GmqMessage *message,
                    uint64_t tag);

/* The publish of that number has nothing to wait for, or is to be refused. */
void gmq_unsafe_add_safe(GmqUnsafe *unsafe, uint64_t tag);
void gmq_unsafe_add_refused(GmqUnsafe *unsafe, uint64_t tag);

/* The smallest number that is not safe; UINT64_MAX when all are. */
uint64_t gmq_unsafe_first(GmqUnsafe *unsafe);

/* What is to be acked and to be nacked, of GmqTagRange, in the order in which it was found out;
 * lent, and for the caller to empty once it has answered. */
GArray *gmq_unsafe_acks(const GmqUnsafe *unsafe);
GArray *gmq_unsafe_nacks(const GmqUnsafe *unsafe);

G_END_DECLS
