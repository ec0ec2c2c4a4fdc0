#include "core/wire/format.h"
#include "core/wire/table.h"

/* Appends a binary fraction in hexadecimal as C's %a does, by its bits, so that no rounding and no
 * locale can come in. */
static void
append_float(GString *out, uint64_t bits, unsigned exponent_bits, unsigned fraction_bits)
{
    bool negative     = (bits >> (exponent_bits + fraction_bits) & 1) != 0;
    uint64_t fraction = bits & ((UINT64_C(1) << fraction_bits) - 1);
    int exponent_max  = (1 << exponent_bits) - 1;
    int exponent      = (int)(bits >> fraction_bits) & exponent_max;
    int bias          = exponent_max / 2;

    if (exponent == exponent_max) {
        g_string_append(out, fraction != 0 ? "nan" : negative ? "-inf" : "inf");
        return;
    }
    g_string_append(out, negative ? "-0x" : "0x");
    g_string_append_c(out, exponent == 0 ? '0' : '1');

    uint64_t digits = fraction << (64 - fraction_bits);
    if (digits != 0)
        g_string_append_c(out, '.');
    for (; digits != 0; digits <<= 4)
        g_string_append_c(out, "0123456789abcdef"[digits >> 60]);

    bool is_zero = exponent == 0 && fraction == 0;
    g_string_append_printf(out, "p%+d", is_zero ? 0 : MAX(exponent, 1) - bias);
}

/* Appends 1234 with scale 2 as 12.34. */
static void
append_decimal(GString *out, int64_t digits, unsigned scale)
{
    g_autofree char *text = g_strdup_printf("%0*" G_GINT64_FORMAT, (int)scale + 1, ABS(digits));
    size_t whole          = strlen(text) - scale;

    if (digits < 0)
        g_string_append_c(out, '-');
    g_string_append_len(out, text, (gssize)whole);
    if (scale > 0)
        g_string_append_printf(out, ".%s", text + whole);
}

static void
append_bytes(GString *out, GmqSlice bytes)
{
    g_string_append(out, "0x");
    for (size_t i = 0; i < bytes.size; i++)
        g_string_append_printf(out, "%02x", bytes.data[i]);
}

static void append_array(GString *out, GmqSlice array);

static void
append_value(GString *out, const GmqValue *value)
{
    /* clang-format off */
    switch (value->type) {
    case GMQ_VALUE_BOOL: g_string_append(out, value->integer != 0 ? "true" : "false"); break;
    case GMQ_VALUE_FLOAT: append_float(out, value->bits, 8, 23); break;
    case GMQ_VALUE_DOUBLE: append_float(out, value->bits, 11, 52); break;
    case GMQ_VALUE_DECIMAL: append_decimal(out, value->integer, value->scale); break;
    case GMQ_VALUE_STRING: gmq_format_text(out, value->bytes); break;
    case GMQ_VALUE_BYTES: append_bytes(out, value->bytes); break;
    case GMQ_VALUE_ARRAY: append_array(out, value->bytes); break;
    case GMQ_VALUE_TABLE: gmq_format_table(out, value->bytes); break;
    case GMQ_VALUE_VOID: g_string_append(out, "void"); break;
    case GMQ_VALUE_TIMESTAMP:
        g_string_append_printf(out, "@%" G_GINT64_FORMAT, value->integer);
        break;
    default: g_string_append_printf(out, "%" G_GINT64_FORMAT, value->integer); break;
    }
    /* clang-format on */
}

static void
append_array(GString *out, GmqSlice array)
{
    GmqValue value;

    g_string_append_c(out, '[');
    for (bool first = true; gmq_array_next(&array, &value); first = false) {
        g_string_append(out, first ? "" : ", ");
        append_value(out, &value);
    }
    g_string_append_c(out, ']');
}

void
gmq_format_table(GString *out, GmqSlice table)
{
    GmqSlice name;
    GmqValue value;

    g_string_append_c(out, '{');
    for (bool first = true; gmq_table_next(&table, &name, &value); first = false) {
        g_string_append(out, first ? "" : ", ");
        gmq_format_text(out, name);
        g_string_append(out, ": ");
        append_value(out, &value);
    }
    g_string_append_c(out, '}');
}

char *
gmq_table_format(GmqSlice table)
{
    GString *out = g_string_new(NULL);

    gmq_format_table(out, table);
    return g_string_free(out, FALSE);
}
