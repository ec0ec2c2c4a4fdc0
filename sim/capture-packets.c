/* The packets of a capture, as they pass one end of the lines: the near one.
 *
 * What passes is walked through once, in order of time, which gives sequence numbers and
 * acknowledgements. */
#include "sim/capture-private.h"

/* How much of a stream was there, at the far end, from when on. */
typedef struct {
    int64_t time_ns;
    uint64_t end;
} Level;

/* Bytes of a stream. */
typedef struct {
    uint64_t first;
    uint64_t end;
} Span;

/* What a line has come to while its packets are walked through. */
typedef struct {
    GArray *levels;             /* of Level: what the far end got of the near one's */
    int64_t end_heard_ns;       /* when the far end got the near one's end */
    GArray *early;              /* of Span: what came to the near end before what is lost */
    uint64_t got;               /* all up to there has come to the near end */
    uint64_t sent[GMQ_N_SIDES]; /* places behind the last byte that passed */
    uint64_t told[GMQ_N_SIDES]; /* the last acknowledgement that passed */
    bool has_end[GMQ_N_SIDES];
    bool is_over; /* a reset has passed */
} Track;

typedef struct {
    const GmqCapture *capture;
    GmqWireSide out; /* the direction that leaves the near end */
    Track *tracks;   /* by number of the line */
    GArray *packets; /* of GmqPacket */
} Walk;

static GmqWireSide
other(GmqWireSide side)
{
    return side == GMQ_TO_BROKER ? GMQ_FROM_BROKER : GMQ_TO_BROKER;
}

/* ---- how much was there when ---- */

static void
fill_levels(const Walk *walk, Track *track, const GmqCapturedLine *line)
{
    const GmqCapturedStream *stream = &line->streams[walk->out];
    Level level                     = {0, 0};

    track->levels = g_array_new(FALSE, FALSE, sizeof(Level));
    track->early  = g_array_new(FALSE, FALSE, sizeof(Span));
    track->end_heard_ns =
        stream->has_end_landed && !stream->is_reset ? stream->end_lands_ns : GMQ_NEVER;
    for (unsigned i = 0; i < stream->pieces->len; i++) {
        const GmqPiece *piece = &g_array_index(stream->pieces, GmqPiece, i);

        level.time_ns = MAX(level.time_ns, gmq_capture_landing(stream, piece));
        level.end     = piece->end;
        g_array_append_val(track->levels, level);
    }
}

