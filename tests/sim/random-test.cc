#include <gtest/gtest.h>

#include "sim/random.h"

/* The generator of Blackman and Vigna from the state 1, 2, 3, 4, as their C prints it. */
TEST(Random, GivesThePublishedNumbers)
{
    static const uint64_t expected[] = {
        UINT64_C(11520),
        UINT64_C(0),
        UINT64_C(1509978240),
        UINT64_C(1215971899390074240),
    };
    GmqRandom stream = {{1, 2, 3, 4}};

    for (uint64_t number : expected)
        EXPECT_EQ(number, gmq_random_next(&stream));
}

/* SplitMix64 from the seed 0 begins with 0xe220a8397b1dcdaf. A stream named "" starts from the seed
 * XOR the hash of nothing. */
TEST(Random, IsSeededBySplitMix)
{
    GmqRandom stream;

    gmq_random_init(&stream, UINT64_C(0xcbf29ce484222325), "");
    EXPECT_EQ(UINT64_C(0xe220a8397b1dcdaf), stream.state[0]);
    EXPECT_EQ(UINT64_C(0x6e789e6aa1b965f4), stream.state[1]);
    EXPECT_EQ(UINT64_C(0x06c45d188009454f), stream.state[2]);
    EXPECT_EQ(UINT64_C(0xf88bb8a8724c81ec), stream.state[3]);
}

TEST(Random, StreamsOfTwoNamesDiffer)
{
    GmqRandom one, other;

    gmq_random_init(&one, 7, "link/p1");
    gmq_random_init(&other, 7, "link/p2");
    EXPECT_NE(gmq_random_next(&one), gmq_random_next(&other));
}

TEST(Random, RepeatsItselfForTheSameSeedAndName)
{
    GmqRandom one, other;

    gmq_random_init(&one, 7, "link/p1");
    gmq_random_init(&other, 7, "link/p1");
    for (int i = 0; i < 100; i++)
        EXPECT_EQ(gmq_random_next(&one), gmq_random_next(&other));
}

TEST(Random, BelowStaysBelowAndReachesEverything)
{
    unsigned seen[6] = {};
    GmqRandom stream;

    gmq_random_init(&stream, 1, "dice");
    for (int i = 0; i < 6000; i++) {
        uint64_t die = gmq_random_below(&stream, 6);
        ASSERT_LT(die, 6u);
        seen[die]++;
    }
    for (unsigned n : seen) {
        EXPECT_GT(n, 850u);
        EXPECT_LT(n, 1150u);
    }
}

TEST(Random, BelowOneIsZero)
{
    GmqRandom stream;

    gmq_random_init(&stream, 1, "x");
    EXPECT_EQ(0u, gmq_random_below(&stream, 1));
}

TEST(Random, AChanceOfNothingDrawsAllTheSame)
{
    GmqRandom one, other;

    gmq_random_init(&one, 3, "fault");
    gmq_random_init(&other, 3, "fault");
    EXPECT_FALSE(gmq_random_chance(&one, 0, 1000000));
    EXPECT_TRUE(gmq_random_chance(&other, 1000000, 1000000));
    EXPECT_EQ(gmq_random_next(&one), gmq_random_next(&other));
}
