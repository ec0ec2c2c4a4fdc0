/* Settling deliveries: basic.ack, nack, reject, recover (AMQP.md 16). */
#include "core/amqp/settle.h"
#include "core/amqp/subscriber.h"
#include "core/amqp/tx.h"

/* Why its consumer rejects what it rejects, if it said so (E2). */
static GmqSlice
reason_of(const GmqUnacked *unacked, GmqOutcome outcome)
{
    return outcome == GMQ_OUTCOME_REJECT && unacked->subscriber != NULL
               ? unacked->subscriber->reject_reason
               : (GmqSlice){0};
}

static uint64_t
note_settled(const GmqChannel *channel, uint64_t tag, const GmqUnacked *unacked, GmqOutcome outcome)
{
    GmqHost *host = channel->connection->host;

    if (gmq_host_is_unheard(host))
        return 0;
    return host->note(
        host, &(GmqEvent){.kind = outcome == GMQ_OUTCOME_ACK ? GMQ_EVENT_ACKED : GMQ_EVENT_REJECTED,
                          .vhost   = &channel->vhost->name,
                          .cause   = unacked->entry.event,
                          .who     = unacked->queue->name,
                          .to      = gmq_slice_of(channel->connection->name),
                          .message = unacked->entry.message->number,
                          .tag     = tag,
                          .channel = channel->number,
                          .count   = outcome == GMQ_OUTCOME_REQUEUE,
                          .text    = reason_of(unacked, outcome)});
}

static void
tell_queue(GmqUnacked *unacked, GmqOutcome outcome)
{
    if (outcome == GMQ_OUTCOME_ACK)
        gmq_queue_settle(unacked->queue, &unacked->entry);
    else if (outcome == GMQ_OUTCOME_REQUEUE)
        gmq_queue_requeue(unacked->queue, &unacked->entry);
    else
        gmq_queue_reject(unacked->queue, &unacked->entry, reason_of(unacked, outcome));
}

void
gmq_channel_settle(GmqChannel *channel, uint64_t tag, GmqUnacked *unacked, GmqOutcome outcome)
{
    unacked->entry.event = (uint32_t)note_settled(channel, tag, unacked, outcome);
    tell_queue(unacked, outcome);
    gmq_queue_unref(unacked->queue);
    if (unacked->subscriber == NULL)
        return;
    gmq_subscriber_settled(unacked->subscriber, channel);
    gmq_subscriber_unref(unacked->subscriber);
}

/* Now, or with the transaction. */
static void
settle(GmqChannel *channel, uint64_t tag, GmqUnacked *unacked, GmqOutcome outcome)
{
    if (channel->tx != NULL)
        gmq_tx_add_settlement(channel->tx, tag, unacked, outcome);
    else
        gmq_channel_settle(channel, tag, unacked, outcome);
}

static void
settle_up_to(GmqChannel *channel, uint64_t up_to, GmqOutcome outcome)
{
    GmqUnacked unacked;
    uint64_t tag;

    while (gmq_unacked_take_oldest(&channel->unacked, up_to, &unacked, &tag))
        settle(channel, tag, &unacked, outcome);
}

/* The tag must be out, except that 0 with multiple means all, even when there are none (16.1). */
static bool
settle_tags(GmqChannel *channel, uint64_t tag, bool is_multiple, GmqOutcome outcome,
            GmqFault *fault)
{
    GmqUnacked unacked;

    if (is_multiple && tag == 0) {
        settle_up_to(channel, UINT64_MAX, outcome);
    } else if (is_multiple && gmq_unacked_has(&channel->unacked, tag)) {
        settle_up_to(channel, tag, outcome);
    } else if (!is_multiple && gmq_unacked_take(&channel->unacked, tag, &unacked)) {
        settle(channel, tag, &unacked, outcome);
    } else {
        return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                             "unknown delivery tag %" G_GUINT64_FORMAT, tag);
    }
    return true;
}

bool
gmq_on_basic_ack(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    const GmqBasicAck *ack = &method->basic_ack;

    return settle_tags(channel, ack->delivery_tag, ack->multiple, GMQ_OUTCOME_ACK, fault);
}

bool
gmq_on_basic_nack(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    const GmqBasicNack *nack = &method->basic_nack;

    return settle_tags(channel, nack->delivery_tag, nack->multiple,
                       nack->requeue ? GMQ_OUTCOME_REQUEUE : GMQ_OUTCOME_REJECT, fault);
}

bool
gmq_on_basic_reject(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    const GmqBasicReject *reject = &method->basic_reject;

    return settle_tags(channel, reject->delivery_tag, false,
                       reject->requeue ? GMQ_OUTCOME_REQUEUE : GMQ_OUTCOME_REJECT, fault);
}

static bool
recover(GmqChannel *channel, bool is_requeue, GmqFault *fault)
{
    if (!is_requeue)
        return gmq_fault_set(fault, GMQ_REPLY_NOT_IMPLEMENTED, "requeue=false");

    GmqUnacked unacked;
    uint64_t tag;
    while (gmq_unacked_take_oldest(&channel->unacked, UINT64_MAX, &unacked, &tag))
        gmq_channel_settle(channel, tag, &unacked, GMQ_OUTCOME_REQUEUE);
    return true;
}

bool
gmq_on_basic_recover(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    if (!recover(channel, method->basic_recover.requeue, fault))
        return false;
    gmq_channel_send(channel, &(GmqMethod){.id = GMQ_BASIC_RECOVER_OK});
    return true;
}

bool
gmq_on_basic_recover_async(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    return recover(channel, method->basic_recover_async.requeue, fault);
}
