/* chance.h - random numbers that nobody can guess, from the kernel.
 *
 * Names that the broker makes up must not be guessable, so every stream of the host draws from
 * here. The kernel is asked for many words at a time. */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
    uint64_t words[32];
    unsigned n_left; /* words at the start that nobody has seen yet */
} GmqChance;

/* 64 random bits. A chance of all zeros is ready for use. */
uint64_t gmq_chance_take(GmqChance *chance);

G_END_DECLS
