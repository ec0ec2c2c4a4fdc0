#include "core/wire/table.h"

#include <gtest/gtest.h>

#include "core/base/limits.h"
#include "tests/core/wire/samples.h"

/* Every type by its bytes, what it reads as, and what people see. The bytes are written by hand. */
struct Sample {
    const char *name;
    std::string bytes; /* type octet and value */
    int64_t integer;
    unsigned scale;
    uint64_t bits;
    std::string inside;
    const char *text;
};

static const Sample samples[] = {
    {"Bool", bytes({'t', 1}), 1, 0, 0, "", "true"},
    {"BoolFalse", bytes({'t', 0}), 0, 0, 0, "", "false"},
    {"I8", bytes({'b', 0xFE}), -2, 0, 0, "", "-2"},
    {"U8", bytes({'B', 0xFE}), 254, 0, 0, "", "254"},
    {"I16", bytes({'s', 0x80, 0}), -32768, 0, 0, "", "-32768"},
    {"U16", bytes({'u', 0x80, 0}), 32768, 0, 0, "", "32768"},
    {"I32", bytes({'I', 0xFF, 0xFF, 0xFF, 0xFE}), -2, 0, 0, "", "-2"},
    {"U32", bytes({'i', 0xFF, 0xFF, 0xFF, 0xFE}), 4294967294, 0, 0, "", "4294967294"},
    {"I64", bytes({'l', 0x80, 0, 0, 0, 0, 0, 0, 0}), INT64_MIN, 0, 0, "", "-9223372036854775808"},
    {"I64L", bytes({'L', 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFD}), -3, 0, 0, "", "-3"},
    {"Float", bytes({'f', 0x3F, 0xC0, 0, 0}), 0, 0, 0x3FC00000, "", "0x1.8p+0"},
    {"Double", bytes({'d', 0xC0, 0x09, 0x21, 0xFB, 0x54, 0x44, 0x2D, 0x18}), 0, 0,
     0xC00921FB54442D18, "", "-0x1.921fb54442d18p+1"},
    {"Decimal", bytes({'D', 2, 0xFF, 0xFF, 0xFF, 0xFB}), -5, 2, 0, "", "-0.05"},
    {"DecimalWhole", bytes({'D', 0, 0, 0, 0, 7}), 7, 0, 0, "", "7"},
    {"String", bytes({'S', 0, 0, 0, 2, 'h', 'i'}), 0, 0, 0, "hi", "hi"},
    {"Array", bytes({'A', 0, 0, 0, 3, 'V', 't', 1}), 0, 0, 0, bytes({'V', 't', 1}), "[void, true]"},
    {"Timestamp", bytes({'T', 0, 0, 0, 0, 0, 0, 1, 0}), 256, 0, 0, "", "@256"},
    {"Table", bytes({'F', 0, 0, 0, 3, 1, 'k', 'V'}), 0, 0, 0, bytes({1, 'k', 'V'}), "{k: void}"},
    {"Void", bytes({'V'}), 0, 0, 0, "", "void"},
    {"Bytes", bytes({'x', 0, 0, 0, 2, 0xCA, 0xFE}), 0, 0, 0, "\xCA\xFE", "0xcafe"},
};

class EveryType : public testing::TestWithParam<Sample> {
  protected:
    std::string table = bytes({1, 'n'}) + GetParam().bytes;
};

INSTANTIATE_TEST_SUITE_P(Table, EveryType, testing::ValuesIn(samples),
                         [](const auto &tried) { return tried.param.name; });

TEST_P(EveryType, ReadsAsTheStandardSays)
{
    GmqValue value;

    ASSERT_TRUE(gmq_table_check(slice_of(table)));
    ASSERT_TRUE(gmq_table_find(slice_of(table), GMQ_SLICE("n"), &value));
    EXPECT_EQ(GetParam().bytes[0], static_cast<char>(value.type));
    EXPECT_EQ(GetParam().integer, value.integer);
    EXPECT_EQ(GetParam().scale, value.scale);
    EXPECT_EQ(GetParam().bits, value.bits);
    EXPECT_EQ(GetParam().inside, string_of(value.bytes));
}

