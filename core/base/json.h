/* json.h - writing JSON: integers and texts only, the same bytes everywhere. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

/* Appends the text in quotes; control characters are escaped. The text is UTF-8. */
void gmq_json_add_text(GString *out, const char *text);

/* Appends the number. What a signed 64-bit reader cannot hold is written as a text in hex. */
void gmq_json_add_number(GString *out, uint64_t number);

/* Appends "0123456789abcdef" in quotes: always 16 digits. */
void gmq_json_add_hash(GString *out, uint64_t hash);

/* ---- for what is written often ----
 *
 * Room is reserved at the end of a string, once for several pieces; each piece is put there and
 * returns its end, which is where the next one goes; and the end of the last one is committed. */

#define GMQ_JSON_NUMBER_MAX 22

/* The most that a text of so many bytes takes. */
static inline size_t
gmq_json_text_max(size_t size)
{
    return 6 * size + 2; /* each byte may become \u00xx */
}

static inline char *
gmq_json_reserve(GString *out, size_t size)
{
    size_t length = out->len;

    if (G_UNLIKELY(out->allocated_len - length <= size)) {
        g_string_set_size(out, length + size);
        out->len = length;
    }
    return out->str + length;
}

static inline void
gmq_json_commit(GString *out, char *end)
{
    *end     = '\0';
    out->len = (size_t)(end - out->str);
}

static inline char *
gmq_json_write(char *at, const char *bytes, size_t size)
{
    memcpy(at, bytes, size);
    return at + size;
}

char *gmq_json_write_text(char *at, GmqSlice text);
char *gmq_json_write_number(char *at, uint64_t number);

/* Whether the text stands in JSON as it is, between its quotes. */
bool gmq_json_is_plain(GmqSlice text);

G_END_DECLS
