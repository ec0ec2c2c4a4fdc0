/* tell.h - the notices of connections, channels and consumers (AMQP.md 27.2, core/broker/notice.h).
 *
 * Each tells who it is about in the words of RabbitMQ's event exchange, and does nothing when
 * nobody listens. */
#pragma once

#include "core/amqp/channel.h"

G_BEGIN_DECLS

typedef struct GmqSubscriber GmqSubscriber;

/* "connection.created", "connection.closed" */
void gmq_tell_connection_created(const GmqConnection *connection);
void gmq_tell_connection_closed(const GmqConnection *connection);

/* "user.authentication.success", "user.authentication.failure" */
void gmq_tell_login(const GmqConnection *connection, GmqSlice user, bool is_accepted);

/* "channel.created", "channel.closed" */
void gmq_tell_channel_created(const GmqChannel *channel);
void gmq_tell_channel_closed(const GmqChannel *channel);

/* "consumer.created"; that one is gone is told by its queue. */
void gmq_tell_consumer_created(const GmqChannel *channel, const GmqBasicConsume *consume,
                               const GmqConsumer *consumer);

G_END_DECLS
