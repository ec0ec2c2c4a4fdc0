/* The exchange class: declare, delete, bind, unbind (AMQP.md 9, 10c). */
#include "core/amqp/channel.h"
#include "core/broker/name.h"

/* Whether there is such an exchange for this client to see. */
static const GmqExchange *
look(const GmqChannel *channel, GmqSlice name, GmqFault *fault)
{
    if (name.size > 0 && !gmq_channel_may_look(channel, name)) {
        gmq_channel_check_exchange(channel, GMQ_ACCESS_READ, name, fault);
        return NULL;
    }
    return gmq_vhost_check_exchange(channel->vhost, name, fault);
}

bool
gmq_on_exchange_declare(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    const GmqExchangeDeclare *declare = &method->exchange_declare;
    GmqExchangeSpec spec              = {.user           = channel->connection->session.user,
                                         .name           = declare->exchange,
                                         .type           = declare->type,
                                         .arguments      = declare->arguments,
                                         .is_durable     = declare->durable,
                                         .is_auto_delete = declare->auto_delete,
                                         .is_internal    = declare->internal};
    const GmqExchange *exchange       = NULL;

    if (declare->passive)
        exchange = look(channel, declare->exchange, fault);
    else
        exchange = gmq_vhost_declare_exchange(channel->vhost, &spec, fault);
    if (exchange == NULL)
        return false;
    if (!declare->nowait)
        gmq_channel_send(channel, &(GmqMethod){.id = GMQ_EXCHANGE_DECLARE_OK});
    return true;
}

/* Those that nobody may delete are refused as such (9.4). */
static bool
check_delete(const GmqChannel *channel, GmqSlice name, GmqFault *fault)
{
    char storage[GMQ_SHORTSTR_MAX];
    GmqSlice stripped = gmq_name_strip(name, storage);

    return stripped.size == 0 || gmq_slice_starts_with(stripped, GMQ_SLICE("amq.")) ||
           gmq_channel_check_exchange(channel, GMQ_ACCESS_CONFIGURE, stripped, fault);
}

bool
gmq_on_exchange_delete(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    const GmqExchangeDelete *delete_ = &method->exchange_delete;

    if (!check_delete(channel, delete_->exchange, fault) ||
        !gmq_vhost_delete_exchange(channel->vhost, delete_->exchange, delete_->if_unused, fault))
        return false;
    if (!delete_->nowait)
        gmq_channel_send(channel, &(GmqMethod){.id = GMQ_EXCHANGE_DELETE_OK});
    return true;
}

bool
gmq_on_exchange_bind(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    const GmqExchangeBind *bind = &method->exchange_bind;
    GmqBindingSpec spec         = {.user      = channel->connection->session.user,
                                   .source    = bind->source,
                                   .target    = bind->destination,
                                   .key       = bind->routing_key,
                                   .arguments = bind->arguments,
                                   .owner     = channel->connection};

    if (!gmq_vhost_bind(channel->vhost, &spec, fault))
        return false;
    if (!bind->nowait)
        gmq_channel_send(channel, &(GmqMethod){.id = GMQ_EXCHANGE_BIND_OK});
    return true;
}

bool
gmq_on_exchange_unbind(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    const GmqExchangeUnbind *unbind = &method->exchange_unbind;
    GmqBindingSpec spec             = {.user      = channel->connection->session.user,
                                       .source    = unbind->source,
                                       .target    = unbind->destination,
                                       .key       = unbind->routing_key,
                                       .arguments = unbind->arguments,
                                       .owner     = channel->connection};

    if (!gmq_vhost_unbind(channel->vhost, &spec, fault))
        return false;
    if (!unbind->nowait)
        gmq_channel_send(channel, &(GmqMethod){.id = GMQ_EXCHANGE_UNBIND_OK});
    return true;
}
