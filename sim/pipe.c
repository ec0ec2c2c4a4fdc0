#include "sim/pipe.h"

/* Bytes up to this place arrive together. Places count from the first byte ever written. */
typedef struct {
    int64_t time_ns;
    uint64_t end;
} Segment;

/* Bytes up to this place were written because of that event. */
typedef struct {
    uint64_t end;
    uint64_t cause;
} Mark;

struct GmqPipe {
    GmqSchedule *schedule;
    const GmqLinkSpec *link;
    GmqRandom *jitter;
    GmqRandom *chunks;
    const GmqPipeEvents *events;
    void *user;

    GByteArray *bytes; /* on their way; the first skipped of them have arrived */
    size_t skipped;
    GArray *segments; /* of Segment; the first n_segments_gone have arrived */
    GArray *marks;    /* of Mark; likewise */
    unsigned n_segments_gone;
    unsigned n_marks_gone;
    uint64_t written;
    uint64_t arrived;

    int64_t line_free_ns; /* when the sender's line has sent all */
    int64_t last_ns;      /* the latest arrival so far */
    int64_t end_ns;       /* when the reader is told of the end */
    uint64_t end_cause;

    uint64_t ticket;          /* of the next arrival; 0: none */
    uint64_t writable_ticket; /* likewise */

    bool is_cut;
    bool is_reading;
    bool is_ended; /* the end is on its way */
    bool is_reset;
    bool is_over; /* the reader was told of the end, or has gone */
    bool wants_room;
};

GmqPipe *
gmq_pipe_new(GmqSchedule *schedule, const GmqLinkSpec *link, GmqRandom *jitter, GmqRandom *chunks,
             const GmqPipeEvents *events, void *user)
{
    GmqPipe *pipe = g_new0(GmqPipe, 1);

    pipe->schedule   = schedule;
    pipe->link       = link;
    pipe->jitter     = jitter;
    pipe->chunks     = chunks;
    pipe->events     = events;
    pipe->user       = user;
    pipe->bytes      = g_byte_array_new();
    pipe->segments   = g_array_new(FALSE, FALSE, sizeof(Segment));
    pipe->marks      = g_array_new(FALSE, FALSE, sizeof(Mark));
    pipe->is_reading = true;
    return pipe;
}

void
gmq_pipe_free(GmqPipe *pipe)
{
    if (pipe == NULL)
        return;
    gmq_schedule_forget(pipe->schedule, &pipe->ticket);
    gmq_schedule_forget(pipe->schedule, &pipe->writable_ticket);
    g_byte_array_unref(pipe->bytes);
    g_array_unref(pipe->segments);
    g_array_unref(pipe->marks);
    g_free(pipe);
}

bool
gmq_pipe_is_cut(const GmqPipe *pipe)
{
    return pipe->is_cut;
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
    return pipe->n_segments_gone < pipe->segments->len;
}

static const Segment *
next_segment(const GmqPipe *pipe)
{
    return &g_array_index(pipe->segments, Segment, pipe->n_segments_gone);
}

/* Asks for the next arrival, unless it is asked for already or nothing can arrive. */
static void
ask_arrival(GmqPipe *pipe)
{
    if (pipe->ticket != 0 || pipe->is_cut || pipe->is_over || !pipe->is_reading)
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

static void
tell_room(GmqPipe *pipe)
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
        return 1 + (size_t)gmq_random_below(pipe->chunks, size);
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
        const Mark *mark = &g_array_index(pipe->marks, Mark, pipe->n_marks_gone);
        size_t part      = (size_t)MIN(size, mark->end - pipe->arrived);
        GmqSlice bytes   = {pipe->bytes->data + pipe->skipped, part};
        uint64_t cause   = mark->cause;

        if (pipe->arrived + part == mark->end)
            pipe->n_marks_gone++;
        pipe->arrived += part;
        pipe->skipped += part;
        size -= part;
        pipe->events->arrived(pipe->user, bytes, cause);
    }
}

/* Forgets what has arrived, when that is all or much. */
static void
tidy(GmqPipe *pipe)
{
    if (pipe->skipped < pipe->bytes->len && pipe->skipped < 65536)
        return;
    if (pipe->skipped > 0)
        g_byte_array_remove_range(pipe->bytes, 0, (unsigned)pipe->skipped);
    if (pipe->n_segments_gone > 0)
        g_array_remove_range(pipe->segments, 0, pipe->n_segments_gone);
    if (pipe->n_marks_gone > 0)
        g_array_remove_range(pipe->marks, 0, pipe->n_marks_gone);
    pipe->skipped         = 0;
    pipe->n_segments_gone = 0;
    pipe->n_marks_gone    = 0;
}

