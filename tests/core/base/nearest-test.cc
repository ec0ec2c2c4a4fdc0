#include "core/base/nearest.h"

#include <gtest/gtest.h>

#include <string>

namespace {

const char *const commands[] = {"run", "serve", "view", "graph", "sweep"};

struct Slip {
    const char *typed;
    const char *meant; /* nullptr: none is near enough */
};

class NearestTo : public testing::TestWithParam<Slip> {};

TEST_P(NearestTo, FindsTheWordThatWasMeant)
{
    const char *found = gmq_nearest(GetParam().typed, commands, G_N_ELEMENTS(commands));

    EXPECT_STREQ(GetParam().meant, found);
}

INSTANTIATE_TEST_SUITE_P(Slips, NearestTo,
                         testing::Values(Slip{"ru", "run"}, Slip{"runn", "run"}, Slip{"rum", "run"},
                                         Slip{"urn", "run"}, Slip{"srever", "serve"},
                                         Slip{"VIEW", "view"}, Slip{"grpah", "graph"},
                                         Slip{"view", "view"}, Slip{"xyz", nullptr},
                                         Slip{"", nullptr}, Slip{"reticulate", nullptr}));

TEST(Nearest, TakesTheFirstOfTwoThatAreEquallyNear)
{
    const char *const words[] = {"cat", "car"};

    EXPECT_STREQ("cat", gmq_nearest("cab", words, 2));
}

TEST(Nearest, FindsNothingAmongNoCandidates)
{
    EXPECT_EQ(nullptr, gmq_nearest("run", commands, 0));
}

TEST(Nearest, CountsASwapAsOneSlip)
{
    const char *const words[] = {"abed", "bade"};

    EXPECT_STREQ("abed", gmq_nearest("baed", words, 1));
    EXPECT_STREQ("bade", gmq_nearest("abde", words + 1, 1));
}

TEST(Nearest, ComparesWordsUpToItsBoundOnly)
{
    std::string most(GMQ_NEAREST_WORD_MAX, 'a');
    std::string longer(GMQ_NEAREST_WORD_MAX + 1, 'a');
    const char *const words[] = {longer.c_str(), most.c_str()};

    EXPECT_EQ(most, gmq_nearest(most.c_str(), words, 2));
    EXPECT_EQ(nullptr, gmq_nearest(longer.c_str(), words, 2));
}

} // namespace
