#include "core/base/wide.h"
#include "sim/exponential.h"
#include "sim/pipe-private.h"
#include "sim/resend.h"

GmqPipe *
gmq_pipe_new(GmqSchedule *schedule, const GmqLinkSpec *link, GmqPipeStreams streams,
             const GmqPipeEvents *events, void *user)
{
    GmqPipe *pipe = g_new0(GmqPipe, 1);

    pipe->schedule = schedule;
    pipe->link     = link;
    pipe->streams  = streams;
    pipe->events   = events;
    pipe->user     = user;
    return pipe;
}

void
gmq_pipe_free(GmqPipe *pipe)
{
    if (pipe == NULL)
        return;
    gmq_schedule_forget(pipe->schedule, &pipe->ticket);
    gmq_schedule_forget(pipe->schedule, &pipe->writable_ticket);
    gmq_schedule_forget(pipe->schedule, &pipe->death_ticket);
    g_free(pipe->bytes);
    g_free(pipe->segments);
    g_free(pipe->marks);
    g_free(pipe);
}

bool
gmq_pipe_is_held(const GmqPipe *pipe, unsigned by)
{
    return (pipe->holds & by) != 0;
}

size_t
gmq_pipe_in_flight(const GmqPipe *pipe)
{
    return (size_t)(pipe->written - pipe->arrived);
}

/* ---- arriving ---- */

static void on_arrival(void *data);

static bool
has_segment(const GmqPipe *pipe)
{
    return pipe->n_segments_gone < pipe->n_segments;
}

static const GmqSegment *
next_segment(const GmqPipe *pipe)
{
    return &pipe->segments[pipe->n_segments_gone];
}

void
gmq_pipe_ask_arrival(GmqPipe *pipe)
{
    if (pipe->ticket != 0 || pipe->holds != 0 || pipe->is_over)
        return;
    if (!has_segment(pipe) && !pipe->is_ended)
        return;

    int64_t time_ns = has_segment(pipe) ? next_segment(pipe)->time_ns : pipe->end_ns;
    pipe->ticket    = gmq_schedule_add(pipe->schedule, time_ns, GMQ_PHASE_NETWORK, "bytes arrive",
                                       on_arrival, pipe);
}

static void
on_writable(void *data)
{
    GmqPipe *pipe = data;

    pipe->writable_ticket = 0;
    pipe->events->writable(pipe->user);
}

void
gmq_pipe_tell_room(GmqPipe *pipe)
{
    if (!pipe->wants_room || pipe->written - pipe->arrived >= pipe->link->buffer)
        return;
    pipe->wants_room = false;
    if (pipe->writable_ticket == 0)
        pipe->writable_ticket = gmq_schedule_add(pipe->schedule, gmq_schedule_now(pipe->schedule),
                                                 GMQ_PHASE_NETWORK, "writable", on_writable, pipe);
}

/* How many of the next size bytes the reader sees at once. */
static size_t
chunk_size(GmqPipe *pipe, size_t size)
{
    switch (pipe->link->chunks) {
    case GMQ_CHUNKS_SEGMENTS:
        return MIN(size, GMQ_SEGMENT_MAX);
    case GMQ_CHUNKS_RANDOM:
        return 1 + (size_t)gmq_random_below(pipe->streams.chunks, size);
    case GMQ_CHUNKS_BYTES:
        return 1;
    default:
        return size;
    }
}

/* Hands over one chunk, cut where its cause changes. */
static void
hand_over(GmqPipe *pipe, size_t size)
{
    while (size > 0 && !pipe->is_over) {
        const GmqMark *mark = &pipe->marks[pipe->n_marks_gone];
        size_t part         = (size_t)MIN(size, mark->end - pipe->arrived);
        GmqSlice bytes      = {pipe->bytes + pipe->skipped, part};
        uint64_t cause      = mark->cause;

        if (pipe->arrived + part == mark->end)
            pipe->n_marks_gone++;
        pipe->arrived += part;
        pipe->skipped += part;
        size -= part;
        pipe->events->arrived(pipe->user, bytes, cause);
    }
}

/* Takes the first gone of n things of that size out of an array. */
static void
drop_first(void *things, size_t *n, size_t gone, size_t size)
{
    *n -= gone;
    if (gone > 0 && *n > 0)
        memmove(things, (uint8_t *)things + gone * size, *n * size);
}

