/* dedup.h - messages that were seen before: an extension (AMQP.md E4).
 *
 * A queue or exchange declared with x-message-deduplication remembers the ids that messages carry
 * in a header, the last so many and for so long; it drops a message whose id it knows. */
#pragma once

#include "core/base/fault.h"
#include "core/base/host.h"
#include "core/broker/message.h"

G_BEGIN_DECLS

typedef struct GmqDedup GmqDedup;

/* Whether the arguments of a new queue or exchange make sense; else 406. what is "queue 'q' in
 * vhost '/'". */
bool gmq_dedup_check(GmqSlice arguments, const char *what, GmqFault *fault);

/* Whether those of a redeclaration mean the same; else 406. */
bool gmq_dedup_check_same(const char *what, GmqSlice current, GmqSlice received, GmqFault *fault);

/* Returns a memory without ids, as arguments that were checked ask for it; NULL when they do not.
 * The host is lent. */
GmqDedup *gmq_dedup_new(GmqHost *host, GmqSlice arguments);
void gmq_dedup_free(GmqDedup *dedup); /* or NULL */

/* Whether the id of the message is known. One without an id never is. */
bool gmq_dedup_knows(GmqDedup *dedup, const GmqMessage *message);

/* The message came through: its id is known from now on. */
void gmq_dedup_remember(GmqDedup *dedup, const GmqMessage *message);

G_END_DECLS
