/* Settling deliveries: basic.ack, nack, reject, recover (AMQP.md 16). */
#include "core/amqp/subscriber.h"

typedef enum {
    ACK,
    REJECT, /* dead-lettered or dropped */
    REQUEUE,
} Outcome;

static void (*const outcomes[])(GmqQueue *queue, GmqEntry *entry) = {
    [ACK]     = gmq_queue_settle,
    [REJECT]  = gmq_queue_reject,
    [REQUEUE] = gmq_queue_requeue,
};

static uint64_t
note_settled(const GmqChannel *channel, uint64_t tag, const GmqUnacked *unacked, Outcome outcome)
{
    GmqHost *host = channel->connection->host;

    if (host->note == NULL)
        return 0;
    return host->note(host,
                      &(GmqEvent){.kind    = outcome == ACK ? GMQ_EVENT_ACKED : GMQ_EVENT_REJECTED,
                                  .cause   = unacked->entry.event,
                                  .who     = unacked->queue->name,
                                  .to      = gmq_slice_of(channel->connection->name),
                                  .message = unacked->entry.message->number,
                                  .tag     = tag,
                                  .channel = channel->number,
                                  .count   = outcome == REQUEUE});
}

/* One delivery is done with: its queue and its consumer are told. */
static void
settle(GmqChannel *channel, uint64_t tag, GmqUnacked *unacked, Outcome outcome)
{
    unacked->entry.event = (uint32_t)note_settled(channel, tag, unacked, outcome);
    outcomes[outcome](unacked->queue, &unacked->entry);
    gmq_queue_unref(unacked->queue);
    if (unacked->subscriber == NULL)
        return;
    gmq_subscriber_settled(unacked->subscriber, channel);
    gmq_subscriber_unref(unacked->subscriber);
}

static void
settle_up_to(GmqChannel *channel, uint64_t up_to, Outcome outcome)
{
    GmqUnacked unacked;
    uint64_t tag;

    while (gmq_unacked_take_oldest(&channel->unacked, up_to, &unacked, &tag))
        settle(channel, tag, &unacked, outcome);
}

/* The tag must be out, except that 0 with multiple means all, even when there are none (16.1). */
static bool
settle_tags(GmqChannel *channel, uint64_t tag, bool is_multiple, Outcome outcome, GmqFault *fault)
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

    return settle_tags(channel, ack->delivery_tag, ack->multiple, ACK, fault);
}

bool
gmq_on_basic_nack(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    const GmqBasicNack *nack = &method->basic_nack;

    return settle_tags(channel, nack->delivery_tag, nack->multiple,
                       nack->requeue ? REQUEUE : REJECT, fault);
}

bool
gmq_on_basic_reject(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    const GmqBasicReject *reject = &method->basic_reject;

    return settle_tags(channel, reject->delivery_tag, false, reject->requeue ? REQUEUE : REJECT,
                       fault);
}

static bool
recover(GmqChannel *channel, bool is_requeue, GmqFault *fault)
{
    if (!is_requeue)
        return gmq_fault_set(fault, GMQ_REPLY_NOT_IMPLEMENTED, "requeue=false");
    settle_up_to(channel, UINT64_MAX, REQUEUE);
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
