/* From bytes to frames. Frames that are whole in the input are handled where they are; the head of
 * one whose rest is still to come is kept in pending, except for bodies, which go straight into
 * their message. */
#include "core/amqp/amqp-private.h"
#include "core/amqp/blocking.h"
#include "core/amqp/channel.h"
#include "core/amqp/connection.h"
#include "core/amqp/gate.h"
#include "core/broker/storage.h"
#include "core/wire/reader.h"

#define PROTOCOL_HEADER_SIZE 8

/* A kept buffer above this is given back once it is empty: idle connections are small. */
#define PENDING_KEEP 512

static bool
is_reading(const GmqConnection *connection)
{
    return connection->state != GMQ_STATE_REFUSED && connection->state != GMQ_STATE_ENDED;
}

static size_t
payload_max(const GmqConnection *connection)
{
    if (connection->state < GMQ_STATE_OPEN)
        return gmq_broker_profile(connection->broker)->frame_max_least;
    return connection->frame_max == 0 ? UINT32_MAX : connection->frame_max;
}

static bool
refuse_frame(GmqConnection *connection, GmqReply code, const char *text)
{
    GmqFault fault = {0};

    gmq_fault_set(&fault, code, "%s", text);
    gmq_connection_fail(connection, &fault);
    return false;
}

/* A frame on channel 0, or any before the connection runs. */
static void
on_control_frame(GmqConnection *connection, const GmqFrame *frame)
{
    GmqMethod method;
    GmqFault fault = {0};

    if (connection->state == GMQ_STATE_CLOSING && frame->type != GMQ_FRAME_METHOD)
        return;
    if (frame->type != GMQ_FRAME_METHOD || frame->channel != 0)
        refuse_frame(connection, GMQ_REPLY_UNEXPECTED_FRAME,
                     frame->channel == 0 ? "content on channel 0"
                                         : "frame on a channel before the connection is open");
    else if (gmq_method_decode(frame->payload, &method, &fault))
        gmq_connection_on_method(connection, &method);
    else if (connection->state != GMQ_STATE_CLOSING)
        gmq_connection_fail(connection, &fault);
}

static void
on_heartbeat(GmqConnection *connection, const GmqFrame *frame)
{
    if (connection->state == GMQ_STATE_CLOSING)
        return;
    if (frame->channel != 0)
        refuse_frame(connection, GMQ_REPLY_UNEXPECTED_FRAME, "heartbeat on a channel");
    else if (frame->payload.size != 0)
        refuse_frame(connection, GMQ_REPLY_FRAME_ERROR, "heartbeat with a payload");
}

static void
on_frame(GmqConnection *connection, const GmqFrame *frame)
{
    if (frame->channel != 0 && connection->state == GMQ_STATE_RUNNING &&
        frame->type != GMQ_FRAME_HEARTBEAT)
        gmq_connection_on_channel_frame(connection, frame);
    else if (frame->type == GMQ_FRAME_HEARTBEAT)
        on_heartbeat(connection, frame);
    else if (frame->channel == 0 || connection->state != GMQ_STATE_CLOSING)
        on_control_frame(connection, frame);
}

/* ---- bodies as they come ---- */

/* The payload and the frame-end of a body frame. Returns false when more bytes are needed. */
static bool
continue_stream(GmqConnection *connection)
{
    GmqBodyStream *stream = &connection->stream;
    GmqSlice part         = {connection->input.data, MIN(stream->left, connection->input.size)};

    if (stream->channel != NULL && connection->amqp->alarms != 0) {
        gmq_connection_hold(connection);
        return false;
    }
    if (stream->channel != NULL)
        gmq_channel_add_body(stream->channel, part);
    stream->left -= part.size;
    connection->input.data += part.size;
    connection->input.size -= part.size;
    if (stream->left > 0 || connection->input.size == 0)
        return false;

    GmqChannel *channel = stream->channel;
    bool is_whole       = *connection->input.data == GMQ_FRAME_END;

    *stream = (GmqBodyStream){0};
    connection->input.data++;
    connection->input.size--;
    if (!is_whole) {
        GmqFault fault = {0};
        gmq_fault_set(&fault, GMQ_REPLY_FRAME_ERROR, "frame-end octet missing");
        gmq_connection_fail_framing(connection, &fault);
    } else if (channel != NULL) {
        gmq_channel_finish_body(channel);
    }
    return true;
}

/* Whether a body for that channel has to wait: as in gmq_connection_on_channel_frame(). */
static bool
must_hold(GmqConnection *connection, uint16_t number)
{
    if (connection->amqp->alarms == 0 || connection->state != GMQ_STATE_RUNNING || number == 0)
        return false;
    const GmqChannel *channel = gmq_connection_find_channel(connection, number);
    return channel != NULL && channel->state == GMQ_CHANNEL_STATE_OPEN;
}

