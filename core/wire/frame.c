#include "core/wire/frame.h"

#include "core/base/limits.h"
#include "core/wire/reader.h"

/* The size field stands behind type and channel. */
#define SIZE_AT 3

static bool
is_known_type(uint8_t type)
{
    return type == GMQ_FRAME_METHOD || type == GMQ_FRAME_HEADER || type == GMQ_FRAME_BODY ||
           type == GMQ_FRAME_HEARTBEAT;
}

bool
gmq_frame_read_header(const uint8_t *data, size_t payload_max, GmqFrame *frame, GmqFault *fault)
{
    uint32_t size = gmq_load_u32(data + SIZE_AT);

    frame->type    = data[0];
    frame->channel = gmq_load_u16(data + 1);
    frame->payload = (GmqSlice){NULL, size};

    if (!is_known_type(frame->type))
        return gmq_fault_set(fault, GMQ_REPLY_FRAME_ERROR, "unknown frame type %u", frame->type);
    if (size > payload_max)
        return gmq_fault_set(fault, GMQ_REPLY_FRAME_ERROR,
                             "frame of %" G_GUINT32_FORMAT " octets on channel %u is larger than "
                             "the limit of %" G_GSIZE_FORMAT,
                             size, frame->channel, payload_max);
    return true;
}

GmqFrameStatus
gmq_frame_read(GmqSlice *input, size_t payload_max, GmqFrame *frame, GmqFault *fault)
{
    if (input->size < GMQ_FRAME_HEADER_SIZE)
        return GMQ_FRAME_NEEDS_MORE;

    GmqFrame read;
    if (!gmq_frame_read_header(input->data, payload_max, &read, fault))
        return GMQ_FRAME_BAD;
    if (input->size - GMQ_FRAME_HEADER_SIZE <= read.payload.size)
        return GMQ_FRAME_NEEDS_MORE;

    read.payload.data = input->data + GMQ_FRAME_HEADER_SIZE;
    uint8_t end       = read.payload.data[read.payload.size];
    if (end != GMQ_FRAME_END) {
        gmq_fault_set(fault, GMQ_REPLY_FRAME_ERROR,
                      "frame on channel %u ends with octet 0x%02x instead of 0x%02x", read.channel,
                      end, GMQ_FRAME_END);
        return GMQ_FRAME_BAD;
    }
    *frame = read;
    input->data += read.payload.size + GMQ_FRAME_OVERHEAD;
    input->size -= read.payload.size + GMQ_FRAME_OVERHEAD;
    return GMQ_FRAME_READY;
}

size_t
gmq_frame_begin(GmqBuffer *buffer, GmqFrameType type, uint16_t channel)
{
    size_t begin = buffer->size;

    gmq_frame_store_header(gmq_buffer_reserve(buffer, GMQ_FRAME_HEADER_SIZE), type, channel, 0);
    buffer->size += GMQ_FRAME_HEADER_SIZE;
    return begin;
}

void
gmq_frame_end(GmqBuffer *buffer, size_t begin)
{
    g_assert(begin + GMQ_FRAME_HEADER_SIZE <= buffer->size);

    size_t size = buffer->size - begin - GMQ_FRAME_HEADER_SIZE;
    g_assert(size <= UINT32_MAX);
    gmq_store_u32(buffer->data + begin + SIZE_AT, (uint32_t)size);
    gmq_buffer_add_u8(buffer, GMQ_FRAME_END);
}

void
gmq_frame_add(GmqBuffer *buffer, GmqFrameType type, uint16_t channel, GmqSlice payload)
{
    g_assert(payload.size <= UINT32_MAX);

    uint8_t *at = gmq_buffer_reserve(buffer, payload.size + GMQ_FRAME_OVERHEAD);
    at          = gmq_frame_store_header(at, type, channel, (uint32_t)payload.size);
    if (payload.size > 0)
        memcpy(at, payload.data, payload.size);
    at[payload.size] = GMQ_FRAME_END;
    buffer->size += payload.size + GMQ_FRAME_OVERHEAD;
}
