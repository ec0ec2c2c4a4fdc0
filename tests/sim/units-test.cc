#include <gtest/gtest.h>

#include <string>

#include "sim/units.h"

namespace {

struct DurationCase {
    const char *text;
    int64_t ns; /* -1: refused */
};

class Duration : public testing::TestWithParam<DurationCase> {};

} // namespace

TEST_P(Duration, IsRead)
{
    int64_t ns = -1;
    bool ok    = gmq_read_duration(GetParam().text, &ns);

    EXPECT_EQ(GetParam().ns >= 0, ok) << GetParam().text;
    if (ok) {
        EXPECT_EQ(GetParam().ns, ns) << GetParam().text;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Units, Duration,
    testing::Values(DurationCase{"0", 0}, DurationCase{"0s", 0}, DurationCase{"5ns", 5},
                    DurationCase{"3us", 3000}, DurationCase{"250ms", 250000000},
                    DurationCase{"250 ms", 250000000}, DurationCase{"8s", 8000000000},
                    DurationCase{"1.5s", 1500000000}, DurationCase{"0.001ms", 1000},
                    DurationCase{"2min", 120000000000}, DurationCase{"0.5min", 30000000000},
                    DurationCase{"5", -1}, DurationCase{"", -1}, DurationCase{"ms", -1},
                    DurationCase{"-1s", -1}, DurationCase{"1.s", -1}, DurationCase{"1h", -1},
                    DurationCase{"0.5ns", -1}, DurationCase{"1e3s", -1}, DurationCase{"1s ", -1},
                    DurationCase{"1  s", -1}, DurationCase{"99999999999s", -1},
                    DurationCase{"99999999999999999999ns", -1}));

TEST(Units, SizesAreBytes)
{
    uint64_t bytes;

    EXPECT_TRUE(gmq_read_size("64KiB", &bytes));
    EXPECT_EQ(65536u, bytes);
    EXPECT_TRUE(gmq_read_size("2 kB", &bytes));
    EXPECT_EQ(2000u, bytes);
    EXPECT_TRUE(gmq_read_size("1.5MiB", &bytes) && bytes == 1572864);
    EXPECT_FALSE(gmq_read_size("64", &bytes));
    EXPECT_FALSE(gmq_read_size("1GB", &bytes));
}

TEST(Units, PercentagesArePartsOfAMillion)
{
    uint64_t parts;

    EXPECT_TRUE(gmq_read_percent("2%", &parts));
    EXPECT_EQ(20000u, parts);
    EXPECT_TRUE(gmq_read_percent("0.5 %", &parts) && parts == 5000);
    EXPECT_TRUE(gmq_read_percent("0.0001%", &parts) && parts == 1);
    EXPECT_TRUE(gmq_read_percent("100%", &parts) && parts == 1000000);
    EXPECT_FALSE(gmq_read_percent("0.00001%", &parts));
    EXPECT_FALSE(gmq_read_percent("101%", &parts));
    EXPECT_FALSE(gmq_read_percent("2", &parts));
    EXPECT_FALSE(gmq_read_percent("-1%", &parts));
}

TEST(Units, RatesAreBitsPerSecond)
{
    uint64_t bits;

    EXPECT_TRUE(gmq_read_rate("64 kbit/s", &bits));
    EXPECT_EQ(64000u, bits);
    EXPECT_TRUE(gmq_read_rate("1.5Mbit/s", &bits));
    EXPECT_EQ(1500000u, bits);
    EXPECT_FALSE(gmq_read_rate("64k", &bits));
}

TEST(Units, OnlyFourWordsAreTruths)
{
    bool truth;

    EXPECT_TRUE(gmq_read_truth("yes", &truth) && truth);
    EXPECT_TRUE(gmq_read_truth("true", &truth) && truth);
    EXPECT_TRUE(gmq_read_truth("no", &truth) && !truth);
    EXPECT_TRUE(gmq_read_truth("false", &truth) && !truth);
    EXPECT_FALSE(gmq_read_truth("on", &truth));
    EXPECT_FALSE(gmq_read_truth("Yes", &truth));
}

TEST(Units, RangesHaveFourForms)
{
    uint64_t least, most;

    EXPECT_TRUE(gmq_read_range("12", gmq_read_count, &least, &most) && least == 12 && most == 12);
    EXPECT_TRUE(gmq_read_range(">= 3", gmq_read_count, &least, &most));
    EXPECT_TRUE(least == 3 && most == UINT64_MAX);
    EXPECT_TRUE(gmq_read_range("<=4", gmq_read_count, &least, &most) && least == 0 && most == 4);
    EXPECT_TRUE(gmq_read_range("3..5", gmq_read_count, &least, &most) && least == 3 && most == 5);
    EXPECT_TRUE(gmq_read_range("1s..2s", gmq_read_range_duration, &least, &most));
    EXPECT_TRUE(least == 1000000000 && most == 2000000000);
    EXPECT_FALSE(gmq_read_range("5..3", gmq_read_count, &least, &most));
    EXPECT_FALSE(gmq_read_range("> 3", gmq_read_count, &least, &most));
    EXPECT_FALSE(gmq_read_range(">=", gmq_read_count, &least, &most));
    EXPECT_FALSE(gmq_read_range("", gmq_read_count, &least, &most));
}

TEST(Units, AMomentIsUtcToTheSecond)
{
    int64_t ms;

    EXPECT_TRUE(gmq_read_moment("2026-01-01T00:00:00Z", &ms));
    EXPECT_EQ(INT64_C(1767225600000), ms);
    EXPECT_FALSE(gmq_read_moment("2026-01-01", &ms));
    EXPECT_FALSE(gmq_read_moment("2026-13-01T00:00:00Z", &ms));
    EXPECT_FALSE(gmq_read_moment("2026-01-01T00:00+01:00", &ms));
    EXPECT_FALSE(gmq_read_moment("1969-01-01T00:00:00Z", &ms));
}

TEST(Units, SeedsAreDecimalHexOrACommit)
{
    uint64_t seed, other;

    EXPECT_TRUE(gmq_read_seed("18446744073709551615", &seed) && seed == UINT64_MAX);
    EXPECT_TRUE(gmq_read_seed("0xff", &seed) && seed == 255);
    EXPECT_TRUE(gmq_read_seed("0123456789abcdef0123456789abcdef01234567", &seed));
    EXPECT_TRUE(gmq_read_seed("0123456789abcdef0123456789abcdef01234568", &other));
    EXPECT_NE(seed, other);
    EXPECT_FALSE(gmq_read_seed("18446744073709551616", &seed));
    EXPECT_FALSE(gmq_read_seed("0x", &seed));
    EXPECT_FALSE(gmq_read_seed("0x12345678123456789", &seed));
    EXPECT_FALSE(gmq_read_seed("-1", &seed));
    EXPECT_FALSE(gmq_read_seed("z123456789abcdef0123456789abcdef01234567", &seed));
}

TEST(Units, TimesAreShownToTheMillisecond)
{
    g_autofree char *text = gmq_time_text(INT64_C(1470999999));
    EXPECT_STREQ("1.470s", text);
}

TEST(Units, DurationsAreShownAsShortAsTheyAreExact)
{
    struct {
        int64_t ns;
        const char *text;
    } cases[] = {{0, "0ns"},         {250000000, "250ms"}, {1500000000, "1.5s"},
                 {8000000000, "8s"}, {2500000, "2.5ms"},   {123456, "123.456us"},
                 {1000, "1us"},      {7, "7ns"},           {10000000000, "10s"}};

    for (auto &c : cases) {
        g_autofree char *text = gmq_duration_text(c.ns);
        EXPECT_STREQ(c.text, text);
    }
}

TEST(Units, DelaysAreFixedOrExponential)
{
    bool is_exponential;
    int64_t ns;

    EXPECT_TRUE(gmq_read_delay("300ms", &is_exponential, &ns));
    EXPECT_FALSE(is_exponential);
    EXPECT_EQ(300000000, ns);
    EXPECT_TRUE(gmq_read_delay("exp 1.5s", &is_exponential, &ns));
    EXPECT_TRUE(is_exponential);
    EXPECT_EQ(1500000000, ns);
    EXPECT_FALSE(gmq_read_delay("exp", &is_exponential, &ns));
    EXPECT_FALSE(gmq_read_delay("exp exp 1s", &is_exponential, &ns));
    EXPECT_FALSE(gmq_read_delay("exp 300", &is_exponential, &ns));
}
