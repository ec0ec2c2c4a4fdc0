/* The tables of definitions, by the keys of their types. */
#include "core/base/limits.h"
#include "core/broker/definition-private.h"
#include "core/broker/error.h"
#include "core/wire/table.h"

#define TYPE_KEY "type"

/* ---- writing ---- */

static GmqValue
value_of(const GmqKey *key, const void *values)
{
    const char *at = (const char *)values + key->offset;

    /* clang-format off */
    switch (key->kind) {
    case GMQ_KEY_NAME:
    case GMQ_KEY_TEXT: return (GmqValue){.type = GMQ_VALUE_STRING, .bytes = *(const GmqSlice *)at};
    case GMQ_KEY_FLAG: return (GmqValue){.type = GMQ_VALUE_BOOL, .integer = *(const bool *)at};
    case GMQ_KEY_NUMBER: return (GmqValue){.type = GMQ_VALUE_I64, .integer = *(const int64_t *)at};
    case GMQ_KEY_TABLE: return (GmqValue){.type = GMQ_VALUE_TABLE, .bytes = *(const GmqSlice *)at};
    case GMQ_KEY_TEXTS: return (GmqValue){.type = GMQ_VALUE_ARRAY, .bytes = *(const GmqSlice *)at};
    }
    /* clang-format on */
    g_assert_not_reached();
}

void
gmq_definition_write(const GmqDefinitionType *type, const void *values, GmqBuffer *table)
{
    gmq_table_add_text(table, TYPE_KEY, gmq_slice_of(type->name));
    for (const GmqKey *key = type->keys; key->name != NULL; key++) {
        GmqValue value = value_of(key, values);

        gmq_table_add(table, gmq_slice_of(key->name), &value);
    }
}

/* ---- reading ---- */

static bool
refuse(GError **error, const char *key, const char *why)
{
    g_set_error(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_INVALID, "key '%s' %s", key, why);
    return false;
}

static bool
has_zero(GmqSlice text)
{
    return text.size > 0 && memchr(text.data, '\0', text.size) != NULL;
}

static bool
are_texts(GmqSlice array)
{
    GmqValue value;

    if (!gmq_array_check(array))
        return false;
    while (gmq_array_next(&array, &value)) {
        if (value.type != GMQ_VALUE_STRING || has_zero(value.bytes))
            return false;
    }
    return true;
}

/* What is wrong with the value; NULL when nothing is. */
static const char *
find_fault(GmqKeyKind kind, const GmqValue *value)
{
    GmqSlice bytes = value->bytes;
    bool is_text   = value->type == GMQ_VALUE_STRING;

    /* clang-format off */
    switch (kind) {
    case GMQ_KEY_NAME:
        return is_text && bytes.size <= GMQ_SHORTSTR_MAX ? NULL : "is no name";
    case GMQ_KEY_TEXT:
        return is_text && !has_zero(bytes) ? NULL : "is no text";
    case GMQ_KEY_FLAG:
        return value->type == GMQ_VALUE_BOOL ? NULL : "is no truth value";
    case GMQ_KEY_NUMBER:
        return gmq_value_is_integer(value) ? NULL : "is no integer";
    case GMQ_KEY_TABLE:
        return value->type == GMQ_VALUE_TABLE && gmq_table_check(bytes) ? NULL : "is no table";
    case GMQ_KEY_TEXTS:
        return value->type == GMQ_VALUE_ARRAY && are_texts(bytes) ? NULL : "is no list of texts";
    }
    /* clang-format on */
    g_assert_not_reached();
}

static void
store(const GmqKey *key, const GmqValue *value, void *values)
{
    char *at = (char *)values + key->offset;

    if (key->kind == GMQ_KEY_FLAG)
        *(bool *)at = value->integer != 0;
    else if (key->kind == GMQ_KEY_NUMBER)
        *(int64_t *)at = value->integer;
    else
        *(GmqSlice *)at = value->bytes;
}

/* Each key stands there once, and nothing that a later version may have added. */
static bool
check_keys(const GmqDefinitionType *type, GmqSlice table, GError **error)
{
    GmqSlice name;
    GmqValue value;

    while (gmq_table_next(&table, &name, &value)) {
        g_autofree char *text = gmq_slice_dup(name);
        const GmqKey *key     = type->keys;

        while (key->name != NULL && !gmq_slice_equal(name, gmq_slice_of(key->name)))
            key++;
        if (key->name == NULL && strcmp(text, TYPE_KEY) != 0)
            return refuse(error, text, "is not known");
    }
    return true;
}

void *
gmq_definition_read(const GmqDefinitionType *type, GmqSlice table, GError **error)
{
    g_autofree void *values = g_malloc0(type->size);
    GmqValue value;

    if (!check_keys(type, table, error))
        return NULL;
    for (const GmqKey *key = type->keys; key->name != NULL; key++) {
        if (!gmq_table_find(table, gmq_slice_of(key->name), &value)) {
            refuse(error, key->name, "is missing");
            return NULL;
        }
        const char *fault = find_fault(key->kind, &value);
        if (fault != NULL) {
            refuse(error, key->name, fault);
            return NULL;
        }
        store(key, &value, values);
    }
    return g_steal_pointer(&values);
}

/* Arguments may nest as deep as a table may, so that the one around them is one too deep for
 * gmq_table_check(): what is inside is looked at key by key. */
static bool
check_table(GmqSlice table, GError **error)
{
    GmqSlice name;
    GmqValue value;

    while (table.size > 0) {
        if (gmq_table_next(&table, &name, &value))
            continue;
        g_set_error_literal(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_INVALID, "it is no table");
        return false;
    }
    return true;
}

const GmqDefinitionType *
gmq_definition_type(const GmqDefinitionType *const *types, GmqSlice table, GError **error)
{
    GmqValue value;

    if (!check_table(table, error))
        return NULL;
    if (!gmq_table_find(table, GMQ_SLICE(TYPE_KEY), &value)) {
        refuse(error, TYPE_KEY, "is missing");
        return NULL;
    }
    if (value.type != GMQ_VALUE_STRING) {
        refuse(error, TYPE_KEY, "is no text");
        return NULL;
    }
    for (size_t i = 0; types[i] != NULL; i++) {
        if (gmq_slice_equal(value.bytes, gmq_slice_of(types[i]->name)))
            return types[i];
    }
    g_autofree char *name = gmq_slice_dup(value.bytes);
    g_set_error(error, GMQ_BROKER_ERROR, GMQ_BROKER_ERROR_INVALID,
                "type '%s' is not known; a later version of the broker may have written it", name);
    return NULL;
}
