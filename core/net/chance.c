#include "core/net/chance.h"

#include <errno.h>
#include <sys/random.h>

/* Up to 256 bytes come whole once the kernel has its seed (getrandom(2)), but the wait for the
 * seed may be interrupted. */
static void
refill(GmqChance *chance)
{
    G_STATIC_ASSERT(sizeof chance->words <= 256);
    ssize_t got;

    do
        got = getrandom(chance->words, sizeof chance->words, 0);
    while (got < 0 && errno == EINTR);
    g_assert(got == sizeof chance->words);
    chance->n_left = G_N_ELEMENTS(chance->words);
}

uint64_t
gmq_chance_take(GmqChance *chance)
{
    if (chance->n_left == 0)
        refill(chance);

    uint64_t word                 = chance->words[--chance->n_left];
    chance->words[chance->n_left] = 0;
    return word;
}
