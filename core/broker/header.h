/* header.h - a message with its header table changed.
 *
 * Messages are immutable and shared: a change makes a new one, and what is not touched keeps its
 * bytes and order (AMQP.md 4.6). */
#pragma once

#include "core/broker/message.h"
#include "core/wire/table.h"

G_BEGIN_DECLS

#define GMQ_HEADER_DELIVERY_COUNT "x-delivery-count"

/* Returns the message without the header BCC, whose keys it keeps hidden (11.6, 19.2). Takes over
 * the caller's reference; without such a header it is given back as it came. */
GmqMessage *gmq_message_take_without_bcc(GmqMessage *message);

/* Returns the message with the header x-delivery-count (E1), in the place of one that is there, and
 * with its id in the journal, which knows the count by itself. Takes over the caller's
 * reference. */
GmqMessage *gmq_message_take_with_count(GmqMessage *message, uint32_t count);

/* The header of that name; false without one. value is lent from the message. */
bool gmq_message_find_header(const GmqMessage *message, GmqSlice name, GmqValue *value);

/* Returns a copy in which the header of that name, which must be there, has another value; the
 * others keep their places. */
GmqMessage *gmq_message_copy_with_header(const GmqMessage *message, GmqSlice name,
                                         const GmqValue *value);

G_END_DECLS
