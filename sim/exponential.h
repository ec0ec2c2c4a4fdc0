/* exponential.h - delays that are exponential: many short ones, a few long, no memory of the last.
 *
 * A committed table instead of a logarithm (whole numbers alone, the same on every machine): -ln(u)
 * in 16.16 fixed point at the midpoints of 4,096 equal slices of (0, 1), without interpolation. The
 * mean comes out within 0.01 %, and the longest delay is 9 times the mean. */
#pragma once

#include "sim/random.h"

G_BEGIN_DECLS

#define GMQ_N_EXPONENTIAL 4096

/* Entry i for the i-th slice; 65536 is the mean. */
extern const uint32_t gmq_exponential_table[GMQ_N_EXPONENTIAL];

/* A delay of that mean: one draw from the stream, whatever the mean. The mean is not negative, and
 * a delay that does not fit is INT64_MAX. */
int64_t gmq_exponential(GmqRandom *stream, int64_t mean_ns);

G_END_DECLS
