#include "lessons/text-table.h"

#include <gtest/gtest.h>

#include <string>

namespace {

char **
cells(const char *a, const char *b, const char *c)
{
    const char *const texts[] = {a, b, c, nullptr};

    return g_strdupv(const_cast<char **>(texts));
}

const char *const head[] = {"name", "n", "word"};

} // namespace

TEST(TextTable, LinesUpWhateverTheCharactersAre)
{
    g_autoptr(GmqTextTable) table = gmq_text_table_new("lrl", head);
    g_autoptr(GString) out        = g_string_new(nullptr);

    gmq_text_table_add(table, cells("ann", "7", "x"));
    gmq_text_table_add(table, cells("김철수", "123", "확인"));
    gmq_text_table_add(table, cells("", "", ""));
    gmq_text_table_print(table, out);
    EXPECT_STREQ(out->str, "name      n  word\n"
                           "ann       7  x\n"
                           "김철수  123  확인\n"
                           "\n");
}

TEST(TextTable, OfNobodyIsItsHead)
{
    g_autoptr(GmqTextTable) table = gmq_text_table_new("lrl", head);
    g_autoptr(GString) out        = g_string_new("before\n");

    gmq_text_table_print(table, out);
    EXPECT_STREQ(out->str, "before\nname  n  word\n");
}
