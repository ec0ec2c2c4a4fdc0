/* queue-arguments.h - the x- arguments of queue.declare (AMQP.md 10b).
 *
 * Unknown arguments are accepted and ignored. */
#pragma once

#include "core/base/fault.h"
#include "core/base/slice.h"

G_BEGIN_DECLS

typedef struct GmqQueue GmqQueue;
typedef struct GmqVhost GmqVhost;

typedef enum {
    GMQ_OVERFLOW_UNSET = -1, /* drop-head, unless a policy says otherwise */
    GMQ_OVERFLOW_DROP_HEAD,
    GMQ_OVERFLOW_REJECT_PUBLISH,
    GMQ_OVERFLOW_REJECT_PUBLISH_DLX,
} GmqOverflow;

/* The words for them, in their order; NULL behind the last. */
extern const char *const gmq_overflow_words[];

/* What the arguments ask for, and policies (policy.h). Numbers are -1 where there is no limit. */
typedef struct {
    int64_t ttl_ms;         /* of its messages (17) */
    int64_t expires_ms;     /* of the queue itself, without use (17.7) */
    int64_t length_max;     /* ready messages (18) */
    int64_t bytes_max;      /* bytes of their bodies */
    int64_t delivery_limit; /* failed deliveries of a message (E1) */
    GmqOverflow overflow;
    GmqSlice dead_letter_exchange; /* data NULL without one; lent from the arguments (19) */
    GmqSlice dead_letter_key;      /* data NULL: the message's own keys */
    int64_t priority_max;          /* 0: no priorities (21) */
    bool is_single_active;         /* one consumer at a time (15.6) */
} GmqQueueSettings;

/* Nothing asked for. */
#define GMQ_QUEUE_SETTINGS_NONE                                                                    \
    {                                                                                              \
        .ttl_ms = -1, .expires_ms = -1, .length_max = -1, .bytes_max = -1, .delivery_limit = -1,   \
        .overflow = GMQ_OVERFLOW_UNSET                                                             \
    }

/* Reads the arguments of a new queue; 406 "invalid arg ..." for one that is not fine. */
bool gmq_queue_arguments_read(const GmqVhost *vhost, GmqSlice name, GmqSlice arguments,
                              GmqQueueSettings *settings, GmqFault *fault);

/* Whether the arguments of a redeclaration mean the same (10.4, 10.12); 406 "inequivalent arg". */
bool gmq_queue_arguments_same(const GmqQueue *queue, GmqSlice arguments, GmqFault *fault);

G_END_DECLS
