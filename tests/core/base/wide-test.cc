#include "core/base/wide.h"

#include <gtest/gtest.h>

namespace {

const uint64_t max = UINT64_MAX;

void
expect_product(uint64_t a, uint64_t b, uint64_t high, uint64_t low)
{
    GmqWide product = gmq_wide_multiply(a, b);

    EXPECT_EQ(high, product.high) << a << " * " << b;
    EXPECT_EQ(low, product.low) << a << " * " << b;

    GmqWide in_parts = gmq_wide_multiply_in_parts(a, b);

    EXPECT_EQ(high, in_parts.high) << a << " * " << b;
    EXPECT_EQ(low, in_parts.low) << a << " * " << b;
}

using Divide = uint64_t (*)(GmqWide number, uint64_t by, uint64_t *rest);

/* What this machine does, and what one does that has no words of 128 bits. */
const Divide divisions[] = {gmq_wide_divide, gmq_wide_divide_in_parts};

TEST(Wide, MultipliesWithoutLoss)
{
    expect_product(0, max, 0, 0);
    expect_product(1, max, 0, max);
    expect_product(2, max, 1, max - 1);
    expect_product(max, max, max - 1, 1);
    expect_product(UINT64_C(1) << 32, UINT64_C(1) << 32, 1, 0);
    expect_product(UINT32_MAX, UINT32_MAX, 0, UINT64_C(0xfffffffe00000001));
    expect_product(UINT64_C(0x123456789abcdef0), UINT64_C(0xfedcba9876543210),
                   UINT64_C(0x121fa00ad77d7422), UINT64_C(0x236d88fe5618cf00));
}

TEST(Wide, ComparesTheUpperHalfFirst)
{
    EXPECT_TRUE(gmq_wide_is_less({0, max}, {1, 0}));
    EXPECT_FALSE(gmq_wide_is_less({1, 0}, {0, max}));
    EXPECT_TRUE(gmq_wide_is_less({1, 0}, {1, 1}));
    EXPECT_FALSE(gmq_wide_is_less({1, 1}, {1, 1}));
}

TEST(Wide, DividesAndTellsWhatIsLeft)
{
    for (Divide divide : divisions) {
        uint64_t rest = 0;

        EXPECT_EQ(14u, divide({0, 100}, 7, &rest));
        EXPECT_EQ(2u, rest);
        EXPECT_EQ(max, divide({max - 1, 1}, max, &rest));
        EXPECT_EQ(0u, rest);
        EXPECT_EQ(max, divide({max - 1, max}, max, &rest));
        EXPECT_EQ(max - 1, rest);
        EXPECT_EQ(UINT64_C(1) << 63, divide({1, 1}, 2, &rest));
        EXPECT_EQ(1u, rest);
        EXPECT_EQ(14u, divide({0, 100}, 7, nullptr));
    }
}

TEST(Wide, TellsAQuotientThatIsTooLargeAsTheLargest)
{
    for (Divide divide : divisions) {
        uint64_t rest = 5;

        EXPECT_EQ(max, divide({2, 0}, 2, &rest));
        EXPECT_EQ(5u, rest);
        EXPECT_EQ(max, divide({2, 0}, 1, nullptr));
    }
    EXPECT_EQ(max, gmq_wide_ratio(max, max, max - 1));
    EXPECT_EQ(max, gmq_wide_ratio(max, 2, 1));
}

/* q * by + r comes apart into q and r again, whatever they are. */
TEST(Wide, DividesWhatItMultiplied)
{
    uint64_t word = 1;

    for (int round = 0; round < 20000; round++) {
        uint64_t part[3];
        for (uint64_t &one : part) {
            word = word * UINT64_C(6364136223846793005) + 1442695040888963407u;
            one  = word >> (word >> 58); /* of every length */
        }
        uint64_t by      = part[0] + (part[0] == 0);
        uint64_t rest    = part[2] % by;
        GmqWide product  = gmq_wide_multiply(part[1], by);
        GmqWide in_parts = gmq_wide_multiply_in_parts(part[1], by);
        GmqWide number   = {product.high + (product.low + rest < rest), product.low + rest};

        ASSERT_EQ(product.high, in_parts.high) << part[1] << " " << by;
        ASSERT_EQ(product.low, in_parts.low) << part[1] << " " << by;
        for (Divide divide : divisions) {
            uint64_t left = 0;

            ASSERT_EQ(part[1], divide(number, by, &left)) << by << " " << rest;
            ASSERT_EQ(rest, left) << part[1] << " " << by;
        }
        ASSERT_EQ(part[1], gmq_wide_ratio(part[1], by, by));
    }
}

} // namespace
