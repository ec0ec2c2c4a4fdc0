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

static bool
is_plain(uint8_t c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

bool
gmq_json_is_plain(GmqSlice text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (!is_plain(text.data[i]))
            return false;
    }
    return true;
}

char *
gmq_json_write_text(char *at, GmqSlice text)
{
    *at++ = '"';
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];

        if (G_LIKELY(is_plain(c))) {
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

/* How many digits the number has. */
static unsigned
count_digits(uint64_t number)
{
    unsigned n = 1;

    for (; number >= 10000; number /= 10000)
        n += 4;
    return n + (number >= 10) + (number >= 100) + (number >= 1000);
}

/* Two digits at once, since divisions are what takes time. */
static char *
write_decimal(char *at, uint64_t number)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    char *end                 = at + count_digits(number);
    char *to                  = end;

    for (; number >= 100; number /= 100)
        memcpy(to -= 2, &pairs[2 * (number % 100)], 2);
    if (number >= 10)
        memcpy(to - 2, &pairs[2 * number], 2);
    else
        to[-1] = digits[number];
    return end;
}

char *
gmq_json_write_number(char *at, uint64_t number)
{
    if (number < 10) {
        *at = digits[number];
        return at + 1;
    }
    if (number <= INT64_MAX)
        return write_decimal(at, number);

    at = gmq_json_write(at, "\"0x", 3);
    for (int shift = 60; shift >= 0; shift -= 4) /* the first one is not 0 */
        *at++ = digits[number >> shift & 15];
    *at++ = '"';
    return at;
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
