#include "core/amqp/ack-timeout.h"

#include "core/amqp/amqp-private.h"
#include "core/amqp/subscriber.h"

void
gmq_subscriber_set_timeout(GmqSubscriber *subscriber, int64_t timeout_ms)
{
    subscriber->timeout_ms               = timeout_ms;
    subscriber->channel->has_own_timeout = true;
}

static int64_t
timeout_of(const GmqAmqp *amqp, const GmqUnacked *unacked)
{
    return unacked->subscriber != NULL ? unacked->subscriber->timeout_ms
                                       : amqp->config.ack_timeout_ms;
}

static bool
is_overdue(const GmqAmqp *amqp, const GmqUnacked *unacked)
{
    int64_t timeout_ms = timeout_of(amqp, unacked);
    int64_t looks      = amqp->ack_looks - unacked->look - INT64_C(1);

    return timeout_ms != 0 && looks * GMQ_ACK_LOOK_MS >= timeout_ms;
}

/* With one timeout for all it is enough to look at the oldest delivery. */
static const GmqUnacked *
find_overdue(const GmqAmqp *amqp, const GmqChannel *channel)
{
    const GmqUnacked *unacked;
    uint64_t tag = 0;

    while ((unacked = gmq_unacked_peek(&channel->unacked, tag + 1, &tag)) != NULL) {
        if (is_overdue(amqp, unacked))
            return unacked;
        if (!channel->has_own_timeout)
            return NULL;
    }
    return NULL;
}

/* What is late belongs to no method (1.3). Returns whether anything is still out. */
static bool
check_channel(const GmqAmqp *amqp, GmqChannel *channel)
{
    const GmqUnacked *overdue = find_overdue(amqp, channel);
    GmqFault fault            = {0};

    if (overdue == NULL)
        return channel->unacked.count > 0;
    gmq_fault_set(&fault, GMQ_REPLY_PRECONDITION_FAILED,
                  "delivery acknowledgement on channel %u timed out. Timeout value used: "
                  "%" G_GINT64_FORMAT " ms. This timeout value can be configured, see consumers "
                  "doc guide to learn more",
                  channel->number, timeout_of(amqp, overdue));
    gmq_channel_fail(channel, &fault);
    return false;
}

static void
on_look(GmqTimer *timer)
{
    GmqAmqp *amqp = (GmqAmqp *)((char *)timer - offsetof(GmqAmqp, ack_look));

    bool is_any_out = false;

    amqp->ack_looks++;
    for (GList *link = amqp->connections.head; link != NULL; link = link->next) {
        const GPtrArray *channels = ((const GmqConnection *)link->data)->channels;

        for (unsigned i = 0; channels != NULL && i < channels->len; i++)
            is_any_out |= check_channel(amqp, g_ptr_array_index(channels, i));
    }
    if (is_any_out)
        gmq_amqp_look_for_acks(amqp);
}

void
gmq_amqp_init_ack_timeout(GmqAmqp *amqp)
{
    amqp->ack_look.fire = on_look;
}

void
gmq_amqp_look_for_acks(GmqAmqp *amqp)
{
    GmqTimers *timers = gmq_broker_timers(amqp->broker);

    if (amqp->ack_look.place == 0)
        gmq_timer_start(timers, &amqp->ack_look,
                        amqp->host->now(amqp->host) + GMQ_ACK_LOOK_MS * INT64_C(1000000));
}
