#include "core/wire/properties.h"

#include <gtest/gtest.h>

#include "core/base/limits.h"
#include "tests/core/wire/samples.h"

static std::string
encoded(const GmqProperties &properties, uint64_t body_size)
{
    g_auto(GmqBuffer) buffer = {};

    gmq_properties_encode(&properties, body_size, &buffer);
    return string_of(buffer);
}

static GmqProperties
sample(Samples *samples, uint16_t present)
{
    GmqProperties properties = {};
    unsigned n               = 0;

    properties.present = present;
#define PROPERTY(NAME, name, type)                                                                 \
    if (GMQ_HAS_PROPERTY(&properties, NAME))                                                       \
        properties.name = samples->sample_##type(n);                                               \
    n++;
#include "core/wire/properties.def"
#undef PROPERTY
    return properties;
}

static bool
same(const GmqProperties &a, const GmqProperties &b)
{
#define PROPERTY(NAME, name, type)                                                                 \
    if (!same_field(a.name, b.name))                                                               \
        return false;
#include "core/wire/properties.def"
#undef PROPERTY
    return a.present == b.present;
}

static bool
decode(const std::string &payload, GmqProperties *properties, GmqFault *fault)
{
    std::vector<uint8_t> copy(payload.begin(), payload.end());

    return gmq_properties_decode(GmqSlice{copy.data(), copy.size()}, properties, fault);
}

TEST(Properties, HaveTheStandardsBytes)
{
    GmqProperties properties = {};

    properties.present =
        GMQ_PROPERTY_BIT(GMQ_PROPERTY_CONTENT_TYPE) | GMQ_PROPERTY_BIT(GMQ_PROPERTY_DELIVERY_MODE) |
        GMQ_PROPERTY_BIT(GMQ_PROPERTY_TIMESTAMP) | GMQ_PROPERTY_BIT(GMQ_PROPERTY_CLUSTER_ID);
    properties.content_type  = GMQ_SLICE("a/b");
    properties.delivery_mode = 2;
    properties.timestamp     = 258;
    properties.cluster_id    = GMQ_SLICE("c");
    EXPECT_EQ(bytes({0,   60,  0,   0, 0, 0, 0, 0, 0, 0, 0, 9, 0x90, 0x44, 3,
                     'a', '/', 'b', 2, 0, 0, 0, 0, 0, 0, 1, 2, 1,    'c'}),
              encoded(properties, 9));
}

TEST(Properties, HaveTheStandardsFlags)
{
    const uint16_t flags[] = {0x8000, 0x4000, 0x2000, 0x1000, 0x0800, 0x0400, 0x0200,
                              0x0100, 0x0080, 0x0040, 0x0020, 0x0010, 0x0008, 0x0004};

    ASSERT_EQ(G_N_ELEMENTS(flags), size_t{GMQ_N_PROPERTIES});
    for (int id = 0; id < GMQ_N_PROPERTIES; id++)
        EXPECT_EQ(flags[id], GMQ_PROPERTY_BIT(id));
    EXPECT_EQ(0x2000, GMQ_PROPERTY_BIT(GMQ_PROPERTY_HEADERS));
    EXPECT_EQ(0x0100, GMQ_PROPERTY_BIT(GMQ_PROPERTY_EXPIRATION));
}

TEST(Properties, RoundTripInEverySubset)
{
    for (unsigned subset = 0; subset < 1u << GMQ_N_PROPERTIES; subset++) {
        Samples samples;
        GmqProperties properties = sample(&samples, static_cast<uint16_t>(subset << 2));
        g_auto(GmqBuffer) buffer = {};
        GmqProperties decoded;
        GmqFault fault;

        gmq_properties_encode(&properties, 1, &buffer);
        ASSERT_TRUE(gmq_properties_decode(gmq_buffer_slice(&buffer), &decoded, &fault))
            << fault.text;
        ASSERT_TRUE(same(properties, decoded)) << subset;
    }
}

