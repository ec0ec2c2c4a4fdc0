/* death.h - the record of a message's deaths: the headers x-death, x-first-death and, by profile,
 * x-last-death (AMQP.md 19.3 to 19.9). */
#pragma once

#include "core/base/slice.h"
#include "core/broker/message.h"
#include "core/broker/profile.h"
#include "core/wire/buffer.h"

G_BEGIN_DECLS

typedef struct {
    GmqSlice queue;      /* where it died */
    const char *reason;  /* "rejected", "expired", "maxlen", "delivery_limit" */
    GmqSlice said;       /* by the consumer that rejected it (E2); empty: nothing */
    int64_t time_s;      /* wall clock */
    bool is_key_changed; /* the queue sets a routing key (19.8) */
    bool is_counted;     /* the queue counted deliveries in a header: it goes (E1) */
    const GmqProfile *profile;
} GmqDeath;

/* Appends the content header of the message after that death: x-death with this one in front, the
 * first death's own headers, no expiration. Returns how often the message died there of that. */
int64_t gmq_death_write_header(const GmqMessage *message, const GmqDeath *death, GmqBuffer *header);

/* Whether the message must not enter the queue again, since it went round from there without
 * anybody rejecting it (19.10). header is its content header. */
bool gmq_death_is_cycle(GmqSlice header, GmqSlice queue);

G_END_DECLS
