#include "sim/receiver.h"

void
gmq_receiver_init(GmqReceiver *receiver, GmqSimClient *client, const GmqHandsClass *class_)
{
    receiver->consuming.client = client;
    receiver->hands            = gmq_hands_new(client, class_, receiver);
}

void
gmq_receiver_clear(GmqReceiver *receiver)
{
    gmq_consuming_end(&receiver->consuming);
    gmq_hands_free(receiver->hands);
}

void
gmq_receiver_ready(void *role)
{
    GmqReceiver *receiver = role;

    gmq_consuming_begin(&receiver->consuming);
}

void
gmq_receiver_lost(void *role)
{
    GmqReceiver *receiver = role;

    gmq_consuming_end(&receiver->consuming);
    gmq_hands_lost(receiver->hands);
}

void
gmq_receiver_died(void *role)
{
    GmqReceiver *receiver = role;

    gmq_consuming_end(&receiver->consuming);
    gmq_hands_died(receiver->hands);
}

void
gmq_receiver_delivered(void *role, const GmqBasicDeliver *deliver, const GmqClientContent *content)
{
    GmqReceiver *receiver = role;
    GmqReceipt receipt    = {deliver->delivery_tag, deliver->routing_key, deliver->redelivered};

    gmq_hands_take(receiver->hands, &receipt, content);
}

void
gmq_receiver_cancelled(void *role, GmqSlice consumer_tag)
{
    GmqReceiver *receiver = role;

    gmq_consuming_cancelled(&receiver->consuming, consumer_tag);
}

bool
gmq_receiver_is_busy(const void *role)
{
    const GmqReceiver *receiver = role;

    return gmq_hands_is_busy(receiver->hands);
}
