#include "sim/capture.h"

#include <string.h>

#include "sim/capture-private.h"
#include "sim/recorder.h"
#include "sim/world-private.h"

/* ---- lines ---- */

static void
init_stream(GmqCapturedStream *stream, GmqCapturedLine *line, GmqWireSide side)
{
    GPtrArray *streams = line->capture->streams;

    stream->line       = line;
    stream->number     = streams->len;
    stream->bytes      = g_byte_array_new();
    stream->pieces     = g_array_new(FALSE, FALSE, sizeof(GmqPiece));
    stream->holdings   = g_array_new(FALSE, FALSE, sizeof(GmqHolding));
    stream->frames     = g_array_new(FALSE, FALSE, sizeof(size_t));
    stream->starts     = g_array_new(FALSE, FALSE, sizeof(size_t));
    stream->has_begun  = side == GMQ_FROM_BROKER;
    stream->dropped_ns = GMQ_NEVER;
    g_ptr_array_add(streams, stream);
}

static void
clear_stream(GmqCapturedStream *stream)
{
    g_byte_array_unref(stream->bytes);
    g_array_unref(stream->pieces);
    g_array_unref(stream->holdings);
    g_array_unref(stream->frames);
    g_array_unref(stream->starts);
}

static void
free_line(void *data)
{
    GmqCapturedLine *line = data;

    for (unsigned side = 0; side < GMQ_N_SIDES; side++)
        clear_stream(&line->streams[side]);
    g_free(line->name);
    g_free(line);
}

static unsigned
address_of(const GmqCapture *capture, const GmqClientSpec *client)
{
    unsigned index = 0;

    return g_ptr_array_find(capture->world->scenario->clients, client, &index) ? index + 1 : 0;
}

static GmqCapturedLine *
add_line(GmqCapture *capture, const char *name, const GmqClientSpec *client)
{
    GmqCapturedLine *line = g_new0(GmqCapturedLine, 1);

    line->capture   = capture;
    line->name      = g_strdup(name);
    line->client    = client;
    line->address   = address_of(capture, client);
    line->number    = capture->lines->len + 1;
    line->opened_ns = line->knocked_ns = gmq_world_now(capture->world);
    line->opened_at                    = ++capture->n_told;
    for (unsigned side = 0; side < GMQ_N_SIDES; side++)
        init_stream(&line->streams[side], line, side);
    g_ptr_array_add(capture->lines, line);
    return line;
}

/* ---- what the pipes tell ---- */

static uint64_t
count_told(const GmqCapturedStream *stream)
{
    return ++stream->line->capture->n_told;
}

static int64_t
now_of(const GmqCapturedStream *stream)
{
    return gmq_world_now(stream->line->capture->world);
}

static void
on_left(void *user, const GmqPipeSegment *segment)
{
    GmqCapturedStream *stream = user;
    uint64_t first            = stream->bytes->len;
    GmqPiece piece            = {.first      = first,
                                 .end        = first + segment->bytes.size,
                                 .sent_ns    = segment->sent_ns,
                                 .lands_ns   = segment->lands_ns,
                                 .reaches_ns = segment->reaches_ns,
                                 .landed_ns  = GMQ_NEVER,
                                 .latency_ns = segment->latency_ns,
                                 .losses     = segment->losses,
                                 .left_at    = count_told(stream)};

    if (piece.losses == 0)
        piece.lands_ns = stream->floor_ns = MAX(stream->floor_ns, piece.lands_ns);
    g_byte_array_append(stream->bytes, segment->bytes.data, (unsigned)segment->bytes.size);
    g_array_append_val(stream->pieces, piece);
}

/* What nothing befell was there in its own time, and waited for what was lost before it. */
static void
land(GmqCapturedStream *stream, GmqPiece *piece, int64_t time_ns, bool is_again)
{
    const GmqCapturedLine *line = stream->line;
    GmqWireSide back            = stream == &line->streams[0] ? GMQ_FROM_BROKER : GMQ_TO_BROKER;
    bool is_as_planned          = !is_again && time_ns == piece->reaches_ns;

    piece->landed_ns = is_as_planned ? MIN(piece->lands_ns, time_ns) : time_ns;
    piece->is_again  = is_again;
    piece->back_ns   = line->links[back].latency_ns;
    piece->landed_at = count_told(stream);
}

static void
on_landed(void *user, uint64_t end, int64_t time_ns, bool is_again)
{
    GmqCapturedStream *stream = user;

    while (stream->n_landed < stream->pieces->len) {
        GmqPiece *piece = &g_array_index(stream->pieces, GmqPiece, stream->n_landed);

        if (piece->end > end)
            break;
        land(stream, piece, time_ns, is_again);
        stream->n_landed++;
    }
}

