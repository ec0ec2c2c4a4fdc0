#include "sim/random.h"

#include "core/base/hash.h"
#include "core/base/wide.h"

static uint64_t
split_mix(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

void
gmq_random_init(GmqRandom *stream, uint64_t seed, const char *name)
{
    uint64_t state = seed ^ gmq_hash_bytes(gmq_slice_of(name));

    for (unsigned i = 0; i < G_N_ELEMENTS(stream->state); i++)
        stream->state[i] = split_mix(&state);
}

static uint64_t
rotate(uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

uint64_t
gmq_random_next(GmqRandom *stream)
{
    uint64_t *s     = stream->state;
    uint64_t result = rotate(s[1] * 5, 7) * 9;
    uint64_t t      = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

/* The upper half of draw * n is below n; a draw whose lower half falls into the uneven rest is
 * rejected (Lemire, "Fast random integer generation in an interval"). That rest is below n, so it
 * is seldom needed, which saves a division. */
uint64_t
gmq_random_below(GmqRandom *stream, uint64_t n)
{
    g_assert(n >= 1);

    for (;;) {
        GmqWide product = gmq_wide_multiply(gmq_random_next(stream), n);

        if (G_LIKELY(product.low >= n) || product.low >= (0 - n) % n)
            return product.high;
    }
}

bool
gmq_random_chance(GmqRandom *stream, uint64_t n, uint64_t d)
{
    uint64_t draw = gmq_random_below(stream, d);
    return draw < n;
}
