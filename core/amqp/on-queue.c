/* The queue class: declare, bind, unbind, purge, delete (AMQP.md 10a, 10c). */
#include "core/amqp/channel.h"
#include "core/amqp/reply-to.h"

static GmqQueue *
declare(GmqChannel *channel, const GmqQueueDeclare *declare, GmqFault *fault)
{
    GmqConnection *connection = channel->connection;
    GmqQueueSpec spec         = {.user           = connection->session.user,
                                 .name           = declare->queue,
                                 .arguments      = declare->arguments,
                                 .is_durable     = declare->durable,
                                 .is_exclusive   = declare->exclusive,
                                 .is_auto_delete = declare->auto_delete,
                                 .owner          = connection};

    if (declare->passive && !gmq_channel_may_look(channel, declare->queue)) {
        gmq_channel_check_queue(channel, GMQ_ACCESS_READ, declare->queue, fault);
        return NULL;
    }
    if (declare->passive)
        return gmq_vhost_check_queue(channel->vhost, declare->queue, connection, fault);

    GmqQueue *queue = gmq_vhost_declare_queue(channel->vhost, &spec, fault);
    if (queue != NULL && queue->is_exclusive)
        gmq_connection_own_queue(connection, queue);
    return queue;
}

static void
send_declare_ok(GmqChannel *channel, GmqSlice name, uint64_t message_count, uint32_t consumer_count)
{
    gmq_channel_send(channel,
                     &(GmqMethod){.id               = GMQ_QUEUE_DECLARE_OK,
                                  .queue_declare_ok = {.queue          = name,
                                                       .message_count  = (uint32_t)message_count,
                                                       .consumer_count = consumer_count}});
}

/* Somebody asks whether an address for answers is still in use (20.4). */
static bool
declare_reply_to(GmqChannel *channel, const GmqQueueDeclare *declare, GmqFault *fault)
{
    GmqSlice vhost = channel->vhost->name;

    if (!gmq_reply_to_exists(channel->connection->amqp, declare->queue))
        return gmq_fault_set(fault, GMQ_REPLY_NOT_FOUND, "no queue '%.*s' in vhost '%.*s'",
                             (int)declare->queue.size, declare->queue.data, (int)vhost.size,
                             vhost.data);
    gmq_channel_remember_queue(channel, declare->queue);
    if (!declare->nowait)
        send_declare_ok(channel, declare->queue, 0, 1);
    return true;
}

bool
gmq_on_queue_declare(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    const GmqQueueDeclare *declared = &method->queue_declare;

    if (gmq_reply_to_is_reserved(declared->queue))
        return declare_reply_to(channel, declared, fault);

    GmqQueue *queue = declare(channel, declared, fault);
    if (queue == NULL)
        return false;
    gmq_channel_remember_queue(channel, queue->name);
    if (declared->nowait)
        return true;
    gmq_queue_renew_lease(queue);
    send_declare_ok(channel, queue->name, gmq_queue_ready_count(queue), queue->consumers.length);
    return true;
}

/* An empty queue name is the last declared one, and with an empty key too the key is the queue's
 * name (10.1). */
static bool
read_binding(const GmqChannel *channel, GmqBindingSpec *spec, GmqFault *fault)
{
    bool is_last = spec->target.size == 0;

    if (!gmq_channel_queue_name(channel, &spec->target, fault))
        return false;
    if (is_last && spec->key.size == 0)
        spec->key = spec->target;
    return true;
}

bool
gmq_on_queue_bind(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    const GmqQueueBind *bind = &method->queue_bind;
    GmqBindingSpec spec      = {.user      = channel->connection->session.user,
                                .source    = bind->exchange,
                                .target    = bind->queue,
                                .to_queue  = true,
                                .key       = bind->routing_key,
                                .arguments = bind->arguments,
                                .owner     = channel->connection};

    if (!read_binding(channel, &spec, fault) || !gmq_vhost_bind(channel->vhost, &spec, fault))
        return false;
    if (!bind->nowait)
        gmq_channel_send(channel, &(GmqMethod){.id = GMQ_QUEUE_BIND_OK});
    return true;
}

bool
gmq_on_queue_unbind(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    const GmqQueueUnbind *unbind = &method->queue_unbind;
    GmqBindingSpec spec          = {.user      = channel->connection->session.user,
                                    .source    = unbind->exchange,
                                    .target    = unbind->queue,
                                    .to_queue  = true,
                                    .key       = unbind->routing_key,
                                    .arguments = unbind->arguments,
                                    .owner     = channel->connection};

    if (!read_binding(channel, &spec, fault) || !gmq_vhost_unbind(channel->vhost, &spec, fault))
        return false;
    gmq_channel_send(channel, &(GmqMethod){.id = GMQ_QUEUE_UNBIND_OK});
    return true;
}

bool
gmq_on_queue_purge(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    GmqSlice name = method->queue_purge.queue;

    if (!gmq_channel_queue_name(channel, &name, fault) ||
        !gmq_channel_check_queue(channel, GMQ_ACCESS_READ, name, fault))
        return false;
    GmqQueue *queue = gmq_vhost_need_queue(channel->vhost, name, channel->connection, fault);
    if (queue == NULL)
        return false;

    gmq_queue_catch_up(queue);
    uint64_t count = gmq_queue_purge(queue);
    if (!method->queue_purge.nowait)
        gmq_channel_send(channel,
                         &(GmqMethod){.id             = GMQ_QUEUE_PURGE_OK,
                                      .queue_purge_ok = {.message_count = (uint32_t)count}});
    return true;
}

bool
gmq_on_queue_delete(GmqChannel *channel, const GmqMethod *method, GmqFault *fault)
{
    const GmqQueueDelete *delete_ = &method->queue_delete;
    GmqSlice name                 = delete_->queue;
    uint64_t count;

    if (!gmq_channel_queue_name(channel, &name, fault) ||
        !gmq_channel_check_queue(channel, GMQ_ACCESS_CONFIGURE, name, fault) ||
        !gmq_vhost_delete_queue(channel->vhost, name, channel->connection, delete_->if_unused,
                                delete_->if_empty, &count, fault))
        return false;
    if (!delete_->nowait)
        gmq_channel_send(channel,
                         &(GmqMethod){.id              = GMQ_QUEUE_DELETE_OK,
                                      .queue_delete_ok = {.message_count = (uint32_t)count}});
    return true;
}