static void
on_end_left(void *user, bool is_reset, bool is_made_up, int64_t sent_ns, int64_t lands_ns)
{
    GmqCapturedStream *stream = user;

    stream->has_end      = true;
    stream->is_reset     = is_reset;
    stream->is_made_up   = is_made_up;
    stream->end_sent_ns  = sent_ns;
    stream->end_lands_ns = lands_ns;
    stream->end_left_at = stream->end_landed_at = count_told(stream);
}

static void
on_end_landed(void *user)
{
    GmqCapturedStream *stream = user;

    stream->has_end_landed = true;
    stream->end_lands_ns   = now_of(stream);
    stream->end_landed_at  = count_told(stream);
}

static void
on_dropped(void *user)
{
    GmqCapturedStream *stream = user;

    stream->dropped_ns = now_of(stream);
}

static void
on_abandoned(void *user)
{
    ((GmqCapturedStream *)user)->is_abandoned = true;
}

static void
on_held(void *user, unsigned holds)
{
    GmqCapturedStream *stream = user;
    GmqHolding holding        = {now_of(stream), holds};

    g_array_append_val(stream->holdings, holding);
}

static const GmqPipeWatch pipe_watch = {
    .left       = on_left,
    .landed     = on_landed,
    .end_left   = on_end_left,
    .end_landed = on_end_landed,
    .dropped    = on_dropped,
    .abandoned  = on_abandoned,
    .held       = on_held,
};

/* ---- what the world tells ---- */

static void
on_connected(void *user, const GmqWireConnection *connection)
{
    GmqCapture *capture = user;

    if (g_str_has_prefix(connection->name, GMQ_SETUP_NAME))
        return;

    GmqCapturedLine *line = add_line(capture, connection->name, connection->client);
    line->links           = connection->links;
    line->knocked_ns      = connection->knocked_ns;
    for (unsigned side = 0; side < GMQ_N_SIDES; side++) {
        line->latency_ns[side] = connection->links[side].latency_ns;
        line->pipes[side]      = connection->pipes[side];
        gmq_pipe_watch(connection->pipes[side], &pipe_watch, &line->streams[side]);
    }
    g_hash_table_insert(capture->by_name, line->name, line);
}

static void
on_refused(void *user, const GmqClientSpec *client)
{
    add_line(user, client->name, client)->is_refused = true;
}

static void
on_sent(void *user, const char *connection, GmqWireSide side, GmqSlice bytes)
{
    (void)user;
    (void)connection;
    (void)side;
    (void)bytes;
}

static void
on_arrived(void *user, const char *connection, GmqWireSide side, GmqSlice bytes)
{
    GmqCapture *capture   = user;
    GmqCapturedLine *line = g_hash_table_lookup(capture->by_name, connection);

    if (line == NULL)
        return;
    line->streams[side].n_read += bytes.size;
    gmq_capture_read(&line->streams[side]);
}

static const GmqWatch world_watch = {
    .sent      = on_sent,
    .arrived   = on_arrived,
    .connected = on_connected,
    .refused   = on_refused,
};

/* ---- all ---- */

GmqCapture *
gmq_capture_new(GmqWorld *world)
{
    GmqCapture *capture = g_new0(GmqCapture, 1);

    capture->world   = world;
    capture->lines   = g_ptr_array_new_with_free_func(free_line);
    capture->streams = g_ptr_array_new();
    capture->by_name = g_hash_table_new(g_str_hash, g_str_equal);
    capture->frames  = g_array_new(FALSE, FALSE, sizeof(GmqCapturedFrame));
    capture->places  = g_array_new(FALSE, FALSE, sizeof(GmqFramePlace));
    gmq_world_watch(world, &world_watch, capture);
    return capture;
}

void
gmq_capture_free(GmqCapture *capture)
{
    if (capture == NULL)
        return;
    gmq_world_watch(capture->world, NULL, NULL);
    for (unsigned i = 0; i < capture->lines->len; i++) {
        const GmqCapturedLine *line = capture->lines->pdata[i];

        for (unsigned side = 0; side < GMQ_N_SIDES && !line->is_refused; side++)
            gmq_pipe_watch(line->pipes[side], NULL, NULL);
    }
    g_hash_table_unref(capture->by_name);
    g_ptr_array_unref(capture->streams);
    g_ptr_array_unref(capture->lines);
    g_array_unref(capture->frames);
    g_array_unref(capture->places);
    g_free(capture);
}

void
gmq_capture_finish(GmqCapture *capture)
{
    for (unsigned i = 0; i < capture->lines->len; i++) {
        const GmqCapturedLine *line = capture->lines->pdata[i];

        for (unsigned side = 0; side < GMQ_N_SIDES && !line->is_refused; side++)
            gmq_pipe_tell_landed(line->pipes[side]);
    }
    gmq_capture_tie(capture);
}

size_t
gmq_capture_frame_count(const GmqCapture *capture)
{
    return capture->frames->len;
}

const GmqCapturedFrame *
gmq_capture_frame(const GmqCapture *capture, size_t index)
{
    g_assert(index < capture->frames->len);
    return &g_array_index(capture->frames, GmqCapturedFrame, index);
}
