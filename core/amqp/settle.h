/* settle.h - what becomes of a delivery that was out (AMQP.md 16). */
#pragma once

#include "core/amqp/channel.h"

G_BEGIN_DECLS

typedef enum {
    GMQ_OUTCOME_ACK,
    GMQ_OUTCOME_REJECT,  /* dead-lettered or dropped */
    GMQ_OUTCOME_REQUEUE, /* back to its old place */
} GmqOutcome;

/* One delivery of the channel is done with: its queue and its consumer are told. Takes over what
 * unacked holds. */
void gmq_channel_settle(GmqChannel *channel, uint64_t tag, GmqUnacked *unacked, GmqOutcome outcome);

G_END_DECLS
