/* What befalls a pipe as a whole: it ends, is broken, closed and held. */
#include "sim/pipe-private.h"
#include "sim/resend.h"

static void
set_end(GmqPipe *pipe, int64_t sent_ns, int64_t time_ns, uint64_t cause)
{
    pipe->is_ended    = true;
    pipe->wants_room  = false;
    pipe->end_sent_ns = sent_ns;
    pipe->end_ns      = time_ns;
    pipe->end_cause   = cause;
    if (pipe->watch != NULL)
        pipe->watch->end_left(pipe->watcher, pipe->is_reset, pipe->is_severed, sent_ns, time_ns);
    gmq_pipe_ask_arrival(pipe);
}

/* What is on its way is lost. */
static void
drop_all(GmqPipe *pipe)
{
    gmq_pipe_tell_landed(pipe);
    if (pipe->watch != NULL)
        pipe->watch->dropped(pipe->watcher);
    gmq_schedule_forget(pipe->schedule, &pipe->ticket);
    gmq_schedule_forget(pipe->schedule, &pipe->death_ticket);
    pipe->arrived         = pipe->written;
    pipe->skipped         = pipe->n_bytes;
    pipe->n_segments_gone = pipe->n_segments;
    pipe->n_marks_gone    = pipe->n_marks;
    pipe->last_ns         = 0;
    pipe->is_ended        = false;
    gmq_pipe_tidy(pipe);
}

void
gmq_pipe_end(GmqPipe *pipe, uint64_t cause)
{
    if (pipe->is_ended || pipe->is_severed)
        return;
    int64_t sent_ns = gmq_pipe_departure_time(pipe, 0);
    set_end(pipe, sent_ns, gmq_pipe_arrival_time(pipe, sent_ns), cause);
}

void
gmq_pipe_reset(GmqPipe *pipe, uint64_t cause)
{
    if (pipe->is_over || pipe->is_severed)
        return;
    drop_all(pipe);
    pipe->is_reset = true;
    gmq_pipe_end(pipe, cause);
}

void
gmq_pipe_close(GmqPipe *pipe, int64_t slow_ns, uint64_t cause)
{
    int64_t told_ns = gmq_time_later(gmq_schedule_now(pipe->schedule), slow_ns);

    if (pipe->is_over || pipe->is_ended || pipe->is_severed)
        return;
    pipe->is_severed      = true;
    pipe->is_slowly_ended = slow_ns > 0;
    set_end(pipe, told_ns, MAX(told_ns, pipe->last_ns), cause);
}

void
gmq_pipe_close_now(GmqPipe *pipe)
{
    int64_t now_ns = gmq_schedule_now(pipe->schedule);

    if (!pipe->is_slowly_ended || !pipe->is_ended || pipe->is_over || now_ns >= pipe->end_sent_ns)
        return;
    gmq_schedule_forget(pipe->schedule, &pipe->ticket);
    set_end(pipe, now_ns, MAX(now_ns, pipe->last_ns), pipe->end_cause);
}

void
gmq_pipe_break(GmqPipe *pipe, bool is_told, uint64_t cause)
{
    int64_t now_ns = gmq_schedule_now(pipe->schedule);

    if (pipe->is_over)
        return;
    drop_all(pipe);
    pipe->is_severed = true;
    pipe->is_reset   = true;
    pipe->wants_room = false;
    if (is_told)
        set_end(pipe, now_ns, now_ns, cause);
}

void
gmq_pipe_abandon(GmqPipe *pipe)
{
    if (!pipe->is_over) {
        gmq_pipe_tell_landed(pipe);
        if (pipe->watch != NULL)
            pipe->watch->abandoned(pipe->watcher);
    }
    pipe->is_over = true;
    gmq_schedule_forget(pipe->schedule, &pipe->ticket);
    gmq_schedule_forget(pipe->schedule, &pipe->writable_ticket);
    gmq_schedule_forget(pipe->schedule, &pipe->death_ticket);
}

/* ---- being held ---- */

/* When something arrives that was to arrive then, and could not until now: its sender hears nothing
 * of it and sends it again. */
static int64_t
time_after_cut(const GmqPipe *pipe, int64_t sent_ns, int64_t time_ns)
{
    int64_t now_ns     = gmq_schedule_now(pipe->schedule);
    int64_t latency_ns = pipe->link->latency_ns;

    if (time_ns >= now_ns)
        return time_ns;
    return gmq_time_later(gmq_resend_time(sent_ns, now_ns - latency_ns), latency_ns);
}

static void
send_again(GmqPipe *pipe)
{
    int64_t last_ns = 0;

    for (size_t i = pipe->n_segments_gone; i < pipe->n_segments; i++) {
        GmqSegment *segment = &pipe->segments[i];

        int64_t was_ns = segment->time_ns;

        segment->time_ns = MAX(last_ns, time_after_cut(pipe, segment->sent_ns, segment->time_ns));
        segment->is_again |= segment->time_ns != was_ns;
        last_ns = segment->time_ns;
    }
    pipe->last_ns = MAX(pipe->last_ns, last_ns);
    if (pipe->is_ended)
        pipe->end_ns = MAX(last_ns, time_after_cut(pipe, pipe->end_sent_ns, pipe->end_ns));
}

void
gmq_pipe_set_held(GmqPipe *pipe, GmqPipeHold why, bool is_held)
{
    if (gmq_pipe_is_held(pipe, why) == is_held)
        return;
    pipe->holds ^= why;
    if (why == GMQ_HELD_BY_CLOG && !is_held)
        pipe->clear_ns = gmq_schedule_now(pipe->schedule);
    if (pipe->watch != NULL)
        pipe->watch->held(pipe->watcher, pipe->holds);
    if (is_held)
        gmq_schedule_forget(pipe->schedule, &pipe->ticket);
    else if (why == GMQ_HELD_BY_CUT)
        send_again(pipe);
    gmq_pipe_ask_arrival(pipe);
}

/* What would have been lost once more gets through when it is sent again. */
static void
revive(GmqPipe *pipe)
{
    int64_t now_ns  = gmq_schedule_now(pipe->schedule);
    int64_t last_ns = 0;

    gmq_schedule_forget(pipe->schedule, &pipe->ticket);
    gmq_schedule_forget(pipe->schedule, &pipe->death_ticket);
    for (size_t i = pipe->n_segments_gone; i < pipe->n_segments; i++) {
        GmqSegment *segment = &pipe->segments[i];
        int64_t again_ns =
            gmq_time_later(gmq_resend_time(segment->sent_ns, now_ns), pipe->link->latency_ns);

        if (segment->time_ns == INT64_MAX) {
            segment->time_ns  = MAX(last_ns, again_ns);
            segment->is_again = true;
        }
        last_ns = segment->time_ns;
    }
    pipe->last_ns = last_ns;
    if (pipe->is_ended)
        pipe->end_ns = last_ns;
    gmq_pipe_ask_arrival(pipe);
}

void
gmq_pipe_link_changed(GmqPipe *pipe)
{
    if (pipe->death_ticket != 0 && pipe->link->loss < pipe->fatal_loss)
        revive(pipe);
    gmq_pipe_tell_room(pipe);
}
