#include "core/amqp/channel.h"

#include "core/amqp/amqp-private.h"
#include "core/amqp/blocking.h"
#include "core/amqp/gate.h"
#include "core/amqp/reply-to.h"
#include "core/amqp/subscriber.h"
#include "core/amqp/tell.h"
#include "core/amqp/tx.h"
#include "core/base/site.h"
#include "core/wire/reader.h"

#define CLASS_CONNECTION 10
#define CLASS_EXCHANGE 40
#define CLASS_QUEUE 50
#define CLASS_TX 90

/* ---- the channels of a connection, by number ---- */

/* Where the number stands, or would stand. */
static unsigned
find_place(const GPtrArray *channels, uint16_t number)
{
    unsigned low  = 0;
    unsigned high = channels->len;

    while (low < high) {
        unsigned middle           = (low + high) / 2;
        const GmqChannel *channel = g_ptr_array_index(channels, middle);

        if (channel->number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

GmqChannel *
gmq_connection_find_channel(GmqConnection *connection, uint16_t number)
{
    if (connection->last_channel != NULL && connection->last_channel->number == number)
        return connection->last_channel;
    if (connection->channels == NULL)
        return NULL;

    unsigned place = find_place(connection->channels, number);
    GmqChannel *channel =
        place < connection->channels->len ? g_ptr_array_index(connection->channels, place) : NULL;
    if (channel == NULL || channel->number != number)
        return NULL;
    connection->last_channel = channel;
    return channel;
}

/* ---- life ---- */

static uint64_t
note_channel(const GmqChannel *channel, GmqEventKind kind, unsigned code, const char *how)
{
    GmqHost *host = channel->connection->host;

    if (gmq_host_is_unheard(host))
        return 0;
    return host->note(host, &(GmqEvent){.kind    = kind,
                                        .vhost   = gmq_connection_vhost_name(channel->connection),
                                        .who     = gmq_slice_of(channel->connection->name),
                                        .channel = channel->number,
                                        .count   = code,
                                        .text    = gmq_slice_of(how)});
}

static void
move(GmqChannel *channel, GmqChannelMove move)
{
    channel->state = gmq_channel_state_after(channel->state, move);
}

static void
open_channel(GmqConnection *connection, uint16_t number)
{
    GmqChannel *channel = g_new0(GmqChannel, 1);

    channel->connection = connection;
    channel->vhost      = connection->vhost;
    channel->number     = number;
    channel->next_tag   = 1;
    move(channel, GMQ_CHANNEL_MOVE_OPENED);
    channel->confirm_link.data = channel;
    gmq_unacked_init(&channel->unacked);
    if (connection->channels == NULL)
        connection->channels = g_ptr_array_new();
    g_ptr_array_insert(connection->channels, (int)find_place(connection->channels, number),
                       channel);
    note_channel(channel, GMQ_EVENT_CHANNEL_OPENED, 0, "");
    gmq_tell_channel_created(channel);
    gmq_channel_send(channel, &(GmqMethod){.id = GMQ_CHANNEL_OPEN_OK});
}

/* Gives back everything but the number: consumers first, so that nothing that is requeued comes
 * straight back. */
static void
release(GmqChannel *channel, uint64_t cause)
{
    GmqUnacked unacked;
    uint64_t tag;

    if (channel->state == GMQ_CHANNEL_STATE_OPEN)
        gmq_tell_channel_closed(channel);
    g_clear_pointer(&channel->tx, gmq_tx_free);
    gmq_reply_to_close(channel);
    while (channel->subscribers.length > 0)
        gmq_subscriber_cancel(channel->subscribers.head->data);
    while (gmq_unacked_take_oldest(&channel->unacked, UINT64_MAX, &unacked, &tag)) {
        unacked.entry.event = (uint32_t)cause;
        if (GMQ_BUG(channel->connection->host, CLOSE_FORGETS))
            gmq_queue_settle(unacked.queue, &unacked.entry);
        else
            gmq_queue_requeue(unacked.queue, &unacked.entry);
        gmq_queue_unref(unacked.queue);
        if (unacked.subscriber != NULL)
            gmq_subscriber_unref(unacked.subscriber);
    }
    if (channel->has_confirms)
        g_queue_unlink(&channel->connection->confirming, &channel->confirm_link);
    channel->has_confirms = false;
    g_clear_pointer(&channel->unsafe, gmq_unsafe_leave);
    if (channel->content != NULL)
        gmq_content_clear(channel->content);
}

void
gmq_channel_free(GmqChannel *channel, uint64_t cause)
{
    GmqConnection *connection = channel->connection;

    release(channel, cause);
    if (channel->state != GMQ_CHANNEL_STATE_CLOSED)
        move(channel, GMQ_CHANNEL_MOVE_LEFT);
    if (connection->last_channel == channel)
        connection->last_channel = NULL;
    gmq_session_drop_channel(&connection->session);
    g_ptr_array_remove(connection->channels, channel);
    gmq_unacked_clear(&channel->unacked);
    g_clear_pointer(&channel->cache, gmq_publish_cache_free);
    g_clear_pointer(&channel->tags, g_hash_table_unref);
    g_free(channel->content);
    g_free((void *)channel->last_queue.data);
    g_free(channel);
}

void
gmq_channel_send(GmqChannel *channel, const GmqMethod *method)
{
    gmq_connection_send(channel->connection, channel->number, method);
}

/* Publishes before the one that failed are confirmed (11.12). */
static void
close_channel(GmqChannel *channel, const GmqFault *fault)
{
    gmq_channel_send_confirms(channel);
    release(channel, note_channel(channel, GMQ_EVENT_CHANNEL_CLOSED, fault->code, fault->text));
    move(channel, GMQ_CHANNEL_MOVE_FAILED);
    gmq_channel_send(channel,
                     &(GmqMethod){.id            = GMQ_CHANNEL_CLOSE,
                                  .channel_close = {.reply_code = (uint16_t)fault->code,
                                                    .reply_text = gmq_slice_of(fault->text),
                                                    .class_id   = fault->class_id,
                                                    .method_id  = fault->method_id}});
}

void
gmq_channel_fail(GmqChannel *channel, const GmqFault *fault)
{
    if (gmq_reply_is_soft(fault->code))
        close_channel(channel, fault);
    else
        gmq_connection_fail(channel->connection, fault);
}

GmqTraced
gmq_channel_traced(const GmqChannel *channel)
{
    const GmqConnection *connection = channel->connection;
    const char *peer_name           = connection->peer_name;

    return (GmqTraced){.connection = gmq_slice_of(peer_name == NULL ? connection->name : peer_name),
                       .user       = gmq_slice_of(connection->user),
                       .channel    = channel->number};
}

/* ---- permissions ---- */

bool
gmq_channel_may_look(const GmqChannel *channel, GmqSlice name)
{
    const GmqUser *user = channel->connection->session.user;

    if (!gmq_broker_profile(channel->connection->broker)->checks_passive_declare)
        return true;
    for (GmqAccess access = 0; access < GMQ_N_ACCESSES; access++) {
        if (gmq_user_may(user, channel->vhost, access, name))
            return true;
    }
    return false;
}

/* ---- the last declared queue ---- */

void
gmq_channel_remember_queue(GmqChannel *channel, GmqSlice name)
{
    g_free((void *)channel->last_queue.data);
    channel->last_queue = (GmqSlice){(uint8_t *)gmq_slice_dup(name), name.size};
}

bool
gmq_channel_queue_name(const GmqChannel *channel, GmqSlice *name, GmqFault *fault)
{
    if (name->size > 0)
        return true;
    if (channel->last_queue.data == NULL)
        return gmq_fault_set(fault, GMQ_REPLY_NOT_FOUND, "no previously declared queue");
    *name = channel->last_queue;
    return true;
}

/* ---- frames ---- */

static void
set_ids(GmqFault *fault, const GmqMethod *method)
{
    fault->class_id  = gmq_method_info(method->id)->class_id;
    fault->method_id = gmq_method_info(method->id)->method_id;
}

/* A channel that is not open takes only channel.open (7.1). */
static void
on_unknown_channel(GmqConnection *connection, const GmqFrame *frame)
{
    unsigned open_count = connection->channels == NULL ? 0 : connection->channels->len;
    GmqMethod method;
    GmqFault fault = {0};

    if (frame->type != GMQ_FRAME_METHOD) {
        gmq_fault_set(&fault, GMQ_REPLY_UNEXPECTED_FRAME, "content on a channel that is not open");
    } else if (gmq_method_decode(frame->payload, &method, &fault)) {
        set_ids(&fault, &method);
        if (method.id != GMQ_CHANNEL_OPEN)
            gmq_fault_set(&fault, GMQ_REPLY_CHANNEL_ERROR, "expected 'channel.open'");
        else if (connection->channel_max != 0 && open_count >= connection->channel_max)
            gmq_fault_set(&fault, GMQ_REPLY_NOT_ALLOWED,
                          "number of channels opened (%u) has reached the negotiated channel_max "
                          "(%u)",
                          open_count, connection->channel_max);
        else if (!gmq_session_add_channel(&connection->session, &fault))
            fault.class_id = fault.method_id = 0;
    }
    if (fault.code == 0)
        open_channel(connection, frame->channel);
    else
        gmq_connection_fail(connection, &fault);
}

/* While our close is out everything is discarded but the other side's close and close-ok (7.3). */
static void
on_closing_channel(GmqChannel *channel, const GmqFrame *frame)
{
    GmqMethod method;
    GmqFault fault = {0};

    if (frame->type != GMQ_FRAME_METHOD || !gmq_method_decode(frame->payload, &method, &fault))
        return;
    if (method.id == GMQ_CHANNEL_CLOSE)
        gmq_channel_send(channel, &(GmqMethod){.id = GMQ_CHANNEL_CLOSE_OK});
    if (method.id != GMQ_CHANNEL_CLOSE_OK)
        return;
    move(channel, GMQ_CHANNEL_MOVE_ANSWERED);
    gmq_channel_free(channel, 0);
}

static void
on_close(GmqChannel *channel, const GmqMethod *method)
{
    uint64_t cause = note_channel(channel, GMQ_EVENT_CHANNEL_CLOSED,
                                  method->channel_close.reply_code, "closed by client");

    release(channel, cause);
    move(channel, GMQ_CHANNEL_MOVE_SAID_GOODBYE);
    gmq_channel_send(channel, &(GmqMethod){.id = GMQ_CHANNEL_CLOSE_OK});
    gmq_channel_free(channel, cause);
}

/* A method that no client may send here, or that is not there yet. */
static bool
refuse_method(const GmqMethod *method, GmqFault *fault)
{
    const GmqMethodInfo *info = gmq_method_info(method->id);

    if (info->class_id == CLASS_CONNECTION)
        return gmq_fault_set(fault, GMQ_REPLY_COMMAND_INVALID, "%s belongs on channel 0",
                             info->name);
    if (info->class_id == CLASS_TX)
        return gmq_fault_set(fault, GMQ_REPLY_NOT_IMPLEMENTED, "%s is not implemented", info->name);
    if (method->id == GMQ_CHANNEL_OPEN)
        return gmq_fault_set(fault, GMQ_REPLY_CHANNEL_ERROR, "second 'channel.open' seen");
    return gmq_fault_set(fault, GMQ_REPLY_COMMAND_INVALID, "%s is not expected here", info->name);
}

/* Who hears that something is there may rely on it, even if somebody else has made it just now. */
static bool
is_about_topology(const GmqMethod *method)
{
    uint16_t class_id = gmq_method_info(method->id)->class_id;

    return class_id == CLASS_EXCHANGE || class_id == CLASS_QUEUE;
}

static void
on_method(GmqChannel *channel, GmqSlice payload)
{
    GmqMethod method;
    GmqFault fault;

    gmq_fault_init(&fault, 0, 0);
    if (channel->content != NULL && channel->content->is_open) {
        gmq_fault_init(&fault, 60, 40); /* the publish that lacks it (1.3) */
        gmq_fault_set(&fault, GMQ_REPLY_UNEXPECTED_FRAME, "expected content, got a method");
        gmq_connection_fail(channel->connection, &fault);
        return;
    }
    if (!gmq_method_decode(payload, &method, &fault)) {
        gmq_connection_fail(channel->connection, &fault);
        return;
    }
    if (method.id == GMQ_CHANNEL_CLOSE) {
        on_close(channel, &method);
        return;
    }
    GmqHandler handler = gmq_channel_handler(method.id);
    if (handler != NULL ? handler(channel, &method, &fault) : refuse_method(&method, &fault)) {
        if (is_about_topology(&method))
            gmq_connection_await_definitions(channel->connection);
        return;
    }
    set_ids(&fault, &method);
    gmq_channel_fail(channel, &fault);
}

void
gmq_connection_on_channel_frame(GmqConnection *connection, const GmqFrame *frame)
{
    GmqChannel *channel = gmq_connection_find_channel(connection, frame->channel);
    GmqFault fault;

    gmq_fault_init(&fault, 60, 40);
    if (channel == NULL)
        on_unknown_channel(connection, frame);
    else if (channel->state == GMQ_CHANNEL_STATE_CLOSING)
        on_closing_channel(channel, frame);
    else if (frame->type != GMQ_FRAME_METHOD) {
        if (connection->amqp->alarms != 0)
            gmq_connection_hold_frame(connection, frame);
        else if (!gmq_channel_on_content_frame(channel, frame, &fault))
            gmq_channel_fail(channel, &fault);
    } else if (!gmq_channel_publish_known(channel, frame))
        on_method(channel, frame->payload);
}
