#include "lessons/spans.h"

static void
clear_span(void *data)
{
    g_free(((GmqSpan *)data)->text);
}

static GmqSpans *
new_line(void)
{
    GmqSpans *line = g_array_new(FALSE, FALSE, sizeof(GmqSpan));

    g_array_set_clear_func(line, clear_span);
    return line;
}

static void
free_line(void *data)
{
    g_array_free(data, TRUE);
}

GPtrArray *
gmq_spans_list_new(void)
{
    return g_ptr_array_new_with_free_func(free_line);
}

void
gmq_spans_add(GPtrArray *lines, GmqScreenRole role, const char *text)
{
    GmqSpans *line = new_line();
    GmqSpan span   = {role, g_utf8_make_valid(text, -1)};

    g_array_append_val(line, span);
    g_ptr_array_add(lines, line);
}

void
gmq_spans_add_wrapped(GPtrArray *lines, GmqScreenRole role, const char *text, int indent, int width,
                      GmqGlyphs glyphs)
{
    g_auto(GStrv) parts = gmq_text_wrap(glyphs, text, MAX(width - indent, 1));

    for (size_t i = 0; parts[i] != NULL; i++) {
        g_autofree char *line = g_strdup_printf("%*s%s", i > 0 ? indent : 0, "", parts[i]);
        gmq_spans_add(lines, role, line);
    }
}

void
gmq_spans_add_cells(GPtrArray *lines, const GmqCell *cells, size_t n_cells)
{
    GmqSpans *line = new_line();

    for (size_t i = 0; i < n_cells;) {
        GmqScreenRole role = cells[i].role;
        GString *text      = g_string_new(NULL);
        for (; i < n_cells && cells[i].role == role; i++)
            g_string_append_unichar(text, cells[i].text);
        GmqSpan span = {role, g_string_free(text, FALSE)};
        g_array_append_val(line, span);
    }
    g_ptr_array_add(lines, line);
}

GPtrArray *
gmq_spans_of_screen(const GmqScreen *screen)
{
    GPtrArray *lines         = gmq_spans_list_new();
    g_autoptr(GArray) filled = g_array_new(FALSE, FALSE, sizeof(GmqCell));

    for (int y = 0; y < screen->height; y++) {
        guint end = 0;
        g_array_set_size(filled, 0);
        for (int x = 0; x < screen->width; x++) {
            GmqCell cell = *gmq_screen_cell(screen, x, y);
            if (cell.text != 0)
                g_array_append_val(filled, cell);
            if (cell.text != 0 && cell.text != ' ')
                end = filled->len;
        }
        gmq_spans_add_cells(lines, (const GmqCell *)(const void *)filled->data, end);
    }
    return lines;
}

void
gmq_spans_append(GPtrArray *lines, GPtrArray *more)
{
    for (guint i = 0; i < more->len; i++)
        g_ptr_array_add(lines, more->pdata[i]);
    g_ptr_array_set_free_func(more, NULL);
    g_ptr_array_set_size(more, 0);
    g_ptr_array_set_free_func(more, free_line);
}

char *
gmq_spans_to_text(const GPtrArray *lines)
{
    g_autoptr(GString) row = g_string_new(NULL);
    GString *out           = g_string_new(NULL);

    for (guint i = 0; i < lines->len; i++) {
        const GmqSpans *line = lines->pdata[i];
        g_string_truncate(row, 0);
        for (guint s = 0; s < line->len; s++)
            g_string_append(row, g_array_index(line, GmqSpan, s).text);
        g_string_append(out, g_strchomp(row->str));
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

void
gmq_spans_draw(GmqScreen *screen, GmqRect rect, const GPtrArray *lines, unsigned first)
{
    for (int row = 0; row < rect.height && first + (unsigned)row < lines->len; row++) {
        const GmqSpans *line = lines->pdata[first + (unsigned)row];
        int x                = rect.x;
        for (guint s = 0; s < line->len; s++) {
            const GmqSpan *span = &g_array_index(line, GmqSpan, s);
            x = gmq_screen_put_in(screen, x, rect.y + row, MAX(rect.x + rect.width - x, 0),
                                  span->role, span->text);
        }
    }
}