/* Whether the input begins with a body frame that is not there as a whole; then the stream is
 * opened behind its header. */
static bool
open_stream(GmqConnection *connection)
{
    GmqSlice input = connection->input;
    GmqFrame frame;
    GmqFault fault;

    if (input.size < GMQ_FRAME_HEADER_SIZE || input.data[0] != GMQ_FRAME_BODY ||
        connection->state < GMQ_STATE_RUNNING)
        return false;
    gmq_fault_init(&fault, 0, 0);
    if (!gmq_frame_read_header(input.data, payload_max(connection), &frame, &fault))
        return false;

    if (must_hold(connection, frame.channel)) {
        gmq_connection_hold(connection);
        return false;
    }
    connection->stream = (GmqBodyStream){.left = frame.payload.size, .is_open = true};
    if (connection->state == GMQ_STATE_RUNNING)
        connection->stream.channel = gmq_channel_begin_body(connection, &frame);
    connection->input.data += GMQ_FRAME_HEADER_SIZE;
    connection->input.size -= GMQ_FRAME_HEADER_SIZE;
    return true;
}

/* ---- frames ---- */

/* How many bytes from the input complete what is pending, as far as can be known. */
static size_t
missing(const GmqConnection *connection)
{
    size_t whole = GMQ_FRAME_HEADER_SIZE;

    if (connection->state == GMQ_STATE_HEADER)
        whole = PROTOCOL_HEADER_SIZE;
    else if (connection->pending.size >= GMQ_FRAME_HEADER_SIZE)
        whole = (size_t)gmq_load_u32(connection->pending.data + 3) + GMQ_FRAME_OVERHEAD;
    return whole - connection->pending.size;
}

/* Reads one frame, or the protocol header; false when more bytes are needed. */
static bool
step(GmqConnection *connection)
{
    GmqFrame frame;
    GmqFault fault;

    if (connection->stream.is_open)
        return continue_stream(connection);
    if (connection->state == GMQ_STATE_HEADER) {
        GmqSlice header = connection->input;

        if (header.size < PROTOCOL_HEADER_SIZE)
            return false;
        connection->input.data += PROTOCOL_HEADER_SIZE;
        connection->input.size -= PROTOCOL_HEADER_SIZE;
        gmq_connection_on_header(connection, (GmqSlice){header.data, PROTOCOL_HEADER_SIZE});
        return true;
    }
    gmq_fault_init(&fault, 0, 0);
    switch (gmq_frame_read(&connection->input, payload_max(connection), &frame, &fault)) {
    case GMQ_FRAME_READY:
        on_frame(connection, &frame);
        return true;
    case GMQ_FRAME_BAD:
        gmq_connection_fail_framing(connection, &fault);
        return true;
    case GMQ_FRAME_NEEDS_MORE:
        break;
    }
    return open_stream(connection);
}

static void
parse_input(GmqConnection *connection)
{
    while (connection->input.size > 0 && is_reading(connection)) {
        if (!step(connection))
            break;
    }
}

/* Completes what is pending with as few bytes as possible and handles it. */
static void
parse_pending(GmqConnection *connection, GmqSlice *bytes)
{
    size_t part = MIN(missing(connection), bytes->size);

    gmq_buffer_add(&connection->pending, bytes->data, part);
    bytes->data += part;
    bytes->size -= part;
    if (missing(connection) > 0 && connection->pending.size != GMQ_FRAME_HEADER_SIZE)
        return;

    connection->input = gmq_buffer_slice(&connection->pending);
    parse_input(connection);
    if (connection->input.size == 0 || !is_reading(connection))
        connection->pending.size = 0;
}

static void
parse_all(GmqConnection *connection, GmqSlice bytes)
{
    while (connection->pending.size > 0 && bytes.size > 0)
        parse_pending(connection, &bytes);
    if (connection->is_held) {
        gmq_buffer_add(&connection->held, bytes.data, bytes.size);
        return;
    }
    if (connection->pending.size == 0) {
        connection->input = bytes;
        parse_input(connection);
        if (is_reading(connection) && connection->input.size > 0)
            gmq_buffer_add(&connection->pending, connection->input.data, connection->input.size);
    }
    if (connection->pending.size == 0 && connection->pending.capacity > PENDING_KEEP)
        gmq_buffer_clear(&connection->pending);
    connection->input = (GmqSlice){0};
}

void
gmq_connection_parse(GmqConnection *connection, GmqSlice bytes)
{
    const GmqStorage *storage = gmq_broker_storage(connection->broker);
    uint64_t changes          = storage == NULL ? 0 : gmq_storage_changes(storage);

    parse_all(connection, bytes);
    if (storage != NULL && gmq_storage_changes(storage) != changes)
        gmq_connection_await_definitions(connection);
}
