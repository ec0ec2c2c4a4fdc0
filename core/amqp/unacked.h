/* unacked.h - the deliveries of a channel that are out, by delivery tag (AMQP.md 14.6, 16).
 *
 * Tags count up, so the deliveries stand in blocks of consecutive tags, found by arithmetic: an ack
 * is O(1) wherever it comes, and a block whose deliveries are all settled is freed even while an
 * older one still waits. The caller keeps the storage. */
#pragma once

#include "core/broker/queue.h"

G_BEGIN_DECLS

typedef struct GmqSubscriber GmqSubscriber;

typedef struct {
    GmqEntry entry;            /* message NULL: settled, or a tag that never waited */
    GmqQueue *queue;           /* one reference */
    GmqSubscriber *subscriber; /* one reference; NULL for basic.get */
    uint32_t look;             /* when it was delivered: after so many looks, see ack-timeout.h */
} GmqUnacked;

typedef struct {
    GPtrArray *blocks; /* of Block, NULL where all are settled; NULL until the first */
    uint64_t first;    /* tag of the first slot of blocks[0] */
    uint64_t oldest;   /* no tag below it is out */
    size_t count;
} GmqUnackedRing;

void gmq_unacked_init(GmqUnackedRing *ring);

/* Frees the blocks; nothing may be out. */
void gmq_unacked_clear(GmqUnackedRing *ring);

/* Adds a delivery; tags go up. */
void gmq_unacked_add(GmqUnackedRing *ring, uint64_t tag, const GmqUnacked *unacked);

/* Puts back a delivery that was taken. */
void gmq_unacked_restore(GmqUnackedRing *ring, uint64_t tag, const GmqUnacked *unacked);

/* Takes the delivery of that tag out; false when it is not there. */
bool gmq_unacked_take(GmqUnackedRing *ring, uint64_t tag, GmqUnacked *unacked);

bool gmq_unacked_has(const GmqUnackedRing *ring, uint64_t tag);

/* The oldest delivery whose tag is at least from, lent, and its tag; NULL when there is none. */
const GmqUnacked *gmq_unacked_peek(const GmqUnackedRing *ring, uint64_t from, uint64_t *tag);

/* Takes the oldest delivery whose tag is at most up_to; false when there is none. */
bool gmq_unacked_take_oldest(GmqUnackedRing *ring, uint64_t up_to, GmqUnacked *unacked,
                             uint64_t *tag);

G_END_DECLS
