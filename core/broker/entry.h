/* entry.h - one message's place in one queue.
 *
 * Small and copied by value: a backlog of ten million messages is ten million of these beyond the
 * bodies. An entry owns one reference of its message. */
#pragma once

#include "core/broker/message.h"

G_BEGIN_DECLS

typedef struct {
    GmqMessage *message;
    uint64_t place;     /* counts up in enqueue order, per queue; kept through requeues */
    int64_t expires_ns; /* host time; INT64_MAX: never (17.1) */
    uint32_t event;     /* number of the event that put it here, low 32 bits; 0: nobody looked */
    uint32_t flags;     /* GMQ_ENTRY_REDELIVERED, and the count of failed deliveries above it */
} GmqEntry;

#define GMQ_ENTRY_REDELIVERED 1u
#define GMQ_ENTRY_FAILURE 2u

/* Counted only by queues that have a delivery limit (E1). */
static inline uint32_t
gmq_entry_failures(const GmqEntry *entry)
{
    return entry->flags / GMQ_ENTRY_FAILURE;
}

static inline bool
gmq_entry_is_redelivered(const GmqEntry *entry)
{
    return (entry->flags & GMQ_ENTRY_REDELIVERED) != 0;
}

G_END_DECLS
