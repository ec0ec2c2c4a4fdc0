/* consumer.h - somebody who takes messages from a queue.
 *
 * The queue sees only this: whom to hand a message to, and whether he can take another. Protocols
 * embed the struct in their own and implement the class. */
#pragma once

#include "core/broker/entry.h"

G_BEGIN_DECLS

typedef struct GmqQueue GmqQueue;
typedef struct GmqConsumer GmqConsumer;

typedef struct {
    /* Takes over the entry. Returns whether the consumer can take another one at once; after
     * false it gets nothing until it calls gmq_queue_activate(). May pause and activate others. */
    bool (*deliver)(GmqConsumer *consumer, const GmqEntry *entry);

    /* The queue is gone (AMQP.md 14.9); the consumer is out of its lists already. */
    void (*cancelled)(GmqConsumer *consumer);
} GmqConsumerClass;

struct GmqConsumer {
    const GmqConsumerClass *class_;
    GmqQueue *queue;
    GmqSlice tag;        /* owned by whoever embeds the consumer; unique among its peers only */
    GmqSlice owner_name; /* of its connection, for events; lent as long as the consumer lives */
    uint16_t channel;    /* for events */
    uint16_t prefetch;   /* likewise; 0: no limit */
    int32_t priority;    /* x-priority: higher ones are served first (15.5) */
    bool is_willing;     /* could take a message now */
    bool is_active;      /* stands in the queue's line of those that get the next ones */
    GList link;          /* in queue->consumers; data is the consumer */
    GList active_link;   /* in queue->line; likewise */
};

G_END_DECLS
