#include "core/amqp/reply-to.h"

#include "core/amqp/amqp-private.h"
#include "core/broker/random-name.h"
#include "core/wire/properties.h"

#define QUEUE "amq.rabbitmq.reply-to"

struct GmqReplyTo {
    GmqSlice address; /* QUEUE "." and a random name; owned */
    GmqSlice tag;     /* owned */
    GmqChannel *channel;
};

bool
gmq_reply_to_is_queue(GmqSlice name)
{
    return gmq_slice_equal(name, GMQ_SLICE(QUEUE));
}

bool
gmq_reply_to_is_reserved(GmqSlice name)
{
    return gmq_slice_starts_with(name, GMQ_SLICE(QUEUE));
}

bool
gmq_reply_to_is_address(GmqSlice name)
{
    return gmq_slice_starts_with(name, GMQ_SLICE(QUEUE "."));
}

static const GmqReplyTo *
find(const GmqAmqp *amqp, GmqSlice address)
{
    return g_hash_table_lookup(amqp->reply_tos, &address);
}

bool
gmq_reply_to_exists(const GmqAmqp *amqp, GmqSlice name)
{
    return gmq_reply_to_is_queue(name) || find(amqp, name) != NULL;
}

bool
gmq_reply_to_open(GmqChannel *channel, GmqSlice tag, bool is_no_ack, GmqFault *fault)
{
    GmqAmqp *amqp = channel->connection->amqp;
    char random[GMQ_RANDOM_NAME_SIZE];

    if (!is_no_ack)
        return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                             "reply consumer cannot acknowledge");
    if (channel->reply_to != NULL)
        return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED, "reply consumer already set");

    GmqReplyTo *reply_to = g_new0(GmqReplyTo, 1);
    GmqSlice name        = gmq_random_name(channel->connection->host, "", random);
    char *address        = g_strdup_printf(QUEUE ".%.*s", (int)name.size, name.data);

    reply_to->channel = channel;
    reply_to->tag     = gmq_slice_own(tag);
    reply_to->address = gmq_slice_of(address);
    channel->reply_to = reply_to;
    g_hash_table_insert(amqp->reply_tos, &reply_to->address, reply_to);
    return true;
}

void
gmq_reply_to_close(GmqChannel *channel)
{
    GmqReplyTo *reply_to = g_steal_pointer(&channel->reply_to);

    if (reply_to == NULL)
        return;
    g_hash_table_remove(channel->connection->amqp->reply_tos, &reply_to->address);
    g_free((void *)reply_to->address.data);
    g_free((void *)reply_to->tag.data);
    g_free(reply_to);
}

bool
gmq_reply_to_has_tag(const GmqChannel *channel, GmqSlice tag)
{
    return channel->reply_to != NULL && gmq_slice_equal(channel->reply_to->tag, tag);
}

GmqMessage *
gmq_reply_to_take_request(const GmqChannel *channel, GmqMessage *message, GmqFault *fault)
{
    g_auto(GmqBuffer) header = {0};
    GmqProperties properties;

    if ((message->flags & GMQ_PROPERTY_BIT(GMQ_PROPERTY_REPLY_TO)) == 0)
        return message;
    if (!gmq_properties_decode(gmq_message_header(message), &properties, fault))
        return NULL;
    if (!gmq_reply_to_is_queue(properties.reply_to))
        return message;
    if (channel->reply_to == NULL) {
        gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED, "fast reply consumer does not exist");
        return NULL;
    }
    properties.reply_to = channel->reply_to->address;
    gmq_properties_encode(&properties, message->body_size, &header);

    GmqMessage *request = gmq_message_copy(message, gmq_message_exchange(message),
                                           gmq_message_key(message), gmq_buffer_slice(&header));
    gmq_message_unref(message);
    return request;
}

void
gmq_reply_to_deliver(GmqAmqp *amqp, GmqSlice address, GmqMessage *message)
{
    const GmqReplyTo *reply_to = find(amqp, address);
    GmqEntry entry             = {.message = message};

    if (reply_to == NULL)
        return;

    GmqChannel *channel = reply_to->channel;
    GmqHost *host       = channel->connection->host;
    uint64_t tag        = channel->next_tag++;

    gmq_channel_send_delivery(channel, reply_to->tag, tag, &entry);
    if (gmq_host_is_unheard(host)) {
        host->unheard++;
        return;
    }

    GmqEvent event = {.kind    = GMQ_EVENT_DELIVERED,
                      .vhost   = &channel->vhost->name,
                      .cause   = message->event,
                      .who     = GMQ_SLICE(QUEUE),
                      .to      = gmq_slice_of(channel->connection->name),
                      .message = message->number,
                      .tag     = tag,
                      .channel = channel->number,
                      .text    = reply_to->tag};
    event.cause    = host->note(host, &event);
    event.kind     = GMQ_EVENT_SETTLED_UNSEEN;
    host->note(host, &event);
}