TEST(Properties, RefuseEveryTruncationAndExtension)
{
    Samples samples;
    std::string whole = encoded(sample(&samples, 0xFFFC), 1);
    GmqProperties properties;

    for (size_t size = 0; size <= whole.size() + 1; size++) {
        std::string payload = (whole + "x").substr(0, size);
        GmqFault fault      = {};

        ASSERT_EQ(size == whole.size(), decode(payload, &properties, &fault)) << size;
        EXPECT_EQ(size == whole.size() ? 0 : GMQ_REPLY_FRAME_ERROR, int(fault.code));
    }
}

TEST(Properties, RefuseFlagsThatNoPropertyHas)
{
    for (int flag : {1, 2, 3}) {
        std::string payload = bytes({0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0x10, flag, 2, 0, 0});
        GmqProperties properties;
        GmqFault fault = {};

        EXPECT_FALSE(decode(payload, &properties, &fault));
        EXPECT_EQ(GMQ_REPLY_FRAME_ERROR, fault.code);
        EXPECT_EQ(std::string("FRAME_ERROR - unknown property flags 0x000") + char('0' + flag),
                  fault.text);
    }
}

TEST(Properties, RefuseHeadersThatAreNoTable)
{
    std::string payload =
        bytes({0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0x20, 0, 0, 0, 0, 3, 1, 'k', '?'});
    GmqProperties properties;
    GmqFault fault = {};

    EXPECT_FALSE(decode(payload, &properties, &fault));
    EXPECT_STREQ("FRAME_ERROR - property headers does not decode", fault.text);
}

TEST(Properties, PassTextThroughThatIsNotUtf8)
{
    std::string payload = bytes({0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0x20, 1, 0xFF});
    GmqProperties properties;
    GmqFault fault = {};

    ASSERT_TRUE(decode(payload, &properties, &fault));
    EXPECT_EQ(GMQ_PROPERTY_BIT(GMQ_PROPERTY_TYPE), properties.present);
}

TEST(Properties, AreShownInWireOrder)
{
    GmqProperties properties = {};

    properties.present =
        GMQ_PROPERTY_BIT(GMQ_PROPERTY_PRIORITY) | GMQ_PROPERTY_BIT(GMQ_PROPERTY_CONTENT_TYPE) |
        GMQ_PROPERTY_BIT(GMQ_PROPERTY_HEADERS) | GMQ_PROPERTY_BIT(GMQ_PROPERTY_REPLY_TO);
    properties.content_type = GMQ_SLICE("text/plain");
    properties.priority     = 5;
    properties.reply_to     = GMQ_SLICE("the queue");
    g_autofree char *text   = gmq_properties_format(&properties);
    EXPECT_STREQ("content-type=text/plain headers={} priority=5 reply-to=\"the queue\"", text);
}

/* What a content header's first octets may say (AMQP.md 4.3). */
struct Start {
    const char *name;
    std::string payload;
    int code;
    uint64_t body_size;
};

static const Start starts[] = {
    {"Plain", bytes({0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0}), 0, 258},
    {"Largest", bytes({0, 60, 0, 0, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0}), 0, 536870912},
    {"TooLarge", bytes({0, 60, 0, 0, 0, 0, 0, 0, 0x20, 0, 0, 1, 0, 0}), 501, 0},
    {"Absurd", bytes({0, 60, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0}), 501, 0},
    {"OtherClass", bytes({0, 50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}), 505, 0},
    {"Weight", bytes({0, 60, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}), 505, 0},
    {"NoFlags", bytes({0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}), 501, 0},
    {"Empty", "", 501, 0},
};

class ContentHeader : public testing::TestWithParam<Start> {};

INSTANTIATE_TEST_SUITE_P(Properties, ContentHeader, testing::ValuesIn(starts),
                         [](const auto &tried) { return tried.param.name; });

TEST_P(ContentHeader, IsChecked)
{
    uint64_t body_size = 0;
    GmqFault fault     = {};
    bool passed        = gmq_content_header_check(slice_of(GetParam().payload), &body_size, &fault);

    EXPECT_EQ(GetParam().code == 0, passed);
    EXPECT_EQ(GetParam().code, int(fault.code));
    EXPECT_EQ(GetParam().body_size, passed ? body_size : 0);
}
