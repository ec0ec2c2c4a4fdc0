#include "sim/consuming.h"
#include "sim/hands.h"

typedef struct {
    GmqConsuming consuming;
    GmqHands *hands;
} Consumer;

static const GmqHandsClass hands_class = {0};

static void *
make(GmqSimClient *client)
{
    Consumer *consumer = g_new0(Consumer, 1);

    consumer->consuming.client = client;
    consumer->hands            = gmq_hands_new(client, &hands_class, consumer);
    return consumer;
}

static void
free_consumer(void *role)
{
    Consumer *consumer = role;

    gmq_consuming_end(&consumer->consuming);
    gmq_hands_free(consumer->hands);
    g_free(consumer);
}

static void
on_ready(void *role)
{
    gmq_consuming_begin(&((Consumer *)role)->consuming);
}

static void
on_delivered(void *role, const GmqBasicDeliver *deliver, const GmqClientContent *content)
{
    GmqReceipt receipt = {deliver->delivery_tag, deliver->routing_key, deliver->redelivered};

    gmq_hands_take(((Consumer *)role)->hands, &receipt, content);
}

static void
on_cancelled(void *role, GmqSlice consumer_tag)
{
    gmq_consuming_cancelled(&((Consumer *)role)->consuming, consumer_tag);
}

static void
on_lost(void *role)
{
    Consumer *consumer = role;

    gmq_consuming_end(&consumer->consuming);
    gmq_hands_lost(consumer->hands);
}

static void
on_died(void *role)
{
    Consumer *consumer = role;

    gmq_consuming_end(&consumer->consuming);
    gmq_hands_died(consumer->hands);
}

static bool
is_busy(const void *role)
{
    return gmq_hands_is_busy(((const Consumer *)role)->hands);
}

const GmqRoleClass gmq_consumer_class = {
    .make      = make,
    .free      = free_consumer,
    .ready     = on_ready,
    .lost      = on_lost,
    .died      = on_died,
    .delivered = on_delivered,
    .cancelled = on_cancelled,
    .is_busy   = is_busy,
};
