/* header.h - a message with its header table changed.
 *
 * Messages are immutable and shared: a change makes a new one, and what is not touched keeps its
 * bytes and order (AMQP.md 4.6). */
#pragma once

#include "core/broker/message.h"

G_BEGIN_DECLS

#define GMQ_HEADER_DELIVERY_COUNT "x-delivery-count"

/* Returns the message without the header BCC, whose keys it keeps hidden (11.6, 19.2). Takes over
 * the caller's reference; without such a header it is given back as it came. */
GmqMessage *gmq_message_take_without_bcc(GmqMessage *message);

/* Returns the message with the header x-delivery-count (E1), in the place of one that is there.
 * Takes over the caller's reference. */
GmqMessage *gmq_message_take_with_count(GmqMessage *message, uint32_t count);

G_END_DECLS
