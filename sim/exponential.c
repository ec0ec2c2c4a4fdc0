#include "sim/exponential.h"

#include "core/base/wide.h"

const uint32_t gmq_exponential_table[GMQ_N_EXPONENTIAL] = {
#include "sim/exponential.def"
};

int64_t
gmq_exponential(GmqRandom *stream, int64_t mean_ns)
{
    g_assert(mean_ns >= 0);

    uint64_t slice = gmq_random_below(stream, GMQ_N_EXPONENTIAL);
    uint64_t drawn = gmq_wide_ratio(gmq_exponential_table[slice], (uint64_t)mean_ns, 1 << 16);

    return drawn > INT64_MAX ? INT64_MAX : (int64_t)drawn;
}
