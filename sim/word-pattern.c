#include "sim/word-pattern.h"

#include <string.h>

#include "sim/language.h"
#include "sim/particle.h"

#define PLACE_SIZE (sizeof "{1}" - 1)

/* Where the value ends that the middle follows; the last one, which ends the text, may hold the
 * same. NULL when there is no such end. */
static const char *
find_end(const char *text, const char *middle, bool is_last)
{
    if (!is_last)
        return strstr(text, middle);
    return g_str_has_suffix(text, middle) ? text + strlen(text) - strlen(middle) : NULL;
}

/* The values that stand in the text where the pattern has its places; NULL when it does not fit. */
static GPtrArray *
take_values(const char *pattern, const char *text)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
    const char *place           = strchr(pattern, '{');
    size_t n                    = place == NULL ? strlen(pattern) : (size_t)(place - pattern);

    if (strncmp(text, pattern, n) != 0)
        return NULL;
    for (text += n; place != NULL;) {
        const char *behind     = place + PLACE_SIZE;
        size_t length          = strcspn(behind, "{");
        g_autofree char *words = g_strndup(behind, length);

        place           = behind[length] == '\0' ? NULL : behind + length;
        const char *end = find_end(text, words, place == NULL);
        if (end == NULL)
            return NULL;
        g_ptr_array_add(values, g_strndup(text, (size_t)(end - text)));
        text = end + length;
    }
    return *text == '\0' ? g_steal_pointer(&values) : NULL;
}

static char *
fill(const char *text, const char *told, const GPtrArray *values, char *(*tell)(const char *))
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (const char *at = text; *at != '\0'; at++) {
        unsigned which =
            at[0] == '{' && g_ascii_isdigit(at[1]) ? (unsigned)(at[1] - '1') : G_MAXUINT;

        if (which >= values->len) {
            g_string_append_c(out, *at);
            continue;
        }
        bool is_told           = told != NULL && strchr(told, at[1]) != NULL;
        g_autofree char *value = is_told ? tell(values->pdata[which]) : NULL;
        g_string_append(out, is_told ? value : values->pdata[which]);
        at += PLACE_SIZE - 1;
    }
    return gmq_particles(g_string_free(g_steal_pointer(&out), FALSE));
}

char *
gmq_word_pattern_tell(const GmqWordPattern *patterns, size_t n, const char *text,
                      char *(*tell)(const char *text))
{
    for (size_t i = 0; i < n; i++) {
        g_autoptr(GPtrArray) values = take_values(patterns[i].text, text);

        if (values != NULL)
            return fill(_(patterns[i].text), patterns[i].told, values, tell);
    }
    return NULL;
}
