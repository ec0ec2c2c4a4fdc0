#include "core/broker/argument.h"

static const struct {
    GmqValueType type;
    const char *name;
} type_names[] = {
    {GMQ_VALUE_BOOL, "bool"},           {GMQ_VALUE_I8, "byte"},
    {GMQ_VALUE_U8, "unsignedbyte"},     {GMQ_VALUE_I16, "short"},
    {GMQ_VALUE_U16, "unsignedshort"},   {GMQ_VALUE_I32, "signedint"},
    {GMQ_VALUE_U32, "unsignedint"},     {GMQ_VALUE_I64, "long"},
    {GMQ_VALUE_I64_L, "long"},          {GMQ_VALUE_FLOAT, "float"},
    {GMQ_VALUE_DOUBLE, "double"},       {GMQ_VALUE_DECIMAL, "decimal"},
    {GMQ_VALUE_STRING, "longstr"},      {GMQ_VALUE_ARRAY, "array"},
    {GMQ_VALUE_TIMESTAMP, "timestamp"}, {GMQ_VALUE_TABLE, "table"},
    {GMQ_VALUE_VOID, "void"},           {GMQ_VALUE_BYTES, "binary"},
};

const char *
gmq_argument_type_name(GmqValueType type)
{
    for (size_t i = 0; i < G_N_ELEMENTS(type_names); i++) {
        if (type_names[i].type == type)
            return type_names[i].name;
    }
    return "unknown";
}

void
gmq_argument_refuse_number(const GmqValue *value, char *why, size_t size)
{
    g_snprintf(why, size, "\"expected integer, got %s\"", gmq_argument_type_name(value->type));
}

int
gmq_argument_find_word(const char *const *words, GmqSlice word)
{
    for (int i = 0; words[i] != NULL; i++) {
        if (gmq_slice_equal(word, gmq_slice_of(words[i])))
            return i;
    }
    return -1;
}

char *
gmq_argument_format(const GmqValue *value)
{
    if (value->type == GMQ_VALUE_STRING)
        return gmq_slice_dup(value->bytes);
    if (value->type == GMQ_VALUE_BOOL)
        return g_strdup(value->integer != 0 ? "true" : "false");
    if (gmq_value_is_integer(value) || value->type == GMQ_VALUE_TIMESTAMP)
        return g_strdup_printf("%" G_GINT64_FORMAT, value->integer);
    return g_strdup("...");
}

/* A value whose counterpart is missing is told with its type. */
static char *
format_side(const GmqValue *value, bool is_alone)
{
    if (value == NULL)
        return g_strdup("none");

    g_autofree char *text = gmq_argument_format(value);
    if (is_alone)
        return g_strdup_printf("the value '%s' of type '%s'", text,
                               gmq_argument_type_name(value->type));
    return g_strdup_printf("'%s'", text);
}

bool
gmq_argument_check_same(const char *name, const char *what, GmqSlice current, GmqSlice received,
                        GmqFault *fault)
{
    GmqValue value;
    GmqValue old_value;
    bool is_there  = gmq_table_find(received, gmq_slice_of(name), &value);
    bool was_there = gmq_table_find(current, gmq_slice_of(name), &old_value);

    if (is_there == was_there && (!is_there || gmq_value_equal(&value, &old_value)))
        return true;

    bool is_alone           = is_there != was_there;
    g_autofree char *ours   = format_side(was_there ? &old_value : NULL, is_alone);
    g_autofree char *theirs = format_side(is_there ? &value : NULL, is_alone);
    return gmq_fault_set(fault, GMQ_REPLY_PRECONDITION_FAILED,
                         "inequivalent arg '%s' for %s: received %s but current is %s", name, what,
                         theirs, ours);
}
