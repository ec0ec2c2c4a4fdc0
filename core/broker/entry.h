/* entry.h - one message's place in one queue.
 *
 * Small and copied by value: a backlog of ten million messages is ten million of these beyond the
 * bodies. An entry owns one reference of its message, or, when the message is out of memory, knows
 * where it is to be read from. Only entries that are ready can be out: whoever takes one through
 * gmq_queue_take() has its message. */
#pragma once

#include "core/broker/message.h"

G_BEGIN_DECLS

/* Where a message is that is not in memory. */
typedef enum {
    GMQ_OUT_JOURNAL = 1, /* at its id in the journal */
    GMQ_OUT_SCRATCH = 3, /* at its number in the scratch file */
} GmqOutKind;

typedef struct {
    union {
        GmqMessage *message;
        uint64_t out; /* bit 0 set: no pointer, but a number in four and a GmqOutKind */
    };
    uint64_t place;     /* counts up in enqueue order, per queue; kept through requeues */
    int64_t expires_ns; /* host time; INT64_MAX: never (17.1) */
    union {
        uint32_t event; /* number of the event that put it here, low 32 bits; 0: nobody looked */
        uint32_t body_size; /* the same place while the message is out: bytes of its body */
    };
    uint32_t flags; /* GMQ_ENTRY_REDELIVERED, and the count of failed deliveries above it */
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

/* ---- messages that are out of memory ---- */

static inline bool
gmq_entry_is_out(const GmqEntry *entry)
{
    return (entry->out & 1) != 0;
}

/* Of an entry that is out: where, and its number there. */
static inline GmqOutKind
gmq_entry_out_kind(const GmqEntry *entry)
{
    return (GmqOutKind)(entry->out & 3);
}

static inline uint64_t
gmq_entry_out_number(const GmqEntry *entry)
{
    return entry->out >> 2;
}

/* The message of that body is out from now on; a reference that the entry had is the caller's to
 * give back. */
static inline void
gmq_entry_set_out(GmqEntry *entry, GmqOutKind kind, uint64_t number, uint32_t body_size)
{
    entry->out       = number << 2 | kind;
    entry->body_size = body_size;
}

/* The message is there again, with a reference that the entry owns from now on. */
static inline void
gmq_entry_set_message(GmqEntry *entry, GmqMessage *message)
{
    entry->out     = 0;
    entry->message = message;
    entry->event   = message->event;
}

/* Bytes of the message's body, wherever it is. */
static inline uint32_t
gmq_entry_body_size(const GmqEntry *entry)
{
    return gmq_entry_is_out(entry) ? entry->body_size : entry->message->body_size;
}

G_END_DECLS
