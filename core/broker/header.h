/* header.h - a message with its header table changed.
 *
 * Messages are immutable and shared: a change makes a new one, and what is not touched keeps its
 * bytes and order (AMQP.md 4.6). */
#pragma once

#include "core/broker/message.h"

G_BEGIN_DECLS

/* Returns the message without the entries of that name in its header table. Takes over the caller's
 * reference; without such an entry it is given back as it came. */
GmqMessage *gmq_message_take_without_header(GmqMessage *message, GmqSlice name);

G_END_DECLS
