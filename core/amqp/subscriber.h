/* subscriber.h - a consumer of a channel: what basic.consume makes (AMQP.md 14, 15).
 *
 * Reference-counted, since its unacked deliveries outlive a cancel. */
#pragma once

#include "core/amqp/channel.h"
#include "core/broker/consumer.h"

G_BEGIN_DECLS

struct GmqSubscriber {
    GmqConsumer consumer; /* first: the queue sees only this */
    GmqChannel *channel;  /* NULL once cancelled */
    uint32_t refs;
    uint16_t prefetch; /* its own limit; 0: none */
    bool is_no_ack;
    bool is_waiting;        /* stands in connection->waiting: the output is full */
    uint64_t unacked;       /* deliveries that are out */
    int64_t timeout_ms;     /* of each (15.8); 0: none */
    GmqSlice reject_reason; /* of what it rejects (E2); empty: none; owned */
    GList link;             /* in channel->subscribers */
    GList waiting_link;     /* in connection->waiting */
};

/* Returns a consumer with one reference, in the lists of the channel and the queue; it may get
 * messages with the turn. */
GmqSubscriber *gmq_subscriber_new(GmqChannel *channel, GmqQueue *queue, GmqSlice tag,
                                  int32_t priority, bool is_no_ack);

GmqSubscriber *gmq_subscriber_ref(GmqSubscriber *subscriber);
void gmq_subscriber_unref(GmqSubscriber *subscriber);

/* Takes it out of its queue and channel, and gives up the channel's reference. */
void gmq_subscriber_cancel(GmqSubscriber *subscriber);

/* The consumer with that tag on the channel; NULL without one. */
GmqSubscriber *gmq_subscriber_find(const GmqChannel *channel, GmqSlice tag);

/* A delivery was settled: it counts no more, and messages may flow again. */
void gmq_subscriber_settled(GmqSubscriber *subscriber, GmqChannel *channel);

/* Limits were changed, reached or freed: whoever on the channel can take messages gets in line, and
 * whoever cannot leaves it. */
void gmq_channel_regroup_subscribers(GmqChannel *channel);

G_END_DECLS
