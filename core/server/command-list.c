/* Listings: which columns there are, and where their rows come from. Names as in rabbitmqctl. */
#include "core/amqp/snapshot.h"
#include "core/server/columns.h"
#include "core/server/commands.h"

/* ---- connections, channels, consumers ---- */

const GmqColumn gmq_connection_columns[] = {
    TEXT("name", GmqConnectionView, name, true),
    TEXT("user", GmqConnectionView, user, true),
    TEXT("vhost", GmqConnectionView, vhost, true),
    TEXT("state", GmqConnectionView, state, true),
    COUNT("channels", GmqConnectionView, channels, true),
    TEXT("user_provided_name", GmqConnectionView, client_name, false),
    TEXT("protocol", GmqConnectionView, protocol, false),
    COUNT("channel_max", GmqConnectionView, channel_max, false),
    COUNT("frame_max", GmqConnectionView, frame_max, false),
    COUNT("timeout", GmqConnectionView, heartbeat_s, false),
    COUNT("send_pend", GmqConnectionView, output_bytes, false),
    GMQ_COLUMNS_END,
};

const GmqColumn gmq_channel_columns[] = {
    TEXT("connection", GmqChannelView, connection, true),
    COUNT("number", GmqChannelView, number, true),
    TEXT("user", GmqChannelView, user, true),
    TEXT("vhost", GmqChannelView, vhost, false),
    COUNT("consumer_count", GmqChannelView, consumers, true),
    COUNT("messages_unacknowledged", GmqChannelView, unacked, true),
    COUNT("messages_unconfirmed", GmqChannelView, unconfirmed, false),
    COUNT("prefetch_count", GmqChannelView, prefetch, false),
    COUNT("global_prefetch_count", GmqChannelView, shared_prefetch, false),
    BOOL("confirm", GmqChannelView, is_confirming, false),
    BOOL("transactional", GmqChannelView, is_transactional, false),
    GMQ_COLUMNS_END,
};

const GmqColumn gmq_consumer_columns[] = {
    TEXT("queue_name", GmqConsumerView, queue, true),
    TEXT("connection", GmqConsumerView, connection, true),
    COUNT("channel", GmqConsumerView, channel, true),
    TEXT("consumer_tag", GmqConsumerView, tag, true),
    BOOL("ack_required", GmqConsumerView, is_ack_required, true),
    COUNT("prefetch_count", GmqConsumerView, prefetch, true),
    BOOL("active", GmqConsumerView, is_active, true),
    BOOL("exclusive", GmqConsumerView, is_exclusive, false),
    INTEGER("priority", GmqConsumerView, priority, false),
    COUNT("messages_unacknowledged", GmqConsumerView, unacked, false),
    TEXT("vhost", GmqConsumerView, vhost, false),
    GMQ_COLUMNS_END,
};

GmqSnapshot *
gmq_look_at_connections(const GmqServing *serving, GmqSlice vhost)
{
    (void)vhost;
    return gmq_snapshot_connections(serving->amqp);
}

GmqSnapshot *
gmq_look_at_channels(const GmqServing *serving, GmqSlice vhost)
{
    (void)vhost;
    return gmq_snapshot_channels(serving->amqp);
}

GmqSnapshot *
gmq_look_at_consumers(const GmqServing *serving, GmqSlice vhost)
{
    return gmq_snapshot_consumers(serving->amqp, vhost);
}

/* ---- exchanges, queues, bindings, virtual hosts ---- */

const GmqColumn gmq_exchange_columns[] = {
    TEXT("name", GmqExchangeView, name, true),
    TEXT("type", GmqExchangeView, type, true),
    BOOL("durable", GmqExchangeView, is_durable, false),
    BOOL("auto_delete", GmqExchangeView, is_auto_delete, false),
    BOOL("internal", GmqExchangeView, is_internal, false),
    TABLE("arguments", GmqExchangeView, arguments, false),
    TEXT("policy", GmqExchangeView, policy, false),
    TEXT("vhost", GmqExchangeView, vhost, false),
    GMQ_COLUMNS_END,
};

const GmqColumn gmq_queue_columns[] = {
    TEXT("name", GmqQueueView, name, true),
    COUNT("messages", GmqQueueView, messages, true),
    COUNT("messages_ready", GmqQueueView, ready, false),
    COUNT("messages_unacknowledged", GmqQueueView, unacked, false),
    COUNT("message_bytes_ready", GmqQueueView, message_bytes, false),
    COUNT("consumers", GmqQueueView, consumers, false),
    BOOL("durable", GmqQueueView, is_durable, false),
    BOOL("auto_delete", GmqQueueView, is_auto_delete, false),
    BOOL("exclusive", GmqQueueView, is_exclusive, false),
    TABLE("arguments", GmqQueueView, arguments, false),
    TEXT("policy", GmqQueueView, policy, false),
    TEXT("operator_policy", GmqQueueView, operator_policy, false),
    TEXT("state", GmqQueueView, state, false),
    TEXT("vhost", GmqQueueView, vhost, false),
    GMQ_COLUMNS_END,
};

const GmqColumn gmq_binding_columns[] = {
    TEXT("source_name", GmqBindingView, source, true),
    TEXT("source_kind", GmqBindingView, source_kind, true),
    TEXT("destination_name", GmqBindingView, target, true),
    TEXT("destination_kind", GmqBindingView, target_kind, true),
    TEXT("routing_key", GmqBindingView, key, true),
    TABLE("arguments", GmqBindingView, arguments, true),
    TEXT("vhost", GmqBindingView, vhost, false),
    GMQ_COLUMNS_END,
};

const GmqColumn gmq_vhost_columns[] = {
    TEXT("name", GmqVhostView, name, true),
    TEXT("description", GmqVhostView, description, false),
    ARRAY("tags", GmqVhostView, tags, false),
    BOOL("tracing", GmqVhostView, is_tracing, false),
    COUNT("queues", GmqVhostView, queues, false),
    COUNT("exchanges", GmqVhostView, exchanges, false),
    COUNT("messages", GmqVhostView, messages, false),
    GMQ_COLUMNS_END,
};

GmqSnapshot *
gmq_look_at_exchanges(const GmqServing *serving, GmqSlice vhost)
{
    return gmq_snapshot_exchanges(serving->broker, vhost);
}

GmqSnapshot *
gmq_look_at_queues(const GmqServing *serving, GmqSlice vhost)
{
    return gmq_snapshot_queues(serving->broker, vhost);
}

GmqSnapshot *
gmq_look_at_bindings(const GmqServing *serving, GmqSlice vhost)
{
    return gmq_snapshot_bindings(serving->broker, vhost);
}

GmqSnapshot *
gmq_look_at_vhosts(const GmqServing *serving, GmqSlice vhost)
{
    (void)vhost;
    return gmq_snapshot_vhosts(serving->broker);
}
