#include "core/store/crc32c.h"

#include <stdbool.h>
#include <string.h>

/* ---- by table ---- */

/* A checksum is linear, so the entry of a byte is the sum of the entries of its bits. */
#define BIT(n, i, sum) (((n) >> (i)&1) != 0 ? UINT32_C(sum) : 0)
#define ENTRY(n, a, b, c, d, e, f, g, h)                                                           \
    (BIT(n, 0, a) ^ BIT(n, 1, b) ^ BIT(n, 2, c) ^ BIT(n, 3, d) ^ BIT(n, 4, e) ^ BIT(n, 5, f) ^     \
     BIT(n, 6, g) ^ BIT(n, 7, h))

#define ENTRIES_4(n, ...)                                                                          \
    ENTRY(n, __VA_ARGS__), ENTRY(n + 1, __VA_ARGS__), ENTRY(n + 2, __VA_ARGS__),                   \
        ENTRY(n + 3, __VA_ARGS__)
#define ENTRIES_16(n, ...)                                                                         \
    ENTRIES_4(n, __VA_ARGS__), ENTRIES_4(n + 4, __VA_ARGS__), ENTRIES_4(n + 8, __VA_ARGS__),       \
        ENTRIES_4(n + 12, __VA_ARGS__)
#define ENTRIES_64(n, ...)                                                                         \
    ENTRIES_16(n, __VA_ARGS__), ENTRIES_16(n + 16, __VA_ARGS__), ENTRIES_16(n + 32, __VA_ARGS__),  \
        ENTRIES_16(n + 48, __VA_ARGS__)
#define ENTRIES(...)                                                                               \
    {                                                                                              \
        ENTRIES_64(0, __VA_ARGS__), ENTRIES_64(64, __VA_ARGS__), ENTRIES_64(128, __VA_ARGS__),     \
            ENTRIES_64(192, __VA_ARGS__)                                                           \
    }

/* [k]: what a byte adds to the checksum when k more bytes follow it in the step. */
/* clang-format off */
static const uint32_t table[8][256] = {
    ENTRIES(0xf26b8303, 0xe13b70f7, 0xc79a971f, 0x8ad958cf,
            0x105ec76f, 0x20bd8ede, 0x417b1dbc, 0x82f63b78),
    ENTRIES(0x13a29877, 0x274530ee, 0x4e8a61dc, 0x9d14c3b8,
            0x3fc5f181, 0x7f8be302, 0xff17c604, 0xfbc3faf9),
    ENTRIES(0xa541927e, 0x4f6f520d, 0x9edea41a, 0x38513ec5,
            0x70a27d8a, 0xe144fb14, 0xc76580d9, 0x8b277743),
    ENTRIES(0xdd45aab8, 0xbf672381, 0x7b2231f3, 0xf64463e6,
            0xe964b13d, 0xd725148b, 0xaba65fe7, 0x52a0c93f),
    ENTRIES(0x38116fac, 0x7022df58, 0xe045beb0, 0xc5670b91,
            0x8f2261d3, 0x1ba8b557, 0x37516aae, 0x6ea2d55c),
    ENTRIES(0xef306b19, 0xdb8ca0c3, 0xb2f53777, 0x6006181f,
            0xc00c303e, 0x85f4168d, 0x0e045beb, 0x1c08b7d6),
    ENTRIES(0x68032cc8, 0xd0065990, 0xa5e0c5d1, 0x4e2dfd53,
            0x9c5bfaa6, 0x3d5b83bd, 0x7ab7077a, 0xf56e0ef4),
    ENTRIES(0x493c7d27, 0x9278fa4e, 0x211d826d, 0x423b04da,
            0x847609b4, 0x0d006599, 0x1a00cb32, 0x34019664),
};
/* clang-format on */

static uint32_t
add_eight(uint32_t crc, const uint8_t *at)
{
    return table[7][(crc ^ at[0]) & 0xff] ^ table[6][(crc >> 8 ^ at[1]) & 0xff] ^
           table[5][(crc >> 16 ^ at[2]) & 0xff] ^ table[4][(crc >> 24) ^ at[3]] ^ table[3][at[4]] ^
           table[2][at[5]] ^ table[1][at[6]] ^ table[0][at[7]];
}

