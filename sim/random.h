/* random.h - streams of random numbers, each named and seeded on its own.
 *
 * xoshiro256** (Blackman and Vigna), seeded by SplitMix64. Streams that have different names share
 * nothing, so a draw more in one of them moves no other: an edited scenario stays comparable. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

typedef struct {
    uint64_t state[4];
} GmqRandom;

/* Starts the stream of that name: the same seed and name give the same numbers. */
void gmq_random_init(GmqRandom *stream, uint64_t seed, const char *name);

/* 64 random bits. */
uint64_t gmq_random_next(GmqRandom *stream);

/* A number below n, each equally likely; n is at least 1. It draws once more in the rare case that
 * a draw would prefer small numbers. */
uint64_t gmq_random_below(GmqRandom *stream, uint64_t n);

/* True in n of d cases. It draws always, so that a chance of 0 moves no later draw. */
bool gmq_random_chance(GmqRandom *stream, uint64_t n, uint64_t d);

G_END_DECLS
