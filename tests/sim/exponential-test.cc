#include <gtest/gtest.h>

#include "core/base/hash.h"
#include "sim/exponential.h"

/* With another table every seed would tell another story. */
TEST(Exponential, TheTableIsTheOneThatWasCommitted)
{
    uint64_t hash = GMQ_HASH_START;

    for (uint32_t entry : gmq_exponential_table)
        hash = gmq_hash_add(hash, entry);
    EXPECT_EQ(UINT64_C(9124653265268795441), hash);
}

/* -ln(u): 1/2 gives ln 2, and the first slice, 1/8192, gives 13 ln 2. */
TEST(Exponential, TheTableHoldsLogarithms)
{
    EXPECT_NEAR(13 * 0.69314718 * 65536, gmq_exponential_table[0], 1);
    EXPECT_NEAR(0.69314718 * 65536, gmq_exponential_table[2048], 20);
    EXPECT_EQ(8u, gmq_exponential_table[4095]);
    for (unsigned i = 1; i < GMQ_N_EXPONENTIAL; i++)
        EXPECT_LT(gmq_exponential_table[i], gmq_exponential_table[i - 1]);
}

TEST(Exponential, TheMeanOfTheTableIsOneWithinATenThousandth)
{
    uint64_t sum = 0;

    for (uint32_t entry : gmq_exponential_table)
        sum += entry;
    EXPECT_NEAR(65536.0, static_cast<double>(sum) / GMQ_N_EXPONENTIAL, 6.6);
}

TEST(Exponential, DelaysHaveTheMeanAndAreNeverMoreThanTenTimesThat)
{
    GmqRandom stream;
    int64_t sum = 0;

    gmq_random_init(&stream, 1, "work");
    for (int i = 0; i < 100000; i++) {
        int64_t delay = gmq_exponential(&stream, 1000000);

        ASSERT_GE(delay, 0);
        ASSERT_LT(delay, 10000000);
        sum += delay;
    }
    EXPECT_NEAR(1000000.0, static_cast<double>(sum) / 100000, 15000);
}

/* So that a mean of nothing moves no later draw. */
TEST(Exponential, DrawsOnceWhateverTheMean)
{
    GmqRandom one, other;

    gmq_random_init(&one, 3, "work");
    gmq_random_init(&other, 3, "work");
    EXPECT_EQ(0, gmq_exponential(&one, 0));
    gmq_exponential(&other, 1000);
    EXPECT_EQ(gmq_random_next(&one), gmq_random_next(&other));
}

TEST(Exponential, ADelayThatDoesNotFitIsTheLongestThereIs)
{
    GmqRandom stream;
    bool has_been_longest = false;

    gmq_random_init(&stream, 1, "work");
    for (int i = 0; i < 100; i++) {
        int64_t delay = gmq_exponential(&stream, INT64_MAX);

        ASSERT_GE(delay, 0);
        has_been_longest = has_been_longest || delay == INT64_MAX;
    }
    EXPECT_TRUE(has_been_longest);
}