uint32_t
gmq_crc32c_by_table(uint32_t crc, const void *data, size_t size)
{
    const uint8_t *at = data;

    crc = ~crc;
    for (; size >= 8; size -= 8, at += 8)
        crc = add_eight(crc, at);
    for (; size > 0; size--, at++)
        crc = crc >> 8 ^ table[0][(crc ^ *at) & 0xff];
    return ~crc;
}

/* ---- by instruction ---- */

static inline uint64_t
load_native(const uint8_t *at)
{
    uint64_t value;

    memcpy(&value, at, sizeof value);
    return value;
}

#if defined(__x86_64__)

#define HAS_INSTRUCTION (__builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul"))

/* The instruction gives a result every cycle but takes three for it, so three thirds of a block are
 * summed side by side. A sum that n bits follow counts x^n times; each factor x^(n - 33) stands
 * here bit-reversed, the 33 being what the product and the step that takes it in add. */
#define THIRD 1024
#define FACTOR_TWO_THIRDS INT64_C(0xa51b6135) /* n = 16384 */
#define FACTOR_ONE_THIRD INT64_C(0x170076fa)  /* n = 8192 */

typedef long long Pair __attribute__((vector_size(16)));

__attribute__((target("sse4.2,pclmul"))) static uint64_t
multiply(uint64_t sum, int64_t factor)
{
    Pair a = {(long long)sum, 0};
    Pair b = {factor, 0};

    return (uint64_t)__builtin_ia32_pclmulqdq128(a, b, 0)[0];
}

/* Three thirds, which begin at at. */
__attribute__((target("sse4.2,pclmul"))) static uint32_t
add_block(uint32_t crc, const uint8_t *at)
{
    uint64_t a = crc;
    uint64_t b = 0;
    uint64_t c = 0;

    for (size_t i = 0; i < THIRD - 8; i += 8) {
        a = __builtin_ia32_crc32di(a, load_native(at + i));
        b = __builtin_ia32_crc32di(b, load_native(at + THIRD + i));
        c = __builtin_ia32_crc32di(c, load_native(at + 2 * THIRD + i));
    }
    a = __builtin_ia32_crc32di(a, load_native(at + THIRD - 8));
    b = __builtin_ia32_crc32di(b, load_native(at + 2 * THIRD - 8));

    uint64_t sums = multiply(a, FACTOR_TWO_THIRDS) ^ multiply(b, FACTOR_ONE_THIRD);
    return (uint32_t)__builtin_ia32_crc32di(c, load_native(at + 3 * THIRD - 8) ^ sums);
}

__attribute__((target("sse4.2,pclmul"))) static uint32_t
by_instruction(uint32_t crc, const uint8_t *at, size_t size)
{
    crc = ~crc;
    for (; size >= (size_t)3 * THIRD; size -= (size_t)3 * THIRD, at += (size_t)3 * THIRD)
        crc = add_block(crc, at);
    for (; size >= 8; size -= 8, at += 8)
        crc = (uint32_t)__builtin_ia32_crc32di(crc, load_native(at));
    for (; size > 0; size--, at++)
        crc = __builtin_ia32_crc32qi(crc, *at);
    return ~crc;
}

#elif defined(__ARM_FEATURE_CRC32) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

#include <arm_acle.h>

#define HAS_INSTRUCTION true

static uint32_t
by_instruction(uint32_t crc, const uint8_t *at, size_t size)
{
    crc = ~crc;
    for (; size >= 8; size -= 8, at += 8)
        crc = __crc32cd(crc, load_native(at));
    for (; size > 0; size--, at++)
        crc = __crc32cb(crc, *at);
    return ~crc;
}

#else

#define HAS_INSTRUCTION false
#define by_instruction gmq_crc32c_by_table

#endif

uint32_t
gmq_crc32c(uint32_t crc, const void *data, size_t size)
{
    return HAS_INSTRUCTION ? by_instruction(crc, data, size) : gmq_crc32c_by_table(crc, data, size);
}
