/* Which function handles which method of a client, and the small ones of the channel class. */
#include "core/amqp/channel.h"
#include "core/amqp/tx.h"

/* The server never pauses a client this way and does not let itself be paused (7.4). */
static bool
on_flow(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    if (!method->channel_flow.active)
        return gmq_fault_set(fault, GMQ_REPLY_NOT_IMPLEMENTED, "active=false");
    gmq_channel_send(channel,
                     &(GmqMethod){.id = GMQ_CHANNEL_FLOW_OK, .channel_flow_ok = {.active = true}});
    return true;
}

/* Tickets are ignored everywhere (7.5). */
static bool
on_access_request(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    (void)method;
    (void)fault;
    gmq_channel_send(channel,
                     &(GmqMethod){.id = GMQ_ACCESS_REQUEST_OK, .access_request_ok = {.ticket = 1}});
    return true;
}

/* A client's answer to our basic.cancel is welcome and means nothing (14.9). */
static bool
on_cancel_ok(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    (void)channel;
    (void)method;
    (void)fault;
    return true;
}

static const GmqHandler handlers[GMQ_N_METHODS] = {
    [GMQ_CHANNEL_FLOW]        = on_flow,
    [GMQ_ACCESS_REQUEST]      = on_access_request,
    [GMQ_EXCHANGE_DECLARE]    = gmq_on_exchange_declare,
    [GMQ_EXCHANGE_DELETE]     = gmq_on_exchange_delete,
    [GMQ_EXCHANGE_BIND]       = gmq_on_exchange_bind,
    [GMQ_EXCHANGE_UNBIND]     = gmq_on_exchange_unbind,
    [GMQ_QUEUE_DECLARE]       = gmq_on_queue_declare,
    [GMQ_QUEUE_BIND]          = gmq_on_queue_bind,
    [GMQ_QUEUE_UNBIND]        = gmq_on_queue_unbind,
    [GMQ_QUEUE_PURGE]         = gmq_on_queue_purge,
    [GMQ_QUEUE_DELETE]        = gmq_on_queue_delete,
    [GMQ_BASIC_QOS]           = gmq_on_basic_qos,
    [GMQ_BASIC_CONSUME]       = gmq_on_basic_consume,
    [GMQ_BASIC_CANCEL]        = gmq_on_basic_cancel,
    [GMQ_BASIC_CANCEL_OK]     = on_cancel_ok,
    [GMQ_BASIC_PUBLISH]       = gmq_on_basic_publish,
    [GMQ_BASIC_GET]           = gmq_on_basic_get,
    [GMQ_BASIC_ACK]           = gmq_on_basic_ack,
    [GMQ_BASIC_NACK]          = gmq_on_basic_nack,
    [GMQ_BASIC_REJECT]        = gmq_on_basic_reject,
    [GMQ_BASIC_RECOVER]       = gmq_on_basic_recover,
    [GMQ_BASIC_RECOVER_ASYNC] = gmq_on_basic_recover_async,
    [GMQ_CONFIRM_SELECT]      = gmq_on_confirm_select,
    [GMQ_TX_SELECT]           = gmq_on_tx_select,
    [GMQ_TX_COMMIT]           = gmq_on_tx_commit,
    [GMQ_TX_ROLLBACK]         = gmq_on_tx_rollback,
};

GmqHandler
gmq_channel_handler(GmqMethodId id)
{
    return handlers[id];
}
