#include "core/broker/timer.h"

void
gmq_timers_init(GmqTimers *timers)
{
    timers->heap     = g_ptr_array_new();
    timers->sequence = 0;
}

void
gmq_timers_clear(GmqTimers *timers)
{
    g_clear_pointer(&timers->heap, g_ptr_array_unref);
}

static GmqTimer *
timer_at(const GmqTimers *timers, unsigned i)
{
    return g_ptr_array_index(timers->heap, i);
}

static bool
is_before(const GmqTimer *a, const GmqTimer *b)
{
    return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->sequence < b->sequence;
}

static void
put(GmqTimers *timers, unsigned i, GmqTimer *timer)
{
    timers->heap->pdata[i] = timer;
    timer->place           = i + 1;
}

static void
sift_up(GmqTimers *timers, unsigned i)
{
    GmqTimer *timer = timer_at(timers, i);

    while (i > 0 && is_before(timer, timer_at(timers, (i - 1) / 2))) {
        put(timers, i, timer_at(timers, (i - 1) / 2));
        i = (i - 1) / 2;
    }
    put(timers, i, timer);
}

static void
sift_down(GmqTimers *timers, unsigned i)
{
    GmqTimer *timer = timer_at(timers, i);

    for (unsigned child = 2 * i + 1; child < timers->heap->len; child = 2 * i + 1) {
        if (child + 1 < timers->heap->len &&
            is_before(timer_at(timers, child + 1), timer_at(timers, child)))
            child++;
        if (is_before(timer, timer_at(timers, child)))
            break;
        put(timers, i, timer_at(timers, child));
        i = child;
    }
    put(timers, i, timer);
}

void
gmq_timer_stop(GmqTimers *timers, GmqTimer *timer)
{
    if (timer->place == 0)
        return;

    unsigned i     = timer->place - 1;
    GmqTimer *last = g_ptr_array_steal_index_fast(timers->heap, timers->heap->len - 1);
    timer->place   = 0;
    if (last == timer)
        return;
    put(timers, i, last);
    sift_up(timers, i);
    sift_down(timers, last->place - 1);
}

void
gmq_timer_start(GmqTimers *timers, GmqTimer *timer, int64_t due_ns)
{
    gmq_timer_stop(timers, timer);
    timer->due_ns   = due_ns;
    timer->sequence = timers->sequence++;
    g_ptr_array_add(timers->heap, timer);
    sift_up(timers, timers->heap->len - 1);
}

int64_t
gmq_timers_next(const GmqTimers *timers)
{
    return timers->heap->len == 0 ? INT64_MAX : timer_at(timers, 0)->due_ns;
}

void
gmq_timers_fire(GmqTimers *timers, int64_t now_ns)
{
    while (gmq_timers_next(timers) <= now_ns) {
        GmqTimer *timer = timer_at(timers, 0);

        gmq_timer_stop(timers, timer);
        timer->fire(timer);
    }
}
