#include "core/wire/format.h"
#include "core/wire/method.h"

/* Fields that may hold a password: a trace shows their size only. */
static bool
is_secret(const char *field)
{
    return strcmp(field, "response") == 0 || strcmp(field, "new_secret") == 0;
}

/* One for each type of methods.def. */

static void
append_number(GString *out, const char *field, uint64_t value)
{
    gmq_format_name(out, field);
    g_string_append_printf(out, "%" G_GUINT64_FORMAT, value);
}

#define append_bit append_number
#define append_octet append_number
#define append_short append_number
#define append_long append_number
#define append_qword append_number

static void
append_shortstr(GString *out, const char *field, GmqSlice text)
{
    gmq_format_name(out, field);
    gmq_format_text(out, text);
}

static void
append_longstr(GString *out, const char *field, GmqSlice bytes)
{
    gmq_format_name(out, field);
    if (is_secret(field))
        g_string_append_printf(out, "(%zu octets)", bytes.size);
    else
        gmq_format_text(out, bytes);
}

static void
append_table(GString *out, const char *field, GmqSlice table)
{
    gmq_format_name(out, field);
    gmq_format_table(out, table);
}

char *
gmq_method_format(const GmqMethod *method)
{
    GString *out = g_string_new(gmq_method_info(method->id)->name);

    switch (method->id) {
#define METHOD(NAME, name, Name, class_id, method_id, from, content)                               \
    case GMQ_##NAME: {                                                                             \
        const Gmq##Name *fields = &method->name;                                                   \
        (void)fields;
#define FIELD(type, name) append_##type(out, #name, fields->name);
#define END(Name)                                                                                  \
    break;                                                                                         \
    }
#include "core/wire/methods.def"
    default:
        g_assert_not_reached();
    }
    return g_string_free(out, FALSE);
}
