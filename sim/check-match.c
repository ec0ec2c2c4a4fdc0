#include "sim/check-private.h"

/* ---- topics ---- */

/* The words between the dots; no words for an empty text. The caller frees it. */
static char **
split(GmqSlice text)
{
    g_autofree char *copy = gmq_slice_dup(text);
    return text.size == 0 ? g_new0(char *, 1) : g_strsplit(copy, ".", -1);
}

/* A table of what matches: row i, column j say whether the first i words of the pattern fit the
 * first j of the key. */
bool
gmq_check_topic_matches(GmqSlice pattern, GmqSlice key)
{
    g_auto(GStrv) patterns   = split(pattern);
    g_auto(GStrv) words      = split(key);
    size_t n_patterns        = g_strv_length(patterns);
    size_t n_words           = g_strv_length(words);
    size_t width             = n_words + 1;
    g_autofree bool *matches = g_new0(bool, (n_patterns + 1) * width);

    matches[0] = true;
    for (size_t i = 1; i <= n_patterns; i++) {
        const char *word = patterns[i - 1];
        bool is_any      = strcmp(word, "#") == 0;

        for (size_t j = 0; j <= n_words; j++) {
            bool *cell = &matches[i * width + j];

            if (is_any)
                *cell = matches[(i - 1) * width + j] || (j > 0 && matches[i * width + j - 1]);
            else if (j > 0 && (strcmp(word, "*") == 0 || strcmp(word, words[j - 1]) == 0))
                *cell = matches[(i - 1) * width + j - 1];
        }
    }
    return matches[n_patterns * width + n_words];
}

/* ---- headers ---- */

static bool
is_equal(const GmqHeaderLine *a, const GmqHeaderLine *b)
{
    if (a->kind != b->kind)
        return false;
    return a->kind == GMQ_HEADER_TEXT ? strcmp(a->text, b->text) == 0 : a->integer == b->integer;
}

static bool
has_header(const GPtrArray *headers, const GmqHeaderLine *wanted)
{
    for (unsigned i = 0; headers != NULL && i < headers->len; i++) {
        const GmqHeaderLine *header = headers->pdata[i];

        if (strcmp(header->name, wanted->name) == 0)
            return is_equal(header, wanted);
    }
    return false;
}

/* Names that begin with x- do not count. */
bool
gmq_check_headers_match(const GmqBindingLine *binding, const GPtrArray *headers)
{
    bool is_all = binding->match == GMQ_MATCH_ALL;

    for (unsigned i = 0; binding->headers != NULL && i < binding->headers->len; i++) {
        const GmqHeaderLine *wanted = binding->headers->pdata[i];

        if (g_str_has_prefix(wanted->name, "x-"))
            continue;
        if (has_header(headers, wanted) != is_all)
            return !is_all;
    }
    return is_all;
}
