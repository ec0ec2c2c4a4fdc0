#include "sim/check-field.h"
#include "sim/check-route.h"

/* ---- topics ---- */

/* Where the first word begins. A text has a word at each place up to its end; an empty one has
 * none. */
static size_t
first_word(GmqSlice text)
{
    return text.size == 0 ? 1 : 0;
}

/* The word that begins there. Behind it and its dot begins the next one. */
static GmqSlice
word_at(GmqSlice text, size_t at)
{
    const uint8_t *start = text.data + at;
    const uint8_t *dot   = at == text.size ? NULL : memchr(start, '.', text.size - at);

    return (GmqSlice){start, dot == NULL ? text.size - at : (size_t)(dot - start)};
}

static bool
is_char(GmqSlice word, char c)
{
    return word.size == 1 && *word.data == (uint8_t)c;
}

/* Each # takes as few words as it can. When what follows does not fit, the last one takes one word
 * more; the ones before it need not, since what stands between two of them has its first fit. */
bool
gmq_check_topic_matches(GmqSlice pattern, GmqSlice key)
{
    size_t i          = first_word(pattern);
    size_t j          = first_word(key);
    size_t behind_any = 0; /* in the pattern; 0: there was no # yet */
    size_t taken      = 0; /* the key's words before it are those of the last # */

    while (j <= key.size || i <= pattern.size) {
        GmqSlice want = i <= pattern.size ? word_at(pattern, i) : (GmqSlice){0};
        GmqSlice word = j <= key.size ? word_at(key, j) : (GmqSlice){0};

        if (i <= pattern.size && is_char(want, '#')) {
            behind_any = i = i + 2;
            taken          = j;
        } else if (i <= pattern.size && j <= key.size &&
                   (is_char(want, '*') || gmq_slice_equal(want, word))) {
            i += want.size + 1;
            j += word.size + 1;
        } else if (j <= key.size && behind_any > 0) {
            taken += word_at(key, taken).size + 1;
            i = behind_any;
            j = taken;
        } else {
            return false;
        }
    }
    return true;
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
