#include "sim/receiver.h"

static const GmqHandsClass hands_class = {0};

static void *
make(GmqSimClient *client)
{
    GmqReceiver *consumer = g_new0(GmqReceiver, 1);

    gmq_receiver_init(consumer, client, &hands_class);
    return consumer;
}

static void
free_consumer(void *role)
{
    gmq_receiver_clear(role);
    g_free(role);
}

const GmqRoleClass gmq_consumer_class = {
    .make      = make,
    .free      = free_consumer,
    .ready     = gmq_receiver_ready,
    .lost      = gmq_receiver_lost,
    .died      = gmq_receiver_died,
    .delivered = gmq_receiver_delivered,
    .cancelled = gmq_receiver_cancelled,
    .is_busy   = gmq_receiver_is_busy,
};
