#include "core/base/recording.h"

#include <gtest/gtest.h>

#include <string>

namespace {

GmqSlice
slice_of(const std::string &bytes)
{
    return {reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()};
}

std::string
written(const GmqRecorded &recorded)
{
    g_autoptr(GString) out = g_string_new(nullptr);

    gmq_recorded_write(&recorded, out);
    return {out->str, out->len};
}

class Recorded : public testing::TestWithParam<int> {};

TEST_P(Recorded, ComesBackAsItWasWritten)
{
    auto kind                   = static_cast<GmqRecordedKind>(GetParam());
    const GmqRecordedInfo *info = gmq_recorded_info(kind);
    std::string bytes           = written({kind, {300, UINT64_MAX}, GMQ_SLICE("a\0b")}) + "rest";
    GmqSlice left               = slice_of(bytes);
    GmqRecorded again;

    ASSERT_TRUE(gmq_recorded_read(&left, &again));
    EXPECT_EQ(kind, again.kind);
    EXPECT_EQ(info->numbers > 0 ? 300u : 0u, again.numbers[0]);
    EXPECT_EQ(info->numbers > 1 ? UINT64_MAX : 0u, again.numbers[1]);
    EXPECT_EQ(info->has_bytes ? 3u : 0u, again.bytes.size);
    EXPECT_EQ(4u, left.size);
}

TEST_P(Recorded, IsNoneWhenItIsCut)
{
    auto kind         = static_cast<GmqRecordedKind>(GetParam());
    std::string bytes = written({kind, {300, UINT64_MAX}, GMQ_SLICE("abc")});

    for (size_t size = 0; size < bytes.size(); size++) {
        std::string part = bytes.substr(0, size);
        GmqSlice left    = slice_of(part);
        GmqRecorded recorded;

        EXPECT_FALSE(gmq_recorded_read(&left, &recorded)) << size;
    }
}

INSTANTIATE_TEST_SUITE_P(EveryKind, Recorded, testing::Range(0, static_cast<int>(GMQ_N_RECORDED)));

TEST(RecordedBytes, OfNoKindOrWithTooLargeANumberAreNone)
{
    std::string huge(1, static_cast<char>(GMQ_RECORDED_CLOSED));
    GmqRecorded recorded;

    huge += std::string(9, '\xff') + '\x02';
    for (const std::string &bytes :
         {std::string(1, static_cast<char>(GMQ_N_RECORDED)), std::string(20, '\xff'), huge}) {
        GmqSlice left = slice_of(bytes);
        EXPECT_FALSE(gmq_recorded_read(&left, &recorded));
    }
}

TEST(RecordedNumbers, MayBeNegative)
{
    for (int64_t number : {INT64_C(0), INT64_C(-1), INT64_C(1), INT64_MIN, INT64_MAX})
        EXPECT_EQ(number, gmq_unzigzag(gmq_zigzag(number)));
    EXPECT_EQ(1u, gmq_zigzag(-1));
}

} // namespace
