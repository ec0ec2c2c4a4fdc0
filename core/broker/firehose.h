/* firehose.h - copies of everything that is published and delivered in a virtual host, sent to its
 * exchange amq.rabbitmq.trace (AMQP.md 27.1).
 *
 * Whoever publishes or delivers looks at vhost->is_tracing, and calls these only when it is set.
 * The copies leave with the next dispatch, and are not copied again. */
#pragma once

#include "core/broker/queue.h"
#include "core/broker/vhost.h"

G_BEGIN_DECLS

/* Whose message it is. */
typedef struct {
    GmqSlice connection;
    GmqSlice user;
    uint16_t channel;
} GmqTraced;

/* The switch; it is off in a new virtual host. */
void gmq_vhost_set_tracing(GmqVhost *vhost, bool is_on);

/* The message, as its consumers will see it, was published and routed to those queues. */
void gmq_firehose_published(GmqVhost *vhost, const GmqMessage *message, const GPtrArray *queues,
                            const GmqTraced *by);

/* The entry was delivered from the queue, or got. */
void gmq_firehose_delivered(const GmqQueue *queue, const GmqEntry *entry, const GmqTraced *to);

G_END_DECLS
