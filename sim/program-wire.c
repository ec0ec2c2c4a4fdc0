#include "sim/program-wire.h"

#include "core/wire/frame.h"
#include "sim/program-private.h"
#include "sim/world-private.h"

#define PROTOCOL_HEADER_SIZE 8

/* Longer frames than any broker would agree to are none. */
#define FRAME_MAX (1 << 20)

struct GmqProgramWire {
    GmqSimClient *client;
    GPtrArray *channels; /* of GmqProgramChannel */
    GByteArray *to;      /* bytes of a frame that is not whole */
    GByteArray *from;
    bool has_header;
    bool is_raw; /* what came is no AMQP: it goes by as it is */
    unsigned end_code;
    char *end_text;
};

GmqProgramWire *
gmq_program_wire_new(GmqSimClient *client)
{
    GmqProgramWire *wire = g_new0(GmqProgramWire, 1);

    wire->client   = client;
    wire->channels = g_ptr_array_new_with_free_func(gmq_program_channel_free);
    wire->to       = g_byte_array_new();
    wire->from     = g_byte_array_new();
    return wire;
}

void
gmq_program_wire_free(GmqProgramWire *wire)
{
    if (wire == NULL)
        return;
    g_ptr_array_unref(wire->channels);
    g_byte_array_unref(wire->to);
    g_byte_array_unref(wire->from);
    g_free(wire->end_text);
    g_free(wire);
}

unsigned
gmq_program_wire_end(const GmqProgramWire *wire, const char **text)
{
    *text = wire->end_text == NULL ? "" : wire->end_text;
    return wire->end_code;
}

static void
heard_of_end(GmqProgramWire *wire, const GmqMethod *method)
{
    if (method->id != GMQ_CONNECTION_CLOSE)
        return;
    wire->end_code = method->connection_close.reply_code;
    g_free(wire->end_text);
    wire->end_text = gmq_slice_dup(method->connection_close.reply_text);
}

static void
take_method(GmqProgramWire *wire, const GmqFrame *frame, bool is_said)
{
    GmqMethod method;
    GmqFault fault;

    if (!gmq_method_decode(frame->payload, &method, &fault))
        return;
    if (frame->channel == 0) {
        if (!is_said)
            heard_of_end(wire, &method);
        return;
    }
    GmqProgramChannel *channel = gmq_program_channel(wire->channels, frame->channel);
    GmqProgramContent *content = is_said ? &channel->said : &channel->heard;

    if (!gmq_method_info(method.id)->has_content) {
        (is_said ? gmq_program_said_method : gmq_program_heard_method)(wire->client, channel,
                                                                       &method);
        if (!is_said && (method.id == GMQ_CHANNEL_CLOSE || method.id == GMQ_CHANNEL_CLOSE_OK))
            g_ptr_array_remove(wire->channels, channel);
        return;
    }
    content->is_on = true;
    g_byte_array_set_size(content->method, 0);
    g_byte_array_set_size(content->header, 0);
    g_byte_array_set_size(content->body, 0);
    g_byte_array_append(content->method, frame->payload.data, (unsigned)frame->payload.size);
}

static void
end_content(GmqProgramWire *wire, GmqProgramChannel *channel, GmqProgramContent *content)
{
    if (content->body->len < content->body_size)
        return;
    content->is_on = false;
    if (content == &channel->said)
        gmq_program_note_sent(wire->client, channel);
    else
        gmq_program_note_heard(wire->client, channel);
}

/* The bytes of the frame that go on, or NULL: those that came. */
static const GByteArray *
take_content(GmqProgramWire *wire, const GmqFrame *frame, bool is_said)
{
    GmqProgramChannel *channel = gmq_program_channel(wire->channels, frame->channel);
    GmqProgramContent *content = is_said ? &channel->said : &channel->heard;
    bool is_header             = frame->type == GMQ_FRAME_HEADER;
    const GByteArray *mine     = NULL;
    GmqFault fault;

    if (!content->is_on ||
        (is_header && !gmq_content_header_check(frame->payload, &content->body_size, &fault)))
        return NULL;
    g_byte_array_append(is_header ? content->header : content->body, frame->payload.data,
                        (unsigned)frame->payload.size);
    if (is_said && is_header &&
        gmq_program_name_message(wire->client, content->header, content->body_size))
        mine = content->header;
    end_content(wire, channel, content);
    return mine;
}

static void
pass(const GmqFrame *frame, const GByteArray *instead, GByteArray *out)
{
    g_auto(GmqBuffer) buffer = {0};
    GmqSlice bytes           = gmq_frame_bytes(frame);

    if (instead != NULL) {
        gmq_frame_add(&buffer, GMQ_FRAME_HEADER, frame->channel, gmq_bytes_slice(instead));
        bytes = gmq_buffer_slice(&buffer);
    }
    g_byte_array_append(out, bytes.data, (unsigned)bytes.size);
}

static void
take_frame(GmqProgramWire *wire, const GmqFrame *frame, bool is_said, GByteArray *out)
{
    const GByteArray *instead = NULL;

    if (frame->type == GMQ_FRAME_METHOD)
        take_method(wire, frame, is_said);
    else if (frame->type != GMQ_FRAME_HEARTBEAT && frame->channel != 0)
        instead = take_content(wire, frame, is_said);
    if (out != NULL)
        pass(frame, instead, out);
}

/* Takes all whole frames, and keeps what is left of the bytes. */
static void
take_frames(GmqProgramWire *wire, GByteArray *kept, bool is_said, GByteArray *out)
{
    GmqSlice rest = gmq_bytes_slice(kept);
    GmqFrame frame;
    GmqFault fault;

    while (!wire->is_raw) {
        GmqFrameStatus status = gmq_frame_read(&rest, FRAME_MAX, &frame, &fault);

        if (status == GMQ_FRAME_NEEDS_MORE)
            break;
        wire->is_raw = status == GMQ_FRAME_BAD;
        if (!wire->is_raw)
            take_frame(wire, &frame, is_said, out);
    }
    if (wire->is_raw && out != NULL)
        g_byte_array_append(out, rest.data, (unsigned)rest.size);
    g_byte_array_remove_range(kept, 0,
                              wire->is_raw ? kept->len : (unsigned)(kept->len - rest.size));
}

void
gmq_program_wire_said(GmqProgramWire *wire, GmqSlice bytes, GByteArray *out)
{
    wire->client->world->cause = 0;
    g_byte_array_append(wire->to, bytes.data, (unsigned)bytes.size);
    if (!wire->has_header) {
        if (wire->to->len < PROTOCOL_HEADER_SIZE)
            return;
        g_byte_array_append(out, wire->to->data, PROTOCOL_HEADER_SIZE);
        g_byte_array_remove_range(wire->to, 0, PROTOCOL_HEADER_SIZE);
        wire->has_header = true;
    }
    take_frames(wire, wire->to, true, out);
}

void
gmq_program_wire_heard(GmqProgramWire *wire, GmqSlice bytes)
{
    g_byte_array_append(wire->from, bytes.data, (unsigned)bytes.size);
    take_frames(wire, wire->from, false, NULL);
}
