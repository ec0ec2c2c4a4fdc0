#include "core/base/json.h"

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

size_t
gmq_json_text_max(size_t size)
{
    return 6 * size + 2; /* each byte may become \u00xx */
}

char *
gmq_json_write(char *at, const char *bytes, size_t size)
{
    memcpy(at, bytes, size);
    return at + size;
}

char *
gmq_json_write_text(char *at, GmqSlice text)
{
    *at++ = '"';
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];

        if (G_LIKELY(c >= 0x20 && c != '"' && c != '\\')) {
            *at++ = (char)c;
        } else if (short_escape((char)c) != 0) {
            *at++ = '\\';
            *at++ = short_escape((char)c);
        } else {
            at    = gmq_json_write(at, "\\u00", 4);
            *at++ = digits[c >> 4];
            *at++ = digits[c & 15];
        }
    }
    *at++ = '"';
    return at;
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

char *
gmq_json_write_number(char *at, uint64_t number)
{
    char room[24];
    char *end = room + sizeof room;

    if (number <= INT64_MAX) {
        char *start = write_digits(end, number, 10);
        return gmq_json_write(at, start, (size_t)(end - start));
    }
    char *start = write_digits(end, number, 16);
    at          = gmq_json_write(at, "\"0x", 3);
    at          = gmq_json_write(at, start, (size_t)(end - start));
    *at++       = '"';
    return at;
}

char *
gmq_json_reserve(GString *out, size_t size)
{
    size_t length = out->len;

    g_string_set_size(out, length + size);
    return out->str + length;
}

void
gmq_json_commit(GString *out, const char *end)
{
    g_string_truncate(out, (size_t)(end - out->str));
}

void
gmq_json_add_text(GString *out, const char *text)
{
    GmqSlice bytes = gmq_slice_of(text);
    char *at       = gmq_json_reserve(out, gmq_json_text_max(bytes.size));

    gmq_json_commit(out, gmq_json_write_text(at, bytes));
}

void
gmq_json_add_number(GString *out, uint64_t number)
{
    char *at = gmq_json_reserve(out, GMQ_JSON_NUMBER_MAX);

    gmq_json_commit(out, gmq_json_write_number(at, number));
}

void
gmq_json_add_hash(GString *out, uint64_t hash)
{
    g_string_append_c(out, '"');
    for (int shift = 60; shift >= 0; shift -= 4)
        g_string_append_c(out, digits[hash >> shift & 15]);
    g_string_append_c(out, '"');
}
