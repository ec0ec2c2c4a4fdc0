#include "core/amqp/tell.h"

#include "core/broker/consumer.h"
#include "core/broker/notice.h"
#include "core/broker/queue.h"

static void
add_text(GmqNotice *notice, const char *name, const char *text)
{
    gmq_table_add_text(&notice->headers, name, gmq_slice_of(text));
}

/* The peer's name, and the one that the client has given itself. */
static void
add_names(GmqNotice *notice, const GmqConnection *connection, const char *name)
{
    bool has_given = connection->peer_name != NULL;

    add_text(notice, name, has_given ? connection->peer_name : connection->name);
    if (has_given)
        add_text(notice, "user_provided_name", connection->name);
}

/* ---- connections ---- */

void
gmq_tell_connection_created(const GmqConnection *connection)
{
    GmqNotice notice;

    if (!gmq_notice_begin(&notice, connection->broker, "connection.created"))
        return;
    add_names(&notice, connection, "name");
    add_text(&notice, "user", connection->user);
    gmq_table_add_text(&notice.headers, "vhost", connection->vhost->name);
    add_text(&notice, "protocol", "AMQP 0-9-1");
    gmq_table_add_int(&notice.headers, "channel_max", connection->channel_max);
    gmq_table_add_int(&notice.headers, "frame_max", connection->frame_max);
    gmq_table_add_int(&notice.headers, "timeout", connection->heartbeat_s);
    gmq_notice_send(&notice);
}

void
gmq_tell_connection_closed(const GmqConnection *connection)
{
    GmqNotice notice;

    if (!gmq_notice_begin(&notice, connection->broker, "connection.closed"))
        return;
    add_names(&notice, connection, "name");
    gmq_notice_send(&notice);
}

void
gmq_tell_login(const GmqConnection *connection, GmqSlice user, bool is_accepted)
{
    GmqNotice notice;

    if (!gmq_notice_begin(&notice, connection->broker,
                          is_accepted ? "user.authentication.success"
                                      : "user.authentication.failure"))
        return;
    gmq_table_add_text(&notice.headers, "name", user);
    add_names(&notice, connection, "connection_name");
    gmq_notice_send(&notice);
}

/* ---- channels and consumers ---- */

static void
add_channel(GmqNotice *notice, const GmqChannel *channel)
{
    add_names(notice, channel->connection, "connection");
    gmq_table_add_int(&notice->headers, "number", channel->number);
    add_text(notice, "user", channel->connection->user);
    gmq_table_add_text(&notice->headers, "vhost", channel->vhost->name);
}

static void
tell_channel(const GmqChannel *channel, const char *key)
{
    GmqNotice notice;

    if (!gmq_notice_begin(&notice, channel->connection->broker, key))
        return;
    add_channel(&notice, channel);
    gmq_notice_send(&notice);
}

void
gmq_tell_channel_created(const GmqChannel *channel)
{
    tell_channel(channel, "channel.created");
}

void
gmq_tell_channel_closed(const GmqChannel *channel)
{
    tell_channel(channel, "channel.closed");
}

void
gmq_tell_consumer_created(const GmqChannel *channel, const GmqBasicConsume *consume,
                          const GmqConsumer *consumer)
{
    GmqNotice notice;

    if (!gmq_notice_begin(&notice, channel->connection->broker, "consumer.created"))
        return;
    gmq_table_add_text(&notice.headers, "consumer_tag", consumer->tag);
    gmq_table_add_text(&notice.headers, "queue", consumer->queue->name);
    add_channel(&notice, channel);
    gmq_table_add_bool(&notice.headers, "ack_required", !consume->no_ack);
    gmq_table_add_bool(&notice.headers, "exclusive", consume->exclusive);
    gmq_table_add_int(&notice.headers, "prefetch_count", consumer->prefetch);
    gmq_table_add_table(&notice.headers, "arguments", consume->arguments);
    gmq_notice_send(&notice);
}
