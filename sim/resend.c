#include "sim/resend.h"

#include "core/base/wide.h"

/* It is lost once in loss cases, twice in loss * loss, and so on: one number between 0 and 1 tells
 * how often. */
unsigned
gmq_resend_draw(GmqRandom *stream, uint64_t loss)
{
    uint64_t draw   = gmq_random_next(stream);
    GmqWide all     = {loss, 0}; /* loss * 2^64 */
    unsigned losses = 0;

    if (loss >= GMQ_LOSS_ALL)
        return GMQ_RESEND_LOSSES_MAX;
    uint64_t limit = gmq_wide_divide(all, GMQ_LOSS_ALL, NULL);
    while (losses < GMQ_RESEND_LOSSES_MAX && draw < limit) {
        limit = gmq_wide_ratio(limit, loss, GMQ_LOSS_ALL);
        losses++;
    }
    return losses;
}

int64_t
gmq_resend_wait(unsigned losses)
{
    int64_t timeout_ns = GMQ_RESEND_FIRST_NS;
    int64_t wait_ns    = 0;

    for (unsigned i = 0; i < losses; i++) {
        wait_ns += timeout_ns;
        timeout_ns = MIN(2 * timeout_ns, GMQ_RESEND_MOST_NS);
    }
    return wait_ns;
}

int64_t
gmq_resend_time(int64_t sent_ns, int64_t from_ns)
{
    int64_t timeout_ns = GMQ_RESEND_FIRST_NS;
    int64_t time_ns    = sent_ns;

    while (time_ns < from_ns && timeout_ns < GMQ_RESEND_MOST_NS) {
        if (__builtin_add_overflow(time_ns, timeout_ns, &time_ns))
            return INT64_MAX;
        timeout_ns *= 2;
    }
    if (time_ns >= from_ns)
        return time_ns;

    int64_t times = (from_ns - time_ns + GMQ_RESEND_MOST_NS - 1) / GMQ_RESEND_MOST_NS;
    if (__builtin_add_overflow(time_ns, times * GMQ_RESEND_MOST_NS, &time_ns))
        return INT64_MAX;
    return time_ns;
}
