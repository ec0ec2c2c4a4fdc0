/* reply-to.h - direct reply-to: answers without a queue (AMQP.md 20).
 *
 * A channel that consumes from amq.rabbitmq.reply-to gets an address of its own. Its requests carry
 * that address, and what is published to it goes straight to the channel. */
#pragma once

#include "core/amqp/channel.h"

G_BEGIN_DECLS

typedef struct GmqReplyTo GmqReplyTo;

/* Whether the name is the pseudo-queue's own. */
bool gmq_reply_to_is_queue(GmqSlice name);

/* Whether the name is that, or begins with it: no queue can have it. */
bool gmq_reply_to_is_reserved(GmqSlice name);

/* Whether the name is, or once was, somebody's address. */
bool gmq_reply_to_is_address(GmqSlice name);

/* Whether the name can be declared: the pseudo-queue always, an address while it is in use
 * (20.4). */
bool gmq_reply_to_exists(const GmqAmqp *amqp, GmqSlice name);

/* Gives the channel an address; 406 for a consumer that wants to ack, and for a second one
 * (20.1). */
bool gmq_reply_to_open(GmqChannel *channel, GmqSlice tag, bool is_no_ack, GmqFault *fault);

/* Gives up the channel's address (20.5). */
void gmq_reply_to_close(GmqChannel *channel);

/* Whether that is the tag of the channel's reply consumer. */
bool gmq_reply_to_has_tag(const GmqChannel *channel, GmqSlice tag);

/* Writes the channel's address into a request: a message whose reply-to is the pseudo-queue (20.2).
 * Other messages are given back as they came. Takes over the caller's reference; NULL with 406, and
 * the reference stays with the caller, when the channel has no address. */
GmqMessage *gmq_reply_to_take_request(const GmqChannel *channel, GmqMessage *message,
                                      GmqFault *fault);

/* Delivers a message that was published to that address; without a taker it is dropped (20.3). */
void gmq_reply_to_deliver(GmqAmqp *amqp, GmqSlice address, GmqMessage *message);

G_END_DECLS
