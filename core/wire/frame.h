/* frame.h - one frame on the wire: type, channel, size, payload, frame-end (AMQP.md 3.1). */
#pragma once

#include "core/base/fault.h"
#include "core/base/slice.h"
#include "core/wire/buffer.h"

G_BEGIN_DECLS

#define GMQ_FRAME_END 0xCE
#define GMQ_FRAME_HEADER_SIZE 7 /* bytes before the payload */

typedef enum {
    GMQ_FRAME_METHOD    = 1,
    GMQ_FRAME_HEADER    = 2,
    GMQ_FRAME_BODY      = 3,
    GMQ_FRAME_HEARTBEAT = 8,
} GmqFrameType;

typedef struct {
    uint8_t type; /* a GmqFrameType once the frame was read without fault */
    uint16_t channel;
    GmqSlice payload; /* lent from the input */
} GmqFrame;

typedef enum {
    GMQ_FRAME_READY,      /* *frame is filled and the input stepped over it */
    GMQ_FRAME_NEEDS_MORE, /* the input ends inside a frame; nothing was changed */
    GMQ_FRAME_BAD,        /* *fault says why; the input is of no more use */
} GmqFrameStatus;

/* Reads the frame that *input begins with. A size above payload_max, an unknown type and a wrong
 * frame-end are 501; the first two are noticed as soon as the 7 header bytes are there
 * (AMQP.md 3.2, 3.3). Heartbeats on a channel or with a payload are the caller's (3.5). */
GmqFrameStatus gmq_frame_read(GmqSlice *input, size_t payload_max, GmqFrame *frame,
                              GmqFault *fault);

/* All bytes of a frame that was read, from its type to its frame-end. */
static inline GmqSlice
gmq_frame_bytes(const GmqFrame *frame)
{
    return (GmqSlice){frame->payload.data - GMQ_FRAME_HEADER_SIZE,
                      GMQ_FRAME_HEADER_SIZE + frame->payload.size + 1};
}

/* Checks the 7 header bytes at data alone, for a caller that takes the payload as it comes.
 * Fills type and channel and sets payload.size (data stays NULL). */
bool gmq_frame_read_header(const uint8_t *data, size_t payload_max, GmqFrame *frame,
                           GmqFault *fault);

/* Begins a frame whose size and end gmq_frame_end fills in; returns the place to give to it. */
size_t gmq_frame_begin(GmqBuffer *buffer, GmqFrameType type, uint16_t channel);
void gmq_frame_end(GmqBuffer *buffer, size_t begin);

/* Appends a whole frame. */
void gmq_frame_add(GmqBuffer *buffer, GmqFrameType type, uint16_t channel, GmqSlice payload);

/* Stores the 7 header bytes at a place that has room; returns the place behind them. */
static inline uint8_t *
gmq_frame_store_header(uint8_t *at, GmqFrameType type, uint16_t channel, uint32_t size)
{
    *at = (uint8_t)type;
    at  = gmq_store_u16(at + 1, channel);
    return gmq_store_u32(at, size);
}

G_END_DECLS
