#include "core/net/clock.h"

#include <time.h>

#define NS_PER_S G_GINT64_CONSTANT(1000000000)

static int64_t
read_ns(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t
gmq_clock_now_ns(void)
{
    return read_ns(CLOCK_MONOTONIC);
}

int64_t
gmq_clock_cpu_ns(void)
{
    return read_ns(CLOCK_THREAD_CPUTIME_ID);
}

int64_t
gmq_clock_wall_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * G_GINT64_CONSTANT(1000) + now.tv_nsec / 1000000;
}
