#include "sim/json.h"

static const char digits[] = "0123456789abcdef";

/* The letter behind a backslash; 0 when there is none. */
static char
short_escape(char c)
{
    switch (c) {
    case '"':
    case '\\':
        return c;
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return 0;
    }
}

void
gmq_json_add_text(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (const char *at = text; *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;

        if (short_escape(*at) != 0) {
            g_string_append_c(out, '\\');
            g_string_append_c(out, short_escape(*at));
        } else if (c < 0x20) {
            g_string_append(out, "\\u00");
            g_string_append_c(out, digits[c >> 4]);
            g_string_append_c(out, digits[c & 15]);
        } else {
            g_string_append_c(out, *at);
        }
    }
    g_string_append_c(out, '"');
}

/* The digits of number in that base, the last one at end[-1]; returns the first. */
static char *
write_digits(char *end, uint64_t number, unsigned base)
{
    do {
        *--end = digits[number % base];
        number /= base;
    } while (number > 0);
    return end;
}

void
gmq_json_add_number(GString *out, uint64_t number)
{
    char room[24];
    char *end = room + sizeof room;

    if (number <= INT64_MAX) {
        char *start = write_digits(end, number, 10);
        g_string_append_len(out, start, end - start);
        return;
    }
    char *start = write_digits(end, number, 16);
    g_string_append(out, "\"0x");
    g_string_append_len(out, start, end - start);
    g_string_append_c(out, '"');
}

void
gmq_json_add_hash(GString *out, uint64_t hash)
{
    g_string_append_c(out, '"');
    for (int shift = 60; shift >= 0; shift -= 4)
        g_string_append_c(out, digits[hash >> shift & 15]);
    g_string_append_c(out, '"');
}
