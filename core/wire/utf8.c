#include "core/wire/utf8.h"

/* A set top bit in any of eight bytes. */
#define NOT_ASCII UINT64_C(0x8080808080808080)

static size_t
size_by_lead(uint8_t lead)
{
    if (lead < 0x80)
        return 1;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/* The second byte's range keeps out overlong forms, surrogates, and what is above U+10FFFF. */
static bool
second_fits(uint8_t lead, uint8_t second)
{
    uint8_t least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    uint8_t most  = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;

    return second >= least && second <= most;
}

size_t
gmq_utf8_step(const uint8_t *at, size_t left)
{
    size_t size = size_by_lead(at[0]);

    if (size <= 1)
        return size;
    if (size > left || !second_fits(at[0], at[1]))
        return 0;
    for (size_t i = 2; i < size; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    }
    return size;
}

/* Names on the wire are ASCII nearly always, so eight bytes at a time are tried first. */
bool
gmq_utf8_check(GmqSlice text)
{
    const uint8_t *at = text.data;
    size_t left       = text.size;

    while (left > 0) {
        uint64_t eight;
        size_t step = sizeof eight;

        if (left >= sizeof eight && (memcpy(&eight, at, sizeof eight), (eight & NOT_ASCII) == 0)) {
            at += step;
            left -= step;
            continue;
        }
        step = at[0] < 0x80 ? 1 : gmq_utf8_step(at, left);
        if (step == 0)
            return false;
        at += step;
        left -= step;
    }
    return true;
}
