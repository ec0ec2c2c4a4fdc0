#include "core/broker/pattern.h"

/* What an empty expression stands for. */
#define ONLY_EMPTY "^$"

/* Bytes, not characters, and lines end with LF alone: as Erlang's re. */
#define COMPILE_FLAGS ((GRegexCompileFlags)(G_REGEX_RAW | G_REGEX_NEWLINE_LF))

bool
gmq_pattern_init(GmqPattern *pattern, const char *text, GError **error)
{
    *pattern = (GmqPattern){0};
    if (strcmp(text, ".*") != 0) {
        pattern->regex = g_regex_new(text[0] == '\0' ? ONLY_EMPTY : text, COMPILE_FLAGS, 0, error);
        if (pattern->regex == NULL)
            return false;
    }
    pattern->text = g_strdup(text);
    return true;
}

void
gmq_pattern_clear(GmqPattern *pattern)
{
    g_clear_pointer(&pattern->text, g_free);
    g_clear_pointer(&pattern->regex, g_regex_unref);
}

/* An expression that takes too long on a name does not match it. */
bool
gmq_pattern_matches(const GmqPattern *pattern, GmqSlice name)
{
    return pattern->regex == NULL ||
           g_regex_match_full(pattern->regex, name.size == 0 ? "" : (const char *)name.data,
                              (gssize)name.size, 0, 0, NULL, NULL);
}
