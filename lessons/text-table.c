#include "lessons/text-table.h"

#include <string.h>

#include "viz/screen.h"

#define GAP 2

struct GmqTextTable {
    char *sides;
    GPtrArray *rows; /* of GStrv; the head is the first one */
};

static void
row_free(void *row)
{
    g_strfreev(row);
}

GmqTextTable *
gmq_text_table_new(const char *sides, const char *const *head)
{
    GmqTextTable *table = g_new(GmqTextTable, 1);
    unsigned n          = (unsigned)strlen(sides);
    char **cells        = g_new0(char *, n + 1);

    table->sides = g_strdup(sides);
    table->rows  = g_ptr_array_new_with_free_func(row_free);
    for (unsigned i = 0; i < n; i++)
        cells[i] = g_strdup(head[i]);
    g_ptr_array_add(table->rows, cells);
    return table;
}

void
gmq_text_table_free(GmqTextTable *table)
{
    if (table == NULL)
        return;
    g_ptr_array_unref(table->rows);
    g_free(table->sides);
    g_free(table);
}

void
gmq_text_table_add(GmqTextTable *table, char **cells)
{
    g_assert(g_strv_length(cells) == strlen(table->sides));

    g_ptr_array_add(table->rows, cells);
}

static int
width_of(const char *text)
{
    return gmq_text_width(GMQ_GLYPHS_UTF8, text);
}

static int
column_width(const GmqTextTable *table, unsigned column)
{
    int width = 0;

    for (unsigned i = 0; i < table->rows->len; i++)
        width = MAX(width, width_of(((char **)table->rows->pdata[i])[column]));
    return width;
}

static void
print_cell(const char *text, char side, int width, GString *out)
{
    int blanks = width - width_of(text);

    if (side == 'r')
        g_string_append_printf(out, "%*s", blanks, "");
    g_string_append(out, text);
    if (side != 'r')
        g_string_append_printf(out, "%*s", blanks, "");
}

void
gmq_text_table_print(const GmqTextTable *table, GString *out)
{
    for (unsigned i = 0; i < table->rows->len; i++) {
        char **cells = table->rows->pdata[i];

        for (unsigned column = 0; cells[column] != NULL; column++) {
            if (column > 0)
                g_string_append_printf(out, "%*s", GAP, "");
            print_cell(cells[column], table->sides[column], column_width(table, column), out);
        }
        while (g_str_has_suffix(out->str, " "))
            g_string_truncate(out, out->len - 1);
        g_string_append_c(out, '\n');
    }
}
