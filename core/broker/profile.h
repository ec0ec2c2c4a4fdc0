/* profile.h - which broker's habits are followed where versions of RabbitMQ differ (AMQP.md 30).
 *
 * Whoever has to choose reads one field of the broker's profile; nothing else knows of versions. */
#pragma once

#include "core/base/fault.h"

G_BEGIN_DECLS

typedef struct {
    const char *name;
    GmqReply unknown_exchange_type; /* V1: the reply to declaring one, and so its scope */
    uint32_t frame_max_least;       /* V3: bytes; less cannot be tuned, and is the limit before */
    uint64_t message_size_max;      /* V4: bytes of a body, unless the operator sets another */
    bool takes_any_delivery_mode;   /* V5: one that is neither 1 nor 2 is transient, else 406 */
    bool ignores_published_deaths;  /* V6: an x-death that a client wrote is not gone on with */
    bool keeps_cc_of_dead;          /* V7: also where the queue sets a dead-letter routing key */
    bool writes_last_death;         /* V8: x-last-death-reason, -queue and -exchange */
    bool ignores_global_qos;        /* V9: global=true of basic.qos counts as false */
    bool checks_passive_declare;    /* V14: needs any permission on what is looked for */
    bool checks_sender_last;        /* topic permission and user-id behind what is wrong with
                                       the message itself (11.2), else before */
} GmqProfile;

/* The habits of RabbitMQ 3.10 with the choices of AMQP.md, where it says "pick". */
extern const GmqProfile *const gmq_profile_default;

/* The profile of that name ("default", "rabbitmq-3.10" and so on); NULL without one. */
const GmqProfile *gmq_profile_find(const char *name);

/* The name that a mistyped one was probably meant to be; NULL when none is near. */
const char *gmq_profile_nearest(const char *name);

/* All names, for a sentence that lists them. */
#define GMQ_PROFILE_NAMES "default, rabbitmq-3.10, rabbitmq-3.13 and rabbitmq-4"

G_END_DECLS