TEST_P(EveryType, IsWrittenAsItWasRead)
{
    g_auto(GmqBuffer) copy = {};
    GmqSlice rest          = slice_of(table);
    GmqSlice name;
    GmqValue value;

    while (gmq_table_next(&rest, &name, &value))
        gmq_table_add(&copy, name, &value);
    EXPECT_EQ(table, string_of(copy));
}

TEST_P(EveryType, StandsInAnArrayToo)
{
    std::string array      = GetParam().bytes + GetParam().bytes;
    g_auto(GmqBuffer) copy = {};
    GmqSlice rest          = slice_of(array);
    GmqValue value;

    ASSERT_TRUE(gmq_array_check(slice_of(array)));
    while (gmq_array_next(&rest, &value))
        gmq_array_add(&copy, &value);
    EXPECT_EQ(array, string_of(copy));
}

TEST_P(EveryType, HasItsText)
{
    g_autofree char *text = gmq_table_format(slice_of(table));

    EXPECT_EQ(std::string("{n: ") + GetParam().text + "}", text);
}

TEST_P(EveryType, IsRefusedAtEveryTruncation)
{
    for (size_t size = 1; size < table.size(); size++) {
        std::vector<uint8_t> cut(table.begin(), table.begin() + size);
        GmqSlice slice = {cut.data(), cut.size()};
        GmqSlice name;
        GmqValue value;

        EXPECT_FALSE(gmq_table_check(slice)) << size;
        EXPECT_FALSE(gmq_table_next(&slice, &name, &value)) << size;
    }
}

TEST_P(EveryType, EqualsItself)
{
    GmqValue value;

    ASSERT_TRUE(gmq_table_find(slice_of(table), GMQ_SLICE("n"), &value));
    EXPECT_TRUE(gmq_value_equal(&value, &value));
}

TEST(Table, KnowsNoOtherTypes)
{
    const std::string known = "tbBsuIilLfdDSATFVx";

    for (int type = 0; type < 256; type++) {
        std::string table = bytes({1, 'n', type}) + std::string(16, '\0');
        GmqSlice rest     = slice_of(table);
        GmqSlice name;
        GmqValue value;

        bool is_known = known.find(static_cast<char>(type)) != std::string::npos;
        EXPECT_EQ(is_known, gmq_table_next(&rest, &name, &value)) << type;
    }
}

static std::string
nested(unsigned levels, char type)
{
    std::string inside;

    for (unsigned level = 1; level < levels; level++) {
        g_auto(GmqBuffer) outer = {};
        GmqValue value          = {};

        value.type  = static_cast<GmqValueType>(level + 1 < levels ? type : 'F');
        value.bytes = slice_of(inside);
        if (level + 1 < levels && type == 'A')
            gmq_array_add(&outer, &value);
        else
            gmq_table_add(&outer, GMQ_SLICE("t"), &value);
        inside = string_of(outer);
    }
    return inside;
}

TEST(Table, NestsAsDeepAsTheLimitAndNoDeeper)
{
    EXPECT_TRUE(gmq_table_check(slice_of(nested(GMQ_TABLE_DEPTH_MAX, 'F'))));
    EXPECT_FALSE(gmq_table_check(slice_of(nested(GMQ_TABLE_DEPTH_MAX + 1, 'F'))));
    EXPECT_FALSE(gmq_table_check(slice_of(nested(2000, 'F'))));
}

TEST(Table, CountsArraysAsLevels)
{
    std::string inside;
    for (unsigned level = 1; level < GMQ_TABLE_DEPTH_MAX; level++) {
        g_auto(GmqBuffer) outer = {};
        GmqValue value          = {GMQ_VALUE_ARRAY, 0, 0, 0, slice_of(inside)};

        gmq_array_add(&outer, &value);
        inside = string_of(outer);
    }
    EXPECT_TRUE(gmq_array_check(slice_of(inside)));

    g_auto(GmqBuffer) table = {};
    GmqValue value          = {GMQ_VALUE_ARRAY, 0, 0, 0, slice_of(inside)};
    gmq_table_add(&table, GMQ_SLICE("a"), &value);
    EXPECT_FALSE(gmq_table_check(gmq_buffer_slice(&table)));
}

