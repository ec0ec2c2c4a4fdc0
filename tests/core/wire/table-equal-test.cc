#include <gtest/gtest.h>

#include "core/wire/table.h"
#include "tests/core/wire/samples.h"

static GmqValue
integer(GmqValueType type, int64_t number)
{
    return GmqValue{type, number, 0, 0, {}};
}

static GmqValue
text(GmqValueType type, const char *text)
{
    return GmqValue{type, 0, 0, 0, gmq_slice_of(text)};
}

static bool
equal(const GmqValue &a, const GmqValue &b)
{
    bool forth = gmq_value_equal(&a, &b);

    EXPECT_EQ(forth, gmq_value_equal(&b, &a));
    return forth;
}

TEST(TableEqual, ComparesIntegersOfAnyWidthByValue)
{
    const GmqValueType types[] = {GMQ_VALUE_I8,  GMQ_VALUE_U8,  GMQ_VALUE_I16, GMQ_VALUE_U16,
                                  GMQ_VALUE_I32, GMQ_VALUE_U32, GMQ_VALUE_I64, GMQ_VALUE_I64_L};

    for (GmqValueType a : types) {
        for (GmqValueType b : types) {
            EXPECT_TRUE(equal(integer(a, 100), integer(b, 100)));
            EXPECT_FALSE(equal(integer(a, 100), integer(b, 101)));
        }
    }
}

TEST(TableEqual, NeverTakesAnotherKindForAnInteger)
{
    GmqValue five = integer(GMQ_VALUE_I32, 5);

    EXPECT_FALSE(equal(five, text(GMQ_VALUE_STRING, "5")));
    EXPECT_FALSE(equal(five, integer(GMQ_VALUE_TIMESTAMP, 5)));
    EXPECT_FALSE(equal(five, integer(GMQ_VALUE_DECIMAL, 5)));
    EXPECT_FALSE(equal(integer(GMQ_VALUE_U8, 1), integer(GMQ_VALUE_BOOL, 1)));
    EXPECT_FALSE(equal(integer(GMQ_VALUE_U8, 0), integer(GMQ_VALUE_VOID, 0)));
}

TEST(TableEqual, ComparesOtherValuesWithTheirKind)
{
    EXPECT_TRUE(equal(text(GMQ_VALUE_STRING, "a"), text(GMQ_VALUE_STRING, "a")));
    EXPECT_FALSE(equal(text(GMQ_VALUE_STRING, "a"), text(GMQ_VALUE_STRING, "b")));
    EXPECT_FALSE(equal(text(GMQ_VALUE_STRING, "a"), text(GMQ_VALUE_BYTES, "a")));
    EXPECT_FALSE(equal(integer(GMQ_VALUE_BOOL, 1), integer(GMQ_VALUE_BOOL, 0)));
    EXPECT_FALSE(
        equal(GmqValue{GMQ_VALUE_DECIMAL, 5, 1, 0, {}}, GmqValue{GMQ_VALUE_DECIMAL, 5, 2, 0, {}}));
    EXPECT_FALSE(
        equal(GmqValue{GMQ_VALUE_DOUBLE, 0, 0, 1, {}}, GmqValue{GMQ_VALUE_DOUBLE, 0, 0, 2, {}}));
}

/* Written like arguments: "a=1 b=x" has an integer of the given width and a text. */
static std::string
table(std::initializer_list<std::pair<const char *, GmqValue>> entries)
{
    g_auto(GmqBuffer) buffer = {};

    for (auto &[name, value] : entries)
        gmq_table_add(&buffer, gmq_slice_of(name), &value);
    return string_of(buffer);
}

static bool
tables_equal(const std::string &a, const std::string &b)
{
    bool forth = gmq_table_equal(slice_of(a), slice_of(b));

    EXPECT_EQ(forth, gmq_table_equal(slice_of(b), slice_of(a)));
    return forth;
}

static const GmqValue one  = integer(GMQ_VALUE_I32, 1);
static const GmqValue uno  = integer(GMQ_VALUE_I64, 1);
static const GmqValue two  = integer(GMQ_VALUE_U8, 2);
static const GmqValue word = text(GMQ_VALUE_STRING, "word");

TEST(TableEqual, DisregardsOrder)
{
    EXPECT_TRUE(tables_equal(table({{"a", one}, {"b", word}, {"c", two}}),
                             table({{"c", two}, {"a", uno}, {"b", word}})));
}

TEST(TableEqual, NeedsTheSameNamesOnBothSides)
{
    EXPECT_TRUE(tables_equal("", ""));
    EXPECT_FALSE(tables_equal(table({{"a", one}}), ""));
    EXPECT_FALSE(tables_equal(table({{"a", one}}), table({{"b", one}})));
    EXPECT_FALSE(tables_equal(table({{"a", one}}), table({{"a", one}, {"b", one}})));
    EXPECT_FALSE(tables_equal(table({{"a", one}, {"b", one}}), table({{"a", one}, {"b", two}})));
}

TEST(TableEqual, CountsTheFirstOfAName)
{
    EXPECT_TRUE(tables_equal(table({{"a", one}, {"a", two}}), table({{"a", one}})));
    EXPECT_TRUE(tables_equal(table({{"a", one}, {"b", two}, {"a", two}}),
                             table({{"b", two}, {"b", one}, {"a", uno}})));
    EXPECT_FALSE(tables_equal(table({{"a", one}, {"a", two}}), table({{"a", two}, {"a", one}})));
}

TEST(TableEqual, ComparesInnerTablesWithoutAndArraysWithOrder)
{
    std::string forth = table({{"a", one}, {"b", two}});
    std::string back  = table({{"b", two}, {"a", uno}});
    GmqValue inner    = {GMQ_VALUE_TABLE, 0, 0, 0, slice_of(forth)};
    GmqValue renni    = {GMQ_VALUE_TABLE, 0, 0, 0, slice_of(back)};
    EXPECT_TRUE(equal(inner, renni));

    auto array = [](const GmqValue &first, const GmqValue &second) {
        g_auto(GmqBuffer) buffer = {};
        gmq_array_add(&buffer, &first);
        gmq_array_add(&buffer, &second);
        return string_of(buffer);
    };
    std::string wide = array(one, inner), narrow = array(uno, renni), turned = array(renni, uno);
    auto value = [](const std::string &inside) {
        return GmqValue{GMQ_VALUE_ARRAY, 0, 0, 0, slice_of(inside)};
    };
    EXPECT_TRUE(equal(value(wide), value(narrow)));
    EXPECT_FALSE(equal(value(narrow), value(turned)));
    EXPECT_FALSE(equal(value(wide), value("")));
}

/* A table of one frame holds tens of thousands of names: comparing must not take their square. */
TEST(TableEqual, StaysQuickWithAsManyNamesAsAFrameHolds)
{
    g_auto(GmqBuffer) up   = {};
    g_auto(GmqBuffer) down = {};
    const int count        = 20000;

    for (int i = 0; i < count; i++) {
        gmq_table_add(&up, slice_of(std::to_string(i)), &one);
        gmq_table_add(&down, slice_of(std::to_string(count - 1 - i)), &uno);
    }
    for (int times = 0; times < 10; times++)
        EXPECT_TRUE(gmq_table_equal(gmq_buffer_slice(&up), gmq_buffer_slice(&down)));
}
