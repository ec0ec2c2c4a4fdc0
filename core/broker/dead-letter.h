/* dead-letter.h - messages that die in a queue and are published again (AMQP.md 19).
 *
 * A message may die in the middle of anything, so it only joins a line here; the broker publishes
 * the line, in the order of the deaths, when it dispatches. */
#pragma once

#include "core/broker/entry.h"
#include "core/broker/route.h"

G_BEGIN_DECLS

typedef struct GmqQueue GmqQueue;
typedef struct GmqDeadLetters GmqDeadLetters;

GmqDeadLetters *gmq_dead_letters_new(GmqHost *host);
void gmq_dead_letters_free(GmqDeadLetters *letters);

/* The entry's message died in the queue, which has a dead-letter exchange, of the reason
 * "rejected", "expired", "maxlen" or "delivery_limit". said is what its consumer says of a
 * rejection (E2), else empty. Queue and entry are only read. cause is the event of the death. */
void gmq_dead_letter(const GmqQueue *queue, const GmqEntry *entry, const char *reason,
                     GmqSlice said, uint64_t cause);

/* Publishes what is in line; what dies of that joins the line and is published too. Returns whether
 * there was anything. */
bool gmq_dead_letters_publish(GmqDeadLetters *letters);

/* Drops what is in line of a virtual host that goes. */
void gmq_dead_letters_forget_vhost(GmqDeadLetters *letters, const GmqVhost *vhost);

G_END_DECLS
