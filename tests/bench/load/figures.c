#include "tests/bench/load/figures.h"

#include <time.h>

#define NS_PER_S 1000000000U

/* Buckets are log-linear: 64 for each octave, from 1 us. */
#define BUCKETS 4096
#define BUCKETS_PER_OCTAVE 64
#define OCTAVE_BITS 6

Figures figures;

static uint64_t buckets[BUCKETS];
static uint64_t n_durations;

uint64_t
now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

void
sleep_ns(uint64_t duration_ns)
{
    struct timespec duration = {
        .tv_sec  = (time_t)(duration_ns / NS_PER_S),
        .tv_nsec = (long)(duration_ns % NS_PER_S),
    };

    nanosleep(&duration, NULL);
}

void
latency_add(uint64_t duration_ns)
{
    uint64_t us = duration_ns / 1000 + 1;
    int octave  = 63 - __builtin_clzll(us);
    uint64_t within =
        octave >= OCTAVE_BITS ? us >> (octave - OCTAVE_BITS) : us << (OCTAVE_BITS - octave);
    size_t bucket = (size_t)octave * BUCKETS_PER_OCTAVE + (size_t)(within % BUCKETS_PER_OCTAVE);

    buckets[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
    n_durations++;
}

double
latency_us(double part)
{
    uint64_t wanted = (uint64_t)(part * (double)n_durations);
    uint64_t seen   = 0;

    for (int i = 0; i < BUCKETS; i++) {
        seen += buckets[i];
        if (seen > wanted)
            return (double)(1ULL << (i / BUCKETS_PER_OCTAVE)) *
                       (1.0 + (double)(i % BUCKETS_PER_OCTAVE) / BUCKETS_PER_OCTAVE) -
                   1;
    }
    return 0;
}
