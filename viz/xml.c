#include "viz/xml.h"

#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD"
#define ELLIPSIS "\xE2\x80\xA6"

/* Embeddings, overrides and isolates: one without its end would turn the rest of a line. */
static gboolean
turns_direction(gunichar c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

static gboolean
is_replaced(gunichar c)
{
    return g_unichar_iscntrl(c) || turns_direction(c) || c == 0x2028 || c == 0x2029 ||
           (c & 0xFFFE) == 0xFFFE;
}

static const char *
entity_of(gunichar c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return is_replaced(c) ? REPLACEMENT : NULL;
    }
}

void
gmq_xml_append(GString *out, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        const char *entity = entity_of(g_utf8_get_char(at));
        if (entity != NULL)
            g_string_append(out, entity);
        else
            g_string_append_len(out, at, g_utf8_next_char(at) - at);
    }
}

char *
gmq_xml_escape(const char *text)
{
    GString *out = g_string_new(NULL);

    gmq_xml_append(out, text);
    return g_string_free(out, FALSE);
}

char *
gmq_xml_plain(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out           = g_string_new(NULL);

    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        if (is_replaced(g_utf8_get_char(at)))
            g_string_append(out, REPLACEMENT);
        else
            g_string_append_len(out, at, g_utf8_next_char(at) - at);
    }
    return g_string_free(out, FALSE);
}

static unsigned
columns_of(gunichar c)
{
    if (is_replaced(c))
        return 1;
    return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

unsigned
gmq_xml_columns(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    unsigned columns       = 0;

    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at))
        columns += columns_of(g_utf8_get_char(at));
    return columns;
}

/* The end of the first characters that take no more than columns; marks go with their letter. */
static const char *
head_end(const char *text, unsigned columns)
{
    const char *at = text;

    while (*at != '\0' && columns_of(g_utf8_get_char(at)) <= columns) {
        columns -= columns_of(g_utf8_get_char(at));
        at = g_utf8_next_char(at);
    }
    return at;
}

/* The start of the last characters that take no more than columns. */
static const char *
tail_start(const char *text, unsigned columns)
{
    const char *at    = text + strlen(text);
    const char *start = at;

    while (at > text) {
        at             = g_utf8_prev_char(at);
        unsigned taken = columns_of(g_utf8_get_char(at));
        if (taken > columns)
            break;
        columns -= taken;
        if (taken > 0)
            start = at;
    }
    return start;
}

char *
gmq_xml_shorten(const char *text, unsigned columns)
{
    g_assert(columns > 0);

    g_autofree char *valid = g_utf8_make_valid(text, -1);
    if (gmq_xml_columns(valid) <= columns)
        return g_steal_pointer(&valid);

    unsigned tail         = (columns - 1) / 2;
    const char *end       = head_end(valid, columns - 1 - tail);
    g_autofree char *head = g_strndup(valid, (gsize)(end - valid));
    return g_strconcat(head, ELLIPSIS, tail_start(valid, tail), NULL);
}
