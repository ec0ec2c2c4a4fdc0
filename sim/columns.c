#include "sim/columns.h"

int
gmq_columns(const char *text)
{
    int columns = 0;

    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);

        if (!g_unichar_iszerowidth(c))
            columns += g_unichar_iswide(c) ? 2 : 1;
    }
    return columns;
}

void
gmq_append_right(GString *out, const char *text, int columns)
{
    g_string_append_printf(out, "%*s%s", MAX(columns - gmq_columns(text), 0), "", text);
}

void
gmq_append_left(GString *out, const char *text, int columns)
{
    g_string_append_printf(out, "%s%*s", text, MAX(columns - gmq_columns(text), 0), "");
}
