#include "core/wire/format.h"

#include "core/wire/utf8.h"

/* Characters that end or bend a plain word. */
#define NOT_PLAIN " \"\\,;=(){}[]"

/* C0, DEL and C1: a terminal would act on them. */
static bool
is_control(const uint8_t *at, size_t size)
{
    if (size == 1)
        return at[0] < 0x20 || at[0] == 0x7F;
    return size == 2 && at[0] == 0xC2 && at[1] < 0xA0;
}

static bool
is_word_of_ours(GmqSlice text)
{
    static const char *const words[] = {"true", "false", "void"};

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (gmq_slice_equal(text, gmq_slice_of(words[i])))
            return true;
    }
    return false;
}

/* Whether text cannot be taken for a number, a word of ours, or several words. */
static bool
is_plain(GmqSlice text)
{
    if (text.size == 0 || g_ascii_isdigit(text.data[0]) || strchr("+-", text.data[0]) != NULL ||
        is_word_of_ours(text))
        return false;

    size_t step = 0;
    for (size_t i = 0; i < text.size; i += step) {
        step = gmq_utf8_step(text.data + i, text.size - i);
        if (step == 0 || is_control(text.data + i, step) || strchr(NOT_PLAIN, text.data[i]) != NULL)
            return false;
    }
    return true;
}

static void
append_escaped(GString *out, GmqSlice text)
{
    size_t step = 0;

    for (size_t i = 0; i < text.size; i += step) {
        const uint8_t *at = text.data + i;

        step = gmq_utf8_step(at, text.size - i);
        if (step == 0 || is_control(at, step)) {
            step = MAX(step, 1);
            for (size_t j = 0; j < step; j++)
                g_string_append_printf(out, "\\x%02x", at[j]);
            continue;
        }
        if (at[0] == '"' || at[0] == '\\')
            g_string_append_c(out, '\\');
        g_string_append_len(out, (const char *)at, (gssize)step);
    }
}

void
gmq_format_text(GString *out, GmqSlice text)
{
    if (is_plain(text)) {
        g_string_append_len(out, (const char *)text.data, (gssize)text.size);
        return;
    }
    g_string_append_c(out, '"');
    append_escaped(out, text);
    g_string_append_c(out, '"');
}

void
gmq_format_name(GString *out, const char *field)
{
    if (out->len > 0)
        g_string_append_c(out, ' ');
    for (const char *at = field; *at != '\0'; at++)
        g_string_append_c(out, *at == '_' ? '-' : *at);
    g_string_append_c(out, '=');
}
