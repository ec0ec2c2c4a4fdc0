#include "core/net/chance.h"

#include <gtest/gtest.h>

#include <set>

namespace {

TEST(Chance, DoesNotRepeatItself)
{
    GmqChance chance = {};
    std::set<uint64_t> seen;

    for (int i = 0; i < 1000; i++)
        seen.insert(gmq_chance_take(&chance));
    EXPECT_EQ(1000u, seen.size());
}

TEST(Chance, DiffersBetweenTwoOfAKind)
{
    GmqChance one = {}, other = {};

    EXPECT_NE(gmq_chance_take(&one), gmq_chance_take(&other));
}

TEST(Chance, ForgetsWhatItGave)
{
    GmqChance chance = {};
    uint64_t word    = gmq_chance_take(&chance);

    for (uint64_t left : chance.words)
        EXPECT_NE(word, left);
}

} // namespace
