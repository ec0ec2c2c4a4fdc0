#include "viz/dot-part.h"
#include "viz/xml.h"

/* More than this many messages of one list are counted, not named. */
#define TOKENS_SHOWN 5

void
gmq_dot_append_bold(GString *out, const char *text)
{
    if (*text == '\0')
        return; /* an empty element is an error to Graphviz */
    g_string_append(out, "<B>");
    gmq_xml_append(out, text);
    g_string_append(out, "</B>");
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
        gmq_xml_append(out, name);
        if (token->redelivered)
            g_string_append(out, " R");
    }
    if (tokens->length > shown)
        g_string_append_printf(out, ", %zu more", tokens->length - shown);
}
