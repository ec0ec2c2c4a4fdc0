/* tx.h - a channel's transaction: publishes and acks that wait for tx.commit (AMQP.md 12).
 *
 * What is published is checked and routed at once and handed to its queues at commit. What is acked
 * leaves the unacked set at once, keeps counting for prefetch, and comes back at rollback. */
#pragma once

#include "core/amqp/channel.h"
#include "core/amqp/settle.h"

G_BEGIN_DECLS

typedef struct GmqTx GmqTx;

GmqTx *gmq_tx_new(GmqChannel *channel);

/* Rolls back and frees it. */
void gmq_tx_free(GmqTx *tx);

/* Keeps a message, with its own reference, the queues it was routed to, and the exchanges that may
 * keep it; NULL: none. */
void gmq_tx_add_publish(GmqTx *tx, GmqMessage *message, bool is_mandatory, const GPtrArray *queues,
                        const GPtrArray *keepers);

/* Keeps a settlement; takes over what unacked holds. */
void gmq_tx_add_settlement(GmqTx *tx, uint64_t tag, const GmqUnacked *unacked, GmqOutcome outcome);

bool gmq_on_tx_select(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);
bool gmq_on_tx_commit(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);
bool gmq_on_tx_rollback(GmqChannel *channel, const GmqMethod *method, GmqFault *fault);

G_END_DECLS
