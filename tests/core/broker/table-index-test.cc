#include "core/broker/table-index.h"

#include "tests/core/broker/world.h"

namespace {

TEST(TableIndex, IsSortedByName)
{
    std::string table       = Table().add("b", 1).add("a", 2).add("ab", 3);
    g_autoptr(GArray) index = g_array_new(FALSE, FALSE, sizeof(GmqTableEntry));

    gmq_table_index_fill(index, slice(table));
    ASSERT_EQ(3u, index->len);
    EXPECT_EQ(2, g_array_index(index, GmqTableEntry, 0).value.integer);
    EXPECT_EQ(3, g_array_index(index, GmqTableEntry, 1).value.integer);
    EXPECT_EQ(1, g_array_index(index, GmqTableEntry, 2).value.integer);
}

TEST(TableIndex, KeepsTheFirstOfAName)
{
    std::string table       = Table().add("a", 1).add("b", 2).add("a", 3).add("a", 4);
    g_autoptr(GArray) index = g_array_new(FALSE, FALSE, sizeof(GmqTableEntry));

    gmq_table_index_fill(index, slice(table));
    ASSERT_EQ(2u, index->len);
    EXPECT_EQ(1, gmq_table_index_find(index, GMQ_SLICE("a"))->value.integer);
}

TEST(TableIndex, FindsNamesWhereverTheyStand)
{
    g_autoptr(GArray) index = g_array_new(FALSE, FALSE, sizeof(GmqTableEntry));

    for (int count = 0; count < 20; count++) {
        Table table;
        for (int i = 0; i < count; i++)
            table.add(std::string(1, static_cast<char>('a' + 2 * (i % 10))) + std::to_string(i), i);
        std::string bytes = table;

        gmq_table_index_fill(index, slice(bytes));
        for (int i = 0; i < count; i++) {
            std::string name =
                std::string(1, static_cast<char>('a' + 2 * (i % 10))) + std::to_string(i);
            ASSERT_NE(nullptr, gmq_table_index_find(index, slice(name))) << name;
            EXPECT_EQ(i, gmq_table_index_find(index, slice(name))->value.integer);
        }
        EXPECT_EQ(nullptr, gmq_table_index_find(index, GMQ_SLICE("b")));
        EXPECT_EQ(nullptr, gmq_table_index_find(index, GMQ_SLICE("")));
        EXPECT_EQ(nullptr, gmq_table_index_find(index, GMQ_SLICE("zz")));
    }
}

} // namespace
