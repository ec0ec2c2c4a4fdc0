#include "sim/exponential.h"

const uint32_t gmq_exponential_table[GMQ_N_EXPONENTIAL] = {
#include "sim/exponential.def"
};

int64_t
gmq_exponential(GmqRandom *stream, int64_t mean_ns)
{
    g_assert(mean_ns >= 0);

    uint64_t slice            = gmq_random_below(stream, GMQ_N_EXPONENTIAL);
    unsigned __int128 product = (unsigned __int128)gmq_exponential_table[slice] * (uint64_t)mean_ns;

    product >>= 16;
    return product > INT64_MAX ? INT64_MAX : (int64_t)product;
}
