#include "core/base/wide.h"

GmqWide
gmq_wide_multiply_in_parts(uint64_t a, uint64_t b)
{
    uint64_t a_high = a >> 32, a_low = a & UINT32_MAX;
    uint64_t b_high = b >> 32, b_low = b & UINT32_MAX;
    uint64_t low    = a_low * b_low;
    uint64_t middle = a_high * b_low + (low >> 32); /* at most 2^64 - 2^32 */
    uint64_t other  = a_low * b_high + (middle & UINT32_MAX);
    GmqWide product = {a_high * b_high + (middle >> 32) + (other >> 32),
                       other << 32 | (low & UINT32_MAX)};

    return product;
}

/* Bit by bit, as on paper. What is left may have one bit more than fits while it is compared. */
static uint64_t
divide_long(GmqWide number, uint64_t by, uint64_t *rest)
{
    uint64_t left     = number.high;
    uint64_t quotient = 0;

    for (unsigned bit = 64; bit-- > 0;) {
        bool overflows = left >> 63 != 0;

        left = left << 1 | (number.low >> bit & 1);
        if (overflows || left >= by) {
            left -= by;
            quotient |= UINT64_C(1) << bit;
        }
    }
    *rest = left;
    return quotient;
}

uint64_t
gmq_wide_divide_in_parts(GmqWide number, uint64_t by, uint64_t *rest)
{
    uint64_t left;

    g_assert(by > 0);
    if (number.high >= by)
        return UINT64_MAX;
    if (number.high == 0) {
        if (rest != NULL)
            *rest = number.low % by;
        return number.low / by;
    }
    return divide_long(number, by, rest != NULL ? rest : &left);
}
