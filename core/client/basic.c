/* What comes of class basic on a channel: messages, confirms, and the life of consumers. */
#include "core/client/inside.h"

static bool
take_answer(GmqClientChannel *channel, const GmqMethod *method, GmqSlice *tag, GmqFault *fault)
{
    return gmq_client_due_take(&channel->due, method->id, channel->number, tag, fault);
}

/* Checks the answer's tag against the one asked for, which may be empty: then the server names the
 * consumer. */
static bool
tag_fits(GmqSlice asked, GmqSlice answered, const GmqClientChannel *channel, GmqFault *fault)
{
    if (asked.size == 0 || gmq_slice_equal(asked, answered))
        return true;
    return gmq_fault_set(fault, GMQ_REPLY_COMMAND_INVALID,
                         "channel %u: an answer for consumer '%.*s' where '%.*s' is due",
                         channel->number, (int)answered.size, (const char *)answered.data,
                         (int)asked.size, (const char *)asked.data);
}

static bool
on_consume_ok(GmqClient *client, GmqClientChannel *channel, const GmqMethod *method,
              GmqFault *fault)
{
    GmqSlice tag = method->basic_consume_ok.consumer_tag;
    GmqSlice asked;

    if (!take_answer(channel, method, &asked, fault))
        return false;
    bool fits = tag_fits(asked, tag, channel, fault);
    g_free((gpointer)asked.data);
    if (!fits)
        return false;

    if (channel->tags == NULL)
        channel->tags = gmq_client_tags_new();
    if (!gmq_client_tags_add(channel->tags, tag) && !channel->has_lingering)
        return gmq_fault_set(fault, GMQ_REPLY_NOT_ALLOWED,
                             "channel %u: consumer '%.*s' a second time", channel->number,
                             (int)tag.size, (const char *)tag.data);
    gmq_client_tell_replied(client, channel, method);
    return true;
}

/* The consumer may be gone already: the server's cancel and ours can cross (AMQP.md 14.9). */
static bool
on_cancel_ok(GmqClient *client, GmqClientChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    GmqSlice tag = method->basic_cancel_ok.consumer_tag;
    GmqSlice asked;

    if (!take_answer(channel, method, &asked, fault))
        return false;
    bool fits = tag_fits(asked, tag, channel, fault);
    g_free((gpointer)asked.data);
    if (!fits)
        return false;

    if (channel->tags != NULL)
        gmq_client_tags_remove(channel->tags, tag);
    gmq_client_tell_replied(client, channel, method);
    return true;
}

static bool
on_cancel(GmqClient *client, GmqClientChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    GmqSlice tag = method->basic_cancel.consumer_tag;

    if ((client->config.capabilities & GMQ_CLIENT_CONSUMER_CANCEL_NOTIFY) == 0)
        return gmq_fault_set(fault, GMQ_REPLY_COMMAND_INVALID,
                             "basic.cancel, which was not asked for");
    if (channel->tags == NULL || !gmq_client_tags_remove(channel->tags, tag))
        return gmq_fault_set(fault, GMQ_REPLY_COMMAND_INVALID,
                             "basic.cancel of '%.*s' on channel %u, which is no consumer",
                             (int)tag.size, (const char *)tag.data, channel->number);
    if (!gmq_client_is_telling(client, channel))
        return true;

    if (!method->basic_cancel.nowait)
        gmq_method_add_frame(
            &(GmqMethod){GMQ_BASIC_CANCEL_OK, .basic_cancel_ok = {.consumer_tag = tag}},
            channel->number, &client->output);
    if (client->events->cancelled != NULL)
        client->events->cancelled(client->user, channel->number, tag);
    return true;
}

/* Delivery tags count from 1 on each channel, for deliver and get-ok alike (AMQP.md 14.6). */
static bool
count_delivery(GmqClientChannel *channel, uint64_t tag, GmqFault *fault)
{
    if (tag != channel->delivered + 1)
        return gmq_fault_set(fault, GMQ_REPLY_COMMAND_INVALID,
                             "channel %u: delivery tag %" G_GUINT64_FORMAT
                             " after %" G_GUINT64_FORMAT,
                             channel->number, tag, channel->delivered);
    channel->delivered = tag;
    return true;
}

