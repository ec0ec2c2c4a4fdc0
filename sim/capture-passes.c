/* What passes one end of the lines of a capture, the near one, and when. */
#include <string.h>

#include "sim/capture-private.h"
#include "sim/resend.h"
#include "sim/world-private.h"

typedef struct {
    const GmqCapture *capture;
    GmqWireSide out; /* the direction that leaves the near end */
    GArray *passes;  /* of GmqPass */
} Walk;

/* ---- what holds a line ---- */

static unsigned
holds_at(const GmqCapturedStream *stream, int64_t time_ns)
{
    unsigned holds = 0;

    for (unsigned i = 0; i < stream->holdings->len; i++) {
        const GmqHolding *holding = &g_array_index(stream->holdings, GmqHolding, i);

        if (holding->time_ns > time_ns)
            break;
        holds = holding->holds;
    }
    return holds;
}

static bool
is_cut(const GmqCapturedStream *stream, int64_t time_ns)
{
    return (holds_at(stream, time_ns) & GMQ_HELD_BY_CUT) != 0;
}

/* When something small arrives that would be there then. */
static int64_t
get_through(const GmqCapturedStream *stream, int64_t time_ns)
{
    unsigned holds = holds_at(stream, time_ns);

    if ((holds & GMQ_HELD_BY_CUT) != 0)
        return GMQ_NEVER;
    for (unsigned i = 0; (holds & GMQ_HELD_BY_CLOG) != 0 && i < stream->holdings->len; i++) {
        const GmqHolding *holding = &g_array_index(stream->holdings, GmqHolding, i);

        if (holding->time_ns <= time_ns || (holding->holds & GMQ_HELD_BY_CLOG) != 0)
            continue;
        return (holding->holds & GMQ_HELD_BY_CUT) != 0 ? GMQ_NEVER : holding->time_ns;
    }
    return (holds & GMQ_HELD_BY_CLOG) != 0 ? GMQ_NEVER : time_ns;
}

int64_t
gmq_capture_landing(const GmqCapturedStream *stream, const GmqPiece *piece)
{
    if (piece->landed_ns != GMQ_NEVER || !stream->is_abandoned)
        return piece->landed_ns;
    return piece->lands_ns == GMQ_NEVER ? GMQ_NEVER : get_through(stream, piece->lands_ns);
}

/* ---- what passes ---- */

static void
add_pass(Walk *walk, GmqPass pass)
{
    if (pass.time_ns != GMQ_NEVER && pass.time_ns <= gmq_world_now(walk->capture->world))
        g_array_append_val(walk->passes, pass);
}

static GmqWireSide
other(GmqWireSide side)
{
    return side == GMQ_TO_BROKER ? GMQ_FROM_BROKER : GMQ_TO_BROKER;
}

/* SYN, SYN and ACK, ACK. Both ends know of the connection when the first and the second have made
 * their way, so the broker saw the first of them before. */
static void
add_handshake(Walk *walk, const GmqCapturedLine *line)
{
    const int64_t *latency = line->latency_ns;
    int64_t back_ns        = latency[1] / 2;
    int64_t knock_ns       = MAX(line->knocked_ns, line->opened_ns - back_ns - latency[0]);
    bool is_near           = walk->out == GMQ_TO_BROKER;
    int64_t answer_ns      = is_near ? line->opened_ns : line->opened_ns - back_ns;
    GmqPass pass           = {.line = line, .at = line->opened_at, .side = GMQ_TO_BROKER};

    if (is_near && line->knocked_ns < knock_ns) {
        pass.time_ns = line->knocked_ns;
        add_pass(walk, pass);
    }
    pass.time_ns = is_near ? knock_ns : answer_ns;
    add_pass(walk, pass);
    pass.side    = GMQ_FROM_BROKER;
    pass.kind    = GMQ_PASS_SYN_ACK;
    pass.time_ns = answer_ns;
    add_pass(walk, pass);
    pass.side    = GMQ_TO_BROKER;
    pass.kind    = GMQ_PASS_ACK;
    pass.time_ns = is_near ? line->opened_ns : line->opened_ns + latency[0];
    add_pass(walk, pass);
}

static void
add_refusal(Walk *walk, const GmqCapturedLine *line)
{
    GmqPass pass = {
        .line = line, .at = line->opened_at, .side = GMQ_TO_BROKER, .time_ns = line->opened_ns};

    add_pass(walk, pass);
    pass.side = GMQ_FROM_BROKER;
    pass.kind = GMQ_PASS_REFUSAL;
    add_pass(walk, pass);
}

/* Pieces from the index-th on that went and came as one are one; the answer is the next index. */
static unsigned
join_pieces(const GmqCapturedStream *stream, unsigned index, GmqPiece *joined)
{
    *joined = g_array_index(stream->pieces, GmqPiece, index++);
    for (; index < stream->pieces->len; index++) {
        const GmqPiece *piece = &g_array_index(stream->pieces, GmqPiece, index);

        if (piece->sent_ns != joined->sent_ns || piece->landed_ns != joined->landed_ns ||
            piece->lands_ns != joined->lands_ns || piece->losses != joined->losses ||
            piece->is_again != joined->is_again || piece->end - joined->first > GMQ_SEGMENT_MAX)
            break;
        joined->end       = piece->end;
        joined->landed_at = piece->landed_at;
    }
    return index;
}

