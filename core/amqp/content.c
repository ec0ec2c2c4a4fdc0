/* The content of a publish that comes in parts: header frame, then body frames (AMQP.md 4.3 to
 * 4.5). */
#include "core/amqp/channel.h"
#include "core/wire/properties.h"

void
gmq_content_clear(GmqContent *content)
{
    g_clear_pointer(&content->message, gmq_message_unref);
    content->is_open = false;
}

static GmqSlice
content_exchange(const GmqContent *content)
{
    return (GmqSlice){content->address, content->exchange_size};
}

static GmqSlice
content_key(const GmqContent *content)
{
    return (GmqSlice){content->address + content->exchange_size, content->key_size};
}

/* All of it is there: publish it. */
static bool
finish(GmqChannel *channel, GmqFault *fault)
{
    GmqContent *content = channel->content;
    GmqMessage *message = content->message;

    content->message = NULL;
    content->is_open = false;
    if (content->is_too_large)
        return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                             "message size %" G_GUINT64_FORMAT
                             " is larger than configured max size %" G_GUINT64_FORMAT,
                             content->size, channel->connection->message_size_max);
    return gmq_channel_publish(channel, message, content->is_mandatory, fault);
}

static bool
on_header(GmqChannel *channel, GmqSlice payload, GmqFault *fault)
{
    GmqContent *content = channel->content;
    uint64_t body_size;

    if (!gmq_content_header_check(payload, &body_size, fault))
        return false;
    content->has_header   = true;
    content->size         = body_size;
    content->left         = body_size;
    content->is_too_large = body_size > channel->connection->message_size_max;
    if (!content->is_too_large)
        content->message =
            gmq_message_new(content_exchange(content), content_key(content), payload, body_size);
    return body_size > 0 || finish(channel, fault);
}

/* Content that no publish has announced belongs to no method (1.3). */
static bool
check_open(const GmqContent *content, GmqFault *fault)
{
    if (content != NULL && content->is_open)
        return true;
    fault->class_id  = 0;
    fault->method_id = 0;
    return gmq_fault_set(fault, GMQ_REPLY_UNEXPECTED_FRAME, "expected a method, got content");
}

/* Whether a body frame of that size may come now. */
static bool
check_body(GmqContent *content, size_t size, GmqFault *fault)
{
    if (!check_open(content, fault))
        return false;
    if (!content->has_header)
        return gmq_fault_set(fault, GMQ_REPLY_UNEXPECTED_FRAME,
                             "expected a content header, got a body");
    if (size > content->left)
        return gmq_fault_set(fault, GMQ_REPLY_FRAME_ERROR,
                             "body of %zu bytes is longer than the %" G_GUINT64_FORMAT
                             " that are left",
                             size, content->left);
    content->left -= size;
    return true;
}

bool
gmq_channel_on_content_frame(GmqChannel *channel, const GmqFrame *frame, GmqFault *fault)
{
    GmqContent *content = channel->content;

    if (frame->type == GMQ_FRAME_HEADER) {
        if (!check_open(content, fault))
            return false;
        if (content->has_header)
            return gmq_fault_set(fault, GMQ_REPLY_UNEXPECTED_FRAME,
                                 "expected a body, got a content header");
        return on_header(channel, frame->payload, fault);
    }
    if (!check_body(content, frame->payload.size, fault))
        return false;
    gmq_channel_add_body(channel, frame->payload);
    return content->left > 0 || finish(channel, fault);
}

GmqChannel *
gmq_channel_begin_body(GmqConnection *connection, const GmqFrame *frame)
{
    GmqChannel *channel =
        frame->channel == 0 ? NULL : gmq_connection_find_channel(connection, frame->channel);
    GmqFault fault;

    gmq_fault_init(&fault, 0, 0);
    if (channel == NULL) {
        gmq_fault_set(&fault, GMQ_REPLY_UNEXPECTED_FRAME, "content on a channel that is not open");
        gmq_connection_fail(connection, &fault);
        return NULL;
    }
    if (channel->state == GMQ_CHANNEL_STATE_CLOSING)
        return NULL;
    fault.class_id  = 60;
    fault.method_id = 40;
    if (check_body(channel->content, frame->payload.size, &fault))
        return channel;
    gmq_channel_fail(channel, &fault);
    return NULL;
}

void
gmq_channel_add_body(GmqChannel *channel, GmqSlice bytes)
{
    if (channel->content->message != NULL)
        gmq_message_add_body(&channel->content->message, bytes);
}

/* The channel may have been closed while its body came. */
void
gmq_channel_finish_body(GmqChannel *channel)
{
    GmqFault fault;

    gmq_fault_init(&fault, 60, 40);
    if (channel->state != GMQ_CHANNEL_STATE_OPEN)
        return;
    if (channel->content->left == 0 && !finish(channel, &fault))
        gmq_channel_fail(channel, &fault);
}

uint8_t *
gmq_channel_body_window(GmqChannel *channel, size_t *size)
{
    return channel->content->message == NULL ? NULL
                                             : gmq_message_window(&channel->content->message, size);
}

void
gmq_channel_body_window_filled(GmqChannel *channel, size_t size)
{
    gmq_message_window_filled(channel->content->message, size);
}
