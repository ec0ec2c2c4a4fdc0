#include "core/wire/frame.h"

#include <gtest/gtest.h>

#include "tests/core/wire/samples.h"

static const size_t limit = 1000;

static GmqFrameStatus
read_frame(const std::string &bytes, GmqFrame *frame, GmqFault *fault, size_t *eaten = nullptr)
{
    GmqSlice input        = slice_of(bytes);
    GmqFrameStatus status = gmq_frame_read(&input, limit, frame, fault);

    if (eaten != nullptr)
        *eaten = bytes.size() - input.size;
    return status;
}

static std::string
framed(GmqFrameType type, uint16_t channel, const std::string &payload)
{
    g_auto(GmqBuffer) buffer = {};

    gmq_frame_add(&buffer, type, channel, slice_of(payload));
    return string_of(buffer);
}

TEST(Frame, HasTheStandardsBytes)
{
    EXPECT_EQ(bytes({3, 1, 2, 0, 0, 0, 2, 'h', 'i', 0xCE}), framed(GMQ_FRAME_BODY, 0x102, "hi"));
    EXPECT_EQ(bytes({8, 0, 0, 0, 0, 0, 0, 0xCE}), framed(GMQ_FRAME_HEARTBEAT, 0, ""));
}

TEST(Frame, IsTheSameFromBeginAndEndAsFromAdd)
{
    g_auto(GmqBuffer) buffer = {};
    size_t begin             = gmq_frame_begin(&buffer, GMQ_FRAME_HEADER, 9);

    gmq_buffer_add(&buffer, "abc", 3);
    gmq_frame_end(&buffer, begin);
    EXPECT_EQ(framed(GMQ_FRAME_HEADER, 9, "abc"), string_of(buffer));
}

TEST(Frame, IsReadWholeAndStepsOver)
{
    std::string two = framed(GMQ_FRAME_METHOD, 5, "first") + framed(GMQ_FRAME_BODY, 6, "");
    GmqSlice input  = slice_of(two);
    GmqFrame frame;
    GmqFault fault;

    ASSERT_EQ(GMQ_FRAME_READY, gmq_frame_read(&input, limit, &frame, &fault));
    EXPECT_EQ(GMQ_FRAME_METHOD, frame.type);
    EXPECT_EQ(5, frame.channel);
    EXPECT_EQ("first", string_of(frame.payload));

    ASSERT_EQ(GMQ_FRAME_READY, gmq_frame_read(&input, limit, &frame, &fault));
    EXPECT_EQ(GMQ_FRAME_BODY, frame.type);
    EXPECT_EQ(6, frame.channel);
    EXPECT_EQ("", string_of(frame.payload));
    EXPECT_EQ(GMQ_FRAME_NEEDS_MORE, gmq_frame_read(&input, limit, &frame, &fault));
}

TEST(Frame, NeedsMoreAtEveryLengthButTheWhole)
{
    std::string whole = framed(GMQ_FRAME_METHOD, 5, "some payload");
    GmqFrame frame;
    GmqFault fault;
    size_t eaten;

    for (size_t size = 0; size < whole.size(); size++) {
        EXPECT_EQ(GMQ_FRAME_NEEDS_MORE, read_frame(whole.substr(0, size), &frame, &fault, &eaten));
        EXPECT_EQ(0u, eaten);
    }
    EXPECT_EQ(GMQ_FRAME_READY, read_frame(whole, &frame, &fault, &eaten));
    EXPECT_EQ(whole.size(), eaten);
}

TEST(Frame, MayBeAsLargeAsTheLimitAndNoLarger)
{
    GmqFrame frame;
    GmqFault fault;

    EXPECT_EQ(GMQ_FRAME_READY,
              read_frame(framed(GMQ_FRAME_BODY, 1, std::string(limit, 'x')), &frame, &fault));
    EXPECT_EQ(GMQ_FRAME_BAD,
              read_frame(framed(GMQ_FRAME_BODY, 1, std::string(limit + 1, 'x')), &frame, &fault));
    EXPECT_EQ(GMQ_REPLY_FRAME_ERROR, fault.code);
}

TEST(Frame, IsRefusedFromItsHeaderAloneWhenItIsTooLarge)
{
    GmqFrame frame;
    GmqFault fault;

    EXPECT_EQ(GMQ_FRAME_BAD, read_frame(bytes({3, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF}), &frame, &fault));
    EXPECT_EQ(GMQ_REPLY_FRAME_ERROR, fault.code);
    EXPECT_STREQ("FRAME_ERROR - frame of 4294967295 octets on channel 1 is larger than the limit "
                 "of 1000",
                 fault.text);
}

TEST(Frame, IsRefusedFromItsHeaderAloneWhenItsTypeIsUnknown)
{
    GmqFrame frame;

    for (int type = 0; type < 256; type++) {
        GmqFault fault = {};
        bool known     = type == 1 || type == 2 || type == 3 || type == 8;

        EXPECT_EQ(known ? GMQ_FRAME_NEEDS_MORE : GMQ_FRAME_BAD,
                  read_frame(bytes({type, 0, 1, 0, 0, 0, 1}), &frame, &fault));
        EXPECT_EQ(known ? 0 : GMQ_REPLY_FRAME_ERROR, int(fault.code));
    }
}

TEST(Frame, MustEndWithItsOctet)
{
    std::string whole = framed(GMQ_FRAME_METHOD, 1, "x");
    GmqFrame frame;
    GmqFault fault;

    whole.back() = '\0';
    EXPECT_EQ(GMQ_FRAME_BAD, read_frame(whole, &frame, &fault));
    EXPECT_EQ(GMQ_REPLY_FRAME_ERROR, fault.code);
    EXPECT_STREQ("FRAME_ERROR - frame on channel 1 ends with octet 0x00 instead of 0xce",
                 fault.text);
}

TEST(Frame, HeaderAloneTellsTypeChannelAndSize)
{
    GmqFrame frame;
    GmqFault fault;
    std::string header = bytes({2, 0xAB, 0xCD, 0, 0, 3, 0});

    ASSERT_TRUE(gmq_frame_read_header(slice_of(header).data, limit, &frame, &fault));
    EXPECT_EQ(GMQ_FRAME_HEADER, frame.type);
    EXPECT_EQ(0xABCD, frame.channel);
    EXPECT_EQ(768u, frame.payload.size);
    EXPECT_EQ(nullptr, frame.payload.data);
}
