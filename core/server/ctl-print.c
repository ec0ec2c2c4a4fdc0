#include "core/server/ctl-print.h"

#include <stdbool.h>
#include <string.h>

#define GAP 2 /* blanks between columns */

/* ---- cells ---- */

static bool
is_harmless(gunichar c)
{
    return g_unichar_isprint(c) && g_unichar_type(c) != G_UNICODE_FORMAT;
}

/* Appends the text; what could do something to a terminal becomes \xNN or \u{NNNN}. */
static void
add_escaped(GString *out, const char *text)
{
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);

        if (is_harmless(c))
            g_string_append_unichar(out, c);
        else
            g_string_append_printf(out, c < 0x100 ? "\\x%02x" : "\\u{%04x}", (unsigned)c);
    }
}

static char *
raw_text(JsonNode *node)
{
    if (node == NULL || JSON_NODE_HOLDS_NULL(node))
        return g_strdup("");
    if (JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING)
        return json_node_dup_string(node);
    return json_to_string(node, FALSE);
}

/* A cell as text for people; the caller frees it. */
static char *
cell_text(JsonNode *node)
{
    g_autofree char *raw = raw_text(node);
    GString *out         = g_string_new(NULL);

    add_escaped(out, raw);
    return g_string_free(out, FALSE);
}

static bool
is_number(JsonNode *node)
{
    return node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
           json_node_get_value_type(node) == G_TYPE_INT64;
}

/* ---- widths: on a terminal, some characters take two places and some none ---- */

static unsigned
width_of(const char *text)
{
    unsigned width = 0;

    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);

        if (!g_unichar_iszerowidth(c))
            width += g_unichar_iswide(c) ? 2 : 1;
    }
    return width;
}

static void
add_blanks(GString *out, unsigned count)
{
    g_string_append_printf(out, "%*s", (int)count, "");
}

/* The last column of a line gets no blanks behind it. */
static void
add_cell(GString *out, const char *text, unsigned width, bool to_the_right, bool is_last)
{
    unsigned blanks = width - width_of(text);

    if (to_the_right)
        add_blanks(out, blanks);
    g_string_append(out, text);
    if (is_last)
        g_string_append_c(out, '\n');
    else
        add_blanks(out, GAP + (to_the_right ? 0 : blanks));
}

/* ---- tables ---- */

typedef struct {
    char **columns;
    unsigned n_columns;
    GPtrArray *texts; /* of all cells, row after row */
    unsigned *widths;
    bool *are_numbers;
} Table;

static JsonNode *
cell_of(const GPtrArray *rows, unsigned row, const char *column)
{
    JsonNode *node = g_ptr_array_index(rows, row);

    return json_object_get_member(json_node_get_object(node), column);
}

static void
measure(Table *table, const GPtrArray *rows)
{
    for (unsigned i = 0; i < table->n_columns; i++) {
        table->widths[i]      = width_of(table->columns[i]);
        table->are_numbers[i] = rows->len > 0;
    }
    for (unsigned row = 0; row < rows->len; row++) {
        for (unsigned i = 0; i < table->n_columns; i++) {
            JsonNode *node = cell_of(rows, row, table->columns[i]);
            char *text     = cell_text(node);

            table->are_numbers[i] = table->are_numbers[i] && is_number(node);
            table->widths[i]      = MAX(table->widths[i], width_of(text));
            g_ptr_array_add(table->texts, text);
        }
    }
}

static void
add_line(const Table *table, GString *out, char **texts)
{
    for (unsigned i = 0; i < table->n_columns; i++)
        add_cell(out, texts[i], table->widths[i], table->are_numbers[i], i + 1 == table->n_columns);
}

void
gmq_ctl_print_table(GString *out, char **columns, const GPtrArray *rows)
{
    unsigned n_columns           = g_strv_length(columns);
    g_autofree unsigned *widths  = g_new0(unsigned, n_columns);
    g_autofree bool *are_numbers = g_new0(bool, n_columns);
    g_autoptr(GPtrArray) texts   = g_ptr_array_new_with_free_func(g_free);
    Table table                  = {columns, n_columns, texts, widths, are_numbers};

    measure(&table, rows);
    add_line(&table, out, columns);
    for (unsigned row = 0; row < rows->len; row++)
        add_line(&table, out, (char **)texts->pdata + (size_t)row * n_columns);
}

/* ---- JSON, and single values ---- */

void
gmq_ctl_print_json(GString *out, const GPtrArray *rows)
{
    g_string_append_c(out, '[');
    for (unsigned i = 0; i < rows->len; i++) {
        g_autofree char *text = json_to_string(g_ptr_array_index(rows, i), FALSE);

        g_string_append_printf(out, "%s\n %s", i == 0 ? "" : ",", text);
    }
    g_string_append(out, rows->len == 0 ? "]\n" : "\n]\n");
}

void
gmq_ctl_print_members(GString *out, JsonNode *object)
{
    JsonObjectIter iter;
    const char *key;
    JsonNode *member;
    unsigned width = 0;

    json_object_iter_init_ordered(&iter, json_node_get_object(object));
    while (json_object_iter_next_ordered(&iter, &key, &member))
        width = MAX(width, width_of(key));
    json_object_iter_init_ordered(&iter, json_node_get_object(object));
    while (json_object_iter_next_ordered(&iter, &key, &member)) {
        g_autofree char *text = cell_text(member);

        if (strcmp(key, "ok") != 0)
            g_string_append_printf(out, "%-*s%*s%s\n", (int)width, key, GAP, "", text);
    }
}