/* The far end answers what it got. */
static void
add_far_ack(Walk *walk, const GmqCapturedLine *line, const GmqPiece *piece, int64_t landed_ns)
{
    GmqWireSide in = other(walk->out);

    if (landed_ns == GMQ_NEVER)
        return;
    add_pass(walk, (GmqPass){.line    = line,
                             .side    = in,
                             .kind    = GMQ_PASS_ACK,
                             .time_ns = get_through(&line->streams[in], landed_ns + piece->back_ns),
                             .at      = piece->landed_at,
                             .end     = piece->end,
                             .heard_ns = landed_ns});
}

/* The near end sees all that it sends, but what it sends into a cut. */
static void
add_outgoing(Walk *walk, const GmqCapturedLine *line, const GmqPiece *piece)
{
    const GmqCapturedStream *stream = &line->streams[walk->out];
    int64_t landed_ns               = gmq_capture_landing(stream, piece);
    GmqPass pass                    = {.line  = line,
                                       .side  = walk->out,
                                       .kind  = GMQ_PASS_DATA,
                                       .at    = piece->left_at,
                                       .first = piece->first,
                                       .end   = piece->end};

    for (unsigned i = 0; i <= MIN(piece->losses, GMQ_RESEND_LOSSES_MAX - 1); i++) {
        pass.time_ns = piece->sent_ns + gmq_resend_wait(i);
        if (pass.time_ns <= stream->dropped_ns && !is_cut(stream, pass.time_ns))
            add_pass(walk, pass);
    }
    if (piece->is_again && landed_ns != GMQ_NEVER) {
        pass.time_ns = MAX(landed_ns - piece->latency_ns, piece->sent_ns);
        add_pass(walk, pass);
    }
    add_far_ack(walk, line, piece, landed_ns);
}

static void
add_incoming(Walk *walk, const GmqCapturedLine *line, const GmqPiece *piece)
{
    int64_t landed_ns = gmq_capture_landing(&line->streams[other(walk->out)], piece);
    bool is_late      = piece->losses > 0 || piece->is_again;

    if (landed_ns == GMQ_NEVER)
        return;
    add_pass(walk, (GmqPass){.line     = line,
                             .side     = other(walk->out),
                             .kind     = GMQ_PASS_DATA,
                             .time_ns  = landed_ns,
                             .at       = piece->landed_at != 0 ? piece->landed_at : piece->left_at,
                             .first    = piece->first,
                             .end      = piece->end,
                             .heard_ns = is_late ? landed_ns - piece->latency_ns : piece->sent_ns});
}

/* What the line makes up is seen where it arrives. */
static void
add_end(Walk *walk, const GmqCapturedLine *line, GmqWireSide side)
{
    const GmqCapturedStream *stream = &line->streams[side];
    bool is_out                     = side == walk->out;
    GmqPass pass = {.line = line, .side = side, .kind = GMQ_PASS_END, .end = stream->bytes->len};

    if (!stream->has_end || (is_out && stream->is_made_up))
        return;
    pass.time_ns  = is_out ? stream->end_sent_ns : stream->end_lands_ns;
    pass.at       = is_out ? stream->end_left_at : stream->end_landed_at;
    pass.heard_ns = stream->end_sent_ns;
    if (is_out && is_cut(stream, pass.time_ns))
        return;
    if (!is_out && !stream->has_end_landed)
        pass.time_ns = stream->is_abandoned ? get_through(stream, pass.time_ns) : GMQ_NEVER;
    add_pass(walk, pass);
    if (!is_out || stream->is_reset || !stream->has_end_landed)
        return;
    pass.side     = other(side);
    pass.kind     = GMQ_PASS_ACK;
    pass.heard_ns = stream->end_lands_ns;
    pass.at       = stream->end_landed_at;
    pass.time_ns  = get_through(&line->streams[pass.side],
                                stream->end_lands_ns + line->links[pass.side].latency_ns);
    add_pass(walk, pass);
}

static void
add_line(Walk *walk, const GmqCapturedLine *line)
{
    if (line->is_refused) {
        add_refusal(walk, line);
        return;
    }
    add_handshake(walk, line);
    for (unsigned side = 0; side < GMQ_N_SIDES; side++) {
        const GmqCapturedStream *stream = &line->streams[side];
        GmqPiece piece;

        for (unsigned i = 0; i < stream->pieces->len;) {
            i = join_pieces(stream, i, &piece);
            (side == walk->out ? add_outgoing : add_incoming)(walk, line, &piece);
        }
        add_end(walk, line, side);
    }
}

static int
compare_passes(const void *a, const void *b)
{
    const GmqPass *one  = a;
    const GmqPass *more = b;

    if (one->time_ns != more->time_ns)
        return one->time_ns < more->time_ns ? -1 : 1;
    if (one->at != more->at)
        return one->at < more->at ? -1 : 1;
    if (one->kind != more->kind)
        return one->kind < more->kind ? -1 : 1;
    return one->first < more->first ? -1 : one->first > more->first;
}

GArray *
gmq_capture_passes(const GmqCapture *capture, GmqWireSide out, const char *client)
{
    Walk walk = {capture, out, g_array_new(FALSE, FALSE, sizeof(GmqPass))};

    for (unsigned i = 0; i < capture->lines->len; i++) {
        const GmqCapturedLine *line = capture->lines->pdata[i];

        if (client == NULL || strcmp(client, line->client->name) == 0)
            add_line(&walk, line);
    }
    g_array_sort(walk.passes, compare_passes);
    return walk.passes;
}
