#include "core/wire/table.h"

static void
add_value(GmqBuffer *buffer, const GmqValue *value)
{
    gmq_buffer_add_u8(buffer, (uint8_t)value->type);

    /* clang-format off */
    switch (value->type) {
    case GMQ_VALUE_BOOL: gmq_buffer_add_u8(buffer, value->integer != 0); break;
    case GMQ_VALUE_I8:
    case GMQ_VALUE_U8: gmq_buffer_add_u8(buffer, (uint8_t)value->integer); break;
    case GMQ_VALUE_I16:
    case GMQ_VALUE_U16: gmq_buffer_add_u16(buffer, (uint16_t)value->integer); break;
    case GMQ_VALUE_I32:
    case GMQ_VALUE_U32: gmq_buffer_add_u32(buffer, (uint32_t)value->integer); break;
    case GMQ_VALUE_I64:
    case GMQ_VALUE_I64_L:
    case GMQ_VALUE_TIMESTAMP: gmq_buffer_add_u64(buffer, (uint64_t)value->integer); break;
    case GMQ_VALUE_FLOAT: gmq_buffer_add_u32(buffer, (uint32_t)value->bits); break;
    case GMQ_VALUE_DOUBLE: gmq_buffer_add_u64(buffer, value->bits); break;
    case GMQ_VALUE_DECIMAL:
        gmq_buffer_add_u8(buffer, value->scale);
        gmq_buffer_add_u32(buffer, (uint32_t)value->integer);
        break;
    case GMQ_VALUE_STRING:
    case GMQ_VALUE_BYTES:
    case GMQ_VALUE_ARRAY:
    case GMQ_VALUE_TABLE: gmq_buffer_add_longstr(buffer, value->bytes); break;
    case GMQ_VALUE_VOID: break;
    default: g_assert_not_reached();
    }
    /* clang-format on */
}

void
gmq_table_add(GmqBuffer *table, GmqSlice name, const GmqValue *value)
{
    gmq_buffer_add_shortstr(table, name);
    add_value(table, value);
}

void
gmq_array_add(GmqBuffer *array, const GmqValue *value)
{
    add_value(array, value);
}

void
gmq_table_add_bool(GmqBuffer *table, const char *name, bool value)
{
    gmq_table_add(table, gmq_slice_of(name), &(GmqValue){.type = GMQ_VALUE_BOOL, .integer = value});
}

void
gmq_table_add_int(GmqBuffer *table, const char *name, int64_t value)
{
    gmq_table_add(table, gmq_slice_of(name), &(GmqValue){.type = GMQ_VALUE_I64, .integer = value});
}

void
gmq_table_add_text(GmqBuffer *table, const char *name, GmqSlice text)
{
    gmq_table_add(table, gmq_slice_of(name), &(GmqValue){.type = GMQ_VALUE_STRING, .bytes = text});
}

void
gmq_table_add_table(GmqBuffer *table, const char *name, GmqSlice inner)
{
    gmq_table_add(table, gmq_slice_of(name), &(GmqValue){.type = GMQ_VALUE_TABLE, .bytes = inner});
}
