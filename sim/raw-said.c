#include "sim/raw-said.h"

#include "core/wire/frame.h"
#include "sim/world-private.h"

#define PROTOCOL_HEADER_SIZE 8

struct GmqRawSaid {
    GmqSimClient *client;
    GByteArray *bytes; /* that make no whole frame yet */
    bool has_begun;    /* the protocol header is behind us */
    bool is_garbled;   /* and then came what is no frame */
    GmqOutgoing message;
    GByteArray *header; /* of its content, as it was said */
    uint16_t channel;   /* that it is on; 0: there is none */
    uint64_t body_left;
};

GmqRawSaid *
gmq_raw_said_new(GmqSimClient *client)
{
    GmqRawSaid *said = g_new0(GmqRawSaid, 1);

    said->client = client;
    said->bytes  = g_byte_array_new();
    said->header = g_byte_array_new();
    gmq_outgoing_init(&said->message);
    return said;
}

void
gmq_raw_said_free(GmqRawSaid *said)
{
    gmq_outgoing_clear(&said->message);
    g_byte_array_unref(said->bytes);
    g_byte_array_unref(said->header);
    g_free(said);
}

void
gmq_raw_said_clear(GmqRawSaid *said)
{
    g_byte_array_set_size(said->bytes, 0);
    said->has_begun = said->is_garbled = false;
    said->channel                      = 0;
}

/* ---- a message ---- */

static void
take_method(GmqRawSaid *said, const GmqFrame *frame)
{
    GmqMethod method;
    GmqFault fault;

    said->channel = 0;
    if (!gmq_method_decode(frame->payload, &method, &fault) || method.id != GMQ_BASIC_PUBLISH)
        return;
    said->channel              = frame->channel;
    said->body_left            = UINT64_MAX;
    said->message.is_mandatory = method.basic_publish.mandatory;
}

static void
end_message(GmqRawSaid *said)
{
    GmqSimClient *client = said->client;

    said->channel = 0;
    gmq_check_sent(client->world->check, client->peer->name, &said->message);
}

static void
take_header(GmqRawSaid *said, GmqSlice payload)
{
    GmqOutgoing *message = &said->message;
    GmqFault fault;

    g_byte_array_set_size(said->header, 0);
    g_byte_array_append(said->header, payload.data, (unsigned)payload.size);
    GmqSlice header = {said->header->data, said->header->len};
    if (!gmq_content_header_check(header, &said->body_left, &fault) ||
        !gmq_properties_decode(header, &message->properties, &fault)) {
        said->channel = 0;
        return;
    }
    g_string_truncate(message->name, 0);
    g_string_append_len(message->name, (const char *)message->properties.message_id.data,
                        (gssize)message->properties.message_id.size);
    g_string_truncate(message->body, 0);
    message->is_persistent = message->properties.delivery_mode == 2;
    if (said->body_left == 0)
        end_message(said);
}

static void
take_body(GmqRawSaid *said, GmqSlice payload)
{
    g_string_append_len(said->message.body, (const char *)payload.data, (gssize)payload.size);
    said->body_left -= MIN(said->body_left, payload.size);
    if (said->body_left == 0)
        end_message(said);
}

static void
take_frame(GmqRawSaid *said, const GmqFrame *frame)
{
    bool is_header_due = said->body_left == UINT64_MAX;

    if (frame->type == GMQ_FRAME_METHOD && frame->channel != 0)
        take_method(said, frame);
    else if (said->channel == 0 || frame->channel != said->channel)
        return;
    else if (frame->type == GMQ_FRAME_HEADER && is_header_due)
        take_header(said, frame->payload);
    else if (frame->type == GMQ_FRAME_BODY && !is_header_due)
        take_body(said, frame->payload);
}

/* ---- bytes ---- */

void
gmq_raw_said_add(GmqRawSaid *said, GmqSlice bytes)
{
    GmqFrame frame;
    GmqFault fault;

    g_byte_array_append(said->bytes, bytes.data, (unsigned)bytes.size);
    if (!said->has_begun && said->bytes->len >= PROTOCOL_HEADER_SIZE) {
        g_byte_array_remove_range(said->bytes, 0, PROTOCOL_HEADER_SIZE);
        said->has_begun = true;
    }
    GmqSlice rest = {said->bytes->data, said->bytes->len};
    while (said->has_begun && !said->is_garbled) {
        GmqFrameStatus status = gmq_frame_read(&rest, G_MAXINT32, &frame, &fault);

        if (status == GMQ_FRAME_NEEDS_MORE)
            break;
        said->is_garbled = status == GMQ_FRAME_BAD;
        if (!said->is_garbled)
            take_frame(said, &frame);
    }
    g_byte_array_remove_range(said->bytes, 0, said->bytes->len - (unsigned)rest.size);
}