/* The place up to which bytes have come by now. */
static uint64_t
take_segments(GmqPipe *pipe)
{
    int64_t now_ns = gmq_schedule_now(pipe->schedule);
    uint64_t end   = pipe->arrived;

    while (has_segment(pipe) && next_segment(pipe)->time_ns <= now_ns) {
        end = next_segment(pipe)->end;
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
    tidy(pipe);
    tell_room(pipe);
    ask_arrival(pipe);
}

/* ---- writing ---- */

/* When size more bytes will have arrived. A time that would leave 64 bits never comes. */
static int64_t
arrival_time(GmqPipe *pipe, size_t size)
{
    const GmqLinkSpec *link = pipe->link;
    int64_t time_ns         = MAX(gmq_schedule_now(pipe->schedule), pipe->line_free_ns);
    uint64_t bits           = (uint64_t)size * 8;

    if (link->rate > 0) {
        unsigned __int128 ns = (unsigned __int128)bits * 1000000000u / link->rate;

        if (ns > INT64_MAX || __builtin_add_overflow(time_ns, (int64_t)ns, &time_ns))
            time_ns = INT64_MAX;
        pipe->line_free_ns = time_ns;
    }
    if (link->jitter_ns > 0) {
        uint64_t extra = gmq_random_below(pipe->jitter, (uint64_t)link->jitter_ns + 1);

        if (__builtin_add_overflow(time_ns, (int64_t)extra, &time_ns))
            time_ns = INT64_MAX;
    }
    if (__builtin_add_overflow(time_ns, link->latency_ns, &time_ns))
        time_ns = INT64_MAX;
    pipe->last_ns = MAX(pipe->last_ns, time_ns);
    return pipe->last_ns;
}

/* Bytes that arrive at the same time are one segment. */
static void
add_segment(GmqPipe *pipe, size_t size)
{
    Segment segment = {arrival_time(pipe, size), pipe->written + size};

    pipe->written += size;
    if (has_segment(pipe)) {
        Segment *last = &g_array_index(pipe->segments, Segment, pipe->segments->len - 1);

        if (last->time_ns == segment.time_ns) {
            last->end = segment.end;
            return;
        }
    }
    g_array_append_val(pipe->segments, segment);
}

static void
add_mark(GmqPipe *pipe, uint64_t cause)
{
    Mark mark = {pipe->written, cause};

    if (pipe->n_marks_gone < pipe->marks->len) {
        Mark *last = &g_array_index(pipe->marks, Mark, pipe->marks->len - 1);

        if (last->cause == cause) {
            last->end = pipe->written;
            return;
        }
    }
    g_array_append_val(pipe->marks, mark);
}

size_t
gmq_pipe_write(GmqPipe *pipe, GmqSlice bytes, uint64_t cause)
{
    g_assert(!pipe->is_ended);

    if (pipe->is_over)
        return bytes.size;

    size_t room =
        (size_t)(pipe->link->buffer - MIN(pipe->link->buffer, pipe->written - pipe->arrived));
    size_t size = MIN(bytes.size, room);

    pipe->wants_room |= size < bytes.size;
    if (size == 0)
        return 0;
    g_byte_array_append(pipe->bytes, bytes.data, (unsigned)size);
    for (size_t left = size; left > 0; left -= MIN(left, GMQ_SEGMENT_MAX))
        add_segment(pipe, MIN(left, GMQ_SEGMENT_MAX));
    add_mark(pipe, cause);
    ask_arrival(pipe);
    return size;
}

void
gmq_pipe_end(GmqPipe *pipe, uint64_t cause)
{
    if (pipe->is_ended)
        return;
    pipe->is_ended   = true;
    pipe->wants_room = false;
    pipe->end_ns     = arrival_time(pipe, 0);
    pipe->end_cause  = cause;
    ask_arrival(pipe);
}

void
gmq_pipe_reset(GmqPipe *pipe, uint64_t cause)
{
    if (pipe->is_over)
        return;
    gmq_schedule_forget(pipe->schedule, &pipe->ticket);
    pipe->is_reset        = true;
    pipe->arrived         = pipe->written;
    pipe->skipped         = pipe->bytes->len;
    pipe->n_segments_gone = pipe->segments->len;
    pipe->n_marks_gone    = pipe->marks->len;
    tidy(pipe);
    pipe->is_ended = false;
    pipe->last_ns  = 0;
    gmq_pipe_end(pipe, cause);
}

void
gmq_pipe_abandon(GmqPipe *pipe)
{
    pipe->is_over = true;
    gmq_schedule_forget(pipe->schedule, &pipe->ticket);
    gmq_schedule_forget(pipe->schedule, &pipe->writable_ticket);
}

void
gmq_pipe_set_reading(GmqPipe *pipe, bool is_reading)
{
    pipe->is_reading = is_reading;
    if (is_reading)
        ask_arrival(pipe);
    else
        gmq_schedule_forget(pipe->schedule, &pipe->ticket);
}

/* What is on its way was lost, and is sent again at once when the line is whole. */
static void
send_again(GmqPipe *pipe)
{
    int64_t time_ns = gmq_schedule_now(pipe->schedule);

    if (__builtin_add_overflow(time_ns, pipe->link->latency_ns, &time_ns))
        time_ns = INT64_MAX;
    for (unsigned i = pipe->n_segments_gone; i < pipe->segments->len; i++) {
        Segment *segment = &g_array_index(pipe->segments, Segment, i);
        segment->time_ns = MAX(segment->time_ns, time_ns);
    }
    pipe->end_ns  = MAX(pipe->end_ns, time_ns);
    pipe->last_ns = MAX(pipe->last_ns, time_ns);
}

void
gmq_pipe_set_cut(GmqPipe *pipe, bool is_cut)
{
    if (pipe->is_cut == is_cut)
        return;
    pipe->is_cut = is_cut;
    if (is_cut) {
        gmq_schedule_forget(pipe->schedule, &pipe->ticket);
    } else {
        send_again(pipe);
        ask_arrival(pipe);
    }
}