void
gmq_pipe_tidy(GmqPipe *pipe)
{
    if (pipe->skipped < pipe->n_bytes && pipe->skipped < 65536)
        return;
    drop_first(pipe->bytes, &pipe->n_bytes, pipe->skipped, 1);
    drop_first(pipe->segments, &pipe->n_segments, pipe->n_segments_gone, sizeof(GmqSegment));
    drop_first(pipe->marks, &pipe->n_marks, pipe->n_marks_gone, sizeof(GmqMark));
    pipe->skipped         = 0;
    pipe->n_segments_gone = 0;
    pipe->n_marks_gone    = 0;
}

static void
tell_landed(const GmqPipe *pipe, const GmqSegment *segment)
{
    if (pipe->watch != NULL)
        pipe->watch->landed(pipe->watcher, segment->end, MAX(segment->time_ns, pipe->clear_ns),
                            segment->is_again);
}

void
gmq_pipe_tell_landed(GmqPipe *pipe)
{
    int64_t now_ns = gmq_schedule_now(pipe->schedule);

    if (pipe->watch == NULL || gmq_pipe_is_held(pipe, GMQ_HELD_BY_CUT | GMQ_HELD_BY_CLOG))
        return;
    for (size_t i = pipe->n_segments_gone; i < pipe->n_segments; i++) {
        const GmqSegment *segment = &pipe->segments[i];

        if (segment->time_ns <= now_ns)
            tell_landed(pipe, segment);
    }
}

void
gmq_pipe_watch(GmqPipe *pipe, const GmqPipeWatch *watch, void *user)
{
    pipe->watch   = watch;
    pipe->watcher = user;
}

/* The place up to which bytes have come by now. */
static uint64_t
take_segments(GmqPipe *pipe)
{
    int64_t now_ns = gmq_schedule_now(pipe->schedule);
    uint64_t end   = pipe->arrived;

    while (has_segment(pipe) && next_segment(pipe)->time_ns <= now_ns) {
        end = next_segment(pipe)->end;
        tell_landed(pipe, next_segment(pipe));
        pipe->n_segments_gone++;
    }
    return end;
}

static void
tell_end(GmqPipe *pipe)
{
    bool is_due =
        pipe->is_ended && !has_segment(pipe) && pipe->end_ns <= gmq_schedule_now(pipe->schedule);

    if (!is_due || pipe->is_over)
        return;
    pipe->is_over = true;
    if (pipe->watch != NULL)
        pipe->watch->end_landed(pipe->watcher);
    pipe->events->ended(pipe->user, pipe->is_reset, pipe->end_cause);
}

static void
on_arrival(void *data)
{
    GmqPipe *pipe = data;

    pipe->ticket = 0;
    uint64_t end = take_segments(pipe);
    if (end > pipe->arrived) {
        while (pipe->arrived < end && !pipe->is_over)
            hand_over(pipe, chunk_size(pipe, (size_t)(end - pipe->arrived)));
        pipe->events->turn_ended(pipe->user);
    }
    tell_end(pipe);
    gmq_pipe_tidy(pipe);
    gmq_pipe_tell_room(pipe);
    gmq_pipe_ask_arrival(pipe);
}

/* ---- writing ---- */

int64_t
gmq_pipe_departure_time(GmqPipe *pipe, size_t size)
{
    int64_t time_ns = MAX(gmq_schedule_now(pipe->schedule), pipe->line_free_ns);

    if (pipe->link->rate > 0) {
        uint64_t bits = (uint64_t)size * 8;
        uint64_t ns   = gmq_wide_ratio(bits, 1000000000u, pipe->link->rate);

        time_ns            = gmq_time_later(time_ns, ns > INT64_MAX ? INT64_MAX : (int64_t)ns);
        pipe->line_free_ns = time_ns;
    }
    return time_ns;
}

static int64_t
draw_jitter(GmqPipe *pipe)
{
    const GmqLinkSpec *link = pipe->link;

    if (link->jitter_ns == 0)
        return 0;
    if (link->jitter_shape == GMQ_JITTER_EXPONENTIAL)
        return gmq_exponential(pipe->streams.jitter, link->jitter_ns);
    return (int64_t)gmq_random_below(pipe->streams.jitter, (uint64_t)link->jitter_ns + 1);
}

int64_t
gmq_pipe_arrival_time(GmqPipe *pipe, int64_t sent_ns)
{
    int64_t time_ns =
        gmq_time_later(gmq_time_later(sent_ns, draw_jitter(pipe)), pipe->link->latency_ns);

    pipe->own_ns  = time_ns;
    pipe->last_ns = MAX(pipe->last_ns, time_ns);
    return pipe->last_ns;
}

