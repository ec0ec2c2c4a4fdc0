/* consumer-line.h - the consumers of a queue that can take a message: who is next (AMQP.md 15.4,
 * 15.5).
 *
 * The highest priority goes first, and within one whoever waits longest. All-zero is an empty line;
 * while nobody has a priority it is a plain list. */
#pragma once

#include "core/broker/consumer.h"

G_BEGIN_DECLS

typedef struct {
    GQueue consumers; /* of GmqConsumer, next one first; intrusive */
    GArray *ends; /* of each priority the last consumer, highest first, so that nobody walks past
                         those before or behind him; NULL until somebody has a priority */
} GmqConsumerLine;

/* The line must be empty. */
void gmq_consumer_line_clear(GmqConsumerLine *line);

/* Goes to the end of its priority; away from wherever it is. */
void gmq_consumer_line_join(GmqConsumerLine *line, GmqConsumer *consumer);
void gmq_consumer_line_leave(GmqConsumerLine *line, GmqConsumer *consumer);

G_END_DECLS
