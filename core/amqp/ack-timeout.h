/* ack-timeout.h - channels that keep a delivery for too long are closed (AMQP.md 15.8).
 *
 * All channels are looked at together, once in GMQ_ACK_LOOK_MS while any delivery is out. A
 * delivery remembers only how many looks there were before it: it has been out for at least as long
 * as passed between those that came since. So it costs nothing but that number, and is found at
 * most one look late. */
#pragma once

#include "core/amqp/amqp.h"

G_BEGIN_DECLS

typedef struct GmqSubscriber GmqSubscriber;

void gmq_amqp_init_ack_timeout(GmqAmqp *amqp);

/* A delivery goes out: the looks begin, if they do not go on anyway. */
void gmq_amqp_look_for_acks(GmqAmqp *amqp);

/* The consumer's own timeout, instead of the configured one; 0: none. */
void gmq_subscriber_set_timeout(GmqSubscriber *subscriber, int64_t timeout_ms);

G_END_DECLS
