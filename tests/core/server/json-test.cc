#include "core/server/json.h"

#include <gtest/gtest.h>
#include <string>

namespace {

std::string
text(const std::string &bytes)
{
    g_autoptr(GString) out = g_string_new(nullptr);
    GmqJson json           = {out, false};

    gmq_json_put_text(&json, {reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()});
    return out->str;
}

TEST(ServerJson, EscapesWhatATextMayNotHold)
{
    EXPECT_EQ("\"a\\\"b\\\\c\"", text("a\"b\\c"));
    EXPECT_EQ("\"\\u0000\\u001b\\u007f\\u000a\"", text(std::string("\0\x1b\x7f\n", 4)));
    EXPECT_EQ("\"日本\"", text("日本"));
}

TEST(ServerJson, ReplacesWhatIsNoText)
{
    EXPECT_EQ("\"a\xef\xbf\xbd\xef\xbf\xbd"
              "b\"",
              text("a\xff\xc3"
                   "b"));
}

TEST(ServerJson, PartsMembersAndElementsByCommas)
{
    g_autoptr(GString) out = g_string_new(nullptr);
    GmqJson json           = {out, false};

    gmq_json_open(&json, '{');
    gmq_json_add_count(&json, "a", 1);
    gmq_json_key(&json, "b");
    gmq_json_open(&json, '[');
    gmq_json_put_bool(&json, true);
    gmq_json_put_integer(&json, -2);
    gmq_json_put_raw(&json, {});
    gmq_json_close(&json, ']');
    gmq_json_key(&json, "c");
    gmq_json_open(&json, '{');
    gmq_json_close(&json, '}');
    gmq_json_close(&json, '}');
    EXPECT_STREQ("{\"a\":1,\"b\":[true,-2,null],\"c\":{}}", out->str);
}

GmqValue
value(GmqValueType type, int64_t integer, uint64_t bits = 0, uint8_t scale = 0)
{
    return {type, integer, scale, bits, {}};
}

TEST(ServerJson, WritesTheValuesOfATable)
{
    g_auto(GmqBuffer) table = {};
    g_auto(GmqBuffer) array = {};
    g_autoptr(GString) out  = g_string_new(nullptr);
    GmqJson json            = {out, false};
    GmqValue values[]       = {
              value(GMQ_VALUE_I8, -5),
              value(GMQ_VALUE_DOUBLE, 0, 0x3ff8000000000000),
              value(GMQ_VALUE_DOUBLE, 0, 0x7ff8000000000000),
              value(GMQ_VALUE_FLOAT, 0, 0x3f000000),
              value(GMQ_VALUE_DECIMAL, 125, 0, 2),
              value(GMQ_VALUE_TIMESTAMP, 1700000000),
              value(GMQ_VALUE_VOID, 0),
    };

    for (const GmqValue &each : values)
        gmq_array_add(&array, &each);
    GmqValue list = value(GMQ_VALUE_ARRAY, 0);
    list.bytes    = gmq_buffer_slice(&array);
    gmq_table_add(&table, gmq_slice_of("list"), &list);
    gmq_table_add_text(&table, "x", gmq_slice_of("y"));
    gmq_table_add_table(&table, "t", {});
    gmq_json_put_table(&json, gmq_buffer_slice(&table));
    EXPECT_STREQ("{\"list\":[-5,1.5,null,0.5,1.25,1700000000,null],\"x\":\"y\",\"t\":{}}",
                 out->str);
}

TEST(ServerJson, SeesHowDeepATextNests)
{
    std::string deep(50, '[');
    std::string quoted = "\"" + deep + "\\\"" + deep + "\"";
    std::string wide;

    for (int i = 0; i < 100; i++)
        wide += "{}";
    EXPECT_TRUE(gmq_json_is_shallow("[[]]", 4, 2));
    EXPECT_FALSE(gmq_json_is_shallow("[[]]", 4, 1));
    EXPECT_FALSE(gmq_json_is_shallow(deep.data(), deep.size(), 40));
    EXPECT_TRUE(gmq_json_is_shallow(quoted.data(), quoted.size(), 1));
    EXPECT_TRUE(gmq_json_is_shallow(wide.data(), wide.size(), 1));
}

} // namespace
