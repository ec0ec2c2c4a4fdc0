#include "core/server/json.h"

#include <math.h>
#include <string.h>

#include "core/wire/utf8.h"

static void
separate(GmqJson *json)
{
    if (json->needs_comma)
        g_string_append_c(json->out, ',');
    json->needs_comma = true;
}

void
gmq_json_open(GmqJson *json, char bracket)
{
    separate(json);
    g_string_append_c(json->out, bracket);
    json->needs_comma = false;
}

void
gmq_json_close(GmqJson *json, char bracket)
{
    g_string_append_c(json->out, bracket);
    json->needs_comma = true;
}

/* ---- texts ---- */

/* Returns how many bytes it took: those of the character there, or one that is none. */
static size_t
put_character(GString *out, const uint8_t *at, size_t left)
{
    size_t size = gmq_utf8_step(at, left);

    if (size == 0)
        g_string_append(out, "\xef\xbf\xbd");
    else if (*at == '"' || *at == '\\')
        g_string_append_printf(out, "\\%c", *at);
    else if (*at < 0x20 || *at == 0x7f)
        g_string_append_printf(out, "\\u%04x", *at);
    else
        g_string_append_len(out, (const char *)at, (gssize)size);
    return MAX(size, 1);
}

static void
put_quoted(GString *out, GmqSlice text)
{
    g_string_append_c(out, '"');
    for (size_t i = 0; i < text.size;)
        i += put_character(out, text.data + i, text.size - i);
    g_string_append_c(out, '"');
}

void
gmq_json_put_text(GmqJson *json, GmqSlice text)
{
    separate(json);
    put_quoted(json->out, text);
}

static void
put_key(GmqJson *json, GmqSlice key)
{
    gmq_json_put_text(json, key);
    g_string_append_c(json->out, ':');
    json->needs_comma = false;
}

void
gmq_json_key(GmqJson *json, const char *key)
{
    put_key(json, gmq_slice_of(key));
}

/* ---- numbers and truth ---- */

void
gmq_json_put_count(GmqJson *json, uint64_t count)
{
    separate(json);
    g_string_append_printf(json->out, "%" G_GUINT64_FORMAT, (guint64)count);
}

void
gmq_json_put_integer(GmqJson *json, int64_t integer)
{
    separate(json);
    g_string_append_printf(json->out, "%" G_GINT64_FORMAT, (gint64)integer);
}

static void
put_word(GmqJson *json, const char *word)
{
    separate(json);
    g_string_append(json->out, word);
}

void
gmq_json_put_bool(GmqJson *json, bool value)
{
    put_word(json, value ? "true" : "false");
}

void
gmq_json_put_raw(GmqJson *json, GmqSlice text)
{
    separate(json);
    if (text.size == 0)
        g_string_append(json->out, "null");
    else
        g_string_append_len(json->out, (const char *)text.data, (gssize)text.size);
}

static void
put_real(GmqJson *json, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    put_word(json, isfinite(value) ? g_ascii_dtostr(text, sizeof text, value) : "null");
}

/* ---- field tables ---- */

static double
real_of(const GmqValue *value)
{
    double real   = 0;
    float small   = 0;
    uint32_t bits = (uint32_t)value->bits;

    switch (value->type) {
    case GMQ_VALUE_DOUBLE:
        memcpy(&real, &value->bits, sizeof real);
        return real;
    case GMQ_VALUE_FLOAT:
        memcpy(&small, &bits, sizeof small);
        return small;
    default:
        real = (double)value->integer;
        for (unsigned i = 0; i < value->scale; i++)
            real /= 10;
        return real;
    }
}

/* Tables nest at most GMQ_TABLE_DEPTH_MAX deep: they were checked when they came in. */
static void
put_value(GmqJson *json, const GmqValue *value)
{
    switch (value->type) {
    case GMQ_VALUE_BOOL:
        gmq_json_put_bool(json, value->integer != 0);
        break;
    case GMQ_VALUE_FLOAT:
    case GMQ_VALUE_DOUBLE:
    case GMQ_VALUE_DECIMAL:
        put_real(json, real_of(value));
        break;
    case GMQ_VALUE_STRING:
    case GMQ_VALUE_BYTES:
        gmq_json_put_text(json, value->bytes);
        break;
    case GMQ_VALUE_ARRAY:
        gmq_json_put_array(json, value->bytes);
        break;
    case GMQ_VALUE_TABLE:
        gmq_json_put_table(json, value->bytes);
        break;
    case GMQ_VALUE_VOID:
        put_word(json, "null");
        break;
    default:
        gmq_json_put_integer(json, value->integer);
    }
}

void
gmq_json_put_array(GmqJson *json, GmqSlice array)
{
    GmqValue value;

    gmq_json_open(json, '[');
    while (gmq_array_next(&array, &value))
        put_value(json, &value);
    gmq_json_close(json, ']');
}

void
gmq_json_put_table(GmqJson *json, GmqSlice table)
{
    GmqSlice name;
    GmqValue value;

    gmq_json_open(json, '{');
    while (gmq_table_next(&table, &name, &value)) {
        put_key(json, name);
        put_value(json, &value);
    }
    gmq_json_close(json, '}');
}

/* ---- members ---- */

void
gmq_json_add_text_member(GmqJson *json, const char *key, GmqSlice text)
{
    gmq_json_key(json, key);
    gmq_json_put_text(json, text);
}

void
gmq_json_add_count(GmqJson *json, const char *key, uint64_t count)
{
    gmq_json_key(json, key);
    gmq_json_put_count(json, count);
}

void
gmq_json_add_bool(GmqJson *json, const char *key, bool value)
{
    gmq_json_key(json, key);
    gmq_json_put_bool(json, value);
}

/* ---- what others wrote ---- */

bool
gmq_json_is_shallow(const char *text, size_t size, unsigned depth_max)
{
    bool is_in_text = false;
    unsigned depth  = 0;

    for (size_t i = 0; i < size; i++) {
        char c = text[i];

        if (is_in_text && c == '\\')
            i++;
        else if (c == '"')
            is_in_text = !is_in_text;
        else if (!is_in_text && (c == '{' || c == '[') && ++depth > depth_max)
            return false;
        else if (!is_in_text && (c == '}' || c == ']') && depth > 0)
            depth--;
    }
    return true;
}
