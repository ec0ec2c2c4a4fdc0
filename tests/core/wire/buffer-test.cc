#include "core/wire/buffer.h"

#include <gtest/gtest.h>

#include "core/base/limits.h"
#include "core/wire/reader.h"
#include "tests/core/wire/samples.h"

TEST(Buffer, WritesBigEndian)
{
    g_auto(GmqBuffer) buffer = {};

    gmq_buffer_add_u8(&buffer, 0x01);
    gmq_buffer_add_u16(&buffer, 0x0203);
    gmq_buffer_add_u32(&buffer, 0x04050607);
    gmq_buffer_add_u64(&buffer, 0x08090A0B0C0D0E0F);
    EXPECT_EQ(bytes({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}), string_of(buffer));
}

TEST(Buffer, WritesStringsBehindTheirLength)
{
    g_auto(GmqBuffer) buffer = {};

    gmq_buffer_add_shortstr(&buffer, GMQ_SLICE("ab"));
    gmq_buffer_add_longstr(&buffer, GMQ_SLICE("c"));
    gmq_buffer_add_shortstr(&buffer, GmqSlice{nullptr, 0});
    gmq_buffer_add_longstr(&buffer, GmqSlice{nullptr, 0});
    EXPECT_EQ(bytes({2, 'a', 'b', 0, 0, 0, 1, 'c', 0, 0, 0, 0, 0}), string_of(buffer));
}

TEST(Buffer, FillsInALengthLater)
{
    g_auto(GmqBuffer) buffer = {};

    size_t outer = gmq_buffer_begin_long(&buffer);
    gmq_buffer_add_u8(&buffer, 9);
    size_t inner = gmq_buffer_begin_long(&buffer);
    gmq_buffer_end_long(&buffer, inner);
    gmq_buffer_end_long(&buffer, outer);
    EXPECT_EQ(bytes({0, 0, 0, 5, 9, 0, 0, 0, 0}), string_of(buffer));
}

TEST(Buffer, KeepsItsBytesWhileItGrows)
{
    g_auto(GmqBuffer) buffer = {};
    std::string expected;

    for (int i = 0; i < 10000; i++) {
        gmq_buffer_add(&buffer, "xyz", i % 4);
        expected += std::string("xyz").substr(0, i % 4);
    }
    EXPECT_EQ(expected, string_of(buffer));
    EXPECT_LE(buffer.capacity, 2 * buffer.size);
}

TEST(Buffer, ReservesWithoutWriting)
{
    g_auto(GmqBuffer) buffer = {};

    gmq_buffer_add(&buffer, "ab", 2);
    uint8_t *place = gmq_buffer_reserve(&buffer, 1000);
    memset(place, 'z', 1000);
    EXPECT_EQ("ab", string_of(buffer));
    EXPECT_EQ(buffer.data + 2, place);
}

TEST(BufferDeath, CallsAnOverlongNameOfOursABug)
{
    g_auto(GmqBuffer) buffer = {};
    std::string name(GMQ_SHORTSTR_MAX + 1, 'x');

    EXPECT_DEATH(gmq_buffer_add_shortstr(&buffer, slice_of(name)), "GMQ_SHORTSTR_MAX");
}

TEST(Reader, ReadsWhatTheBufferWrote)
{
    g_auto(GmqBuffer) buffer = {};
    GmqReader reader;

    gmq_buffer_add_u8(&buffer, 0xF1);
    gmq_buffer_add_u16(&buffer, 0xF2F3);
    gmq_buffer_add_u32(&buffer, 0xF4F5F6F7);
    gmq_buffer_add_u64(&buffer, 0xF8F9FAFBFCFDFEFF);
    gmq_buffer_add_shortstr(&buffer, GMQ_SLICE("short"));
    gmq_buffer_add_longstr(&buffer, GMQ_SLICE("long"));

    gmq_reader_init(&reader, gmq_buffer_slice(&buffer));
    EXPECT_EQ(0xF1, gmq_reader_u8(&reader));
    EXPECT_EQ(0xF2F3, gmq_reader_u16(&reader));
    EXPECT_EQ(0xF4F5F6F7, gmq_reader_u32(&reader));
    EXPECT_EQ(0xF8F9FAFBFCFDFEFF, gmq_reader_u64(&reader));
    EXPECT_EQ("short", string_of(gmq_reader_shortstr(&reader)));
    EXPECT_EQ("long", string_of(gmq_reader_longstr(&reader)));
    EXPECT_EQ(0u, gmq_reader_left(&reader));
    EXPECT_FALSE(reader.failed);
}

TEST(Reader, StaysFailedAfterTheFirstShortRead)
{
    std::string three = "abc";
    GmqReader reader;

    gmq_reader_init(&reader, slice_of(three));
    EXPECT_EQ(0u, gmq_reader_u32(&reader));
    EXPECT_TRUE(reader.failed);
    EXPECT_EQ(0u, gmq_reader_u8(&reader));
    EXPECT_EQ(0u, gmq_reader_longstr(&reader).size);
}

TEST(Reader, TakesALengthThatWouldWrapForWhatItIs)
{
    std::string hostile = bytes({0xFF, 0xFF, 0xFF, 0xFF, 'x'});
    GmqReader reader;

    gmq_reader_init(&reader, slice_of(hostile));
    EXPECT_EQ(nullptr, gmq_reader_longstr(&reader).data);
    EXPECT_TRUE(reader.failed);
}

TEST(Reader, ReadsAnEmptySlice)
{
    GmqReader reader;

    gmq_reader_init(&reader, GmqSlice{nullptr, 0});
    EXPECT_EQ(0u, gmq_reader_left(&reader));
    EXPECT_EQ(0, gmq_reader_u8(&reader));
    EXPECT_TRUE(reader.failed);
}