static void
on_death(void *data)
{
    GmqPipe *pipe = data;

    pipe->death_ticket = 0;
    if (!pipe->is_over && !pipe->is_severed)
        pipe->events->died(pipe->user);
}

/* The array, where so many things of that size fit in. */
static void *
with_room(void *things, size_t *room, size_t n, size_t size)
{
    if (G_LIKELY(n <= *room))
        return things;
    *room = MAX(n, 2 * *room);
    return g_realloc_n(things, *room, size);
}

/* What is lost too often holds all that comes later for ever, until its sender gives up. */
static int64_t
lose(GmqPipe *pipe, unsigned losses, int64_t sent_ns)
{
    int64_t time_ns = gmq_time_later(sent_ns, gmq_resend_wait(losses));

    if (pipe->events->lost != NULL)
        pipe->events->lost(pipe->user, losses);
    if (losses < GMQ_RESEND_LOSSES_MAX)
        return time_ns;
    pipe->fatal_loss = pipe->link->loss;
    if (pipe->death_ticket == 0)
        pipe->death_ticket = gmq_schedule_add(pipe->schedule, time_ns, GMQ_PHASE_NETWORK,
                                              "a connection dies of loss", on_death, pipe);
    return INT64_MAX;
}

static void
tell_left(const GmqPipe *pipe, const GmqSegment *segment, const uint8_t *bytes, size_t size,
          unsigned losses)
{
    if (pipe->watch != NULL)
        pipe->watch->left(pipe->watcher, &(GmqPipeSegment){.bytes      = {bytes, size},
                                                           .sent_ns    = segment->sent_ns,
                                                           .lands_ns   = pipe->own_ns,
                                                           .reaches_ns = segment->time_ns,
                                                           .latency_ns = pipe->link->latency_ns,
                                                           .losses     = losses});
}

/* Bytes that arrive at the same time are one segment. */
static void
add_segment(GmqPipe *pipe, const uint8_t *bytes, size_t size)
{
    int64_t sent_ns    = gmq_pipe_departure_time(pipe, size);
    unsigned losses    = gmq_resend_draw(pipe->streams.loss, pipe->link->loss);
    int64_t last_ns    = losses == 0 ? sent_ns : lose(pipe, losses, sent_ns);
    GmqSegment segment = {gmq_pipe_arrival_time(pipe, last_ns), sent_ns, pipe->written + size,
                          false};

    pipe->written += size;
    tell_left(pipe, &segment, bytes, size, losses);
    if (has_segment(pipe)) {
        GmqSegment *last = &pipe->segments[pipe->n_segments - 1];

        if (last->time_ns == segment.time_ns) {
            last->end = segment.end;
            return;
        }
    }
    pipe->segments =
        with_room(pipe->segments, &pipe->segments_room, pipe->n_segments + 1, sizeof segment);
    pipe->segments[pipe->n_segments++] = segment;
}

static void
add_mark(GmqPipe *pipe, uint64_t cause)
{
    GmqMark mark = {pipe->written, cause};

    if (pipe->n_marks_gone < pipe->n_marks) {
        GmqMark *last = &pipe->marks[pipe->n_marks - 1];

        if (last->cause == cause) {
            last->end = pipe->written;
            return;
        }
    }
    pipe->marks = with_room(pipe->marks, &pipe->marks_room, pipe->n_marks + 1, sizeof mark);
    pipe->marks[pipe->n_marks++] = mark;
}

size_t
gmq_pipe_write(GmqPipe *pipe, GmqSlice bytes, uint64_t cause)
{
    if (pipe->is_over || pipe->is_severed)
        return bytes.size;

    g_assert(!pipe->is_ended);

    size_t room =
        (size_t)(pipe->link->buffer - MIN(pipe->link->buffer, pipe->written - pipe->arrived));
    size_t size = MIN(bytes.size, room);

    pipe->wants_room |= size < bytes.size;
    if (size == 0)
        return 0;
    pipe->bytes = with_room(pipe->bytes, &pipe->bytes_room, pipe->n_bytes + size, 1);
    memcpy(pipe->bytes + pipe->n_bytes, bytes.data, size);
    pipe->n_bytes += size;
    for (size_t left = size; left > 0; left -= MIN(left, GMQ_SEGMENT_MAX))
        add_segment(pipe, bytes.data + (size - left), MIN(left, GMQ_SEGMENT_MAX));
    add_mark(pipe, cause);
    gmq_pipe_ask_arrival(pipe);
    return size;
}
