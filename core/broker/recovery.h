/* recovery.h - the copies of messages that a journal gives back, in order for their queues.
 *
 * They come as they stand in the journal: queues mixed, a copy before the record that drops it, one
 * that was moved behind younger ones, and all of them before it is known which queues there are.
 * Here they are gathered by queue, and given back oldest id first. */
#pragma once

#include "core/store/journal.h"

G_BEGIN_DECLS

/* One copy, as small as it can be: there may be many millions at once. */
typedef struct {
    uint64_t id;
    int64_t expires_ms; /* wall clock; INT64_MAX: never */
    uint32_t flags;
    uint32_t body_size;
    uint8_t priority;
    uint8_t what; /* our own */
} GmqRecovered;

typedef struct GmqRecovery GmqRecovery;

GmqRecovery *gmq_recovery_new(void);
void gmq_recovery_free(GmqRecovery *recovery);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqRecovery, gmq_recovery_free)

/* What is found, in the order of the journal. */
void gmq_recovery_add(GmqRecovery *recovery, const GmqFoundCopy *copy);
void gmq_recovery_drop(GmqRecovery *recovery, uint64_t id, uint32_t queue);
void gmq_recovery_mark(GmqRecovery *recovery, uint64_t id, uint32_t queue, uint32_t flags);

/* The highest number of a message that was found; 0: none. */
uint64_t gmq_recovery_message_max(const GmqRecovery *recovery);

/* The numbers of the queues that have copies: how many, and the number at a place, in the order in
 * which they were found. */
unsigned gmq_recovery_queue_count(const GmqRecovery *recovery);
uint32_t gmq_recovery_queue_at(const GmqRecovery *recovery, unsigned place);

/* Gives away the copies of the queue at that place, each once, oldest id first, without those that
 * were dropped; their memory is free behind it. */
typedef void (*GmqRecoveredFunc)(const GmqRecovered *copy, void *user);
void gmq_recovery_take(GmqRecovery *recovery, unsigned place, GmqRecoveredFunc each, void *user);

G_END_DECLS
