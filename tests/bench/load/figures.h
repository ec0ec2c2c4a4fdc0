/* figures.h - what the threads count, and how long messages took. */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

typedef struct {
    _Atomic uint64_t published, confirmed, nacked, returned;
    _Atomic uint64_t consumed, redelivered, reordered;
    _Atomic uint64_t first_delivery_ns, last_delivery_ns;
    _Atomic int blocked;
} Figures;

extern Figures figures;

/* The monotonic clock. */
uint64_t now_ns(void);

void sleep_ns(uint64_t duration_ns);

/* Counts one message that took so long; from one thread. */
void latency_add(uint64_t duration_ns);

/* The time within which that part of all messages arrived: latency_us(0.5) is the median. */
double latency_us(double part);
