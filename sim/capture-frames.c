/* Frames out of the bytes of a capture. */
#include "sim/capture-private.h"
#include "sim/world-private.h"

#define PROTOCOL_HEADER_SIZE 8

static void
keep_frame(GmqCapturedStream *stream, const GmqFrame *frame, size_t size)
{
    GmqCapture *capture   = stream->line->capture;
    GmqCapturedFrame kept = {
        .connection = stream->line->name,
        .client     = stream->line->client->name,
        .side = stream == &stream->line->streams[GMQ_TO_BROKER] ? GMQ_TO_BROKER : GMQ_FROM_BROKER,
        .time_ns = gmq_world_now(capture->world),
        .after   = gmq_trace_length(gmq_world_trace(capture->world)),
        .frame   = {.type = frame->type, .channel = frame->channel}};
    GmqFramePlace place = {stream, stream->n_parsed, size};
    size_t index        = capture->frames->len;

    g_array_append_val(stream->frames, index);
    g_array_append_val(stream->starts, stream->n_parsed);
    g_array_append_val(capture->frames, kept);
    g_array_append_val(capture->places, place);
    stream->n_parsed += size;
}

void
gmq_capture_read(GmqCapturedStream *stream)
{
    const GmqFrame none = {0};

    if (!stream->has_begun && stream->n_read >= PROTOCOL_HEADER_SIZE) {
        keep_frame(stream, &none, PROTOCOL_HEADER_SIZE);
        stream->has_begun = true;
    }
    while (stream->has_begun && !stream->is_broken && stream->n_parsed < stream->n_read) {
        size_t left    = stream->n_read - stream->n_parsed;
        GmqSlice input = {stream->bytes->data + stream->n_parsed, left};
        GmqFrame frame;
        GmqFault fault;

        switch (gmq_frame_read(&input, UINT32_MAX, &frame, &fault)) {
        case GMQ_FRAME_READY:
            keep_frame(stream, &frame, left - input.size);
            break;
        case GMQ_FRAME_NEEDS_MORE:
            return;
        default:
            stream->is_broken = true;
            keep_frame(stream, &none, left);
        }
    }
}