TEST(Table, RefusesLengthsThatClaimMoreThanIsThere)
{
    for (int type : {'S', 'x', 'A', 'F'}) {
        for (int octet : {0x00, 0x7F, 0x80, 0xFF}) {
            std::string table = bytes({1, 'n', type, octet, 0xFF, 0xFF, 0xFF, 1, 2, 3});
            EXPECT_FALSE(gmq_table_check(slice_of(table)));
        }
    }
    EXPECT_FALSE(gmq_table_check(slice_of(bytes({200, 'n', 'V'}))));
}

TEST(Table, MayBeEmpty)
{
    GmqSlice empty = {nullptr, 0};
    GmqSlice name;
    GmqValue value;
    g_autofree char *text = gmq_table_format(empty);

    EXPECT_TRUE(gmq_table_check(empty));
    EXPECT_FALSE(gmq_table_next(&empty, &name, &value));
    EXPECT_STREQ("{}", text);
}

TEST(Table, FindsTheFirstOfAName)
{
    g_auto(GmqBuffer) table = {};
    GmqValue value;

    gmq_table_add_int(&table, "other", 0);
    gmq_table_add_int(&table, "twice", 1);
    gmq_table_add_int(&table, "twice", 2);
    ASSERT_TRUE(gmq_table_find(gmq_buffer_slice(&table), GMQ_SLICE("twice"), &value));
    EXPECT_EQ(1, value.integer);
    EXPECT_FALSE(gmq_table_find(gmq_buffer_slice(&table), GMQ_SLICE("twic"), &value));
}

TEST(Table, IsSortedByTheBytesOfItsNamesAndEqualOnesKeepTheirOrder)
{
    g_auto(GmqBuffer) table  = {};
    g_auto(GmqBuffer) sorted = {};

    for (const char *name : {"b", "a", "B", "", "ab", "a"})
        gmq_table_add_int(&table, name, static_cast<int64_t>(table.size));
    gmq_table_add_sorted(&sorted, gmq_buffer_slice(&table));
    g_autofree char *text = gmq_table_format(gmq_buffer_slice(&sorted));
    EXPECT_STREQ("{\"\": 33, B: 22, a: 11, a: 55, ab: 43, b: 0}", text);
    EXPECT_EQ(table.size, sorted.size);
}

TEST(Table, IsShownInItsOrderWithOddTextInQuotes)
{
    g_auto(GmqBuffer) table = {};
    g_auto(GmqBuffer) inner = {};

    gmq_table_add_text(&inner, "x-match", GMQ_SLICE("all"));
    gmq_table_add_int(&inner, "n", 5);
    gmq_table_add_table(&table, "t", gmq_buffer_slice(&inner));
    gmq_table_add_text(&table, "number", GMQ_SLICE("5"));
    gmq_table_add_text(&table, "word", GMQ_SLICE("true"));
    gmq_table_add_text(&table, "odd", slice_of("a \"b\" \\ \x1B[2J \xC2\x9B \xFF \xE2\x82 €"));
    g_autofree char *text = gmq_table_format(gmq_buffer_slice(&table));
    EXPECT_STREQ("{t: {x-match: all, n: 5}, number: \"5\", word: \"true\", "
                 "odd: \"a \\\"b\\\" \\\\ \\x1b[2J \\xc2\\x9b \\xff \\xe2\\x82 €\"}",
                 text);
}

TEST(Table, ShowsEveryKindOfFloat)
{
    const std::pair<uint64_t, const char *> doubles[] = {
        {0, "0x0p+0"},
        {UINT64_C(1) << 63, "-0x0p+0"},
        {1, "0x0.0000000000001p-1022"},
        {0x7FEFFFFFFFFFFFFF, "0x1.fffffffffffffp+1023"},
        {0x7FF0000000000000, "inf"},
        {0xFFF0000000000000, "-inf"},
        {0x7FF8000000000000, "nan"},
    };

    for (auto &[bits, expected] : doubles) {
        g_auto(GmqBuffer) table = {};
        GmqValue value          = {GMQ_VALUE_DOUBLE, 0, 0, bits, {}};

        gmq_table_add(&table, GMQ_SLICE("d"), &value);
        g_autofree char *text = gmq_table_format(gmq_buffer_slice(&table));
        EXPECT_EQ(std::string("{d: ") + expected + "}", text);
    }
}
