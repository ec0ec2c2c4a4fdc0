#include "viz/dot-part.h"

/* More than this many messages of one list are counted, not named. */
#define TOKENS_SHOWN 5

/* Names may have 255 bytes: a box need not be as wide. */
#define COLUMNS 40

/* The end of the first characters that fit into a line; marks stay with their letter. */
static const char *
line_end(const char *text)
{
    const char *at   = text;
    unsigned columns = 0;

    while (*at != '\0') {
        gunichar c = g_utf8_get_char(at);
        unsigned n = g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
        if (columns + n > COLUMNS)
            break;
        columns += n;
        at = g_utf8_next_char(at);
    }
    return at;
}

void
gmq_dot_append_wrapped(GString *out, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    for (const char *at = valid; *at != '\0';) {
        const char *end       = line_end(at);
        g_autofree char *line = g_strndup(at, (gsize)(end - at));
        if (at != valid)
            g_string_append(out, "<BR/>");
        gmq_xml_append(out, line);
        at = end;
    }
}

void
gmq_dot_append_bold(GString *out, const char *text)
{
    if (*text == '\0')
        return; /* an empty element is an error to Graphviz */
    g_string_append(out, "<B>");
    gmq_dot_append_wrapped(out, text);
    g_string_append(out, "</B>");
}

void
gmq_dot_append_coloured(GString *out, const char *colour, const char *text)
{
    if (*text == '\0')
        return;
    g_string_append_printf(out, "<FONT COLOR=\"%s\"><B>", colour);
    gmq_xml_append(out, text);
    g_string_append(out, "</B></FONT>");
}

void
gmq_dot_append_tokens(GString *out, const GmqPicture *picture, const GmqTokens *tokens)
{
    size_t shown = MIN(tokens->length, TOKENS_SHOWN);

    for (size_t i = 0; i < shown; i++) {
        const GmqToken *token = gmq_tokens_at(tokens, i);
        g_autofree char *name =
            g_strndup(token->message, gmq_picture_stem(picture, token->message));
        if (i > 0)
            g_string_append(out, ", ");
        gmq_dot_append_wrapped(out, name);
        if (token->redelivered)
            g_string_append(out, " R");
    }
    if (tokens->length > shown)
        g_string_append_printf(out, ", %zu more", tokens->length - shown);
}
