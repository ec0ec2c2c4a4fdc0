#include "sim/resend.h"

#include <gtest/gtest.h>

namespace {

constexpr int64_t ms = 1000000;

} // namespace

TEST(Resend, WaitsTwiceAsLongEachTimeUpToALimit)
{
    EXPECT_EQ(0, gmq_resend_wait(0));
    EXPECT_EQ(200 * ms, gmq_resend_wait(1));
    EXPECT_EQ(600 * ms, gmq_resend_wait(2));
    EXPECT_EQ(6200 * ms, gmq_resend_wait(5));
    EXPECT_EQ(9400 * ms, gmq_resend_wait(6));
}

TEST(Resend, HappensAtTimesThatDependOnTheFirst)
{
    EXPECT_EQ(5 * ms, gmq_resend_time(5 * ms, 0));
    EXPECT_EQ(5 * ms, gmq_resend_time(5 * ms, 5 * ms));
    EXPECT_EQ(205 * ms, gmq_resend_time(5 * ms, 6 * ms));
    EXPECT_EQ(605 * ms, gmq_resend_time(5 * ms, 206 * ms));
    EXPECT_EQ(6205 * ms, gmq_resend_time(5 * ms, 6205 * ms));
    EXPECT_EQ(9405 * ms, gmq_resend_time(5 * ms, 6206 * ms));
    EXPECT_EQ(12605 * ms, gmq_resend_time(5 * ms, 9406 * ms));
    EXPECT_EQ(INT64_MAX, gmq_resend_time(INT64_MAX, INT64_MAX));
    EXPECT_EQ(INT64_MAX, gmq_resend_time(INT64_MAX - 1, INT64_MAX));
}

TEST(Resend, IsDrawnOnceWhateverTheLoss)
{
    for (uint64_t loss : {0, 1, 500000, 1000000}) {
        GmqRandom one, other;

        gmq_random_init(&one, 7, "loss");
        gmq_random_init(&other, 7, "loss");
        gmq_random_next(&other);
        gmq_resend_draw(&one, loss);
        EXPECT_EQ(gmq_random_next(&other), gmq_random_next(&one)) << loss;
    }
}

TEST(Resend, IsAsRareAsItIsSaidToBe)
{
    GmqRandom stream;
    unsigned counts[GMQ_RESEND_LOSSES_MAX + 1] = {};

    gmq_random_init(&stream, 7, "loss");
    for (unsigned i = 0; i < 100000; i++)
        counts[gmq_resend_draw(&stream, 100000)]++;
    EXPECT_NEAR(90000, counts[0], 500);
    EXPECT_NEAR(9000, counts[1], 300);
    EXPECT_NEAR(900, counts[2], 100);
    EXPECT_EQ(0u, gmq_resend_draw(&stream, 0));
    EXPECT_EQ(6u, gmq_resend_draw(&stream, GMQ_LOSS_ALL));
}
