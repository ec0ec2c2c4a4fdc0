#include "sim/futures.h"

#include "core/base/hash.h"

/* Steps until that many events have happened. */
static void
step_to(GmqWorld *world, uint64_t event)
{
    while (gmq_trace_length(gmq_world_trace(world)) < event && gmq_world_step(world))
        continue;
}

static bool
does_fail(const GmqFutures *futures, uint64_t event, uint64_t number)
{
    g_autoptr(GmqWorld) world = gmq_world_new(futures->scenario, futures->seed);
    g_auto(GmqTrial) trial    = {0};
    uint64_t seed             = gmq_hash_add(gmq_hash_add(futures->seed, event), number);

    step_to(world, event);
    gmq_world_redraw(world, seed);
    while (gmq_world_step(world))
        continue;
    gmq_trial_judge(&trial, world, futures->scenario);
    return gmq_trial_is_same_failure(&trial, futures->failure);
}

static int64_t
time_of(const GmqFutures *futures, uint64_t event)
{
    g_autoptr(GmqWorld) world = gmq_world_new(futures->scenario, futures->seed);

    if (event == 0)
        return 0;
    step_to(world, event);
    g_assert(gmq_trace_length(gmq_world_trace(world)) >= event);
    return gmq_trace_event(gmq_world_trace(world), event)->time_ns;
}

GmqFuture
gmq_futures_from(const GmqFutures *futures, uint64_t event)
{
    GmqFuture future = {.event = event, .time_ns = time_of(futures, event)};

    for (uint64_t i = 0; i < futures->n_futures; i++)
        future.n_failed += does_fail(futures, event, i);
    return future;
}

void
gmq_futures_tenths(const GmqFutures *futures, GmqFuture *points, unsigned n_points)
{
    uint64_t end = futures->failure->event;

    for (unsigned i = 0; i < n_points; i++)
        points[i] = gmq_futures_from(futures, end * i / n_points);
}

GmqFuture
gmq_futures_narrow(const GmqFutures *futures, GmqFuture open, GmqFuture closed)
{
    while (closed.event - open.event > 1) {
        GmqFuture middle = gmq_futures_from(futures, open.event + (closed.event - open.event) / 2);

        if (middle.n_failed == futures->n_futures)
            closed = middle;
        else
            open = middle;
    }
    return closed;
}
