#include "sim/wire-log.h"

#include "core/wire/format.h"
#include "core/wire/frame.h"
#include "sim/recorder.h"
#include "sim/wire-text.h"
#include "sim/world-private.h"

#define PROTOCOL_HEADER_SIZE 8

/* One direction of a connection: bytes of a frame that has not come whole. */
typedef struct {
    GByteArray *rest;
    bool has_begun; /* the protocol header is behind us */
    bool is_broken; /* the rest makes no frames */
} Stream;

struct GmqWireLog {
    GmqWorld *world;
    GmqTrace *trace;
    GmqEventLevel level;
    GHashTable *streams[GMQ_N_SIDES]; /* of names of connections to Stream; owned, look-up only */
};

static void
free_stream(void *data)
{
    Stream *stream = data;

    g_byte_array_unref(stream->rest);
    g_free(stream);
}

static Stream *
stream_of(GmqWireLog *log, const char *connection, GmqWireSide side)
{
    Stream *stream = g_hash_table_lookup(log->streams[side], connection);

    if (stream == NULL) {
        stream            = g_new0(Stream, 1);
        stream->rest      = g_byte_array_new();
        stream->has_begun = side == GMQ_FROM_BROKER;
        g_hash_table_insert(log->streams[side], g_strdup(connection), stream);
    }
    return stream;
}

/* ---- lines ---- */

static void
add_line(GmqWireLog *log, const char *connection, GmqWireSide side, GmqTraceWire line)
{
    GmqSlice client = gmq_client_of_connection(gmq_slice_of(connection));
    GmqSlice broker = GMQ_SLICE("broker");

    line.time_ns = gmq_world_now(log->world);
    gmq_trace_add_wire(log->trace, &line, side == GMQ_TO_BROKER ? client : broker,
                       side == GMQ_TO_BROKER ? broker : client);
}

static bool
is_told(const char *connection)
{
    return !g_str_has_prefix(connection, GMQ_SETUP_NAME);
}

static void
add_bytes(GmqWireLog *log, const char *connection, GmqWireSide side, GmqTraceWireKind kind,
          size_t size)
{
    if (log->level == GMQ_LEVEL_NET && size > 0)
        add_line(log, connection, side, (GmqTraceWire){.kind = kind, .bytes = size});
}

/* ---- frames out of bytes ---- */

static void
add_frame(GmqWireLog *log, const char *connection, GmqWireSide side, const GmqFrame *frame)
{
    g_autofree char *text = gmq_wire_text(frame);

    add_line(log, connection, side,
             (GmqTraceWire){.kind    = GMQ_WIRE_FRAME,
                            .channel = frame->channel,
                            .bytes   = gmq_frame_bytes(frame).size,
                            .text    = text});
}

/* A client's first words are no frame. */
static void
take_start(GmqWireLog *log, const char *connection, GmqWireSide side, Stream *stream,
           GmqSlice *bytes)
{
    if (stream->has_begun || bytes->size < PROTOCOL_HEADER_SIZE)
        return;
    g_autoptr(GString) text = g_string_new("protocol header ");

    gmq_format_text(text, (GmqSlice){bytes->data, PROTOCOL_HEADER_SIZE});
    add_line(
        log, connection, side,
        (GmqTraceWire){.kind = GMQ_WIRE_FRAME, .bytes = PROTOCOL_HEADER_SIZE, .text = text->str});
    bytes->data += PROTOCOL_HEADER_SIZE;
    bytes->size -= PROTOCOL_HEADER_SIZE;
    stream->has_begun = true;
}

static void
take_frames(GmqWireLog *log, const char *connection, GmqWireSide side, Stream *stream)
{
    GmqSlice bytes        = {stream->rest->data, stream->rest->len};
    GmqFrameStatus status = GMQ_FRAME_READY;
    GmqFrame frame;
    GmqFault fault;

    take_start(log, connection, side, stream, &bytes);
    while (stream->has_begun && bytes.size > 0 && status == GMQ_FRAME_READY) {
        status = gmq_frame_read(&bytes, UINT32_MAX, &frame, &fault);
        if (status == GMQ_FRAME_READY)
            add_frame(log, connection, side, &frame);
    }
    if (status == GMQ_FRAME_BAD) {
        stream->is_broken = true;
        add_line(log, connection, side,
                 (GmqTraceWire){.kind  = GMQ_WIRE_FRAME,
                                .bytes = bytes.size,
                                .text  = "bytes that are no frame"});
    }
    g_byte_array_remove_range(stream->rest, 0, stream->rest->len - (unsigned)bytes.size);
}

/* ---- watching ---- */

static void
on_sent(void *user, const char *connection, GmqWireSide side, GmqSlice bytes)
{
    if (is_told(connection))
        add_bytes(user, connection, side, GMQ_WIRE_SENT, bytes.size);
}

static void
on_arrived(void *user, const char *connection, GmqWireSide side, GmqSlice bytes)
{
    GmqWireLog *log = user;

    if (!is_told(connection))
        return;
    add_bytes(log, connection, side, GMQ_WIRE_ARRIVED, bytes.size);

    Stream *stream = stream_of(log, connection, side);
    if (stream->is_broken)
        return;
    g_byte_array_append(stream->rest, bytes.data, (unsigned)bytes.size);
    take_frames(log, connection, side, stream);
}

static const GmqWatch watch = {
    .sent    = on_sent,
    .arrived = on_arrived,
};

GmqWireLog *
gmq_wire_log_new(GmqWorld *world, GmqTrace *trace, GmqEventLevel level)
{
    GmqWireLog *log = g_new0(GmqWireLog, 1);

    log->world = world;
    log->trace = trace;
    log->level = level;
    for (unsigned side = 0; side < GMQ_N_SIDES; side++)
        log->streams[side] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_stream);
    gmq_world_watch(world, &watch, log);
    return log;
}

void
gmq_wire_log_free(GmqWireLog *log)
{
    if (log == NULL)
        return;
    for (unsigned side = 0; side < GMQ_N_SIDES; side++)
        g_hash_table_unref(log->streams[side]);
    g_free(log);
}