/* Times and places grow together: the last that is not too late. */
static uint64_t
level_at(const Track *track, int64_t time_ns)
{
    g_assert(track->levels != NULL);

    unsigned low  = 0;
    unsigned high = track->levels->len;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;

        if (g_array_index(track->levels, Level, middle).time_ns <= time_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? 0 : g_array_index(track->levels, Level, low - 1).end;
}

/* ---- packets ---- */

static void
put(Walk *walk, const GmqPass *pass, GmqWireSide side, unsigned flags, uint64_t first, uint64_t ack,
    GmqSlice bytes)
{
    const GmqCapturedLine *line = pass->line;
    GmqPacket packet            = {.time_ns      = pass->time_ns,
                                   .name         = line->name,
                                   .client       = line->client->name,
                                   .address      = line->address,
                                   .connection   = line->number,
                                   .side         = side,
                                   .flags        = flags,
                                   .sequence     = (uint32_t)first,
                                   .acknowledged = (uint32_t)ack,
                                   .bytes        = bytes,
                                   .stream       = line->streams[side].number,
                                   .first        = pass->first};

    g_array_append_val(walk->packets, packet);
    if ((flags & GMQ_TCP_ACK) != 0)
        walk->tracks[line->number].told[side] = ack;
}

/* What one end acknowledges: a SYN and a FIN count one each. */
static uint64_t
near_ack(const Walk *walk, const Track *track)
{
    GmqWireSide in = other(walk->out);
    bool is_whole  = track->has_end[in] && track->got == track->sent[in];

    return track->got + 1 + (is_whole ? 1 : 0);
}

static uint64_t
far_ack(const Walk *walk, const Track *track, int64_t time_ns)
{
    uint64_t end   = MIN(level_at(track, time_ns), track->sent[walk->out]);
    bool has_ended = track->end_heard_ns <= time_ns && track->has_end[walk->out];

    return end + 1 + (has_ended && end == track->sent[walk->out] ? 1 : 0);
}

static uint64_t
ack_of(const Walk *walk, const Track *track, const GmqPass *pass)
{
    uint64_t ack =
        pass->side == walk->out ? near_ack(walk, track) : far_ack(walk, track, pass->heard_ns);

    return MAX(ack, track->told[pass->side]);
}

/* The next of the early bytes that are early no more; false without any. */
static bool
take_early(Track *track)
{
    for (unsigned i = 0; i < track->early->len; i++) {
        const Span *span = &g_array_index(track->early, Span, i);

        if (span->first > track->got)
            continue;
        track->got = MAX(track->got, span->end);
        g_array_remove_index_fast(track->early, i);
        return true;
    }
    return false;
}

/* Bytes have come to the near end, maybe before others that were sent earlier. */
static void
take_in(Track *track, uint64_t first, uint64_t end)
{
    Span span = {first, end};

    g_array_append_val(track->early, span);
    while (take_early(track))
        continue;
}

static const GmqSlice no_bytes = {NULL, 0};

/* An acknowledgement that says nothing new is sent for what came early alone. */
static void
put_ack(Walk *walk, Track *track, const GmqPass *pass, GmqWireSide side, uint64_t ack,
        bool is_early)
{
    if (track->is_over || (ack <= track->told[side] && !is_early))
        return;
    ack = MAX(ack, track->told[side]);
    put(walk, pass, side, GMQ_TCP_ACK, track->sent[side] + 1 + (track->has_end[side] ? 1 : 0), ack,
        no_bytes);
}

static void
pass_data(Walk *walk, Track *track, const GmqPass *pass)
{
    const GmqCapturedStream *stream = &pass->line->streams[pass->side];
    GmqSlice bytes = {stream->bytes->data + pass->first, (size_t)(pass->end - pass->first)};

    put(walk, pass, pass->side, GMQ_TCP_PSH | GMQ_TCP_ACK, pass->first + 1,
        ack_of(walk, track, pass), bytes);
    track->sent[pass->side] = MAX(track->sent[pass->side], pass->end);
    if (pass->side == walk->out)
        return;
    take_in(track, pass->first, pass->end);
    put_ack(walk, track, pass, walk->out, near_ack(walk, track), track->early->len > 0);
}

static void
pass_end(Walk *walk, Track *track, const GmqPass *pass)
{
    const GmqCapturedStream *stream = &pass->line->streams[pass->side];
    uint64_t place                  = stream->is_reset ? track->sent[pass->side] : pass->end;

    put(walk, pass, pass->side, (stream->is_reset ? GMQ_TCP_RST : GMQ_TCP_FIN) | GMQ_TCP_ACK,
        place + 1, ack_of(walk, track, pass), no_bytes);
    track->is_over             = stream->is_reset;
    track->has_end[pass->side] = true;
    track->sent[pass->side]    = place;
    if (pass->side != walk->out)
        put_ack(walk, track, pass, walk->out, near_ack(walk, track), false);
}

static void
pass_ack(Walk *walk, Track *track, const GmqPass *pass)
{
    uint64_t ack  = far_ack(walk, track, pass->heard_ns);
    bool is_early = pass->end > 0 && ack < pass->end + 1;

    put_ack(walk, track, pass, pass->side, pass->side == walk->out ? 1 : ack, is_early);
}

static void
pass_one(Walk *walk, const GmqPass *pass)
{
    Track *track = &walk->tracks[pass->line->number];

    if (track->is_over)
        return;
    switch (pass->kind) {
    case GMQ_PASS_SYN:
        put(walk, pass, pass->side, GMQ_TCP_SYN, 0, 0, no_bytes);
        break;
    case GMQ_PASS_SYN_ACK:
        put(walk, pass, pass->side, GMQ_TCP_SYN | GMQ_TCP_ACK, 0, 1, no_bytes);
        break;
    case GMQ_PASS_DATA:
        pass_data(walk, track, pass);
        break;
    case GMQ_PASS_ACK:
        pass_ack(walk, track, pass);
        break;
    case GMQ_PASS_END:
        pass_end(walk, track, pass);
        break;
    case GMQ_PASS_REFUSAL:
        put(walk, pass, pass->side, GMQ_TCP_RST | GMQ_TCP_ACK, 0, 1, no_bytes);
        track->is_over = true;
        break;
    }
}

static void
clear_tracks(Walk *walk)
{
    for (unsigned i = 0; i < walk->capture->lines->len; i++) {
        Track *track = &walk->tracks[i + 1];

        if (track->levels == NULL)
            continue;
        g_array_unref(track->levels);
        g_array_unref(track->early);
    }
    g_free(walk->tracks);
}

GArray *
gmq_capture_packets(const GmqCapture *capture, const char *client)
{
    GmqWireSide out          = client == NULL ? GMQ_FROM_BROKER : GMQ_TO_BROKER;
    g_autoptr(GArray) passes = gmq_capture_passes(capture, out, client);
    Walk walk                = {.capture = capture,
                                .out     = out,
                                .tracks  = g_new0(Track, capture->lines->len + 1),
                                .packets = g_array_new(FALSE, FALSE, sizeof(GmqPacket))};

    for (unsigned i = 0; i < capture->lines->len; i++) {
        const GmqCapturedLine *line = capture->lines->pdata[i];

        if (!line->is_refused)
            fill_levels(&walk, &walk.tracks[line->number], line);
    }
    for (unsigned i = 0; i < passes->len; i++)
        pass_one(&walk, &g_array_index(passes, GmqPass, i));
    clear_tracks(&walk);
    return walk.packets;
}

const size_t *
gmq_capture_frames_in(const GmqCapture *capture, const GmqPacket *packet, size_t *n)
{
    const GmqCapturedStream *stream = capture->streams->pdata[packet->stream];
    const size_t *starts            = (const size_t *)(const void *)stream->starts->data;
    unsigned low                    = 0;
    unsigned high                   = stream->starts->len;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;

        if (starts[middle] < packet->first)
            low = middle + 1;
        else
            high = middle;
    }
    high = low;
    while (high < stream->starts->len && starts[high] < packet->first + packet->bytes.size)
        high++;
    *n = high - low;
    return (const size_t *)(const void *)stream->frames->data + low;
}
