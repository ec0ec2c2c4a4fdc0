#include "core/base/fault.h"

#include <gtest/gtest.h>

#include <string>

namespace {

TEST(Fault, SaysTheNameOfTheCodeAndTheText)
{
    GmqFault fault = {};

    EXPECT_FALSE(gmq_fault_set(&fault, GMQ_REPLY_NOT_FOUND, "no queue '%s' in vhost '/'", "mail"));
    EXPECT_EQ(404, fault.code);
    EXPECT_STREQ("NOT_FOUND - no queue 'mail' in vhost '/'", fault.text);
}

TEST(Fault, LeavesTheIdsOfTheMethodAlone)
{
    GmqFault fault  = {};
    fault.class_id  = 50;
    fault.method_id = 10;

    gmq_fault_set(&fault, GMQ_REPLY_NOT_FOUND, "gone");
    EXPECT_EQ(50, fault.class_id);
    EXPECT_EQ(10, fault.method_id);
}

TEST(Fault, KeepsATextThatJustFits)
{
    std::string name(GMQ_FAULT_TEXT_MAX - strlen("NOT_FOUND - "), 'q');
    GmqFault fault = {};

    gmq_fault_set(&fault, GMQ_REPLY_NOT_FOUND, "%s", name.c_str());
    EXPECT_EQ("NOT_FOUND - " + name, fault.text);
}

TEST(Fault, CutsALongTextToWhatAShortstrHolds)
{
    std::string name(1000, 'q');
    GmqFault fault = {};

    gmq_fault_set(&fault, GMQ_REPLY_NOT_FOUND, "%s", name.c_str());
    EXPECT_EQ(("NOT_FOUND - " + name).substr(0, GMQ_FAULT_TEXT_MAX - 3) + "...", fault.text);
}

TEST(Fault, PassesControlCharactersOn)
{
    GmqFault fault = {};

    gmq_fault_set(&fault, GMQ_REPLY_SYNTAX_ERROR, "\x01\n\x1b");
    EXPECT_STREQ("SYNTAX_ERROR - \x01\n\x1b", fault.text);
}

TEST(Fault, CutsBytesThatAreNoTextWhereTheyStand)
{
    std::string name(1000, '\x80');
    GmqFault fault = {};

    gmq_fault_set(&fault, GMQ_REPLY_NOT_FOUND, "%s", name.c_str());
    EXPECT_LE(strlen(fault.text), size_t{GMQ_FAULT_TEXT_MAX});
}

/* A text whose cut falls into each place of a character of each length. */
class FaultCut : public testing::TestWithParam<const char *> {};

TEST_P(FaultCut, NeverLeavesAPartOfACharacter)
{
    for (size_t shift = 0; shift < 4; shift++) {
        std::string name(shift, 'q');
        while (name.size() < 300)
            name += GetParam();
        GmqFault fault = {};

        gmq_fault_set(&fault, GMQ_REPLY_NOT_FOUND, "%s", name.c_str());
        EXPECT_TRUE(g_utf8_validate(fault.text, -1, nullptr)) << shift;
        EXPECT_GT(strlen(fault.text) + strlen(GetParam()), size_t{GMQ_FAULT_TEXT_MAX}) << shift;
    }
}

INSTANTIATE_TEST_SUITE_P(Characters, FaultCut, testing::Values("q", "ü", "€", "🐇"));

TEST(Fault, PutsQuestionMarksForBytesThatAreNoText)
{
    GmqFault fault = {};

    gmq_fault_set(&fault, GMQ_REPLY_NOT_FOUND, "%s", "\xFF\xC3ü\xE2\x82 end\xC3");
    EXPECT_STREQ("NOT_FOUND - ??ü?? end?", fault.text);
}

TEST(Reply, SoftCodesCloseTheChannelOnly)
{
    EXPECT_TRUE(gmq_reply_is_soft(GMQ_REPLY_PRECONDITION_FAILED));
    EXPECT_FALSE(gmq_reply_is_soft(GMQ_REPLY_FRAME_ERROR));
    EXPECT_FALSE(gmq_reply_is_soft(static_cast<GmqReply>(999)));
}

TEST(Reply, NamesAnyOtherNumberUnknown)
{
    EXPECT_STREQ("NO_ROUTE", gmq_reply_name(312));
    EXPECT_STREQ("UNKNOWN", gmq_reply_name(0));
}

} // namespace
