#include "sim/check-field.h"
#include "sim/check-route.h"

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

/* What has no value asks only whether the header is there. */
static bool
has_header(GmqSlice headers, const GmqCheckField *wanted)
{
    g_autofree char *name = gmq_slice_dup(wanted->name);
    GmqCheckField header;

    return gmq_check_find_field(headers, name, &header) &&
           (wanted->type == 'V' || gmq_check_same_value(&header, wanted));
}

/* Names that begin with x- do not count, unless the match says so; x-match itself never does. */
static bool
is_counted(const GmqCheckField *field, bool is_with_x)
{
    bool is_x = field->name.size >= 2 && memcmp(field->name.data, "x-", 2) == 0;

    return is_with_x ? !gmq_slice_equal(field->name, GMQ_SLICE("x-match")) : !is_x;
}

bool
gmq_check_headers_match(GmqSlice arguments, GmqSlice headers)
{
    g_autofree char *match = gmq_check_find_text(arguments, "x-match");
    bool is_all            = match == NULL || g_str_has_prefix(match, "all");
    bool is_with_x         = match != NULL && g_str_has_suffix(match, "-with-x");
    GmqCheckField wanted;

    while (gmq_check_next_field(&arguments, &wanted)) {
        if (is_counted(&wanted, is_with_x) && has_header(headers, &wanted) != is_all)
            return !is_all;
    }
    return is_all;
}
