#include "core/store/crc32c.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

static uint32_t
both(const std::vector<uint8_t> &bytes)
{
    uint32_t crc = gmq_crc32c(0, bytes.data(), bytes.size());

    EXPECT_EQ(crc, gmq_crc32c_by_table(0, bytes.data(), bytes.size()));
    return crc;
}

static std::vector<uint8_t>
counting(size_t size)
{
    std::vector<uint8_t> bytes(size);

    for (size_t i = 0; i < size; i++)
        bytes[i] = static_cast<uint8_t>(i * 167 + (i >> 8) * 13);
    return bytes;
}

TEST(Crc32c, GivesThePublishedValues)
{
    std::vector<uint8_t> up(32);
    std::iota(up.begin(), up.end(), 0);
    std::string digits = "123456789";

    /* RFC 3720, B.4 */
    EXPECT_EQ(0x8a9136aau, both(std::vector<uint8_t>(32, 0)));
    EXPECT_EQ(0x62a8ab43u, both(std::vector<uint8_t>(32, 0xff)));
    EXPECT_EQ(0x46dd794eu, both(up));
    EXPECT_EQ(0x113fdb5cu, both(std::vector<uint8_t>(up.rbegin(), up.rend())));
    EXPECT_EQ(0xe3069283u, both(std::vector<uint8_t>(digits.begin(), digits.end())));
    EXPECT_EQ(0u, both({}));
}

TEST(Crc32c, IsTheSameWithAndWithoutTheInstructionAtEverySizeAndPlace)
{
    std::vector<uint8_t> bytes = counting(10000);

    for (size_t size = 0; size < 100; size++) {
        for (size_t at = 0; at < 9; at++)
            EXPECT_EQ(gmq_crc32c_by_table(7, &bytes[at], size), gmq_crc32c(7, &bytes[at], size));
    }
    for (size_t size = 3000; size < 9900; size += 7)
        EXPECT_EQ(gmq_crc32c_by_table(9, &bytes[3], size), gmq_crc32c(9, &bytes[3], size));
}

TEST(Crc32c, GoesOnWhereItStopped)
{
    std::vector<uint8_t> bytes = counting(7000);
    uint32_t whole             = gmq_crc32c(0, bytes.data(), bytes.size());

    for (size_t cut = 0; cut <= bytes.size(); cut += cut < 40 ? 1 : 61) {
        uint32_t first = gmq_crc32c(0, bytes.data(), cut);
        EXPECT_EQ(whole, gmq_crc32c(first, bytes.data() + cut, bytes.size() - cut));
        first = gmq_crc32c_by_table(0, bytes.data(), cut);
        EXPECT_EQ(whole, gmq_crc32c_by_table(first, bytes.data() + cut, bytes.size() - cut));
    }
}

TEST(Crc32c, SeesEveryFlippedBit)
{
    std::vector<uint8_t> bytes = counting(3200);
    uint32_t whole             = both(bytes);

    for (size_t bit = 0; bit < 8 * bytes.size(); bit++) {
        bytes[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
        EXPECT_NE(whole, gmq_crc32c(0, bytes.data(), bytes.size()));
        bytes[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    }
}