static bool
on_deliver(G_GNUC_UNUSED GmqClient *client, GmqClientChannel *channel, const GmqMethod *method,
           GmqFault *fault)
{
    GmqSlice tag = method->basic_deliver.consumer_tag;

    if (channel->tags == NULL || !gmq_client_tags_has(channel->tags, tag))
        return gmq_fault_set(fault, GMQ_REPLY_COMMAND_INVALID,
                             "basic.deliver to '%.*s' on channel %u, which is no consumer",
                             (int)tag.size, (const char *)tag.data, channel->number);
    return count_delivery(channel, method->basic_deliver.delivery_tag, fault);
}

static bool
on_get_ok(G_GNUC_UNUSED GmqClient *client, GmqClientChannel *channel, const GmqMethod *method,
          GmqFault *fault)
{
    return take_answer(channel, method, NULL, fault) &&
           count_delivery(channel, method->basic_get_ok.delivery_tag, fault);
}

static bool
on_get_empty(GmqClient *client, GmqClientChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    if (!take_answer(channel, method, NULL, fault))
        return false;
    if (client->events->get_empty != NULL && gmq_client_is_telling(client, channel))
        client->events->get_empty(client->user, channel->number);
    return true;
}

static bool
on_return(G_GNUC_UNUSED GmqClient *client, GmqClientChannel *channel,
          G_GNUC_UNUSED const GmqMethod *method, GmqFault *fault)
{
    if (channel->mandatory == 0)
        return gmq_fault_set(fault, GMQ_REPLY_COMMAND_INVALID,
                             "basic.return on channel %u, where nothing mandatory was published",
                             channel->number);
    channel->mandatory--;
    return true;
}

/* With multiple, 0 stands for all so far. */
static bool
take_confirm(GmqClient *client, GmqClientChannel *channel, uint64_t number, bool multiple, bool ack,
             GmqFault *fault)
{
    if (!channel->confirming)
        return gmq_fault_set(fault, GMQ_REPLY_COMMAND_INVALID,
                             "a confirm on channel %u, which is not in confirm mode",
                             channel->number);
    if (number > channel->published || (number == 0 && !multiple))
        return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                             "channel %u: confirm of %" G_GUINT64_FORMAT
                             ", where %" G_GUINT64_FORMAT " were published",
                             channel->number, number, channel->published);
    if (client->events->confirmed != NULL && gmq_client_is_telling(client, channel))
        client->events->confirmed(client->user, channel->number, number, multiple, ack);
    return true;
}

static bool
on_ack(GmqClient *client, GmqClientChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    return take_confirm(client, channel, method->basic_ack.delivery_tag, method->basic_ack.multiple,
                        true, fault);
}

static bool
on_nack(GmqClient *client, GmqClientChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    return take_confirm(client, channel, method->basic_nack.delivery_tag,
                        method->basic_nack.multiple, false, fault);
}

static const GmqClientHandler handlers[GMQ_N_METHODS] = {
    [GMQ_BASIC_QOS_OK]     = gmq_client_on_answer,
    [GMQ_BASIC_CONSUME_OK] = on_consume_ok,
    [GMQ_BASIC_CANCEL]     = on_cancel,
    [GMQ_BASIC_CANCEL_OK]  = on_cancel_ok,
    [GMQ_BASIC_RETURN]     = on_return,
    [GMQ_BASIC_DELIVER]    = on_deliver,
    [GMQ_BASIC_GET_OK]     = on_get_ok,
    [GMQ_BASIC_GET_EMPTY]  = on_get_empty,
    [GMQ_BASIC_ACK]        = on_ack,
    [GMQ_BASIC_RECOVER_OK] = gmq_client_on_answer,
    [GMQ_BASIC_NACK]       = on_nack,
};

GmqClientHandler
gmq_client_basic_handler(GmqMethodId id)
{
    return handlers[id];
}
